"""Before conftest files load: read the specs, and switch on what their gates need."""

from __future__ import annotations

import argparse
import os
import shlex
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from .. import pipeline
from ..errors import SpecError
from ..measure.coverage_processes import measure_by_configuration
from ..measure.coverage_scope import OF_BRANCHES, UNNAMED, changed_scope
from ..measure.memory_command import line_of
from ..measure.paths import is_pattern
from ..model import Check, Gate, Kind
from ..pipeline.suite import NOT_ENTERED, TEST_FILES
from ..read import configuration
from .selection import Selection, is_supported, relative, select
from .settings import Settings

STARTUP: pytest.StashKey[Startup] = pytest.StashKey()


@dataclass(frozen=True, slots=True)
class Startup:
    """What a run begins with. `switched_on` says what the gates had switched on; `texts`
    are those of all spec files, and of the files beside them, that could be read."""

    settings: Settings
    selection: Selection
    kinds: dict[str, Kind]
    loaded: pipeline.Loaded
    switched_on: tuple[str, ...]
    texts: Mapping[str, str]
    notes: tuple[str, ...] = ()
    outer_coverage: Any = None
    """The coverage that was there before pytest (`coverage run -m pytest`)."""

    def gates(self) -> list[Gate]:
        """The gates that the collected specs call for."""
        return [
            gate
            for path in self.selection.collected
            if path in self.loaded.files
            for gate in self.loaded.files[path].gates
        ]

    def everything(self) -> pipeline.Loaded:
        """All configured specs, also where this run reads only some of them for their gates."""
        if all(p in self.loaded.files for p in self.selection.configured if p in self.texts):
            return self.loaded
        return pipeline.load(self.texts, self.kinds)


def start(config: pytest.Config) -> None:
    """Read the specs that this run can need. Raises UsageError where there are none."""
    namespace = config.known_args_namespace
    settings = Settings.from_config(config, namespace)
    sent: dict[str, list[str]] | None = getattr(namespace, "specgates_selection", None)
    if sent is not None:
        # A worker: the controller has decided, and its arguments hold the specs already.
        selection = Selection(
            tuple(sent["collected"]),
            tuple(sent["configured"]),
            tuple(sent["roots"]),
            tuple(sent["left_out"]),
            sent["narrowed"][0],
            sent["named"] == ["yes"],
            tuple(sent["beside"]),
        )
    else:
        selection = select(
            settings.root,
            config.invocation_params.dir,
            namespace.file_or_dir,
            config.getini("testpaths"),
            _left_out(config, namespace),
            settings.paths,
        )
    if settings.shard is not None:
        if selection.named and sent is None:
            raise pytest.UsageError(
                "--spec-gates-shard: a shard runs tests only; specgates merge judges the specs"
            )
        selection = replace(selection, collected=selection.configured, named=False)
    _check_paths(settings)
    for path in (*selection.collected, *selection.beside):
        if path.startswith("../"):
            raise pytest.UsageError(
                f"--spec-gates: {path} lies outside of the root {settings.root}; "
                "name a root that holds both with --rootdir"
            )
    if not selection.configured and not selection.collected:
        raise pytest.UsageError(_first_spec(settings))
    try:
        kinds = pipeline.kinds(latency_statistic=settings.latency_statistic)
    except ValueError as error:
        raise pytest.UsageError(f"specgates_latency_statistic: {error}") from error
    texts: dict[str, str] = {}
    errors: dict[str, SpecError] = {}
    for path in dict.fromkeys((*selection.configured, *selection.collected, *selection.beside)):
        try:
            texts[path] = pipeline.read_text(settings.root, path)
        except SpecError as error:
            errors[path] = error
    loaded = pipeline.load(texts, kinds, selection.collected, settings.waiver_days)
    if errors:
        unread = {
            path: pipeline.LoadedFile(path, (), (error,))
            for path, error in errors.items()
            if path in selection.collected or path in selection.beside
        }
        loaded = replace(loaded, files={**loaded.files, **unread})
    broken = [path for path in selection.beside if path in loaded.files]
    if broken and selection.collected and sent is None:
        # It is collected for its errors, as a spec that cannot be read is.
        selection = replace(selection, collected=(*selection.collected, *broken))
    made = Startup(settings, selection, kinds, loaded, (), texts)
    if sent is None and not namespace.collectonly:
        gates = made.gates()
        outer = _outer_coverage(namespace)
        switched: tuple[str, ...] = ()
        if outer is None:
            switched = _switch_on_coverage(config, namespace, settings.root, gates)
        switched += _of_memory(gates)
        notes = _two_configurations(namespace, settings.root, gates)
        made = replace(made, switched_on=switched, notes=notes, outer_coverage=outer)
        send = {
            "collected": list(selection.collected),
            "configured": list(selection.configured),
            "roots": list(selection.roots),
            "left_out": list(selection.left_out),
            "narrowed": [selection.narrowed],
            "named": ["yes" if selection.named else "no"],
            "beside": list(selection.beside),
        }
        # Options travel to the workers of pytest-xdist.
        namespace.specgates_selection = send
        config.option.specgates_selection = send
    config.stash[STARTUP] = made


def _left_out(config: pytest.Config, namespace: argparse.Namespace) -> dict[str, str]:
    """The options of the command line that leave tests out without telling, and what they
    leave out: a path or, where nobody can say, "**"."""
    # What stands in addopts is the project's normal whole run; the command line is not.
    given = shlex.split(os.environ.get("PYTEST_ADDOPTS", ""))
    given += [str(argument) for argument in config.invocation_params.args]
    given = list(_with_files(given, config.invocation_params.dir))
    found: dict[str, str] = {}
    for number, argument in enumerate(given):
        setting = _overridden(argument, given[number + 1 : number + 2])
        if setting in _WHAT_IS_COLLECTED:
            found[f"-o {setting}"] = "**"
        option, separator, value = argument.partition("=")
        if option not in ("--ignore", "--ignore-glob"):
            continue
        if not separator:
            value = given[number + 1] if number + 1 < len(given) else ""
        path = relative(config.rootpath, (config.invocation_params.dir / value).resolve())
        found[f"{option}={value}"] = path if option == "--ignore" else "**"
    named = getattr(namespace, "inifilename", None)
    if named and _collects_otherwise(config):
        found[f"-c {named}"] = "**"
    if getattr(namespace, "lf", False):
        found["--last-failed"] = "**"
    if getattr(namespace, "stepwise", False):
        found["--stepwise"] = "**"
    return found


_WHAT_IS_COLLECTED = {
    "addopts": (),
    "norecursedirs": NOT_ENTERED,
    "python_classes": ("Test",),
    "python_files": TEST_FILES,
    "python_functions": ("test",),
    "testpaths": (),
}
"""The settings that decide which tests are collected, and what they are without a text."""


def _collects_otherwise(config: pytest.Config) -> bool:
    """Whether the configuration file of this run has other tests collected than the one that
    the project has in its root."""
    texts = {}
    for name in configuration.PYTEST_FILES:
        file = config.rootpath / name
        if file.is_file() and file != config.inipath:
            texts[name] = file.read_text("utf-8", errors="replace")
    try:
        own = configuration.pytest_configuration(texts)
    except SpecError:
        return True  # nobody can say which tests the project has
    return bool(own.settings) and any(
        tuple(map(str, config.getini(name))) != (own.items(name) or default)
        for name, default in _WHAT_IS_COLLECTED.items()
    )


def _overridden(argument: str, following: Sequence[str]) -> str:
    """The setting of `-o NAME=VALUE`, in any of its spellings; "" for other arguments."""
    if argument in ("-o", "--override-ini"):
        argument = "".join(following)
    elif argument.startswith("--override-ini="):
        argument = argument.partition("=")[2]
    elif argument.startswith("-o"):
        argument = argument[2:]
    else:
        return ""
    return argument.partition("=")[0].strip()


def _with_files(given: Iterable[str], folder: Path) -> Iterator[str]:
    """The arguments, with the lines of `@FILE` in its place, as pytest takes them."""
    for argument in given:
        try:
            lines = (folder / argument[1:]).read_text("utf-8").splitlines()
        except (OSError, ValueError):
            lines = [argument]
        yield from lines if argument.startswith("@") else [argument]


def _check_paths(settings: Settings) -> None:
    """Raises UsageError for a configured path where no spec can be."""
    for text in settings.paths:
        path = settings.root / text
        if text == "specs" or path.is_dir() or (path.is_file() and is_supported(path)):
            continue
        wrong = "specs are not read from such a file" if path.exists() else "no such file or folder"
        raise pytest.UsageError(f"specgates_paths: {text}: {wrong}")


def _first_spec(settings: Settings) -> str:
    where = " ".join(settings.paths) or "nothing"
    return (
        f"--spec-gates: no spec found (looked for *.spec.yaml under: {where}).\n"
        "Write the first one, for example specs/project.spec.yaml:\n"
        "  spec: project\n"
        "  gates:\n"
        "    - tests: all pass\n"
        '    - coverage: ">= 80%"\n'
        "      of: src\n"
        "or set `specgates_paths` in the pytest configuration to where the specs are."
    )


def _outer_coverage(namespace: argparse.Namespace) -> Any:
    """The coverage that measures this process already, unless pytest-cov is asked to. It knows
    nothing of the workers of pytest-xdist: for them pytest-cov is switched on."""
    module = sys.modules.get("coverage")
    has_workers = getattr(namespace, "numprocesses", None) or getattr(namespace, "tx", None)
    if module is None or has_workers or getattr(namespace, "cov_source", None):
        return None
    return module.Coverage.current()


def _switch_on_coverage(
    config: pytest.Config, namespace: argparse.Namespace, root: Path, gates: Iterable[Gate]
) -> tuple[str, ...]:
    """Make pytest-cov measure the scopes of the coverage gates, as if --cov had been given."""
    checks = [check for gate in gates for check in gate.checks if _is_of_run(check)]
    if not checks or not hasattr(namespace, "cov_source"):
        return ()
    if namespace.cov_source or namespace.no_cov:
        return ()
    named = [subject for check in checks for subject in check.subject]
    scopes = [changed_scope(subject) or subject for subject in named]
    folders = _folders(root, [scope for scope in scopes if scope != UNNAMED])
    configured = _configured(namespace)
    folders.extend(f for f in configured.sources if f not in folders)
    everything = UNNAMED in scopes or not all(check.subject for check in checks)
    if everything and not folders:
        folders = [str(root)]
    if not folders:
        return ()  # no scope is there, which the probe tells
    options: dict[str, object] = {"cov_source": folders}
    if not namespace.cov_report:
        options["cov_report"] = {"": None}
    if namespace.cov_fail_under is None:
        # The floor of the configuration was written for --cov, not for these scopes.
        options["cov_fail_under"] = 0
    if any(check.metric in OF_BRANCHES for check in checks) and not namespace.cov_branch:
        # Processes that measure by the configuration alone would go on to measure lines, and
        # data of lines and of branches cannot be put together: pytest-cov would end the run.
        options["cov_branch"] = configured.branches or not configured.is_read_by_processes
    by_test = any(check.options.get("by") for check in checks)
    if by_test and not namespace.cov_context:
        options["cov_context"] = "test"
    for name, value in options.items():
        setattr(namespace, name, value)
        setattr(config.option, name, value)
    shown = ", ".join(
        Path(f).relative_to(root).as_posix() if Path(f).is_relative_to(root) else f for f in folders
    )
    branches = " with branches" if options.get("cov_branch") else ""
    by = ", test by test (which takes longer)" if "cov_context" in options else ""
    return (f"coverage of {shown}{branches}{by}",)


def _of_memory(gates: Iterable[Gate]) -> tuple[str, ...]:
    """That tests run once more for their memory, which takes its time."""
    checks = [check for gate in gates for check in gate.checks if check.kind == "memory"]
    found = dict.fromkeys(subject for check in checks for subject in check.subject)
    tests = [subject for subject in found if not line_of(subject)]
    if not tests:
        return ()
    return (f"memory of {', '.join(tests)}: each test once more, in a process of its own",)


def _is_of_run(check: Check) -> bool:
    """Whether a check asks for coverage that this run measures."""
    return check.kind == "coverage" and "from" not in check.options


def _two_configurations(
    namespace: argparse.Namespace, root: Path, gates: Iterable[Gate]
) -> tuple[str, ...]:
    """That coverage is configured twice, and which configuration counts."""
    if getattr(namespace, "cov_config", "") != ".coveragerc":
        return ()
    if not any(_is_of_run(check) for gate in gates for check in gate.checks):
        return ()
    texts = {}
    for name in configuration.COVERAGE_FILES:
        if (root / name).is_file():
            texts[name] = (root / name).read_text("utf-8", errors="replace")
    first, *others = configuration.coverage_files(texts) or [""]
    if not others:
        return ()
    told = f"coverage is configured by {first}; what {', '.join(others)} says of it does not count"
    return (told,)


def _folders(root: Path, subjects: Iterable[str]) -> list[str]:
    found: list[str] = []
    for subject in subjects:
        fixed = subject
        while is_pattern(fixed):
            fixed = fixed.rpartition("/")[0]
        path = (root / fixed).resolve()
        if not path.is_relative_to(root.resolve()):
            continue
        folder = path if path.is_dir() else path.parent
        if folder.is_dir():
            found.append(str(folder))
    # A folder within another one adds nothing.
    return [
        f
        for f in dict.fromkeys(found)
        if not any(f != other and Path(f).is_relative_to(other) for other in found)
    ]


@dataclass(frozen=True, slots=True)
class _Configured:
    """What the configuration of coverage says. Where processes read it, those that tests start
    know nothing of the options of this run."""

    sources: tuple[str, ...]
    branches: bool
    is_read_by_processes: bool


def _configured(namespace: argparse.Namespace) -> _Configured:
    import coverage

    given = getattr(namespace, "cov_config", ".coveragerc")
    config = coverage.Coverage(config_file=True if given == ".coveragerc" else given)
    sources = config.get_option("run:source")
    return _Configured(
        tuple(map(str, sources)) if isinstance(sources, list) else (),
        bool(config.get_option("run:branch")),
        measure_by_configuration(config),
    )
