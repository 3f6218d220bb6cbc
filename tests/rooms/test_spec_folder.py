"""Every spec of tests/specs is read as its snapshot says: its gates, or the error's text.

After a change that is meant, write the snapshots anew with --update-snapshots and read the diff.
"""

from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest

from pytest_specgates import pipeline
from pytest_specgates.errors import SpecError
from pytest_specgates.model import Gate
from pytest_specgates.pipeline import LoadedFile
from pytest_specgates.read.markdown import spec_blocks
from pytest_specgates.yaml12 import documents, plain

FOLDER = Path(__file__).parents[1] / "specs"
FILES = sorted(path for path in FOLDER.iterdir() if path.suffix in (".yaml", ".md"))
KINDS = pipeline.kinds()
STRUCTURAL = (
    "unknown_key",
    "useless_key",
    "unknown_kind",
    "level",
    "type",
    "two_kinds",
    "needs_of",
    "must_in_value_kind",
    "not_a_spec",
    "waiver_no_end",
    "waiver_date",
    "id.",
    "stage",
)
"""The errors that a JSON Schema can see; the others need the meaning of a text."""


def _shown(file: LoadedFile) -> str:
    lines = [str(error) for error in file.all_errors]
    for spec in file.specs:
        kind = "template" if spec.spec.is_template else "spec"
        lines.append(f"{kind} {spec.spec.name} (line {spec.spec.line})")
        for gate in spec.gates:
            lines.extend(_gate(gate))
        lines.extend(f"  not a gate, line {s.line}: {s.text} - {s.reason}" for s in spec.statements)
    return "\n".join(lines) + "\n"


def _gate(gate: Gate) -> list[str]:
    span = gate.criterion.span
    policy = f"{gate.level}, {gate.stage}" + (
        f", {gate.reading.owner}" if gate.reading.owner else ""
    )
    lines = [
        f"  gate {gate.nodeid} at {span.line}:{span.column} ({policy})",
        f"    text: {gate.criterion.text}",
        f"    read: {gate.reading.text or 'unbound, ' + gate.reading.reason}",
    ]
    for check in gate.checks:
        statistic = f"{check.statistic} " if check.statistic else ""
        limit = f"{check.quantity.value} {check.quantity.unit}".strip()
        lines.append(f"    check: {check.kind} {statistic}{check.metric} {check.op} {limit}")
    return lines


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_reads_as_its_snapshot(path: Path, request: pytest.FixtureRequest) -> None:
    text = path.read_bytes().decode("utf-8")
    shown = _shown(pipeline.load({path.name: text}, KINDS).files[path.name])
    snapshot = path.with_suffix(".out")
    if request.config.getoption("--update-snapshots"):
        snapshot.write_text(shown, encoding="utf-8")
    assert shown == snapshot.read_text("utf-8")


@pytest.mark.parametrize(
    "path", [path for path in FILES if path.suffix == ".yaml"], ids=lambda path: path.name
)
def test_the_published_schema_agrees(path: Path) -> None:
    """What is read is valid under the schema, and what has the wrong shape is not."""
    validator = jsonschema.Draft202012Validator(
        pipeline.spec_schema(KINDS),
        format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER,
    )
    text = path.read_bytes().decode("utf-8").removeprefix("\ufeff")
    try:
        specs = [plain(node) for node in documents(text, path.name)]
    except SpecError:
        assert path.name.startswith("error_")
        return
    valid = all(validator.is_valid(spec) for spec in specs)
    if not path.name.startswith("error_"):
        assert valid, [e.message for spec in specs for e in validator.iter_errors(spec)]
    elif any(path.name.startswith(f"error_{name}") for name in STRUCTURAL):
        assert not valid


def test_the_published_schema_accepts_the_shapes_that_are_read() -> None:
    text = (FOLDER / "shapes.md").read_text("utf-8")
    validator = jsonschema.Draft202012Validator(pipeline.spec_schema(KINDS))
    found = [
        [error.message for error in validator.iter_errors(plain(node))]
        for block in spec_blocks(text)
        for node in documents(block.text, "shapes.md")
    ]
    assert found == [[]] * 4


def test_every_error_names_its_line_and_the_next_step() -> None:
    for path in FILES:
        file = pipeline.load({path.name: path.read_bytes().decode("utf-8")}, KINDS).files[path.name]
        for error in file.all_errors:
            assert error.path == path.name
            assert error.line >= 1
            assert error.text or error.line == 1, error
            assert error.hint, error
