"""The rule by which pairs of processes decide: what it lets through, and what it accuses."""

from __future__ import annotations

import random
from math import log
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_specgates.judge.sequential import MOST_PAIRS, Decision, decision, estimate, greatest
from pytest_specgates.model import Pair

LIMIT = greatest(2.5)
changes = st.floats(min_value=-1, max_value=1)
pairs = st.lists(st.builds(Pair, changes, st.floats(min_value=0, max_value=0.5)), max_size=20)


def outcome(draw: random.Random, change: float, outliers: float, error: float) -> Decision:
    """What becomes of one comparison of a true change, in per cent: two pairs at a time."""
    measured: list[Pair] = []
    while len(measured) < MOST_PAIRS and decision(measured, LIMIT) == "undecided":
        for _ in range(2):
            layout = draw.gauss(0, 0.012) + draw.gauss(0, error)
            if draw.random() < outliers:
                layout += draw.choice((-0.1, 0.1))
            measured.append(Pair(log(1 + change / 100) + layout, error))
    return decision(measured, LIMIT)


def shares(change: float, outliers: float, error: float) -> dict[Decision, float]:
    draw = random.Random(20_261_126)
    found = [outcome(draw, change, outliers, error) for _ in range(2_000)]
    return {one: found.count(one) / len(found) for one in ("holds", "misses", "undecided")}


@pytest.mark.parametrize("error", [0.002, 0.01, 0.02])
@pytest.mark.parametrize("outliers", [0.0, 0.03])
def test_what_is_the_same_is_seldom_accused(error: float, outliers: float) -> None:
    same = shares(0, outliers, error)
    assert same["misses"] <= 0.01
    assert same["undecided"] <= 0.02


@pytest.mark.parametrize("error", [0.002, 0.01, 0.02])
@pytest.mark.parametrize("outliers", [0.0, 0.03])
def test_what_is_slower_is_seldom_let_through(error: float, outliers: float) -> None:
    slower = shares(5, outliers, error)
    assert slower["misses"] >= 0.97
    assert slower["undecided"] <= 0.02
    assert shares(10, outliers, error)["misses"] >= 0.995


@given(pairs)
def test_a_decision_agrees_with_the_estimate(found: list[Pair]) -> None:
    decided = decision(found, LIMIT)
    if decided == "undecided":
        return
    middle = median(pair.change for pair in found)
    assert (middle < LIMIT) == (decided == "holds")
    assert (estimate(found) < 2.5 + 1e-9) == (decided == "holds")
    assert len(found) >= (2 if decided == "holds" else 3)


def test_one_process_decides_nothing() -> None:
    assert decision([], LIMIT) == "undecided"
    assert decision([Pair(-0.5, 0)], LIMIT) == "undecided"
    assert decision([Pair(0.5, 0), Pair(0.5, 0)], LIMIT) == "undecided"


def test_a_tolerance_of_rate_is_one_of_time() -> None:
    assert greatest(5) == pytest.approx(log(1.05))
    assert greatest(-5) == pytest.approx(log(1 / 0.95))
