"""What kind of statement a line is: what its gate would be, or that it asks for nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ...model import Aside, Threshold
from .context import Context
from .direction import NOT_SURE, WRONG_SIDE
from .patterns import alternation, words
from .roles import OBSERVED, POLICY
from .structure import Statement, is_verdict

_LONGEST = 1000
_OF_METRIC = {
    "cpu": "ratio",
    "score": "accuracy",
    "cost": "count",
    "other": "count",
    "delta": "regression",
}


_SECURITY = alternation(
    r"vulnerabilit|\bvulns?\b|\bcves?\b|\bpenetration|\bpentest|\bunauthori[sz]ed|\bencrypt",
    r"\bsecurity\b|\bsecrets?\b|\bprivacy\b|\bgdpr\b|\bhipaa\b|\bowasp\b|\bxss\b|\bcsrf\b",
    r"\binjections?\b|\bauthenticat(?:ion|ed) (?:via|through|using|with)|\btls\b|\bhttps\b",
    r"\bcredentials?\b|\bsast\b|\bdast\b|\bpii\b|\bsensitive data\b|\bsaniti[sz]|\brbac\b|\brls\b",
    r"\bdata protection\b|\bconsent\b|\bthird part(?:y|ies)\b|\blogin\b|\bsandbox",
    r"\bleast privilege|\bhashed\b|\bpasswords?\b|\bprohibited in production|\baccess control",
)
_DEFECTS = alternation(
    r"vulnerabilit|\bvulns?\b|\bcves?\b|\bpenetration|\bunauthori[sz]ed|\bsecurity\b|\bsecrets?\b"
)
"""What makes a count or a share one of security."""
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "regression",
        alternation(
            r"\bno (?:\w+ ){0,2}(?:regressions?|degradation)\b|\bregressions? (?:past|fails?|in)\b",
            r"\bnot increase\b|\bno increase in\b|\bwithout (?:performance )?degradation|\bno "
            r"(?:slower|worse) than\b",
            r"\bincreases? (?:by )?>|\bdegradation exceeds\b|\bbaseline\b.*\b(?:slower|faster)\b",
        ),
    ),
    (
        "reference",
        alternation(
            r"\b(?:targets?|goals?|budgets?|thresholds?|slos?|slas?|criteria|requirements?|"
            r"scenarios|gates) (?:\w+ ){0,3}(?:are |is |have been |has been |were )?(?:all )?"
            r"(?:met|achieved|satisfied|fulfilled|verified|passed|hold|documented|reached)\b",
            r"\b(?:meet|within|exceed|breach)(?:s|ing|es)? (?:\w+ ){0,5}"
            r"(?:targets?|thresholds?|criteria|requirements?|goals?|slos?|slas?|budgets?|"
            r"limits?)\b",
            r"\bcomplies with\b|\bmaps to\b|\bper (?:the )?constitution\b",
        ),
    ),
    (
        "docs",
        alternation(
            r"\bdocument(?:ed|ing)\b|^\W{0,6}documents\b|\breadme\b|\bchangelog\b|"
            r"\bdocstrings?\b|\bjsdoc\b",
            r"\b(?:docs?|documentation)\b.*\b(?:updated?|written|complete|reviewed|cover|include)",
            r"\brelease notes\b|\b(?:safety |code )?comments\b",
        ),
    ),
    (
        "dependency",
        alternation(
            r"\bdependenc(?:y|ies)\b|\blicen[cs]es?\b|\b(?:npm|pip|cargo)[- ]audit\b",
            r"\bdependabot\b|\brenovate\b|\boutdated packages?\b|\bsbom\b|\block ?files?\b",
            r"\b(?:remediate|fix|patch) .*\bvulnerabilities\b",
        ),
    ),
    (
        "test_outcome",
        alternation(
            r"\btests?\b.*\b(?:pass(?:es|ing|ed)?|green|succeeds?|fails?)\b",
            r"\b(?:passes|passing|passed)\b.*\b(?:checks?|validation|tests?|lint\w*|build)\b",
            r"\b(?:build|ci|pipeline|lint(?:er|ing)?|type[- ]?check(?:ing|s)?|mypy|ruff|eslint|tsc|"
            r"clippy|prettier|compilation|flake8|pylint|black|typescript|checkstyle|formatting)\b"
            r".*\b(?:pass(?:es|ing|ed)?|clean(?:ly)?|green|succeed(?:s|ed)?|errors?|warnings?|"
            r"strict|success(?:ful(?:ly)?)?|enforced)\b",
            r"\bmust\b.*\bpass\b.*\btests\b|\bcompiles?\b|\bimports? resolved\b|\bwarning-free\b",
            r"\bfully annotated\b|\btyped\b|\bvalidations? passing\b|\bvalidates? (?:with|"
            r"against)\b",
        ),
    ),
    ("security", _SECURITY),
    (
        "review",
        alternation(
            r"\breview(?:ed|s|ers?)?\b|\bsign(?:ed)?[- ]?offs?\b|\bapprov(?:ed?|als?)\b",
            r"\bstakeholders?\b|\buser (?:testing|feedback|acceptance|interviews?)\b|\busability\b",
            r"\breal users\b|\bfeedback\b|\bverified (?:by|with)\b|\bresolved or acknowledged\b",
            r"\bbackups?\b|\brollback\b|\bpull requests?\b|\bprs? merged\b|\bmanual(?:ly)?\b",
            r"\bteam\b.*\btrain|\baudit(?:ed)?\b|\breconciled\b|\bagreed\b|\bconfirmed by\b",
            r"\binspect(?:ed|ion)?\b|\bconfigured\b|\blegal\b|\bstyle guide\b|\bjustif",
            r"\baccessibility (?:compliance|audit|review|standards)|\bwcag\b|\bi18n\b|\btranslat",
            r"\bissues closed\b|\bvoiceover\b|\bscreen reader\b|\bsurvey\b|\bowner(?:s)? assigned",
        ),
    ),
    (
        "health",
        alternation(
            r"\bhealth\s?-?checks?\b|\bhealthy\b|\bsmoke\b|\bdeployed\b|\bdeployment\b|\bstaging\b",
            r"\bis live\b|\bmonitoring\b|\bcertificate\b|/health\b|\bliveness\b|\breadiness\b|"
            r"\bin production\b",
            r"\balert(?:s|ing)? (?:are |is )?(?:set up|configured|fir)|\bno downtime\b",
            r"\bdashboards?\b.*\b(?:live|deployed)|\bno (?:crashes|panics|outages|incidents)\b",
        ),
    ),
    (
        "schema",
        alternation(
            r"\bschemas?\b|\bdata (?:quality|integrity|validation|types?)\b",
            r"\bvalid (?:json|yaml|xml|csv)\b|\bduplicate (?:rows?|records?|keys?|entries)\b",
            r"\bnulls?\b|\bcorruption\b|\breferential\b|\bnot null\b|\brequired fields?\b",
            r"\brecord counts?\b|\bwell-formed\b|\bprimary keys?\b|\bfields? (?:are )?populated\b",
        ),
    ),
    (
        "test_outcome",
        alternation(
            r"\btest suite\b|\b(?:unit|integration|e2e|end-to-end|contract|regression) tests?\b",
            r"\btests?\b.*\b(?:exist|cover(?:s|ed)?|added|written|updated|run|implemented)\b",
        ),
    ),
    (
        "docs",
        alternation(
            r"\bdocumentation\b|\brunbooks?\b|\bapi docs?\b|\buser guides?\b|\badrs?\b|"
            r"\btutorials?\b",
        ),
    ),
)
_COVERAGE = alternation(r"\bcoverage\b|\bcovered by (?:unit )?tests\b")
_IS_DOCS = alternation(r"\bdocumented\b|\bjsdoc\b|\bdocstrings?\b")
_COMMAND = alternation(
    r"^\W{0,6}(?:run:?\s+|(?:command|cmd)\s*:\s*|execute\s+)?[\"'`]*(?:uv|npm|npx|yarn|pnpm|"
    r"python3?|"
    r"pytest|make|cargo|go|mvn|gradle|docker|kubectl|bash|sh|ruff|mypy|eslint|git|curl|node|pip|"
    r"poetry|tox|nox|dotnet|rake|terraform|helm|\./\S+)\s+[\w./@:-]",
    r"\b(?:command|cmd)\s*:",
    r"\bexit(?:s|ed)?(?: with)?(?: status| code)|\bexit codes?\b",
    r"^\W{0,6}`[^`]+`\W*(?:→|->|passes|succeeds|exits|returns|is clean|runs|works|reports|"
    r"produces)",
    r"^(?:All )?[`\"'][\w ./:-]+[`\"'] (?:passes|succeeds|exits|runs|is clean)",
    r"\b(?:with|by|via|using|running) `[a-z][^`]* [^`]*`|autogenerate\W.*\bdiff\b",
)
_PATH = re.compile(
    r"(?:[\w{}.*-]+/)+[\w{}.*-]*\.?[A-Za-z]\w{0,5}/?|[\w{}-]+\.(?:py|md|ya?ml|json|ts|js|sql|sh)"
)
_MADE = alternation(
    r"\b(?:script|file|artifacts?|template|config|migration|figure|manifest|pdf|module|diagram|"
    r"fixture|dockerfile|workflow|report|dataset|notebook|package|image|table|plan)s?\b"
    r".*\b(?:created|exists?|present|generated|added|available|checked in|committed|published|"
    r"provided|written|in place|attached)\b",
    r"`[\w./-]+[/.][\w./-]*`.*\b(?:exists?|removed|deleted|created|present)\b|\bpublished as\b",
)
_STRONG = re.compile(r"\b(?:MUST|SHALL|SHOULD|WHEN|THEN|GIVEN)\b|\b(?:must|shall)\b")
_VAGUE = alternation(
    r"\b(?:fast|robust|scalab\w+|scales?|scaling|user[- ]friendly|intuitive|clean|maintainable",
    r"maintained|easy|efficien\w*|minimal|reliable|flexible|smooth\w*|responsive|graceful\w*",
    r"appropriate\w*|reasonable|adequate\w*|quick(?:ly)?|promptly|quality|production[- ]ready",
    r"best practices|modern|simple|seamless\w*|performant|stable|optimi[sz]ed|well[- ]designed",
    r"good|great|better|comprehensive|effective\w*|reduced|improved?|functional|current|testable",
    r"consistent|immediately|secure|large-scale|explicit|clear|polished|professional|extensible",
    r"modular|acceptable|sufficient|properly|bounded|helpful|positive|high)\b",
)
_SAYS = alternation(
    r"\b(?:must|shall|should|can|cannot|will|never|always|may|able|is|are|be|has|have|does|do|not|"
    r"no|without|correctly|successfully|given|when|then|and|each|every|all|only|both|any|"
    r"\w{3,}(?:s|ed|ing))\b"
)
_DONE = alternation(
    r"\b(?:tested|verified|validated|checked|done|resolved|triaged|closed|updated)\W{0,4}$"
)
_DO = re.compile(
    r"^\W{0,6}(?:run|use|check|create|add|make sure|install|set|update|configure|implement|"
    r"write|build|"
    r"open|copy|click|read|see|start|stop|monitor|follow|go to|define|identify|establish|"
    r"track|measure|analy[sz]e|deploy|consider|note|refactor|enable|keep|replace|remove|design|"
    r"setup|prepare|collect|generate|research|migrate|extend|integrate|clone|select|increase|"
    r"freeze|pause|investigate|roll ?back|notify|escalate|we|you|this|these)\b"
)
_ABOUT = re.compile(
    r"^\W{0,6}(?:generated|date|author|status|owner|version|created|updated|last updated|priority|"
    r"duration|effort|total|frequency|timeline|branch|input|logging|storage|language|platform|"
    r"framework|build system|note|why|example|estimated?|current|purpose|trigger|complexity|"
    r"target platform|project type|dependencies|primary dependencies)\W{0,4}:"
)
_MAY_HOLD_PLACE = re.compile(r"[XN][ %]|\[|TBD")
_PLACEHOLDER = re.compile(r"\b[XN]%|\bX (?:ms|s|%|seconds|minutes)\b|\[[A-Z][A-Z _]+\]|\bTBD\b")
_MEASURED = (
    ("coverage", alternation(r"\bcoverage\b")),
    (
        "regression",
        alternation(r"\b(?:regress|degrad|increase|decrease|drop|slower|faster|growth)"),
    ),
    (
        "latency",
        alternation(r"\b(?:latency|response time|duration|delay|p[5-9][0-9]|ms|seconds?)\b"),
    ),
    ("throughput", alternation(r"\b(?:throughput|rps|qps|fps|requests per)\b")),
    ("availability", alternation(r"\b(?:availability|uptime)\b")),
    ("error_rate", alternation(r"\b(?:error|failure) rate|\b[45]xx\b|\berrors\b.*%")),
    ("accuracy", alternation(r"\b(?:accuracy|precision|recall|f1|auc|score)\b")),
    ("memory", alternation(r"\b(?:memory|ram|heap|rss)\b")),
    ("ratio", alternation(r"%|\bpercent\b|\bratio\b|\brate\b")),
)
"""What a limit is of that was understood, but whose direction was not."""
_SHORT = 10
_NUMBERED = re.compile(
    r"^\W{0,6}[A-Z]{1,5}[-_ ]?\d[\w.]*\W{0,4}(?:\([Pp]\d\))?\s*[:.|)-]|^\W{0,6}(?:FR|NFR|SC)[-_]"
)
_FUNCTIONAL = re.compile(r"^\W{0,6}(?:FR|RF|REQ|AC|US|UC)[-_ ]?\w*\d", re.IGNORECASE)
_DOMAINS = (("security", "security"), ("documentation", "docs"), ("accessibility", "review"))
_ASKING = words(
    "ac sc criteria criterion acceptance success requirement requirements done validation "
    "checklist "
    "gate gates outcomes outcome goals targets nfr must expectations scenario rules "
    "deliverables quality_gates principles definition ensure"
)
_TOLD = frozenset((OBSERVED, POLICY, "a setting", "a step", "an estimate", "a duration of work"))
_NOTHING = re.compile(r"^\W{0,6}(?:no|zero)\b")
_HEALTHY = re.compile(r"\bhttp 200\b|\bhealthy\b")
_REQUIREMENT_ROW = re.compile(r"\b(?:NFR|FR|REQ|SC)[-_]")


def kind_of(
    written: str,
    parts: Sequence[Statement],
    heading: Context,
    found: Sequence[Threshold],
    asides: Sequence[Aside],
) -> str:
    """The kind of the line as written, under its heading, with what was read from it."""
    text = written[:_LONGEST].replace("*", "").strip()
    low = text.lower()
    if found:
        return _with_threshold(low, found[0])
    if any(part.is_keyed for part in parts):
        return _of_pair(low, heading)
    if parts and parts[0].is_cell:
        return _of_row(text, low, parts, heading)
    said = bool(_STRONG.search(text) or _NUMBERED.match(text))
    asked = said or not heading.words.isdisjoint(_ASKING)
    if _ABOUT.match(low) or (_MAY_HOLD_PLACE.search(text) and _PLACEHOLDER.search(text)):
        return "not_a_criterion"
    if not asked and heading.signs & {"observed", "effort", "config", "bands"}:
        return "not_a_criterion"
    if not said and any(aside.reason in _TOLD for aside in asides):
        return "not_a_criterion"
    doubted = any(aside.reason.startswith((WRONG_SIDE, NOT_SURE)) for aside in asides)
    if doubted:
        return next((kind for kind, pattern in _MEASURED if pattern.search(low)), "count")
    if _COMMAND.search(low):
        return "command"
    if _PATH.fullmatch(text.strip("\"'` ")):
        return "file_exists"
    if not asked and _DO.match(low):
        return "not_a_criterion"
    kind = _of_words(low)
    if kind:
        return kind
    if _FUNCTIONAL.match(text):
        return "test_outcome"
    short = len(low.split()) <= _SHORT
    if _VAGUE.search(low) and not _NOTHING.match(low) and (short or not said):
        return "vague"
    if _DONE.search(low):
        return "review"
    if asked and _SAYS.search(low):
        return "test_outcome"
    return next((kind for word, kind in _DOMAINS if word in heading.words), "not_a_criterion")


def _of_words(text: str) -> str:
    for kind, pattern in _KINDS:
        if pattern.search(text):
            return "coverage" if kind == "reference" and _COVERAGE.search(text) else kind
    if _COVERAGE.search(text):
        return "coverage"
    return "file_exists" if _MADE.search(text) else ""


def _with_threshold(text: str, first: Threshold) -> str:
    if first.metric in ("count", "ratio") and _DEFECTS.search(text):
        return "security"
    if first.metric == "ratio" and _IS_DOCS.search(text):
        return "docs"
    return _OF_METRIC.get(first.metric, first.metric)


def _of_pair(text: str, heading: Context) -> str:
    """`command: ruff check`, `max_steps: 100`."""
    if _COMMAND.search(text):
        return "command"
    value = text.partition(":")[2].strip()
    if _HEALTHY.search(value):
        return "health"
    if _PATH.fullmatch(value.strip("\"'` ")):
        return "file_exists"
    if "targets" in heading.signs and not any(c.isdigit() for c in value):
        return _of_words(text.replace("_", " ")) or "vague"
    return "not_a_criterion"


def _of_row(text: str, low: str, parts: Sequence[Statement], heading: Context) -> str:
    seen = any(is_verdict(part.tokens) for part in parts)
    if (seen or "targets" not in heading.signs) and not _REQUIREMENT_ROW.search(text):
        return "not_a_criterion"
    kind = _of_words(low)
    if kind or not _STRONG.search(text):
        return kind or ("vague" if _VAGUE.search(low) else "not_a_criterion")
    return "test_outcome"
