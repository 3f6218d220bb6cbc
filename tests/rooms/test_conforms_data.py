"""Data files of every format, held against a schema: the fast way comes to what the slow does."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pytest_specgates.errors import ProbeError
from pytest_specgates.measure import conforms_split
from pytest_specgates.measure.conforms_fields import Wanted, duplicates
from pytest_specgates.measure.conforms_files import scan_file
from pytest_specgates.measure.conforms_lines import scan_lines
from pytest_specgates.measure.conforms_scan import columns
from pytest_specgates.measure.conforms_tally import Tally
from pytest_specgates.measure.json_keys import once
from pytest_specgates.measure.json_places import places
from pytest_specgates.measure.schema_files import Schema, compiled
from pytest_specgates.model import Surroundings

SCHEMA = {
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": {"type": "integer"},
        "name": {"type": ["string", "null"]},
        "price": {"$ref": "#/$defs/price"},
        "is_new": {"type": "boolean"},
        "day": {"type": "string", "format": "date"},
    },
    "additionalProperties": False,
    "$defs": {"price": {"type": ["number", "null"], "minimum": 0}},
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "s.json").write_text(json.dumps(SCHEMA))
    return tmp_path.resolve()


def scan(root: Path, name: str, **more: Any) -> Tally:
    around = Surroundings(root=root)
    return scan_file(root, name, compiled("s.json", around), columns("s.json", around), **more)


def zstd(data: bytes) -> bytes:
    zstandard = pytest.importorskip("zstandard", reason="zstandard is not installed")
    packed: bytes = zstandard.ZstdCompressor().compress(data)
    return packed


ROWS = [{"id": 1, "name": "a", "price": 1.5}, {"id": "x", "name": None, "price": -1}]
LINES = "".join(f"{json.dumps(row)}\n" for row in ROWS).encode()
YAML = b"id: 1\nname: a\nprice: 1.5\n---\nid: x\nname: ~\nprice: -1\n"
CSV = b"id,name,price,is_new,day\n1,a,1.5,true,2026-01-31\nx,,-1,False,2026-01-31\n"
TEXT = '(the whole record): "x" is not of type "integer"'


@pytest.mark.parametrize(
    ("name", "data", "shown"),
    [
        ("a.jsonl", LINES, [((2, 8), "/id"), ((2, 36), "/price")]),
        ("a.ndjson.gz", gzip.compress(LINES, mtime=0), [((2, 8), "/id"), ((2, 36), "/price")]),
        ("a.jsonl.zst", zstd, [((2, 8), "/id"), ((2, 36), "/price")]),
        ("a.yaml", YAML, [((5, 5), "/id"), ((7, 8), "/price")]),
        ("a.yml.gz", gzip.compress(YAML, mtime=0), [((5, 5), "/id"), ((7, 8), "/price")]),
        ("a.csv", CSV, [((3, 0), "/id"), ((3, 0), "/price")]),
        (
            "a.tsv.gz",
            gzip.compress(CSV.replace(b",", b"\t"), mtime=0),
            [((3, 0), "/id"), ((3, 0), "/price")],
        ),
        ("a.json", b'{\n "id": "x",\n "price": -1}', [((2, 8), "/id"), ((3, 11), "/price")]),
        ("a.toml", b'id = "x"\nprice = -1\n', [((1, 0), "/id"), ((1, 0), "/price")]),
    ],
)
def test_a_file_of_each_format(root: Path, name: str, data: Any, shown: Any) -> None:
    (root / name).write_bytes(data if isinstance(data, bytes) else data(LINES))
    tally = scan(root, name)
    assert sorted((place, text.partition(":")[0]) for place, text in tally.shown) == shown
    assert (tally.records, tally.invalid, tally.errors) == (
        len(ROWS) - (name[1:] == ".json" or name[1:] == ".toml"),
        1,
        2,
    )


@pytest.mark.parametrize("name", ["a.parquet", "a.arrow", "a.feather"])
def test_tables_of_arrow(root: Path, name: str) -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    import datetime

    table = pyarrow.table(
        {
            "id": [1, 2, 3],
            "price": [1.5, -1.0, float("nan")],
            "day": [datetime.date(2026, 1, 31)] * 3,
        }
    )
    if name == "a.parquet":
        from pyarrow import parquet

        parquet.write_table(table, root / name)
    else:
        make = pyarrow.ipc.new_file if name == "a.arrow" else pyarrow.ipc.new_stream
        with make(str(root / name), table.schema) as writer:
            writer.write_table(table)
    tally = scan(root, name)
    assert (tally.records, tally.invalid) == (3, 2)
    assert [place for place, _ in tally.shown] == [(2, 0), (3, 0)]
    assert "NaN" in tally.shown[1][1]


def test_cells_are_what_the_schema_allows(root: Path) -> None:
    schema = {
        "properties": {
            "text": {"type": "string", "const": "007"},
            "either": {"type": ["string", "integer"], "const": "7"},
            "null": {"type": ["integer", "null"]},
            "gone": {"type": "integer"},
            "one": {"enum": [1, 2]},
            "other": {"const": ""},
        },
        "required": ["text", "either", "null", "one", "other"],
    }
    (root / "s.json").write_text(json.dumps(schema))
    (root / "a.csv").write_text('text,either,null,gone,one,other\n007,7,,,2,\n"007","7",1,1,1,""\n')
    assert scan(root, "a.csv").shown == []
    (root / "a.csv").write_text("text,one\n007,x\n007\n\xe4,1\n", encoding="latin-1")
    told = [text for _, text in scan(root, "a.csv").shown]
    assert any("required" in text for text in told)
    assert "1 cells; the header names 2 columns" in told
    assert "not UTF-8" in told


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("a.csv", b"id,id\n1,2\n", 'the header names "id" twice'),
        ("a.jsonl.gz", gzip.compress(LINES, mtime=0)[:-9], "damaged"),
        ("a.jsonl.gz", b"no gzip", "damaged"),
        ("a.parquet", b"no table", "a.parquet: "),
        ("a.txt", b"{}", "a conforms gate reads .json,"),
    ],
)
def test_what_is_damaged_is_an_error(root: Path, name: str, data: bytes, told: str) -> None:
    (root / name).write_bytes(data)
    with pytest.raises(ProbeError, match=told):
        scan(root, name)


# --- lines, the fast way --------------------------------------------------------------------


def slowly(raw: bytes, schema: Schema) -> tuple[int, list[int]]:
    """How many records, and the lines of those that are invalid: each line by itself."""
    records, wrong = 0, []
    for number, line in enumerate(raw.split(b"\n"), 1):
        if not line.strip():
            continue
        records += 1
        try:
            record = json.loads(line, object_pairs_hook=once)
        except ValueError:
            wrong.append(number)
            continue
        if not schema.is_valid(record):
            wrong.append(number)
    return records, wrong


GOOD = b'{"id": 1}'
PIECES = st.sampled_from(
    [
        *(GOOD, GOOD, GOOD, b"", b"  ", b'{"id": "x"}', b'{"id": 1, "id": 2}', b'{"id":1,"id" :2}'),
        *(b'{"id": 1,', b'"name": "a"}', b"1,2", b"[3", b"4]", b'{"id": 1}, {"id": 2}', b"]", b"["),
        *(b'{"name": "\\u0022\\u0022", "id": 1, "name": 1}', b'{"id": 1, "name": "\\""}'),
        *(b'{"id": 1, "name": "\x7f"}', b'"\x7f"', b'"\\u007f"', b'"\\u007F"', b'1,"\x7f",2'),
        *(b'{"name": "\\u003A", "id": 1, "id": 2}', b'{"id": 1, "name": "a:b"}', b'"\\u003a"'),
        *(b'{"id": 1, "price": 1e5, "price": 100000.0}', b"nul", b'{"id": 1} {"id": 1}', b'\xe4"'),
    ]
)


@settings(deadline=None, max_examples=300)
@given(st.lists(PIECES, min_size=1, max_size=8))
@example([b"1,2", b"[3", b"4]"])
@example([b"[3", b"4]"])
@example([b'{"id": 1}', b'{"name": "\\u0022\\u0022", "id": 1, "name": 1}'])
@example([b'{"id": 1}', b'{"name": "\\u003A", "id": 1, "id": 2}'])
@example([b'{"id": 1}', b'1,"\x7f",2', b"[3", b"4]"])
def test_a_block_of_lines_comes_to_what_each_line_does(pieces: list[bytes]) -> None:
    import jsonschema_rs

    validator = jsonschema_rs.Draft202012Validator(SCHEMA)
    schema = Schema("s.json", validator.is_valid, validator, SCHEMA, "")
    raw = b"\n".join(pieces)
    tally = scan_lines(io.BytesIO(raw), schema)
    records, wrong = slowly(raw, schema)
    assert (tally.records, tally.invalid) == (records, len(wrong))
    assert sorted({line for (line, _), _ in tally.shown}) == wrong


def test_problems_are_counted_by_place_and_keyword(root: Path) -> None:
    (root / "s.json").write_text('{"items": {"properties": {"a": {"type": "integer"}}}}')
    (root / "a.jsonl").write_text('[{"a": "x"}, {"a": 1.5}]\n' * 20 + "[1, }\n")
    tally = scan(root, "a.jsonl")
    assert (tally.errors, len(tally.shown)) == (41, 10)
    assert dict(tally.kinds) == {("/*/a", "type"): 40, ("", "not a record"): 1}
    assert tally.shown[1] == ((1, 20), '/1/a: 1.5 is not of type "integer"')


def test_several_processes_come_to_what_one_does(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [b'{"id": %d}' % (number % 900) for number in range(1_000)]
    lines[700:702] = [b'{"id": "x"}', b"broken"]
    (root / "a.jsonl").write_bytes(b"\n".join(lines))
    wanted = frozenset([Wanted("unique", ("id",)), Wanted("each", ("id",))])
    one = scan(root, "a.jsonl", wanted=wanted)
    monkeypatch.setattr("pytest_specgates.measure.conforms_files.WORTH", 1)
    for cores in (2, 3):
        several = scan(root, "a.jsonl", wanted=wanted, cores=cores)
        assert several.shown == one.shown
        for name in ("records", "invalid", "errors", "lines", "kinds"):
            assert getattr(several, name) == getattr(one, name)
        for each in wanted:
            assert several.seen[each].count == one.seen[each].count
            assert duplicates([several.seen[each]], 9) == duplicates([one.seen[each]], 9)
    assert one.shown[0][0] == (701, 8)
    import jsonschema_rs

    validator = jsonschema_rs.Draft202012Validator({})
    gone = Schema("gone.json", validator.is_valid, validator, {}, "")
    with pytest.raises(ProbeError, match=r"broke: .*the schema gone\.json is not there"):
        conforms_split.scan_split(root, "a.jsonl", gone, (), 2)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=12,
)


@settings(deadline=None)
@given(JSON, st.sampled_from([None, 1, "\t"]))
def test_every_value_is_found_where_it_stands(value: Any, indent: Any) -> None:
    def paths(one: Any, path: tuple[Any, ...] = ()) -> Any:
        yield path, one
        parts = (
            one.items()
            if isinstance(one, dict)
            else enumerate(one)
            if isinstance(one, list)
            else ()
        )
        for key, inner in parts:
            yield from paths(inner, (*path, key))

    text = json.dumps(value, indent=indent, ensure_ascii=False)
    known = dict(paths(value))
    found = places(text, known)
    assert found.keys() == known.keys()
    lines = text.split("\n")
    for path, (line, column) in found.items():
        rest = "\n".join([lines[line - 1][column - 1 :], *lines[line:]])
        assert json.JSONDecoder().raw_decode(rest)[0] == known[path]


# --- schemas --------------------------------------------------------------------------------

OPENAPI = """
openapi: 3.0.3
paths: {}
components:
  schemas:
    Track:
      type: object
      required: [title]
      properties:
        title: {type: string, nullable: true}
        year: {$ref: "#/components/schemas/Year"}
        of: {$ref: "other.json#/$defs/of"}
    Year: {type: integer, minimum: 1900, exclusiveMinimum: true}
    Broken: {type: nothing}
"""


def test_a_part_of_a_document_is_the_schema(root: Path) -> None:
    (root / "api.yaml").write_text(OPENAPI)
    (root / "other.json").write_text('{"$defs": {"of": {"type": "string"}}}')
    schema = compiled("api.yaml#/components/schemas/Track", Surroundings(root=root))
    assert schema.is_valid({"title": None, "year": 1901, "of": "x"})
    found = schema.problems({"year": 1900, "of": 1})
    assert sorted(f"{one.pointer} {one.keyword}" for one in found) == [
        " required",
        "/of type",
        "/year exclusiveMinimum",
    ]


@pytest.mark.parametrize("name", ["List<Item>", "a b", "x{}|\\^`", 'q"', "ä", "a%b", "~"])
def test_a_reference_may_have_what_is_not_in_a_uri(root: Path, name: str) -> None:
    written = name.replace("~", "~0").replace("%", "%25")
    part = {"type": "integer"}
    (root / "s.json").write_text(json.dumps({"$ref": f"#/$defs/{written}", "$defs": {name: part}}))
    (root / "t.json").write_text(json.dumps({"properties": {"a": {"$ref": "s.json"}}}))
    around = Surroundings(root=root)
    for reference, good, bad in (("s.json", 1, "x"), ("t.json", {"a": 1}, {"a": "x"})):
        schema = compiled(reference, around)
        assert schema.is_valid(good)
        assert not schema.is_valid(bad)
    schema = compiled(f"s.json#/$defs/{written}", around)
    assert schema.is_valid(1)
    assert not schema.is_valid("x")


def test_a_byte_order_mark_behind_remarks(root: Path) -> None:
    (root / "a.yaml").write_text("# one\n\n  # two\n\ufeffid: x\n", encoding="utf-8")
    tally = scan(root, "a.yaml")
    assert (tally.records, tally.invalid, tally.unread) == (1, 1, None)
    assert tally.shown[0][0] == (4, 5)


@pytest.mark.parametrize(
    ("schema", "reference", "told"),
    [
        ("{}", "s.json#/$defs/a", 'nothing stands at "$defs" in s.json'),
        (OPENAPI, "s.yaml#/components/schemas/Broken", "Broken is not a valid JSON Schema: /type"),
        (OPENAPI, "s.yaml#/openapi", "an object is expected"),
        (
            '{"$schema": "http://json-schema.org/draft-03/schema"}',
            "s.json",
            "no draft that is known",
        ),
        (
            '{"properties": {"a": {"$ref": "#/properties/a"}}}',
            "s.json",
            "without end, by #/properties",
        ),
        ('{"anyOf": [{"$ref": "#"}, true]}', "s.json", "refers to itself without end"),
        ('{"items": {"format": "emial"}}', "s.json", '"emial" is no format; did you mean "email"'),
        ('{"format": "datetime"}', "s.json", 's.json#/format: "datetime" is no format'),
        ('{"$ref": "t.json"}', "s.json", '"requird" is no keyword; did you mean "required"'),
        ('{"$ref": "#/$defs/a"}', "s.json", "a reference leads nowhere"),
        ('{"$ref": "https://example.org/a.json"}', "s.json", "nothing is fetched"),
        ('{"type": "objekt"}', "s.json", 's.json is not a valid JSON Schema: /type: "objekt"'),
        ('{"a": 1, "a": 2}', "s.json", 'the key "a" stands in an object twice'),
    ],
)
def test_a_schema_that_cannot_be_used(root: Path, schema: str, reference: str, told: str) -> None:
    (root / reference.partition("#")[0]).write_text(schema)
    (root / "t.json").write_text('{"requird": []}')
    with pytest.raises(ProbeError) as error:
        compiled(reference, Surroundings(root=root))
    assert told in str(error.value)
    assert str(root) not in str(error.value)


@pytest.mark.parametrize("name", ["int32", "int64", "float", "double", "password", "byte", "own"])
def test_formats_of_others_are_remarks(root: Path, name: str) -> None:
    (root / "s.json").write_text(json.dumps({"format": name}))
    (root / "a.json").write_text('"a"')
    assert scan(root, "a.json").invalid == 0


def test_a_metaschema_of_its_own(root: Path) -> None:
    (root / "meta.json").write_text(
        '{"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "META", '
        '"$vocabulary": {"https://json-schema.org/draft/2020-12/vocab/core": true}}'.replace(
            "META", (root / "meta.json").as_uri()
        )
    )
    uri = (root / "meta.json").as_uri()
    (root / "s.json").write_text(json.dumps({"$schema": uri, "type": "string"}))
    assert compiled("s.json", Surroundings(root=root)).is_valid(1)  # it has no `type`


@pytest.mark.parametrize(
    ("schema", "record", "told"),
    [
        ({"maxLength": 3}, "x" * 500, f'"{"x" * 80}... is longer than 3 characters'),
        ({"enum": [1, 2]}, [0] * 200, "is not one of 1 or 2"),
        (
            {"anyOf": [{"type": "integer"}, {"properties": {"b": {"type": "null"}}}]},
            {"b": 1},
            "'anyOf' keyword; the nearest says /b: 1 is not of type \"null\"",
        ),
    ],
)
def test_a_message_says_what_was_expected_and_is_short(
    root: Path, schema: Any, record: Any, told: str
) -> None:
    (root / "s.json").write_text(json.dumps(schema))
    (problem,) = compiled("s.json", Surroundings(root=root)).problems(record)
    assert told in problem.message
    assert len(problem.message) < 400


def test_long_work_tells_how_far_it_is(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "a.jsonl").write_bytes(b'{"id": 1}\n' * 80_000)
    told: list[str] = []
    scan(root, "a.jsonl", tell=told.append)
    assert told == []  # it took no seconds
    monkeypatch.setattr("pytest_specgates.measure.progress._AFTER", 0.0)
    monkeypatch.setattr("pytest_specgates.measure.progress._EVERY", 0.0)
    scan(root, "a.jsonl", tell=told.append)
    assert told[0].startswith("a.jsonl: 16 % of 1 MB, ")
    assert told[-2].startswith("a.jsonl: 100 % of 1 MB, ")
    assert told[-1] == ""


def test_const_asserts_in_draft_4_too(root: Path) -> None:
    """The draft does not know it. A property of that name is none."""
    schema = {
        "$schema": "http://json-schema.org/draft-04/schema#",
        "properties": {"kind": {"const": "a", "enum": ["a", "b"]}, "const": {"type": "string"}},
    }
    (root / "old.json").write_text(json.dumps(schema))
    made = compiled("old.json", Surroundings(root=root))
    assert made.is_valid({"kind": "a", "const": "x"})
    assert not made.is_valid({"kind": "b"})
    assert not made.is_valid({"const": 1})
