"""The JSON report, read again: what another process can rely on."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ..model import Lines, Measurement, Pair, Value
from .json_report import VERSION, json_schema

LARGEST = 200_000_000
"""Bytes of a report."""


class ReportError(Exception):
    """A text that is no report, and why."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A report as it was written; its shape is that of its JSON Schema."""

    data: Mapping[str, Any]

    @property
    def run(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.data["run"]
        return found

    @property
    def gates(self) -> Sequence[Mapping[str, Any]]:
        found: Sequence[Mapping[str, Any]] = self.data["gates"]
        return found


def read_report(text: str) -> Recorded:
    """Raises ReportError for what is no JSON, or not a report of this version."""
    data = load_json(text)
    if not isinstance(data, dict) or data.get("format") != "pytest-specgates report":
        raise ReportError("not a report of pytest-specgates")
    if data.get("format_version") != VERSION:
        raise ReportError(f"its format_version is not {VERSION}: another version wrote it")
    check_shape(data, json_schema(), "the report")
    return Recorded(data)


def check_shape(data: Any, schema: Mapping[str, Any], name: str) -> None:
    """Raises ReportError for data that are not valid under the schema."""
    import jsonschema_rs

    try:
        validator = jsonschema_rs.Draft202012Validator(dict(schema), offline=True)
        fault = next(iter(validator.iter_errors(data)), None)
    except UnicodeError as error:
        raise ReportError(f"not UTF-8: {error}") from error
    if fault is not None:
        where = "/".join(map(str, fault.instance_path)) or name
        raise ReportError(f"{where}: {fault.message[:200]}")


def load_json(text: str) -> Any:
    """Raises ReportError for what is no JSON; NaN and infinities are none."""
    try:
        return json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise ReportError(f"not JSON: {error}") from error


def measurement_of(check: Mapping[str, Any]) -> Measurement:
    """What a check was judged from."""
    recorded = check["measurement"]
    return Measurement(
        values=_values(recorded["values"]),
        again=_values(recorded["again"]),
        absent=recorded["absent"],
        reason=recorded["reason"] or "",
        places=tuple(Lines(**place) for place in recorded["places"]),
    )


def _values(recorded: Sequence[Mapping[str, Any]]) -> tuple[Value, ...]:
    return tuple(
        Value(
            one["subject"],
            _number(one["value"], one["exact"]),
            one["samples"],
            None if (base := _number(one["base"], one["exact_base"])) is None else Fraction(base),
            tuple(Pair(change, error) for change, error in one["pairs"]),
            one["low"],
            one["high"],
            tuple(one["quantiles"]),
        )
        for one in recorded
    )


def _number(found: Any, exact: str | None) -> Fraction | float | str | bool | None:
    if exact is not None:
        try:
            return Fraction(exact)
        except ZeroDivisionError:
            return None
    if isinstance(found, int) and not isinstance(found, bool):
        return Fraction(found)
    plain: float | str | bool | None = found
    return plain


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")
