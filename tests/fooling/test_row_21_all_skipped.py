"""Row 21: the tests of a gate are all skipped, all xfailed, or pass only when they run again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Project

JUNIT = "specs.x.spec.yaml::"
workers = pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "workers"])
TESTS = {
    "skipped": "@pytest.mark.skip(reason='later')\ndef test_it():\n    assert False\n",
    "inside": "def test_it():\n    pytest.skip('later')\n",
    "module": "pytest.skip('later', allow_module_level=True)\n\ndef test_it():\n    pass\n",
    "missing": "pytest.importorskip('nowhere_to_be_found')\n\ndef test_it():\n    pass\n",
    "xfailed": "@pytest.mark.xfail\ndef test_it():\n    assert False\n",
    "both": "@pytest.mark.skip\ndef test_it():\n    pass\n\n"
    "@pytest.mark.xfail(run=False)\ndef test_that():\n    pass\n",
}
FLAKY = """
import pathlib

def test_flaky(tmp_path_factory):
    file = pathlib.Path("runs-of-flaky.txt")
    runs = file.read_text() + "x" if file.is_file() else "x"
    file.write_text(runs)
    assert len(runs) > 1

def test_sound():
    pass
"""


@workers
def test_what_was_skipped_has_not_passed(project: Project, workers: tuple[str, ...]) -> None:
    for name, text in TESTS.items():
        project.write(f"tests/{name}/test_{name}.py", f"import pytest\n\n{text}")
    project.write("tests/sound/test_sound.py", "def test_it():\n    pass\n")
    project.config("testpaths = tests\n")
    gate = "  - {{id: {0}, tests: all pass, of: tests/{0}}}\n"
    names = (*TESTS, "sound")
    project.spec("spec: x\ngates:\n" + "".join(gate.format(name) for name in names))
    outcome = project.run(*workers)
    assert outcome.gate("::sound")["status"] == "passed"
    for name in TESTS:
        found = outcome.gate(f"::{name}")
        assert (found["status"], found["blocking"]) == ("unmeasured", True), found["sentence"]
        assert f"no test of tests/{name} passed" in found["sentence"]
        assert found["measured"] is None
        assert outcome.junit[JUNIT + name] == "failure"
    assert (outcome.verdict, outcome.exit, outcome.junit_failures) == ("failed", 1, len(TESTS))


@workers
def test_the_criterion_says_what_it_tolerates(project: Project, workers: tuple[str, ...]) -> None:
    project.write("tests/test_sound.py", "def test_it():\n    pass\n")
    project.write("tests/test_skipped.py", f"import pytest\n\n{TESTS['both']}")
    project.config("testpaths = tests\n")
    project.spec(
        """
        spec: x
        gates:
          - {id: tolerant, tests: all pass}
          - {id: strict, tests: "all pass, none skipped"}
          - {id: two, tests: skipped <= 2}
          - {id: one, tests: skipped <= 1}
        """
    )
    outcome = project.run(*workers)
    expected = {"tolerant": "passed", "strict": "failed", "two": "passed", "one": "failed"}
    assert outcome.statuses == expected
    for gate in outcome.report["gates"]:
        assert "the run: 1 passed, 1 skipped, 1 xfailed" in gate["checks"][0]["evidence"]
    assert (outcome.verdict, outcome.exit, outcome.junit_failures) == ("failed", 1, 2)


@workers
def test_reruns_are_shown(project: Project, workers: tuple[str, ...]) -> None:
    project.write("tests/test_flaky.py", FLAKY)
    project.config("testpaths = tests\n")
    project.spec("spec: x\ngates:\n  - {id: all, tests: all pass}\n")
    assert project.run(*workers).gate("::all")["status"] == "failed"
    (project.root / "runs-of-flaky.txt").unlink()
    outcome = project.run("--reruns=2", *workers)
    gate = outcome.gate("::all")
    assert gate["status"] == "passed", gate["sentence"]
    assert gate["checks"][0]["evidence"] == ["the run: 2 passed, 1 reruns"]
    assert (outcome.verdict, outcome.exit, outcome.junit[f"{JUNIT}all"]) == ("passed", 0, "passed")


@workers
def test_what_never_passes_fails_however_often_it_runs(
    project: Project, workers: tuple[str, ...]
) -> None:
    project.write("tests/test_bad.py", "def test_bad():\n    assert False\n")
    project.config("testpaths = tests\n")
    project.spec("spec: x\ngates:\n  - {id: all, tests: all pass}\n")
    outcome = project.run("--reruns=2", *workers)
    gate = outcome.gate("::all")
    assert (gate["status"], gate["measured"]) == ("failed", "1 of 1 failing")
    assert "2 reruns" in gate["checks"][0]["evidence"][0]
    assert (outcome.verdict, outcome.exit, outcome.junit[f"{JUNIT}all"]) == ("failed", 1, "failure")
