"""Row 22: a test that fails is quarantined with a skip mark. Against the base it is a weakening."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Project

TEST = (
    "import pytest\n\n\n{mark}def test_one():\n    assert True\n\n\n"
    "def test_two():\n    assert True\n"
)
SPEC = "spec: x\ngates:\n  - {id: unit, tests: all pass, of: tests}\n"


@pytest.fixture
def based(project: Project) -> Project:
    project.config("testpaths = tests\n")
    project.spec(SPEC)
    project.write("tests/test_a.py", TEST.format(mark=""))
    project.write("tests/test_b.py", "def test_marked_not():\n    pass\n")
    project.write(".gitignore", "__pycache__\n*.json\n*.xml\n")
    project.commit_base()
    return project


@pytest.mark.parametrize(
    "mark",
    [
        "@pytest.mark.skip\n",
        "@pytest.mark.skip(reason='flaky')\n",
        "@pytest.mark.skipif(True, reason='flaky')\n",
        "@pytest.mark.xfail\n",
    ],
)
@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "workers"])
def test_a_new_mark_is_seen(based: Project, mark: str, workers: tuple[str, ...]) -> None:
    based.write("tests/test_a.py", TEST.format(mark=mark))
    outcome = based.run("--spec-gates-base=main", *workers)
    assert outcome.gate("weakening")["status"] == "failed"
    assert "test tests/test_a.py::test_one: is marked" in outcome.output
    assert (outcome.exit, outcome.junit["policy::weakening"]) == (1, "failure")


def test_a_whole_module_that_skips_itself_is_seen(based: Project) -> None:
    text = TEST.format(mark="")
    based.write(
        "tests/test_a.py", text.replace("\n\n\n", "\n\npytestmark = pytest.mark.skip\n\n", 1)
    )
    outcome = based.run("--spec-gates-base=main")
    told = [c["subject"] for c in outcome.report["changes"]]
    assert told == ["test tests/test_a.py::test_one", "test tests/test_a.py::test_two"]
    assert outcome.exit == 1


def test_a_test_that_is_gone_is_seen(based: Project) -> None:
    based.write("tests/test_a.py", "def test_two():\n    pass\n")
    outcome = based.run("--spec-gates-base=main")
    assert [(c["kind"], c["subject"]) for c in outcome.report["changes"]] == [
        ("removed", "test tests/test_a.py::test_one")
    ]
    assert outcome.exit == 1


def test_a_file_of_tests_that_is_gone_is_seen(based: Project) -> None:
    (based.root / "tests/test_b.py").unlink()
    outcome = based.run("--spec-gates-base=main")
    assert [c["subject"] for c in outcome.report["changes"]] == [
        "test tests/test_b.py::test_marked_not"
    ]
    assert outcome.exit == 1


def test_a_test_that_moved_is_not_gone(based: Project) -> None:
    (based.root / "tests/test_b.py").unlink()
    based.write(
        "tests/deep/test_c.py", "def test_marked_not():\n    pass\n\n\ndef test_more(): pass\n"
    )
    based.git("add", "-A")
    outcome = based.run("--spec-gates-base=main")
    assert outcome.report["changes"] == []
    assert outcome.exit == 0


def test_tests_that_no_gate_asks_for_may_go(based: Project) -> None:
    based.spec(SPEC.replace("of: tests", "of: tests/test_b.py"))
    based.commit_base()
    based.write("tests/test_a.py", "def test_two():\n    pass\n")
    outcome = based.run("--spec-gates-base=main")
    assert outcome.report["changes"] == []


def test_a_mark_that_a_gate_selects_by_is_not_lost_unseen(based: Project) -> None:
    based.config("testpaths = tests\nmarkers = smoke: few\n")
    based.spec("spec: x\ngates:\n  - {id: smoke, tests: all pass, of: 'marker:smoke'}\n")
    mark = "@pytest.mark.smoke\n"
    marked = f"import pytest\n\n\n{mark}def test_a(): pass\n\n\n{mark}def test_b(): pass\n"
    based.write("tests/test_a.py", marked)
    based.commit_base()
    based.write("tests/test_a.py", marked.replace("@pytest.mark.smoke\ndef test_b", "def test_b"))
    outcome = based.run("--spec-gates-base=main")
    assert "test tests/test_a.py::test_b: is not marked smoke any more" in outcome.output
    assert outcome.exit == 1
