"""The gate report as one HTML file: no network, no script or style but its own.

It works from a file, without JavaScript too (which only filters and unfolds), on a phone, in
print and in the dark. Texts are escaped by the template, made visible and cut by `html_text`.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from ..model import GateReport, History
from .html_view import view
from .json_report import as_data

if TYPE_CHECKING:
    from jinja2 import Template


def render_html(report: GateReport) -> str:
    return html_of(as_data(report), report.history)


def html_of(data: Mapping[str, Any], history: History | None = None) -> str:
    """The page of a report's JSON data, which are valid under its schema."""
    return _template().render(view(data, history))


@lru_cache(maxsize=1)
def _template() -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    templates = files(__package__) / "templates"
    style, script = ((templates / name).read_text("utf-8") for name in ("gates.css", "gates.js"))
    environment = Environment(
        loader=PackageLoader(__package__),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # They stand in the page as they are, and nothing else may run or style it.
    environment.globals.update(
        style=Markup(style),
        script=Markup(script),
        style_hash=_hash(style),
        script_hash=_hash(script),
    )
    return environment.get_template("gates.html")


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
