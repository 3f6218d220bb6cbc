"""An OpenAPI document and what it refers to: files within the root, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..errors import ProbeError
from ..model import Surroundings
from . import conforms, paths
from .schema_references import Files


def read_document(root: Path, name: str) -> Files:
    """Raises ProbeError for what is no OpenAPI document, or refers to what is not in the root."""
    files = Files(paths.inside(root, name), lambda path: _document(root, path))
    if not {"openapi", "swagger"} & files.first.keys():
        raise ProbeError(
            f"{name} is no OpenAPI document: `openapi: 3.x` is expected; "
            "a JSON Schema is asked for of files"
        )
    if not files.can_be_followed:
        raise ProbeError(
            f"{name} refers to something that is not in the root, or not there: nothing is fetched"
        )
    return files


def _document(root: Path, path: str) -> Mapping[str, Any]:
    found = paths.matching(root, path)
    if len(found) != 1:
        raise ProbeError(f"the document {path} is not there")
    place, record = next(iter(conforms._records(root / found[0], found[0])), ("", None))
    if not isinstance(record, Mapping):
        why = getattr(record, "reason", "a mapping is expected")
        raise ProbeError(f"the document {place or path}: {why}")
    return record
