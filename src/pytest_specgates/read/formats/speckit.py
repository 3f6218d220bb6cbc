"""GitHub spec-kit's `spec.md`: success criteria, requirements, acceptance scenarios."""

from __future__ import annotations

import re
from dataclasses import replace

from ..document import Draft
from . import markdown
from .base import Found, draft
from .lines import Part, parts

_ID = re.compile(r"^[ \t]*[-*+][ \t]+\*\*(?:SC|FR)-\d", re.MULTILINE)
_SCENARIO = re.compile(r"\W*given\b", re.IGNORECASE)
_STORY = re.compile(r"user story (\d{1,3})\b", re.IGNORECASE)
_TITLE = re.compile(r"^feature specification\s*:\s*", re.IGNORECASE)


def recognises(path: str, text: str) -> bool:
    return path.lower().endswith((".md", ".markdown")) and bool(_ID.search(text))


def read(path: str, text: str) -> tuple[Draft, ...]:
    found = list(parts(text))
    name = markdown.title(found)
    made = [m for part, keys in markdown.placed(found, name) if (m := _criterion(part, keys))]
    return (draft(path, made, title=_TITLE.sub("", name)),) if made else ()


def _criterion(part: Part, keys: tuple[str, ...]) -> Found | None:
    made = markdown.criterion(part, keys)
    if made is None or made.id or not _SCENARIO.match(part.text):
        return made
    story = next((match[1] for key in reversed(keys) if (match := _STORY.search(key))), "")
    if story and part.number:
        return replace(made, id=f"US{story}-AS{part.number}")
    return made
