"""Values over runs in words: what changed since another run, and a line of blocks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..model import STATUSES, GateReport, PastCheck, PastGate, PastRun
from .gate_text import visible
from .history_file import past_run

BLOCKS = "▁▂▃▄▅▆▇█"
_MOST = 10
"""So many changes are told on the terminal."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs of a gate between two runs; `share` is by how much of itself its value moved
    (0.5 for half as much again), `rank` sorts the worst first."""

    nodeid: str
    address: str
    told: str
    rank: tuple[int, float]


def differences(before: Mapping[str, PastGate], now: Mapping[str, PastGate]) -> list[Difference]:
    """Gates that are in both and differ: first those with another status, then by how far their
    values moved."""
    found = []
    for nodeid, gate in now.items():
        was = before.get(nodeid)
        told = "" if was is None else difference(was, gate)
        if was is None or not told:
            continue
        changed = STATUSES.index(gate.status) if gate.status != was.status else len(STATUSES)
        share = max((abs(_share(a, b)) for a, b in _pairs(was, gate)), default=0.0)
        found.append(Difference(nodeid, gate.address, told, (changed, -share)))
    return sorted(found, key=lambda one: one.rank)


def difference(was: PastGate, now: PastGate) -> str:
    """`passed -> failed, 4.1 ms -> 6.11 ms (+49 %)`; "" where nothing that is shown differs."""
    parts = [] if was.status == now.status else [f"{was.status} -> {now.status}"]
    parts += [told for a, b in _pairs(was, now) if (told := step(a, b))]
    return ", ".join(parts)


def _pairs(was: PastGate, now: PastGate) -> Iterator[tuple[PastCheck, PastCheck]]:
    """The checks that measured the same then."""
    for a, b in zip(was.checks, now.checks, strict=False):
        if (a.metric, a.unit) == (b.metric, b.unit):
            yield a, b


def step(was: PastCheck, now: PastCheck) -> str:
    """`4.1 ms -> 6.11 ms (+49 %)`; "" where both are shown alike, or one has no number."""
    if was.value is None or now.value is None or was.measured == now.measured:
        return ""
    told = f"{was.measured} -> {now.measured}"
    if was.unit == "%" or not was.value:
        return told
    return f"{told} ({_share(was, now):+.0%})".replace("%)", " %)")


def _share(was: PastCheck, now: PastCheck) -> float:
    if was.value is None or now.value is None:
        return 0.0
    return (now.value - was.value) / abs(was.value) if was.value else 0.0


def since_base(report: GateReport) -> list[str]:
    """The lines that tell what changed since the last passing run of the base; none without it."""
    base = report.history.base if report.history else None
    if base is None:
        return []
    found = differences(base.gates, past_run(report).gates)
    where = f"since {base.commit[:10]}, the last passing run of the base ({base.ended[:10]})"
    if not found:
        return [f"{where}: every gate as it was"]
    lines = [f"{where}:", *(f"    {visible(one.address)}: {visible(one.told)}" for one in found)]
    more = len(found) - _MOST
    return lines if more <= 0 else [*lines[: _MOST + 1], f"    and {more} more"]


def blocks(values: Sequence[float | None]) -> str:
    """A line of blocks, the least value the lowest; a space where there is none."""
    there = [value for value in values if value is not None]
    if not there:
        return ""
    least, size = min(there), max(there) - min(there)
    return "".join(
        " "
        if value is None
        else BLOCKS[round((value - least) / size * (len(BLOCKS) - 1))]
        if size > 0
        else BLOCKS[0]
        for value in values
    )


def table(nodeid: str, runs: Sequence[PastRun], can_draw: bool = True) -> list[str]:
    """What runs, oldest first, showed of a gate that is in each of them: a line of blocks for
    each of its numbers, then a row a run."""
    gates = [run.gates[nodeid] for run in runs]
    count = f"{len(runs)} run{'s' if len(runs) != 1 else ''}"
    lines = [f"{visible(gates[-1].address)}  {visible(nodeid)}  {count}", ""]
    for number, last in enumerate(gates[-1].checks):
        values = [
            check.value if check is not None and check.unit == last.unit else None
            for check in (_like(gate, number, last) for gate in gates)
        ]
        if can_draw and sum(value is not None for value in values) > 1:
            lines += [f"{visible(last.metric)}  {blocks(values)}", ""]
    rows = [("commit", "ended (UTC)", "status", "measured", "change")]
    before: PastGate | None = None
    for run, gate in zip(runs, gates, strict=True):
        dirty = "+" if run.dirty else ""
        stage = "" if run.stage == "pre-merge" else f" {run.stage}"
        moved = _moved(before, gate) if before else ""
        when = run.ended[:16].replace("T", " ")
        rows.append((run.commit[:10] + dirty, when, gate.status + stage, gate.measured, moved))
        before = gate
    widths = [max(len(visible(row[n])) for row in rows) for n in range(5)]
    lines += [
        "  ".join(f"{visible(text):<{w}}" for text, w in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    if any(run.dirty for run in runs):
        lines += ["", "+ with uncommitted changes"]
    return lines


def _like(gate: PastGate, number: int, wanted: PastCheck) -> PastCheck | None:
    """The check of a gate at a place, if it measured the same."""
    found = gate.checks[number] if number < len(gate.checks) else None
    return found if found is not None and found.metric == wanted.metric else None


def _moved(was: PastGate, now: PastGate) -> str:
    """`+49 %`, of each number that moved; of percentages the points."""
    moved = []
    for a, b in _pairs(was, now):
        if a.value is None or b.value is None or a.value == b.value:
            continue
        if a.unit == "%" or not a.value:
            moved.append(f"{b.value - a.value:+.4g}{' pp' if a.unit == '%' else ''}")
        else:
            moved.append(f"{_share(a, b) * 100:+.3g} %")
    return ", ".join(moved)
