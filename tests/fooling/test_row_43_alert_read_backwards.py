"""Row 43: "alert if p95 > 3 s" is read as a requirement, and so the wrong way round."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Project

JUNIT = "specs.x.spec.yaml."
ALERTS = (
    "alert if p95 > 3 s",
    "Alert when p95 exceeds 3 s",
    "Alert if p95 latency > 3 s",
    "Alert if response time > 3 s",
    "Page us when p95 exceeds 3 s",
    "Warn if latency is above 3 s",
    "Roll back if p95 > 3 s",
    "Response time must never exceed 3 s",
    "The build fails if response time > 3 s",
    "Throughput alert below 3/s",
    "Alert if throughput < 3/s",
    "p95 > 3 s triggers an alert",
)
KEYS = ("quality_gates", "performance_targets", "monitoring", "slos")


def spec(project: Project) -> None:
    lines = "".join(
        f"{key}:\n" + "".join(f"  - {json.dumps(text)}\n" for text in ALERTS) for key in KEYS
    )
    project.spec(f"spec: x\n{lines}")


@pytest.mark.parametrize(
    ("seconds", "wrong"), [(4.0, "passed"), (0.25, "failed")], ids=["slow", "fast"]
)
def test_an_alert_is_read_as_what_must_not_be(clocked: Project, seconds: float, wrong: str) -> None:
    clocked.write("times.json", json.dumps([seconds] * 60))
    spec(clocked)
    outcome = clocked.run("--spec-gates-stage=post-deploy")
    seen = set()
    for gate in outcome.report["gates"]:
        seen.add((gate["phase"], gate["criterion"]))
        assert gate["status"] != wrong, (gate["criterion"], gate["sentence"])
        assert gate["status"] in ("passed", "failed", "unbound", "unattested")
        for check in gate["checks"]:
            if check["metric"] in ("latency", "throughput"):
                reverse = ">" if check["metric"] == "latency" else "<"
                assert not check["op"].startswith(reverse), gate["criterion"]
                assert check["limit"] == 3, gate["criterion"]
        expected = "passed" if gate["status"] == "passed" else "failure"
        assert outcome.junit[f"{JUNIT}{gate['phase']}::{gate['nodeid'].rpartition('::')[2]}"] == (
            expected
        )
    # Under a key of criteria nothing is left out.
    criteria = {(key, text) for key in KEYS if key != "monitoring" for text in ALERTS}
    assert criteria <= seen
    assert (outcome.verdict, outcome.exit) == ("failed", 1)


def test_a_bound_alert_decides(clocked: Project) -> None:
    """One that names a metric which a kind measures, and nothing else, is judged."""
    clocked.spec("spec: x\nquality_gates:\n  - Response time must never exceed 3 s\n")
    found = []
    for seconds in (4.0, 3.0, 0.25):
        clocked.write("times.json", json.dumps([seconds] * 60))
        outcome = clocked.run()
        (gate,) = outcome.report["gates"]
        found.append((gate["status"], gate["checks"][0]["op"], outcome.verdict, outcome.exit))
    passes = ("passed", "<=", "passed", 0)
    assert found == [("failed", "<=", "failed", 1), passes, passes]
