"""The project's bindings: a `bindings.yaml` beside the specs, for the criteria of all of them."""

from __future__ import annotations

from ..errors import SpecError
from ..model import Binding
from ..yaml12 import Node, documents, scalar
from . import keys, spec_keys
from .spec_file import with_repair

NAMES = ("bindings.yaml", "bindings.yml")
_SHAPE = "write\nbindings:\n  API documentation: {exists: docs/api.md}"


def is_bindings_file(path: str) -> bool:
    return path.rpartition("/")[2] in NAMES


def read_bindings_file(path: str, text: str) -> tuple[Binding, ...]:
    """The bindings of such a file. Raises SpecError where it is no mapping with `bindings:`."""
    text = text.removeprefix("\ufeff")

    def fault(message: str, node: Node, hint: str = "") -> SpecError:
        return SpecError(message, path, node.line, node.column, hint=hint)

    try:
        found = [n for n in documents(text, path) if n.kind != "scalar" or scalar(n) is not None]
    except SpecError as error:
        raise with_repair(error, text, 1) from error
    if not found:
        raise SpecError("a bindings file without `bindings:`", path, hint=_SHAPE)
    if len(found) > 1:
        raise fault("a second document in a bindings file", found[1], hint="write it as one")
    node = found[0]
    if node.kind != "map":
        raise fault("a bindings file is a mapping with `bindings:`", node, hint=_SHAPE)
    top = {key.text: (key, value) for key, value in node.pairs}
    for name, (key, _) in top.items():
        if name == "bindings":
            continue
        meant = keys.misspelt(name, frozenset(("bindings",)))
        hint = f'did you mean "{meant}"?' if meant else _SHAPE
        if name in ("spec", "workflow"):
            hint = "a spec has a file name of its own that ends in .spec.yaml"
        raise fault(f'unknown key "{name}" in a bindings file', key, hint=hint)
    if not top:
        raise fault("a bindings file without `bindings:`", node, hint=_SHAPE)
    return spec_keys.bindings(top, path, fault)
