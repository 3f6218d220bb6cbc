"""`from:`: coverage that another run left in a file, and whether it is of what is here.

A file without a stamp has to be younger than what it is of. With one (`specgates stamp`), the
commit and the digests of both have to be those of here.
"""

from __future__ import annotations

import datetime
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from ..errors import ProbeError
from ..model import CoverageData, FileCoverage, Measurement, RunEvidence, Surroundings, absence
from . import git, paths
from .coverage_formats import LARGEST, SQLITE, Given, read_coverage
from .coverage_report import Analysed
from .coverage_scope import UNNAMED
from .coverage_source import OfRun, Source
from .stamps import fault as fault_of_stamp

_AHEAD = 60
"""Seconds that a clock may be wrong by."""


@dataclass(frozen=True, slots=True)
class FromFile:
    """A source that is a file, with the time when it was made: it may be stale."""

    name: str
    source: Source
    made: float
    around: Surroundings

    @property
    def what(self) -> str:
        return self.source.what

    @property
    def endings(self) -> tuple[str, ...]:
        return self.source.endings

    def no_branches(self) -> Measurement | None:
        if self.source.no_branches() is None:
            return None
        return absence(f"{self.name} has no branches", "have them reported too")

    def names(self, subject: str) -> list[str]:
        return self.source.names(subject)

    def gap(self, subject: str, names: Sequence[str]) -> Measurement | None:
        gap = self.source.gap(subject, names)
        stale = "" if gap is not None or not names else _fault(self, names)
        if not stale:
            return gap
        return absence(
            f"{self.name} is stale: {stale}",
            "make it anew; where another job makes it, `specgates stamp` says there what it is of",
        )

    def files(self, names: Sequence[str], by: str) -> list[Analysed]:
        return self.source.files(names, by)

    def statement_lines(self, whole: FileCoverage) -> frozenset[int]:
        return self.source.statement_lines(whole)

    def told(self, names: Sequence[str]) -> str:
        return "; ".join(filter(None, (f"from {self.name}", self.source.told(names))))


def from_file(name: str, around: Surroundings) -> Source | Measurement:
    """The coverage in a file, or why there is none. Raises ProbeError for one that is not
    coverage."""
    key = ("coverage", "from", name)
    if key not in around.cache:
        around.cache[key] = _from_file(name, around)
    found: Source | Measurement = around.cache[key]
    return found


def files_of_evidence(root: Path, name: str) -> list[str]:
    """The files here that a file of coverage is of. Raises ProbeError."""
    found = from_file(name, Surroundings(root))
    if isinstance(found, Measurement):
        raise ProbeError(found.reason)
    return found.names(UNNAMED)


def _from_file(name: str, around: Surroundings) -> Source | Measurement:
    name = paths.inside(around.root, name)
    if paths.matching(around.root, name) != [name]:
        return absence(f"{name} is not there", "make it before the gates are judged")
    file = around.root / name
    size, made = file.stat().st_size, file.stat().st_mtime
    if size > LARGEST:
        raise ProbeError(f"{name} is larger than {LARGEST:,} bytes")
    data = file.read_bytes()
    try:
        if data.startswith(SQLITE):
            return FromFile(name, OfRun(_surroundings(file, around)), made, around)
        given = read_coverage(data)
    except ProbeError as error:
        raise ProbeError(f"{name}: {error}") from error
    found = _resolved(given, name, around.root)
    around.cache.setdefault(("coverage", "given"), {}).update(found)
    stated = made if given.made is None else min(made, given.made)
    return FromFile(name, OfFile(given, found, around), stated, around)


def _surroundings(file: Path, around: Surroundings) -> Surroundings:
    """Those of a run that had coverage's data in this file."""
    import coverage
    from coverage.exceptions import CoverageException

    try:
        made = coverage.Coverage(data_file=str(file), config_file=True)
        made.load()
    except CoverageException as error:
        raise ProbeError(f"coverage: {error}") from error
    # What is found out of its files is reported with the rest.
    shown = around.cache.setdefault(("coverage", "given"), {})
    cache = {("coverage", "analysed", ""): shown}
    return replace(around, run=RunEvidence(coverage=CoverageData(coverage=made)), cache=cache)


def _resolved(given: Given, name: str, root: Path) -> dict[str, Analysed]:
    """The files by their names here; those that are not here are left out."""
    home = os.path.realpath(root)
    here = PurePosixPath(name).parent
    starts = [*given.folders, home, *(os.path.join(home, p) for p in (here, *here.parents))]
    found: dict[str, Analysed] = {}
    for written, one in given.files.items():
        known = _place(written.replace("\\", "/"), starts, home)
        if known in found:
            raise ProbeError(f"{name}: {written} and another name in it are both {known}")
        if known:
            found[known] = replace(one, whole=replace(one.whole, name=known))
    return found


def _place(written: str, starts: Sequence[str], home: str) -> str:
    """A file below the root, as it is named here: where it says to be or, if it was written on
    another machine, the longest end of it that is here."""
    whole = [os.path.join(start, written) for start in starts]
    parts = PurePosixPath(written).parts[1:] if written.startswith("/") else ()
    ends = [os.path.join(home, *parts[n:]) for n in range(1, len(parts))]
    for path in (*whole, *ends):
        real = os.path.realpath(path)
        if real.startswith(home + os.sep) and os.path.isfile(real):
            return os.path.relpath(real, home).replace(os.sep, "/")
    return ""


@dataclass(frozen=True, slots=True)
class OfFile:
    """What a file says, in any language: its lines are its statements."""

    given: Given
    found: Mapping[str, Analysed]
    around: Surroundings
    what: str = "file that it has"

    @property
    def endings(self) -> tuple[str, ...]:
        return tuple(sorted({PurePosixPath(name).suffix for name in self.found} - {""}))

    def no_branches(self) -> Measurement | None:
        return None if self.given.has_branches else absence("there are no branches in it")

    def names(self, subject: str) -> list[str]:
        if subject == UNNAMED:
            return sorted(self.found)
        there = paths.matching(self.around.root, subject)
        return [n for n in there if n in self.found or n.endswith(self.endings or ("\0",))]

    def gap(self, subject: str, names: Sequence[str]) -> Measurement | None:
        unknown = [name for name in names if name not in self.found]
        if not unknown or not any(name in self.found for name in names):
            return None  # a scope of which nothing is known has no file
        more = f" and {len(unknown) - 1} more" if len(unknown) > 1 else ""
        return absence(
            f"nothing is said of {unknown[0]}{more}",
            "have all files reported, also those that no test loads, or leave them out: `omit:`",
        )

    def files(self, names: Sequence[str], by: str) -> list[Analysed]:
        return [self.found[name] for name in names if name in self.found]

    def statement_lines(self, whole: FileCoverage) -> frozenset[int]:
        return frozenset((*whole.executed, *whole.missing)) - frozenset(whole.excluded)

    def told(self, names: Sequence[str]) -> str:
        missing = len(self.given.files) - len(self.found)
        return f"{missing} files that it names are not here" if missing else ""


def _fault(found: FromFile, names: Sequence[str]) -> str:
    """Why the file is not of what is here; "" where it is."""
    around = found.around
    stamped = fault_of_stamp(around.root, found.name, names, around.cache)
    if stamped is None:
        stamped = _fault_of_age(found, names, around.root)
    return stamped or _fault_of_lines(found, names, around.root)


def _fault_of_age(found: FromFile, names: Sequence[str], root: Path) -> str:
    if git.are_committed(root, [found.name]):
        return "it is committed, so no run of this commit made it"
    if found.made > time.time() + _AHEAD:
        return f"it was made at {_utc(found.made)}, which is still to come"
    for name in names:
        changed = (root / name).stat().st_mtime
        if changed > found.made:
            return f"{name} was changed at {_utc(changed)}, it was made at {_utc(found.made)}"
    return ""


def _fault_of_lines(found: FromFile, names: Sequence[str], root: Path) -> str:
    """That it speaks of lines that are not there."""
    for one in found.files(names, ""):
        known = (*one.whole.executed, *one.whole.missing)
        if known:
            data = (root / one.whole.name).read_bytes()
            lines = data.count(b"\n") + (not data.endswith(b"\n"))
            if max(known) > lines:
                return f"it has line {max(known)} of {one.whole.name}, which has {lines} lines"
    return ""


def _utc(seconds: float) -> str:
    moment = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"
