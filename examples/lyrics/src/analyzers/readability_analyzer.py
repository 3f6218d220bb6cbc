"""Readability by the Flesch reading ease formula."""

from __future__ import annotations

import re

from src.analyzers.base import BaseAnalyzer, split_words
from src.models import Analysis

_SENTENCE_END = re.compile(r"[.!?\n]+")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT_E = re.compile(r"(?:[aeiouy]l|[^aeiouyl])e$")


def count_syllables(word: str) -> int:
    """Estimate the syllables of an English word in lower case."""
    groups = len(_VOWELS.findall(word))
    if _SILENT_E.search(word):
        groups -= 1
    return max(groups, 1)


class ReadabilityAnalyzer(BaseAnalyzer):
    """Scores how easily a text reads; every line of lyrics ends a sentence."""

    name = "readability"

    def __init__(self, easy_from: float = 80, hard_below: float = 50) -> None:
        if hard_below > easy_from:
            raise ValueError("hard_below must not be greater than easy_from")
        self._easy_from = easy_from
        self._hard_below = hard_below

    def analyze(self, text: str) -> Analysis:
        """Score a text; a text without words scores 0 and is labelled ``empty``."""
        sentences = [part for line in _SENTENCE_END.split(text) if (part := split_words(line))]
        words = sum(len(sentence) for sentence in sentences)
        syllables = sum(count_syllables(word) for sentence in sentences for word in sentence)
        if words:
            score = 206.835 - 1.015 * words / len(sentences) - 84.6 * syllables / words
            score = round(score, 4)
            label = self._label(score)
        else:
            score, label = 0.0, "empty"
        return Analysis(
            analyzer=self.name,
            score=score,
            label=label,
            metrics={"sentences": len(sentences), "words": words, "syllables": syllables},
        )

    def _label(self, score: float) -> str:
        if score >= self._easy_from:
            return "easy"
        if score < self._hard_below:
            return "hard"
        return "medium"
