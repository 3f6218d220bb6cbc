"""The formats of reports that are installed: the built-in ones and those of other packages."""

from __future__ import annotations

from ..errors import SpecError
from ..model import Format
from ..report.formats import FORMATS

ENTRY_POINTS = "pytest_specgates.formats"
"""The entry point group by which another package adds formats. The name of the entry point is
that of the format."""


def formats() -> dict[str, Format]:
    """The formats by name. Raises SpecError for one that cannot be used."""
    from importlib.metadata import entry_points

    found = dict(FORMATS)
    for point in entry_points(group=ENTRY_POINTS):
        made = point.load()
        if not isinstance(made, Format):
            raise SpecError(f"the entry point {point.value} is not a Format", point.name)
        if point.name in found:
            raise SpecError(f'the format "{point.name}" is there already', point.value)
        found[point.name] = made
    return found


def known_formats(asked: tuple[str, ...]) -> dict[str, Format]:
    """The formats among which those that are asked for are found, if there are such: other
    packages are looked at only for a name that is not built in."""
    return dict(FORMATS) if all(name in FORMATS for name in asked) else formats()
