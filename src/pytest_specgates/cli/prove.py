"""`specgates prove`: that every gate can fail."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from . import files

if TYPE_CHECKING:
    from ..model import Spec
    from ..pipeline.proving import Proof


def add_parser(commands: Any) -> None:
    prove = commands.add_parser(
        "prove",
        help="show that every gate can fail",
        description="For every gate of the project in the current folder, values on the wrong "
        "side of its limits are judged; what measures by itself (conforms, command, exists, "
        "config, changed) is run once against a counter-example. Commands run only where the "
        "project allows them.",
        epilog="Exit codes: 0 every gate can fail, and pass; 1 some cannot, or it was not shown; "
        "2 wrong usage, or a spec that cannot be read.",
    )
    prove.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="prove only the gates of these specs: files, and folders with *.spec.yaml and "
        "*.spec.yml files (default: the specs of the project)",
    )
    prove.add_argument(
        "--format", choices=("text", "json"), default="text", help="how it is written"
    )


def run(arguments: argparse.Namespace) -> int:
    from .. import pipeline
    from ..errors import SpecError
    from ..pipeline.proving import OUTCOMES, PROVEN, prove
    from .project import project, surroundings

    try:
        here = project()
        kinds = pipeline.kinds(latency_statistic=here.latency_statistic)
    except (SpecError, ValueError) as error:
        files.say(str(error), sys.stderr)
        return 2
    texts, errors = dict(here.texts), list(here.errors)
    wanted: Collection[str] = texts
    if arguments.paths:
        # The other specs are read, too: a workflow may be used by one, or stand in one.
        wanted, errors = files.texts([_within(path) for path in arguments.paths])
        texts.update(wanted)
    loaded = pipeline.load(texts, kinds, waiver_days=here.waiver_days)
    chosen = [file for file in loaded.files.values() if file.path in wanted]
    errors.extend(one for file in chosen for one in file.all_errors)
    around = surroundings(here)
    proofs = [prove(gate, kinds, around) for file in chosen for gate in file.gates]
    templates = [spec for spec in pipeline.unused_templates(loaded) if spec.path in wanted]
    counts = {name: sum(proof.outcome == name for proof in proofs) for name in OUTCOMES}
    if arguments.format == "json":
        told = {
            "gates": [_as_json(proof) for proof in proofs],
            "templates": len(templates),
            "counts": counts,
            "errors": [files.error_as_json(one) for one in errors],
        }
        json.dump(told, sys.stdout, indent=2, ensure_ascii=False)
        print()
    else:
        for one in errors:
            files.say(str(one), sys.stderr)
        for proof in proofs:
            _print(proof)
        summary = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
        files.say(f"{files.counted(len(proofs), 'gate')}: {summary or 'nothing to prove'}")
        if templates:
            files.say(_told_of(templates))
    return 2 if errors else int(any(proof.outcome not in PROVEN for proof in proofs))


def _within(path: str) -> str:
    """The path as the project names its specs, where it lies below the current folder."""
    if os.path.isabs(path):
        relative = os.path.relpath(path)
        return path if relative.split(os.sep)[0] == ".." else relative
    return path


def _told_of(templates: Sequence[Spec]) -> str:
    count = files.counted(len(templates), "template")
    are = "is" if len(templates) == 1 else "are"
    named = ", ".join(f"{spec.name} ({spec.path}:{spec.line})" for spec in templates)
    return f"{count} {are} instantiated by no spec, so nothing of it was shown: {named}"


_NEXT = {
    "cannot fail": "set a limit that can fail, or say with `reason:` why it stands as it is",
    "cannot pass": "correct the limit: as it stands it never passes",
    "not caught": "correct the schema, the command or the canary",
    "not shown": "mend what is named above",
}


def _print(proof: Proof) -> None:
    gate = proof.gate
    span = gate.criterion.span
    word = proof.outcome if proof.outcome == "can fail" else proof.outcome.upper()
    if proof.outcome == "acknowledged":
        word = f"CANNOT FAIL, acknowledged ({gate.reading.why})"
    files.say(f"{span.path}:{span.line}: {word}: {gate.address}")
    for line in proof.told:
        files.say(f"    {line}")
    if proof.outcome in _NEXT:
        files.say(f"    as written: {' '.join(gate.criterion.text.split())[:300]}")
        files.say(f"    {_NEXT[proof.outcome]}")


def _as_json(proof: Proof) -> dict[str, Any]:
    span = proof.gate.criterion.span
    return {
        "gate": proof.gate.address,
        "path": span.path,
        "line": span.line,
        "text": proof.gate.criterion.text,
        "outcome": proof.outcome,
        "reason": proof.gate.reading.why,
        "told": list(proof.told),
    }
