"""`command`: a command line exits as it should, in time. Run without a shell."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shlex
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import IO

from ..errors import ProbeError
from ..model import (
    Check,
    CounterExample,
    Gate,
    Kind,
    Measurement,
    Metric,
    Possible,
    Surroundings,
    Value,
    absence,
)
from .coverage_processes import untraced

DEFAULT_TIMEOUT = 60
_KEPT = 20_000
_MARK = "PYTEST_SPECGATES_COMMAND"
"""The variable by which the processes of one command are found."""


@dataclass(frozen=True, slots=True)
class Run:
    """What became of a command; exit is None if it was stopped at its time limit."""

    argv: tuple[str, ...]
    exit: int | None
    seconds: float
    output: str


def probe(check: Check, around: Surroundings) -> Measurement:
    if "command" not in around.allow:
        return not_allowed()
    values = []
    evidence: list[str] = []
    for line in check.options["asked"]:
        done = _run(line, check, around)
        shown = shlex.join(done.argv)
        evidence.append(f"ran: {shown} ({done.seconds:.2f} s)")
        tail = [text for text in done.output.splitlines() if text.strip()][-8:]
        evidence.extend(f"  {text[:300]}" for text in tail)
        if done.exit is None:
            limit = check.quantity.value
            if check.metric == "duration" and isinstance(limit, Fraction) and done.seconds > limit:
                values.append(Value(line, done.seconds))
                continue
            # How it would have ended, or when, nobody has seen.
            raise ProbeError(f"stopped after {done.seconds:.1f} s, its time limit: {shown}")
        values.append(
            Value(line, done.seconds if check.metric == "duration" else Fraction(done.exit))
        )
    return Measurement(tuple(values), evidence=tuple(evidence), next_step=evidence[0][5:])


def not_allowed() -> Measurement:
    return absence(
        "commands are not allowed by this project's configuration",
        "to allow them, add `specgates_allow = command` to the pytest configuration",
    )


def _run(line: str, check: Check, around: Surroundings) -> Run:
    limit = float(check.options.get("timeout", DEFAULT_TIMEOUT))
    key = ("command", line, limit)
    done = around.cache.get(key)
    if isinstance(done, Run):
        return done
    done = around.cache[key] = bounded(split(line), limit, around)
    return done


def split(line: str) -> tuple[str, ...]:
    """The program and its arguments. Raises ProbeError."""
    try:
        argv = shlex.split(line)
    except ValueError as error:
        raise ProbeError(f"the command line cannot be split: {error}: {line}") from error
    if argv[0] in ("python", "python3"):
        argv[0] = sys.executable
    return tuple(argv)


def bounded(argv: tuple[str, ...], limit: float, around: Surroundings) -> Run:
    """Run it to its end or its time limit; nothing of it is left then."""
    start = time.perf_counter()
    mark = f"{_MARK}={secrets.token_hex(8)}"
    try:
        process = subprocess.Popen(
            argv,
            cwd=around.root,
            env={**untraced(), _MARK: mark.partition("=")[2]},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        raise ProbeError(f"{argv[0]} cannot be run: {error}") from error
    assert process.stdout is not None  # asked for above
    kept: list[bytes] = []
    reader = threading.Thread(target=_drain, args=(process.stdout, kept), daemon=True)
    reader.start()
    try:
        code: int | None = process.wait(timeout=limit)
    except subprocess.TimeoutExpired:
        code = None
    seconds = time.perf_counter() - start
    _kill_group(process)
    _kill_marked(mark)
    reader.join(timeout=5)
    process.stdout.close()
    return Run(argv, code, seconds, b"".join(kept)[-_KEPT:].decode("utf-8", "replace"))


def _drain(stream: IO[bytes], kept: list[bytes]) -> None:
    # Everything is read, so that the command never blocks; only the end is kept.
    size = 0
    while chunk := os.read(stream.fileno(), 65536):
        kept.append(chunk)
        size += len(chunk)
        while size - len(kept[0]) > _KEPT:
            size -= len(kept.pop(0))


def _kill_marked(mark: str) -> None:
    """Stop what left the command's group, where the system shows the environment of processes:
    a child with a session of its own has it from the command."""
    wanted = mark.encode()
    for file in Path("/proc").glob("[0-9]*/environ"):
        # Without an error it is a process of ours that is still there.
        with contextlib.suppress(OSError):
            if wanted in file.read_bytes().split(b"\0"):
                os.kill(int(file.parent.name), signal.SIGKILL)


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """Stop the command and whatever it left running."""
    if os.name == "posix":
        # Without an error there was something left of the group.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    elif process.poll() is None:
        process.kill()
    process.wait()


def possible(check: Check, gate: Gate, around: Surroundings) -> Possible | None:
    """Some commands exit the same way whatever the project is; none takes no time."""
    if check.metric == "duration":
        return Possible(is_open=True)
    line = check.options["asked"][0]
    code = _constant_exit(line)
    if code is None:
        return None
    why = f"`{line}` always {f'exits with {code}' if code else 'succeeds'}"
    return Possible(Fraction(code), Fraction(code), is_whole=True, why=why)


_SUCCEED = frozenset(("true", ":", "echo", "printf"))
_SHELLS = frozenset(("sh", "bash", "dash", "zsh", "ksh"))
_EXIT = re.compile(r"exit\s+(\d{1,3})")
_AT_LAST = re.compile(r"(?:;|\|\||\n)\s*(?:true|:|exit\s+0)\s*;?\s*$")


def _constant_exit(line: str) -> int | None:
    """The code with which a command line always exits; None where it depends on something."""
    try:
        argv = shlex.split(line)
    except ValueError:
        return None
    if not argv:
        return None
    name = argv[0].rpartition("/")[2]
    if name in _SUCCEED or name == "false":
        return int(name == "false")
    if len(argv) == 2 and (match := _EXIT.fullmatch(" ".join(argv))):
        return int(match[1])
    if name == "env" and len(argv) > 1 and not argv[1].startswith("-") and "=" not in argv[1]:
        return _constant_exit(shlex.join(argv[1:]))
    if name in _SHELLS and len(argv) == 3 and argv[1] == "-c":
        return _constant_script(argv[2].strip())
    if re.fullmatch(r"python[\d.]*", name) and len(argv) == 3 and argv[1] == "-c":
        return 0 if argv[2].strip() in ("", "pass", "0", "...") else None
    return None


def _constant_script(script: str) -> int | None:
    """The same of a script for a shell: one that ends in a command of its own, come what may."""
    end = _AT_LAST.search(script)
    before = script[: end.start()] if end else ""
    if end and not re.search(r"\bexit\b|\bset\s+-\w*e|\bexec\b", before):
        return 0
    return None if re.search(r"[;&|<>$`\n(]", script) else _constant_exit(script)


def canary(check: Check, wrong: Value, around: Surroundings) -> CounterExample:
    """The probe on a command that must not pass: that of `canary:`, else one that exits with
    the wrong code. A time is not waited for."""
    if "command" not in around.allow:
        return CounterExample(
            untried="commands are not allowed by this project's configuration, so none was run; "
            "in a run the gate is unmeasured, and does not hold"
        )
    line = check.options.get("canary")
    if line is None and check.metric == "duration":
        return CounterExample(untried=_of_time(check))
    if line is None:
        code = int(wrong.value or 0)
        act = f"raise SystemExit({code})"
        if code < 0:
            act = f"import os; os.kill(os.getpid(), {-code})"
        line = f'python -c "{act}"'
    options = {**check.options, "asked": (line,)}
    if "canary" not in options:
        options["timeout"] = DEFAULT_TIMEOUT  # the gate's own may be too short to start Python
    return CounterExample(probe(replace(check, options=options), around))


def _of_time(check: Check) -> str:
    stopped = Fraction(str(check.options.get("timeout", DEFAULT_TIMEOUT)))
    limit = check.quantity.value
    if isinstance(limit, Fraction) and limit >= stopped:
        return (
            f"a command is stopped after {float(stopped):g} s, its `timeout:`, before this limit: "
            "that is an error, and no time that is judged"
        )
    return "no command was run for so long"


KIND = Kind(
    name="command",
    summary="A command exits with 0 (or as `must` says), in time, without a shell.",
    value={"type": "string"},
    metrics=(
        Metric("exit", "count", ("==", "!="), words=("code", "status"), default_op="=="),
        Metric("duration", "time", ("<", "<="), words=("time",)),
    ),
    probe=probe,
    possible=possible,
    canary=canary,
    takes=("after",),
    needs="process",
    condition_in="must",
    default_condition="exit 0",
    implied="exit 0",
    keys={"timeout": {"type": "number"}, "canary": {"type": "string"}},
    example="`command: python main.py --info` with `must: exit 0 within 10 s`",
)
