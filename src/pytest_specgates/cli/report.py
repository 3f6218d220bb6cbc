"""`specgates report FILE --format X`: a JSON report in any other format, later."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from . import files


def add_parser(commands: Any) -> None:
    report = commands.add_parser(
        "report",
        help="turn a JSON report into another format",
        description="Read a JSON report of `pytest --spec-gates` and write it in another format.",
        epilog="Exit codes: 0 written, whatever its verdict; 1 it could not be written; 2 wrong "
        "usage, or no report.",
    )
    report.add_argument("report", metavar="REPORT", help="the JSON report")
    report.add_argument(
        "--format",
        default="md",
        metavar="FORMAT",
        help="the format: md (default), junit, sarif ...",
    )
    report.add_argument(
        "--output", default="", metavar="FILE", help="the file (default: the standard output)"
    )


def run(arguments: argparse.Namespace) -> int:
    from ..pipeline.formats import known_formats
    from ..pipeline.report_files import text_of, unknown_format, write_text
    from ..report.restored import restored

    fault = unknown_format([arguments.format])
    if fault:
        files.say(f"--format: {fault}", sys.stderr)
        return 2
    recorded = files.recorded_report(arguments.report)
    if recorded is None:
        return 2
    made = known_formats((arguments.format,))[arguments.format]
    try:
        text = text_of(restored(recorded), arguments.format, made)
        if arguments.output:
            write_text(Path(arguments.output), text)
        else:
            files.say(text, end="")
    except ValueError as error:
        files.say(f"the {arguments.format} report could not be made: {error}", sys.stderr)
        return 1
    except OSError as error:
        files.say(f"{arguments.output}: {error.strerror or error}", sys.stderr)
        return 1
    return 0
