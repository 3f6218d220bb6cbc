"""The process that keeps the neighbour of a measured processor busy."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from pytest_specgates.adapter import processors

pytestmark = pytest.mark.skipif(
    len(processors.usable()) < 2 or not Path("/proc/self/stat").exists(),
    reason="it takes two processors that a process can be bound to, and /proc",
)


def state(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(") ")[2][0]


def is_soon(pid: int, wanted: str) -> bool:
    end = time.monotonic() + 30
    while state(pid) != wanted and time.monotonic() < end:
        time.sleep(0.01)
    return state(pid) == wanted


def test_it_works_on_the_neighbour_and_rests_otherwise() -> None:
    core = next((c for c in processors.usable() if processors.neighbour(c) is not None), None)
    if core is None:
        pytest.skip("no usable processor has a usable neighbour")
    with processors.ballast() as ballast:
        assert ballast is not None
        pid = ballast.process.pid
        assert is_soon(pid, "T")
        with ballast.beside(core):
            assert is_soon(pid, "R")
            assert os.sched_getaffinity(pid) == {processors.neighbour(core)}
        assert is_soon(pid, "T")
    assert ballast.process.returncode is not None


def test_a_neighbour_is_a_processor_that_can_be_used() -> None:
    for core in processors.usable():
        assert processors.neighbour(core) in {None, *processors.usable()} - {core}
