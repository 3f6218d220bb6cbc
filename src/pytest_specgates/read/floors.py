"""Coverage floors that a project's configuration states beside its specs, with their places."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from ..model import Span, exact
from ..yaml12 import Node, documents


@dataclass(frozen=True, slots=True)
class Floor:
    """A total coverage in percent that a configuration demands, and the setting's name."""

    setting: str
    value: Fraction
    span: Span
    text: str


_FAIL_UNDER = re.compile(r"^\s*fail_under\s*=\s*[\"']?([0-9.]+)")
_COV_OPTION = re.compile(r"--cov-fail-under[= ]([0-9.]+)")
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
    """The `target` of `coverage.status.project`. Raises SpecError for what is not YAML."""
    for document in documents(text, path):
        project = _member(_member(_member(document, "coverage"), "status"), "project")
        if project is None or project.kind != "map":
            continue
        for key, value in project.pairs:
            target = value if key.text == "target" else _member(value, "target")
            if target is None or target.kind != "scalar":
                continue
            number = exact(target.text.strip().removesuffix("%").strip())
            if number is not None:
                place = Span(path, target.line, target.column)
                yield Floor("target", number, place, f"target: {target.text}")


def _member(node: Node | None, name: str) -> Node | None:
    return node.get(name) if node is not None and node.kind == "map" else None


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
    """The floors in the texts of configuration files (name -> text). Raises SpecError for a
    file that is not what its name says."""
    return [floor for name, text in texts.items() for floor in FILES[name](name, text)]
