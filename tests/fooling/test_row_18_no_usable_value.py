"""Row 18: the measured value is NaN, infinite, negative, an empty text or null."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Project

JUNIT = "specs.x.spec.yaml::"
workers = pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "workers"])
KIND = """
from pytest_specgates.model import Kind, Measurement, Metric, Value

VALUES = {
    "nan": float("nan"), "inf": float("inf"), "minus-inf": -float("inf"),
    "negative": -1, "empty": "", "none": None, "text": "12", "bool": True, "fine": 3,
}

def probe(check, around):
    return Measurement((Value("it", VALUES[check.subject[0]]), Value("other", 3)))

KIND = Kind(
    name="odd",
    summary="Measures what its subject says.",
    value={"type": "string"},
    metrics=(Metric("odd", "count", (">=", "<=", "==", "!=")),),
    probe=probe,
    needs="files",
    subject_is_required=True,
    example="`odd: '>= 1'` with `of: nan`",
)
"""
VALUES = ("nan", "inf", "minus-inf", "negative", "empty", "none", "text", "bool")
CONDITIONS = {"least": ">= 0", "most": "<= 100", "same": "== 3", "other": "!= 4"}


@pytest.fixture
def odd(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A kind of another package whose probe measures odd values."""
    project.write("lib/odd_kind.py", KIND)
    project.write("lib/odd_kind-1.0.dist-info/METADATA", "Name: odd-kind\nVersion: 1.0\n")
    project.write(
        "lib/odd_kind-1.0.dist-info/entry_points.txt",
        "[pytest_specgates.kinds]\nodd = odd_kind:KIND\n",
    )
    monkeypatch.setenv("PYTHONPATH", str(project.root / "lib"), prepend=os.pathsep)
    return project


@workers
def test_a_probe_that_measures_no_number(odd: Project, workers: tuple[str, ...]) -> None:
    gate = "  - {{id: {0}-{1}, odd: '{2}', of: {0}}}\n"
    names = {(value, name) for value in (*VALUES, "fine") for name in CONDITIONS}
    lines = [gate.format(value, name, CONDITIONS[name]) for value, name in sorted(names)]
    odd.spec("spec: x\ngates:\n" + "".join(lines))
    outcome = odd.run(*workers)
    for value, name in names:
        found = outcome.gate(f"::{value}-{name}")
        expected = ("passed", False) if value == "fine" else ("error", True)
        assert (found["status"], found["blocking"]) == expected, found["sentence"]
        junit = "passed" if value == "fine" else "failure"
        assert outcome.junit[f"{JUNIT}{value}-{name}"] == junit
    errors = len(VALUES) * len(CONDITIONS)
    assert outcome.report["counts"]["error"] == errors
    assert (outcome.verdict, outcome.exit, outcome.junit_failures) == ("failed", 1, errors)


FILES = {
    "yaml": "nan: .nan\ninf: .inf\nlow: -.inf\nbig: 1e999\nempty: ''\nnone: null\nblank:\n",
    "json": '{"nan": NaN, "inf": Infinity, "low": -Infinity, "big": 1e999, "empty": "", '
    '"none": null, "blank": null}',
    "toml": 'nan = nan\ninf = inf\nlow = -inf\nbig = 1e999\nempty = ""\n',
}
KEYS = ("nan", "inf", "low", "big", "empty", "none", "blank")


def test_a_configuration_that_has_no_number(project: Project) -> None:
    gate = "  - {{id: {3}-{0}-{1}, config: {0}, of: config/it.{3}, must: '{2}'}}\n"
    names = [
        (ending, key, name)
        for ending in FILES
        for key in KEYS
        for name in CONDITIONS
        if ending != "toml" or key not in ("none", "blank")
    ]
    for ending, text in FILES.items():
        project.write(f"config/it.{ending}", text)
    lines = [gate.format(key, name, CONDITIONS[name], ending) for ending, key, name in names]
    project.spec("spec: x\ngates:\n" + "".join(lines))
    outcome = project.run()
    for ending, key, name in names:
        found = outcome.gate(f"::{ending}-{key}-{name}")
        assert (found["status"], found["blocking"]) == ("error", True), found
        assert outcome.junit[f"{JUNIT}{ending}-{key}-{name}"] == "failure"
    assert (outcome.verdict, outcome.exit, outcome.junit_failures) == ("failed", 1, len(names))


def test_an_ini_file_that_has_no_number(project: Project) -> None:
    project.write("it.ini", "[a]\nnan = nan\ninf = inf\nempty =\nlow = -3\n")
    gate = "  - {{id: {0}-{1}, config: a.{0}, of: it.ini, must: '{2}'}}\n"
    names = [(key, name) for key in ("nan", "inf", "empty") for name in ("least", "most")]
    lines = [gate.format(key, name, CONDITIONS[name]) for key, name in names]
    lines.append(gate.format("low", "least", ">= 0"))
    project.spec("spec: x\ngates:\n" + "".join(lines))
    outcome = project.run()
    for key, name in names:
        assert outcome.gate(f"::{key}-{name}")["status"] == "error"
    # A setting may be negative: it is a number, and it is compared.
    assert outcome.gate("::low-least")["status"] == "failed"
    assert (outcome.verdict, outcome.exit) == ("failed", 1)


@pytest.mark.parametrize("ending", ["json", "jsonl", "yaml"])
def test_data_that_have_no_number_do_not_pass(project: Project, ending: str) -> None:
    nan = "a: .nan\n" if ending == "yaml" else '{"a": NaN}\n'
    project.write(f"data/it.{ending}", nan)
    project.write(
        "schemas/row.json", '{"properties": {"a": {"type": "number", "minimum": 0, "maximum": 9}}}'
    )
    project.spec(
        f"spec: x\ngates:\n  - {{id: data, conforms: schemas/row.json, of: data/it.{ending}}}"
    )
    outcome = project.run()
    gate = outcome.gate("::data")
    status = "failed" if ending == "jsonl" else "unmeasured"  # a document is not read further
    assert (gate["status"], gate["blocking"]) == (status, True), gate["sentence"]
    assert (outcome.verdict, outcome.exit, outcome.junit[f"{JUNIT}data"]) == (
        "failed",
        1,
        "failure",
    )


def test_a_clock_that_is_set_back(clocked: Project) -> None:
    clocked.write("times.json", json.dumps([0.25] * 59 + [-1.0]))
    clocked.spec(
        """
        spec: x
        gates:
          - {id: p95, latency: p95 < 1 s}
          - {id: min, latency: min < 1 s}
          - {id: mean, latency: mean < 1 s}
          - {id: rate, throughput: "> 1/s"}
        """
    )
    outcome = clocked.run()
    assert outcome.statuses == dict.fromkeys(("p95", "min", "mean", "rate"), "error")
    assert (outcome.verdict, outcome.exit) == ("failed", 1)
    assert all(outcome.junit[f"{JUNIT}{name}"] == "failure" for name in outcome.statuses)
