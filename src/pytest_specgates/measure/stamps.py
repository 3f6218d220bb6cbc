"""Stamps of evidence: the commit and the digests of the files that it is of, beside it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..errors import ProbeError
from . import git
from .json_keys import once

ENDING = ".stamp.json"
_FORMAT = "pytest-specgates stamp"
_LARGEST = 50_000_000


def stamp_text(root: Path, evidence: str, names: Iterable[str]) -> str:
    """The stamp of a file of evidence (relative to the root) that is of these files."""
    commit, dirty = git.commit_and_dirty(root)
    data = {
        "format": _FORMAT,
        "format_version": 1,
        "commit": commit,
        "dirty": dirty,
        "evidence": {"path": evidence, "sha256": _digest(root / evidence)},
        "files": {name: _digest(root / name) for name in sorted(names)},
    }
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def fault(root: Path, evidence: str, names: Sequence[str], cache: dict[Any, Any]) -> str | None:
    """Why a stamp does not fit what is here; "" where it does, None where there is no stamp.
    Raises ProbeError for one that cannot be read."""
    file = root / f"{evidence}{ENDING}"
    if not file.is_file():
        return None
    key = ("stamp", evidence)
    if key not in cache:
        cache[key] = _read(file, f"{evidence}{ENDING}")
    stamp: Mapping[str, Any] = cache[key]
    commit = git.commit_and_dirty(root)[0]
    if stamp["commit"] != commit:
        told = f"its stamp is of commit {stamp['commit'][:10] or 'none'}"
        return f"{told}, here is {commit[:10] or 'none'}"
    if _digest(root / evidence) != stamp["evidence"]["sha256"]:
        return "it is not the file that was stamped"
    for name in names:
        if name not in stamp["files"]:
            return f"its stamp does not have {name}"
        if _digest(root / name) != stamp["files"][name]:
            return f"{name} is not what it was when it was stamped"
    return ""


def _read(file: Path, name: str) -> Mapping[str, Any]:
    if file.stat().st_size > _LARGEST:
        raise ProbeError(f"{name} is larger than {_LARGEST:,} bytes")
    try:
        data = json.loads(file.read_bytes(), object_pairs_hook=once)
        fits = data["format"] == _FORMAT and data["format_version"] == 1
        texts = (data["commit"], data["evidence"]["sha256"], *data["files"].values())
        fits = fits and all(isinstance(text, str) for text in texts)
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError) as error:
        raise ProbeError(f"{name}: not a stamp ({error})") from error
    if not fits:
        raise ProbeError(f"{name}: not a stamp of this version")
    stamp: Mapping[str, Any] = data
    return stamp


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
