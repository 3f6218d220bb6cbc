"""OpenSpec: `### Requirement: NAME` with its SHALL sentence, and `#### Scenario: NAME`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..document import Draft
from ..ids import slug
from ..keys import Role
from . import markdown
from .base import Found, draft
from .lines import Part, parts

_REQUIREMENT = re.compile(
    r"^#{2,4}[ \t]+(?:Requirement|Scenario)[ \t]*:", re.MULTILINE | re.IGNORECASE
)
_NAME = re.compile(r"(requirement|scenario)\s*:\s*(.*)", re.IGNORECASE)
_REMOVED = re.compile(r"^removed\b", re.IGNORECASE)
_RENAMED = re.compile(r"^renamed\b", re.IGNORECASE)


def recognises(path: str, text: str) -> bool:
    return path.lower().endswith((".md", ".markdown")) and bool(_REQUIREMENT.search(text))


def read(path: str, text: str) -> tuple[Draft, ...]:
    parsed = list(parts(text))
    name = markdown.title(parsed)
    found = list(_found(parsed, name))
    return (draft(path, found, title=name),) if found else ()


def _found(parsed: list[Part], title: str) -> Iterator[Found]:
    requirement = ""
    others = dict(_others(parsed, title))
    for at, part in enumerate(parsed):
        if at in others:
            yield others[at]
        named = _NAME.match(part.text) if part.kind == "heading" else None
        if named is None:
            continue
        keys = (*markdown.above(part, title), part.text)
        role: Role = "criteria"
        if any(_REMOVED.match(key) for key in keys):
            role = "about"
        if any(_RENAMED.match(key) for key in keys):
            continue
        body = _body(parsed, at)
        if named[1].lower() == "requirement":
            requirement = slug(named[2])
            is_stated = bool(body) and role == "criteria"
            place = body[0] if is_stated else part
            text = _sentence(body) if is_stated else named[2]
            yield Found(text, place.line, place.column, keys, requirement, role)
        else:
            text = " ".join(one.text for one in body) or named[2]
            yield Found(text, part.line, part.column, keys, slug(named[2]), role, phase=requirement)


def _others(parsed: list[Part], title: str) -> Iterator[tuple[int, Found]]:
    """The criteria outside of requirements and scenarios, by the index of their part."""
    index = {id(part): at for at, part in enumerate(parsed)}
    for part, keys in markdown.placed(parsed, title):
        if not any(_NAME.match(heading) for heading in part.headings):
            made = markdown.criterion(part, keys)
            if made is not None:
                yield index[id(part)], made


def _body(parsed: list[Part], at: int) -> list[Part]:
    """What stands between a heading and the next; a bold line is one only if it names
    a requirement or a scenario."""
    body = []
    for index in range(at + 1, len(parsed)):
        part = parsed[index]
        if part.kind == "heading" and (part.level <= 6 or _NAME.match(part.text)):
            break
        if part.kind != "heading":
            body.append(part)
    return body


def _sentence(body: list[Part]) -> str:
    """The sentence of a requirement: its first paragraph, with the list that it announces."""
    if not body:
        return ""
    text = body[0].text
    if text.endswith(":"):
        items = []
        for part in body[1:]:
            if part.kind != "item":
                break
            items.append(part.text)
        text = " ".join((text, "; ".join(items)))
    return text
