"""Lines of JSON, held against a schema at the speed of the parser: in blocks, not line by line.

A block is parsed as one list, with a text between its lines that does not stand in it: where this
is every second item of the list, each line is one value, whatever is in it. Of two equal keys in an
object a parser takes one and drops the other, and so hides it. It then also drops a colon, and
what it read, written out again, has fewer of them: for a block that is one count of a byte. Only a
block in which either differs is looked at line by line. Of a large file most lines are not read at
all: they are like those before them, and so told to be valid (see `line_layout`).
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import IO, Any

from .conforms_fields import Look, Wanted, watcher
from .conforms_tally import Path, Place, Tally
from .json_keys import has_each_key_once, once
from .json_places import place_of_second_key, places
from .line_layout import Layout
from .schema_files import Schema
from .uncollected import without_gc

_BLOCK = 1 << 17
_BETWEEN = "\x7f"
_SEPARATOR = b',"\x7f",'
_ESCAPED_BETWEEN = b"\\u007f"
_LONGEST = 1 << 28
"""Bytes of one line; a longer one is no record."""


class NotJSONError(Exception):
    """Why a text is not JSON, and where (from 1)."""

    def __init__(self, reason: str, line: int = 1, column: int = 1) -> None:
        super().__init__(reason)
        self.reason = reason
        self.place = (line, column)


def read_json(raw: bytes) -> Any:
    """The value of a JSON text in which no object has a key twice. Raises NotJSONError."""
    import orjson

    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise _not_json(error, raw) from error
    if not has_each_key_once(value, raw):
        try:
            json.loads(raw, object_pairs_hook=once)
        except (ValueError, RecursionError) as error:
            place = place_of_second_key(raw.decode("utf-8"))
            raise NotJSONError(f"not valid JSON: {error}", *place) from error
    return value


def scan_lines(
    stream: IO[bytes],
    schema: Schema,
    wanted: Iterable[Wanted] = (),
    length: int = -1,
    *,
    is_start: bool = True,
    tick: Callable[[int], None] | None = None,
) -> Tally:
    """The lines that begin within the next `length` bytes of a stream (-1: all of it), which stands
    at the begin of a line. Lines count from 1; a byte order mark stands before the first. `tick`
    takes how many bytes are done."""
    tally = Tally()
    watch = watcher(wanted, tally.seen)
    layout = Layout(schema) if watch is None else None
    with without_gc():
        done = 0
        for block in _blocks(stream, length, is_start):
            left = layout.left(block) if layout is not None else None
            if left is not None:
                _scan_left(left, schema, tally)
            else:
                _scan_block(block, schema, watch, tally, layout)
            if tick is not None:
                done += len(block)
                tick(done)
    return tally


def _blocks(stream: IO[bytes], length: int, is_start: bool) -> Iterator[bytes]:
    left = length
    while left:
        raw = stream.read(_BLOCK if left < 0 else min(_BLOCK, left))
        if not raw:
            return
        left = left - len(raw) if left > 0 else left
        if not raw.endswith(b"\n"):
            rest = stream.readline(_LONGEST)
            raw += rest
            left = max(left - len(rest), 0) if left > 0 else left
            while len(rest) == _LONGEST and not rest.endswith(b"\n"):
                rest = stream.readline(_LONGEST)
                left = max(left - len(rest), 0) if left > 0 else left
        yield raw.removeprefix(codecs.BOM_UTF8) if is_start else raw
        is_start = False


def _scan_left(lines: Sequence[bytes], schema: Schema, tally: Tally) -> None:
    """The lines of a block, of which those are empty that are known to be valid."""
    numbers = [number for number, line in enumerate(lines) if line]
    tally.records += len(lines) - len(numbers)
    _scan_each([(tally.lines + 1 + n, lines[n]) for n in numbers], schema, None, tally)
    tally.lines += len(lines)


def _scan_block(
    raw: bytes, schema: Schema, watch: Look | None, tally: Tally, layout: Layout | None
) -> None:
    # Of a line that is too long only a part is here.
    records = _values(raw) if len(raw) < _LONGEST else None
    first = tally.lines + 1
    if records is None:
        lines = _lines(raw)
        _scan_each(list(enumerate(lines, first)), schema, watch, tally)
        tally.lines += len(lines)
        return
    verdicts = list(map(schema.is_valid, records))
    if layout is not None:
        layout.learn(raw, records, verdicts)
    if False in verdicts:
        wrong = [number for number, is_valid in enumerate(verdicts) if not is_valid]
        for number in wrong:
            _hold(records[number], raw, number, first + number, schema, tally)
        tally.records += len(records) - len(wrong)
    else:
        tally.records += len(records)
    if watch is not None:
        watch(records, range(first, first + len(records)))
    tally.lines += len(records)


def _lines(raw: bytes) -> list[bytes]:
    return raw.removesuffix(b"\n").split(b"\n")


def _values(raw: bytes) -> list[Any] | None:
    """The values of the lines, one each; None for a block that has to be read line by line."""
    import orjson

    if b"\x7f" in raw or (b"\\" in raw and _ESCAPED_BETWEEN in raw.lower()):
        return None
    lines = raw.removesuffix(b"\n")
    text = b"".join((b"[", lines.replace(b"\n", _SEPARATOR), b"]"))
    breaks = (len(text) - len(lines) - 2) // (len(_SEPARATOR) - 1)  # faster than to count them
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    values: list[Any] = found[::2]
    # A list over several lines is one value, with the separators in it.
    if len(found) != 2 * breaks + 1:
        return None
    if found[1::2].count(_BETWEEN) != breaks:
        return None
    return values if has_each_key_once(found, text) else None


def _scan_each(
    lines: Iterable[tuple[int, bytes]], schema: Schema, watch: Look | None, tally: Tally
) -> None:
    """Line by line, with their numbers: some may be blank, or no record."""
    records, numbers = [], []
    for number, line in lines:
        if not line.strip():
            continue
        if len(line) >= _LONGEST:
            tally.refuse((number, 1), f"longer than {_LONGEST:,} bytes")
            continue
        try:
            record = read_json(line)
        except NotJSONError as error:
            tally.refuse((number, error.place[1]), error.reason)
            continue
        if schema.is_valid(record):
            tally.records += 1
        else:
            _hold(record, line, 0, number, schema, tally)
        records.append(record)
        numbers.append(number)
    if watch is not None:
        watch(records, numbers)


def _hold(record: Any, block: bytes, index: int, number: int, schema: Schema, tally: Tally) -> None:
    """A record that is not valid: the line `index` of a block, and `number` of the file."""

    def locate(paths: Sequence[Path]) -> list[Place]:
        found = places(_lines(block)[index].decode("utf-8"), paths)
        return [(number, found.get(path, (1, 1))[1]) for path in paths]

    tally.hold(record, schema, locate)


def place_of(raw: bytes, at: int) -> Place:
    """Line and column of a byte before which all is UTF-8."""
    before = raw[:at]
    return before.count(b"\n") + 1, len(before.rpartition(b"\n")[2].decode("utf-8")) + 1


def _not_json(error: json.JSONDecodeError, raw: bytes) -> NotJSONError:
    line, column = error.lineno, error.colno
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as fault:
        return NotJSONError(f"not UTF-8: {fault.reason}", *place_of(raw, fault.start))
    for name in ("NaN", "Infinity", "-Infinity"):
        if text.startswith(name, error.pos):
            return NotJSONError(f"not valid JSON: {name} is not JSON", line, column)
    return NotJSONError(f"not valid JSON: {error.msg}", line, column)
