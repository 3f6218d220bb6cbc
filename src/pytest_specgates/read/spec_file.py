"""One file -> its specs: YAML documents, or the fenced blocks of a Markdown file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ..errors import SpecError
from ..model import Kind
from ..yaml12 import Node, documents, scalar
from . import markdown
from .document import Draft, Walker
from .keys import Role

_MOST_REPAIRS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class SpecFile:
    """All that one file gave: the specs that could be read, and the errors of the others."""

    path: str
    drafts: tuple[Draft, ...]
    errors: tuple[SpecError, ...]


def read_spec_file(path: str, text: str, kinds: Mapping[str, Kind]) -> SpecFile:
    """Read a spec file, YAML or Markdown by its name, or a file of another tool (formats/).

    `path` is shown in errors."""
    drafts: list[Draft] = []
    errors: list[SpecError] = []
    text = text.removeprefix("\ufeff")
    is_markdown = path.lower().endswith((".md", ".markdown"))
    blocks = list(markdown.spec_blocks(text)) if is_markdown else []
    if not blocks and not path.lower().endswith((".spec.yaml", ".spec.yml")):
        from .formats import read_foreign

        foreign = read_foreign(path, text)
        if foreign is not None:
            mended = (with_repair(error, text, 1) for error in foreign.errors)
            return replace(foreign, errors=tuple(mended))
    if is_markdown:
        if not blocks:
            errors.append(
                SpecError(
                    "no spec in this Markdown file",
                    path,
                    hint="a spec is a fenced block marked yaml with a `spec:` or `workflow:` key,\n"
                    "or a list under a heading such as `## Acceptance criteria`",
                )
            )
        for block in blocks:
            _read_block(path, block.text, block.line, block.indent, kinds, drafts, errors, True)
        if drafts:
            drafts[0] = _with_beside(drafts[0], path, text)
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


def _with_beside(draft: Draft, path: str, text: str) -> Draft:
    """The first spec of a Markdown file, with the lists of criteria that stand beside the fences:
    they are told, and are no gates."""
    from .formats import markdown as lists

    for beside in lists.read(path, text):
        pairs = zip(beside.spec.criteria, beside.roles, strict=True)
        others = tuple(criterion for criterion, own in pairs if own != "about")
        criteria = (*draft.spec.criteria, *others)
        spec = replace(draft.spec, criteria=criteria)
        role: Role = "beside"
        draft = replace(draft, spec=spec, roles=(*draft.roles, *(role for _ in others)))
    return draft


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
        errors.append(with_repair(error, text, first_line))
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


def with_repair(error: SpecError, text: str, first_line: int) -> SpecError:
    if not error.message.startswith("not valid YAML"):
        return error
    from .repair import mend

    mending = mend(text)
    made, fault = mending.repairs, mending.fault
    if not made:
        if fault is None:
            return error
        line = first_line + fault.line - 1
        column = error.column if line == error.line else fault.column
        return SpecError(fault.message, error.path, line, column, text=fault.text, hint=fault.hint)
    lines = []
    for repair in made[:_MOST_REPAIRS_SHOWN]:
        lines.append(f"line {first_line + repair.line - 1}: {repair.why}; write")
        lines.extend(f"  {line}" for line in repair.after.split("\n"))
    if len(made) > _MOST_REPAIRS_SHOWN:
        more = len(made) - _MOST_REPAIRS_SHOWN
        lines.append(f"and {more} more: `specgates fix --diff {error.path}` shows them all")
    if fault is not None:
        lines.append(f"line {first_line + fault.line - 1}: {fault.message}; {fault.hint}")
    first = made[0]
    return SpecError(
        error.message,
        error.path,
        first_line + first.line - 1,
        error.column,
        text=first.before.split("\n")[0],
        hint="\n".join(lines),
    )
