"""Gates that can fail, shown by made values and by counter-examples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from ..errors import ProbeError
from ..judge import proving
from ..judge.compare import compare
from ..model import NOT_MET, Check, CheckResult, CounterExample, Gate, Kind, Reach, Surroundings

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
    checks = []
    for check in gate.checks:
        possible = kinds[check.kind].possible
        checks.append((check, possible(check, gate, around) if possible is not None else None))
    return proving.reach(checks)


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
    outcome, told = _with_counter_examples(gate, kinds, around)
    return Proof(gate, outcome, (*found.told, *told))


def _with_counter_examples(
    gate: Gate, kinds: Mapping[str, Kind], around: Surroundings
) -> tuple[Outcome, list[str]]:
    """What becomes of the counter-examples of a gate. That of `canary:` is one for all checks,
    one of which has to refuse it; without it each check has its own."""
    told: list[str] = []
    refused: list[bool] = []
    broken = False
    for check, example in _examples(gate, kinds, around):
        if isinstance(example, str):
            broken = True
            told.append(f"its counter-example could not be tried: {example}")
        elif example.untried:
            told.append(f"only a made value: {example.untried}")
        elif example.let_through:
            told.append(f"its counter-example is not refused: {example.let_through}")
            refused.append(False)
        else:
            result = compare(check, example.measurement)
            is_named = "canary" in check.options
            if is_named and result.status in NOT_MET and result.status != "failed":
                # What cannot be measured is refused for another reason than it was written for.
                broken = True
            refused.append(result.status == "failed" or (not is_named and _is_refused(result)))
            told.append(_told(result))
    caught = any if any("canary" in check.options for check in gate.checks) else all
    if refused and caught is any and any(refused):
        return "can fail", told
    if broken:
        return "not shown", told
    return ("can fail" if not refused or caught(refused) else "not caught"), told


def _is_refused(result: CheckResult) -> bool:
    return result.status in NOT_MET


def _told(result: CheckResult) -> str:
    how = "is refused" if result.status in NOT_MET else "is not refused"
    return f"its counter-example {how}: {result.sentence}"


def _examples(
    gate: Gate, kinds: Mapping[str, Kind], around: Surroundings
) -> Iterator[tuple[Check, CounterExample | str]]:
    """The counter-examples of the checks that have one, or why one could not be tried."""
    for check in gate.checks:
        kind = kinds[check.kind]
        if kind.canary is None:
            continue
        possible = kind.possible(check, gate, around) if kind.possible is not None else None
        wrong = proving.failing_value(check, possible or proving.usual(check))
        assert wrong is not None  # the gate can fail by its values, else nothing is tried
        try:
            yield check, kind.canary(check, proving.made(wrong).values[0], around)
        except (ProbeError, OSError) as error:
            yield check, str(error)
        except Exception as error:
            # As in a run: a probe that breaks has shown nothing, and the others are still tried.
            yield check, f"the probe of `{kind.name}` broke: {type(error).__name__}: {error}"
