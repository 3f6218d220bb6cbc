"""A Markdown text as headings, list items, table rows and paragraphs, each with its place.

Fenced code, HTML comments and front matter are left out. Every step is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from ..markdown import lines_of

_FENCE = re.compile(r"(?:[-*+]|\d{1,9}[.)])?[ \t]*(`{3,}|~{3,})")
_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(.*)")
_ITEM = re.compile(
    r"([ \t]*)(?:[-*+•]|(\d{1,4}(?:\.\d{1,4}){0,4})[.)]|(\d{1,4}(?:\.\d{1,4}){1,4}))[ \t]+"
    r"(?:\[([ xX])\][ \t]+)?(?=\S)"
)
_QUOTE = re.compile(r"[ \t]*>[ \t]?")
_CODE_OR_COMMENT = re.compile(r"`[^`]*`|<!--")
_KEY = re.compile(r"[\w.-]+[ \t]*:|#")
_BELOW_KEY = re.compile(r"[ \t]+\S|-[ \t]")
_LABEL = re.compile(r"(?:\*\*|__)([^*_]{1,200})(?:\*\*|__)[ \t]*:?[ \t]*")
_ASIDE = re.compile(r"\*?\((?:mandatory|optional|required|include)[^()]{0,200}\)\*?", re.IGNORECASE)
_LONGEST_TITLE = 500
_LABEL_LEVEL = 7
"""The level of a bold line that heads a list: below every heading."""


@dataclass(frozen=True, slots=True)
class Part:
    """One heading, item, row or paragraph.

    `text` is without the markers at its start, in one line; `headings` are the ones above,
    outermost first; `line` and `column` (from 1) are the place of the text; `indent` is that
    of an item's marker; `number` is an item's own (`1`, `1.2`); `cells` and `columns` are the
    cells of a row and of its table's head.
    """

    kind: Literal["heading", "item", "row", "text"]
    text: str
    line: int
    column: int
    headings: tuple[str, ...]
    level: int = 0
    indent: int = 0
    number: str = ""
    is_task: bool = False
    cells: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()


@dataclass(slots=True)
class _Open:
    """An item or a paragraph that the next lines may continue."""

    part: Part
    texts: list[str] = field(default_factory=list)


def parts(text: str) -> Iterator[Part]:
    """The parts of a Markdown text, in order."""
    above: list[tuple[int, str]] = []
    headings: tuple[str, ...] = ()
    pending: _Open | None = None
    columns: tuple[str, ...] = ()
    lines = list(_visible(text))
    for at, (number, line, offset) in enumerate(lines):
        bare = line.strip()
        heading = _heading(line, bare, lines, at, pending) if bare else None
        if heading is not None or not bare or _is_rule(bare):
            if pending is not None:
                yield from _closed(pending)
                pending = None
            columns = ()
        if heading is not None:
            level, title = heading
            above = [pair for pair in above if pair[0] < level]
            column = offset + line.index(bare[0]) + 1
            yield Part("heading", title, number, column, tuple(t for _, t in above), level)
            above.append((level, title))
            headings = tuple(title for _, title in above)
            continue
        if not bare or _is_rule(bare):
            continue
        if "|" in bare and not _ITEM.match(line):
            if columns and _cells(bare):
                yield Part(
                    "row",
                    bare,
                    number,
                    offset + len(line) - len(line.lstrip()) + 1,
                    headings,
                    cells=_cells(bare),
                    columns=columns,
                )
                continue
            if _is_separator(bare):
                columns = _cells(lines[at - 1][1].strip()) if at else ()
                if pending is not None:
                    pending.texts.pop()  # the line before was the head of the table
                    if pending.texts:
                        yield from _closed(pending)
                pending = None
                continue
        columns = ()
        item = _ITEM.match(line)
        if item is not None:
            if pending is not None:
                yield from _closed(pending)
            pending = _Open(
                Part(
                    "item",
                    "",
                    number,
                    offset + item.end() + 1,
                    headings,
                    indent=len(item[1].expandtabs(4)) + offset,
                    number=item[2] or item[3] or "",
                    is_task=item[4] is not None,
                ),
                [line[item.end() :].strip()],
            )
        elif pending is not None:
            pending.texts.append(bare)
        else:
            column = offset + len(line) - len(line.lstrip()) + 1
            pending = _Open(Part("text", "", number, column, headings), [bare])
    if pending is not None:
        yield from _closed(pending)


def _closed(pending: _Open) -> Iterator[Part]:
    part = pending.part
    yield Part(
        part.kind,
        " ".join(" ".join(pending.texts).split()),
        part.line,
        part.column,
        part.headings,
        indent=part.indent,
        number=part.number,
        is_task=part.is_task,
    )


def _visible(text: str) -> Iterator[tuple[int, str, int]]:
    """The lines that are read: number, text, and how many columns were cut off before it."""
    lines = lines_of(text)
    start = _front_matter(lines)
    fence, commented = "", False
    for number, written in enumerate(lines[start:], start + 1):
        if fence:
            bare = written.strip().lstrip("> ")
            if bare.startswith(fence) and not bare.strip(fence[0]):
                fence = ""
            continue
        line, commented = _uncommented(written, commented)
        quote = _QUOTE.match(line)
        offset = quote.end() if quote else 0
        shown = line[offset:]
        bare = shown.lstrip(" \t")  # matched without it: a search for both ends is quadratic
        opening = _FENCE.match(bare)
        if opening is not None and "`" not in bare[opening.end() :]:
            fence = opening[1]
            continue
        yield number, shown, offset


def _front_matter(lines: list[str]) -> int:
    """How many lines it has; 0 where the first `---` is a rule."""
    if not lines or lines[0].strip() != "---":
        return 0
    for number, line in enumerate(lines[1:200], 1):
        if line.strip() in ("---", "..."):
            return number + 1
        is_key = _KEY.match(line) or (number > 1 and _BELOW_KEY.match(line))
        if line.strip() and not is_key:
            return 0
    return 0


def _uncommented(line: str, inside: bool) -> tuple[str, bool]:
    """The line with its comments blanked, and whether one goes on. What stands in code is
    no comment."""
    if not inside and "<!--" not in line:
        return line, False
    shown: list[str] = []
    at = 0
    while True:
        if inside:
            end = line.find("-->", at)
            if end < 0:
                return "".join(shown), True
            shown.append(" " * (end + 3 - at))
            at = end + 3
        inside = False
        start = at
        for match in _CODE_OR_COMMENT.finditer(line, at):
            if match[0] == "<!--":
                inside, start = True, match.start()
                break
        if not inside:
            shown.append(line[at:])
            return "".join(shown), False
        shown.append(line[at:start])
        at = start


def _heading(
    line: str, bare: str, lines: list[tuple[int, str, int]], at: int, pending: _Open | None
) -> tuple[int, str] | None:
    match = _HEADING.match(line)
    if match is not None:
        return len(match[1]), title_of(match[2])
    after = lines[at + 1][1].strip() if at + 1 < len(lines) else ""
    if bare and pending is None and len(after) >= 3 and not _ITEM.match(line) and "|" not in bare:
        if not after.strip("="):
            return 1, title_of(bare)
        if not after.strip("-"):
            return 2, title_of(bare)
    label = _LABEL.fullmatch(bare)
    if label is not None and not _ITEM.match(line):
        return _LABEL_LEVEL, title_of(label[1])
    return None


def title_of(text: str) -> str:
    """A heading without emphasis, closing marks and `(mandatory)`."""
    text = _ASIDE.sub("", text[:_LONGEST_TITLE]).rstrip().rstrip("#")
    for mark in ("**", "__", "`"):
        text = text.replace(mark, "")
    return " ".join(text.split()).strip("*_ ").rstrip(":").strip()


def _is_rule(bare: str) -> bool:
    marks = bare.replace(" ", "")
    return len(marks) >= 3 and marks[0] in "-*_=" and not marks.strip(marks[0])


def _cells(bare: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in bare.strip("|").split("|"))


def _is_separator(bare: str) -> bool:
    return all(cell and not cell.strip(":").strip("-") and "-" in cell for cell in _cells(bare))
