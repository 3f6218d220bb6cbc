"""Reading and checking of config.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

DEFAULT_CONFIG = Path(__file__).resolve().parents[1] / "config.yaml"


class ConfigError(ValueError):
    """The configuration cannot be used; the message says why."""


@dataclass(frozen=True)
class SourceConfig:
    """Settings of one data source."""

    enabled: bool
    path: Path
    requests_per_minute: float


@dataclass(frozen=True)
class Config:
    """The whole configuration, with absolute paths."""

    data_sources: Mapping[str, SourceConfig]
    analyzers: Mapping[str, Mapping[str, Any]]
    database: Path


def load_config(path: Path = DEFAULT_CONFIG) -> Config:
    """Read ``path``; raise ConfigError with a clear message when it is unusable."""
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"cannot read {path}: {error.strerror}") from error
    except yaml.YAMLError as error:
        raise ConfigError(f"{path} is not valid YAML: {error}") from error

    base = path.resolve().parent
    top = _mapping(document, "the top level")
    sources = _mapping(top.get("data_sources"), "data_sources")
    analyzers = _mapping(top.get("analyzers"), "analyzers")
    database = _mapping(top.get("database"), "database")
    return Config(
        data_sources={
            name: _source(entry, f"data_sources.{name}", base) for name, entry in sources.items()
        },
        analyzers={
            name: _mapping(entry or {}, f"analyzers.{name}") for name, entry in analyzers.items()
        },
        database=base / _value(database, "path", (str,), "database"),
    )


def _mapping(value: object, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ConfigError(f"{where} must be a mapping, found {_kind(value)}")
    return value


def _value(entry: Mapping[str, Any], key: str, types: tuple[type, ...], where: str) -> Any:
    value = entry.get(key)
    if type(value) not in types:
        wanted = " or ".join(kind.__name__ for kind in types)
        raise ConfigError(f"{where}.{key} must be {wanted}, found {_kind(value)}")
    return value


def _kind(value: object) -> str:
    return "nothing" if value is None else type(value).__name__


def _source(value: object, where: str, base: Path) -> SourceConfig:
    entry = _mapping(value, where)
    rate = _value(entry, "requests_per_minute", (int, float), where)
    if rate <= 0:
        raise ConfigError(f"{where}.requests_per_minute must be greater than 0, found {rate}")
    return SourceConfig(
        enabled=_value(entry, "enabled", (bool,), where),
        path=base / _value(entry, "path", (str,), where),
        requests_per_minute=rate,
    )
