"""The week of a group: every post in its hour, coarse times in none, the picture and the table of the same numbers."""

import re
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_htmlreport import NOON, World

from cib.htmlreport import heatmap, hours
from cib.languages import ENGLISH, Voice


def naive_week(times: list[datetime]) -> list[int]:
    week = [0] * 168
    for time in times:
        week[24 * time.weekday() + time.hour] += 1
    return week


def test_every_post_stands_in_its_hour_of_the_week(tmp_path):
    world = World(tmp_path)
    for number, post in enumerate(world.rows["post"]):
        post["created_at"] = datetime(1968, 12, 31, 23, 59) + timedelta(days=700 * number, hours=5 * number)
    source = "C001-009"
    page = world.write()
    week = page.facts["cards"][0]["week"]
    members = [post["created_at"] for post in world.rows["post"] if post["account_id"] != source]
    everybody = naive_week([post["created_at"] for post in world.rows["post"]])
    assert week["cells"] == naive_week(members)
    assert week["all"] == [sum(everybody[hour::24]) for hour in range(24)]
    (table,) = re.findall(r'<table class="small week">.*?</table>', page.html, re.DOTALL)
    cells = re.findall(r"<td>(.*?)</td>", table)
    assert [int(cell or 0) for cell in cells] == week["cells"] + week["all"]


def test_times_known_to_the_day_have_no_hour(tmp_path):
    page = World(tmp_path, resolution_s=86_400).write()
    assert page.facts["cards"][0]["week"] is None
    assert "When it posts" not in page.text


@pytest.mark.parametrize(
    ("hours_off", "said"), [(0.0, "lies as that of other accounts"), (1.0, "by about 1 hour against"), (5.0, "by about 5 hours")]
)
def test_the_estimated_offset_of_the_day_is_said(tmp_path, hours_off, said):
    world = World(tmp_path)
    shift = {"cluster_id": "C001", "trait": "clock_shift", "value": hours_off, "unit": "hours", "family": "circadian"}
    world.rows["trait"].append({**shift, "n_reference": 0, "direction": "inauthentic", "log_odds": 0.0, "missing_reason": "few"})
    assert said in world.write().text


def test_few_posts_have_no_quietest_hours_and_many_do(tmp_path):
    world = World(tmp_path)
    assert "Quietest 6 hours" not in World(tmp_path / "few").write().text
    for number in range(120):
        when = NOON + timedelta(hours=number % 12, days=number % 7)
        world.rows["post"].append({"platform": "twitter", "post_id": f"q{number}", "account_id": "C001-000", "created_at": when})
    assert "Quietest 6 hours: 00:00 to 06:00 UTC; of all accounts" in world.write().text


@given(st.lists(st.integers(0, 9), min_size=24, max_size=24))
def test_no_six_hours_are_quieter_than_the_quietest(day):
    start = hours.quietest(day)
    doubled = day + day
    assert sum(doubled[start : start + 6]) == min(sum(doubled[i : i + 6]) for i in range(24))


@given(st.lists(st.integers(0, 50), min_size=168, max_size=168))
def test_the_picture_has_a_cell_for_every_hour_with_posts(cells):
    picture = heatmap.heatmap({"id": "C001", "week": {"cells": cells, "all": [1] * 24}}, Voice(ENGLISH))
    drawn = {}
    for level, path in re.findall(r'class="own s(\d)" d="([^"]+)"', picture):
        for x, y in re.findall(r"M(\d+) (\d+)h", path):
            drawn[24 * (int(y) // heatmap.ROW) + (int(x) - heatmap.LABEL) // heatmap.CELL] = int(level)
    assert drawn == {i: -(-5 * n // max(cells)) for i, n in enumerate(cells) if n}
