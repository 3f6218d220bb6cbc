"""One of several runs that share the tests of a suite: what it showed, for all to be judged by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .measurement import RunEvidence

Executed = tuple[tuple[int, ...], ...]
"""Line numbers `(line,)`, or arcs `(from, to)` where branches were measured."""


@dataclass(frozen=True, slots=True)
class RecordedCoverage:
    """The data of a `coverage.Coverage` as plain values.

    `files` maps a path (POSIX, relative to the root where it is below it) to what was executed
    in each context; `sources` are coverage's own, `config` the configuration file.
    """

    has_arcs: bool
    files: Mapping[str, Mapping[str, Executed]]
    sources: tuple[str, ...] = ()
    config: str = ""


@dataclass(frozen=True, slots=True)
class Shard:
    """Run `number` of `count`. `whole` are the paths of the whole suite; `errors` is what would
    be an error of a run that judges. The evidence's own coverage has only a reason, if any."""

    number: int
    count: int
    commit: str
    dirty: bool | None
    spec_digest: str
    versions: Mapping[str, str]
    machine: Mapping[str, str]
    started: str
    ended: str
    whole: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    evidence: RunEvidence = field(default_factory=RunEvidence)
    coverage: RecordedCoverage | None = None

    @property
    def name(self) -> str:
        return f"shard {self.number} of {self.count}"
