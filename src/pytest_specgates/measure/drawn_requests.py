"""The operations of an OpenAPI document, called with requests that are drawn. Runs in a process
of its own: schemathesis takes two seconds to import, and registers with pytest and Hypothesis."""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ..errors import ProbeError
from .drawn_calls import named
from .drawn_settings import drawn_from
from .openapi_files import read_document
from .references_of_code import is_reference

_SHOWN = 600


class _InvalidError(Exception):
    """An answer that is not what the document says."""


class _Stop(BaseException):
    """The time is over."""


def run(job: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """What became of each operation. Raises ProbeError where none can be called."""
    root = Path(job["root"])
    read_document(root, job["schema"])
    try:
        import schemathesis
    except ImportError as error:
        raise ProbeError(
            "an API is measured with schemathesis: pip install pytest-specgates[openapi]"
        ) from error
    try:
        schema: Any = schemathesis.openapi.from_path(
            root / job["schema"], config=schemathesis.Config()
        )
    except Exception as error:
        told = str(error).strip().partition("\n")[0]
        raise ProbeError(f"{job['schema']} is no OpenAPI document: {told}") from error
    end = time.monotonic() + job["seconds"]
    operations: list[dict[str, Any]] = []
    with _calling(schema, job) as keywords:
        for one in schema.get_all_operations():
            operations.append(_operation(one, keywords, end, job))
            if not any(told["statuses"] for told in operations) and _is_unanswered(operations[-1]):
                raise ProbeError(f"no server answers at {job['of']}: start it before the run")
    return {"operations": operations}


def _is_unanswered(told: Mapping[str, Any]) -> bool:
    problems: list[str] = told["failure"].get("problems", [""])
    return problems[0].startswith("ConnectionError")


@contextmanager
def _calling(schema: Any, job: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """How to send a request: to a server, without following it anywhere, or to an app here."""
    if not is_reference(job["of"]):
        import requests

        with requests.Session() as session:
            session.trust_env = False  # no proxy, and no password of this user
            yield {
                "base_url": job["of"],
                "session": session,
                "allow_redirects": False,
                "timeout": job["deadline"],
            }
        return
    app = named(job["of"])
    schema.app = app if not _is_factory(app) else app()
    yield {}


def _is_factory(app: Any) -> bool:
    return inspect.isfunction(app) and not inspect.signature(app).parameters


def _operation(
    found: Any, keywords: Mapping[str, Any], end: float, job: Mapping[str, Any]
) -> dict[str, Any]:
    try:
        operation = found.ok()
    except Exception as error:
        why = str(error).strip().partition("\n")[0]
        raise ProbeError(f"{job['schema']}: {why}") from error
    told: dict[str, Any] = {
        "name": operation.label,
        "calls": 0,
        "statuses": {},
        "failure": {},
        "reason": "",
    }
    example = _example(operation, told, keywords, end, job)
    _to_the_end(example, told, job["seconds"])
    return told


def _example(
    operation: Any,
    told: dict[str, Any],
    keywords: Mapping[str, Any],
    end: float,
    job: Mapping[str, Any],
) -> Callable[[], None]:
    from hypothesis import strategies as st
    from schemathesis import checks
    from schemathesis.specs.openapi import checks as of_openapi

    asked = [
        checks.not_a_server_error,
        of_openapi.status_code_conformance,
        of_openapi.content_type_conformance,
        of_openapi.response_headers_conformance,
        of_openapi.response_schema_conformance,
    ]
    # Those that the document gives as examples are tried among those that are drawn.
    given_there = list(operation.get_strategies_from_examples())

    @drawn_from(st.one_of(*given_there, operation.as_strategy()), job)
    def example(case: Any) -> None:
        if time.monotonic() > end:
            raise _Stop
        first = not told["failure"]
        told["calls"] += first
        try:
            response = case.call(**keywords)
            if first:
                status = str(response.status_code)
                told["statuses"][status] = told["statuses"].get(status, 0) + 1
            case.validate_response(response, checks=asked)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # a group of failures is no Exception
            told["failure"] = {"request": _curl(case), "problems": list(_problems(error))}
            raise _InvalidError from error

    return example


def _curl(case: Any) -> str:
    return str(case.as_curl_command())[:_SHOWN]


def _problems(error: BaseException) -> Iterator[str]:
    for one in getattr(error, "exceptions", ()) or (error,):
        title, message = getattr(one, "title", ""), getattr(one, "message", "")
        text = f"{title}: {message}" if title else f"{type(one).__name__}: {one}"
        yield " ".join(text.split())[:200]


def _to_the_end(example: Callable[[], None], told: dict[str, Any], seconds: float) -> None:
    from hypothesis import errors

    try:
        example()
    except _Stop:
        told["reason"] = f"{seconds:g} s were over"
    except errors.Unsatisfiable:
        told["reason"] = "no request could be drawn"
    except errors.FailedHealthCheck:
        told["reason"] = "few of the requests that were drawn are valid"
    except Exception as error:
        # A failure is told in full already. Anything else broke while a request was drawn.
        if not told["failure"]:
            why = f"{type(error).__name__}: {error}".partition("\n")[0]
            raise ProbeError(f"{told['name']}: no request can be drawn: {why}") from error
