"""What prose states -> gates of the kinds that measure it, or why there is none.

A kind takes a threshold only where the sentence says no more than the kind measures: a limit
of something that has a name of its own (`search under 2 s`), or that holds under a load, is
read and shown, and bound by whoever knows its tests.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from ..model import CHANGED, METRICS, Criterion, Meaning, Spec, Threshold
from . import dialects, marks, qualified
from .dialects.coverage import CHANGED_LINES
from .phrase import TEST_TYPES, Mapping, Phrase, tests_of_type
from .prose import masks

_GENERIC_LATENCY = re.compile(r"\b(?:response times?|latency|latencies)\b", re.IGNORECASE)
_GENERIC_THROUGHPUT = re.compile(r"\bthroughput\b", re.IGNORECASE)
_TEST_TYPE = re.compile(rf"\b({TEST_TYPES})[ -]tests?\b", re.IGNORECASE)
_LONGEST = re.compile(r"\bmax(?:imum)?\s+(?:response|latency|time)|\bworst\b", re.IGNORECASE)
_MEASURE = re.compile(r"[\s(]{0,3}(?:of\s+)?(branch|line|statement)", re.IGNORECASE)
_NAMED = re.compile(r"\b(branch|line|statement)", re.IGNORECASE)
_EACH = re.compile(
    r"\b(?:per|each|every|for each|in every|any)[ -](?:source[ -]|single[ -])?"
    r"(file|module|directory|folder)s?\b",
    re.IGNORECASE,
)
_EARLIER = re.compile(
    r"\W{0,3}(?:coverage\s+)?of\s+(?:(?:the|our|its)\s+)?(?:last|previous|prior|earlier|baseline|current|main)\b",
    re.IGNORECASE,
)
_CHANGED = re.compile(r"\b(?:new|changed|modified|touched|diff|patch)\b", re.IGNORECASE)
_OF_CHANGE = re.compile(
    r"\b(?:(?:on|of|for|in)\s+)?(?:all\s+|the\s+)?(?:new|changed|modified|touched)"
    r"(?:\s+(?:or|and)\s+(?:new|changed|modified))?\s+(?:code|lines?)(?:\s+of\s+code)?\b"
    r"|\b(?:diff|patch)(?=\s+coverage\b)",
    re.IGNORECASE,
)
"""The lines of a change, in words."""
_PART = re.compile(
    r"\bcoverage\b[^.;(]{0,60}?\b(?:for|in|on|across)\s+(?:the\s+|all\s+)?(?P<part>`[^`]+`|"
    r"[\w./-]+)"
    r"|\bcoverage of\s+(?P<of>`[^`]+`|[\w.-]+/[\w./-]*)"
    r"|(?P<before>`[^`]+`)[^.;(]{0,40}\bcoverage\b",
    re.IGNORECASE,
)
_WHOLE = frozenset(
    ("code", "tests", "whole", "project", "codebase", "repository", "lines", "branches", "every")
)
_PATH = re.compile(r"[\w./-]*/[\w./*-]*|[\w-]+\.py")
_BY_KIND = {
    "review": "{{attested: {id}}}",
    "docs": '{{changed: [PATHS], when: "**"}}',
    "file_exists": "{{exists: PATH}}",
    "config_key": "{{config: KEY, of: FILE}}",
    "command": "{{command: LINE}}",
    "schema": "{{conforms: SCHEMA, of: DATA}}",
    "security": "{{command: LINE_OF_THE_SCAN}}",
    "dependency": "{{command: LINE_OF_THE_SCAN}}",
    "health": "{{command: LINE_THAT_ASKS_IT}}",
}
_WHY = {
    "vague": "it says nothing that could be measured",
    "reference": "it refers to criteria that stand elsewhere and are not named",
    "not_a_criterion": "it reads like a description, not like something that can be met",
    "test_outcome": "no tests are named that would show it",
    "review": "it needs a person",
    "docs": "no file is named",
    "file_exists": "no file is named",
    "regression": "it has no tolerance and no base",
    "coverage": "it names no number",
    "schema": "no schema and no data are named",
    "health": "nothing says what asks the running system",
}
_MEASURED = frozenset(("latency", "throughput", "coverage"))
"""The metrics of prose that are kinds of gates too."""
_RECORDED = frozenset(("error_rate", "accuracy", "availability"))
"""Those that only a test can work out, which then records them by their name."""


def of_thresholds(criterion: Criterion, meaning: Meaning, spec: Spec) -> Phrase:
    """The gates of a criterion whose thresholds are all measured by a kind, else none."""
    gates: list[Mapping] = []
    notes: list[str] = []
    doubt = qualified.doubt(criterion.text, meaning)
    for threshold in meaning.thresholds:
        made = doubt or _gate(criterion, threshold, meaning, spec)
        if isinstance(made, str):
            return Phrase(reason=f"read as {in_words(meaning)}: {made}", meaning=meaning)
        gates.extend(made[0])
        if made[1] not in notes:
            notes.append(made[1])
        if threshold.is_turned:
            notes.append("the text names the violation; this is its opposite")
    tests = _TEST_TYPE.search(criterion.text)
    if tests and any("coverage" in gate for gate in gates):
        gates.insert(0, tests_of_type(tests[1]))
    return Phrase(tuple(gates), note=", ".join(notes), meaning=meaning)


def of_dialect(criterion: Criterion) -> Phrase:
    """A criterion of another tool's format: understood exactly, and bound by nobody yet."""
    meaning = dialects.read_criterion(criterion)
    if not meaning.thresholds:
        is_criterion = meaning.kind != "not_a_criterion"
        return Phrase(reason=meaning.reason, meaning=meaning, is_criterion=is_criterion)
    told = f" ({meaning.reason})" if meaning.reason else ""
    reason = f"read as {in_words(meaning)}{told}: nothing here measures it"
    return Phrase(reason=reason, meaning=meaning)


def _gate(
    criterion: Criterion, t: Threshold, meaning: Meaning, spec: Spec
) -> tuple[list[Mapping], str] | str:
    """The gates and their note, or why no kind measures the threshold."""
    if t.conditions and t.conditions != (CHANGED_LINES,):
        return f'it holds "{t.conditions[0]}", and nothing here makes that load'
    text = criterion.text
    near = " ".join((*criterion.keys[-1:], text))
    if t.metric == "coverage":
        return _coverage(text, t, meaning, spec)
    if t.metric == "latency" and t.op in ("<", "<="):
        if not _GENERIC_LATENCY.search(near):
            return "nothing says which tests measure it"
        statistic = t.statistic or ("max" if _LONGEST.search(text) else "")
        named = "median" if statistic == "p50" else statistic
        gate = {"latency": f"{named} {t.op} {_time(t.value)}".strip()}
    elif t.metric == "throughput" and t.op in (">", ">=") and t.unit == "1/s":
        if not _GENERIC_THROUGHPUT.search(near):
            return "nothing says which tests measure it"
        gate = {"throughput": f"{t.op} {_rate(t.value)}"}
    elif _is_size_of_memory(t):
        return "nothing says which tests, or which command, take it"
    else:
        return f"no kind of gate measures {t.metric.replace('_', ' ')} by itself"
    narrow = qualified.more_than_measured(text, meaning.thresholds, meaning.asides)
    if narrow:
        return f"it is of a part ({narrow}), and nothing says which tests measure it"
    return [gate], "of every benchmark of the run"


def _coverage(
    text: str, t: Threshold, meaning: Meaning, spec: Spec
) -> tuple[list[Mapping], str] | str:
    if _EARLIER.match(text, t.end):
        return "a share of an earlier coverage, which is not measured"
    rest, gate = text, dict[str, str]()
    is_of_change = CHANGED_LINES in t.conditions or _OF_CHANGE.search(text) is not None
    if is_of_change:
        rest = _OF_CHANGE.sub(lambda found: " " * len(found[0]), text)
    if _CHANGED.search(rest):
        return "it is of what is new or changed, and does not say that these are lines of code"
    per = _EACH.search(rest)
    if per:
        gate["per"] = "directory" if per[1].lower() in ("directory", "folder") else "file"
        rest = rest[: per.start()] + " " * len(per[0]) + rest[per.end() :]
    part = _PART.search(rest)
    named = (part["part"] or part["of"] or part["before"]).strip("`") if part else ""
    if named and named.lower() not in _WHOLE:
        if not _PATH.fullmatch(named):
            return f'"{named}" is no path'
        gate["of"] = f"{CHANGED}:{named}" if is_of_change else named
        rest = rest.replace(named, " " * len(named), 1)
        scope = f"of {named}"
    else:
        scope = f"of {', '.join(spec.scope)}" if spec.scope else "of all that was measured"
        if is_of_change:
            gate["of"], scope = CHANGED, f"of the changed lines {scope}"
    narrow = qualified.more_than_measured(rest, meaning.thresholds, meaning.asides)
    if narrow:
        return f"it says more ({narrow}) than a gate of coverage measures"
    value = t.value * 100 if t.unit == "score" else t.value
    what = _measures(text, t, meaning.thresholds)
    limit = f"{t.op} {decimal(value)}%"
    gates: list[Mapping] = [{"coverage": f"{b}{limit}".strip(), **gate} for b in what]
    words = " and ".join(b.strip() or "line" for b in what)
    return gates, f"{words} coverage {scope}"


def _measures(text: str, t: Threshold, thresholds: Sequence[Threshold]) -> list[str]:
    """ "" for lines, "branch " for branches: what the words nearest to the limit name."""
    before = max((o.end for o in thresholds if o.end <= t.start), default=0)
    after = min((o.start for o in thresholds if o.start >= t.end), default=len(text))
    following = _MEASURE.match(text, t.end, after)
    named = {following[1].lower()} if following else set()
    if not named:
        named = {w.lower() for w in _NAMED.findall(text, before, t.start)}
    if not named:
        named = {w.lower() for w in _NAMED.findall(text, t.end, after)}
    is_branch = "branch" in named
    return ["", "branch "] if is_branch and len(named) > 1 else ["branch " if is_branch else ""]


def _time(value: Fraction) -> str:
    for scale, unit in ((1, "s"), (1000, "ms"), (10**6, "us")):
        if value * scale >= 1:
            return f"{decimal(value * scale)} {unit}"
    return f"{decimal(value * 10**9)} ns"


def _rate(value: Fraction) -> str:
    """A rate in the unit in which it is a short number: 100/min, not 1.666.../s."""
    for seconds, unit in ((1, "s"), (60, "min"), (3600, "h")):
        scaled = value * seconds
        if scaled >= 1 and (scaled * 1000).denominator == 1:
            return f"{decimal(scaled)}/{unit}"
    return f"{decimal(value)}/s"


# --- in words ------------------------------------------------------------------------------


def in_words(meaning: Meaning) -> str:
    """All the thresholds of a meaning, in canonical units."""
    return "; ".join(map(sentence, meaning.thresholds))


def decimal(value: Fraction) -> str:
    """The exact decimal number where there is one of at most 15 digits, else a close one."""
    for digits in range(16):
        scaled = value * 10**digits
        if scaled.denominator == 1:
            whole, rest = divmod(abs(scaled.numerator), 10**digits)
            text = f"{whole}.{rest:0{digits}d}" if digits else str(whole)
            return f"-{text}" if value < 0 else text
    return f"{float(value):.15g}"


def sentence(t: Threshold) -> str:
    """`latency p95 < 0.5 s`: the threshold in canonical units."""
    unit = "" if t.unit in ("count", "score") else ("%" if t.unit == "%" else f" {t.unit}")
    statistic = f"{t.statistic} " if t.statistic else ""
    under = f" {', '.join(t.conditions)}" if t.conditions else ""
    return f"{t.metric} {statistic}{t.op} {decimal(t.value)}{unit}{under}"


def why_unbound(text: str, meaning: Meaning) -> str:
    """Why nothing is bound: what kept its number from being a limit, if it has one."""
    if meaning.kind in METRICS or meaning.kind == "not_a_criterion":
        for aside in meaning.asides:
            number = text[aside.start : aside.end]
            if aside.reason not in masks.REASONS and any(map(str.isdigit, number)):
                return f'"{number}" is no limit: {aside.reason}'
    return _WHY.get(meaning.kind, "no built-in phrase says how to measure this")


def suggestion(criterion: Criterion, meaning: Meaning | None, spec: Spec) -> str:
    """What to do about a criterion that nothing is bound to."""
    advice = f"bind it, for example: {binding(criterion, meaning)}"
    if not can_be_marked(criterion, meaning):
        return advice
    return f'{advice}; or mark its tests: @pytest.mark.spec("{spec.name}/{criterion.name}")'


def can_be_marked(criterion: Criterion, meaning: Meaning | None) -> bool:
    """Whether tests can show it. For what a person has to do, a marker is not enough."""
    return not marks.asks_a_person(criterion.text, meaning.kind if meaning is not None else "")


def binding(criterion: Criterion, meaning: Meaning | None) -> str:
    """The line of YAML that would bind the criterion, to paste and fill in."""
    text = criterion.text.replace("\\", "\\\\").replace('"', '\\"')
    thresholds = meaning.thresholds if meaning is not None else ()
    conditions: dict[tuple[str, str], list[str]] = {}
    for t in thresholds:
        if t.metric in _MEASURED or _is_size_of_memory(t):
            of = CHANGED if CHANGED_LINES in t.conditions else "PATH"
            said = _condition(criterion.text, t, thresholds)
            conditions.setdefault((t.metric, of), []).append(said)
        elif t.metric in _RECORDED and not t.statistic:
            said = f"{t.metric} {t.op} {decimal(t.value)}{'%' if t.unit == '%' else ''}"
            conditions.setdefault(("value", "PATH_OF_ITS_TESTS"), []).append(said)
    gates = [
        f'{{{kind}: "{", ".join(said)}", of: {of}}}' for (kind, of), said in conditions.items()
    ]
    if sum(map(len, conditions.values())) < len(thresholds):
        gates = []  # a gate of one limit would drop the others
    if not gates:
        by_kind = _BY_KIND.get(meaning.kind) if meaning is not None and not thresholds else None
        gates = [(by_kind or "{{tests: all pass, of: PATH_OF_ITS_TESTS}}").format(id=criterion.id)]
    also = "".join(f" # and as a criterion of its own: {gate}" for gate in gates[1:])
    return f'- "{text}": {gates[0]}{also}'


def _is_size_of_memory(t: Threshold) -> bool:
    return t.metric == "memory" and t.unit == "B" and t.op in ("<", "<=")


_SIZES = (
    ("GiB", 1 << 30),
    ("GB", 10**9),
    ("MiB", 1 << 20),
    ("MB", 10**6),
    ("KiB", 1 << 10),
    ("kB", 10**3),
)


def _size(value: Fraction) -> str:
    """A size by the largest unit of which it is a whole number."""
    found = ((value / one, name) for name, one in _SIZES)
    number, name = next(
        (pair for pair in found if pair[0] and pair[0].denominator == 1), (value, "B")
    )
    return f"{decimal(number)} {name}"


def _condition(text: str, t: Threshold, thresholds: Sequence[Threshold]) -> str:
    """The threshold as the condition of a gate: `p95 < 500 ms`, `>= 100/min`, `branch >= 80%`."""
    if t.metric == "latency":
        return f"{t.statistic or ''} {t.op} {_time(t.value)}".strip()
    if t.metric == "throughput":
        return f"{t.op} {_rate(t.value)}"
    if t.metric == "memory":
        return f"{t.op} {_size(t.value)}"
    value = decimal(t.value * 100 if t.unit == "score" else t.value)
    return ", ".join(f"{b}{t.op} {value}%" for b in _measures(text, t, thresholds))
