"""Documents that one state of a schema accepts and another refuses, in a process of its own."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hypothesis import assume, errors

from .document_hints import hints_of
from .documents import documents
from .drawn_settings import drawn_from
from .schema_within import not_within
from .validating import files_of, problem_finder


class _RefusedError(Exception):
    """A document that one accepts and the other refuses."""


class _Stop(BaseException):
    """The time is over."""


def run(job: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """`accepting` and `refusing` are a root and a schema each. Raises ProbeError for a schema
    that cannot be used."""
    (one_root, one), (other_root, other) = job["accepting"], job["refusing"]
    accepted = problem_finder(Path(one_root), one)
    refused = problem_finder(Path(other_root), other)
    narrow, wide = files_of(Path(one_root), one), files_of(Path(other_root), other)
    told: dict[str, Any] = {
        "differences": not_within(narrow, wide),
        "examples": 0,
        "rejected": 0,
        "failure": {},
        "reason": "",
    }
    if not told["differences"]:
        return told
    end = time.monotonic() + job["seconds"]

    @drawn_from(documents(narrow, hints_of(wide)), job)
    def example(document: Any) -> None:
        if time.monotonic() > end:
            raise _Stop
        if accepted(document):
            told["rejected"] += not told["failure"]
            assume(False)
        told["examples"] += not told["failure"]
        if problem := refused(document):
            shown = json.dumps(document, ensure_ascii=False)
            told["failure"] = {"document": shown[:400], "problem": problem[:400]}
            raise _RefusedError

    try:
        example()
    except _RefusedError:
        pass  # told, as is the smallest that Hypothesis came to
    except _Stop:
        told["reason"] = f"{job['seconds']:g} s were over"
    except errors.Unsatisfiable:
        told["reason"] = "no document was drawn that is valid"
    except errors.FailedHealthCheck:
        told["reason"] = "few of the documents that were drawn are valid"
    return told
