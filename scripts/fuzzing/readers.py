"""What reads inputs. Raises what must not be raised; an error of ours with its place is fine."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pytest_specgates import pipeline
from pytest_specgates.errors import ProbeError, SpecError
from pytest_specgates.measure import config, conforms
from pytest_specgates.model import Base, Gate, Surroundings
from pytest_specgates.pipeline.merging import (
    ShardError,
    check_together,
    merged_evidence,
    merged_report,
)
from pytest_specgates.pipeline.verifying import Expected, verify
from pytest_specgates.read import configuration
from pytest_specgates.read.source_of_tests import read_tests
from pytest_specgates.report.json_report import render_json
from pytest_specgates.report.recorded import ReportError, read_report
from pytest_specgates.report.shard_file import read_shard
from pytest_specgates.understand.prose.reading import read_text

from .corpus import KINDS, LOADED, SCHEMA, Input

_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_CONDITIONS = ("present", "== 3", "> 3", "<= 0.5", "== no", "!= x", "== true")


class Targets:
    """What reads inputs. The data files of `conforms` and `config` are written into a folder."""

    def __init__(self, folder: Path) -> None:
        self.root = folder.resolve()
        (self.root / "schema.json").write_text(json.dumps(SCHEMA))
        self.kept: dict[Any, Any] = {}
        """The validator of the schema as it was: making it takes longer than a validation."""
        self.conforms = _gates("  - conforms: schema.json\n    of: data.json\n")[0]
        text = "".join(f'  - config: a\n    of: x\n    must: "{c}"\n' for c in _CONDITIONS)
        self.config = _gates(text)

    def read(self, given: Input) -> None:
        """Read one input. Raises what its readers raise, and AssertionError for a result that
        cannot be, or an error that does not name its place."""
        texts = given.texts
        if given.target == "line":
            read_line(
                texts["line"], texts["above"], tuple(filter(None, texts["columns"].split("|")))
            )
        elif given.target == "spec":
            read_specs(texts)
        elif given.target == "settings":
            read_settings(texts)
        elif given.target in ("report", "shard"):
            self.judge(given)
        else:
            self.probe(given)

    def judge(self, given: Input) -> None:
        """Hold a report against the specs, or judge the gates by a shard."""
        (text,) = given.texts.values()
        text = text.encode("utf-8", "replace").decode("utf-8")
        around = Surroundings(root=self.root)
        try:
            if given.target == "report":
                expected = Expected(self.root, LOADED, KINDS, "pre-merge", Base(), around)
                assert all(one.message for one in verify(read_report(text), expected))
                return
            shard = read_shard(text)
            check_together([("shard.json", shard)], "", LOADED.digest, None)
        except (ReportError, ShardError):
            return
        around = replace(around, run=merged_evidence([shard], self.root, ["tests/test_a.py"]))
        report = merged_report([("shard.json", shard)], LOADED, KINDS, around, "pre-merge")
        assert render_json(report)

    def probe(self, given: Input) -> None:
        name = next(iter(given.texts))
        for path, text in given.texts.items():
            if path != "key":
                (self.root / path).write_bytes(text.encode("utf-8", "surrogatepass"))
        around = Surroundings(root=self.root)
        if given.target == "config":
            for gate in self.config:
                _probed(gate, around, name, {"asked": (given.texts["key"],)})
            return
        if "schema.json" in given.texts:
            _probed(self.conforms, around, name)
            (self.root / "schema.json").write_text(json.dumps(SCHEMA))
        else:
            _probed(self.conforms, replace(around, cache=self.kept), name)


def _gates(text: str) -> list[Gate]:
    file = pipeline.load({"x.spec.yaml": f"spec: x\ngates:\n{text}"}, KINDS).files["x.spec.yaml"]
    assert not file.all_errors, file.all_errors
    return file.gates


def _probed(
    gate: Gate, around: Surroundings, name: str, options: Mapping[str, Any] | None = None
) -> None:
    """Measure a file, and judge what was measured."""
    check = gate.checks[0]
    check = replace(check, subject=(name,), options={**check.options, **(options or {})})
    kind = config.KIND if check.kind == "config" else conforms.KIND
    try:
        measured = kind.probe(check, around)
    except ProbeError as error:
        told = str(error)
        assert name in told or "schema.json" in told, f"names no file: {told}"
        line = re.search(r"(?:data\.\w+|schema\.json):(-?\d+)", told)
        assert line is None or int(line[1]) >= 1, f"names no line: {told}"
        return
    gate = replace(gate, reading=replace(gate.reading, checks=(check,)))
    verdict = pipeline.judge(gate, [measured])
    assert verdict.sentence


def read_line(text: str, above: str, columns: tuple[str, ...]) -> None:
    meaning = read_text(text, above or None, columns)
    places = [(t.start, t.end) for t in meaning.thresholds]
    places += [(aside.start, aside.end) for aside in meaning.asides]
    for start, end in places:
        assert 0 <= start <= end <= len(text), f"not in the text: {start} to {end}"


def read_specs(texts: Mapping[str, str]) -> None:
    loaded = pipeline.load(texts, KINDS)
    for file in loaded.files.values():
        for error in file.all_errors:
            told = str(error)
            assert error.path in texts, f"names no file: {told!r}"
            last = len(_BREAK.findall(texts[error.path])) + 2
            assert 1 <= error.line <= last, f"names no line: {told!r}"
            assert error.column >= 1, f"names no column: {told!r}"
        for gate in file.gates:
            assert gate.criterion.span.line >= 1, f"stands nowhere: {gate.nodeid!r}"


def read_settings(texts: Mapping[str, str]) -> None:
    for name, text in texts.items():
        if name.endswith(".py"):
            read_tests(text)
            return
        for read in (configuration.pytest_configuration, configuration.coverage_configuration):
            try:
                read({name: text})
            except SpecError as error:
                told = error
            else:
                continue
            assert told.path == name, f"names no file: {told}"
            assert told.line >= 1, f"names no line: {told}"
