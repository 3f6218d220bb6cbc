"""The shards of a suite, put together: what they showed, as if one run had shown it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from statistics import median

from ..errors import ProbeError
from ..measure.coverage_contexts import with_covering_tests
from ..measure.coverage_data import restored_coverage
from ..measure.coverage_report import all_analysed
from ..measure.paths import covers
from ..model import (
    OUTCOME_RANK,
    CoverageData,
    Figure,
    Gate,
    GateReport,
    Identity,
    JudgedGate,
    Kept,
    Kind,
    MemoryPlan,
    MemoryUse,
    RunEvidence,
    Samples,
    Shard,
    Stage,
    Surroundings,
    TestRef,
    TestResult,
)
from ..report.summary import expired
from ..understand.marks import with_tests
from .identity import utc
from .judging import judge_all, waiver_states
from .loading import Loaded, criteria_of
from .suite import narrowed, with_whole_folders
from .weakening_gate import Weakening, verdict_of


class ShardError(Exception):
    """Shards that do not belong together, and what to do."""


def check_together(
    shards: Sequence[tuple[str, Shard]], commit: str, digest: str, dirty: bool | None
) -> None:
    """Raises ShardError unless the shards (each with its file) are of one run of this commit
    and these specs, none of them given twice. One that is missing is a matter of the gates."""
    files: dict[int, str] = {}
    first_file, first = shards[0]
    for file, shard in shards:
        if shard.count != first.count:
            raise ShardError(f"{first_file} is {first.name}, {file} is {shard.name}")
        if shard.number > shard.count:
            raise ShardError(f"{file} is {shard.name}: there is no such shard")
        if shard.number in files:
            raise ShardError(f"{shard.name} is given twice: {files[shard.number]}, {file}")
        files[shard.number] = file
        if shard.commit != commit:
            told = f"{file} is of commit {_short(shard.commit)}, here is {_short(commit)}"
            raise ShardError(f"{told}; merge the shards of one commit, and check it out")
        if shard.dirty and dirty is False:
            raise ShardError(f"{file} is of changes that are not committed here")
        if shard.spec_digest != digest:
            raise ShardError(f"{file} is of other specs: their digest is not the one of those here")
        if shard.whole != first.whole:
            raise ShardError(f"{first_file} and {file} were run with different testpaths")


def _short(commit: str) -> str:
    return commit[:12] or "none"


def missing(shards: Sequence[Shard]) -> list[str]:
    """The names of the shards that are not there."""
    count = shards[0].count
    there = {shard.number for shard in shards}
    return [f"shard {n} of {count}" for n in range(1, count + 1) if n not in there]


def merged_evidence(shards: Sequence[Shard], root: Path, test_files: Sequence[str]) -> RunEvidence:
    """What all shards showed; `test_files` are those of the whole suite. A test that ran in
    several shards counts with its worst outcome, a benchmark with its slowest samples."""
    runs = [shard.evidence for shard in shards]
    collected = frozenset[str]().union(*(run.collected for run in runs))
    given = tuple(dict.fromkeys(root for run in runs for root in run.roots))
    roots = with_whole_folders(given, shards[0].whole, test_files)
    lost = [f"{name} is missing" for name in missing(shards)]
    lost += [f"{shard.name}: {shard.evidence.lost}" for shard in shards if shard.evidence.lost]
    left_out = tuple(_left_out(runs))
    why = narrowed(shards[0].whole, roots)
    if why and test_files:
        why = _first_not_run(roots, test_files) or why
    if not why and left_out:
        why = f"{', '.join(left_out)} was left out"
    return RunEvidence(
        results=_results(runs),
        collected=collected,
        unselected=_unselected(runs, collected),
        roots=roots,
        left_out=left_out,
        narrowed=why,
        lost="; ".join(lost),
        samples=_samples(runs),
        samples_reason="; ".join(_reasons(shards, lambda run: run.samples_reason)),
        figures=_figures(runs),
        coverage=_coverage(shards, root),
        memory=_memory(runs),
    )


def _first_not_run(roots: Sequence[str], test_files: Sequence[str]) -> str:
    for file in test_files:
        if not any("::" not in root and covers(root, file) for root in roots):
            return f"{file} is in no shard"
    return ""


def _results(runs: Iterable[RunEvidence]) -> dict[str, TestResult]:
    found: dict[str, TestResult] = {}
    for run in runs:
        for nodeid, result in run.results.items():
            other = found.get(nodeid)
            if other is None or OUTCOME_RANK[result.outcome] > OUTCOME_RANK[other.outcome]:
                found[nodeid] = result
    return found


def _unselected(runs: Iterable[RunEvidence], collected: frozenset[str]) -> tuple[TestRef, ...]:
    """The tests that no shard has run."""
    refs = {ref.nodeid: ref for run in runs for ref in run.unselected}
    return tuple(ref for nodeid, ref in refs.items() if nodeid not in collected)


def _left_out(runs: Sequence[RunEvidence]) -> list[str]:
    """What options left out of one shard and no other shard has collected."""

    def is_there(path: str, run: RunEvidence) -> bool:
        near = any(covers(path, out) or covers(out, path) or "*" in out for out in run.left_out)
        return not near and any("::" not in root and covers(root, path) for root in run.roots)

    every = dict.fromkeys(path for run in runs for path in run.left_out)
    return [p for p in every if "*" in p or not any(is_there(p, run) for run in runs)]


def _samples(runs: Iterable[RunEvidence]) -> dict[str, Samples]:
    found: dict[str, Samples] = {}
    for run in runs:
        for nodeid, samples in run.samples.items():
            other = found.get(nodeid)
            if other is None or _middle(samples) > _middle(other):
                found[nodeid] = samples
    return found


def _memory(runs: Iterable[RunEvidence]) -> dict[MemoryPlan, MemoryUse]:
    found: dict[MemoryPlan, MemoryUse] = {}
    for run in runs:
        for plan, use in run.memory.items():
            other = found.get(plan)
            if other is None or _rank(use) > _rank(other):
                found[plan] = use
    return found


def _rank(use: MemoryUse) -> tuple[bool, int]:
    """What was not measured comes before all that was, then what took most."""
    grown = use.marks[-1] - use.marks[0] if use.marks else 0
    return bool(use.reason), use.peak + use.child + use.hidden + grown


def _figures(runs: Iterable[RunEvidence]) -> dict[str, tuple[Figure, ...]]:
    """What the tests recorded: that of a test which ran in several shards, all of it."""
    found: dict[str, tuple[Figure, ...]] = {}
    for run in runs:
        for nodeid, figures in run.figures.items():
            found[nodeid] = (*found.get(nodeid, ()), *figures)
    return found


def _middle(samples: Samples) -> float:
    return median(samples.rounds) if samples.rounds else 0.0


def _reasons(shards: Sequence[Shard], of: Callable[[RunEvidence], str]) -> list[str]:
    return [f"{shard.name}: {of(shard.evidence)}" for shard in shards if of(shard.evidence)]


def _coverage(shards: Sequence[Shard], root: Path) -> CoverageData:
    parts = [shard.coverage for shard in shards if shard.coverage is not None]
    if len(parts) < len(shards):
        steps = [shard.evidence.coverage.next_step for shard in shards]
        return CoverageData(
            reason="; ".join(_reasons(shards, lambda run: run.coverage.reason)),
            next_step=next(filter(None, steps), ""),
        )
    try:
        return CoverageData(coverage=restored_coverage(parts, root))
    except ProbeError as error:
        return CoverageData(reason=str(error), next_step="run all shards with the same options")


def merged_report(
    shards: Sequence[tuple[str, Shard]],
    loaded: Loaded,
    known: Mapping[str, Kind],
    around: Surroundings,
    stage: Stage,
    weakening: Weakening | None = None,
    evidence: Sequence[Kept] = (),
) -> GateReport:
    """Judge all gates of the specs by what the shards showed: `around.run` is their evidence."""
    names = [file for file, _ in shards]
    parts = [shard for _, shard in shards]
    gates = _bound(loaded, around.run)
    verdicts = judge_all(gates, known, around, stage)
    if weakening is not None:
        gates = [*gates, weakening.gate]
        verdicts[weakening.gate.nodeid] = verdict_of(weakening)
    judged = tuple(JudgedGate(gate, verdicts[gate.nodeid]) for gate in gates)
    waivers = waiver_states(loaded, judged)
    files = loaded.files.values()
    errors = [str(error) for file in files for error in file.all_errors]
    errors += dict.fromkeys(error for shard in parts for error in shard.errors)
    errors += [expired(state) for state in waivers if state.state == "expired"]
    notes = dict.fromkeys(note for shard in parts for note in shard.notes)
    told = f"merged from {len(parts)} of {parts[0].count} shards: {', '.join(names)}"
    base = around.base()
    now = datetime.datetime.now(datetime.timezone.utc)
    return GateReport(
        identity=Identity(
            commit=parts[0].commit,
            dirty=_any_dirty(parts),
            spec_digest=loaded.digest,
            versions=_each(shard.versions for shard in parts),
            machine=_each(shard.machine for shard in parts),
            started=min(shard.started for shard in parts),
            ended=utc(now),
            stage=stage,
            base=f"{base.ref} {base.commit}".strip(),
        ),
        judged=judged,
        unjudged=(),
        statements=tuple(s for file in files for spec in file.specs for s in spec.statements),
        errors=tuple(errors),
        notes=(told, *notes),
        waivers=waivers,
        comparison=weakening.comparison if weakening else None,
        evidence=tuple(evidence),
        coverage=with_covering_tests(all_analysed(around.cache), around),
    )


def _bound(loaded: Loaded, run: RunEvidence) -> list[Gate]:
    """The gates, those that `spec` markers name with the check on the marked tests."""
    refs = [*(result.ref for result in run.results.values()), *run.unselected]
    named = frozenset[str]().union(*(ref.criteria for ref in refs))
    addresses = criteria_of(loaded).addresses if named else {}
    gates = [gate for file in loaded.files.values() for gate in file.gates]
    return [
        with_tests(gate, addresses[gate.nodeid])
        if addresses.get(gate.nodeid, "") in named
        else gate
        for gate in gates
    ]


def _any_dirty(shards: Iterable[Shard]) -> bool | None:
    states = {shard.dirty for shard in shards}
    return True if True in states else None if None in states else False


def _each(found: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """One text for each name: where shards differ, all of theirs."""
    texts: dict[str, dict[str, None]] = {}
    for one in found:
        for name, text in one.items():
            texts.setdefault(name, {})[text] = None
    return {name: ", ".join(several) for name, several in texts.items()}
