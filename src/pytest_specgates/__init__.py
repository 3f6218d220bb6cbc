"""Executable specs for pytest: every criterion is measured, judged and reported."""

__version__ = "0.1.0"
