"""Rows 37, 38, 39 and 42: code of the tested tree changes what the run says (its exit code, its
gates, its report), or no gate was judged at all. A second process, `specgates verify`, reads the
specs itself and does not accept the report."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Outcome, Project

SPEC = """
spec: x
gates:
  - {id: unit, tests: all pass, of: tests}
  - {id: there, exists: README.md}
  - {id: gone, exists: NOWHERE.md}
"""
workers = pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "workers"])


@dataclass(frozen=True)
class Verified:
    exit: int
    output: str


def verify(project: Project, *arguments: str) -> Verified:
    done = subprocess.run(
        [sys.executable, "-m", "pytest_specgates", "verify", "report.json", *arguments],
        cwd=project.root,
        check=False,
        capture_output=True,
        text=True,
    )
    assert "Traceback" not in done.stderr
    return Verified(done.returncode, done.stdout + done.stderr)


@pytest.fixture
def built(project: Project) -> Project:
    """A committed project of which one gate fails."""
    project.config("testpaths = tests\n")
    project.spec(SPEC)
    project.write("README.md", "hi\n")
    project.write("tests/test_a.py", "def test_a(): pass\n")
    project.write(".gitignore", "__pycache__\n*.json\n*.xml\nstdout\nstderr\nrunpytest-*\n")
    project.commit_all()
    return project


def good(project: Project) -> Outcome:
    project.spec(SPEC.replace("NOWHERE.md", "README.md"))
    project.commit_all()
    outcome = project.run()
    assert outcome.exit == 0
    return outcome


def test_a_report_that_holds_is_accepted(built: Project) -> None:
    good(built)
    assert verify(built).exit == 0
    assert "ACCEPTED: 3 gates, none blocks" in verify(built).output


@workers
def test_gates_that_failed_are_failed_here_too(built: Project, workers: tuple[str, ...]) -> None:
    assert built.run(*workers).exit == 1
    found = verify(built)
    assert found.exit == 1
    assert "failed: specs/x.spec.yaml::gone: failed:" in found.output


# --- 37: the exit code ----------------------------------------------------------------------

EXITS = {
    "session.exitstatus": """
        import pytest

        @pytest.hookimpl(trylast=True)
        def pytest_sessionfinish(session):
            session.exitstatus = 0

        def pytest_unconfigure(config):
            import os
            os._exit(0)
        """,
    "os._exit in a test": "",
    "pytest.exit in a test": "",
}
BODIES = {
    "os._exit in a test": "import os\ndef test_a(): os._exit(0)\n",
    "pytest.exit in a test": "import pytest\ndef test_a(): pytest.exit('done', returncode=0)\n",
}


@pytest.mark.parametrize("way", EXITS)
def test_row_37_an_exit_code_of_0_is_not_believed(built: Project, way: str) -> None:
    built.run()
    if EXITS[way]:
        built.write("conftest.py", EXITS[way])
    if way in BODIES:
        built.write("tests/test_a.py", BODIES[way])
    built.commit_all()
    outcome = built.run("-p", "no:cacheprovider")
    assert outcome.exit == (1 if way.startswith("pytest.exit") else 0)
    found = verify(built)
    assert found.exit in (1, 3)
    assert "FAILED" in found.output or "REFUSED" in found.output


# --- 38: the gates --------------------------------------------------------------------------

TRICKS = {
    "dropped": """
        def pytest_collection_modifyitems(items):
            items[:] = [item for item in items if "gone" not in item.nodeid]
        """,
    "dropped late": """
        import pytest

        @pytest.hookimpl(trylast=True)
        def pytest_collection_finish(session):
            session.items[:] = [item for item in session.items if "gone" not in item.nodeid]
        """,
    "turned green": """
        import pytest

        @pytest.hookimpl(tryfirst=True)
        def pytest_runtest_logreport(report):
            if report.failed:
                report.outcome = "passed"
                report.longrepr = None
        """,
    "another comparison": """
        import pytest_specgates.judge.compare as compare

        compare._holds = lambda value, check: True
        """,
    "another judge": """
        import dataclasses
        import pytest_specgates.judge.policy as policy

        kept = policy._by_level
        policy._by_level = lambda gate, found: dataclasses.replace(
            kept(gate, found), status="passed", blocking=False
        )
        """,
    "a report of its own": """
        import json, pathlib

        def pytest_unconfigure(config):
            file = pathlib.Path("report.json")
            data = json.loads(file.read_text())
            for gate in data["gates"]:
                data["counts"][gate["status"]] -= 1
                data["counts"]["passed"] += 1
                gate["status"] = "passed"
                gate["blocking"] = False
                for check in gate["checks"]:
                    check["status"] = "passed"
            data["verdict"] = "passed"
            file.write_text(json.dumps(data))
        """,
}


@pytest.mark.parametrize("trick", TRICKS)
@workers
def test_row_38_gates_that_were_tampered_with_are_not_accepted(
    built: Project, trick: str, workers: tuple[str, ...]
) -> None:
    built.write("conftest.py", TRICKS[trick])
    built.commit_all()
    built.run(*workers)
    found = verify(built)
    assert found.exit in (1, 3), found.output
    assert "specs/x.spec.yaml::gone" in found.output


# --- 39: another report ---------------------------------------------------------------------


def test_row_39_a_report_of_an_earlier_commit(built: Project) -> None:
    good(built)
    built.write("README.md", "changed\n")
    built.commit_all()
    found = verify(built)
    assert found.exit == 3
    assert "the report is of commit" in found.output


def test_row_39_a_report_of_other_specs(built: Project) -> None:
    good(built)
    built.spec(SPEC.replace("NOWHERE.md", "README.md") + "  - {id: more, exists: README.md}\n")
    found = verify(built)
    assert found.exit == 3
    assert "the report is of other specs" in found.output
    assert "incomplete: specs/x.spec.yaml::more is not in the report" in found.output


def test_row_39_a_report_of_changes_that_were_not_committed(built: Project) -> None:
    built.spec(SPEC.replace("NOWHERE.md", "README.md"))
    built.commit_all()
    built.write("src.py", "a = 1\n")
    assert built.run().report["run"]["dirty"]
    (built.root / "src.py").unlink()
    assert built.git("status", "--porcelain") == ""
    found = verify(built)
    assert found.exit == 3
    assert "changes that are not committed here" in found.output


def test_row_39_a_run_that_dies_leaves_no_report_of_yesterday(built: Project) -> None:
    good(built)
    built.write("conftest.py", "import os\n\ndef pytest_collection_finish(session): os._exit(0)\n")
    assert built.run().exit == 0
    found = verify(built)
    assert found.exit == 3
    assert "there is no such file" in found.output


# --- 42: no gate was judged -----------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ("-p", "no:specgates"),
        (),
        ("--spec-gates", "--spec-gates-report=json:report.json", "-k", "not gone"),
        ("--spec-gates", "--spec-gates-report=json:report.json", "tests/test_a.py"),
    ],
    ids=["plugin off", "option forgotten", "-k", "one file"],
)
def test_row_42_a_run_without_gates_is_not_accepted(
    built: Project, arguments: tuple[str, ...]
) -> None:
    good(built)
    assert built.run_bare(*arguments).exit == 0
    found = verify(built)
    assert found.exit == 3
    assert "REFUSED" in found.output


# --- forgeries of the report itself ---------------------------------------------------------

Forgery = Callable[[dict[str, Any]], None]


def _gate(data: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(g for g in data["gates"] if g["nodeid"].endswith(name))
    return found


def lower_limit(data: dict[str, Any]) -> None:
    check = _gate(data, "::unit")["checks"][0]
    check["limit"] = 5


def another_level(data: dict[str, Any]) -> None:
    _gate(data, "::unit")["level"] = "may"


def another_text(data: dict[str, Any]) -> None:
    _gate(data, "::unit")["criterion"] = "something else"


def not_applicable(data: dict[str, Any]) -> None:
    gate = _gate(data, "::unit")
    gate["status"] = "not-applicable"
    data["counts"]["passed"] -= 1
    data["counts"]["not-applicable"] += 1


def deferred(data: dict[str, Any]) -> None:
    gate = _gate(data, "::unit")
    gate["status"] = "deferred"
    data["counts"]["passed"] -= 1
    data["counts"]["deferred"] += 1


def twice(data: dict[str, Any]) -> None:
    data["gates"].append(_gate(data, "::unit"))
    data["counts"]["passed"] += 1


def invented(data: dict[str, Any]) -> None:
    data["gates"].append({**_gate(data, "::unit"), "nodeid": "specs/x.spec.yaml::more"})
    data["counts"]["passed"] += 1


def left_out(data: dict[str, Any]) -> None:
    data["gates"] = [g for g in data["gates"] if not g["nodeid"].endswith("::unit")]
    data["counts"]["passed"] -= 1


def no_value(data: dict[str, Any]) -> None:
    _gate(data, "::unit")["checks"][0]["measurement"]["values"] = []


def counts(data: dict[str, Any]) -> None:
    data["counts"]["failed"] += 1


def another_stage(data: dict[str, Any]) -> None:
    data["run"]["stage"] = "post-deploy"


def no_check(data: dict[str, Any]) -> None:
    _gate(data, "::unit")["checks"] = []


def a_waiver(data: dict[str, Any]) -> None:
    gate = _gate(data, "::unit")
    gate["status"] = "waived"
    data["counts"]["passed"] -= 1
    data["counts"]["waived"] += 1


@pytest.mark.parametrize(
    "forge",
    [
        lower_limit,
        another_level,
        another_text,
        not_applicable,
        deferred,
        twice,
        invented,
        left_out,
        no_value,
        counts,
        another_stage,
        no_check,
        a_waiver,
    ],
)
def test_a_forged_report_is_refused(built: Project, forge: Forgery) -> None:
    good(built)
    file = built.root / "report.json"
    data = json.loads(file.read_text("utf-8"))
    forge(data)
    file.write_text(json.dumps(data), "utf-8")
    found = verify(built)
    assert found.exit == 3, found.output


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", "{}", '{"format": "pytest-specgates report"}', "[" * 100_000, "\x00"],
)
def test_what_is_no_report_is_refused(built: Project, text: str) -> None:
    (built.root / "report.json").write_text(text, "utf-8")
    found = verify(built)
    assert found.exit == 3
    assert "REFUSED: report.json: " in found.output


def test_every_single_value_that_is_changed_is_refused_or_of_no_weight(built: Project) -> None:
    """Each value of the report in turn is replaced: nothing that decides may go unseen."""
    good(built)
    file = built.root / "report.json"
    original = file.read_text("utf-8")
    data = json.loads(original)
    paths = list(_paths(data["gates"][0]["checks"][0]))
    for number, path in enumerate(paths):
        forged = json.loads(original)
        _replace(forged["gates"][0]["checks"][0], path)
        (built.root / f"forged-{number}.json").write_text(json.dumps(forged), "utf-8")
    # One process for all of them: most of the time of each would be that of its start.
    program = (
        "from pytest_specgates.cli.main import main\n"
        f"codes = [main(['verify', f'forged-{{n}}.json']) for n in range({len(paths)})]\n"
        "print('\\n' + ' '.join(map(str, codes)))"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=built.root, check=True, capture_output=True, text=True)
    codes = done.stdout.split("\n")[-2].split()
    assert len(codes) == len(paths) > 15
    accepted = {
        "/".join(map(str, path)) for path, code in zip(paths, codes, strict=True) if code == "0"
    }
    assert accepted <= {"evidence/0", "measurement/values/0/subject", "measurement/reason"}


def _paths(value: Any, path: tuple[str | int, ...] = ()) -> Any:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _paths(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _paths(inner, (*path, number))
    else:
        yield path


def _replace(value: Any, path: tuple[str | int, ...]) -> None:
    for key in path[:-1]:
        value = value[key]
    old = value[path[-1]]
    value[path[-1]] = 7 if isinstance(old, int) else "other"
