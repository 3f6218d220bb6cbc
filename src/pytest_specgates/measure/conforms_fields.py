"""What is looked at in every record of a pass, for what a schema cannot say: keys that repeat,
values that are not there, the newest time, statistics of numbers.

Memory is bounded: a key is kept as 15 bytes, a number as 8, of each a certain number.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import math
import sys
from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from typing import Any, NamedTuple

from ..json_schema import unescaped

MOST_KEYS = 20_000_000
MOST_NUMBERS = 2_000_000
_BUCKETS = 256
_DIGEST, _LINE = 10, 5
ENTRY = _DIGEST + _LINE
_MILLISECONDS = 10**11
"""A number of seconds that is larger is one of milliseconds: the year 5138."""
_UTC = datetime.timezone.utc


class Wanted(NamedTuple):
    """What is looked at: unique, nulls, newest, or of numbers extremes, mean or each; of which
    fields."""

    what: str
    fields: tuple[str, ...]


def path_of(name: str) -> list[str]:
    """The path of a field: `email`, `customer.email`, or the JSON Pointer `/customer/email`, for
    names with a point in them."""
    if name.startswith("/"):
        return [unescaped(part) for part in name[1:].split("/")]
    return name.split(".")


def getter(name: str) -> Callable[[Any], Any]:
    """What gives the value of a field of a record, or None."""
    path = path_of(name)

    def get(record: Any) -> Any:
        for part in path:
            if isinstance(record, dict):
                record = record.get(part)
            elif isinstance(record, list) and part.isdigit() and int(part) < len(record):
                record = record[int(part)]
            else:
                return None
        return record

    return get


@dataclass(slots=True)
class Seen:
    """What was seen of one thing that is wanted, in the records of a file or of a part of it."""

    records: int = 0
    nulls: int = 0
    keys: list[tuple[int, list[bytearray]]] = field(default_factory=list)
    """Of each part the lines before it, and its keys in buckets, each with its line."""
    newest: datetime.datetime | None = None
    future: int = 0
    unread: int = 0
    """Values that are no time, or no number."""
    count: int = 0
    low: float = math.inf
    high: float = -math.inf
    total: Fraction = Fraction()
    numbers: array[float] = field(default_factory=lambda: array("d"))
    dropped: int = 0
    """Keys or numbers that were too many to be kept."""

    def add(self, other: Seen, lines: int) -> None:
        """What was seen in the part that follows, before which so many lines stand."""
        self.records += other.records
        self.nulls += other.nulls
        self.keys += [(before + lines, buckets) for before, buckets in other.keys]
        self.future += other.future
        self.unread += other.unread
        self.dropped += other.dropped
        self.count += other.count
        self.low, self.high = min(self.low, other.low), max(self.high, other.high)
        self.total += other.total
        self.numbers.extend(other.numbers)
        if other.newest is not None:
            self.newest = max(other.newest, self.newest or other.newest)


Look = Callable[[Sequence[Any], Sequence[int]], None]


def watcher(wanted: Iterable[Wanted], seen: dict[Wanted, Seen]) -> Look | None:
    """What takes records that were read, valid or not, with their lines, and notes what is wanted
    of them; None where nothing is."""
    now = datetime.datetime.now(_UTC)
    all_ = [_watcher(one, seen.setdefault(one, Seen()), now) for one in wanted]
    if not all_:
        return None

    def look(records: Sequence[Any], lines: Sequence[int]) -> None:
        for one in all_:
            one(records, lines)

    return look


def _watcher(wanted: Wanted, seen: Seen, now: datetime.datetime) -> Look:
    get = [getter(name) for name in wanted.fields]
    if wanted.what == "unique":
        return _keys(get, seen)
    note = _NOTES[wanted.what]

    def look(records: Sequence[Any], lines: Sequence[int]) -> None:
        seen.records += len(records)
        note(list(map(get[0], records)), seen, now)

    return look


def _nulls(values: list[Any], seen: Seen, now: datetime.datetime) -> None:
    seen.nulls += values.count(None)


def _newest(values: list[Any], seen: Seen, now: datetime.datetime) -> None:
    for value in values:
        if value is None:
            seen.nulls += 1
            continue
        time = moment(value)
        if time is None:
            seen.unread += 1
        elif time > now:
            seen.future += 1
        elif seen.newest is None or time > seen.newest:
            seen.newest = time


def moment(value: Any) -> datetime.datetime | None:
    """A date or time of RFC 3339 (in UTC where it names no zone), or seconds or milliseconds since
    1970; None for anything else."""
    try:
        if isinstance(value, str):
            time = datetime.datetime.fromisoformat(value.strip().upper().replace("Z", "+00:00"))
            return time if time.tzinfo is not None else time.replace(tzinfo=_UTC)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            seconds = value / 1000 if abs(value) >= _MILLISECONDS else value
            return datetime.datetime.fromtimestamp(seconds, _UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return None


def _numbers(values: list[Any], seen: Seen) -> list[float]:
    """The numbers among the values; one that no float can hold is none."""
    found = [one for one in values if type(one) is float or type(one) is int]
    found = [one for one in found if -_GREATEST <= one <= _GREATEST]
    nulls = values.count(None)
    seen.nulls += nulls
    seen.unread += len(values) - len(found) - nulls
    seen.count += len(found)
    return found


_GREATEST = sys.float_info.max


def _extremes(values: list[Any], seen: Seen, now: datetime.datetime) -> None:
    found = _numbers(values, seen)
    if found:
        seen.low, seen.high = min(seen.low, *found), max(seen.high, *found)


def _mean(values: list[Any], seen: Seen, now: datetime.datetime) -> None:
    found = _numbers(values, seen)
    with localcontext(Context(prec=_DIGITS)):
        seen.total += Fraction(sum(map(Decimal, map(repr, found)), Decimal()))


_DIGITS = 1_000
"""So many that the sum of floats is exact."""


def _each(values: list[Any], seen: Seen, now: datetime.datetime) -> None:
    found = _numbers(values, seen)
    room = max(MOST_NUMBERS - len(seen.numbers), 0)
    seen.dropped += max(len(found) - room, 0)
    seen.numbers.extend(found[:room])


_NOTES = {"nulls": _nulls, "newest": _newest, "extremes": _extremes, "mean": _mean, "each": _each}


def _keys(get: list[Callable[[Any], Any]], seen: Seen) -> Look:
    import orjson

    buckets = [bytearray() for _ in range(_BUCKETS)]
    seen.keys.append((0, buckets))
    digest, dumps = hashlib.blake2b, orjson.dumps
    nothing = [None] * len(get)

    def look(records: Sequence[Any], lines: Sequence[int]) -> None:
        seen.records += len(records)
        if seen.records > MOST_KEYS:
            seen.dropped += len(records)
            return
        for record, line in zip(records, lines, strict=True):
            key = [_alike(one(record)) for one in get]
            seen.nulls += key == nothing
            try:
                written = dumps(key, option=orjson.OPT_SORT_KEYS)
            except orjson.JSONEncodeError:  # a whole number of more than 64 bits
                written = json.dumps(key, sort_keys=True).encode()
            found = digest(written, digest_size=_DIGEST).digest()
            buckets[found[0]] += found + line.to_bytes(_LINE, "big")

    return look


def _alike(value: Any) -> Any:
    """1 and 1.0 are one number."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


# --- what it comes to ---------------------------------------------------------------------


class Twice(NamedTuple):
    """A key that stands in two places: the index of the file, and the line."""

    first: tuple[int, int]
    again: tuple[int, int]


def duplicates(parts: Sequence[Seen], most: int) -> tuple[int, list[Twice]]:
    """How many records have a key that stands before them already, and the first of these."""
    count = 0
    shown: list[Twice] = []
    for number in range(_BUCKETS):
        known: dict[bytes, tuple[int, int]] = {}
        for file, part in enumerate(parts):
            for before, buckets in part.keys:
                found = bytes(buckets[number])
                for start in range(0, len(found), ENTRY):
                    digest = found[start : start + _DIGEST]
                    line = int.from_bytes(found[start + _DIGEST : start + ENTRY], "big") + before
                    first = known.setdefault(digest, (file, line))
                    if first != (file, line):
                        count += 1
                        shown.append(Twice(first, (file, line)))
        if len(shown) > most:
            shown = sorted(shown, key=lambda pair: pair.again)[:most]
    return count, sorted(shown, key=lambda pair: pair.again)


def statistic(name: str | None, parts: Sequence[Seen]) -> list[Fraction]:
    """The statistic of the numbers, exact as they are written; of no statistic the least and the
    greatest, between which all stand. There are numbers."""
    if name == "mean":
        count = sum(part.count for part in parts)
        return [sum((part.total for part in parts), Fraction()) / count]
    if name in (None, "min", "max"):
        least = _exact(min(part.low for part in parts))
        greatest = _exact(max(part.high for part in parts))
        return {"min": [least], "max": [greatest]}.get(name or "", [least, greatest])
    numbers = sorted(one for part in parts for one in part.numbers)
    if name == "median":
        middle = len(numbers) // 2
        upper = _exact(numbers[middle])
        return [upper if len(numbers) % 2 else (upper + _exact(numbers[middle - 1])) / 2]
    share = Fraction((name or "").removeprefix("p")) / 100
    return [_exact(numbers[max(0, math.ceil(share * len(numbers)) - 1)])]


def _exact(value: float) -> Fraction:
    """A number as it is written: 0.1 is a tenth."""
    return Fraction(repr(value))
