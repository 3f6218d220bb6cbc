"""Command line of the lyrics example."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from src.cli import commands
from src.config import DEFAULT_CONFIG, ConfigError, load_config


def build_parser() -> argparse.ArgumentParser:
    """Describe the options."""
    parser = argparse.ArgumentParser(description="Collect song lyrics and analyse them.")
    parser.add_argument("--config", type=Path, default=DEFAULT_CONFIG, help="configuration file")
    action = parser.add_mutually_exclusive_group(required=True)
    for flag, command, text in (
        ("--info", commands.info, "print versions, sources and analyzers"),
        ("--benchmark", commands.benchmark, "time a batch of analyses"),
        ("--test", commands.health, "check that every component works"),
        ("--run", commands.run, "collect, analyse and store all tracks"),
    ):
        action.add_argument(flag, dest="command", action="store_const", const=command, help=text)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    args = build_parser().parse_args(argv)
    try:
        config = load_config(args.config)
        status: int = args.command(config)
    except ConfigError as error:
        print(f"configuration error: {error}", file=sys.stderr)
        return 2
    return status


if __name__ == "__main__":
    sys.exit(main())
