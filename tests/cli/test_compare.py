"""`specgates compare BEFORE NOW`: what changed between two runs."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_specgates.report.compared import Compared, compared
from pytest_specgates.report.comparison import (
    render_comparison_json,
    render_comparison_markdown,
    render_text,
)
from pytest_specgates.report.recorded import Recorded
from pytest_specgates.report.restored import restored

SAMPLE = json.loads((Path(__file__).parents[1] / "reports" / "sample.json").read_text("utf-8"))
Data = dict[str, Any]


def gate(data: Data, end: str) -> Data:
    found: list[Data] = [one for one in data["gates"] if one["nodeid"].endswith(end)]
    assert len(found) == 1
    return found[0]


def changed(change: Callable[[Data], object]) -> Data:
    data: Data = copy.deepcopy(SAMPLE)
    change(data)
    return data


def held(data: Data) -> None:
    """All gates of the sample that failed pass now."""
    one = gate(data, "::changed-lines")
    one.update(status="passed", blocking=False, sentence="100 %", measured="100 %")
    one["checks"][0].update(status="passed", value=100, measured="100 %")


def between(before: Data, now: Data) -> Compared:
    return compared(restored(Recorded(before)), restored(Recorded(now)))


def told(before: Data, now: Data) -> list[str]:
    return render_text(between(before, now)).splitlines()[3:]


def test_the_same_twice() -> None:
    assert told(SAMPLE, SAMPLE) == ["11 gates unchanged"]
    assert not between(SAMPLE, SAMPLE).is_worse


def test_what_blocks_now_and_did_not() -> None:
    before = changed(held)
    assert told(before, SAMPLE) == [
        "worse   specs/shop.spec.yaml:5: shop/changed-lines: passed -> failed; "
        "measured 100 % -> 33.33 % (-66.7 %)",
        "1 worse, 10 gates unchanged",
    ]
    assert between(before, SAMPLE).is_worse
    assert [one.kind for one in between(SAMPLE, before).differences] == ["better"]
    assert not between(SAMPLE, before).is_worse


def test_a_gate_that_is_gone_or_not_judged_any_more() -> None:
    gone = changed(lambda data: data["gates"].remove(gate(data, "::orders")))
    assert told(SAMPLE, gone)[0] == "gone    specs/shop.spec.yaml:8: shop/orders: failed -> gone"

    def leave_out(data: Data) -> None:
        one = gate(data, "::orders")
        data["gates"].remove(one)
        data["not_judged"].append({name: one[name] for name in data["not_judged"][0]})

    unjudged = changed(leave_out)
    assert told(SAMPLE, unjudged)[0].endswith("shop/orders: failed -> not judged")
    assert between(SAMPLE, gone).is_worse
    assert between(SAMPLE, unjudged).is_worse
    new = between(gone, SAMPLE)
    assert [(one.kind, one.blocks) for one in new.differences] == [("new", True)]
    assert new.is_worse  # it blocks
    assert [one.kind for one in between(unjudged, SAMPLE).differences] == ["new"]


def test_what_is_asked_for_and_what_was_measured() -> None:
    def lower(data: Data) -> None:
        one = gate(data, "::floor")
        one["level"] = "should"
        one["checks"][0].update(limit=40, required="line coverage >= 40%")

    def measure(data: Data) -> None:
        gate(data, "::floor")["checks"][0].update(value=75, measured="75 %")

    (line, _) = told(SAMPLE, changed(lower))
    assert line.startswith("demand  specs/shop.spec.yaml:26: shop/quality_gates.floor: ")
    assert "level must -> should; required line coverage >= 50% -> line coverage >= 40%" in line
    assert told(SAMPLE, changed(measure))[0].endswith(": measured 50 % -> 75 % (+50 %)")
    assert not between(SAMPLE, changed(lower)).is_worse


def test_a_spec_that_was_renamed_is_no_other() -> None:
    text = json.dumps(SAMPLE).replace("specs/shop.spec.yaml", "specs/store.spec.yaml")
    found = between(SAMPLE, json.loads(text))
    assert {one.kind for one in found.differences} == {"moved"}
    assert not found.is_worse


def test_errors_that_are_new() -> None:
    found = between(changed(lambda data: data["errors"].clear()), SAMPLE)
    assert found.is_worse
    assert 'unknown kind of gate "covrage"' in render_text(found)
    assert "## New errors" in render_comparison_markdown(found)


STATUSES = st.lists(st.sampled_from(["passed", "failed", "waived", "deferred", None]), max_size=9)


@settings(max_examples=50, deadline=None)
@given(STATUSES, STATUSES)
def test_worse_one_way_is_better_the_other_way(before: list[str], now: list[str]) -> None:
    def report(statuses: list[str]) -> Data:
        data: Data = copy.deepcopy(SAMPLE)
        for one, status in zip(list(data["gates"]), statuses, strict=False):
            if status is None:
                data["gates"].remove(one)
            else:
                one.update(status=status, blocking=status == "failed")
        return data

    forth, back = between(report(before), report(now)), between(report(now), report(before))
    turned = {"worse": "better", "better": "worse", "gone": "new", "new": "gone", "value": "value"}
    assert {(turned[one.kind], one.gate.nodeid) for one in forth.differences} == {
        (one.kind, one.gate.nodeid) for one in back.differences
    }
    assert forth.unchanged == back.unchanged


def test_hostile_texts() -> None:
    text = json.dumps(SAMPLE).replace("line coverage", "<h1>|\\u001b[31m\\ud800``` x")
    found = between(SAMPLE, json.loads(text))
    assert {one.kind for one in found.differences} == {"demand"}
    page, lines = render_comparison_markdown(found), render_text(found)
    assert "<h1>" not in page
    assert all(line.isprintable() for text in (page, lines) for line in text.splitlines())
    made = render_comparison_json(found).encode("utf-8", "backslashreplace")
    assert "<h1>" in json.loads(made)["differences"][0]["differs"][0]["now"]


def compare(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "pytest_specgates", "compare", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done


def test_the_command(tmp_path: Path) -> None:
    (tmp_path / "before.json").write_text(json.dumps(changed(held)), encoding="utf-8")
    (tmp_path / "now.json").write_text(json.dumps(SAMPLE), encoding="utf-8")
    assert compare(tmp_path, "now.json", "before.json").returncode == 0
    done = compare(tmp_path, "before.json", "now.json")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.splitlines()[:2] == [
        "before: FAILED: 3 of 10 gates block, 1 spec error",
        "now:    FAILED: 4 of 10 gates block, 1 spec error",
    ]
    read = json.loads(compare(tmp_path, "before.json", "now.json", "--format=json").stdout)
    assert read["is_worse"] is True
    assert read["differences"][0]["differs"][1] == {
        "what": "measured",
        "before": "100 %",
        "now": "33.33 %",
        "change": "-66.7 %",
    }
    page = compare(tmp_path, "before.json", "now.json", "--format=md").stdout
    assert page.startswith("# Spec gates: 1 worse, 10 gates unchanged\n")
    assert "| shop/changed-lines | status | passed | failed |" in page
    missing = compare(tmp_path, "before.json", "gone.json")
    assert (missing.returncode, missing.stdout) == (2, "")
    assert "gone.json: there is no such file" in missing.stderr
