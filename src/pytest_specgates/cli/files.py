"""The files that a command's PATH arguments name, and their texts."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import SpecError
from ..read.spec_paths import BESIDE
from ..read.spec_paths import SPEC_ENDINGS as ENDINGS

if TYPE_CHECKING:
    from ..report.recorded import Recorded

_NOT_SEARCHED = frozenset((".git", "__pycache__", ".tox", ".nox", ".venv", "node_modules"))
_MOST_BYTES = 4_000_000


def add_paths(parser: Any) -> None:
    parser.add_argument(
        "paths",
        nargs="*",
        default=["specs"],
        metavar="PATH",
        help="files, and folders with *.spec.yaml and *.spec.yml files (default: specs)",
    )


def files(paths: Sequence[str], endings: tuple[str, ...] = ENDINGS) -> Iterator[Path | SpecError]:
    """The files that paths name, each once; or the error of a path."""
    seen: set[str] = set()
    for text in paths:
        path = Path(text)
        if path.is_dir():
            found = list(_walk(path, endings))
            if not found:
                yield SpecError(
                    "no spec file in this folder",
                    text,
                    hint="a spec file ends in .spec.yaml or .spec.yml; name other files one by one",
                )
        elif path.is_file():
            found = [path]
        else:
            hint = "name the spec files: specgates COMMAND PATH..." if text == "specs" else ""
            yield SpecError("no such file or folder", text, hint=hint)
            continue
        home = _home(path)
        for file in found:
            real = os.path.realpath(file)
            if not _is_within(real, home):
                yield SpecError(
                    "a link that leads elsewhere; the file is as it was",
                    shown(file),
                    hint=f"name the file itself: {real}",
                )
            elif real not in seen:
                seen.add(real)
                yield file


def texts(paths: Sequence[str]) -> tuple[dict[str, str], list[SpecError]]:
    """The texts of the specs that paths name and of the files beside them, by path, and what could
    not be read. A single file brings those that stand in its folder or above it."""
    found: dict[str, str] = {}
    errors: list[SpecError] = []
    for file in files(paths, (*ENDINGS, *BESIDE)):
        if isinstance(file, SpecError):
            errors.append(file)
            continue
        for path in (file, *_beside(file)):
            if shown(path) in found:
                continue
            try:
                found[shown(path)] = read(path)
            except (SpecError, OSError) as error:
                errors.append(_as_spec_error(error, path))
    return found, errors


def _beside(file: Path) -> Iterator[Path]:
    """The bindings and waivers files that pytest takes for a spec: of the outermost folder that
    has one, below the current folder; of a spec that lies elsewhere, those of its own folder."""
    current = Path.cwd()
    absolute = Path(os.path.abspath(file))
    folders = [absolute.parent]
    if current in absolute.parents:
        inner = absolute.relative_to(current).parents
        folders = [folder for folder in reversed(inner) if folder != Path()]
    for folder in folders:
        found = [folder / name for name in BESIDE if (folder / name).is_file()]
        yield from found
        if found:
            return


def _as_spec_error(error: SpecError | OSError, path: Path) -> SpecError:
    if isinstance(error, SpecError):
        return error
    return SpecError(f"cannot be read: {error.strerror or error}", shown(path))


def read(path: Path) -> str:
    """The text of a file. Raises SpecError where it is too large, not UTF-8 or no regular file."""
    if path.exists() and not path.is_file():
        # A pipe has no end while nobody writes to it.
        raise SpecError("not a regular file", shown(path), hint="remove it, or rename it")
    if path.stat().st_size > _MOST_BYTES:
        raise SpecError(f"a file has at most {_MOST_BYTES:,} bytes", shown(path), hint="split it")
    data = path.read_bytes()
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        hint = "save the file as UTF-8"
        raise SpecError("not UTF-8", shown(path), line, hint=hint) from error


def text_of_report(path: Path) -> str:
    """The text of a report or shard. Raises OSError, or ReportError where it is too large."""
    from ..report.recorded import LARGEST, ReportError

    if not path.is_file():
        raise ReportError("there is no such file")
    if path.stat().st_size > LARGEST:
        raise ReportError(f"larger than {LARGEST:,} bytes")
    return path.read_bytes().decode("utf-8", "replace")


def _walk(folder: Path, endings: tuple[str, ...]) -> Iterator[Path]:
    for here, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in _NOT_SEARCHED)
        for name in sorted(names):
            is_beside = name in BESIDE and name in endings and Path(here) == folder
            if name.endswith(ENDINGS) or is_beside:
                yield Path(here, name)


def _home(path: Path) -> str:
    """The real folder that no link may lead out of: the current one, if the path is in it."""
    current = os.getcwd()
    given = os.path.abspath(path)
    if _is_within(given, current):
        return os.path.realpath(current)
    return os.path.realpath(given if path.is_dir() else os.path.dirname(given))


def _is_within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def shown(path: Path) -> str:
    return str(path).replace(os.sep, "/")


def recorded_report(name: str) -> Recorded | None:
    """The JSON report in a file; None where there is none, which has been told."""
    from ..report.recorded import ReportError, read_report

    try:
        return read_report(text_of_report(Path(name)))
    except (OSError, ReportError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        say(f"{name}: {reason}", sys.stderr)
        say("write it with: pytest --spec-gates --spec-gates-report=json:FILE", sys.stderr)
        return None


def say(text: str, to: Any = None, end: str = "\n") -> None:
    """Print, with what the stream cannot hold written as escapes."""
    to = sys.stdout if to is None else to
    encoding = getattr(to, "encoding", None) or "utf-8"
    print(text.encode(encoding, "backslashreplace").decode(encoding), end=end, file=to)


def counted(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def error_as_json(error: SpecError) -> dict[str, Any]:
    names = ("path", "line", "column", "text", "message", "hint")
    return {name: getattr(error, name) for name in names}
