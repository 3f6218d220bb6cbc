"""The frozen types that travel between the rooms."""

from __future__ import annotations

from .change import CHANGE_KINDS, Change, ChangeKind, Comparison
from .check import METRICS, Aside, Check, Gate, Meaning, Quantity, Reading, Threshold, exact
from .coverage import FileCoverage
from .kind import Kind, Metric
from .measurement import (
    OUTCOME_RANK,
    Base,
    BaseRun,
    CoverageData,
    Measurement,
    RunEvidence,
    Samples,
    Surroundings,
    TestRef,
    TestResult,
    Value,
    absence,
)
from .proof import CounterExample, Possible, Reach
from .report import GateReport, Identity, JudgedGate, Kept, Statement, WaiverState
from .shard import Executed, RecordedCoverage, Shard
from .spec import Binding, Criterion, Spec, Waiver
from .verdict import CheckResult, Verdict
from .words import (
    ATTESTATIONS,
    CHANGED,
    GATE_KEYS,
    LEVELS,
    NOT_MET,
    POLICY_KEYS,
    STAGES,
    STATUSES,
    WAIVER_DAYS,
    Level,
    Span,
    Stage,
    Status,
)

__all__ = [
    "ATTESTATIONS",
    "CHANGED",
    "CHANGE_KINDS",
    "GATE_KEYS",
    "LEVELS",
    "METRICS",
    "NOT_MET",
    "OUTCOME_RANK",
    "POLICY_KEYS",
    "STAGES",
    "STATUSES",
    "WAIVER_DAYS",
    "Aside",
    "Base",
    "BaseRun",
    "Binding",
    "Change",
    "ChangeKind",
    "Check",
    "CheckResult",
    "Comparison",
    "CounterExample",
    "CoverageData",
    "Criterion",
    "Executed",
    "FileCoverage",
    "Gate",
    "GateReport",
    "Identity",
    "JudgedGate",
    "Kept",
    "Kind",
    "Level",
    "Meaning",
    "Measurement",
    "Metric",
    "Possible",
    "Quantity",
    "Reach",
    "Reading",
    "RecordedCoverage",
    "RunEvidence",
    "Samples",
    "Shard",
    "Span",
    "Spec",
    "Stage",
    "Statement",
    "Status",
    "Surroundings",
    "TestRef",
    "TestResult",
    "Threshold",
    "Value",
    "Verdict",
    "Waiver",
    "WaiverState",
    "absence",
    "exact",
]
