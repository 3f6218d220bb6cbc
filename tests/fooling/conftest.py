"""What several rows share: a benchmark whose clock is not real, so that its times are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Project


@pytest.fixture
def clocked(project: Project) -> Project:
    """A benchmark that takes the times (in seconds) of times.json, one for each round.

    Sums of powers of two are taken exactly.
    """
    project.write(
        "tests/test_speed.py",
        """
        import json
        import pathlib

        import pytest

        now = 0.0


        def clock():
            return now


        def work(times):
            global now
            now += times.pop(0) if times else 0.0


        @pytest.mark.benchmark(timer=clock)
        def test_speed(benchmark):
            times = json.loads(pathlib.Path("times.json").read_text())
            benchmark.pedantic(work, args=(times,), rounds=len(times), iterations=1)
        """,
    )
    project.config("testpaths = tests\n")
    return project
