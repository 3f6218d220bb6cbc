"""A report, a second time: the gates that must be in it, and the verdicts that follow from it.

The process that ran the tests ran the code under test too, and any of it can change what
that process says. This one reads the specs itself.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from ..judge import policy
from ..judge.compare import compare
from ..measure import git
from ..model import NOT_MET, STATUSES, Base, Gate, Kind, Stage, Surroundings, Verdict
from ..report.json_report import demand_data, judged_data, place_data
from ..report.recorded import Recorded, measurement_of
from ..understand.marks import SUBJECT, with_tests
from .judging import measure, preset
from .loading import Loaded, criteria_of
from .weakening_gate import WEAKENING, Weakening

_REPEATED = frozenset(("attested", "changed"))
"""The kinds that rest on the repository alone: they are measured again."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a report is not accepted: a gate `failed`, or the report does not `belong` to this
    state, is `incomplete`, or `contradicts` what follows from it."""

    kind: Literal["failed", "belongs", "incomplete", "contradicts"]
    message: str


@dataclass(frozen=True, slots=True)
class Expected:
    """What the report is held against: the specs, the commit and the stage that this process
    sees. `weakening` is its own comparison with the base, where one was named."""

    root: Path
    loaded: Loaded
    kinds: Mapping[str, Kind]
    stage: Stage
    base: Base
    around: Surroundings
    weakening: Weakening | None = None


def verify(report: Recorded, expected: Expected) -> list[Problem]:
    """Everything for which the report is not accepted; empty where it is."""
    today = datetime.datetime.now(datetime.timezone.utc).date()
    problems = [*_belongs(report, expected)]
    calls = [gate for file in expected.loaded.files.values() for gate in file.gates]
    gates = {gate.nodeid: gate for gate in calls}
    if expected.weakening is not None or any(
        one["nodeid"] == WEAKENING.nodeid for one in report.gates
    ):
        gate = expected.weakening.gate if expected.weakening else WEAKENING
        gates[gate.nodeid] = gate
    addresses = criteria_of(expected.loaded).addresses
    recorded: dict[str, Mapping[str, Any]] = {}
    for one in report.gates:
        name = one["nodeid"]
        if name in recorded:
            problems.append(Problem("contradicts", f"{name} stands in the report twice"))
        elif name not in gates:
            problems.append(Problem("contradicts", f"{name}: no spec here calls for this gate"))
        recorded[name] = one
    unjudged = {one["nodeid"] for one in report.data["not_judged"]}
    for name, gate in gates.items():
        if name in recorded:
            address = addresses.get(name, gate.address)
            problems.extend(_gate(gate, address, recorded[name], expected, today))
        elif name in unjudged:
            problems.append(Problem("incomplete", f"{name} was not judged"))
        elif name != WEAKENING.nodeid:
            problems.append(Problem("incomplete", f"{name} is not in the report"))
    problems.extend(_weakening(recorded, expected))
    problems.extend(_whole(report))
    return problems


def _belongs(report: Recorded, expected: Expected) -> Iterator[Problem]:
    """Whether the report is of this commit, these specs and this stage."""
    run = report.run
    commit, dirty = git.commit_and_dirty(expected.root)
    if (run["commit"] or "") != commit:
        told = f"the report is of commit {_short(run['commit'])}, here is {_short(commit)}"
        yield Problem("belongs", told)
    elif run["dirty"] and dirty is False:
        yield Problem("belongs", "the report is of changes that are not committed here")
    if run["spec_digest"] != expected.loaded.digest:
        told = "the report is of other specs: their digest is not the one of the specs here"
        yield Problem("belongs", told)
    if run["stage"] != expected.stage:
        told = f"the report judges stage {run['stage']}, asked for is {expected.stage}"
        yield Problem("belongs", told)
    for kept in report.data["evidence"]:
        file = expected.root / kept["path"]
        if not file.resolve().is_relative_to(expected.root.resolve()):
            yield Problem("contradicts", f"{kept['path']} is evidence from outside of the root")
        elif file.is_file() and _digest(file) != kept["sha256"]:
            told = f"{kept['path']} ({kept['what']}) is not the one that was measured"
            yield Problem("contradicts", told)


def _digest(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while chunk := stream.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def _gate(
    gate: Gate,
    address: str,
    recorded: Mapping[str, Any],
    expected: Expected,
    today: datetime.date,
) -> Iterator[Problem]:
    name = gate.nodeid
    if _is_bound_by_mark(gate, address, recorded):
        gate = with_tests(gate, address)
    for key, value in place_data(gate).items():
        if recorded[key] != value:
            told = f"{name}: {key} is {recorded[key]!r} in the report, {value!r} here"
            yield Problem("contradicts", told)
            return
    around = replace(expected.around, base=lambda: expected.base)
    verdict = preset(gate, expected.stage, around)
    if verdict is None:
        checks = recorded["checks"]
        demands = [demand_data(check) for check in gate.checks]
        if [{key: one[key] for key in demands[0]} for one in checks] != demands:
            yield Problem("contradicts", f"{name}: the report judges other checks")
            return
        results = [
            compare(c, measurement_of(one)) for c, one in zip(gate.checks, checks, strict=True)
        ]
        for result, one in zip(results, checks, strict=True):
            follows = judged_data(result)
            differs = next((key for key in follows if follows[key] != one[key]), None)
            if differs is not None:
                told = f"{one[differs]!r}, from what it measured follows {follows[differs]!r}"
                yield Problem("contradicts", f"{name}: {differs} is {told}")
                return
        verdict = policy.verdict(gate, results, today)
    if (verdict.status, verdict.blocking) != (recorded["status"], recorded["blocking"]):
        told = f"{name}: the report says {_stands(recorded['status'], recorded['blocking'])}"
        stands = _stands(verdict.status, verdict.blocking)
        yield Problem("contradicts", f"{told}, it follows {stands}: {verdict.sentence}")
        return
    if verdict.blocking:
        yield Problem("failed", f"{name}: {verdict.status}: {recorded['sentence']}")
        return
    yield from _again(gate, verdict, expected, around)


def _is_bound_by_mark(gate: Gate, address: str, recorded: Mapping[str, Any]) -> bool:
    """Whether the report has the check on tests that `spec` markers give a gate. Which tests
    are marked only the run knows."""
    subject = [SUBJECT + address]
    here = any(list(check.subject) == subject for check in gate.checks)
    return not here and any(one["subject"] == subject for one in recorded["checks"])


def _again(
    gate: Gate, verdict: Verdict, expected: Expected, around: Surroundings
) -> Iterator[Problem]:
    """What the repository alone can say is asked for again."""
    checks = tuple(check for check in gate.checks if check.kind in _REPEATED)
    if verdict.status != "passed" or not checks:
        return
    repeated = replace(gate, reading=replace(gate.reading, checks=checks))
    found = measure(repeated, expected.kinds, around)
    results = [compare(check, one) for check, one in zip(checks, found, strict=True)]
    worst = min(results, key=lambda result: STATUSES.index(result.status))
    if worst.status in NOT_MET:
        told = f"passed in the report, measured here {worst.status}: {worst.sentence}"
        yield Problem("contradicts", f"{gate.nodeid}: {told}")


def _weakening(recorded: Mapping[str, Mapping[str, Any]], expected: Expected) -> Iterator[Problem]:
    """The comparison with the base, made here and not taken from the report."""
    found = expected.weakening
    if found is None:
        return
    verdict = policy.verdict(
        found.gate,
        [compare(found.gate.checks[0], found.measurement)],
        datetime.datetime.now(datetime.timezone.utc).date(),
    )
    one = recorded.get(WEAKENING.nodeid)
    if one is not None and one["blocking"] != verdict.blocking:
        told = f"{one['status']} in the report, compared here {verdict.status}: {verdict.sentence}"
        yield Problem("contradicts", f"{WEAKENING.nodeid}: {told}")
    elif one is None and verdict.blocking:
        yield Problem("failed", f"{WEAKENING.nodeid}: {verdict.status}: {verdict.sentence}")


def _whole(report: Recorded) -> Iterator[Problem]:
    """What the report says of itself as a whole."""
    data = report.data
    if data["interrupted"]:
        yield Problem("incomplete", f"the run was interrupted: {data['interrupted']}")
    for error in data["errors"]:
        yield Problem("failed", error.partition("\n")[0])
    counts = dict.fromkeys((*STATUSES, "not-judged"), 0)
    for one in report.gates:
        counts[one["status"]] += 1
    counts["not-judged"] = len(data["not_judged"])
    if counts != data["counts"]:
        yield Problem("contradicts", "the counts of the report are not those of its gates")
    blocks = bool(data["errors"]) or any(one["blocking"] for one in report.gates)
    incomplete = bool(data["not_judged"] or data["interrupted"])
    follows = "failed" if blocks else "incomplete" if incomplete else "passed"
    if follows != data["verdict"]:
        told = f"the report says {data['verdict']}, from its gates follows {follows}"
        yield Problem("contradicts", told)


def _stands(status: str, blocking: bool) -> str:
    return f"{status}{' (blocks)' if blocking else ''}"


def _short(commit: str | None) -> str:
    return (commit or "")[:12] or "none"
