"""`conforms: openapi.yaml` of a server or an app: its answers are what the document says."""

from __future__ import annotations

import ipaddress
from fractions import Fraction
from typing import Any
from urllib.parse import urlsplit

from ..errors import ProbeError
from ..model import Check, Measurement, Surroundings, Value, absence
from .drawing import told_by_process
from .references_of_code import is_reference

_EXAMPLES, _DEADLINE, _TIMEOUT = 20, 10, 120
KEYS: dict[str, dict[str, Any]] = {
    "examples": {"type": "integer"},
    "deadline": {"type": "number"},
    "seed": {"type": "integer"},
    "timeout": {"type": "number"},
}
"""Requests of an operation, seconds of one, the seed of what is drawn, seconds of all."""


def is_of_api(check: Check) -> bool:
    """Whether what it is of answers requests, and is no file of records."""
    return any(
        one.startswith(("http://", "https://")) or is_reference(one) for one in check.subject
    )


def probe(check: Check, around: Surroundings) -> Measurement:
    name = check.options["asked"][0]
    if len(check.subject) != 1:
        raise ProbeError("a gate is of one API: write a gate for each")
    if (check.metric, check.op, check.quantity.value) != ("invalid", "==", 0):
        raise ProbeError("of an API all is asked to be valid: leave out `must:`")
    (of,) = check.subject
    refused = _refused(of, around)
    if refused is not None:
        return refused
    job = {
        "what": "requests",
        "schema": name,
        "of": of,
        "examples": check.options.get("examples", _EXAMPLES),
        "deadline": check.options.get("deadline", _DEADLINE),
        "seed": check.options.get("seed", 0),
    }
    limit = float(check.options.get("timeout", _TIMEOUT))
    told = told_by_process(job, limit, around)
    if "ended" in told:
        raise ProbeError(f"{told['last']} {told['ended']}")
    return _measured(told["operations"], name, around)


def _refused(of: str, around: Surroundings) -> Measurement | None:
    """Why the API may not be called here; None where it may."""
    if is_reference(of):
        if "call" in around.allow:
            return None
        return absence(
            "calls of apps are not allowed by this project's configuration",
            "to allow them, add `specgates_allow = call` to the pytest configuration",
        )
    try:
        host = urlsplit(of).hostname or ""
    except ValueError as error:
        raise ProbeError(f"{of} is no URL: {error}") from error
    if _is_here(host) or "network" in around.allow:
        return None
    return absence(
        f"{host or of} is another machine, which this project's configuration does not allow",
        "name a server at 127.0.0.1, or add `specgates_allow = network` to the configuration",
    )


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _measured(operations: list[dict[str, Any]], name: str, around: Surroundings) -> Measurement:
    if not operations:
        return absence(f"{name} has no operation", "a document without one shows nothing")
    evidence: list[str] = []
    failed = [one for one in operations if one["failure"]]
    for one in failed:
        evidence.append(one["failure"]["request"])
        evidence.extend(f"  {problem}" for problem in one["failure"]["problems"][:5])
    evidence.extend(_told(one) for one in operations)
    values = [
        Value(one["name"], Fraction(bool(one["failure"])), samples=max(one["calls"], 1))
        for one in operations
    ]
    lacking = next((one for one in operations if not one["failure"] and _lack(one)), None)
    if lacking is not None and not failed:
        return Measurement(
            absent="unmeasured",
            reason=f"{lacking['name']}: {_lack(lacking)}",
            evidence=tuple(evidence[:30]),
            next_step="write `example:` values into the document that the API knows",
        )
    gate = around.gate.nodeid if around.gate is not None else ""
    return Measurement(
        tuple(values),
        evidence=tuple(evidence[:30]),
        next_step=f'pytest --spec-gates "{gate}" draws the same again' if failed else "",
    )


def _lack(one: dict[str, Any]) -> str:
    """Why the answers to an operation show nothing, or too little."""
    if one["reason"]:
        return f"{one['calls']} calls: {one['reason']}"
    if not any(status.startswith("2") for status in one["statuses"]):
        statuses = ", ".join(f"{count} x {status}" for status, count in one["statuses"].items())
        return f"none of {one['calls']} calls succeeded ({statuses or 'no answer'})"
    return ""


def _told(one: dict[str, Any]) -> str:
    statuses = ", ".join(f"{count} x {status}" for status, count in one["statuses"].items())
    return f"{one['name']}: {one['calls']} calls, {statuses or 'no answer'}"
