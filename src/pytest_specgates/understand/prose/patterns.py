"""Patterns of many alternatives, made so that they are quick."""

from __future__ import annotations

import re

_DIGIT = re.compile(r"\[[0-9]-[0-9]\](?!\?)|[0-9](?!\?)")
_LETTER = re.compile(r"[a-z](?!\?)|\(\?:[a-z][a-z]")


def alternation(*parts: str) -> re.Pattern[str]:
    """One pattern of the alternatives, on text in lower case. Those that begin at a word are
    tried there only, which is several times faster than each looking for a word itself."""
    at_words: list[str] = []
    others: list[str] = []
    for alternative in _alternatives("|".join(parts)):
        at_word = alternative.startswith(r"\b")
        (at_words if at_word else others).append(alternative.removeprefix(r"\b"))
    # At most words only half of them can match: what has to begin with the other kind of
    # character is not tried.
    numbers = [a for a in at_words if _DIGIT.match(a)]
    names = [a for a in at_words if _LETTER.match(a)]
    rest = [a for a in at_words if a not in numbers and a not in names]
    kinds = (("(?=[0-9])", numbers), ("(?=[a-z])", names), ("", rest))
    groups = [f"{first}(?:{'|'.join(group)})" for first, group in kinds if group]
    if groups:
        others.insert(0, rf"\b(?:{'|'.join(groups)})")
    return re.compile("|".join(others))


def _alternatives(pattern: str) -> list[str]:
    """The pattern cut at each `|` that stands in no group and no class."""
    found = [""]
    depth = 0
    for part in re.findall(r"\\.|\[(?:\\.|[^\]])*\]|.", pattern):
        depth += (part == "(") - (part == ")")
        if part == "|" and not depth:
            found.append("")
        else:
            found[-1] += part
    return found


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())
