"""The project in the current folder, as its configuration files describe it."""

from __future__ import annotations

import os
import posixpath
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import SpecError
from ..model import ATTESTATIONS, WAIVER_DAYS, Surroundings
from ..read import configuration
from ..read.spec_paths import among
from . import files

if TYPE_CHECKING:
    from ..model import Kind
    from ..pipeline import Loaded


@dataclass(frozen=True, slots=True)
class Project:
    """The settings of the plugin; `texts` are those of all specs and the files beside them."""

    root: Path
    allow: frozenset[str]
    latency_statistic: str
    base: str
    waiver_days: int
    python_files: tuple[str, ...]
    norecursedirs: tuple[str, ...]
    attestations: str
    allowed_signers: str
    history: str
    texts: dict[str, str]
    errors: tuple[SpecError, ...]


def _names(paths: Iterable[str]) -> Iterator[str]:
    """The files below the paths, and the paths that are files."""
    for path in paths:
        if os.path.isfile(path):
            yield posixpath.normpath(path.replace(os.sep, "/"))
        for here, folders, names in os.walk(path):
            folders.sort()
            for name in names:
                yield posixpath.normpath(f"{here.replace(os.sep, '/')}/{name}")


def settings() -> configuration.Configuration:
    """What the configuration in the current folder says of pytest. Raises SpecError."""
    found = {name: files.read(Path(name)) for name in configuration.FILES if Path(name).is_file()}
    return configuration.pytest_configuration(found)


def project() -> Project:
    """Read as a whole run of pytest in the current folder reads it. Raises SpecError for a
    configuration file that cannot be read."""
    root = Path.cwd()
    configured = settings()
    paths = configured.items("specgates_paths") or ("specs",)
    texts: dict[str, str] = {}
    errors: list[SpecError] = []
    specs, beside = among(_names(paths), paths)
    for name in (*specs, *beside):
        try:
            texts[name] = files.read(Path(name))
        except SpecError as error:
            errors.append(error)
        except OSError as error:
            errors.append(SpecError(f"cannot be read: {error.strerror or error}", name))
    if not texts and not errors:
        hint = "write a spec, or set `specgates_paths` in the pytest configuration"
        errors.append(SpecError("no spec found", " ".join(paths), hint=hint))
    days = configured.text("specgates_waiver_days")
    return Project(
        root=root,
        allow=frozenset(configured.items("specgates_allow")),
        latency_statistic=configured.text("specgates_latency_statistic"),
        base=configured.text("specgates_base"),
        python_files=configured.items("python_files"),
        norecursedirs=configured.items("norecursedirs"),
        waiver_days=int(days) if days.isascii() and days.isdigit() else WAIVER_DAYS,
        attestations=configured.text("specgates_attestations") or ATTESTATIONS,
        allowed_signers=configured.text("specgates_allowed_signers"),
        history=configured.text("specgates_history"),
        texts=texts,
        errors=tuple(errors),
    )


@dataclass(frozen=True, slots=True)
class Opened:
    """A project with its kinds and its specs, all of which could be read."""

    project: Project
    kinds: dict[str, Kind]
    loaded: Loaded


def opened(base: str = "") -> Opened | None:
    """The project in the current folder; None where something in it cannot be read, or the base
    that is asked for is not there, which is told."""
    from .. import pipeline
    from ..measure import git

    try:
        here = project()
        kinds = pipeline.kinds(latency_statistic=here.latency_statistic)
    except (SpecError, ValueError) as error:
        files.say(str(error), sys.stderr)
        return None
    loaded = pipeline.load(here.texts, kinds, waiver_days=here.waiver_days)
    errors = [*here.errors, *(one for file in loaded.files.values() for one in file.all_errors)]
    for one in errors:
        files.say(str(one), sys.stderr)
    if base and not errors and not git.is_ref(here.root, base):
        files.say(f'--base: "{base}" is not a ref here; fetch it first', sys.stderr)
        return None
    return None if errors else Opened(here, kinds, loaded)


def surroundings(here: Project) -> Surroundings:
    """What the probes of a project may use, without a run of its tests."""
    return Surroundings(
        root=here.root,
        allow=here.allow,
        attestations=here.attestations,
        allowed_signers=here.allowed_signers,
    )
