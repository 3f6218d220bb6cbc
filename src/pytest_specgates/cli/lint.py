"""`specgates lint`: doubts about specs, before a run has to find them."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import files

if TYPE_CHECKING:
    from ..errors import SpecError
    from ..model import Binding, Gate
    from ..read.floors import Floor
    from ..understand.doubts import Finding

MORE_RULES = ("config", "never", "unused-binding")
"""The rules that need more than the gates: the configuration, the project's bindings."""


def add_parser(commands: Any) -> None:
    lint = commands.add_parser(
        "lint",
        help="find limits that cannot fail, placeholders, contradictions and more",
        description="Find what is doubtful in specs: limits that no value can fail or meet, "
        "placeholders left in, criteria that nobody can measure, criteria that contradict each "
        "other or the configuration, ids that clash, bindings that fit nothing.",
        epilog="Exit codes: 0 nothing found; 1 findings; 2 wrong usage, or a spec that cannot be "
        "read.",
    )
    files.add_paths(lint)
    lint.add_argument(
        "--format", choices=("text", "json"), default="text", help="how findings are written"
    )
    lint.add_argument(
        "--ignore",
        action="append",
        default=[],
        metavar="RULE",
        help="leave a rule out; may be given more than once",
    )


def run(arguments: argparse.Namespace) -> int:
    from .. import pipeline
    from ..errors import did_you_mean
    from ..model import Surroundings
    from ..understand.doubts import RULES, doubts

    known = (*RULES, *MORE_RULES)
    for rule in arguments.ignore:
        if rule not in known:
            hint = did_you_mean(rule, known).replace("known: ", "rules: ")
            files.say(f'--ignore: no rule "{rule}"; {hint}', sys.stderr)
            return 2
    texts, errors = files.texts(arguments.paths)
    kinds = pipeline.kinds()
    loaded = pipeline.load(texts, kinds)
    gates = [gate for file in loaded.files.values() for gate in file.gates]
    errors.extend(error for file in loaded.files.values() for error in file.all_errors)
    around = Surroundings(root=Path.cwd())
    reaches = {gate.nodeid: pipeline.reach(gate, kinds, around) for gate in gates}
    found = doubts(gates, lambda gate: reaches[gate.nodeid])
    found.extend(_config(gates, _floors()))
    found.extend(_unused(loaded.unused))
    found.extend(_never(gates))
    found = [finding for finding in found if finding.rule not in arguments.ignore]
    if arguments.format == "json":
        json.dump(_as_json(found, errors), sys.stdout, indent=2, ensure_ascii=False)
        print()
    else:
        _print(found, errors, len(gates))
    return 2 if errors else 1 if found else 0


def _floors() -> list[Floor]:
    from ..errors import SpecError
    from ..read.floors import FILES, floors

    found: list[Floor] = []
    for name in FILES:
        file = Path(name)
        try:
            if file.is_file():
                found.extend(floors({name: files.read(file)}))
        except (SpecError, OSError) as error:
            files.say(f"{name} was not compared with the specs: {error}", sys.stderr)
    return found


def _config(gates: Sequence[Gate], floors: Sequence[Floor]) -> Iterator[Finding]:
    """Coverage gates that say another number than the configuration does."""
    from ..measure.coverage_scope import changed_scope
    from ..understand.doubts import Finding

    for floor in floors:
        stated = [
            (gate, limit)
            for gate in gates
            for check in gate.checks
            if check.kind == "coverage"
            and check.quantity.unit == "%"
            and "per" not in check.options
            and not any(changed_scope(subject) for subject in check.subject)
            and isinstance(limit := check.quantity.value, Fraction)
        ]
        if not stated or any(limit == floor.value for _, limit in stated):
            continue
        gate, limit = max(stated, key=lambda pair: pair[1])
        other = f"{floor.span.path}:{floor.span.line}"
        message = f"{other} says {floor.setting} {floor.value}, the spec says {limit} %"
        yield Finding(
            "config",
            gate.criterion.span,
            gate.criterion.text,
            message,
            "make them one number, or take the floor out of the configuration",
        )


def _never(gates: Sequence[Gate]) -> Iterator[Finding]:
    """Gates whose `when:` names no file that there is: they are never judged."""
    from ..errors import ProbeError
    from ..measure.paths import matching
    from ..understand.doubts import Finding

    known: dict[str, bool] = {}
    for gate in gates:
        for pattern in gate.reading.when:
            if pattern not in known:
                try:
                    known[pattern] = bool(matching(Path.cwd(), pattern))
                except ProbeError:
                    known[pattern] = True  # the gate is an error, which is told when it is judged
        unmatched = [pattern for pattern in gate.reading.when if not known[pattern]]
        if unmatched and not gate.reading.why:
            yield Finding(
                "never",
                gate.criterion.span,
                gate.criterion.text,
                f"no file matches {', '.join(unmatched)}: the gate does not apply",
                "correct `when:`, or say with `reason:` that the files are still to come",
            )


def _unused(bindings: Sequence[Binding]) -> Iterator[Finding]:
    from ..understand.doubts import Finding

    for binding in bindings:
        message = "the binding fits no criterion of any spec"
        hint = "correct its text, or take it out"
        yield Finding("unused-binding", binding.span, binding.text, message, hint)


def _print(found: Sequence[Finding], errors: Sequence[SpecError], gates: int) -> None:
    for error in errors:
        files.say(str(error), sys.stderr)
    for finding in found:
        span = finding.span
        files.say(f"{span.path}:{span.line}:{span.column}: {finding.rule}: {finding.message}")
        files.say(f"  as written: {' '.join(finding.text.split())[:300]}")
        if finding.hint:
            files.say(f"  {finding.hint}")
    counts = Counter(finding.rule for finding in found)
    told = ", ".join(f"{count} {rule}" for rule, count in sorted(counts.items()))
    read = files.counted(gates, "criterion").replace("criterions", "criteria")
    files.say(
        f"{files.counted(len(found), 'finding')} ({told}) in {read}"
        if found
        else f"nothing found in {read}"
    )


def _as_json(found: Sequence[Finding], errors: Sequence[SpecError]) -> Mapping[str, Any]:
    return {
        "findings": [
            {
                "rule": finding.rule,
                "path": finding.span.path,
                "line": finding.span.line,
                "column": finding.span.column,
                "text": finding.text,
                "message": finding.message,
                "hint": finding.hint,
            }
            for finding in found
        ],
        "errors": [files.error_as_json(error) for error in errors],
    }
