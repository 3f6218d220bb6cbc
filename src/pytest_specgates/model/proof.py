"""What a check can come to at all, and what became of a counter-example."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from .measurement import Measurement


@dataclass(frozen=True, slots=True)
class Possible:
    """The numbers that a check can be measured with; None is no end.

    `why` says what narrows them for this check (`"true" always succeeds`).
    """

    lowest: Fraction | None = Fraction(0)
    highest: Fraction | None = None
    is_whole: bool = False
    is_open: bool = False
    """Whether the lowest is only come near to: no command takes no time."""
    why: str = ""


@dataclass(frozen=True, slots=True)
class CounterExample:
    """What became of a counter-example.

    `measurement` is what the probe made of it, and has to miss the check. `let_through` says
    what of it the probe did not refuse, whatever the check tolerates. `untried` says why it was
    not run, where the gate does not depend on it.
    """

    measurement: Measurement = field(default_factory=Measurement)
    let_through: str = ""
    untried: str = ""


@dataclass(frozen=True, slots=True)
class Reach:
    """Whether some measurement fails a gate and some other passes it: `cannot_fail` and
    `cannot_pass` are the reasons why none does. `failing` are made values, one for each check
    that it fails; where the gate can fail there is one for every check."""

    failing: tuple[Fraction | str | bool, ...] = ()
    cannot_fail: str = ""
    cannot_pass: str = ""
