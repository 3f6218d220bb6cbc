"""Which processor a pair of processes is measured on, and what the one beside it does meanwhile.

Two threads of one core, which a virtual machine shows as two processors, are slow when both have
work. Whether the other has some may change with each block, even in step with the blocks. So it
is given work, and both sides of a pair always have a busy neighbour.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_WORK = """
import ctypes, os, signal
ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # not to outlive who started it
os.setpriority(os.PRIO_PROCESS, 0, 19)  # whatever else has work is a busy neighbour too
os.kill(os.getpid(), signal.SIGSTOP)  # until it is needed
while os.getppid() == {parent}:
    for _ in range(100_000):
        pass
"""
_SIBLINGS = "/sys/devices/system/cpu/cpu{core}/topology/thread_siblings_list"


def usable() -> list[int]:
    """The processors that this process may run on; empty where that can be neither told nor
    changed."""
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []


def of_pair(number: int) -> int | None:
    """The processor of a pair, by turns: one may be slower than another."""
    cores = usable()
    return cores[number % len(cores)] if cores else None


def neighbour(core: int) -> int | None:
    """The processor that shares a core with this one, as far as is known: a virtual machine does
    not always tell, and numbers them side by side."""
    with contextlib.suppress(OSError, ValueError):
        told = Path(_SIBLINGS.format(core=core)).read_text("ascii").replace("-", ",")
        others = [int(one) for one in told.split(",") if int(one) != core and int(one) in usable()]
        if others:
            return others[0]
    return core ^ 1 if core ^ 1 in usable() else None


@dataclass(frozen=True, slots=True)
class Ballast:
    """A process that does nothing, and does it all the time."""

    process: subprocess.Popen[bytes]

    @contextlib.contextmanager
    def beside(self, core: int) -> Iterator[None]:
        """At work on the neighbour of a processor, as long as the context."""
        place = neighbour(core)
        if place is None:
            yield
            return
        os.sched_setaffinity(self.process.pid, {place})
        self.process.send_signal(signal.SIGCONT)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGSTOP)


@contextlib.contextmanager
def ballast() -> Iterator[Ballast | None]:
    """None where a process cannot be bound to a processor."""
    if not usable() or sys.platform != "linux":
        yield None
        return
    command = [sys.executable, "-I", "-S", "-c", _WORK.format(parent=os.getpid())]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL) as process:
        try:
            yield Ballast(process)
        finally:
            process.kill()
