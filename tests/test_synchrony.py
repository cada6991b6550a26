"""Synchrony: the same seconds at ever other times are no accident; the same time of every hour is a habit."""

import datetime as dt
from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest

import cib
from cib import parquet, runs
from cib.case import Case

NOON = dt.datetime(2024, 3, 4)
HOUR, DAYS = 3600, 10
BOTS = [f"bot{i}" for i in range(4)]
HABITUAL = [f"scheduler{i}" for i in range(12)]


def posts() -> list[tuple[str, int]]:
    """(account, second): 400 people, four programs that fire together, twelve strangers who post on every hour, and an alert that
    makes fifty people post at once."""
    rng = np.random.default_rng(4)
    found = [(f"person{i}", int(t)) for i in range(400) for t in rng.integers(0, DAYS * 24 * HOUR, 30)]
    fired = [int(t) for t in rng.integers(0, DAYS * 24 * HOUR, 60)]
    found += [(bot, t + int(rng.integers(0, 3))) for bot in BOTS for t in fired]
    found += [(account, hour * HOUR + int(rng.integers(0, 5))) for account in HABITUAL for hour in range(DAYS * 24)]
    alerts = [int(t) for t in rng.integers(0, DAYS * 24 * HOUR, 12)]
    found += [(f"person{i}", t + int(rng.integers(0, 10))) for t in alerts for i in rng.choice(400, 50, replace=False)]
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    home = tmp_path_factory.mktemp("synchrony")
    rows = [
        {"post_id": f"p{n}", "account_id": account, "created_at": NOON + dt.timedelta(seconds=t), "text": f"words number {n}"}
        for n, (account, t) in enumerate(posts())
    ]
    table = pa.Table.from_pylist(rows)
    parquet.write(home / "posts.parquet", table.schema, [table])
    cib.ingest(home / "case", [home / "posts.parquet"], threads=1)
    return cib.detect(home / "case", graphs="synchrony", threads=1)["folder"], home / "case"


def test_programs_that_fire_together_are_tied_and_neither_strangers_on_the_hour_nor_an_alerted_crowd(folder):
    ties = runs.load(Case.open(folder[1]).run_folder(), "tie").to_pylist()
    assert {(tie["account_a"], tie["account_b"]) for tie in ties} == set(combinations(BOTS, 2))


def test_a_habit_meets_another_once_however_long_it_lasts(folder):
    pairs = runs.load(Case.open(folder[1]).run_folder(), "edge").to_pylist()
    met = [edge for edge in pairs if edge["account_a"] in HABITUAL and edge["account_b"] in HABITUAL]
    assert max((edge["n_shared"] for edge in met), default=0) <= 2
