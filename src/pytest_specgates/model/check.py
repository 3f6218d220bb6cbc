"""What a criterion means, as understood: text -> Check, and the gate that is judged."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from .spec import Criterion, Spec, Waiver
from .words import Level, Span, Stage


@dataclass(frozen=True, slots=True)
class Quantity:
    """A limit in canonical units (s, 1/s, B, %, count), exact, with its text as written."""

    value: Fraction | str | bool
    unit: str
    written: str


def exact(text: str) -> Fraction | None:
    """A number as it is written, exact; None where the text is none, or absurdly large."""
    if len(text) > _LONGEST_NUMBER:
        return None
    if text.isascii() and text.isdigit():
        return Fraction(int(text))  # several times faster than a Fraction of a text
    return Fraction(text) if _NUMBER.fullmatch(text) else None


_LONGEST_NUMBER = 40
_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d{1,2})?", re.IGNORECASE)


METRICS = (
    "coverage",
    "latency",
    "throughput",
    "error_rate",
    "memory",
    "cpu",
    "size",
    "count",
    "ratio",
    "availability",
    "accuracy",
    "score",
    "delta",
    "cost",
    "other",
)
"""What a text can state a threshold of, whether or not a probe measures it."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """A limit that a text states. Source: the text from `start` to `end`, in characters.

    `metric` is one of METRICS. `value` is exact, in the canonical `unit`: s, B, 1/s, B/s, %
    (0 to 100), count, score (a bare number), usd, or a physical unit (px, mm ...).
    `conditions` are the parts of the text under which it holds ("under 200 users").
    """

    metric: str
    op: str
    value: Fraction
    unit: str
    statistic: str | None = None
    start: int = 0
    end: int = 0
    conditions: tuple[str, ...] = ()
    is_turned: bool = False
    """Whether the text states the violation (`fail if ...`), and this is its opposite."""


@dataclass(frozen=True, slots=True)
class Aside:
    """A number of a text that is no limit, and why; source: the text from `start` to `end`."""

    start: int
    end: int
    reason: str


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a text says: what kind of statement it is, and its thresholds or why it has none."""

    kind: str
    thresholds: tuple[Threshold, ...] = ()
    reason: str = ""
    asides: tuple[Aside, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """What a criterion means: a metric of a subject, compared with a quantity."""

    kind: str
    metric: str
    op: str
    quantity: Quantity
    statistic: str | None = None
    subject: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    against: str = ""
    """"base" where the quantity is a difference from the value of the base."""
    is_named_freely: bool = False
    """Whether the metric is a word of the spec's own, which says nothing by itself."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a criterion was understood: its checks, or the reason why it has none."""

    checks: tuple[Check, ...] = ()
    text: str = ""
    reason: str = ""
    is_criterion: bool = True
    when: tuple[str, ...] = ()
    level: Level = "must"
    stage: Stage | None = None
    owner: str = ""
    why: str = ""
    suggestion: str = ""
    meaning: Meaning | None = None
    """What the prose says, also where no probe measures it."""
    bound_at: Span | None = None
    """Where the entry of a `bindings:` stands that gave the gate, if one did."""


@dataclass(frozen=True, slots=True)
class Gate:
    """A criterion that is judged: its place in the run, its reading, its policy."""

    nodeid: str
    spec: Spec
    criterion: Criterion
    reading: Reading
    level: Level
    stage: Stage
    waiver: Waiver | None = None
    """The waiver of its spec or of the project that names it, expired or not."""

    @property
    def checks(self) -> tuple[Check, ...]:
        return self.reading.checks

    @property
    def name(self) -> str:
        """`phase.criterion`, by which waivers and references of its spec name a gate."""
        return self.criterion.name

    @property
    def address(self) -> str:
        """`spec/phase.criterion`, by which markers and the project's files name a gate."""
        return f"{self.spec.name}/{self.name}"
