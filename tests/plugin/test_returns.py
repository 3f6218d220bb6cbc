"""`returns` and `takes`: functions called with arguments that are drawn, in real runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Outcome, Project

APP = """
    import asyncio, dataclasses, os, sys, time
    from typing_extensions import NotRequired, TypedDict  # those of typing since Python 3.11
    import attrs, msgspec, pydantic

    print("noise at import")

    @dataclasses.dataclass
    class Track:
        title: str
        year: int

    @attrs.define
    class Disc:
        tracks: list[Track]

    class Row(TypedDict):
        title: str
        year: NotRequired[int]

    class Model(pydantic.BaseModel):
        title: str
        year: int = pydantic.Field(ge=1900, le=2100)

    class Struct(msgspec.Struct):
        title: str
        year: int

    class TooOld(Exception): pass

    def fine(title, year):
        print("noise")
        return {"title": title, "year": year}

    def off_by_one(title, year):
        return {"title": title, "year": year + 1}

    def by_hints(title: str, year: int = 2000):
        return {"title": title or "untitled", "year": year}

    def picky(title, year):
        if year < 2000:
            raise TooOld(year)
        return {"title": title, "year": year}

    def pickier(title, year):
        raise TooOld(year)

    async def later(title, year):
        await asyncio.sleep(0)
        return {"title": title, "year": year}

    def gives_items(title, year):
        yield title

    def hangs(title, year):
        while year:
            pass

    def exits(title, year):
        sys.exit(0)

    def dies(title, year):
        os._exit(0)

    def no_json(title, year):
        return {title}

    def no_hint(title):
        return {}

    def track(title: str, year: int) -> Track: return Track(title, year)
    def no_track(title: str, year: int): return Track(title, None if year > 1000 else year)
    def disc(title: str): return Disc([Track(title, 1)])
    def row(title: str): return {"title": title}
    def no_row(title: str): return {"title": title, "artist": title}
    def model(one: Model): return Model(title=one.title, year=one.year)
    def no_model(one: Model): return {"title": one.title, "year": one.year - 1}
    def struct(title: str, year: int): return Struct(title, year)
    def rare(number: int): return {"title": "x", "year": 2000 if number != 10 ** 30 else 0}
    """
TRACK = """
    {"type": "object", "required": ["title", "year"], "properties": {
        "title": {"type": "string", "minLength": 1},
        "year": {"type": "integer", "minimum": 1900, "maximum": 2100}}}
    """
SPEC = """
    spec: x
    gates:
      - {id: fine, returns: schemas/track.json, of: app:fine, takes: schemas/track.json}
      - {id: order, takes: schemas/track.json, of: app:fine, returns: schemas/track.json}
      - {id: off, returns: schemas/track.json, of: app:off_by_one, takes: schemas/track.json}
      - {id: hints, returns: schemas/track.json, of: app:by_hints}
      - {id: takes-fine, takes: schemas/track.json, of: app:fine}
      - {id: takes-picky, takes: schemas/track.json, of: app:picky}
      - {id: takes-raises, takes: schemas/track.json, of: app:picky, raises: TooOld}
      - {id: pickier, takes: schemas/track.json, of: app:pickier, raises: TooOld}
      - {id: later, returns: schemas/track.json, of: app:later, takes: schemas/track.json}
      - {id: items, returns: schemas/track.json, of: app:gives_items, takes: schemas/track.json}
      - {id: hangs, takes: schemas/track.json, of: app:hangs, deadline: 0.3}
      - {id: exits, takes: schemas/track.json, of: app:exits}
      - {id: dies, takes: schemas/track.json, of: app:dies}
      - {id: no-json, returns: schemas/track.json, of: app:no_json, takes: schemas/track.json}
      - {id: no-hint, returns: schemas/track.json, of: app:no_hint}
      - {id: no-module, takes: schemas/track.json, of: ap:fine}
      - {id: no-function, takes: schemas/track.json, of: app:fin}
      - {id: no-reference, takes: schemas/track.json, of: app.py}
      - {id: no-exception, takes: schemas/track.json, of: app:picky, raises: TooYoung}
      - {id: shut, takes: schemas/shut.json, of: app:fine}
      - {id: sparse, takes: schemas/sparse.json, of: app:fine}
      - {id: dataclass, returns: app:Track, of: app:track}
      - {id: no-dataclass, returns: app:Track, of: app:no_track}
      - {id: attrs, returns: app:Disc, of: app:disc}
      - {id: typed-dict, returns: app:Row, of: app:row}
      - {id: no-typed-dict, returns: app:Row, of: app:no_row}
      - {id: pydantic, returns: app:Model, of: app:model}
      - {id: no-pydantic, returns: app:Model, of: app:no_model}
      - {id: takes-pydantic, takes: app:Model, of: app:fine, examples: 20}
      - {id: msgspec, returns: app:Struct, of: app:struct}
    """


@pytest.fixture
def app(project: Project) -> Project:
    project.write("src/app.py", APP)
    project.write("schemas/track.json", TRACK)
    project.write(
        "schemas/shut.json", '{"type": "object", "maxProperties": 0, "required": ["title"]}'
    )
    project.write(
        "schemas/sparse.json",
        '{"required": ["title", "year"], "properties": {"title": {"not": {"type": "string"}}, '
        '"year": {"type": "string", "format": "date", "not": {"pattern": "^[0-9]"}}}}',
    )
    project.write("tests/test_a.py", "def test_a(): pass\n")
    project.config("testpaths = tests\npythonpath = src\nspecgates_allow = call\n")
    return project


def told(outcome: Outcome, name: str) -> list[str]:
    gate = outcome.gate(f"::{name}")
    return [gate["sentence"], *(line for check in gate["checks"] for line in check["evidence"])]


def test_what_becomes_of_functions(app: Project) -> None:
    app.spec(SPEC)
    outcome = app.run()
    statuses = outcome.statuses
    fine = ("fine", "order", "takes-fine", "takes-raises", "later", "dataclass", "attrs")
    passed = {*fine, "typed-dict", "pydantic", "takes-pydantic", "msgspec"}
    assert {name for name, status in statuses.items() if status == "passed"} == passed
    assert told(outcome, "fine") == [
        "no counter-example in 100 examples (app:fine), required none",
        "app:fine: 100 examples from schemas/track.json, 100 returned; seed 0",
    ]
    failed = {
        "off": (
            "off_by_one(title='0', year=2100)",
            'returned {"title": "0", "year": 2101}: /year: 2101 is greater than the maximum of '
            "2100",
        ),
        "hints": (
            "by_hints(title='', year=0)",
            'returned {"title": "untitled", "year": 0}: /year: 0 is less than the minimum of 1900',
        ),
        "takes-picky": ("picky(title='0', year=1900)", "raised TooOld: 1900"),
        "exits": ("exits(title='0', year=1900)", "raised SystemExit: 0"),
        "no-json": (
            "no_json(title='0', year=1900)",
            "returned {'0'}: (the whole result): a set is no value of JSON",
        ),
        "no-dataclass": (
            "no_track(title='', year=1001)",
            'returned {"title": "", "year": null}: /year: null is not of type "integer"',
        ),
        "no-pydantic": (
            "no_model(one=Model(title='', year=1900))",
            'returned {"title": "", "year": 1899}: /year: 1899 is less than the minimum of 1900',
        ),
    }
    for name, (call, problem) in failed.items():
        assert statuses[name] == "failed", name
        assert told(outcome, name)[2:] == [f"counter-example: {call}", f"  {problem}"], name
    assert statuses["no-typed-dict"] == statuses["hangs"] == statuses["dies"] == "failed"
    assert told(outcome, "hangs")[-1] == "  did not return within 0.3 s"
    assert told(outcome, "dies")[-1] == "  the call ended its process (exit 0)"
    unmeasured = {
        "pickier": "app:pickier: 0 of 100 calls returned (100 raised TooOld)",
        "shut": "app:fine: 0 of 100 examples: no example was valid",
        "sparse": "app:fine: 0 of 100 examples: Hypothesis gave up",
    }
    for name, sentence in unmeasured.items():
        assert statuses[name] == "unmeasured", name
        assert told(outcome, name)[0].startswith(sentence), name
    errors = {
        "items": "the function gives a generator, which is no value yet: name one that returns",
        "no-hint": "the parameter title of app:no_hint has no type hint; add one, or write `takes:",
        "no-module": "ap cannot be imported: ModuleNotFoundError: No module named 'ap'",
        "no-function": 'app has no "fin"; did you mean "fine"?',
        "no-reference": "app.py names no function: write `of: package.module:function`",
        "no-exception": 'raises: "TooYoung" is no exception that is known; write `package.module:',
    }
    for name, sentence in errors.items():
        assert statuses[name] == "error", name
        assert told(outcome, name)[0].startswith(sentence), told(outcome, name)
    assert 'pytest --spec-gates "specs/x.spec.yaml::off" draws the same again' in outcome.output
    assert not (app.root / ".hypothesis").exists()

    again = app.run("specs/x.spec.yaml::off")
    assert told(again, "off") == told(outcome, "off")


def test_calls_are_no_tests(app: Project) -> None:
    """Workers draw the examples, and what these cover counts for no gate on coverage. Without the
    setting nothing is called."""
    app.write("tests/test_b.py", "import app\n\ndef test_b(): assert app.row('x')\n")
    gate = "{id: fine, returns: schemas/track.json, of: app:fine, takes: schemas/track.json}"
    covered = "{id: covered, coverage: line > 1%, of: src}"
    app.spec(f"spec: x\ngates:\n  - {covered}\n")
    alone = app.run().gate("covered")["measured"]
    app.spec(f"spec: x\ngates:\n  - {gate}\n  - {covered}\n")
    for more in ((), ("-n", "2")):
        outcome = app.run(*more)
        assert outcome.statuses == {"fine": "passed", "covered": "passed"}
        assert outcome.gate("covered")["measured"] == alone

    app.config("testpaths = tests\npythonpath = src\n")
    outcome = app.run()
    assert outcome.statuses["fine"] == "unmeasured"
    assert told(outcome, "fine")[0] == (
        "calls of functions are not allowed by this project's configuration"
    )
    assert "add `specgates_allow = call` to the pytest configuration" in outcome.output
