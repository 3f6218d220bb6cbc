"""Conditions: `p95 < 500 ms`, `branch >= 90%`, `exit 0 within 10 s` -> limits of a kind."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction

from ..errors import did_you_mean
from ..model import Kind, Metric, Quantity, exact
from .quantity import dimension_of, free_quantity, quantity

OPERATORS = {
    ">=": ">=",
    "<=": "<=",
    "≥": ">=",
    "≤": "<=",
    "==": "==",
    "!=": "!=",
    "=": "==",
    ">": ">",
    "<": "<",
    "no more than": "<=",
    "no less than": ">=",
    "at least": ">=",
    "at most": "<=",
    "less than": "<",
    "more than": ">",
    "within": "<=",
    "up to": "<=",
    "under": "<",
    "below": "<",
    "over": ">",
    "above": ">",
    "exactly": "==",
}
_OP = "|".join(re.escape(op) + (r"\b" if op[0].isalpha() else "") for op in OPERATORS)
_WORD = rf"(?:(?!(?:{_OP}|and\b))[^\W\d]+)"
_CLAUSE = re.compile(
    rf"\s*(?:,|and\b)?\s*(?P<words>(?:(?!(?:{_OP}|and\b))[^\W\d][\w.]*\s+)*)"
    rf"(?P<op>{_OP})?\s*(?P<number>[-+]?(?:\d[\d_,]*)?(?:\d|\.\d+)(?:e[-+]?\d+)?)"
    rf"\s*(?P<unit>%|{_WORD}\s*(?:/\s*|\bper\s+)(?:\d[\d_,]*\s*)?calls?\b"
    rf"|{_WORD}?\s*(?:/\s*|\bper\s+)[^\W\d]+|{_WORD}|)",
    re.IGNORECASE,
)
_AGAINST_BASE = re.compile(
    rf"\s*(?:,|and\b)?\s*(?P<words>(?:(?!(?:{_OP}|and\b))[^\W\d][\w.]*\s+)*)"
    rf"(?P<op>{_OP})\s*base\b"
    rf"(?:\s*(?P<sign>[-+\u2212])\s*(?P<number>(?:\d[\d_,]*)?(?:\d|\.\d+))\s*(?P<unit>%|{_WORD}|))?",
    re.IGNORECASE,
)
_IN_WORDS = "|".join(re.escape(op) for op in OPERATORS if op[0].isalpha())
_NAME = rf"(?!(?:{_IN_WORDS}|and)(?![\w.-]))(?=[\w.-]*[^\W\d_])\w[\w.-]*"
_FREE = re.compile(
    rf"\s*(?P<words>{_NAME}(?:\s+{_NAME})*)\s*(?P<op>(?<![\w.-])(?:{_IN_WORDS})\b|[<>=!]=|[≥≤=<>])"
    rf"\s*(?P<number>[-+]?(?:\d[\d_,]*)?(?:\d|\.\d+)(?:e[-+]?\d+)?)(?![\w.]*\d)"
    rf"\s*(?P<unit>%|(?:{_WORD})?\s*(?:/\s*|\bper\s+)[^\W\d]+|(?!and\b){_NAME}|)"
    rf"\s*(?:(?:,|\band\b)(?=\s*\S)|$)",
    re.IGNORECASE,
)
"""A limit of a metric that is named freely, up to the next one."""
_LITERAL = re.compile(rf"(?P<op>{_OP})?\s*(?P<literal>\S.*)", re.IGNORECASE | re.DOTALL)
_STATISTIC = re.compile(r"p\d{1,2}(\.\d+)?|mean|median|average|avg|min|max|minimum|maximum")
_STATISTIC_NAMES = {"average": "mean", "avg": "mean", "minimum": "min", "maximum": "max"}


@dataclass(frozen=True, slots=True)
class Limit:
    """One comparison of a condition; `note` says what was assumed in reading it."""

    metric: str
    op: str
    quantity: Quantity
    statistic: str | None = None
    note: str = ""
    against: str = ""
    is_named_freely: bool = False


def limits(text: str, kind: Kind) -> tuple[Limit, ...]:
    """The limits that a condition states. Raises ValueError, as a sentence."""
    text = " ".join(text.split())
    text = kind.words.get(text.lower(), text)
    if not text:
        raise ValueError(f"a `{kind.name}` gate needs a condition")
    free = next((metric for metric in kind.metrics if metric.is_named_freely), None)
    if free is not None:
        return _free_limits(text, free, kind)
    if any(metric.dimension == "any" for metric in kind.metrics):
        literal = _literal_limit(text, kind)
        if literal is not None:
            return (literal,)
    found: list[Limit] = []
    position = 0
    while position < len(text):
        against = _AGAINST_BASE.match(text, position)
        if against is not None:
            found.append(_limit_against_base(against, kind))
            position = against.end()
            continue
        clause = _CLAUSE.match(text, position)
        if clause is None or clause.end() == position:
            raise ValueError(
                f'the condition "{text}" is not understood'
                + (f' at "{text[position:]}"' if position else "")
            )
        found.append(_limit(clause, kind))
        position = clause.end()
    return tuple(found)


def with_statistic(kind: Kind, statistic: str) -> Kind:
    """The kind with another statistic for limits that name none. Raises ValueError, as a
    sentence, for one that it does not have."""
    name = _STATISTIC_NAMES.get(statistic, statistic)
    made = []
    for metric in kind.metrics:
        if metric.default_statistic is not None:
            if not _STATISTIC.fullmatch(name) or not _has_statistic(metric, name):
                raise ValueError(
                    f'{metric.name} has no statistic "{statistic}"; '
                    + did_you_mean(statistic, ("p95", "p99", "p50", *metric.statistics))
                )
            made.append(replace(metric, default_statistic=name))
        else:
            made.append(metric)
    return replace(kind, metrics=tuple(made))


def _free_limits(text: str, metric: Metric, kind: Kind) -> tuple[Limit, ...]:
    found: list[Limit] = []
    units: dict[str, Quantity] = {}
    position = 0
    while position < len(text):
        clause = _FREE.match(text, position)
        if clause is None:
            raise ValueError(
                f'the condition "{text}" is not understood'
                + (f' at "{text[position:].strip()}"' if position else "")
                + ": write NAME >= NUMBER UNIT, the name as the test records it"
            )
        limit = _free_limit(clause, metric, kind)
        other = units.setdefault(limit.metric, limit.quantity)
        if other.unit != limit.quantity.unit:
            raise ValueError(
                f'"{other.written}" and "{limit.quantity.written}" are not in one unit: '
                f"no value of {limit.metric} can be compared with both"
            )
        found.append(limit)
        position = clause.end()
    return tuple(found)


def _free_limit(clause: re.Match[str], metric: Metric, kind: Kind) -> Limit:
    *before, name = clause["words"].split()
    statistic = None
    if before:
        word = " ".join(before).lower()
        statistic = _STATISTIC_NAMES.get(word, word)
        if statistic not in metric.statistics:
            raise ValueError(
                f'"{word}" before {name} is no statistic of a `{kind.name}` gate; '
                + did_you_mean(word, metric.statistics)
            )
    op = OPERATORS[clause["op"].lower()]
    if op not in metric.ops:
        fitting = " or ".join(metric.ops)
        raise ValueError(f'"{op}" does not fit {name}, which is limited with {fitting}')
    made = free_quantity(clause["number"], clause["unit"].strip())
    return Limit(name, op, made, statistic, is_named_freely=True)


def _limit_against_base(clause: re.Match[str], kind: Kind) -> Limit:
    named, statistic = _named(clause["words"], kind)
    metric = named or kind.metrics[0]
    if not metric.against_base or statistic is not None:
        what = f"{statistic} {metric.name}" if statistic else metric.name
        raise ValueError(f'"base" does not fit {what}, which is compared with a number')
    op = OPERATORS[clause["op"].lower()]
    if op not in metric.ops or op == "==":
        fitting = " or ".join(o for o in metric.ops if o != "==")
        raise ValueError(f'"{op} base" does not fit {metric.name}: write {fitting} base')
    return Limit(metric.name, op, _offset(clause, metric), against="base")


def _offset(clause: re.Match[str], metric: Metric) -> Quantity:
    """What is added to the base, as a metric allows it. Raises ValueError, as a sentence."""
    number, sign = clause["number"], "+" if clause["sign"] == "+" else "-"
    unit, written = (clause["unit"] or "").strip(), _OF_BASE[metric.against_base]
    tolerant = "-" if metric.ops[0] == ">" else "+"
    if number is None:
        if metric.against_base == "share":
            raise ValueError(
                f'"{clause[0].strip()}" tolerates nothing, which no measurement of time can show; '
                f"write base {tolerant} 5 %"
            )
        return Quantity(Fraction(), written, "base")
    value = exact(number.replace(",", "").replace("_", ""))
    if value is None:
        raise ValueError(f'"{number[:60]}" is not a number that can be compared')
    if metric.against_base == "points" and unit.lower() not in ("pp", "points"):
        raise ValueError(
            f'"{number}{unit}" of "{clause[0].strip()}" is not in percentage points; '
            f"write base {sign} {number} pp"
        )
    if metric.against_base == "count" and unit:
        raise ValueError(f'the unit "{unit}" does not fit {metric.name}, which is a count')
    if metric.against_base == "share" and (unit != "%" or sign != tolerant or not 0 < value < 100):
        raise ValueError(
            f'"{clause[0].strip()}" does not say how much is tolerated; '
            f"write base {tolerant} 5 %, between 0 and 100 %"
        )
    shown = f" {written}" if metric.against_base != "count" else ""
    return Quantity(value if sign == "+" else -value, written, f"base {sign} {number}{shown}")


_OF_BASE = {"points": "pp", "count": "count", "share": "%"}


def _named(phrase: str, kind: Kind) -> tuple[Metric | None, str | None]:
    """The metric and the statistic that words name. Raises ValueError for words of neither."""
    statistic = None
    words = phrase.lower().split()
    phrase = " ".join(words)
    named = next((m for m in kind.metrics if phrase in (m.name, *m.words)), None)
    for word in words if named is None else ():
        metric = next((m for m in kind.metrics if word == m.name or word in m.words), None)
        if metric is not None:
            named = metric
        elif _STATISTIC.fullmatch(word):
            statistic = _STATISTIC_NAMES.get(word, word)
        else:
            known = [w for m in kind.metrics for w in (m.name, *m.words, *m.statistics)]
            raise ValueError(
                f'"{word}" is not known to a `{kind.name}` gate; ' + did_you_mean(word, known)
            )
    return named, statistic


def _limit(clause: re.Match[str], kind: Kind) -> Limit:
    named, statistic = _named(clause["words"], kind)
    unit = clause["unit"].strip()
    metric = named or _by_unit(unit, kind)
    if metric.against_base == "share":
        raise ValueError(f"a `{kind.name}` gate compares with the base, as in {kind.example}")
    made = quantity(clause["number"], unit, metric.dimension)
    op = OPERATORS[clause["op"].lower()] if clause["op"] else metric.default_op
    if op is None:
        raise ValueError(f'"{clause[0].strip()}" has no operator')
    if op not in metric.ops:
        raise ValueError(
            f'"{op}" does not fit {metric.name}, which is limited with {" or ".join(metric.ops)}'
        )
    note = ""
    if statistic is not None and not _has_statistic(metric, statistic):
        raise ValueError(f"{metric.name} has no statistic {statistic}")
    if statistic is None and metric.default_statistic is not None:
        statistic = metric.default_statistic
        note = f"statistic not stated: {statistic} used"
    return Limit(metric.name, op, made, statistic, note)


def _by_unit(unit: str, kind: Kind) -> Metric:
    dimension = dimension_of(unit)
    if dimension is not None:
        for metric in kind.metrics:
            if metric.dimension == dimension:
                return metric
    return kind.metrics[0]


def _has_statistic(metric: Metric, statistic: str) -> bool:
    return statistic in metric.statistics or (
        statistic.startswith("p") and "percentiles" in metric.statistics
    )


def _literal_limit(text: str, kind: Kind) -> Limit | None:
    metric = next(metric for metric in kind.metrics if metric.dimension == "any")
    match = _LITERAL.fullmatch(text)
    if match is None or match["op"] is None:
        return None
    literal = match["literal"].strip()
    value: Fraction | str | bool
    if literal in ("true", "false"):
        value = literal == "true"
    else:
        quoted = len(literal) > 1 and literal[0] == literal[-1] and literal[0] in "\"'"
        number = exact(literal)
        value = literal[1:-1] if quoted else literal if number is None else number
    op = OPERATORS[match["op"].lower()]
    if not isinstance(value, Fraction) and op not in ("==", "!="):
        raise ValueError(f'"{literal}" is a text: it can only be compared with == and !=')
    return Limit(metric.name, op, Quantity(value, "", literal))
