"""A criterion -> its reading: what it means, or why nobody can say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ..model import Check, Criterion, Kind, Reading, Spec, Stage
from . import bindings
from .gate import as_texts, checks_of, read_gate


def read_criterion(
    criterion: Criterion,
    role: str,
    spec: Spec,
    kinds: Mapping[str, Kind],
    sets: Sequence[bindings.Bindings] = (),
) -> Reading:
    """Resolved in this order: the gate itself or a binding beside it, the sets of bindings
    (the spec's, the project's), the built-in phrases. Raises SpecError for a gate that is
    not well formed."""
    policy = Reading()
    if criterion.gate is not None:
        policy = read_gate(criterion.gate, criterion, spec, kinds)
    if not policy.checks and role != "plan":
        bound = bindings.reading_of(criterion, spec, kinds, sets)
        if bound is not None:
            policy = bindings.beside(criterion, policy, bound)
    if policy.checks:
        return replace(policy, text=_sentence(policy.checks, "", kinds))
    from . import phrases, stated  # a spec without prose does not pay for its grammar

    phrase = phrases.understand(criterion, role, spec)
    if not phrase.gates:
        return replace(
            policy,
            reason=phrase.reason,
            is_criterion=phrase.is_criterion or criterion.gate is not None,
            suggestion=stated.suggestion(criterion, phrase.meaning, spec),
            meaning=phrase.meaning,
        )
    checks: list[Check] = []
    when = policy.when
    for mapping in phrase.gates:
        kind = next(kinds[key] for key in mapping if key in kinds)
        try:
            checks.extend(checks_of(mapping, kind, spec))
        except ValueError as error:
            suggestion = stated.suggestion(criterion, phrase.meaning, spec)
            return replace(policy, reason=str(error), suggestion=suggestion, meaning=phrase.meaning)
        when = when or as_texts(mapping.get("when"))
    stage: Stage | None = "post-deploy" if phrase.stage == "post-deploy" else None
    return replace(
        policy,
        checks=tuple(checks),
        text=_sentence(tuple(checks), phrase.note, kinds),
        when=when,
        stage=policy.stage or stage,
        meaning=phrase.meaning,
    )


def _sentence(checks: tuple[Check, ...], note: str, kinds: Mapping[str, Kind]) -> str:
    parts = []
    for check in checks:
        asked = check.options.get("asked", ())
        statistic = f"{check.statistic} " if check.statistic else ""
        is_said = check.metric == check.kind and not check.is_named_freely
        named = "" if is_said else f"{check.metric} "
        plain = f"{named}{check.op} {check.quantity.written}"
        words = (word for word, meant in kinds[check.kind].words.items() if meant == plain)
        limit = next(words, f"{statistic}{plain}")
        what = f" {', '.join(asked)}" if asked else ""
        of = f" of {', '.join(check.subject)}" if check.subject else ""
        per = f" per {check.options['per']}" if "per" in check.options else ""
        by = f" by {_listed(check.options['by'])}" if "by" in check.options else ""
        covered = check.options.get("covers")
        covers = f" covering {_listed(covered)}" if covered else ""
        assumed = f" ({check.note})" if check.note else ""
        parts.append(f"{check.kind}{what}: {limit}{by}{covers}{of}{per}{assumed}")
    return "; ".join(parts) + (f" - {note}" if note else "")


def _listed(value: object) -> str:
    return ", ".join(as_texts(value))
