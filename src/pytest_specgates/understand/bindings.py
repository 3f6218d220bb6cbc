"""Bindings: the texts of criteria, or patterns of them, each with the gate that measures them.

A pattern has placeholders, `{name} works`. Each stands for a piece of the criterion's text
that is not blank, as short as it can be from left to right, and fills the texts of the gate.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..errors import SpecError, did_you_mean
from ..model import Binding, Criterion, Kind, Reading, Spec, naming
from ..yaml12 import Node
from .gate import read_gate

MOST_PLACEHOLDERS = 8
MOST_PATTERNS = 500
"""In one spec or project: each criterion is held against each pattern."""
_WORD = re.compile(
    r"(?!(?:the|and|for|are|must|should|with|that|all)(?![^\W\d_]))[^\W\d_]{3,}", re.IGNORECASE
)
"""A part of a pattern that says what it is of."""
_OF_PATTERNS = re.compile(r"[|*?\[\]]")
_FREE_TEXT = ("command", "reason", "owner")
_POLICY = ("level", "stage", "when")
_PLACEHOLDER = re.compile(r"(?<!\{)\{([a-z][a-z0-9_]*)\}(?!\})")
_EXAMPLE = "for example `{exists: docs/api.md}`"


@dataclass(frozen=True, slots=True)
class Pattern:
    """A binding with placeholders: `literals` (folded) stand before, between and after `names`."""

    binding: Binding
    literals: tuple[str, ...]
    names: tuple[str, ...]
    weight: int


@dataclass(frozen=True, slots=True)
class Bindings:
    """The bindings of one spec or of the project, ready to be looked up."""

    exact: Mapping[str, Binding] = field(default_factory=dict)
    patterns: tuple[Pattern, ...] = ()
    """Those with the most literal characters first."""


def compiled(
    bindings: Sequence[Binding],
    kinds: Mapping[str, Kind],
    *,
    with_patterns: bool = True,
    alone: bool = False,
) -> tuple[Bindings, tuple[SpecError, ...]]:
    """The bindings that are well formed, and the errors of the others. In a template, where
    braces are parameters that wait for their values, there are no patterns. Bindings that
    stand alone (the project's) are read here too, whether or not a criterion uses them."""
    exact: dict[str, Binding] = {}
    patterns: dict[tuple[str, ...], Pattern] = {}
    errors: list[SpecError] = []
    for binding in bindings:
        try:
            _names_a_gate(binding, kinds)
            if alone:
                _read_alone(binding, kinds)
            folded = fold(binding.text)
            if folded in exact:
                raise _twice(binding, exact[folded])
            if not with_patterns or not _PLACEHOLDER.search(binding.text):
                exact[folded] = binding
                continue
            pattern = _pattern(binding)
            if alone:
                _has_no_policy(binding)
            if pattern.literals in patterns:
                raise _twice(binding, patterns[pattern.literals].binding)
            if len(patterns) == MOST_PATTERNS:
                raise _fault(
                    f"more than {MOST_PATTERNS} patterns", binding, "bind exact texts instead"
                )
            patterns[pattern.literals] = pattern
        except SpecError as error:
            errors.append(error)
    heaviest_first = sorted(patterns.values(), key=lambda pattern: -pattern.weight)
    return Bindings(exact, tuple(heaviest_first)), tuple(errors)


def reading_of(
    criterion: Criterion, spec: Spec, kinds: Mapping[str, Kind], sets: Sequence[Bindings]
) -> Reading | None:
    """The reading of the binding that fits the criterion's text: of the first set that has
    one. Raises SpecError where two fit equally well, or where its gate is not well formed."""
    for bindings in sets:
        if not bindings.exact and not bindings.patterns:
            continue
        found = _fitting(criterion, bindings)
        if found is not None:
            binding, gate = found
            # An error in the gate is one of the place where the binding stands.
            at = replace(criterion, span=binding.span)
            return replace(read_gate(gate, at, spec, kinds), bound_at=binding.span)
    return None


def beside(criterion: Criterion, policy: Reading, bound: Reading) -> Reading:
    """The reading of a binding, under the policy keys that stand beside the criterion."""
    stated = {key.text for key, _ in criterion.gate.pairs} if criterion.gate is not None else set()
    return replace(
        bound,
        level=policy.level if "level" in stated else bound.level,
        stage=policy.stage if "stage" in stated else bound.stage,
        owner=policy.owner if "owner" in stated else bound.owner,
        why=policy.why if "reason" in stated else bound.why,
        when=policy.when if "when" in stated else bound.when,
    )


def unfit(
    bindings: Bindings, criteria: Sequence[Criterion], readings: Sequence[Reading]
) -> list[Binding]:
    """The bindings whose text or pattern fits none of the criteria."""
    used = {reading.bound_at for reading in readings}
    texts = {fold(criterion.text) for criterion in criteria}
    unused = [b for text, b in bindings.exact.items() if text not in texts]
    for pattern in bindings.patterns:
        if pattern.binding.span not in used and not any(_spans(pattern, t) for t in texts):
            unused.append(pattern.binding)
    return sorted(unused, key=lambda b: (b.span.path, b.span.line, b.span.column))


def fold(text: str) -> str:
    """White space collapsed, lower case, and as long as the collapsed text."""
    collapsed = " ".join(text.split())
    folded = collapsed.lower()
    if len(folded) == len(collapsed):
        return folded
    # A few capitals have more than one character in lower case.
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in collapsed)


def _fitting(criterion: Criterion, bindings: Bindings) -> tuple[Binding, Node] | None:
    folded = fold(criterion.text)
    exact = bindings.exact.get(folded)
    if exact is not None:
        return exact, exact.gate
    best: tuple[Pattern, list[tuple[int, int]]] | None = None
    for pattern in bindings.patterns:
        if fold(pattern.binding.text) == folded:
            return pattern.binding, pattern.binding.gate  # a text with braces of its own
        if best is not None and pattern.weight < best[0].weight:
            break
        spans = _spans(pattern, folded)
        if not spans:
            continue
        if best is not None:
            raise _ambiguous(criterion, best[0].binding, pattern.binding)
        best = pattern, spans
    if best is None:
        return None
    pattern, spans = best
    text = " ".join(criterion.text.split())
    pieces = (text[start:end].strip() for start, end in spans)
    values = dict(zip(pattern.names, pieces, strict=True))
    _names_one_thing(criterion, pattern.binding, values)
    return pattern.binding, _filled(pattern.binding.gate, values)


def _names_one_thing(criterion: Criterion, binding: Binding, values: Mapping[str, str]) -> None:
    """Raises SpecError where a piece of a text would select other things than it names."""
    for key, value in binding.gate.pairs:
        for node in _scalars(value) if key.value not in _FREE_TEXT else ():
            for name in _PLACEHOLDER.findall(node.text):
                mark = _OF_PATTERNS.search(values[name])
                if mark is not None:
                    raise SpecError(
                        f'"{mark[0]}" in "{values[name]}", which the binding in {_place(binding)} '
                        f"would fill into `{key.text}:`",
                        criterion.span.path,
                        criterion.span.line,
                        criterion.span.column,
                        hint="bind the text of this criterion itself",
                    )


def _spans(pattern: Pattern, text: str) -> list[tuple[int, int]]:
    """Where the placeholders' pieces stand in a folded text; empty if the pattern does not
    fit. One pass: each literal is looked for behind the one before it, never again."""
    first, *middle, last = pattern.literals
    if not text.startswith(first) or not text.endswith(last):
        return []
    end = len(text) - len(last)
    position = len(first)
    spans = []
    for literal in middle:
        start = position + (text[position : position + 1] == " ")
        found = text.find(literal, start + 1, end)
        if found < 0:
            return []
        spans.append((position, found))
        position = found + len(literal)
    if not text[position:end].strip():
        return []
    return [*spans, (position, end)]


def _pattern(binding: Binding) -> Pattern:
    pieces = _PLACEHOLDER.split(binding.text)
    names = tuple(pieces[1::2])
    # Folded one by one: a literal keeps the spaces beside its placeholders.
    literals = tuple(piece.lower() for piece in pieces[::2])
    if len(names) > MOST_PLACEHOLDERS:
        raise _fault(
            f"{len(names)} placeholders in a binding",
            binding,
            f"at most {MOST_PLACEHOLDERS} are taken",
        )
    for name in names:
        if names.count(name) > 1:
            raise _fault(
                f'the placeholder "{{{name}}}" stands twice', binding, "give one another name"
            )
    if "" in literals[1:-1]:
        raise _fault(
            "two placeholders side by side", binding, "write the text that stands between them"
        )
    if not any(map(_WORD.search, literals)):
        raise _fault(
            f'the pattern "{binding.text}" would fit almost any criterion',
            binding,
            "a pattern needs a word of its own, for example `{name} works`",
        )
    for node in _scalars(binding.gate):
        for name in _PLACEHOLDER.findall(node.text):
            if name not in names:
                raise SpecError(
                    f'the binding has no placeholder "{{{name}}}"',
                    binding.span.path,
                    node.line,
                    node.column,
                    hint=did_you_mean(name, names),
                )
    return Pattern(binding, literals, names, sum(map(len, literals)))


def _names_a_gate(binding: Binding, kinds: Mapping[str, Kind]) -> None:
    path, gate = binding.span.path, binding.gate
    names = naming([key.text for key, _ in gate.pairs], kinds)
    named = [key for key, _ in gate.pairs if key.text in names]
    if not named:
        hint = did_you_mean(gate.pairs[0][0].text, kinds) if gate.pairs else ""
        if not hint.startswith("did you mean"):
            hint = _EXAMPLE
        raise SpecError("a binding names a gate", path, gate.line, gate.column, hint=hint)
    if len(named) > 1:
        raise SpecError(
            "a gate has one kind; here are " + " and ".join(f"`{key.value}`" for key in named),
            path,
            named[1].line,
            named[1].column,
            hint="bind the text to one of them, and write the other as a gate of its own",
        )
    for key, _ in gate.pairs:
        if key.value == "id":
            raise SpecError(
                "an id in a binding, which may fit several criteria",
                path,
                key.line,
                key.column,
                hint="write the id beside the criterion: `- TEXT: {id: ...}`",
            )


def _has_no_policy(binding: Binding) -> None:
    """A pattern for all specs must not defer or mute what it fits."""
    for key, _ in binding.gate.pairs:
        if key.value in _POLICY:
            raise SpecError(
                f"`{key.text}:` in a pattern for every spec",
                binding.span.path,
                key.line,
                key.column,
                hint="write it beside the criterion, or in a binding of its exact text",
            )


def _read_alone(binding: Binding, kinds: Mapping[str, Kind]) -> None:
    if any(_PLACEHOLDER.search(node.text) for node in _scalars(binding.gate)):
        return  # What it asks for is known once a criterion fills it.
    span = binding.span
    spec = Spec("", span.path, span.line, (), scope=(".",))
    criterion = Criterion("", binding.text, span, (), "")
    read_gate(binding.gate, criterion, spec, kinds)


def _filled(node: Node, values: Mapping[str, str]) -> Node:
    made: object
    if node.kind == "scalar":
        made = _PLACEHOLDER.sub(lambda match: values[match[1]], node.text)
    elif node.kind == "list":
        made = [_filled(item, values) for item in node.items]
    else:
        made = [(key, _filled(value, values)) for key, value in node.pairs]
    return Node(node.kind, made, node.line, node.column, node.start, node.end, node.plain)


def _scalars(node: Node) -> Iterator[Node]:
    if node.kind == "scalar":
        yield node
    elif node.kind == "list":
        for item in node.items:
            yield from _scalars(item)
    else:
        for _, value in node.pairs:
            yield from _scalars(value)


def _fault(message: str, binding: Binding, hint: str) -> SpecError:
    span = binding.span
    return SpecError(message, span.path, span.line, span.column, hint=hint)


def _twice(binding: Binding, first: Binding) -> SpecError:
    return _fault(
        f'the binding of "{binding.text}" stands twice',
        binding,
        f"the first is in {_place(first)}",
    )


def _ambiguous(criterion: Criterion, one: Binding, other: Binding) -> SpecError:
    return SpecError(
        f'two bindings fit "{criterion.text}" equally well',
        criterion.span.path,
        criterion.span.line,
        criterion.span.column,
        hint=f'"{one.text}" in {_place(one)} and "{other.text}" in {_place(other)}: '
        "write out more of one of them, or bind the criterion's own text",
    )


def _place(binding: Binding) -> str:
    return f"{binding.span.path}:{binding.span.line}"
