"""What a run that is one shard of a suite writes, for `specgates merge` to judge."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import TYPE_CHECKING

from ..measure import git
from ..measure.coverage_data import recorded_coverage
from ..model import CoverageData, Shard
from ..pipeline.identity import machine, utc, versions
from ..report.shard_file import render_shard
from ..writing import write_whole
from .selection import relative, whole_suite

if TYPE_CHECKING:
    from .run import GateRun
    from .settings import ShardPlace


def shard_of(run: GateRun, place: ShardPlace) -> Shard:
    settings = run.startup.settings
    commit, dirty = git.commit_and_dirty(settings.root)
    measured = run.evidence.coverage.coverage
    config = str(getattr(run.config.option, "cov_config", "") or "")
    if config not in ("", ".coveragerc"):
        config = relative(settings.root, (run.config.invocation_params.dir / config).resolve())
    return Shard(
        number=place.number,
        count=place.count,
        commit=commit,
        dirty=dirty,
        spec_digest=run.startup.loaded.digest,
        versions=versions(),
        machine=machine(),
        started=utc(run.started),
        ended=utc(datetime.datetime.now(datetime.timezone.utc)),
        whole=tuple(whole_suite(settings.root, run.config.getini("testpaths"))),
        errors=tuple(run.mark_errors()),
        notes=(
            *(f"switched on for the gates: {what}" for what in run.startup.switched_on),
            *run.startup.notes,
        ),
        evidence=run.evidence
        if measured is None
        else replace(run.evidence, coverage=CoverageData()),
        coverage=None if measured is None else recorded_coverage(measured, settings.root, config),
    )


def write_shard(run: GateRun, place: ShardPlace) -> list[str]:
    """Write the shard's file, whole or not at all. Returns errors."""
    path = run.config.invocation_params.dir / place.file
    try:
        text = render_shard(shard_of(run, place)).encode("utf-8", "backslashreplace")
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text)
    except OSError as error:
        return [f"the shard could not be written: {path}: {error.strerror or error}"]
    return []
