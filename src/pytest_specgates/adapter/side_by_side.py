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
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import log, sqrt
from pathlib import Path
from statistics import median
from typing import IO, Any

import pytest

from ..judge.sequential import MOST_PAIRS, decision
from ..measure import git
from ..model import Pair, Paired
from .processes import command, environment
from .progress import tell_count

_START, _ANSWER, _ALL = 120.0, 600.0, 900.0
"""Seconds for a process to begin, for one block, and for all pairs together."""
_AT_ONCE = 2
"""So many pairs are started together: they wait for each other, and start in one time."""
_OF_PAIR = 0.12
"""Seconds of blocks in a process, if these are short."""
_MOST_BLOCKS, _FEWEST_BLOCKS = 40, 4


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
        undecided = any(decision(self.pairs, limit) == "undecided" for limit in self.limits)
        return not self.reason and undecided

    def paired(self) -> Paired:
        if self.reason or not self.pairs:
            return Paired(reason=self.reason or "nothing was measured")
        now, base = (median(self.seconds[side]) for side in ("head", "base"))
        return Paired(tuple(self.pairs), self.blocks, now, base)


def measure(
    config: pytest.Config,
    commit: str,
    tests: Sequence[str],
    wanted: Mapping[str, Sequence[float]],
) -> dict[str, Paired]:
    """The benchmarks by node id, each until it is decided for all of its limits (natural
    logarithms of the greatest ratio of times). `tests` are the files with tests that differ from
    the base: those of the change are run on both trees, since those of the base may do other
    work."""
    found = {nodeid: _Found(limits) for nodeid, limits in wanted.items()}
    with tempfile.TemporaryDirectory(prefix="specgates-") as made:
        folder = Path(made).resolve()
        try:
            with git.worktree(config.rootpath, commit, folder / "base") as root:
                _take_over(config.rootpath, root, tests)
                _until_decided(config, root, folder, found)
        except git.GitError as error:
            reason = f"the base could not be checked out: git: {error}"
            return {nodeid: Paired(reason=reason) for nodeid in wanted}
    return {nodeid: one.paired() for nodeid, one in found.items()}


def _take_over(head: Path, root: Path, names: Sequence[str]) -> None:
    for name in names:
        there = root / name
        if (head / name).is_file():
            there.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(head / name, there)
        elif there.is_file():
            there.unlink()


def _until_decided(
    config: pytest.Config, root: Path, folder: Path, found: Mapping[str, _Found]
) -> None:
    end = time.monotonic() + _ALL
    with socket.create_server(("127.0.0.1", 0)) as server:
        trees = {"head": config.rootpath, "base": root}
        number = 0
        while number < MOST_PAIRS and time.monotonic() < end:
            names = [nodeid for nodeid, one in found.items() if one.is_open]
            if not names:
                return
            what = "measuring benchmarks side by side with the base, round"
            tell_count(config, what, number // _AT_ONCE + 1, MOST_PAIRS // _AT_ONCE)
            numbers = range(number, number + _AT_ONCE)
            number += _AT_ONCE
            try:
                with _pairs(config, trees, folder, server, numbers, names) as pairs:
                    for pair in pairs:
                        _measure_pair(pair, found)
            except _SideError as error:
                for name in names:
                    found[name].reason = str(error)


# --- the processes ----------------------------------------------------------------------------


@dataclass
class _Side:
    """One process of a pair, and the line to it."""

    name: str
    process: subprocess.Popen[bytes]
    output: Path
    line: socket.socket | None = None
    lines: IO[bytes] | None = None

    def ask(self, calls: int) -> None:
        assert self.line is not None
        try:
            self.line.sendall(json.dumps({"calls": calls}).encode("utf-8") + b"\n")
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
        return "the base" if self.name == "base" else "this change"

    def last_words(self) -> str:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(5)
        lines = self.output.read_text("utf-8", errors="replace").strip().splitlines()
        return lines[-1][:200] if lines else f"exit {self.process.returncode}"


@contextlib.contextmanager
def _pairs(
    config: pytest.Config,
    trees: Mapping[str, Path],
    folder: Path,
    server: socket.socket,
    numbers: Sequence[int],
    names: Sequence[str],
) -> Iterator[list[list[_Side]]]:
    """Pairs of processes that wait to be told to run blocks. Ended at the end."""
    key = secrets.token_hex(16)
    port = server.getsockname()[1]
    plan, tests = folder / "blocks.json", folder / "benchmarks.txt"
    head = str(config.rootpath.resolve())
    plan.write_text(json.dumps({"port": port, "key": key, "head": head}), encoding="utf-8")
    tests.write_text("\n".join(names) + "\n", encoding="utf-8")
    started: dict[tuple[str, str], _Side] = {}
    try:
        for number in numbers:
            for name, root in trees.items():
                output = folder / f"{name}-{number}.txt"
                process = _start(config, root, plan, tests, output, number, name)
                started[str(number), name] = _Side(name, process, output)
        _connect(server, key, started)
        yield [[started[str(number), name] for name in trees] for number in numbers]
    finally:
        for side in started.values():
            if side.lines is not None and side.line is not None:
                side.lines.close()
                side.line.close()
            side.process.kill()
            side.process.wait()


def _start(
    config: pytest.Config,
    root: Path,
    plan: Path,
    tests: Path,
    output: Path,
    number: int,
    side: str,
) -> subprocess.Popen[bytes]:
    arguments = [*command(config, root), "--spec-gates-blocks", str(plan), "-p", "no:randomly"]
    if hasattr(config.option, "no_cov"):
        arguments.append("--no-cov")
    if hasattr(config.option, "numprocesses"):
        arguments.append("-n0")
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


def _measure_pair(pair: Sequence[_Side], found: Mapping[str, _Found]) -> None:
    """All benchmarks of a pair: both processes come to each of them in the same order."""
    while True:
        told = [side.hear() for side in pair]
        if all("end" in one for one in told):
            _refuse_foreign(told[1]["foreign"], found)
            for side in pair:
                side.process.wait(_START)
            return
        names = {one.get("ready") or one.get("over", "") for one in told}
        if len(names) != 1:
            raise _SideError("the benchmarks of the two trees do not come in the same order")
        (name,) = names
        if all("ready" in one for one in told) and name in found:
            _blocks(pair, found[name], min(int(one["calls"]) for one in told))
        for side, one in zip(pair, told, strict=True):
            if "ready" in one:
                side.ask(0)
        for side, one in zip(pair, told, strict=True):
            over = side.hear() if "ready" in one else one
            _note_outcome(side, over, found.get(name))


def _blocks(pair: Sequence[_Side], found: _Found, calls: int) -> None:
    """Blocks of both, by turns: each first as often as the other."""
    changes: list[float] = []
    count = _MOST_BLOCKS
    number = 0
    while number < count:
        seconds = {}
        for side in pair if number % 2 == 0 else pair[::-1]:
            side.ask(calls)
            seconds[side.name] = float(side.hear()["seconds"])
        if min(seconds.values()) <= 0:
            raise _SideError("a block took no time")
        if number == 0:
            length = calls * max(seconds.values())
            count = max(_FEWEST_BLOCKS, min(_MOST_BLOCKS, round(_OF_PAIR * 2 / length)))
        changes.append(log(seconds["head"] / seconds["base"]))
        for name, one in seconds.items():
            found.seconds[name].append(one)
        number += 1
    middle = median(changes)
    spread = 1.4826 * median(abs(change - middle) for change in changes)
    found.pairs.append(Pair(middle, 1.2533 * spread / sqrt(len(changes))))
    found.blocks = count


def _note_outcome(side: _Side, over: Mapping[str, Any], found: _Found | None) -> None:
    if found is None or found.reason:
        return
    if "over" not in over:
        raise _SideError(f"on {side.told} a benchmark did not come to its end")
    if over["outcome"] != "passed":
        found.reason = f"{over['outcome']} on {side.told}: {over['why']}"


def _refuse_foreign(names: Sequence[str], found: Mapping[str, _Found]) -> None:
    if names:
        for one in found.values():
            one.reason = f"the base imported {names[0]} of this change instead of its own"
