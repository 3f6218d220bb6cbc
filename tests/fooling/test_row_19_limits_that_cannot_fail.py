"""Row 19: a limit that no value can fail (`>= 0 %`, `< inf`), a schema that accepts everything."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Project

VACUOUS = {
    "coverage": "coverage: '>= 0%', of: src",
    "coverage-below": "coverage: '>= -1%', of: src",
    "rate": "throughput: '>= 0/s', of: tests",
    "schema-object": "conforms: schemas/empty.json, of: data",
    "schema-true": "conforms: schemas/true.yaml, of: data",
    "schema-title": "conforms: schemas/title.json, of: data",
    "command-true": "command: 'true'",
    "command-echo": "command: echo all is well",
    "root": "exists: .",
    "samples": "latency: 'samples >= 0', of: tests",
    "present": "exists: [README.md, LICENSE], must: 'present >= 0'",
    "changed": "changed: [README.md], must: 'changed >= 0'",
    "defined": "gates: latency, must: 'defined >= 0'",
}
SOUND = {
    "coverage-too": "coverage: '>= 1%', of: src",
    "schema-type": "conforms: schemas/type.json, of: data",
    "command-make": "command: make check",
    "present-too": "exists: [README.md, LICENSE], must: 'present >= 1'",
}


@dataclass(frozen=True)
class Linted:
    exit: int
    output: str
    vacuous: list[int]


def lint(project: Project) -> Linted:
    command = [sys.executable, "-m", "pytest_specgates", "lint"]
    shown = subprocess.run(command, cwd=project.root, capture_output=True, text=True, check=False)
    as_json = subprocess.run(
        [*command, "--format=json"], cwd=project.root, capture_output=True, text=True, check=False
    )
    assert shown.returncode == as_json.returncode
    found = json.loads(as_json.stdout)["findings"]
    lines = [finding["line"] for finding in found if finding["rule"] == "vacuous"]
    return Linted(shown.returncode, shown.stdout + shown.stderr, lines)


@pytest.fixture
def schemas(project: Project) -> Project:
    project.write("schemas/empty.json", "{}")
    project.write("schemas/true.yaml", "true\n")
    project.write("schemas/title.json", '{"$schema": "x", "title": "anything"}')
    project.write("schemas/type.json", '{"type": "object"}')
    return project


@pytest.mark.parametrize("name", VACUOUS)
def test_lint_tells_a_gate_that_cannot_fail(schemas: Project, name: str) -> None:
    schemas.spec(f"spec: x\ngates:\n  - {{id: {name}, {VACUOUS[name]}}}\n")
    found = lint(schemas)
    assert found.vacuous == [3], found.output
    assert found.exit == 1
    assert "specs/x.spec.yaml:3:5: vacuous" in found.output


def test_a_reason_acknowledges_it(schemas: Project) -> None:
    gates = "".join(f"  - {{id: {n}, {g}, reason: a start}}\n" for n, g in VACUOUS.items())
    schemas.spec(f"spec: x\ngates:\n{gates}")
    assert lint(schemas).vacuous == []


def test_what_can_fail_is_not_told(schemas: Project) -> None:
    schemas.spec("spec: x\ngates:\n" + "".join(f"  - {{id: {n}, {g}}}\n" for n, g in SOUND.items()))
    found = lint(schemas)
    assert (found.exit, found.vacuous) == (0, []), found.output


@pytest.mark.parametrize(
    "gate",
    [
        "latency: p95 < inf s",
        "latency: p95 < infinity",
        "coverage: '>= nan%'",
        "latency: p95 < .inf s",
        "tests: failing <= inf",
    ],
)
def test_a_limit_that_is_no_number_is_an_error(schemas: Project, gate: str) -> None:
    schemas.spec(f"spec: x\ngates:\n  - {{id: odd, {gate}}}\n")
    schemas.write("tests/test_a.py", "def test_a(benchmark):\n    benchmark(int)\n")
    found = lint(schemas)
    assert found.exit == 2, found.output
    assert "specs/x.spec.yaml:3" in found.output
    outcome = schemas.run()
    assert len(outcome.report["errors"]) == 1
    assert "specs/x.spec.yaml:3" in outcome.report["errors"][0]
    assert outcome.statuses == {}
    assert outcome.verdict == "failed"
    assert outcome.exit != 0
    assert outcome.junit_failures == 1
