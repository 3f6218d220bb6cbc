"""Texts of specs, tests and probes for formats that others read: no control characters, no
surrogates, no marks that turn the direction of writing, and no more of them than is of use."""

from __future__ import annotations

from .gate_text import visible

LONGEST = 4_000
_CUT = " ... (cut)"


def one_line(text: str, most: int = 500) -> str:
    """The text on one line, at most so many characters."""
    if len(text) <= most and text.isprintable() and "  " not in text and text.strip() == text:
        return text  # as most are
    return visible(cut(" ".join(text[: 2 * most].split()), most))[:most]


def several_lines(text: str, most: int = LONGEST) -> str:
    """The text with its lines, at most so many characters."""
    if len(text) <= most and text.isprintable():
        return text
    return "\n".join(visible(line) for line in cut(text, most).splitlines())[:most]


def cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - len(_CUT)] + _CUT
