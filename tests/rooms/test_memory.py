"""The memory of calls and commands: nothing is missed, and what is not known is not judged."""

from __future__ import annotations

import ctypes
import multiprocessing
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_specgates import pipeline
from pytest_specgates.errors import ProbeError
from pytest_specgates.judge.compare import compare
from pytest_specgates.judge.in_words import display
from pytest_specgates.measure import memory, memory_methods
from pytest_specgates.measure.memory_methods import growth_of, peak_of, resident
from pytest_specgates.model import (
    Check,
    CheckResult,
    MemoryPlan,
    MemoryUse,
    RunEvidence,
    Shard,
    Surroundings,
    TestRef,
    TestResult,
)
from pytest_specgates.pipeline.merging import merged_evidence
from pytest_specgates.report.shard_file import read_shard, render_shard

linux = pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
MIB = 1 << 20
TEST = "tests/test_a.py::test_a"


def check(text: str) -> Check:
    spec = f"spec: x\ngates:\n  - {text}\n"
    file = pipeline.load({"x.spec.yaml": spec}, pipeline.kinds()).files["x.spec.yaml"]
    assert file.all_errors == []
    (made,) = file.gates[0].checks
    return made


def judged(text: str, root: Path, **fields: Any) -> CheckResult:
    """A check on one test, of which was measured what the fields say."""
    made = check(text)
    plan = memory.plan_of(TEST, made)
    run = RunEvidence(
        results={TEST: TestResult(TestRef(TEST), "passed")},
        collected=frozenset([TEST]),
        roots=(".",),
        memory={plan: MemoryUse(plan, **fields)},
    )
    return compare(made, memory.probe(made, Surroundings(root, run=run)))


# --- one call ---------------------------------------------------------------------------------


def spike() -> None:
    bytearray(40 * MIB)


def of_c() -> None:
    libc = ctypes.CDLL(None)
    libc.malloc.restype = ctypes.c_void_p
    place = ctypes.c_void_p(libc.malloc(ctypes.c_size_t(40 * MIB)))
    ctypes.memset(place, 1, 40 * MIB)
    libc.free(place)


@linux
@pytest.mark.parametrize("call", [spike, of_c])
def test_a_spike_that_is_gone_at_once_is_seen(call: Callable[[], None]) -> None:
    found = peak_of(call, "rss")
    assert 38 * MIB < found["peak"] < 44 * MIB
    assert found["child"] == 0
    assert "hidden" not in found


@linux
def test_what_was_higher_before_the_call_does_not_count() -> None:
    bytearray(100 * MIB)
    assert peak_of(lambda: None, "rss")["peak"] < 2 * MIB


def test_python_sees_its_own_allocations_only() -> None:
    assert 40 * MIB <= peak_of(spike, "tracemalloc")["peak"] < 41 * MIB
    if sys.platform == "linux":
        assert peak_of(of_c, "tracemalloc")["peak"] < MIB


@linux
def test_without_a_reset_what_is_not_known_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory_methods, "CLEAR", Path("/proc/nowhere"))
    bytearray(200 * MIB)
    kept: list[bytearray] = []
    found = peak_of(lambda: kept.append(bytearray(20 * MIB)), "rss")
    assert 18 * MIB < found["peak"] < 24 * MIB
    assert found["hidden"] > 100 * MIB
    assert "reset" in found["why"]
    high = resident()[1] - resident()[0]
    found = peak_of(lambda: bytearray(high + 50 * MIB), "rss")
    assert found["peak"] > high
    assert "hidden" not in found


@linux
def test_without_proc_the_system_is_asked_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    exact = resident()[0]
    monkeypatch.setattr(memory_methods, "STATUS", Path("/proc/nowhere"))
    now, high = resident()
    assert abs(now - exact) < 4 * MIB
    assert high >= now


@linux
def test_a_process_that_ended_is_seen_where_it_had_more() -> None:
    # More than any process that this one has waited for so far.
    large = max(resident()[1], resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss << 10)
    code = f"bytearray({large + 40 * MIB})"
    found = peak_of(lambda: subprocess.run([sys.executable, "-c", code], check=True), "rss")
    assert found["child"] > large
    small = peak_of(lambda: subprocess.run(["true"], check=True), "rss")
    assert small["child"] == 0
    assert small["hidden"] > 0
    assert "nobody can tell" in small["why"]


@linux
def test_a_process_that_is_still_there_is_seen() -> None:
    code = f"x = b'x' * {40 * MIB}; print(1, flush=True); input()"
    started = []

    def call() -> None:
        process = subprocess.Popen(
            [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        started.append(process)
        assert process.stdout is not None
        process.stdout.readline()

    try:
        assert 40 * MIB < peak_of(call, "rss")["child"] < 80 * MIB
    finally:
        for process in started:
            process.communicate(b"\n")


@linux
def test_a_process_that_was_forked_counts_with_all_it_has() -> None:
    context = multiprocessing.get_context("spawn")
    assert context is not None

    def call() -> None:
        process = context.Process(target=time.sleep, args=(0,))
        process.start()
        process.join()

    found = peak_of(call, "rss")
    assert found["child"] + found.get("hidden", 0) > 0


# --- many calls -------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["tracemalloc", pytest.param("rss", marks=linux)])
def test_growth_is_what_each_call_leaves(by: str, tmp_path: Path) -> None:
    kept: list[bytearray] = []
    cache: dict[int, bytes] = {}

    def leaks() -> None:
        kept.append(bytearray(100_000))

    def keeps_one() -> None:
        cache[0] = b"x" * 1_000_000

    text = f"{{memory: growth <= 1 MB per 100 calls, of: '{TEST}', by: {by}}}"
    result = judged(text, tmp_path, **_fields(growth_of(leaks, by, 100)))
    assert result.status == "failed"
    assert 9_000_000 < float(result.value or 0) * 100 < 11_000_000
    assert result.samples == 100
    result = judged(text, tmp_path, **_fields(growth_of(keeps_one, by, 100)))
    assert result.status == "passed", result.sentence


def _fields(found: dict[str, Any]) -> dict[str, Any]:
    return {**found, "marks": tuple(found["marks"])}


@given(st.integers(0, 19), st.integers(0, 10**9), st.integers(0, 1000))
@settings(max_examples=50, deadline=None)
def test_one_step_is_no_growth_unless_it_is_in_the_middle(at: int, step: int, slope: int) -> None:
    marks = tuple(10**9 + 5 * slope * i + (step if i > at else 0) for i in range(21))
    use = MemoryUse(MemoryPlan(TEST, "rss", 100), calls=5, marks=marks)
    found = memory.growth(use)
    assert found >= slope
    if at < 5 or at > 14:
        assert found == slope


def test_what_shrinks_has_not_grown(tmp_path: Path) -> None:
    text = f"{{memory: growth <= 1 B per 100 calls, of: '{TEST}'}}"
    marks = tuple(range(10**6, 10**6 - 21 * 1000, -1000))
    result = judged(text, tmp_path, calls=5, marks=marks, warm_up=25)
    assert (result.status, result.value) == ("passed", 0)
    assert "25 calls to warm up, then 100" in " ".join(result.evidence)


def test_as_many_calls_as_the_limit_is_of() -> None:
    texts = ("growth < 1 B per call", "growth < 1 B per 100 calls", "growth < 1 B per 2,000 calls")
    made = [memory.plan_of(TEST, check(f"{{memory: '{text}', of: t}}")) for text in texts]
    assert [plan.calls for plan in made] == [100, 100, 2000]
    calls = []
    growth_of(lambda: calls.append(1), "tracemalloc", 110)
    assert len(calls) == 4 * 6 + 6 + 20 * 6


# --- the verdict ------------------------------------------------------------------------------


def test_the_verdict_says_by_what_and_above_what(tmp_path: Path) -> None:
    result = judged(f"{{memory: peak < 1 MiB, of: '{TEST}'}}", tmp_path, start=9 * MIB, peak=MIB)
    assert result.sentence == (
        f"1 MiB ({TEST}), required peak memory < 1 MiB by rss, above the start of the call"
    )
    assert "1.0 MiB above the 9.0 MiB at the start" in " ".join(result.evidence)
    text = f"{{memory: peak < 1 MiB, of: '{TEST}', by: tracemalloc}}"
    assert "by tracemalloc" in judged(text, tmp_path, peak=5).sentence
    assert "by not stated: rss used" in check("{memory: < 1 MiB, of: t}").note
    assert check("{memory: < 1 MiB, of: t, by: rss}").note == ""


@pytest.mark.parametrize(
    ("limit", "hidden", "status"),
    [
        (30, 0, "passed"),
        (9, 0, "failed"),
        (30, 30, "unmeasured"),
        (50, 30, "passed"),
        (9, 30, "failed"),
    ],
)
def test_where_the_limit_lies_in_what_is_hidden_nothing_is_judged(
    tmp_path: Path, limit: int, hidden: int, status: str
) -> None:
    text = f"{{memory: peak < {limit} MiB, of: '{TEST}'}}"
    fields = {"peak": 8 * MIB, "child": 2 * MIB, "hidden": hidden * MIB, "why": "who knows"}
    result = judged(text, tmp_path, **fields)
    assert result.status == status
    assert ("or up to 40.0 MiB: who knows" in result.sentence) == (status == "unmeasured")


@pytest.mark.parametrize(
    ("text", "value", "shown"),
    [
        ("peak < 256 MiB", 268_435_455, "255.999999 MiB"),
        ("peak < 256 MiB", 300, "300 B"),
        ("peak < 256 MB", 41_200_000, "41.2 MB"),
        ("peak < 2 GiB", 3 << 30, "3 GiB"),
        ("peak < 900 bytes", 1536, "1.5 KiB"),
        ("growth < 1 MiB per 100 calls", Fraction(MIB, 200), "512 KiB per 100 calls"),
        ("growth < 1 MB per 1,000 calls", 2000, "2 MB per 1,000 calls"),
        ("growth < 1 kB per call", 20, "20 B per call"),
        ("growth < 1 kB/call", 0, "0 B per call"),
    ],
)
def test_sizes_are_shown_in_the_units_of_the_limit(text: str, value: Fraction, shown: str) -> None:
    assert display(Fraction(value), check(f"{{memory: '{text}', of: t}}")) == shown


def test_no_test_and_no_value(tmp_path: Path) -> None:
    result = judged("{memory: peak < 1 MiB, of: 'marker:none'}", tmp_path, peak=1)
    assert (result.status, result.sentence) == ("unmeasured", "no test matches marker:none")
    result = judged(f"{{memory: peak < 1 MiB, of: '{TEST}'}}", tmp_path, reason="it broke")
    assert (result.status, result.sentence) == ("unmeasured", "it broke")


@pytest.mark.parametrize(
    "text",
    [
        "{memory: growth < 1 B per call, of: t, by: memray}",
        "{memory: growth < 1 B per call, of: 'command:true'}",
        "{memory: peak < 1 MB, of: 'command:true', by: tracemalloc}",
    ],
)
def test_what_no_method_measures_is_an_error(text: str, tmp_path: Path) -> None:
    with pytest.raises(ProbeError):
        memory.probe(check(text), Surroundings(tmp_path, allow=frozenset(["command"])))


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("Memory usage: 512 MB max", "<= 512 MB"),
        ("Peak memory stays below 1.5 GiB", "< 1536 MiB"),
        ("Peak memory under 300 KB", "< 300 kB"),
    ],
)
def test_a_sentence_on_memory_is_not_bound_but_told_how(text: str, condition: str) -> None:
    spec = f"spec: x\nvalidation:\n  - '{text}'\n"
    file = pipeline.load({"x.spec.yaml": spec}, pipeline.kinds()).files["x.spec.yaml"]
    (gate,) = file.gates
    assert gate.checks == ()
    assert "nothing says which tests, or which command, take it" in gate.reading.reason
    assert f'{{memory: "{condition}", of: PATH}}' in gate.reading.suggestion
    assert check(f'{{memory: "{condition}", of: PATH}}').kind == "memory"


# --- commands ---------------------------------------------------------------------------------


def of_command(line: str, root: Path, *allow: str, more: str = "") -> CheckResult:
    made = check(f"{{memory: peak < 30 MiB, of: {f'command:{line}'!r}{more}}}")
    try:
        return compare(made, memory.probe(made, Surroundings(root, frozenset(allow))))
    except ProbeError as error:
        return CheckResult(made, "error", "", "", str(error))


@linux
def test_a_command_counts_with_its_largest_process(tmp_path: Path) -> None:
    held = bytearray(100 * MIB)  # which a process that this one starts has for an instant
    result = of_command("python -c pass", tmp_path, "command")
    assert result.status == "passed", result.sentence
    assert result.required == "peak memory < 30 MiB by rss, of the largest process"
    (tmp_path / "a.py").write_text("import os\nos.system('python3 -c \"bytearray(60 << 20)\"')\n")
    result = of_command("python a.py", tmp_path, "command")
    assert result.status == "failed"
    assert float(result.value or 0) > 60 * MIB
    assert len(held) == 100 * MIB


@linux
@pytest.mark.parametrize(
    ("line", "more", "status", "told"),
    [
        ("no-such-program --x", "", "error", "cannot be run: No such file"),
        ("sleep 9", ", timeout: 0.5", "error", "its time limit"),
        ('python -c "raise SystemExit(3)"', "", "unmeasured", "exited with 3"),
    ],
)
def test_a_command_that_did_not_succeed_has_shown_nothing(
    line: str, more: str, status: str, told: str, tmp_path: Path
) -> None:
    result = of_command(line, tmp_path, "command", more=more)
    assert result.status == status
    assert told in result.sentence


def test_commands_have_to_be_allowed(tmp_path: Path) -> None:
    result = of_command("true", tmp_path)
    assert result.status == "unmeasured"
    assert "not allowed" in result.sentence


# --- shards -----------------------------------------------------------------------------------


def test_shards_carry_memory_and_the_most_counts(tmp_path: Path) -> None:
    one, two = MemoryPlan(TEST, "rss"), MemoryPlan(TEST, "rss", 100)
    few = MemoryUse(one, start=5, peak=7, hidden=2, why="w")
    marks = MemoryUse(two, warm_up=25, calls=5, marks=(1, 2, 3))
    blank = Shard(1, 2, "c", False, "", {}, {}, "", "")
    shards = [
        replace(blank, evidence=RunEvidence(memory={one: few, two: marks})),
        replace(blank, number=2, evidence=RunEvidence(memory={one: replace(few, peak=9)})),
    ]
    read = [read_shard(render_shard(shard)) for shard in shards]
    assert [shard.evidence.memory for shard in read] == [s.evidence.memory for s in shards]
    merged = merged_evidence(read, tmp_path, ())
    assert merged.memory == {one: replace(few, peak=9), two: marks}
