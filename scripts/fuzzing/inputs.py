"""Inputs by their numbers: what is read, and as what."""

from __future__ import annotations

import json
import random
import re
from copy import deepcopy
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from pytest_specgates.model import (
    Figure,
    RecordedCoverage,
    RunEvidence,
    Samples,
    Shard,
    Surroundings,
    TestRef,
    TestResult,
)
from pytest_specgates.pipeline.merging import merged_report
from pytest_specgates.report.json_report import render_json
from pytest_specgates.report.shard_file import render_shard

from .changes import changed
from .corpus import BINDINGS, DATA, KINDS, LOADED, SCHEMA, SETTINGS, Corpus, Input

_HEADINGS = (
    *("", "Acceptance criteria", "validation", "performance_targets", "coverage", "Latency (ms)"),
    *("rollback_if", "alerts", "Error budget", "constraints", "success_metrics", "Non-goals"),
)
_COLUMNS = ("", "", "", "", "Metric|Target", "Metric|Target|Limit|Max", "p50|p95|p99", "Name|%|")
_NAMES = (
    *("x.spec.yaml", "x.md", "bindings.yaml", "x.slo.yaml", "codecov.yml", "k6.js", "k6.json"),
    *("lighthouserc.json", "budget.json", "openspec/specs/x/spec.md", "specs/001-x/spec.md"),
    *(".kiro/specs/x/requirements.md", "slo.yaml", "x.openslo.yaml", "tasks.md", "x.unknown"),
)


def made(rng: random.Random, given: Corpus) -> Input:
    """An input: of 100, 66 lines of prose, 20 files with specs, 9 data files, 3 settings or test
    files, 2 reports or shards."""
    kind = rng.random()
    if kind < 0.02:
        name, data = rng.choice(records())
        text = data if rng.random() < 0.3 else spoilt(rng, data)
        return Input(name, {f"{name}.json": text if text != data else changed(rng, text, given)})
    if kind < 0.05:
        name, text = rng.choice(SETTINGS)
        return Input("settings", {name: changed(rng, text, given)})
    if kind < 0.71:
        text = changed(rng, rng.choice(given.lines), given)
        if rng.random() < 0.9:
            text = text.replace("\n", " ")
        above = rng.choice(_HEADINGS) if rng.random() < 0.9 else changed(rng, "Targets", given)
        return Input("line", {"line": text, "above": above, "columns": rng.choice(_COLUMNS)})
    if kind < 0.91:
        path, text = rng.choice(given.specs)
        if rng.random() < 0.1:
            path = rng.choice(_NAMES)
        texts = {path: changed(rng, text, given)}
        if rng.random() < 0.1 and path != BINDINGS[0]:
            texts[BINDINGS[0]] = changed(rng, BINDINGS[1], given)
        return Input("spec", texts)
    name, text = rng.choice(DATA if rng.random() < 0.6 else given.data)
    texts = {name: changed(rng, text, given)}
    if name.endswith((".jsonl", ".json", ".yaml", ".yml")) and rng.random() < 0.6:
        if rng.random() < 0.3:
            texts["schema.json"] = changed(rng, json.dumps(SCHEMA), given)
        return Input("conforms", texts)
    words = re.findall(r"\w[\w.]{0,20}", texts[name])
    texts["key"] = ".".join(rng.choices(words, k=rng.choice((1, 1, 2, 3)))) if words else "a"
    return Input("config", texts)


_JUNK: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1.5, 1e308, 10**30, "", "x", "\0", "\ud800", "1/0", "9/3", "-1/7"),
    *([], {}, [[]], [None], {"": None}, "../../etc/passwd", "/dev/zero", "nan", "passed", 2**63),
)


def spoilt(rng: random.Random, text: str) -> str:
    """A JSON text with some of its values or keys taken out, moved, or replaced."""
    data = json.loads(text)
    for _ in range(rng.choice((1, 1, 2, 3))):
        found = data
        while True:
            inner = list(found) if isinstance(found, dict) else range(len(found))
            if not inner:
                break
            key = rng.choice(inner)
            if isinstance(found[key], (dict, list)) and found[key] and rng.random() < 0.8:
                found = found[key]
                continue
            how = rng.random()
            if how < 0.2:
                del found[key]
            elif how < 0.3 and isinstance(found, dict):
                found[rng.choice(("", "x", "kind", str(key).upper()))] = found.pop(key)
            elif how < 0.4 and isinstance(found, list):
                found.append(deepcopy(found[key]))
            else:
                found[key] = deepcopy(rng.choice(_JUNK))
            break
    return json.dumps(data, ensure_ascii=rng.random() < 0.5)


@cache
def records() -> tuple[tuple[str, str], ...]:
    """A report and a shard of a small project."""
    one = Shard(
        number=1,
        count=1,
        commit="",
        dirty=None,
        spec_digest=LOADED.digest,
        versions={"python": "3"},
        machine={"cpus": "2"},
        started="2026-01-01T00:00:00Z",
        ended="2026-01-01T00:00:01Z",
        whole=("tests",),
        evidence=RunEvidence(
            results={
                name: TestResult(TestRef(name, frozenset(("slow",)), True), "passed")
                for name in ("tests/test_a.py::test_a", "tests/test_a.py::test_b[1]")
            },
            collected=frozenset(("tests/test_a.py::test_a", "tests/test_a.py::test_b[1]")),
            unselected=(TestRef("tests/test_c.py::test_c"),),
            roots=("tests",),
            samples={"tests/test_a.py::test_a": Samples((0.5,) * 60)},
            figures={"tests/test_a.py::test_a": (Figure("accuracy", Fraction(9, 10)),)},
        ),
        coverage=RecordedCoverage(True, {"src/a.py": {"": ((1, 2), (2, -1))}}, ("src",)),
    )
    report = merged_report([("shard.json", one)], LOADED, KINDS, Surroundings(Path()), "pre-merge")
    return (("shard", render_shard(one)), ("report", render_json(report)))


def numbered(seed: int, number: int, given: Corpus) -> Input:
    """The input of a number: the same one for the same seed and corpus."""
    return made(random.Random((seed << 40) + number), given)
