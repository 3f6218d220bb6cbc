"""What a person signs: an in-toto Statement v1 of one criterion, and where it is kept."""

from __future__ import annotations

import hashlib
import json
import os
import posixpath
import re
import stat
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..errors import ProbeError
from ..model import Base, Gate
from . import git, paths
from .json_keys import once

STATEMENT = "https://in-toto.io/Statement/v1"
PREDICATE = "https://pypi.org/project/pytest-specgates/attested/v1"
LARGEST = 64_000
"""Bytes of one statement."""
LARGEST_NOTES = 64_000_000
_LONGEST_NAME = 200
_MOST = 10_000
"""Statements that a run reads."""
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
_TOO_MANY = "take out the old ones"
_EXPECTED = "expected is an in-toto Statement v1, as `specgates attest` writes it"


@dataclass(frozen=True, slots=True)
class Demand:
    """What a gate asks a person to sign: its address, its text, and what it asks for.

    `covers` are the paths and globs that were looked at; none of them stands for everything
    below the root.
    """

    criterion: str
    spec: str
    text: str
    asks: tuple[str, ...]
    covers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SignOff:
    """One person's statement on one demand, bound to a commit and to the spec as it was there."""

    demand: Demand
    by: str
    note: str
    time: str
    commit: str
    spec_digest: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A statement as it was found: its exact bytes, its signature if it has one, and its place."""

    sign_off: SignOff
    data: bytes
    signature: bytes
    place: str


def demand_of(gate: Gate) -> Demand | None:
    """What a gate asks to be signed; None where it asks no person."""
    checks = [check for check in gate.checks if check.kind == "attested"]
    if not checks:
        return None
    asks = (f"{_listed(c.options['asked'])}: {c.metric} {c.op} {c.quantity.value}" for c in checks)
    covers = [texts(check.options.get("covers")) for check in checks]
    return Demand(
        criterion=gate.address,
        spec=gate.spec.path,
        text=" ".join(gate.criterion.text.split()),
        asks=tuple(sorted(set(asks))),
        covers=tuple(sorted({p for named in covers for p in named})) if all(covers) else (),
    )


def texts(value: Any) -> tuple[str, ...]:
    """A text, or a list of texts, as an option of a check has it."""
    if value is None:
        return ()
    return (str(value),) if isinstance(value, str) else tuple(map(str, value))


def identity(name: str) -> str:
    """By which two names are one person's: without case, and without doubled spaces."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def misnamed(name: str) -> str:
    """What is wrong with the name of a person, or ""."""
    if not identity(name):
        return "names nobody"
    if len(name) > _LONGEST_NAME or not name.isprintable():
        return f"is no name: at most {_LONGEST_NAME} printable characters"
    return ""


def is_of_store(folder: str, name: str) -> bool:
    """Whether a file (POSIX, relative to the root) is a statement or the signature of one."""
    if not name.endswith((".json", ".json.sig")):
        return False
    return posixpath.dirname(name) == posixpath.normpath(folder)


def without_statements(base: Base, folder: str) -> Base:
    """What differs from the base, but for the statements about it."""
    if not any(is_of_store(folder, name) for name in base.changed):
        return base
    changed = tuple(name for name in base.changed if not is_of_store(folder, name))
    return replace(base, changed=changed)


def file_name(demand: Demand, by: str) -> str:
    """The name of the file of one person's statement: another one's never has the same."""
    digest = hashlib.sha256("\0".join((demand.criterion, demand.spec, identity(by))).encode())
    return f"{slug(demand.criterion)}.{slug(by)}.{digest.hexdigest()[:8]}.json"


def slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower())[:60].strip("-") or "x"


def written(sign_off: SignOff) -> bytes:
    """The statement as it is kept, and signed."""
    demand = sign_off.demand
    data = {
        "_type": STATEMENT,
        "subject": [
            {"name": "commit", "digest": {"gitCommit": sign_off.commit}},
            {"name": demand.spec, "digest": {"sha256": sign_off.spec_digest}},
        ],
        "predicateType": PREDICATE,
        "predicate": {
            "criterion": demand.criterion,
            "text": demand.text,
            "asks": list(demand.asks),
            "covers": list(demand.covers),
            "by": sign_off.by,
            "note": sign_off.note,
            "time": sign_off.time,
        },
    }
    return (json.dumps(data, indent=2, ensure_ascii=False) + "\n").encode("utf-8")


def parsed(data: bytes) -> SignOff | None:
    """The statement that bytes hold; None where they say something else than a sign-off.
    Raises ValueError, as a sentence."""
    found = _json(data)
    if not isinstance(found, dict) or found.get("_type") != STATEMENT:
        raise ValueError(f'`_type` is not "{STATEMENT}"')
    if found.get("predicateType") != PREDICATE:
        return None
    predicate, subject = found.get("predicate"), found.get("subject")
    if not isinstance(predicate, dict):
        raise ValueError("`predicate` is no mapping")
    commit, spec, digest = _subjects(subject)
    said = {name: _text(predicate, name) for name in ("criterion", "text", "by", "note", "time")}
    demand = Demand(
        criterion=said["criterion"],
        spec=spec,
        text=said["text"],
        asks=_texts(predicate, "asks"),
        covers=_texts(predicate, "covers"),
    )
    if not _TIME.fullmatch(said["time"]):
        raise ValueError("`predicate.time` is no time in UTC (2026-01-31T12:00:00Z)")
    fault = misnamed(said["by"])
    if fault:
        raise ValueError(f"`predicate.by` {fault}")
    return SignOff(demand, said["by"], said["note"], said["time"], commit, digest)


def _json(data: bytes) -> Any:
    try:
        found = json.loads(data.decode("utf-8"), object_pairs_hook=once)
        json.dumps(found, ensure_ascii=False).encode("utf-8")
        return found
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 at byte {error.start}") from error
    except UnicodeEncodeError as error:
        raise ValueError("an escape that is half a character") from error
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON, line {error.lineno}: {error.msg}") from error
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _subjects(subject: Any) -> tuple[str, str, str]:
    """The commit, the spec file and its digest."""
    commits: list[str] = []
    specs: list[tuple[str, str]] = []
    for one in subject if isinstance(subject, list) else ():
        digest = one.get("digest") if isinstance(one, dict) else None
        if not isinstance(digest, dict):
            continue
        commit, sha256, name = digest.get("gitCommit"), digest.get("sha256"), one.get("name")
        if isinstance(commit, str) and _COMMIT.fullmatch(commit):
            commits.append(commit)
        if isinstance(sha256, str) and _DIGEST.fullmatch(sha256) and isinstance(name, str):
            specs.append((name, sha256))
    if len(commits) != 1 or len(specs) != 1:
        raise ValueError(
            "`subject` is not one commit (digest `gitCommit`) and one spec (digest `sha256`)"
        )
    return commits[0], *specs[0]


def _text(predicate: Mapping[str, Any], name: str) -> str:
    value = predicate.get(name)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"`predicate.{name}` is no text")
    return value


def _texts(predicate: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = predicate.get(name)
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise ValueError(f"`predicate.{name}` is no list of texts")
    return tuple(value)


# --- where they are kept ------------------------------------------------------------------


def kept(root: Path, folder: str) -> list[Kept]:
    """All statements: the files of a folder, and the git notes. Raises ProbeError for one that
    cannot be read."""
    found = [*_in_folder(root, folder), *_in_notes(root)]
    if len(found) > _MOST:
        raise ProbeError(f"{len(found)} attestations, {_MOST} are read: {_TOO_MANY}")
    return found


def _in_folder(root: Path, folder: str) -> Iterator[Kept]:
    place = paths.inside(root, folder).rstrip("/")
    try:
        names = sorted(n for n in os.listdir(root / place) if n.endswith((".json", ".json.sig")))
    except FileNotFoundError:
        return
    except OSError as error:
        raise ProbeError(f"{place} cannot be read: {error.strerror}") from error
    if len(names) > 2 * _MOST:
        raise ProbeError(f"{place} has {len(names)} files, {_MOST} are read: {_TOO_MANY}")
    signed = frozenset(names)
    for name in names:
        if not name.endswith(".json"):
            continue
        shown = f"{place}/{name}"
        data = _bytes(root, shown)
        sign_off = _parsed(data, shown)
        if sign_off is not None:
            signature = _bytes(root, f"{shown}.sig") if f"{name}.sig" in signed else b""
            yield Kept(sign_off, data, signature, shown)


def _bytes(root: Path, name: str) -> bytes:
    path = root / name
    if not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root)):
        raise ProbeError(f"{name} leads out of the root, by a link; {_EXPECTED}")
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise ProbeError(f"{name}: not a regular file; {_EXPECTED}")
        if found.st_size > LARGEST:
            raise ProbeError(f"{name}: larger than {LARGEST:,} bytes; {_EXPECTED}")
        return path.read_bytes()
    except OSError as error:
        raise ProbeError(f"{name} cannot be read: {error.strerror}") from error


def _parsed(data: bytes, place: str) -> SignOff | None:
    try:
        return parsed(data)
    except ValueError as error:
        raise ProbeError(f"{place}: {error}; {_EXPECTED}") from error


def _in_notes(root: Path) -> Iterator[Kept]:
    try:
        notes = git.notes(root, LARGEST_NOTES)
    except git.GitError as error:
        raise ProbeError(f"the notes in {git.NOTES} cannot be read: {error}") from error
    for commit, note in notes.items():
        for found in of_note(commit, note):
            if found is not None:
                yield found


def of_note(commit: str, note: bytes) -> Iterator[Kept | None]:
    """The statements of one note, in its order; None for one that is no sign-off. Raises
    ProbeError."""
    for number, line in enumerate(note.splitlines(), 1):
        place = f"the note of {commit[:10]}, line {number}"
        if len(line) > 3 * LARGEST:
            raise ProbeError(f"{place}: larger than {3 * LARGEST:,} bytes; {_EXPECTED}")
        try:
            found = _json(line)
            statement, signature = found["statement"], found.get("signature", "")
            data, signed = statement.encode("utf-8"), signature.encode("utf-8")
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ProbeError(f'{place}: not {{"statement": TEXT}}: {error}; {_EXPECTED}') from error
        sign_off = _parsed(data, place)
        yield None if sign_off is None else Kept(sign_off, data, signed, place)


def in_note(note: bytes, commit: str, sign_off: SignOff, data: bytes, signature: bytes) -> bytes:
    """The note with a statement, in place of that of the same person on the same criterion.
    Raises ProbeError for a note that is none of statements."""
    key = file_name(sign_off.demand, sign_off.by)
    lines = [
        line
        for line, old in zip(note.splitlines(), of_note(commit, note), strict=True)
        if old is None or file_name(old.sign_off.demand, old.sign_off.by) != key
    ]
    # One statement a line: git can join the notes of two repositories (cat_sort_uniq).
    line = {"statement": data.decode("utf-8")}
    if signature:
        line["signature"] = signature.decode("ascii")
    return b"\n".join([*lines, json.dumps(line).encode("ascii")]) + b"\n"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)
