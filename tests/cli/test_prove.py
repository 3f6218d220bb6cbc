"""`specgates prove`: every gate can fail, or it is told that it cannot."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest

from pytest_specgates.cli.main import main


@dataclass(frozen=True)
class Done:
    returncode: int
    stdout: str
    stderr: str


@dataclass(frozen=True)
class Project:
    """A project in a folder: commands in this process need no pytest of their own."""

    root: Path

    def write(self, path: str, text: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def spec(self, text: str, name: str = "x") -> None:
        self.write(f"specs/{name}.spec.yaml", text)


def prove(project: Project, *arguments: str) -> Done:
    """The command in this process: the current folder is that of the project."""
    assert Path.cwd() == project.root
    with redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as err:
        code = main(["prove", *arguments])
    return Done(code, out.getvalue(), err.getvalue())


@pytest.fixture
def filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.chdir(tmp_path)
    project = Project(tmp_path)
    project.write("pytest.ini", "[pytest]\nspecgates_allow = command\n")
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
    "{conforms: schemas/strict.json, of: data/row.json, must: '>= 99.9 %', records: 3, unique: id, "
    "nulls: {a.b: '<= 1 %'}, newest: {t: '< 2 h'}, range: {p: median between 1 and 2, q: max < 3}}",
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
    "{gates: other}",
    "{returns: schemas/strict.json, of: 'app:f'}",
    "{returns: 'app:Model', of: 'app:f'}",
    "{takes: schemas/strict.json, of: 'app:f'}",
    "{compatible: schemas/strict.json, must: both}",
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
    "{returns: schemas/open.json, of: 'app:f'}",
    "{compatible: schemas/every.json}",
    "{compatible: schemas/none.json, must: forward}",
)
IMPOSSIBLE = (
    "{coverage: '> 100%', of: src}",
    "{latency: p95 < 0 ms}",
    "{tests: failing < 0}",
    "{command: 'false'}",
    "{exists: data/row.json, must: present >= 2}",
    "{conforms: schemas/none.json, of: data/row.json}",
    "{coverage: 'line == 80%, line >= 90%', of: src}",
    "{takes: schemas/none.json, of: 'app:f'}",
    "{returns: schemas/none.json, of: 'app:f'}",
    "{returns: schemas/strict.json, takes: schemas/none.json, of: 'app:f'}",
)


@pytest.mark.parametrize("gate", FINE)
def test_it_can_fail(filled: Project, gate: str) -> None:
    if gate == "{gates: other}":
        gate += "\n  - {id: other, exists: a}"
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


LIST = "conforms: schemas/list.json, of: data/row.json"
FAILS, PASSES = "canary: python -c raise", "canary: python --version"
IN_TIME = "command: python --version, must: exit 0 within 10 s"


@pytest.mark.parametrize(
    ("gate", "told"),
    [
        (f"{LIST}, canary: bad.jsonl", 'bad.jsonl:1:7: /a: "x" is not of type "integer"'),
        (
            f"{LIST}, canary: bad.jsonl, must: invalid <= 3",
            'of type "integer", 2 times over)',
        ),
        (
            f"{LIST}, canary: one.jsonl, must: invalid <= 3",
            'of type "integer", 4 times over)',
        ),
        (f"{LIST}, canary: one.jsonl, must: invalid == 3", "4 of 4 records invalid"),
        (f"{LIST}, must: invalid <= 1000000", "1000001 of 1000001 records invalid"),
        (f"command: python --version, {FAILS}", "is refused: exit 1 (python -c raise)"),
        (f"{IN_TIME}, {FAILS}", "is refused: exit 1 (python -c raise)"),
        (f"{IN_TIME}, {FAILS}", "11 s fails duration <= 10 s"),
        (IN_TIME, "11 s fails duration <= 10 s"),
        (IN_TIME, "only a made value: no command was run for so long"),
        ("command: x, must: exit 0 within 90 s", "stopped after 60 s, its `timeout:`, before"),
        ("tests: all pass", "1 of 1 failing fails all pass"),
    ],
)
def test_a_counter_example_is_refused(filled: Project, gate: str, told: str) -> None:
    filled.write("bad.jsonl", '{"a": "x"}\n{"a": null}\n')
    filled.write("one.jsonl", '{"a": null}\n')
    filled.spec(f"spec: x\ngates:\n  - {{{gate}}}\n")
    done = prove(filled)
    assert (done.returncode, told in done.stdout) == (0, True), done.stdout
    assert "1 gate: 1 can fail" in done.stdout


@pytest.mark.parametrize(
    ("gate", "told"),
    [
        (f"{LIST}, canary: data/row.json", "data/row.json:1 is valid under schemas"),
        (f"{LIST}, canary: mixed.jsonl", "mixed.jsonl:2 is valid under schemas/list.json"),
        (f"{LIST}, canary: mixed.jsonl, must: invalid == 3", "mixed.jsonl:2 is valid"),
        (f"command: python --version, {PASSES}", "is not refused: exit 0 (python --version)"),
        (f"{IN_TIME}, {PASSES}", "is not refused: exit 0 (python --version)"),
    ],
)
def test_a_counter_example_is_not_caught(filled: Project, gate: str, told: str) -> None:
    filled.write("mixed.jsonl", '{"a": "x"}\n{"a": 1}\n')
    filled.spec(f"spec: x\ngates:\n  - {{{gate}}}\n")
    done = prove(filled)
    assert (done.returncode, told in done.stdout) == (1, True), done.stdout
    assert "specs/x.spec.yaml:3: NOT CAUGHT: x/" in done.stdout
    assert "1 gate: 1 not caught" in done.stdout


@pytest.mark.parametrize(
    ("gate", "told"),
    [
        (f"{LIST}, canary: gone.json", "canary: no file matches gone.json"),
        (f"{LIST}, canary: 'gone/*.json'", "canary: no file matches gone/*.json"),
        (f"{LIST}, canary: empty.jsonl", "canary: empty.jsonl has no record"),
        (f"{LIST}, canary: broken.json", "canary: broken.json:1: not valid JSON:"),
        (f"{LIST}, canary: ../x.json", "leads out of the root"),
        (f"{LIST}, canary: notes.txt", "a conforms gate reads .json"),
        ("conforms: gone.json, of: data/row.json", "the schema gone.json is not there"),
        ("conforms: schemas/odd.json, of: data/row.json", "refuses no record that was tried"),
        ("command: python --version, canary: no-such-command-here", "cannot be run"),
        (f"{IN_TIME}, canary: no-such-command-here", "cannot be run"),
        ("command: x, timeout: 0.2, canary: python -c 'import time; time.sleep(9)'", "stopped"),
    ],
)
def test_a_counter_example_could_not_be_tried(filled: Project, gate: str, told: str) -> None:
    gate = gate.replace("python -c 'import", "\"python -c 'import").replace("(9)'", "(9)'\"")
    filled.write("empty.jsonl", "\n")
    filled.write("broken.json", "{")
    filled.write("notes.txt", "x")
    filled.write("schemas/odd.json", '{"not": {"pattern": "^zebra [0-9]{4}$", "type": "string"}}')
    filled.spec(f"spec: x\ngates:\n  - {{{gate}}}\n")
    done = prove(filled)
    assert (done.returncode, told in done.stdout) == (1, True), done.stdout
    assert "specs/x.spec.yaml:3: NOT SHOWN: x/" in done.stdout
    assert "1 gate: 1 not shown" in done.stdout


def test_a_reason_acknowledges_what_cannot_fail(filled: Project) -> None:
    filled.spec("spec: x\ngates:\n  - {coverage: '>= 0%', of: src, reason: a start}\n")
    done = prove(filled)
    assert (done.returncode, done.stderr) == (0, "")
    assert "specs/x.spec.yaml:3: CANNOT FAIL, acknowledged (a start): x/" in done.stdout
    assert "1 gate: 1 acknowledged" in done.stdout


def test_a_command_is_only_run_where_the_project_allows_it(filled: Project) -> None:
    filled.write("pytest.ini", "[pytest]\n")
    filled.spec("spec: x\ngates:\n  - {command: python --version}\n")
    done = prove(filled)
    assert done.returncode == 0
    assert "only a made value: commands are not allowed" in done.stdout


def test_unbound_lines_hold_nothing(filled: Project) -> None:
    filled.spec("spec: x\nvalidation:\n  - Frobs frobbed\n")
    done = prove(filled)
    assert (done.returncode, "unbound: nothing lets it pass" in done.stdout) == (0, True)


def test_as_json(filled: Project) -> None:
    filled.spec("spec: x\ngates:\n  - {id: a, coverage: '>= 0%', of: src}\n  - exists: a\n")
    filled.spec("workflow: w\nvalidation:\n  - '{name} works'\n", "w")
    done = prove(filled, "--format", "json")
    told = json.loads(done.stdout)
    assert list(told) == ["gates", "templates", "counts", "errors"]
    one, other = told["gates"]
    assert one == {
        "gate": "x/a",
        "path": "specs/x.spec.yaml",
        "line": 3,
        "text": one["text"],
        "outcome": "cannot fail",
        "reason": "",
        "told": [">= 0% is true of every value"],
    }
    assert other["outcome"] == "can fail"
    assert (told["templates"], told["errors"], done.returncode) == (1, [], 1)
    assert told["counts"] == {
        "can fail": 1,
        "acknowledged": 0,
        "cannot fail": 1,
        "cannot pass": 0,
        "not caught": 0,
        "not shown": 0,
    }


def test_errors_as_json(filled: Project) -> None:
    filled.spec("spec: x\ngates:\n  - {coverage: many}\n")
    done = prove(filled, "--format", "json")
    told = json.loads(done.stdout)
    (error,) = told["errors"]
    assert (error["path"], error["line"], done.returncode) == ("specs/x.spec.yaml", 3, 2)
    assert error["hint"].startswith("for example")
    assert told["gates"] == []


TEMPLATE = "workflow: w\nvalidation:\n  - exists: '{path}'\n"


def test_templates_that_nobody_instantiates_are_counted(filled: Project) -> None:
    filled.spec(TEMPLATE, "w")
    filled.spec(TEMPLATE.replace("workflow: w", "workflow: unused"), "unused")
    filled.spec("spec: x\nworkflow: w\nparams: {path: '.'}\n")
    done = prove(filled)
    assert (done.returncode, done.stderr) == (1, "")
    assert "CANNOT FAIL: x/validation.exists" in done.stdout
    assert done.stdout.endswith(
        "1 gate: 1 cannot fail\n1 template is instantiated by no spec, so nothing of it was shown: "
        "unused (specs/unused.spec.yaml:1)\n"
    )
    assert prove(filled, "specs/w.spec.yaml").stdout == "0 gates: nothing to prove\n"


@pytest.mark.parametrize("absolute", [False, True])
def test_only_the_gates_of_the_specs_that_are_named(filled: Project, absolute: bool) -> None:
    filled.spec("spec: x\nworkflow: w\nparams: {path: a}\n")
    filled.spec(TEMPLATE, "w")
    filled.spec("spec: bad\ngates:\n  - exists: .\n  - coverage: many\n", "bad")
    filled.write("more/docs.md", "# Docs\n\n```yaml\nspec: page\ngates:\n  - exists: b\n```\n")
    lead = f"{filled.root}/" if absolute else "./"
    done = prove(filled, f"{lead}specs/x.spec.yaml", f"{lead}more/docs.md")
    assert (done.returncode, done.stderr) == (0, "")
    assert "specs/w.spec.yaml:3: can fail: x/validation.exists" in done.stdout
    assert "more/docs.md:6: can fail: page/exists-b" in done.stdout
    assert "2 gates: 2 can fail" in done.stdout
    everything = prove(filled, "specs")
    assert everything.returncode == 2
    assert "specs/bad.spec.yaml:4" in everything.stderr
    assert "CANNOT FAIL: bad/" in everything.stdout


def test_a_path_that_is_not_there(filled: Project) -> None:
    filled.spec("spec: x\ngates:\n  - exists: a\n")
    done = prove(filled, "specs/y.spec.yaml")
    assert (done.returncode, "no such file" in done.stderr) == (2, True)


def test_lint_says_the_same_of_every_gate(filled: Project) -> None:
    gates = [*FINE, *VACUOUS, *IMPOSSIBLE]
    lines = "".join(f"  - {{id: g{n}, {gate[1:]}\n" for n, gate in enumerate(gates))
    filled.spec(f"spec: x\ngates:\n{lines}  - {{id: other, exists: a}}\n")
    proven = json.loads(prove(filled, "--format", "json").stdout)["gates"]
    with redirect_stdout(StringIO()) as out:
        main(["lint", "--format", "json"])
    linted = json.loads(out.getvalue())["findings"]
    words = {"vacuous": "cannot fail", "impossible": "cannot pass"}
    said = {(one["line"], words.get(one["rule"], "")) for one in linted}
    assert len(proven) == len(gates) + 1
    for one in proven:
        for outcome in words.values():
            assert ((one["line"], outcome) in said) == (one["outcome"] == outcome), one
    assert {one["outcome"] for one in proven} == {"can fail", *words.values()}


def test_as_a_command_of_its_own(filled: Project) -> None:
    filled.spec("spec: x\ngates:\n  - exists: a\n")
    command = [sys.executable, "-m", "pytest_specgates", "prove"]
    done = subprocess.run(command, cwd=filled.root, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 gate: 1 can fail" in done.stdout


def test_a_spec_that_cannot_be_read(filled: Project) -> None:
    filled.spec("spec: x\ngates:\n  - {coverage: many}\n")
    assert prove(filled).returncode == 2
