"""`specgates prove`: every gate can fail, or it is told that it cannot."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Project


def prove(project: Project, *arguments: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "pytest_specgates", "prove", *arguments],
        cwd=project.root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done


@pytest.fixture
def filled(project: Project) -> Project:
    project.write("schemas/strict.json", '{"type": "object", "required": ["a"]}')
    project.write("schemas/list.json", '{"properties": {"a": {"type": "integer"}}}')
    project.write("schemas/open.json", '{"title": "anything"}')
    project.write("schemas/every.json", '{"allOf": [{}], "properties": {"a": true}}')
    project.write("schemas/none.json", '{"not": {}}')
    project.write("data/row.json", '{"a": 1}')
    project.write("c.yaml", "a: {b: 3}\n")
    return project


FINE = (
    "{coverage: '>= 90%', of: src}",
    "{tests: all pass}",
    "{latency: p95 < 500 ms}",
    "{throughput: '>= 100/min'}",
    "{conforms: schemas/strict.json, of: data/row.json}",
    "{conforms: schemas/list.json, of: data/row.json}",
    "{conforms: schemas/strict.json, of: data/row.json, must: invalid <= 3}",
    "{command: python --version}",
    "{command: python --version, must: exit 1}",
    "{command: python --version, must: exit != 0}",
    "{command: python --version, must: exit 0 within 0.2 s}",
    "{exists: data/row.json}",
    "{exists: [data/row.json, x], must: present >= 1}",
    "{config: a.b, of: c.yaml}",
    "{config: a.b, of: c.yaml, must: == 3}",
    "{config: a.b, of: c.yaml, must: '>= 0'}",
    "{config: a.b, of: c.yaml, must: '!= x'}",
    "{changed: README.md}",
    "{attested: review}",
    "{gates: all pass, of: other}",
)
VACUOUS = (
    "{coverage: '>= 0%', of: src}",
    "{throughput: '>= 0/min'}",
    "{exists: data/row.json, must: present >= 0}",
    "{conforms: schemas/open.json, of: data/row.json}",
    "{attested: review, must: attestations >= 0}",
    "{exists: .}",
    "{exists: ['.', x], must: any exists}",
    "{changed: '**'}",
    "{changed: [README.md, '.']}",
    "{changed: 'src/**', when: 'src/**'}",
    "{command: 'true'}",
    "{command: ':'}",
    "{command: exit 0}",
    "{command: echo fine}",
    "{command: \"sh -c 'make check || true'\"}",
    "{conforms: schemas/every.json, of: data/row.json}",
)
IMPOSSIBLE = (
    "{coverage: '> 100%', of: src}",
    "{latency: p95 < 0 ms}",
    "{tests: failing < 0}",
    "{command: 'false'}",
    "{exists: data/row.json, must: present >= 2}",
    "{conforms: schemas/none.json, of: data/row.json}",
    "{coverage: 'line == 80%, line >= 90%', of: src}",
)


@pytest.mark.parametrize("gate", FINE)
def test_it_can_fail(filled: Project, gate: str) -> None:
    if "gates: all pass" in gate:
        gate = "{gates: other}\n  - {id: other, exists: a}"
    filled.spec(f"spec: x\ngates:\n  - {gate}\n")
    done = prove(filled)
    assert (done.returncode, "CANNOT FAIL" in done.stdout) == (0, False), done.stdout + done.stderr
    assert "could not be tried" not in done.stdout


@pytest.mark.parametrize("gate", VACUOUS)
def test_it_cannot_fail(filled: Project, gate: str) -> None:
    filled.spec(f"spec: x\ngates:\n  - {gate}\n")
    done = prove(filled)
    assert done.returncode == 1
    assert "specs/x.spec.yaml:3: CANNOT FAIL: x/" in done.stdout
    assert "1 gate: 1 cannot fail" in done.stdout


@pytest.mark.parametrize("gate", IMPOSSIBLE)
def test_it_cannot_pass(filled: Project, gate: str) -> None:
    filled.spec(f"spec: x\ngates:\n  - {gate}\n")
    done = prove(filled)
    assert done.returncode == 1
    assert "specs/x.spec.yaml:3: CANNOT PASS: x/" in done.stdout
    assert "1 gate: 1 cannot pass" in done.stdout


@pytest.mark.parametrize(
    ("gate", "code", "told"),
    [
        ("{conforms: schemas/list.json, of: data/row.json, canary: bad.jsonl}", 0, "can fail"),
        ("{conforms: schemas/list.json, of: data/row.json, canary: data/row.json}", 1, "is valid"),
        ("{conforms: schemas/list.json, of: data/row.json, canary: gone.json}", 1, "NOT SHOWN"),
        ("{command: python --version, canary: python -c 'raise SystemExit(3)'}", 0, "exit 3"),
        ("{command: python --version, canary: python --version}", 1, "is not refused"),
    ],
)
def test_a_canary_of_the_gate(filled: Project, gate: str, code: int, told: str) -> None:
    filled.write("bad.jsonl", '{"a": "x"}\n{"a": null}\n')
    gate = gate.replace("'raise SystemExit(3)'", "raise").replace("exit 3", "exit 1")
    told = told.replace("exit 3", "exit 1")
    filled.spec(f"spec: x\ngates:\n  - {gate}\n")
    done = prove(filled)
    assert done.returncode == code, done.stdout
    assert told in done.stdout


def test_a_command_is_only_run_where_the_project_allows_it(filled: Project) -> None:
    filled.config("")
    filled.spec("spec: x\ngates:\n  - {command: python --version}\n")
    done = prove(filled)
    assert done.returncode == 0
    assert "only a made value: commands are not allowed" in done.stdout


def test_unbound_lines_hold_nothing(filled: Project) -> None:
    filled.spec("spec: x\nvalidation:\n  - Frobs frobbed\n")
    done = prove(filled)
    assert (done.returncode, "unbound: nothing lets it pass" in done.stdout) == (0, True)


def test_as_json(filled: Project) -> None:
    filled.spec("spec: x\ngates:\n  - {id: a, coverage: '>= 0%', of: src}\n")
    done = prove(filled, "--format", "json")
    (one,) = json.loads(done.stdout)
    assert (one["gate"], one["line"], one["outcome"]) == ("x/a", 3, "cannot fail")
    assert done.returncode == 1


def test_a_spec_that_cannot_be_read(filled: Project) -> None:
    filled.spec("spec: x\ngates:\n  - {coverage: many}\n")
    assert prove(filled).returncode == 2
