"""How much work calls do, counted: the instructions that the processor carries out, or those of
Python. For a process made for it, with a fixed hash seed: such a count is the same each time.

`instructions` are counted by valgrind, under which the process runs; `bytecodes` by
`sys.monitoring` (Python 3.12), which sees no C code.
"""

from __future__ import annotations

import ctypes
import os
import platform
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

Run = Callable[[int], object]
"""Makes so many calls."""
_UNSTEADY = Fraction(1, 200)
"""By how much the count of some calls may differ from half the count of twice as many."""
_ROUNDS, _HELD, _SIZES = 4, 5, range(16, 512, 16)
"""So often it is counted, each time with so many more objects of such sizes (bytes) held, since an
allocator does more or less by what it has free. The least counts."""
_SURROUNDINGS: Mapping[str, str] = {
    "PYTHONHASHSEED": "0",
    "PYTHONMALLOC": "malloc",
    "GLIBC_TUNABLES": "glibc.malloc.tcache_count=65535:glibc.malloc.mmap_threshold=16384",
}
"""What a process needs whose instructions are counted. By Python's own allocator every call may
cost two per cent more or less, by where in its arena it happens to be; by that of glibc ten per
cent, unless small blocks are kept to be taken again and large ones are each a mapping."""


class UncountableError(Exception):
    """Why nothing, or nothing that could be relied on, was counted: a sentence."""


def lacking(unit: str) -> tuple[str, str]:
    """Why this machine cannot count that, and what to do about it; ("", "") if it can."""
    if unit == "bytecodes":
        if sys.version_info >= (3, 12):
            return "", ""
        version = platform.python_version()
        return f"Python {version} does not count bytecodes", "run it on Python 3.12 or later"
    step = "install valgrind, or write `unit: bytecodes` (Python alone) or leave `unit:` out (time)"
    if shutil.which("valgrind") is None:
        return "there is no valgrind here to count instructions", step
    if platform.machine().lower() not in ("x86_64", "amd64") or sys.platform != "linux":
        return f"instructions are not counted on {sys.platform}, {platform.machine()}", step
    return "", ""


def command(unit: str, folder: Path) -> list[str]:
    """What a process has to be started by, whose work is counted; `folder` gets the counts."""
    if unit == "bytecodes":
        return []
    made = ["valgrind", "--tool=callgrind", "--instr-atstart=no", "--quiet"]
    return [*made, f"--callgrind-out-file={folder / 'callgrind.%p'}"]


def surroundings(unit: str) -> Mapping[str, str]:
    """The environment variables of a process whose work is counted."""
    return _SURROUNDINGS if unit == "instructions" else {"PYTHONHASHSEED": "0"}


def of_one_call(unit: str, run: Run, calls: int, folder: Path) -> Fraction:
    """What one call does at least, from blocks of `calls` and of twice as many: what starts and
    ends a block is in both. Raises UncountableError."""
    counter = _counted_by_python if unit == "bytecodes" else _counted_by_valgrind
    counter(run, (2 * calls,), folder)  # the first block is to warm up
    found = []
    held: list[bytes] = []
    for _ in range(1 if unit == "bytecodes" else _ROUNDS):
        once, twice = counter(run, (calls, 2 * calls), folder)
        if abs(2 * once - twice) <= _UNSTEADY * twice:
            found.append(Fraction(twice - once, calls))
        held += [bytes(size) for size in _SIZES for _ in range(_HELD)]
    if not found:
        raise UncountableError(
            f"{calls} calls and twice as many do not agree ({once:,} and {twice:,} {unit}): "
            "what it does depends on more than its arguments"
        )
    if min(found) <= 0:
        raise UncountableError(f"a call does nothing that counts as {unit}")
    return min(found)


# --- Python ---------------------------------------------------------------------------------


def _counted_by_python(run: Run, blocks: Sequence[int], folder: Path) -> list[int]:
    monitoring: Any = getattr(sys, "monitoring")  # noqa: B009  # of Python 3.12
    tool = next((n for n in range(6) if monitoring.get_tool(n) is None), None)
    if tool is None:
        raise UncountableError("all tools of sys.monitoring are in use")
    count = 0

    def add(code: object, offset: int) -> None:
        nonlocal count
        count += 1

    instruction = monitoring.events.INSTRUCTION
    found = []
    monitoring.use_tool_id(tool, "pytest-specgates")
    try:
        monitoring.register_callback(tool, instruction, add)
        for calls in blocks:
            count = 0
            monitoring.set_events(tool, instruction)
            try:
                run(calls)
            finally:
                monitoring.set_events(tool, 0)
            found.append(count)
    finally:
        monitoring.register_callback(tool, instruction, None)
        monitoring.free_tool_id(tool)
    return found


# --- valgrind -------------------------------------------------------------------------------

_TOOL = (ord("C") << 24) | (ord("T") << 16)
_DUMP, _ZERO, _START, _STOP = _TOOL, _TOOL + 1, _TOOL + 4, _TOOL + 5
_RUNNING_ON_VALGRIND = 0x1001
"""Client requests, by the numbers of valgrind.h and callgrind.h."""
_REQUEST = "4889f8 4889f2 48c1c703 48c1c70d 48c1c73d 48c1c733 4887db 4889d0 c3"
"""mov rax, rdi; mov rdx, rsi; four rotations of rdi, by 128 bits in all; xchg rbx, rbx; mov rax,
rdx; ret. To a processor that is nothing; valgrind takes it for a request, whose arguments rax
points to."""


@dataclass(frozen=True, slots=True)
class _Valgrind:
    """The way to speak to the valgrind that this process runs under."""

    call: Callable[[int, int], int]
    page: object
    """What holds the code."""

    def ask(self, request: int) -> int:
        arguments = (ctypes.c_uint64 * 6)(request)
        return self.call(ctypes.addressof(arguments), 0)


def _valgrind() -> _Valgrind:
    import mmap

    all_of_it = mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC
    page = mmap.mmap(-1, mmap.PAGESIZE, prot=all_of_it)
    page.write(bytes.fromhex(_REQUEST))
    place = ctypes.addressof(ctypes.c_char.from_buffer(page))
    kind = ctypes.CFUNCTYPE(ctypes.c_uint64, ctypes.c_void_p, ctypes.c_uint64)
    made = _Valgrind(kind(place), page)
    if not made.ask(_RUNNING_ON_VALGRIND):
        raise UncountableError("this process does not run under valgrind")
    return made


def _counted_by_valgrind(run: Run, blocks: Sequence[int], folder: Path) -> list[int]:
    valgrind = _valgrind()
    before = set(_dumps(folder))
    valgrind.ask(_START)
    try:
        for calls in blocks:
            valgrind.ask(_ZERO)
            run(calls)
            valgrind.ask(_DUMP)
    finally:
        valgrind.ask(_STOP)
    found = [number for number in _dumps(folder) if number not in before]
    if len(found) != len(blocks):
        raise UncountableError("valgrind wrote no counts")
    return [_total(folder / f"callgrind.{os.getpid()}.{number}") for number in found]


def _dumps(folder: Path) -> list[int]:
    found = folder.glob(f"callgrind.{os.getpid()}.*")
    return sorted(int(path.suffix[1:]) for path in found)


def _total(path: Path) -> int:
    for line in path.read_text("utf-8", errors="replace").splitlines():
        name, _, count = line.partition(":")
        if name == "totals":
            return int(count)
    raise UncountableError("what valgrind wrote has no total")
