"""The folder of what earlier runs showed: one small file a run, named by its time and commit.

A file is written whole or not at all and never changed, so that runs at the same time do not
disturb each other: the newest of a commit counts. What cannot be read is told and passed over.
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from ..measure import git
from ..measure.tests import incomplete
from ..model import Base, GateReport, History, PastRun, Surroundings
from ..report.history_file import past_run, read_run, render_run
from ..report.recorded import ReportError
from ..writing import write_whole

MOST_RUNS = 200
"""So many runs are kept; the oldest are removed."""
SHOWN = 20
"""So many runs before this one go into a report."""
_LARGEST = 20_000_000
"""Bytes of one run."""
_MOST_BYTES = 100_000_000
"""Bytes of all runs that are read."""
_MOST_NAMES = 10_000
_COMMITS_OF_BASE = 200
_NAME = re.compile(
    r"(?P<time>\d{8}T\d{9}Z)-"
    r"(?P<what>(?P<commit>[0-9a-f]{7,64})-(?P<stage>pre-merge|pre-deploy|post-deploy)(?P<dirty>-dirty)?)"
    r"\.json",
    re.ASCII,
)
_LEFT_OVER = re.compile(r"\.\d{8}T\d{9}Z-.{1,100}-[0-9a-f]{16}", re.ASCII)
_AN_HOUR = 3_600.0


@dataclass(frozen=True, slots=True)
class Entry:
    """The file of a run. `what` is its commit, its stage, and whether it was dirty."""

    path: Path
    time: str
    what: str
    commit: str
    dirty: bool


def why_not_kept(report: GateReport, around: Surroundings) -> str:
    """Why a run is not one that others can be compared with; "" for a run that is."""
    if not report.identity.commit:
        return "no commit is known here"
    if report.errors:
        return "not everything could be read"
    if report.interrupted or report.unjudged:
        return "not all gates were judged"
    gap = incomplete("", around)
    return gap[0] if gap else ""


def with_history(
    report: GateReport, around: Surroundings, folder: Path, base: Base, gap: str = ""
) -> tuple[GateReport, list[str]]:
    """Keep the run, if it is of the whole suite. The report with what the runs before it showed,
    and errors. `gap` says why it is not of the whole suite, where that is known."""
    notes: list[str] = []
    before = [entry for entry in newest(folder) if not _is_same(entry, report)]
    runs = tuple(_read(_readable(before[-SHOWN:]), notes))
    past = History(runs, _last_passed(before, _commits(report, base, around.root), notes))
    if base.commit and past.base is None:
        notes.append(f"the history has no earlier passing run of {base.ref}")
    errors = []
    why = gap or why_not_kept(report, around)
    if why:
        notes.append(f"this run is not kept in the history: {why}")
    else:
        try:
            keep(folder, past_run(report))
        except OSError as error:
            errors.append(f"the history could not be written: {folder}: {error.strerror or error}")
    return replace(report, history=past, notes=(*report.notes, *notes)), errors


def keep(folder: Path, run: PastRun) -> None:
    """Write a run, remove what it replaces and what is too old. Raises OSError."""
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        # Or the next run would be one with uncommitted changes.
        write_whole(folder / ".gitignore", b"*\n")
    moment = re.sub(r"[-:.]", "", run.ended)
    what = f"{run.commit}-{run.stage}{'-dirty' if run.dirty else ''}"
    write_whole(folder / f"{moment}-{what}.json", render_run(run).encode("ascii"))
    # Looked at once: what another run writes meanwhile is no concern of this one.
    there = entries(folder)
    kept = _newest(there)[-MOST_RUNS:]
    for entry in there:
        if entry not in kept:
            # Another run may have removed it already.
            with contextlib.suppress(OSError):
                entry.path.unlink()
    _remove_left_over(folder)


def _remove_left_over(folder: Path) -> None:
    """What a run left behind that died while it wrote."""
    for path in folder.iterdir():
        if _LEFT_OVER.fullmatch(path.name):
            with contextlib.suppress(OSError):
                if time.time() - path.lstat().st_mtime > _AN_HOUR:
                    path.unlink()


def entries(folder: Path) -> list[Entry]:
    """The files of runs, oldest first; none where there is no such folder."""
    try:
        with os.scandir(folder) as found:
            names = [one.name for one in islice(found, _MOST_NAMES)]
    except OSError:
        return []
    made = []
    for name in names:
        match = _NAME.fullmatch(name)
        if match:
            dirty = bool(match["dirty"])
            made.append(Entry(folder / name, match["time"], match["what"], match["commit"], dirty))
    return sorted(made, key=lambda entry: (entry.time, entry.what))


def newest(folder: Path) -> list[Entry]:
    """The newest file of each state of the code, oldest first."""
    return _newest(entries(folder))


def _newest(found: Iterable[Entry]) -> list[Entry]:
    last = {entry.what: entry for entry in found}
    return sorted(last.values(), key=lambda entry: (entry.time, entry.what))


def read_runs(folder: Path, notes: list[str], most: int = MOST_RUNS) -> list[PastRun]:
    """The newest runs, oldest first. `notes` are told what could not be read."""
    return list(_read(_readable(newest(folder)[-most:]), notes))


def _readable(found: Sequence[Entry]) -> list[Entry]:
    """The newest of them that are not too large together, oldest first."""
    kept: list[Entry] = []
    left = _MOST_BYTES
    for entry in reversed(found):
        with contextlib.suppress(OSError):
            left -= entry.path.lstat().st_size
        if left < 0:
            break
        kept.append(entry)
    return kept[::-1]


def _read(found: Iterable[Entry], notes: list[str]) -> Iterator[PastRun]:
    for entry in found:
        try:
            run = read_run(_text(entry.path))
        except FileNotFoundError:
            continue  # another run has removed it
        except (OSError, ReportError) as error:
            why = (error.strerror or error) if isinstance(error, OSError) else error
            notes.append(f"the history has a damaged entry, {entry.path.name}: {why}; remove it")
            continue
        if (run.commit, run.dirty) != (entry.commit, entry.dirty):
            notes.append(f"the history has a damaged entry, {entry.path.name}: of another commit")
            continue
        yield run


def _text(path: Path) -> str:
    """Raises OSError, or ReportError for what is no regular file or too large."""
    # Neither a link nor a pipe: it is not this program that put it there.
    state = path.lstat()
    if not stat.S_ISREG(state.st_mode):
        raise ReportError("not a regular file")
    if state.st_size > _LARGEST:
        raise ReportError(f"larger than {_LARGEST:,} bytes")
    return path.read_bytes().decode("utf-8", "replace")


def _is_same(entry: Entry, report: GateReport) -> bool:
    """Whether a file is of an earlier run of the same state, which this one replaces."""
    identity = report.identity
    return entry.commit == identity.commit and entry.dirty == (identity.dirty is not False)


def _commits(report: GateReport, base: Base, root: Path) -> list[str]:
    """The commits of the base, the nearest first."""
    if not base.commit:
        return []
    try:
        found = git.line_of(root, base.commit, _COMMITS_OF_BASE)
    except git.GitError:
        return []
    return [commit for commit in found if report.identity.dirty or commit != report.identity.commit]


def _last_passed(
    found: Sequence[Entry], commits: Sequence[str], notes: list[str]
) -> PastRun | None:
    """The run of the nearest of these commits at which everything passed."""
    clean: dict[str, list[Entry]] = {}
    for entry in found:
        if not entry.dirty:
            clean.setdefault(entry.commit, []).append(entry)
    for commit in commits:
        for run in _read(reversed(clean.get(commit, [])), notes):
            if run.verdict == "passed":
                return run
    return None
