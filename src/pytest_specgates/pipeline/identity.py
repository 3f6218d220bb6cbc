"""What a report says of the process that judged: versions, machine, times."""

from __future__ import annotations

import datetime
import os
import platform

from .. import __version__

_SHOWN_VERSIONS = ("pytest", "pytest-cov", "coverage", "pytest-benchmark", "pytest-xdist")


def versions() -> dict[str, str]:
    from importlib.metadata import PackageNotFoundError, version

    found = {"pytest-specgates": __version__, "python": platform.python_version()}
    for name in _SHOWN_VERSIONS:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def machine() -> dict[str, str]:
    return {
        "system": platform.system(),
        "release": platform.release(),
        "machine": platform.machine(),
        "cpus": str(os.cpu_count() or ""),
    }


def utc(moment: datetime.datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
