"""The frozen types that travel between the rooms."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal

if TYPE_CHECKING:
    from .yaml12 import Node

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


@dataclass(frozen=True, slots=True)
class Span:
    """Where a text stands; line and column count from 1."""

    path: str
    line: int
    column: int


# --- read -----------------------------------------------------------------


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


# --- understand -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Quantity:
    """A limit in canonical units (s, 1/s, %, count), exact, with its text as written."""

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

    @property
    def checks(self) -> tuple[Check, ...]:
        return self.reading.checks

    @property
    def name(self) -> str:
        """`phase.criterion`, by which waivers and references name a gate."""
        return self.criterion.name


# --- measure --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Value:
    """One measured value of one subject, in the unit of the check."""

    subject: str
    value: Fraction | float | str | bool | None
    samples: int = 1


@dataclass(frozen=True, slots=True)
class Measurement:
    """The values that a probe measured, or the status and reason of there being none."""

    values: tuple[Value, ...] = ()
    absent: Status | None = None
    reason: str = ""
    evidence: tuple[str, ...] = ()
    next_step: str = ""


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


@dataclass(frozen=True, slots=True)
class TestResult:
    """What became of a test; outcome is passed, failed, error, skipped, xfailed or xpassed."""

    __test__: ClassVar[bool] = False
    ref: TestRef
    outcome: str
    reruns: int = 0


@dataclass(frozen=True, slots=True)
class Samples:
    """Seconds of one round each; a round is the mean of `iterations` calls."""

    rounds: tuple[float, ...]
    iterations: int = 1
    source: str = "pytest-benchmark"


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
    run short, so that no statement on all of its tests can be made.
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
    coverage: CoverageData = CoverageData()


@dataclass(frozen=True, slots=True)
class Base:
    """The commit that the change is compared with, or the reason why there is none."""

    ref: str = ""
    commit: str = ""
    changed: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a probe may use: the root (absolute), what is allowed, the run, the other verdicts."""

    root: Path
    allow: frozenset[str] = frozenset()
    run: RunEvidence = RunEvidence()
    base: Callable[[], Base] = Base
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)
    cache: dict[Any, Any] = field(default_factory=dict)
    """Work that several gates share within one run (an analysed file, a compiled schema)."""


# --- kinds of gates -------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Metric:
    """What a kind can be asked for; dimension is time, rate, percent, count or any."""

    name: str
    dimension: str
    ops: tuple[str, ...]
    words: tuple[str, ...] = ()
    statistics: tuple[str, ...] = ()
    default_statistic: str | None = None
    default_op: str | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of gate: the key that names it, its grammar, and its probe.

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
    implied: str = ""
    """A condition that holds beside one that does not name its metric (`exit 0`)."""
    takes: tuple[str, ...] = ("of",)
    """Which of the keys `of`, `per` and `after` mean something to it."""
    scope_is_subject: bool = False
    subject_is_required: bool = False
    is_work: Callable[[Check, Surroundings], bool] | None = None
    """Whether a check on files costs more than sending it to a worker, and may go there:
    what the run's own tests may still write has to wait for them."""
    example: str = ""


# --- judge ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check judged; `measured` and `required` are made for display from exact values."""

    check: Check
    status: Status
    measured: str
    required: str
    sentence: str
    value: Fraction | float | str | bool | None = None
    samples: int = 0
    evidence: tuple[str, ...] = ()
    next_step: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A status and its sentence; `underlying` is the status before a waiver."""

    status: Status
    sentence: str
    blocking: bool
    results: tuple[CheckResult, ...] = ()
    next_step: str = ""
    underlying: Status | None = None
    waiver: Waiver | None = None

    @property
    def measured(self) -> str:
        return "; ".join(r.measured for r in self.results if r.measured)

    @property
    def required(self) -> str:
        return "; ".join(r.required for r in self.results if r.required)


# --- report ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class JudgedGate:
    gate: Gate
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of a spec that is not a gate, and why."""

    spec: str
    path: str
    line: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Which run of which code this is; times are UTC, ISO 8601."""

    commit: str
    dirty: bool | None
    spec_digest: str
    versions: Mapping[str, str]
    machine: Mapping[str, str]
    started: str
    ended: str
    stage: Stage
    base: str = ""


@dataclass(frozen=True, slots=True)
class GateReport:
    """All verdicts of a run. `unjudged` are the gates that the specs call for and that were not."""

    identity: Identity
    judged: tuple[JudgedGate, ...]
    unjudged: tuple[Gate, ...]
    statements: tuple[Statement, ...]
    errors: tuple[str, ...]
    notes: tuple[str, ...]
    interrupted: str = ""

    @property
    def verdict(self) -> Literal["passed", "failed", "incomplete"]:
        if self.errors or any(j.verdict.blocking for j in self.judged):
            return "failed"
        if self.unjudged or self.interrupted:
            return "incomplete"
        return "passed"

    @property
    def counts(self) -> dict[Status, int]:
        counts: dict[Status, int] = dict.fromkeys(STATUSES, 0)
        for judged in self.judged:
            counts[judged.verdict.status] += 1
        return counts
