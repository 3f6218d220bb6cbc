"""Measurements as plain values, to cross from a worker to the controller."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from ..model import Lines, Measurement, Value


def packed(measurement: Measurement) -> dict[str, Any]:
    return {
        "values": [
            [value.subject, _packed_value(value.value), value.samples]
            for value in measurement.values
        ],
        "absent": measurement.absent,
        "reason": measurement.reason,
        "evidence": list(measurement.evidence),
        "next_step": measurement.next_step,
        "places": [[place.path, place.first, place.last] for place in measurement.places],
    }


def unpacked(data: dict[str, Any]) -> Measurement:
    return Measurement(
        values=tuple(
            Value(subject, _unpacked_value(value), samples)
            for subject, value, samples in data["values"]
        ),
        absent=data["absent"],
        reason=data["reason"],
        evidence=tuple(data["evidence"]),
        next_step=data["next_step"],
        places=tuple(Lines(*place) for place in data["places"]),
    )


def _packed_value(value: Fraction | float | str | bool | None) -> list[Any]:
    if isinstance(value, Fraction):
        return ["fraction", str(value)]
    return ["plain", value]


def _unpacked_value(data: list[Any]) -> Fraction | float | str | bool | None:
    kind, value = data
    if kind == "fraction":
        return Fraction(value)
    found: float | str | bool | None = value
    return found
