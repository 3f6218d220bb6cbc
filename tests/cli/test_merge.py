"""`specgates merge`: what shards showed is judged as one run would judge it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Project


def specgates(project: Project, *arguments: str) -> tuple[int, str]:
    done = project.specgates(*arguments)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def suite(shop: Project) -> Project:
    """A suite whose parts show different things: branches, a benchmark, marked tests."""
    shop.write(
        "tests/api/test_api.py",
        """
        import sys, pathlib
        sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "src"))
        import pytest
        import shop

        @pytest.mark.spec("x/prices-are-refused")
        def test_refused():
            with pytest.raises(ValueError):
                shop.price(-1, 1)

        def test_speed(benchmark):
            benchmark.pedantic(shop.price, args=(1, 1), rounds=70)
        """,
    )
    shop.spec(
        """
        spec: x
        gates:
          - {id: branches, coverage: branch >= 100%, of: src}
          - {id: lines, coverage: '>= 95%', of: src, per: file}
          - {id: speed, latency: median < 1 s, of: tests/api/test_api.py::test_speed}
          - {id: file, command: 'python -c "print(1)"'}
        quality_gates:
          - Prices are refused: {id: prices-are-refused, tests: all pass, of: tests/api}
        """
    )
    ignored = ("*.json", "*.xml", ".coverage*", "__pycache__", "runpytest-*", "std*", ".benchmarks")
    shop.write(".gitignore", "\n".join(ignored))
    shop.commit_all()
    return shop


def shards(project: Project, *each: tuple[str, ...]) -> list[str]:
    files = []
    for number, arguments in enumerate(each, 1):
        place = f"{number}/{len(each)}"
        done = project.run_bare("--spec-gates", f"--spec-gates-shard={place}", *arguments)
        assert done.exit == 0, done.output
        files.append(f"specgates-shard-{number}-of-{len(each)}.json")
    return files


def values(report: dict[str, Any]) -> dict[str, list[Any]]:
    return {
        gate["nodeid"]: [[check["measurement"]["values"]] for check in gate["checks"]]
        for gate in report["gates"]
        if not gate["nodeid"].endswith(("speed", "file"))
    }


def test_the_values_are_those_of_one_run_and_verify_accepts(suite: Project) -> None:
    files = shards(suite, ("tests/unit",), ("tests/api",))
    whole = suite.run()
    assert whole.exit == 0, whole.output
    code, output = specgates(suite, "merge", *files, "--report=json:merged.json", "--report=md")
    assert code == 0, output
    merged = json.loads((suite.root / "merged.json").read_text("utf-8"))
    assert values(merged) == values(whole.report)
    assert merged["run"]["commit"] == whole.report["run"]["commit"]
    assert [kept["what"] for kept in merged["evidence"]] == ["shard 1 of 2", "shard 2 of 2"]
    assert "merged from 2 of 2 shards" in output
    assert "PASSED: 5 gates, none blocks" in output
    assert "spec gates" in (suite.root / "specgates-report.md").read_text("utf-8").lower()
    code, output = specgates(suite, "verify", "merged.json")
    assert (code, output.strip()) == (0, "ACCEPTED: 5 gates, none blocks")
    (suite.root / files[1]).write_text("{}", encoding="utf-8")
    code, output = specgates(suite, "verify", "merged.json")
    assert code == 3
    assert f"{files[1]} (shard 2 of 2) is not the one that was measured" in output


def test_a_failure_in_one_shard_fails_the_gate(
    suite: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = shards(suite, ("tests/unit",), ("tests/api",))
    second = suite.root / files[1]
    data = json.loads(second.read_text("utf-8"))
    data["results"]["tests/api/test_api.py::test_refused"]["outcome"] = "failed"
    data["errors"] = ["tests/api/test_api.py:6: @pytest.mark.spec: no criterion is named y"]
    second.write_text(json.dumps(data), encoding="utf-8")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(suite.root / "summary.md"))
    code, output = specgates(suite, "merge", *files)
    assert code == 1
    assert "failed: 1 of 2 failing" in output
    assert "no criterion is named y" in output
    assert "\n::error file=specs/x.spec.yaml,line=8,col=5,title=Prices are refused::" in output
    assert (suite.root / "summary.md").read_text("utf-8").startswith("# Spec gates: FAILED: ")


def test_lines_in_one_shard_and_branches_in_the_other(suite: Project) -> None:
    files = shards(suite, ("tests/unit", "--cov=src"), ("tests/api",))
    code, output = specgates(suite, "merge", *files)
    assert code == 1
    assert "unmeasured: one shard measured branches, another only lines" in output


def test_a_shard_without_coverage_says_why(suite: Project) -> None:
    files = shards(suite, ("tests/unit", "--no-cov"), ("tests/api",))
    code, output = specgates(suite, "merge", *files)
    assert code == 1
    assert "shard 1 of 2: coverage was not measured: --no-cov" in output


def test_another_configuration_file_of_coverage_holds_for_all(suite: Project) -> None:
    suite.write("ci.coveragerc", "[report]\nexclude_also =\n    UNUSED\n")
    suite.commit_all()
    given = "--cov-config=ci.coveragerc"
    files = shards(suite, ("tests/unit", given), ("tests/api", given))
    code, output = specgates(suite, "merge", *files, "--report=json:merged.json")
    assert code == 0, output
    assert "1 lines excluded" in (suite.root / "merged.json").read_text("utf-8")
    for config in ("/dev/zero", "../elsewhere", "nowhere.cfg"):
        for name in files:
            data = json.loads((suite.root / name).read_text("utf-8"))
            data["coverage"]["config"] = config
            (suite.root / name).write_text(json.dumps(data), encoding="utf-8")
        code, output = specgates(suite, "merge", *files)
        assert code == 1
        assert config in output


def test_contexts_are_kept(suite: Project) -> None:
    files = shards(suite, ("tests/unit", "--cov=src", "--cov-branch", "--cov-context=test"))
    data = json.loads((suite.root / files[0]).read_text("utf-8"))
    assert "tests/unit/test_shop.py::test_price|run" in data["coverage"]["files"]["src/shop.py"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--spec-gates-shard=3/2",), '"3/2" is not I/N with 1 <= I <= N'),
        (("--spec-gates-shard=two",), '"two" is not I/N'),
        (("--spec-gates-shard=1/2", "specs/x.spec.yaml"), "a shard runs tests only"),
        (("--spec-gates-shard=1/2", "--spec-gates-report=json"), "a shard has no report"),
    ],
)
def test_wrong_usage_of_the_option(suite: Project, arguments: tuple[str, ...], told: str) -> None:
    outcome = suite.run_bare("--spec-gates", *arguments)
    assert outcome.exit == 4
    assert told in outcome.output


def test_a_run_that_was_cut_short_leaves_no_shard(suite: Project) -> None:
    suite.write("tests/unit/test_a.py", "def test_a():\n    assert 0\n")
    (suite.root / "specgates-shard-1-of-1.json").write_text("old", encoding="utf-8")
    outcome = suite.run_bare("--spec-gates", "--spec-gates-shard=1/1", "-x")
    assert outcome.exit == 1
    assert "shard 1 of 1: not written, the run was cut short" in outcome.output
    assert not (suite.root / "specgates-shard-1-of-1.json").exists()


def test_a_shard_that_cannot_be_written_fails_the_run(suite: Project) -> None:
    outcome = suite.run_bare("--spec-gates", "--spec-gates-shard=1/1:pytest.ini/shard.json")
    assert outcome.exit == 1
    assert "the shard could not be written" in outcome.output


def test_the_base_is_compared_too(suite: Project) -> None:
    suite.git("checkout", "-q", "-b", "work")
    suite.write("specs/y.spec.yaml", "spec: y\ngates:\n  - {id: a, exists: src/shop.py}\n")
    suite.commit_all()
    files = shards(suite, ())
    code, output = specgates(suite, "merge", *files, "--base", "main")
    assert code == 0, output
    assert "passed         Nothing is weaker" in output
    code, output = specgates(suite, "merge", *files, "--base", "nowhere")
    assert (code, output) == (2, '--base: "nowhere" is not a ref here; fetch it first\n')


def test_an_unknown_report_format(suite: Project) -> None:
    code, output = specgates(suite, "merge", "x.json", "--report=jsn")
    assert code == 2
    assert '--report: "jsn" is not known; did you mean "json"' in output
