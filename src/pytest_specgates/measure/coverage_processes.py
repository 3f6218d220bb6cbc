"""Whether coverage follows the processes that tests, and gates, start."""

from __future__ import annotations

import os
from typing import Any

_FOLLOWED = ("COVERAGE_PROCESS", "COV_CORE")
"""What coverage (`patch = subprocess`) and pytest-cov before 7 have processes measure by."""


def untraced() -> dict[str, str]:
    """The environment of a process that is no test of the run. With the whole of it, what a
    command runs would count as covered by tests, and benchmarks would be timed while traced."""
    return {k: v for k, v in os.environ.items() if not k.startswith(_FOLLOWED)}


def measure_by_configuration(coverage: Any) -> bool:
    """Whether the processes that tests start measure by what the configuration file says, not
    by the options of this run."""
    named = _named(coverage, "run:concurrency")
    return "multiprocessing" in named or "COVERAGE_PROCESS_START" in os.environ


def belong_to_no_test(coverage: Any) -> bool:
    """Whether what such processes cover is in the data without the test that started them."""
    return measure_by_configuration(coverage) or "subprocess" in _named(coverage, "run:patch")


def _named(coverage: Any, option: str) -> list[str]:
    from coverage.exceptions import ConfigError

    try:
        found = coverage.get_option(option)
    except ConfigError:
        return []  # an option that this version of coverage does not have
    return [str(one) for one in found] if isinstance(found, list) else [str(found)]
