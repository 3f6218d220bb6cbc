"""What a person may have meant by an entry that is not valid YAML: the ways to quote it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from .faults import Place

_LEAD = re.compile(r" *(?:- +)*")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|' + r"'(?:[^']|'')*'")
_AFTER_KEY = re.compile(r":[ \t]+")
_SPANS = re.compile(r'`[^`]*`|"[^"]*"')
# Behind its first space a run of spaces is not tried again: that would take quadratic time.
_COMMENT = re.compile(r"(?<![ \t])[ \t]+(?:#(?!\d)|$)")
_ONE_WORD = re.compile(r"[\w.-]+")
_CHECKBOX = re.compile(r"\[[ xX]?\](?=\s)")
# What these begin is YAML: a block scalar, an anchor, a tag, a comment, a list.
_HEADER = re.compile(r"[|>][-+0-9]{0,2}$|&[\w-]+(?:\s|$)|!!|!<|#|[-?](?:\s|$)")
_OWN_ENTRY = re.compile(r"[-*+?](?:\s|$)|\d+[.)]\s|[\w.-]+:(?:\s|$)|#")
_LONGEST_VALUE = 200
_MOST_BRACES = 8
_INDICATORS = "[]{}\"'`@%*&!|>?,"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A way to quote: the lines from `first` to `last` anew, and the place and value of the
    quoted scalar. `is_sure`: if it mends the fault, no other way is looked at."""

    first: int
    lines: tuple[str, ...]
    start: Place
    end: Place
    value: str
    why: str
    what: Literal["whole", "key", "element"]
    is_sure: bool = False

    @property
    def last(self) -> int:
        return self.first + len(self.lines) - 1


def candidates(
    lines: Sequence[str], number: int, *, key_is_done: bool = False
) -> Iterator[Candidate]:
    """The ways to quote the entry that begins at a line, the likeliest first.

    With `key_is_done` the key has its quotes already and only the value is at stake.
    """
    line = lines[number]
    lead = _LEAD.match(line)
    start = lead.end() if lead else 0
    content, _ = _without_comment(line[start:])
    key = _key(content) if content else None
    if not content or content[0] == "\t" or _HEADER.match(content[key[1] :] if key else content):
        return
    is_item = "-" in line[:start]
    parent = line.rindex("-", 0, start) if is_item else start - 1
    value = whole = None
    if key is not None and (key_is_done or content[0] not in "[{"):
        value = _whole(lines, number, start + key[1], start)
    if key_is_done:
        if value is not None:
            yield value
        return
    bound = _bound_to_mapping(content)
    if bound:
        yield _key_quoted(line, number, start, bound, is_sure=True)
    if not is_item and key is not None and content[0] in _INDICATORS:
        # Without a dash it is a pair of a mapping, whatever begins its key.
        if not _QUOTED.match(content):
            yield _key_quoted(line, number, start, key[0], is_sure=True)
    elif is_item or key is None:
        whole = _whole(lines, number, start, parent)
    is_pair = key is not None and _ONE_WORD.fullmatch(content[: key[0]])
    for candidate in (value, whole) if is_pair else (whole, value):
        if candidate is not None:
            yield candidate
    if content.endswith(":") and len(content) > 1 and content[-2] not in " \t":
        yield _key_quoted(line, number, start, len(content) - 1)
    if is_item and key is not None and content[0] in _INDICATORS and not _QUOTED.match(content):
        yield _key_quoted(line, number, start, key[0])


def quoted_element(lines: Sequence[str], at: Place, flow: Place | None) -> Candidate | None:
    """Quotes around the element of `[...]` or `{...}` that stands at a place, if one does.

    A comma ends an element, as it does for YAML. An element that goes over its line is left.
    """
    number, column = at
    if flow is None or flow[0] == number:
        start = _flow_start(lines[number])
        if start is None or start >= column:
            return None
        flow = (number, start)
    elif number - flow[0] > _LONGEST_VALUE:
        return None
    begins = _element_start(lines, flow, at)
    if begins is None or begins[0] != number:
        return None
    line = lines[number]
    end = _element_end(line, max(column, begins[1]))
    if end is None:
        return None
    text = line[begins[1] : end].rstrip()
    if not text or _HEADER.match(text) or (text[0] in "\"'" and _QUOTED.fullmatch(text)):
        return None
    if text[0] in "\"'" and not _QUOTED.match(text):
        return None
    rest = line[end:].lstrip(", ")
    if _CHECKBOX.match(text) and line[end] == "," and rest and not _CHECKBOX.match(rest):
        return None  # the comma may be one of the text
    quoted = _quoted(text)
    after = line[: begins[1]] + quoted + line[begins[1] + len(text) :]
    stop = (number, begins[1] + len(quoted))
    return Candidate(number, (after,), begins, stop, text, _why(text), "element")


def _whole(lines: Sequence[str], number: int, start: int, parent: int) -> Candidate | None:
    """Quotes around all that stands from a column on, with the lines that carry it on."""
    line = lines[number]
    content, tail = _without_comment(line[start:])
    if not content or _HEADER.match(content) or (_is_closed_collection(content)):
        return None
    if content[0] in "\"'":
        closing = _QUOTED.match(content)
        if closing is None or closing.end() == len(content):
            return None
    texts, last_tail = [content], tail
    if not tail.strip():
        texts, last_tail = _carried_on(lines, number, content, tail, parent)
    sign = "'" if any('"' in text or "\\" in text for text in texts) else '"'
    inner = [text.replace("'", "''") for text in texts] if sign == "'" else list(texts)
    inner[0] = line[:start] + sign + inner[0]
    stop = (number + len(inner) - 1, len(inner[-1]) + 1)
    inner[-1] += sign + last_tail
    if len(inner) > 1:
        inner[0] += tail
    value = _folded(texts)
    return Candidate(number, tuple(inner), (number, start), stop, value, _why(content), "whole")


def _carried_on(
    lines: Sequence[str], number: int, content: str, tail: str, parent: int
) -> tuple[list[str], str]:
    """The lines of a text that goes on below: each as it is, the last without its comment."""
    texts = [content]
    end = number
    for below in range(number + 1, min(number + _LONGEST_VALUE, len(lines))):
        text = lines[below].strip(" \t")
        if not text:
            continue
        indent = len(lines[below]) - len(lines[below].lstrip(" "))
        if indent <= max(parent, 0) and indent <= parent:
            break
        if indent == 0 and text[:3] in ("---", "..."):
            break
        if _OWN_ENTRY.match(text):
            return [content], tail
        end = below
        if _without_comment(text)[1].strip():
            break
    if end == number:
        return texts, tail
    texts += lines[number + 1 : end]
    last, last_tail = _without_comment(lines[end])
    return [*texts, last], last_tail


def _key_quoted(
    line: str, number: int, start: int, length: int, *, is_sure: bool = False
) -> Candidate:
    key = line[start : start + length].rstrip()
    quoted = _quoted(key)
    after = line[:start] + quoted + line[start + len(key) :]
    why = _why(key) if key[0] in _INDICATORS else "a key with a colon in it needs quotes"
    begins, end = (number, start), (number, start + len(quoted))
    return Candidate(number, (after,), begins, end, key, why, "key", is_sure)


def _key(content: str) -> tuple[int, int] | None:
    """Where the key of `key: value` ends and where the value begins, or None."""
    quoted = _QUOTED.match(content)
    found = _AFTER_KEY.search(content, quoted.end() if quoted else 1)
    if found is None or (quoted and content[quoted.end() : found.start()].strip()):
        return None
    return found.start(), found.end()


def _bound_to_mapping(content: str) -> int:
    """The length of the text before `: {...}`, a gate bound to prose; 0 if there is none."""
    if not content.endswith("}") or content[0] in "\"'{":
        return 0
    for found in islice(re.finditer(r":[ \t]+(?=\{)", content), _MOST_BRACES):
        if found.start() and _closing(content, found.end()) == len(content) - 1:
            text = content[: found.start()]
            return len(text) if text[0] in _INDICATORS or _AFTER_KEY.search(text) else 0
    return 0


def _is_closed_collection(content: str) -> bool:
    """Whether brackets or braces are all of a text, or are not closed in it."""
    return content[0] in "[{" and _closing(content, 0) in (None, len(content) - 1)


def _closing(text: str, start: int) -> int | None:
    """Where the bracket at `start` is closed. What stands in quotes does not count."""
    depth = 0
    at = start
    before = ""
    while at < len(text):
        sign = text[at]
        if sign in "\"'" and before in ("[", "{", ",", ":"):
            quoted = _QUOTED.match(text, at)
            if quoted:
                at = quoted.end()
                before = sign
                continue
        if sign not in " \t":
            before = sign
        if sign in "[{":
            depth += 1
        elif sign in "]}":
            depth -= 1
            if depth == 0:
                return at
        at += 1
    return None


def _flow_start(line: str) -> int | None:
    lead = _LEAD.match(line)
    start = lead.end() if lead else 0
    if line[start : start + 1] and line[start] in "[{":
        return start
    key = _key(line[start:])
    if key is not None and line[start + key[1] :].startswith(("[", "{")):
        return start + key[1]
    return None


def _element_start(lines: Sequence[str], flow: Place, at: Place) -> Place | None:
    """Where the element that holds a place begins; None where no bracket is open any more."""
    starts: list[Place] = []
    fresh = False
    for number in range(flow[0], at[0] + 1):
        line = lines[number]
        column = flow[1] if number == flow[0] else 0
        end = at[1] if number == at[0] else len(line)
        while column < end:
            sign = line[column]
            here = (number, column)
            if sign in " \t":
                column += 1
                continue
            if sign == "#" and (column == 0 or line[column - 1] in " \t"):
                break
            if fresh and starts:
                starts[-1] = here
            if sign in "[{":
                starts.append(here)
                fresh = True
            elif sign in "]}":
                if not starts:
                    return None
                starts.pop()
                fresh = False
                if not starts:
                    return None
            elif sign == "," or (sign == ":" and line[column + 1 : column + 2] in ("", " ")):
                fresh = True
            elif sign in "\"'" and fresh:
                quoted = _QUOTED.match(line, column)
                fresh = False
                if quoted:
                    column = min(quoted.end(), end)
                    continue
            else:
                fresh = False
            column += 1
    if fresh and starts:
        return at
    return starts[-1] if starts else None


def _element_end(line: str, column: int) -> int | None:
    depth = 0
    ticks = False
    for at in range(column, len(line)):
        sign = line[at]
        if sign == "`":
            ticks = not ticks
        elif ticks:
            continue
        elif sign in "[{":
            depth += 1
        elif sign == "," and depth == 0:
            return at
        elif sign in "]}":
            if depth == 0:
                return at
            depth -= 1
    return None


def _without_comment(text: str) -> tuple[str, str]:
    """A text, and the comment or the spaces behind it. `#12` is no comment, nor is what stands
    between backticks or quotes."""
    masked = _SPANS.sub(lambda span: "x" * len(span[0]), text)
    found = _COMMENT.search(masked)
    if found is None:
        return text, ""
    return text[: found.start()], text[found.start() :]


def _folded(texts: Sequence[str]) -> str:
    """The value of a text over several lines, as YAML folds it."""
    made = texts[0].strip(" \t")
    empty = 0
    for text in (text.strip(" \t") for text in texts[1:]):
        if not text:
            empty += 1
            continue
        made += "\n" * empty if empty else " "
        made += text
        empty = 0
    return made


def _quoted(text: str) -> str:
    if '"' in text or "\\" in text:
        return "'" + text.replace("'", "''") + "'"
    return f'"{text}"'


def _why(text: str) -> str:
    if re.match(r"\[[ xX]\] ", text):
        return "a task list item begins with brackets, which YAML takes for a list"
    if text[0] == "[":
        return "brackets at the start are taken for a list"
    if text[0] == "{":
        return "braces at the start are taken for a mapping"
    if text[0] in "\"'":
        return "quotes at the start have to enclose the whole text"
    if text[0] in ">|@%*&!":
        return f'"{text[0]}" at the start has a meaning of its own in YAML'
    if "`" in text:
        return "a bare backtick may not begin a YAML value"
    return "a text with a colon in it needs quotes"
