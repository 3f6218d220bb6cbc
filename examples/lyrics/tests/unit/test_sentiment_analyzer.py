from __future__ import annotations

import pytest

from src.analyzers.sentiment_analyzer import SentimentAnalyzer

pytestmark = pytest.mark.unit


@pytest.fixture
def analyzer() -> SentimentAnalyzer:
    return SentimentAnalyzer()


@pytest.mark.parametrize(
    ("text", "score", "label"),
    [
        ("Happy, happy home", 1.0, "positive"),
        ("Lonely and lost", -1.0, "negative"),
        ("Warm hands, cold heart", 0.0, "neutral"),
        ("love and tears", 0.2, "positive"),
        ("hope, home and lonely, dark", -0.1429, "neutral"),
    ],
)
def test_analyze_scores_and_labels(
    analyzer: SentimentAnalyzer, text: str, score: float, label: str
) -> None:
    analysis = analyzer.analyze(text)
    assert (analysis.analyzer, analysis.score, analysis.label) == ("sentiment", score, label)


@pytest.mark.parametrize("text", ["", "  \n", "1234 !?", "the table and the chair"])
def test_analyze_text_without_sentiment(analyzer: SentimentAnalyzer, text: str) -> None:
    analysis = analyzer.analyze(text)
    assert (analysis.score, analysis.label) == (0.0, "neutral")


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("not happy", "negative"),
        ("I won\u2019t cry", "positive"),
        ("not so very happy", "positive"),
    ],
)
def test_analyze_negation(analyzer: SentimentAnalyzer, text: str, label: str) -> None:
    assert analyzer.analyze(text).label == label


def test_analyze_negation_can_be_switched_off() -> None:
    assert SentimentAnalyzer(negation_window=0).analyze("not happy").label == "positive"


def test_analyze_ignores_case_and_punctuation(analyzer: SentimentAnalyzer) -> None:
    assert analyzer.analyze("HAPPY!!!") == analyzer.analyze("happy")


def test_analyze_metrics(analyzer: SentimentAnalyzer) -> None:
    metrics = analyzer.analyze("Sweet hope, cold rain").metrics
    assert metrics == {"words": 4, "positive": 4, "negative": 1}


def test_analyze_uses_the_thresholds() -> None:
    analyzer = SentimentAnalyzer(positive_from=0.9, negative_below=0.5)
    assert analyzer.analyze("love and tears").label == "negative"


def test_thresholds_must_be_ordered() -> None:
    with pytest.raises(ValueError, match="negative_below"):
        SentimentAnalyzer(positive_from=-0.5, negative_below=0.5)
