from __future__ import annotations

import pytest

from src.analyzers.factory import REGISTRY, create_analyzer
from src.analyzers.readability_analyzer import ReadabilityAnalyzer
from src.analyzers.sentiment_analyzer import SentimentAnalyzer

pytestmark = pytest.mark.unit


def test_sentiment_registered_in_factory() -> None:
    assert isinstance(create_analyzer("sentiment"), SentimentAnalyzer)


def test_readability_registered_in_factory() -> None:
    assert isinstance(create_analyzer("readability"), ReadabilityAnalyzer)


@pytest.mark.parametrize("name", sorted(REGISTRY))
def test_names_agree(name: str) -> None:
    assert create_analyzer(name).name == name


def test_settings_reach_the_analyzer() -> None:
    assert create_analyzer("sentiment", positive_from=2).analyze("happy").label == "neutral"


def test_unknown_name_with_a_close_match() -> None:
    with pytest.raises(ValueError, match=r"'sentimnt'; did you mean 'sentiment'\?"):
        create_analyzer("sentimnt")


def test_unknown_name_lists_the_available_ones() -> None:
    with pytest.raises(ValueError, match=r"'xyz' \(available: readability, sentiment\)"):
        create_analyzer("xyz")


@pytest.mark.parametrize("settings", [{"colour": 1}, {"easy_from": 1, "hard_below": 2}])
def test_bad_settings(settings: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="bad settings for analyzer 'readability'"):
        create_analyzer("readability", **settings)
