"""What the HTML report shows, made from the data of the JSON report: texts that are ready to be
escaped, numbers that are ready to be drawn. Nothing is judged here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..model import STATUSES, History
from ..ranges import ranges
from .html_graph import Bullet, Spread, bullet, spread
from .html_text import counted, lines, shown
from .html_trend import Row, Trend, by_metric, trend

Data = Mapping[str, Any]
_MOST_EVIDENCE, _FEW_EVIDENCE = 12, 3
"""So many lines of evidence are shown of a gate, and of one that passed."""
_MOST_FILES = 200
_MOST_ROWS = 300
_FIRST = 10
"""So many of the gates that block are told at the top."""
_ALL_OPEN = 200
"""With more gates than this, only specs in which one blocks begin unfolded."""


@dataclass(frozen=True, slots=True)
class CheckView:
    status: str
    measured: str
    required: str
    bullet: Bullet | None
    spread: Spread | None
    spread_of: str = ""


@dataclass(frozen=True, slots=True)
class GateView:
    """One gate. `lead` is the check that its line shows; `sentence` stands where measured and
    required do not say it all; `line` where it does, in the file of the spec: else 0."""

    number: int
    status: str
    blocking: bool
    level: str
    stage: str
    owner: str
    nodeid: str
    name: str
    place: str
    line: int
    reading: str
    sentence: str
    lead: CheckView | None
    checks: tuple[CheckView, ...]
    evidence: tuple[str, ...]
    more_evidence: int
    missing: tuple[tuple[str, str], ...]
    next_step: str
    waiver: str
    trend: Trend | None


@dataclass(frozen=True, slots=True)
class PhaseView:
    name: str
    gates: tuple[GateView, ...]


@dataclass(frozen=True, slots=True)
class SpecView:
    name: str
    path: str
    workflow: str
    counts: tuple[tuple[str, int], ...]
    phases: tuple[PhaseView, ...]
    is_open: bool


def view(data: Data, history: History | None = None) -> dict[str, Any]:
    """The names that the template knows."""
    coverage = [file for file in data["coverage"] if file["missing"] or file["missing_branches"]]
    missing = {file["path"]: ranges(file["missing"]) for file in coverage}
    gates = [_gate(n, gate, missing, history) for n, gate in enumerate(data["gates"], 1)]
    specs = _specs(data["gates"], gates)
    blocking = sorted((g for g in gates if g.blocking), key=lambda g: STATUSES.index(g.status))
    return {
        "verdict": data["verdict"],
        "headline": headline(data),
        "interrupted": shown(data["interrupted"]),
        "counts": _counts(gate.status for gate in gates),
        "total": len(gates),
        "errors": [lines(error) for error in data["errors"]],
        "scales": _scales(gates),
        "blocking": blocking[:_FIRST],
        "more_blocking": max(0, len(blocking) - _FIRST),
        "specs": specs,
        "levels": _distinct(gate.level for gate in gates),
        "stages": _distinct(gate.stage for gate in gates),
        "owners": _distinct(gate.owner for gate in gates if gate.owner),
        "changes": None if data["changes"] is None else _changes(data["changes"]),
        "trends": by_metric(
            (Row(gate.number, gate.name, shown(one["spec"]), gate.status), gate.trend)
            for one, gate in zip(data["gates"], gates, strict=True)
            if gate.trend
        ),
        "coverage": _coverage(data["coverage"]),
        "waivers": [_waiver_row(waiver) for waiver in data["waivers"]],
        "not_judged": _some(
            [(shown(g["nodeid"]), f"{shown(g['path'])}:{g['line']}") for g in data["not_judged"]]
        ),
        "not_gates": _some(
            [
                (shown(s["text"], 300), shown(s["reason"], 300), f"{shown(s['path'])}:{s['line']}")
                for s in data["not_gates"]
            ]
        ),
        "notes": [shown(note) for note in data["notes"]],
        "run": _run(data),
        "evidence": [
            (shown(one["what"]), shown(one["path"]), one["sha256"]) for one in data["evidence"]
        ],
    }


def _scales(gates: Iterable[GateView]) -> list[Bullet]:
    """One of the bullets with each limit and side."""
    checks = (c for gate in gates for c in (*gate.checks, gate.lead) if c)
    found = {check.bullet.side: check.bullet for check in checks if check.bullet}
    return [found[side] for side in sorted(found)]


def headline(data: Data) -> tuple[str, str]:
    """The verdict in a word, and why."""
    total = counted(len(data["gates"]), "gate")
    blocking = sum(1 for gate in data["gates"] if gate["blocking"])
    if data["verdict"] == "failed":
        parts = []
        if blocking:
            parts.append(f"{blocking:,} of {total} {'blocks' if blocking == 1 else 'block'}")
        if data["errors"]:
            parts.append(counted(len(data["errors"]), "spec error"))
        return "Failed", ", ".join(parts)
    if data["verdict"] == "incomplete":
        why = shown(data["interrupted"], 200)
        return "Incomplete", why or f"{counted(len(data['not_judged']), 'gate')} not judged"
    return "Passed", f"{total}, none blocks"


def _gate(number: int, gate: Data, missing: Mapping[str, str], history: History | None) -> GateView:
    status: str = gate["status"]
    checks = tuple(_check(check) for check in gate["checks"])
    is_told = status == "passed" and bool(gate["measured"])
    lead = _lead(checks)
    most = _FEW_EVIDENCE if status == "passed" else _MOST_EVIDENCE
    evidence = list(dict.fromkeys(e for check in gate["checks"] for e in check["evidence"]))
    return GateView(
        number=number,
        status=status,
        blocking=gate["blocking"],
        level=gate["level"],
        stage=gate["stage"],
        owner=shown(gate["owner"], 100),
        nodeid=shown(gate["nodeid"]) if gate["blocking"] else "",
        name=shown(gate["criterion"]),
        place=f"{shown(gate['path'])}:{gate['line']}:{gate['column']}",
        line=gate["line"] if status == "passed" and _is_in_its_file(gate) else 0,
        reading=shown(gate["reading"]),
        sentence="" if is_told else shown(gate["sentence"]),
        lead=checks[lead] if checks else None,
        checks=checks if len(checks) > 1 else (),
        evidence=tuple(shown(line, 500) for line in evidence[:most]),
        more_evidence=max(0, len(evidence) - most),
        missing=_missing_of(gate, missing) if missing else (),
        next_step=shown(gate["next_step"]),
        waiver=_waiver(gate["waiver"]) if gate["waiver"] else "",
        trend=trend(gate, lead, history) if history else None,
    )


def _is_in_its_file(gate: Data) -> bool:
    """Whether a criterion stands in the file of its spec, and not in that of its workflow."""
    is_there: bool = gate["nodeid"].startswith(f"{gate['path']}::")
    return is_there


def _lead(checks: Sequence[CheckView]) -> int:
    """The check that a gate's line shows: the worst; of several that passed one that can be
    drawn."""
    ranks = [
        (STATUSES.index(check.status), check.status == "passed" and check.bullet is None)
        for check in checks
    ]
    return ranks.index(min(ranks)) if ranks else 0


def _check(check: Data) -> CheckView:
    values = check["measurement"]["values"]
    sampled = [value for value in values if value["quantiles"]]
    worst = next((v for v in sampled if v["value"] == check["value"]), None)
    return CheckView(
        status=check["status"],
        measured=shown(check["measured"], 200),
        required=shown(check["required"], 200),
        bullet=bullet(check),
        spread=spread(check, worst["quantiles"]) if worst else None,
        spread_of=_samples_of(worst, len(values)) if worst else "",
    )


def _samples_of(value: Data, beside: int) -> str:
    told = f"{value['samples']:,} samples"
    return told if beside == 1 else f"{shown(value['subject'])}, {told}"


def _missing_of(gate: Data, missing: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The lines that are not covered of the files that a coverage gate is about."""
    found = {}
    for check in gate["checks"]:
        if check["kind"] != "coverage":
            continue
        for subject in check["subject"] or [""]:
            for path, told in missing.items():
                if told and _is_below(path, subject):
                    found[shown(path)] = told
    return tuple(found.items())[:_MOST_EVIDENCE]


def _is_below(path: str, subject: str) -> bool:
    fixed, wild, _ = subject.partition("*")
    if wild and path.startswith(fixed):
        return True
    return subject in ("", ".", path) or path.startswith(f"{subject.rstrip('/')}/")


def _waiver(waiver: Data) -> str:
    owner, reason = shown(waiver["owner"], 200), shown(waiver["reason"])
    return f"{owner}, until {waiver['expires']} UTC: {reason}"


def _specs(data: Sequence[Data], gates: Sequence[GateView]) -> list[SpecView]:
    """The specs in the order in which they were judged, each with its phases in their order."""
    grouped: dict[tuple[str, str], dict[str, list[GateView]]] = {}
    workflows = {}
    for raw, gate in zip(data, gates, strict=True):
        # The file of a gate is that of its node id; its place may be that of its workflow.
        key = (raw["nodeid"].partition("::")[0], raw["spec"])
        workflows[key] = raw["workflow"]
        grouped.setdefault(key, {}).setdefault(raw["phase"] or "", []).append(gate)
    few = len(gates) <= _ALL_OPEN
    return [
        SpecView(
            name=shown(name),
            path=shown(path),
            workflow=shown(workflows[path, name]),
            counts=_counts(gate.status for found in phases.values() for gate in found),
            phases=tuple(PhaseView(shown(p), tuple(found)) for p, found in phases.items()),
            is_open=few or any(gate.blocking for found in phases.values() for gate in found),
        )
        for (path, name), phases in grouped.items()
    ]


def _counts(statuses: Iterable[str]) -> tuple[tuple[str, int], ...]:
    counts = dict.fromkeys(STATUSES, 0)
    for status in statuses:
        counts[status] += 1  # type: ignore[index]  # the schema of the report has no other
    return tuple((status, count) for status, count in counts.items() if count)


def _distinct(found: Iterable[str]) -> list[str]:
    return sorted(set(found))[:_MOST_ROWS]


def _some(rows: Sequence[tuple[str, ...]]) -> tuple[list[tuple[str, ...]], int, int]:
    """The first rows, how many there are, and how many are left out."""
    return list(rows[:_MOST_ROWS]), len(rows), max(0, len(rows) - _MOST_ROWS)


def _changes(changes: Sequence[Data]) -> dict[str, Any]:
    rows = [
        (c["kind"], shown(c["subject"]), shown(c["message"]), f"{shown(c['path'])}:{c['line']}")
        for c in changes[:_MOST_ROWS]
    ]
    return {
        "rows": rows,
        "count": len(changes),
        "worse": sum(1 for c in changes if c["kind"] in ("weakened", "removed")),
        "more": max(0, len(changes) - _MOST_ROWS),
    }


def _coverage(files: Sequence[Data]) -> dict[str, Any]:
    """The files that were looked at, those first in which most is not covered."""
    ordered = sorted(
        files, key=lambda f: (-len(f["missing"]), -len(f["missing_branches"]), f["path"])
    )
    rows = []
    for file in ordered[:_MOST_FILES]:
        total = file["statements"]
        missed = len(file["missing"])
        tests = file["tests"]
        rows.append(
            {
                "path": shown(file["path"]),
                "statements": total,
                "missed": missed,
                "width": round(100 * (total - missed) / total) if total and missed <= total else 0,
                "branches": len(file["missing_branches"]),
                "lines": ranges(file["missing"]),
                "tests": "" if tests is None else counted(tests["count"], "test"),
            }
        )
    return {
        "rows": rows,
        "has_tests": any(row["tests"] for row in rows),
        "count": len(files),
        "more": max(0, len(files) - _MOST_FILES),
    }


def _waiver_row(waiver: Data) -> dict[str, Any]:
    left = waiver["days_left"]
    return {
        "gate": shown(waiver["gate"]),
        "owner": shown(waiver["owner"]),
        "reason": shown(waiver["reason"]),
        "expires": waiver["expires"],
        "left": "expired" if left < 0 else f"{counted(left, 'day')} left",
        "soon": left < 14,
        "state": waiver["state"],
        "place": f"{shown(waiver['path'])}:{waiver['line']}",
        "used_by": [shown(name) for name in waiver["used_by"][:_MOST_EVIDENCE]],
    }


def _run(data: Data) -> dict[str, Any]:
    run = data["run"]
    dirty = {True: "with uncommitted changes", False: "clean", None: ""}[run["dirty"]]
    return {
        "commit": shown(run["commit"]) or "unknown",
        "dirty": dirty,
        "base": shown(run["base"]),
        "stage": run["stage"],
        "digest": run["spec_digest"],
        "started": run["started"],
        "ended": run["ended"],
        "versions": [(shown(n), shown(v)) for n, v in run["versions"].items()],
        "machine": [(shown(n), shown(v)) for n, v in run["machine"].items()],
    }
