"""What the configuration files of a project say of pytest and of coverage, without either."""

from __future__ import annotations

import configparser
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..errors import SpecError
from ..ini_toml import read_ini, read_toml
from ..model import Span

PYTEST_FILES = (
    "pytest.toml",
    ".pytest.toml",
    "pytest.ini",
    ".pytest.ini",
    "pyproject.toml",
    "tox.ini",
    "setup.cfg",
)
COVERAGE_FILES = (".coveragerc", ".coveragerc.toml", "setup.cfg", "tox.ini", "pyproject.toml")
"""In the order in which the tools look; the first that has settings is taken."""
FILES = tuple(dict.fromkeys((*PYTEST_FILES, *COVERAGE_FILES)))
_WORDS = frozenset(
    (
        *("addopts", "testpaths", "norecursedirs", "python_files", "python_classes"),
        *("python_functions", "specgates_paths", "specgates_allow", "required_plugins"),
        *("pythonpath", "usefixtures"),
    )
)
"""Settings whose text is words; that of others is lines."""
_COMMAS = frozenset(("omit", "source", "source_pkgs", "include", "plugins", "concurrency"))


@dataclass(frozen=True, slots=True)
class Configuration:
    """The settings of a tool: name -> items, as written. `span` is the file's first line."""

    span: Span
    settings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def items(self, name: str) -> tuple[str, ...]:
        return self.settings.get(name, ())

    def text(self, name: str) -> str:
        return " ".join(self.items(name))


def pytest_configuration(texts: Mapping[str, str]) -> Configuration:
    """The settings of pytest, as its own search finds them. Raises SpecError for a file that
    cannot be read."""
    for name in PYTEST_FILES:
        if name not in texts:
            continue
        found = _pytest_settings(name, texts[name])
        if found is not None:
            settings = {key: _items(key, value, _WORDS, "") for key, value in found.items()}
            return Configuration(Span(name, 1, 1), settings)
    return Configuration(Span("pyproject.toml", 1, 1))


def coverage_configuration(texts: Mapping[str, str]) -> Configuration:
    """The settings of coverage as `section.name`. Raises SpecError for a file that cannot be
    read."""
    for name in COVERAGE_FILES:
        if name not in texts:
            continue
        sections = _coverage_sections(name, texts[name])
        if sections:
            settings = {
                f"{section}.{key}": _items(key, value, frozenset(), ",")
                for section, values in sections.items()
                for key, value in values.items()
            }
            return Configuration(Span(name, 1, 1), settings)
    return Configuration(Span(".coveragerc", 1, 1))


def coverage_files(texts: Mapping[str, str]) -> list[str]:
    """The files that have settings of coverage, in its order: only those of the first count."""
    found = []
    for name in COVERAGE_FILES:
        try:
            if name in texts and any(_coverage_sections(name, texts[name]).values()):
                found.append(name)
        except SpecError:
            continue  # coverage itself says what is wrong with it
    return found


def _pytest_settings(name: str, text: str) -> Mapping[str, Any] | None:
    if name.endswith(".toml"):
        data = _toml(name, text)
        if name != "pyproject.toml":
            return _table(data, "pytest")
        tool = _table(data, "tool") or {}
        pytest = _table(tool, "pytest")
        old = _table(pytest or {}, "ini_options")
        return old if old is not None else pytest
    section = "tool:pytest" if name == "setup.cfg" else "pytest"
    parser = _ini(name, text)
    if section in parser:
        return dict(parser[section])
    return {} if name in ("pytest.ini", ".pytest.ini") else None


def _coverage_sections(name: str, text: str) -> dict[str, Mapping[str, Any]]:
    if name.endswith(".toml"):
        data = _toml(name, text)
        tables = _table(_table(data, "tool") or {}, "coverage") or {}
        if name == ".coveragerc.toml" and not tables:
            tables = data
        return {key: value for key, value in tables.items() if isinstance(value, dict)}
    parser = _ini(name, text)
    lead = "" if name == ".coveragerc" else "coverage:"
    return {
        section.removeprefix("coverage:"): dict(parser[section])
        for section in parser.sections()
        if section.startswith(lead)
    }


def _items(key: str, value: Any, words: frozenset[str], separator: str) -> tuple[str, ...]:
    if isinstance(value, list):
        return tuple(map(str, value))
    if isinstance(value, bool):
        return (str(value).lower(),)
    text = str(value)
    if key in words:
        try:
            return tuple(shlex.split(text))
        except ValueError:
            return tuple(text.split())
    lines = [line.strip() for line in text.splitlines()]
    if separator and key in _COMMAS:
        lines = [part.strip() for line in lines for part in line.split(separator)]
    return tuple(line for line in lines if line)


def _table(data: Mapping[str, Any], name: str) -> Mapping[str, Any] | None:
    found = data.get(name)
    return found if isinstance(found, dict) else None


def _toml(name: str, text: str) -> Mapping[str, Any]:
    try:
        return read_toml(text)
    except ValueError as error:
        raise SpecError(f"not TOML: {error}", name, hint="mend the file") from error


def _ini(name: str, text: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str  # type: ignore[method-assign,assignment]  # names keep their case
    try:
        read_ini(text, parser)
    except configparser.Error as error:
        told = str(error).replace("\n", " ")
        raise SpecError(
            f"not readable: {told}", name, getattr(error, "lineno", None) or 1, hint="mend the file"
        ) from error
    return parser
