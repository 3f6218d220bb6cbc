"""`specgates lint`: each rule on a spec that breaks it and on one that does not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pytest_specgates.cli.main import main


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "specs").mkdir()
    return tmp_path


def spec(text: str, name: str = "x") -> None:
    Path(f"specs/{name}.spec.yaml").write_text(f"spec: {name}\n{text}")


def found(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[tuple[str, int]]:
    """(rule, line) of each finding."""
    code = main(["lint", "--format=json", *arguments])
    report = json.loads(capsys.readouterr().out)
    assert report["errors"] == []
    assert code == (1 if report["findings"] else 0)
    return [(finding["rule"], finding["line"]) for finding in report["findings"]]


def rule(capsys: pytest.CaptureFixture[str], name: str) -> list[int]:
    return [line for rule, line in found(capsys) if rule == name]


def test_a_sound_spec_has_no_finding(capsys: pytest.CaptureFixture[str]) -> None:
    spec('gates:\n  - coverage: ">= 90%"\n    of: src\n  - exists: README.md\n')
    assert main(["lint"]) == 0
    assert capsys.readouterr().out == "nothing found in 2 criteria\n"


@pytest.mark.parametrize(
    "gate",
    [
        '{coverage: ">= 0%", of: src}',
        '{throughput: ">= 0/s", of: tests/a.py}',
        '{command: "true"}',
        '{command: "echo fine"}',
        "{exists: .}",
        "{conforms: empty.json, of: data}",
        "{conforms: true.json, of: data}",
        '"Error rate <= 100%"',
        '"Uptime >= 0%"',
    ],
)
def test_what_cannot_fail_is_vacuous(gate: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("empty.json").write_text('{"$schema": "x", "title": "all"}')
    Path("true.json").write_text("true")
    spec(f"gates:\n  - {gate}\n")
    assert rule(capsys, "vacuous") == [3]


@pytest.mark.parametrize(
    "gate",
    [
        '{coverage: ">= 1%", of: src}',
        '{coverage: ">= 0%", of: src, reason: a floor to start from}',
        '{command: "make check"}',
        "{exists: docs}",
        "{conforms: strict.json, of: data}",
        "{conforms: missing.json, of: data}",
        '"Error rate < 1%"',
        '"Change of the size against the baseline >= 0%"',
    ],
)
def test_what_can_fail_or_is_meant_is_not(gate: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("strict.json").write_text('{"required": ["id"]}')
    spec(f"gates:\n  - {gate}\n")
    assert rule(capsys, "vacuous") == []


def test_a_schema_outside_of_the_folder_is_not_read(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder.parent / "outer.json").write_text("{}")
    spec("gates:\n  - {conforms: ../outer.json, of: data}\n")
    assert rule(capsys, "vacuous") == []


def test_what_no_value_meets_is_impossible(capsys: pytest.CaptureFixture[str]) -> None:
    spec('gates:\n  - {coverage: "> 100%", of: src}\n  - Uptime >= 110%\n  - Uptime >= 100%\n')
    assert rule(capsys, "impossible") == [3, 4]


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("TODO write it", True),
        ("TBD", True),
        ("Answers within X ms", True),
        ("Export [NEEDS CLARIFICATION: which format?]", True),
        ("Covers [MODULE NAME]", True),
        ("Covers <FEATURE NAME>", True),
        ("At least N% of users", True),
        ("Shows the to-do list", False),
        ("Sorted by size [A-Z]", False),
    ],
)
def test_placeholders(text: str, is_one: bool, capsys: pytest.CaptureFixture[str]) -> None:
    spec(f'validation:\n  - "{text}"\n')
    assert rule(capsys, "placeholder") == ([3] if is_one else [])


def test_what_nobody_can_measure(capsys: pytest.CaptureFixture[str]) -> None:
    spec("validation:\n  - System should be fast\n  - Response time < 1 s\n  - Users can log in\n")
    assert rule(capsys, "unmeasurable") == [3]


def test_contradictions_within_a_spec(capsys: pytest.CaptureFixture[str]) -> None:
    spec(
        'gates:\n  - {coverage: ">= 90%", of: src}\n  - {coverage: ">= 80%", of: src}\n'
        '  - {coverage: ">= 80%", of: lib}\n  - {latency: p95 < 1 s, of: tests/a.py}\n'
        "  - {latency: p99 < 2 s, of: tests/a.py}\n  - Error rate < 1%\n  - Error rate < 2%\n"
    )
    spec('gates:\n  - {coverage: ">= 70%", of: src}\n', name="y")
    assert rule(capsys, "contradiction") == [4, 9]


def test_the_same_limit_twice_contradicts_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    spec(
        'gates:\n  - {coverage: ">= 90%", of: src, id: a}\n'
        '  - {coverage: ">= 90%", of: src, id: b}\n'
    )
    assert rule(capsys, "contradiction") == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pyproject.toml", "[tool.coverage.report]\nfail_under = 15\n"),
        (".coveragerc", "[report]\nfail_under = 15\n"),
        (
            "setup.cfg",
            "[coverage:report]\nfail_under: 15\n".replace(":", "=", 2).replace(
                "coverage=", "coverage:"
            ),
        ),
        ("pytest.ini", "[pytest]\naddopts = --cov --cov-fail-under=15\n"),
        (
            "codecov.yml",
            "coverage:\n  status:\n    project:\n      default:\n        target: 15%\n",
        ),
        ("codecov.yml", "coverage: {status: {project: {default: {target: 15%}}}}\n"),
        (".codecov.yml", "coverage:\n  status:\n    project: {target: '15'}\n"),
    ],
)
def test_configuration_that_says_another_floor(
    name: str, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path(name).write_text(text)
    spec("scope: src\nvalidation:\n  - Unit tests (>90% coverage)\n")
    assert main(["lint"]) == 1
    out = capsys.readouterr().out
    assert "says" in out
    assert f"config: {name}:" in out
    assert "15, the spec says 90 %" in out


def test_configuration_that_agrees_or_is_of_something_else(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path(".coveragerc").write_text("[report]\nfail_under = 90\n[other]\nfail_under = 3\n")
    Path("codecov.yml").write_text(
        "coverage:\n  status:\n    patch:\n      default:\n        target: 15%\n"
    )
    spec("scope: src\nvalidation:\n  - Unit tests (>90% coverage)\n")
    assert rule(capsys, "config") == []


def test_ids_and_names_that_clash(capsys: pytest.CaptureFixture[str]) -> None:
    spec("validation:\n  - Works!\n  - Works?\n  - Works otherwise\n")
    Path("specs/z.spec.yaml").write_text("spec: x\ngates:\n  - exists: a\n")
    assert found(capsys, "--ignore=unmeasurable") == [("clash", 4), ("clash", 1)]


def test_a_binding_that_fits_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    Path("specs/bindings.yaml").write_text(
        "bindings:\n  Docs written: {exists: README.md}\n  Docs wirtten: {exists: README.md}\n"
    )
    spec("validation:\n  - Docs written\n")
    assert rule(capsys, "unused-binding") == [3]


def test_a_spec_that_cannot_be_read_is_an_error_of_the_run(
    capsys: pytest.CaptureFixture[str],
) -> None:
    spec("gates:\n  - covrage: 1\n    of: src\n")
    assert main(["lint"]) == 2
    assert 'specs/x.spec.yaml:3:5: unknown kind of gate "covrage"' in capsys.readouterr().err
    assert main(["lint", "--format=json"]) == 2
    assert json.loads(capsys.readouterr().out)["errors"][0]["line"] == 3


def test_rules_can_be_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    spec("validation:\n  - System should be fast\n")
    assert found(capsys, "--ignore=unmeasurable") == []
    assert main(["lint", "--ignore=unmesurable"]) == 2
    assert 'did you mean "unmeasurable"' in capsys.readouterr().err
    assert main(["lint", "nowhere"]) == 2
