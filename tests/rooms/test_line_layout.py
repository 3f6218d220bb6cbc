"""Lines that are like those before them are told by an expression, and it comes to the same."""

from __future__ import annotations

import io
import json
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_specgates.measure import conforms_lines, line_layout
from pytest_specgates.measure.conforms_fields import Wanted
from pytest_specgates.measure.conforms_lines import scan_lines
from pytest_specgates.measure.conforms_tally import Tally
from pytest_specgates.measure.line_layout import Layout
from pytest_specgates.measure.pattern_of_lines import line_pattern
from pytest_specgates.measure.schema_files import Schema

SCHEMA = {
    "type": "object",
    "required": ["id"],
    "properties": {"id": {"type": "integer", "minimum": 1}, "name": {"type": "string"}},
    "additionalProperties": False,
}


class Asked:
    """A schema that keeps what it was asked of."""

    def __init__(self, document: Any) -> None:
        validator = jsonschema_rs.validator_for(document)
        self.records: list[Any] = []

        def is_valid(record: Any) -> bool:
            self.records.append(record)
            return validator.is_valid(record)

        self.schema = Schema("s.json", is_valid, validator, document, "")


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conforms_lines, "_BLOCK", 100)
    monkeypatch.setattr(line_layout, "_AFTER", 1)


def scanned(lines: list[bytes], asked: Asked, **more: Any) -> Tally:
    return scan_lines(io.BytesIO(b"\n".join(lines)), asked.schema, **more)


def line(number: int, name: str = "a") -> bytes:
    return json.dumps({"id": number, "name": name}, ensure_ascii=False).encode()


@pytest.mark.usefixtures("small_blocks")
def test_only_others_are_read() -> None:
    lines = [line(number) for number in range(1, 1001)]
    lines[500] = line(-5)
    lines[600] = b'{"id": 601, "id": 601, "name": "a"}'
    lines[700] = b'{"id": 701, "name": "a"'
    lines[800] = b'{"name": "another order", "id": 801}'
    lines[900] = b""
    asked = Asked(SCHEMA)
    tally = scanned(lines, asked)
    assert len(asked.records) < 20
    assert {"name": "another order", "id": 801} in asked.records
    assert (tally.records, tally.invalid, tally.lines) == (999, 3, 1000)
    assert [place for place, _ in tally.shown] == [(501, 8), (601, 13), (701, 24)]


@pytest.mark.usefixtures("small_blocks")
def test_lines_that_change_are_looked_at_anew() -> None:
    compact = [json.dumps({"id": n}, separators=(",", ":")).encode() for n in range(1, 501)]
    asked = Asked(SCHEMA)
    tally = scanned([line(number) for number in range(1, 501)] + compact, asked)
    assert (tally.records, tally.invalid) == (1000, 0)
    assert len(asked.records) < 120


@pytest.mark.usefixtures("small_blocks")
def test_lines_of_no_layout_are_tried_a_few_times_only(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Any] = []

    def counted(*given: Any) -> Any:
        made.append(line_pattern(*given))
        return made[-1]

    monkeypatch.setattr(line_layout, "line_pattern", counted)
    keys = [f"k{number}" for number in range(1000)]
    lines = [json.dumps({key: 1, "x": [key] * (n % 3)}).encode() for n, key in enumerate(keys)]
    asked = Asked({"properties": {"x": {"type": "array"}}})
    assert scanned(lines, asked).invalid == 0
    assert len(asked.records) == 1000
    assert len(made) == 3


@pytest.mark.usefixtures("small_blocks")
def test_a_schema_that_is_not_translated() -> None:
    asked = Asked({**SCHEMA, "not": {"required": ["never"]}})
    assert scanned([line(number) for number in range(1, 201)], asked).invalid == 0
    assert len(asked.records) == 200


@pytest.mark.usefixtures("small_blocks")
def test_where_the_engine_says_otherwise_it_has_the_last_word() -> None:
    """As it would where an expression were wrong: the lines it comes from are held against it."""
    validator = jsonschema_rs.validator_for({"properties": {"name": {"not": {"const": "b"}}}})
    schema = Schema("s.json", validator.is_valid, validator, SCHEMA, "")
    lines = [line(number, "b" if number % 5 == 1 else "a") for number in range(1, 201)]
    assert scan_lines(io.BytesIO(b"\n".join(lines)), schema).invalid == 40


@pytest.mark.usefixtures("small_blocks")
def test_fields_that_are_looked_at_have_to_be_read() -> None:
    asked = Asked(SCHEMA)
    wanted = Wanted("unique", ("id",))
    tally = scanned([line(number) for number in range(1, 201)], asked, wanted=[wanted])
    assert tally.seen[wanted].records == 200


@pytest.mark.usefixtures("small_blocks")
def test_a_line_that_is_cut_off_is_no_record(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is longer than a line may be is not read to its end, whatever the part before says."""
    monkeypatch.setattr(conforms_lines, "_LONGEST", 300)
    cut = line(1, "a" * (400 - len(line(1, ""))))
    assert len(cut) == 400  # a block, and as much as is read of a line
    tally = scanned([cut + b" and what is no JSON", line(2)], Asked({}))
    assert (tally.records, tally.invalid) == (2, 1)
    assert tally.shown == [((1, 1), "longer than 300 bytes")]


@pytest.mark.usefixtures("small_blocks")
def test_a_long_block_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """To match it would take more memory than to read it."""
    monkeypatch.setattr(line_layout, "_LONGEST_BLOCK", 1000)
    asked = Asked(SCHEMA)
    lines = [line(number) for number in range(1, 201)]
    lines[150] = line(151, "a" * 2000)
    assert scanned(lines, asked).invalid == 0
    assert json.loads(lines[150]) in asked.records
    assert len(asked.records) < 20


PIECES = st.sampled_from(
    [
        *(line(1), line(2, "Größe"), line(3, "\u2028"), line(4, "😀"), line(5), line(6), line(7)),
        *(b"", b" ", b"\xff", b'{"id": 0, "name": "a"}', b'{"id": 1}', b'{"name": "a", "id": 1}'),
        *(
            b'{"id": 1, "name": "a"}\r',
            b'{"id": 1.0, "name": "a"}',
            b'{"id": 1, "name": "\\ud800"}',
        ),
        *(b"[1", b"2]", b'{"id": 1, "id": 1, "name": "a"}', b'{"id": 1, "name": "\xed\xa0\x80"}'),
    ]
)


@settings(deadline=None, max_examples=300)
@given(st.lists(PIECES, max_size=40), st.integers(20, 200))
def test_it_comes_to_the_same_as_without(pieces: list[bytes], size: int) -> None:
    raw = b"\n".join([line(1), line(2), *pieces])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(conforms_lines, "_BLOCK", size)
        patch.setattr(line_layout, "_AFTER", 1)
        quick = scan_lines(io.BytesIO(raw), Asked(SCHEMA).schema)
        patch.setattr(Layout, "left", lambda self, block: None)
        slow = scan_lines(io.BytesIO(raw), Asked(SCHEMA).schema)
    assert quick == slow
