"""What a pass over data has found: how much is valid, the first problems with their places, and how
many there are of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from ..json_schema import escaped
from .conforms_fields import Seen, Wanted
from .schema_files import Problem, Schema

SHOWN = 10
"""How many problems are told in full."""
_KINDS = 1_000
"""How many pairs of pointer and keyword are told apart."""

Place = tuple[int, int]
"""Line and column, from 1; a column of 0 is not known."""
Path = tuple[str | int, ...]
Locate = Callable[[Sequence[Path]], Sequence[Place]]


@dataclass(slots=True)
class Tally:
    """What was found in a file, or in a part of it, in which lines count from 1 again."""

    records: int = 0
    invalid: int = 0
    errors: int = 0
    lines: int = 0
    shown: list[tuple[Place, str]] = field(default_factory=list)
    kinds: Counter[tuple[str, str]] = field(default_factory=Counter)
    seen: dict[Wanted, Seen] = field(default_factory=dict)
    unread: tuple[Place, str] | None = None
    """From where on the file could not be read, and why."""

    def refuse(self, place: Place, reason: str) -> None:
        """A record that could not be read."""
        self.records += 1
        self.invalid += 1
        self._note("", "not a record", 1)
        if self.has_room:
            self.shown.append((place, reason))

    def hold(self, record: Any, schema: Schema, locate: Locate) -> None:
        """A record that was read and is not valid. Where its values stand is only asked for those
        problems that are shown."""
        self.records += 1
        self.invalid += 1
        if not self.has_room:
            for path, keyword in schema.faults(record):
                self._note(_pattern(path), keyword, 1)
            return
        shown: list[Problem] = []
        room = SHOWN - len(self.shown)
        for problem in schema.problems(record, room):
            self._note(_pattern(problem.path), problem.keyword, 1)
            if len(shown) < room:
                shown.append(problem)
        if shown:
            found = locate([problem.path for problem in shown])
            for problem, place in zip(shown, found, strict=True):
                pointer = problem.pointer or "(the whole record)"
                self.shown.append((place, f"{pointer}: {problem.message}"))

    @property
    def has_room(self) -> bool:
        """Whether a further problem is shown."""
        return len(self.shown) < SHOWN

    def _note(self, pattern: str, keyword: str, count: int) -> None:
        self.errors += count
        key = (pattern, keyword)
        if key not in self.kinds and len(self.kinds) >= _KINDS:
            key = ("(other places)", "")
        self.kinds[key] += count

    def add(self, other: Tally) -> None:
        """What was found in the part that follows."""
        room = SHOWN - len(self.shown)
        self.shown += [((n + self.lines, c), text) for (n, c), text in other.shown[:room]]
        for wanted, part in other.seen.items():
            self.seen.setdefault(wanted, Seen()).add(part, self.lines)
        self.records += other.records
        self.invalid += other.invalid
        self.lines += other.lines
        for (pattern, keyword), count in other.kinds.items():
            self._note(pattern, keyword, count)


@lru_cache(maxsize=1024)
def _pattern(path: Path) -> str:
    """A pointer with a star for every index, so that the items of a list count as one place."""
    return "".join(f"/{'*' if isinstance(one, int) else escaped(one)}" for one in path)


def told(kinds: Counter[tuple[str, str]]) -> str:
    """`in all: 120 x /day format, 3 x /price minimum`."""
    common = kinds.most_common(SHOWN)
    parts = [f"{count:,} x {' '.join(filter(None, key))}" for key, count in common]
    left = sum(kinds.values()) - sum(count for _, count in common)
    more = f", {left:,} of other kinds" if left else ""
    return f"in all: {', '.join(parts)}{more}"
