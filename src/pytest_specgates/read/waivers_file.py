"""The project's waivers: a `waivers.yaml` beside the specs, for the gates of all of them."""

from __future__ import annotations

from ..errors import SpecError
from ..model import Waiver
from . import spec_keys
from .project_file import read_project_file

NAMES = ("waivers.yaml", "waivers.yml")
_EXAMPLE = (
    "  - gate: checkout/quality.tests-all-pass\n    owner: ana\n"
    "    reason: the vendor mends it\n    expires: YYYY-MM-DD"
)


def is_waivers_file(path: str) -> bool:
    return path.rpartition("/")[2] in NAMES


def read_waivers_file(path: str, text: str) -> tuple[Waiver, ...]:
    """The waivers of such a file. Raises SpecError where it is no mapping with `waivers:`, and
    for a pattern that fits each gate of each spec."""
    found = read_project_file(path, text, "waivers", _EXAMPLE, spec_keys.waivers)
    for waiver in found:
        if not any(sign.isalnum() for sign in waiver.gate):
            raise SpecError(
                f'"{waiver.gate}" waives everything, also what nobody has thought of yet',
                path,
                waiver.span.line,
                waiver.span.column,
                hint="name the gates, for example shop/*",
            )
    return found
