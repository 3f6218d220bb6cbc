"""Tests bound to criteria: what a `spec` marker names, and what it makes of a gate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from ..errors import did_you_mean
from ..model import Check, Gate, Quantity, Statement
from .bindings import fold

SUBJECT = "spec:"
"""How the subject of a `tests` check begins whose tests are marked: `spec:ADDRESS`."""


@dataclass(frozen=True, slots=True)
class Criteria:
    """The criteria of all specs by what a marker may call them.

    `names` has four tables, tried in this order: addresses (`spec/phase.id`, `spec/id`),
    ids (`phase.id`, `id`), texts, node ids. Each maps to the addresses of the criteria.
    """

    names: tuple[Mapping[str, tuple[str, ...]], ...] = ()
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
    tables = (by_address, by_id, by_text, by_node)
    return Criteria(
        tuple({name: tuple(found) for name, found in table.items()} for table in tables),
        addresses,
        {
            fold(s.text): f"{s.path}:{s.line} is not a gate: {s.reason}"
            for s in statements
            if s.text.strip()
        },
    )


def resolve(text: str, criteria: Criteria) -> str:
    """The address of the criterion that a marker's text names. Raises LookupError, whose
    text says what is wrong with it and what to write."""
    wanted = fold(text)
    for table in criteria.names:
        found = table.get(wanted, ())
        if len(found) == 1:
            return found[0]
        if found:
            shown = ", ".join(f'"{address}"' for address in found[:5])
            raise LookupError(f'"{text}" fits {len(found)} criteria; name one of {shown}')
    reason = criteria.reasons.get(wanted)
    if reason:
        raise LookupError(f'"{text}" names no criterion: {reason}')
    raise LookupError(f'"{text}" names no criterion; {_hint(text, criteria)}'.rstrip("; "))


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
    if gate.criterion.gate is None:
        # Prose that refers to gates that are not there measures nothing.
        own = tuple(c for c in own if c.kind != "gates" or c.options.get("refers_to"))
    if reading.meaning is not None and reading.meaning.kind != "review":
        # A built-in phrase asked a person, for want of tests. A review stays a person's.
        own = tuple(c for c in own if c.kind != "attested")
    sentence = f'tests marked spec("{address}"): all pass'
    if not own and reading.meaning is not None and reading.meaning.thresholds:
        from . import stated  # read by prose, which is loaded then

        limits = stated.in_words(reading.meaning)
        sentence += f" - on their word alone for {limits}, which no probe measured"
    return replace(
        gate,
        reading=replace(
            reading,
            checks=(*own, check),
            text=f"{reading.text}; {sentence}" if own and reading.text else sentence,
            reason="",
            suggestion="",
        ),
    )
