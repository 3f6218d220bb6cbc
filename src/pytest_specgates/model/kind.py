"""What a kind of gate is: its key, its grammar, its probe."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from .check import Check, Gate
from .measurement import Measurement, Surroundings, Value
from .proof import CounterExample, Possible


@dataclass(frozen=True, slots=True)
class Metric:
    """What a kind can be asked for. Dimensions: time, rate, percent, size, growth, count, any."""

    name: str
    dimension: str
    ops: tuple[str, ...]
    words: tuple[str, ...] = ()
    statistics: tuple[str, ...] = ()
    default_statistic: str | None = None
    default_op: str | None = None
    against_base: Literal["", "points", "count", "share"] = ""
    """What may be added to the base in a condition: percentage points, a count, a share of it."""
    is_named_freely: bool = False
    """Whether a limit names what it is of in a word of its own, with any unit: the metric is
    then that word. A kind that has such a metric has no other."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A condition that a gate states under a key beside its kind, as a check of its own: what it
    limits, the name of it where that is one of the spec's own, and the condition as written."""

    metric: Metric
    name: str
    condition: str
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of gate: the key that names it, its grammar, and its probe.

    `value` is the JSON Schema of the key's value. With a `pattern` in it, a value that does not
    have it does not name the kind: for a key that people use for other things too.

    The condition stands in the kind's value (`condition_in="value"`) or in `must`;
    `words` maps a condition in words to one in the grammar. `needs` is what the probe
    rests on: "run" (the run's evidence), "gates" (other verdicts), "process" (a
    command: sent to a worker under xdist) or "files" (cheap).
    """

    name: str
    summary: str
    value: Mapping[str, Any]
    metrics: tuple[Metric, ...]
    probe: Callable[[Check, Surroundings], Measurement]
    needs: Literal["run", "gates", "process", "files"]
    condition_in: Literal["value", "must"] = "value"
    default_condition: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    keys: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Further keys by their JSON Schema; its `default` stands where the key is not given."""
    clauses: Mapping[str, Callable[[Any], Iterable[Clause]]] = field(default_factory=dict)
    """Of these keys, those whose value states further conditions, and what reads it. Raises
    ValueError, as a sentence."""
    implied: str = ""
    """A condition that holds beside one that does not name its metric (`exit 0`)."""
    takes: tuple[str, ...] = ("of",)
    """Which of the keys `of`, `per` and `after` mean something to it."""
    scope_is_subject: bool = False
    scope_key: str = ""
    """The key of its own for which the spec's scope stands where it is not given."""
    subject_is_required: bool = False
    is_work: Callable[[Check, Surroundings], bool] | None = None
    """Whether a check on files costs more than sending it to a worker, and may go there:
    what the run's own tests may still write has to wait for them."""
    possible: Callable[[Check, Gate, Surroundings], Possible | None] | None = None
    """What a check of a gate can be measured with, where that is narrower than its unit says:
    `exists: .` is never missing. It reads files at most, and runs nothing."""
    canary: Callable[[Check, Value, Surroundings], CounterExample] | None = None
    """The probe on a counter-example: that of `canary:` in the gate, else one that is made to
    give the value, which fails the check. For kinds that measure by themselves, and not from
    what a run showed. Raises ProbeError where the counter-example cannot be used."""
    example: str = ""


def naming(keys: Sequence[str], kinds: Mapping[str, Kind]) -> list[str]:
    """Which of a gate's keys name its kind: a kind may have a key that alone names another."""
    named = [key for key in keys if key in kinds]
    return [one for one in named if not any(one in kinds[other].keys for other in named)]
