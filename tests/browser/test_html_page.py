"""The HTML report in a real browser: accessible, filtered, printed, small, and without a network.

They need Chromium and `pip install -e ".[browser]"`; where one is missing they are skipped.
"""

from __future__ import annotations

import base64
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from typing import Any

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)
pytest.importorskip("axe_playwright_python", reason='pip install -e ".[browser]"')
if CHROMIUM is None:
    pytest.skip(f"no browser: none of {', '.join(BROWSERS)} is here", allow_module_level=True)

from axe_playwright_python.sync_playwright import Axe  # noqa: E402  # an extra
from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402  # an extra

FILES = {
    "specs/shop.spec.yaml": """
        spec: shop
        scope: src/shop.py
        waivers:
          - gate: docs
            owner: ana
            reason: "<b>not</b> before the summer"
            expires: 2099-12-31
        gates:
          - tests: all pass
            of: tests/unit
          - coverage: branch >= 90%
          - latency: p95 < 1 ns
            of: tests/perf/test_speed.py::test_price
          - latency: p95 < 10 s
            of: tests/perf/test_speed.py::test_price
            id: fast-enough
          - conforms: schemas/order.json
            of: data/*.jsonl
          - exists: docs/missing.md
            id: docs
          - exists: docs/other.md
            level: should
            owner: bea
          - config: steps
            of: README.md
        quality_gates:
          - Unit tests (>90% coverage)
          - "<script>alert(1)</script> works"
          - Monitoring confirms it: {attested: monitoring, stage: post-deploy}
        activities:
          - Think
        """,
    "specs/other.spec.yaml": """
        spec: other
        gates:
          - exists: src/shop.py
        """,
    "src/shop.py": """
        def price(n):
            if n > 0:
                return n * 2
            return 0
        """,
    "tests/unit/test_shop.py": """
        import shop

        def test_price():
            assert shop.price(2) == 4
        """,
    "tests/perf/test_speed.py": """
        import shop

        def test_price(benchmark):
            benchmark.pedantic(shop.price, args=(2,), rounds=100)
        """,
    "schemas/order.json": '{"required": ["amount"]}',
    "data/orders.jsonl": '{"amount": 1}\n{"amunt": 2}\n',
    "README.md": "steps\n",
    "pytest.ini": """
        [pytest]
        testpaths = tests
        specgates_waiver_days = 99999
        pythonpath = src
        addopts = -p no:cacheprovider -p no:randomly
        """,
}


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of the report of a run that shows every section."""
    root = tmp_path_factory.mktemp("page")
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text).lstrip("\n"), "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT", "PYTEST_ADDOPTS"):
            patch.delenv(name, raising=False)
        command = [sys.executable, "-m", "pytest", "--spec-gates", "--spec-gates-report=html"]
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    return (root / "specgates-report.html").as_uri()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as started:
        # Within a container nobody but root is there, and its sandbox cannot be made.
        made = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield made
        made.close()


class Visit:
    """A page that was opened, with what it asked for and complained of."""

    def __init__(self, browser: Browser, address: str, **options: Any) -> None:
        width, height = options.pop("size", (1280, 900))
        self.context = browser.new_context(viewport={"width": width, "height": height}, **options)
        self.page: Page = self.context.new_page()
        self.asked: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(address)

    def __enter__(self) -> Visit:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()

    def shown(self) -> list[str]:
        """The criteria of the gates that can be seen."""
        found = self.page.locator(".gates > li:visible summary > span:nth-child(2)")
        return [text.split("  ")[0].strip() for text in found.all_inner_texts()]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing(browser: Browser, file: str, width: int, scheme: str) -> None:
    with Visit(browser, file, size=(width, 900), color_scheme=scheme) as visit:
        visit.page.locator("#f-open").click()
        found = Axe().run(visit.page).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
        assert visit.complaints == []
        assert visit.asked == [file, "data:,"] or visit.asked == [file]


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_nothing_is_wider_than_the_screen(browser: Browser, file: str, width: int) -> None:
    with Visit(browser, file, size=(width, 700)) as visit:
        visit.page.locator("#f-open").click()
        assert visit.page.evaluate("document.documentElement.scrollWidth") == width


def test_the_verdict_and_what_blocks_stand_on_the_first_screen(browser: Browser, file: str) -> None:
    with Visit(browser, file) as visit:
        first = visit.page.locator(".blocking > li").first
        for part in (visit.page.locator("h1"), first.locator(".b"), first.get_by_text("Next:")):
            box = part.bounding_box()
            assert box is not None
            assert box["y"] + box["height"] < 900
        assert "block" in visit.page.locator("h1").inner_text()
        first.locator("a").click()
        assert visit.page.locator(".gates details[open]").count() == 1


def test_a_bullet_has_its_limit_and_its_good_side(browser: Browser, file: str) -> None:
    with Visit(browser, file) as visit:
        one = visit.page.locator("summary svg.b").filter(has=visit.page.locator("use")).first
        x = int(str(one.locator("use").get_attribute("href"))[2:])
        drawn = base64.b64encode(one.screenshot()).decode()
        colors = visit.page.evaluate(
            """async ([drawn, places]) => {
              const image = new Image();
              image.src = `data:image/png;base64,${drawn}`;
              await image.decode();
              const context = document.createElement("canvas").getContext("2d");
              context.drawImage(image, 0, 0);
              return places.map((x) => [...context.getImageData(x, 1, 1, 1).data].join());
            }""",
            [drawn, [x - 5, x, x + 5, 204]],
        )
        assert len(set(colors)) == 4  # one side, the limit, the other side, and the page


def test_the_filter(browser: Browser, file: str) -> None:
    with Visit(browser, file) as visit:
        page = visit.page
        everything = visit.shown()
        assert len(everything) == 12
        page.get_by_role("button", name="passed").click()
        passed = visit.shown()
        page.get_by_role("button", name="waived").click()
        assert len(visit.shown()) == len(passed) + 1
        assert page.locator("#f-count").inner_text() == f"{len(passed) + 1} of 12 gates"
        page.get_by_role("button", name="Reset").click()
        assert visit.shown() == everything

        page.get_by_label("Text").fill("ORDER schemas")
        assert visit.shown() == ["conforms: schemas/order.json"]
        page.get_by_label("Text").fill("no such words")
        assert visit.shown() == []
        assert page.get_by_text("No gate fits the filter.").is_visible()
        assert not page.locator("details.spec:visible").count()
        page.get_by_label("Text").fill("")

        page.get_by_label("Owner").select_option("bea")
        assert len(visit.shown()) == 1
        page.get_by_role("button", name="Reset").click()
        page.get_by_label("Level").select_option("should")
        assert len(visit.shown()) == 1
        page.get_by_label("Level").select_option("")
        page.get_by_label("Stage").select_option("post-deploy")
        assert len(visit.shown()) == 1
        page.get_by_role("button", name="Reset").click()
        page.get_by_role("button", name="Only what blocks").click()
        assert len(visit.shown()) == page.locator("details.blocks").count() > 3
        assert visit.complaints == []


def test_by_keyboard(browser: Browser, file: str) -> None:
    with Visit(browser, file) as visit:
        page = visit.page
        page.keyboard.press("Tab")
        assert page.locator(":focus").inner_text() == "Skip to the gates"
        page.keyboard.press("Enter")
        for _ in range(20):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.matches('.gates summary')"):
                break
        page.keyboard.press("Enter")
        assert page.locator(".gates details[open]").count() == 1


def test_without_javascript(browser: Browser, file: str) -> None:
    with Visit(browser, file, java_script_enabled=False) as visit:
        page = visit.page
        assert page.locator("h1").inner_text().startswith("Failed")
        assert not page.locator("#filter").is_visible()
        assert len(visit.shown()) == 12
        gate = page.locator(".gates details").first
        gate.locator("summary").click()
        assert gate.locator("dl").is_visible()


def test_in_print_everything_is_unfolded(browser: Browser, file: str) -> None:
    with Visit(browser, file) as visit:
        closed = visit.page.locator(".gates details:not([open]) dl").first
        assert not closed.is_visible()
        visit.page.emulate_media(media="print")
        box = closed.bounding_box()
        assert box is not None
        assert box["height"] > 20
        assert not visit.page.locator("nav").is_visible()


def test_a_hostile_criterion_is_a_text(browser: Browser, file: str) -> None:
    with Visit(browser, file) as visit:
        assert "<script>alert(1)</script> works" in visit.shown()
        assert visit.page.evaluate("document.scripts.length") == 1
        assert "<b>not</b> before the summer" in visit.page.locator("#waivers").inner_text()
