"""`returns` and `takes`: a function of the project does what a schema says, whatever it is given.

Hypothesis draws the arguments, in a process of its own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from ..errors import ProbeError
from ..model import (
    Check,
    CounterExample,
    Gate,
    Kind,
    Measurement,
    Metric,
    Possible,
    Surroundings,
    Value,
    absence,
)
from . import schemas
from .drawing import told_by_process
from .references_of_code import PATTERN, is_reference
from .schema_files import compiled, loaded, part

_EXAMPLES, _DEADLINE, _TIMEOUT = 100, 5, 60
_FEWEST = 10
"""One in so many examples has to come to a result, else little was seen."""


def probe(check: Check, around: Surroundings) -> Measurement:
    if "call" not in around.allow:
        return absence(
            "calls of functions are not allowed by this project's configuration",
            "to allow them, add `specgates_allow = call` to the pytest configuration",
        )
    values: list[Value] = []
    evidence: list[str] = []
    for subject in check.subject:
        if not is_reference(subject):
            raise ProbeError(f"{subject} names no function: write `of: package.module:function`")
        job = _job(check, subject)
        told = told_by_process(job, float(check.options.get("timeout", _TIMEOUT)), around)
        lacking = _lacking(told, job)
        if lacking is not None:
            return lacking
        wrong = _wrong(told)
        values.append(Value(subject, Fraction(bool(wrong)), samples=max(_examples(told), 1)))
        evidence.append(_told(subject, told, job))
        evidence.extend(wrong)
    return Measurement(tuple(values), evidence=tuple(evidence), next_step=_next(around, evidence))


def _job(check: Check, subject: str) -> dict[str, Any]:
    options = check.options
    asked = options["asked"][0]
    is_result = check.kind == "returns"
    return {
        "what": "calls",
        "of": subject,
        "returns": asked if is_result else None,
        "takes": options.get("takes") if is_result else asked,
        "raises": options.get("raises", []),
        "examples": options.get("examples", _EXAMPLES),
        "deadline": options.get("deadline", _DEADLINE),
        "seed": options.get("seed", 0),
    }


def _examples(told: dict[str, Any]) -> int:
    return int(told.get("examples", 1))


def _wrong(told: dict[str, Any]) -> list[str]:
    """What the smallest counter-example is, and what is wrong with it; nothing where there is
    none."""
    if "ended" in told:
        return [f"counter-example: {told['last'][:400]}", f"  the call {told['ended']}"]
    failure = told["failure"]
    if not failure:
        return []
    note = [f"  {failure['note']}"] if "note" in failure else []
    return [f"counter-example: {failure['call']}", f"  {failure.get('problem', '')}", *note]


def _lacking(told: dict[str, Any], job: dict[str, Any]) -> Measurement | None:
    """Why the examples show nothing, or too little; None where they show something."""
    if "ended" in told or told["failure"]:
        return None
    examples, asked = told["examples"], job["examples"]
    of = job["of"]
    step = "let `takes:` allow less that the schema cannot say, or ask for fewer `examples:`"
    if told["reason"]:
        return absence(f"{of}: {examples} of {asked} examples: {told['reason']}", step)
    if told["rejected"] and examples < asked:
        rejected = f"{told['rejected']} that were drawn are not valid"
        return absence(f"{of}: {examples} of {asked} examples: {rejected}", step)
    if not examples:
        return absence(f"{of}: no example was drawn", step)
    if told["returned"] * _FEWEST < examples:
        raised = ", ".join(f"{count} raised {name}" for name, count in told["raised"].items())
        return absence(
            f"{of}: {told['returned']} of {examples} calls returned ({raised})",
            "let `takes:` allow only what the function is made for",
        )
    return None


def _told(subject: str, told: dict[str, Any], job: dict[str, Any]) -> str:
    if "ended" in told:
        return f"{subject}: called in a process of its own"
    examples = told["examples"]
    parts = [f"{examples} examples from {told['drawn']}", f"{told['returned']} returned"]
    parts += [f"{count} raised {name}" for name, count in told["raised"].items()]
    if not told["failure"] and examples < job["examples"]:
        parts.append("Hypothesis found no more that differ")
    return f"{subject}: {', '.join(parts)}; seed {job['seed']}"


def _next(around: Surroundings, evidence: list[str]) -> str:
    if not any(line.startswith("counter-example") for line in evidence):
        return ""
    name = around.gate.nodeid if around.gate is not None else ""
    return f'pytest --spec-gates "{name}" draws the same again'


def possible(check: Check, gate: Gate, around: Surroundings) -> Possible | None:
    """No result is refused by a schema that accepts everything; nothing is called with arguments
    that a schema refuses."""
    name = check.options["asked"][0]
    given = name if check.kind == "takes" else check.options.get("takes", "")
    if given and not is_reference(given) and _is(schemas.refuses_all, given, around):
        return Possible(Fraction(1), is_whole=True, why=f"{given} refuses every argument")
    if check.kind == "returns" and not is_reference(name):
        if _is(schemas.accepts_all, name, around):
            why = f"{name} accepts every result"
            return Possible(highest=Fraction(0), is_whole=True, why=why)
        if _is(schemas.refuses_all, name, around):
            return Possible(Fraction(1), Fraction(1), why=f"{name} refuses every result")
    return Possible(highest=Fraction(1), is_whole=True)


def _is(what: Any, name: str, around: Surroundings) -> bool:
    try:
        return bool(what(part(name, around), loaded(name, around)))
    except (ProbeError, OSError, RecursionError):
        return False  # a schema that cannot be read, or followed, is told where it is used


def canary(check: Check, wrong: Value, around: Surroundings) -> CounterExample:
    """The probe on a function that must not pass: that of `canary:`; else a result that is made,
    which the schema has to refuse."""
    named = check.options.get("canary")
    if named is not None:
        if "call" not in around.allow:
            return CounterExample(
                untried="calls are not allowed by this project's configuration, so none was made; "
                "in a run the gate is unmeasured, and does not hold"
            )
        options = {key: one for key, one in check.options.items() if key != "canary"}
        return CounterExample(probe(replace(check, subject=(named,), options=options), around))
    asked = check.options["asked"][0]
    if check.kind == "takes" or is_reference(asked):
        what = "an exception is a counter-example" if check.kind == "takes" else "of a model"
        return CounterExample(untried=f"{what}: name a function that must not pass with `canary:`")
    schema = compiled(asked, around)
    for record in schemas.suspects(part(asked, around), loaded(asked, around)):
        if not schema.is_valid(record):
            told = f"a function that returns {json.dumps(record)[:80]}"
            return CounterExample(Measurement((Value(told, Fraction(1)),)))
    raise ProbeError(
        f"{asked} refuses no result that was tried; name a function that must not pass with "
        "`canary:`"
    )


_FILE = r"^\S+\.(json|ya?ml)(#\S*)?$"
_SCHEMA = {"type": "string", "pattern": f"{_FILE}|^{PATTERN}$"}
_KEYS: dict[str, dict[str, Any]] = {
    "raises": {"type": ["string", "array"], "items": {"type": "string"}},
    "examples": {"type": "integer"},
    "deadline": {"type": "number"},
    "seed": {"type": "integer"},
    "timeout": {"type": "number"},
    "canary": {"type": "string"},
}


def _kind(name: str, summary: str, example: str, more: Mapping[str, dict[str, Any]]) -> Kind:
    return Kind(
        name=name,
        summary=summary,
        value=_SCHEMA,
        metrics=(Metric("counterexamples", "count", ("==",)),),
        probe=probe,
        possible=possible,
        canary=canary,
        takes=("of", "after"),
        needs="process",
        condition_in="must",
        default_condition="holds",
        words={"holds": "counterexamples == 0"},
        keys={**more, **_KEYS},
        subject_is_required=True,
        example=f"{example} with `of: app.api:make_track`",
    )


RETURNS = _kind(
    "returns",
    "What a function returns is valid under a JSON Schema, whatever it is given.",
    "`returns: schemas/track.json`",
    {"takes": {"type": "string"}},
)
TAKES = _kind(
    "takes",
    "A function takes every argument that a JSON Schema allows, without an exception.",
    "`takes: schemas/args.json`",
    {},
)
