"""The `specgates` command: its arguments, and which module runs what."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from typing import Any

from .. import __version__

COMMANDS = (
    "attest",
    "baseline",
    "compare",
    "diff",
    "explain",
    "fix",
    "lint",
    "merge",
    "prove",
    "report",
    "schema",
    "stamp",
    "verify",
)
"""The commands. Each is a module beside this one with `add_parser(commands)`, which adds the
command's arguments, and `run(arguments)`, which returns the exit code."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command. Exit codes: those of the command; 2 for wrong usage."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    parser = argparse.ArgumentParser(
        prog="specgates", description="Executable specs for pytest: tools beside the plugin."
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    modules = {name: _module(name) for name in _needed(given)}
    for module in modules.values():
        module.add_parser(commands)
    chosen = parser.parse_args(given)
    try:
        code: int = modules[chosen.command].run(chosen)
        sys.stdout.flush()
    except BrokenPipeError:
        # A reader such as `head` has seen enough; nothing is left to write to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return code


def _needed(given: Sequence[str]) -> Sequence[str]:
    """The commands whose arguments are needed: the one that is run; all to list them."""
    if given and given[0] in COMMANDS:
        return given[:1]
    return () if given == ["--version"] else COMMANDS


def _module(name: str) -> Any:
    return importlib.import_module(f".{name}", __package__)
