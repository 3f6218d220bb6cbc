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
from .progress import tell_count
from .quiet import last_line, run_quietly

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
        found[plan] = _measured(run.config, plan)
    return found


def _measured(config: pytest.Config, plan: MemoryPlan) -> MemoryUse:
    if plan.by == "memray" and find_spec("memray") is None:
        return MemoryUse(
            plan,
            reason="memray is not installed",
            next_step='pip install "pytest-specgates[memray]", or choose another `by:`',
        )
    alone = f'pytest "{plan.nodeid}"'
    with tempfile.TemporaryDirectory(prefix="specgates-") as folder:
        asked, out = Path(folder, "plan.json"), Path(folder, "memory.json")
        asked.write_text(json.dumps({"out": str(out), **asdict(plan)}), encoding="utf-8")
        options = ["--spec-gates-memory", str(asked)]
        if not getattr(config.option, "benchmark_only", True):
            options.append("--benchmark-disable")  # one call, and no time is measured
        try:
            done = run_quietly(config, [plan.nodeid], options, folder, plan.limit)
        except subprocess.TimeoutExpired:
            calls = f" of {plan.calls} calls" if plan.calls else ""
            reason = f"{plan.nodeid}: its process{calls} took more than {plan.limit:g} s"
            return MemoryUse(
                plan, reason=reason, next_step="a larger `timeout:`, or a test of less"
            )
        if not out.is_file():
            reason = f"{plan.nodeid}: its own process ended with {done.returncode}"
            return MemoryUse(plan, reason=f"{reason}: {last_line(done)}", next_step=alone)
        read: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    if "reason" in read:
        return MemoryUse(
            plan, reason=f"{plan.nodeid}: {read['reason']}", next_step=read["next_step"] or alone
        )
    return MemoryUse(plan, **{**read, "marks": tuple(read.get("marks", ()))})
