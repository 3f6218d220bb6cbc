"""Units: the spellings people use -> a dimension and the exact factor to its canonical unit.

Canonical units are s, B, 1/s, B/s, %, count, score and usd; what is only compared with
itself (px, mm, deg ...) keeps its own name. KB is 1000 bytes, KiB 1024.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple


class Unit(NamedTuple):
    """`factor` times a number in this unit is the number in the canonical `name`."""

    dimension: str
    name: str
    factor: Fraction


def _table(dimension: str, name: str, rows: dict[str, str]) -> dict[str, Unit]:
    found = {}
    for spellings, factor in rows.items():
        for spelling in spellings.split():
            found[spelling] = Unit(dimension, name, Fraction(factor))
    return found


TIMES = _table(
    "time",
    "s",
    {
        "ns nanosecond nanoseconds nsec": "1e-9",
        "us µs μs usec microsecond microseconds": "1e-6",
        "ms msec msecs millis millisecond milliseconds": "1e-3",
        "s sec secs second seconds": "1",
        "min mins minute minutes": "60",
        "h hr hrs hour hours": "3600",
        "d day days": "86400",
        "w wk wks week weeks": "604800",
        "mo month months": "2592000",
        "y yr yrs year years": "31536000",
    },
)
BYTES = _table(
    "bytes",
    "B",
    {
        "b byte bytes": "1",
        "kb kilobyte kilobytes": "1000",
        "mb megabyte megabytes": "1000000",
        "gb gigabyte gigabytes gig gigs": "1000000000",
        "tb terabyte terabytes": "1000000000000",
        "pb petabyte petabytes": "1000000000000000",
        "kib ki kibibyte kibibytes": "1024",
        "mib mi mebibyte mebibytes": "1048576",
        "gib gi gibibyte gibibytes": "1073741824",
        "tib ti tebibyte tebibytes": "1099511627776",
    },
)
PERCENT = _table("percent", "%", {"% percent pct percentage": "1", "‰": "1/10"})
RATES = _table("rate", "1/s", {"fps rps qps tps ops/s hz": "1", "rpm": "1/60"})
SCALES = {"k": 1_000, "m": 1_000_000, "mn": 1_000_000, "bn": 1_000_000_000, "b": 1_000_000_000}
BITS = frozenset(("kbps", "mbps", "gbps", "kbit", "mbit", "gbit", "bps"))
"""Bits or bytes a second: people mean both, so none is guessed."""
OTHERS = frozenset(("px", "mm", "cm", "deg", "degrees", "°", "dpi", "db", "em", "rem", "pt"))
