"""Where a YAML text breaks. After a repair, parsing starts anew close to it, not at the top."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

Place = tuple[int, int]
"""A line and a column, both from 0."""

_LINES_AT_ONCE = 32
_DEEPEST = 60


@dataclass(frozen=True, slots=True)
class Restart:
    """A line (from 0) at which an entry begins, and the block collections open before it.

    `around` has them from the outside in, each with its sign (":" a mapping, "-" a list) and
    its column. They are all that a parser has to know in order to begin at this line.
    """

    line: int = 0
    around: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """The first place that is not valid YAML, and the last entry before it that can be a restart.

    `flow` is where the innermost bracket or brace that was seen open begins. A `hopeless`
    fault has no place in a line: no quotes can mend it.
    """

    at: Place
    restart: Restart
    flow: Place | None = None
    hopeless: bool = False


@dataclass(slots=True)
class _Frame:
    sign: str
    column: int
    is_flow: bool
    is_key: bool
    line: int
    key_is_next: bool


class _Source:
    """The text as a stream of a few lines a time: what is behind the fault is never copied."""

    def __init__(self, head: Sequence[str], lines: Sequence[str], first: int, end: int) -> None:
        self._head, self._lines = head, lines
        self._next, self._end = first, end

    def read(self, _size: int = -1) -> str:
        start, self._next = self._next, min(self._next + _LINES_AT_ONCE, self._end)
        texts = [*self._head, *self._lines[start : self._next]]
        self._head = ()
        return "".join(text + "\n" for text in texts)


def first_fault(
    lines: Sequence[str],
    restart: Restart,
    anchors: set[str],
    *,
    end: int | None = None,
    enough: int | None = None,
    values: dict[Place, str] | None = None,
) -> Fault | None:
    """The first fault at or after `restart`, or None.

    Lines from `end` on are taken for absent; once a node begins behind line `enough`, the text
    up to there is sound. `anchors` are the known ones; those that are met are added. `values`
    are the scalars in quotes that have to be there: those that are found are taken out.
    """
    import yaml

    head = [" " * column + ("k:" if sign == ":" else "-") for sign, column in restart.around]
    shift = restart.line - len(head)
    source = _Source(head, lines, restart.line, len(lines) if end is None else end)
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    nodes = (
        yaml.ScalarEvent,
        yaml.AliasEvent,
        yaml.MappingStartEvent,
        yaml.SequenceStartEvent,
    )
    frames: list[_Frame] = []
    last: Place = (restart.line, 0)
    best = restart
    flow = None

    def fault(at: Place, hopeless: bool = False) -> Fault:
        line = max(min(at[0], len(lines) - 1), 0)
        flows = [(f.line, f.column) for f in frames if f.is_flow]
        fresh = _restart_at(lines, line, frames, last)
        return Fault((line, at[1]), fresh or best, flows[-1] if flows else flow, hopeless)

    events: Iterator[Any] = yaml.parse(source, Loader=loader)
    try:
        for event in events:
            kind = type(event)
            here = (event.start_mark.line + shift, event.start_mark.column)
            if enough is not None and here[0] > enough:
                return None
            if kind is yaml.SequenceEndEvent or kind is yaml.MappingEndEvent:
                frames.pop()
                last = (event.end_mark.line + shift, event.end_mark.column)
                continue
            if kind is yaml.DocumentStartEvent:
                if here[0] > best.line:
                    best = Restart(here[0])
                continue
            if kind not in nodes:
                continue
            parent = frames[-1] if frames else None
            is_key = parent is not None and parent.key_is_next
            if here[0] > best.line:
                best = _restart_at(lines, here[0], frames, None) or best
            if kind is yaml.AliasEvent:
                if event.anchor not in anchors:
                    return fault(here)
            else:
                if event.tag is not None and event.tag not in ("!", "tag:yaml.org,2002:str"):
                    return fault(here)
                if event.anchor is not None:
                    anchors.add(event.anchor)
            if parent is not None and parent.sign == ":":
                parent.key_is_next = not parent.key_is_next
            if kind is yaml.ScalarEvent or kind is yaml.AliasEvent:
                last = (event.end_mark.line + shift, event.end_mark.column)
                is_quoted = kind is yaml.ScalarEvent and not event.implicit[0]
                if values and is_quoted and values.get(here) == event.value:
                    del values[here]
                continue
            if len(frames) >= _DEEPEST:
                return fault(here, hopeless=True)
            sign = ":" if kind is yaml.MappingStartEvent else "-"
            frames.append(
                _Frame(sign, here[1], bool(event.flow_style), is_key, here[0], sign == ":")
            )
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        if mark is None:
            return fault(last, hopeless=True)
        return fault((mark.line + shift, mark.column))
    except yaml.YAMLError:
        return fault(last, hopeless=True)
    return None


def _restart_at(
    lines: Sequence[str], line: int, frames: list[_Frame], last: Place | None
) -> Restart | None:
    """The restart at a line, if an entry of an open block collection begins there.

    With `last`, the end of what was read, the line has to lie behind it.
    """
    if line >= len(lines) or not frames or any(f.is_flow or f.is_key for f in frames):
        return None
    text = lines[line]
    indent = len(text) - len(text.lstrip(" "))
    if indent == len(text) or (last is not None and last > (line, indent)):
        return None
    sign = "-" if text[indent] == "-" and text[indent + 1 : indent + 2] in ("", " ") else ":"
    count = len(frames)
    if last is None and frames[-1].sign == ":" and not frames[-1].key_is_next:
        return None
    # With `last` the inner collections may be over: the parser did not come to say so.
    while count and last is not None and frames[count - 1].column > indent:
        count -= 1
    if count and last is not None and frames[count - 1].sign == "-" and sign == ":":
        count -= 1
    if not count or frames[count - 1].column != indent or frames[count - 1].sign != sign:
        return None
    return Restart(line, tuple((f.sign, f.column) for f in frames[:count]))
