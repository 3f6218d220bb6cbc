"""The process in which examples are drawn: `python -m ...drawn_process FOLDER`.

The folder has `job.json`; `told.json` is written into it, and `last.txt`, the call that is under
way. A process of its own: what code of the project does (print, exit, hang, crash) ends no run,
and what it covers is covered by no test.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any


def main(folder: Path) -> None:
    job: dict[str, Any] = json.loads((folder / "job.json").read_text("utf-8"))
    sys.path[:] = [*job["path"], *(one for one in [job["root"]] if one not in job["path"])]
    from hypothesis.configuration import set_hypothesis_home_dir

    from ..errors import ProbeError

    set_hypothesis_home_dir(folder / "hypothesis")  # nothing is left in the project
    try:
        module = import_module(f".drawn_{job['what']}", __package__)
        told = module.run(job, folder)
    except ProbeError as error:
        told = {"error": str(error)}
    (folder / "told.json").write_text(json.dumps(told), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
