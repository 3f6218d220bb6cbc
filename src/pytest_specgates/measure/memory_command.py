"""The memory of a command: the most that one process of it had, by what the system tells when
it has ended."""

from __future__ import annotations

import os
import shlex
import sys
import tempfile
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from ..errors import ProbeError
from ..model import Check, Measurement, Surroundings, Value, absence
from .command import bounded, not_allowed, split

DEFAULT_TIMEOUT = 600
"""Seconds that a command, or the process of a test, may take."""
_PREFIX = "command:"
_LAUNCHER = """
import os, sys
out, *argv = sys.argv[1:]
try:
    child = os.posix_spawnp(argv[0], argv, os.environ)
except OSError as error:
    told = f"error {error.strerror}"
else:
    _, status, used = os.wait4(child, 0)
    told = f"{os.waitstatus_to_exitcode(status)} {used.ru_maxrss}"
with open(out, "w") as file:
    file.write(told)
"""
"""A small process that starts the command and waits for it. A process counts, for the instant
in which it is started, the memory of the one that starts it: of pytest that would be much."""


@dataclass(frozen=True, slots=True)
class _Ended:
    exit: int
    highest: int
    output: str


def line_of(subject: str) -> str:
    """The command line of a subject; "" for tests."""
    return subject.removeprefix(_PREFIX).strip() if subject.startswith(_PREFIX) else ""


def probe(line: str, check: Check, around: Surroundings) -> Measurement:
    if "command" not in around.allow:
        return not_allowed()
    if not hasattr(os, "wait4"):
        return absence(
            f"what a process had in memory is not told on {sys.platform}",
            "measure a test that does the same, `by: tracemalloc`",
        )
    ended = _run(line, check, around)
    if ended.exit:
        last = ended.output.strip().splitlines()[-1:]
        return absence(
            f"it exited with {ended.exit}, its memory does not count: {line}"
            + "".join(f": {text[:300]}" for text in last),
            shlex.join(split(line)),
        )
    told = f"{line}: the most that one of its processes had, all of it, when it had ended"
    return Measurement(
        (Value(line, Fraction(ended.highest)),),
        evidence=(told,),
        next_step=shlex.join(split(line)),
    )


def _run(line: str, check: Check, around: Surroundings) -> _Ended:
    limit = float(check.options.get("timeout", DEFAULT_TIMEOUT))
    key = ("memory of a command", line, limit)
    found = around.cache.get(key)
    if not isinstance(found, _Ended):
        found = around.cache[key] = _measured(line, limit, around)
    return found


def _measured(line: str, limit: float, around: Surroundings) -> _Ended:
    argv = split(line)
    with tempfile.TemporaryDirectory(prefix="specgates-") as folder:
        out = Path(folder, "used")
        launcher = (sys.executable, "-I", "-S", "-c", _LAUNCHER, str(out))
        done = bounded((*launcher, *argv), limit, around)
        told = out.read_text("utf-8").partition(" ") if out.is_file() else ("", "", "")
    if done.exit is None:
        raise ProbeError(f"stopped after {done.seconds:.1f} s, its time limit: {line}")
    if told[0] == "error":
        raise ProbeError(f"{argv[0]} cannot be run: {told[2]}")
    if not told[0]:
        raise ProbeError(f"it could not be waited for: {line}")
    return _Ended(int(told[0]), in_bytes(int(told[2])), done.output)


def in_bytes(maxrss: int) -> int:
    """`ru_maxrss`, which is in KiB but on macOS."""
    return maxrss if sys.platform == "darwin" else maxrss << 10
