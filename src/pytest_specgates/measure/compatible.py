"""`compatible`: a schema still accepts what it accepted on the base, or accepts no more."""

from __future__ import annotations

import tempfile
from fractions import Fraction
from pathlib import Path
from typing import Any

from ..errors import ProbeError
from ..model import (
    Base,
    Check,
    CounterExample,
    Gate,
    Kind,
    Measurement,
    Metric,
    Possible,
    Surroundings,
    Value,
    absence,
)
from . import git, paths, schemas
from .drawing import told_by_process
from .regression import base_of
from .schema_files import loaded, part
from .schema_references import Files

_EXAMPLES, _TIMEOUT = 200, 60


def probe(check: Check, around: Surroundings) -> Measurement:
    name, _, pointer = check.options["asked"][0].partition("#")
    name = paths.inside(around.root, name)
    base = base_of(check, around)
    if base.reason:
        step = "fetch it" if "since" in check.options else "name it with --spec-gates-base=REF"
        return absence(base.reason, step)
    against = f"{base.ref} ({base.commit[:10]})"
    now = Files(name, lambda path: loaded(path, around))
    with tempfile.TemporaryDirectory() as folder:
        there = Path(folder).resolve()
        try:
            earlier = git.renames(around.root, base.commit).get(name, name)
            before = _written(earlier, there, base, around.root)
        except git.GitError as error:
            raise ProbeError(f"git: {error}") from error
        except ProbeError as error:
            return absence(f"on {against}: {error}", "mend it there, or compare `since:` another")
        if before is None:
            return absence(f"{name} is not on {against}: it is new", status="not-applicable")
        if not set(base.changed) & {*now.names, *before.names, earlier}:
            same = f"{name}, and what it refers to, is as on {against}"
            return Measurement((Value(name, Fraction(0)),), evidence=(same,))
        states = ([str(there), f"{earlier}#{pointer}"], [str(around.root), f"{name}#{pointer}"])
        return _compared(check, check.options["asked"][0], states, against, around)


def _written(name: str, folder: Path, base: Base, root: Path) -> Files | None:
    """The schema of the base with what it refers to, written into a folder; None where the base
    has no such file. Raises ProbeError, GitError."""
    if name not in git.texts_at(root, base.commit, [name]):
        return None

    def read(path: str) -> Any:
        texts = git.texts_at(root, base.commit, [path])
        if path in texts:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(texts[path], "utf-8")
        return loaded(path, Surroundings(folder))

    return Files(name, read)


def _compared(
    check: Check,
    name: str,
    states: tuple[list[str], list[str]],
    against: str,
    around: Surroundings,
) -> Measurement:
    """What a process tells of the two states, that of the base first."""
    is_backward = check.metric == "refused"
    accepting, refusing = states if is_backward else states[::-1]
    job = {
        "what": "changes",
        "accepting": accepting,
        "refusing": refusing,
        "examples": check.options.get("examples", _EXAMPLES),
        "seed": check.options.get("seed", 0),
    }
    told = told_by_process(job, float(check.options.get("timeout", _TIMEOUT)), around)
    differences = told["differences"]
    if told["failure"]:
        who = f"accepted now, refused on {against}"
        if is_backward:
            who = f"accepted on {against}, refused now"
        return Measurement(
            (Value(name, Fraction(1), samples=told["examples"]),),
            evidence=(
                f"{who}: {told['failure']['document']}",
                f"  {told['failure']['problem']}",
                *differences[:10],
            ),
            next_step=f"git diff {against.partition('(')[2].rstrip(')')} -- {name}",
        )
    drawn = f"{told['examples']} documents drawn, none of which shows a difference"
    if differences and check.options.get("proof") != "examples":
        return absence(
            f"undecided: {drawn}, but {len(differences)} that might: {differences[0]}",
            "look at it; `proof: examples` lets the documents that are drawn decide",
        )
    if differences and (told["reason"] or not told["examples"]):
        return absence(f"{drawn}: {told['reason'] or 'nothing could be drawn'}", "")
    shown = drawn if differences else "shown by its structure"
    return Measurement(
        (Value(name, Fraction(0), samples=max(told["examples"], 1)),),
        evidence=(f"compared with {against}: {shown}", *differences[:10]),
    )


def possible(check: Check, gate: Gate, around: Surroundings) -> Possible:
    """A schema that accepts everything refuses nothing that it accepted; one that refuses
    everything accepts nothing new."""
    name = check.options["asked"][0]
    try:
        schema, whole = part(name, around), loaded(name, around)
        if check.metric == "refused" and schemas.accepts_all(schema, whole):
            why = f"{name} accepts every document"
            return Possible(highest=Fraction(0), is_whole=True, why=why)
        if check.metric == "admitted" and schemas.refuses_all(schema, whole):
            why = f"{name} refuses every document"
            return Possible(highest=Fraction(0), is_whole=True, why=why)
    except (ProbeError, OSError, RecursionError):
        pass  # a schema that cannot be read, or followed, is told where it is used
    return Possible(highest=Fraction(1), is_whole=True)


def canary(check: Check, wrong: Value, around: Surroundings) -> CounterExample:
    """The probe on a schema that refuses what this one accepts, or accepts what it refuses."""
    name = check.options["asked"][0]
    with tempfile.TemporaryDirectory() as folder:
        there = Path(folder).resolve()
        (there / "canary.json").write_text(_OTHER[check.metric], "utf-8")
        states = ([str(around.root), name], [str(there), "canary.json"])
        return CounterExample(_compared(check, name, states, "the schema of now", around))


_OTHER = {"refused": "false", "admitted": "true"}

KIND = Kind(
    name="compatible",
    summary="A JSON Schema still accepts what it accepted on the base, or accepts no more.",
    value={"type": "string", "pattern": r"^\S+\.(json|ya?ml)(#\S*)?$"},
    metrics=(Metric("refused", "count", ("==",)), Metric("admitted", "count", ("==",))),
    probe=probe,
    possible=possible,
    canary=canary,
    takes=("after",),
    needs="process",
    condition_in="must",
    default_condition="backward",
    words={
        "backward": "refused == 0",
        "forward": "admitted == 0",
        "both": "refused == 0 and admitted == 0",
    },
    keys={
        "since": {"type": "string"},
        "proof": {"enum": ["structure", "examples"]},
        "examples": {"type": "integer"},
        "seed": {"type": "integer"},
        "timeout": {"type": "number"},
    },
    example="`compatible: schemas/track.json` with `must: backward`",
)
