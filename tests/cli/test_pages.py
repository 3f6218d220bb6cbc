"""The pages on the command and on prose are true: each output, and each row of their tables."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

from pytest_specgates import pipeline
from pytest_specgates.cli.main import main
from pytest_specgates.understand.prose import read_text
from pytest_specgates.understand.stated import sentence

DOCS = Path(__file__).parents[2] / "docs"
COMMANDS = (DOCS / "commands.md").read_text("utf-8")
PROSE = (DOCS / "prose.md").read_text("utf-8")
_FILE = re.compile(r"<!-- file: (\S+) -->\n```\w*\n(.*?)```", re.DOTALL)
# What fix prints is in test_fix.py: its file is broken, and would break the other examples.
_SHOWN = re.compile(
    r"^```console\n(?P<line>\$ (?!specgates fix)[^\n]*)\n(?P<out>.*?)^```",
    re.DOTALL | re.MULTILINE,
)


@pytest.mark.parametrize("shown", list(_SHOWN.finditer(COMMANDS)), ids=lambda match: match["line"])
def test_the_command_prints_what_its_page_shows(
    shown: re.Match[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in _FILE.findall(COMMANDS):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text, "utf-8")
    typed, _, command = shown["line"].rpartition(" | ")
    monkeypatch.setattr("sys.stdin", io.StringIO(typed.removeprefix("$ echo ").strip("'")))
    main(command.removeprefix("$ ").removeprefix("specgates ").split())
    assert capsys.readouterr().out.rstrip() == shown["out"].rstrip()


def _rows(heading: str) -> list[tuple[str, str]]:
    table = PROSE.partition(f"## {heading}")[2].partition("\n## ")[0]
    rows = [line.strip("|").split(" | ") for line in table.splitlines() if line.startswith("| ")]
    return [(text.strip(), meant.strip()) for text, meant in rows[1:]]


@pytest.mark.parametrize(("text", "meant"), [*_rows("Limits"), *_rows("Violations")])
def test_a_sentence_of_the_page_is_read_as_it_says(text: str, meant: str) -> None:
    found = read_text(text, "Success criteria").thresholds
    assert ("; ".join(map(sentence, found)) or "nothing") == meant


@pytest.mark.parametrize(("text", "reason"), _rows("Numbers that are no limits"))
def test_a_number_of_the_page_is_not_taken(text: str, reason: str) -> None:
    meaning = read_text(text, None)
    assert meaning.thresholds == ()
    assert reason in [aside.reason for aside in meaning.asides]


@pytest.mark.parametrize(("text", "reason"), _rows("From a reading to a gate"))
def test_a_sentence_of_the_page_is_unbound_for_its_reason(text: str, reason: str) -> None:
    file = pipeline.load({"x.spec.yaml": f"spec: x\ngates:\n  - {text}\n"}, pipeline.kinds())
    (gate,) = file.files["x.spec.yaml"].gates
    assert gate.reading.checks == ()
    assert reason in gate.reading.reason


def test_the_tables_are_found() -> None:
    assert len(_rows("From a reading to a gate")) > 6
    assert len(_rows("Limits")) > 10
    assert len(_rows("Violations")) > 4
    assert len(list(_SHOWN.finditer(COMMANDS))) == 4
