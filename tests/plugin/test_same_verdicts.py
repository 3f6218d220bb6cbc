"""The same verdicts however pytest is run, in every report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Outcome, Project

SPEC = """
spec: all-kinds
scope: src/shop.py
gates:
  - tests: all pass
    of: tests/unit
    id: by-path
  - tests: all pass
    of: marker:slow
    id: by-marker
  - tests: all pass
    of: type:unit
    id: by-type
  - tests: all pass
    of: tests/broken
    id: broken
  - coverage: ">= 90%"
  - coverage: "> 90%"
  - coverage: branch >= 50%
  - latency: p95 < 1 s
    of: tests/perf/test_perf.py::test_fast
  - latency: p95 < 1 us
    of: tests/perf/test_perf.py::test_slow
  - throughput: ">= 1/min"
    of: tests/perf
  - conforms: schema.json
    of: data.jsonl
  - command: python -c "print('hello')"
  - command: python -c "raise SystemExit(3)"
    must: exit 3 within 30 s
  - command: python -c "raise SystemExit(1)"
    id: fails
  - exists: src/shop.py
  - config: name
    of: config.toml
    must: == shop
  - changed: src/**
  - attested: review
  - gates: [latency]
  - gates: [conforms]
validation:
  - All tests pass
  - Nobody knows what this is
later:
  stage: post-deploy
  checklist:
    - exists: src/shop.py
"""


@pytest.fixture
def everything(shop: Project) -> Project:
    shop.spec(SPEC)
    shop.config("testpaths = tests\nspecgates_allow = command\nmarkers =\n    slow: slow tests\n")
    shop.write(
        "tests/perf/test_perf.py",
        """
        import time
        import pytest

        @pytest.mark.benchmark(max_time=0.05)
        def test_fast(benchmark):
            benchmark(sum, range(100))

        def test_slow(benchmark):
            benchmark.pedantic(time.sleep, args=(0.0005,), rounds=60, iterations=1)
        """,
    )
    shop.write(
        "tests/broken/test_more.py",
        """
        import pytest

        @pytest.mark.slow
        def test_ok(): pass

        def test_not_ok(): assert False
        """,
    )
    shop.write("schema.json", '{"type": "object", "required": ["a"]}')
    shop.write("data.jsonl", '{"a": 1}\n{"b": 2}\n')
    shop.write("config.toml", 'name = "shop"\n')
    shop.commit_all()
    shop.write("src/extra.py", "x = 1\n")
    return shop


def _junit_of(outcome: Outcome) -> dict[str, str]:
    return {
        name: told for name, told in outcome.junit.items() if name.startswith("specs.x.spec.yaml")
    }


def test_serial_xdist_no_terminal_and_other_plugins_agree(everything: Project) -> None:
    runs = {
        name: everything.run(*options)
        for name, options in {
            "serial": (),
            "-n 2": ("-n", "2"),
            "-n 2 --dist loadfile": ("-n", "2", "--dist", "loadfile"),
            "no terminal": ("-p", "no:terminal"),
            "no xdist": ("-p", "no:xdist"),
            "reruns": ("--reruns", "1"),
            "timeout": ("--timeout", "60"),
            "verbose": ("-vv",),
        }.items()
    }
    everything.write(
        "pytest.ini",
        "[pytest]\ntestpaths = tests\nspecgates_allow = command\nmarkers =\n    slow: slow\n",
    )
    runs["randomly"] = everything.run()
    runs["randomly, -n 2"] = everything.run("-n", "2")
    serial = runs["serial"]
    assert serial.statuses == {
        "by-path": "passed",
        "by-marker": "passed",
        "by-type": "passed",
        "broken": "failed",
        "coverage-at-least-90-percent": "passed",
        "coverage-over-90-percent": "failed",
        "coverage-branch-at-least-50-percent": "passed",
        "latency-p95-under-1-s": "passed",
        "latency-p95-under-1-us": "failed",
        "throughput-at-least-1-min": "passed",
        "conforms-schema-json": "failed",
        "command-python-c-print-hello": "passed",
        "command-python-c-raise-systemexit-3": "passed",
        "fails": "failed",
        "exists-src-shop-py": "passed",
        "config-name": "passed",
        "changed-src": "passed",
        "attested-review": "unattested",
        "gates-latency": "failed",
        "gates-conforms": "failed",
        "validation::all-tests-pass": "failed",
        "validation::nobody-knows-what-this-is": "unbound",
        "later::exists-src-shop-py": "deferred",
    }
    for name, outcome in runs.items():
        assert outcome.statuses == serial.statuses, name
        assert (outcome.exit, outcome.verdict) == (1, "failed"), name
        assert _junit_of(outcome) == _junit_of(serial), name
        for gate in outcome.report["gates"]:
            key = "specs.x.spec.yaml" + "".join(
                f".{part}" for part in gate["nodeid"].split("::")[1:-1]
            )
            told = outcome.junit[f"{key}::{gate['nodeid'].rpartition('::')[2]}"]
            expected = {"passed": "passed", "deferred": "skipped"}.get(gate["status"], "failure")
            assert told == expected, (name, gate["nodeid"])


OWN_PROCESSES = """
spec: x
gates:
  - {id: slower, regression: latency <= base + 60 %, of: tests/perf/test_perf.py::test_busy}
  - id: larger
    regression: memory <= base + 10 %
    by: tracemalloc
    of: tests/perf/test_perf.py::test_big
  - {id: peak, memory: peak < 64 MiB, of: tests/perf/test_perf.py::test_big}
  - {id: growth, memory: growth <= 1 MiB per 100 calls, of: tests/perf/test_perf.py::test_big}
  - {id: figure, value: accuracy >= 0.9}
  - {id: lost, value: recall >= 0.9}
  - {id: load, latency: p95 < 10 s, of: tests/perf/test_perf.py::test_load}
  - {id: given, coverage: '>= 90%', of: src, from: lcov.info}
"""


def test_what_is_measured_in_processes_of_its_own(shop: Project) -> None:
    shop.spec(OWN_PROCESSES)
    shop.config("testpaths = tests\n")
    shop.write(
        "tests/perf/test_perf.py",
        """
        N = 20_000

        def test_busy(benchmark):
            benchmark(lambda: sum(i * i for i in range(N)))

        def test_big():
            assert len([str(i) for i in range(N)]) == N

        def test_load(measure, record_measurement):
            load = measure(lambda: None, samples=60)
            record_measurement("accuracy", 0.93)
            assert not load.errors
        """,
    )
    shop.commit_base()
    text = (shop.root / "tests/perf/test_perf.py").read_text("utf-8")
    # Tests of the change run on both trees: what is the same here is the same there.
    shop.write("tests/perf/test_perf.py", text + "\n")
    shop.write("lcov.info", "SF:src/shop.py\nDA:1,1\nDA:2,0\nend_of_record\n")
    runs = {
        name: shop.run(*options)
        for name, options in {
            "serial": (),
            "-n 2": ("-n", "2"),
            "no terminal": ("-p", "no:terminal"),
            "no xdist": ("-p", "no:xdist"),
        }.items()
    }
    for name, outcome in runs.items():
        assert outcome.statuses == {
            "slower": "passed",
            "larger": "passed",
            "peak": "passed",
            "growth": "passed",
            "figure": "passed",
            "lost": "unmeasured",
            "load": "passed",
            "given": "failed",
        }, name
        assert (outcome.exit, outcome.verdict) == (1, "failed"), name
