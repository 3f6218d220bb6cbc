"""What long work may use beside workers of pytest-xdist."""

from __future__ import annotations

import pytest

from pytest_specgates.adapter.long_work import cores


def test_a_worker_has_its_share_of_the_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT"):
        monkeypatch.delenv(name, raising=False)
    alone = cores()
    assert alone >= 1
    monkeypatch.setenv("PYTEST_XDIST_WORKER", "gw0")
    assert cores() == 1
    for workers in (1, 2, 1_000):
        monkeypatch.setenv("PYTEST_XDIST_WORKER_COUNT", str(workers))
        assert cores() == max(alone // workers, 1)
