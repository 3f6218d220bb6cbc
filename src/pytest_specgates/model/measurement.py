"""What was measured, and what probes measure with: Check -> Measurement."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from .words import ATTESTATIONS, Status

if TYPE_CHECKING:
    from .check import Gate
    from .verdict import Verdict


@dataclass(frozen=True, slots=True)
class Pair:
    """What a pair of fresh processes, one on the base, shows of a time: the natural logarithm of
    the ratio of now to base (the median of its blocks), and the standard error of that."""

    change: float
    error: float


@dataclass(frozen=True, slots=True)
class Value:
    """One measured value of one subject, in the unit of the check."""

    subject: str
    value: Fraction | float | str | bool | None
    samples: int = 1
    base: Fraction | None = None
    """What the same is on the base, for a check against it."""
    pairs: tuple[Pair, ...] = ()
    """What a change was measured with, side by side with the base."""
    low: float | None = None
    high: float | None = None
    """What the true value is above of, and what it is below of, each with 95 % certainty. Both
    are None where the value is the whole truth; `high` alone where nothing says."""
    quantiles: tuple[float, ...] = ()
    """Of the samples, where it was made from some: at equal steps from the least to the most."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of a file (POSIX, relative to the root), from the first to the last, which count
    from 1: where something stands that a measurement found."""

    path: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Measurement:
    """The values that a probe measured, or the status and reason of there being none.

    `again` are values of the same subjects from a second measurement, made where the first
    one missed the check and might have been disturbed.
    """

    values: tuple[Value, ...] = ()
    absent: Status | None = None
    reason: str = ""
    evidence: tuple[str, ...] = ()
    next_step: str = ""
    again: tuple[Value, ...] = ()
    places: tuple[Lines, ...] = ()
    """Where in the code or the data the fault is, worst first, where that is known."""


def absence(reason: str, next_step: str = "", status: Status = "unmeasured") -> Measurement:
    return Measurement(absent=status, reason=reason, next_step=next_step)


@dataclass(frozen=True, slots=True)
class TestRef:
    """A test that was collected: what a selection can see of it. `criteria` are the
    addresses (`spec/phase.id`) of the criteria that its `spec` markers name."""

    __test__: ClassVar[bool] = False  # not a test class, whatever its name
    nodeid: str
    markers: frozenset[str] = frozenset()
    is_benchmark: bool = False
    criteria: frozenset[str] = frozenset()


OUTCOME_RANK = {"passed": 0, "xpassed": 1, "skipped": 2, "xfailed": 2, "failed": 3, "error": 4}
"""The outcomes of tests: of two of one test, the one of the higher rank counts."""


@dataclass(frozen=True, slots=True)
class TestResult:
    """What became of a test; its outcome is one of OUTCOME_RANK."""

    __test__: ClassVar[bool] = False
    ref: TestRef
    outcome: str
    reruns: int = 0


@dataclass(frozen=True, slots=True)
class Samples:
    """Seconds of one round each; a round is the mean of `iterations` calls.

    Where there were too many to keep, `counts` says of each of `rounds`, in order of their size,
    how many there are: up to so many seconds, and at most a thousandth less. `lost` calls failed
    or were never made: they stand behind the slowest. `seconds` is how long all took together,
    where calls ran side by side; else 0.
    """

    rounds: tuple[float, ...]
    iterations: int = 1
    source: str = "pytest-benchmark"
    lost: int = 0
    seconds: float = 0.0
    counts: tuple[int, ...] = ()

    @property
    def count(self) -> int:
        return sum(self.counts) if self.counts else len(self.rounds)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that a test recorded under a name: exact, in the canonical unit (s, B, 1/s, % ...,
    or the test's own); `written` is what the test gave."""

    name: str
    value: Fraction
    unit: str = ""
    written: str = ""


@dataclass(frozen=True, slots=True)
class MemoryPlan:
    """What of a test is measured in one process of its own: the peak of one call, or, where
    `calls` are asked for, what stays after each of several blocks of calls. `by` is the method,
    `limit` the seconds that the process may take."""

    nodeid: str
    by: str
    calls: int = 0
    limit: float = 600.0


@dataclass(frozen=True, slots=True)
class MemoryUse:
    """What a call of a test took of memory, in bytes, or the reason why nobody knows.

    `start` is what there was when the call began, `peak` the most that there was above it,
    `child` the most that one process had that ended within it. What may have been there besides
    is `hidden`, for the reason `why`. `marks` are what there was before the first and after each
    block of `calls` calls, `warm_up` the calls before them.
    """

    plan: MemoryPlan
    start: int = 0
    peak: int = 0
    child: int = 0
    hidden: int = 0
    why: str = ""
    warm_up: int = 0
    calls: int = 0
    marks: tuple[int, ...] = ()
    reason: str = ""
    next_step: str = ""


@dataclass(frozen=True, slots=True)
class CoverageData:
    """The coverage of this run (a `coverage.Coverage`), or the reason why there is none."""

    coverage: Any = None
    reason: str = ""
    next_step: str = ""


@dataclass(frozen=True, slots=True)
class RunEvidence:
    """What the run itself showed.

    `roots` are the paths (POSIX, relative to the root) whose tests were collected, without
    those that `left_out` names ("**" for what nobody can say);
    `narrowed` says why they are not the whole suite; `lost` says what broke or cut the
    run short, so that no statement on all of its tests can be made; `again` are samples that
    were taken a second time, later. `figures` has every test that can record some, also where
    it has recorded none.
    """

    results: Mapping[str, TestResult] = field(default_factory=dict)
    collected: frozenset[str] = frozenset()
    unselected: tuple[TestRef, ...] = ()
    roots: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    narrowed: str = ""
    lost: str = ""
    samples: Mapping[str, Samples] = field(default_factory=dict)
    samples_reason: str = ""
    again: Mapping[str, Samples] = field(default_factory=dict)
    figures: Mapping[str, tuple[Figure, ...]] = field(default_factory=dict)
    coverage: CoverageData = CoverageData()
    memory: Mapping[MemoryPlan, MemoryUse] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Base:
    """The commit that the change is compared with, or the reason why there is none."""

    ref: str = ""
    commit: str = ""
    changed: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class BaseRun:
    """What the tests of the base showed of the base: its files lie below `root`. `told` says how
    it was measured; `reason` why it was not."""

    root: Path = Path()
    run: RunEvidence = RunEvidence()
    told: str = ""
    reason: str = ""
    next_step: str = ""


@dataclass(frozen=True, slots=True)
class Paired:
    """A test measured side by side with that of the base: the pairs of processes, with so many
    blocks each at least, and the median of what a call takes (seconds, bytes); or two counts of
    work, which need no pairs; or the reason why it was not."""

    pairs: tuple[Pair, ...] = ()
    blocks: int = 0
    now: float | Fraction = 0.0
    base: float | Fraction = 0.0
    reason: str = ""
    next_step: str = ""


def _nothing_paired(base: Base, way: str) -> Mapping[str, Paired]:
    return {}


def _no_base_run() -> BaseRun:
    return BaseRun(reason="the base was not measured")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a probe may use: the root (absolute), what is allowed, the run, the other verdicts."""

    root: Path
    allow: frozenset[str] = frozenset()
    run: RunEvidence = RunEvidence()
    base: Callable[[], Base] = Base
    base_run: Callable[[], BaseRun] = _no_base_run
    paired: Callable[[Base, str], Mapping[str, Paired]] = _nothing_paired
    """The tests of the regression gates, by node id, beside those of a base: by time, by a method
    of memory, or by a unit of counted work."""
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)
    cache: dict[Any, Any] = field(default_factory=dict)
    """Work that several gates share within one run (an analysed file, a compiled schema)."""
    gate: Gate | None = None
    """The gate whose check is measured."""
    attestations: str = ATTESTATIONS
    """The folder of the statements that people signed, relative to the root."""
    cores: int = 1
    """How many processes a probe may keep busy."""
    tell: Callable[[str], None] | None = None
    """Shows how far long work has come, in place of what it showed before; "" clears it. None where
    nobody looks."""
    allowed_signers: str = ""
    """The file, relative to the root, that says whose signatures count; "" for no such file."""
