"""Doubts about specs that read well: limits that cannot fail, placeholders, contradictions.

Each rule is a function from the gates to its findings; RULES is the table of them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ..model import Check, Gate, Span
from .stated import binding, sentence


@dataclass(frozen=True, slots=True)
class Finding:
    """One doubt: the rule that has it, where, the text as written, and the next step."""

    rule: str
    span: Span
    text: str
    message: str
    hint: str = ""


Schemas = Callable[[str], object]
"""A path -> the document that stands there, or None where there is none that can be read."""


def doubts(gates: Sequence[Gate], document: Schemas) -> list[Finding]:
    """The findings of all rules, by place."""
    found = [finding for rule in RULES.values() for finding in rule(gates, document)]
    return sorted(found, key=lambda f: (f.span.path, f.span.line, f.span.column, f.rule))


def _finding(rule: str, gate: Gate, message: str, hint: str = "") -> Finding:
    return Finding(rule, gate.criterion.span, gate.criterion.text, message, hint)


# --- limits that decide nothing ------------------------------------------------------------


def vacuous(gates: Iterable[Gate], document: Schemas) -> Iterator[Finding]:
    """What no measurement can fail. A `reason:` beside the gate says that it is meant so."""
    for gate in gates:
        if gate.reading.why:
            continue
        why = next((w for check in gate.checks if (w := _why_vacuous(check, document))), "")
        if not why and not gate.checks and gate.reading.meaning is not None:
            # A change can be negative: `growth >= 0%` fails where something shrinks.
            found = (t for t in gate.reading.meaning.thresholds if t.metric != "delta")
            limits = ((t.op, t.value, t.unit) for t in found)
            why = "no value can fail it" if any(_cannot_fail(*limit) for limit in limits) else ""
        if why:
            hint = "set a limit that can fail, or say with `reason:` why it stands as it is"
            yield _finding("vacuous", gate, why, hint)


def _why_vacuous(check: Check, document: Schemas) -> str:
    limit = check.quantity.value
    asked = check.options.get("asked", ())
    if check.metric == "measured" or isinstance(limit, (bool, str)):
        return ""
    # A value of a file and an exit code can be negative.
    if check.metric not in ("value", "exit") and _cannot_fail(check.op, limit, check.quantity.unit):
        return f"{check.op} {check.quantity.written} is true of every value"
    if check.kind == "command" and asked and _SAYS_NOTHING.match(asked[0]):
        return f"`{asked[0]}` always succeeds"
    if check.kind == "exists" and any(path.strip("./*") == "" for path in asked):
        return "something is always there"
    if check.kind == "conforms" and asked and _accepts_all(document(asked[0])):
        return f"{asked[0]} accepts every document"
    return ""


_SAYS_NOTHING = re.compile(r"(?:true|:|echo\b.*|exit 0|printf\b.*)$")
_ANNOTATIONS = frozenset(("$schema", "$id", "$comment", "title", "description", "examples"))


def _accepts_all(schema: object) -> bool:
    return schema is True or (isinstance(schema, Mapping) and set(schema) <= _ANNOTATIONS)


def _cannot_fail(op: str, limit: Fraction, unit: str) -> bool:
    """Whether a measured value of the unit, none of which is negative, always holds."""
    if op in (">", ">="):
        return limit < 0 or (op == ">=" and limit == 0)
    if op in ("<", "<=") and unit == "%":
        return limit > 100 or (op == "<=" and limit == 100)
    return False


def impossible(gates: Iterable[Gate], document: Schemas) -> Iterator[Finding]:
    """What no measurement can meet."""
    for gate in gates:
        limits = [(c.op, c.quantity.value, c.quantity.unit, c.metric) for c in gate.checks]
        if not limits and gate.reading.meaning is not None:
            meant = gate.reading.meaning.thresholds
            limits = [(t.op, t.value, t.unit, t.metric) for t in meant]
        for op, limit, unit, metric in limits:
            if isinstance(limit, (bool, str)) or metric == "delta":
                continue
            over = unit == "%" and (limit > 100 if op == ">=" else limit >= 100 and op == ">")
            if over or (op == "<" and limit <= 0) or (op == "<=" and limit < 0):
                yield _finding("impossible", gate, "no value can meet it", "correct the limit")
                break
        for check in gate.checks:
            who, fewest = check.options.get("by"), check.quantity.value
            if check.kind == "attested" and who and isinstance(fewest, Fraction):
                people = {" ".join(name.casefold().split()) for name in who}
                if len(people) < fewest:
                    message = f"{fewest} people have to sign it off, and `by` names {len(people)}"
                    yield _finding("impossible", gate, message, "name more, or ask for fewer")
                    break


# --- texts ---------------------------------------------------------------------------------

_PLACEHOLDER = re.compile(
    r"\b(?:TODO|TBD|FIXME|XXX+)\b|\?\?\?|\[NEEDS CLARIFICATION|\[[A-Z]{3}[A-Z _-]{0,40}\]"
    r"|<[A-Z]{3}[A-Z_ -]{0,40}>|(?<![\w.])[XN](?:%| ?ms\b| seconds\b| minutes\b)"
    r"|\{\{[^{}]{1,80}\}\}|\bPATH_OF_ITS_TESTS\b|\blorem ipsum\b"
)


def placeholder(gates: Iterable[Gate], document: Schemas) -> Iterator[Finding]:
    """What a template left to fill in."""
    for gate in gates:
        texts = [gate.criterion.text, *(s for check in gate.checks for s in check.subject)]
        match = next((m for text in texts if (m := _PLACEHOLDER.search(text[:4000]))), None)
        if match is not None:
            yield _finding("placeholder", gate, f'"{match[0]}" was left in', "fill it in")


def unmeasurable(gates: Iterable[Gate], document: Schemas) -> Iterator[Finding]:
    """A quality without a content that anything could measure."""
    for gate in gates:
        meaning = gate.reading.meaning
        if gate.checks or meaning is None or meaning.kind != "vague" or meaning.thresholds:
            continue
        hint = f"name a number and what measures it, or bind it: {binding(gate.criterion, meaning)}"
        yield _finding("unmeasurable", gate, "nobody can measure it as it stands", hint)


# --- criteria against each other -----------------------------------------------------------


def contradiction(gates: Iterable[Gate], document: Schemas) -> Iterator[Finding]:
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
        if isinstance(limit, Fraction) and c.kind in ("coverage", "latency", "throughput"):
            key = (c.kind, c.metric, c.statistic, c.subject, c.options.get("per"), when)
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


def clash(gates: Iterable[Gate], document: Schemas) -> Iterator[Finding]:
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


RULES: Mapping[str, Callable[[Sequence[Gate], Schemas], Iterator[Finding]]] = {
    "vacuous": vacuous,
    "impossible": impossible,
    "placeholder": placeholder,
    "unmeasurable": unmeasurable,
    "contradiction": contradiction,
    "clash": clash,
}
