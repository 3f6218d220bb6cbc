"""What a spec says, as read: text -> Spec."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .words import Span, Stage

if TYPE_CHECKING:
    from ..yaml12 import Node


@dataclass(frozen=True, slots=True)
class Criterion:
    """One statement of a spec, as its author wrote it.

    `keys` are the keys above it, outermost first. `siblings` are the plain texts that
    stand beside it in the same mapping (`action: Add to config.yaml`), which some
    statements need to be understood. `gate` is the mapping of a gate, if it is one.
    """

    id: str
    text: str
    span: Span
    keys: tuple[str, ...]
    phase: str
    key: str = ""
    siblings: Mapping[str, str] = field(default_factory=dict)
    items: tuple[str, ...] = ()
    gate: Node | None = None
    stage: Stage | None = None
    dialect: str = ""
    """The format of other tools that it is written in (`k6`, `keptn` ...), if it is one."""

    @property
    def name(self) -> str:
        """`phase.id`, the id alone where there is no phase."""
        return f"{self.phase}.{self.id}" if self.phase else self.id


@dataclass(frozen=True, slots=True)
class Waiver:
    """A named owner's reason to let one failed gate pass until the end of a day (UTC)."""

    gate: str
    owner: str
    reason: str
    expires: str
    span: Span


@dataclass(frozen=True, slots=True)
class Binding:
    """A text of criteria, or a pattern of it (`{name} works`), and the mapping of the gate
    that measures them. White space is collapsed."""

    text: str
    gate: Node
    span: Span


@dataclass(frozen=True, slots=True)
class Spec:
    """One document, or one fenced block of a Markdown document."""

    name: str
    path: str
    line: int
    criteria: tuple[Criterion, ...]
    title: str = ""
    workflow: str = ""
    scope: tuple[str, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    bindings: tuple[Binding, ...] = ()
    plans: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    node_prefix: tuple[str, ...] = ()
    is_template: bool = False
