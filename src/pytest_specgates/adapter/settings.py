"""What the command line and the configuration ask for, checked and frozen."""

from __future__ import annotations

import argparse
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest

from ..errors import did_you_mean
from ..model import ATTESTATIONS, STAGES, WAIVER_DAYS, Stage
from ..pipeline.report_files import unknown_format
from ..report.terminal import SHOWN

T = TypeVar("T", bound=str)
_ALLOWED = ("command", "call", "network")


@dataclass(frozen=True, slots=True)
class ShardPlace:
    """Which shard of how many a run is, and the file that it writes."""

    number: int
    count: int
    file: str


@dataclass(frozen=True, slots=True)
class Settings:
    root: Path
    paths: tuple[str, ...]
    allow: frozenset[str]
    base: str
    stage: Stage
    reports: tuple[str, ...]
    latency_statistic: str
    waiver_days: int
    attestations: str
    allowed_signers: str
    show: str
    shard: ShardPlace | None = None
    history: Path | None = None

    @classmethod
    def from_config(cls, config: pytest.Config, namespace: argparse.Namespace) -> Settings:
        """Raises UsageError for a value that is not known."""
        stage = _one_of(namespace.spec_gates_stage, STAGES, "--spec-gates-stage")
        fault = unknown_format(namespace.spec_gates_report)
        if fault:
            raise pytest.UsageError(f"--spec-gates-report: {fault}")
        allow = config.getini("specgates_allow")
        for name in allow:
            _one_of(name, _ALLOWED, "specgates_allow")
        return cls(
            root=config.rootpath,
            paths=tuple(config.getini("specgates_paths")),
            allow=frozenset(allow),
            base=namespace.spec_gates_base or config.getini("specgates_base"),
            stage=stage,
            reports=tuple(namespace.spec_gates_report),
            latency_statistic=config.getini("specgates_latency_statistic"),
            waiver_days=_days(config.getini("specgates_waiver_days")),
            shard=_shard(namespace),
            history=_history(config, namespace),
            attestations=config.getini("specgates_attestations") or ATTESTATIONS,
            allowed_signers=config.getini("specgates_allowed_signers"),
            show=_one_of(namespace.spec_gates_show, SHOWN, "--spec-gates-show"),
        )


def _shard(namespace: argparse.Namespace) -> ShardPlace | None:
    place, _, file = namespace.spec_gates_shard.partition(":")
    if not place:
        return None
    found = re.fullmatch(r"([1-9][0-9]{0,4})/([1-9][0-9]{0,4})", place, re.ASCII)
    if found is None or int(found[1]) > int(found[2]):
        raise pytest.UsageError(
            f'--spec-gates-shard: "{place}" is not I/N with 1 <= I <= N; the first of two is 1/2'
        )
    if namespace.spec_gates_report:
        raise pytest.UsageError(
            "--spec-gates-shard: a shard has no report; write it with specgates merge --report"
        )
    number, count = int(found[1]), int(found[2])
    return ShardPlace(number, count, file or f"specgates-shard-{number}-of-{count}.json")


def _history(config: pytest.Config, namespace: argparse.Namespace) -> Path | None:
    """The folder of the history: of the option below the current one, else below the root."""
    given: str = namespace.spec_gates_history
    if given:
        return config.invocation_params.dir / given
    configured: str = config.getini("specgates_history")
    return config.rootpath / configured if configured else None


def _days(text: str) -> int:
    if not text:
        return WAIVER_DAYS
    if not (text.isascii() and text.isdigit()) or len(text) > 7:
        raise pytest.UsageError(f'specgates_waiver_days: "{text}" is not a number of days')
    return int(text)


def _one_of(value: str, known: tuple[T, ...], option: str) -> T:
    for name in known:
        if value == name:
            return name
    raise pytest.UsageError(f'{option}: "{value}" is not known; {did_you_mean(value, known)}')
