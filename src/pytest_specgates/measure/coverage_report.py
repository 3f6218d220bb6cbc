"""What coverage says of the files of a scope: one analysis for all gates of a run.

It is the JSON report of coverage itself, so that each number is coverage's own. Files are
analysed once: those that several gates name, for all of them.
"""

from __future__ import annotations

import json
import os
import tempfile
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import ProbeError
from ..model import FileCoverage, Surroundings


@dataclass(frozen=True, slots=True)
class Analysed:
    """A file with its functions and classes, where this version of coverage tells them."""

    whole: FileCoverage
    functions: tuple[FileCoverage, ...] = ()
    classes: tuple[FileCoverage, ...] = ()


def analysed(names: Sequence[str], around: Surroundings, by: str = "") -> list[Analysed]:
    """The files that the coverage configuration does not omit. `by` is a regular expression
    that contexts have to match. Raises ProbeError for a file that cannot be analysed."""
    key = ("coverage", "analysed", by)
    known: dict[str, Analysed | str | None] = around.cache.setdefault(key, {})
    fresh = [name for name in names if name not in known]
    if fresh:
        known.update(_analyse(fresh, around, by))
    found = []
    for name in names:
        one = known[name]
        if isinstance(one, str):
            raise ProbeError(one)
        if one is not None:
            found.append(one)
    return found


def all_analysed(cache: Mapping[Any, Any]) -> tuple[FileCoverage, ...]:
    """All files that gates on what all tests covered have looked at, by name: from the `cache`
    of the surroundings that they were judged in."""
    known: dict[str, Analysed | str | None] = {
        **cache.get(("coverage", "given"), {}),
        **cache.get(("coverage", "analysed", ""), {}),
    }
    found = (known[name] for name in sorted(known))
    return tuple(one.whole for one in found if isinstance(one, Analysed))


def statement_lines(whole: FileCoverage, around: Surroundings) -> frozenset[int]:
    """The lines that coverage counts statements of a file at."""
    lines = frozenset((*whole.executed, *whole.missing)) - frozenset(whole.excluded)
    if len(lines) != whole.statements:
        _, found, _, _, _ = around.run.coverage.coverage.analysis2(str(around.root / whole.name))
        lines = frozenset(found)
    return lines


def _analyse(
    names: Sequence[str], around: Surroundings, by: str
) -> dict[str, Analysed | str | None]:
    """Each file; None for one that is omitted, the reason for one that cannot be analysed."""
    try:
        reported = _report(names, around, by, ignore_errors=False)
        faults: dict[str, str] = {}
    except _AnalysisError:
        # One of them: the others are what they are.
        reported = _report(names, around, by, ignore_errors=True)
        missing = [name for name in names if name not in reported]
        faults = {name: fault for name in missing if (fault := _fault(name, around))}
    return {
        name: read_file(name, reported[name]) if name in reported else faults.get(name)
        for name in names
    }


class _AnalysisError(Exception):
    """One of several files cannot be analysed."""


def _fault(name: str, around: Surroundings) -> str:
    from coverage.exceptions import CoverageException

    try:
        around.run.coverage.coverage.analysis2(str(around.root / name))
    except CoverageException as error:
        return f"{name}: {error}"
    return ""


def _report(
    names: Sequence[str], around: Surroundings, by: str, ignore_errors: bool
) -> dict[str, Mapping[str, Any]]:
    """Coverage's JSON report of files, by their names here; those that it omits are not in it."""
    from coverage.exceptions import CoverageException, NoDataError

    coverage = around.run.coverage.coverage
    root = os.path.realpath(around.root)
    paths = {os.path.realpath(os.path.join(root, name)): name for name in names}
    with tempfile.TemporaryDirectory(prefix="specgates-") as folder, warnings.catch_warnings():
        # That a file was ignored is told by its absence.
        warnings.simplefilter("ignore")
        out = Path(folder, "coverage.json")
        try:
            coverage.json_report(
                morfs=[os.path.join(root, name) for name in names],
                outfile=str(out),
                ignore_errors=ignore_errors,
                # What `run` leaves out, a report of coverage would not look at either.
                omit=_patterns(coverage, "omit"),
                include=_patterns(coverage, "include"),
                contexts=[by] if by else None,
                show_contexts=False,
            )
        except NoDataError:
            return {}  # all of them are omitted
        except CoverageException as error:
            raise _AnalysisError from error
        finally:
            coverage.get_data().set_query_contexts(None)
        files: dict[str, Mapping[str, Any]] = json.loads(out.read_bytes())["files"]
    home = _home(files, paths)
    return {paths[_real(shown, home)]: data for shown, data in files.items()}


def _patterns(coverage: Any, name: str) -> list[str] | None:
    found = [coverage.get_option(f"{section}:{name}") for section in ("run", "report")]
    return [p for patterns in found if isinstance(patterns, list) for p in patterns] or None


def _home(shown: Iterable[str], paths: Mapping[str, str]) -> str:
    """The folder that coverage's relative names begin at: any code of a run can change it."""
    homes: set[str] | None = None
    for name in shown:
        if os.path.isabs(name):
            continue
        ending = os.sep + name.replace("/", os.sep)
        found = {path[: -len(ending)] or os.sep for path in paths if path.endswith(ending)}
        homes = found if homes is None else homes & found
        if len(homes) == 1:
            break
    return next(iter(sorted(homes)), "") if homes else ""


def _real(shown: str, home: str) -> str:
    return os.path.realpath(os.path.join(home, shown))


def read_file(name: str, data: Mapping[str, Any]) -> Analysed:
    """One file of coverage's JSON report."""
    return Analysed(
        _part(name, data),
        tuple(_parts(name, data.get("functions", {}))),
        tuple(_parts(name, data.get("classes", {}))),
    )


def _parts(name: str, regions: Mapping[str, Mapping[str, Any]]) -> Iterable[FileCoverage]:
    return (_part(f"{name}::{region}", data) for region, data in regions.items() if region)


def _part(name: str, data: Mapping[str, Any]) -> FileCoverage:
    summary = data["summary"]
    return FileCoverage(
        name,
        summary["num_statements"],
        tuple(data["executed_lines"]),
        tuple(data["missing_lines"]),
        tuple(data["excluded_lines"]),
        summary.get("num_branches", 0),
        tuple((a, b) for a, b in data.get("missing_branches", ())),
    )
