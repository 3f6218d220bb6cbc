"""Benchmarks of this change and of the base, measured side by side.

Pairs of fresh processes, one on each tree, with one hash seed; in each pair short blocks of
calls, by turns. More pairs as long as it is not decided. Two processes that are measured one
after the other, minutes apart, differ by the state of the machine; two that take turns of
milliseconds do not.
"""

from __future__ import annotations

import contextlib
import json
import secrets
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import log, sqrt
from pathlib import Path
from statistics import median
from typing import IO, Any

import pytest

from ..judge.sequential import MOST_PAIRS, are_undecided
from ..model import Pair, Paired
from . import processors
from .own_pytest import alone, command, environment
from .progress import tell_count
from .trees import SIDES, TOLD, Side, Trees, foreign

_START, _ANSWER, _ALL, _TO_END = 120.0, 600.0, 900.0, 60.0
"""Seconds for a process to begin, for one block, for all pairs together, and for a process to end
when it has said all."""
_AT_FIRST = 2
"""So many pairs are started together: no fewer decide anything."""
_OF_PAIR = 1.0
"""Seconds of blocks in a pair, after which no more are begun."""
_SURE = 0.01
"""The standard error of the ratio of a pair that is sure enough."""
_MOST_BLOCKS, _FEWEST_BLOCKS = 120, 16


class _SideError(Exception):
    """Why a process of a pair shows nothing."""


@dataclass
class _Found:
    """What is known of a benchmark so far."""

    limits: Sequence[float]
    pairs: list[Pair] = field(default_factory=list)
    seconds: dict[str, list[float]] = field(default_factory=lambda: {"head": [], "base": []})
    blocks: int = 0
    reason: str = ""

    @property
    def is_open(self) -> bool:
        return not self.reason and are_undecided(self.pairs, self.limits)

    def paired(self) -> Paired:
        if self.reason or not self.pairs:
            return Paired(reason=self.reason or "nothing was measured")
        now, base = (median(self.seconds[side]) for side in ("head", "base"))
        return Paired(tuple(self.pairs), self.blocks, now, base)


def measure(
    config: pytest.Config, trees: Trees, wanted: Mapping[str, Sequence[float]]
) -> dict[str, Paired]:
    """The benchmarks by node id, each until it is decided for all of its limits (natural
    logarithms of the greatest ratio of times)."""
    found = {nodeid: _Found(limits) for nodeid, limits in wanted.items()}
    end = time.monotonic() + _ALL
    with socket.create_server(("127.0.0.1", 0)) as server, processors.ballast() as ballast:
        number = 0
        while number < MOST_PAIRS and time.monotonic() < end:
            names = [nodeid for nodeid, one in found.items() if one.is_open]
            if not names:
                break
            what = "measuring benchmarks side by side with the base, pair"
            tell_count(config, what, number + 1, MOST_PAIRS)
            numbers = range(number, number + (1 if number else _AT_FIRST))
            number += len(numbers)
            try:
                with _pairs(config, trees, server, numbers, names) as pairs:
                    for which, pair in zip(numbers, pairs, strict=True):
                        _measure_pair(pair, found, which, ballast)
            except _SideError as error:
                for name in names:
                    found[name].reason = str(error)
    return {nodeid: one.paired() for nodeid, one in found.items()}


# --- the processes ----------------------------------------------------------------------------


@dataclass
class _Side:
    """One process of a pair, and the line to it."""

    name: Side
    process: subprocess.Popen[bytes]
    output: Path
    line: socket.socket | None = None
    lines: IO[bytes] | None = None
    is_over: bool = False

    def ask(self, calls: int, core: int | None = None) -> None:
        assert self.line is not None
        try:
            self.line.sendall(json.dumps({"calls": calls, "core": core}).encode("utf-8") + b"\n")
        except OSError as error:
            raise _SideError(f"on {self.told}: {self.last_words()}") from error

    def hear(self) -> dict[str, Any]:
        assert self.lines is not None
        try:
            line = self.lines.readline()
        except OSError as error:
            raise _SideError(f"on {self.told}: no answer in {_ANSWER:.0f} s") from error
        if not line:
            raise _SideError(f"on {self.told}: its process ended: {self.last_words()}")
        told: dict[str, Any] = json.loads(line)
        return told

    @property
    def told(self) -> str:
        return TOLD[self.name]

    def last_words(self) -> str:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(5)
        lines = self.output.read_text("utf-8", errors="replace").strip().splitlines()
        return lines[-1][:200] if lines else f"exit {self.process.returncode}"


@contextlib.contextmanager
def _pairs(
    config: pytest.Config,
    trees: Trees,
    server: socket.socket,
    numbers: Sequence[int],
    names: Sequence[str],
) -> Iterator[list[list[_Side]]]:
    """Pairs of processes that wait to be told to run blocks. Ended at the end."""
    key = secrets.token_hex(16)
    port = server.getsockname()[1]
    plan, tests = trees.folder / "blocks.json", trees.folder / "benchmarks.txt"
    head = str(config.rootpath.resolve())
    plan.write_text(json.dumps({"port": port, "key": key, "head": head}), encoding="utf-8")
    tests.write_text("\n".join(names) + "\n", encoding="utf-8")
    started: dict[tuple[str, str], _Side] = {}
    try:
        for number in numbers:
            for name in SIDES:
                output = trees.folder / f"{name}-{number}.txt"
                process = _start(config, trees.root(name), plan, tests, output, number, name)
                started[str(number), name] = _Side(name, process, output)
        _connect(server, key, started)
        yield [[started[str(number), name] for name in SIDES] for number in numbers]
    finally:
        for side in started.values():
            if side.lines is not None and side.line is not None:
                side.lines.close()
                side.line.close()
            if side.is_over:  # what the project does at its end may have to be done
                with contextlib.suppress(subprocess.TimeoutExpired):
                    side.process.wait(_TO_END)
            side.process.kill()
            side.process.wait()


def _start(
    config: pytest.Config,
    root: Path,
    plan: Path,
    tests: Path,
    output: Path,
    number: int,
    side: Side,
) -> subprocess.Popen[bytes]:
    arguments = [*command(config, root), *alone(config), "-p", "no:randomly"]
    arguments += ["--spec-gates-blocks", str(plan)]
    surroundings = environment(config.rootpath, root)
    # Within a pair the order of sets is the same; it is another one in each pair.
    surroundings["PYTHONHASHSEED"] = str(1 + (number * 2_654_435_761 + 12_345) % (2**32 - 2))
    surroundings.update(SPECGATES_SIDE=side, SPECGATES_PAIR=str(number))
    with output.open("wb") as file:
        return subprocess.Popen(
            [*arguments, f"@{tests}"],
            cwd=root,
            env=surroundings,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
        )


def _connect(server: socket.socket, key: str, started: Mapping[tuple[str, str], _Side]) -> None:
    """Wait until all processes have called."""
    end = time.monotonic() + _START
    waiting = dict(started)
    server.settimeout(0.1)
    while waiting:
        try:
            line, _ = server.accept()
        except TimeoutError:
            for side in waiting.values():
                if side.process.poll() is not None:
                    raise _SideError(f"on {side.told}: {side.last_words()}") from None
            if time.monotonic() > end:
                raise _SideError(f"a process did not begin in {_START:.0f} s") from None
            continue
        line.settimeout(_ANSWER)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        lines = line.makefile("rb")
        found: _Side | None = None
        try:
            told = json.loads(lines.readline())
            found = waiting.pop((told["pair"], told["side"])) if told["key"] == key else None
        except (OSError, ValueError, KeyError, TypeError):
            found = None
        if found is None:
            lines.close()
            line.close()  # somebody else on this machine
        else:
            found.line, found.lines = line, lines


# --- the blocks -------------------------------------------------------------------------------


def _measure_pair(
    pair: Sequence[_Side],
    found: Mapping[str, _Found],
    number: int,
    ballast: processors.Ballast | None,
) -> None:
    """All benchmarks of a pair: both processes come to each of them in the same order."""
    while True:
        told = [side.hear() for side in pair]
        if all("end" in one for one in told):
            reason = foreign(told[1]["foreign"])
            for one_found in found.values() if reason else ():
                one_found.reason = reason
            for side in pair:
                side.is_over = True
            return
        names = {one.get("ready") or one.get("over", "") for one in told}
        if len(names) != 1:
            raise _SideError("the benchmarks of the two trees do not come in the same order")
        (name,) = names
        if all("ready" in one for one in told) and name in found:
            calls = min(int(one["calls"]) for one in told)
            core = processors.of_pair(number) if all(one["cores"] for one in told) else None
            with contextlib.ExitStack() as while_measured:
                if ballast is not None and core is not None:
                    while_measured.enter_context(ballast.beside(core))
                _blocks(pair, found[name], calls, core)
        for side, one in zip(pair, told, strict=True):
            if "ready" in one:
                side.ask(0)
        for side, one in zip(pair, told, strict=True):
            over = side.hear() if "ready" in one else one
            _note_outcome(side, over, found.get(name))


def _blocks(pair: Sequence[_Side], found: _Found, calls: int, core: int | None) -> None:
    """Blocks of both, by turns, until their ratio is sure, or enough time has been spent."""
    blocks: list[_Block] = []
    end = time.monotonic() + _OF_PAIR
    while len(blocks) < _FEWEST_BLOCKS or (
        _error(blocks) > _SURE and len(blocks) < _MOST_BLOCKS and time.monotonic() < end
    ):
        for order in (pair, pair[::-1]):  # each first as often as the other
            told = {}
            for side in order:
                side.ask(calls, core)
                told[side.name] = side.hear()
            blocks.append(_Block.of(told["head"], told["base"]))
    found.pairs.append(Pair(median(_changes(blocks)), _error(blocks)))
    found.blocks = min(found.blocks or len(blocks), len(blocks))
    for block in blocks:
        found.seconds["head"].append(block.head)
        found.seconds["base"].append(block.base)


@dataclass(frozen=True, slots=True)
class _Block:
    """Seconds of a call on both sides, and whether the system took the processor away."""

    head: float
    base: float
    interrupted: bool

    @classmethod
    def of(cls, head: Mapping[str, Any], base: Mapping[str, Any]) -> _Block:
        seconds = float(head["seconds"]), float(base["seconds"])
        if min(seconds) <= 0:
            raise _SideError("a block took no time")
        return cls(*seconds, bool(head["interrupted"] or base["interrupted"]))


def _changes(blocks: Sequence[_Block]) -> list[float]:
    """The logarithms of the ratios: of the blocks that were not interrupted, where there are
    enough. What interrupts is not this change."""
    whole = [block for block in blocks if not block.interrupted]
    return [
        log(block.head / block.base)
        for block in (whole if len(whole) >= _FEWEST_BLOCKS // 2 else blocks)
    ]


def _error(blocks: Sequence[_Block]) -> float:
    """The standard error of the median of the changes."""
    changes = _changes(blocks)
    middle = median(changes)
    spread = 1.4826 * median(abs(change - middle) for change in changes)
    return 1.2533 * spread / sqrt(len(changes))


def _note_outcome(side: _Side, over: Mapping[str, Any], found: _Found | None) -> None:
    if found is None or found.reason:
        return
    if "over" not in over:
        raise _SideError(f"on {side.told} a benchmark did not come to its end")
    if over["outcome"] != "passed":
        found.reason = f"{over['outcome']} on {side.told}: {over['why']}"
