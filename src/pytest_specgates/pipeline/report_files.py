"""The reports of a run or a merge as files: each is whole, or not there."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ..model import GateReport
from ..report.formats import FORMATS
from ..writing import write_whole


def report_file(asked: str, folder: Path) -> tuple[str, Path]:
    """The format and the file of `FORMAT[:FILE]`; a file is relative to the folder."""
    name, _, given = asked.partition(":")
    return name, folder / (given or FORMATS[name].default_file)


def write_reports(report: GateReport, asked: Iterable[str], folder: Path) -> list[str]:
    """Write the reports that were asked for. Returns errors."""
    errors = []
    for one in asked:
        name, path = report_file(one, folder)
        try:
            # What no encoding holds stands in a report as its escape.
            text = FORMATS[name].render(report).encode("utf-8", "backslashreplace")
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, text)
        except OSError as error:
            why = error.strerror or error
            errors.append(f"the {name} report could not be written: {path}: {why}")
    return errors
