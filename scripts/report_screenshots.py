"""The pictures of docs/report-html.md, of an HTML report.

    cd examples/lyrics && pytest --spec-gates --spec-gates-report=html
    python scripts/report_screenshots.py examples/lyrics/specgates-report.html docs/images

It needs Chromium and `pip install -e ".[browser]"`.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

SIZES = {"wide": (1280, 860), "phone": (390, 780)}
UNFOLD = """() => {
  for (const gate of document.querySelectorAll("details.failed")) gate.open = true;
}"""


def main(report: str, folder: str) -> None:
    Path(folder).mkdir(parents=True, exist_ok=True)
    with sync_playwright() as started:
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        browser = started.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, (width, height) in SIZES.items():
            for scheme in ("light", "dark"):
                context = browser.new_context(
                    viewport={"width": width, "height": height},
                    color_scheme="dark" if scheme == "dark" else "light",
                )
                page = context.new_page()
                page.goto(Path(report).resolve().as_uri())
                page.evaluate(UNFOLD)
                page.screenshot(path=Path(folder, f"report-{name}-{scheme}.png"))
                context.close()
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
