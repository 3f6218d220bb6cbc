"""`specgates explain`: how each criterion is read, what measures it, and how it stands."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from . import files

if TYPE_CHECKING:
    from ..model import Gate, Kind, Meaning, Verdict
    from ..pipeline import LoadedFile

_WIDTH = 78


def add_parser(commands: Any) -> None:
    explain = commands.add_parser(
        "explain",
        help="show how each criterion is read, and what would bind the unbound",
        description="Show each criterion with its reading, what measures it, and its status where "
        "that takes no test run. For the unbound the YAML to paste is printed.",
        epilog="Exit codes: 0 explained; 2 wrong usage, or a spec that cannot be read.",
    )
    files.add_paths(explain)
    explain.add_argument(
        "--jsonl",
        action="store_true",
        help='read lines {"text", "context_key"} from the standard input and write a reading '
        "of each, as JSON lines",
    )
    explain.add_argument(
        "--latency-statistic",
        default="p95",
        metavar="STATISTIC",
        help="the statistic of latencies that name none, as `specgates_latency_statistic` "
        "says it to pytest (default: p95)",
    )


def run(arguments: argparse.Namespace) -> int:
    if arguments.jsonl:
        return _lines(sys.stdin, sys.stdout)
    from .. import pipeline

    try:
        kinds = pipeline.kinds(latency_statistic=arguments.latency_statistic)
    except ValueError as fault:
        files.say(f"--latency-statistic: {fault}", sys.stderr)
        return 2
    texts, errors = files.texts(arguments.paths)
    loaded = pipeline.load(texts, kinds)
    status = _Statuses(kinds)
    for file in loaded.files.values():
        errors.extend(file.all_errors)
        for line in _file(file, status):
            files.say(line)
    for error in errors:
        files.say(str(error), sys.stderr)
    return 2 if errors else 0


def _file(file: LoadedFile, status: _Statuses) -> Iterator[str]:
    for spec in file.specs:
        if spec.gates or spec.statements:
            yield f"{spec.spec.name}  {file.path}"
        for gate in spec.gates:
            yield ""
            yield f"  {gate.criterion.span.line}: {_short(gate.criterion.text)}"
            for name, text in _told(gate, status):
                yield f"      {name:<10}{text}"
        if spec.statements:
            yield ""
            yield "  not a gate:"
        for statement in spec.statements:
            yield f"  {statement.line}: {_short(statement.text)}"
            yield f"      {statement.reason}"
        yield ""


def _told(gate: Gate, status: _Statuses) -> Iterator[tuple[str, str]]:
    from ..understand.stated import binding, can_be_marked, in_words

    reading = gate.reading
    yield "id", f"{gate.spec.name}/{gate.name}"
    if reading.checks:
        yield "read as", reading.text
        yield "probe", ", ".join(dict.fromkeys(check.kind for check in reading.checks))
    elif reading.meaning is not None and reading.meaning.thresholds:
        yield "read as", in_words(reading.meaning)
    elif reading.meaning is not None:
        yield "read as", f"{reading.meaning.kind.replace('_', ' ')}, without a threshold"
    if reading.meaning is not None:
        yield from _places(gate.criterion.text, reading.meaning)
    yield "now", status.of(gate)
    if not reading.checks:
        yield "paste", binding(gate.criterion, reading.meaning)
        if can_be_marked(gate.criterion, reading.meaning):
            yield "or mark", f'@pytest.mark.spec("{gate.spec.name}/{gate.name}")'


def _places(text: str, meaning: Meaning) -> Iterator[tuple[str, str]]:
    """From which part of the text each threshold came, and the numbers that are none."""
    from ..understand.stated import sentence

    for threshold in meaning.thresholds:
        part = text[threshold.start : threshold.end]
        turned = " (the text names what must not be)" if threshold.is_turned else ""
        if part:
            yield "from", f'"{part}": {sentence(threshold)}{turned}'
    for aside in meaning.asides:
        part = text[aside.start : aside.end].strip()
        if any(character.isdigit() for character in part):
            yield "not taken", f'"{_short(part)}": {aside.reason}'


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _WIDTH else flat[: _WIDTH - 3] + "..."


class _Statuses:
    """The statuses of gates that stand on files alone; a run of the tests judges the others."""

    def __init__(self, kinds: dict[str, Kind]) -> None:
        from pathlib import Path

        from ..model import Surroundings

        self.kinds = kinds
        self.around = Surroundings(root=Path.cwd())
        self.is_configured = False

    def of(self, gate: Gate) -> str:
        from .. import pipeline

        needs = pipeline.rests_on(gate, self.kinds)
        if needs & {"run", "gates"}:
            return "judged by `pytest --spec-gates`: it rests on the tests of the run"
        if "process" in needs:
            return "judged by `pytest --spec-gates`: explain runs no command"
        if gate.reading.when:
            return "judged by `pytest --spec-gates`: it hangs on what changed against the base"
        if not self.is_configured and any(check.kind == "attested" for check in gate.checks):
            self._configure()
        verdicts = pipeline.judge_all([gate], self.kinds, self.around, gate.stage)
        return _status(verdicts[gate.nodeid])

    def _configure(self) -> None:
        """Where attestations are kept, and whose signatures count, only the configuration says."""
        from dataclasses import replace

        from ..errors import SpecError
        from .project import settings

        self.is_configured = True
        try:
            found = settings()
        except SpecError as error:
            files.say(str(error), sys.stderr)
            return
        self.around = replace(
            self.around,
            attestations=found.text("specgates_attestations") or self.around.attestations,
            allowed_signers=found.text("specgates_allowed_signers"),
        )


def _status(verdict: Verdict) -> str:
    return f"{verdict.status}: {verdict.sentence}"


# --- lines -------------------------------------------------------------------------------


def _lines(source: Any, target: Any) -> int:
    """One reading a line. Values are decimal numbers in canonical units."""
    from ..understand.prose import read_text

    failed = 0
    for number, line in enumerate(source, 1):
        if not line.strip():
            continue
        try:
            given = json.loads(line)
            text, above = given["text"], given.get("context_key")
            if not isinstance(text, str) or not isinstance(above, str | None):
                raise TypeError("`text` and `context_key` are texts")
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            wanted = '{"text": ..., "context_key": ...}'
            files.say(f"line {number} is not {wanted}: {error}", sys.stderr)
            failed += 1
            continue
        meaning = read_text(text, above)
        made = {
            "text": text,
            "context_key": above,
            "kind": meaning.kind,
            "checks": _checks(meaning),
        }
        files.say(json.dumps(made, ensure_ascii=False), target)
    return 2 if failed else 0


def _checks(meaning: Meaning) -> Sequence[dict[str, Any]]:
    return [
        {
            "metric": t.metric,
            "stat": t.statistic,
            "op": t.op,
            "value": float(t.value),
            "unit": t.unit,
        }
        for t in meaning.thresholds
    ]
