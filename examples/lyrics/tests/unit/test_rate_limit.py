from __future__ import annotations

import pytest

from src.scrapers.rate_limit import RateLimiter

pytestmark = pytest.mark.unit


class FakeTime:
    """A clock that only moves when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def fake() -> FakeTime:
    return FakeTime()


def test_first_request_does_not_wait(fake: FakeTime) -> None:
    RateLimiter(60, fake.clock, fake.sleep).wait()
    assert fake.slept == []


def test_requests_are_spaced_evenly(fake: FakeTime) -> None:
    limiter = RateLimiter(30, fake.clock, fake.sleep)
    for _ in range(4):
        limiter.wait()
    assert fake.slept == [2.0, 2.0, 2.0]


def test_time_spent_elsewhere_counts(fake: FakeTime) -> None:
    limiter = RateLimiter(30, fake.clock, fake.sleep)
    limiter.wait()
    fake.now += 1.5
    limiter.wait()
    assert fake.slept == [0.5]


def test_a_pause_does_not_allow_a_burst(fake: FakeTime) -> None:
    limiter = RateLimiter(60, fake.clock, fake.sleep)
    limiter.wait()
    fake.now += 3600
    limiter.wait()
    limiter.wait()
    assert fake.slept == [1.0]


@pytest.mark.parametrize("rate", [0, -1])
def test_rate_must_be_positive(rate: float) -> None:
    with pytest.raises(ValueError, match="greater than 0"):
        RateLimiter(rate)
