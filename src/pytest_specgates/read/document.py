"""One document -> its criteria: the structure is walked, each item with its place and text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from ..errors import SpecError, did_you_mean
from ..model import GATE_KEYS, POLICY_KEYS, Criterion, Kind, Span, Spec, Stage, naming
from ..yaml12 import Node, scalar
from . import ids, keys, spec_keys

_CHECKBOX = re.compile(r"^\[[ xX]\]\s+")
_NUMBERED = re.compile(r"^\s*\d+[.)]\s+")
_PARAMETER = re.compile(r"(?<!\{)\{[a-z][a-z0-9_]*\}(?!\})")


@dataclass(frozen=True, slots=True)
class Draft:
    """A document as read, before a workflow is filled in.

    `spec` holds the criteria of the document itself; `roles` gives each one's role;
    `params` and `uses` are those of an instance (`spec:` with `workflow:`).
    """

    spec: Spec
    roles: tuple[keys.Role, ...]
    uses: str = ""
    params: Mapping[str, str] | None = None
    params_line: int = 0


class Walker:
    """Walks one document. It gathers; what it gathers is frozen in `document`."""

    def __init__(self, path: str, text: str, kinds: Mapping[str, Kind]) -> None:
        self.path = path
        self.source = text
        self.kinds = kinds
        self.criteria: list[Criterion] = []
        self.roles: list[keys.Role] = []

    # -- the document

    def document(self, node: Node, prefixed: bool) -> Draft:
        if node.kind != "map":
            raise self.error("a spec is a mapping", node, hint="begin with `spec: NAME`")
        top = {key.text: (key, value) for key, value in node.pairs}
        known = keys.SPEC_KEYS | keys.PLAN_KEYS | keys.CRITERIA_KEYS
        for name, (key, _) in top.items():
            meant = keys.misspelt(name, known)
            if meant and keys.normalized(name) not in keys.CRITERIA_KEYS:
                raise self.error(f'unknown key "{name}"', key, hint=f'did you mean "{meant}"?')
        if "spec" not in top and "workflow" not in top:
            raise self.error(
                "a spec needs a `spec:` or a `workflow:` key",
                node,
                hint=did_you_mean(node.pairs[0][0].text, ("spec", "workflow"))
                if node.pairs
                else "begin with `spec: NAME`",
            )
        own_name = spec_keys.text_of(top, "spec", self.error)
        workflow = spec_keys.text_of(top, "workflow", self.error)
        is_instance = bool(own_name and workflow)
        if "params" in top and not is_instance:
            raise self.error(
                "`params:` needs both `spec:` and `workflow:`",
                top["params"][0],
                hint="write `spec: NAME` and `workflow: NAME_OF_THE_WORKFLOW`",
            )
        name = own_name or workflow
        if not name or "::" in name or "[" in name:
            raise self.error(
                'the name of a spec is a text without "::" and "["',
                next(iter(top.values()))[0],
                hint="for example `spec: sentiment-analyzer`",
            )
        stage = self.stage_of(node)
        waivers = spec_keys.waivers(top, self.path, self.error)
        bindings = spec_keys.bindings(top, self.path, self.error)
        plans = {}
        for key_name, (key, value) in top.items():
            if keys.normalized(key_name) in keys.PLAN_KEYS:
                plans[key_name] = tuple(self.leaves(value))
                self.pair(key, value, (), "plan", stage, {})
            elif key_name == "scope":
                self.scope_statement(key, value)
            elif key_name not in keys.SPEC_KEYS or key_name == "gates":
                self.pair(key, value, (), "steps", stage, {})
        entries = [(c.phase, c.id, c.text + self.gate_source(c)) for c in self.criteria]
        given = [bool(c.gate and c.gate.get("id")) for c in self.criteria]
        self.criteria = [
            replace(c, id=made)
            for c, made in zip(self.criteria, self.ids(entries, given), strict=True)
        ]
        spec = Spec(
            name=name,
            path=self.path,
            line=node.line,
            criteria=tuple(self.criteria),
            title=spec_keys.text_of(top, "title", self.error),
            workflow=workflow,
            scope=spec_keys.scope(top, self.error),
            waivers=waivers,
            bindings=bindings,
            plans=plans,
            node_prefix=(ids.phase_id(name),) if prefixed else (),
            is_template=not own_name and self.has_parameters(node),
        )
        params = spec_keys.params(top, self.error)
        return Draft(
            spec=spec,
            roles=tuple(self.roles),
            uses=workflow if is_instance else "",
            params=params if is_instance else None,
            params_line=top["params"][0].line if "params" in top else node.line,
        )

    def ids(self, entries: list[tuple[str, str, str]], given: list[bool]) -> list[str]:
        seen: dict[tuple[str, str], int] = {}
        for (phase, name, _), is_given, criterion in zip(
            entries, given, self.criteria, strict=True
        ):
            if is_given and (phase, name) in seen:
                raise SpecError(
                    f'the id "{name}" stands twice here (first in line {seen[phase, name]})',
                    self.path,
                    criterion.span.line,
                    criterion.span.column,
                    hint="give one of them another id",
                )
            if is_given:
                seen[phase, name] = criterion.span.line
        return ids.unique_ids(entries)

    def gate_source(self, criterion: Criterion) -> str:
        gate = criterion.gate
        return self.source[gate.start : gate.end] if gate is not None else ""

    def has_parameters(self, node: Node) -> bool:
        return any(_PARAMETER.search(text) for text in self.leaves(node))

    def leaves(self, node: Node) -> Iterator[str]:
        if node.kind == "scalar":
            yield node.value
        elif node.kind == "list":
            for item in node.items:
                yield from self.leaves(item)
        else:
            for key, value in node.pairs:
                if value.kind == "scalar":
                    yield f"{key.value}: {value.value}"
                else:
                    yield from self.leaves(value)

    def scope_statement(self, key: Node, value: Node) -> None:
        if value.kind == "scalar" and " " in value.text:
            self.add(key, value, f"scope: {value.text}", (), "about", None, key="scope")

    def stage_of(self, node: Node) -> Stage | None:
        return spec_keys.stage(node, self.error)

    # -- sections and items

    def pair(
        self,
        key: Node,
        value: Node,
        above: tuple[str, ...],
        role: keys.Role,
        stage: Stage | None,
        siblings: Mapping[str, str],
    ) -> None:
        name = key.text
        own_role = keys.role_of(name, role)
        stage = stage or keys.default_stage(name)
        if value.kind == "map":
            stage = self.stage_of(value) or stage
            if self.has_bind(value):
                bound = self.with_bind(value)
                self.add(key, value, name, above, "criteria", stage, gate=bound)
                return
            if self.is_bound(value):
                if keys.normalized(name) in keys.CRITERIA_KEYS:
                    self.gate(value, (*above, name), own_role, stage)
                else:
                    self.add(key, value, name, above, "criteria", stage, gate=value)
                return
            texts = {k.text: v.text for k, v in value.pairs if v.kind == "scalar"}
            for child_key, child in value.pairs:
                if child_key.value == "stage":
                    continue
                self.pair(child_key, child, (*above, name), own_role, stage, texts)
        elif own_role == "criteria" and self.fits(name, value) and (above or name != "gates"):
            # `coverage: ">= 80%"` beside other keys of a section: a gate of one line.
            alone = Node("map", [(key, value)], key.line, key.column, key.start, value.end, False)
            self.gate(alone, above, own_role, stage)
        elif value.kind == "list":
            is_flow = self.source[value.start : value.start + 1] == "["
            if is_flow and own_role != "criteria":
                self.flow_list(key, value, above, own_role, stage, siblings)
            else:
                for item in value.items:
                    self.item(item, (*above, name), own_role, stage)
        elif value.plain and _NUMBERED.match(value.text) and value.text:
            self.numbered(value, (*above, name), own_role, stage)
        else:
            text = self.source[key.start : value.end].strip() or name
            if own_role == "criteria" and role != "criteria":
                self.add(value, value, value.text, (*above, name), own_role, stage)
            else:
                self.add(key, value, text, above, own_role, stage, key=name, siblings=siblings)

    def flow_list(
        self,
        key: Node,
        value: Node,
        above: tuple[str, ...],
        role: keys.Role,
        stage: Stage | None,
        siblings: Mapping[str, str],
    ) -> None:
        text = self.source[key.start : value.end].strip()
        items = tuple(
            item.text if item.kind == "scalar" else self.source[item.start : item.end]
            for item in value.items
        )
        self.add(key, value, text, above, role, stage, key=key.text, siblings=siblings, items=items)

    def numbered(
        self, node: Node, above: tuple[str, ...], role: keys.Role, stage: Stage | None
    ) -> None:
        # `1. one` and `2. two` on lines of their own are one folded scalar to YAML.
        line, column = node.line, node.column
        for written in self.source[node.start : node.end].splitlines():
            text = written.strip()
            if text:
                place = Node("scalar", text, line, column, 0, 0, True)
                self.add(place, place, _NUMBERED.sub("", text), above, role, stage)
            line += 1

    def item(
        self, node: Node, above: tuple[str, ...], role: keys.Role, stage: Stage | None
    ) -> None:
        if node.kind == "scalar":
            self.add(node, node, _prose(node.text), above, role, stage)
        elif node.kind == "list":
            for item in node.items:
                self.item(item, above, role, stage)
        elif self.is_gate(node):
            self.gate(node, above, role, stage)
        elif len(node.pairs) == 1:
            self.single_pair(node, above, role, stage)
        else:
            self.refuse_near_gate(node)
            for key, value in node.pairs:
                self.pair(key, value, above, role, stage, {})

    def single_pair(
        self, node: Node, above: tuple[str, ...], role: keys.Role, stage: Stage | None
    ) -> None:
        key, value = node.pairs[0]
        if value.kind == "scalar":
            self.refuse_near_gate(node)
            # YAML splits prose at ": "; the source has it in one piece.
            text = self.source[key.start : value.end] if value.end > value.start else key.text
            self.add(node, node, _prose(text), above, role, stage)
        elif self.has_bind(value, in_list=True):
            self.add(node, node, _prose(key.text), above, role, stage, gate=self.with_bind(value))
        elif value.kind == "map" and (
            self.is_bound(value, bound_to_prose=True)
            or all(k.value in POLICY_KEYS for k, _ in value.pairs)
        ):
            self.add(node, node, _prose(key.text), above, role, stage, gate=value)
        elif (
            value.kind == "map"
            and role == "criteria"
            and any(k.value in GATE_KEYS for k, _ in value.pairs)
        ):
            self.refuse_near_gate(value)
            unknown = next(k for k, _ in value.pairs if k.value not in POLICY_KEYS)
            raise self.error(
                f'unknown key "{unknown.value}" beside a criterion',
                unknown,
                hint=did_you_mean(unknown.text, (*POLICY_KEYS, "bind")),
            )
        else:
            self.pair(key, value, above, role, stage, {})

    def names_kind(self, key: Node, value: Node) -> bool:
        """Whether the key names a kind. Where the kind says what its value looks like, only with
        a value that does."""
        if key.value not in self.kinds:
            return False
        pattern = self.kinds[key.text].value.get("pattern")
        return pattern is None or (
            value.kind == "scalar" and re.search(pattern, value.text) is not None
        )

    def named(self, node: Node) -> list[Node]:
        """The keys that name kinds, without those that are keys of another one's gate."""
        found = [key for key, value in node.pairs if self.names_kind(key, value)]
        names = naming([key.text for key in found], self.kinds)
        return [key for key in found if key.text in names]

    def is_gate(self, node: Node) -> bool:
        if node.kind != "map":
            return False
        named = self.named(node)
        if len(named) == 1 and "pattern" in self.kinds[named[0].text].value:
            # The key is one that people use for other things: among those it names no gate.
            return self.is_bound(node) or self.has_slip(node, named[0].text)
        if named and (bind := next((k for k, _ in node.pairs if k.value == "bind"), None)):
            raise self.error(
                f"`bind:` beside `{named[0].value}:`, which names a gate already",
                bind,
                hint="`bind:` stands beside prose: `- TEXT: {bind: {...}}`",
            )
        if len(named) > 1:
            raise self.error(
                "a gate has one kind; here are " + " and ".join(f"`{key.value}`" for key in named),
                named[1],
                hint="write one list item for each gate",
            )
        return bool(named)

    def has_bind(self, node: Node, in_list: bool = False) -> bool:
        """Whether a mapping is what stands beside prose, with a `bind:`, and not a section
        that has a key of that name among others."""
        bind = node.get("bind") if node.kind == "map" else None
        if bind is None:
            return False
        around = frozenset((*GATE_KEYS, *self.kinds, "bind"))
        is_mapping = in_list and bind.kind == "map"
        return is_mapping or all(key.value in around for key, _ in node.pairs)

    def with_bind(self, node: Node) -> Node:
        """The gate that `bind:` gives, with the policy keys beside it: one mapping."""
        bind = next(value for key, value in node.pairs if key.value == "bind")
        pairs = []
        for key, value in node.pairs:
            if self.names_kind(key, value):
                raise self.error(
                    f"`bind:` beside `{key.value}:`, which names a gate already",
                    key,
                    hint=f"write the gate once: `TEXT: {{{key.value}: ...}}`, "
                    f"or `{key.value}:` inside of `bind:`",
                )
            if key.value in POLICY_KEYS:
                pairs.append((key, value))
            elif key.value != "bind":
                raise self.error(
                    f'unknown key "{key.value}" beside `bind:`',
                    key,
                    hint=f"`{key.value}:` belongs inside of `bind:`"
                    if key.value in GATE_KEYS
                    else did_you_mean(key.text, (*POLICY_KEYS, "bind")),
                )
        example = "for example `bind: {exists: docs/api.md}`"
        if bind.kind != "map":
            raise self.error("`bind:` is the mapping of a gate", bind, hint=example)
        if not self.is_gate(bind):
            meant = next((m for k, v in bind.pairs if (m := self.meant_kind(k, v))), None)
            raise self.error(
                "`bind:` names no gate", bind, hint=f'did you mean "{meant}"?' if meant else example
            )
        beside = {key.value for key, _ in pairs}
        for key, _ in bind.pairs:
            if key.value in beside:
                raise self.error(
                    f"`{key.value}:` stands beside `bind:` and in it", key, hint="write it once"
                )
        merged = [*pairs, *bind.pairs]
        return Node("map", merged, node.line, node.column, node.start, node.end, False)

    def meant_kind(self, key: Node, value: Node) -> str | None:
        meant = keys.misspelt(key.text, frozenset(self.kinds))
        if meant is None or "pattern" not in self.kinds[meant].value:
            return meant
        return meant if value.kind == "scalar" and self.fits(meant, value) else None

    def fits(self, name: str, value: Node) -> bool:
        """Whether a key names a kind, and its value has the shape that the kind asks for."""
        if name not in self.kinds:
            return False
        pattern = self.kinds[name].value.get("pattern")
        if pattern is not None and not (value.kind == "scalar" and re.search(pattern, value.text)):
            return False
        types = self.kinds[name].value.get("type", ())
        if value.kind == "list":
            return "array" in types and all(item.kind == "scalar" for item in value.items)
        return value.kind == "scalar" and scalar(value) is not None

    def is_bound(self, node: Node, bound_to_prose: bool = False) -> bool:
        """Whether the mapping under a key is a gate, and not a section that has a key like
        `tests` or `gates` among others."""
        named = [(key.text, value) for key in self.named(node) if (value := node.get(key.text))]
        if len(named) != 1 or not self.fits(*named[0]):
            return False
        if named[0][0] in keys.CRITERIA_KEYS and not bound_to_prose:
            return False
        kind = self.kinds[named[0][0]]
        allowed = frozenset((*GATE_KEYS, *kind.keys, kind.name))
        others = [key.text for key, _ in node.pairs if key.value not in allowed]
        has_gate_key = any(key.value in GATE_KEYS for key, _ in node.pairs)
        # With a slip in a key it is a gate still, and the slip an error.
        return not others or has_gate_key or any(keys.misspelt(o, allowed) for o in others)

    def has_slip(self, node: Node, kind: str) -> bool:
        """Whether a key of the mapping may be a slip of one that the gate takes (`off: tests`),
        so that the gate must not be read without it."""
        allowed = frozenset((*GATE_KEYS, *self.kinds[kind].keys, kind))
        return any(keys.misspelt(key.text, allowed, 0.75) for key, _ in node.pairs)

    def refuse_near_gate(self, node: Node) -> None:
        """A mapping that was meant as a gate: it has a gate's keys, or almost a kind's name."""
        names = [key.text for key, _ in node.pairs]
        has_gate_key = any(name in ("of", "must", "level", "per") for name in names)
        for key, value in node.pairs:
            # A word with a capital begins a sentence: `- Coverage: 80%` is prose.
            meant = self.meant_kind(key, value) if key.text.islower() else None
            if key.value in self.kinds and has_gate_key:
                raise self.error(
                    f"`{key.value}:` does not look like the condition of a gate",
                    value,
                    hint=f"for example {self.kinds[key.text].example}",
                )
            if meant or (has_gate_key and key.value not in GATE_KEYS):
                raise self.error(
                    f'unknown kind of gate "{key.value}"',
                    key,
                    hint=f'did you mean "{meant}"?'
                    if meant
                    else did_you_mean(key.text, self.kinds),
                )

    def gate(
        self, node: Node, above: tuple[str, ...], role: keys.Role, stage: Stage | None
    ) -> None:
        kind = next(key for key, value in node.pairs if self.names_kind(key, value))
        value = node.get(kind.text)
        text = self.source[kind.start : value.end].strip() if value is not None else kind.text
        self.add(node, node, text, above, "criteria", stage, gate=node)

    def add(
        self,
        place: Node,
        node: Node,
        text: str,
        above: tuple[str, ...],
        role: keys.Role,
        stage: Stage | None,
        *,
        key: str = "",
        siblings: Mapping[str, str] | None = None,
        items: tuple[str, ...] = (),
        gate: Node | None = None,
    ) -> None:
        text = " ".join(text.split())
        if not text:
            raise self.error("an empty criterion", place, hint="write it out or remove the line")
        phase = ".".join(_phases(above))
        given = gate.get("id") if gate is not None else None
        if given is not None and (
            given.kind != "scalar" or not ids.VALID_ID.fullmatch(_PARAMETER.sub("x", given.text))
        ):
            raise self.error(
                "an id is made of letters, digits, dots, hyphens and underscores",
                given,
                hint="for example `id: fast-enough`",
            )
        self.criteria.append(
            Criterion(
                id=given.text if given is not None else ids.slug(text),
                text=text,
                span=Span(self.path, place.line, place.column),
                keys=(*above, key) if key else above,
                phase=phase,
                key=keys.normalized(key),
                siblings=dict(siblings or {}),
                items=items,
                gate=gate,
                stage=stage,
            )
        )
        self.roles.append(role)

    def error(self, message: str, node: Node, hint: str = "") -> SpecError:
        lines = self.source.splitlines()
        offset = self.source.count("\n", 0, node.start)
        written = lines[offset] if offset < len(lines) else ""
        return SpecError(message, self.path, node.line, node.column, text=written, hint=hint)


def _phases(above: tuple[str, ...]) -> list[str]:
    named = [key for key in above if keys.normalized(key) not in keys.CONTAINER_KEYS]
    if len(named) > 1 and keys.normalized(named[-1]) in keys.CRITERIA_KEYS:
        named = named[:-1]
    return [ids.phase_id(key) for key in named]


def _prose(text: str) -> str:
    return _NUMBERED.sub("", _CHECKBOX.sub("", text.strip())).rstrip(":").strip()
