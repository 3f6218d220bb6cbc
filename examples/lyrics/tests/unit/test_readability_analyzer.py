from __future__ import annotations

import pytest

from src.analyzers.readability_analyzer import ReadabilityAnalyzer, count_syllables

pytestmark = pytest.mark.unit


@pytest.fixture
def analyzer() -> ReadabilityAnalyzer:
    return ReadabilityAnalyzer()


@pytest.mark.parametrize(
    ("word", "syllables"),
    [
        ("the", 1),
        ("time", 1),
        ("whole", 1),
        ("little", 2),
        ("agree", 2),
        ("harbour", 2),
        ("station", 2),
        ("melody", 3),
        ("hmm", 1),
    ],
)
def test_count_syllables(word: str, syllables: int) -> None:
    assert count_syllables(word) == syllables


def test_analyze_follows_the_formula(analyzer: ReadabilityAnalyzer) -> None:
    analysis = analyzer.analyze("The cat sat. The dog ran away")
    assert analysis.metrics == {"sentences": 2, "words": 7, "syllables": 8}
    assert analysis.score == pytest.approx(206.835 - 1.015 * 7 / 2 - 84.6 * 8 / 7, abs=1e-4)
    assert analysis.analyzer == "readability"


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("The cat sat on the mat.", "easy"),
        ("Yellow paper lantern, carry me over", "hard"),
        ("A yellow paper lantern in the park", "medium"),
    ],
)
def test_analyze_labels(analyzer: ReadabilityAnalyzer, text: str, label: str) -> None:
    assert analyzer.analyze(text).label == label


def test_analyze_lines_end_sentences(analyzer: ReadabilityAnalyzer) -> None:
    assert analyzer.analyze("one line\n\nanother line").metrics["sentences"] == 2


@pytest.mark.parametrize("text", ["", "\n\n", "... 42 !"])
def test_analyze_text_without_words(analyzer: ReadabilityAnalyzer, text: str) -> None:
    analysis = analyzer.analyze(text)
    assert (analysis.score, analysis.label) == (0.0, "empty")
    assert analysis.metrics == {"sentences": 0, "words": 0, "syllables": 0}


def test_analyze_uses_the_thresholds() -> None:
    analyzer = ReadabilityAnalyzer(easy_from=1000, hard_below=1000)
    assert analyzer.analyze("The cat sat.").label == "hard"


def test_thresholds_must_be_ordered() -> None:
    with pytest.raises(ValueError, match="hard_below"):
        ReadabilityAnalyzer(easy_from=10, hard_below=20)
