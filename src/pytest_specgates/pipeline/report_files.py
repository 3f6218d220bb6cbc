"""The reports of a run or a merge as files: each is whole, or not there."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ..errors import SpecError, did_you_mean
from ..model import Format, GateReport
from ..writing import write_whole
from .formats import known_formats


def name_of(asked: str) -> str:
    """The format of `FORMAT[:FILE]`."""
    return asked.partition(":")[0]


def unknown_format(asked: Iterable[str]) -> str:
    """What is wrong with the formats of `FORMAT[:FILE]`, if something is."""
    names = tuple(map(name_of, asked))
    try:
        known = known_formats(names)
    except SpecError as error:
        return str(error)
    for name in names:
        if name not in known:
            return f'"{name}" is not known; {did_you_mean(name, known)}'
    return ""


def report_file(asked: str, folder: Path) -> tuple[Format, Path]:
    """The format and the file of `FORMAT[:FILE]`; a file is relative to the folder."""
    name, _, given = asked.partition(":")
    made = known_formats((name,))[name]
    return made, folder / (given or made.default_file)


def text_of(report: GateReport, name: str, made: Format) -> str:
    """The report in a format. Raises ValueError, which says why, where that of another package
    cannot make it."""
    try:
        text = made.render(report)
    except Exception as error:
        raise ValueError(f"{type(error).__name__}: {error}") from error
    if not isinstance(text, str):
        raise ValueError(f"the format {name} made no text, but a {type(text).__name__}")
    return text


def write_reports(report: GateReport, asked: Iterable[str], folder: Path) -> list[str]:
    """Write the reports that were asked for. Returns errors."""
    errors = []
    for one in asked:
        name = name_of(one)
        made, path = report_file(one, folder)
        try:
            write_text(path, text_of(report, name, made))
        except ValueError as error:
            errors.append(f"the {name} report could not be made: {error}")
        except OSError as error:
            why = error.strerror or error
            errors.append(f"the {name} report could not be written: {path}: {why}")
    return errors


def write_text(path: Path, text: str) -> None:
    """Raises OSError; the file is then as it was."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # What no encoding holds stands in a report as its escape.
    write_whole(path, text.encode("utf-8", "backslashreplace"))
