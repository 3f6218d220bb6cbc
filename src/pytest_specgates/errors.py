"""The errors that a user of specs can meet, each with its place and its cure."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class SpecError(Exception):
    """A spec that cannot be taken as written.

    Attributes: path (as shown to the user), line and column (from 1), message
    (what was expected), text (the line as written, may be empty), hint (what to
    do next, may be empty).
    """

    def __init__(
        self,
        message: str,
        path: str = "",
        line: int = 1,
        column: int = 1,
        *,
        text: str = "",
        hint: str = "",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.path = path
        self.line = line
        self.column = column
        self.text = text
        self.hint = hint

    def __str__(self) -> str:
        lines = [f"{self.path}:{self.line}:{self.column}: {self.message}"]
        if self.text:
            lines.append(f"  as written: {self.text.strip()[:300]}")
        if self.hint:
            lines.extend(f"  {line}" for line in self.hint.splitlines())
        return "\n".join(lines)


class ProbeError(Exception):
    """A probe that could not measure because what it rests on is broken."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`did you mean "x"?`, or the words that are known, as a hint."""
    known = sorted(set(known))
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    if close:
        return f'did you mean "{close[0]}"?'
    return "known: " + ", ".join(known[:20]) if known else ""
