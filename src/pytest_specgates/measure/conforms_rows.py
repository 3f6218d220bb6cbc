"""Tables: rows of CSV, whose cells are texts, and batches of Parquet and Arrow files."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any

from ..errors import ProbeError
from .conforms_tally import Locate, Place
from .conforms_tally import Path as Pointer
from .plain_values import has_no_number, jsonable


@dataclass(frozen=True, slots=True)
class NotARecord:
    """A piece of a file that cannot be read as a record, and why."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unread(NotARecord):
    """A place from which on a file cannot be read, and why: what stands behind is not known."""


Item = tuple[Any, Place, Locate]
"""A record, NotARecord, or, as the last one, Unread; where it stands; and what tells where its
values do."""
Types = frozenset[str]
Columns = Callable[[str], Types]
"""The types that a schema allows a column; none where it does not say."""

_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_LONGEST_NUMBER = 400
_MISSING = object()
_LONGEST_CELL = 1 << 24


def cell(text: str, types: Types) -> Any:
    """The value of a cell, as what the schema allows: a text stays one wherever it may; an empty
    cell is null, or not there, where neither a text nor null may stand."""
    if not text and "null" in types:
        return None
    if not types or "string" in types:
        return text
    if not text:
        return _MISSING
    if types & {"integer", "number"} and len(text) <= _LONGEST_NUMBER:
        number = _NUMBER.fullmatch(text)
        if number is not None:
            return float(text) if number[2] or number[3] else int(text)
    if "boolean" in types and text.lower() in ("true", "false"):
        return text.lower() == "true"
    return None if text == "null" and "null" in types else text


def rows(stream: IO[bytes], delimiter: str, columns: Columns) -> Iterator[Item]:
    """The rows below a header. Raises ProbeError for a header that names a column twice."""
    csv.field_size_limit(max(csv.field_size_limit(), _LONGEST_CELL))
    # Undecodable bytes become halves of characters, so that they cost one row and not the rest.
    text = io.TextIOWrapper(stream, "utf-8-sig", errors="surrogateescape", newline="")
    try:
        yield from _rows(text, delimiter, columns)
    finally:
        text.detach()  # whoever opened the stream closes it


def _rows(text: io.TextIOWrapper, delimiter: str, columns: Columns) -> Iterator[Item]:
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    header = _row(reader)
    if header is None:
        return
    if isinstance(header, NotARecord):
        raise ProbeError(f"the header: {header.reason}")
    twice = [name for name in header if header.count(name) > 1]
    if twice:
        raise ProbeError(f'the header names "{twice[0][:100]}" twice')
    types = [columns(name) for name in header]
    while True:
        line = reader.line_num + 1
        found = _row(reader)
        if found is None:
            return
        if isinstance(found, NotARecord):
            if reader.line_num > line:  # an open quote has taken in rows that follow
                far = f"a text in quotes that runs on to line {reader.line_num}"
                yield Unread(f"{found.reason} ({far})"), (line, 1), _at(line)
                return
            yield found, (line, 1), _at(line)
        elif found:
            yield _record(found, header, types), (line, 1), _at(line)


def _row(reader: Any) -> list[str] | NotARecord | None:
    try:
        row: list[str] | None = next(reader, None)
    except csv.Error as error:
        return NotARecord(f"not valid CSV: {error}")
    return row


def _record(row: list[str], header: list[str], types: list[Types]) -> dict[str, Any] | NotARecord:
    if len(row) != len(header):
        return NotARecord(f"{len(row)} cells; the header names {len(header)} columns")
    if any("\udc80" <= letter <= "\udcff" for text in row if not text.isascii() for letter in text):
        return NotARecord("not UTF-8")
    cells = zip(header, map(cell, row, types), strict=True)
    record = {name: value for name, value in cells if value is not _MISSING}
    return NotARecord("a number that is too large") if has_no_number(record) else record


def _at(line: int) -> Locate:
    def locate(pointers: Sequence[Pointer]) -> list[Place]:
        return [(line, 0)] * len(pointers)

    return locate


def column_types(schema: Any, follow: Callable[[str], Any], deep: int = 20) -> Mapping[str, Types]:
    """The types that each property of a schema may have; `follow` gives what a `$ref` names."""
    if not isinstance(schema, Mapping) or not deep:
        return {}
    found: dict[str, Types] = {}
    parts = [schema[key] for key in ("then", "else") if key in schema]
    for key in ("allOf", "anyOf", "oneOf"):
        parts.extend(schema[key] if isinstance(schema.get(key), list) else ())
    if isinstance(schema.get("$ref"), str):
        parts.append(follow(schema["$ref"]))
    properties = schema.get("properties")
    for name, inner in properties.items() if isinstance(properties, Mapping) else ():
        found[name] = found.get(name, frozenset()) | _types(inner, follow, deep)
    for part in parts:
        for name, types in column_types(part, follow, deep - 1).items():
            found[name] = found.get(name, frozenset()) | types
    return found


def _types(schema: Any, follow: Callable[[str], Any], deep: int) -> Types:
    if not isinstance(schema, Mapping) or not deep:
        return frozenset()
    written = schema.get("type")
    if isinstance(written, (str, list)):
        return frozenset([written] if isinstance(written, str) else map(str, written))
    values = schema.get("enum", [schema["const"]] if "const" in schema else [])
    found = {_NAMES.get(type(value), "string") for value in values} if values else set()
    for key in ("allOf", "anyOf", "oneOf"):
        for one in schema[key] if isinstance(schema.get(key), list) else ():
            found |= _types(one, follow, deep - 1)
    if isinstance(schema.get("$ref"), str):
        found |= _types(follow(schema["$ref"]), follow, deep - 1)
    return frozenset(found)


_NAMES = {bool: "boolean", int: "integer", float: "number", type(None): "null"}


# --- Parquet and Arrow --------------------------------------------------------------------


def batches(stream: IO[bytes], name: str, suffix: str) -> Iterator[Item]:
    """The rows of a file, counted from 1, a batch at a time. Raises ProbeError."""
    try:
        import pyarrow
    except ImportError as error:
        raise ProbeError(f"{name} needs pyarrow: pip install pytest-specgates[arrow]") from error
    number = 0
    try:
        for batch in _batches(stream, suffix, pyarrow):
            for row in batch.to_pylist():
                number += 1
                record: Any = jsonable(row)
                if has_no_number(record):
                    record = NotARecord("NaN and infinity are no numbers of JSON")
                yield record, (number, 0), _at(number)
    except (pyarrow.ArrowInvalid, pyarrow.ArrowNotImplementedError, OSError) as error:
        raise ProbeError(f"{name}: {str(error)[:200]}") from error


class _Ending(io.RawIOBase):
    """A stream that knows whether its reader came to its end: one of Arrow stops at the mark that
    stands there, and takes the end of the file for it too."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.is_reached = False

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        found = self._stream.read(size)
        self.is_reached = self.is_reached or (size != 0 and not found)
        return found


def _batches(stream: IO[bytes], suffix: str, pyarrow: Any) -> Iterator[Any]:
    if suffix == ".parquet":
        from pyarrow import parquet

        yield from parquet.ParquetFile(stream).iter_batches(batch_size=4096)
        return
    from pyarrow import ipc

    try:
        file = ipc.open_file(stream)
    except pyarrow.ArrowInvalid:
        stream.seek(0)
        ending = _Ending(stream)
        yield from ipc.open_stream(pyarrow.PythonFile(ending, mode="r"))
        if ending.is_reached:
            raise pyarrow.ArrowInvalid("the stream is cut off: nothing says that it ends") from None
        return
    for number in range(file.num_record_batches):
        yield file.get_batch(number)
