"""`specgates diff`: what the change demands more or less than its base."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import files

if TYPE_CHECKING:
    from ..model import Comparison


def add_parser(commands: Any) -> None:
    diff = commands.add_parser(
        "diff",
        help="show which gates are weaker, stricter, new or gone against a git ref",
        description="Compare the specs, bindings, waivers, schemas, tests and settings of the "
        "project with those of the merge base with REF, by what they demand.",
        epilog="Exit codes: 0 nothing is weaker; 1 something is weaker or gone, and no waiver of "
        "the base allows it; 2 wrong usage, or nothing to compare with.",
    )
    diff.add_argument("ref", metavar="REF", help="the git ref that the change goes to")
    diff.add_argument(
        "--format", choices=("text", "json"), default="text", help="how it is written"
    )


def run(arguments: argparse.Namespace) -> int:
    from .. import pipeline
    from ..pipeline.weakening_gate import weakening

    if not arguments.ref:
        files.say("REF is empty: name a git ref, for example origin/main", sys.stderr)
        return 2
    found = weakening(Path.cwd(), arguments.ref)
    if found.comparison is None:
        files.say(found.measurement.reason, sys.stderr)
        return 2
    verdict = pipeline.judge(found.gate, [found.measurement])
    if arguments.format == "json":
        json.dump(_as_json(found.comparison), sys.stdout, indent=2, ensure_ascii=False)
        print()
    else:
        _print(found.comparison)
        files.say(verdict.sentence)
    return 1 if verdict.blocking else 0


def _print(comparison: Comparison) -> None:
    from ..model import CHANGE_KINDS
    from ..pipeline.weakening_gate import line_of

    for kind in CHANGE_KINDS:
        for change in comparison.changes:
            if change.kind == kind:
                files.say(line_of(change))
    files.say(f"{files.counted(comparison.unchanged, 'gate')} unchanged")


def _as_json(comparison: Comparison) -> dict[str, Any]:
    return {
        "changes": [
            {
                "kind": change.kind,
                "subject": change.subject,
                "message": change.message,
                "path": change.span.path,
                "line": change.span.line,
            }
            for change in comparison.changes
        ],
        "unchanged": comparison.unchanged,
    }
