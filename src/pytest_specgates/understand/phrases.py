"""Prose criteria: the phrases that are understood without a binding.

A rule turns a sentence into gates in the spec language itself, so that what is read can be
shown as the YAML that would say the same. What no rule knows is unbound: precision comes
before recall.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from ..model import Criterion, Spec
from . import stated
from .phrase import TEST_TYPES, Phrase, tests_of_type


@dataclass(frozen=True, slots=True)
class _Rule:
    pattern: re.Pattern[str]
    make: Callable[[re.Match[str], Criterion, Spec], Phrase]
    in_steps: bool


def understand(criterion: Criterion, role: str, spec: Spec) -> Phrase:
    """The reading of a prose criterion under a key of that role."""
    if role == "plan":
        return _not("a step of a plan, printed when a `must` gate fails")
    if role == "beside":
        return _not("only the fenced specs of this file are read")
    if criterion.dialect:
        return stated.of_dialect(criterion)
    if role == "about":
        return _not(f"description (`{criterion.keys[-1] if criterion.keys else 'scope'}`)")
    if criterion.key:
        keyed = _keyed(criterion, role)
        if keyed is not None:
            return keyed
    ruled = _ruled(_FIRST, criterion, role, spec)
    if ruled is not None:
        return ruled
    from . import prose

    above = criterion.keys[-1] if criterion.keys else spec.title
    columns = criterion.items if criterion.text.startswith("|") else ()
    meaning = prose.read_text(criterion.text, above, columns)
    if meaning.thresholds:
        phrase = stated.of_thresholds(criterion, meaning, spec)
        if role != "steps" or phrase.gates:
            return phrase
        return _not(f"a step, {phrase.reason}")
    ruled = _ruled(_RULES, criterion, role, spec)
    if ruled is not None:
        return replace(ruled, meaning=meaning)
    if role == "steps":
        above = criterion.keys[-1] if criterion.keys else spec.name
        return _not(f"a step: what stands under `{above}` is a criterion only if it can be checked")
    return Phrase(
        reason=meaning.reason or stated.why_unbound(criterion.text, meaning), meaning=meaning
    )


def _ruled(rules: tuple[_Rule, ...], criterion: Criterion, role: str, spec: Spec) -> Phrase | None:
    for rule in rules:
        if role == "steps" and not rule.in_steps:
            continue
        match = rule.pattern.search(criterion.text)
        if match:
            return rule.make(match, criterion, spec)
    return None


def _not(reason: str) -> Phrase:
    return Phrase(reason=reason, is_criterion=False)


# --- statements made by a key: `template: docs/x.md` --------------------------------------


def _keyed(criterion: Criterion, role: str) -> Phrase | None:
    value = criterion.text.partition(":")[2].strip().strip("\"'")
    beside = " ".join(criterion.siblings.values())
    under_monitoring = any(re.search("monitoring", key, re.I) for key in criterion.keys[:-1])
    if criterion.key == "template" and _is_path(value):
        return Phrase(({"exists": value},), note="the template is there")
    if criterion.key == "location" and value:
        ways = [way for way in re.split(r"\s+or\s+|\s*,\s*", value) if way]
        if all(map(_is_path, ways)):
            note = "at least one of these places has a file in it"
            return Phrase(({"exists": ways, "must": "any exists"},), note=note)
    if criterion.key == "interface" and value:
        names = re.findall(r"[A-Z]\w+", value)
        if names:
            return Phrase(
                ({"tests": "all pass", "of": "name:" + "|".join(names)},),
                note=f"the contract tests: those named after {' or '.join(names)}",
            )
    if criterion.key == "section" and value:
        file = re.search(r"[\w./-]+\.(?:ya?ml|toml|json|ini|cfg)\b", beside)
        if file:
            return Phrase(({"config": value, "of": file[0]},))
        return Phrase(reason="it names no configuration file")
    if (
        criterion.key == "types"
        and criterion.items
        and all(re.fullmatch(TEST_TYPES, item, re.I) for item in criterion.items)
    ):
        return Phrase(tuple(tests_of_type(item) for item in criterion.items), note=_TYPE_NOTE)
    if criterion.key == "files" and criterion.items and all(map(_is_path, criterion.items)):
        if re.match(r"\s*(update|change|document)", criterion.siblings.get("action", ""), re.I):
            return _changed(list(criterion.items), "all changed")
        return Phrase(({"exists": list(criterion.items)},))
    if criterion.key == "backward_compatible":
        return Phrase(reason="no contract tests are named that would show it")
    if under_monitoring and re.search(r"\d+\s*(min|hour|day|h\b)", value):
        return Phrase(
            ({"attested": criterion.key},),
            note="a window of monitoring after the deployment, which a person confirms",
            stage="post-deploy",
        )
    if role != "criteria" and not criterion.items and _RULED_KEY.search(criterion.text) is None:
        return _not(f"description (`{criterion.key}`)")
    return None


_RULED_KEY = re.compile(r"`[^`]+`|[<>≤≥]|\d\s*(%|ms|s\b)")


# --- sentences -----------------------------------------------------------------------------

_TYPE_NOTE = "tests of a type: those marked with it, or in a folder named after it"


def _is_path(text: str) -> bool:
    return bool(re.fullmatch(r"[\w.{}*-]+(/[\w.{}*-]+)*/?", text)) and (
        "/" in text or bool(re.search(r"\.[A-Za-z]\w{0,5}$", text))
    )


def _changed(what: list[str], must: str) -> Phrase:
    return Phrase(
        ({"changed": what, "must": must, "when": "**"},),
        note="the change against the base touches them, if it touches anything here",
    )


def _attest(match: re.Match[str], criterion: Criterion, spec: Spec) -> Phrase:
    note = "a person attests it"
    if re.search(r"if (applicable|any|needed)", criterion.text, re.I):
        note += ", or says why it does not apply"
    return Phrase(({"attested": criterion.id},), note=note)


def _command(match: re.Match[str], criterion: Criterion, spec: Spec) -> Phrase:
    if re.match(r"(review|inspect|read|look)\b", criterion.text, re.I):
        return Phrase(
            ({"attested": criterion.id},), note="a person reads it; exit status 0 shows nothing"
        )
    return Phrase(({"command": match["command"].strip()},), note="exits with 0; no shell")


def _all_tests(match: re.Match[str], criterion: Criterion, spec: Spec) -> Phrase:
    named = re.search(
        rf"\(((?:{TEST_TYPES})(?:\s*(?:,|and|&)\s*(?:{TEST_TYPES}))*)\)", criterion.text, re.I
    )
    if named:
        kinds = re.findall(TEST_TYPES, named[1], re.I)
        return Phrase(tuple(tests_of_type(kind) for kind in kinds), note=_TYPE_NOTE)
    return Phrase(({"tests": "all pass"},), note="every test of the run")


def _tests_of_type(match: re.Match[str], criterion: Criterion, spec: Spec) -> Phrase:
    return Phrase((tests_of_type(match["type"]),), note=_TYPE_NOTE)


def _targets_met(match: re.Match[str], criterion: Criterion, spec: Spec) -> Phrase:
    return Phrase(
        ({"gates": ["latency", "throughput"]},),
        note="every latency and throughput target of this spec holds",
    )


def _targets_defined(match: re.Match[str], criterion: Criterion, spec: Spec) -> Phrase:
    return Phrase(
        ({"gates": ["latency", "throughput"], "must": "defined"},),
        note="this spec states at least one latency or throughput target",
    )


def _phase_reference(match: re.Match[str], criterion: Criterion, spec: Spec) -> Phrase:
    word = match["phase"].lower()
    return Phrase(({"gates": f"*{word}*"},), note=f"every gate of the phase named {word}")


def _docs_updated(match: re.Match[str], criterion: Criterion, spec: Spec) -> Phrase:
    return _changed(["README*", "CHANGELOG*", "docs/**"], "any changed")


def _file_updated(match: re.Match[str], criterion: Criterion, spec: Spec) -> Phrase:
    return _changed([match["a"] or match["b"]], "any changed")


def _named_tests(match: re.Match[str], criterion: Criterion, spec: Spec) -> Phrase:
    name = match["name"]
    return Phrase(
        ({"tests": "all pass", "of": f"name:{name}"},), note=f"the tests with {name} in their name"
    )


def _registration(match: re.Match[str], criterion: Criterion, spec: Spec) -> Phrase:
    word = match["where"].split()[-1].lower()
    return Phrase(
        ({"tests": "all pass", "of": f"name:regist {word}"},),
        note=f'the tests with "regist" and "{word}" in their name',
    )


def _path(match: re.Match[str], criterion: Criterion, spec: Spec) -> Phrase:
    return Phrase(({"exists": match[0]},))


def _baseline(match: re.Match[str], criterion: Criterion, spec: Spec) -> Phrase:
    return Phrase(
        ({"exists": ".benchmarks/**/*.json"},), note="pytest-benchmark has a stored baseline"
    )


def _benchmarks_ran(match: re.Match[str], criterion: Criterion, spec: Spec) -> Phrase:
    return Phrase(({"latency": "measured"},), note="benchmarks ran and gave samples")


def _unbound(reason: str) -> Callable[[re.Match[str], Criterion, Spec], Phrase]:
    return lambda match, criterion, spec: Phrase(reason=reason)


def _later(match: re.Match[str], criterion: Criterion, spec: Spec) -> Phrase:
    return Phrase(
        ({"attested": criterion.id},),
        note="a person confirms it from the monitoring after the deployment",
        stage="post-deploy",
    )


_TABLE: tuple[tuple[str, Callable[[re.Match[str], Criterion, Spec], Phrase], bool], ...] = (
    (r"(?:^|:\s*|^(?:run|execute)\s+)`(?P<command>[^`]+)`\s*$", _command, True),
    (
        r"^[\w.{}*-]+(?:/[\w.{}*-]+)+/?$|^[\w{}-]+\.(?:py|md|ya?ml|json|toml|txt|rst|cfg)$",
        _path,
        False,
    ),
    (r"^all (?:existing |the )?tests (?:still )?(?:are )?pass(?:ing|es|ed)?\b", _all_tests, True),
    (r"\bno functional regressions?\b", _all_tests, True),
    (
        rf"^(?:all )?(?P<type>{TEST_TYPES})[ -]tests?(?: (?:are )?"
        r"(?:pass(?:ing|ed)?|completed?|exist|written|added|green))?$",
        _tests_of_type,
        True,
    ),
    (r"^(?P<type>integration) points? (?:are )?stable$", _tests_of_type, False),
    (r"^performance benchmarks?$", _benchmarks_ran, False),
    (r"^performance (?:benchmarks?|targets?|requirements?) (?:are )?met$", _targets_met, True),
    (r"^performance validation$", _targets_met, True),
    (r"^performance targets? (?:are )?defined$", _targets_defined, False),
    (
        r"^(?P<phase>documentation|integration|testing) (?:is )?(?:completed?|verified)$",
        _phase_reference,
        False,
    ),
    (
        r"^(?:update (?:the )?(?:documentation|docs)|(?:documentation|docs) (?:is |are )?updated)$",
        _docs_updated,
        True,
    ),
    (
        r"^(?:updated? (?P<a>[\w./-]+\.\w+)|(?P<b>[\w./-]+\.\w+) (?:is )?updated)$",
        _file_updated,
        True,
    ),
    (
        r"\b(?P<name>[a-z_]\w+)\(\)(?: method| function)? (?:is )?work(?:s|ing)$",
        _named_tests,
        False,
    ),
    (r"^registration in (?:the )?(?P<where>[\w ]+)$", _registration, False),
    (r"^performance baseline (?:is )?established$", _baseline, False),
    (r"^monitoring confirms\b", _later, False),
    (
        r"\b(?:code|security|peer|design) review\b|\bsign(?:ed)?[- ]?off\b|\bapproved\b",
        _attest,
        False,
    ),
    (r"\b(?:reviewed|confirmed|understood|ready)$", _attest, False),
    (r"\b(?:robust|maintained|maintainable|clean|user[- ]friendly)$", _attest, False),
    (r"^back ?up (?:the )?(?:current )?(?:database|data)\b", _attest, True),
    (
        r"\bno regressions? in (?:speed|performance|memory)\b",
        _unbound("it has no tolerance: say how much slower is still no regression"),
        True,
    ),
    (r"\b(?:memory|resource|cpu) usage\b", _unbound("it has no limit"), False),
    (r"^error rates?$", _unbound("it has no limit"), False),
    (
        r"^(?:\d+\. )?(?:add|create|write) comprehensive tests$",
        _unbound("no tests are named that would show it"),
        True,
    ),
    (r"^prepare \w+ scripts?$", _unbound("no file is named"), True),
    (
        r"^run migration scripts?\b",
        _unbound("no command is named, and one that changes data is never run unasked"),
        True,
    ),
    (r"^validate data integrity$", _unbound("no schema and no command is named"), True),
    (r"^post-deployment report$", _unbound("no file is named"), True),
    (
        r"\b(?:document|documentation|specification|plan|strategy|report|examples?)$",
        _unbound("no file is named"),
        False,
    ),
)
_RULES = tuple(_Rule(re.compile(p, re.IGNORECASE), make, steps) for p, make, steps in _TABLE)
_FIRST = _RULES[:2]
"""Commands and paths: numbers in them are no measures."""
