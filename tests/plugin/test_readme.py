"""The README is true: its files, its command, its output; and every spec of the docs loads."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pytest_specgates import pipeline
from pytest_specgates.read.markdown import spec_blocks

if TYPE_CHECKING:
    from conftest import Project

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
PAGES = sorted((ROOT / "docs").rglob("*.md"))
_BLOCK = re.compile(r"<!-- (?P<name>[^>]+?) -->\n```\w*\n(?P<text>.*?)```", re.DOTALL)
_NUMBER = re.compile(r"\d[\d,]*(\.\d+)?(e-?\d+)?|\b(us|ms|s)\b")


def blocks() -> dict[str, str]:
    return {match["name"]: match["text"] for match in _BLOCK.finditer(README)}


def without_numbers(line: str) -> str:
    return " ".join(_NUMBER.sub("#", line.rstrip(".")).replace("=", "").replace("_", "").split())


def test_the_first_screen_is_what_the_command_prints(project: Project) -> None:
    for name, text in blocks().items():
        if name.startswith("file: "):
            project.write(name.removeprefix("file: "), text)
    project.write(
        "src/shop.py", "def price(n):\n    if n > 0:\n        return n * 2\n    return 0\n"
    )
    project.write(
        "tests/unit/test_shop.py",
        """
        import shop

        def test_some(): assert shop.price(2) == 4
        def test_none(): assert shop.price(0) == 0
        """,
    )
    project.write(
        "tests/perf/test_speed.py",
        """
        import time

        def test_price(benchmark):
            benchmark.pedantic(time.sleep, args=(0.006,), rounds=59)
        """,
    )
    project.write("schemas/order.json", '{"required": ["amount"]}')
    project.write("data/orders.jsonl", '{"amount": 1}\n{"amount": 2}\n')
    project.config("testpaths = tests\npythonpath = src\n")
    output = project.run_bare("--spec-gates", "--color=no").output
    printed = [without_numbers(line) for line in output.splitlines()]
    shown = [line for line in blocks()["output"].splitlines()[1:] if line.strip(" .")]
    assert len(shown) > 20
    for line in shown:
        # Where a line was cut hangs on the digits of the time in it.
        end = -4 if line.endswith("...") else None
        assert any(one.startswith(without_numbers(line)[:end]) for one in printed), line


def test_the_commands_are_there_for_a_fresh_machine() -> None:
    for name in ("run: example", "run: tests"):
        assert blocks()[name].startswith("python3 -m venv .venv && .venv/bin/pip install")


def test_every_local_link_leads_somewhere() -> None:
    for page in (ROOT / "README.md", *PAGES):
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_specs_of_a_page_load(page: Path) -> None:
    text = page.read_text("utf-8")
    if any(True for _ in spec_blocks(text)):
        file = pipeline.load({page.name: text}, pipeline.kinds()).files[page.name]
        assert [str(error) for error in file.all_errors] == []


def test_every_kind_has_a_page_with_an_example() -> None:
    for name in pipeline.kinds():
        page = (ROOT / "docs" / "kinds" / f"{name}.md").read_text("utf-8")
        assert f"{name}: " in page


@pytest.mark.parametrize("of", ["spec", "report"])
def test_the_published_schemas_are_those_of_the_code(of: str) -> None:
    made = pipeline.spec_schema(pipeline.kinds()) if of == "spec" else pipeline.report_schema()
    published = (ROOT / "docs" / "schemas" / f"{of}.schema.json").read_text("utf-8")
    assert json.loads(published) == made
