"""Whether a document is valid under a schema file, for documents that are drawn."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..model import Surroundings
from .schema_dialects import normalized
from .schema_files import compiled, loaded, shown
from .schema_references import Files


def problem_finder(root: Path, schema: str) -> Callable[[Any], str]:
    """What is wrong with a document, "" where nothing is. Raises ProbeError for a schema that
    cannot be used."""
    made = compiled(schema, Surroundings(root))

    def problem(document: Any) -> str:
        try:
            return "" if made.is_valid(document) else shown(next(made.problems(document)))
        except (ValueError, RecursionError) as error:
            return f"cannot be read as JSON: {error}"

    return problem


def files_of(root: Path, schema: str) -> Files:
    """The schema with what it refers to. Raises ProbeError."""
    around = Surroundings(root)
    return Files(schema, lambda path: normalized(loaded(path, around)))
