"""Gates that can fail, shown by made values and by counter-examples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from ..errors import ProbeError
from ..judge import proving
from ..judge.compare import compare
from ..model import NOT_MET, Check, CounterExample, Gate, Kind, Possible, Reach, Surroundings

Outcome = Literal[
    "can fail", "cannot fail", "cannot pass", "not caught", "not shown", "acknowledged"
]
OUTCOMES: tuple[Outcome, ...] = (
    "can fail",
    "acknowledged",
    "cannot fail",
    "cannot pass",
    "not caught",
    "not shown",
)
PROVEN: frozenset[Outcome] = frozenset(("can fail", "acknowledged"))
"""The outcomes that are no errors. Acknowledged is what cannot fail, with a `reason:` beside it."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What was shown of a gate, and how. A gate without a check is unbound: it does not hold."""

    gate: Gate
    outcome: Outcome
    told: tuple[str, ...]


def reach(gate: Gate, kinds: Mapping[str, Kind], around: Surroundings) -> Reach:
    """Whether some measurement fails the gate, and some other passes it: what `specgates lint`
    doubts, and what `specgates prove` shows. It reads files at most."""
    if not gate.checks:
        return proving.reach_of_prose(gate.reading)
    return proving.reach(
        [(check, _possible(check, gate, kinds[check.kind], around)) for check in gate.checks]
    )


def prove(gate: Gate, kinds: Mapping[str, Kind], around: Surroundings) -> Proof:
    found = reach(gate, kinds, around)
    reasons = tuple(why for why in (found.cannot_fail, found.cannot_pass) if why)
    if found.cannot_pass and not found.cannot_fail:
        return Proof(gate, "cannot pass", reasons)
    if found.cannot_fail:
        is_meant = gate.reading.why and not found.cannot_pass
        return Proof(gate, "acknowledged" if is_meant else "cannot fail", reasons)
    if not gate.checks:
        return Proof(gate, "can fail", ("unbound: nothing lets it pass",))
    made = [proving.told(c, v) for c, v in zip(gate.checks, found.failing, strict=True)]
    outcome, tried = _with_counter_examples(gate, found, kinds, around)
    return Proof(gate, outcome, (*made, *tried))


def _with_counter_examples(
    gate: Gate, found: Reach, kinds: Mapping[str, Kind], around: Surroundings
) -> tuple[Outcome, list[str]]:
    """What becomes of the counter-examples of a gate. That of `canary:` is one for all checks,
    one of which has to refuse it; without it each check has its own."""
    tried = [_tried(check, example) for check, example in _examples(gate, found, kinds, around)]
    refused = [line for what, line in tried if what == "can fail"]
    if refused and any("canary" in check.options for check in gate.checks):
        return "can fail", refused
    outcomes = {what for what, _ in tried}
    worst: Outcome = "can fail"
    if "not shown" in outcomes:
        worst = "not shown"
    elif "not caught" in outcomes:
        worst = "not caught"
    return worst, [line for _, line in tried]


def _tried(check: Check, example: CounterExample | str) -> tuple[Outcome | None, str]:
    """What one counter-example showed, and the line that tells it; None where it was not run."""
    if isinstance(example, str):
        return "not shown", f"its counter-example could not be tried: {example}"
    if example.untried:
        return None, f"only a made value: {example.untried}"
    if example.let_through:
        return "not caught", f"its counter-example is not refused: {example.let_through}"
    result = compare(check, example.measurement)
    if result.status == "failed":
        return "can fail", f"its counter-example is refused: {result.sentence}"
    if result.status in NOT_MET:
        # Refused for another reason than it was made for: nothing was judged.
        return "not shown", f"its counter-example was not measured: {result.sentence}"
    return "not caught", f"its counter-example is not refused: {result.sentence}"


def _examples(
    gate: Gate, found: Reach, kinds: Mapping[str, Kind], around: Surroundings
) -> Iterator[tuple[Check, CounterExample | str]]:
    """The counter-examples of the checks that have one, or why one could not be tried."""
    for check, wrong in zip(gate.checks, found.failing, strict=True):
        kind = kinds[check.kind]
        if kind.canary is None:
            if "canary" in check.options:
                yield check, f"a `{kind.name}` gate tries no `canary:`"
            continue
        try:
            yield check, kind.canary(check, proving.made(wrong, check), around)
        except (ProbeError, OSError) as error:
            yield check, str(error)
        except Exception as error:
            # As in a run: a probe that breaks has shown nothing, and the others are still tried.
            yield check, f"the probe of `{kind.name}` broke: {type(error).__name__}: {error}"


def _possible(check: Check, gate: Gate, kind: Kind, around: Surroundings) -> Possible:
    narrowed = kind.possible(check, gate, around) if kind.possible is not None else None
    return narrowed or proving.usual(check)
