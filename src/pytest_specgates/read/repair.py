"""Repairs of documents that are not valid YAML: what a person meant is quoted, nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..errors import SpecError
from ..yaml12 import documents

_ITEM = re.compile(r"^(?P<lead>\s*(?:- +)+)(?P<rest>\S.*?)(?P<tail>\s*)$")
_PAIR = re.compile(r"^(?P<lead>\s*(?:- +)*[\w.-]+: +)(?P<rest>\S.*?)(?P<tail>\s*)$")
_MOST = 200


@dataclass(frozen=True, slots=True)
class Repair:
    """One line (from 1, in the text given) before and after, and why."""

    line: int
    before: str
    after: str
    why: str


def repairs(text: str) -> list[Repair]:
    """The repairs that make a text valid YAML; none where a line could not be mended.

    Each repair is tried: it counts only if the fault is gone or stands further down.
    """
    lines = text.split("\n")
    made: list[Repair] = []
    fault = _fault("\n".join(lines))
    while fault is not None and len(made) < _MOST:
        number = fault
        for after, why in _candidates(lines[number - 1]):
            trial = [*lines[: number - 1], after, *lines[number:]]
            later = _fault("\n".join(trial))
            if later is None or later > number:
                made.append(Repair(number, lines[number - 1], after, why))
                lines, fault = trial, later
                break
        else:
            return []
    return made


def repaired(text: str, made: list[Repair]) -> str:
    lines = text.split("\n")
    for repair in made:
        lines[repair.line - 1] = repair.after
    return "\n".join(lines)


def _fault(text: str) -> int | None:
    try:
        for _ in documents(text, ""):
            pass
    except SpecError as error:
        return min(error.line, text.count("\n") + 1)
    return None


def _candidates(line: str) -> Iterator[tuple[str, str]]:
    pair, item = _PAIR.match(line), _ITEM.match(line)
    for match in (
        (item, pair) if item and " " in line.split(":", maxsplit=1)[0].strip(" -") else (pair, item)
    ):
        if match is None or match["rest"][0] in "\"'":
            continue
        yield match["lead"] + _quoted(match["rest"]) + match["tail"], _why(match["rest"])


def _quoted(text: str) -> str:
    if '"' in text or "\\" in text:
        return "'" + text.replace("'", "''") + "'"
    return f'"{text}"'


def _why(text: str) -> str:
    if re.match(r"\[[ xX]\] ", text):
        return "a task list item begins with brackets, which YAML takes for a list"
    if "`" in text:
        return "a bare backtick may not begin a YAML value"
    if text[0] in ">|@%*&!":
        return f'"{text[0]}" at the start has a meaning of its own in YAML'
    return "a text with a colon in it needs quotes"
