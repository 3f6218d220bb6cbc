"""Bounds of percentiles: exact, for whatever distribution, and what comes of them."""

from __future__ import annotations

import random
from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_specgates.judge.compare import compare
from pytest_specgates.measure.benchmarks import fewest_samples, ranks, samples_that_decide
from pytest_specgates.model import Check, Measurement, Quantity, Samples, Value


def below(count: int, number: int, share: Fraction) -> Fraction:
    """The chance that at most so many of the samples are below the quantile, exactly."""
    ways = (comb(count, k) * share**k * (1 - share) ** (count - k) for k in range(number + 1))
    return sum(ways, Fraction(0))


@given(st.integers(1, 150), st.sampled_from(["50", "90", "95", "99"]))
def test_the_ranks_are_those_of_the_binomial_distribution(count: int, percent: str) -> None:
    share, sure = Fraction(percent) / 100, Fraction(95, 100)
    low, high = ranks(count, share)
    if low:
        assert 1 - below(count, low - 1, share) >= sure
    assert 1 - below(count, low, share) < sure
    if below(count, count - 1, share) >= sure:
        assert below(count, high - 1, share) >= sure
        assert high == 1 or below(count, high - 2, share) < sure
    else:
        assert high == count < fewest_samples(f"p{percent}")


@pytest.mark.parametrize(
    ("statistic", "allowed"), [("p95", (59, 93, 124, 153)), ("p99", (299, 473, 628, 773))]
)
def test_so_many_samples_with_so_many_over_the_limit_prove_it(
    statistic: str, allowed: tuple[int, ...]
) -> None:
    """The numbers that tables of tolerance limits have."""
    for over, count in enumerate(allowed):
        share = Fraction(statistic[1:]) / 100
        assert ranks(count, share)[1] == count - over
        assert ranks(count - 1, share)[1] > count - 1 - over or over == 0


def verdict(samples: list[float], limit: Fraction) -> str:
    """What comes of samples, by the bounds that a probe gives."""
    check = Check("latency", "latency", "<", Quantity(limit, "s", "limit"), "p95")
    low, high = ranks(len(samples), Fraction(95, 100))
    rounds = sorted(samples)
    value = Value("t", rounds[-1], len(rounds), low=rounds[low - 1], high=rounds[high - 1])
    return compare(check, Measurement((value,))).status


@pytest.mark.parametrize("count", [59, 100, 300, 1_000])
def test_what_is_over_its_limit_seldom_passes(count: int) -> None:
    """The true p95 of these is a tenth over its limit."""
    draw = random.Random(5)
    limit = Fraction(draw_p95()) / Fraction(11, 10)
    trials = 300
    passed = sum(
        verdict([draw.lognormvariate(0, 0.5) for _ in range(count)], limit) == "passed"
        for _ in range(trials)
    )
    assert passed <= trials * 0.05
    under = Fraction(draw_p95()) * Fraction(11, 10)
    failed = sum(
        verdict([draw.lognormvariate(0, 0.5) for _ in range(count)], under) == "failed"
        for _ in range(trials)
    )
    assert failed <= trials * 0.05


def draw_p95() -> float:
    """The true 95th percentile of the log-normal distribution that is drawn from."""
    return 2.275973  # exp(0.5 * 1.6448536)


def test_how_many_samples_would_decide() -> None:
    check = Check("latency", "latency", "<", Quantity(Fraction(1), "s", "1 s"), "p95")
    undecided = Samples((0.5,) * 97 + (2.0,) * 3)
    more = samples_that_decide(check, undecided)
    assert 200 <= more < 1_000
    assert verdict([0.5] * (more * 97 // 100) + [2.0] * (more * 3 // 100), Fraction(1)) == "passed"
    assert samples_that_decide(check, Samples((0.5,) * 100)) == 0
    assert samples_that_decide(check, Samples((2.0,) * 100)) == 0
