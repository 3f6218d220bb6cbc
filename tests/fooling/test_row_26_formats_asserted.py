"""Row 26: `format: date` is only a remark to a validator that is not told otherwise."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Project

JUNIT = "specs.x.spec.yaml::"
FORMATS = {
    # format: (a value that has it, one that has not)
    "date": ("2024-02-29", "2023-02-29"),
    "date-time": ("2024-02-29T10:00:00Z", "2024-02-29 10:00"),
    "time": ("10:00:00Z", "25:00:00Z"),
    "duration": ("P1D", "1 day"),
    "email": ("a@example.org", "nobody"),
    "hostname": ("example.org", "-a-.example"),
    "ipv4": ("127.0.0.1", "256.0.0.1"),
    "ipv6": ("::1", "12345::"),
    "uri": ("https://example.org/a", "not a uri"),
    "uri-reference": ("../a", "\\\\server"),
    "uuid": ("2eb8aa08-aa98-11ea-b4aa-73b441d16380", "2eb8aa08"),
    "json-pointer": ("/a/0", "a/0"),
    "regex": ("^a+$", "(a"),
}
DRAFTS = {
    "2020-12": "https://json-schema.org/draft/2020-12/schema",
    "draft-07": "http://json-schema.org/draft-07/schema#",
    "draft-04": "http://json-schema.org/draft-04/schema#",
    "2019-09": "https://json-schema.org/draft/2019-09/schema",
}


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "workers"])
def test_a_value_without_its_format_is_invalid(project: Project, workers: tuple[str, ...]) -> None:
    lines = []
    for name, (good, bad) in FORMATS.items():
        schema = {"properties": {"a": {"type": "string", "format": name}}}
        project.write(f"schemas/{name}.json", json.dumps(schema))
        for kind, value in (("good", good), ("bad", bad)):
            project.write(f"data/{name}-{kind}.jsonl", json.dumps({"a": value}) + "\n")
            lines.append(
                f"  - {{id: {name}-{kind}, conforms: schemas/{name}.json, "
                f"of: data/{name}-{kind}.jsonl}}\n"
            )
    project.write("tests/test_a.py", "def test_a():\n    pass\n")
    project.config("testpaths = tests\n")
    project.spec("spec: x\ngates:\n" + "".join(lines))
    outcome = project.run(*workers)
    for name, (_, bad) in FORMATS.items():
        good_gate, bad_gate = outcome.gate(f"::{name}-good"), outcome.gate(f"::{name}-bad")
        assert good_gate["status"] == "passed", good_gate["checks"]
        assert (bad_gate["status"], bad_gate["blocking"]) == ("failed", True), name
        (_, told) = bad_gate["checks"][0]["evidence"]
        assert told.startswith(f"data/{name}-bad.jsonl:1:7: /a: {json.dumps(bad)} is not a ")
        assert f'is not a "{name}"' in told
        assert outcome.junit[f"{JUNIT}{name}-good"] == "passed"
        assert outcome.junit[f"{JUNIT}{name}-bad"] == "failure"
    assert (outcome.verdict, outcome.exit) == ("failed", 1)
    assert outcome.junit_failures == len(FORMATS)


@pytest.mark.parametrize("draft", DRAFTS)
def test_so_under_each_draft(project: Project, draft: str) -> None:
    project.write("data/row.yaml", "day: 2023-02-29\n")
    schema = {"$schema": DRAFTS[draft], "properties": {"day": {"format": "date"}}}
    project.write("schemas/row.json", json.dumps(schema))
    project.spec("spec: x\ngates:\n  - {id: day, conforms: schemas/row.json, of: data/row.yaml}\n")
    outcome = project.run()
    gate = outcome.gate("::day")
    assert (gate["status"], gate["blocking"]) == ("failed", True), gate["sentence"]
    assert (outcome.verdict, outcome.exit, outcome.junit[f"{JUNIT}day"]) == ("failed", 1, "failure")
