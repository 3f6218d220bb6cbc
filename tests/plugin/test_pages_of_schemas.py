"""The pages of `returns` and `compatible` are true: their files make what they show."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Project

KINDS = Path(__file__).parents[2] / "docs/kinds"
_BLOCK = re.compile(
    r"<!-- (?P<what>\w+)(?:: (?P<name>\S+))? -->\n```\w*\n(?P<text>.*?)```", re.DOTALL
)


def blocks(page: str) -> list[tuple[str, str, str]]:
    text = (KINDS / page).read_text("utf-8")
    return [(found["what"], found["name"], found["text"]) for found in _BLOCK.finditer(text)]


def without_counts(line: str) -> str:
    """How many examples it takes hangs on the version of Hypothesis."""
    return re.sub(r"\d+ (examples?|returned)", r"# \1", line.strip())


def test_the_pages_show_what_a_run_prints(project: Project) -> None:
    returns, compatible = blocks("returns.md"), blocks("compatible.md")
    for what, name, text in (*returns, *compatible):
        if what in ("file", "base"):
            project.write(name, text)
    order = next(text for what, name, text in returns if name == "schemas/order.json")
    project.write("schemas/order.json", order)
    project.write("schemas/changed.json", {w: t for w, _, t in compatible}["base"])
    project.write("tests/test_a.py", "def test_a(): pass\n")
    project.write(".gitignore", "__pycache__\nreport.json\njunit.xml\nstd*\nrunpytest-*\n")
    project.config("testpaths = tests\npythonpath = src\nspecgates_allow = call\n")
    project.commit_base()
    project.write("schemas/changed.json", {w: t for w, _, t in compatible}["now"])
    project.spec("spec: y\ngates:\n  - compatible: schemas/changed.json\n", name="y")
    project.git("add", "-A")
    project.git("commit", "-q", "-m", "change")
    outcome = project.run("--color=no")
    commit = project.git("rev-parse", "main").strip()[:10]
    printed = outcome.output.replace(commit, "0" * 10).replace("changed.json", "order.json")
    lines = [without_counts(line) for line in printed.splitlines()]
    for page in (returns, compatible):
        (shown,) = (text for what, _, text in page if what == "output")
        for line in shown.splitlines():
            assert without_counts(line) in lines, line
    assert outcome.statuses["returns-shop-price"] == "passed"
