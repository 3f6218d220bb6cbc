"""A function of the project, called with arguments that are drawn. Runs in a process of its own."""

from __future__ import annotations

import contextlib
import importlib
import inspect
import json
import signal
import time
import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, assume, errors
from hypothesis import strategies as st

from ..errors import ProbeError, did_you_mean
from .document_texts import text
from .documents import arguments, documents
from .drawn_settings import drawn_from
from .references_of_code import is_reference
from .schema_of_types import NotJsonError, plain, schema_of
from .validating import files_of, problem_finder

_SHOWN = 400


class _CounterExampleError(Exception):
    """A call that does not do what the gate asks for."""


class _Stop(BaseException):
    """Nothing more can be drawn. No Exception: neither code of the project nor Hypothesis
    takes it for one of theirs."""


class _TooLong(BaseException):
    """A call that took longer than it may."""


@dataclass
class _Tally:
    examples: int = 0
    returned: int = 0
    rejected: int = 0
    raised: dict[str, int] = field(default_factory=dict)
    failure: dict[str, str] = field(default_factory=dict)
    reason: str = ""


def run(job: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Raises ProbeError where nothing can be called or drawn."""
    function = named(job["of"])
    drawn, told = _arguments(function, job, folder)
    problem = _finder(job["returns"], job, folder, for_result=True)
    allowed = tuple(_exception(name, function) for name in job["raises"])
    tally = _Tally()
    name = job["of"].partition(":")[2]
    end = time.monotonic() + job["seconds"]

    @drawn_from(drawn, job, HealthCheck.data_too_large)
    def example(values: Any) -> None:
        if time.monotonic() > end:
            raise _Stop(f"{job['seconds']:g} s were over")
        if values is _INVALID:
            tally.rejected += not tally.failure
            assume(False)
        call = f"{name}({', '.join(f'{key}={_shown(one)}' for key, one in values.items())})"
        (folder / "last.txt").write_text(call, "utf-8", "backslashreplace")
        tally.examples += not tally.failure
        with _failing(tally, call, job["deadline"]):
            result = _called(function, values, allowed, job["deadline"], tally)
            if result is not _NOTHING and problem is not None:
                _judge(result, problem)

    _drawn_to_the_end(example, tally)
    (folder / "last.txt").unlink(missing_ok=True)
    return {
        "examples": tally.examples,
        "returned": tally.returned,
        "rejected": tally.rejected,
        "raised": tally.raised,
        "failure": tally.failure,
        "reason": tally.reason,
        "drawn": told,
    }


_INVALID, _NOTHING = object(), object()


def _drawn_to_the_end(example: Callable[[], None], tally: _Tally) -> None:
    try:
        example()
    except (_CounterExampleError, _TooLong):
        pass  # told in the tally, as is the smallest that Hypothesis came to
    except _Stop as error:
        tally.reason = "" if tally.failure else str(error)
    except errors.Flaky:
        tally.failure.setdefault("call", "")
        tally.failure["note"] = "the same call did not do the same each time"
    except errors.Unsatisfiable:
        tally.reason = "no example was valid"
    except errors.FailedHealthCheck as error:
        tally.reason = "Hypothesis gave up: " + str(error).partition(". ")[0].partition("\n")[0]
    except ProbeError:
        raise
    except Exception as error:
        told = f"{type(error).__name__}: {error}".splitlines()[0]
        raise ProbeError(f"the arguments cannot be drawn: {told}; write `takes: SCHEMA`") from error


@contextlib.contextmanager
def _failing(tally: _Tally, call: str, deadline: float) -> Iterator[None]:
    """What goes wrong with a call is noted: that of the last one is of the smallest."""
    try:
        yield
    except _CounterExampleError as error:
        tally.failure.update(call=call[:_SHOWN], problem=str(error)[:_SHOWN])
        raise
    except _TooLong:
        # Not made smaller: each attempt could take as long.
        problem = f"did not return within {deadline:g} s"
        tally.failure.update(call=call[:_SHOWN], problem=problem)
        raise


def _judge(result: Any, problem: Callable[[Any], str]) -> None:
    try:
        document = plain(result)
        wrong = problem(document)
    except NotJsonError as error:
        raise _CounterExampleError(f"returned {_shown(result)}: {error}") from error
    except RecursionError as error:
        raise _CounterExampleError("returned something nested without end") from error
    if wrong:
        raise _CounterExampleError(f"returned {json.dumps(document)[:200]}: {wrong}")


def _called(
    function: Callable[..., Any],
    values: Mapping[str, Any],
    allowed: tuple[type[BaseException], ...],
    deadline: float,
    tally: _Tally,
) -> Any:
    """The result of a call, or that there is none since it raised what it may raise."""
    first = not tally.failure
    try:
        with _within(deadline):
            result = _bound(function, values)
            if inspect.iscoroutine(result):
                import asyncio

                result = asyncio.run(result)
    except allowed as error:
        name = type(error).__name__
        tally.raised[name] = tally.raised.get(name, 0) + first
        return _NOTHING
    except (KeyboardInterrupt, _TooLong):
        raise
    except BaseException as error:
        why = f": {error}" if str(error) else ""
        raise _CounterExampleError(f"raised {type(error).__name__}{why}") from error
    if inspect.isgenerator(result) or inspect.isasyncgen(result):
        raise ProbeError(
            "the function gives a generator, which is no value yet: name one that returns a list"
        )
    tally.returned += first
    return result


def _bound(function: Callable[..., Any], values: Mapping[str, Any]) -> Any:
    first = [
        one.name
        for one in _parameters(function).values()
        if one.kind is inspect.Parameter.POSITIONAL_ONLY
    ]
    by_name = {name: value for name, value in values.items() if name not in first}
    return function(*(values[name] for name in first if name in values), **by_name)


@contextlib.contextmanager
def _within(seconds: float) -> Iterator[None]:
    """Stop a call after so many seconds, where the system has a timer for that."""
    if not hasattr(signal, "setitimer"):
        yield
        return

    def stop(*_: object) -> None:
        raise _TooLong

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _shown(value: Any) -> str:
    try:
        return repr(value)
    except Exception as error:  # code of the project: its fault is no fault of the call
        return f"<{type(value).__name__} whose repr raised {type(error).__name__}>"


# --- what is named ------------------------------------------------------------------------


def named(reference: str) -> Any:
    """What `package.module:name` names. Raises ProbeError."""
    module_name, _, path = reference.partition(":")
    try:
        found: Any = importlib.import_module(module_name)
    except BaseException as error:  # code of the project, which may exit too
        raise ProbeError(
            f"{module_name} cannot be imported: {type(error).__name__}: {error}"
        ) from error
    for part in path.split("."):
        if not hasattr(found, part):
            raise ProbeError(
                f'{module_name} has no "{path}"; {did_you_mean(part, map(str, dir(found)))}'
            )
        found = getattr(found, part)
    return found


def _exception(name: str, function: Any) -> type[BaseException]:
    """An exception by its name: built in, of the function's module, or `package.module:Name`."""
    import builtins

    module = inspect.getmodule(function)
    found = named(name) if ":" in name else getattr(builtins, name, None)
    found = found or getattr(module, name, None)
    if not isinstance(found, type) or not issubclass(found, Exception):
        raise ProbeError(
            f'raises: "{name}" is no exception that is known; write `package.module:{name}`'
        )
    return found


def _schema_file(asked: str, folder: Path, for_result: bool) -> tuple[Path | None, str]:
    """The folder and the name of a schema: of a file of the project (no folder), or made of a
    model."""
    if not is_reference(asked):
        return None, asked
    made = schema_of(named(asked), for_result)
    name = "result.json" if for_result else "arguments.json"
    (folder / name).write_text(json.dumps(made), "utf-8")
    return folder, name


def _finder(
    asked: str | None, job: Mapping[str, Any], folder: Path, for_result: bool
) -> Callable[[Any], str] | None:
    if asked is None:
        return None
    where, name = _schema_file(asked, folder, for_result)
    return problem_finder(where or Path(job["root"]), name)


# --- arguments ----------------------------------------------------------------------------


def _parameters(function: Any) -> Mapping[str, inspect.Parameter]:
    try:
        return inspect.signature(function).parameters
    except (TypeError, ValueError) as error:
        raise ProbeError(f"the parameters are not known: {error}; write `takes: SCHEMA`") from error


def _arguments(
    function: Any, job: Mapping[str, Any], folder: Path
) -> tuple[st.SearchStrategy[Any], str]:
    """Arguments by name, or _INVALID for those that the schema refuses; and where from."""
    if not callable(function):
        raise ProbeError(f"{job['of']} cannot be called")
    asked = job["takes"]
    if asked is None:
        return _by_hints(function, job["of"]), "type hints"
    where, name = _schema_file(asked, folder, for_result=False)
    root = where or Path(job["root"])
    problem = problem_finder(root, name)
    kinds = {one.kind for one in _parameters(function).values()}
    made = arguments(files_of(root, name), inspect.Parameter.VAR_KEYWORD in kinds)
    return made.map(lambda one: _INVALID if problem(one) else one), asked


def _by_hints(function: Any, of: str) -> st.SearchStrategy[Any]:
    hints = _hints(function, of)
    needs: dict[str, st.SearchStrategy[Any]] = {}
    may: dict[str, st.SearchStrategy[Any]] = {}
    for name, parameter in _parameters(function).items():
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            continue
        is_needed = parameter.default is parameter.empty
        if name in hints:
            (needs if is_needed else may)[name] = _of_hint(hints[name])
        elif is_needed:
            raise ProbeError(
                f"the parameter {name} of {of} has no type hint; add one, or write `takes: SCHEMA`"
            )
    return st.fixed_dictionaries(needs, optional=may)


def _hints(function: Any, of: str) -> dict[str, Any]:
    target = function
    if not inspect.isfunction(function) and not inspect.ismethod(function):
        name = "__init__" if isinstance(function, type) else "__call__"
        target = getattr(function if isinstance(function, type) else type(function), name)
    try:
        found = typing.get_type_hints(target, include_extras=True)
        if isinstance(function, type):
            found = {**typing.get_type_hints(function, include_extras=True), **found}
    except (NameError, TypeError, AttributeError) as error:
        raise ProbeError(
            f"the type hints of {of} cannot be read: {error}; write `takes: SCHEMA`"
        ) from error
    return found


def _of_hint(hint: Any) -> st.SearchStrategy[Any]:
    st.register_type_strategy(str, text())
    for model in _models(hint):
        # By its constructor Hypothesis would draw what the model refuses.
        st.register_type_strategy(model, _of_model(model))
    try:
        made = st.from_type(hint)
        made.validate()
    except (errors.InvalidArgument, errors.ResolutionFailed, TypeError, NameError) as error:
        raise ProbeError(
            f"no value of {hint!r} can be drawn: {str(error).splitlines()[0]}; "
            "write `takes: SCHEMA`"
        ) from error
    return made


def _models(hint: Any) -> Iterator[Any]:
    """The models of pydantic within a type hint."""
    if isinstance(hint, type) and hasattr(hint, "model_validate"):
        yield hint
    for one in typing.get_args(hint):
        yield from _models(one)


def _of_model(model: Any) -> st.SearchStrategy[Any]:
    from .schema_references import Files

    schema = schema_of(model, for_result=False)

    @st.composite
    def values(draw: Callable[[st.SearchStrategy[Any]], Any]) -> Any:
        try:
            return model.model_validate(draw(documents(Files("model.json", lambda _: schema))))
        except ValueError:
            return assume(False)

    return values()
