"""`regression` of memory, and of work that is counted instead of timed, in real runs."""

from __future__ import annotations

import re
import shutil
import socket
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Outcome, Project

CODE = """
def grow(size):
    return len(bytearray(size << 20))


def work(times):
    total = 0
    for i in range(times):
        total += i * i % 7
    return total


def heavy():
    return grow(40)


def light():
    return len([str(i) for i in range(20_000)])


def busy():
    return work(1000)
"""
TEST = """
import things

def test_heavy():
    assert things.heavy()

def test_light():
    assert things.light()

def test_busy(benchmark):
    assert benchmark(things.busy) > 0

def test_again(benchmark):
    assert benchmark(things.light) > 0
"""
BUSY, AGAIN = (f"of: 'tests/test_things.py::test_{name}'" for name in ("busy", "again"))
has_valgrind = pytest.mark.skipif(
    shutil.which("valgrind") is None or sys.platform != "linux", reason="valgrind is not installed"
)


@pytest.fixture
def things(project: Project) -> Project:
    project.write("src/things.py", CODE)
    project.write("tests/test_things.py", TEST)
    project.config("testpaths = tests\npythonpath = src\n")
    project.write(".gitignore", "__pycache__\nreport.json\njunit.xml\nstd*\nrunpytest-*\n")
    return project


def spec(project: Project, *gates: str) -> None:
    lines = "".join(f"  - {{id: g{number}, {gate}}}\n" for number, gate in enumerate(gates))
    project.spec(f"spec: x\ngates:\n{lines}")


def sentence(outcome: Outcome, name: str) -> str:
    told: str = outcome.gate(name)["sentence"]
    return told


def evidence(outcome: Outcome, name: str) -> str:
    (told,) = outcome.gate(name)["checks"][0]["evidence"]
    return str(told)


def test_memory_beside_that_of_the_base(things: Project) -> None:
    heavy, light = (f"of: 'tests/test_things.py::test_{name}'" for name in ("heavy", "light"))
    spec(
        things,
        f"regression: memory <= base + 10 %, {heavy}",
        f"regression: memory <= base + 80 %, {heavy}",
        f"regression: memory <= base + 10 %, {light}",
        f"regression: memory <= base + 10 %, by: tracemalloc, {light}",
        f"regression: memory <= base + 10 %, unit: instructions, {light}",
        f"regression: latency <= base + 10 %, by: rss, {light}",
        "regression: memory <= base + 10 %, of: tests/nothing",
    )
    things.commit_base()
    things.write("src/things.py", CODE.replace("grow(40)", "grow(60)"))
    outcome = things.run()
    assert outcome.statuses == {
        "g0": "failed",
        "g1": "passed",
        "g2": "unmeasured",
        "g3": "passed",
        "g4": "error",
        "g5": "error",
        "g6": "unmeasured",
    }
    assert "required peak memory <= base + 10 % by rss" in sentence(outcome, "g0")
    assert sentence(outcome, "g0").startswith(("+49", "+50"))
    assert re.search(r"(59\.\d|60\.0) MiB here, (39\.\d|40\.0) MiB on", evidence(outcome, "g0"))
    assert "are too little to compare by rss" in sentence(outcome, "g2")
    assert "by tracemalloc, in 2 pairs of fresh processes" in evidence(outcome, "g3")
    # Two tests by rss, then one by tracemalloc: each is told once where no terminal is.
    told = "spec gates: measuring memory beside the base, test "
    lines = [line for line in outcome.output.splitlines() if line.startswith(told)]
    assert lines == [f"{told}{which}, pair" for which in ("1 of 2", "2 of 2", "1 of 1")]
    assert "`unit:` is for time" in sentence(outcome, "g4")
    assert "`by:` is for memory" in sentence(outcome, "g5")
    assert "no test that passed matches tests/nothing" in sentence(outcome, "g6")


def test_the_two_sides_run_the_test_one_after_the_other(things: Project) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    things.write(
        "tests/test_port.py",
        f"""
        import socket, time
        import things

        def test_port():
            with socket.create_server(("127.0.0.1", {port})):
                time.sleep(0.5)
                assert things.heavy()
        """,
    )
    spec(things, "regression: memory <= base + 10 %, of: tests/test_port.py")
    things.commit_base()
    things.write("src/things.py", CODE + "\n")
    outcome = things.run()
    assert outcome.statuses == {"g0": "passed"}, sentence(outcome, "g0")


OTHER_POOLS = """
FLOATS = [float(i) for i in range(115)]
BYTES = [bytes(size) for size in range(2, 512, 16) for _ in range(115)]
"""
"""What moves the next objects to other pools of the allocator, where they cost more or less."""


@has_valgrind
def test_instructions_are_counted(things: Project) -> None:
    spec(
        things,
        f"regression: latency <= base + 2 %, unit: instructions, {BUSY}",
        f"regression: latency <= base + 4 %, unit: instructions, {BUSY}",
        f"regression: throughput >= base - 2 %, unit: instructions, {BUSY}",
        f"regression: latency <= base + 0.5 %, unit: instructions, {AGAIN}",
    )
    things.commit_base()
    things.write("src/things.py", CODE.replace("work(1000)", "work(1030)") + OTHER_POOLS)
    outcome = things.run()
    assert outcome.statuses == {"g0": "failed", "g1": "passed", "g2": "failed", "g3": "passed"}
    assert sentence(outcome, "g0").startswith("+3.")
    assert "required latency <= base + 2 % in instructions" in sentence(outcome, "g0")
    assert sentence(outcome, "g2").startswith(("-2.9", "-3."))
    told = evidence(outcome, "g0")
    assert "instructions of a call, counted by valgrind; no time was measured" in told


@pytest.mark.skipif(sys.version_info < (3, 12), reason="sys.monitoring is of Python 3.12")
def test_bytecodes_are_counted(things: Project) -> None:
    spec(
        things,
        f"regression: latency <= base + 2 %, unit: bytecodes, {BUSY}",
        f"regression: latency <= base + 4 %, unit: bytecodes, {BUSY}",
    )
    things.commit_base()
    things.write("src/things.py", CODE.replace("work(1000)", "work(1030)"))
    outcome = things.run()
    assert outcome.statuses == {"g0": "failed", "g1": "passed"}
    assert "which sees no C code" in evidence(outcome, "g0")


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="sys.monitoring is there")
def test_bytecodes_need_a_newer_python(things: Project) -> None:
    spec(
        things,
        f"regression: latency <= base + 2 %, unit: bytecodes, {BUSY}",
    )
    things.commit_base()
    things.write("src/things.py", CODE + "\n")
    outcome = things.run()
    assert outcome.statuses == {"g0": "unmeasured"}
    assert "does not count bytecodes" in sentence(outcome, "g0")
