"""Row 82: a data file breaks in the middle, and the limit tolerates a few faults."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Project

WRONG = 50
"""More than the limit tolerates, all of them behind the place where the file breaks."""
YAML = "- id: 1\n- id: [\n" + '- id: "x"\n' * WRONG
JSON = '[{"id": 1},\n {"id": ]},\n' + ' {"id": "x"},\n' * WRONG
CSV = 'id\n1\n"2\n' + "x\n" * WRONG


@pytest.mark.parametrize("must", ["errors <= 10", "valid >= 40 %"])
@pytest.mark.parametrize(
    ("name", "text", "place"), [("a.yaml", YAML, "3:1"), ("a.json", JSON, "2:9"), ("a.csv", CSV, 3)]
)
def test_what_was_not_read_is_not_taken_for_valid(
    project: Project, name: str, text: str, place: str, must: str
) -> None:
    project.write("s.json", '{"items": {"properties": {"id": {"type": "integer"}}}}')
    project.write(f"data/{name}", text)
    project.spec(f"spec: x\ngates:\n  - {{id: g, conforms: s.json, of: data, must: {must}}}\n")
    outcome = project.run()
    gate = outcome.gate("g")
    assert (gate["status"], gate["blocking"]) == ("unmeasured", True), gate["sentence"]
    assert f"data/{name}:{place}" in gate["sentence"]
    assert (outcome.verdict, outcome.exit) == ("failed", 1)
    assert outcome.junit["specs.x.spec.yaml::g"] == "failure"
    assert f"mend data/{name}:{place}" in outcome.output


def test_so_where_a_compressed_file_is_cut_off(project: Project) -> None:
    packed = gzip.compress(b'{"id": 1}\n' * 5_000 + b'{"id": "x"}\n' * WRONG)
    project.write("s.json", '{"properties": {"id": {"type": "integer"}}}')
    (project.root / "a.jsonl.gz").write_bytes(packed[:-20])
    project.spec(
        "spec: x\ngates:\n  - {id: g, conforms: s.json, of: a.jsonl.gz, must: errors <= 10}\n"
    )
    outcome = project.run()
    assert outcome.statuses == {"g": "error"}
    assert "a.jsonl.gz: the compressed data are damaged" in outcome.gate("g")["sentence"]
    assert outcome.exit == 1
