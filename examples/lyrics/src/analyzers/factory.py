"""Analyzers by name."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from typing import Any

from src.analyzers.base import BaseAnalyzer
from src.analyzers.readability_analyzer import ReadabilityAnalyzer
from src.analyzers.sentiment_analyzer import SentimentAnalyzer

REGISTRY: dict[str, Callable[..., BaseAnalyzer]] = {
    ReadabilityAnalyzer.name: ReadabilityAnalyzer,
    SentimentAnalyzer.name: SentimentAnalyzer,
}


def create_analyzer(name: str, **settings: Any) -> BaseAnalyzer:
    """Create a registered analyzer; raise ValueError for a bad name or bad settings."""
    if name not in REGISTRY:
        close = get_close_matches(name, REGISTRY, n=1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        raise ValueError(
            f"unknown analyzer {name!r}{hint} (available: {', '.join(sorted(REGISTRY))})"
        )
    try:
        return REGISTRY[name](**settings)
    except (TypeError, ValueError) as error:
        raise ValueError(f"bad settings for analyzer {name!r}: {error}") from error
