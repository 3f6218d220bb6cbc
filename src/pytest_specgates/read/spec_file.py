"""One file -> its specs: YAML documents, or the fenced blocks of a Markdown file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..errors import SpecError
from ..model import Kind
from ..yaml12 import Node, documents, scalar
from . import markdown
from .document import Draft, Walker
from .repair import repairs


@dataclass(frozen=True, slots=True)
class SpecFile:
    """All that one file gave: the specs that could be read, and the errors of the others."""

    path: str
    drafts: tuple[Draft, ...]
    errors: tuple[SpecError, ...]


def read_spec_file(path: str, text: str, kinds: Mapping[str, Kind]) -> SpecFile:
    """Read a spec file, YAML or Markdown by its name. `path` is shown in errors."""
    drafts: list[Draft] = []
    errors: list[SpecError] = []
    text = text.removeprefix("\ufeff")
    if path.lower().endswith((".md", ".markdown")):
        blocks = list(markdown.spec_blocks(text))
        if not blocks:
            errors.append(
                SpecError(
                    "no spec in this Markdown file",
                    path,
                    hint="a spec is a fenced block marked yaml with a `spec:` or `workflow:` key",
                )
            )
        for block in blocks:
            _read_block(path, block.text, block.line, block.indent, kinds, drafts, errors, True)
    else:
        _read_block(path, text, 1, 0, kinds, drafts, errors, False)
        if not drafts and not errors:
            errors.append(
                SpecError("an empty spec", path, hint="begin with `spec: NAME` and `gates:`")
            )
    names: dict[str, int] = {}
    for draft in drafts:
        first = names.setdefault(draft.spec.name, draft.spec.line)
        if first != draft.spec.line:
            errors.append(
                SpecError(
                    f'a second spec named "{draft.spec.name}" (the first is in line {first})',
                    path,
                    draft.spec.line,
                    hint="give one of them another name",
                )
            )
    return SpecFile(path, tuple(drafts), tuple(errors))


def _read_block(
    path: str,
    text: str,
    first_line: int,
    indent: int,
    kinds: Mapping[str, Kind],
    drafts: list[Draft],
    errors: list[SpecError],
    in_markdown: bool,
) -> None:
    found: list[Node] = []
    try:
        found.extend(documents(text, path, first_line=first_line, first_column=1 + indent))
    except SpecError as error:
        errors.append(_with_repair(error, text, first_line))
        return
    prefixed = in_markdown or len(found) > 1
    for node in found:
        if node.kind == "scalar" and scalar(node) is None:
            continue
        walker = Walker(path, text, kinds)
        try:
            drafts.append(walker.document(node, prefixed))
        except SpecError as error:
            errors.append(error)


def _with_repair(error: SpecError, text: str, first_line: int) -> SpecError:
    if not error.message.startswith("not valid YAML"):
        return error
    made = repairs(text)
    if not made and "\t" in error.text[: len(error.text) - len(error.text.lstrip())]:
        error.hint = "YAML is indented with spaces: replace the tabs at the start of the line"
        return error
    if not made:
        error.hint = error.hint or "look at the line above too: a quote or a bracket may be open"
        return error
    lines = []
    for repair in made:
        lines.append(f"line {first_line + repair.line - 1}: {repair.why}; write")
        lines.append(f"  {repair.after}")
    first = made[0]
    return SpecError(
        error.message,
        error.path,
        first_line + first.line - 1,
        error.column,
        text=first.before,
        hint="\n".join(lines),
    )
