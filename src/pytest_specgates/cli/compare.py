"""`specgates compare BEFORE NOW`: what changed between two runs."""

from __future__ import annotations

import argparse
from typing import Any

from . import files


def add_parser(commands: Any) -> None:
    compare = commands.add_parser(
        "compare",
        help="show what changed between two JSON reports",
        description="Read two JSON reports of `pytest --spec-gates` and tell which gates are "
        "worse, gone, new, better, asked for something else, or measured otherwise.",
        epilog="Exit codes: 0 nothing is worse; 1 a gate blocks that did not, is gone or not "
        "judged any more, or there are new errors; 2 wrong usage, or no report.",
    )
    compare.add_argument("before", metavar="BEFORE", help="the JSON report of the earlier run")
    compare.add_argument("now", metavar="NOW", help="the JSON report of the later run")
    compare.add_argument(
        "--format", choices=("text", "md", "json"), default="text", help="how it is written"
    )


def run(arguments: argparse.Namespace) -> int:
    from ..report import comparison
    from ..report.compared import compared
    from ..report.restored import restored

    before = files.recorded_report(arguments.before)
    now = files.recorded_report(arguments.now)
    if before is None or now is None:
        return 2
    found = compared(restored(before), restored(now))
    renderers = {
        "text": comparison.render_text,
        "md": comparison.render_comparison_markdown,
        "json": comparison.render_comparison_json,
    }
    files.say(renderers[arguments.format](found), end="")
    return int(found.is_worse)
