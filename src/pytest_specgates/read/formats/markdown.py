"""Criteria of Markdown documents without a fenced spec: lists under headings that announce
them, and checklists."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

from ..document import Draft
from ..keys import Role, misspelt
from .base import Found, draft
from .lines import Part, parts

_PLAIN_ID = (
    r"(?:FR|NFR|SC|AC|REQ|US|UC|TC|BR|KPI|SLO)\d{1,4}(?:\.\d{1,4}){0,4}[a-z]?"
    r"|[A-Z][A-Z0-9]{0,9}(?:-[A-Z]{1,9}){0,3}-[A-Z]?\d{1,4}(?:\.\d{1,4}){0,4}[a-z]?"
)
_MARKED_ID = re.compile(rf"(?:\*\*|__|`|\[)+(?P<id>{_PLAIN_ID})(?:[:.]?(?:\*\*|__|`|\]))+")
_BARE_ID = re.compile(rf"(?P<id>{_PLAIN_ID})(?=\s*:|\s+[-\u2013\u2014]\s|\)|$)")
_CRITERIA = re.compile(
    r"\b(?:success criteria|acceptance(?: criteria| tests?| scenarios?)?|definition of done|"
    r"done when|exit criteria|entry criteria|quality (?:gates?|criteria|requirements?|attributes)|"
    r"non-?functional(?: requirements?)?|nfrs?|functional requirements?|"
    r"(?:performance|security|reliability|scalability|usability|availability|accessibility|"
    r"testing|test|coverage|operational|compliance|quality) "
    r"(?:targets?|goals?|requirements?|budgets?|criteria|objectives?|thresholds?)|"
    r"measurable outcomes|success metrics|validation(?: criteria| checklist)?|"
    r"service level objectives?|slos?|release criteria|key requirements)\b"
    r"|^(?:requirements?|criteria|checklist|targets|budgets?)$",
    re.IGNORECASE,
)
_USUAL = frozenset(
    (
        *("acceptance criteria", "success criteria", "exit criteria", "entry criteria"),
        *("quality gates", "quality criteria", "definition of done", "release criteria"),
        *("non-functional requirements", "functional requirements", "performance targets"),
    )
)
"""Headings of which a slip is one too: else what stands below would vanish."""
_ABOUT = re.compile(
    r"^(?:\d+[.)]?\s*)?(?:notes?|assumptions?|out of scope|non-?goals?|examples?|rationale|"
    r"open questions?|background|context|references?|risks?|dependencies|glossary|edge cases|"
    r"key entities|user story|why this priority|independent test|overview|introduction|"
    r"change ?log|motivation|clarifications?)\b",
    re.IGNORECASE,
)
_LONGEST_LEAD = 200
_TASK_FILE = re.compile(r"(?:^|/)(?:tasks?|to-?do|plan|roadmap)\.(?:md|markdown)$", re.IGNORECASE)
_NUMBERED = re.compile(r"(\d{1,4}(?:\.\d{1,4}){1,4})\.?[ \t]+(?=[A-Z`])")
_TASKS = re.compile(
    r"\b(?:tasks?|to-?dos?|implementation(?: plan| steps)?|steps|plan|phase \d+|roadmap|backlog|"
    r"milestones?|sprint \d+)\b",
    re.IGNORECASE,
)


def own_id(text: str) -> str:
    """The id that a text begins with (`SC-001`, `NFR-1.2`, `AC-12.1`), or ""."""
    match = _MARKED_ID.match(text) or _BARE_ID.match(text)
    return match["id"] if match else ""


def title(found: list[Part]) -> str:
    """The document's title: its only heading of the first level."""
    first = [part.text for part in found if part.kind == "heading" and part.level == 1]
    return first[0] if len(first) == 1 else ""


def above(part: Part, of: str) -> tuple[str, ...]:
    """The headings above a part, without the document's title."""
    headings = part.headings
    return headings[1:] if of and headings[:1] == (of,) else headings


@lru_cache(maxsize=1024)
def announces(headings: tuple[str, ...]) -> bool:
    """Whether criteria stand under these headings: the nearest that says something decides."""
    for heading in reversed(headings):
        if _ABOUT.search(heading):
            return False
        if _CRITERIA.search(heading) or misspelt(heading.strip(" :").lower(), _USUAL, 0.9):
            return True
    return False


def recognises(path: str, text: str) -> bool:
    return path.lower().endswith((".md", ".markdown"))


def read(path: str, text: str) -> tuple[Draft, ...]:
    """What has an id of its own or a checkbox, and the items and rows under headings that
    announce criteria; no draft where there is none."""
    found = list(parts(text))
    name = title(found)
    made = [
        made
        for part, keys in placed(found, name)
        if (made := criterion(part, keys) or _paragraph(part, keys))
    ]
    if all(one.role == "about" for one in made):
        return ()
    if _TASK_FILE.search(path):
        made = [
            replace(m, role="criteria" if announces(m.keys) else "steps")
            for m in made
            if m.role != "about"
        ]
    return (draft(path, made, title=name),) if made else ()


def placed(found: list[Part], name: str) -> Iterator[tuple[Part, tuple[str, ...]]]:
    """Each item, row and paragraph with its keys: the headings, and the items that it
    stands under."""
    leads: list[tuple[int, str]] = []
    before: tuple[str, ...] = ()
    for at, part in enumerate(found):
        if part.headings != before or part.kind == "heading":
            leads, before = [], part.headings
        if part.kind == "heading":
            continue
        if part.kind == "text":
            yield part, above(part, name)
            continue
        leads = [lead for lead in leads if lead[0] < part.indent]
        keys = (*above(part, name), *(text for _, text in leads))
        if part.kind == "item" and _leads(found, at):
            lead = part.text.strip("*_ ").rstrip(":").strip("*_ ")
            leads.append((part.indent, lead[:_LONGEST_LEAD]))
            continue
        yield part, keys


def _leads(found: list[Part], at: int) -> bool:
    """Whether an item only heads the list below it: `- Speed:`."""
    after = found[at + 1] if at + 1 < len(found) else None
    return (
        after is not None
        and after.kind == "item"
        and after.indent > found[at].indent
        and found[at].text.rstrip("*_ ").endswith(":")
    )


def criterion(part: Part, keys: tuple[str, ...]) -> Found | None:
    """The criterion that an item or a row is; None for what is none."""
    if part.kind == "text":
        return None
    own = own_id(part.cells[0] if part.cells else part.text)
    announced = announces(keys)
    if not (announced or own or part.is_task):
        return None
    if any(_ABOUT.search(key) for key in keys[-1:]) and not (own or part.is_task):
        return None
    role: Role = "criteria"
    if not announced and not own and any(_TASKS.search(key) for key in keys):
        role = "steps"
    number = part.number if "." in part.number else ""
    numbered = _NUMBERED.match(part.text) if part.is_task and not own else None
    return Found(
        part.text,
        part.line,
        part.column,
        keys,
        own or number or (numbered[1] if numbered else ""),
        role=role,
        siblings=_cells(part),
        items=part.columns,
    )


def _paragraph(part: Part, keys: tuple[str, ...]) -> Found | None:
    """A paragraph where criteria stand introduces them, mostly: it is told, and no gate."""
    if part.kind != "text" or not announces(keys):
        return None
    return Found(part.text, part.line, part.column, keys, role="about")


def _cells(part: Part) -> Mapping[str, str]:
    return {head: cell for head, cell in zip(part.columns, part.cells, strict=False) if head}
