"""Tests bound to criteria: what a `spec` marker names, and what it makes of a gate."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from ..errors import did_you_mean
from ..model import Check, Gate, Quantity, Statement
from .bindings import fold

_Table = Mapping[str, tuple[str, ...]]

SUBJECT = "spec:"
"""How the subject of a `tests` check begins whose tests are marked: `spec:ADDRESS`."""


@dataclass(frozen=True, slots=True)
class Criteria:
    """The criteria of all specs by what a marker may call them.

    `names` has four tables: addresses (`spec/phase.id`, `spec/id`), ids (`phase.id`, `id`),
    texts, node ids. Each maps to the addresses of the criteria.
    """

    names: tuple[_Table, _Table, _Table, _Table] = ({}, {}, {}, {})
    addresses: Mapping[str, str] = field(default_factory=dict)
    """Node id -> address."""
    reasons: Mapping[str, str] = field(default_factory=dict)
    """The texts of the lines that are no gate -> why."""


def criteria_of(gates: Iterable[Gate], statements: Iterable[Statement]) -> Criteria:
    gates = list(gates)
    counted: dict[str, int] = {}
    for gate in gates:
        address = f"{gate.spec.name}/{gate.name}"
        counted[address] = counted.get(address, 0) + 1
    addresses = {}
    by_address: dict[str, dict[str, None]] = {}
    by_id: dict[str, dict[str, None]] = {}
    by_text: dict[str, dict[str, None]] = {}
    for gate in gates:
        address = f"{gate.spec.name}/{gate.name}"
        if counted[address] > 1:
            # Two files have a spec of this name: only the node id tells them apart.
            address = gate.nodeid
        addresses[gate.nodeid] = address
        for name in (gate.name, gate.criterion.id):
            by_address.setdefault(fold(f"{gate.spec.name}/{name}"), {})[address] = None
            by_id.setdefault(fold(name), {})[address] = None
        by_text.setdefault(fold(gate.criterion.text), {})[address] = None
    by_node = {fold(nodeid): {address: None} for nodeid, address in addresses.items()}
    return Criteria(
        (_table(by_address), _table(by_id), _table(by_text), _table(by_node)),
        addresses,
        {
            fold(s.text): f"{s.path}:{s.line} is not a gate: {s.reason}"
            for s in statements
            if s.text.strip()
        },
    )


def _table(found: Mapping[str, Mapping[str, None]]) -> _Table:
    return {name: tuple(addresses) for name, addresses in found.items()}


def resolve(text: str, criteria: Criteria, with_hint: bool = True) -> str:
    """The address of the criterion that a marker's text names. Raises LookupError, whose
    text says what is wrong with it and, as that takes its time, `with_hint` what to write."""
    wanted = fold(text)
    addresses, ids, texts, nodes = criteria.names
    for found in (
        addresses.get(wanted, ()),
        tuple(dict.fromkeys((*ids.get(wanted, ()), *texts.get(wanted, ())))),
        nodes.get(wanted, ()),
    ):
        if len(found) == 1:
            return found[0]
        if found:
            shown = ", ".join(f'"{address}"' for address in found[:5])
            raise LookupError(f'"{text}" fits {len(found)} criteria; name one of {shown}')
    reason = criteria.reasons.get(wanted)
    if reason:
        raise LookupError(f'"{text}" names no criterion: {reason}')
    hint = _hint(text, criteria) if with_hint else ""
    raise LookupError(f'"{text}" names no criterion; {hint}'.rstrip("; "))


def _hint(text: str, criteria: Criteria) -> str:
    addresses = list(criteria.addresses.values())
    spec, slash, _ = text.partition("/")
    if slash:
        inside = [a for a in addresses if a.lower().startswith(f"{spec.lower()}/")]
        specs = {a.partition("/")[0] for a in addresses}
        if not inside:
            return did_you_mean(text, addresses).replace("known: ", "criteria: ") or did_you_mean(
                spec, specs
            )
        return did_you_mean(text, inside).replace("known: ", "criteria: ")
    known = [name for table in criteria.names[1:3] for name in table]
    hint = did_you_mean(fold(text), known)
    return hint if hint.startswith("did you mean") else f"criteria: {', '.join(addresses[:20])}"


def with_tests(gate: Gate, address: str) -> Gate:
    """The gate that asks, beside what it asks already, that the tests marked for it pass."""
    check = Check(
        kind="tests",
        metric="failing",
        op="==",
        quantity=Quantity(Fraction(0), "count", "0"),
        subject=(SUBJECT + address,),
    )
    reading = gate.reading
    own = reading.checks
    is_prose = gate.criterion.gate is None and reading.bound_at is None
    if is_prose:
        # Prose that refers to gates that are not there measures nothing.
        own = tuple(c for c in own if c.kind != "gates" or c.options.get("refers_to"))
    if is_prose and not _PERSON.search(gate.criterion.text):
        # A built-in phrase asked a person, for want of tests.
        own = tuple(c for c in own if c.kind != "attested")
    elif is_prose and not any(c.kind == "attested" for c in own):
        # What a person has to do, no test has done.
        own = (*own, _attested(gate))
    sentence = f'tests marked spec("{address}"): all pass'
    said = reading.text if reading.checks else "a person attests it" if own else ""
    if not own and reading.meaning is not None and reading.meaning.thresholds:
        from . import stated  # read by prose, which is loaded then

        limits = stated.in_words(reading.meaning)
        sentence += f" - on their word alone for {limits}, which no probe measured"
    return replace(
        gate,
        reading=replace(
            reading,
            checks=(*own, check),
            text=f"{said}; {sentence}" if own and said else sentence,
            reason="",
            suggestion="",
        ),
    )


_PERSON = re.compile(
    r"\b(?:reviewed|reviews? (?:by|of|is|are|was|done|completed?|passed|approved)|"
    r"(?:code|security|peer|design|legal|ux|pr|architecture) reviews?|reviewers?|"
    r"sign(?:ed|s)?[- ]?offs?|approv(?:e|es|ed|als?)|audit(?:ed|s)?|accepted by|accepts? the|"
    r"agree[ds]?|agreement of|stakeholders?|endorsed|confirmed by|maintainers)\b",
    re.IGNORECASE,
)
"""What only a person can do."""


def asks_a_person(text: str, kind: str) -> bool:
    """Whether only a person can do what a criterion in prose asks for: no test stands for it."""
    return kind == "review" or _PERSON.search(text) is not None


def _attested(gate: Gate) -> Check:
    options: dict[str, object] = {"asked": (gate.criterion.id,)}
    if gate.spec.scope:
        options["covers"] = list(gate.spec.scope)
    return Check(
        kind="attested",
        metric="attestations",
        op=">=",
        quantity=Quantity(Fraction(1), "count", "1"),
        options=options,
    )
