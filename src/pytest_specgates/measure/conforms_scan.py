"""One pass over the files of a `conforms` gate, and what its checks come to by it."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import cache

from ..model import Check, Lines, Measurement, Surroundings, Value, absence
from . import paths
from .conforms_clauses import is_of_fields, of_check, wanted
from .conforms_fields import MOST_KEYS, MOST_NUMBERS, Seen, Wanted, duplicates, statistic
from .conforms_files import scan_file
from .conforms_rows import Columns, Types, column_types
from .conforms_tally import SHOWN, Place, Tally, told
from .schema_files import Schema, follower, part


def measured(
    check: Check, schema: Schema, subjects: Sequence[str], around: Surroundings
) -> Measurement:
    """What a check of the files comes to, or why there is nothing to be measured."""
    checks = around.gate.checks if around.gate is not None else (check,)
    looked_at = wanted((*checks, check), check)
    tallies: dict[str, Tally] = {}
    for pattern in subjects:
        files = paths.matching(around.root, pattern)
        if not files:
            return absence(f"no file matches {pattern}", "make the data, or correct `of:`")
        for name in files:
            tally = _tally(name, schema, looked_at, around)
            if tally.unread is not None:
                return _unread(name, *tally.unread)
            if not tally.records:
                return absence(f"{name} has no record", "an empty file shows nothing")
            tallies[name] = tally
    if check.metric == "records" and not check.is_named_freely:
        total = sum(tally.records for tally in tallies.values())
        data = ", ".join(subjects)
        return Measurement((Value(data, total, samples=total),), next_step="make more data")
    if is_of_fields(check):
        return _of_fields(check, tallies)
    return _of_files(check, tallies)


def _unread(name: str, place: Place, reason: str) -> Measurement:
    """Of what stands behind, nothing is known: a limit that tolerates faults would pass."""
    line, column = place
    where = f"{name}:{line}:{column}" if column else f"{name}:{line}"
    return Measurement(
        absent="unmeasured",
        reason=f"{where}: {reason}; the file was read up to there only",
        next_step=f"mend {where}",
        places=(Lines(name, line, line),),
    )


def _tally(name: str, schema: Schema, looked_at: frozenset[Wanted], around: Surroundings) -> Tally:
    """What a file holds. Checks and gates that ask for the same share one pass over it."""
    stat = (around.root / name).stat()
    key = ("scan", schema.name, name, stat.st_size, stat.st_mtime_ns, looked_at)
    if key not in around.cache:
        types = columns(schema.name, around)
        around.cache[key] = scan_file(
            around.root, name, schema, types, looked_at, cores=around.cores, tell=around.tell
        )
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
    lines: list[Lines] = []
    kinds: Counter[tuple[str, str]] = Counter()
    for name, tally in tallies.items():
        kinds.update(tally.kinds)
        for (line, column), text in tally.shown[: max(SHOWN - len(evidence), 0)]:
            place = f"{name}:{line}:{column}" if column else f"{name}:{line}"
            evidence.append(f"{place}: {text}")
            lines.append(Lines(name, line, line))
    left = sum(kinds.values()) - len(evidence)
    more = (f"and {left:,} more", told(kinds)) if left else ()
    total = sum(tally.records for tally in tallies.values())
    return Measurement(
        tuple(Value(name, of(tally), samples=tally.records) for name, tally in tallies.items()),
        evidence=(f"{total} records in {len(tallies)} files", *evidence, *more),
        next_step=f"mend {evidence[0].partition(': ')[0]}" if evidence else "",
        places=tuple(dict.fromkeys(lines)),
    )


_OF_FILE: Mapping[str, Callable[[Tally], Fraction]] = {
    "invalid": lambda tally: Fraction(tally.invalid),
    "valid": lambda tally: Fraction(100 * (tally.records - tally.invalid), tally.records),
    "errors": lambda tally: Fraction(tally.errors),
}


# --- fields, of all files together --------------------------------------------------------


def _of_fields(check: Check, tallies: Mapping[str, Tally]) -> Measurement:
    asked = of_check(check)
    parts = [tally.seen.get(asked, Seen()) for tally in tallies.values()]
    named = ", ".join(asked.fields)
    records = sum(part.records for part in parts)
    if not records:
        return absence("no record could be read", "mend the data first")
    if asked.what == "unique":
        return _of_keys(parts, list(tallies), named, records)
    if asked.what == "nulls":
        nulls = sum(part.nulls for part in parts)
        value = Value(named, Fraction(100 * nulls, records), samples=records)
        return Measurement((value,), evidence=(f"{nulls:,} of {records:,} records have none",))
    if asked.what == "newest":
        return _of_times(parts, named, records)
    return _of_numbers(check, parts, named, records)


def _of_keys(parts: Sequence[Seen], names: list[str], named: str, records: int) -> Measurement:
    if sum(part.records for part in parts) > MOST_KEYS or any(part.dropped for part in parts):
        return absence(f"more than {MOST_KEYS:,} keys are not kept", "split the data")
    nulls = sum(part.nulls for part in parts)
    if nulls == records:
        return absence(f"no record has {named}", f"correct the field {named}")
    count, shown = duplicates(parts, SHOWN)
    evidence = [
        f"{names[file]}:{line}: its {named} stands at {names[first[0]]}:{first[1]} already"
        for first, (file, line) in shown[:SHOWN]
    ]
    more = [f"and {count - len(evidence):,} more"] if count > len(evidence) else []
    if nulls:
        more.append(f"{nulls:,} of {records:,} records have none, which is one key")
    step = f"look at {evidence[0].partition(': ')[0]}" if evidence else ""
    value = Value(named, Fraction(count), samples=records)
    return Measurement((value,), evidence=(*evidence, *more), next_step=step)


def _of_times(parts: Sequence[Seen], named: str, records: int) -> Measurement:
    now = datetime.datetime.now(datetime.timezone.utc)
    times = [part.newest for part in parts if part.newest is not None]
    left = [
        f"{count:,} of {records:,} {what}, and are not counted"
        for what, count in (
            ("lie in the future", sum(part.future for part in parts)),
            ("are no date or time", sum(part.unread for part in parts)),
        )
        if count
    ]
    if not times:
        why = f"; {left[0]}" if left else ""
        return absence(f"no record has a time in {named}{why}", f"correct the field {named}")
    newest = max(times)
    age = now - newest
    seconds = Fraction(age // datetime.timedelta(microseconds=1), 10**6)
    told_newest = newest.astimezone(datetime.timezone.utc).isoformat(timespec="seconds")
    return Measurement(
        (Value(named, max(seconds, Fraction()), samples=records),),
        evidence=(f"the newest is of {told_newest.replace('+00:00', 'Z')}", *left),
        next_step="make the data anew",
    )


def _of_numbers(check: Check, parts: Sequence[Seen], named: str, records: int) -> Measurement:
    count = sum(part.count for part in parts)
    if not count:
        return absence(f"no record has a number in {named}", f"correct the field {named}")
    kept = sum(len(part.numbers) for part in parts)
    if kept > MOST_NUMBERS or any(part.dropped for part in parts):
        return absence(
            f"more than {MOST_NUMBERS:,} numbers are not kept for a {check.statistic}",
            "limit min, max or mean, which keep none",
        )
    values = tuple(Value(named, one, samples=count) for one in statistic(check.statistic, parts))
    return Measurement(values, evidence=(f"{count:,} of {records:,} records have a number",))
