"""Sentiment from a small lexicon."""

from __future__ import annotations

from src.analyzers.base import BaseAnalyzer, split_words
from src.models import Analysis

LEXICON = {
    "bright": 1,
    "calm": 1,
    "dance": 1,
    "free": 1,
    "friend": 2,
    "friends": 2,
    "gentle": 1,
    "glad": 2,
    "gold": 1,
    "happy": 3,
    "home": 1,
    "hope": 2,
    "joy": 3,
    "laugh": 2,
    "laughing": 2,
    "light": 1,
    "love": 3,
    "shine": 1,
    "sing": 1,
    "singing": 1,
    "smile": 2,
    "sweet": 2,
    "warm": 1,
    "afraid": -2,
    "alone": -2,
    "bitter": -2,
    "broken": -2,
    "cold": -1,
    "cry": -2,
    "dark": -1,
    "empty": -1,
    "fear": -2,
    "gone": -1,
    "grey": -1,
    "hurt": -2,
    "lonely": -3,
    "lost": -2,
    "rust": -1,
    "sad": -3,
    "tears": -2,
    "tired": -1,
    "weary": -1,
}

NEGATIONS = frozenset(
    ("ain't", "can't", "don't", "isn't", "never", "no", "not", "nothing", "without", "won't")
)


class SentimentAnalyzer(BaseAnalyzer):
    """Weighs positive against negative words; the score lies between -1 and 1."""

    name = "sentiment"

    def __init__(
        self,
        positive_from: float = 0.2,
        negative_below: float = -0.2,
        negation_window: int = 2,
    ) -> None:
        if negative_below > positive_from:
            raise ValueError("negative_below must not be greater than positive_from")
        self._positive_from = positive_from
        self._negative_below = negative_below
        self._negation_window = negation_window

    def analyze(self, text: str) -> Analysis:
        """Score a text; without any word of the lexicon the score is 0."""
        words = split_words(text)
        positive = negative = 0
        for index, word in enumerate(words):
            weight = LEXICON.get(word, 0)
            if weight and self._negated(words, index):
                weight = -weight
            positive += max(weight, 0)
            negative += max(-weight, 0)
        score = round((positive - negative) / ((positive + negative) or 1), 4)
        return Analysis(
            analyzer=self.name,
            score=score,
            label=self._label(score),
            metrics={"words": len(words), "positive": positive, "negative": negative},
        )

    def _negated(self, words: list[str], index: int) -> bool:
        start = max(index - self._negation_window, 0)
        return not NEGATIONS.isdisjoint(words[start:index])

    def _label(self, score: float) -> str:
        if score >= self._positive_from:
            return "positive"
        if score < self._negative_below:
            return "negative"
        return "neutral"
