"""The report in a browser: what accounts wrote never runs, nothing leaves, map and evidence can be reached, also without a mouse.

Needs Debian's Chromium (`apt-get install chromium`), the extra `browser` (Playwright, without its own browsers) and, for the
accessibility rules, `npm ci` in scripts/assets.
"""

import os
import re
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from test_htmlreport import FLAGGED, HOSTILE, NOON, QUIET, World

import cib
from cib.htmlreport import explore

CHROMIUM = os.environ.get("CIB_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
AXE = Path(__file__).parents[1] / "scripts" / "assets" / "node_modules" / "axe-core" / "axe.min.js"
SOFTWARE = ["--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--no-sandbox", "--disable-dev-shm-usage"]
LISTEN = """
window.seen = [];
document.addEventListener("securitypolicyviolation", (event) => window.seen.push(`${event.violatedDirective} ${event.sample}`));
for (const name of ["alert", "confirm", "prompt", "open"]) window[name] = () => window.seen.push(name);
"""
pytestmark = pytest.mark.browser


def missing(reason: str) -> None:
    if os.environ.get("CIB_REQUIRE_BROWSER") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def chromium():
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("Playwright is not installed: pip install 'cib[browser]'")
    if not CHROMIUM:
        missing("no Chromium on this machine: apt-get install chromium, or name one in CIB_CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SOFTWARE)
        yield browser
        browser.close()


class Visit:
    """A page opened from its file, and everything that happened on it that should not."""

    def __init__(self, chromium, path: Path, **settings):
        self.context = chromium.new_context(**{"viewport": {"width": 1280, "height": 900}, **settings})
        self.page = self.context.new_page()
        self.page.set_default_timeout(15_000)
        self.requests: list[str] = []
        self.errors: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        self.page.on("dialog", lambda dialog: self.errors.append(dialog.message))
        self.page.add_init_script(LISTEN)
        self.page.goto(path.as_uri())
        self.path = path

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.context.close()

    def explore(self) -> None:
        self.page.get_by_role("button", name="Explore the map").click()
        self.page.wait_for_selector(".stage canvas")

    def assert_quiet(self) -> None:
        """Nothing ran that is not ours, nothing was asked of the network, the policy was never tried, the page is still there."""
        assert self.page.evaluate("window.seen") == []
        assert self.errors == []
        assert self.requests == [self.path.as_uri()]
        assert len(self.context.pages) == 1


@pytest.fixture(scope="session")
def hostile(tmp_path_factory) -> Path:
    """A page of a case with something hostile in every text that files bring in: ids, names, texts, objects, platforms, files."""
    world = World(tmp_path_factory.mktemp("browser"), [FLAGGED, *QUIET])
    fields = {"account_id", "account_a", "account_b", "post_id", "post_a", "post_b", "source_file_a", "source_file_b"}
    for rows in world.rows.values():
        for number, row in enumerate(rows):
            bad = HOSTILE[number % len(HOSTILE)]
            for name in row.keys() & fields:
                row[name] = f"{row[name]}{HOSTILE[int(re.sub('[^0-9]', '', row[name]) or 0) % len(HOSTILE)]}"
            for name in row.keys() & {"platform", "platform_a", "platform_b", "post_platform_a", "post_platform_b"}:
                row[name] = HOSTILE[1]
            if "surprise_bits" in row:
                row |= {"first_at": NOON + timedelta(hours=number % 30), "last_at": NOON + timedelta(hours=number % 30 + 4)}
            if "object" in row:
                row |= {"object": bad, "graph": "co_text" if number % 2 else "co_link"}
            if "targets" in row:
                row |= {"targets": HOSTILE, "domains": HOSTILE, "url_keys": HOSTILE}
    return world.write().path


@pytest.fixture(scope="session")
def report(case) -> Path:
    return next(case.glob("runs/*/report/index.html"))


def test_nothing_that_an_account_wrote_runs_wherever_it_is_shown(chromium, hostile):
    with Visit(chromium, hostile) as visit:
        page = visit.page
        visit.explore()
        for handle in HOSTILE:
            page.fill("#account-search", handle[:3])
            page.wait_for_timeout(150)
        page.fill("#account-search", "C001-004")
        page.keyboard.press("Enter")
        page.wait_for_selector(".panel .ties-of button")
        for _ in range(2):
            page.locator(".ties-of button").last.click()
            page.wait_for_selector(".panel blockquote")
            page.locator(".ends button").last.click()
        page.hover(".stage")
        page.locator(".period [type=range]").first.focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(100)
        for head in page.locator("#evidence thead button").all():
            head.click()
        page.fill("#evidence-search", "<img")
        page.wait_for_timeout(250)
        assert page.locator("#evidence tbody tr").count() > 0
        assert "<img src=x onerror=alert(2)>" in page.locator("#evidence tbody").inner_text()
        assert page.locator("img, iframe, object, form, base, svg[onload], body style").count() == 0
        visit.assert_quiet()


def test_a_link_leads_only_where_the_page_allows(chromium, hostile):
    with Visit(chromium, hostile) as visit:
        visit.page.locator("#evidence thead button").first.click()
        links = visit.page.eval_on_selector_all("a[href]", "links => links.map(a => [a.getAttribute('href'), a.rel])")
        outward = {(href, rel) for href, rel in links if not href.startswith("#")}
        assert outward == {("https://ok.example/p/1", "noopener noreferrer")}


def test_the_policy_stops_what_does_not_stand_in_it(chromium, hostile, tmp_path):
    """The test above must be able to fail: the same page with a foreign script, handler and picture shows three violations."""
    foreign = "<script>window.seen.push('ran')</script><p id=h onclick=alert(1)>x</p><img src='https://evil.example/x.png'>"
    broken = tmp_path / "broken.html"
    broken.write_text(hostile.read_text(encoding="utf-8").replace("<main>", f"<main>{foreign}", 1), encoding="utf-8")
    with Visit(chromium, broken) as visit:
        visit.page.click("#h")
        visit.page.wait_for_timeout(200)
        seen = visit.page.evaluate("window.seen")
        assert sorted(one.split()[0] for one in seen) == ["img-src", "script-src-attr", "script-src-elem"]


def test_from_search_to_account_to_tie_to_its_evidence_by_keyboard(chromium, report):
    with Visit(chromium, report) as visit:
        page = visit.page
        button = page.get_by_role("button", name="Explore the map")
        button.focus()
        page.keyboard.press("Enter")
        page.wait_for_selector(".stage canvas")
        assert page.evaluate("document.activeElement.id") == "account-search"
        island = page.evaluate("JSON.parse(document.getElementById('explore-data').textContent)")
        account = island["accounts"]["ties"].index(max(island["accounts"]["ties"]))
        page.keyboard.type(island["accounts"]["id"][account])
        page.keyboard.press("Enter")
        page.wait_for_selector(".panel .ties-of")
        assert page.locator(".panel h3").inner_text() == island["accounts"]["name"][account]
        assert page.evaluate("document.activeElement.tagName") == "H3"
        page.wait_for_timeout(200)
        assert page.locator(".found li").count() == 0
        while page.evaluate("!document.activeElement.closest('.ties-of')"):
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_selector(".panel .ends")
        assert "bits: by chance 1 in" in page.locator(".panel").inner_text()
        assert page.locator(".panel blockquote").count() % 2 == 0
        page.locator(".stage").focus()
        for key in ("+", "ArrowLeft", "-", "0", "Escape"):
            page.keyboard.press(key)
        assert "Choose an account to see its ties" in page.locator(".panel").inner_text()
        visit.assert_quiet()


def test_a_click_on_an_account_and_on_a_line_opens_them(chromium, report):
    with Visit(chromium, report, reduced_motion="reduce") as visit:
        page = visit.page
        visit.explore()
        page.fill(
            "#account-search", page.evaluate("JSON.parse(document.getElementById('explore-data').textContent).accounts.id[0]")
        )
        page.keyboard.press("Enter")
        page.wait_for_selector(".panel .ties-of")
        page.wait_for_timeout(300)
        page.locator(".stage").scroll_into_view_if_needed()
        box = page.locator(".stage").bounding_box()
        for step in range(1, 16):  # its group fills the stage: soon a click meets a line
            page.mouse.click(box["x"] + box["width"] * (0.3 + 0.03 * step), box["y"] + box["height"] * 0.45)
            page.wait_for_timeout(400)  # two clicks within a third of a second would be one double click
            if page.locator(".panel .ends").count():
                break
        assert page.locator(".panel").get_by_text("How do you know?").count() == 1
        page.locator(".ends button").first.click()
        assert page.locator(".panel .ties-of button").count() > 0
        visit.assert_quiet()


def test_filters_leave_the_accounts_and_ties_of_what_was_chosen(chromium, report):
    with Visit(chromium, report) as visit:
        page = visit.page
        visit.explore()
        island = page.evaluate("JSON.parse(document.getElementById('explore-data').textContent)")
        n = island["accounts"]["group"].count(0)
        page.locator(".tools select").first.select_option("0")
        assert page.locator("#explore [role=status]").inner_text().startswith(f"{n} accounts, ")
        page.locator(".tools select").first.select_option("")
        assert page.locator("#explore [role=status]").inner_text().startswith(f"{len(island['accounts']['x']):,} accounts, ")


def test_the_period_is_chosen_by_keyboard_and_leaves_the_ties_that_met_in_it(chromium, report):
    with Visit(chromium, report) as visit:
        page = visit.page
        visit.explore()
        island = page.evaluate("JSON.parse(document.getElementById('explore-data').textContent)")
        status, n = page.locator("#explore [role=status]"), island["period"]["n"]
        spans = list(zip(island["ties"]["first"], island["ties"]["last"], strict=True))
        assert n > 20
        start, end = page.get_by_label("Ties that met from"), page.locator("#period-until")
        start.focus()
        for _ in range(5):
            page.keyboard.press("ArrowRight")
        page.wait_for_timeout(200)
        assert f"{sum(last >= 5 for _, last in spans):,} ties" in status.inner_text()
        assert start.get_attribute("aria-valuetext") > island["period"]["start"]
        end.focus()
        for key in ("Home", *["ArrowRight"] * 9):
            page.keyboard.press(key)
        page.wait_for_timeout(200)
        assert page.locator(".period [type=range]").evaluate_all("all => all.map(one => one.value)") == ["0", "9"]
        assert f"{sum(first <= 9 for first, _ in spans):,} ties" in status.inner_text()
        assert 0 < sum(first <= 9 for first, _ in spans) < len(spans)
        page.locator(".tools select").first.select_option("0")
        page.wait_for_timeout(200)
        assert re.search(r"\d ties? (is|are) shown", status.inner_text())
        visit.assert_quiet()


def test_a_page_in_another_language_speaks_it_when_it_is_explored(chromium, hostile, tmp_path):
    shutil.copytree(hostile.parents[3], tmp_path / "case")
    page_path = Path(cib.report(tmp_path / "case", language="de")["report"])
    with Visit(chromium, page_path) as visit:
        page = visit.page
        page.get_by_role("button", name="Die Karte erkunden").click()
        page.wait_for_selector(".stage canvas")
        assert re.search(r"\d Konten, \d+ Verbindungen sind zu sehen", page.locator("#explore [role=status]").inner_text())
        page.fill("#account-search", "C001-004")
        page.keyboard.press("Enter")
        page.locator(".ties-of button").first.click()
        panel = page.locator(".panel").inner_text()
        assert re.search(r"\d+ Bits: zufällig 1 zu ", panel)
        assert re.search(r"\d\d\.03\.2024 \d\d:\d\d bis \d\d\.03\.2024", panel)
        page.locator("#evidence thead button").last.click()
        assert re.search(r"\d,\d$", page.locator("#evidence tbody tr").first.inner_text())
        assert "04.03.2024" in page.locator("#evidence tbody").inner_text()
        visit.assert_quiet()


def test_a_card_shows_its_group_on_the_map(chromium, report):
    with Visit(chromium, report) as visit:
        page = visit.page
        island = page.evaluate("JSON.parse(document.getElementById('explore-data').textContent)")
        n = island["accounts"]["group"].count(1)
        page.locator(f"#{island['groups'][1]['id']}").get_by_role("button", name="Show on the map").click()
        page.wait_for_selector(".stage canvas")
        assert page.locator("#explore [role=status]").inner_text().startswith(f"{n} accounts, ")
        assert page.locator(".tools select").first.input_value() == "1"
        visit.assert_quiet()


def test_the_table_sorts_filters_and_turns(chromium, report):
    with Visit(chromium, report) as visit:
        page = visit.page
        n = page.evaluate("JSON.parse(document.getElementById('explore-data').textContent).meetings.a.length")
        assert n > explore.MAX_LINES
        status = page.locator("#evidence [data-status]")
        assert status.inner_text() == f"Lines 1 to 100 of {n:,} meetings."
        written = page.locator("#evidence tbody").inner_text()
        bits = page.locator("#evidence th", has_text="Bits")
        bits.locator("button").click()
        assert bits.get_attribute("aria-sort") == "descending"
        column = [float(one) for one in page.locator("#evidence tbody tr td:last-child").all_inner_texts()]
        assert column == sorted(column, reverse=True)
        page.get_by_role("button", name="Further lines").click()
        assert status.inner_text() == f"Lines 101 to {min(n, 200)} of {n:,} meetings."
        bits.locator("button").click()
        assert bits.get_attribute("aria-sort") == "ascending"
        page.locator("#evidence select").first.select_option("0")
        groups = set(page.locator("#evidence tbody th").all_inner_texts())
        assert len(groups) == 1
        assert page.locator("#evidence tbody").inner_text() != written
        days = sorted(time[:10] for time in page.locator("#evidence tbody time").all_inner_texts())
        page.get_by_label("From").fill(days[-1])
        assert {time[:10] for time in page.locator("#evidence tbody td:nth-child(5) time").all_inner_texts()} == {days[-1]}
        page.get_by_label("Until").fill("1999-01-01")
        assert status.inner_text() == "Lines 0 to 0 of 0 meetings."


def test_the_first_lines_of_the_table_are_those_that_were_written(chromium, hostile):
    """Rows drawn by the script look as the rows of the page without it: same cells, same text."""
    cells = "rows => rows.map(row => Array.from(row.cells, cell => cell.textContent.trim()))"
    with Visit(chromium, hostile, java_script_enabled=False) as plain, Visit(chromium, hostile) as visit:
        without = plain.page.locator("#evidence tbody tr").evaluate_all(cells)
        visit.page.fill("#evidence-search", "c00")
        visit.page.wait_for_timeout(250)
        assert visit.page.locator("#evidence tbody tr").evaluate_all(cells) == without


@pytest.mark.parametrize("settings", [{"java_script_enabled": False}, {}], ids=["without JavaScript", "with"])
def test_the_page_reads_without_a_script_and_offers_nothing_that_would_not_work(chromium, report, settings):
    with Visit(chromium, report, **settings) as visit:
        assert visit.page.locator("#map svg.network").is_visible()
        assert visit.page.locator("#evidence tbody tr").count() == explore.MAX_LINES
        assert (visit.page.locator("button").count() == 0) == ("java_script_enabled" in settings)


def test_print_shows_the_picture_and_no_controls(chromium, report):
    with Visit(chromium, report) as visit:
        visit.explore()
        visit.page.emulate_media(media="print")
        assert visit.page.locator("#map svg.network").is_visible()
        assert not visit.page.locator("button").first.is_visible()
        assert not visit.page.locator(".stage").is_visible()


BREAKS = {
    "none": "HTMLCanvasElement.prototype.getContext = () => null",
    "fails": "WebGL2RenderingContext.prototype.createShader = () => null",
}


@pytest.mark.parametrize("how", BREAKS)
def test_without_webgl_the_picture_stays_and_the_page_says_why(chromium, report, how):
    with Visit(chromium, report) as visit:
        visit.page.evaluate(BREAKS[how])
        visit.page.get_by_role("button", name="Explore the map").click()
        assert "does not offer the WebGL" in visit.page.locator("#explore [role=status]").inner_text()
        assert visit.page.locator(".stage, #explore .tools").count() == 0
        assert visit.page.locator("#map svg.network").is_visible()


@pytest.mark.parametrize(("scheme", "name"), [("light", "report"), ("dark", "hostile")])
def test_axe_finds_nothing_serious(chromium, request, scheme, name):
    if not AXE.is_file():
        missing("axe-core is not there: npm ci in scripts/assets")
    with Visit(chromium, request.getfixturevalue(name), color_scheme=scheme, bypass_csp=True) as visit:
        page = visit.page
        visit.explore()
        page.fill("#account-search", "a")
        page.keyboard.press("Enter")
        page.wait_for_selector(".panel .ties-of")
        page.locator(".ties-of button").first.click()
        page.evaluate(
            "document.querySelectorAll('.card:first-of-type details, #method details').forEach((one) => one.open = true)"
        )
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate("axe.run({resultTypes: ['violations']}).then((result) => result.violations)")
        serious = [
            (one["id"], one["help"], [node["html"][:120] for node in one["nodes"][:3]])
            for one in found
            if one["impact"] in ("serious", "critical")
        ]
        assert serious == []


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_sticks_out_of_the_page(chromium, report, width):
    with Visit(chromium, report, viewport={"width": width, "height": 844}) as visit:
        visit.explore()
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
        assert re.search(r"\d accounts, ", visit.page.locator("#explore [role=status]").inner_text())
