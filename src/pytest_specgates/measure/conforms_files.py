"""Data files of every format, read as records and held against a schema.

What a compressed file holds is read as it comes, as lines, rows and batches are; a document is read
whole, within bounds.
"""

from __future__ import annotations

import codecs
import contextlib
import gzip
import io
import re
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO

from ..errors import ProbeError, SpecError
from ..ini_toml import read_toml
from ..yaml12 import DATA_LIMITS, Node, documents, plain, scalar
from .conforms_fields import Look, Wanted, watcher
from .conforms_lines import NotJSONError, place_of, read_json, scan_lines
from .conforms_rows import Columns, Item, NotARecord, Unread, batches, rows
from .conforms_split import WORTH, scan_split
from .conforms_tally import Path as Pointer
from .conforms_tally import Place, Tally
from .json_places import places
from .plain_values import has_no_number, jsonable
from .progress import ticker
from .schema_files import Schema
from .uncollected import without_gc
from .zstd_frames import Frames

LINES = (".jsonl", ".ndjson")
_TABLES = {".csv": ",", ".tsv": "\t"}
_ARROW = (".parquet", ".arrow", ".feather")
_COMPRESSED = (".gz", ".zst")
_READ = (".json", *LINES, ".yaml", ".yml", ".toml", *_TABLES, *_ARROW)
_LARGEST = 1 << 30
"""Bytes of a document, which is read whole."""


def ending(name: str) -> tuple[str, str]:
    """The ending that says the format, and that of the compression: `.jsonl` and `.gz`."""
    path = Path(name.lower())
    if path.suffix in _COMPRESSED:
        return Path(path.stem).suffix, path.suffix
    return path.suffix, ""


def _format(name: str) -> tuple[str, str]:
    suffix, compression = ending(name)
    if suffix not in _READ:
        raise ProbeError(
            f"{name}: a conforms gate reads {', '.join(_READ)}, and {' and '.join(_COMPRESSED)} "
            "of these"
        )
    return suffix, compression


def scan_file(
    root: Path,
    name: str,
    schema: Schema,
    columns: Columns,
    wanted: Iterable[Wanted] = (),
    *,
    cores: int = 1,
    tell: Callable[[str], None] | None = None,
) -> Tally:
    """One pass over a file, in which is looked at what is wanted, by so many processes at most.
    Raises ProbeError for one that is no data file, or is damaged."""
    suffix, compression = _format(name)
    size = (root / name).stat().st_size
    if suffix in LINES and not compression and cores > 1 and size >= WORTH:
        with ticker(tell, name, size // cores) as tick:
            return scan_split(root, name, schema, wanted, cores, tick)
    with opened(root / name, compression, name) as stream:
        if suffix in LINES:
            with ticker(None if compression else tell, name, size) as tick:
                return scan_lines(stream, schema, wanted, tick=tick)
        tally = Tally()
        watch = watcher(wanted, tally.seen)
        for item in _items(stream, name, suffix, columns):
            _hold(item, schema, watch, tally)
            if tally.unread is not None:
                break
        return tally


def records(root: Path, name: str, columns: Columns) -> Iterator[Item]:
    """The records of a file one by one, for what is no pass over data. Raises ProbeError."""
    suffix, compression = _format(name)
    with opened(root / name, compression, name) as stream:
        if suffix not in LINES:
            yield from _items(stream, name, suffix, columns)
            return
        for number, line in enumerate(stream, 1):
            raw = line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
            for record, (_, column), locate in _of_json(raw):
                yield record, (number, column), locate


@contextlib.contextmanager
def opened(path: Path, compression: str, name: str) -> Iterator[IO[bytes]]:
    """A data file, decompressed as it is read. Raises ProbeError where what it holds is damaged, or
    cut off."""
    damaged: tuple[type[Exception], ...] = (EOFError, gzip.BadGzipFile, zlib.error)
    with path.open("rb") as raw:
        stream: IO[bytes] = raw
        if compression == ".gz":
            stream = gzip.GzipFile(fileobj=raw)  # type: ignore[assignment]  # it reads as a file
        elif compression == ".zst":
            stream, fault = _zstd(raw, name)
            damaged = (*damaged, fault)
        try:
            yield stream
        except damaged as error:
            raise ProbeError(
                f"{name}: the compressed data are damaged: {error}; make the file anew"
            ) from error


def _zstd(raw: IO[bytes], name: str) -> tuple[IO[bytes], type[Exception]]:
    """What reads it, and what that raises for what is damaged."""
    if sys.version_info >= (3, 14):
        from compression import zstd

        return zstd.open(raw, "rb"), zstd.ZstdError
    try:
        import zstandard
    except ImportError as error:
        raise ProbeError(
            f"{name} is compressed with zstd: pip install pytest-specgates[zstd]"
        ) from error
    return io.BufferedReader(Frames(raw)), zstandard.ZstdError


def _hold(item: Item, schema: Schema, watch: Look | None, tally: Tally) -> None:
    record, place, locate = item
    if isinstance(record, Unread):
        tally.unread = place, record.reason
        return
    if isinstance(record, NotARecord):
        tally.refuse(place, record.reason)
        return
    try:
        is_valid = schema.is_valid(record)
    except (ValueError, UnicodeError) as error:  # half of a character, in YAML
        tally.unread = place, f"not valid: {error}"
        return
    if is_valid:
        tally.records += 1
    else:
        tally.hold(record, schema, locate)
    if watch is not None:
        watch((record,), (place[0],))


# --- one reader a format ------------------------------------------------------------------


def _items(stream: IO[bytes], name: str, suffix: str, columns: Columns) -> Iterator[Item]:
    if suffix in _TABLES:
        return rows(stream, _TABLES[suffix], columns)
    if suffix in _ARROW:
        return batches(stream, name, suffix)
    raw = stream.read(_LARGEST + 1)
    if len(raw) > _LARGEST:
        raise ProbeError(f"{name}: a document of more than {_LARGEST:,} bytes; write it as lines")
    raw = raw.removeprefix(codecs.BOM_UTF8)
    if suffix == ".json":
        return _of_json(raw)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return iter([(Unread(f"not UTF-8: {error.reason}"), place_of(raw, error.start), _nowhere)])
    return _of_toml(text) if suffix == ".toml" else _of_yaml(text, name)


def _of_json(raw: bytes) -> Iterator[Item]:
    if not raw.strip():
        return
    try:
        with without_gc():
            record = read_json(raw)
    except NotJSONError as error:
        yield Unread(error.reason), error.place, _nowhere
        return

    def locate(pointers: Sequence[Pointer]) -> list[Place]:
        found = places(raw.decode("utf-8"), pointers)
        return [found.get(pointer, (1, 1)) for pointer in pointers]

    yield record, (1, 1), locate


def _of_yaml(text: str, name: str) -> Iterator[Item]:
    text = _BEHIND_REMARKS.sub(r"\1", text)
    try:
        for node in documents(text, name, limits=DATA_LIMITS):
            record = plain(node)
            if has_no_number(record):
                yield Unread(_NO_NUMBER), _no_number_in(node), _nowhere
                return
            yield record, (node.line, node.column), _in_nodes(node)
    except SpecError as error:
        yield Unread(error.message), (error.line, error.column), _nowhere
    except (ValueError, RecursionError) as error:
        yield Unread(f"not valid: {error}"), (1, 1), _nowhere


_BEHIND_REMARKS = re.compile(r"\A((?:[ \t]*(?:#[^\n]*)?\n)+)\ufeff")
"""A byte order mark behind remarks may stand before a document; libyaml does not know it."""
_NO_NUMBER = "NaN and infinity are no numbers of JSON"


def _no_number_in(document: Node) -> Place:
    """Where the first NaN or infinity stands."""
    waiting = [document]
    while waiting:
        node = waiting.pop()
        if node.kind == "scalar":
            if has_no_number(scalar(node)):
                return node.line, node.column
        elif node.kind == "list":
            waiting.extend(reversed(node.items))
        else:
            waiting.extend(value for _, value in reversed(node.pairs))
    return document.line, document.column


def _in_nodes(document: Node) -> Callable[[Sequence[Pointer]], list[Place]]:
    def place(pointer: Pointer) -> Place:
        node = document
        for part in pointer:
            if node.kind == "list" and isinstance(part, int) and part < len(node.items):
                node = node.items[part]
            elif node.kind == "map":
                node = next((value for key, value in node.pairs if key.text == part), node)
        return node.line, node.column

    return lambda pointers: [place(pointer) for pointer in pointers]


def _of_toml(text: str) -> Iterator[Item]:
    try:
        record = jsonable(read_toml(text))
    except ValueError as error:
        told = _PLACE_OF_TOML.search(str(error))
        lines = text.split("\n")
        place = (int(told[1]), int(told[2])) if told else (len(lines), len(lines[-1]) + 1)
        yield Unread(f"not valid TOML: {_PLACE_OF_TOML.sub('', str(error))}"), place, _nowhere
        return
    if has_no_number(record):
        yield Unread(_NO_NUMBER), (1, 0), _nowhere
    else:
        yield record, (1, 0), _nowhere


_PLACE_OF_TOML = re.compile(r" \(at line (\d+), column (\d+)\)$")


def _nowhere(pointers: Sequence[Pointer]) -> list[Place]:
    """The reader does not tell where values stand."""
    return [(1, 0)] * len(pointers)
