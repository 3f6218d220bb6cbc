"""How much faster two processes hold a large file of lines against a schema than one does.

    python benchmarks/data_split.py [--megabytes 2000] [--rounds 3]

The orders of data_speed.py, one file. Seconds by the clock, by turns: one process, two processes of
a gate, and, for what the machine itself gives, two bare loops of orjson and jsonschema-rs that each
read half of the file at the same time, against one that reads both. Prints a table; exit code 1 if
two processes are less than 1.8 times as fast.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from data_speed import SCHEMA, by_bare_blocks, write_orders

from pytest_specgates.measure.conforms_files import scan_file
from pytest_specgates.measure.conforms_tally import Tally
from pytest_specgates.measure.schema_files import compiled
from pytest_specgates.model import Surroundings

_RECORDS = 20_000
"""So many different orders, written again and again."""


def by_gate(path: Path, cores: int) -> Tally:
    around = Surroundings(root=path.parent)
    schema = compiled("order.json", around)
    return scan_file(path.parent, path.name, schema, lambda name: frozenset(), cores=cores)


def by_two_loops(paths: Sequence[Path]) -> None:
    with multiprocessing.get_context("fork").Pool(2) as pool:
        pool.map(by_bare_blocks, paths)


def timed(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--megabytes", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        some, path = Path(folder, "some.jsonl").resolve(), Path(folder, "orders.jsonl").resolve()
        halves = [Path(folder, f"half{number}.jsonl").resolve() for number in (1, 2)]
        Path(folder, "order.json").write_text(json.dumps(SCHEMA))
        write_orders(some, _RECORDS, False)
        block = some.read_bytes()
        times = max(2, given.megabytes * 1_000_000 // len(block) // 2 * 2)
        for target, count in ((path, times), *((half, times // 2) for half in halves)):
            with target.open("wb") as file:
                for _ in range(count):
                    file.write(block)
        one, two = by_gate(path, 1), by_gate(path, 2)
        assert (one.records, one.invalid, one.lines) == (two.records, two.invalid, two.lines)
        candidates: dict[str, Callable[[], object]] = {
            "gate, one process": lambda: by_gate(path, 1),
            "gate, two processes": lambda: by_gate(path, 2),
            "bare loop, both halves": lambda: [by_bare_blocks(half) for half in halves],
            "two bare loops, a half each": lambda: by_two_loops(halves),
        }
        seconds: dict[str, list[float]] = {name: [] for name in candidates}
        for _ in range(given.rounds):
            for name, call in candidates.items():
                seconds[name].append(timed(call))
    gate_one, gate_two, loop_one, loop_two = seconds.values()
    gate = statistics.median(a / b for a, b in zip(gate_one, gate_two, strict=True))
    loop = statistics.median(a / b for a, b in zip(loop_one, loop_two, strict=True))
    print(
        f"{one.records:,} records, {times * len(block):,} bytes; medians of {given.rounds} rounds\n"
    )
    print("| | s | x as fast as one |")
    print("|---|---|---|")
    for name, found in seconds.items():
        ratio = {"gate, two processes": gate, "two bare loops, a half each": loop}.get(name, 1)
        print(f"| {name} | {statistics.median(found):.1f} | {ratio:.2f} |")
    return int(gate < 1.8)


if __name__ == "__main__":
    sys.exit(main())
