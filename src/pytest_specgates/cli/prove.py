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
    from ..pipeline.proving import prove
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
    if arguments.format == "json":
        json.dump([_as_json(proof) for proof in proofs], sys.stdout, indent=2, ensure_ascii=False)
        print()
    else:
        for proof in proofs:
            _print(proof)
        cannot = sum(not proof.can_fail for proof in proofs)
        files.say(
            f"{files.counted(len(proofs), 'gate')}, "
            + (f"{cannot} cannot fail" if cannot else "each can fail")
        )
    return 2 if errors else int(any(not proof.can_fail for proof in proofs))


def _print(proof: Proof) -> None:
    span = proof.gate.criterion.span
    word = "can fail" if proof.can_fail else "CANNOT FAIL"
    files.say(f"{span.path}:{span.line}: {word}: {proof.gate.address}")
    for line in proof.told:
        files.say(f"    {line}")
    if not proof.can_fail:
        files.say(f"    as written: {' '.join(proof.gate.criterion.text.split())[:300]}")
        files.say("    correct the limit, the schema or the canary, or take the gate out")


def _as_json(proof: Proof) -> dict[str, Any]:
    span = proof.gate.criterion.span
    return {
        "gate": proof.gate.address,
        "path": span.path,
        "line": span.line,
        "can_fail": proof.can_fail,
        "told": list(proof.told),
    }
