"""Row 35: the display is off or goes elsewhere, and the verdict that lived in it is lost."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Outcome, Project

STATUSES = {
    "floor": "failed",
    "unit": "passed",
    "gone": "unmeasured",
    "soft": "failed",
    "the-customer-smiles": "unbound",
}
BLOCKING = {"floor", "gone", "the-customer-smiles"}
DISPLAYS = (
    ("-p", "no:terminal"),
    ("-q", "-q"),
    ("-qqq", "--no-header", "--tb=no", "-rN"),
    ("--no-summary",),
)


@pytest.fixture
def shown(shop: Project) -> Project:
    shop.spec(
        """
        spec: x
        gates:
          - {id: floor, coverage: ">= 95%", of: src}
          - {id: unit, tests: all pass, of: tests/unit}
          - {id: gone, tests: all pass, of: tests/gone}
          - {id: soft, exists: NOWHERE.md, level: should}
        quality_gates:
          - The customer smiles
        """
    )
    return shop


def check(outcome: Outcome) -> None:
    assert {name.rpartition("::")[2]: s for name, s in outcome.statuses.items()} == STATUSES
    blocking = {g["nodeid"].rpartition("::")[2] for g in outcome.report["gates"] if g["blocking"]}
    assert blocking == BLOCKING
    assert (outcome.verdict, outcome.exit) == ("failed", 1)
    assert outcome.junit_failures == len(BLOCKING)
    for name, verdict in outcome.junit.items():
        assert (verdict == "failure") == (name.rpartition("::")[2] in BLOCKING), name


def decided(outcome: Outcome) -> tuple[object, ...]:
    """What a run decided, without a word of how it was displayed."""
    gates = [(g["nodeid"], g["status"], g["sentence"]) for g in outcome.report["gates"]]
    return outcome.exit, outcome.verdict, gates, outcome.junit


def test_the_verdict_does_not_live_in_the_display(shown: Project) -> None:
    plain = shown.run()
    check(plain)
    for display in DISPLAYS:
        other = shown.run(*display)
        check(other)
        assert decided(other) == decided(plain), display


@pytest.mark.parametrize(
    "display", [("-p", "no:terminal"), ("-q", "-q")], ids=["no-terminal", "quiet"]
)
def test_passing_gates_pass_without_a_display(shown: Project, display: tuple[str, ...]) -> None:
    shown.spec("spec: x\ngates:\n  - {id: unit, tests: all pass, of: tests/unit}\n")
    outcome = shown.run(*display)
    assert (outcome.statuses, outcome.verdict, outcome.exit) == ({"unit": "passed"}, "passed", 0)


def test_a_terminal_and_a_pipe(shown: Project) -> None:
    """Project.run reads a pipe; here the run stands at a terminal."""
    plain = shown.run()
    (shown.root / "report.json").unlink()
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "pytest", "--spec-gates", "--spec-gates-report=json:report.json"],
        cwd=shown.root,
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        seen = b""
        try:
            while piece := os.read(ours, 4096):
                seen += piece
        except OSError:
            pass  # how Linux says that the other end is closed
        os.close(ours)
    report = json.loads((shown.root / "report.json").read_text("utf-8"))
    assert b"\r\n" in seen  # a terminal it was
    assert b"FAILED: 3 of 5 gates block" in seen
    assert "FAILED: 3 of 5 gates block" in plain.output
    assert (process.returncode, report["verdict"]) == (plain.exit, plain.verdict)
    shown_gates = [(g["nodeid"], g["status"], g["sentence"]) for g in report["gates"]]
    assert shown_gates == decided(plain)[2]
