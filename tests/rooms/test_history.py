"""The history: what is kept, crash-safe, bounded, and read as what others may have written."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pytest_specgates import pipeline
from pytest_specgates.judge.compare import compare
from pytest_specgates.model import (
    Gate,
    GateReport,
    Identity,
    JudgedGate,
    Measurement,
    PastCheck,
    PastGate,
    PastRun,
    RunEvidence,
    Surroundings,
    TestRef,
    Value,
    Verdict,
)
from pytest_specgates.pipeline.history import (
    MOST_RUNS,
    entries,
    keep,
    newest,
    read_runs,
    why_not_kept,
)
from pytest_specgates.report.history_file import past_run, read_run, render_run
from pytest_specgates.report.recorded import ReportError
from pytest_specgates.report.trend import blocks, difference, differences, table

SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""Another program may have the machine."""
COVERAGE = 'spec: x\ngates:\n  - coverage: ">= 90%"\n    of: src\n'


def run_at(number: int, value: float | None = 90.0, dirty: bool = False, **more: Any) -> PastRun:
    """A run at a made commit, so many minutes after midnight."""
    gate = PastGate("x/a", "passed", (PastCheck("line coverage", "%", value, f"{value} %"),))
    made = PastRun(
        commit=f"{number:040x}",
        dirty=dirty,
        stage="pre-merge",
        ended=f"2026-01-31T{number // 60:02}:{number % 60:02}:00.000Z",
        verdict="passed",
        gates={"x.spec.yaml::a": gate},
    )
    return replace(made, **more)


def report() -> GateReport:
    gate: Gate = (
        pipeline.load({"x.spec.yaml": COVERAGE}, pipeline.kinds()).files["x.spec.yaml"].gates[0]
    )
    result = compare(gate.checks[0], Measurement((Value("src", Fraction(1, 3) * 100),)))
    verdict = Verdict("failed", result.sentence, True, (result,))
    moment = "2026-01-31T00:00:01.000Z"
    identity = Identity("a" * 40, False, "0" * 64, {}, {}, moment, moment, "pre-merge")
    return GateReport(identity, (JudgedGate(gate, verdict),), (), (), (), ())


def test_a_run_is_read_as_it_was_written() -> None:
    run = past_run(report())
    assert run.gates["x.spec.yaml::coverage-at-least-90-percent"] == PastGate(
        "x/coverage-at-least-90-percent",
        "failed",
        (PastCheck("line coverage", "%", 100 / 3, "33.33 %"),),
    )
    assert read_run(render_run(run)) == run


values = st.none() | st.floats(allow_nan=False, allow_infinity=False)
texts = st.text(max_size=9)
checks = st.builds(PastCheck, texts, texts, values, texts)
gates = st.builds(
    PastGate,
    texts,
    st.sampled_from(["passed", "failed", "not-applicable"]),
    st.lists(checks, max_size=3).map(tuple),
)


@SLOW
@given(st.dictionaries(st.text(max_size=9), gates, max_size=3))
def test_every_text_is_read_back(found: dict[str, PastGate]) -> None:
    run = run_at(1, gates=found)
    again = read_run(render_run(run))
    assert again.gates.keys() == found.keys()
    for nodeid, gate in found.items():
        assert again.gates[nodeid].address == gate.address
        assert [c.value for c in again.gates[nodeid].checks] == [c.value for c in gate.checks]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)


@SLOW
@given(st.sampled_from(["commit", "dirty", "stage", "ended", "verdict", "gates"]), json_values)
def test_what_is_no_run_is_refused_with_a_reason(field: str, value: Any) -> None:
    data = json.loads(render_run(run_at(1)))
    data[field] = value
    with contextlib.suppress(ReportError):
        run = read_run(json.dumps(data, allow_nan=True))
        assert read_run(render_run(run)) == run


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not JSON"),
        ("[]", "not a run that pytest-specgates has kept"),
        ('{"format": "pytest-specgates report"}', "not a run that pytest-specgates has kept"),
        ('{"format": "pytest-specgates history", "format_version": 2}', "format_version is 2"),
        ('{"format": "pytest-specgates history", "format_version": 1}', "commit is missing"),
        ("[" * 100_000, "not JSON"),
        (render_run(run_at(1)).replace('"passed",[', '"green",['), "'green' is not one of"),
        (render_run(run_at(1)).replace("90.0,", "true,"), "True is no number"),
        (render_run(run_at(1)).replace("90.0,", "NaN,"), "not JSON"),
    ],
)
def test_damage_is_named(text: str, reason: str) -> None:
    with pytest.raises(ReportError, match=reason.split(" (")[0]):
        read_run(text)


def test_runs_are_kept_in_their_order_and_pruned(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "history"
    for number in range(MOST_RUNS + 3):
        keep(folder, run_at(number))
    notes: list[str] = []
    found = read_runs(folder, notes)
    assert notes == []
    assert [run.commit for run in found] == [f"{n:040x}" for n in range(3, MOST_RUNS + 3)]
    assert (folder / ".gitignore").read_text() == "*\n"
    assert len(list(folder.iterdir())) == MOST_RUNS + 1


def test_the_last_run_of_a_commit_counts(tmp_path: Path) -> None:
    keep(tmp_path, run_at(1, 80.0))
    keep(tmp_path, run_at(1, 70.0, dirty=True))
    keep(tmp_path, run_at(1, 85.0, ended="2026-01-31T09:00:00.000Z"))
    found = read_runs(tmp_path, [])
    shown = [(run.dirty, run.gates["x.spec.yaml::a"].measured) for run in found]
    assert shown == [(True, "70.0 %"), (False, "85.0 %")]


def test_damaged_entries_are_told_and_passed_over(tmp_path: Path) -> None:
    for number in range(5):
        keep(tmp_path, run_at(number))
    first, second, third, fourth, _ = (entry.path for entry in entries(tmp_path))
    first.write_bytes(first.read_bytes()[:40])
    second.write_text(render_run(run_at(9)))
    third.write_bytes(b"\xff\xfe\x00")
    fourth.unlink()
    fourth.mkdir()
    (tmp_path / "notes.txt").write_text("mine")
    notes: list[str] = []
    assert [run.commit for run in read_runs(tmp_path, notes)] == [f"{4:040x}"]
    assert [note.partition(", ")[0] for note in notes] == ["the history has a damaged entry"] * 4
    assert notes[0].endswith("remove it")
    assert "of another commit" in notes[1]
    assert "not a regular file" in notes[3]
    keep(tmp_path, run_at(6))
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_of_a_history_that_is_too_large_the_newest_runs_are_read(tmp_path: Path) -> None:
    for number in range(9):
        keep(tmp_path, run_at(number))
    for entry in entries(tmp_path)[:7]:
        os.truncate(entry.path, 19_000_000)
    notes: list[str] = []
    assert [run.commit for run in read_runs(tmp_path, notes)] == [f"{n:040x}" for n in (7, 8)]
    assert len(notes) == 5
    os.truncate(entries(tmp_path)[-1].path, 21_000_000)
    assert [run.commit for run in read_runs(tmp_path, notes)] == [f"{7:040x}"]
    assert "larger than 20,000,000 bytes" in notes[-1]


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
def test_a_link_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside.json"
    outside.write_text(render_run(run_at(1)))
    folder = tmp_path / "history"
    keep(folder, run_at(1))
    (entry,) = entries(folder)
    entry.path.unlink()
    entry.path.symlink_to(outside)
    notes: list[str] = []
    assert read_runs(folder, notes) == []
    assert "not a regular file" in notes[0]


def test_what_a_killed_run_left_is_removed_in_time(tmp_path: Path) -> None:
    keep(tmp_path, run_at(1))
    (entry,) = entries(tmp_path)
    old, young = (tmp_path / f".{entry.path.name}-{digit * 16}" for digit in "ab")
    for path in (old, young):
        path.write_text("{")
    os.utime(old, (1, 1))
    keep(tmp_path, run_at(2))
    assert not old.exists()
    assert young.exists()
    assert len(read_runs(tmp_path, [])) == 2


_WRITER = """
import sys
sys.path.insert(0, {here!r})
from pathlib import Path
import test_history
for number in range(int(sys.argv[1]), 60, 2):
    test_history.keep(Path(sys.argv[2]), test_history.run_at(number))
    test_history.keep(Path(sys.argv[2]), test_history.run_at(99, float(number)))
"""


def test_two_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    code = _WRITER.format(here=str(Path(__file__).parent))
    folder = tmp_path / "history"
    started = [
        subprocess.Popen([sys.executable, "-c", code, str(n), str(folder)]) for n in range(2)
    ]
    assert [process.wait() for process in started] == [0, 0]
    notes: list[str] = []
    found = read_runs(folder, notes)
    assert notes == []
    assert [run.commit for run in found] == [f"{n:040x}" for n in [*range(60), 99]]
    assert len(newest(folder)) == len(entries(folder))


def test_only_whole_runs_are_kept() -> None:
    whole = Surroundings(Path(), run=RunEvidence(roots=("tests",)))
    made = report()
    assert why_not_kept(made, whole) == ""
    narrowed = replace(whole, run=RunEvidence(narrowed="only tests/unit was run"))
    unselected = replace(whole, run=RunEvidence(unselected=(TestRef("tests/t.py::test_t"),)))
    unjudged = replace(made, unjudged=(made.judged[0].gate,))
    nowhere = replace(made, identity=replace(made.identity, commit=""))
    for one, around, why in (
        (made, narrowed, "partial run: only tests/unit was run"),
        (made, unselected, "1 of its tests were not selected"),
        (unjudged, whole, "not all gates were judged"),
        (replace(made, interrupted="Ctrl-C"), whole, "not all gates were judged"),
        (replace(made, errors=("broken",)), whole, "not everything could be read"),
        (nowhere, whole, "no commit is known here"),
    ):
        assert why in why_not_kept(one, around)


def test_differences_are_told_the_worst_first() -> None:
    def gate(status: Any, value: float | None, unit: str = "s") -> PastGate:
        return PastGate("x/a", status, (PastCheck("p95 latency", unit, value, f"{value} {unit}"),))

    before = {"a": gate("passed", 4.0), "b": gate("passed", 4.0), "c": gate("failed", 4.0)}
    now = {"a": gate("passed", 6.0), "b": gate("failed", 9.0), "c": gate("passed", 4.0)}
    assert [(one.nodeid, one.told) for one in differences(before, now)] == [
        ("b", "passed -> failed, 4.0 s -> 9.0 s (+125 %)"),
        ("c", "failed -> passed"),
        ("a", "4.0 s -> 6.0 s (+50 %)"),
    ]
    assert differences(before, before) == []
    assert difference(gate("passed", 80.0, "%"), gate("passed", 79.5, "%")) == "80.0 % -> 79.5 %"
    assert difference(gate("passed", 0.0), gate("passed", 1.0)) == "0.0 s -> 1.0 s"
    assert difference(gate("passed", None), gate("passed", 1.0)) == ""
    assert difference(gate("passed", 1.0), gate("passed", 2.0, "%")) == ""


def test_a_line_of_blocks() -> None:
    assert blocks([0, 1, 2, None, 7]) == "▁▂▃ █"
    assert blocks([3, 3]) == "▁▁"
    assert blocks([None]) == ""


def test_the_table_of_a_gate() -> None:
    runs = [run_at(1, 90.0), run_at(2, 92.0, dirty=True), run_at(3, None)]
    assert "\n".join(table("x.spec.yaml::a", runs)) == (
        "x/a  x.spec.yaml::a  3 runs\n\n"
        "line coverage  ▁█ \n\n"
        "commit       ended (UTC)       status  measured  change\n"
        "0000000000   2026-01-31 00:01  passed  90.0 %\n"
        "0000000000+  2026-01-31 00:02  passed  92.0 %    +2 pp\n"
        "0000000000   2026-01-31 00:03  passed  None %\n\n"
        "+ with uncommitted changes"
    )
    assert not any("▁" in line for line in table("x.spec.yaml::a", runs, can_draw=False))


@SLOW
@given(st.text(max_size=30), st.text(max_size=30))
def test_hostile_texts_steer_no_terminal(address: str, measured: str) -> None:
    gate = PastGate(address, "passed", (PastCheck(measured, "s", 1.0, measured),))
    lines = table(measured, [run_at(1, gates={measured: gate})] * 2)
    assert all(line.isprintable() for line in lines)
