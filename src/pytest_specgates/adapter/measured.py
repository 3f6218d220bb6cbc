"""The fixture `measure`: a load that a test runs, as samples and an error rate for its gates."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from ..measure.benchmarks import MEASURED
from ..model import Samples
from ..understand.quantity import quantity
from . import figures

if TYPE_CHECKING:
    from ..measure import load

Measure = Callable[..., "load.Load"]

_LOADS: pytest.StashKey[list[load.Load]] = pytest.StashKey()


def measuring(node: pytest.Item) -> Measure:
    """The function that the fixture gives to a test."""
    from ..measure import load

    loads = node.stash[_LOADS] = []
    figures.can_record(node)

    def measure(
        call: Callable[[], Any],
        *,
        rate: float | str | None = None,
        samples: int | None = None,
        duration: float | str | None = None,
        concurrency: int | None = None,
        arrival: str = "constant",
        seed: int = 0,
        warmup: int = 0,
        patience: float | str = 30.0,
    ) -> load.Load:
        if loads:
            raise RuntimeError("measure was called twice: a test has one load, write another test")
        if not callable(call):
            raise TypeError(f"measure: a function is called, not {call!r:.80}; as in lambda: f(x)")
        try:
            plan = load.plan_of(
                rate=_number(rate, "rate"),
                samples=samples,
                duration=_number(duration, "time"),
                concurrency=concurrency,
                arrival=arrival,
                seed=seed,
                warmup=warmup,
                patience=_number(patience, "time") or 0.0,
            )
        except ValueError as error:
            raise ValueError(f"measure: {error}") from None
        found = load.run(call, plan)
        loads.append(found)
        figures.note(node, "error_rate", found.error_rate, "%")
        return found

    return measure


def _number(given: float | str | None, dimension: str) -> float | None:
    """Calls a second or seconds, of a number or of a text as in specs."""
    if not isinstance(given, str):
        return given
    number = given.strip()
    split = next((n for n, c in enumerate(number) if c not in "0123456789.,_"), len(number))
    return float(quantity(number[:split], number[split:].strip(), dimension).value)


def is_measured(item: pytest.Item) -> bool:
    """Whether the test has the fixture; known once it is set up."""
    return _LOADS in item.stash


def samples_of(item: pytest.Item) -> Samples | None:
    """The samples of the test's load, or None."""
    for found in item.stash.get(_LOADS, ()):
        return Samples(
            found.latencies,
            source=f"{MEASURED} {found.told}",
            lost=found.errors + found.dropped,
            seconds=found.seconds,
            counts=found.counts,
        )
    return None
