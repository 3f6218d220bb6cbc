"""How fast records are held against a schema: by a gate, by bare loops, by json + jsonschema.

    python benchmarks/data_speed.py [--records 200000] [--rounds 5] [--compact] [--shuffled]

Orders of about 330 bytes, one in a hundred with a total below zero, under a schema of draft 7 with
a pattern, formats and references. CPU time of one process, the candidates in turns; json +
jsonschema on a twentieth of the records. Prints a table; exit code 1 if the gate is less than 75
times as fast as json + jsonschema, or less than 0.85 times as fast as the better bare loop.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema_rs
import orjson

from pytest_specgates.measure.conforms_files import scan_file
from pytest_specgates.measure.conforms_tally import Tally
from pytest_specgates.measure.schema_files import compiled
from pytest_specgates.model import Surroundings

ITEM = {
    "type": "object",
    "required": ["sku", "quantity", "price"],
    "properties": {
        "sku": {"type": "string", "pattern": "^SKU[0-9]{4}$"},
        "quantity": {"type": "integer", "minimum": 1},
        "price": {"type": "number", "minimum": 0},
    },
}
SCHEMA: dict[str, Any] = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "type": "object",
    "required": ["order_id", "created_at", "customer", "items", "total", "paid"],
    "additionalProperties": False,
    "definitions": {"item": ITEM},
    "properties": {
        "order_id": {"type": "string", "pattern": "^ORD-[0-9]{8}$"},
        "created_at": {"type": "string", "format": "date-time"},
        "customer": {
            "type": "object",
            "required": ["email", "country"],
            "properties": {
                "email": {"type": "string", "format": "email"},
                "name": {"type": "string", "maxLength": 100},
                "country": {"enum": ["DE", "FR", "US", "GB"]},
            },
        },
        "items": {"type": "array", "minItems": 1, "items": {"$ref": "#/definitions/item"}},
        "total": {"type": "number", "minimum": 0},
        "paid": {"type": "boolean"},
        "note": {"type": ["string", "null"]},
    },
}


def order(number: int, draw: random.Random) -> dict[str, Any]:
    return {
        "order_id": f"ORD-{number:08d}",
        "created_at": f"2026-0{draw.randint(1, 9)}-1{draw.randint(0, 9)}T09:30:00Z",
        "customer": {
            "email": f"customer.{number}@example.org",
            "name": draw.choice(["Ana Díaz", "Bo Lee", "Charles Smith"]),
            "country": draw.choice(["DE", "FR", "US"]),
        },
        "items": [
            {
                "sku": f"SKU{draw.randint(1000, 9999)}",
                "quantity": draw.randint(1, 9),
                "price": round(draw.random() * 100, 2),
            }
            for _ in range(2)
        ],
        "total": -1 if draw.random() < 0.01 else round(draw.random() * 1000, 2),
        "paid": True,
        "note": None,
    }


def write_orders(path: Path, count: int, is_compact: bool, is_shuffled: bool = False) -> None:
    draw = random.Random(20_261_126)
    separators = (",", ":") if is_compact else None
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            record = order(number, draw)
            if is_shuffled:
                record = dict(draw.sample(list(record.items()), len(record)))
            text = json.dumps(record, ensure_ascii=False, separators=separators)
            file.write(f"{text}\n")


def by_jsonschema(path: Path, most: int) -> int:
    cls = jsonschema.Draft7Validator
    validator = cls(SCHEMA, format_checker=cls.FORMAT_CHECKER)
    wrong = 0
    with path.open("rb") as lines:
        for _, line in zip(range(most), lines, strict=False):
            wrong += not validator.is_valid(json.loads(line))
    return wrong


def by_bare_loop(path: Path) -> list[int]:
    is_valid = jsonschema_rs.Draft7Validator(SCHEMA, validate_formats=True, offline=True).is_valid
    loads = orjson.loads
    wrong = []
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not is_valid(loads(line)):
                wrong.append(number)
    return wrong


def by_bare_blocks(path: Path) -> list[int]:
    is_valid = jsonschema_rs.Draft7Validator(SCHEMA, validate_formats=True, offline=True).is_valid
    wrong, number = [], 1
    with path.open("rb") as file:
        while lines := file.readlines(1 << 16):
            verdicts = list(map(is_valid, map(orjson.loads, lines)))
            if not all(verdicts):
                wrong += [number + n for n, verdict in enumerate(verdicts) if not verdict]
            number += len(lines)
    return wrong


def by_gate(path: Path) -> Tally:
    around = Surroundings(root=path.parent)
    schema = compiled("order.json", around)
    return scan_file(path.parent, path.name, schema, lambda name: frozenset())


def timed(call: Callable[[], Any]) -> float:
    start = time.process_time()
    call()
    return time.process_time() - start


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--records", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--compact", action="store_true", help="without blanks between the values")
    parser.add_argument("--shuffled", action="store_true", help="each with its keys in any order")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "orders.jsonl").resolve()
        Path(folder, "order.json").write_text(json.dumps(SCHEMA))
        write_orders(path, given.records, given.compact, given.shuffled)
        some = max(given.records // 20, 1)
        assert by_gate(path).invalid == len(by_bare_loop(path)) == len(by_bare_blocks(path))
        candidates: dict[str, tuple[Callable[[], Any], int]] = {
            "json + jsonschema": (lambda: by_jsonschema(path, some), some),
            "orjson + jsonschema-rs, a loop over lines": (
                lambda: by_bare_loop(path),
                given.records,
            ),
            "the same in blocks of 64 KiB": (lambda: by_bare_blocks(path), given.records),
            "conforms gate": (lambda: by_gate(path), given.records),
        }
        rates: dict[str, list[float]] = {name: [] for name in candidates}
        for _ in range(given.rounds):
            for name, (call, count) in candidates.items():
                rates[name].append(count / timed(call))
        size = path.stat().st_size / given.records
    first, gate = rates["json + jsonschema"], rates["conforms gate"]
    print(f"{given.records:,} records of {size:.0f} bytes; medians of {given.rounds} rounds\n")
    print("| | records/s of CPU | x json + jsonschema | conforms gate, x of it |")
    print("|---|---|---|---|")
    against = {}
    for name, found in rates.items():
        ratio = statistics.median(a / b for a, b in zip(found, first, strict=True))
        against[name] = statistics.median(a / b for a, b in zip(gate, found, strict=True))
        print(f"| {name} | {statistics.median(found):,.0f} | {ratio:.0f} | {against[name]:.2f} |")
    bare = min(
        value for name, value in against.items() if "jsonschema-rs" in name or "same" in name
    )
    return int(against["json + jsonschema"] < 75 or bare < 0.85)


if __name__ == "__main__":
    sys.exit(main())
