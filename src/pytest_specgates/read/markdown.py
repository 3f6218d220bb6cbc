"""The fenced YAML blocks of a Markdown text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .keys import misspelt

_FENCE = re.compile(r"^(?P<indent> *(?:> ?)?)(?P<fence>`{3,}|~{3,})(?P<info>[^`]*)$")
_SPEC_KEY = re.compile(r"^(spec|workflow)\s*:", re.MULTILINE)
_TOP_KEY = re.compile(r"^([\w-]+)\s*:", re.MULTILINE)
_NAMING = frozenset(("spec", "workflow"))


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its text, the line of its first text line, the columns cut off."""

    text: str
    line: int
    indent: int


def lines_of(text: str) -> list[str]:
    """The lines of a text as editors and YAML count them; `str.splitlines` breaks at more."""
    lines = _BREAK.split(text)
    return lines if lines[-1] else lines[:-1]


_BREAK = re.compile(r"\r\n|\r|\n")


def spec_blocks(text: str) -> Iterator[Block]:
    """Each block marked `yaml` or `yml` that has a `spec:` or `workflow:` key of its own, or
    `gates:` beside a slip of one of these."""
    lines = lines_of(text)
    number = 0
    while number < len(lines):
        opening = _FENCE.match(lines[number])
        number += 1
        if opening is None:
            continue
        indent, fence = len(opening["indent"]), opening["fence"]
        first = number
        closing = re.compile(rf"^ *(?:> ?)?{re.escape(fence[0])}{{{len(fence)},}}\s*$")
        while number < len(lines) and not closing.match(lines[number]):
            number += 1
        body = [_dedent(line, indent) for line in lines[first:number]]
        number += 1
        language = opening["info"].strip().split(" ")[0].lower()
        block = "\n".join(body) + "\n"
        if language in ("yaml", "yml") and (_SPEC_KEY.search(block) or _has_slip(block)):
            yield Block(block, first + 1, indent)


def _has_slip(block: str) -> bool:
    top = _TOP_KEY.findall(block)
    return "gates" in top and any(misspelt(key, _NAMING, 0.7) for key in top)


def _dedent(line: str, indent: int) -> str:
    cut = 0
    while cut < indent and cut < len(line) and line[cut] in " >":
        cut += 1
    return line[cut:]
