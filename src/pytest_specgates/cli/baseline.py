"""`specgates baseline`: the commit that `since: baseline` compares with."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import files

if TYPE_CHECKING:
    from ..measure.baselines import Baseline
    from ..report.recorded import Recorded

SAVED, REFUSED = 0, 1


def add_parser(commands: Any) -> None:
    baseline = commands.add_parser(
        "baseline",
        help="keep the commit of a run that passed, to compare later changes with",
        description="Write specs/baseline.json: the commit of a run in which every gate passed, "
        "the machine, and what was measured. Gates with `since: baseline` compare with that "
        "commit, which they measure again. Run it in the project's root.",
        epilog="Exit codes: 0 saved, or shown; 1 refused: the run did not pass, was of a part of "
        "the gates, or of files that are not committed; 2 wrong usage, or no such file.",
    )
    actions = baseline.add_subparsers(dest="action", required=True, metavar="ACTION")
    save = actions.add_parser("save", help="write it from the JSON report of a run")
    save.add_argument("report", metavar="REPORT", help="a report written as json")
    actions.add_parser("show", help="tell what it is")


def run(arguments: argparse.Namespace) -> int:
    return _save(arguments.report) if arguments.action == "save" else _show()


def _save(name: str) -> int:
    from ..measure import git
    from ..measure.baselines import FILE, text_of
    from ..report.recorded import ReportError, read_report
    from ..writing import write_whole

    root = Path.cwd()
    try:
        report = read_report(files.text_of_report(Path(name)))
    except (OSError, ReportError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        files.say(f"{name}: {reason}", sys.stderr)
        return 2
    reason = _unfit(report) or _not_here(root, report.run["commit"])
    if reason:
        files.say(f"REFUSED: {reason}")
        return REFUSED
    made = _of(report)
    (root / FILE).parent.mkdir(exist_ok=True)
    write_whole(root / FILE, text_of(made).encode("utf-8"))
    files.say(f"{FILE}: {made.commit[:10]}, {files.counted(len(made.measured), 'gate')}; commit it")
    if git.commit_and_dirty(root)[0] != made.commit:
        files.say("it is another commit than the one that is checked out")
    return SAVED


def _unfit(report: Recorded) -> str:
    """Why nothing should be compared with a run; "" if it may be."""
    run = report.run
    if report.data["verdict"] != "passed":
        return f"the verdict of the run is {report.data['verdict']}"
    waived = sum(1 for gate in report.gates if gate["status"] == "waived")
    if waived:
        return f"{files.counted(waived, 'gate')} passed by a waiver only"
    if not run["commit"]:
        return "the run says no commit"
    if run["dirty"] is not False:
        return "the run was of files that are not committed"
    return ""


def _not_here(root: Path, commit: str) -> str:
    from ..measure import git

    base = git.fixed_base(root, commit)
    return f"its commit is not one of this repository: {base.reason}" if base.reason else ""


def _of(report: Recorded) -> Baseline:
    from ..measure.baselines import Baseline

    run: Mapping[str, Any] = report.run
    measured = {gate["nodeid"]: _shown(gate) for gate in report.gates}
    return Baseline(run["commit"], run["ended"], run["machine"], run["versions"], measured)


def _shown(gate: Mapping[str, Any]) -> str:
    return "; ".join(check["measured"] or check["status"] for check in gate["checks"])


def _show() -> int:
    from ..errors import ProbeError
    from ..measure.baselines import FILE, SAVE, read_baseline

    try:
        found = read_baseline(Path.cwd())
    except ProbeError as error:
        files.say(str(error), sys.stderr)
        return 2
    if found is None:
        files.say(f"there is no {FILE}: {SAVE}", sys.stderr)
        return 2
    machine = ", ".join(found.machine.values())
    files.say(f"{found.commit}, judged {found.judged} on {machine}")
    for gate, shown in found.measured.items():
        files.say(f"  {gate}: {shown}")
    return SAVED
