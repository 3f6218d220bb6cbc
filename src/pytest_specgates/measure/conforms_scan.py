"""One pass over the files of a `conforms` gate, and what its checks come to by it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import cache

from ..model import Check, Measurement, Surroundings, Value, absence
from . import paths
from .conforms_files import scan_file
from .conforms_rows import Columns, Types, column_types
from .conforms_tally import SHOWN, Tally, told
from .schema_files import Schema, follower, part


def measured(
    check: Check, schema: Schema, subjects: Sequence[str], around: Surroundings
) -> Measurement:
    """What a check of the files comes to, or why there is nothing to be measured."""
    tallies: dict[str, Tally] = {}
    for pattern in subjects:
        files = paths.matching(around.root, pattern)
        if not files:
            return absence(f"no file matches {pattern}", "make the data, or correct `of:`")
        for name in files:
            tally = _tally(name, schema, around)
            if not tally.records:
                return absence(f"{name} has no record", "an empty file shows nothing")
            tallies[name] = tally
    return _of_files(check, tallies)


def _tally(name: str, schema: Schema, around: Surroundings) -> Tally:
    """What a file holds. Gates that ask for the same share one pass over it."""
    stat = (around.root / name).stat()
    key = ("scan", schema.name, name, stat.st_size, stat.st_mtime_ns)
    if key not in around.cache:
        types = columns(schema.name, around)
        around.cache[key] = scan_file(around.root, name, schema, types, None)
    found: Tally = around.cache[key]
    return found


def columns(reference: str, around: Surroundings) -> Columns:
    """The types that a schema allows the columns of a table."""
    types: dict[str, Types] = {}

    @cache
    def of(name: str) -> Types:
        if not types:
            types.update(column_types(part(reference, around), follower(reference, around)))
        return types.get(name, frozenset())

    return of


def _of_files(check: Check, tallies: Mapping[str, Tally]) -> Measurement:
    """The values of a check, one a file, with the first problems as evidence."""
    of = _OF_FILE[check.metric]
    evidence: list[str] = []
    kinds: Counter[tuple[str, str]] = Counter()
    for name, tally in tallies.items():
        kinds.update(tally.kinds)
        for (line, column), text in tally.shown[: max(SHOWN - len(evidence), 0)]:
            place = f"{name}:{line}:{column}" if column else f"{name}:{line}"
            evidence.append(f"{place}: {text}")
    left = sum(kinds.values()) - len(evidence)
    more = (f"and {left:,} more", told(kinds)) if left else ()
    total = sum(tally.records for tally in tallies.values())
    return Measurement(
        tuple(Value(name, of(tally), samples=tally.records) for name, tally in tallies.items()),
        evidence=(f"{total} records in {len(tallies)} files", *evidence, *more),
        next_step=f"mend {evidence[0].partition(': ')[0]}" if evidence else "",
    )


_OF_FILE: Mapping[str, Callable[[Tally], Fraction]] = {
    "invalid": lambda tally: Fraction(tally.invalid),
    "valid": lambda tally: Fraction(100 * (tally.records - tally.invalid), tally.records),
    "errors": lambda tally: Fraction(tally.errors),
}
