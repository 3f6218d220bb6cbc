"""The project's bindings: a `bindings.yaml` beside the specs, for the criteria of all of them."""

from __future__ import annotations

from ..model import Binding
from . import spec_keys
from .project_file import read_project_file

NAMES = ("bindings.yaml", "bindings.yml")
_EXAMPLE = "  API documentation: {exists: docs/api.md}"


def is_bindings_file(path: str) -> bool:
    return path.rpartition("/")[2] in NAMES


def read_bindings_file(path: str, text: str) -> tuple[Binding, ...]:
    """The bindings of such a file. Raises SpecError where it is no mapping with `bindings:`."""
    return read_project_file(path, text, "bindings", _EXAMPLE, spec_keys.bindings)
