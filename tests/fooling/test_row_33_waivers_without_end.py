"""Row 33: a waiver has no end, is over, or is for another gate."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Project

JUNIT = "specs.x.spec.yaml::"
TODAY = datetime.datetime.now(datetime.timezone.utc).date()
END = str(TODAY + datetime.timedelta(days=30))
GATES = """
spec: x
gates:
  - {id: docs, exists: docs/usage.md}
  - {id: other, exists: docs/other.md}
  - {id: fine, exists: pytest.ini}
waivers:
"""
WAIVER = "  - {gate: docs, owner: ann, reason: being written, expires: END}\n".replace("END", END)
WRONG = {
    "no end": (WAIVER.replace(f", expires: {END}", ""), "without expires"),
    "empty end": (WAIVER.replace(END, "''"), "expires"),
    "null end": (WAIVER.replace(END, "null"), "null"),
    "never": (WAIVER.replace(END, "never"), '"never" is not a date'),
    "no such day": (WAIVER.replace(END, "2999-02-30"), '"2999-02-30" is not a date'),
    "a year": (WAIVER.replace(END, "2999"), '"2999" is not a date'),
    "a time": (WAIVER.replace(END, "2999-12-31T23:59:59+14:00"), "is not a date"),
    "in a lifetime": (WAIVER.replace(END, "2999-12-31"), "expires on 2999-12-31, later than"),
    "no owner": (WAIVER.replace("owner: ann, ", ""), "without owner"),
    "no reason": (WAIVER.replace("reason: being written, ", ""), "without reason"),
    "no gate": (WAIVER.replace("gate: docs, ", ""), "without gate"),
    "gone": (WAIVER.replace("gate: docs", "gate: dosc"), 'did you mean "docs"?'),
    "other key": (WAIVER.replace("expires", "until"), 'unknown key "until"'),
    "twice": (WAIVER + WAIVER.replace("ann", "bob"), "matches no gate (or only gates of another"),
}


def test_a_waiver_that_is_wrong_is_an_error(project: Project) -> None:
    for name, (waiver, _) in WRONG.items():
        text = GATES.replace("spec: x", f"spec: {name}") + waiver
        project.spec(text, name=name.replace(" ", "-"))
    outcome = project.run()
    told = {error.partition(".spec.yaml:")[0]: error for error in outcome.report["errors"]}
    assert len(outcome.report["errors"]) == len(told) == len(WRONG)
    for name, (_, word) in WRONG.items():
        assert word in told[f"specs/{name.replace(' ', '-')}"]
        assert word in outcome.output
    assert "waived" not in outcome.statuses.values()
    assert outcome.verdict == "failed"
    assert outcome.exit != 0
    assert outcome.junit_failures >= len(WRONG)


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "workers"])
def test_a_waiver_lets_only_its_gate_pass(project: Project, workers: tuple[str, ...]) -> None:
    project.spec(GATES + WAIVER)
    project.spec("spec: y\ngates:\n  - {id: docs, exists: docs/usage.md}\n", name="y")
    project.write("tests/test_a.py", "def test_a():\n    pass\n")
    project.config("testpaths = tests\n")
    outcome = project.run(*workers)
    docs = outcome.gate("x.spec.yaml::docs")
    assert (docs["status"], docs["blocking"], docs["underlying"]) == ("waived", False, "failed")
    assert docs["waiver"]["expires"] == END
    assert outcome.gate("::other")["status"] == "failed"
    assert outcome.gate("::fine")["status"] == "passed"
    # The waiver of one spec is none of another, though the gate has the same name.
    assert outcome.gate("y.spec.yaml::docs")["status"] == "failed"
    junit = [outcome.junit[JUNIT + name] for name in ("docs", "other", "fine")]
    assert junit == ["skipped", "failure", "passed"]
    assert (outcome.verdict, outcome.exit, outcome.junit_failures) == ("failed", 1, 2)


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "workers"])
def test_a_waiver_that_is_over_counts_no_more(project: Project, workers: tuple[str, ...]) -> None:
    project.spec(GATES.replace("other.md", "x.md, level: may") + WAIVER.replace(END, "2019-12-31"))
    project.write("tests/test_a.py", "def test_a():\n    pass\n")
    project.config("testpaths = tests\n")
    outcome = project.run(*workers)
    docs = outcome.gate("::docs")
    assert (docs["status"], docs["blocking"], docs["underlying"]) == ("failed", True, None)
    assert docs["waiver"] is None
    told = "the waiver by ann expired on 2019-12-31"
    assert told in docs["sentence"]
    assert told in outcome.output
    assert outcome.junit[f"{JUNIT}docs"] == "failure"
    assert (outcome.verdict, outcome.exit, outcome.junit_failures) == ("failed", 1, 1)


def test_a_waiver_covers_no_error(project: Project) -> None:
    project.write("it.json", "{")
    project.spec(
        f"""
        spec: x
        gates:
          - {{id: broken, config: a, of: it.json}}
        waivers:
          - {{gate: broken, owner: ann, reason: later, expires: {END}}}
        """
    )
    outcome = project.run()
    broken = outcome.gate("::broken")
    assert (broken["status"], broken["blocking"]) == ("error", True)
    assert outcome.junit[f"{JUNIT}broken"] == "failure"
    assert (outcome.verdict, outcome.exit, outcome.junit_failures) == ("failed", 1, 1)
