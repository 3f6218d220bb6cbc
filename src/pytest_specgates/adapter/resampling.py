"""Benchmarks whose samples do not decide, or missed a limit beside the tests: sampled again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from ..measure.benchmarks import may_be_disturbed, samples_that_decide
from ..model import Gate, RunEvidence, Samples, Verdict
from . import quiet, sampling

MOST, _SECONDS = 3, 2.0
"""How often a benchmark is sampled on where its samples do not decide, each time for so many
seconds of calls at most."""


def unclear(
    verdicts: Mapping[str, Verdict], gates: Sequence[Gate], run: RunEvidence
) -> dict[str, tuple[int, bool]]:
    """The benchmarks whose samples do not show on which side of a limit a percentile is, and
    how many more they need, as far as these take no more than a few seconds."""
    found: dict[str, tuple[int, bool]] = {}
    for gate in gates:
        for result in verdicts[gate.nodeid].results:
            if result.status != "unmeasured":
                continue
            for value in result.measurement.values:
                samples = run.samples.get(value.subject)
                more = samples_that_decide(result.check, samples) if samples else 0
                if more and samples and samples.rounds and not samples.counts:
                    most = int(_SECONDS / (sum(samples.rounds) / len(samples.rounds)))
                    before = found.get(value.subject, (0, True))[0]
                    # Twice what would do on average: a process takes longer than its calls.
                    found[value.subject] = max(before, min(2 * more, most)), True
    fewest = {nodeid: count for nodeid, (count, _) in found.items()}
    return {n: one for n, one in found.items() if fewest[n] >= 2 and n in run.results}


def with_more_samples(
    config: pytest.Config, wanted: Mapping[str, tuple[int, bool]], run: RunEvidence
) -> RunEvidence:
    taken, _ = quiet.measure_quietly(config, list(wanted), dict(wanted))
    more = {
        nodeid: replace(samples, rounds=run.samples[nodeid].rounds + samples.rounds)
        for nodeid, samples in taken.items()
        if samples.iterations == 1
    }
    return replace(run, samples={**run.samples, **more})


def missed(verdicts: Mapping[str, Verdict], gates: Sequence[Gate]) -> list[Gate]:
    """The gates with a check that was missed and might not have been on a quiet machine."""
    return [
        gate
        for gate in gates
        if any(
            result.status == "failed" and may_be_disturbed(result.check)
            for result in verdicts[gate.nodeid].results
        )
    ]


def samples_again(
    config: pytest.Config,
    verdicts: Mapping[str, Verdict],
    gates: Sequence[Gate],
    run: RunEvidence,
) -> dict[str, Samples]:
    """Samples of the benchmarks that missed, taken once more, now that the tests are done."""
    subjects = {
        value.subject
        for gate in gates
        for result in verdicts[gate.nodeid].results
        if result.status == "failed"
        for value in result.measurement.values
    }
    measured = sorted(subjects & run.samples.keys() & run.results.keys())
    needed = sampling.needed(gates, (run.results[nodeid].ref for nodeid in measured))
    return quiet.measure_quietly(config, list(needed), needed)[0] if needed else {}
