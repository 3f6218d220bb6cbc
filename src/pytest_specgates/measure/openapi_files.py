"""An OpenAPI document and what it refers to: files within the root, and nothing else."""

from __future__ import annotations

from pathlib import Path

from ..errors import ProbeError
from ..model import Surroundings
from . import paths
from .schema_dialects import is_openapi
from .schema_files import loaded
from .schema_references import Files


def read_document(root: Path, name: str) -> Files:
    """Raises ProbeError for what is no OpenAPI document, or refers to what is not in the root."""
    around = Surroundings(root)
    files = Files(paths.inside(root, name), lambda path: loaded(path, around))
    if not is_openapi(files.first):
        raise ProbeError(
            f"{name} is no OpenAPI document: `openapi: 3.x` is expected; "
            "a JSON Schema is asked for of files"
        )
    if not files.can_be_followed:
        raise ProbeError(
            f"{name} refers to something that is not in the root, or not there: nothing is fetched"
        )
    return files
