"""Analyzers of lyrics."""
