"""A large file of lines, read by several processes: each has a range of its bytes.

The other processes run this module alone, by the interpreter and the path of this one: what a
process that runs tests has imported, and what it holds, does not matter to them.
"""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from ..errors import ProbeError
from ..model import Surroundings
from .conforms_fields import Wanted
from .conforms_lines import scan_lines
from .conforms_tally import Tally
from .coverage_processes import untraced
from .schema_files import Schema, compiled

WORTH = 1 << 25
"""Bytes from which on another process is worth its start."""
_RUN = (
    "import json, sys; job = json.load(sys.stdin); sys.path[:] = job['path']; "
    "from pytest_specgates.measure import conforms_split; conforms_split.work(job)"
)


def scan_split(
    root: Path,
    name: str,
    schema: Schema,
    wanted: Iterable[Wanted],
    cores: int,
    tick: Callable[[int], None] | None = None,
) -> Tally:
    """One pass over a file of lines by so many processes, of which this is one."""
    ranges = _ranges(root / name, cores)
    asked = list(wanted)
    job = {"path": sys.path, "root": str(root), "name": name, "schema": schema.name}
    others = []
    try:
        for start, length in ranges[1:]:
            others.append(_started({**job, "start": start, "length": length, "wanted": asked}))
        tally = _part(root / name, schema, asked, *ranges[0], tick)
        for process in others:
            tally.add(_result(process, name))
    finally:
        for process in others:
            if process.poll() is None:
                process.kill()
            process.communicate()
    return tally


def _ranges(path: Path, count: int) -> list[tuple[int, int]]:
    """The ranges of bytes, each from the begin of a line: where they begin, and their length."""
    size = path.stat().st_size
    starts = [0]
    with path.open("rb") as file:
        for number in range(1, count):
            file.seek(max(size * number // count, starts[-1]))
            file.readline()
            starts.append(file.tell())
    ends = [*starts[1:], size]
    found = [(a, b - a) for a, b in zip(starts, ends, strict=True) if b > a]
    return found or [(0, size)]


def _part(
    path: Path,
    schema: Schema,
    wanted: Iterable[Wanted],
    start: int,
    length: int,
    tick: Callable[[int], None] | None,
) -> Tally:
    with path.open("rb") as file:
        file.seek(start)
        return scan_lines(file, schema, wanted, length, is_start=start == 0, tick=tick)


def _started(job: dict[str, Any]) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-I", "-c", _RUN],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=untraced(),
    )
    assert process.stdin is not None  # a pipe was asked for
    process.stdin.write(json.dumps(job).encode())
    process.stdin.close()
    process.stdin = None
    return process


def _result(process: subprocess.Popen[bytes], name: str) -> Tally:
    written, errors = process.communicate()
    if process.returncode:
        last = errors.decode("utf-8", "replace").strip().rpartition("\n")[2]
        raise ProbeError(f"{name}: a process that read a part of it broke: {last[:300]}")
    tally: Tally = pickle.loads(written)
    return tally


def work(job: dict[str, Any]) -> None:
    """In another process: read the range, and write what was found to the standard output."""
    root = Path(job["root"])
    schema = compiled(job["schema"], Surroundings(root=root))
    wanted = [Wanted(what, tuple(fields)) for what, fields in job["wanted"]]
    tally = _part(root / job["name"], schema, wanted, job["start"], job["length"], None)
    with os.fdopen(sys.stdout.fileno(), "wb", closefd=False) as out:
        pickle.dump(tally, out, protocol=5)
