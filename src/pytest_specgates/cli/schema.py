"""`specgates schema`: the JSON Schemas, for editors and for readers of the report."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any


def add_parser(commands: Any) -> None:
    schema = commands.add_parser("schema", help="print a JSON Schema")
    schema.add_argument(
        "of",
        nargs="?",
        choices=("spec", "report"),
        default="spec",
        help="of the spec files (default), with all kinds that are installed, or of the report",
    )


def run(arguments: argparse.Namespace) -> int:
    from .. import pipeline

    made = (
        pipeline.report_schema()
        if arguments.of == "report"
        else pipeline.spec_schema(pipeline.kinds())
    )
    json.dump(made, sys.stdout, indent=2, ensure_ascii=False)
    print()
    return 0
