"""What a run tells the CI that it runs in: annotations and the summary of a job."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ..model import GateReport

Environment = Mapping[str, str]


def is_github(environment: Environment) -> bool:
    """Whether this is a step of GitHub Actions."""
    return environment.get("GITHUB_ACTIONS") == "true"


def annotating_commands(report: GateReport, root: Path, environment: Environment) -> list[str]:
    """The commands that annotate criteria in GitHub, one a line; none anywhere else."""
    if not is_github(environment):
        return []
    from ..report.github import render_github

    top = environment.get("GITHUB_WORKSPACE", "")
    folder = ""
    if top and root.resolve().is_relative_to(Path(top).resolve()):
        folder = root.resolve().relative_to(Path(top).resolve()).as_posix()
    return render_github(report, "" if folder == "." else folder).splitlines()


def write_summary(report: GateReport, environment: Environment) -> str:
    """Add the report to the summary of the job, if there is one. Returns why it was not."""
    name = environment.get("GITHUB_STEP_SUMMARY", "")
    if not name or not is_github(environment):
        return ""
    from ..report.markdown import render_markdown

    try:
        # What the step has written before stays.
        with Path(name).open("a", encoding="utf-8", errors="backslashreplace") as summary:
            summary.write(render_markdown(report) + "\n")
    except OSError as error:
        return f"the summary of the job could not be written: {name}: {error.strerror or error}"
    return ""
