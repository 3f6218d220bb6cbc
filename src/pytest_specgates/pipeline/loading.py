"""Texts of specs -> gates."""

from __future__ import annotations

import datetime
import hashlib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path

from ..errors import SpecError, did_you_mean
from ..judge import policy
from ..measure.references import refers_to
from ..model import Binding, Check, Gate, Kind, Reading, Spec, Statement, Waiver
from ..read.bindings_file import is_bindings_file, read_bindings_file
from ..read.document import Draft
from ..read.markdown import lines_of
from ..read.spec_file import SpecFile, read_spec_file
from ..read.waivers_file import is_waivers_file, read_waivers_file
from ..read.workflow import instantiate
from ..understand import bindings, marks
from ..understand.criterion import read_criterion

_WORKFLOW = re.compile(r"^\s*workflow\s*:", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class SpecGates:
    """One spec with its gates in the order in which they were written, or its error."""

    spec: Spec
    gates: tuple[Gate, ...]
    statements: tuple[Statement, ...]
    errors: tuple[SpecError, ...] = ()


@dataclass(frozen=True, slots=True)
class LoadedFile:
    path: str
    specs: tuple[SpecGates, ...]
    errors: tuple[SpecError, ...]

    @property
    def gates(self) -> list[Gate]:
        return [gate for spec in self.specs for gate in spec.gates]

    @property
    def all_errors(self) -> list[SpecError]:
        found = [*self.errors, *(error for spec in self.specs for error in spec.errors)]
        return sorted(found, key=lambda error: error.line)


@dataclass(frozen=True, slots=True)
class Loaded:
    """All spec files, by path (POSIX, relative to the root), and the digest of their texts.

    A bindings or waivers file is among them only with its errors. `unused` are the project's
    bindings that fit no criterion; empty where only some of the spec files were asked for.
    `waivers` are those of the specs and of the project.
    """

    files: Mapping[str, LoadedFile]
    digest: str
    unused: tuple[Binding, ...] = ()
    waivers: tuple[Waiver, ...] = ()


def load(
    texts: Mapping[str, str],
    known: Mapping[str, Kind],
    wanted: Collection[str] = (),
    waiver_days: int | None = None,
) -> Loaded:
    """Read the texts of spec files (path -> text) into gates, with those of the bindings and
    waivers files beside them.

    With `wanted`, only those files become gates; of the others only what defines a workflow
    that they need is read. With `waiver_days`, a waiver that expires later than that is an error.
    """
    specs = [path for path in texts if not _is_beside(path)]
    wanted = [path for path in wanted if not _is_beside(path)] or specs
    project, broken = _project(texts, known)
    waivers, unwaived = _project_waivers(texts)
    limit = _last_day(waiver_days)
    read = {path: read_spec_file(path, texts[path], known) for path in wanted if path in texts}
    if _lacks_workflow(read):
        for path in specs:
            text = texts[path]
            if path not in read and _WORKFLOW.search(text):
                read[path] = read_spec_file(path, text, known)
    workflows, clashes = _workflows(read)
    files = {
        path: _with_texts(
            texts,
            LoadedFile(
                path,
                tuple(
                    _spec_gates(draft, workflows, known, project, waivers, limit)
                    for draft in file.drafts
                ),
                (*file.errors, *clashes.get(path, ())),
            ),
        )
        for path, file in read.items()
        if path in wanted
    }
    digest = hashlib.sha256()
    for path, text in sorted(texts.items()):
        digest.update(f"{path}\0{len(text)}\0{text}\0".encode("utf-8", "replace"))
    is_whole = set(specs) <= files.keys()
    faults = [*unwaived, *_too_far(waivers, limit)]
    if is_whole and not faults:
        faults.extend(_without_gate(waivers, files))
    broken.extend(_files_of(faults))
    files.update({file.path: _with_texts(texts, file) for file in broken})
    unused = _unused(project, files) if is_whole else ()
    of_specs = (w for f in files.values() for s in f.specs for w in s.spec.waivers if s.gates)
    return Loaded(files, digest.hexdigest(), unused, (*of_specs, *waivers))


def _is_beside(path: str) -> bool:
    return is_bindings_file(path) or is_waivers_file(path)


def _last_day(days: int | None) -> datetime.date:
    """The last day on which a waiver may expire."""
    today = datetime.datetime.now(datetime.timezone.utc).date()
    try:
        return datetime.date.max if days is None else today + datetime.timedelta(days)
    except OverflowError:
        return datetime.date.max


def _project_waivers(texts: Mapping[str, str]) -> tuple[list[Waiver], list[SpecError]]:
    found: list[Waiver] = []
    errors: list[SpecError] = []
    for path in filter(is_waivers_file, texts):
        try:
            found.extend(read_waivers_file(path, texts[path]))
        except SpecError as error:
            errors.append(error)
    return found, errors


def _too_far(waivers: Iterable[Waiver], limit: datetime.date) -> Iterable[SpecError]:
    for waiver in waivers:
        if datetime.date.fromisoformat(waiver.expires) > limit:
            span = waiver.span
            yield SpecError(
                f'the waiver for "{waiver.gate}" expires on {waiver.expires}, later than {limit}',
                span.path,
                span.line,
                span.column,
                hint="let it expire sooner, or raise `specgates_waiver_days`",
            )


POLICY = "policy"
"""The name of the spec whose gates the plugin adds itself; no file has it."""


def _without_gate(
    waivers: Iterable[Waiver], files: Mapping[str, LoadedFile]
) -> Iterable[SpecError]:
    """The errors of the project's waivers that name no gate."""
    gates = [gate for file in files.values() for gate in file.gates]
    used = {gate.waiver for gate in gates}
    for waiver in waivers:
        matches = any(fnmatchcase(gate.address, waiver.gate) for gate in gates)
        if waiver in used or matches or waiver.gate.startswith(f"{POLICY}/"):
            continue
        span = waiver.span
        yield SpecError(
            f'the waiver for "{waiver.gate}" matches no gate',
            span.path,
            span.line,
            span.column,
            hint=did_you_mean(waiver.gate, [gate.address for gate in gates])
            or "gates are named SPEC/PHASE.CRITERION here",
        )


def _files_of(errors: Iterable[SpecError]) -> list[LoadedFile]:
    by_path: dict[str, list[SpecError]] = {}
    for error in errors:
        by_path.setdefault(error.path, []).append(error)
    return [LoadedFile(path, (), tuple(told)) for path, told in by_path.items()]


def _project(
    texts: Mapping[str, str], known: Mapping[str, Kind]
) -> tuple[bindings.Bindings, list[LoadedFile]]:
    """The bindings of the bindings files, and those files that have errors."""
    found: list[Binding] = []
    errors: dict[str, list[SpecError]] = {}
    for path in filter(is_bindings_file, texts):
        try:
            found.extend(read_bindings_file(path, texts[path]))
        except SpecError as error:
            errors[path] = [error]
    project, faults = bindings.compiled(found, known, alone=True)
    return project, _files_of([*(e for told in errors.values() for e in told), *faults])


def _unused(project: bindings.Bindings, files: Mapping[str, LoadedFile]) -> tuple[Binding, ...]:
    gates = [gate for file in files.values() for gate in file.gates]
    criteria = [gate.criterion for gate in gates]
    return tuple(bindings.unfit(project, criteria, [gate.reading for gate in gates]))


def _with_texts(texts: Mapping[str, str], file: LoadedFile) -> LoadedFile:
    """The file, each error of which shows the line as it is written."""
    for error in file.all_errors:
        lines = lines_of(texts.get(error.path, ""))
        if not error.text and error.line <= len(lines):
            error.text = lines[error.line - 1]
    return file


def _lacks_workflow(read: Mapping[str, SpecFile]) -> bool:
    drafts = [draft for file in read.values() for draft in file.drafts]
    defined = {draft.spec.name for draft in drafts if draft.spec.workflow and not draft.uses}
    return any(draft.uses and draft.uses not in defined for draft in drafts)


def _workflows(
    read: Mapping[str, SpecFile],
) -> tuple[dict[str, Draft], dict[str, list[SpecError]]]:
    """The workflows by name, and by path the errors of those that are there twice."""
    workflows: dict[str, Draft] = {}
    clashes: dict[str, list[SpecError]] = {}
    for path, file in read.items():
        for draft in file.drafts:
            if not draft.spec.workflow or draft.uses:
                continue
            first = workflows.setdefault(draft.spec.name, draft)
            if first is not draft:
                clashes.setdefault(path, []).append(
                    SpecError(
                        f'a second workflow named "{draft.spec.name}"',
                        path,
                        draft.spec.line,
                        hint=f"the first is in {first.spec.path}:{first.spec.line}",
                    )
                )
    return workflows, clashes


def _spec_gates(
    draft: Draft,
    workflows: Mapping[str, Draft],
    known: Mapping[str, Kind],
    project: bindings.Bindings,
    waivers: Sequence[Waiver],
    limit: datetime.date,
) -> SpecGates:
    try:
        draft = instantiate(draft, workflows)
    except SpecError as error:
        return SpecGates(draft.spec, (), (), (error,))
    spec = draft.spec
    gates: list[Gate] = []
    statements: list[Statement] = []
    own, faults = bindings.compiled(spec.bindings, known, with_patterns=not spec.is_template)
    errors: list[SpecError] = list(faults)
    readings: list[Reading] = []
    for criterion, role in zip(spec.criteria, draft.roles, strict=True):
        try:
            reading = read_criterion(criterion, role, spec, known, (own, project))
        except SpecError as error:
            errors.append(error)
            continue
        readings.append(reading)
        if spec.is_template or not reading.is_criterion:
            reason = reading.reason
            if reading.is_criterion:
                reason = f"a line of the template {spec.name}: its instances are judged"
            statements.append(
                Statement(
                    spec.name, criterion.span.path, criterion.span.line, criterion.text, reason
                )
            )
            continue
        names = [*spec.node_prefix, criterion.phase, criterion.id]
        gates.append(
            Gate(
                nodeid="::".join([spec.path, *(name for name in names if name)]),
                spec=spec,
                criterion=criterion,
                reading=reading,
                level=reading.level,
                stage=reading.stage or criterion.stage or "pre-merge",
            )
        )
    if not (gates or statements or errors):
        errors.append(
            SpecError(
                "a spec without a criterion",
                spec.path,
                spec.line,
                hint="write gates under `gates:`, or prose under a key such as `validation:`",
            )
        )
    gates = [_with_references(gate, gates) for gate in gates]
    gates = [replace(gate, waiver=policy.waiver_for(gate, waivers)) for gate in gates]
    if not spec.is_template:
        errors.extend(_too_far(spec.waivers, limit))
    if not spec.is_template and not errors:
        errors.extend(_waivers_without_gate(spec, gates))
        if not draft.uses:
            errors.extend(_bindings_without_criterion(spec, own, readings))
    return SpecGates(spec, tuple(gates), tuple(statements), tuple(errors))


def _with_references(gate: Gate, gates: list[Gate]) -> Gate:
    if not any(check.kind == "gates" for check in gate.checks):
        return gate

    def resolved(check: Check) -> Check:
        if check.kind != "gates":
            return check
        return replace(check, options={**check.options, "refers_to": refers_to(check, gate, gates)})

    reading: Reading = replace(gate.reading, checks=tuple(map(resolved, gate.checks)))
    return replace(gate, reading=reading)


def _bindings_without_criterion(
    spec: Spec, own: bindings.Bindings, readings: Sequence[Reading]
) -> Iterable[SpecError]:
    for binding in bindings.unfit(own, spec.criteria, readings):
        span = binding.span
        yield SpecError(
            f'the binding of "{binding.text}" fits no criterion',
            span.path,
            span.line,
            span.column,
            hint=did_you_mean(
                bindings.fold(binding.text), [bindings.fold(c.text) for c in spec.criteria]
            ),
        )


def _waivers_without_gate(spec: Spec, gates: Sequence[Gate]) -> Iterable[SpecError]:
    used = {gate.waiver for gate in gates}
    for waiver in spec.waivers:
        if waiver not in used:
            yield SpecError(
                f'the waiver for "{waiver.gate}" matches no gate (or only gates of another waiver)',
                waiver.span.path,
                waiver.span.line,
                waiver.span.column,
                hint=did_you_mean(waiver.gate, [gate.name for gate in gates]),
            )


def unused_templates(loaded: Loaded) -> list[Spec]:
    """The workflows with parameters that no spec instantiates: none of their lines is judged."""
    specs = [one.spec for file in loaded.files.values() for one in file.specs]
    used = {spec.workflow for spec in specs if not spec.is_template}
    return [spec for spec in specs if spec.is_template and spec.name not in used]


def criteria_of(loaded: Loaded) -> marks.Criteria:
    """The criteria of all specs by what a `spec` marker may call them."""
    specs = [spec for file in loaded.files.values() for spec in file.specs]
    return marks.criteria_of(
        (gate for spec in specs for gate in spec.gates),
        (statement for spec in specs for statement in spec.statements),
    )


def read_text(root: Path, path: str, limit: int = 4_000_000) -> str:
    """The text of a spec file. Raises SpecError where it is no readable UTF-8 file."""
    file = root / path
    try:
        if not file.is_file():
            raise SpecError("there is no such spec file", path, hint="correct the path")
        if file.stat().st_size > limit:
            raise SpecError(f"larger than {limit:,} bytes", path, hint="split it")
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise SpecError(
            f"not UTF-8: {error.reason} at byte {error.start}", path, hint="save it as UTF-8"
        ) from error
    except OSError as error:
        raise SpecError(f"cannot be read: {error.strerror}", path) from error
