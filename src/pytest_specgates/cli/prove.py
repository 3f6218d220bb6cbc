"""`specgates prove`: that every gate can fail."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

from . import files

if TYPE_CHECKING:
    from ..pipeline.proving import Proof


def add_parser(commands: Any) -> None:
    prove = commands.add_parser(
        "prove",
        help="show that every gate can fail",
        description="For every gate of the project in the current folder, a value on the wrong "
        "side of its limit is judged; what measures by itself (conforms, command, exists, config) "
        "is run once against a counter-example. Commands run only where the project allows them.",
        epilog="Exit codes: 0 every gate can fail; 1 some cannot; 2 wrong usage, or a spec that "
        "cannot be read.",
    )
    prove.add_argument(
        "--format", choices=("text", "json"), default="text", help="how it is written"
    )


def run(arguments: argparse.Namespace) -> int:
    from .. import pipeline
    from ..errors import SpecError
    from ..model import Surroundings
    from ..pipeline.proving import OUTCOMES, PROVEN, prove
    from .project import project

    try:
        here = project()
        kinds = pipeline.kinds(latency_statistic=here.latency_statistic)
    except (SpecError, ValueError) as error:
        files.say(str(error), sys.stderr)
        return 2
    loaded = pipeline.load(here.texts, kinds, waiver_days=here.waiver_days)
    errors = [*here.errors, *(one for file in loaded.files.values() for one in file.all_errors)]
    for one in errors:
        files.say(str(one), sys.stderr)
    around = Surroundings(root=here.root, allow=here.allow)
    proofs = [prove(gate, kinds, around) for file in loaded.files.values() for gate in file.gates]
    counts = {name: sum(proof.outcome == name for proof in proofs) for name in OUTCOMES}
    if arguments.format == "json":
        json.dump([_as_json(proof) for proof in proofs], sys.stdout, indent=2, ensure_ascii=False)
        print()
    else:
        for proof in proofs:
            _print(proof)
        told = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
        files.say(f"{files.counted(len(proofs), 'gate')}: {told or 'nothing to prove'}")
    return 2 if errors else int(any(proof.outcome not in PROVEN for proof in proofs))


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
        "outcome": proof.outcome,
        "told": list(proof.told),
    }
