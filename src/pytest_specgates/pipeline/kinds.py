"""The kinds of gates that are installed, and the schema of specs with them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import SpecError
from ..measure.registry import BUILT_IN
from ..model import Kind
from ..read import schema
from ..report.json_report import json_schema as report_schema
from ..understand.condition import with_statistic
from ..understand.gate import COMMON_SCHEMA

__all__ = ["kinds", "report_schema", "spec_schema"]

ENTRY_POINTS = "pytest_specgates.kinds"
"""The entry point group by which another package adds kinds of gates."""


def kinds(third_party: bool = True, latency_statistic: str = "") -> dict[str, Kind]:
    """The kinds of gates by name: the built-in ones and those of other packages.

    `latency_statistic` is that of latencies that name none. Raises ValueError where the
    kind does not know it.
    """
    found = {kind.name: kind for kind in BUILT_IN}
    if latency_statistic:
        found["latency"] = with_statistic(found["latency"], latency_statistic)
    if third_party:
        from importlib.metadata import entry_points

        for point in entry_points(group=ENTRY_POINTS):
            kind = point.load()
            if not isinstance(kind, Kind):
                raise SpecError(f"the entry point {point.value} is not a Kind", point.name)
            if kind.name in found:
                raise SpecError(f'the kind "{kind.name}" is there already', point.value)
            found[kind.name] = kind
    return found


def spec_schema(known: Mapping[str, Kind]) -> dict[str, Any]:
    """The JSON Schema of spec files, with these kinds of gates."""
    return schema.spec_schema(known, COMMON_SCHEMA)
