"""Gates of the base and of the change, compared by what they demand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from ..model import LEVELS, STAGES, Change, ChangeKind, Check, Comparison, Gate, Span, Waiver

Difference = tuple[ChangeKind, str]
_HIGHER = (">", ">=")
_LOWER = ("<", "<=")
_RANKS = {"min": Fraction(0), "median": Fraction(50), "p50": Fraction(50), "max": Fraction(100)}
_PER = (None, "directory", "file")
"""From the loosest to the strictest."""
_OF_NO_WEIGHT = frozenset(("timeout", "after", "refers_to"))
_LISTS = frozenset(("exists", "config", "changed", "attested", "gates"))
"""The kinds whose value is a list of things that are all asked for."""


def compare_gates(base: Sequence[Gate], now: Sequence[Gate]) -> Comparison:
    """The changes from the gates of the base to those of now. Renames are paired."""
    pairs, gone, fresh = _paired(base, now)
    changes: list[Change] = []
    unchanged = 0
    for old, new in pairs:
        found = list(_differences(old, new))
        unchanged += not found
        span = new.criterion.span
        changes.extend(Change(kind, new.address, message, span) for kind, message in found)
    for gate in gone:
        told = f"{_demand(gate)} is gone ({_place(gate)} on the base)"
        changes.append(Change("removed", gate.address, told, gate.criterion.span))
    for gate in fresh:
        changes.append(Change("added", gate.address, _demand(gate), gate.criterion.span))
    return Comparison(tuple(changes), unchanged)


def compare_waivers(base: Sequence[Waiver], now: Sequence[Waiver]) -> list[Change]:
    """A waiver that is new, or that holds longer, weakens the gates that it names."""
    old = {waiver.gate: waiver for waiver in base}
    changes: list[Change] = []
    for waiver in now:
        before = old.pop(waiver.gate, None)
        subject = f"waiver for {waiver.gate}"
        if before is None:
            told = f"added by {waiver.owner} until {waiver.expires}: {waiver.reason}"
            changes.append(Change("weakened", subject, told, waiver.span))
        elif before.expires != waiver.expires:
            kind: ChangeKind = "weakened" if waiver.expires > before.expires else "tightened"
            told = f"expires on {waiver.expires}, on the base {before.expires}"
            changes.append(Change(kind, subject, told, waiver.span))
        elif (before.owner, before.reason) != (waiver.owner, waiver.reason):
            changes.append(Change("changed", subject, "another owner or reason", waiver.span))
    for waiver in old.values():
        subject = f"waiver for {waiver.gate}"
        changes.append(Change("tightened", subject, "taken out", waiver.span))
    return changes


# --- pairs --------------------------------------------------------------------------------


def _paired(
    base: Sequence[Gate], now: Sequence[Gate]
) -> tuple[list[tuple[Gate, Gate]], list[Gate], list[Gate]]:
    """Gates that are the same one, by what they share; the surest way first."""
    ways: tuple[Callable[[Gate], object], ...] = (
        lambda gate: (gate.spec.path, gate.address),
        lambda gate: gate.address,
        lambda gate: (gate.spec.name, _text(gate)),
        lambda gate: (gate.name, _text(gate)),
        lambda gate: (_signature(gate), _text(gate)),
        lambda gate: (gate.spec.name, _metrics(gate)) if gate.checks else gate.nodeid,
        lambda gate: (gate.spec.path, _metrics(gate)) if gate.checks else gate.nodeid,
    )
    pairs: list[tuple[Gate, Gate]] = []
    gone, fresh = list(base), list(now)
    for way in ways:
        waiting: dict[object, list[Gate]] = {}
        for gate in fresh:
            waiting.setdefault(way(gate), []).append(gate)
        left = []
        for gate in gone:
            same = waiting.get(way(gate))
            if same:
                pairs.append((gate, same.pop(0)))
            else:
                left.append(gate)
        gone = left
        taken = {id(new) for _, new in pairs}
        fresh = [gate for gate in fresh if id(gate) not in taken]
    return pairs, gone, fresh


def _text(gate: Gate) -> str:
    return " ".join(gate.criterion.text.split())


def _signature(gate: Gate) -> tuple[object, ...]:
    return tuple((c.kind, c.metric, c.statistic, c.op, c.subject) for c in gate.checks)


def _metrics(gate: Gate) -> tuple[object, ...]:
    return tuple((c.kind, c.metric, c.subject) for c in gate.checks)


def _place(gate: Gate) -> str:
    return f"{gate.criterion.span.path}:{gate.criterion.span.line}"


def _demand(gate: Gate) -> str:
    return gate.reading.text or f'"{_text(gate)}"'


# --- two gates ----------------------------------------------------------------------------


def _differences(old: Gate, new: Gate) -> Iterator[Difference]:
    if (old.spec.path, old.nodeid) != (new.spec.path, new.nodeid):
        yield "moved", f"from {old.nodeid}"
    if LEVELS.index(new.level) != LEVELS.index(old.level):
        weaker = LEVELS.index(new.level) > LEVELS.index(old.level)
        yield "weakened" if weaker else "tightened", f"level {new.level}, on the base {old.level}"
    if new.stage != old.stage:
        later = STAGES.index(new.stage) > STAGES.index(old.stage)
        yield "weakened" if later else "tightened", f"stage {new.stage}, on the base {old.stage}"
    yield from _conditions(old.reading.when, new.reading.when)
    if old.checks and not new.checks:
        yield "changed", f"unbound, on the base {_demand(old)}"
        return
    if new.checks and not old.checks:
        yield "changed", f"bound to {_demand(new)}, on the base unbound"
        return
    yield from _checks(old, new)
    if not old.checks and _text(old) != _text(new):
        yield "changed", f'"{_text(new)}", on the base "{_text(old)}"'


def _conditions(old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[Difference]:
    if set(old) == set(new):
        return
    told = f"judged when {_listed(new) or 'anything'} changes, on the base {_listed(old)}"
    if not new or (old and set(old) < set(new)):
        yield "tightened", told if new else f"always judged, on the base when {_listed(old)}"
    elif not old:
        yield "weakened", f"only judged when {_listed(new)} changes, on the base always"
    else:
        yield "weakened", told


def _checks(old: Gate, new: Gate) -> Iterator[Difference]:
    waiting = list(new.checks)
    for check in old.checks:
        same = [c for c in waiting if _measure(c) == _measure(check)]
        if not same:
            yield "weakened", f"{_limit(check)} is not asked for any more"
            continue
        found = next((c for c in same if c == check), same[0])
        waiting.remove(found)
        yield from _check(check, found)
    for check in waiting:
        yield "tightened", f"{_limit(check)} is asked for too"


def _measure(check: Check) -> tuple[str, str, str]:
    return check.kind, check.metric, check.against


def _check(old: Check, new: Check) -> Iterator[Difference]:
    direction = _direction(old, new)
    if direction is not None:
        kind, why = direction
        yield kind, f"{_limit(new)}, on the base {_limit(old)}{why}"
    if set(old.subject) != set(new.subject):
        wider = set(old.subject) < set(new.subject)
        yield (
            "tightened" if wider else "weakened",
            f"of {_listed(new.subject) or 'everything'}, on the base "
            f"{_listed(old.subject) or 'everything'}",
        )
    for key in sorted({*old.options, *new.options} - _OF_NO_WEIGHT):
        usual = _USUAL.get((old.kind, key))
        before, after = old.options.get(key, usual), new.options.get(key, usual)
        if before != after:
            yield _option(old.kind, key, before, after)


_USUAL = {("regression", "unit"): "time", ("regression", "by"): "rss"}
"""What an option of a kind is where it is not given."""


def _option(kind: str, key: str, before: Any, after: Any) -> Difference:
    told = f"{key} {_shown(after)}, on the base {_shown(before)}"
    if key == "asked":
        told = f"{kind} {_shown(after)}, on the base {_shown(before)}"
        more = kind in _LISTS and set(before or ()) < set(after or ())
        return "tightened" if more else "weakened", told
    if key == "per" and before in _PER and after in _PER:
        stricter = _PER.index(after) > _PER.index(before)
        return "tightened" if stricter else "weakened", told
    if kind == "attested" and key in ("by", "covers"):
        return _of_people(key, before, after), told
    if key in ("from", "omit", "since"):
        return _of_evidence(key, before, after), told
    if key in _OF_DRAWING:
        return _of_drawing(kind, key, before, after), told
    if key == "canary":
        return "weakened" if after is None else "changed", told
    # What nobody knows the weight of is not taken to be harmless.
    return "tightened" if before is None else "weakened", told


_USUAL_EXAMPLES = {"returns": 100, "takes": 100, "compatible": 200, "conforms": 20}
_USUAL_DEADLINE = {"returns": 5, "takes": 5, "conforms": 10}
_OF_DRAWING = frozenset(("examples", "deadline", "seed", "raises", "proof", "takes"))


def _of_drawing(kind: str, key: str, before: Any, after: Any) -> ChangeKind:
    """More examples, less time for a call, fewer exceptions that it may raise, and a proof by
    structure are stricter. Other examples, drawn or allowed, are not known to be as good."""
    if key == "raises":
        stricter = set(_texts(after)) < set(_texts(before))
    elif key == "examples":
        usual = _USUAL_EXAMPLES.get(kind, 0)
        stricter = (after or usual) >= (before or usual)
    elif key == "deadline":
        limit = _USUAL_DEADLINE.get(kind, 0)
        stricter = (after or limit) <= (before or limit)
    else:
        stricter = key == "proof" and before == "examples"
    return "tightened" if stricter else "weakened"


def _of_evidence(key: str, before: Any, after: Any) -> ChangeKind:
    """Less that is left out is stricter; another source of the numbers is not known to be."""
    return "tightened" if key == "omit" and set(_texts(after)) < set(_texts(before)) else "weakened"


def _of_people(key: str, before: Any, after: Any) -> ChangeKind:
    """Fewer people who count, and more that is covered, is stricter. Without a list, everybody
    counts, and everything is covered."""
    old, new = set(_texts(before)), set(_texts(after))
    if not old:
        return "tightened" if key == "by" else "weakened"
    if not new:
        return "weakened" if key == "by" else "tightened"
    return "tightened" if (new < old if key == "by" else old < new) else "weakened"


def _texts(value: Any) -> tuple[str, ...]:
    return () if value is None else (value,) if isinstance(value, str) else tuple(value)


def compare_signers(path: str, base: Iterable[str], now: Iterable[str]) -> list[Change]:
    """The changes of the file of allowed signers, from its lines: who may sign with which key."""
    old, new = _signers(base), _signers(now)
    span = Span(path, 1, 1)
    subject = f"signers {path}"
    changes = [
        Change("weakened", subject, f"{_short(line)} may sign too", replace(span, line=number))
        for line, number in new.items()
        if line not in old
    ]
    gone = (line for line in old if line not in new)
    changes += [
        Change("tightened", subject, f"{_short(line)} may not sign any more", span) for line in gone
    ]
    return changes


def _signers(lines: Iterable[str]) -> dict[str, int]:
    """The lines that name somebody, and where they stand first."""
    found: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        flat = " ".join(line.split())
        if flat and not flat.startswith("#"):
            found.setdefault(flat, number)
    return found


def _short(line: str) -> str:
    return line if len(line) <= 60 else f"{line[:57]}..."


def _direction(old: Check, new: Check) -> Difference | None:
    """Whether the values that new lets pass are fewer or more than those of old."""
    if old.quantity.unit != new.quantity.unit:
        return "weakened", " (another unit)"
    if _ranked(old) != _ranked(new):
        stricter = _is_stricter_statistic(old, new)
        same = (old.op, old.quantity.value) == (new.op, new.quantity.value)
        if stricter and (same or _within(old, new) == "tightened"):
            return "tightened", ""
        return "weakened", " (another statistic)"
    within = _within(old, new)
    return None if within is None else (within, _why(old, new))


def _within(old: Check, new: Check) -> ChangeKind | None:
    before, after = old.quantity.value, new.quantity.value
    if (old.op, before) == (new.op, after):
        return None
    if not isinstance(before, Fraction) or not isinstance(after, Fraction):
        return "weakened"
    one, two = _interval(old.op, before), _interval(new.op, after)
    if one is None or two is None:
        return "weakened"
    return "tightened" if _contains(one, two) else "weakened"


Interval = tuple[tuple[Fraction, bool] | None, tuple[Fraction, bool] | None]
"""Lowest and highest value, each with whether it is itself left out; None without an end."""


def _interval(op: str, limit: Fraction) -> Interval | None:
    if op in _HIGHER:
        return (limit, op == ">"), None
    if op in _LOWER:
        return None, (limit, op == "<")
    return ((limit, False), (limit, False)) if op == "==" else None


def _contains(one: Interval, two: Interval) -> bool:
    """Whether every value of two is a value of one."""
    (low, high), (other_low, other_high) = one, two
    if low is not None and (other_low is None or other_low < low):
        return False
    if high is None:
        return True
    if other_high is None or other_high[0] > high[0]:
        return False
    return other_high[0] < high[0] or other_high[1] >= high[1]


def _why(old: Check, new: Check) -> str:
    turned = (old.op in _HIGHER and new.op in _LOWER) or (old.op in _LOWER and new.op in _HIGHER)
    return " (the operator is turned)" if turned else ""


def _ranked(check: Check) -> Fraction | str | None:
    name = check.statistic
    if name is None and check.is_named_freely:
        # Every value has to hold, which is what the worst one has to.
        return _strictest(check)
    if name is None or name in _RANKS:
        return _RANKS.get(name or "")
    try:
        return Fraction(name.removeprefix("p"))
    except ValueError:
        return name


def _is_stricter_statistic(old: Check, new: Check) -> bool:
    before, after = _ranked(old), _ranked(new)
    if after is not None and after == _strictest(new):
        return True  # than the mean too: what all values are, their mean is
    if not isinstance(before, Fraction) or not isinstance(after, Fraction):
        return False
    return after > before if new.op in _LOWER else after < before


def _strictest(check: Check) -> Fraction | None:
    if check.op in _LOWER:
        return _RANKS["max"]
    return _RANKS["min"] if check.op in _HIGHER else None


def _limit(check: Check) -> str:
    statistic = f"{check.statistic} " if check.statistic else ""
    limit = f"{check.op} {check.quantity.written}"
    if check.is_named_freely:
        return f"{check.kind}: {statistic}{check.metric} {limit}"
    named = check.metric if check.metric == check.kind else f"{check.kind}: {check.metric}"
    return f"{statistic}{named} {limit}"


def _listed(texts: Sequence[str]) -> str:
    return ", ".join(texts)


def _shown(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, Mapping):
        return str(dict(value))
    return _listed([str(v) for v in value]) if isinstance(value, (list, tuple)) else str(value)
