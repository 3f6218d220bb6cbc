"""Read criteria of other tools' files and compare what was read with what they mean.

    python scripts/structured_table.py FACTS.jsonl

FACTS has a JSON object a line: `format`, `location` (the keys above the value), `raw` (the value
as written), `checks` (metric, stat, op, value, unit; none where it has to be refused), and, if
given, `id`, `source` (whose file name is a part of the name) and `note`. Prints a table, one
row a fact, and a count. Exit code 1 if a row differs.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

from pytest_specgates.model import Meaning, Threshold
from pytest_specgates.understand import dialects

_OWN = "custom-"
_NAMED_BY_FILE = ("slo-generator", "openslo")
"""Formats with one objective a file, whose name is the file's."""


def meaning(fact: dict[str, Any]) -> Meaning:
    """The meaning of one fact; formats of people's own are read as the prose `key: value`."""
    file = re.sub(r" \(.*\)$", "", fact.get("source", "")).rpartition("/")[2].partition(".")[0]
    file = file.rpartition(" ")[2]
    if fact["format"].startswith(_OWN):
        return dialects.read_own(f"{file}.{fact['location']}", fact["raw"])
    name = fact["location"]
    if fact["format"] in _NAMED_BY_FILE:
        name = f"{file} {name}"
    return dialects.read(fact["format"], name, fact["raw"])


def read(fact: dict[str, Any]) -> list[tuple[object, ...]]:
    return [_row(t) for t in meaning(fact).thresholds]


def _row(t: Threshold) -> tuple[object, ...]:
    return (t.metric, t.statistic, t.op, t.value, t.unit)


def expected(fact: dict[str, Any]) -> list[tuple[object, ...]]:
    return [
        (c["metric"], c["stat"], c["op"], Fraction(str(c["value"])), c["unit"])
        for c in fact["checks"]
    ]


def shown(checks: list[tuple[object, ...]]) -> str:
    return "; ".join(
        " ".join(
            (f"{float(part):g}" if isinstance(part, Fraction) else str(part))
            for part in check
            if part is not None
        )
        for check in checks
    )


def rows(facts: list[dict[str, Any]]) -> Iterator[tuple[str, ...]]:
    """Id, format, location, raw, read as, expected, ok or differs."""
    for number, fact in enumerate(facts, 1):
        got, wanted = meaning(fact), expected(fact)
        checks = [_row(t) for t in got.thresholds]
        note = f" ({got.reason})" if got.reason else ""
        read_as = shown(checks) + note if checks else f"refused: {got.reason or 'without a reason'}"
        refusal = "refused" + (f": {fact['note']}" if fact.get("note") else "")
        is_right = checks == wanted and (bool(checks) or bool(got.reason))
        yield (
            str(fact.get("id", number)),
            fact["format"],
            fact["location"],
            fact["raw"],
            read_as,
            shown(wanted) or f"{refusal} [{fact.get('role', '')}]",
            "ok" if is_right else "differs",
        )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("facts", type=Path)
    given = parser.parse_args()
    lines = given.facts.read_text("utf-8").splitlines()
    made = list(rows([json.loads(line) for line in lines if line.strip()]))
    print("| id | format | location | raw | read as | expected | |")
    print("|---|---|---|---|---|---|---|")
    for row in made:
        print("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |")
    differing = sum(row[-1] != "ok" for row in made)
    print(f"\n{len(made) - differing} of {len(made)} were read, or refused, as they should be")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
