"""The kinds of gates: one module a probe, and the table of them."""
