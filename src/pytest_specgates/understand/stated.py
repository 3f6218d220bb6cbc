"""What prose states -> gates of the kinds that measure it, or why there is none.

A kind takes a threshold only where the sentence says no more than the kind measures: a limit
of something that has a name of its own (`search under 2 s`), or that holds under a load, is
read and shown, and bound by whoever knows its tests.
"""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

from ..model import Criterion, Meaning, Spec, Threshold
from . import dialects
from .phrase import TEST_TYPES, Mapping, Phrase, tests_of_type

_GENERIC_LATENCY = re.compile(r"\b(?:response times?|latency|latencies)\b", re.IGNORECASE)
_GENERIC_THROUGHPUT = re.compile(r"\bthroughput\b", re.IGNORECASE)
_TEST_TYPE = re.compile(rf"\b({TEST_TYPES})[ -]tests?\b", re.IGNORECASE)
_CHANGED = re.compile(r"\b(?:new|changed|modified|touched|diff|patch)\b", re.IGNORECASE)
_PART = re.compile(
    r"\bcoverage\b[^.;(]{0,60}?\b(?:for|in|on|across)\s+(?:the\s+|all\s+)?(?P<part>`[^`]+`|[\w./-]+)"
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


def of_thresholds(criterion: Criterion, meaning: Meaning, spec: Spec) -> Phrase:
    """The gates of a criterion whose thresholds are all measured by a kind, else none."""
    gates: list[Mapping] = []
    notes: list[str] = []
    for threshold in meaning.thresholds:
        made = _gate(criterion, threshold, spec)
        if isinstance(made, str):
            reason = f"read as {sentence(threshold)}: {made}"
            return Phrase(reason=reason, meaning=meaning)
        gate, note = made
        gates.append(gate)
        if note not in notes:
            notes.append(note)
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
    read = "; ".join(map(sentence, meaning.thresholds))
    told = f" ({meaning.reason})" if meaning.reason else ""
    return Phrase(reason=f"read as {read}{told}: nothing here measures it", meaning=meaning)


def _gate(criterion: Criterion, t: Threshold, spec: Spec) -> tuple[Mapping, str] | str:
    """A gate and its note, or why no kind measures the threshold."""
    if t.conditions:
        return f'it holds "{t.conditions[0]}", and nothing here makes that load'
    text = criterion.text
    near = " ".join((*criterion.keys[-1:], text))
    if t.metric == "coverage" and t.unit == "%":
        return _coverage(text, t, spec)
    if t.metric == "latency" and t.op in ("<", "<="):
        if not _GENERIC_LATENCY.search(near):
            return "nothing says which tests measure it"
        named = {"p50": "median", None: ""}.get(t.statistic, t.statistic or "")
        limit = f"{named} {t.op} {_time(t.value)}".strip()
        return {"latency": limit}, "of every benchmark of the run"
    if t.metric == "throughput" and t.op in (">", ">=") and t.unit == "1/s":
        if not _GENERIC_THROUGHPUT.search(near):
            return "nothing says which tests measure it"
        return {"throughput": f"{t.op} {_rate(t.value)}"}, "of every benchmark of the run"
    return f"no kind of gate measures {t.metric.replace('_', ' ')} by itself"


def _coverage(text: str, t: Threshold, spec: Spec) -> tuple[Mapping, str] | str:
    if _CHANGED.search(text):
        return "the coverage of changed lines is not measured"
    branch = "branch " if re.search(r"\bbranch", text, re.IGNORECASE) else ""
    gate: Mapping = {"coverage": f"{branch}{t.op} {decimal(t.value)}%"}
    part = _PART.search(text)
    named = (part["part"] or part["of"] or part["before"]).strip("`") if part else ""
    if named and named.lower() not in _WHOLE:
        if not _PATH.fullmatch(named):
            return f'"{named}" is no path'
        gate["of"] = named
        scope = f"of {named}"
    else:
        scope = f"of {', '.join(spec.scope)}" if spec.scope else "of all that was measured"
    return gate, f"{branch or 'line '}coverage {scope}"


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


def why_unbound(meaning: Meaning) -> str:
    return _WHY.get(meaning.kind, "no built-in phrase says how to measure this")


def suggestion(criterion: Criterion, meaning: Meaning | None, spec: Spec) -> str:
    """What to do about a criterion that nothing is bound to."""
    return (
        f"bind it, for example: {binding(criterion, meaning)}; or mark its tests: "
        f'@pytest.mark.spec("{spec.name}/{criterion.id}")'
    )


def binding(criterion: Criterion, meaning: Meaning | None) -> str:
    """The line of YAML that would bind the criterion, to paste and fill in."""
    text = criterion.text.replace("\\", "\\\\").replace('"', '\\"')
    gate = "{tests: all pass, of: PATH_OF_ITS_TESTS}"
    first = meaning.thresholds[0] if meaning is not None and meaning.thresholds else None
    if first is not None and first.metric in _MEASURED:
        limit = sentence(replace(first, conditions=())).removeprefix(f"{first.metric} ")
        gate = f'{{{first.metric}: "{limit}", of: PATH}}'
    elif meaning is not None and meaning.kind in _BY_KIND:
        gate = _BY_KIND[meaning.kind].format(id=criterion.id)
    return f'- "{text}": {gate}'
