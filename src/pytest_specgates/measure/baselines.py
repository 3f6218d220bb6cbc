"""The baseline: a commit whose gates passed, which later changes are compared with.

Its file says what was measured there and on which machine. Nothing is judged by those numbers:
`since: baseline` measures that commit again, beside the change. A time of another day, or of
another machine, says little.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import ProbeError

NAME = "baseline"
FILE = "specs/baseline.json"
_FORMAT = "pytest-specgates baseline"
_LARGEST = 16_000_000
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
SAVE = (
    "specgates baseline save REPORT, with the JSON report of a run in which every gate passed, "
    f"and commit {FILE}"
)


@dataclass(frozen=True, slots=True)
class Baseline:
    """The commit, when it was judged (UTC), the machine and versions, and by the id of each gate
    what was measured, as it was shown."""

    commit: str
    judged: str
    machine: Mapping[str, str]
    versions: Mapping[str, str]
    measured: Mapping[str, str]


def text_of(baseline: Baseline) -> str:
    told = {
        "format": _FORMAT,
        "format_version": 1,
        "commit": baseline.commit,
        "judged": baseline.judged,
        "machine": dict(baseline.machine),
        "versions": dict(baseline.versions),
        "measured": dict(baseline.measured),
    }
    return json.dumps(told, indent=1, ensure_ascii=False) + "\n"


def read_baseline(root: Path) -> Baseline | None:
    """The baseline of a project; None where it has none. Raises ProbeError for a file that is no
    baseline."""
    file = root / FILE
    try:
        if not file.is_file():
            return None
        if file.stat().st_size > _LARGEST:
            raise ProbeError(f"{FILE} is too large for a baseline")
        return parse(file.read_text("utf-8"))
    except OSError as error:
        raise ProbeError(f"{FILE}: {error.strerror}") from error
    except ValueError as error:
        raise ProbeError(f"{FILE}: {error}; write it with {SAVE}") from error


def parse(text: str) -> Baseline:
    """Raises ValueError for what is no baseline."""
    try:
        told: Any = json.loads(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(told, dict) or told.get("format") != _FORMAT:
        raise ValueError("not a baseline")
    if told.get("format_version") != 1:
        raise ValueError("a baseline of another version")
    commit, judged = told.get("commit"), told.get("judged")
    if not isinstance(commit, str) or not _COMMIT.fullmatch(commit):
        raise ValueError("its commit is not the full name of one")
    if not isinstance(judged, str):
        raise ValueError("it does not say when it was judged")
    return Baseline(
        commit, judged, *(_texts(told, name) for name in ("machine", "versions", "measured"))
    )


def _texts(told: Mapping[str, Any], name: str) -> dict[str, str]:
    found = told.get(name)
    if not isinstance(found, dict) or not all(isinstance(one, str) for one in found.values()):
        raise ValueError(f'"{name}" is not a table of texts')
    return found
