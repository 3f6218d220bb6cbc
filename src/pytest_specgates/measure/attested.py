"""`attested`: people sign it off, each for a commit since which nothing it covers has changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from ..errors import ProbeError
from ..model import Check, Gate, Kind, Measurement, Metric, Possible, Surroundings, Value
from . import git, paths, signing
from .statements import Demand, Kept, SignOff, demand_of, identity, is_of_store, kept, texts

_SHOWN = 10


@dataclass(frozen=True, slots=True)
class _Found:
    """The statements on one demand: those that count by person, and why others do not."""

    counted: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)


def probe(check: Check, around: Surroundings) -> Measurement:
    gate = around.gate
    demand = demand_of(gate) if gate is not None else None
    found = _Found() if demand is None else _found(demand, check, around)
    asked = ", ".join(check.options["asked"])
    names = sorted(found.counted)
    # What is stale comes first: it is what a reader has to know.
    told = sorted(found.faults.values(), key=lambda text: not text.startswith("stale"))
    told.append(f"{asked}: {_wanted(check)}" + (f", {', '.join(names)} did" if names else ""))
    address = gate.address if gate is not None else "CRITERION"
    return Measurement(
        (Value(", ".join(names) or asked, len(names)),),
        reason="; ".join(told),
        evidence=(*found.counted.values(), *found.faults.values()),
        next_step=f"specgates attest {address} --by NAME --note TEXT; or waive it with an owner, "
        "a reason and a date, or put it at level `should`",
    )


def _wanted(check: Check) -> str:
    fewest = check.quantity.value
    many = not isinstance(fewest, (str, bool)) and fewest > 1
    people = f"{check.quantity.written} people have" if many else "a person has"
    who = texts(check.options.get("by"))
    return f"{people} to sign it off" + (f" ({', '.join(who)} can)" if who else "")


def _found(demand: Demand, check: Check, around: Surroundings) -> _Found:
    """Judge every statement on a demand; the newest of each person first."""
    counted: dict[str, tuple[str, str]] = {}
    faults: dict[str, str] = {}
    keys: set[str] = set()
    who = texts(check.options.get("by"))
    for one in _kept(around).get(demand.criterion, ()):
        made = one.sign_off
        person = identity(made.by)
        if person in counted:
            continue
        if who and person not in map(identity, who):
            faults.setdefault(person, f"{made.by} signed, and {', '.join(who)} can")
            continue
        try:
            key = _signed_with(one, around)
        except signing.SigningError as error:
            faults.setdefault(person, f"{made.by}: {one.place}: {error}")
            continue
        fault = _why_stale(made, demand, around)
        if fault:
            faults.setdefault(person, f"stale: {made.by} signed {made.commit[:10]}, {fault}")
        elif key and key in keys:
            faults.setdefault(person, f"{made.by} signed with the key of another one who did")
        else:
            keys.add(key)
            note = " ".join(made.note.split())[:300]
            signed = f", key {key}" if key else ""
            told = f"{made.by} signed {made.commit[:10]} at {made.time}{signed}: {note}"
            counted[person] = (made.by, told)
    return _Found(
        {name: _plain(told) for name, told in counted.values()},
        {person: _plain(told) for person, told in faults.items() if person not in counted},
    )


def _plain(text: str) -> str:
    """The text without what would steer a terminal: statements are written by anybody."""
    return "".join(c if c.isprintable() else "?" for c in text)


def _kept(around: Surroundings) -> Mapping[str, Sequence[Kept]]:
    """All statements by their criterion, the newest first."""
    key = ("attestations", around.attestations)
    if key not in around.cache:
        by_criterion: dict[str, list[Kept]] = {}
        everything = kept(around.root, around.attestations)
        for one in sorted(everything, key=lambda k: (k.sign_off.time, k.place), reverse=True):
            by_criterion.setdefault(one.sign_off.demand.criterion, []).append(one)
        around.cache[key] = by_criterion
    found: Mapping[str, Sequence[Kept]] = around.cache[key]
    return found


def _signed_with(one: Kept, around: Surroundings) -> str:
    """The key, where the project says whose signatures count; "" where it does not."""
    if not around.allowed_signers:
        return ""
    name = paths.inside(around.root, around.allowed_signers)
    signers = around.root / name
    if not signers.is_file():
        raise ProbeError(
            f"specgates_allowed_signers: {name} is not there; write it, a line `NAME KEYTYPE KEY` "
            "for each person"
        )
    if not one.signature:
        raise signing.SigningError(f"not signed, and {name} says whose signatures count")
    return signing.verify(one.data, one.signature, one.sign_off.by, signers)


# --- what is stale ------------------------------------------------------------------------


def _why_stale(made: SignOff, demand: Demand, around: Surroundings) -> str:
    """Why a statement does not hold any more, or never did; "" where it does."""
    then = made.demand
    if then.spec != demand.spec:
        return f"a criterion of {then.spec}, and this one is of {demand.spec}"
    if then.text != demand.text:
        return f'when the criterion was "{_short(then.text)}"'
    if then.asks != demand.asks:
        return f"when it asked for {'; '.join(then.asks)} (now {'; '.join(demand.asks)})"
    if then.covers != demand.covers:
        return f"when it covered {in_words(then.covers)} (now {in_words(demand.covers)})"
    fault = _of_commit(made, around)
    if fault:
        return fault
    changed = changed_since(around, made.commit, demand.covers)
    if changed:
        more = f" and {len(changed) - _SHOWN} more" if len(changed) > _SHOWN else ""
        return f"since then changed: {', '.join(changed[:_SHOWN])}{more}"
    return ""


def _of_commit(made: SignOff, around: Surroundings) -> str:
    key = ("attested commit", made.commit, made.demand.spec, made.spec_digest)
    if key not in around.cache:
        around.cache[key] = _unbound(around.root, made)
    found: str = around.cache[key]
    return found


def _unbound(root: Path, made: SignOff) -> str:
    """Why a statement is not bound to its commit."""
    if not git.is_ref(root, made.commit):
        return "which is not here (a shallow clone? fetch its history)"
    try:
        if not git.is_ancestor(root, made.commit):
            return "which is not in the history of HEAD"
        there = git.digest_at(root, made.commit, made.demand.spec)
    except git.GitError as error:
        return f"and git cannot tell of it: {error}"
    if there != made.spec_digest:
        return f"where {made.demand.spec} is not the one that it names by its digest"
    return ""


def changed_since(around: Surroundings, commit: str, covers: Iterable[str]) -> list[str]:
    """The files that paths and globs cover (all, without any) and that differ from a commit,
    committed or not. Raises ProbeError where a path covers nothing, or git cannot tell."""
    patterns = [paths.inside(around.root, pattern) for pattern in covers]
    try:
        changed = _differing(around, commit)
        for pattern in patterns:
            there = any(paths.covers(pattern, name) for name in changed)
            if not there and not _is_there(pattern, around):
                raise ProbeError(f"`covers: {pattern}` names no file; correct the path")
    except git.GitError as error:
        raise ProbeError(f"git: {error}") from error
    if not patterns:
        return list(changed)
    return [name for name in changed if any(paths.covers(pattern, name) for pattern in patterns)]


def _differing(around: Surroundings, commit: str) -> Sequence[str]:
    """What differs from a commit, but for the statements themselves."""
    key = ("changed since", commit, around.attestations)
    if key not in around.cache:
        folder = paths.inside(around.root, around.attestations)
        found = git.differing(around.root, commit)
        around.cache[key] = [name for name in found if not is_of_store(folder, name)]
    changed: Sequence[str] = around.cache[key]
    return changed


def _is_there(pattern: str, around: Surroundings) -> bool:
    """Whether a path or glob names a file that is here."""
    cache = around.cache
    if "names now" not in cache:
        names = frozenset(git.names_now(around.root))
        folders = {name[:at] for name in names for at, c in enumerate(name) if c == "/"}
        cache["names now"] = names, folders | {"."}
    names, folders = cache["names now"]
    if not paths.is_pattern(pattern):
        return pattern in names or pattern.rstrip("/") in folders
    return any(paths.covers(pattern, name) for name in names)


def in_words(covers: Iterable[str]) -> str:
    return ", ".join(covers) or "everything below the root"


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:77] + "..."


def possible(check: Check, gate: Gate, around: Surroundings) -> Possible:
    """As many people can sign as `by` names; each counts once."""
    people = {identity(name) for name in texts(check.options.get("by"))}
    if not people:
        return Possible(is_whole=True)
    why = f"{check.quantity.written} people have to sign it off, and `by` names {len(people)}"
    return Possible(highest=Fraction(len(people)), is_whole=True, why=why)


_TEXTS = {"type": ["string", "array"], "items": {"type": "string"}, "minItems": 1}

KIND = Kind(
    name="attested",
    summary="People sign it off; no measurement can stand for it.",
    value=_TEXTS,
    metrics=(Metric("attestations", "count", (">=",)),),
    probe=probe,
    possible=possible,
    takes=(),
    needs="files",
    condition_in="must",
    default_condition="signed off",
    words={"signed off": "attestations >= 1"},
    keys={"by": _TEXTS, "covers": _TEXTS},
    scope_key="covers",
    example="`attested: code-review`",
)
