"""The projects that would fool a gate, and what each tool is asked about them: the cases of
fooling_table.py."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

PYTEST = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly")
PLAIN = (*PYTEST, "-p", "no:specgates")
COVERAGE = (sys.executable, "-m", "coverage")
DIFF_COVER = (str(Path(sys.executable).parent / "diff-cover"), "coverage.xml")

SHOP = """
def price(amount, rate):
    if amount < 0:
        raise ValueError(amount)
    total = amount * rate
    total = total + 1
    total = total - 1
    total = total * 1
    return total


VAT = 1
UNUSED = 2
"""
TEST = """
import shop


def test_price():
    assert shop.price(2, 3) == 6
"""
REFUSED = """
import pytest
import shop


def test_refused():
    with pytest.raises(ValueError):
        shop.price(-1, 1)
"""
SPEED = """
import pytest

now = 0.0
STEP = {step}


def clock():
    return now


def work():
    global now
    now += STEP


@pytest.mark.benchmark(timer=clock)
def test_speed(benchmark):
    benchmark.pedantic(work, rounds={rounds}, iterations=1)
"""


@dataclass(frozen=True)
class Case:
    """`prepare` makes the project; `theirs` runs the tool on it and returns its exit code; `spec`
    and `ours` are what stands for it here. `should` is "fail" where a gate has to stop the
    change, and "pass" where it has nothing to object to."""

    row: int
    way: str
    tool: str
    prepare: Callable[[Project], None]
    theirs: Callable[[Project], int]
    gates: str
    ours: tuple[str, ...] = ()
    should: str = "fail"
    merged: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Project:
    root: Path

    def write(self, name: str, text: str) -> None:
        file = self.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")

    def run(self, *command: str) -> int:
        # The project's own pytest is no part of a run around this one.
        env = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
        done = subprocess.run(
            command, cwd=self.root, env=env, check=False, capture_output=True, text=True
        )
        self.write("last-output.txt", done.stdout + done.stderr)
        return done.returncode

    def git(self, *arguments: str) -> None:
        name = ("-c", "user.name=t", "-c", "user.email=t@example.org")
        if self.run("git", *name, *arguments) != 0:
            raise RuntimeError((self.root / "last-output.txt").read_text("utf-8"))

    def commit(self) -> None:
        if not (self.root / ".git").exists():
            self.git("init", "-q", "-b", "main")
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "all")

    def branch(self) -> None:
        self.commit()
        self.git("checkout", "-q", "-b", "work")


# --- the projects --------------------------------------------------------------------------


def shop(project: Project) -> None:
    """src/shop.py, of 10 statements 9 covered by one test."""
    project.write("src/shop.py", SHOP)
    project.write("tests/unit/test_shop.py", TEST)
    project.write("pytest.ini", "[pytest]\ntestpaths = tests\npythonpath = src\n")
    project.write(".gitignore", "__pycache__\n.coverage*\n*.xml\n*.json\nlast-output.txt\n")


def nearly(project: Project) -> None:
    """Of 500 statements 448 covered: 89.6 %."""
    shop(project)
    covered = "\n".join(f"A{n} = {n}" for n in range(447))
    missed = "\n".join(f"    b{n} = {n}" for n in range(52))
    project.write("src/shop.py", f"{covered}\nif A0 == 1:\n{missed}\n")
    project.write(
        "tests/unit/test_shop.py", "import shop\n\n\ndef test_it():\n    assert shop.A1\n"
    )


def two_suites(project: Project) -> None:
    shop(project)
    project.write("tests/api/test_refused.py", REFUSED)


def never_imported(project: Project) -> None:
    shop(project)
    project.write("src/api.py", SHOP)


def hidden(project: Project) -> None:
    shop(project)
    lines = SHOP.strip("\n").splitlines()
    project.write("src/shop.py", "\n".join(f"{x}  # pragma: no cover" if x else x for x in lines))


def left_over(project: Project) -> None:
    two_suites(project)
    project.run(*PLAIN, "--cov=src", "--cov-report=")
    shutil.rmtree(project.root / "tests/api")


def benchmark(project: Project, step: float = 1.0, rounds: int = 70) -> None:
    shop(project)
    project.write("tests/test_speed.py", SPEED.format(step=1.0, rounds=70))
    project.run(*PLAIN, "--benchmark-save=base", "--benchmark-storage=saved")
    project.write("tests/test_speed.py", SPEED.format(step=step, rounds=rounds))


def twice_as_slow(project: Project) -> None:
    benchmark(project, step=2.0)


def renamed(project: Project) -> None:
    benchmark(project, step=2.0)
    file = project.root / "tests/test_speed.py"
    file.write_text(file.read_text("utf-8").replace("test_speed(", "test_faster("), "utf-8")


def one_round(project: Project) -> None:
    benchmark(project, rounds=1)


def another_machine(project: Project) -> None:
    benchmark(project, step=2.0)
    for file in (project.root / "saved").rglob("*.json"):
        data = json.loads(file.read_text("utf-8"))
        data["machine_info"]["node"] = "another"
        data["machine_info"]["cpu"] = {"brand_raw": "another, half as fast"}
        for one in data["benchmarks"]:
            for name in ("min", "max", "mean", "median"):
                one["stats"][name] *= 2
        file.write_text(json.dumps(data), "utf-8")


def drift(project: Project) -> None:
    """Five steps, each 4 % slower, each compared with and saved after the one before."""
    benchmark(project)
    step = 1.0
    for number in range(5):
        step *= 1.04
        project.write("tests/test_speed.py", SPEED.format(step=step, rounds=70))
        if number < 4:
            code = project.run(*PLAIN, *COMPARE, "--benchmark-save=base")
            assert code == 0, (project.root / "last-output.txt").read_text("utf-8")


def all_skipped(project: Project) -> None:
    shop(project)
    skipped = "import pytest\n\npytestmark = pytest.mark.skip(reason='later')\n"
    project.write("tests/unit/test_shop.py", skipped + TEST)


def newly_skipped(project: Project) -> None:
    two_suites(project)
    project.write("specs/x.spec.yaml", "spec: x\ngates:\n  - {id: g, tests: all pass}\n")
    project.branch()
    text = REFUSED.replace("def test_r", "@pytest.mark.skip(reason='flaky')\ndef test_r")
    project.write("tests/api/test_refused.py", text)
    project.commit()


def lower_floor(project: Project) -> None:
    shop(project)
    gates = "spec: x\ngates:\n  - {id: g, coverage: '>= 95%', of: src}\n"
    project.write("specs/x.spec.yaml", gates)
    project.write(".coveragerc", "[report]\nfail_under = 95\n")
    project.branch()
    project.write("specs/x.spec.yaml", gates.replace("95", "80"))
    project.write(".coveragerc", "[report]\nfail_under = 80\n")
    project.commit()


def changed(text: str) -> Callable[[Project], None]:
    """A change that adds src/more.py, with coverage's XML report of what the tests cover."""

    def prepare(project: Project) -> None:
        shop(project)
        project.branch()
        project.write("src/more.py", text)
        project.commit()
        project.run(*PLAIN, "--cov=src", "--cov-report=xml")

    return prepare


def not_added(project: Project) -> None:
    shop(project)
    project.branch()
    project.write("src/more.py", "def more():\n    return 1\n\n\nX = more\n")
    project.run(*PLAIN, "--cov=src", "--cov-report=xml")


def old_report(project: Project) -> None:
    """The report was made before the change, of lines that stand elsewhere now."""
    shop(project)
    project.branch()
    project.run(*PLAIN, "--cov=src", "--cov-report=xml")
    dead = "    if amount > 10**6:\n        return audit(amount)\n"
    project.write("src/shop.py", SHOP.replace("    total = total + 1\n", dead))
    project.commit()


def unseen_source(project: Project) -> None:
    """The change is in a folder that coverage does not look at."""
    shop(project)
    project.branch()
    project.write("lib/more.py", "def more():\n    return 1\n")
    project.commit()
    project.run(*PLAIN, "--cov=src", "--cov-report=xml")


# --- what the tools are asked for ------------------------------------------------------------

COMPARE = (
    "--benchmark-storage=saved",
    "--benchmark-compare",
    "--benchmark-compare-fail=mean:5%",
)


def cov(floor: int, *arguments: str) -> Callable[[Project], int]:
    return lambda p: p.run(*PLAIN, "--cov=src", f"--cov-fail-under={floor}", *arguments)


def compare(*arguments: str) -> Callable[[Project], int]:
    return lambda p: p.run(*PLAIN, *COMPARE, *arguments)


def combined(*shards: tuple[str, ...]) -> Callable[[Project], int]:
    """The data of the shards are combined; `coverage report` has the floor."""

    def theirs(project: Project) -> int:
        for number, shard in enumerate(shards):
            project.run(*PLAIN, "--cov=src", "--cov-report=", *shard)
            (project.root / ".coverage").rename(project.root / f".coverage.{number}")
        project.run(*COVERAGE, "combine")
        return project.run(*COVERAGE, "report", "--fail-under=90")

    return theirs


def slow_saved_first(project: Project) -> int:
    save = ("--benchmark-autosave",)
    project.run(*PLAIN, *COMPARE, *save)
    return project.run(*PLAIN, *COMPARE, *save)


def diff_cover(*arguments: str) -> Callable[[Project], int]:
    return lambda p: p.run(*DIFF_COVER, "--compare-branch=main", "--fail-under=95", *arguments)


SRC90 = "coverage: '>= 90%'\n    of: src"
SRC95 = "coverage: '>= 95%'\n    of: src"
ALL = "tests: all pass"
SLOW = "latency: mean < 1050 ms\n    of: tests/test_speed.py::test_speed"
P95 = "latency: p95 < 1050 ms\n    of: tests/test_speed.py::test_speed"
SHOP95 = "coverage: '>= 95%'\n    of: src/more.py"

CASES = (
    Case(1, "89.6 % against 90 %", "pytest-cov", nearly, cov(90), SRC90),
    Case(2, "`--no-cov`", "pytest-cov", shop, cov(95, "--no-cov"), SRC95, ("--no-cov",)),
    Case(2, "`--cov` was forgotten", "pytest-cov", shop, lambda p: p.run(*PLAIN), SRC95),
    Case(
        3,
        "`-k`: half of the suite runs, the floor holds for the whole",
        "pytest-cov",
        two_suites,
        cov(95, "-k", "price"),
        SRC95,
        ("-k", "price or g"),
    ),
    Case(
        3,
        "`-k` leaves the slow benchmark out",
        "pytest-benchmark",
        twice_as_slow,
        compare("-k", "price"),
        SLOW,
        ("-k", "price or g"),
    ),
    Case(
        5,
        "bare `--cov`: a file that no test imports",
        "pytest-cov",
        never_imported,
        lambda p: p.run(*PLAIN, "--cov", "--cov-fail-under=80"),
        "coverage: '>= 80%'\n    of: src",
    ),
    Case(6, "`# pragma: no cover` on every line", "pytest-cov", hidden, cov(100), SRC90),
    Case(
        7,
        "data of an earlier run are added to",
        "pytest-cov",
        left_over,
        cov(95, "--cov-append"),
        SRC95,
        ("--cov-append",),
    ),
    Case(
        8,
        "one of two shards is missing, its tests cover nothing new",
        "coverage",
        two_suites,
        combined(("tests/unit",)),
        SRC90,
        merged=(("1/2", "tests/unit"),),
    ),
    Case(
        9,
        "the same shard twice",
        "coverage",
        two_suites,
        combined(("tests/unit",), ("tests/unit",)),
        SRC90,
        merged=(("1/2", "tests/unit"), ("1/2:again.json", "tests/unit")),
    ),
    Case(
        10,
        "`-n 2` turns benchmarks off",
        "pytest-benchmark",
        twice_as_slow,
        compare("-n", "2"),
        SLOW,
        ("-n", "2"),
    ),
    Case(11, "the slow benchmark is renamed", "pytest-benchmark", renamed, compare(), SLOW),
    Case(
        11,
        "`--benchmark-skip`",
        "pytest-benchmark",
        twice_as_slow,
        compare("--benchmark-skip"),
        SLOW,
        ("--benchmark-skip",),
    ),
    Case(12, "one round decides", "pytest-benchmark", one_round, compare(), P95),
    Case(
        14,
        "the slow run is saved as the baseline, and run again",
        "pytest-benchmark",
        twice_as_slow,
        slow_saved_first,
        SLOW,
    ),
    Case(
        15,
        "the baseline is of a machine half as fast",
        "pytest-benchmark",
        another_machine,
        compare(),
        SLOW,
    ),
    Case(16, "five steps, each 4 % slower", "pytest-benchmark", drift, compare(), SLOW),
    Case(21, "every test is skipped", "pytest", all_skipped, lambda p: p.run(*PLAIN), ALL),
    Case(
        22,
        "the failing test gets a skip mark",
        "pytest",
        newly_skipped,
        lambda p: p.run(*PLAIN),
        "",
        ("--spec-gates-base=main",),
    ),
    Case(
        32,
        "the floor is lowered in the same change",
        "pytest-cov",
        lower_floor,
        lambda p: p.run(*PLAIN, "--cov=src"),
        "",
        ("--spec-gates-base=main",),
    ),
    Case(
        6,
        "new code under `# pragma: no cover`",
        "diff-cover",
        changed("def more():  # pragma: no cover\n    return 1\n"),
        diff_cover(),
        SHOP95,
    ),
    Case(
        7,
        "the XML report is older than the change",
        "diff-cover",
        old_report,
        diff_cover(),
        "coverage: '>= 95%'\n    of: src/shop.py",
    ),
    Case(
        5,
        "the new file is not known to git yet",
        "diff-cover",
        not_added,
        diff_cover(),
        SHOP95,
    ),
    Case(
        20,
        "the change lies where coverage does not look",
        "diff-cover",
        unseen_source,
        diff_cover(),
        "coverage: '>= 95%'\n    of: lib",
    ),
    Case(
        0,
        "nothing is wrong: 90 % against 90 %",
        "pytest-cov",
        shop,
        cov(90),
        SRC90,
        should="pass",
    ),
    Case(
        0,
        "nothing is wrong: as fast as before",
        "pytest-benchmark",
        benchmark,
        compare(),
        SLOW,
        should="pass",
    ),
)
