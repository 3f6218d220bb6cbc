"""Texts that nobody meant, for scripts/fuzz.py and scripts/fuzz_guided.py."""
