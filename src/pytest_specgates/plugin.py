"""The entry point of pytest: hook functions only. Without --spec-gates nothing is imported."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .adapter.figures import Record
    from .adapter.measured import Measure


def pytest_addoption(parser: pytest.Parser) -> None:
    from .adapter.options import add_options

    add_options(parser)


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, object, object]:
    from .adapter.options import is_own

    given = early_config.known_args_namespace
    if given.spec_gates and not is_own(given):
        from .adapter.startup import start

        start(early_config)
    return (yield)


@pytest.fixture
def record_measurement(request: pytest.FixtureRequest) -> Generator[Record, None, None]:
    """Record a number of this test under a name: `record_measurement("accuracy", 0.93)`, with
    `unit="ms"` if it has one. `value` gates of specs are judged by it."""
    from .adapter.figures import recording

    yield from recording(request.node)


@pytest.fixture
def measure(request: pytest.FixtureRequest) -> Measure:
    """Put a function under load, `measure(call, rate="100/min", duration="30 s")`, or call it in
    a loop, `measure(call, samples=300)`. `latency` and `throughput` gates are judged by it."""
    from .adapter.measured import measuring

    return measuring(request.node)


def pytest_configure(config: pytest.Config) -> None:
    # Known without --spec-gates too, or --strict-markers would refuse the tests that have it.
    config.addinivalue_line(
        "markers",
        "spec(criterion, ...): binds the test to criteria of specs, each named as "
        '"spec/criterion-id", by its id or by its text (pytest-specgates).',
    )
    from .adapter.options import is_own

    if is_own(config.option):
        from .adapter import own_process

        own_process.register(config)
    elif config.option.spec_gates:
        from .adapter.register import register

        register(config)
