"""Workflows: a document with `{parameters}`, filled in for each spec that instantiates it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from ..errors import SpecError, did_you_mean
from ..model import Binding, Criterion, Spec
from ..yaml12 import Node
from . import ids
from .document import Draft
from .keys import Role

_PARAMETER = re.compile(r"(?<!\{)\{([a-z][a-z0-9_]*)\}(?!\})")


def instantiate(draft: Draft, workflows: Mapping[str, Draft]) -> Draft:
    """The draft with the criteria of its workflow, filled in, before its own.

    Raises SpecError where the workflow is not known, or parameters are missing or unknown.
    """
    spec = draft.spec
    if not draft.uses:
        if not spec.workflow or spec.is_template or not spec.bindings:
            return draft
        # Judged by itself: its placeholders are written {{name}}, as in any workflow, but the
        # texts of its criteria stand as they are.
        texts = {criterion.text.lower() for criterion in spec.criteria}
        kept = tuple(b for b in spec.bindings if b.text.lower() in texts)
        others = replace(spec, bindings=tuple(b for b in spec.bindings if b not in kept))
        return replace(draft, spec=replace(spec, bindings=(*kept, *_bindings(others, {}))))
    workflow = workflows.get(draft.uses)
    if workflow is None:
        raise SpecError(
            f'no workflow named "{draft.uses}"',
            spec.path,
            spec.line,
            hint=did_you_mean(draft.uses, workflows)
            or "put the file that defines it under a spec path",
        )
    params = dict(draft.params or {})
    wanted = parameters(workflow)
    unknown = sorted(set(params) - wanted)
    if unknown:
        raise SpecError(
            f'the workflow "{draft.uses}" has no parameter "{unknown[0]}"',
            spec.path,
            draft.params_line,
            hint=did_you_mean(unknown[0], wanted),
        )
    missing = sorted(wanted - set(params))
    if missing:
        raise SpecError(
            f'the workflow "{draft.uses}" needs the parameter "{missing[0]}"',
            spec.path,
            draft.params_line,
            hint="write\nparams:\n" + "\n".join(f"  {name}: ..." for name in missing),
        )
    criteria = [_filled(c, params) for c in workflow.spec.criteria]
    both = [*criteria, *spec.criteria]
    entries = [(c.phase, c.id, f"{c.text} {c.span}") for c in both]
    named = [replace(c, id=i) for c, i in zip(both, ids.unique_ids(entries), strict=True)]
    filled = replace(
        spec,
        criteria=tuple(named),
        scope=spec.scope or tuple(fill(path, params) for path in workflow.spec.scope),
        waivers=(
            *(
                replace(waiver, gate=fill(waiver.gate, params), reason=fill(waiver.reason, params))
                for waiver in workflow.spec.waivers
            ),
            *spec.waivers,
        ),
        bindings=_both(spec.bindings, _bindings(workflow.spec, params)),
        plans={
            **{
                name: tuple(fill(line, params) for line in lines)
                for name, lines in workflow.spec.plans.items()
            },
            **spec.plans,
        },
    )
    roles: tuple[Role, ...] = (*workflow.roles, *draft.roles)
    return replace(draft, spec=filled, roles=roles)


def parameters(workflow: Draft) -> set[str]:
    """The names of the parameters that the criteria, the scope and the plans use."""
    return {name for text in _texts(workflow.spec) for name in _PARAMETER.findall(text)}


def fill(text: str, params: Mapping[str, str]) -> str:
    filled = _PARAMETER.sub(lambda match: params.get(match[1], match[0]), text)
    return filled.replace("{{", "{").replace("}}", "}")


def _texts(spec: Spec) -> list[str]:
    texts = [*spec.scope, *(binding.text for binding in spec.bindings)]
    for lines in spec.plans.values():
        texts.extend(lines)
    for binding in spec.bindings:
        texts.extend(_node_texts(binding.gate))
    for criterion in spec.criteria:
        texts.extend((criterion.text, *criterion.items, *criterion.siblings.values()))
        if criterion.gate is not None:
            texts.extend(_node_texts(criterion.gate))
    return texts


def _node_texts(node: Node) -> list[str]:
    if node.kind == "scalar":
        return [node.text]
    if node.kind == "list":
        return [text for item in node.items for text in _node_texts(item)]
    return [text for key, value in node.pairs for text in (key.text, *_node_texts(value))]


def _bindings(spec: Spec, params: Mapping[str, str]) -> tuple[Binding, ...]:
    return tuple(
        replace(binding, text=fill(binding.text, params), gate=_node(binding.gate, params))
        for binding in spec.bindings
    )


def _both(own: tuple[Binding, ...], inherited: tuple[Binding, ...]) -> tuple[Binding, ...]:
    """The spec's own bindings, and those of its workflow that they do not replace."""
    texts = {binding.text.lower() for binding in own}
    return (*own, *(binding for binding in inherited if binding.text.lower() not in texts))


def _filled(criterion: Criterion, params: Mapping[str, str]) -> Criterion:
    text = fill(criterion.text, params)
    given = criterion.gate.get("id") if criterion.gate is not None else None
    if given is not None and not ids.VALID_ID.fullmatch(fill(given.text, params)):
        raise SpecError(
            f'"{fill(given.text, params)}" is not an id',
            criterion.span.path,
            given.line,
            given.column,
            hint="an id is made of letters, digits, dots, hyphens and underscores",
        )
    return replace(
        criterion,
        text=text,
        id=fill(given.text, params) if given is not None else ids.slug(text),
        items=tuple(fill(item, params) for item in criterion.items),
        siblings={name: fill(value, params) for name, value in criterion.siblings.items()},
        gate=_node(criterion.gate, params) if criterion.gate is not None else None,
    )


def _node(node: Node, params: Mapping[str, str]) -> Node:
    if node.kind == "scalar":
        value: object = fill(node.text, params)
    elif node.kind == "list":
        value = [_node(item, params) for item in node.items]
    else:
        value = [(_node(key, params), _node(item, params)) for key, item in node.pairs]
    return Node(node.kind, value, node.line, node.column, node.start, node.end, node.plain)
