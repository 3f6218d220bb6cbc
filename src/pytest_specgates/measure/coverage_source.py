"""Where a coverage gate has its numbers from: this run, or a file that another one made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from ..model import FileCoverage, Measurement, Surroundings, absence
from . import coverage_report as report
from .coverage_processes import measure_by_configuration
from .coverage_scope import any_measured, files_of, was_asked_for


class Source(Protocol):
    """What is asked of it. Names are POSIX, relative to the root; all of it may raise
    ProbeError."""

    @property
    def what(self) -> str:
        """What a subject names, in the singular."""

    @property
    def endings(self) -> tuple[str, ...]:
        """The endings of the names of files that it can have something of."""

    def no_branches(self) -> Measurement | None:
        """Why there are no branches, if there are none."""

    def names(self, subject: str) -> list[str]:
        """The files of a subject, sorted, whether or not there is anything of them."""

    def gap(self, subject: str, names: Sequence[str]) -> Measurement | None:
        """Why nothing can be said of a subject with these files."""

    def files(self, names: Sequence[str], by: str) -> list[report.Analysed]:
        """What is known of the files; those that are not to be measured are left out."""

    def statement_lines(self, whole: FileCoverage) -> frozenset[int]:
        """The lines at which the statements of a file are counted."""

    def told(self, names: Sequence[str]) -> str:
        """What is to be known beside the numbers."""


@dataclass(frozen=True, slots=True)
class OfRun:
    """The data of a run's coverage, with the sources that it was taken from."""

    around: Surroundings
    what: str = "Python file"
    endings: tuple[str, ...] = (".py",)

    def no_branches(self) -> Measurement | None:
        coverage = self.around.run.coverage.coverage
        if coverage.get_data().has_arcs():
            return None
        if coverage.get_option("run:branch"):
            return absence(
                "coverage has no data: no test ran any code of its sources",
                "see whether an installed copy is tested, or code in processes that coverage "
                "is not configured to measure",
            )
        if measure_by_configuration(coverage):
            # --cov-branch would end the run: the processes do not know of it.
            return absence(
                "branches were not measured: processes measure by the configuration of coverage",
                "set `branch = true` in it",
            )
        return absence(
            "branches were not measured", "run with --cov-branch, or leave coverage to the gates"
        )

    def names(self, subject: str) -> list[str]:
        return files_of(subject, self.around)

    def gap(self, subject: str, names: Sequence[str]) -> Measurement | None:
        if not names or was_asked_for(names, self.around):
            return None
        return absence(
            f"{subject} was not measured: it is no source of --cov",
            "leave out --cov, or name it too",
        )

    def files(self, names: Sequence[str], by: str) -> list[report.Analysed]:
        """The files, with what the contexts covered. What runs when a file is imported belongs
        to no test; it counts for those that go on to use the file."""
        around = self.around
        if not by:
            return report.analysed(names, around)
        used = {one.whole.name for one in report.analysed(names, around, by) if one.whole.executed}
        with_import = report.analysed([n for n in names if n in used], around, f"{by}|^$")
        unused = report.analysed([n for n in names if n not in used], around, by)
        return sorted((*with_import, *unused), key=lambda one: one.whole.name)

    def statement_lines(self, whole: FileCoverage) -> frozenset[int]:
        return report.statement_lines(whole, self.around)

    def told(self, names: Sequence[str]) -> str:
        if any_measured(names, self.around):
            return ""
        return "no test imported anything of it: is an installed copy tested instead?"
