"""The words of the field: statuses, levels, stages, keys, and a place in a text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Status = Literal[
    "passed",
    "failed",
    "unmeasured",
    "unbound",
    "unattested",
    "error",
    "waived",
    "deferred",
    "not-applicable",
]
Level = Literal["must", "should", "may"]
Stage = Literal["pre-merge", "pre-deploy", "post-deploy"]

STATUSES: tuple[Status, ...] = (
    "failed",
    "error",
    "unmeasured",
    "unbound",
    "unattested",
    "waived",
    "passed",
    "deferred",
    "not-applicable",
)
"""Every status, worst first."""
NOT_MET: frozenset[Status] = frozenset(("failed", "error", "unmeasured", "unbound", "unattested"))
"""The statuses of a criterion that does not hold or was not shown to hold."""
LEVELS: tuple[Level, ...] = ("must", "should", "may")
STAGES: tuple[Stage, ...] = ("pre-merge", "pre-deploy", "post-deploy")
"""The stages in the order in which a change passes them."""
POLICY_KEYS: tuple[str, ...] = ("id", "level", "stage", "owner", "reason", "when")
"""What may stand beside any criterion, prose or gate."""
GATE_KEYS: tuple[str, ...] = (*POLICY_KEYS, "of", "must", "per", "after")
"""What may stand beside the kind in any gate."""

CHANGED = "changed"
"""The subject that stands for the lines that differ from the base; `changed:PATH` for those below
a path."""
WAIVER_DAYS = 366
"""How many days away a waiver may expire, unless the project says otherwise."""


@dataclass(frozen=True, slots=True)
class Span:
    """Where a text stands; line and column count from 1."""

    path: str
    line: int
    column: int


ATTESTATIONS = "specs/attestations"
"""Where the statements of people are kept, if the configuration does not say it."""
