"""Criteria in the formats of other tools -> their exact meaning.

Each reader is made from how its tool documents the format. It reads one criterion, or
refuses it with the reason; it never guesses a direction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib import import_module
from typing import cast

from ...model import Criterion, Meaning

__all__ = ["DIALECTS", "read", "read_criterion", "read_own"]

_LONGEST_NAME = 4000
DIALECTS: Mapping[str, tuple[str, str]] = {
    "k6": ("k6", "read"),
    "keptn": ("keptn", "read"),
    "openslo": ("slo", "read_openslo"),
    "pyrra": ("slo", "read_pyrra"),
    "slo-generator": ("slo", "read_generator"),
    "prometheus-rule": ("alerts", "read_prometheus"),
    "grafana-alert": ("alerts", "read_grafana"),
    "argo-rollouts": ("alerts", "read_argo"),
    "lighthouse": ("lighthouse", "read_assertion"),
    "lighthouse-budget": ("lighthouse", "read_budget"),
    "size-limit": ("lighthouse", "read_size_limit"),
    "codecov": ("coverage", "read_codecov"),
    "coveragepy": ("coverage", "read_floor"),
    "pytest-cov": ("coverage", "read_floor"),
    "diff-cover": ("coverage", "read_diff_cover"),
    "artillery": ("load", "read_artillery"),
    "gatling": ("load", "read_gatling"),
    "locust": ("load", "read_locust"),
    "soda": ("data", "read_soda"),
    "great-expectations": ("data", "read_expectation"),
    "benchmark-action": ("data", "read_benchmark_action"),
}
"""The formats by name: the module here, imported when one is read, and its function."""


def read(dialect: str, name: str, text: str) -> Meaning:
    """What one criterion of another tool means.

    `name` is what it limits, or the keys above it (`thresholds.http_req_duration`,
    `objectives[error_rate].pass`); `text` is its value as written. The meaning of what is
    refused has no thresholds and a reason; with thresholds, `reason` says what was assumed.
    Raises KeyError for a dialect that is not in DIALECTS.
    """
    module, function = DIALECTS[dialect]
    from . import limits

    if len(text) > limits.LONGEST:
        return limits.refused(f"longer than {limits.LONGEST:,} characters")
    found = getattr(import_module(f".{module}", __name__), function)
    return cast("Callable[[str, str], Meaning]", found)(name[:_LONGEST_NAME], text)


def read_own(name: str, text: str) -> Meaning:
    """What a `key: value` of a file of somebody's own means; `name` are the keys above."""
    from . import own

    return own.read(name[:_LONGEST_NAME], text)


def read_criterion(criterion: Criterion) -> Meaning:
    """The meaning of a criterion that has a dialect: its text is `NAME: VALUE`, where NAME is
    the last of its keys."""
    name = criterion.keys[-1] if criterion.keys else ""
    value = criterion.text.removeprefix(f"{name}:").strip()
    offset = len(criterion.text) - len(value)
    return _moved(read(criterion.dialect, ".".join(criterion.keys), value), offset)


def _moved(meaning: Meaning, offset: int) -> Meaning:
    """The meaning with its places counted from the start of the whole text."""
    return replace(
        meaning,
        thresholds=tuple(
            replace(t, start=t.start + offset, end=t.end + offset) for t in meaning.thresholds
        ),
    )
