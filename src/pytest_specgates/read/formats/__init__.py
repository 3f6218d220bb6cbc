"""Files of other tools that are read as they are: one table of formats."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ...errors import SpecError
from ..document import Draft
from ..spec_file import SpecFile
from . import codecov, k6, keptn, kiro, lighthouse, markdown, openslo, openspec, speckit

__all__ = ["FORMATS", "Format", "read_foreign"]


class Format(NamedTuple):
    """A format: whether a file is written in it, by its name and text, and its drafts.

    `read` raises SpecError, with the place, for a file that is recognised and malformed. It
    gives no draft for a document that has no criteria of its format after all.
    """

    name: str
    recognises: Callable[[str, str], bool]
    read: Callable[[str, str], tuple[Draft, ...]]


FORMATS: tuple[Format, ...] = (
    Format("codecov", codecov.recognises, codecov.read),
    Format("lighthouse", lighthouse.recognises, lighthouse.read),
    Format("lighthouse-budget", lighthouse.recognises_budget, lighthouse.read_budget),
    Format("k6", k6.recognises, k6.read),
    Format("openslo", openslo.recognises, openslo.read),
    Format("keptn", keptn.recognises, keptn.read),
    Format("openspec", openspec.recognises, openspec.read),
    Format("kiro", kiro.recognises, kiro.read),
    Format("spec-kit", speckit.recognises, speckit.read),
    Format("markdown", markdown.recognises, markdown.read),
)
"""The formats; the first that recognises a file reads it."""


def read_foreign(path: str, text: str) -> SpecFile | None:
    """A file of another tool as a spec file; None where no format recognises it."""
    for form in FORMATS:
        if form.recognises(path, text):
            try:
                drafts = form.read(path, text)
            except SpecError as error:
                return SpecFile(path, (), (error,))
            if drafts:
                return SpecFile(path, drafts, ())
    return None
