"""Whether a document is valid under a schema file, for documents that are drawn."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..model import Surroundings
from . import conforms
from .schema_references import Files


def problem_finder(root: Path, schema: str) -> Callable[[Any], str]:
    """What is wrong with a document, "" where nothing is. Raises ProbeError for a schema that
    cannot be used."""
    validator = conforms._validator(schema, Surroundings(root))

    def problem(document: Any) -> str:
        found = conforms._problems(validator, document, "a document", schema)
        return found[0] if found else ""

    return problem


def files_of(root: Path, schema: str) -> Files:
    """The schema with what it refers to. Raises ProbeError."""
    around = Surroundings(root)
    return Files(schema, lambda path: conforms._schema(path, around))
