"""The pictures of docs/report-html.md, of HTML reports: at two widths, light and dark.

Of the bundled example with a history, in a repository of its own, and of 1,000 gates:

    cp -r examples/lyrics /tmp/lyrics && cd /tmp/lyrics && git init && git add -A
    for n in 1 2 3 4 5 6 7 8; do
        git commit --allow-empty -m "$n"
        pytest --spec-gates --spec-gates-history=.history --spec-gates-report=html
    done
    cd - && python benchmarks/report_cost.py --gates 1000 --runs 20 --keep /tmp
    python scripts/report_screenshots.py /tmp/lyrics/specgates-report.html docs/images report
    python scripts/report_screenshots.py /tmp/lyrics/specgates-report.html docs/images trends trends
    python scripts/report_screenshots.py /tmp/gates-1000.html docs/images thousand

The last argument is the section to begin at. It needs Chromium and `pip install -e ".[browser]"`.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

SIZES = {"wide": (1280, 860), "phone": (390, 780)}
UNFOLD = """(section) => {
  for (const gate of document.querySelectorAll("details.failed")) gate.open = true;
  if (section) document.getElementById(section).scrollIntoView();
}"""


def main(report: str, folder: str, name: str, section: str = "") -> None:
    Path(folder).mkdir(parents=True, exist_ok=True)
    with sync_playwright() as started:
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        browser = started.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for size, (width, height) in SIZES.items():
            for scheme in ("light", "dark"):
                context = browser.new_context(
                    viewport={"width": width, "height": height},
                    color_scheme="dark" if scheme == "dark" else "light",
                )
                page = context.new_page()
                page.goto(Path(report).resolve().as_uri())
                page.evaluate(UNFOLD, section)
                page.screenshot(path=Path(folder, f"{name}-{size}-{scheme}.png"))
                context.close()
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
