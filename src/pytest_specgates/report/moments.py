"""The times of a report as numbers."""

from __future__ import annotations

import datetime


def milliseconds(moment: str) -> int:
    """A time of the report as milliseconds since 1970; 0 for one that is none."""
    try:
        found = datetime.datetime.fromisoformat(moment.replace("Z", "+00:00"))
        return int(found.timestamp() * 1000)
    except (ValueError, OverflowError, OSError):
        return 0
