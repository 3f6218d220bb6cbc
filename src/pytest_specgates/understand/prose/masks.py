"""What looks like a measure and is none: ids, dates, versions, codes, examples, placeholders."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .patterns import alternation, words

_CODES = r"[1-5](?:[0-9]{2}|xx)s?"
_UNITLESS = r"(?![0-9.,]*\s?(?:%|percent|[nmµu]s\b|s\b|sec|second|[kmgt]i?b\b|fps))"
_PRODUCTS = words(
    "node node.js nodejs python java jdk jre php ruby rust go golang gradle maven chrome "
    "firefox safari edge ios ipados macos android windows ubuntu debian linux react vue "
    "angular django flask rails boot spring .net net c# c++ typescript es ecmascript wcag tls "
    "ssl http oauth openapi swagger postgres postgresql mysql redis mongodb kubernetes k8s "
    "docker npm pnpm yarn pip pytest kotlin swift xcode api sdk unity cuda opengl vulkan usb "
    "pci bluetooth wifi wi-fi ipv iso rfc pep owasp soc dss mono laravel next.js nextjs nuxt "
    "vite webpack fastapi flutter dart scala elixir erlang perl lua helm terraform graphql "
    "css html"
)
_ORDINALS = words(
    "phase week day step sprint level tier version chapter section sec. figure fig. table "
    "part stage task priority milestone group scenario case rule line page issue pr story "
    "requirement option round item point appendix severity sev epic iteration module lab "
    "grade class type mode layer article annex release wave port gen exercise principle "
    "criterion criteria question example configuration config top season volume act rank slot "
    "node row column id"
)
_NAME = re.compile(r"(?<![\w.-])\.?[a-z][a-z.+#-]*(?=[ /#(<>≥≤=^~v-]{0,5}(?:version )?[0-9])")
_AFTER_PRODUCT = re.compile(
    r"[ /-]{0,3}(?:version )?\(?(?:>=|<=|[<>≥≤=^~])? {0,3}v?[0-9]+(?:\.[0-9x]+)*\+?"
    rf"{_UNITLESS}(?![a-z0-9])"
)
_AFTER_ORDINAL = re.compile(
    r"[ -]?#?[0-9]+(?:\.[0-9]+)*(?:\s?[-/&,]\s?[0-9]+(?:\.[0-9]+)*)*\b"
    rf"{_UNITLESS}(?!\s?(?:%|[-+]|[a-z]))"
)

_SIZE = "a size in two directions"
_LIMITED = re.compile(r"(?:[<>≥≤=]|least|most|than|under|over|above|below|min|max|minimum) ?$")

_MONTH = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    "sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
# (reason, pattern on text in lower case). These begin with words, of which `_may_be_worded` knows
# the last before the number: a new one is added there too.
_WORDED: tuple[tuple[str, str], ...] = (
    (
        "a placeholder",
        r"\{\{[^{}]{0,200}\}\}|\[(?!\s?[\"'])[^\[\]]{0,300}\]|\bx{2,}%?|\bn%",
    ),
    (
        "an example",
        r"\b(?:e\.\s?g\.?|eg[.,:]|for (?:example|instance)|such as)[^);]{0,300}",
    ),
    (
        "a date",
        rf"\b{_MONTH}\.? [0-9]{{1,4}}(?:st|nd|rd|th)?(?:, [0-9]{{4}})?\b"
        r"|\b(?:in|by|of|since|until|before|after|©) (?:19|20)[0-9]{2}\b(?! ?[a-z%])",
    ),
    (
        "a version",
        r"\b[a-z][\w-]*(?:>=|==|~=)[0-9]+(?:\.[0-9]+)*,?<=?[0-9]+(?:\.[0-9]+)*"
        r"|\bversion\s?[:=]?\s?[0-9]+(?:\.[0-9]+)*",
    ),
    (
        "an exit code",
        r"\b(?:exit(?:s|ed|ing)?|return(?:ed|s)?|status)(?: with)?"
        r"(?: (?:codes?|status|value)){1,2}:? ?-?[0-9]+(?:(?:, ?| or |/)[0-9]+)*"
        r"|\bexit(?:s|ed|ing)?(?: with)? [0-9]+\b",
    ),
    (
        "an HTTP status",
        rf"\b(?:http/?[0-9.]{{0,4}} ?|(?:returns?|returned|returning|status|codes?|errors?|"
        rf"responds with|response)(?: an?)?:? ?){_CODES}(?:(?:/|, ?| or | and |, or )"
        rf"(?:an? )?{_CODES})*\b{_UNITLESS}(?!,?[0-9])(?= ?(?:$|[^\sa-z]|errors?|response|"
        rf"status|ok|or|and|if|when|for|on|is|from|with|to|un|forbid|bad|not|too|conflict))"
        rf"|\b(?:an?|the) (?:[45][0-9]{{2}}|[1-5]xx)"
        r"(?:, [45][0-9]{2})*(?:,? or [45][0-9]{2})?\b(?! ?[a-z%])",
    ),
    (
        "a number in a name",
        r"\b(?:first|second|third|last|next|past|previous) [0-9]+ (?:of|days?|weeks?|months?|"
        r"runs?)\b",
    ),
)
# These begin with a digit, where a word begins ...
_NUMBERS: tuple[tuple[str, str], ...] = (
    ("a date", r"[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?\b|[0-9]{1,2}/[0-9]{1,2}/[0-9]{2,4}\b"),
    ("a time of day", r"[0-9]{1,2}(?::[0-9]{2})? ?[ap]\.?m\b|[0-2]?[0-9]:[0-5][0-9]\b"),
    ("a schedule", r"24\s?[/x\u00d7]\s?7(?:\s?[/x\u00d7]\s?365)?\b"),
    (
        "a version",
        r"[0-9]+\.[0-9]+\.[0-9]+[\w.+-]*|[0-9]+\.x\b|[0-9]+(?:\.[0-9]+)?-(?:bit|core)\b",
    ),
    (
        "an HTTP status",
        rf"{_CODES}(?:(?:/|, ?| or | and |, or ){_CODES})*(?= (?:errors?|responses?|status|"
        r"ok|created|bad request|unauthorized|forbidden|not found|conflict|too many|"
        r"internal server|no content|is the)\b)|[45][0-9]{2}s\b",
    ),
    (_SIZE, r"[0-9]+(?:\.[0-9]+)?(?:px)?\s?[x\u00d7]\s?[0-9]+[a-z]{0,4}\b"),
)
# ... or with a word that runs into a digit ...
_NO_STATISTIC = r"(?!p[0-9]|f1\b|tp[0-9])"
_RUNS_INTO_DIGIT = r"(?=[a-z][a-z-]{0,60}[0-9])"
_NAMES: tuple[tuple[str, str], ...] = (
    ("a date", r"q[1-4](?: ?[0-9]{4})?\b"),
    ("a version", r"v[0-9]+\.[0-9]+\.[0-9]+[\w.+-]*|v[0-9]+(?:\.[0-9]+)*\b"),
    (
        "an id",
        rf"(?<!\.){_NO_STATISTIC}[a-z]{{1,10}}(?:-[a-z]{{1,12}}){{0,3}}-[0-9]+"
        r"(?:\.[0-9]+)*[a-z]?\b(?:/[0-9]+(?:\.[0-9]+)*)*(?! ?(?:%|[a-z]+/))",
    ),
    ("an id", rf"{_NO_STATISTIC}[a-z]{{1,5}}[0-9]+\.[0-9]+(?:\.[0-9]+)*\b"),
    ("an id", r"[a-z]{2,8}-(?!p[0-9]{2}|f1\b)[a-z]{1,3}[0-9]{1,4}\b(?! ?%)"),
)
# ... or with a sign.
_SIGNED: tuple[tuple[str, str], ...] = (
    ("an id", r"#(?<![\w.]#)[0-9]+|@(?<=\w@)[0-9]+(?:\.[0-9]+)?\b"),
    ("a list number", r"^ {0,3}[0-9]{1,3}[.)]\s"),
)


def _joined(rows: tuple[tuple[str, str], ...]) -> str:
    return "|".join(pattern for _, pattern in rows)


_MASKS = (
    *_WORDED,
    *((reason, rf"(?:{pattern})") for reason, pattern in _NUMBERS),
    *((reason, rf"{_RUNS_INTO_DIGIT}(?:{pattern})") for reason, pattern in _NAMES),
    *_SIGNED,
)
_ANY_GLUED = re.compile(
    rf"\b(?:(?=[0-9])(?:{_joined(_NUMBERS)})|{_RUNS_INTO_DIGIT}(?:{_joined(_NAMES)}))"
    rf"|{_joined(_SIGNED)}"
)
_ANY = re.compile(f"{alternation(_joined(_WORDED)).pattern}|{_ANY_GLUED.pattern}")
REASONS = frozenset(("a version", *(reason for reason, _ in _MASKS)))
"""What a masked text is."""
_EACH = tuple((reason, re.compile(pattern)) for reason, pattern in _MASKS)
_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}


def spans(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, reason) of each part of a text that is no measure; none overlap."""
    low = text.lower() if text.isascii() else text.translate(_LOWER)
    is_worded = _may_be_worded(low)
    taken = bytearray(len(low))

    def free(start: int, end: int) -> bool:
        if taken.find(1, start, end) >= 0:
            return False
        taken[start:end] = b"\x01" * (end - start)
        return True

    for match in (_ANY if is_worded else _ANY_GLUED).finditer(low):
        start, end = match.span()
        reason = next(r for r, p in _EACH if p.match(low, start))
        if reason == _SIZE and _LIMITED.search(low, max(0, start - 12), start):
            continue  # `at least 44x44px`
        if free(start, end):
            yield start, end, reason
    for match in _NAME.finditer(low) if is_worded else ():
        name = match[0]
        reason = "a version"
        after = _AFTER_PRODUCT.match(low, match.end()) if name in _PRODUCTS else None
        if after is None and (name in _ORDINALS or name.removesuffix("s") in _ORDINALS):
            reason = "a number in a name"
            after = _AFTER_ORDINAL.match(low, match.end())
        if after is not None and free(match.start(), after.end()):
            yield match.start(), after.end(), reason


_SIGNS = (
    "{{",
    "[",
    "xx",
    "n%",
    "e.",
    "eg",
    "for ex",
    "for in",
    "such as",
    " 19",
    " 20",
    ">=",
    "==",
    "~=",
    "exit",
    "responds with",
)
_LAST_WORDS = frozenset(
    word[::-1]
    for name in (
        *_PRODUCTS,
        *_ORDINALS,
        *(f"{name}s" for name in _ORDINALS if name.isalpha()),
        *words(
            "jan january feb february mar march apr april may jun june jul july aug august sep "
            "sept september oct october nov november dec december v version code codes status "
            "value http return returns returned returning error errors response a an the first "
            "second third last next past previous"
        ),
    )
    for word in re.findall("[a-z]+", name)[-1:]
)
# On the reversed text, where the number comes first and its word can be found from there.
_WORD_BEFORE = re.compile(r"[0-9][^a-z0-9]{0,8}([a-z]+)")


def _may_be_worded(low: str) -> bool:
    """Whether a pattern that begins with words can match: sooner told than tried."""
    if not _LAST_WORDS.isdisjoint(_WORD_BEFORE.findall(low[::-1])):
        return True
    return any(sign in low for sign in _SIGNS)
