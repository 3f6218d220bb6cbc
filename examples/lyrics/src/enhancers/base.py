"""What every source of metadata must offer."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from src.models import Track


class BaseEnhancer(ABC):
    """Completes tracks that a scraper has found."""

    name: ClassVar[str]

    @abstractmethod
    def enhance(self, track: Track) -> Track:
        """Return the track with missing metadata filled in; known values stay."""
