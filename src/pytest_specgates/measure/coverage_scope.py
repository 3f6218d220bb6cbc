"""Which Python files a subject of a coverage gate means, and whether coverage looked at them."""

from __future__ import annotations

import os
from collections.abc import Sequence

from ..model import CHANGED, Surroundings
from . import paths

OF_BRANCHES = ("branch coverage", "uncovered branches")
"""The metrics for which branches have to be measured."""
UNNAMED = "**/*.py"
"""The subject where nobody named a scope."""


def changed_scope(subject: str) -> str | None:
    """The path of a subject of changed lines (UNNAMED without one); None for another subject."""
    if subject == CHANGED:
        return UNNAMED
    prefix, separator, rest = subject.partition(":")
    return rest if separator and prefix == CHANGED else None


def files_of(subject: str, around: Surroundings) -> list[str]:
    """The Python files of a subject, sorted."""
    key = ("coverage", "files", subject)
    if key not in around.cache:
        around.cache[key] = (
            _unnamed_scope(around)
            if subject == UNNAMED
            else [n for n in paths.matching(around.root, subject) if n.endswith(".py")]
        )
    found: list[str] = around.cache[key]
    return found


def measured(around: Surroundings) -> frozenset[str]:
    """The real paths of all files of which coverage has data."""
    key = ("coverage", "measured")
    if key not in around.cache:
        names = around.run.coverage.coverage.get_data().measured_files()
        around.cache[key] = frozenset(os.path.realpath(name) for name in names)
    found: frozenset[str] = around.cache[key]
    return found


def any_measured(names: Sequence[str], around: Surroundings) -> bool:
    known, root = measured(around), os.path.realpath(around.root)
    return any(os.path.realpath(os.path.join(root, name)) in known for name in names)


def was_asked_for(names: Sequence[str], around: Surroundings) -> bool:
    """Whether coverage was asked to measure the files, so that silence means 0 %."""
    sources = around.run.coverage.coverage.get_option("run:source")
    if not isinstance(sources, list) or not sources or any_measured(names, around):
        return True
    for source in sources:
        path = os.path.realpath(os.path.join(around.root, str(source)))
        if not os.path.exists(path):
            return True  # a package by its name: coverage knows where it is
        files = (os.path.realpath(around.root / name) for name in names)
        if any(file == path or file.startswith(path + os.sep) for file in files):
            return True
    return False


def _unnamed_scope(around: Surroundings) -> list[str]:
    """The code that was measured, without the tests, and all other code in the same top-level
    folders, imported or not."""
    root = os.path.realpath(around.root)
    relative = (os.path.relpath(name, root) for name in measured(around))
    names = {name.replace(os.sep, "/") for name in relative if not name.startswith("..")}
    test_files = {nodeid.partition("::")[0] for nodeid in around.run.results}
    test_folders = {name.partition("/")[0] for name in test_files if "/" in name}

    def is_test(name: str) -> bool:
        return name in test_files or name.partition("/")[0] in test_folders

    code = {name for name in names if not is_test(name) and not name.endswith("conftest.py")}
    for folder in {name.partition("/")[0] for name in code if "/" in name}:
        code.update(n for n in paths.matching(around.root, folder) if n.endswith(".py"))
    return sorted(code - test_files)
