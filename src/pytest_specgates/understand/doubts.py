"""Doubts about specs that read well: limits that cannot fail, placeholders, contradictions.

Each rule is a function from the gates to its findings; RULES is the table of them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ..model import Gate, Reach, Span
from .stated import binding, sentence


@dataclass(frozen=True, slots=True)
class Finding:
    """One doubt: the rule that has it, where, the text as written, and the next step."""

    rule: str
    span: Span
    text: str
    message: str
    hint: str = ""


Reaches = Callable[[Gate], Reach]
"""Whether a gate can fail, and can pass: judged where `specgates prove` has it from, too."""


def doubts(gates: Sequence[Gate], reach: Reaches) -> list[Finding]:
    """The findings of all rules, by place."""
    found = [finding for rule in RULES.values() for finding in rule(gates, reach)]
    return sorted(found, key=lambda f: (f.span.path, f.span.line, f.span.column, f.rule))


def _finding(rule: str, gate: Gate, message: str, hint: str = "") -> Finding:
    return Finding(rule, gate.criterion.span, gate.criterion.text, message, hint)


# --- limits that decide nothing ------------------------------------------------------------


def vacuous(gates: Iterable[Gate], reach: Reaches) -> Iterator[Finding]:
    """What no measurement can fail. A `reason:` beside the gate says that it is meant so."""
    for gate in gates:
        if not gate.reading.why and (why := reach(gate).cannot_fail):
            hint = "set a limit that can fail, or say with `reason:` why it stands as it is"
            yield _finding("vacuous", gate, why, hint)


def impossible(gates: Iterable[Gate], reach: Reaches) -> Iterator[Finding]:
    """What no measurement can meet."""
    for gate in gates:
        if why := reach(gate).cannot_pass:
            yield _finding("impossible", gate, why, "correct it: as it stands it never passes")


# --- texts ---------------------------------------------------------------------------------

_LIMITING = ("coverage", "latency", "throughput", "memory", "value")
_PLACEHOLDER = re.compile(
    r"\b(?:TODO|TBD|FIXME|XXX+)\b|\?\?\?|\[NEEDS CLARIFICATION|\[[A-Z]{3}[A-Z _-]{0,40}\]"
    r"|<[A-Z]{3}[A-Z_ -]{0,40}>|(?<![\w.])[XN](?:%| ?ms\b| seconds\b| minutes\b)"
    r"|\{\{[^{}]{1,80}\}\}|\bPATH_OF_ITS_TESTS\b|\blorem ipsum\b"
)


def placeholder(gates: Iterable[Gate], reach: Reaches) -> Iterator[Finding]:
    """What a template left to fill in."""
    for gate in gates:
        texts = [gate.criterion.text, *(s for check in gate.checks for s in check.subject)]
        match = next((m for text in texts if (m := _PLACEHOLDER.search(text[:4000]))), None)
        if match is not None:
            yield _finding("placeholder", gate, f'"{match[0]}" was left in', "fill it in")


def unmeasurable(gates: Iterable[Gate], reach: Reaches) -> Iterator[Finding]:
    """A quality without a content that anything could measure."""
    for gate in gates:
        meaning = gate.reading.meaning
        if gate.checks or meaning is None or meaning.kind != "vague" or meaning.thresholds:
            continue
        hint = f"name a number and what measures it, or bind it: {binding(gate.criterion, meaning)}"
        yield _finding("unmeasurable", gate, "nobody can measure it as it stands", hint)


# --- criteria against each other -----------------------------------------------------------


def contradiction(gates: Iterable[Gate], reach: Reaches) -> Iterator[Finding]:
    """Two limits of one thing that no value meets, or that differ."""
    groups: dict[object, list[tuple[Gate, str, Fraction, str]]] = defaultdict(list)
    for gate in gates:
        for key, op, limit, shown in _limits(gate):
            groups[(gate.spec.path, gate.spec.name, key)].append((gate, op, limit, shown))
    for group in groups.values():
        yield from _against(group)


def _limits(gate: Gate) -> Iterator[tuple[object, str, Fraction, str]]:
    when = gate.reading.when
    for c in gate.checks:
        limit = c.quantity.value
        if isinstance(limit, Fraction) and c.kind in _LIMITING:
            how = (c.options.get("per"), str(c.options.get("by")))
            unit = c.quantity.unit
            key = (c.kind, c.metric, c.statistic, unit, c.subject, how, c.against, when)
            yield key, c.op, limit, f"{c.op} {c.quantity.written}"
    if not gate.checks and gate.reading.meaning is not None:
        for t in gate.reading.meaning.thresholds:
            text = gate.criterion.text
            around = re.sub(r"\W+", " ", f"{text[: t.start]} {text[t.end :]}").strip().lower()
            yield (t.metric, t.statistic, t.unit, around), t.op, t.value, sentence(t)


def _against(group: Sequence[tuple[Gate, str, Fraction, str]]) -> Iterator[Finding]:
    earlier: dict[tuple[str, Fraction], tuple[Gate, str, Fraction, str]] = {}
    for one in group:
        gate, op, limit, _ = one
        for other, other_op, other_limit, shown in earlier.values():
            if other is gate:
                continue
            line = f"line {other.criterion.span.line}"
            if op[0] == other_op[0] and op[0] in "<>":
                if (op, limit) != (other_op, other_limit):
                    message = f"{line} limits the same thing differently ({shown})"
                    yield _finding("contradiction", gate, message, "keep the one that is meant")
                    break
            elif _excludes(op, limit, other_op, other_limit):
                message = f"no value meets both it and {line} ({shown})"
                yield _finding("contradiction", gate, message, "correct one of them")
                break
        earlier.setdefault((op, limit), one)


def _excludes(op: str, limit: Fraction, other_op: str, other: Fraction) -> bool:
    if op[0] == "<" and other_op[0] == ">":
        op, limit, other_op, other = other_op, other, op, limit
    if op[0] == ">" and other_op[0] == "<":
        return limit > other or (limit == other and (op == ">" or other_op == "<"))
    return False


_SUFFIX = re.compile(r"(?:-[0-9a-f]{6})(?:-[0-9]+)?$")
"""What is put behind the ids of different texts that would be the same."""


def clash(gates: Iterable[Gate], reach: Reaches) -> Iterator[Finding]:
    """Specs of one name in several files, and criteria of a phase whose texts make one id."""
    first: dict[str, Gate] = {}
    told: set[tuple[str, str]] = set()
    seen: dict[object, Gate] = {}
    for gate in gates:
        spec = gate.spec
        earlier = first.setdefault(spec.name, gate)
        if earlier.spec.path != spec.path and (spec.name, spec.path) not in told:
            told.add((spec.name, spec.path))
            message = f'{earlier.spec.path} has a spec named "{spec.name}" too'
            hint = "give one of them another name: markers and waivers cannot tell them apart"
            yield Finding("clash", Span(spec.path, spec.line, 1), spec.name, message, hint)
        made = _SUFFIX.sub("", gate.criterion.id)
        before = seen.setdefault((spec.path, spec.name, gate.criterion.phase, made), gate)
        if before is not gate:
            message = f'line {before.criterion.span.line} makes the same id, "{made}"'
            yield _finding("clash", gate, message, "give them an `id:` each")


RULES: Mapping[str, Callable[[Sequence[Gate], Reaches], Iterator[Finding]]] = {
    "vacuous": vacuous,
    "impossible": impossible,
    "placeholder": placeholder,
    "unmeasurable": unmeasurable,
    "contradiction": contradiction,
    "clash": clash,
}
