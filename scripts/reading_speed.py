"""How long it takes to read lines of prose, on one core, none of them read before.

    python scripts/reading_speed.py LINES.jsonl

LINES has a JSON object a line: `text` and, if given, `context_key` (the heading above it). They
are read again and again, without the cache of readings. Prints the time of 10,000 lines, as the
median and the shortest of the rounds, in seconds of CPU time.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from pathlib import Path

from pytest_specgates.understand.prose.reading import read_text

ROUNDS = 30
LINES = 10_000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("lines", type=Path)
    written = parser.parse_args().lines.read_text("utf-8").splitlines()
    lines = [
        (row["text"], row.get("context_key")) for row in map(json.loads, filter(None, written))
    ]
    if not lines:
        print("no lines", file=sys.stderr)
        return 2
    read = read_text.__wrapped__
    took = []
    for _ in range(ROUNDS):
        began = time.process_time()
        for text, above in lines:
            read(text, above)
        took.append((time.process_time() - began) / len(lines) * LINES)
    print(f"{LINES:,} lines: median {statistics.median(took):.2f} s, shortest {min(took):.2f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
