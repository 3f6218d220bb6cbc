"""Row 44: in a local zone the day of a waiver ends hours too late, or too early."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Outcome, Project

JUNIT = "specs.x.spec.yaml::"
ZONES = {"east": "EAST-14", "west": "WEST12", "utc": "UTC0", "summer": "CET-1CEST"}
"""As POSIX writes them: EAST-14 is 14 hours ahead of UTC."""


def today() -> datetime.date:
    return datetime.datetime.now(datetime.timezone.utc).date()


def run(
    project: Project, days: Mapping[str, int], *arguments: str
) -> tuple[Outcome, datetime.date]:
    """A run with a waiver for each gate, and its day; again if a day began meanwhile."""
    while True:
        day = today()
        gates = "".join(f"  - {{id: {name}, exists: nowhere}}\n" for name in days)
        waivers = "".join(
            f"  - {{gate: {name}, owner: ann, reason: later, "
            f"expires: {day + datetime.timedelta(days=more)}}}\n"
            for name, more in days.items()
        )
        project.spec(f"spec: x\ngates:\n{gates}waivers:\n{waivers}")
        outcome = project.run(*arguments)
        if day == today():
            return outcome, day


@pytest.mark.parametrize(
    ("zone", "workers"),
    [*((zone, ()) for zone in ZONES), ("east", ("-n", "2")), ("west", ("-n", "2"))],
)
def test_a_waiver_holds_to_the_end_of_its_day_in_utc(
    project: Project, monkeypatch: pytest.MonkeyPatch, zone: str, workers: tuple[str, ...]
) -> None:
    monkeypatch.setenv("TZ", ZONES[zone])
    project.write("tests/test_a.py", "def test_a():\n    pass\n")
    project.config("testpaths = tests\n")
    days = {"yesterday": -1, "this-day": 0, "tomorrow": 1}
    outcome, day = run(project, days, *workers)
    over = outcome.gate("::yesterday")
    assert (over["status"], over["blocking"]) == ("failed", True)
    assert f"expired on {day - datetime.timedelta(days=1)}" in over["sentence"]
    for name, left in (("this-day", 0), ("tomorrow", 1)):
        gate = outcome.gate(f"::{name}")
        assert (gate["status"], gate["blocking"], gate["underlying"]) == ("waived", False, "failed")
        until = day + datetime.timedelta(days=left)
        assert f"until {until} UTC ({left} days left)" in gate["sentence"]
        assert gate["waiver"]["expires"] == str(until)
        assert outcome.junit[JUNIT + name] == "skipped"
    assert outcome.junit[f"{JUNIT}yesterday"] == "failure"
    assert (outcome.verdict, outcome.exit, outcome.junit_failures) == ("failed", 1, 1)


@pytest.mark.parametrize("zone", ["east", "west"])
def test_the_times_of_the_report_are_utc(
    project: Project, monkeypatch: pytest.MonkeyPatch, zone: str
) -> None:
    monkeypatch.setenv("TZ", ZONES[zone])
    before = datetime.datetime.now(datetime.timezone.utc)
    outcome, _ = run(project, {"this-day": 0})
    after = datetime.datetime.now(datetime.timezone.utc)
    for name in ("started", "ended"):
        written = outcome.report["run"][name]
        moment = datetime.datetime.fromisoformat(written.replace("Z", "+00:00"))
        assert moment.utcoffset() == datetime.timedelta(0)
        assert before - datetime.timedelta(seconds=2) <= moment
        assert moment <= after + datetime.timedelta(seconds=2)
    assert (outcome.verdict, outcome.exit) == ("passed", 0)
