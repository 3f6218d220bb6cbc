"""Gates that can fail, shown by values on the wrong side and by counter-examples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..errors import ProbeError
from ..judge.compare import compare, display, requirement
from ..judge.proving import failing_value
from ..model import NOT_MET, Check, Gate, Kind, Surroundings


@dataclass(frozen=True, slots=True)
class Proof:
    """Whether a gate can fail, and how that was shown, or why it cannot. A gate without a check
    is unbound: it does not hold as it is."""

    gate: Gate
    can_fail: bool
    told: tuple[str, ...]


def prove(gate: Gate, kinds: Mapping[str, Kind], around: Surroundings) -> Proof:
    if not gate.checks:
        return Proof(gate, True, ("unbound: nothing lets it pass",))
    found = [_prove(check, kinds[check.kind], around) for check in gate.checks]
    return Proof(
        gate, all(can_fail for can_fail, _ in found), tuple(t for _, told in found for t in told)
    )


def _prove(check: Check, kind: Kind, around: Surroundings) -> tuple[bool, Sequence[str]]:
    value = failing_value(check)
    if value is None:
        return False, (f"no value that can be measured fails {requirement(check)}",)
    told = [f"{display(value, check)} fails {requirement(check)}"]
    if kind.canary is None:
        return True, told
    try:
        result = compare(check, kind.canary(check, around))
    except (ProbeError, OSError) as error:
        # What it would be measured with is not there: then the gate itself does not hold.
        return True, (*told, f"its counter-example could not be tried: {error}")
    if result.status not in NOT_MET:
        return False, (*told, f"its counter-example is not refused: {result.sentence}")
    return True, (*told, f"its counter-example: {result.status}: {result.sentence}")
