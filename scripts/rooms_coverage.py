"""Line coverage of the rooms read, understand and judge by their own tests, at least 90 %.

A pytest plugin is imported before pytest-cov starts, so its own coverage is measured around
pytest: `coverage run -m pytest`. Exit code 0 if every room reaches the floor.

    python scripts/rooms_coverage.py
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

FLOOR = 90
ROOMS = ("read", "understand", "judge")
SOURCE = "src/pytest_specgates"
REPEATED = (
    "test_fuzz.py::test_the_script_finds_nothing",
    "test_line_layout.py::test_it_comes_to_the_same_as_without",
    "test_loosened_schema.py::test_what_is_called_no_looser_lets_no_record_pass_that_was_refused",
    "test_nothing_dropped.py::test_every_text_is_somewhere",
    "test_pattern_of_lines.py::",
    "test_proving.py::test_lint_says_what_prove_says",
    "test_proving.py::test_limits_of_one_metric_pass_together_or_not",
    "test_proving.py::test_what_is_said_of_a_check_holds_for_all_values",
)
"""The tests that draw hundreds of cases: traced they take most of the time, and cover the lines
that the others cover too."""


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        data = f"--data-file={Path(folder, 'coverage')}"
        coverage = [sys.executable, "-m", "coverage"]
        source = "--source=" + ",".join(f"{SOURCE}/{room}" for room in ROOMS)
        tests = ["-m", "pytest", "tests/rooms", "-q", "-p", "no:cacheprovider"]
        tests += [f"--deselect=tests/rooms/{name}" for name in REPEATED]
        run = subprocess.run([*coverage, "run", data, source, *tests], check=False)
        if run.returncode:
            return run.returncode
        results = [
            subprocess.run(
                [
                    *(*coverage, "report", data, f"--fail-under={FLOOR}", "--precision=2"),
                    f"--include={SOURCE}/{room}/*",
                ],
                check=False,
            )
            for room in ROOMS
        ]
    return max(result.returncode for result in results)


if __name__ == "__main__":
    sys.exit(main())
