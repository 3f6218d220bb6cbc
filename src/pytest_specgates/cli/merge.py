"""`specgates merge`: the gates are judged by what all shards of a suite showed."""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..model import STAGES
from . import files

if TYPE_CHECKING:
    from ..model import GateReport, Kept, Shard
    from .project import Opened


def add_parser(commands: Any) -> None:
    merge = commands.add_parser(
        "merge",
        help="judge the gates by what all shards of a suite showed",
        description="Read the files that `pytest --spec-gates --spec-gates-shard=I/N` wrote, put "
        "together what the shards showed, and judge every gate by it, as one run of the whole "
        "suite would. Run it in the project's root, at the commit of the shards.",
        epilog="Exit codes: 0 no gate blocks; 1 a gate blocks, or a report could not be written; "
        "2 wrong usage, a spec that cannot be read, or shards that do not belong together.",
    )
    merge.add_argument("shards", nargs="+", metavar="SHARD", help="the file of a shard")
    merge.add_argument(
        "--report",
        action="append",
        default=[],
        metavar="FORMAT[:FILE]",
        help="write the gate report: json, md, junit, sarif ... May be given more than once",
    )
    merge.add_argument(
        "--base", default="", metavar="REF", help="compare with this git ref too, as `diff` does"
    )
    merge.add_argument("--stage", choices=STAGES, default="pre-merge", help="the stage to judge")


def run(arguments: argparse.Namespace) -> int:
    from ..measure import git
    from ..pipeline import ci
    from ..pipeline.merging import ShardError, check_together
    from ..pipeline.report_files import unknown_format, write_reports
    from .project import opened

    fault = unknown_format(arguments.report)
    if fault:
        files.say(f"--report: {fault}", sys.stderr)
        return 2
    found = opened(arguments.base)
    shards = _read(arguments.shards) if found is not None else None
    if found is None or shards is None:
        return 2
    commit, dirty = git.commit_and_dirty(found.project.root)
    try:
        check_together(shards, commit, found.loaded.digest, dirty)
    except ShardError as error:
        files.say(str(error), sys.stderr)
        return 2
    report = _judged(shards, found, arguments)
    failed = write_reports(report, arguments.report, Path())
    _tell(report, failed)
    untold = ci.write_summary(report, os.environ)
    if untold:
        files.say(untold, sys.stderr)
    for command in ci.annotating_commands(report, found.project.root, os.environ):
        files.say(command)
    return int(report.verdict != "passed" or bool(failed))


def _read(names: Sequence[str]) -> list[tuple[str, Shard]] | None:
    """The shards with the names of their files; None where one cannot be read."""
    from ..report.recorded import ReportError
    from ..report.shard_file import read_shard

    found = []
    for name in names:
        try:
            found.append((name, read_shard(files.text_of_report(Path(name)))))
        except (OSError, ReportError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            files.say(f"{name}: {reason}", sys.stderr)
    return found if len(found) == len(names) else None


def _judged(
    shards: Sequence[tuple[str, Shard]],
    opened: Opened,
    arguments: argparse.Namespace,
) -> GateReport:
    from ..measure import git
    from ..model import BaseRun
    from ..pipeline.merging import merged_evidence, merged_report
    from ..pipeline.suite import test_files
    from ..pipeline.weakening_gate import weakening
    from .project import surroundings

    here = opened.project
    parts = [shard for _, shard in shards]
    tests = test_files(here.root, parts[0].whole, here.python_files, here.norecursedirs)
    base = arguments.base or here.base
    found = git.find_base(here.root, base)
    around = replace(
        surroundings(here),
        run=merged_evidence(parts, here.root, tests),
        base=lambda: found,
        base_run=lambda: BaseRun(
            reason="specgates merge runs no tests, not those of the base either",
            next_step="judge it in a run of the whole suite",
        ),
    )
    return merged_report(
        shards,
        opened.loaded,
        opened.kinds,
        around,
        arguments.stage,
        weakening(here.root, base) if base else None,
        [_kept(here.root, name, shard) for name, shard in shards if _is_inside(here.root, name)],
    )


def _is_inside(root: Path, name: str) -> bool:
    return Path(name).resolve().is_relative_to(root.resolve())


def _kept(root: Path, name: str, shard: Shard) -> Kept:
    from ..model import Kept

    file = Path(name).resolve()
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    return Kept(shard.name, file.relative_to(root.resolve()).as_posix(), digest)


def _tell(report: GateReport, failed: Sequence[str]) -> None:
    from ..report.gate_text import failure_text
    from ..report.terminal import render, text_of

    for judged in report.judged:
        if judged.verdict.blocking:
            files.say(f"{failure_text(judged.gate, judged.verdict)}\n")
    for line in render(report, shutil.get_terminal_size().columns):
        files.say(text_of(line))
    for error in failed:
        files.say(error, sys.stderr)
