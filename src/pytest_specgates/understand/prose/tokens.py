"""A sentence -> tokens, with Markdown taken out and what is no measure masked.

Every step keeps the length of the text, so that a token's place is its place in the
sentence as it was written.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Token(NamedTuple):
    """`kind` is n (number), w (word), s (sign) or m (masked: an id, a date, a version ...)."""

    kind: str
    text: str
    low: str
    start: int
    end: int


class Masked(NamedTuple):
    """A part that is not a measure, and why."""

    start: int
    end: int
    reason: str


MASK = "\x01"
_PLAIN = str.maketrans(
    {
        "\u00a0": " ",
        "\u202f": " ",
        "\u2009": " ",
        "\t": " ",
        "\n": " ",
        "\r": " ",
        MASK: " ",
        "\u2013": "-",
        "\u2014": ";",
        "\u2212": "-",
        "\u2010": "-",
        "\u2011": "-",
        "\u2019": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u2264": "≤",
        "\u2265": "≥",
        "⩽": "≤",
        "⩾": "≥",
        "＜": "<",
        "＞": ">",
        "％": "%",
        "：": ":",
        "μ": "µ",
        "*": " ",
        "·": ";",
        "•": ";",
    }
)
_ENTITY = re.compile(r"&(?:lt|gt|le|ge|nbsp|amp|quot);")
_ENTITIES = {
    "&lt;": "<",
    "&gt;": ">",
    "&le;": "≤",
    "&ge;": "≥",
    "&nbsp;": " ",
    "&amp;": "&",
    "&quot;": '"',
}
_PERCENTILE = re.compile(r"\bp\(([0-9]{1,2}(?:\.[0-9]+)?)\)")
_LINK = re.compile(r"\]\([^()\s]{0,300}\)|https?://\S+|</?[A-Za-z][A-Za-z0-9 =\"'/.-]{0,80}>")
_CODE = re.compile(r"`+([^`]{0,300})`+")
_COMPARISON = re.compile(r"\s*(?:[A-Za-z_][\w ]{0,40})?(?:[<>≤≥]=?|==?)\s*[$€£]?[0-9][0-9.,]*\s*[%a-zA-Z/]{0,12}\s*")

_CODES = r"[1-5](?:[0-9]{2}|xx)s?"
_UNITLESS = r"(?![0-9.,]*\s?(?:%|percent|[nmµu]s\b|s\b|sec|second|[KMGT]i?B\b|fps))"
_PRODUCTS = (
    r"node(?:\.?js)?|python|java|jdk|jre|php|ruby|rust|go|golang|gradle|maven|chrome|firefox|"
    r"safari|edge|ios|ipados|macos|android|windows|ubuntu|debian|linux|react|vue|angular|django|"
    r"flask|rails|spring boot|spring|\.net|net|c#|c\+\+|typescript|es|ecmascript|wcag|tls|ssl|"
    r"http|oauth|openapi|swagger|postgres(?:ql)?|mysql|redis|mongodb|kubernetes|k8s|docker|npm|"
    r"pnpm|yarn|pip|pytest|kotlin|swift|xcode|api level|sdk|unity|cuda|opengl|vulkan|usb|pci|"
    r"bluetooth|wifi|wi-fi|ipv|iso|rfc|pep|owasp|soc|pci dss|mono|laravel|next\.?js|nuxt|vite|"
    r"webpack|fastapi|flutter|dart|scala|elixir|erlang|perl|lua|helm|terraform|graphql|css|html"
)
_ORDINALS = (
    r"phase|weeks?|days?|steps?|sprint|level|tier|version|chapter|section|sec\.|figure|fig\.|"
    r"table|part|stage|task|priority|milestone|group|scenario|case|rule|line|pages?|issue|pr|"
    r"story|requirement|option|round|item|point|appendix|severity|sev|epic|iteration|module|"
    r"lab|grade|class|type|mode|layer|article|annex|release|wave|port|gen|exercise|principle|"
    r"acceptance criteri(?:on|a)|user story|question|example|configuration|config|test case|top|"
    r"season|volume|act|rank|slot|node|row|column|id"
)
_MASKS: tuple[tuple[str, str], ...] = (
    ("placeholder", r"\{\{[^{}]{0,200}\}\}|\[(?!\s?[\"'])[^\[\]]{0,300}\]|\bX{2,}%?|\bN%"),
    (
        "an example",
        r"\b(?:e\.\s?g\.?|eg[.,:]|for (?:example|instance)|such as)[^);]{0,300}",
    ),
    ("a date", r"\b[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?\b|\b[0-9]{1,2}/[0-9]{1,2}/[0-9]{2,4}\b"),
    (
        "a date",
        r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]{0,6}\.? [0-9]{1,4}"
        r"(?:st|nd|rd|th)?(?:, [0-9]{4})?\b|\bq[1-4](?: ?[0-9]{4})?\b"
        r"|\b(?:in|by|of|since|until|before|after|©) (?:19|20)[0-9]{2}\b(?! ?[a-z%])",
    ),
    ("a time of day", r"\b[0-9]{1,2}(?::[0-9]{2})? ?[ap]\.?m\b|\b[0-2]?[0-9]:[0-5][0-9]\b"),
    ("a schedule", r"\b24\s?[/x×]\s?7(?:\s?[/x×]\s?365)?\b"),
    ("a version", r"\bv?[0-9]+\.[0-9]+\.[0-9]+[\w.+-]*|\bv[0-9]+(?:\.[0-9]+)*\b|\b[0-9]+\.x\b"),
    (
        "a version",
        rf"(?:(?<![\w.-])(?:{_PRODUCTS}))[ /-]?(?:version )?\(?(?:>=|<=|[<>≥≤=^~])? ?"
        rf"v?[0-9]+(?:\.[0-9x]+)*\+?{_UNITLESS}(?![a-z0-9])",
    ),
    ("a version", r"\bversion\s?[:=]?\s?[0-9]+(?:\.[0-9]+)*|\b[0-9]+(?:\.[0-9]+)?-(?:bit|core)\b"),
    (
        "an exit code",
        r"\b(?:exit(?:s|ed|ing)?|return(?:ed|s)?|status)(?: with)?(?: (?:codes?|status|value))+"
        r":? ?-?[0-9]+(?:(?:, ?| or |/)[0-9]+)*|\bexit(?:s|ed|ing)?(?: with)? [0-9]+\b",
    ),
    (
        "an HTTP status",
        rf"\b(?:http/?[0-9.]* ?|(?:returns?|returned|returning|status|codes?|errors?|"
        rf"responds with|response)(?: an?)?:? ?){_CODES}(?:(?:/|, ?| or | and |, or )"
        rf"(?:an? )?{_CODES})*\b{_UNITLESS}(?!,?[0-9])(?= ?(?:$|[^\sa-z]|errors?|response|"
        rf"status|ok|or|and|if|when|for|on|is|from|with|to|un|forbid|bad|not|too|conflict))"
        rf"|\b{_CODES}(?:(?:/|, ?| or | and |, or ){_CODES})*(?= (?:errors?|responses?|status|ok|"
        r"created|bad request|unauthorized|forbidden|not found|conflict|too many|internal server|"
        r"no content|is the)\b)|\b(?:an?|the) (?:[45][0-9]{2}|[1-5]xx)(?:, [45][0-9]{2})*"
        r"(?:,? or [45][0-9]{2})?\b(?! ?[a-z%])|\b[1-5]xx\b|\b[45][0-9]{2}s\b",
    ),
    (
        "an id",
        r"(?<![\w.])(?:#[0-9]+|(?!p[0-9]|f1\b|tp[0-9])[a-z]{1,10}(?:-[a-z]{1,12}){0,3}-[0-9]+"
        r"(?:\.[0-9]+)*[a-z]?\b(?:/[0-9]+(?:\.[0-9]+)*)*(?! ?(?:%|[a-z]+/)))",
    ),
    (
        "an id",
        r"\b(?!p[0-9]|f1\b|tp[0-9])[a-z]{1,5}[0-9]+\.[0-9]+(?:\.[0-9]+)*\b|(?<=\w)@[0-9]+\b",
    ),
    (
        "a number in a name",
        rf"\b(?:{_ORDINALS})s?[ -]?#?[0-9]+(?:\.[0-9]+)*(?:\s?[-/&,]\s?[0-9]+(?:\.[0-9]+)*)*\b"
        rf"{_UNITLESS}(?!\s?(?:%|[-+]|[a-z]))",
    ),
    ("a size in two directions", r"\b[0-9]+(?:\.[0-9]+)?(?:px)?\s?[x×]\s?[0-9]+[a-z]{0,4}\b"),
    (
        "a number in a name",
        r"\b(?:first|second|third|last|next|past|previous) [0-9]+ (?:of|days?|weeks?|months?|runs?)\b",
    ),
    ("a list number", r"^ {0,3}[0-9]{1,3}[.)]\s"),
)
_MASK = re.compile("|".join(f"(?:{pattern})" for _, pattern in _MASKS), re.IGNORECASE)
_EACH = tuple((reason, re.compile(pattern, re.IGNORECASE)) for reason, pattern in _MASKS)
_TOKEN = re.compile(
    r"(?P<w>(?:t?p(?:[0-9]{2}(?:\.[0-9]+)?|100|50)(?![0-9])|[^\W\d_][\w']*|_+\w*))"
    r"|(?P<n>(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+(?:_[0-9]+)*)(?:\.[0-9]+)?(?:e[-+]?[0-9]{1,2}\b)?"
    r"|\.[0-9]+)"
    r"|(?P<s><=|>=|=>|=<|==|!=|->|\+/-|[^\w\s\x01])"
    r"|(?P<m>\x01+)",
    re.IGNORECASE,
)
_HAS_DIGIT = re.compile("[0-9]")


def cleaned(text: str) -> tuple[str, list[Masked]]:
    """The text without Markdown and with masked parts, as long as it was."""
    text = text.translate(_PLAIN)
    if "&" in text:
        text = _ENTITY.sub(lambda m: _ENTITIES[m[0]].ljust(len(m[0])), text)
    masked: list[Masked] = []

    def hide(match: re.Match[str]) -> str:
        return " " * len(match[0])

    if "p(" in text:
        text = _PERCENTILE.sub(lambda m: f"p{m[1]}".ljust(len(m[0])), text)
    if "`" in text:
        text = _CODE.sub(lambda m: _code(m, masked), text)
    if "](" in text or "://" in text or "<" in text:
        text = _LINK.sub(hide, text)
    if "__" in text or "~~" in text:
        text = text.replace("__", "  ").replace("~~", "  ")
    if _HAS_DIGIT.search(text):
        text = _MASK.sub(lambda m: _mask(m, masked), text)
    return text, masked


def _code(match: re.Match[str], masked: list[Masked]) -> str:
    """Code keeps its words; numbers in it are no measures, unless it is a comparison."""
    inside = match[0].replace("`", " ")
    if _HAS_DIGIT.search(inside) and not _COMPARISON.fullmatch(inside):
        masked.append(Masked(match.start(), match.end(), "code"))
        return MASK * len(inside)
    return inside


def _mask(match: re.Match[str], masked: list[Masked]) -> str:
    part = match[0]
    reason = next((r for r, pattern in _EACH if pattern.match(match.string, match.start())), "")
    masked.append(Masked(match.start(), match.end(), reason))
    return MASK * len(part)


def tokens(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """The tokens of a cleaned text, or of a part of it."""
    found = []
    for match in _TOKEN.finditer(text, start, len(text) if end is None else end):
        part = match[0]
        found.append(Token(match.lastgroup or "s", part, part.lower(), *match.span()))
    return found
