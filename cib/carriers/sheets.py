"""carriers.csv, carriers.parquet and posts.parquet: the whole order, for a spreadsheet and for programs."""

import csv
import datetime as dt
from pathlib import Path
from typing import Any

import pyarrow as pa

from cib import parquet
from cib.carriers.tables import Row, Tables
from cib.graphfiles.accounts import node_id
from cib.text import cell

BATCH = 16_384
ASIDE = ("carried_at", "resolution_s")  # columns that only the pictures need
HEADER = (
    *("rank", "rank_last", "first_at", "platform", "account", "handle", "container", "post", "permalink"),
    *("how", "of_account", "of_handle"),
    *("after_previous_s", "n_posts", "n_originals", "n_retweets", "n_quotes", "n_replies", "last_at"),
    *("cluster", "cluster_kind", "role", "flagged"),
)


def write(folder: Path, tables: Tables) -> None:
    """Write the three files. Memory: a batch of rows.

    In the CSV an account is `twitter:123` and a post `twitter:456`, as in the map: no spreadsheet rounds such an id. It begins
    with a byte order mark, without which Excel misreads every script but Latin. What could be a formula gets an apostrophe.
    """
    for table, name in (("spread_carrier", "carriers"), ("spread_post", "posts")):
        shape = tables.head(table, 1).schema
        kept = [field for field in shape if field.name not in ASIDE]
        parquet.write(folder / f"{name}.parquet", pa.schema(kept), tables.batches(table, BATCH))
    with (folder / "carriers.csv").open("w", encoding="utf-8-sig", newline="") as file:
        sheet = csv.writer(file, lineterminator="\n")
        sheet.writerow(HEADER)
        for rows in tables.batches("spread_carrier", BATCH):
            sheet.writerows([_cell(_named(row)[column]) for column in HEADER] for row in rows.to_pylist())


def _named(row: Row) -> Row:
    """Return a carrier with ids that carry their platform."""
    ids = {"account": "account_id", "post": "post_id", "of_account": "of_account"}
    return row | {name: None if row[column] is None else node_id(row["platform"], row[column]) for name, column in ids.items()}


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return cell(value)
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    return str(value).lower() if isinstance(value, bool) else value
