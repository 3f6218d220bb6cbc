"""--spec-gates-base=REF and what `changed` and `when` make of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Project


@pytest.fixture
def repository(shop: Project) -> Project:
    shop.write(
        ".gitignore",
        "__pycache__\n.coverage*\n*.xml\nstdout\nstderr\n*.json\n.hypothesis\nrunpytest*\n",
    )
    shop.write("README.md", "# shop\n")
    shop.write("docs/a.md", "a\n")
    shop.spec(
        """
        spec: x
        gates:
          - changed: README.md
            id: readme
          - changed: [README.md, docs/**]
            when: src/**
            id: docs
          - changed: [README.md, docs/**]
            must: all changed
            id: both
        """
    )
    shop.commit_all()
    return shop


def test_nothing_changed_is_not_applicable(repository: Project) -> None:
    result = repository.run()
    assert set(result.statuses.values()) == {"not-applicable"}
    assert result.exit == 0


def test_a_change_on_a_branch_and_in_the_working_tree(repository: Project) -> None:
    repository.git("checkout", "-q", "-b", "topic")
    repository.write("docs/é new.md", "b\n")
    repository.commit_all()
    assert repository.run().statuses == {
        "readme": "failed",
        "docs": "not-applicable",
        "both": "failed",
    }
    repository.write("src/new.py", "x = 1\n")
    assert repository.run().statuses == {"readme": "failed", "docs": "passed", "both": "failed"}
    repository.write("README.md", "# changed\n")
    assert set(repository.run().statuses.values()) == {"passed"}


def test_what_the_base_did_meanwhile_is_no_change_of_the_branch(repository: Project) -> None:
    repository.git("checkout", "-q", "-b", "topic")
    repository.git("checkout", "-q", "main")
    repository.write("README.md", "# on main\n")
    repository.commit_all()
    repository.git("checkout", "-q", "topic")
    repository.write("src/new.py", "x = 1\n")
    repository.commit_all()
    assert repository.run().statuses["readme"] == "failed"


def test_a_named_base(repository: Project) -> None:
    repository.write("README.md", "# changed\n")
    repository.commit_all()
    assert repository.run().statuses["readme"] == "not-applicable"
    result = repository.run("--spec-gates-base=HEAD~1")
    assert result.statuses["readme"] == "passed"
    assert result.report["run"]["base"].startswith("HEAD~1 ")


@pytest.mark.parametrize("ref", ["nowhere", "--output=x"])
def test_a_base_that_is_no_ref_is_unmeasured(repository: Project, ref: str) -> None:
    result = repository.run(f"--spec-gates-base={ref}")
    assert result.exit == 1
    assert result.statuses["readme"] == "unmeasured"
    assert f'the base "{ref}" is not a ref here' in result.gate("readme")["sentence"]


def test_the_base_of_the_configuration(repository: Project) -> None:
    repository.config("testpaths = tests\nspecgates_base = nowhere\n")
    assert "nowhere" in repository.run().gate("readme")["sentence"]


def test_without_a_repository(shop: Project) -> None:
    shop.spec("spec: x\ngates:\n  - changed: README.md\n    id: c\n")
    result = shop.run()
    assert result.statuses == {"c": "unmeasured"}
    assert "no git repository" in result.gate("c")["sentence"]


def test_a_history_that_is_cut_off(repository: Project) -> None:
    repository.git("checkout", "-q", "--orphan", "other")
    repository.commit_all("the first commit of another history")
    result = repository.run()
    assert result.statuses["readme"] == "unmeasured"
    assert "no common commit" in result.gate("readme")["sentence"]


def test_when_cannot_be_decided_without_a_base(repository: Project) -> None:
    repository.spec("spec: x\ngates:\n  - exists: README.md\n    when: src/**\n    id: e\n")
    assert repository.run("--spec-gates-base=nowhere").statuses["e"] == "error"
