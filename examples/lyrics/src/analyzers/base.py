"""What every analyzer must offer."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from typing import ClassVar

from src.models import Analysis

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")


def split_words(text: str) -> list[str]:
    """Return the words of a text in lower case, without punctuation."""
    return _WORD.findall(text.lower().replace("\u2019", "'"))


class BaseAnalyzer(ABC):
    """Turns a text into a score and a label."""

    name: ClassVar[str]

    @abstractmethod
    def analyze(self, text: str) -> Analysis:
        """Analyse a text; the same text always gives the same result."""
