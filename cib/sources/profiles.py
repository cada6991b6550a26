"""The account's side of a batch: who published, as far as a record says so beside the post."""

from collections.abc import Mapping
from functools import reduce

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cib import schema
from cib.sources import cells
from cib.sources.batch import STAGED_ACCOUNT, Batch, Source
from cib.sources.layouts import PROFILE


def platforms(batch: Batch) -> pa.Array:
    """The platform of every row: as the record says, else as the format knows."""
    return batch.column("platform").fill_null(batch.layout.format.platform)


def profiles(batch: Batch, source: Source, made: Mapping[str, pa.Array], *, counted: pa.Array) -> pa.Table:
    """Rows of `account`: of every `counted` row, and of every post that says something of its account.

    In a file of accounts, `created_at` and `lang` are the account's own.
    """
    every = batch.layout.kind == schema.ACCOUNT
    rows = {"platform": made["platform"], "account_id": made["account_id"]}
    for given, name in PROFILE.items():
        own = given if batch.has(given) or not every else name
        kind = STAGED_ACCOUNT.field(name).type
        if name == "created_at":
            rows[name] = batch.when(own, source)
        else:
            convert = {pa.int64(): cells.integers, pa.bool_(): cells.booleans}.get(kind, cells.strings)
            rows[name] = batch.column(own, convert, kind)
    says = reduce(pc.or_, [rows[name].is_valid() for name in PROFILE.values()])
    of_post = pc.and_(pc.and_(rows["account_id"].is_valid(), says), made["created_at"].is_valid())
    rows["extra"] = made["extra"] if every else batch.extra(profile=True)
    rows["seen_at"] = made["collected_at"] if every else pc.coalesce(made["collected_at"], made["created_at"])
    rows["file_ix"] = pa.array(np.full(len(batch.records), source.file_ix, np.int32))
    rows["record"] = batch.records
    table = pa.table([rows[name].cast(STAGED_ACCOUNT.field(name).type) for name in STAGED_ACCOUNT.names], schema=STAGED_ACCOUNT)
    return table.filter(pc.or_(counted, of_post))
