"""A YAML file of the whole project beside the specs: one mapping with one key."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from ..errors import SpecError
from ..yaml12 import Node, documents, scalar
from . import keys
from .spec_file import with_repair
from .spec_keys import Fault, Top

T = TypeVar("T")


def read_project_file(
    path: str, text: str, key: str, example: str, read: Callable[[Top, str, Fault], T]
) -> T:
    """What `read` makes of the file's mapping. Raises SpecError where the file is no mapping
    with the key alone."""
    text = text.removeprefix("\ufeff")
    kind = f"a {key} file"
    shape = f"write\n{key}:\n{example}"

    def fault(message: str, node: Node, hint: str = "") -> SpecError:
        return SpecError(message, path, node.line, node.column, hint=hint)

    try:
        found = [n for n in documents(text, path) if n.kind != "scalar" or scalar(n) is not None]
    except SpecError as error:
        raise with_repair(error, text, 1) from error
    if not found:
        raise SpecError(f"{kind} without `{key}:`", path, hint=shape)
    if len(found) > 1:
        raise fault(f"a second document in {kind}", found[1], hint="write it as one")
    node = found[0]
    if node.kind != "map":
        raise fault(f"{kind} is a mapping with `{key}:`", node, hint=shape)
    top = {one.text: (one, value) for one, value in node.pairs}
    for name, (one, _) in top.items():
        if name == key:
            continue
        meant = keys.misspelt(name, frozenset((key,)))
        hint = f'did you mean "{meant}"?' if meant else shape
        if name in ("spec", "workflow"):
            hint = "a spec has a file name of its own that ends in .spec.yaml"
        raise fault(f'unknown key "{name}" in {kind}', one, hint=hint)
    if not top:
        raise fault(f"{kind} without `{key}:`", node, hint=shape)
    return read(top, path, fault)
