"""How Hypothesis draws, in every process in which examples are drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis import strategies as st

Example = Callable[[Any], None]


def drawn_from(
    strategy: st.SearchStrategy[Any],
    job: Mapping[str, Any],
    *health: HealthCheck,
) -> Callable[[Example], Callable[[], None]]:
    """Makes an example of what takes a value: so many of them, the same each time with the same
    seed, made smaller where one fails, and with nothing that is kept or printed. Of the health
    checks counts that on values which are thrown away, and those that are named."""

    def decorate(example: Example) -> Callable[[], None]:
        made: Callable[[], None] = given(strategy)(example)
        made = settings(
            max_examples=job["examples"],
            deadline=None,
            database=None,
            derandomize=False,
            print_blob=False,
            report_multiple_bugs=False,
            verbosity=Verbosity.quiet,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=set(HealthCheck) - {HealthCheck.filter_too_much, *health},
        )(made)
        return seed(job["seed"])(made)

    return decorate
