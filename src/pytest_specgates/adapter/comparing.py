"""What regression gates need: the tests of this run, measured on this tree and on the base."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from ..judge.sequential import greatest
from ..measure import git
from ..measure.paths import covers
from ..measure.regression import base_of, chosen, way_of
from ..model import Base, Check, Paired

if TYPE_CHECKING:
    from .run import GateRun


def paired(run: GateRun, base: Base, way: str) -> dict[str, Paired]:
    """By node id, all that gates compare with that base, measured in that way."""
    from .trees import both

    wanted = _wanted(run, base, way)
    tests = [name for name in base.changed if _is_of_tests(run, name)]
    try:
        with both(run.config.rootpath, base.commit, tests) as trees:
            if way == "time":
                from . import side_by_side

                return side_by_side.measure(run.config, trees, wanted)
            if way in ("instructions", "bytecodes"):
                from . import counts

                return counts.measure(run.config, trees, way, wanted)
            from . import memory_pairs

            return memory_pairs.measure(run.config, trees, way, wanted)
    except git.GitError as error:
        reason = f"the base could not be checked out: git: {error}"
        return {nodeid: Paired(reason=reason) for nodeid in wanted}


def _wanted(run: GateRun, base: Base, way: str) -> dict[str, list[float]]:
    """The tests to compare, and what is tolerated of each."""
    around = replace(run.surroundings(run.evidence), cache=run.cache)
    wanted: dict[str, list[float]] = {}
    for check in _checks(run):
        if base_of(check, around).commit != base.commit or way_of(check) != way:
            continue
        limit = greatest(float(check.quantity.value))
        for subject in check.subject or ("",):
            for nodeid in chosen(subject, check, around):
                wanted.setdefault(nodeid, []).append(limit)
    return wanted


def _checks(run: GateRun) -> Iterator[Check]:
    for gate in run.gates.values():
        yield from (check for check in gate.checks if check.kind == "regression")


def _is_of_tests(run: GateRun, name: str) -> bool:
    folders = [p for p in run.startup.selection.roots if p != "." and "::" not in p]
    files = {nodeid.partition("::")[0] for nodeid in run.evidence.results}
    is_conftest = name.rpartition("/")[2] == "conftest.py"
    return is_conftest or name in files or any(covers(folder, name) for folder in folders)
