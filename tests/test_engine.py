"""What the house relies on from its engine, whichever version of it is installed."""

import numpy as np
import pyarrow as pa
import pytest

from cib import parquet
from cib.engines.duckdb import DuckDB


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("n_rows", [5_000, 300_000])
def test_a_stream_is_in_the_order_that_was_asked_for(tmp_path, threads, n_rows):
    rows = pa.table(
        {"acted_at": pa.array(np.random.default_rng(1).permutation(n_rows)), "kind": pa.array(["a", "b"] * (n_rows // 2))}
    )
    parquet.write(tmp_path / "rows.parquet", rows.schema, [rows])
    engine = DuckDB(threads=threads)
    engine.bind("act", [tmp_path / "rows.parquet"])
    for select in ("SELECT acted_at FROM act ORDER BY acted_at", "SELECT acted_at FROM act WHERE kind = $kind ORDER BY acted_at"):
        acted_at = engine.read(select, {"kind": "a"} if "$kind" in select else None).read_all()["acted_at"].to_numpy()
        assert (np.diff(acted_at) > 0).all()
    engine.close()
