"""The gate report that a JSON report was written from: every format can be made of it later.

What the JSON does not keep is empty: the plans of a spec, the lines that were executed, the
sentence of each check of several.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from ..model import (
    Change,
    Check,
    CheckResult,
    Comparison,
    Criterion,
    FileCoverage,
    Gate,
    GateReport,
    Identity,
    JudgedGate,
    Kept,
    Quantity,
    Reading,
    Span,
    Spec,
    Statement,
    Verdict,
    Waiver,
    WaiverState,
)
from .recorded import Recorded, measurement_of


def restored(report: Recorded) -> GateReport:
    """A report whose JSON is the one that was recorded."""
    data = report.data
    changes = data["changes"]
    return GateReport(
        identity=_identity(report.run),
        judged=tuple(JudgedGate(_gate(one), _verdict(one)) for one in data["gates"]),
        unjudged=tuple(_gate(one) for one in data["not_judged"]),
        statements=tuple(Statement(**one) for one in data["not_gates"]),
        errors=tuple(data["errors"]),
        notes=tuple(data["notes"]),
        interrupted=data["interrupted"] or "",
        waivers=tuple(_state(one) for one in data["waivers"]),
        evidence=tuple(Kept(**one) for one in data["evidence"]),
        comparison=None if changes is None else Comparison(tuple(_change(one) for one in changes)),
        coverage=tuple(_covered(one) for one in data["coverage"]),
    )


def _identity(run: Mapping[str, Any]) -> Identity:
    return Identity(
        commit=run["commit"] or "",
        dirty=run["dirty"],
        spec_digest=run["spec_digest"],
        versions=run["versions"],
        machine=run["machine"],
        started=run["started"],
        ended=run["ended"],
        stage=run["stage"],
        base=run["base"] or "",
    )


def _gate(one: Mapping[str, Any]) -> Gate:
    path, _, inner = one["nodeid"].partition("::")
    return Gate(
        nodeid=one["nodeid"],
        spec=Spec(one["spec"], path, 1, (), workflow=one["workflow"] or ""),
        criterion=Criterion(
            id=inner.rpartition("::")[2],
            text=one["criterion"],
            span=Span(one["path"], one["line"], one["column"]),
            keys=(),
            phase=one["phase"] or "",
        ),
        reading=Reading(
            checks=tuple(_check(check) for check in one.get("checks", ())),
            text=one["reading"] or "",
            owner=one["owner"] or "",
        ),
        level=one["level"],
        stage=one["stage"],
    )


def _check(one: Mapping[str, Any]) -> Check:
    limit = one["limit"]
    is_number = isinstance(limit, int | float) and not isinstance(limit, bool)
    return Check(
        kind=one["kind"],
        metric=one["metric"],
        op=one["op"],
        quantity=Quantity(Fraction(limit) if is_number else limit, one["unit"], str(limit)),
        statistic=one["statistic"],
        subject=tuple(one["subject"]),
        against=one["against"] or "",
    )


def _verdict(one: Mapping[str, Any]) -> Verdict:
    waiver = one["waiver"]
    return Verdict(
        status=one["status"],
        sentence=one["sentence"],
        blocking=one["blocking"],
        results=tuple(_result(check) for check in one["checks"]),
        next_step=one["next_step"] or "",
        underlying=one["underlying"],
        seconds=one["seconds"],
        waiver=None if waiver is None else _waiver({"gate": "", **waiver}),
    )


def _result(one: Mapping[str, Any]) -> CheckResult:
    return CheckResult(
        check=_check(one),
        status=one["status"],
        measured=one["measured"] or "",
        required=one["required"],
        sentence="",
        value=one["value"],
        samples=one["samples"],
        evidence=tuple(one["evidence"]),
        measurement=measurement_of(one),
    )


def _waiver(one: Mapping[str, Any]) -> Waiver:
    place = Span(one["path"], one["line"], 1)
    return Waiver(one["gate"], one["owner"], one["reason"], one["expires"], place)


def _state(one: Mapping[str, Any]) -> WaiverState:
    return WaiverState(_waiver(one), one["state"], one["days_left"], tuple(one["used_by"]))


def _change(one: Mapping[str, Any]) -> Change:
    return Change(one["kind"], one["subject"], one["message"], Span(one["path"], one["line"], 1))


def _covered(one: Mapping[str, Any]) -> FileCoverage:
    tests = one["tests"]
    named = () if tests is None else tuple(tests["first"])
    return FileCoverage(
        name=one["path"],
        statements=one["statements"],
        executed=(),
        missing=tuple(one["missing"]),
        excluded=tuple(one["excluded"]),
        branches=one["branches"],
        untaken=tuple((arc[0], arc[-1]) for arc in one["missing_branches"]),
        tests=None if tests is None else named,
        more_tests=0 if tests is None else tests["count"] - len(named),
    )
