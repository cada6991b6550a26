"""A report in Chromium, on real data: how long until it can be read and explored, what it asks of the network, what axe finds.

CIB_SHARED=../shared python scripts/browser_ira.py              # makes a case of the operation that Twitter attributed
python scripts/browser_ira.py --page CASE/runs/001/report/index.html ...

Needs what tests/test_browser.py needs. Ends with 1 where a page asks for anything, breaks, or is serious to axe.
"""

import os
import shutil
import sys
import tempfile
import time
import tomllib
from pathlib import Path

import cib

ROOT = Path(__file__).parent.parent
AXE = ROOT / "scripts" / "assets" / "node_modules" / "axe-core" / "axe.min.js"
SOFTWARE = ["--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--no-sandbox", "--disable-dev-shm-usage"]
READABLE = "performance.getEntriesByType('paint').find((one) => one.name === 'first-contentful-paint')?.startTime"
FRAMES = """async () => {
  const stage = document.querySelector(".stage"), times = [];
  let last = performance.now();
  for (let i = 0; i < 40; i++) {
    stage.dispatchEvent(new KeyboardEvent("keydown", { key: i % 2 ? "+" : "-", bubbles: true }));
    await new Promise(requestAnimationFrame);
    times.push(performance.now() - last);
    last = performance.now();
  }
  return times.sort((a, b) => a - b);
}"""


def made(folder: Path) -> Path:
    """Return the page of a case made of the real set."""
    sets = tomllib.loads((ROOT / "scripts" / "controls.toml").read_text(encoding="utf-8"))["set"]
    entry = next(one for one in sets if one["name"] == "ira")
    mapped = [f"{name}={column}" for name, column in entry.get("map", {}).items()]
    given = {"from_format": entry.get("from"), "timezone": entry.get("timezone"), "sample": entry.get("sample", "unknown")}
    data = Path(os.environ["CIB_SHARED"]) / "data"
    return Path(cib.run(folder / "case", [data / entry["path"]], columns=mapped, **given)["report"])


def visit(browser, page_path: Path) -> bool:
    """Print what a page takes; return whether all is well with it."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, bypass_csp=True)
    page = context.new_page()
    page.set_default_timeout(120_000)
    asked, errors = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    started = time.perf_counter()
    page.goto(page_path.resolve().as_uri())
    loaded = time.perf_counter() - started
    readable = page.wait_for_function(READABLE).json_value() / 1000
    told = f"{page_path}: {page_path.stat().st_size / 1e6:.1f} MB, readable after {readable:.2f} s, loaded after {loaded:.2f} s"
    if page.locator("button.open").count():
        started = time.perf_counter()
        page.locator("button.open").click()
        page.wait_for_selector(".stage canvas")
        page.evaluate("() => new Promise(requestAnimationFrame)")
        opened = time.perf_counter() - started
        frames = page.evaluate(FRAMES)
        island = "JSON.parse(document.getElementById('explore-data').textContent)"
        counts = page.evaluate(f"(() => {{ const d = {island}; return [d.accounts.x.length, d.ties.step.length]; }})()")
        told += f"; map of {counts[0]:,} accounts and {counts[1]:,} ties open after {opened:.2f} s"
        told += f", frame {frames[20]:.0f} ms (median), {frames[37]:.0f} ms (19 in 20)"
        for slider in page.locator(".period [type=range]").all()[:1]:
            started = time.perf_counter()
            slider.press("ArrowRight")
            page.wait_for_timeout(70)
            page.evaluate("() => new Promise(requestAnimationFrame)")
            told += f", a step of the period {time.perf_counter() - started - 0.07:.2f} s"
    page.evaluate(AXE.read_text(encoding="utf-8"))
    violations = page.evaluate("axe.run({resultTypes: ['violations']}).then((result) => result.violations)")
    serious = [one["id"] for one in violations if one["impact"] in ("serious", "critical")]
    outside = [url for url in asked if not url.startswith(("file:", "data:"))]
    print(f"{told}; axe serious: {serious or 'none'}; requests: {outside or 'none'}; errors: {errors or 'none'}", flush=True)
    context.close()
    return not (serious or outside or errors)


def main() -> None:
    from playwright.sync_api import sync_playwright

    chromium = os.environ.get("CIB_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        pages = [Path(one) for one in sys.argv[2:]] if sys.argv[1:2] == ["--page"] else [made(Path(folder))]
        browser = playwright.chromium.launch(executable_path=chromium, args=SOFTWARE)
        well = [visit(browser, page) for page in pages]
        browser.close()
    sys.exit(0 if all(well) else 1)


if __name__ == "__main__":
    main()
