"""Examples that a process of its own draws: what it is asked for, and what it tells."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from ..errors import ProbeError
from ..model import Surroundings
from .command import bounded


def told_by_process(job: dict[str, Any], limit: float, around: Surroundings) -> dict[str, Any]:
    """What the process tells of a job. `{"ended": how, "last": call}` where it ended before it
    told something, within a call. Raises ProbeError where it ended elsewhere."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        asked = {**job, "path": sys.path, "root": str(around.root), "seconds": limit}
        (folder / "job.json").write_text(json.dumps(asked), "utf-8")
        argv = (sys.executable, "-m", f"{__package__}.drawn_process", str(folder))
        # It ends by itself before: that is for a call which does not let itself be stopped.
        done = bounded(argv, limit * 1.5 + 10, around)
        file, last = folder / "told.json", folder / "last.txt"
        if file.is_file():
            told: dict[str, Any] = json.loads(file.read_text("utf-8"))
            if told.get("error"):
                raise ProbeError(told["error"])
            return told
        how = "did not end" if done.exit is None else f"ended its process (exit {done.exit})"
        if last.is_file() and (call := last.read_text("utf-8", "replace")):
            return {"ended": how, "last": call}
        lines = [line for line in done.output.splitlines() if line.strip()]
        raise ProbeError(f"drawing examples {how}: {lines[-1] if lines else 'no output'}")
