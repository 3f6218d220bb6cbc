"""`specgates trend`: what earlier runs measured of a gate, by commit."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import SpecError, did_you_mean
from . import files

if TYPE_CHECKING:
    from ..model import PastRun

_USAGE = 2


def add_parser(commands: Any) -> None:
    trend = commands.add_parser(
        "trend",
        help="print what earlier runs measured of a gate",
        description="Print the values of a gate by commit, from the history that `pytest "
        "--spec-gates --spec-gates-history=DIR` keeps: when, status, what was measured, and how "
        "far that moved.",
        epilog="Exit codes: 0 printed; 2 wrong usage, no history, or no gate of that name.",
    )
    trend.add_argument(
        "gate", metavar="GATE", help="spec/phase.criterion, its last part, or the gate's node id"
    )
    trend.add_argument(
        "--history",
        default="",
        metavar="DIR",
        help="the folder of the history (default: the setting `specgates_history`)",
    )
    trend.add_argument(
        "--last", type=_count, default=20, metavar="N", help="so many runs (default: 20)"
    )


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or not 0 < int(text[:9]) < 10**6:
        raise argparse.ArgumentTypeError(f'"{text}" is not a number of runs')
    return int(text)


def run(arguments: argparse.Namespace) -> int:
    from ..pipeline.history import read_runs
    from ..report.trend import table

    folder = _folder(arguments.history)
    if folder is None:
        return _USAGE
    notes: list[str] = []
    runs = read_runs(folder, notes)
    for note in notes:
        files.say(note, sys.stderr)
    if not runs:
        where = files.shown(folder)
        files.say(f"{where}: no run is kept there", sys.stderr)
        files.say(f"keep one with: pytest --spec-gates --spec-gates-history={where}", sys.stderr)
        return _USAGE
    nodeid = _named(arguments.gate, runs)
    if nodeid is None:
        return _USAGE
    found = [one for one in runs if nodeid in one.gates]
    for line in table(nodeid, found[-arguments.last :], _can_draw()):
        files.say(line)
    return 0


def _folder(given: str) -> Path | None:
    """The folder of the history, from the option or the configuration; None where there is none,
    which is told."""
    from .project import settings

    if given:
        return Path(given)
    try:
        configured = settings().text("specgates_history")
    except SpecError as error:
        files.say(str(error), sys.stderr)
        return None
    if not configured:
        files.say(
            "no history is named: give --history DIR, or set `specgates_history` in the pytest "
            "configuration",
            sys.stderr,
        )
        return None
    return Path(configured)


def _named(name: str, runs: Sequence[PastRun]) -> str | None:
    """The node id of the gate that a name means; None where none does or several do, which is
    told."""
    known = {nodeid: gate.address for one in runs for nodeid, gate in one.gates.items()}
    if name in known:
        return name
    found = [nodeid for nodeid, address in known.items() if address == name] or [
        nodeid
        for nodeid, address in known.items()
        if name in (address.partition("/")[2], nodeid.rpartition("::")[2])
    ]
    if len(found) == 1:
        return found[0]
    if found:
        names = ", ".join(sorted(known[nodeid] for nodeid in found)[:10])
        files.say(f'"{name}" names {len(found)} gates: {names}', sys.stderr)
    else:
        hint = did_you_mean(name, known.values())
        files.say(f'no run in the history has a gate "{name}"; {hint}', sys.stderr)
    return None


def _can_draw() -> bool:
    from ..report.trend import BLOCKS

    try:
        BLOCKS.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        return False
    return True
