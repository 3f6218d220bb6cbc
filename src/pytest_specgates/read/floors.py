"""Coverage floors that a project's configuration states beside its specs, with their places."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from ..model import Span, exact


@dataclass(frozen=True, slots=True)
class Floor:
    """A total coverage in percent that a configuration demands, and the setting's name."""

    setting: str
    value: Fraction
    span: Span
    text: str


_FAIL_UNDER = re.compile(r"^\s*fail_under\s*=\s*[\"']?([0-9.]+)")
_COV_OPTION = re.compile(r"--cov-fail-under[= ]([0-9.]+)")
_TARGET = re.compile(r"^\s*target\s*:\s*[\"']?([0-9.]+)\s*%?[\"']?\s*(?:#.*)?$")
_SECTION = re.compile(r"^\s*\[([^\]]+)\]\s*$")
_REPORTS = frozenset(("report", "coverage:report", "tool.coverage.report"))


def _ini(path: str, text: str) -> Iterator[Floor]:
    """`.coveragerc`, `setup.cfg`, `tox.ini`, `pytest.ini`, `pyproject.toml`."""
    section = ""
    for number, line in enumerate(text.splitlines(), 1):
        header = _SECTION.match(line)
        if header is not None:
            section = header[1].strip()
        if line.lstrip().startswith(("#", ";")):
            continue
        found = [("fail_under", _FAIL_UNDER.match(line))] if section in _REPORTS else []
        found.append(("--cov-fail-under", _COV_OPTION.search(line)))
        for setting, match in found:
            value = exact(match[1]) if match is not None else None
            if match is not None and value is not None:
                yield Floor(setting, value, Span(path, number, match.start(1) + 1), line.strip())


def _codecov(path: str, text: str) -> Iterator[Floor]:
    """The `target` of `coverage.status.project`."""
    keys: list[tuple[int, str]] = []
    for number, line in enumerate(text.splitlines(), 1):
        bare = line.strip()
        if not bare or bare.startswith("#"):
            continue
        indent = len(line) - len(line.lstrip())
        while keys and keys[-1][0] >= indent:
            keys.pop()
        names = [name for _, name in keys]
        match = _TARGET.match(line)
        value = exact(match[1]) if match is not None else None
        if (
            match is not None
            and value is not None
            and names[:3] == ["coverage", "status", "project"]
        ):
            place = Span(path, number, match.start(1) + 1)
            yield Floor("target", value, place, bare)
        name, colon, _ = bare.partition(":")
        if colon:
            keys.append((indent, name.strip()))


FILES: Mapping[str, Callable[[str, str], Iterator[Floor]]] = {
    ".coveragerc": _ini,
    "pyproject.toml": _ini,
    "setup.cfg": _ini,
    "tox.ini": _ini,
    "pytest.ini": _ini,
    "codecov.yml": _codecov,
    ".codecov.yml": _codecov,
}
"""The configuration files of a project that may hold a floor, in its root folder."""


def floors(texts: Mapping[str, str]) -> list[Floor]:
    """The floors in the texts of configuration files (name -> text)."""
    return [floor for name, text in texts.items() for floor in FILES[name](name, text)]
