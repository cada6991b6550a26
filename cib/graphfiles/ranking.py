"""The strongest accounts of a map, where a reader asks for few."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cib.graphfiles.accounts import NAME, flat, key, unique
from cib.graphfiles.links import Links


def strongest(links: Links, people: pa.Table, *, also: pa.Table, top: int | None, by: str) -> tuple[Links, pa.Table]:
    """Return the edges between the `top` strongest accounts, and those of `also` among them; everything where no top is given.

    Strong is, where `by` is coordination, a high one; else, and between equals, much weight on its edges; then the order of
    the accounts. What is left out is counted.
    """
    names = unique([also, *links.names])
    if top is None:
        return links, also
    codes = flat(key(names))
    ends = [pc.index_in(key(links.rows, suffix=end), value_set=codes).to_numpy() for end in "ab"]
    n, weight = names.num_rows, links.rows["weight"].to_numpy()
    heavy = np.bincount(ends[0], weight, minlength=n) + np.bincount(ends[1], weight, minlength=n)
    score = np.zeros(n)
    if by == "coordination":
        score = pc.fill_null(people["coordination"].take(pc.index_in(codes, value_set=flat(key(people)))), -1.0).to_numpy()
    kept = np.zeros(n, dtype=bool)
    kept[np.lexsort((np.arange(n), -heavy, -score))[:top]] = True
    rows = links.rows.filter(pa.array(kept[ends[0]] & kept[ends[1]]))
    left_out = {"accounts_below_the_top": int(n - kept.sum()), "edges_below_the_top": links.rows.num_rows - rows.num_rows}
    inside = pc.is_in(key(also), value_set=codes.filter(pa.array(kept)))
    return replace(links, rows=rows, left_out={**links.left_out, **left_out}), also.select(list(NAME)).filter(inside)
