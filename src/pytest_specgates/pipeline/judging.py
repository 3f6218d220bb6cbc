"""Gates and evidence -> verdicts."""

from __future__ import annotations

import datetime
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ..errors import ProbeError
from ..judge import policy
from ..judge.compare import compare
from ..measure.paths import covers, matching
from ..measure.statements import without_statements
from ..model import (
    Check,
    Gate,
    JudgedGate,
    Kind,
    Measurement,
    Stage,
    Surroundings,
    Verdict,
    WaiverState,
    absence,
)
from .loading import Loaded


def measure(gate: Gate, known: Mapping[str, Kind], around: Surroundings) -> tuple[Measurement, ...]:
    """One measurement for each check of a gate."""
    around = replace(around, gate=gate)
    return tuple(_probe(known[check.kind], check, around) for check in gate.checks)


def _probe(kind: Kind, check: Check, around: Surroundings) -> Measurement:
    try:
        return kind.probe(check, around)
    except ProbeError as error:
        return absence(str(error), status="error")
    except Exception as error:
        # A probe that breaks has measured nothing: it is an error of that gate, told as
        # one, and the other gates are still judged.
        return absence(
            f"the probe of `{kind.name}` broke: {type(error).__name__}: {error}", status="error"
        )


def preset(gate: Gate, stage: Stage, around: Surroundings) -> Verdict | None:
    """The verdict of a gate that no probe has to be asked for, or None."""
    if not gate.checks:
        return policy.unbound(gate, _today())
    if policy.is_deferred(gate, stage):
        return policy.deferred(gate, stage)
    if gate.reading.when:
        return _not_applicable(gate, around)
    return None


def _not_applicable(gate: Gate, around: Surroundings) -> Verdict | None:
    base = without_statements(around.base(), around.attestations)
    patterns = gate.reading.when
    if base.reason:
        return None if gate.checks[0].kind == "changed" else policy.broken(gate, base.reason)
    if any(covers(pattern, name) for pattern in patterns for name in base.changed):
        return None
    named = "nothing" if patterns == ("**",) else f"nothing under {', '.join(patterns)}"
    why = f"{named} differs from {base.ref} ({base.commit[:10]})"
    unmatched = [pattern for pattern in patterns if not _is_there(pattern, around)]
    if unmatched:
        why = f"no file matches {', '.join(unmatched)}; {why}"
    return policy.not_applicable(why)


def _is_there(pattern: str, around: Surroundings) -> bool:
    key = ("when", pattern)
    if key not in around.cache:
        try:
            around.cache[key] = bool(matching(around.root, pattern))
        except ProbeError:
            around.cache[key] = False
    found: bool = around.cache[key]
    return found


def judge(
    gate: Gate, measurements: Sequence[Measurement], today: datetime.date | None = None
) -> Verdict:
    """The verdict of a measured gate. Dates are UTC."""
    results = [compare(c, m) for c, m in zip(gate.checks, measurements, strict=True)]
    return policy.verdict(gate, results, today or _today())


def waiver_states(loaded: Loaded, judged: Sequence[JudgedGate]) -> tuple[WaiverState, ...]:
    """How each waiver stands after the gates were judged. Dates are UTC."""
    return policy.waiver_states(loaded.waivers, judged, _today())


def _today() -> datetime.date:
    return datetime.datetime.now(datetime.timezone.utc).date()


def rests_on(gate: Gate, known: Mapping[str, Kind]) -> set[str]:
    """What the probes of a gate rest on: run, gates, process, files."""
    return {known[check.kind].needs for check in gate.checks}


def is_work(gate: Gate, known: Mapping[str, Kind], around: Surroundings) -> bool:
    """Whether a gate stands alone and costs more than sending it to a worker."""
    if any(check.options.get("after") == "tests" for check in gate.checks):
        return False
    needs = rests_on(gate, known)
    if needs == {"process"}:
        return True
    if needs != {"files"}:
        return False
    try:
        return any(
            kind.is_work(check, around)
            for check in gate.checks
            if (kind := known[check.kind]).is_work is not None
        )
    except (ProbeError, OSError):
        return False


def judge_all(
    gates: Sequence[Gate], known: Mapping[str, Kind], around: Surroundings, stage: Stage
) -> dict[str, Verdict]:
    """The verdicts of gates by node id: those that rest on other gates come last."""
    verdicts = dict(around.verdicts)
    is_late = {gate.nodeid: "gates" in rests_on(gate, known) for gate in gates}
    for gate in sorted(gates, key=lambda gate: is_late[gate.nodeid]):
        if gate.nodeid in verdicts:
            continue
        start = time.perf_counter()
        here = replace(around, verdicts=verdicts)
        found = preset(gate, stage, here) or judge(gate, measure(gate, known, here))
        verdicts[gate.nodeid] = timed(found, start)
    return verdicts


def timed(verdict: Verdict, start: float) -> Verdict:
    """A verdict with the seconds since `start`, which is of `time.perf_counter`."""
    return replace(verdict, seconds=time.perf_counter() - start)
