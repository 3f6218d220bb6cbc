"""Rows 62 to 70: specs that ask for less than they seem to, and runs that are not those of the
project."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Project


def verify(project: Project, *arguments: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "pytest_specgates", "verify", "report.json", *arguments],
        cwd=project.root,
        check=False,
        capture_output=True,
        text=True,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# soon\n",
        "spec: x\n",
        "spec: x\ngates: []\n",
        "spec: x\ngates:\n",
        "spec: x\nqualty_gates:\n  - Unit tests (>90% coverage)\n",
    ],
    ids=["empty", "comment", "no list", "empty list", "null", "misspelt"],
)
def test_row_62_a_spec_without_a_criterion(project: Project, text: str) -> None:
    """Everything was deleted, or the key is misspelt: nothing is left to fail."""
    project.write("tests/test_a.py", "def test_a(): pass\n")
    project.spec(text)
    outcome = project.run()
    assert outcome.exit != 0, outcome.output
    assert "specs/x.spec.yaml" in outcome.output
    assert outcome.report == {} or outcome.verdict == "failed"


def test_row_63_a_condition_that_never_comes_true(project: Project) -> None:
    """`when:` names a folder that is not there: the gate is not applicable for ever. It may be
    there one day, so this is told, by the run and by lint, and does not fail the run."""
    project.write("src/shop.py", "x = 1\n")
    project.commit_all()
    project.git("checkout", "-q", "-b", "work")
    project.write("src/shop.py", "x = 2\n")
    project.spec("spec: x\ngates:\n  - {id: g, exists: NOWHERE.md, when: 'scr/**'}\n")
    project.commit_all()
    outcome = project.run()
    gate = outcome.gate("g")
    assert (gate["status"], gate["blocking"]) == ("not-applicable", False)
    assert gate["sentence"].startswith("no file matches scr/**; ")
    assert "no file matches scr/**" in outcome.output
    assert (outcome.verdict, outcome.exit, outcome.junit["specs.x.spec.yaml::g"]) == (
        "passed",
        0,
        "skipped",
    )
    command = [sys.executable, "-m", "pytest_specgates", "lint"]
    done = subprocess.run(command, cwd=project.root, check=False, capture_output=True, text=True)
    assert done.returncode == 1
    assert (
        "specs/x.spec.yaml:3:5: never: no file matches scr/**: the gate does not apply"
        in done.stdout
    )


def test_row_64_a_waiver_of_everything(project: Project) -> None:
    """A pattern that waives each gate there is, and each that comes."""
    project.spec("spec: x\ngates:\n  - {id: g, exists: NOWHERE.md}\n")
    project.write(
        "specs/waivers.yaml",
        """
        waivers:
          - {gate: '*', owner: ana, reason: the release is tomorrow, expires: 2026-12-24}
        """,
    )
    outcome = project.run()
    assert outcome.exit != 0
    assert "specs/waivers.yaml:2" in outcome.output
    assert "waives everything" in outcome.output


def test_row_65_a_second_document_is_read_too(project: Project) -> None:
    """A reader of YAML that takes the first document never sees the second."""
    project.spec(
        "spec: x\ngates:\n  - {id: a, exists: pytest.ini}\n---\n"
        "spec: y\ngates:\n  - {id: b, exists: NOWHERE.md}\n"
    )
    outcome = project.run()
    assert {name.rpartition("::")[2]: status for name, status in outcome.statuses.items()} == {
        "a": "passed",
        "b": "failed",
    }
    assert (outcome.verdict, outcome.exit) == ("failed", 1)


def test_row_66_a_merge_key_brings_another_limit(project: Project) -> None:
    """`<<` of YAML 1.1 puts keys in from elsewhere; here it is no key of a gate."""
    project.spec(
        "spec: x\ngates:\n  - &a {id: a, config: a, of: x.json, must: present, level: may}\n"
        "  - {id: b, exists: NOWHERE.md, <<: *a}\n"
    )
    outcome = project.run()
    assert outcome.exit != 0
    assert "<<" in outcome.output
    assert outcome.report == {} or outcome.verdict == "failed"


@pytest.fixture
def shelved(project: Project) -> Project:
    """A committed project with a gate that fails, and a folder of specs without it."""
    project.config("testpaths = tests\n")
    project.write("tests/test_a.py", "def test_a(): pass\n")
    project.spec("spec: x\ngates:\n  - {id: g, exists: NOWHERE.md}\n")
    project.write("easy/y.spec.yaml", "spec: y\ngates:\n  - {id: g, exists: pytest.ini}\n")
    project.write("easy.ini", "[pytest]\ntestpaths = tests\nspecgates_paths = easy\n")
    project.write(".gitignore", "__pycache__\n*.json\n*.xml\nstd*\nrunpytest-*\n")
    project.commit_all()
    return project


@pytest.mark.parametrize(
    "given", [("-o", "specgates_paths=easy"), ("-c", "easy.ini"), ("easy/y.spec.yaml", "tests")]
)
def test_row_67_other_specs_on_the_command_line(shelved: Project, given: tuple[str, ...]) -> None:
    shelved.run(*given)
    code, output = verify(shelved)
    assert code == 3, output
    assert "specs/x.spec.yaml::g is not in the report" in output


def test_row_68_a_run_in_another_checkout(shelved: Project) -> None:
    """The report is of a clone in which the gate holds; its commit is another."""
    clone = shelved.root.parent / f"{shelved.root.name}-clone"
    shelved.git("clone", "-q", str(shelved.root), str(clone))
    shelved.write("NOWHERE.md", "here\n")
    shelved.commit_all()
    assert shelved.run().exit == 0
    report = (shelved.root / "report.json").read_text("utf-8")
    shelved.git("reset", "-q", "--hard", "HEAD~1")
    (shelved.root / "report.json").write_text(report, encoding="utf-8")
    code, output = verify(shelved)
    assert code == 3
    assert "the report is of commit" in output


def test_row_69_the_gate_is_put_into_a_later_stage(shelved: Project) -> None:
    """Deferred it cannot fail; nobody judges the later stage."""
    shelved.git("checkout", "-q", "-b", "work")
    shelved.spec("spec: x\ngates:\n  - {id: g, exists: NOWHERE.md, stage: post-deploy}\n")
    shelved.commit_all()
    assert shelved.run().exit == 0
    outcome = shelved.run("--spec-gates-base=main")
    assert (outcome.verdict, outcome.exit) == ("failed", 1)
    assert "stage post-deploy" in json.dumps(outcome.report["changes"])


def test_row_70_a_gate_with_the_id_of_a_waived_one(shelved: Project) -> None:
    """The waiver of the base was given for another demand under this address."""
    shelved.write(
        "specs/waivers.yaml",
        """
        waivers:
          - {gate: x/g, owner: ana, reason: NOWHERE.md is written next, expires: 2027-03-01}
        """,
    )
    shelved.commit_all()
    assert shelved.run("--spec-gates-base=main").report["counts"]["waived"] == 1
    shelved.git("checkout", "-q", "-b", "work")
    shelved.spec("spec: x\ngates:\n  - {id: g, exists: ELSEWHERE.md}\n")
    shelved.commit_all()
    outcome = shelved.run("--spec-gates-base=main")
    assert (outcome.verdict, outcome.exit) == ("failed", 1)
    assert "x/g" in json.dumps(outcome.report["changes"])
