"""Lines of a file that are like those before them: told by one regular expression (see
`pattern_of_lines`), so that only the others have to be read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from .pattern_of_lines import line_pattern
from .schema_dialects import normalized
from .schema_files import Schema

_AFTER = 8
"""Blocks that are read before an expression is made, which takes as long as it saves in so many."""
_MOST_TRIES = 3
_PATIENCE = 8
"""So many times as many are read before each further try."""
_LONGEST_BLOCK = 1 << 18
"""Bytes; for each of a line so long, some 80 would be taken, and up to 300."""
_MOST_LEFT = 0.25
"""Of the lines of a block: where more are left, to read the block as a whole is faster."""


class Layout:
    """What is known of the lines of a file that is read block by block."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._pattern: re.Pattern[str] | None = None
        self._read = 0
        self._tries = 0

    def left(self, block: bytes) -> list[bytes] | None:
        """The lines of a block, with those empty that are surely valid records; None where they
        are not told apart: by no expression, or since hardly any is like those before."""
        if self._pattern is None or len(block) > _LONGEST_BLOCK:
            return None
        try:
            lines = block.removesuffix(b"\n").decode("utf-8")
        except UnicodeDecodeError:
            return None
        rest, told = self._pattern.subn("", lines)
        left = rest.encode("utf-8").split(b"\n")
        others = sum(map(bool, left))
        if others > _MOST_LEFT * len(left):
            self._pattern = None
            return None
        return left if told + others == len(left) else None  # a blank line is no record

    def learn(self, block: bytes, records: Sequence[Any], verdicts: Sequence[bool]) -> None:
        """From a block that was read: the record of each of its lines, and which are valid."""
        self._read += 1
        wanted = _AFTER * _PATIENCE**self._tries
        if self._pattern is not None or self._read < wanted or self._tries == _MOST_TRIES:
            return
        if len(block) > _LONGEST_BLOCK:
            return
        self._read = 0
        self._tries += 1
        lines = block.removesuffix(b"\n").decode("utf-8").split("\n")
        schema = self._schema
        blank = " " if re.match("[^:,]*[:,] ", lines[0]) else ""
        made = line_pattern(normalized(schema.document), schema.pointer, records, blank)
        if made is None:
            self._tries = _MOST_TRIES
            return
        told = [valid for valid, line in zip(verdicts, lines, strict=True) if made.match(line)]
        if all(told) and len(lines) - len(told) <= _MOST_LEFT * len(lines):
            self._pattern = made
