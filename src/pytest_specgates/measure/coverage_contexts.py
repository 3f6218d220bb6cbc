"""What a part of the tests covered: coverage's dynamic contexts, one for each test.

pytest-cov names them `tests/test_a.py::test_a|run` (and `|setup`, `|teardown`).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import replace

from ..model import FileCoverage, Measurement, Surroundings, absence
from .coverage_processes import belong_to_no_test
from .tests import incomplete, selector, shown


def contexts(by: str, around: Surroundings) -> str | Measurement:
    """A regular expression that fits the contexts of the tests that are named ("" for all that
    was measured), or why nothing can be said of them."""
    if not by:
        return ""
    gap = incomplete(by, around)
    if gap:
        return absence(*gap)
    matches = selector(by)
    tests = [nodeid for nodeid, result in around.run.results.items() if matches(result.ref)]
    if not tests:
        return absence(f"no test matches {shown(by)}", "write the test, or correct `by:`")
    coverage = around.run.coverage.coverage
    if belong_to_no_test(coverage):
        return absence(
            "it was not recorded which test covered what in the processes that tests start",
            "leave out `by:`, or the measuring of processes in the configuration of coverage",
        )
    known = coverage.get_data().measured_contexts()
    if not any("|" in context for context in known):
        return absence(
            "it was not recorded which test covered what",
            "run with --cov-context=test, or leave coverage to the gates",
        )
    return _fitting(tests)


def _fitting(tests: list[str]) -> str:
    """Names that stand in one file are told apart behind it, so that no long list is tried for
    each context."""
    files: dict[str, list[str]] = {}
    for nodeid in sorted(tests):
        file, _, inner = nodeid.partition("::")
        files.setdefault(file, []).append(inner)
    parts = (f"{re.escape(f)}::(?:{'|'.join(map(re.escape, names))})" for f, names in files.items())
    return rf"^(?:{'|'.join(parts)})\|"


def with_covering_tests(
    files: Iterable[FileCoverage], around: Surroundings
) -> tuple[FileCoverage, ...]:
    """The files, each with the tests that executed something of it, where contexts tell."""
    coverage = around.run.coverage.coverage
    data = coverage.get_data() if coverage is not None else None
    if data is None or not any("|" in context for context in data.measured_contexts()):
        return tuple(files)
    known = {os.path.realpath(path): path for path in data.measured_files()}
    root = os.path.realpath(around.root)

    def tests(name: str) -> tuple[str, ...]:
        path = known.get(os.path.realpath(os.path.join(root, name)))
        by_line = data.contexts_by_lineno(path) if path is not None else {}
        found = {context for contexts in by_line.values() for context in contexts}
        # What runs when a file is imported belongs to no test.
        return tuple(sorted({c.rpartition("|")[0] for c in found if "|" in c}))

    return tuple(replace(one, tests=tests(one.name)) for one in files)
