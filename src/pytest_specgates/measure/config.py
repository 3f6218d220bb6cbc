"""`config`: a key is present in, or a value of, a YAML, TOML, JSON or INI file."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from ..errors import ProbeError, SpecError, did_you_mean
from ..ini_toml import read_ini, read_toml
from ..model import (
    Check,
    CounterExample,
    Gate,
    Kind,
    Measurement,
    Metric,
    Possible,
    Surroundings,
    Value,
    absence,
    exact,
)
from ..yaml12 import documents, plain
from . import paths

_LARGEST = 10_000_000
_MISSING = object()


def probe(check: Check, around: Surroundings) -> Measurement:
    values: list[Value] = []
    next_step = ""
    for pattern in check.subject:
        files = paths.matching(around.root, pattern)
        if not files:
            return absence(f"{pattern} is not there", f"create {pattern}, or correct `of:`")
        for name in files:
            data = _load(around, name)
            for key in check.options["asked"]:
                found = _look_up(data, key)
                here = f"{key} of {name}"
                if check.metric == "missing":
                    values.append(Value(here, int(found is _MISSING)))
                elif found is _MISSING:
                    return absence(f"{here} is not set", f"set `{key}` in {name}")
                else:
                    values.append(Value(here, _comparable(found, here, check)))
                if found is _MISSING and isinstance(data, dict):
                    hint = did_you_mean(key.split(".")[0], [str(k) for k in data])
                    next_step = f"set `{key}` in {name}; {hint}"
    return Measurement(tuple(values), next_step=next_step)


def _load(around: Surroundings, name: str) -> Any:
    cached = around.cache.get(("config", name))
    if cached is not None:
        return cached
    path = around.root / name
    if path.stat().st_size > _LARGEST:
        raise ProbeError(f"{name} is larger than {_LARGEST:,} bytes")
    try:
        data = _parse(path.read_text(encoding="utf-8-sig"), name)
    except SpecError as error:
        raise ProbeError(f"{name}:{error.line}: {error.message}") from error
    except (ValueError, RecursionError) as error:
        raise ProbeError(f"{name} cannot be read: {error}") from error
    around.cache["config", name] = data
    return data


def _parse(text: str, name: str) -> Any:
    ending = name.rpartition(".")[2].lower()
    if ending in ("yaml", "yml"):
        node = next(iter(documents(text, name)), None)
        return plain(node) if node is not None else {}
    if ending == "json":
        return json.loads(text)
    if ending == "toml":
        return read_toml(text)
    if ending in ("ini", "cfg"):
        import configparser

        try:
            parser = read_ini(text, configparser.ConfigParser(interpolation=None))
        except configparser.Error as error:
            raise ValueError(str(error).replace("\n", " ")) from error
        return {section: dict(parser[section]) for section in parser.sections()}
    raise ProbeError(f"{name}: a config gate reads .yaml, .yml, .toml, .json, .ini and .cfg")


def _look_up(data: Any, key: str) -> Any:
    """The value at `a.b.0`; a key that has dots itself is found by its longest match."""
    if not key:
        return data
    if isinstance(data, dict):
        parts = key.split(".")
        for length in range(len(parts), 0, -1):
            name = ".".join(parts[:length])
            if name in data:
                return _look_up(data[name], ".".join(parts[length:]))
    elif isinstance(data, list):
        first, _, rest = key.partition(".")
        if first.isascii() and first.isdigit() and int(first) < len(data):
            return _look_up(data[int(first)], rest)
    return _MISSING


def _comparable(found: Any, here: str, check: Check) -> Fraction | float | str | bool:
    if isinstance(found, (bool, float)):
        return found
    if isinstance(found, int):
        return Fraction(found)
    if isinstance(found, str):
        # In an INI file everything is a text; elsewhere a text in quotes is meant as one.
        if here.endswith((".ini", ".cfg")) and isinstance(check.quantity.value, Fraction):
            number = exact(found)
            return found if number is None else number
        return found
    raise ProbeError(f"{here} is a {type(found).__name__}; only one value can be compared")


def possible(check: Check, gate: Gate, around: Surroundings) -> Possible | None:
    """A key of a file is missing, or it is not; a value can be any."""
    if check.metric != "missing":
        return None
    return Possible(highest=Fraction(1), is_whole=True)


def canary(check: Check, wrong: Value, around: Surroundings) -> CounterExample:
    """The probe on a file without the keys, or with the wrong value at them."""
    import tempfile

    value = wrong.value
    if isinstance(value, Fraction):
        value = int(value) if value.denominator == 1 else float(value)
    missing = check.metric == "missing"
    text = json.dumps({} if missing else dict.fromkeys(check.options["asked"], value))
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, _MADE).write_text(text, encoding="utf-8")
        there = replace(around, root=Path(folder).resolve(), cache={})
        return CounterExample(probe(replace(check, subject=(_MADE,)), there))


_MADE = "a-canary.json"

KIND = Kind(
    name="config",
    summary="A key is present in a YAML, TOML, JSON or INI file, or has a value.",
    value={"type": ["string", "array"], "items": {"type": "string"}, "minItems": 1},
    metrics=(
        Metric("missing", "count", ("==",)),
        Metric("value", "any", ("==", "!=", "<", "<=", ">", ">=")),
    ),
    probe=probe,
    possible=possible,
    canary=canary,
    needs="files",
    condition_in="must",
    default_condition="present",
    words={"present": "missing == 0", "set": "missing == 0"},
    subject_is_required=True,
    example="`config: database.path` with `of: config.yaml`",
)
