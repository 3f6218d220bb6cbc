"""A file that breaks in the middle: what stands behind was not read, so that nothing is said of it,
however much a gate tolerates."""

from __future__ import annotations

import functools
import gzip
import io
import json
from pathlib import Path

import pytest

from pytest_specgates import pipeline
from pytest_specgates.measure import zstd_frames
from pytest_specgates.model import Surroundings, Verdict

KINDS = pipeline.kinds()
TOLERANT = ("must: invalid <= 10", "must: errors <= 10", "must: valid >= 0 %")
OF_FIELDS = ("records: '>= 1'", "unique: id", "nulls: {id: '<= 100 %'}")
ROW = b'{"id": 1}\n'
CSV = b"id,name\n1,a\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    schema = {"properties": {"id": {"type": ["integer", "null"]}}}
    (tmp_path / "s.json").write_text(json.dumps(schema))
    return tmp_path.resolve()


def judged(root: Path, name: str, keys: str) -> Verdict:
    text = f"spec: x\ngates:\n  - {{conforms: s.json, of: {name}, {keys}}}\n"
    file = pipeline.load({"x.spec.yaml": text}, KINDS).files["x.spec.yaml"]
    assert file.all_errors == []
    (gate,) = file.gates
    return pipeline.judge(gate, pipeline.measure(gate, KINDS, Surroundings(root=root)))


@pytest.mark.parametrize(
    ("name", "data", "place", "told"),
    [
        ("a.yaml", b'- id: 1\n- id: 2\n- id: "3\n', "4:1", "unexpected end of stream"),
        ("a.yaml", b"id: 1\n---\nid: 2\n  name: x\n---\nid: x\n", "4:7", "mapping values are not"),
        ("a.yaml", b"id: 1\nid: 2\n---\nid: x\n", "2:1", 'duplicate key "id"'),
        ("a.yaml", b"id: 1\n---\n- !x 1\n---\nid: x\n", "3:3", "the tag !x is not read"),
        ("a.yaml", b"id: 1\n---\nid: *a\n", "3:5", "the alias *a stands for nothing"),
        ("a.yaml", b"- id: 1\n- id: .nan\n", "2:7", "NaN and infinity are no numbers of JSON"),
        ("a.yaml", b"- id: 1\n- name: \xe4\n", "2:9", "not UTF-8"),
        (
            "a.yml.gz",
            gzip.compress(b"- id: 1\n- [\n", mtime=0),
            "3:1",
            "did not find expected node",
        ),
        ("a.json", b'[{"id": 1},\n {"id": 2},\n {"id": 3', "3:10", "not valid JSON"),
        ("a.json", b'[{"id": 1},\n {"id": "x"} {"id": "y"}]', "2:14", "not valid JSON"),
        ("a.json", b'{"id": 1}\n{"id": "x"}\n', "2:1", "not valid JSON"),
        ("a.json", b'[{"id": 1},\n {"id": NaN}]', "2:9", "NaN is not JSON"),
        ("a.json", b'[{"id": 1},\n {"name": "\xe4"}]', "2:12", "not UTF-8"),
        (
            "a.json",
            b'[{"id": 1, "id": 2}, {"id": "x"}]',
            "1:12",
            'the key "id" stands in an object',
        ),
        ("a.toml", b'id = 1\nname = "a\n', "2:10", "not valid TOML: Illegal character"),
        ("a.toml", b"id = 1\nname = ", "2:8", "not valid TOML: Invalid value"),
        ("a.toml", b"id = 1\nid = 2\n", "2:7", "not valid TOML: Cannot overwrite a value"),
        ("a.toml", b"id = nan\n", "1", "NaN and infinity are no numbers of JSON"),
        ("a.csv", CSV + b'2,"b\n3,c\n4,d\n', "3:1", "unexpected end of data"),
        (
            "a.csv",
            CSV + b'2,"b\n3,c\n4,"d"\n5,e\n',
            "3:1",
            "a text in quotes that runs on to line 5",
        ),
    ],
)
def test_nothing_is_said_of_what_was_not_read(
    root: Path, name: str, data: bytes, place: str, told: str
) -> None:
    (root / name).write_bytes(data)
    for keys in (*TOLERANT, *OF_FIELDS, "must: all valid"):
        verdict = judged(root, name, keys)
        assert verdict.status == "unmeasured", (keys, verdict.sentence)
        (result, *_) = (one for one in verdict.results if one.status == "unmeasured")
        assert result.sentence.startswith(f"{name}:{place}: "), result.sentence
        assert told in result.sentence
        assert result.next_step.startswith(f"mend {name}:{place}")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.jsonl", ROW + b'{"id": 1,\n' + ROW),
        ("a.jsonl", ROW + b'{"id": 1, "id": 2}\n' + ROW),
        ("a.jsonl", ROW * 2 + ROW[:5]),
        ("a.csv", CSV + b"2\n3,c\n"),
        ("a.csv", CSV + b'2,"b"b\n3,c\n'),
        ("a.csv", CSV + b"2,\xe4\n3,c\n"),
        ("a.csv", CSV + b'2,"b\nc",3\n3,c\n'),
        ("a.yaml", b"id: 1\n---\nid: x\n---\nid: 3\n"),
    ],
)
def test_one_record_that_is_bad_is_one(root: Path, name: str, data: bytes) -> None:
    (root / name).write_bytes(data)
    assert judged(root, name, "must: errors <= 1").status == "passed"
    verdict = judged(root, name, "must: invalid <= 0")
    assert (verdict.status, verdict.measured) == ("failed", "1 of 3 records invalid")


def packed(data: bytes, suffix: str) -> bytes:
    if suffix == ".gz":
        return gzip.compress(data, mtime=0)
    zstandard = pytest.importorskip("zstandard", reason="zstandard is not installed")
    found: bytes = zstandard.ZstdCompressor(write_checksum=True).compress(data)
    return found


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
@pytest.mark.parametrize("kind", ["a.jsonl", "a.csv"])
def test_a_stream_that_is_cut_off_is_an_error(root: Path, kind: str, suffix: str) -> None:
    lines = b"".join(b"%d,%d\n" % (number, number**5) for number in range(5_000))
    data = b"id,name\n" + lines if kind == "a.csv" else ROW * 5_000
    name = f"{kind}{suffix}"
    whole = packed(data, suffix)
    (root / name).write_bytes(whole)
    assert judged(root, name, TOLERANT[0]).status == "passed"
    for cut in (len(whole) - 1, len(whole) // 2, 11):
        (root / name).write_bytes(whole[:cut])
        verdict = judged(root, name, TOLERANT[0])
        assert verdict.status == "error", (cut, verdict.sentence)
        assert f"{name}: the compressed data are damaged" in verdict.sentence
    (root / name).write_bytes(whole + whole)  # as `cat a.gz b.gz` makes it
    assert judged(root, name, "must: invalid <= 1").status == "passed"
    (root / name).write_bytes(whole + b"behind it")
    assert judged(root, name, "must: invalid <= 1").status == "error"


def test_frames_of_zstd_are_read_in_pieces_of_any_size() -> None:
    first, second = ROW * 300, bytes(range(256)) * 70
    data = packed(first, ".zst") + packed(b"", ".zst") + packed(second, ".zst")
    for size in (1, 7, 100_000):
        stream = zstd_frames.Frames(io.BytesIO(data))
        pieces = iter(functools.partial(stream.read, size), b"")
        assert b"".join(pieces) == first + second
    assert io.BufferedReader(zstd_frames.Frames(io.BytesIO(b""))).read() == b""


@pytest.mark.parametrize("name", ["a.arrow", "a.parquet"])
def test_a_table_of_arrow_that_is_cut_off_is_an_error(root: Path, name: str) -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    table = pyarrow.table({"id": list(range(20_000))})
    path = root / name
    if name == "a.parquet":
        from pyarrow import parquet

        parquet.write_table(table, path, row_group_size=1_000)
    else:
        with pyarrow.ipc.new_stream(str(path), table.schema) as writer:
            for batch in table.to_batches(max_chunksize=1_000):
                writer.write_batch(batch)
    whole = path.read_bytes()
    assert judged(root, name, TOLERANT[0]).status == "passed"
    # The last eight bytes of a stream say that it ends: without them it may have had more batches.
    for cut in (len(whole) - 8, len(whole) - 4, len(whole) // 2, 5):
        path.write_bytes(whole[:cut])
        verdict = judged(root, name, TOLERANT[0])
        assert verdict.status == "error", (cut, verdict.sentence)
        assert name in verdict.sentence
