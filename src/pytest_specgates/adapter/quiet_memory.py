"""What tests take of memory: each in a pytest of its own, once the run is done. One that had run
there before would leave memory behind that the next one uses again."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from .. import pipeline
from ..measure import memory
from ..model import Gate, MemoryPlan, MemoryUse, RunEvidence
from . import own_pytest
from .progress import tell_count

if TYPE_CHECKING:
    from .run import GateRun


def memory_of(
    run: GateRun, gates: Sequence[Gate], evidence: RunEvidence
) -> dict[MemoryPlan, MemoryUse]:
    """The memory of the tests that gates ask for, where it will be judged. What a shard shows is
    judged later, by whatever stage is asked for then."""
    asked = [gate for gate in gates if any(check.kind == "memory" for check in gate.checks)]
    if not asked or run.recorder.lost:
        return {}
    around = run.surroundings(evidence)
    of_part = run.shard is not None
    stage = run.startup.settings.stage
    judged = [g for g in asked if of_part or pipeline.preset(g, stage, around) is None]
    checks = [check for gate in judged for check in gate.checks]
    plans = memory.plans(checks, around, of_part)
    found: dict[MemoryPlan, MemoryUse] = {}
    for number, plan in enumerate(plans, 1):
        tell_count(run.config, "measuring the memory of tests", number, len(plans))
        found[plan] = measured(run.config, plan, run.config.rootpath)
    return found


def measured(
    config: pytest.Config,
    plan: MemoryPlan,
    root: Path,
    environment: dict[str, str] | None = None,
    turn: Path | None = None,
) -> MemoryUse:
    """What the plan asks for, of the tree at `root`. Of the processes with the same file `turn` one
    at a time runs its test."""
    if plan.by == "memray" and find_spec("memray") is None:
        return MemoryUse(
            plan,
            reason="memray is not installed",
            next_step='pip install "pytest-specgates[memray]", or choose another `by:`',
        )
    alone = f'pytest "{plan.nodeid}"'
    with tempfile.TemporaryDirectory(prefix="specgates-") as folder:
        asked, out = Path(folder, "plan.json"), Path(folder, "memory.json")
        head = str(config.rootpath.resolve())
        job = {"out": str(out), "head": head, "turn": str(turn or ""), **asdict(plan)}
        asked.write_text(json.dumps(job), "utf-8")
        tests = Path(folder, "tests.txt")
        tests.write_text(f"{plan.nodeid}\n", encoding="utf-8")
        options = [*own_pytest.alone(config), "--spec-gates-memory", str(asked), f"@{tests}"]
        if not getattr(config.option, "benchmark_only", True):
            options.append("--benchmark-disable")  # one call, and no time is measured
        try:
            limit = plan.limit * (1 if turn is None else 2)
            done = own_pytest.run(config, root, options, limit, extra=environment)
        except subprocess.TimeoutExpired:
            calls = f" of {plan.calls} calls" if plan.calls else ""
            reason = f"{plan.nodeid}: its process{calls} took more than {plan.limit:g} s"
            return MemoryUse(
                plan, reason=reason, next_step="a larger `timeout:`, or a test of less"
            )
        if not out.is_file():
            reason = f"{plan.nodeid}: its own process ended with {done.returncode}"
            return MemoryUse(
                plan, reason=f"{reason}: {own_pytest.last_line(done)}", next_step=alone
            )
        read: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    if "reason" in read:
        return MemoryUse(
            plan, reason=f"{plan.nodeid}: {read['reason']}", next_step=read["next_step"] or alone
        )
    return MemoryUse(plan, **{**read, "marks": tuple(read.get("marks", ()))})
