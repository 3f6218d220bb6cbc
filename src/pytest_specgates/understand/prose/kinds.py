"""What kind of statement a line is: what its gate would be, or that it asks for nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ...model import Threshold
from .context import Context
from .structure import Statement, is_verdict

_OF_METRIC = {
    "cpu": "ratio",
    "score": "accuracy",
    "cost": "count",
    "other": "count",
    "delta": "regression",
}
_SECURITY = (
    r"vulnerabilit|\bvulns?\b|\bcves?\b|\bpenetration|\bpentest|\bunauthori[sz]ed|\bencrypt|"
    r"\bsecurity\b|\bsecrets?\b|\bprivacy\b|\bgdpr\b|\bowasp\b|\bxss\b|\bcsrf\b|\binjection\b|"
    r"\bauthenticat(?:ion|ed) (?:via|through|using|with)|\btls\b|\bcredentials?\b|\bsast\b|\bdast\b|"
    r"\bpii\b|\bsanitiz|\brbac\b|\bleast privilege|\bhashed\b|\bcritical findings"
)
_KINDS: tuple[tuple[str, str], ...] = (
    ("regression", r"\bno (?:\w+ ){0,2}(?:regressions?|degradation)\b|\bregressions? (?:past|fails?|in)\b"
     r"|\bno increase in\b|\bwithout (?:performance )?degradation|\bno slower than\b"),
    ("reference",
     r"\b(?:targets?|goals?|budgets?|thresholds?|slos?|slas?|criteria|requirements?|gates?|checks?|"
     r"scenarios) (?:\w+ ){0,3}(?:are |is |have been |has been |were )?(?:all )?"
     r"(?:met|achieved|satisfied|fulfilled|verified|passed|hold|documented|reached)\b"
     r"|\bmeet(?:s|ing)? (?:\w+ ){0,5}(?:targets?|thresholds?|criteria|requirements?|goals?|slos?)\b"
     r"|\bmaps to\b|\bper (?:the )?constitution\b"),
    ("docs",
     r"\bdocument(?:ed|s|ation|ing)?\b|\breadme\b|\bchangelog\b|\bdocstrings?\b|\bjsdoc\b|"
     r"\bapi docs?\b|\bdocs? (?:are |is )?(?:updated|written|complete)|\brunbooks?\b|\brelease notes\b|"
     r"\buser guides?\b|\badrs?\b|\btutorials?\b"),
    ("dependency",
     r"\bdependenc(?:y|ies)\b|\blicen[cs]es?\b|\bnpm audit\b|\bpip-audit\b|\bcargo audit\b|"
     r"\bvulnerabilit|\bvulns?\b|\bdependabot\b|\brenovate\b|\boutdated packages?\b|\bsbom\b|"
     r"\block ?files?\b"),
    ("review",
     r"\breview(?:ed|s|ers?)?\b|\bsign(?:ed)?[- ]?offs?\b|\bapprov(?:ed?|als?)\b|\bstakeholders?\b|"
     r"\buser (?:testing|feedback|acceptance|interviews?)\b|\busability\b|\breal users\b|\bfeedback\b|"
     r"\bverified (?:by|with)\b|\bresolved or acknowledged\b|\bbackups?\b|\brollback\b|"
     r"\bpull requests?\b|\baccessibility\b|\bwcag\b|\bmanual(?:ly)?\b|\bteam\b.*\btrain|"
     r"\baudit(?:ed)?\b|\breconciled\b|\bagreed\b|\bconfirmed by\b|\binspect(?:ed|ion)?\b|"
     r"\bconfigured\b|\blegal\b|\bstyle guide\b|\bconsistent with\b|\bcode quality\b|\bjustif"),
    ("health",
     r"\bhealth\s?-?checks?\b|\bhealthy\b|\bsmoke\b|\bdeploy(?:ed|ment|s)?\b|\bstaging\b|"
     r"\bmonitoring\b|\bcertificate\b|/health\b|\bliveness\b|\breadiness\b|\bin production\b|"
     r"\bdashboards?\b.*\b(?:live|show)|\balert(?:s|ing)? (?:are |is )?(?:set up|configured|fir)|"
     r"\bno downtime\b|\bpods?\b"),
    ("security", _SECURITY),
    ("schema",
     r"\bschemas?\b|\bdata (?:quality|integrity|validation|types?)\b|\bvalid (?:json|yaml|xml|csv)\b|"
     r"\bduplicate (?:rows?|records?|keys?|entries)\b|\bnulls?\b|\bcorruption\b|\breferential\b|"
     r"\bnot null\b|\brequired fields?\b|\bjson lines\b|\bwell-formed\b|\bprimary keys?\b"),
    ("test_outcome",
     r"\btests?\b.*\b(?:pass(?:es|ing|ed)?|green|succeed|exist|cover(?:s|ed)?|added|written|updated|"
     r"work|run|implemented)\b|\bpass(?:es|ing)? (?:all )?(?:\w+ ){0,4}tests?\b|"
     r"\b(?:build|ci|pipeline|lint(?:er|ing)?|type[- ]?check(?:ing|s)?|mypy|ruff|eslint|tsc|tslint|"
     r"clippy|prettier|compil(?:es?|ation)|flake8|pylint|black|typescript|checkstyle)\b"
     r".*\b(?:pass(?:es|ing|ed)?|clean|green|succeed(?:s|ed)?|errors?|warnings?|strict|success)|"
     r"\bcompiles?\b|\bimports? resolved\b|\btest suite\b|\bwarning-free\b|\bfully annotated\b|\btyped\b"
     r"|\bvalidations? passing\b|\bpass\b.*\bchecks?$|\b(?:unit|integration|e2e|end-to-end|contract) tests?\b"),
)
_TABLE = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _KINDS)
_COVERAGE = re.compile(r"\bcoverage\b", re.IGNORECASE)
_IS_SECURITY = re.compile(_SECURITY, re.IGNORECASE)
_IS_DOCS = re.compile(r"\bdocumented\b|\bjsdoc\b|\bdocstrings?\b", re.IGNORECASE)
_COMMAND = re.compile(
    r"^\W*(?:run:?\s+|command\s*:\s*|execute\s+)?[\"'`]*(?:uv|npm|npx|yarn|pnpm|python3?|pytest|make|"
    r"cargo|go|mvn|gradle|docker|kubectl|bash|sh|ruff|mypy|eslint|git|curl|node|pip|poetry|tox|nox|"
    r"dotnet|rake|terraform|helm|\./\S+)\s+[\w./@:-]|\bcommand\s*:|\bexit(?:s|ed)?(?: with)?"
    r"(?: status| code)|\bexit codes?\b|^\W*`[^`]+`\W*(?:→|->|passes|succeeds|exits|returns|is clean|"
    r"produces)|^(?:All )?[`\"'][\w ./:-]+[`\"'] (?:passes|succeeds|exits|runs|is clean)|"
    r"autogenerate\W.*\bdiff\b",
    re.IGNORECASE,
)
_PATH = re.compile(r"[\w{}.*-]+/[\w{}./*-]+\.[A-Za-z]\w{0,5}\b|^\W*[\w{}-]+\.(?:py|md|ya?ml|json|ts|js|sql|sh)\W*$")
_MADE = re.compile(
    r"\b(?:script|file|artifacts?|template|config|migration|figure|manifest|pdf|module|diagram|"
    r"fixture|dockerfile|workflow|report|dataset|notebook|package|image|table|plan)s?\b"
    r".*\b(?:created|exists?|present|generated|added|available|checked in|committed|published|"
    r"provided|written|in place)\b|\bdeliverables?\b",
    re.IGNORECASE,
)
_MUST = re.compile(
    r"\b(?:must|shall|should|should be|can|cannot|will|never|always|may not|supports?|allows?|"
    r"able to|ensures?|handles?|returns?|provides?|displays?|shows?|works?|working|responds?|"
    r"detects?|remains?|respects?|renders?|contains?|stores?|receives?|sees?|produces?|"
    r"extracts?|preserves?|matches|updates?|accepts?|rejects?|starts?|stops?|loads?|keeps?|"
    r"awaits?|becomes?|correctly|successfully|without|is|are|answers|covers|uses?|implemented|"
    r"functional|given|when|then|no|not)\b",
    re.IGNORECASE,
)
_STRONG = re.compile(r"\b(?:MUST|SHALL|WHEN|THEN|GIVEN)\b|\b(?:must|shall)\b")
_VAGUE = re.compile(
    r"\b(?:fast|robust|scalab\w+|scale|scales|scaling|user[- ]friendly|intuitive|clean|maintainable|"
    r"maintained|easy|efficien\w*|minimal|reliable|flexible|smooth\w*|responsive|graceful\w*|"
    r"appropriate\w*|reasonable|adequate\w*|quickly|high[- ]quality|quality|production[- ]ready|"
    r"best practices|modern|simple|seamless\w*|performant|stable|optimi[sz]ed|well[- ]designed|"
    r"good|great|better|comprehensive|effective\w*|reduced|improved?|functional|current|testable|"
    r"consistent|immediately|secure|large-scale|explicit|clear|polished|professional|extensible|"
    r"modular|acceptable|sufficient|properly|bounded)\b",
    re.IGNORECASE,
)
_DO = re.compile(
    r"^\W*(?:run|use|check|create|add|make sure|install|set|update|configure|implement|write|build|"
    r"open|copy|click|read|see|start|stop|review|monitor|follow|go to|define|identify|establish|"
    r"track|measure|analy[sz]e|deploy|consider|note|refactor|enable|keep|replace|remove|design|"
    r"setup|prepare|collect|generate|document|research|migrate|extend|integrate|clone|select)\b",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"^\W*(?:generated|date|author|status|owner|version|created|updated|last updated|priority|"
    r"duration|effort|total|frequency|timeline|branch|input|logging|storage|language|platform|"
    r"framework|build system|note|why|example|estimated?|current|purpose|trigger|complexity|"
    r"target platform|project type|testing|dependencies|primary dependencies)\W*:",
    re.IGNORECASE,
)
_FUNCTIONAL = re.compile(r"^\W*(?:FR|REQ|AC|US|UC)[-_ ]?\w*\d", re.IGNORECASE)


def kind_of(
    written: str,
    clean: str,
    parts: Sequence[Statement],
    heading: Context,
    found: Sequence[Threshold],
) -> str:
    """The kind of the line `written`; `clean` is the same without Markdown and masked parts."""
    text = written.replace("*", "").strip()
    if found:
        return _with_threshold(text, found[0])
    if any(part.is_keyed for part in parts):
        return _of_pair(text, heading)
    if parts and parts[0].is_cell:
        return _of_row(text, parts, heading)
    asked = "targets" in heading.signs or bool(_STRONG.search(text)) or bool(_FUNCTIONAL.match(text))
    if not asked and (heading.signs & {"observed", "effort", "config", "alarm"} or _ABOUT.match(text)):
        return "not_a_criterion"
    if _ABOUT.match(text):
        return "not_a_criterion"
    if _COMMAND.search(text):
        return "command"
    if _is_path(text):
        return "file_exists"
    if not asked and _DO.match(text):
        return "not_a_criterion"
    for kind, pattern in _TABLE:
        if pattern.search(text):
            if kind == "reference" and _COVERAGE.search(text):
                return "coverage"
            return kind
    if _MADE.search(text):
        return "file_exists"
    if _FUNCTIONAL.match(text):
        return "test_outcome"
    if _VAGUE.search(text):
        return "vague"
    if asked and _MUST.search(text):
        return "test_outcome"
    return "not_a_criterion"


def _with_threshold(text: str, first: Threshold) -> str:
    if first.metric in ("count", "ratio") and _IS_SECURITY.search(text):
        return "security"
    if first.metric == "ratio" and _IS_DOCS.search(text):
        return "docs"
    return _OF_METRIC.get(first.metric, first.metric)


def _is_path(text: str) -> bool:
    return bool(_PATH.fullmatch(text.strip("\"'` ")))


def _of_pair(text: str, heading: Context) -> str:
    """`command: ruff check`, `max_steps: 100`."""
    if _COMMAND.search(text):
        return "command"
    value = text.partition(":")[2].strip()
    if re.search(r"\bhttp 200\b|\bhealthy\b", value, re.IGNORECASE):
        return "health"
    if _is_path(value):
        return "file_exists"
    if "targets" in heading.signs and not any(c.isdigit() for c in value):
        return "vague"
    return "not_a_criterion"


def _of_row(text: str, parts: Sequence[Statement], heading: Context) -> str:
    if any(is_verdict(part.tokens) for part in parts) or "targets" not in heading.signs:
        if not re.search(r"\b(?:NFR|FR|REQ|SC)[-_]", text):
            return "not_a_criterion"
    for kind, pattern in _TABLE:
        if pattern.search(text):
            return kind
    return "vague" if _VAGUE.search(text) else "not_a_criterion"
