"""The marker `spec`: which tests are bound to which criteria.

A marker that names no criterion is an error in collecting the file or class of its test, as
an unknown marker is under --strict-markers. What plugins add after collecting is checked once
the items are final, and told at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from functools import cached_property

import pytest

from .. import pipeline
from ..understand.marks import Criteria, resolve

MARKER = "spec"
_MOST_HINTS = 20
"""A hint compares a text with all the criteria; the rest of a renamed spec needs none."""


class Marks:
    """A pytest plugin. `load` gives all the specs that a marker may name.

    `bound` are the tests that have markers, by node id, with the addresses of their criteria;
    those that were not selected too. `unknown` are the errors that no collecting told.
    """

    def __init__(self, load: Callable[[], pipeline.Loaded]) -> None:
        self._load = load
        self._hints = 0
        self._known: dict[str, tuple[str, str]] = {}
        self.bound: dict[str, frozenset[str]] = {}
        self.unknown: list[str] = []

    @cached_property
    def loaded(self) -> pipeline.Loaded:
        """Read at the first marker: a run without one pays for nothing."""
        return self._load()

    @cached_property
    def criteria(self) -> Criteria:
        return pipeline.criteria_of(self.loaded)

    @cached_property
    def is_blind(self) -> bool:
        """Whether a spec cannot be read: nobody can say then that a marker names nothing."""
        return any(file.all_errors for file in self.loaded.files.values())

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(
        self, collector: pytest.Collector
    ) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        report = yield
        if report.outcome != "passed" or not report.result:
            return report
        faults: dict[str, str] = {}
        for node in report.result:
            if isinstance(node, pytest.Item):
                for fault in self._read(node)[1]:
                    faults.setdefault(fault, _place(node))
        if not faults:
            return report
        told = "\n\n".join(f"{place}: {fault}" for fault, place in faults.items())
        return pytest.CollectReport(collector.nodeid, "failed", told, [])

    def note(self, items: Iterable[pytest.Item]) -> None:
        """Take down the markers of items that are final, selected or not."""
        for item in items:
            addresses, faults = self._read(item)
            if addresses:
                self.bound[item.nodeid] = addresses
            self.unknown.extend(f"{_place(item)}: {fault}" for fault in faults)

    def _read(self, item: pytest.Item) -> tuple[frozenset[str], list[str]]:
        """The addresses of the criteria that an item's markers name, and what is wrong."""
        found: set[str] = set()
        faults: list[str] = []
        for mark in item.iter_markers(MARKER):
            if mark.kwargs or not mark.args:
                faults.append(
                    "@pytest.mark.spec names no criterion; "
                    'write @pytest.mark.spec("spec-name/criterion-id")'
                )
            for text in mark.args:
                if not isinstance(text, str) or not text.strip():
                    faults.append(
                        f"@pytest.mark.spec({text!r:.80}): a criterion is named by a text; "
                        'write @pytest.mark.spec("spec-name/criterion-id")'
                    )
                    continue
                address, fault = self._resolved(text)
                if address:
                    found.add(address)
                elif fault:
                    faults.append(f"@pytest.mark.spec: {fault}")
        return frozenset(found), faults

    def _resolved(self, text: str) -> tuple[str, str]:
        known = self._known.get(text)
        if known is None:
            try:
                with_hint = not self.is_blind and self._hints < _MOST_HINTS
                known = resolve(text, self.criteria, with_hint), ""
            except LookupError as error:
                self._hints += 1
                known = "", "" if self.is_blind else str(error)
            self._known[text] = known
        return known


def _place(item: pytest.Item) -> str:
    path, line, _ = item.location
    return f"{path}:{(line or 0) + 1}"
