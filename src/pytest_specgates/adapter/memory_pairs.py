"""The memory of tests of this change and of the base: pairs of fresh processes, one on each
tree, until it is decided."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from math import log, sqrt
from statistics import median

import pytest

from ..judge.sequential import MOST_PAIRS, are_undecided
from ..measure.memory import size, took
from ..model import MemoryPlan, MemoryUse, Pair, Paired
from .progress import tell_count
from .quiet_memory import measured
from .trees import SIDES, TOLD, Side, Trees

_ALL = 900.0
"""Seconds for one test."""
_GRAIN = {"rss": 1 << 20}
"""Bytes that a count by the system may be off by: pages are counted in batches."""


def measure(
    config: pytest.Config, trees: Trees, by: str, wanted: Mapping[str, Sequence[float]]
) -> dict[str, Paired]:
    """The tests by node id, each until it is decided for all of its limits (natural logarithms
    of the greatest ratio of bytes)."""
    found = {}
    for number, (nodeid, limits) in enumerate(wanted.items(), 1):
        told = f"measuring memory beside the base, test {number} of {len(wanted)}, pair"
        found[nodeid] = _of_test(config, trees, MemoryPlan(nodeid, by), limits, told)
    return found


def _of_test(
    config: pytest.Config, trees: Trees, plan: MemoryPlan, limits: Sequence[float], told: str
) -> Paired:
    pairs: list[Pair] = []
    taken: dict[str, list[int]] = {side: [] for side in SIDES}
    end = time.monotonic() + _ALL
    while len(pairs) < MOST_PAIRS and time.monotonic() < end and are_undecided(pairs, limits):
        number = len(pairs)
        tell_count(config, told, number + 1, MOST_PAIRS)
        for side, use in _both(config, trees, plan, number).items():
            if use.reason:
                why = use.reason.removeprefix(f"{plan.nodeid}: ")
                return Paired(reason=f"on {TOLD[side]}: {why}", next_step=use.next_step)
            if use.hidden:
                return Paired(reason=f"on {TOLD[side]}: {use.why}")
            taken[side].append(int(took(use)))
        now, base = (taken[side][-1] for side in SIDES)
        least = _GRAIN.get(plan.by, 0) / min(limits)
        if min(now, base) <= least:
            told = f"{size(now)} here and {size(base)} on the base are too little to compare"
            step = "choose `by: tracemalloc`, or a test that takes more"
            return Paired(reason=f"{told} by {plan.by}", next_step=step)
        error = _GRAIN.get(plan.by, 0) / sqrt(12) / min(now, base)
        pairs.append(Pair(log(now / base), error))
    head, before = (float(median(taken[side])) for side in SIDES)
    return Paired(tuple(pairs), 1, head, before)


def _both(
    config: pytest.Config, trees: Trees, plan: MemoryPlan, number: int
) -> dict[Side, MemoryUse]:
    """A pair: the processes start together, which takes most of the time, and have their turns
    with the test."""
    environment = {"PYTHONHASHSEED": str(1 + number)}
    if sys.platform == "win32":
        return {side: measured(config, plan, trees.root(side), environment) for side in SIDES}
    turn = trees.folder / "turn"
    with ThreadPoolExecutor(len(SIDES)) as pool:
        asked = {
            side: pool.submit(measured, config, plan, trees.root(side), environment, turn)
            for side in SIDES
        }
        return {side: one.result() for side, one in asked.items()}
