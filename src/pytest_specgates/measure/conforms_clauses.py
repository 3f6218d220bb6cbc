"""What a `conforms` gate asks of the fields of records, beside their schema: its keys, read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from ..model import Check, Clause, Metric
from .conforms_fields import Wanted

_RECORDS = Metric("records", "count", (">=", ">"), default_op=">=")
_DUPLICATES = Metric("duplicates", "count", ("==", "<=", "<"))
_NULLS = Metric("nulls", "percent", ("<=", "<", "=="))
_AGE = Metric("age", "time", ("<=", "<"), default_op="<=")
_RANGE = Metric(
    "value",
    "count",
    (">=", "<=", ">", "<", "=="),
    statistics=("mean", "median", "min", "max", "percentiles"),
)
_BETWEEN = re.compile(r"(?P<what>[\w.]*)\s*\bbetween\s+(?P<low>\S+)\s+and\s+(?P<high>\S+)", re.I)
_OF = "of"
_FIELDS = "fields"


def records(value: Any) -> Iterator[Clause]:
    """`records: ">= 1000"`, or the number alone."""
    yield Clause(_RECORDS, "", str(value))


def unique(value: Any) -> Iterator[Clause]:
    """`unique: id`; several fields are one key together."""
    fields = _fields(value)
    named = f"duplicates of {', '.join(fields)}"
    yield Clause(_DUPLICATES, named, "== 0", {_OF: "unique", _FIELDS: fields})


def nulls(value: Any) -> Iterator[Clause]:
    """`nulls: {email: "<= 1 %"}`."""
    for name, condition in _conditions(value, '"<= 1 %"'):
        yield Clause(_NULLS, f"nulls of {name}", condition, {_OF: "nulls", _FIELDS: [name]})


def newest(value: Any) -> Iterator[Clause]:
    """`newest: {updated_at: "< 24 h"}`: how old the newest value is."""
    for name, condition in _conditions(value, '"< 24 h"'):
        named = f"age of newest {name}"
        yield Clause(_AGE, named, condition, {_OF: "newest", _FIELDS: [name]})


def ranges(value: Any) -> Iterator[Clause]:
    """`range: {price: "median between 1 and 100"}`; without a statistic it is of every value."""
    for name, condition in _conditions(value, '"median between 1 and 100"'):
        stated = _BETWEEN.sub(r"\g<what> >= \g<low>, \g<what> <= \g<high>", condition)
        yield Clause(_RANGE, name, stated, {_OF: "range", _FIELDS: [name]})


def _fields(value: Any) -> list[str]:
    names = [str(one).strip() for one in (value if isinstance(value, list) else [value])]
    if not names or not all(names):
        raise ValueError("names no field")
    return names


def _conditions(value: Any, example: str) -> Iterator[tuple[str, str]]:
    if not isinstance(value, dict) or not value:
        raise ValueError(f"names fields, each with a condition, as in {{field: {example}}}")
    for name, condition in value.items():
        if isinstance(condition, (dict, list, bool)) or condition is None:
            raise ValueError(f"{name}: a condition is a text, as in {example}")
        yield _fields(name)[0], str(condition)


def is_of_fields(check: Check) -> bool:
    return _OF in check.options


def wanted(checks: Iterable[Check], like: Check) -> frozenset[Wanted]:
    """What one pass over the data has to look at for the checks that are of the same data."""
    return frozenset(
        of_check(check)
        for check in checks
        if is_of_fields(check)
        and (check.kind, check.subject) == (like.kind, like.subject)
        and check.options["asked"] == like.options["asked"]
    )


def of_check(check: Check) -> Wanted:
    """What a check looks at in every record."""
    what = check.options[_OF]
    if what == "range":
        of_all = (None, "min", "max")
        what = "extremes" if check.statistic in of_all else check.statistic
        what = what if what in ("extremes", "mean") else "each"
    return Wanted(what, tuple(check.options[_FIELDS]))


KEYS: dict[str, dict[str, Any]] = {
    "records": {"type": ["string", "number"], "examples": [">= 1000"]},
    "unique": {
        "type": ["string", "array"],
        "items": {"type": "string"},
        "minItems": 1,
        "examples": ["id", ["artist", "title"]],
    },
    "nulls": {"type": "object", "examples": [{"email": "<= 1 %"}]},
    "newest": {"type": "object", "examples": [{"updated_at": "< 24 h"}]},
    "range": {"type": "object", "examples": [{"price": "median between 1 and 100"}]},
}
CLAUSES = {
    "records": records,
    "unique": unique,
    "nulls": nulls,
    "newest": newest,
    "range": ranges,
}
