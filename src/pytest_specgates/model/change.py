"""What differs between two states of a project: base and change, compared by meaning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .words import Span

ChangeKind = Literal["weakened", "removed", "changed", "moved", "tightened", "added"]
CHANGE_KINDS: tuple[ChangeKind, ...] = (
    "weakened",
    "removed",
    "changed",
    "moved",
    "tightened",
    "added",
)
"""Every kind of change, worst first. What stays as it is makes no change."""


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `subject` is what differs: the address of a gate (`spec/phase.id`), or
    what stands beside the gates (`coverage run.omit`, `test tests/test_a.py::test_b`)."""

    kind: ChangeKind
    subject: str
    message: str
    span: Span

    @property
    def is_weakening(self) -> bool:
        return self.kind in ("weakened", "removed")


@dataclass(frozen=True, slots=True)
class Comparison:
    """All changes against the base, and how many gates are as they were."""

    changes: tuple[Change, ...] = ()
    unchanged: int = 0

    @property
    def weakenings(self) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if change.is_weakening)
