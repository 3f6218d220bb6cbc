"""`specgates fix`: puts quotes where a spec file is not valid YAML, and touches nothing else."""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from typing import Any

from ..errors import SpecError
from ..writing import write_whole
from . import files

_MARKDOWN = (".md", ".markdown")
_CONTEXT = 3


@dataclass(frozen=True, slots=True)
class Fixed:
    """One file: its text before and after, and what each repair does, as lines for a person."""

    before: str
    after: str
    told: tuple[str, ...]
    count: int


def add_parser(commands: Any) -> None:
    fix = commands.add_parser(
        "fix",
        help="repair spec files that are not valid YAML",
        description="Put quotes where a spec file is not valid YAML, and touch nothing else. "
        "In Markdown the fenced yaml blocks with a `spec:` or `workflow:` key are repaired.",
        epilog="Exit codes: 0 nothing to repair, or all repaired; 1 with --diff: there is "
        "something to repair; 2 wrong usage, or a file that could not be repaired.",
    )
    files.add_paths(fix)
    fix.add_argument(
        "--diff", action="store_true", help="write no file; print what would change as a diff"
    )


def run(arguments: argparse.Namespace) -> int:
    """Exit codes: 0 nothing to do or all repaired; 1 (`--diff`) repairs are needed; 2 a path
    that cannot be taken, or a file that could not be repaired (it is left as it was)."""
    errors = clean = repaired = count = 0
    # With --diff the standard output is a patch and nothing else.
    told_to = sys.stderr if arguments.diff else sys.stdout
    for found in files.files(arguments.paths):
        if isinstance(found, SpecError):
            files.say(str(found), sys.stderr)
            errors += 1
            continue
        shown = files.shown(found)
        try:
            fixed = fix_text(shown, files.read(found))
            if fixed.count and not arguments.diff:
                write_whole(found, fixed.after.encode("utf-8"))
        except SpecError as error:
            files.say(str(error), sys.stderr)
            errors += 1
            continue
        except OSError as error:
            files.say(f"{shown}: {error.strerror or error}; the file is as it was", sys.stderr)
            errors += 1
            continue
        clean += not fixed.count
        if fixed.count:
            repaired += 1
            count += fixed.count
            for line in fixed.told:
                files.say(line, told_to)
            if arguments.diff:
                _put(_diff(shown, fixed.before, fixed.after))
    files.say(_summary(clean, repaired, count, errors, bool(arguments.diff)), told_to)
    if errors:
        return 2
    return 1 if arguments.diff and count else 0


def fix_text(path: str, text: str) -> Fixed:
    """Repair the text of one file, YAML or Markdown by its name.

    Raises SpecError for what no quotes mend: the file is repaired whole or not at all.
    """
    from ..read.repair import Mending, mend, repaired

    mark = "\ufeff" if text.startswith("\ufeff") else ""
    body = text[len(mark) :]
    told: list[str] = []

    def take(mending: Mending, first_line: int, first_column: int) -> None:
        if mending.fault is not None:
            fault = mending.fault
            fault.path = path
            fault.line += first_line - 1
            fault.column += first_column - 1
            raise fault
        for repair in mending.repairs:
            told.append(f"{path}:{first_line + repair.line - 1}: {repair.why}")
            for what, lines in (("written: ", repair.before), ("repaired:", repair.after)):
                told.extend(f"  {what} {line.strip()}" for line in lines.split("\n"))

    count = 0
    if not path.lower().endswith(_MARKDOWN):
        mending = mend(body)
        take(mending, 1, 1)
        count = len(mending.repairs)
        return Fixed(text, mark + repaired(body, mending.repairs), tuple(told), count)

    from ..read.markdown import spec_blocks

    lines = body.splitlines(keepends=True)
    for block in spec_blocks(body):
        mending = mend(block.text)
        take(mending, block.line, 1 + block.indent)
        count += len(mending.repairs)
        for repair in mending.repairs:
            pairs = zip(repair.before.split("\n"), repair.after.split("\n"), strict=True)
            for number, (before, after) in enumerate(pairs, block.line + repair.line - 2):
                # What stands around the text of the block (an indent, `> `, the line's end) stays.
                whole = lines[number]
                content = whole.splitlines()[0]
                prefix = content[: len(content) - len(before)]
                lines[number] = prefix + after + whole[len(content) :]
    return Fixed(text, mark + "".join(lines), tuple(told), count)


def _diff(path: str, before: str, after: str) -> str:
    """A unified diff of two texts with the same number of lines."""
    old, new = (text.split("\n") for text in (before, after))
    ended = not old[-1]
    if ended:
        old, new = old[:-1], new[:-1]
    changed = [n for n, (was, now) in enumerate(zip(old, new, strict=True)) if was != now]
    hunks: list[tuple[int, int]] = []
    for number in changed:
        start, end = max(number - _CONTEXT, 0), min(number + _CONTEXT + 1, len(old))
        if hunks and start <= hunks[-1][1]:
            start = hunks.pop()[0]
        hunks.append((start, end))
    made = [f"--- a/{path}\n+++ b/{path}\n"]
    for start, end in hunks:
        made.append(f"@@ -{start + 1},{end - start} +{start + 1},{end - start} @@\n")
        at = start
        while at < end:
            stop = at
            while stop < end and old[stop] != new[stop]:
                stop += 1
            for sign, lines in (("-", old), ("+", new)) if stop > at else ((" ", old),):
                for number in range(at, max(stop, at + 1)):
                    last = number == len(old) - 1 and not ended
                    tail = "\n\\ No newline at end of file\n" if last else "\n"
                    made.append(f"{sign}{lines[number]}{tail}")
            at = max(stop, at + 1)
    return "".join(made)


def _summary(clean: int, repaired: int, count: int, errors: int, is_diff: bool) -> str:
    parts = []
    if count:
        done = "to make" if is_diff else "made"
        where = files.counted(repaired, "file")
        parts.append(f"{files.counted(count, 'repair')} {done} in {where}")
    if clean:
        parts.append(f"nothing to repair in {files.counted(clean, 'file')}")
    if errors:
        parts.append(f"{files.counted(errors, 'error')}, and what they are about is as it was")
    return "; ".join(parts)


def _put(text: str) -> None:
    """Write a patch as it is: its line ends are those of the files, whatever the system's."""
    sys.stdout.flush()
    raw = getattr(sys.stdout, "buffer", None)
    if raw is None:
        sys.stdout.write(text)
        return
    raw.write(text.encode("utf-8"))
    raw.flush()
