"""The work of benchmarks of this change and of the base, counted: one process on each tree."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import pytest

from ..measure.counted_work import command, lacking, surroundings
from ..model import Paired
from . import own_pytest
from .progress import tell_count
from .trees import SIDES, TOLD, Side, Trees, foreign

_LIMIT = 1800.0
"""Seconds for one tree: what is counted takes some fifty times as long."""


def measure(
    config: pytest.Config, trees: Trees, unit: str, nodeids: Iterable[str]
) -> dict[str, Paired]:
    """The counts of one call of each benchmark, by node id."""
    names = list(nodeids)
    why, step = lacking(unit)
    if why:
        return dict.fromkeys(names, Paired(reason=why, next_step=step))
    sides = {}
    for number, side in enumerate(SIDES, 1):
        tell_count(config, f"counting {unit} here and on the base", number, len(SIDES))
        sides[side] = _of_tree(config, trees, side, unit, names)
    return {nodeid: _paired(nodeid, sides) for nodeid in names}


def _paired(nodeid: str, sides: dict[Side, dict[str, dict[str, str]]]) -> Paired:
    counts = {}
    for side in SIDES[::-1]:
        told = sides[side].get(nodeid, {"reason": "the benchmark did not run"})
        if "reason" in told:
            return Paired(reason=f"on {TOLD[side]}: {told['reason']}")
        counts[side] = Fraction(told["count"])
    return Paired(now=counts["head"], base=counts["base"])


def _of_tree(
    config: pytest.Config, trees: Trees, side: Side, unit: str, names: list[str]
) -> dict[str, dict[str, str]]:
    folder = trees.folder / f"counts-{unit}-{side}"
    folder.mkdir()
    plan, tests, out = folder / "plan.json", folder / "tests.txt", folder / "counts.json"
    head = str(config.rootpath.resolve())
    plan.write_text(json.dumps({"unit": unit, "head": head}), encoding="utf-8")
    tests.write_text("\n".join(names) + "\n", encoding="utf-8")
    options = [*own_pytest.alone(config), "-p", "no:randomly", "--spec-gates-counts", str(plan)]
    try:
        done = own_pytest.run(
            config,
            trees.root(side),
            [*options, f"@{tests}"],
            _LIMIT,
            before=command(unit, folder),
            extra=surroundings(unit),
        )
    except subprocess.TimeoutExpired:
        return {name: {"reason": f"it took more than {_LIMIT:g} s to count"} for name in names}
    if not out.is_file():
        why = f"its process ended: {own_pytest.last_line(done)}"
        return {name: {"reason": why} for name in names}
    read: dict[str, Any] = json.loads(out.read_text("utf-8"))
    reason = foreign(read["foreign"])
    if reason:
        return {name: {"reason": reason} for name in names}
    found: dict[str, dict[str, str]] = read["found"]
    return found
