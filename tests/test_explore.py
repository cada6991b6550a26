"""The page as something to explore: its data tell the run's ties and meetings, its cuts are said, its script is what is built."""

import importlib.util
import json
import os
import re
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from test_htmlreport import FLAGGED, NOON, QUIET, World

from cib import text
from cib.htmlreport import explore
from cib.htmlreport.phrases import PHRASES

ROOT = Path(explore.__file__).parents[2]
ASSETS = ROOT / "cib" / "htmlreport" / "assets"


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> World:
    return World(tmp_path_factory.mktemp("explore"), [FLAGGED, *QUIET])


@pytest.fixture(scope="module")
def page(world):
    return world.write()


def ties(island) -> list[tuple[int, int, int]]:
    """(first account, second account, bits) of every tie, as the page's script unpacks them."""
    found, told = [], iter(zip(island["ties"]["step"], island["ties"]["bits"], strict=True))
    for account, n in enumerate(island["ties"]["degree"]):
        other = account
        for _ in range(n):
            step, bits = next(told)
            other += step
            found.append((account, other, bits))
    return found


def test_the_page_holds_every_tie_of_the_run(world, page):
    ids = page.island["accounts"]["id"]
    found = [(ids[a], ids[b], bits) for a, b, bits in ties(page.island)]
    assert sorted(found) == sorted((tie["account_a"], tie["account_b"], round(tie["surprise_bits"])) for tie in world.rows["tie"])
    assert found


def test_a_tie_lies_in_the_steps_of_its_first_and_last_meeting(tmp_path):
    world = World(tmp_path)
    for i, tie in enumerate(world.rows["tie"]):
        tie |= {"first_at": NOON + timedelta(minutes=40 * i), "last_at": NOON + timedelta(minutes=40 * i + 90)}
    world.rows["tie"][3] |= {"first_at": None, "last_at": None}
    island = world.write().island
    n = len(world.rows["tie"])
    steps = [(40 * i // 60, (40 * i + 90) // 60) for i in range(n)]
    last = max(end for _, end in steps)
    steps[3] = (0, last)
    assert island["period"] == {"start": "2024-03-04 12:00", "step_s": 3600, "n": last + 1}
    assert list(zip(island["ties"]["first"], island["ties"]["last"], strict=True)) == steps


def test_where_no_tie_is_dated_there_is_no_period(page):
    assert page.island["period"] is None
    assert set(page.island["ties"]["first"]) == set(page.island["ties"]["last"]) == {0}


def test_a_tie_that_passes_only_in_its_group_is_called_weak(tmp_path):
    world = World(tmp_path)
    for i, tie in enumerate(world.rows["tie"]):
        tie |= {"found_by": "extent" if i % 3 == 0 else "pair", "graphs": ["co_text", "co_link"][: 1 + i % 2]}
    island = world.write().island
    sets = [island["sets"][number] for number in island["ties"]["set"]]
    assert [one["weak"] for one in sets] == [tie["found_by"] == "extent" for tie in world.rows["tie"]]
    names = [sorted(island["graphs"][graph] for graph in one["graphs"]) for one in sets]
    assert names == [sorted(tie["graphs"]) for tie in world.rows["tie"]]


def test_a_meeting_has_two_posts_of_its_two_accounts_the_earlier_first(world, page):
    island = page.island
    ids, meetings, posts = island["accounts"]["id"], island["meetings"], island["posts"]
    written = {post["post_id"]: post for post in world.rows["post"]}
    assert len(meetings["a"]) == len(world.rows["evidence"])
    for a, b in zip(meetings["a"], meetings["b"], strict=True):
        assert posts["at"][a] < posts["at"][b]
        for post in (a, b):
            assert ids[posts["node"][post]] == written[posts["id"][post]]["account_id"]


def test_nothing_in_the_island_can_end_it_and_nothing_in_it_is_hidden(page):
    raw = page.scripts[0]
    assert not set("<>&'\u2028\u2029") & set(raw)
    assert not text.INVISIBLE.search(raw)
    assert not re.search("[\x00-\x1f\x7f-\x9f]", raw)
    assert "</script><script>alert(1)</script>" in page.island["accounts"]["name"]
    assert set(page.island["posts"]["link"]) == {"", "https://ok.example/p/1"}
    assert not re.search(r"https?:/", json.dumps([page.island["posts"]["text"], page.island["objects"]]), re.IGNORECASE)


def test_the_table_is_written_with_the_first_meetings_of_every_group(page):
    lines = re.findall(r'<tr><th scope="row">(C\d+)</th><td>co_link', page.markup)
    assert lines == ["C001", "C002", "C003", "C004"] * 9
    assert "36 meetings" in page.text


def test_what_the_map_cannot_hold_is_counted_and_said(tmp_path, monkeypatch):
    monkeypatch.setattr(explore, "MAX_ACCOUNTS", 25)
    monkeypatch.setattr(explore, "MAX_TIES", 20)
    monkeypatch.setattr(explore, "MAX_MEETINGS", 7)
    monkeypatch.setattr(explore, "MAX_LINES", 5)
    page = World(tmp_path, [FLAGGED, *QUIET]).write()
    assert page.facts["explore"] == {"accounts": 25, "ties": 20, "ties_left_out": 2, "meetings": 7}
    assert len(page.island["accounts"]["id"]) == 25
    assert len(page.island["groups"]) == 4
    said = "The map that can be explored holds 25 accounts and 20 ties, the strongest; 2 weaker ties between them are left out."
    assert said in page.text
    assert "5 meetings; with JavaScript this page shows 7." in page.text


def test_below_level_three_the_island_does_not_accuse(tmp_path):
    island = World(tmp_path, QUIET).write().island
    assert {group["kind"] for group in island["groups"]} == {"for review", "open syndication", "an ordinary crowd"}


def test_a_run_without_groups_has_no_script(tmp_path):
    page = World(tmp_path, []).write()
    assert not page.scripts
    assert not page.unbalanced


# The script


def build_assets():
    spec = importlib.util.spec_from_file_location("build_assets", ROOT / "scripts" / "build_assets.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_script_is_small_and_cannot_end_its_element():
    script = (ASSETS / "report.js").read_bytes()
    assert len(script) < 1_000_000
    assert script.isascii()
    assert not re.search(rb"</script|<!--|\r", script, re.IGNORECASE)
    assert not re.search(rb"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", script)
    assert not re.search(rb"\bfetch\(|XMLHttpRequest|WebSocket|sendBeacon|importScripts|localStorage", script)


def test_what_the_page_says_is_what_its_script_asks_for():
    asked = set()
    for path in (ROOT / "scripts" / "assets" / "src").glob("*.js"):
        asked |= set(re.findall(r"\bwords\.(\w+)", path.read_text(encoding="utf-8")))
    assert asked == set(PHRASES) | {"language"}


def test_every_package_in_the_script_is_listed_with_its_licence():
    listed = (ASSETS / "LICENCES.txt").read_text(encoding="utf-8")
    pinned = json.loads((ROOT / "scripts" / "assets" / "package.json").read_text(encoding="utf-8"))
    for name, version in pinned["dependencies"].items():
        assert f"{name} {version} (MIT)" in listed
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", v) for v in (pinned["dependencies"] | pinned["devDependencies"]).values())


def test_the_committed_script_is_what_is_built(tmp_path):
    module = build_assets()
    if not shutil.which("node") or not (module.SOURCE / "node_modules" / "esbuild").is_dir():
        reason = "needs node, and `npm ci` in scripts/assets"
        if os.environ.get("CIB_REQUIRE_NODE") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    module.build(tmp_path)
    for name in ("report.js", "LICENCES.txt"):
        assert (tmp_path / name).read_bytes() == (ASSETS / name).read_bytes(), f"run python scripts/build_assets.py: {name}"
