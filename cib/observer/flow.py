"""Writes `link_hop` and `platform_flow`: in which order links turned up on the platforms of the case, and how long that took."""

import pyarrow.compute as pc

from cib.runs import Run

MAX_OBJECTS = 10_000  # pages and as many sites in `link_hop`; `platform_flow` counts all
MAX_PLATFORMS = 12  # compared pair by pair for one page; hostile data may name thousands


def follow(run: Run) -> None:
    """Write both tables where posts of two named platforms or more are in the period; else nothing.

    Cost: one pass over the links, grouped by page, platform and account; per page its platforms are ordered, and pairs of at
    most MAX_PLATFORMS counted. Posts are never joined with posts.
    """
    named = [name for name in pc.unique(run.load("account_code", ["platform"])["platform"]).to_pylist() if name]
    if len(named) < 2:
        return
    run.write("link_place")
    run.write("link_hop", params={"max_objects": MAX_OBJECTS})
    run.write("platform_flow", params={"max_platforms": MAX_PLATFORMS})
    wide = {row["what"]: row["n_objects"] for row in run.read("link_wide").to_pylist()}
    run.note("link_hop", objects=wide, left_out={what: max(n - MAX_OBJECTS, 0) for what, n in wide.items()})
