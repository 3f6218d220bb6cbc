"""What every source of tracks must offer."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import ClassVar

from src.models import Track


class BaseScraper(ABC):
    """A source of tracks."""

    name: ClassVar[str]

    @abstractmethod
    def fetch(self) -> Iterator[Track]:
        """Yield the tracks of this source, always in the same order."""
