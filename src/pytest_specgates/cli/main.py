"""The `specgates` command: its arguments."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence

from .. import __version__


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command. Exit codes: 0 done, 2 usage."""
    parser = argparse.ArgumentParser(
        prog="specgates", description="Executable specs for pytest: tools beside the plugin."
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    schema = commands.add_parser("schema", help="print a JSON Schema")
    schema.add_argument(
        "of",
        nargs="?",
        choices=("spec", "report"),
        default="spec",
        help="of the spec files (default), with all kinds that are installed, or of the report",
    )
    chosen = parser.parse_args(arguments)
    return _print_schema(chosen.of)


def _print_schema(of: str) -> int:
    from .. import pipeline

    made = pipeline.report_schema() if of == "report" else pipeline.spec_schema(pipeline.kinds())
    json.dump(made, sys.stdout, indent=2, ensure_ascii=False)
    print()
    return 0
