"""A person signs a gate off: the statement is made, signed, and kept."""

from __future__ import annotations

import contextlib
import datetime
import difflib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..errors import ProbeError
from ..measure import git, paths
from ..measure.attested import changed_since, in_words
from ..measure.signing import SigningError, sign
from ..measure.statements import (
    LARGEST,
    LARGEST_NOTES,
    Demand,
    SignOff,
    demand_of,
    file_name,
    in_note,
    misnamed,
    written,
)
from ..model import Gate, Surroundings
from ..understand.marks import with_tests
from ..writing import write_whole
from .loading import Loaded, criteria_of

_SHOWN = 20


class AttestError(Exception):
    """Why something cannot be signed off: a sentence, and what to do next."""


@dataclass(frozen=True, slots=True)
class Attested:
    """A statement that was kept, and where. `gate` is the part of the gate that asks people."""

    gate: Gate
    sign_off: SignOff
    place: str
    is_ignored: bool = False
    """Whether git leaves the file out of commits."""


def find_gate(loaded: Loaded, text: str) -> Gate:
    """The gate of an address, a node id, or the unambiguous end of one. Raises AttestError."""
    gates = [gate for file in loaded.files.values() for gate in file.gates]
    addresses = criteria_of(loaded).addresses
    wanted = text.strip()
    for found in (
        [gate for gate in gates if wanted in (gate.address, gate.nodeid)],
        [gate for gate in gates if _ends(gate.address, wanted) or _ends(gate.nodeid, wanted)],
    ):
        if len(found) == 1:
            return found[0]
        if found:
            shown = ", ".join(addresses[gate.nodeid] for gate in found[:10])
            raise AttestError(f'"{text}" names {len(found)} criteria; write one of: {shown}')
    raise AttestError(f'no criterion is called "{text}"; {_hint(wanted, gates, addresses)}')


def _hint(wanted: str, gates: Sequence[Gate], addresses: Mapping[str, str]) -> str:
    """The address that was meant, if one is close; else those that can be signed off."""
    for names in (
        {addresses[gate.nodeid]: addresses[gate.nodeid] for gate in gates},
        {gate.name: addresses[gate.nodeid] for gate in gates},
        {gate.criterion.id: addresses[gate.nodeid] for gate in gates},
    ):
        close = difflib.get_close_matches(wanted, names, n=1)
        if close:
            return f'did you mean "{names[close[0]]}"?'
    known = sorted(addresses[gate.nodeid] for gate in gates if _of_people(gate).checks)
    return f"to be signed off are: {', '.join(known[:_SHOWN]) or 'none'}"


def _ends(name: str, end: str) -> bool:
    return bool(end) and name.endswith(end) and name[-len(end) - 1 : -len(end)] in tuple("/.:")


def _of_people(gate: Gate) -> Gate:
    """The part of a gate that asks people, also of one that does so only if tests are marked for
    it, which only a run knows."""
    if demand_of(gate) is None:
        gate = with_tests(gate, gate.address)
    checks = tuple(check for check in gate.checks if check.kind == "attested")
    return replace(gate, reading=replace(gate.reading, checks=checks))


def attest(
    gate: Gate, around: Surroundings, by: str, note: str, key: Path | None, as_note: bool
) -> Attested:
    """Make the statement of a person on a gate at HEAD, sign it if a key is given, and keep it.
    Raises AttestError; nothing is changed then."""
    span = gate.criterion.span
    asking = _of_people(gate)
    demand = demand_of(asking)
    if demand is None:
        raise AttestError(
            f"{span.path}:{span.line}: {gate.address} asks nobody to sign it off\n"
            f"  as written: {' '.join(gate.criterion.text.split())[:300]}\n"
            f"  read as: {gate.reading.text or gate.reading.reason}\n"
            "  a criterion that does is written: - attested: code-review"
        )
    try:
        sign_off = _made(demand, around, by, note)
        data = written(sign_off)
        if len(data) > LARGEST:
            raise AttestError(f"the statement is larger than {LARGEST:,} bytes: shorten the note")
        signature = sign(data, key) if key is not None else b""
        if as_note:
            place = _keep_note(around.root, sign_off, data, signature)
        else:
            place = _keep_file(around, sign_off, data, signature)
    except (ProbeError, SigningError) as error:
        raise AttestError(str(error)) from error
    except git.GitError as error:
        raise AttestError(f"git: {error}") from error
    ignored = not as_note and git.is_ignored(around.root, place)
    return Attested(asking, sign_off, place, ignored)


def _made(demand: Demand, around: Surroundings, by: str, note: str) -> SignOff:
    fault = misnamed(by)
    if fault:
        raise AttestError(f"--by {fault}")
    if not note.strip():
        raise AttestError("--note is empty: say what was looked at, and what was found")
    try:
        (by + note).encode("utf-8")
    except UnicodeEncodeError as error:
        raise AttestError("--by and --note have to be text (UTF-8)") from error
    try:
        commit = git.head(around.root)
    except git.GitError as error:
        raise AttestError(
            f"there is no commit to sign off ({error}); commit what was looked at first"
        ) from error
    digest = git.digest_at(around.root, commit, demand.spec)
    # A statement on what no commit holds would be stale at once.
    changed = changed_since(around, commit, demand.covers)
    if not digest or demand.spec in git.differing(around.root, commit):
        changed = sorted({demand.spec, *changed})
    if changed:
        more = f" and {len(changed) - _SHOWN} more" if len(changed) > _SHOWN else ""
        raise AttestError(
            f"HEAD ({commit[:10]}) is not what is here, and a commit is what is signed off.\n"
            f"  covered: {in_words(demand.covers)}, and {demand.spec}\n"
            f"  not committed: {', '.join(changed[:_SHOWN])}{more}\n"
            "  commit them, or name in .gitignore what is not part of the project"
        )
    now = datetime.datetime.now(datetime.timezone.utc)
    time = now.isoformat(timespec="seconds").replace("+00:00", "Z")
    return SignOff(demand, by.strip(), note.strip(), time, commit, digest)


def _keep_file(around: Surroundings, sign_off: SignOff, data: bytes, signature: bytes) -> str:
    folder = paths.inside(around.root, around.attestations).rstrip("/")
    if folder == ".":
        raise AttestError("specgates_attestations: name a folder below the root")
    name = f"{folder}/{file_name(sign_off.demand, sign_off.by)}"
    file, beside = around.root / name, around.root / f"{name}.sig"
    for path in (name, f"{name}.sig"):
        paths.inside(around.root, path)  # raises for a link that leads out
    try:
        before = file.read_bytes() if file.is_file() else None
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, data)
    except OSError as error:
        raise AttestError(f"{name} cannot be written: {error.strerror or error}") from error
    try:
        if signature:
            write_whole(beside, signature)
        else:
            beside.unlink(missing_ok=True)
    except OSError as error:
        # Not half of it: the statement goes with its signature.
        with contextlib.suppress(OSError):
            if before is None:
                os.unlink(file)
            else:
                write_whole(file, before)
        raise AttestError(f"{name}.sig cannot be written: {error.strerror or error}") from error
    return name


def _keep_note(root: Path, sign_off: SignOff, data: bytes, signature: bytes) -> str:
    commit = sign_off.commit
    with git.locked_notes(root):
        note = git.notes(root, LARGEST_NOTES).get(commit, b"")
        git.set_note(root, commit, in_note(note, commit, sign_off, data, signature))
    return f"the git note of {commit[:10]} in {git.NOTES}"
