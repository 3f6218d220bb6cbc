"""Sentences -> their meaning: a kind, and the thresholds that they state."""

from __future__ import annotations

from .reading import read_text

__all__ = ["read_text"]
