"""Row 24: a JSONL file is cut in the middle, has a byte order mark, is empty, has a huge line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Project

JUNIT = "specs.x.spec.yaml::"
GOOD = b'{"id": 1, "name": "\xc3\xa4"}\n'
BAD = b'{"id": "one"}\n'
BOM = b"\xef\xbb\xbf"
HUGE = b'{"id": 1, "name": "' + b"a" * 5_000_000
CASES: dict[str, tuple[bytes, int, int, list[int]]] = {
    # name: (content, records, invalid ones, their lines)
    "good": (GOOD * 3, 3, 0, []),
    "cut": (GOOD * 3 + GOOD[:9], 4, 1, [4]),
    "cut-at-a-quote": (GOOD + b'{"id": 1, "name": "', 2, 1, [2]),
    "no-last-newline": (GOOD * 2 + BAD.strip(), 3, 1, [3]),
    "bom": (BOM + GOOD * 2, 2, 0, []),
    "bom-and-bad": (BOM + BAD + GOOD, 2, 1, [1]),
    "windows-lines": ((GOOD + BAD + GOOD).replace(b"\n", b"\r\n"), 3, 1, [2]),
    "blank-lines": (b"\n" + GOOD + b"  \n" + BAD, 2, 1, [4]),
    "nul": (GOOD + b"\0" * 100 + b"\n" + GOOD, 3, 1, [2]),
    "line-separator": (b'{"id": 1, "name": "\xe2\x80\xa8"}\n' + BAD, 2, 1, [2]),
    "huge": (GOOD + HUGE + b'"}\n' + BAD, 3, 1, [3]),
    "huge-and-wrong": (GOOD + HUGE.replace(b"1", b'"x"', 1) + b'"}\n' + GOOD, 3, 1, [2]),
    "huge-and-cut": (GOOD + HUGE, 2, 1, [2]),
    "deep": (GOOD + b"[" * 100_000 + b"\n" + BAD, 3, 2, [2, 3]),
    "cut-in-a-letter": (GOOD * 2 + GOOD[:20], 3, 1, [3]),
    "not-utf-8": (GOOD + b'{"id": 1, "name": "\xe4"}\n' + BAD + GOOD, 4, 2, [2, 3]),
}
BYTES = ("cut-in-a-letter", "not-utf-8")


@pytest.fixture
def rows(project: Project) -> Project:
    project.write(
        "schemas/row.json",
        json.dumps(
            {
                "type": "object",
                "properties": {"id": {"type": "integer"}, "name": {"type": "string"}},
                "required": ["id"],
            }
        ),
    )
    (project.root / "data").mkdir()
    return project


def judge(rows: Project, names: list[str]) -> None:
    for name in names:
        (rows.root / f"data/{name}.jsonl").write_bytes(CASES[name][0])
    gate = "  - {{id: {0}{2}, conforms: schemas/row.json, of: data/{0}.jsonl, must: {1}}}\n"
    ways = (("all valid", ""), ("invalid <= 1", "-tolerant"))
    lines = "".join(gate.format(name, must, more) for name in names for must, more in ways)
    rows.spec(f"spec: x\ngates:\n{lines}")
    outcome = rows.run()
    for name in names:
        _, records, invalid, bad = CASES[name]
        gate_, tolerant = outcome.gate(f"::{name}"), outcome.gate(f"::{name}-tolerant")
        # Nothing is lost behind a line that cannot be read: all records and bad ones are there.
        assert gate_["measured"] == f"{invalid} of {records} records invalid", gate_["checks"]
        evidence = gate_["checks"][0]["evidence"]
        told = [text.partition(": ")[0].rpartition(":")[0] for text in evidence[1:]]
        assert told == [f"data/{name}.jsonl:{line}" for line in bad]
        status = "failed" if invalid else "passed"
        assert (gate_["status"], gate_["blocking"]) == (status, bool(invalid))
        assert outcome.junit[JUNIT + name] == ("failure" if invalid else "passed")
        assert tolerant["status"] == ("failed" if invalid > 1 else "passed")
    is_bad = any(CASES[name][2] for name in names)
    assert (outcome.verdict, outcome.exit) == (("failed", 1) if is_bad else ("passed", 0))
    assert (rows.root / "report.json").stat().st_size < 100_000
    assert len(outcome.output) < 50_000


def test_every_line_is_judged_and_named(rows: Project) -> None:
    judge(rows, [name for name in CASES if name not in BYTES])


@pytest.mark.parametrize("name", BYTES)
def test_so_where_a_line_is_not_utf_8(rows: Project, name: str) -> None:
    judge(rows, [name])


EMPTY = {"empty": b"", "blank": b"\n \n", "only-bom": BOM}
ENCODINGS = ("utf-16", "utf-16-le", "utf-32")


def test_a_file_without_a_line_or_in_another_encoding(rows: Project) -> None:
    files = EMPTY | {name: GOOD.decode().encode(name) for name in ENCODINGS}
    for name, content in files.items():
        (rows.root / f"data/{name}.jsonl").write_bytes(content)
    gate = "  - {{id: {0}, conforms: schemas/row.json, of: data/{0}.jsonl}}\n"
    rows.spec("spec: x\ngates:\n" + "".join(gate.format(name) for name in files))
    outcome = rows.run()
    for name in EMPTY:
        found = outcome.gate(f"::{name}")
        assert (found["status"], found["blocking"]) == ("unmeasured", True), found["sentence"]
        assert "has no record" in found["sentence"]
    for name in ENCODINGS:
        assert outcome.gate(f"::{name}")["status"] in ("failed", "error")
    assert all(outcome.junit[JUNIT + name] == "failure" for name in files)
    assert (outcome.verdict, outcome.exit, outcome.junit_failures) == ("failed", 1, len(files))


def test_so_in_a_worker(rows: Project) -> None:
    # Large data that are committed are read in a worker.
    (rows.root / "data/rows.jsonl").write_bytes(GOOD * 3000 + GOOD[:9])
    rows.write("tests/test_a.py", "def test_a():\n    pass\n")
    rows.config("testpaths = tests\n")
    rows.spec("spec: x\ngates:\n  - {id: none, conforms: schemas/row.json, of: data/*.jsonl}\n")
    rows.commit_all()
    outcome = rows.run("-n", "2")
    gate = outcome.gate("::none")
    assert (gate["status"], gate["measured"]) == ("failed", "1 of 3001 records invalid")
    assert "data/rows.jsonl:3001" in gate["checks"][0]["evidence"][1]
    assert (outcome.verdict, outcome.exit, outcome.junit[f"{JUNIT}none"]) == (
        "failed",
        1,
        "failure",
    )
