"""`specs/waivers.yaml`: waivers for gates of the whole project, and what is told of them."""

from __future__ import annotations

import datetime
import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Project

TODAY = datetime.datetime.now(datetime.timezone.utc).date()
SOON = TODAY + datetime.timedelta(30)
PAST = TODAY - datetime.timedelta(1)


def waivers(*rows: tuple[str, datetime.date]) -> str:
    lines = (
        f"  - {{gate: '{gate}', owner: ann, reason: the vendor mends it, expires: {day}}}\n"
        for gate, day in rows
    )
    return "waivers:\n" + "".join(lines)


@pytest.fixture
def two(project: Project) -> Project:
    project.spec("spec: a\ngates:\n  - {id: gone, exists: NOWHERE.md}\n", "a")
    project.spec("spec: b\ngates:\n  - {id: gone, exists: NOWHERE.md}\n", "b")
    project.write("tests/test_a.py", "def test_a(): pass\n")
    return project


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "workers"])
def test_it_waives_the_gate_of_that_address_only(two: Project, workers: tuple[str, ...]) -> None:
    two.write("specs/waivers.yaml", waivers(("a/gone", SOON)))
    outcome = two.run(*workers)
    assert [gate["status"] for gate in outcome.report["gates"]] == ["waived", "failed"]
    assert outcome.exit == 1
    (state,) = outcome.report["waivers"]
    assert (state["state"], state["days_left"], state["used_by"]) == ("used", 30, ["a/gone"])
    assert f"waiver for a/gone by ann: 30 days left, until {SOON} UTC" in outcome.output


def test_a_pattern_waives_all_that_it_names(two: Project) -> None:
    two.write("specs/waivers.yaml", waivers(("*/gone", SOON)))
    outcome = two.run("--spec-gates-report=md:report.md")
    assert [gate["status"] for gate in outcome.report["gates"]] == ["waived", "waived"]
    assert outcome.exit == 0
    told = (two.root / "report.md").read_text("utf-8")
    assert "30 days left" in told


def test_one_that_nothing_needs_is_told(two: Project) -> None:
    two.write("NOWHERE.md", "here\n")
    two.write("specs/waivers.yaml", waivers(("a/gone", SOON)))
    outcome = two.run()
    assert outcome.report["waivers"][0]["state"] == "unused"
    assert "nothing needs it" in outcome.output
    assert outcome.exit == 0


@pytest.mark.parametrize("needed", [True, False])
def test_an_expired_one_blocks_whether_or_not_it_is_needed(two: Project, needed: bool) -> None:
    if not needed:
        two.write("NOWHERE.md", "here\n")
    two.write("specs/waivers.yaml", waivers(("*/gone", PAST)))
    outcome = two.run()
    assert outcome.report["waivers"][0]["state"] == "expired"
    assert any(f"expired on {PAST} (UTC)" in error for error in outcome.report["errors"])
    assert (outcome.exit, outcome.verdict) == (1, "failed")


def test_one_that_matches_no_gate_is_an_error(two: Project) -> None:
    two.write("specs/waivers.yaml", waivers(("a/gonne", SOON)))
    outcome = two.run()
    assert outcome.exit == 2
    assert 'specs/waivers.yaml:2:5: the waiver for "a/gonne" matches no gate' in outcome.output
    assert 'did you mean "a/gone"?' in outcome.output


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "a waivers file without `waivers:`"),
        ("waiver: []\n", 'did you mean "waivers"?'),
        ("waivers: {a: b}\n", "`waivers:` is a list"),
        ("waivers:\n  - {gate: a, owner: b, reason: c}\n", "a waiver without expires"),
        ("waivers:\n  - {gate: a, owner: b, reason: c, expires: soon}\n", '"soon" is not a date'),
    ],
)
def test_a_file_that_is_none_is_an_error(two: Project, text: str, told: str) -> None:
    two.write("specs/waivers.yaml", text)
    outcome = two.run()
    assert outcome.exit == 2
    assert told in outcome.output


def test_the_days_are_limited(two: Project) -> None:
    far = TODAY + datetime.timedelta(400)
    two.write("specs/waivers.yaml", waivers(("*/gone", far)))
    outcome = two.run()
    assert outcome.exit == 2
    assert f"expires on {far}, later than {TODAY + datetime.timedelta(366)}" in outcome.output
    two.config("specgates_waiver_days = 400\n")
    assert two.run().exit == 0
    two.config("specgates_waiver_days = 399\n")
    assert two.run().exit == 2
    two.config("specgates_waiver_days = many\n")
    outcome = two.run()
    assert outcome.exit == 4
    assert 'specgates_waiver_days: "many" is not a number of days' in outcome.output


def test_the_days_of_a_waiver_in_a_spec_are_limited_too(project: Project) -> None:
    project.spec(
        "spec: a\ngates:\n  - {id: gone, exists: NOWHERE.md}\nwaivers:\n"
        "  - {gate: gone, owner: ann, reason: later, expires: 2999-12-31}\n"
    )
    outcome = project.run()
    assert outcome.exit == 2
    assert "raise `specgates_waiver_days`" in outcome.output


def test_a_second_process_accepts_what_a_waiver_lets_pass(two: Project) -> None:
    two.write("specs/waivers.yaml", waivers(("*/gone", SOON)))
    two.write(".gitignore", "*\n!specs/**\n!specs\n!tests/**\n!tests\n!pytest.ini\n")
    two.commit_all()
    assert two.run().exit == 0
    command = [sys.executable, "-m", "pytest_specgates", "verify", "report.json"]
    done = subprocess.run(command, cwd=two.root, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "ACCEPTED: 2 gates, none blocks\n")
    file = two.root / "report.json"
    data = json.loads(file.read_text("utf-8"))
    data["gates"][0]["underlying"] = None
    data["gates"][0]["status"] = "passed"
    file.write_text(json.dumps(data), "utf-8")
    done = subprocess.run(command, cwd=two.root, capture_output=True, text=True, check=False)
    assert done.returncode == 3
