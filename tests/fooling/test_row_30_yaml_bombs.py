"""Row 30: a YAML file with aliases of aliases, nested without end, huge, or with Python objects."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Outcome, Project

JUNIT = "specs.x.spec.yaml::"
LIMIT = 20
"""Seconds for a run. Read naively, an alias bomb takes longer than anyone waits."""


def aliases(levels: int = 10) -> str:
    """Each list holds the one before ten times: 10 ** levels values in all."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, levels)]
    return "\n".join(lines) + "\n"


OBJECTS = {
    "apply": "!!python/object/apply:os.system ['touch CALLED']",
    "new": "!!python/object/new:os.mkdir [CALLED]",
    "name": "!!python/name:os.system",
    "module": "!!python/module:antigravity",
    "tuple": "!!python/tuple [1, 2]",
    "own": "!owner {a: 1}",
}
BOMBS = {
    "aliases": aliases(),
    "itself": "a: &a [*a]\n",
    "brackets": "a: " + "[" * 100_000 + "\n",
    "closed": "a: " + "[" * 20_000 + "]" * 20_000 + "\n",
    "braces": "a: " + "{a: " * 20_000 + "\n",
    "dashes": "a:\n" + "- " * 20_000 + "x\n",
    "indented": "".join(f"{' ' * n}a:\n" for n in range(600)),
    "open-quote": 'a: "' + "x" * 900_000 + "\n",
    "objects": "".join(f"{name}: {text}\n" for name, text in OBJECTS.items()),
}


def run(project: Project, *arguments: str) -> Outcome:
    start = time.monotonic()
    outcome = project.run(*arguments)
    assert time.monotonic() - start < LIMIT
    assert not (project.root / "CALLED").exists()
    return outcome


def huge(size: int) -> str:
    line = "  - exists: pytest.ini\n"
    return "spec: x\ngates:\n" + line * (size // len(line))


SPECS = {
    **{name: f"spec: x\ngates:\n  - exists: pytest.ini\n{text}" for name, text in BOMBS.items()},
    **{f"tag-{n}": f"spec: x\ngates:\n  - exists: {text}\n" for n, text in OBJECTS.items()},
    "large": huge(1_200_000),
    "huge": huge(5_000_000),
}


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "workers"])
def test_a_spec_that_is_a_bomb_is_an_error(project: Project, workers: tuple[str, ...]) -> None:
    for name, text in SPECS.items():
        project.spec(text, name=name)
    outcome = run(project, *workers)
    told = {error.partition(".spec.yaml")[0]: error for error in outcome.report["errors"]}
    assert set(told) == {f"specs/{name}" for name in SPECS}
    assert len(outcome.report["errors"]) == len(SPECS)
    assert all(len(error) < 2_000 for error in told.values())
    for name in OBJECTS:
        error = told[f"specs/tag-{name}"]
        assert error.startswith(f"specs/tag-{name}.spec.yaml:3:")
        assert "tag" in error
    assert outcome.statuses == {}
    assert outcome.verdict == "failed"
    assert outcome.exit not in (0, 3)
    assert outcome.junit_failures == len(SPECS)
    assert all(f"specs/{name}.spec.yaml" in outcome.output for name in SPECS)
    assert len(outcome.output) < 100_000


DATA = [name for name in BOMBS if name != "open-quote"]


def test_configuration_that_is_a_bomb_is_an_error(project: Project) -> None:
    for name in DATA:
        project.write(f"config/{name}.yaml", f"fine: 1\n{BOMBS[name]}")
    project.write("config/deep.json", '{"fine": 1, "a": ' + "[" * 100_000 + "}")
    project.write("config/deep.toml", "fine = 1\na = " + "[" * 20_000 + "\n")
    project.write("config/huge.json", '{"fine": 1}' + " " * 10_000_000)
    names = [*(f"{name}.yaml" for name in DATA), "deep.json", "deep.toml", "huge.json"]
    gate = "  - {{id: {1}, config: fine, of: config/{0}}}\n"
    gates = "".join(gate.format(name, name.replace(".", "-")) for name in names)
    project.spec(f"spec: x\ngates:\n{gates}")
    outcome = run(project)
    assert outcome.statuses == dict.fromkeys((n.replace(".", "-") for n in names), "error")
    assert (outcome.verdict, outcome.exit) == ("failed", 1)
    assert outcome.junit_failures == len(names)
    assert (project.root / "report.json").stat().st_size < 100_000


def test_data_that_are_a_bomb_are_unmeasured(project: Project) -> None:
    project.write("schemas/row.json", '{"type": "object"}')
    for name in DATA:
        project.write(f"data/{name}.yaml", f"fine: 1\n{BOMBS[name]}")
    gate = "  - {{id: {0}, conforms: schemas/row.json, of: data/{0}.yaml}}\n"
    project.spec("spec: x\ngates:\n" + "".join(gate.format(name) for name in DATA))
    outcome = run(project)
    for name in DATA:
        assert outcome.gate(f"::{name}")["status"] == "unmeasured", name
        assert outcome.junit[JUNIT + name] == "failure"
    assert (outcome.verdict, outcome.exit) == ("failed", 1)
    assert (project.root / "report.json").stat().st_size < 100_000


def test_a_schema_that_is_a_bomb_is_an_error(project: Project) -> None:
    project.write("data/row.json", "{}")
    for name in ("aliases", "closed", "objects"):
        project.write(f"schemas/{name}.yaml", BOMBS[name])
    gate = "  - {{id: {0}, conforms: schemas/{0}.yaml, of: data/row.json}}\n"
    names = ("aliases", "closed", "objects")
    project.spec("spec: x\ngates:\n" + "".join(gate.format(name) for name in names))
    outcome = run(project)
    assert outcome.statuses == dict.fromkeys(names, "error")
    assert (outcome.verdict, outcome.exit, outcome.junit_failures) == ("failed", 1, 3)
