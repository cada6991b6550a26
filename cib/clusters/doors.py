"""How a cluster was found: by ties that pass by themselves, or by extent, as a group whose single pairs are too weak."""

from collections.abc import Mapping

import numpy as np

TIES, EXTENT = "ties", "extent"


def door(members: np.ndarray, ties: Mapping[str, np.ndarray], group_p: Mapping[int, float]) -> tuple[str, float | None]:
    """Return found_by, and for a group found by extent its family-wise p: that of its weakest member.

    members  account numbers;  ties  rows of tie_score inside the cluster;  group_p  family-wise p per account in a group

    Ties found it when half of the members have one that passes by itself.
    """
    strong = ties["is_strong"].astype(bool)
    reached = np.union1d(ties["account_a_ix"][strong], ties["account_b_ix"][strong])
    if 2 * np.isin(members, reached).sum() >= len(members):
        return TIES, None
    return EXTENT, max(group_p.get(int(account), 1.0) for account in members)


def judged_ties(found_by: str, ties: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return bool[n_ties]: the ties of which a share is asked. In a cluster found by ties, those that pass by themselves."""
    strong = ties["is_strong"].astype(bool)
    return strong if found_by == TIES else np.ones(len(strong), bool)
