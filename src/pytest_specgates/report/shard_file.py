"""A shard as JSON, and read again: plain values only, so that reading one runs nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from fractions import Fraction
from typing import Any

from ..model import (
    OUTCOME_RANK,
    CoverageData,
    Executed,
    Figure,
    MemoryPlan,
    MemoryUse,
    RecordedCoverage,
    RunEvidence,
    Samples,
    Shard,
    TestRef,
    TestResult,
)
from .recorded import ReportError, check_shape, load_json

MOST_SHARDS = 99_999
_FORMAT, _VERSION = "pytest-specgates shard", 1


def render_shard(shard: Shard) -> str:
    run = shard.evidence
    data = {
        "format": _FORMAT,
        "format_version": _VERSION,
        "number": shard.number,
        "count": shard.count,
        "commit": shard.commit,
        "dirty": shard.dirty,
        "spec_digest": shard.spec_digest,
        "versions": dict(shard.versions),
        "machine": dict(shard.machine),
        "started": shard.started,
        "ended": shard.ended,
        "whole": list(shard.whole),
        "errors": list(shard.errors),
        "notes": list(shard.notes),
        "roots": list(run.roots),
        "left_out": list(run.left_out),
        "narrowed": run.narrowed,
        "lost": run.lost,
        "collected": sorted(run.collected),
        "results": {
            nodeid: {"outcome": one.outcome, "reruns": one.reruns, **_ref(one.ref)}
            for nodeid, one in run.results.items()
        },
        "unselected": {ref.nodeid: _ref(ref) for ref in run.unselected},
        "samples": {
            nodeid: {
                "rounds": s.rounds,
                "iterations": s.iterations,
                "source": s.source,
                "lost": s.lost,
                "seconds": s.seconds,
                "counts": s.counts,
            }
            for nodeid, s in run.samples.items()
        },
        "samples_reason": run.samples_reason,
        "memory": [asdict(use) for use in run.memory.values()],
        "figures": {
            nodeid: [_figure(figure) for figure in figures]
            for nodeid, figures in run.figures.items()
        },
        "coverage": None if shard.coverage is None else _coverage(shard.coverage),
        "coverage_reason": run.coverage.reason,
        "coverage_next_step": run.coverage.next_step,
    }
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n"


def _ref(ref: TestRef) -> dict[str, Any]:
    return {
        "markers": sorted(ref.markers),
        "benchmark": ref.is_benchmark,
        "criteria": sorted(ref.criteria),
    }


def _figure(figure: Figure) -> dict[str, Any]:
    value = f"{figure.value.numerator}/{figure.value.denominator}"
    return {
        "name": figure.name,
        "value": value,
        "unit": figure.unit,
        "written": figure.written,
    }


def _coverage(data: RecordedCoverage) -> dict[str, Any]:
    return {
        "has_arcs": data.has_arcs,
        "sources": list(data.sources),
        "config": data.config,
        "files": data.files,
    }


def read_shard(text: str) -> Shard:
    """Raises ReportError for what is no JSON, or not a shard of this version."""
    data = load_json(text)
    if not isinstance(data, dict) or data.get("format") != _FORMAT:
        raise ReportError("not a shard of pytest-specgates; --spec-gates-shard=I/N writes one")
    check_shape(data, _json_schema(), "the shard")
    return Shard(
        number=data["number"],
        count=data["count"],
        commit=data["commit"],
        dirty=data["dirty"],
        spec_digest=data["spec_digest"],
        versions=data["versions"],
        machine=data["machine"],
        started=data["started"],
        ended=data["ended"],
        whole=tuple(data["whole"]),
        errors=tuple(data["errors"]),
        notes=tuple(data["notes"]),
        evidence=RunEvidence(
            results={
                nodeid: TestResult(_ref_of(nodeid, one), one["outcome"], one["reruns"])
                for nodeid, one in data["results"].items()
            },
            collected=frozenset(data["collected"]),
            unselected=tuple(_ref_of(nodeid, one) for nodeid, one in data["unselected"].items()),
            roots=tuple(data["roots"]),
            left_out=tuple(data["left_out"]),
            narrowed=data["narrowed"],
            lost=data["lost"],
            samples={
                nodeid: Samples(
                    tuple(map(float, s["rounds"])),
                    s["iterations"],
                    s["source"],
                    s["lost"],
                    float(s["seconds"]),
                    tuple(s["counts"]),
                )
                for nodeid, s in data["samples"].items()
            },
            samples_reason=data["samples_reason"],
            memory={use.plan: use for use in map(_memory_of, data["memory"])},
            figures={
                nodeid: tuple(_figure_of(one) for one in figures)
                for nodeid, figures in data["figures"].items()
            },
            coverage=CoverageData(
                reason=data["coverage_reason"], next_step=data["coverage_next_step"]
            ),
        ),
        coverage=None if data["coverage"] is None else _coverage_of(data["coverage"]),
    )


def _ref_of(nodeid: str, one: Mapping[str, Any]) -> TestRef:
    markers, criteria = frozenset(one["markers"]), frozenset(one["criteria"])
    return TestRef(nodeid, markers, one["benchmark"], criteria)


def _memory_of(one: Mapping[str, Any]) -> MemoryUse:
    plan = one["plan"]
    made = MemoryPlan(plan["nodeid"], plan["by"], plan["calls"], float(plan["limit"]))
    return MemoryUse(**{**one, "plan": made, "marks": tuple(one["marks"])})


def _figure_of(one: Mapping[str, Any]) -> Figure:
    return Figure(one["name"], Fraction(one["value"]), one["unit"], one["written"])


def _coverage_of(data: Mapping[str, Any]) -> RecordedCoverage:
    width = 2 if data["has_arcs"] else 1
    return RecordedCoverage(
        data["has_arcs"],
        {
            name: {context: _executed(found, width) for context, found in contexts.items()}
            for name, contexts in data["files"].items()
        },
        tuple(data["sources"]),
        data["config"],
    )


def _executed(found: Iterable[Any], width: int) -> Executed:
    # By hand: a schema would look at each of a million numbers in turn.
    for one in found:
        if not isinstance(one, list) or len(one) != width or any(type(n) is not int for n in one):
            raise ReportError(f"coverage/files: {one!r:.80} is not {width} line numbers")
    return tuple(tuple(one) for one in found)


def _json_schema() -> dict[str, Any]:
    text = {"type": "string"}
    texts = {"type": "array", "items": text}
    count = {"type": "integer", "minimum": 0}
    ref = {"markers": texts, "benchmark": {"type": "boolean"}, "criteria": texts}
    positive = {"type": "integer", "minimum": 1}
    place = {**positive, "maximum": MOST_SHARDS}
    named = {"type": "object", "additionalProperties": text}
    fraction = {"type": "string", "pattern": "^-?[0-9]{1,400}/[1-9][0-9]{0,399}$"}
    figure = _object({"name": text, "value": fraction, "unit": text, "written": text})
    return _object(
        {
            "format": {"const": _FORMAT},
            "format_version": {"const": _VERSION},
            "number": place,
            "count": place,
            "commit": text,
            "dirty": {"type": ["boolean", "null"]},
            "spec_digest": text,
            "versions": named,
            "machine": named,
            "started": text,
            "ended": text,
            "whole": texts,
            "errors": texts,
            "notes": texts,
            "roots": texts,
            "left_out": texts,
            "narrowed": text,
            "lost": text,
            "collected": texts,
            "results": _each(
                _object({"outcome": {"enum": list(OUTCOME_RANK)}, "reruns": count, **ref})
            ),
            "unselected": _each(_object(ref)),
            "samples": _each(
                _object(
                    {
                        "rounds": {"type": "array", "items": {"type": "number"}},
                        "iterations": positive,
                        "source": text,
                        "lost": count,
                        "seconds": {"type": "number", "minimum": 0},
                        "counts": {"type": "array", "items": positive},
                    }
                )
            ),
            "samples_reason": text,
            "memory": {"type": "array", "items": _memory(text, count, positive)},
            "figures": _each({"type": "array", "items": figure}),
            "coverage": {
                "anyOf": [
                    {"type": "null"},
                    _object(
                        {
                            "has_arcs": {"type": "boolean"},
                            "sources": texts,
                            "config": text,
                            "files": _each(_each({"type": "array"})),
                        }
                    ),
                ]
            },
            "coverage_reason": text,
            "coverage_next_step": text,
        }
    )


def _memory(text: object, count: object, positive: object) -> dict[str, Any]:
    limit = {"type": "number"}
    return _object(
        {
            "plan": _object({"nodeid": text, "by": text, "calls": count, "limit": limit}),
            "start": count,
            "peak": count,
            "child": count,
            "hidden": count,
            "why": text,
            "warm_up": count,
            "calls": count,
            "marks": {"type": "array", "items": count},
            "reason": text,
            "next_step": text,
        }
    )


def _each(schema: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": schema}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
