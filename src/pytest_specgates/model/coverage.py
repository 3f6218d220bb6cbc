"""What a file has covered, as probes and reports see it."""

from __future__ import annotations

from dataclasses import dataclass

Arc = tuple[int, int]
"""A branch: from a line to one that it can go on with; a negative one is an exit,
the same one that nobody says which."""


@dataclass(frozen=True, slots=True)
class FileCoverage:
    """What one file, function or class has. `executed`, `missing` and `excluded` are line numbers
    (what was executed may be excluded); `untaken` are branches as pairs of them."""

    name: str
    statements: int
    executed: tuple[int, ...]
    missing: tuple[int, ...]
    excluded: tuple[int, ...]
    branches: int = 0
    untaken: tuple[Arc, ...] = ()
    tests: tuple[str, ...] | None = None
    """The node ids of the tests that executed something of it, where that was recorded."""
    more_tests: int = 0
    """How many more did, whose names were not kept."""
