"""Memory gates in real runs: each workload by each method, under workers, and what leaks."""

from __future__ import annotations

import importlib.util
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Outcome, Project

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the numbers are those of Linux")
MIB = 1 << 20
N = 40 * MIB
WORKLOADS = f"""
import ctypes
import mmap
import subprocess
import sys

N = {N}


def test_tuples():
    kept = [(i, i + 1.5) for i in range(400_000)]


def test_bytes():
    kept = b"x" * N


def test_spike():
    spike = bytearray(N)
    del spike


def test_malloc():
    libc = ctypes.CDLL(None)
    libc.malloc.restype = ctypes.c_void_p
    place = ctypes.c_void_p(libc.malloc(ctypes.c_size_t(N)))
    ctypes.memset(place, 1, N)
    libc.free(place)


def test_mmap():
    with mmap.mmap(-1, N) as mapped:
        for place in range(0, N, mmap.PAGESIZE):
            mapped[place] = 1


def test_child():
    subprocess.run([sys.executable, "-c", f"bytearray({{3 * N}})"], check=True)


def test_churn():
    for _ in range(200):
        bytearray(1 << 20)
"""
NUMPY = """
import numpy


def test_numpy():
    kept = numpy.ones(N // 8)
"""


def values(outcome: Outcome, name: str) -> dict[str, int]:
    """What was measured of each test, by its name, in bytes."""
    (check,) = outcome.gate(name)["checks"]
    found: list[dict[str, Any]] = check["measurement"]["values"]
    return {value["subject"].rpartition("::")[2]: int(value["value"]) for value in found}


def test_what_each_method_sees(project: Project) -> None:
    has_numpy = importlib.util.find_spec("numpy") is not None
    project.write("tests/test_w.py", WORKLOADS + (NUMPY if has_numpy else ""))
    project.config("testpaths = tests\n")
    traced = ["bytes", "spike", "malloc", "mmap", "child"]
    project.spec(
        f"""
        spec: x
        gates:
          - {{id: rss, memory: peak < 30 MiB, of: tests/test_w.py}}
          - id: traced
            memory: peak < 30 MiB
            by: tracemalloc
            of: [{", ".join(f"tests/test_w.py::test_{name}" for name in traced)}]
        """
    )
    outcome = project.run()
    assert outcome.statuses == {"rss": "failed", "traced": "failed"}
    by_rss = values(outcome, "rss")
    for name in ("bytes", "spike", "malloc", "mmap", *(["numpy"] if has_numpy else [])):
        assert abs(by_rss.pop(f"test_{name}") - N) < 3 * MIB, name
    assert 35 * MIB < by_rss.pop("test_tuples") < 70 * MIB
    assert 3 * N < by_rss.pop("test_child") < 3 * N + 30 * MIB
    assert by_rss.pop("test_churn") < 4 * MIB
    assert by_rss == {}
    found = values(outcome, "traced")
    for name in traced:
        size = found[f"test_{name}"]
        assert (N <= size < N + MIB) if name in ("bytes", "spike") else size < MIB, name
    gate = outcome.gate("rss")
    assert gate["sentence"] == (
        f"{gate['measured']} (tests/test_w.py::test_child), required peak memory < 30 MiB by rss, "
        f"above the start of the call; {6 + has_numpy} of {7 + has_numpy} subjects miss it"
    )
    assert "(by not stated: rss used)" in gate["reading"]
    (note,) = outcome.report["notes"]
    assert note.startswith("switched on for the gates: memory of tests/test_w.py")
    assert note.endswith("each test once more, in a process of its own")


LEAKS = """
import logging
import os
import pathlib
import subprocess
import sys
import warnings

import pytest

KEPT = []


def test_leaks():
    KEPT.append(b"x" * 20_000)


@pytest.fixture
def rows():
    return [b"x" * 1000 for _ in range(1000)]


def test_clean(rows):
    logging.getLogger("x").warning("%s", "x" * 1000)
    warnings.warn("x" * 1000)
    assert [row * 2 for row in rows]


def test_once(tmp_path):
    (tmp_path / "made").mkdir()


def test_only_first():
    mark = pathlib.Path("first")
    assert not mark.exists(), "it ran before"
    mark.touch()


def test_benchmark(benchmark):
    benchmark(bytearray, 20 << 20)


def test_starts_one():
    subprocess.run(["true"], check=True)


def test_dies():
    if "--spec-gates-memory" in sys.argv:
        os._exit(3)


@pytest.mark.skip
def test_skipped():
    raise AssertionError


@pytest.mark.xfail(strict=True)
def test_expected():
    raise AssertionError


def test_fails():
    raise AssertionError
"""
T = "tests/test_l.py::test"
GATES = {
    "leak": f"memory: growth <= 1 MiB per 100 calls, of: '{T}_leaks'",
    "leak-traced": f"memory: growth <= 1 MiB per 100 calls, of: '{T}_leaks', by: tracemalloc",
    "none": f"memory: growth <= 100 KiB per 100 calls, of: '{T}_clean'",
    "none-traced": f"memory: growth <= 2 KiB per 100 calls, of: '{T}_clean', by: tracemalloc",
    "once": f"memory: growth <= 1 MiB per 100 calls, of: '{T}_once'",
    "first": f"memory: peak < 1 GiB, of: '{T}_only_first'",
    "benchmark": f"memory: peak < 30 MiB, of: '{T}_benchmark'",
    "unsure": f"memory: peak < 10 MiB, of: '{T}_starts_one'",
    "sure": f"memory: peak < 200 MiB, of: '{T}_starts_one'",
    "dies": f"memory: peak < 1 GiB, of: '{T}_dies'",
    "skipped": f"memory: peak < 1 GiB, of: ['{T}_skipped', '{T}_expected']",
    "fails": f"memory: peak < 1 GiB, of: '{T}_fails'",
    "nothing": "memory: peak < 1 GiB, of: marker:none",
    "memray": f"memory: peak < 30 MiB, of: '{T}_benchmark', by: memray",
    "command": "memory: peak < 30 MiB, of: 'command:python -c pass'",
    "later": f"memory: peak < 1 B, of: '{T}_leaks', stage: post-deploy",
}
STATUSES = {
    "leak": "failed",
    "leak-traced": "failed",
    "none": "passed",
    "none-traced": "passed",
    "once": "unmeasured",
    "first": "unmeasured",
    "benchmark": "passed",
    "unsure": "unmeasured",
    "sure": "passed",
    "dies": "unmeasured",
    "skipped": "unmeasured",
    "fails": "unmeasured",
    "nothing": "unmeasured",
    "memray": "unmeasured",
    "command": "passed",
    "later": "deferred",
}


def test_what_leaks_and_what_cannot_be_measured(project: Project) -> None:
    project.write("tests/test_l.py", LEAKS)
    project.config("testpaths = tests\nspecgates_allow = command\n")
    lines = "".join(f"  - {{id: {name}, {gate}}}\n" for name, gate in GATES.items())
    project.spec(f"spec: x\ngates:\n{lines}")
    outcome = project.run()
    has_memray = importlib.util.find_spec("memray") is not None
    assert outcome.statuses == {**STATUSES, "memray": "passed" if has_memray else "unmeasured"}
    if not has_memray:
        assert "memray is not installed" in outcome.gate("memray")["sentence"]
        assert "pytest-specgates[memray]" in outcome.gate("memray")["next_step"]
    grown = 20_000 * 100
    for name in ("leak", "leak-traced"):
        assert abs(float(outcome.gate(name)["checks"][0]["value"]) * 100 - grown) < grown / 10
        assert outcome.gate(name)["measured"].endswith("MiB per 100 calls")
    reasons = {
        "once": "call 2 of the same test failed",
        "first": "in a process of its own it failed: AssertionError: it ran before",
        "unsure": "nobody can tell how much of that was its own",
        "dies": "its own process ended with 3",
        "skipped": "no test of tests/test_l.py::test_skipped passed",
        "fails": "failed, its memory does not count",
        "nothing": "no test matches marker:none",
    }
    for name, reason in reasons.items():
        assert reason in outcome.gate(name)["sentence"], name


def test_with_workers_and_shards_of_the_run(project: Project) -> None:
    """The workers are done when memory is measured, and a part of a run says so."""
    project.write("tests/test_w.py", "def test_spike():\n    bytearray(40 << 20)\n")
    project.write("tests/test_v.py", "def test_other():\n    pass\n")
    project.config("testpaths = tests\n")
    project.spec(
        """
        spec: x
        gates:
          - {id: spike, memory: peak < 30 MiB, of: tests/test_w.py}
          - {id: all, memory: peak < 1 GiB, of: "name:test"}
        """
    )
    outcome = project.run("-n", "2")
    assert outcome.statuses == {"spike": "failed", "all": "passed"}
    assert abs(values(outcome, "spike")["test_spike"] - N) < 3 * MIB
    part = project.run("tests/test_w.py", "specs/x.spec.yaml")
    assert part.statuses == {"spike": "failed", "all": "unmeasured"}
    assert "partial run" in part.gate("all")["sentence"]
