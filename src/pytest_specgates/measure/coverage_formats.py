"""Files in which other runs and other languages keep coverage: LCOV, Cobertura XML, coverage JSON.

Each is read as plain numbers: what a file was executed on, line by line. Names are as written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..errors import ProbeError
from ..model import FileCoverage
from .coverage_report import Analysed, read_file
from .json_keys import once

LARGEST = 200_000_000
"""Bytes of a file of coverage."""
SQLITE = b"SQLite format 3\0"
_MOST_LINES = 10_000_000
_WHOLE = re.compile(r"[0-9]{1,18}", re.ASCII)
_CONDITIONS = re.compile(r"[0-9.]+% \(([0-9]{1,9})/([0-9]{1,9})\)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Given:
    """What a file of coverage says. `folders` are where its relative names may begin; `made` is
    when it was made, in seconds since the epoch, if it says so."""

    format: str
    files: Mapping[str, Analysed]
    has_branches: bool = False
    folders: tuple[str, ...] = ()
    made: float | None = None


@dataclass(slots=True)
class _Hits:
    """What is known of one file: hits by line, and by (line, branch)."""

    lines: dict[int, int] = field(default_factory=dict)
    branches: dict[tuple[int, str], int] = field(default_factory=dict)

    def line(self, number: int, hits: int) -> None:
        self.lines[number] = max(hits, self.lines.get(number, 0))
        if len(self.lines) > _MOST_LINES:
            raise ProbeError(f"more than {_MOST_LINES:,} lines of one file")

    def branch(self, number: int, name: str, hits: int) -> None:
        key = number, name
        self.branches[key] = max(hits, self.branches.get(key, 0))


def read_coverage(data: bytes) -> Given:
    """Coverage in any of the formats, by what it looks like. Raises ProbeError."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ProbeError(f"not UTF-8: {error.reason} at byte {error.start}") from error
    start = text.lstrip()[:1]
    if start == "{":
        return _coverage_json(text)
    if start == "<":
        return _cobertura(data)
    if re.match(r"(TN|SF|VER):", text.lstrip()):
        return _lcov(text)
    raise ProbeError("neither coverage's data or JSON, nor Cobertura XML, nor LCOV")


# --- LCOV ---------------------------------------------------------------------------------


def _lcov(text: str) -> Given:
    """Source: the man page of geninfo, https://manpages.debian.org/stable/lcov/geninfo.1.en.html"""
    found: dict[str, _Hits] = {}
    hits: _Hits | None = None
    for number, line in enumerate(text.splitlines(), 1):
        key, separator, rest = line.strip().partition(":")
        if key == "SF":
            if hits is not None:
                raise ProbeError(f"line {number}: a record begins within another one")
            hits = found.setdefault(rest, _Hits())
        elif key == "end_of_record" and not separator:
            hits = None
        elif key in ("DA", "BRDA"):
            if hits is None:
                raise ProbeError(f"line {number}: {key} outside of a record")
            fields = rest.split(",")
            if key == "DA" and len(fields) >= 2:
                hits.line(_line(fields[0], number), _count(fields[1], number))
            elif key == "BRDA" and len(fields) >= 4:
                name = ",".join(fields[1:-1])
                taken = 0 if fields[-1] == "-" else _count(fields[-1], number)
                hits.branch(_line(fields[0], number), name, taken)
            else:
                raise ProbeError(f'line {number}: "{line[:80]}" has too few fields')
    if hits is not None:
        raise ProbeError("it ends within a record: it was cut short")
    return _given("LCOV", found)


def _line(text: str, at: int) -> int:
    number = _count(text, at)
    if number < 1:
        raise ProbeError(f"line {at}: {text!r} is no line number")
    return number


def _count(text: str, at: int) -> int:
    if not _WHOLE.fullmatch(text.strip()):
        raise ProbeError(f"line {at}: {text[:40]!r} is no count")
    return int(text)


# --- Cobertura ----------------------------------------------------------------------------


def _cobertura(data: bytes) -> Given:
    """Source: https://github.com/cobertura/web/blob/master/htdocs/xml/coverage-04.dtd"""
    from xml.etree import ElementTree

    if b"<!ENTITY" in data or b"\0" in data:
        raise ProbeError("XML that defines entities is not read")
    found: dict[str, _Hits] = {}
    folders: list[str] = []
    made: float | None = None
    try:
        root = ElementTree.fromstring(data)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise ProbeError(f"not XML: {error}") from error
    if root.tag != "coverage" or root.find("packages") is None:
        raise ProbeError(f"XML of <{root.tag[:40]}>, not Cobertura's <coverage> with <packages>")
    folders = [(source.text or "").strip() for source in root.iter("source")]
    stamp = root.get("timestamp", "")
    if _WHOLE.fullmatch(stamp):
        seconds = int(stamp)
        made = seconds / 1000 if seconds > 10**11 else float(seconds)
    for one in root.iter("class"):
        hits = found.setdefault(one.get("filename", ""), _Hits())
        for line in one.iterfind("lines/line"):
            number = _line(line.get("number", ""), 0)
            hits.line(number, _count(line.get("hits", ""), 0))
            conditions = _CONDITIONS.match(line.get("condition-coverage", ""))
            if conditions:
                taken, all_of_them = int(conditions[1]), int(conditions[2])
                if taken > all_of_them or all_of_them > _MOST_LINES:
                    raise ProbeError(f"line {number} has {taken} of {all_of_them} branches")
                for branch in range(all_of_them):
                    hits.branch(number, str(branch), int(branch < taken))
    return _given("Cobertura", found, tuple(f for f in folders if f), made)


def _given(
    form: str, found: Mapping[str, _Hits], folders: tuple[str, ...] = (), made: float | None = None
) -> Given:
    files = {name: Analysed(_file(name, hits)) for name, hits in found.items() if hits.lines}
    return Given(form, files, any(hits.branches for hits in found.values()), folders, made)


def _file(name: str, hits: _Hits) -> FileCoverage:
    lines = sorted(hits.lines)
    return FileCoverage(
        name,
        len(lines),
        tuple(line for line in lines if hits.lines[line]),
        tuple(line for line in lines if not hits.lines[line]),
        (),
        len(hits.branches),
        # Where it leads to is not said: only that one of the line was not taken.
        tuple(sorted((line, line) for (line, _), taken in hits.branches.items() if not taken)),
    )


# --- coverage JSON ------------------------------------------------------------------------


def _coverage_json(text: str) -> Given:
    """The JSON report of coverage itself. Source: https://coverage.readthedocs.io"""
    try:
        data: Any = json.loads(text, object_pairs_hook=once)
    except (ValueError, RecursionError) as error:
        raise ProbeError(f"not JSON: {error}") from error
    meta, files = data.get("meta"), data.get("files")
    if not isinstance(meta, dict) or not isinstance(files, dict):
        raise ProbeError("JSON, and not the report of `coverage json`")
    found = {}
    for name, one in files.items():
        try:
            _check(one)
            found[name] = read_file(name, one)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ProbeError(f"{name}: not a file of `coverage json` ({error!r})") from error
    return Given("coverage JSON", found, meta.get("branch_coverage") is True)


def _check(one: Mapping[str, Any]) -> None:
    """Raises ValueError where the numbers of a file do not belong together."""
    summary = one["summary"]
    lines = {name: set(_numbers(one[f"{name}_lines"])) for name in ("executed", "missing")}
    statements = len((lines["executed"] | lines["missing"]) - set(_numbers(one["excluded_lines"])))
    if lines["executed"] & lines["missing"]:
        raise ValueError("a line is executed, and missing too")
    if summary["num_statements"] != statements:
        raise ValueError(f"{summary['num_statements']} statements, and lines of {statements}")
    untaken = one.get("missing_branches", ())
    if summary.get("num_branches", 0) < len(untaken):
        raise ValueError("more branches are missing than there are")


def _numbers(found: Iterable[Any]) -> Iterator[int]:
    for one in found:
        if type(one) is not int or one < 1:
            raise ValueError(f"{one!r} is no line number")
        yield one
