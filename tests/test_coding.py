"""Sheets for coders: drawn by lot, blind, never overwritten; and agreement as the books define it."""

import csv
import math
import shutil
from pathlib import Path

import naive
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cib
from cib.coding import agreement
from cib.errors import CaseError

UNITS = st.lists(st.lists(st.sampled_from("abc"), min_size=2, max_size=4), max_size=12)


@given(UNITS)
def test_alpha_is_that_of_its_naive_twin(units):
    table, _ = agreement.counts(units)
    found, wanted = agreement.alpha(table), naive.krippendorff(units)
    assert (found is None) == (wanted is None)
    if found is not None:
        assert math.isclose(found, float(wanted), abs_tol=1e-12)


def test_alpha_of_the_example_of_the_book():
    """Krippendorff 2011, example C: four observers, twelve units, nominal: alpha = 0.743."""
    observers = [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
        [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
    ]
    units = [[str(one[i]) for one in observers if one[i] is not None] for i in range(12)]
    table, _ = agreement.counts([unit for unit in units if len(unit) > 1])
    assert round(agreement.alpha(table), 3) == 0.743


def test_the_interval_holds_alpha_and_is_the_same_each_time():
    rng = np.random.default_rng(1)
    first = {f"P{i}": "ab"[int(rng.random() < 0.5)] for i in range(80)}
    codes = [first, {item: code if rng.random() < 0.8 else "a" for item, code in first.items()}]
    key = {f"P{i}": "C001" if i < 40 else "" for i in range(80)}
    one, other = agreement.compare(codes, key, seed=5), agreement.compare(codes, key, seed=5)
    assert one == other
    assert one["alpha_low"] < one["alpha"] < one["alpha_high"]
    assert [group["cluster_id"] for group in one["groups"]] == ["C001", "controls"]
    assert all(group["code a"] + group["code b"] == group["agreed"] <= group["coded"] == 40 for group in one["groups"])


def test_nothing_that_varies_is_no_agreement_to_be_told():
    facts = agreement.compare([{"P1": "a", "P2": ""}, {"P1": "a", "P2": "b"}], {"P1": "C001", "P2": ""})
    assert (facts["alpha"], facts["alpha_low"], facts["items_coded_twice"]) == (None, None, 1)


# Sheets


def sheet(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def drawn(case, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("coding") / "sheets"
    result = cib.code(case, out=out, per_cluster=7, seed=3)
    assert result["posts"] == 7 * result["clusters"] == result["controls"]
    return out


def test_a_sheet_tells_nothing_of_where_a_post_is_from(case, drawn):
    one, other, key = (sheet(drawn / name) for name in ("coder_1.csv", "coder_2.csv", "key.csv"))
    assert list(one[0]) == ["item", "lang", "text", "code", "note"]
    assert {row["item"] for row in one} == {row["item"] for row in other} == {row["item"] for row in key}
    assert [row["item"] for row in one] != [row["item"] for row in other]
    clusters = [row["cluster_id"] for row in sorted(key, key=lambda row: row["item"])]
    assert clusters != sorted(clusters), "an item's number tells its cluster"
    assert "" in clusters
    assert len({row["text"] for row in one}) > len(one) / 2


def test_what_is_drawn_belongs_where_the_key_says_and_is_drawn_once(case, drawn):
    key = sheet(drawn / "key.csv")
    assert len({(row["platform"], row["post_id"]) for row in key}) == len(key)
    found = cib.sql(case, "SELECT platform, account_id, cluster_id FROM member WHERE role <> 'source'")["rows"]
    place = {(platform, account): name for platform, account, name in found}
    posts = ", ".join(f"'{row['post_id']}'" for row in key)
    author = {post: (platform, account) for post, platform, account in cib.sql(
        case, f"SELECT post_id, platform, account_id FROM post WHERE post_id IN ({posts})")["rows"]}  # fmt: skip
    assert all(place.get(author[row["post_id"]], "") == row["cluster_id"] for row in key)


def test_the_same_seed_draws_the_same_and_another_draws_others(case, drawn, tmp_path):
    cib.code(case, out=tmp_path / "again", per_cluster=7, seed=3)
    for name in ("coder_1.csv", "coder_2.csv", "key.csv"):
        assert (tmp_path / "again" / name).read_bytes() == (drawn / name).read_bytes()
    cib.code(case, out=tmp_path / "other", per_cluster=7, seed=4)
    assert (tmp_path / "other" / "key.csv").read_bytes() != (drawn / "key.csv").read_bytes()


def test_the_work_of_coders_is_never_overwritten(case, drawn):
    before = (drawn / "coder_1.csv").read_bytes()
    with pytest.raises(CaseError, match="may hold the work of coders"):
        cib.code(case, out=drawn)
    assert (drawn / "coder_1.csv").read_bytes() == before
    with pytest.raises(CaseError, match="expected a number from 1"):
        cib.code(case, out=drawn.with_name("new"), per_cluster=0)


def test_filled_sheets_are_read_back(case, drawn, tmp_path):
    home = Path(shutil.copytree(drawn, tmp_path / "filled"))
    key = {row["item"]: row["cluster_id"] for row in sheet(home / "key.csv")}
    for name in ("coder_1.csv", "coder_2.csv"):
        rows = sheet(home / name)
        with (home / name).open("w", encoding="utf-8", newline="") as file:
            table = csv.writer(file, delimiter=";")
            table.writerow(["Item", "Code"])
            table.writerows(
                [row["item"], "" if row["item"] == min(key) else "hostile" if key[row["item"]] else "other"] for row in rows
            )
    facts = cib.evaluate(case, codes=[home / "coder_1.csv", home / "coder_2.csv"])["codes"]
    assert facts["alpha"] == 1.0
    assert facts["items_coded_twice"] == len(key) - 1
    controls = facts["groups"][-1]
    assert (controls["cluster_id"], controls["code hostile"]) == ("controls", 0)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("item\nP00001\n", "has no column code"),
        ("item,code\nP9,a\n", "knows no item P9"),
        ("item,code\nP00001,a\nP00001,b\n", "twice"),
    ],
)
def test_a_wrong_sheet_says_what_is_wrong(case, drawn, tmp_path, text, why):
    home = Path(shutil.copytree(drawn, tmp_path / "wrong"))
    (home / "coder_2.csv").write_text(text)
    with pytest.raises(CaseError, match=why):
        cib.evaluate(case, codes=[home / "coder_1.csv", home / "coder_2.csv"])
    with pytest.raises(CaseError, match="takes the sheets of two"):
        cib.evaluate(case, codes=[home / "coder_1.csv"])
