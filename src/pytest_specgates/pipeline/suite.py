"""Whether what was run is the whole suite."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from ..measure import paths

TEST_FILES = ("test_*.py", "*_test.py")
NOT_ENTERED = ("*.egg", ".*", "_darcs", "build", "CVS", "dist", "node_modules", "venv", "{arch}")
"""What pytest itself has for `python_files` and `norecursedirs`."""


def narrowed(whole: Iterable[str], roots: Sequence[str]) -> str:
    """Why the tests of the roots are not all below `whole` ("" if they are)."""
    for path in whole:
        if not any("::" not in root and paths.covers(root, path) for root in roots):
            return f"only {', '.join(roots[:3])} was run"
    return ""


def test_files(
    root: Path, whole: Iterable[str], patterns: Sequence[str], not_entered: Sequence[str]
) -> list[str]:
    """The test files below the paths of the whole suite, by the settings `python_files` and
    `norecursedirs` (those of pytest itself where they are empty)."""
    patterns, not_entered = patterns or TEST_FILES, not_entered or NOT_ENTERED

    def is_test_file(name: str, top: str) -> bool:
        if not any(fnmatchcase(posixpath.basename(name), pattern) for pattern in patterns):
            return False
        folders = posixpath.dirname(posixpath.relpath(name, top)).split("/")
        return not any(fnmatchcase(f, pattern) for f in folders if f for pattern in not_entered)

    return [
        name for path in whole for name in paths.matching(root, path) if is_test_file(name, path)
    ]


def with_whole_folders(
    roots: Sequence[str], whole: Sequence[str], files: Sequence[str]
) -> tuple[str, ...]:
    """The roots and, where they hold all test files of a folder, that folder: `tests/unit` and
    `tests/api` together may be all of `tests`."""
    folders = dict.fromkeys(whole, True)
    for file in files:
        is_run = any("::" not in root and paths.covers(root, file) for root in roots)
        for folder in _above(file):
            folders[folder] = folders.get(folder, True) and is_run
    inside = [f for f, is_run in folders.items() if is_run]
    inside = [f for f in inside if any(paths.covers(path, f) for path in whole)]
    return tuple(dict.fromkeys((*roots, *(inside if files else ()))))


def _above(path: str) -> Iterator[str]:
    """The folders above a file, up to the root."""
    while path != ".":
        path = posixpath.dirname(path) or "."
        yield path
