"""The history of a run: kept where it was asked for, and what it shows put into the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import assemble

if TYPE_CHECKING:
    from ..model import GateReport
    from .run import GateRun


def report_of(run: GateRun) -> tuple[GateReport, list[str]]:
    """The report of a run with its history, and what could not be written of that."""
    report = assemble.gate_report(run)
    folder = run.startup.settings.history
    if folder is None:
        return report, []
    from ..pipeline.history import with_history

    selection = run.startup.selection
    left_out = set(selection.configured) - set(selection.collected)
    gap = f"{sorted(left_out)[0]} was not judged" if left_out else ""
    around = run.surroundings(run.evidence)
    return with_history(report, around, folder, run.base, gap)
