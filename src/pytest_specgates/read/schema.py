"""The JSON Schema of spec files, made from the same tables that reading uses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..model import POLICY_KEYS, STAGES, Kind
from .keys import CRITERIA_KEYS, PLAN_KEYS, WAIVER_KEYS

_SCALAR = ["string", "number", "boolean", "null"]


def spec_schema(kinds: Mapping[str, Kind], gate_keys: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON Schema (2020-12) of one spec document; `gate_keys` are the keys of any gate."""
    text = {"type": "string"}
    is_gate = {"type": "object", "anyOf": [_named(k, gate_keys) for k in kinds.values()]}
    gate = {"$ref": "#/$defs/gate"}
    section = {"$ref": "#/$defs/section"}
    policy = {**{name: gate_keys[name] for name in POLICY_KEYS}, "bind": gate}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "pytest-specgates spec",
        "type": "object",
        "anyOf": [{"required": ["spec"]}, {"required": ["workflow"]}],
        "dependentRequired": {"params": ["spec", "workflow"]},
        "properties": {
            "spec": {"type": _SCALAR[:2], "description": "The name of the spec."},
            "workflow": {
                "type": _SCALAR[:2],
                "description": "Alone: defines this workflow. With `spec`: instantiates it.",
            },
            "title": text,
            "scope": {
                "type": ["string", "array"],
                "items": text,
                "description": "Default subject of coverage: a path or paths.",
            },
            "params": {"type": "object", "additionalProperties": {"type": _SCALAR}},
            "stage": {"enum": list(STAGES)},
            "waivers": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {
                        **dict.fromkeys(sorted(WAIVER_KEYS - {"expires"}), text),
                        "expires": {"type": "string", "format": "date"},
                    },
                    "required": sorted(WAIVER_KEYS),
                    "additionalProperties": False,
                },
            },
            "bindings": {
                "type": "object",
                "additionalProperties": gate,
                "description": "Texts of criteria, or patterns (`{name} works`), each with "
                "the gate that measures it.",
            },
            **dict.fromkeys(sorted(CRITERIA_KEYS | PLAN_KEYS), section),
        },
        "additionalProperties": section,
        "$defs": {
            "gate": {
                "type": "object",
                "oneOf": [_kind(kind, gate_keys) for kind in kinds.values()],
            },
            "policy": {
                "type": "object",
                "properties": policy,
                "additionalProperties": False,
            },
            "section": {
                "anyOf": [
                    gate,
                    {
                        "type": ["object", "array", *_SCALAR],
                        "properties": {"stage": {"enum": list(STAGES)}},
                        "additionalProperties": {"anyOf": [{"$ref": "#/$defs/policy"}, section]},
                        "items": {"$ref": "#/$defs/item"},
                    },
                ]
            },
            "item": {
                "if": is_gate,
                "then": gate,
                "else": {
                    "allOf": [
                        section,
                        {
                            "not": {
                                "type": "object",
                                "anyOf": [
                                    {"required": [key]} for key in ("of", "must", "per", "level")
                                ],
                            }
                        },
                    ]
                },
            },
        },
    }


def _named(kind: Kind, gate_keys: Mapping[str, Any]) -> dict[str, Any]:
    """Whether a mapping names the kind."""
    named: dict[str, Any] = {"required": [kind.name]}
    if "pattern" in kind.value:
        # Its key is one of those that people use for other things.
        named["properties"] = {kind.name: kind.value}
        named["propertyNames"] = {"enum": sorted({kind.name, *gate_keys, *kind.keys})}
    return named


def _kind(kind: Kind, gate_keys: Mapping[str, Any]) -> dict[str, Any]:
    properties = {kind.name: {**kind.value, "description": kind.summary}, **gate_keys, **kind.keys}
    for key in ("must", "of", "per", "after"):
        taken = kind.condition_in == "must" if key == "must" else key in kind.takes
        if not taken:
            del properties[key]
    required = [kind.name]
    if kind.subject_is_required and not kind.scope_is_subject:
        required.append("of")
    return {
        "title": kind.name,
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }
