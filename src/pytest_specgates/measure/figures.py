"""`value`: numbers that tests record with `record_measurement`, each under a name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from ..errors import did_you_mean
from ..model import (
    Check,
    Figure,
    Kind,
    Measurement,
    Metric,
    RunEvidence,
    Surroundings,
    Value,
    absence,
)
from .tests import incomplete, selector, shown

_COUNTING = ("passed", "xpassed")
_MOST_LINES = 20
_FINEST = 10**3500
"""What a report can still hold: the mean of many fractions can have any number of digits."""


def probe(check: Check, around: Surroundings) -> Measurement:
    values: list[Value] = []
    evidence: list[str] = []
    for subject in check.subject or ("",):
        gap = incomplete(subject, around)
        if gap:
            return absence(*gap)
        recorded: dict[str, tuple[Figure, ...]] = {}
        for nodeid, outcome, figures in _able(subject, around.run):
            named = tuple(figure for figure in figures if figure.name == check.metric)
            fault = _fault(check, nodeid, outcome, named)
            if fault is not None:
                return fault
            if named:
                recorded[nodeid] = named
        if not recorded:
            return _nothing(check, subject, around.run)
        evidence += [_line(nodeid, figures) for nodeid, figures in recorded.items()]
        if check.statistic is None:
            values += [
                Value(nodeid, value, samples=len(figures))
                for nodeid, figures in recorded.items()
                for value in _telling(check.op, [figure.value for figure in figures])
            ]
        else:
            of = next(iter(recorded)) if len(recorded) == 1 else shown(subject)
            numbers = [figure.value for figures in recorded.values() for figure in figures]
            value = _statistic(check.statistic, numbers)
            if value.denominator > _FINEST:
                return absence(
                    f"the {check.statistic} of {len(numbers)} fractions has too many digits",
                    "record decimal numbers, as in float(x)",
                    status="error",
                )
            values.append(Value(of, value, samples=len(numbers)))
    left = len(evidence) - _MOST_LINES
    more = [f"... and {left} more tests"] if left > 0 else []
    return Measurement(
        tuple(values),
        evidence=(*evidence[:_MOST_LINES], *more),
        next_step=_next_step(check, values),
    )


def _next_step(check: Check, values: Sequence[Value]) -> str:
    """The test with the worst value, to be looked at first."""
    numbers = [value.value for value in values if isinstance(value.value, Fraction)]
    worst = min(numbers) if check.op in (">", ">=") else max(numbers)
    subject = next(value.subject for value in values if value.value == worst)
    return f'pytest "{subject}"' if "::" in subject else ""


def _able(subject: str, run: RunEvidence) -> list[tuple[str, str, tuple[Figure, ...]]]:
    """The tests of a subject that can record something: node id, outcome, what they recorded."""
    matches = selector(subject)
    return [
        (nodeid, run.results[nodeid].outcome, run.figures[nodeid])
        for nodeid in sorted(run.figures)
        if nodeid in run.results and matches(run.results[nodeid].ref)
    ]


def _fault(check: Check, nodeid: str, outcome: str, named: Sequence[Figure]) -> Measurement | None:
    """Why a test lets no value count, its own and those of the others."""
    name = check.metric
    if outcome in ("failed", "error") and not named:
        # Nobody knows what it would have recorded, had it gone on.
        return absence(
            f"{nodeid} {outcome} and may have had `{name}` to record", f'pytest "{nodeid}"'
        )
    if named and outcome not in _COUNTING:
        return absence(f"{nodeid} {outcome}, what it recorded does not count", f'pytest "{nodeid}"')
    unit = check.quantity.unit
    for figure in named:
        if figure.unit != unit:
            return absence(
                f"{nodeid} recorded `{name}` {figure.written}, which is {_unit(figure.unit)}; "
                f"the gate asks for {check.quantity.written}, which is {_unit(unit)}",
                "name one unit in both: in the gate, and as `unit=` of record_measurement",
                status="error",
            )
    return None


def _unit(name: str) -> str:
    return f"in {name}" if name else "without a unit"


def _nothing(check: Check, subject: str, run: RunEvidence) -> Measurement:
    name = check.metric
    able = _able(subject, run)
    names = _names(figures for _, _, figures in able) or _names(run.figures.values())
    of = f" of {shown(subject)}" if subject else ""
    told = f"no test{of} recorded `{name}`"
    hint = did_you_mean(name, names)
    if hint:
        told = f"{told}; {hint.replace('known:', 'recorded:')}"
    silent = [(nodeid, outcome) for nodeid, outcome, _ in able if outcome not in _COUNTING]
    if silent:
        told = f"{told} ({silent[0][0]} {silent[0][1]})"
    return absence(told, f'record_measurement("{name}", ...) in a test, or correct the name')


def _names(recorded: Iterable[Sequence[Figure]]) -> set[str]:
    return {figure.name for figures in recorded for figure in figures}


def _telling(op: str, values: Sequence[Fraction]) -> list[Fraction]:
    """Those of the values that hold only if all of them do."""
    if op in ("<", "<="):
        return [max(values)]
    if op in (">", ">="):
        return [min(values)]
    if op == "==":
        return sorted({min(values), max(values)})
    return sorted(set(values))


def _statistic(name: str, values: Sequence[Fraction]) -> Fraction:
    if name == "mean":
        return sum(values, Fraction()) / len(values)
    if name == "median":
        from statistics import median

        return median(values)
    return min(values) if name == "min" else max(values)


def _line(nodeid: str, figures: Sequence[Figure]) -> str:
    first = figures[0]
    if len(figures) == 1:
        return f"{nodeid}: {first.name} {first.written}"
    least = min(figures, key=lambda figure: figure.value)
    most = max(figures, key=lambda figure: figure.value)
    return f"{nodeid}: {len(figures)} of {first.name}, {least.written} to {most.written}"


KIND = Kind(
    name="value",
    summary="A number that tests record with `record_measurement`.",
    # `value` is a word that people use for other things: what limits nothing names no gate.
    value={
        "type": "string",
        "pattern": r"^\s*[^\s<>=!≥≤][^<>=!≥≤]*(?:[<>≥≤]|[=!]=)|"
        r"^\s*(?:(?:mean|median|min|max) +)?[\w.-]+ +(?:at least|at most|no more than|no less than|"
        r"less than|more than|within|up to|under|below|over|above|exactly) +[-+]?[\d.]",
    },
    metrics=(
        Metric(
            "value",
            "any",
            (">=", ">", "<=", "<", "==", "!="),
            statistics=("mean", "median", "min", "max"),
            is_named_freely=True,
        ),
    ),
    probe=probe,
    needs="run",
    example='`value: accuracy >= 0.9` with `record_measurement("accuracy", 0.93)` in a test',
)
