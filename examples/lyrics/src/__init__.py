"""Collects song lyrics and track metadata, and analyses them."""

__version__ = "0.1.0"
