"""A gate as written -> its checks, by the grammar that its kind declares."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..errors import SpecError, did_you_mean
from ..model import (
    CHANGED,
    LEVELS,
    POLICY_KEYS,
    STAGES,
    Check,
    Criterion,
    Kind,
    Reading,
    Spec,
    naming,
)
from ..yaml12 import Node, plain
from .condition import Limit, limits

COMMON_SCHEMA: dict[str, dict[str, Any]] = {
    "id": {"type": "string", "pattern": "^[A-Za-z0-9{][A-Za-z0-9._{}-]*$"},
    "level": {"enum": list(LEVELS)},
    "stage": {"enum": list(STAGES)},
    "owner": {"type": "string"},
    "reason": {"type": "string"},
    "when": {"type": ["string", "array"], "items": {"type": "string"}},
    "of": {"type": ["string", "array"], "items": {"type": "string"}},
    "must": {"type": ["string", "number", "boolean"]},
    "per": {"enum": ["file", "directory", "function", "class"]},
    "after": {"enum": ["tests"]},
}
_NAMES = {
    "string": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
}
_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "number": (int, float),
    "integer": int,
    "boolean": bool,
    "array": list,
    "object": dict,
}


def read_gate(node: Node, criterion: Criterion, spec: Spec, kinds: Mapping[str, Kind]) -> Reading:
    """The reading of a gate's mapping. Raises SpecError at the key or value at fault."""
    path = criterion.span.path
    places = {key.text: (key, value) for key, value in node.pairs}
    name = next(iter(naming(list(places), kinds)), None)
    kind = kinds[name] if name is not None else None
    own_keys = kind.keys if kind is not None else {}
    allowed = {*POLICY_KEYS, *own_keys}
    if kind is not None:
        allowed |= {kind.name, "must", *kind.takes}
    for key, (key_node, value) in places.items():
        if key not in allowed:
            raise SpecError(
                f'unknown key "{key}" in a `{name}` gate' if name else f'unknown key "{key}"',
                path,
                key_node.line,
                key_node.column,
                hint=did_you_mean(key, allowed),
            )
        schema = own_keys.get(key) or COMMON_SCHEMA.get(key)
        if kind is not None and key == name:
            schema = kind.value
        fault = _misfit(schema or {}, plain(value))
        if fault:
            raise SpecError(
                f"`{key}:` {fault}",
                path,
                value.line,
                value.column,
                hint=_example(kind) if kind is not None and key == name else _wanted(schema, key),
            )
    values = {key: plain(value) for key, (_, value) in places.items()}
    policy = Reading(
        level=values.get("level", "must"),
        stage=values.get("stage"),
        owner=values.get("owner", ""),
        why=values.get("reason", ""),
        when=as_texts(values.get("when")),
    )
    if kind is None:
        return policy
    try:
        checks = checks_of(values, kind, spec)
    except ValueError as error:
        key = kind.name if kind.condition_in == "value" or "must" not in places else "must"
        at = places[error.key if isinstance(error, _ClauseError) else key]
        raise SpecError(
            str(error),
            path,
            at[1].line,
            at[1].column,
            hint=_wanted(kind.keys[error.key], error.key)
            if isinstance(error, _ClauseError)
            else _example(kind),
        ) from error
    return replace(policy, checks=checks)


def checks_of(values: Mapping[str, Any], kind: Kind, spec: Spec) -> tuple[Check, ...]:
    """The checks of a gate given as plain values. Raises ValueError, as a sentence."""
    subject = as_texts(values.get("of"))
    if not subject and kind.scope_is_subject:
        subject = spec.scope
    if not subject and kind.subject_is_required:
        raise ValueError(f"a `{kind.name}` gate needs `of:`")
    options = {key: schema["default"] for key, schema in kind.keys.items() if "default" in schema}
    assumed = ", ".join(f"{key} not stated: {options[key]} used" for key in options.keys() - values)
    options |= {
        # One text is a list of one: what is written shorter demands the same.
        key: list(as_texts(values[key])) if "array" in schema.get("type", ()) else values[key]
        for key, schema in kind.keys.items()
        if key in values
    }
    for key in ("per", "after"):
        if key in values:
            options[key] = values[key]
    if kind.scope_key and spec.scope:
        options.setdefault(kind.scope_key, list(spec.scope))
    if kind.condition_in == "must":
        options["asked"] = as_texts(values[kind.name])
        if not all(text.strip() for text in options["asked"]) or not options["asked"]:
            raise ValueError(f"`{kind.name}:` names nothing")
    elif "must" in values:
        raise ValueError(
            f"the condition of a `{kind.name}` gate stands in its value, not in `must:`"
        )
    if isinstance(values[kind.name], dict):
        return _by_subject(values, kind, options, assumed)
    if subject == (CHANGED,) and kind.scope_is_subject:
        subject = tuple(f"{CHANGED}:{path}" for path in spec.scope) or subject
    further = _of_clauses(values, kind, subject, options, assumed)
    found = limits(_condition(values, kind), kind)
    if kind.implied:
        implied = limits(kind.implied, kind)
        named = {limit.metric for limit in found}
        found = (*(limit for limit in implied if limit.metric not in named), *found)
    return (*(_check(limit, kind, subject, options, assumed) for limit in found), *further)


class _ClauseError(ValueError):
    """A condition under a key of its own that is not understood."""

    def __init__(self, message: str, key: str) -> None:
        super().__init__(message)
        self.key = key


def _of_clauses(
    values: Mapping[str, Any],
    kind: Kind,
    subject: tuple[str, ...],
    options: dict[str, Any],
    assumed: str,
) -> list[Check]:
    """The checks of the conditions that stand under keys of their own, which are no options."""
    made: list[Check] = []
    written = {key: options.pop(key) for key in kind.clauses if key in options}
    for key, value in written.items():
        try:
            for clause in kind.clauses[key](value):
                only = replace(kind, metrics=(clause.metric,), words={}, implied="")
                for limit in limits(clause.condition, only):
                    named = _with_name(limit, clause.name) if clause.name else limit
                    own = {**options, **clause.options}
                    made.append(_check(named, kind, subject, own, assumed))
        except ValueError as error:
            raise _ClauseError(f"`{key}:` {error}", key) from error
    return made


def _with_name(limit: Limit, name: str) -> Limit:
    made = limit.quantity
    made = replace(made, unit="") if made.unit == "count" else made
    return replace(limit, metric=name, quantity=made, is_named_freely=True)


def _by_subject(
    values: Mapping[str, Any], kind: Kind, options: Mapping[str, Any], assumed: str
) -> tuple[Check, ...]:
    """A condition for each subject: `{src/api/**: ">= 90%", src/db/**: ">= 80%"}`."""
    if "of" in values:
        raise ValueError(f"the value of `{kind.name}:` names what it is of; leave out `of:`")
    if not values[kind.name]:
        raise ValueError(f"`{kind.name}:` names nothing")
    made: list[Check] = []
    for subject, condition in values[kind.name].items():
        if not isinstance(condition, (str, int, float)) or isinstance(condition, bool):
            raise ValueError(f'`{subject}:` is a condition, for example ">= 90%"')
        found = limits(str(condition), kind)
        made.extend(_check(limit, kind, (str(subject),), options, assumed) for limit in found)
    return tuple(made)


def _check(
    limit: Limit, kind: Kind, subject: tuple[str, ...], options: Mapping[str, Any], assumed: str
) -> Check:
    return Check(
        kind=kind.name,
        metric=limit.metric,
        op=limit.op,
        quantity=limit.quantity,
        statistic=limit.statistic,
        subject=subject,
        options=options,
        note=", ".join(filter(None, (limit.note, assumed))),
        against=limit.against,
        is_named_freely=limit.is_named_freely,
    )


def as_texts(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, list):
        return tuple(str(item) for item in value)
    return (str(value),)


def _condition(values: Mapping[str, Any], kind: Kind) -> str:
    value = values.get("must" if kind.condition_in == "must" else kind.name)
    if value is None:
        return kind.default_condition
    if isinstance(value, bool):
        return f"== {str(value).lower()}"
    if isinstance(value, (int, float)) and any(m.dimension == "any" for m in kind.metrics):
        return f"== {value}"
    text = str(value).strip()
    return text or kind.default_condition


def _example(kind: Kind) -> str:
    return f"for example {kind.example}"


def _wanted(schema: Mapping[str, Any] | None, key: str) -> str:
    schema = schema or {}
    if "examples" in schema:
        return f"for example {key}: {json.dumps(schema['examples'][0])}"
    if "enum" in schema:
        return f"write one of {', '.join(schema['enum'])}"
    types = schema.get("type", [])
    names = [types] if isinstance(types, str) else types
    return f"write {' or '.join(_NAMES[name] for name in names)}"


def _misfit(schema: Mapping[str, Any], value: Any) -> str:
    if "enum" in schema and value not in schema["enum"]:
        hint = did_you_mean(str(value), [str(item) for item in schema["enum"]])
        return f'is "{value}", which is not known; {hint}'
    types = schema.get("type")
    if types is None:
        return ""
    names = [types] if isinstance(types, str) else list(types)
    fits = any(
        isinstance(value, _TYPES[name]) and (name == "boolean" or not isinstance(value, bool))
        for name in names
    )
    if not fits:
        return f"has to be {' or '.join(_NAMES[name] for name in names)}, and is {_shown(value)}"
    if isinstance(value, list) and "items" in schema:
        for item in value:
            fault = _misfit(schema["items"], item)
            if fault:
                return f"has an item that {fault}"
        if not value and schema.get("minItems"):
            return "is an empty list"
    return ""


def _shown(value: Any) -> str:
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return str(value).lower()
    return next(
        text
        for kind, text in (
            (dict, "a mapping"),
            (list, "a list"),
            (str, f'the text "{value}"'),
            (object, f"the number {value}"),
        )
        if isinstance(value, kind)
    )
