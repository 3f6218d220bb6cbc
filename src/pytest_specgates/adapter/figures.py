"""The fixture `record_measurement`: what a test records, kept on its item until it is reported.

It is used without --spec-gates too, where it only checks what it is given.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Sequence
from decimal import Decimal
from fractions import Fraction
from math import isfinite
from numbers import Integral
from typing import Any

import pytest

from ..model import Figure

Record = Callable[..., None]
Given = tuple[str, str, str, str]
"""Name, exact value, unit and what was given: plain texts, to cross from a worker."""

_GIVEN: pytest.StashKey[list[Given]] = pytest.StashKey()
_FIXTURE = "record_measurement"
_NAME = re.compile(r"(?=[\w.-]*[^\W\d_])\w[\w.-]*")
_LARGEST = 10**290
_FINEST = 10**360


def recording(node: pytest.Item) -> Generator[Record, None, None]:
    """The function that the fixture gives to one test, until the test has ended."""
    given = can_record(node)
    has_ended = False

    def record_measurement(name: str, value: Any, unit: str = "") -> None:
        if has_ended:
            # Its report has been written: what comes now would be lost, and nobody would know.
            raise RuntimeError(f"{_FIXTURE} was called after its test had ended: {node.nodeid}")
        given.append(_checked(name, value, unit))

    yield record_measurement
    has_ended = True


def can_record(node: pytest.Item) -> list[Given]:
    """Where the item keeps what is recorded: a test that has it can record something."""
    return node.stash.setdefault(_GIVEN, [])


def note(node: pytest.Item, name: str, value: Fraction, unit: str) -> None:
    """Record what another fixture found out."""
    can_record(node).append(_checked(name, value, unit))


def _checked(name: object, value: object, unit: object) -> Given:
    if not isinstance(name, str):
        raise TypeError(f"{_FIXTURE}: the name is a text, not {name!r}")
    if not _NAME.fullmatch(name):
        raise ValueError(
            f"{_FIXTURE}: the name is a word of letters, digits, `_`, `-` and `.`, not {name!r}"
        )
    if not isinstance(unit, str):
        raise TypeError(f"{_FIXTURE}({name!r}): the unit is a text, not {unit!r}")
    unit = " ".join(unit.split())
    number = _exact(name, value)
    if abs(number) >= _LARGEST or number.denominator >= _FINEST:
        raise ValueError(f"{_FIXTURE}({name!r}): a number of more digits than can be compared")
    shown = float.__repr__(value) if isinstance(value, float) else str(value)
    return name, str(number), unit, f"{shown} {unit}".strip()


def _exact(name: str, value: object) -> Fraction:
    """The number exactly. Of a float it is the decimal that its repr shows, which is what people
    mean by it: 0.1 is at most 0.1, though its binary value is a little more."""
    refused = f"{_FIXTURE}({name!r}): the value is an int, float, Fraction or Decimal, not"
    if isinstance(value, bool):
        raise TypeError(f"{refused} the bool {value}")
    if isinstance(value, float):
        if not isfinite(value):
            raise ValueError(f"{_FIXTURE}({name!r}): {value} is no number that can be compared")
        # A subclass (that of NumPy is one) may show itself otherwise.
        return Fraction(float.__repr__(value))
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError(f"{_FIXTURE}({name!r}): {value} is no number that can be compared")
        if not -400 < value.adjusted() < 400 or len(value.as_tuple().digits) > 400:
            raise ValueError(
                f"{_FIXTURE}({name!r}): {value:.3e} has more digits than can be compared"
            )
        return Fraction(value)
    if isinstance(value, Fraction):
        return value
    if isinstance(value, Integral):
        return Fraction(int(value))
    raise TypeError(f"{refused} {type(value).__name__} {value!r:.80}; convert it, as in float(x)")


def given_since(item: pytest.Item, when: str) -> list[Given] | None:
    """What the test has recorded since its last report; None where it recorded nothing. The
    report of its setup says of every test with the fixture that it can record something."""
    given = item.stash.get(_GIVEN, None)
    found = list(given or ())
    if given:
        given.clear()
    can = given is not None or _FIXTURE in getattr(item, "fixturenames", ())
    return found if found or (can and when == "setup") else None


def figures_of(given: Sequence[Sequence[str]]) -> tuple[Figure, ...]:
    """In canonical units, by the table that limits are read with."""
    from ..understand.quantity import canonical

    found = []
    for name, value, unit, written in given:
        try:
            known, factor = canonical(unit)
        except ValueError:
            # It could be two things: it is compared with neither.
            known, factor = unit, Fraction(1)
        found.append(Figure(name, Fraction(value) * factor, known, written))
    return tuple(found)
