"""Repairs of documents that are not valid YAML: what a person meant is quoted, nothing else.

The parser says where the text breaks. What stands there is put in quotes in the ways that a
person could have meant; the way that lets the parser come furthest is taken, and only if the
quoted value is the text as written. What no way mends is refused, with the parser's error.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import SpecError
from ..yaml12 import Limits, documents
from .candidates import Candidate, candidates, quoted_element
from .faults import Fault, Place, Restart, first_fault

_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_ENDLESS: Place = (1 << 60, 0)
_MOST_STEPS_BACK = 40


@dataclass(frozen=True, slots=True)
class Repair:
    """A line (from 1, in the text given) before and after, and why.

    A value over several lines is one repair: `before` and `after` have as many lines each.
    """

    line: int
    before: str
    after: str
    why: str


@dataclass(frozen=True, slots=True)
class Mending:
    """All repairs of a text; or those up to the first fault that no quotes mend surely.

    `fault` is then the error, in the lines and columns of the text given, without a path.
    Without a fault the repaired text is valid YAML, and each value that was put in quotes
    is the text as it was written.
    """

    repairs: tuple[Repair, ...]
    fault: SpecError | None


@dataclass(slots=True)
class _Work:
    """A text under repair: its lines as written and as they are now, and what was put in quotes."""

    written: list[str]
    lines: list[str]
    made: dict[int, tuple[int, str, str]]
    """First line -> last line, why, and what was quoted: a `key`, an `element`, the `whole`."""
    values: dict[int, dict[Place, str]]
    """Line -> what was put in quotes there: its place and its text."""


def mend(text: str) -> Mending:
    """Repair a YAML text (all its documents, no byte order mark), in time linear in its length.

    A text that is valid, but not a YAML of ours (a duplicate key, a depth of 51), has no
    repairs, and the error as its fault.
    """
    if len(text) > Limits().characters:
        return Mending((), _error(text))
    written = _BREAK.split(text)
    work = _Work(written, list(written), {}, {})
    anchors: set[str] = set()
    restart = Restart()
    effort = 60 * len(written) + 20_000
    while (fault := first_fault(work.lines, restart, anchors)) is not None:
        effort -= 10 + fault.at[0] - fault.restart.line + len(written[fault.at[0]]) // 40
        if effort < 0 or not _repair_one(work, fault, anchors):
            return Mending(_repairs(work), _refusal(work.lines, text))
        restart = fault.restart
    made = _repairs(work)
    mended = repaired(text, made)
    missing = {at: value for line in work.values.values() for at, value in line.items()}
    if first_fault(_BREAK.split(mended), Restart(), set(), values=missing) is None and not missing:
        return Mending(made, _error(mended))
    return Mending((), _refusal(work.written, text))


def repairs(text: str) -> list[Repair]:
    """The repairs that make a text valid YAML; none where a line could not be mended."""
    mending = mend(text)
    return [] if mending.fault else list(mending.repairs)


def repaired(text: str, made: Sequence[Repair]) -> str:
    """The text with the repairs made; all else, line endings too, stays as it is."""
    ends = [match.span() for match in _BREAK.finditer(text)]
    starts = [0, *(end for _, end in ends)]
    stops = [*(start for start, _ in ends), len(text)]
    parts = []
    at = 0
    for repair in sorted(made, key=lambda repair: repair.line):
        for number, after in enumerate(repair.after.split("\n"), repair.line - 1):
            parts += [text[at : starts[number]], after]
            at = stops[number]
    return "".join([*parts, text[at:]])


def _repair_one(work: _Work, fault: Fault, anchors: set[str]) -> bool:
    """Make the best repair of one fault. False if there is none."""
    if fault.hopeless:
        return False
    chosen = _best(work, _here(work, fault), fault, anchors)
    chosen = chosen or _best(work, _above(work, fault), fault, anchors)
    if chosen is None:
        return False
    for number in range(chosen.first, chosen.last + 1):
        # What stood in quotes inside of what is quoted now is as it was written again.
        values = work.values.get(number, {})
        kept = {at: value for at, value in values.items() if at < chosen.start}
        if values and not kept:
            work.made.pop(number, None)
        work.values[number] = kept
    work.lines[chosen.first : chosen.last + 1] = chosen.lines
    work.values[chosen.first][chosen.start] = chosen.value
    last, why, what = work.made.get(chosen.first, (chosen.last, chosen.why, chosen.what))
    if chosen.why not in why:
        why = f"{why}; {chosen.why}"
    work.made[chosen.first] = (max(last, chosen.last), why, what)
    return True


def _best(
    work: _Work, tries: Iterable[Candidate], fault: Fault, anchors: set[str]
) -> Candidate | None:
    best: tuple[Place, Candidate] | None = None
    for candidate in tries:
        if candidate.first < fault.restart.line:
            continue
        reached = _reached(work, candidate, fault, anchors)
        if reached is None:
            continue
        if candidate.is_sure or reached == _ENDLESS:
            return candidate
        if best is None or reached > best[0]:
            best = (reached, candidate)
    return best[1] if best else None


def _here(work: _Work, fault: Fault) -> Iterator[Candidate]:
    """The ways to mend the entry that begins in the line of a fault, the likeliest first."""
    line = fault.at[0]
    element = quoted_element(work.lines, fault.at, fault.flow)
    if element is not None:
        yield element
    _, _, before = work.made.get(line, (line, "", ""))
    if before != "whole":
        # Quotes around a whole text are put around it as it was written.
        source = work.written if before == "element" else work.lines
        yield from candidates(source, line, key_is_done=before == "key")


def _above(work: _Work, fault: Fault) -> Iterator[Candidate]:
    """The ways to mend a text that begins above the fault and goes on to it."""
    line = fault.at[0]
    for back in range(line - 1, max(fault.restart.line, line - _MOST_STEPS_BACK) - 1, -1):
        found = [c for c in candidates(work.lines, back) if c.last >= line]
        if found:
            for candidate in found:
                lines = slice(candidate.first, candidate.last + 1)
                if work.lines[lines] == work.written[lines]:
                    yield candidate
            return


def _reached(work: _Work, candidate: Candidate, fault: Fault, anchors: set[str]) -> Place | None:
    """How far the parser comes with a repair; None if it mends nothing.

    Only the entry and what follows it at once are read: that shows whether it fits there.
    """
    first, last = candidate.first, candidate.last
    follower = last + 1
    while follower < len(work.lines) and not work.lines[follower].strip():
        follower += 1
    window = work.lines[fault.restart.line : follower + 2]
    window[first - fault.restart.line : last + 1 - fault.restart.line] = candidate.lines
    restart = Restart(0, fault.restart.around)
    shift = fault.restart.line
    wanted = {(candidate.start[0] - shift, candidate.start[1]): candidate.value}
    alone = first_fault(window, restart, anchors, end=last + 1 - shift, values=wanted)
    end = (candidate.end[0] - shift, candidate.end[1])
    if alone is not None and (alone.at < end or candidate.what == "whole" or alone.hopeless):
        return None
    if wanted and alone is None:
        return None
    if alone is not None:
        return alone.at[0] + shift, alone.at[1]
    after = first_fault(window, restart, anchors, enough=follower - shift)
    if after is None:
        return _ENDLESS
    return None if after.at < end else (after.at[0] + shift, after.at[1])


def _repairs(work: _Work) -> tuple[Repair, ...]:
    made = []
    for first, (last, why, _) in sorted(work.made.items()):
        before = "\n".join(work.written[first : last + 1])
        made.append(Repair(first + 1, before, "\n".join(work.lines[first : last + 1]), why))
    return tuple(made)


def _error(text: str) -> SpecError | None:
    try:
        for _ in documents(text, ""):
            pass
    except SpecError as error:
        return error
    return None


def _refusal(lines: Sequence[str], text: str) -> SpecError:
    """The error of the first fault that stays; the repairs before it are taken as made."""
    error = _error("\n".join(lines)) or _error(text) or SpecError("not valid YAML")
    cause: Any = error.__cause__
    opening = getattr(cause, "context_mark", None)
    if opening is not None and "quoted scalar" in (cause.context or ""):
        # The parser stops at the next quote or at the end; the fault is where it began.
        error.message = "not valid YAML: the quote that opens here is not closed"
        error.line, error.column = opening.line + 1, opening.column + 1
        error.text = lines[opening.line]
        error.hint = "close it, or put the whole text in quotes of the other kind"
    elif "\t" in error.text[: len(error.text) - len(error.text.lstrip())]:
        error.hint = "YAML is indented with spaces: replace the tabs at the start of the line"
    elif re.match(r"\s*[*+] ", error.text):
        error.hint = "the items of a list in YAML begin with a dash: `- `"
    elif _is_list_below_a_text(lines, error.line - 1):
        error.hint = (
            "a list stands below a text: end the text above with a colon, or write the list "
            "at the depth of the text"
        )
    elif not error.hint:
        error.hint = "look at the line above too: a quote or a bracket may be open"
    return error


def _is_list_below_a_text(lines: Sequence[str], line: int) -> bool:
    """Whether the item at a line, or below it, stands deeper than the item of text above it."""
    for lower in (line, line + 1):
        if not 0 < lower < len(lines):
            continue
        above, below = lines[lower - 1], lines[lower]
        dash = re.match(r"( *)- ", above)
        deeper = re.match(r"( *)- ", below)
        if dash and deeper and len(deeper[1]) > len(dash[1]) and not above.endswith(":"):
            return True
    return False
