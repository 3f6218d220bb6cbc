"""The table of the kinds of gates that this package brings."""

from __future__ import annotations

from ..model import Kind
from . import (
    attested,
    benchmarks,
    calls,
    changed,
    command,
    compatible,
    config,
    conforms,
    coverage,
    exists,
    figures,
    memory,
    references,
    regression,
    tests,
)

BUILT_IN: tuple[Kind, ...] = (
    tests.KIND,
    coverage.KIND,
    benchmarks.LATENCY,
    benchmarks.THROUGHPUT,
    memory.KIND,
    regression.KIND,
    figures.KIND,
    conforms.KIND,
    calls.RETURNS,
    calls.TAKES,
    compatible.KIND,
    command.KIND,
    exists.KIND,
    config.KIND,
    changed.KIND,
    attested.KIND,
    references.KIND,
)
