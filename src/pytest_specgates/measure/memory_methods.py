"""What calls take of memory, by each method, in this process: for a process made for it.

`rss` is what the system counts: the high-water mark is reset before the call, so that nothing
within it is missed, however short. `tracemalloc` counts what Python allocates, and no more.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import os
import subprocess
import sys
import tempfile
import tracemalloc
import warnings
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from .memory_command import in_bytes

Call = Callable[[], object]
STATUS, CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")
BLOCKS = 20
_NEAR = 2 << 20
"""How far apart two counts of one process may be: the kernel keeps some pages back."""


class UnmeasurableError(Exception):
    """This system does not tell what the method needs: the reason, as a sentence."""


def peak_of(call: Call, by: str) -> dict[str, Any]:
    """The fields of a MemoryUse after one call. What the call raises is raised."""
    return {"rss": _resident_peak, "tracemalloc": _traced_peak, "memray": _memray_peak}[by](call)


def growth_of(call: Call, by: str, calls: int) -> dict[str, Any]:
    """The same after at least so many calls in blocks, and a quarter as many to warm up."""
    block = -(-calls // BLOCKS)
    warm_up = 4 * block
    _repeat(call, warm_up)
    with _tracing() if by == "tracemalloc" else contextlib.nullcontext():
        _repeat(call, block)  # what is replaced at each call is traced only from its second on
        marks = array("q", bytes(8 * (BLOCKS + 1)))  # takes no more when it is filled
        marks[0] = _held(by)
        for number in range(1, BLOCKS + 1):
            _repeat(call, block)
            marks[number] = _held(by)
    return {"warm_up": warm_up + block, "calls": block, "marks": list(marks), "start": marks[0]}


def _repeat(call: Call, times: int) -> None:
    # What is warned of is kept by whoever records it; here it is dropped.
    with warnings.catch_warnings(record=True):
        for _ in range(times):
            call()


def _held(by: str) -> int:
    give_back()
    return tracemalloc.get_traced_memory()[0] if by == "tracemalloc" else resident()[0]


def give_back() -> None:
    """Free what is garbage, and return what is free: a call that took it again would seem to
    take nothing."""
    gc.collect()
    _trimmer()(0)


@functools.cache
def _trimmer() -> Callable[[int], object]:
    try:
        import ctypes

        return cast("Callable[[int], object]", ctypes.CDLL(None).malloc_trim)
    except (ImportError, OSError, TypeError, AttributeError):
        return lambda _: None  # only glibc has it


# --- tracemalloc, memray --------------------------------------------------------------------


@contextlib.contextmanager
def _tracing() -> Iterator[None]:
    is_on = tracemalloc.is_tracing()
    tracemalloc.start(1)
    try:
        yield
    finally:
        if not is_on:
            tracemalloc.stop()


def _traced_peak(call: Call) -> dict[str, Any]:
    give_back()
    with _tracing():
        tracemalloc.reset_peak()
        start = tracemalloc.get_traced_memory()[0]
        call()
        return {"start": start, "peak": tracemalloc.get_traced_memory()[1] - start}


def _memray_peak(call: Call) -> dict[str, Any]:
    import memray

    give_back()
    with tempfile.TemporaryDirectory(prefix="specgates-") as folder:
        file = Path(folder, "memray.bin")
        with memray.Tracker(str(file)):
            call()
        with memray.FileReader(str(file)) as reader:
            peak = int(reader.metadata.peak_memory)
    return {"start": 0, "peak": peak}


# --- rss ------------------------------------------------------------------------------------


def _resident_peak(call: Call) -> dict[str, Any]:
    give_back()
    is_reset = _reset()
    start, before = resident()
    children = _Children()
    call()
    of_children = children.found()
    end, high = resident()
    found: dict[str, Any] = {"start": start, "peak": max(0, high - start)}
    if not is_reset and high <= before:
        # Something before the call was higher: all that is sure is what there is now.
        sure = max(0, end - start)
        found |= {"peak": sure, "hidden": found["peak"] - sure}
        found["why"] = "the high-water mark cannot be reset here, and was higher before the call"
    return found | {"child": of_children.living} | of_children.beside(high, found)


def _reset() -> bool:
    """Whether the high-water mark could be set to what there is now."""
    try:
        CLEAR.write_text("5")
    except OSError:
        return False
    return True


def resident() -> tuple[int, int]:
    """Bytes that this process has in memory, and the most that it had. Raises UnmeasurableError."""
    try:
        lines = STATUS.read_text("ascii", errors="replace").splitlines()
    except OSError:
        return _resident_elsewhere()
    sizes = {name: text.split() for name, _, text in (line.partition(":") for line in lines)}
    if not sizes.get("VmRSS") or not sizes.get("VmHWM"):
        raise UnmeasurableError(f"{STATUS} does not tell what a process has in memory")
    return int(sizes["VmRSS"][0]) << 10, int(sizes["VmHWM"][0]) << 10


def _resident_elsewhere() -> tuple[int, int]:
    """The same where there is no /proc."""
    try:
        import resource
    except ImportError:
        raise UnmeasurableError(
            f"what a process has in memory is not told on {sys.platform}"
        ) from None
    told = subprocess.run(
        ["ps", "-o", "rss=", "-p", str(os.getpid())], capture_output=True, text=True, check=False
    ).stdout.strip()
    if not told.isdigit():
        raise UnmeasurableError("`ps` does not tell what a process has in memory")
    now = int(told) << 10
    return now, max(now, in_bytes(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss))


class _Children:
    """The processes that were started from here on, and how large the largest of them was."""

    def __init__(self) -> None:
        self.old = set(_below("self"))
        self.before = _of_ended()

    def found(self) -> _Found:
        after, faults = _of_ended()
        has_ended = faults != self.before[1]
        is_new = after > self.before[0]
        living = max((_highest(pid) for pid in _below("self") if pid not in self.old), default=0)
        return _Found(living, after if has_ended else 0, is_new)


@dataclass(frozen=True, slots=True)
class _Found:
    """Bytes of the largest process that is still there, and of the largest that ended (of those
    before, too, unless `is_new`)."""

    living: int
    ended: int
    is_new: bool

    def beside(self, high: int, of_parent: dict[str, Any]) -> dict[str, Any]:
        """The fields that say more. A process has, for the instant in which it is started, all
        that the one that starts it has (`high`), and the system counts that for it: only of one
        that had more it is known how much."""
        if self.ended <= self.living:
            return {}
        if self.is_new and self.ended > high + _NEAR:
            return {"child": self.ended}
        why = "of a process that it started nobody can tell how much of that was its own"
        hidden = int(of_parent.get("hidden", 0)) + self.ended - self.living
        return {"hidden": hidden, "why": of_parent.get("why", why)}


def _of_ended() -> tuple[int, int]:
    """Bytes of the largest child that ended so far, and how often those took a page."""
    import resource

    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return in_bytes(used.ru_maxrss), used.ru_minflt


def _below(pid: str) -> Iterator[str]:
    """The processes that a process started, and those started by them, that are still there."""
    for file in Path("/proc", pid, "task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in file.read_text("ascii").split():
                yield child
                yield from _below(child)


def _highest(pid: str) -> int:
    """Bytes that another process had at most; 0 where it is gone."""
    try:
        lines = Path("/proc", pid, "status").read_text("ascii", errors="replace").splitlines()
    except OSError:
        return 0
    found = next((line.split()[1] for line in lines if line.startswith("VmHWM:")), "0")
    return int(found) << 10
