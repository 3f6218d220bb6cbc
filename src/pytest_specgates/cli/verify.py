"""`specgates verify`: a report is held against the specs, by a process that ran no test."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..model import STAGES
from . import files

ACCEPTED, FAILED, USAGE, REFUSED = 0, 1, 2, 3


def add_parser(commands: Any) -> None:
    verify = commands.add_parser(
        "verify",
        help="hold a report against the specs, in CI after pytest",
        description="Read the specs, work out which gates must exist, and check a JSON report of "
        "`pytest --spec-gates` against them: of this commit and these specs, every gate there, "
        "every verdict what follows from what was measured. Run it in the project's root.",
        epilog="Exit codes: 0 accepted; 1 gates failed; 2 wrong usage, or a spec that cannot be "
        "read; 3 the report is missing, of another state, incomplete, or contradicts itself.",
    )
    verify.add_argument("report", metavar="REPORT", help="the JSON report")
    verify.add_argument(
        "--base", default="", metavar="REF", help="compare with this git ref too, as `diff` does"
    )
    verify.add_argument(
        "--stage", choices=STAGES, default="pre-merge", help="the stage that must be judged"
    )


def run(arguments: argparse.Namespace) -> int:
    from ..measure import git
    from ..pipeline.verifying import Expected
    from ..pipeline.verifying import verify as verified
    from ..pipeline.weakening_gate import weakening
    from ..report.recorded import ReportError, read_report
    from .project import opened, surroundings

    found = opened(arguments.base)
    if found is None:
        return USAGE
    here = found.project
    try:
        report = read_report(files.text_of_report(Path(arguments.report)))
    except (OSError, ReportError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        files.say(f"REFUSED: {arguments.report}: {reason}")
        files.say("write it with: pytest --spec-gates --spec-gates-report=json:FILE")
        return REFUSED
    base = arguments.base or here.base
    problems = verified(
        report,
        Expected(
            root=here.root,
            loaded=found.loaded,
            kinds=found.kinds,
            stage=arguments.stage,
            base=git.find_base(here.root, base),
            around=replace(surroundings(here), allow=frozenset()),
            weakening=weakening(here.root, base) if base else None,
        ),
    )
    for problem in problems:
        files.say(f"{_WORDS[problem.kind]}: {problem.message}")
    count = len(report.gates)
    if not problems:
        files.say(f"ACCEPTED: {files.counted(count, 'gate')}, none blocks")
        return ACCEPTED
    is_failed = all(problem.kind == "failed" for problem in problems)
    files.say(f"{'FAILED' if is_failed else 'REFUSED'}: {files.counted(len(problems), 'problem')}")
    return FAILED if is_failed else REFUSED


_WORDS = {
    "failed": "failed",
    "belongs": "of another state",
    "incomplete": "incomplete",
    "contradicts": "contradicts",
}
