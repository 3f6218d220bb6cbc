"""Coverage's data as plain values, and back: to cross from one process to another.

Not as coverage serialises them itself: that is a script of SQL, and loading one that somebody
else wrote would run it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from ..errors import ProbeError
from ..model import Executed, RecordedCoverage
from . import paths


def recorded_coverage(coverage: Any, root: Path, config: str) -> RecordedCoverage:
    """What a `coverage.Coverage` has measured."""
    data = coverage.get_data()
    home = os.path.realpath(root)
    has_arcs = bool(data.has_arcs())
    files: dict[str, dict[str, Executed]] = {
        _shown(name, home): {} for name in sorted(data.measured_files())
    }
    contexts = sorted(data.measured_contexts())
    for context in contexts or [""]:
        if contexts:
            data.set_query_context(context)
        for name in data.measured_files():
            found: Iterable[Any] = (data.arcs(name) if has_arcs else data.lines(name)) or ()
            executed = sorted(found)
            if executed:
                plain = executed if has_arcs else [(line,) for line in executed]
                files[_shown(name, home)][context] = tuple(plain)
    data.set_query_contexts(None)
    sources = coverage.get_option("run:source")
    return RecordedCoverage(
        has_arcs,
        files,
        tuple(_shown(str(s), home) for s in sources) if isinstance(sources, list) else (),
        config,
    )


def _shown(name: str, home: str) -> str:
    """A path relative to the root, where it is an absolute one below it."""
    if not os.path.isabs(name):
        return name
    path = os.path.relpath(os.path.realpath(name), home).replace(os.sep, "/")
    return name if path.startswith("../") else path


def restored_coverage(
    recorded: Sequence[RecordedCoverage], root: Path, config_file: Path | None = None
) -> Any:
    """One `coverage.Coverage` with all that was measured, configured as it was or by another
    file. Raises ProbeError where it cannot be put together: lines in one part and branches in
    another, or two configurations."""
    if len({one.has_arcs for one in recorded}) > 1:
        raise ProbeError("one shard measured branches, another only lines")
    if len({one.config for one in recorded}) > 1:
        raise ProbeError("the shards were measured with different configuration files of coverage")
    import coverage
    from coverage.exceptions import CoverageException

    config: bool | str = True
    if config_file is not None:
        config = str(config_file)
    elif recorded[0].config not in ("", ".coveragerc"):
        found = paths.matching(root, recorded[0].config)
        if found != [recorded[0].config]:
            raise ProbeError(f"coverage was configured by {recorded[0].config}, which is no file")
        config = str(root / found[0])
    try:
        made = coverage.Coverage(data_file=None, config_file=config, branch=recorded[0].has_arcs)
    except CoverageException as error:
        raise ProbeError(f"coverage: {error}") from error
    sources = list(dict.fromkeys(source for one in recorded for source in one.sources))
    if sources:
        made.set_option("run:source", sources)
    data = made.get_data()
    for one in recorded:
        for name, contexts in one.files.items():
            path = os.path.join(os.path.realpath(root), name)
            for context, executed in (contexts or {"": ()}).items():
                data.set_context(context)
                if one.has_arcs:
                    data.add_arcs({path: executed})  # type: ignore[dict-item]  # pairs, by has_arcs
                else:
                    data.add_lines({path: [line for (line,) in executed]})
    return made
