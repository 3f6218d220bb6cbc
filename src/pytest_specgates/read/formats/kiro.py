"""Kiro's `requirements.md`: the numbered acceptance criteria, in EARS, of each requirement."""

from __future__ import annotations

import re
from dataclasses import replace

from ..document import Draft
from . import markdown
from .base import Found, draft
from .lines import parts

_REQUIREMENT = re.compile(r"^#{1,6}[ \t]+Requirement[ \t]+\d", re.MULTILINE | re.IGNORECASE)
_NUMBER = re.compile(r"requirement\s+(\d{1,4}(?:\.\d{1,4}){0,3})\b", re.IGNORECASE)
_CRITERIA = re.compile(r"^[#* \t]*acceptance criteria\b", re.MULTILINE | re.IGNORECASE)


def recognises(path: str, text: str) -> bool:
    is_markdown = path.lower().endswith((".md", ".markdown"))
    return is_markdown and bool(_REQUIREMENT.search(text) and _CRITERIA.search(text))


def read(path: str, text: str) -> tuple[Draft, ...]:
    """Each criterion has the number by which tasks refer to it: `1.2`."""
    parsed = list(parts(text))
    name = markdown.title(parsed)
    found: list[Found] = []
    count: dict[str, int] = {}
    for part, keys in markdown.placed(parsed, name):
        made = markdown.criterion(part, keys)
        if made is None:
            continue
        requirement = next((m[1] for key in reversed(keys) if (m := _NUMBER.search(key))), "")
        own = made.id
        if requirement and not own and markdown.announces(keys):
            count[requirement] = count.get(requirement, 0) + 1
            own = f"{requirement}.{part.number or count[requirement]}"
        found.append(replace(made, id=own))
    title = "" if name.lower() in ("requirements document", "requirements") else name
    return (draft(path, found, title=title),) if found else ()
