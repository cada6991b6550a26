"""How far coders agree beyond chance: Krippendorff's alpha for names, with an interval; and what they found per cluster."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

N_DRAWS = 1000
ENDS = (2.5, 97.5)  # percentiles of the interval


def compare(codes: Sequence[Mapping[str, str]], key: Mapping[str, str], *, seed: int = 0) -> dict[str, Any]:
    """Return alpha over the items with two codes or more, its 95 % interval (items drawn anew, N_DRAWS times, seeded), and per
    cluster the items on which all their coders agree, by code.

    codes  per coder: item → code, '' where there is none;  key  item → cluster, '' for controls
    """
    items = sorted(key)
    units = [[known for one in codes if (known := one.get(item, ""))] for item in items]
    table, names = counts(units)
    paired = table[table.sum(axis=1) >= 2]
    low, high = _interval(paired, seed)
    groups: dict[str, Counter[str]] = {}
    for item, unit in zip(items, units, strict=True):
        group = groups.setdefault(key[item], Counter())
        group["items"] += 1
        if len(unit) >= 2:
            group["coded"] += 1
            if len(set(unit)) == 1:
                group["agreed"] += 1
                group[f"code {unit[0]}"] += 1
    return {
        "coders": len(codes),
        "items": len(items),
        "items_coded_twice": len(paired),
        "codes": names,
        "alpha": alpha(paired),
        "alpha_low": low,
        "alpha_high": high,
        "groups": [_group(name, groups[name], names) for name in sorted(groups, key=lambda name: (not name, name))],
    }


def _group(name: str, counted: Counter[str], names: Sequence[str]) -> dict[str, Any]:
    found = {f"code {one}": counted[f"code {one}"] for one in names}
    return {"cluster_id": name or "controls", **{what: counted[what] for what in ("items", "coded", "agreed")}, **found}


def counts(units: Sequence[Sequence[str]]) -> tuple[np.ndarray, list[str]]:
    """Return int64[n_units, n_codes], how often each unit was given each code, and the codes in order."""
    names = sorted({code for unit in units for code in unit})
    number = {name: i for i, name in enumerate(names)}
    table = np.zeros((len(units), len(names)), np.int64)
    for row, unit in enumerate(units):
        for code in unit:
            table[row, number[code]] += 1
    return table, names


def alpha(table: np.ndarray) -> float | None:
    """Return Krippendorff's alpha for nominal data: 1 in full agreement, 0 as by chance, below 0 worse; None without two codes.

    table  int64[n_units, n_codes], at least two codes per unit. Missing codes are simply not there.

    Source: Krippendorff 2011, Computing Krippendorff's Alpha-Reliability.
    """
    if not table.size:
        return None
    sizes = table.sum(axis=1)
    totals = table.sum(axis=0)
    n = int(sizes.sum())
    expected = n * n - int((totals * totals).sum())
    if not expected:
        return None
    disagreed = float(((sizes * sizes - (table * table).sum(axis=1)) / (sizes - 1)).sum())
    return 1.0 - (n - 1) * disagreed / expected


def _interval(table: np.ndarray, seed: int) -> tuple[float | None, float | None]:
    """Return the percentiles ENDS of alpha when units are drawn with replacement; None where too few draws vary."""
    if len(table) < 2:
        return None, None
    rng = np.random.default_rng([seed, 3])
    found = (alpha(table[rng.integers(0, len(table), len(table))]) for _ in range(N_DRAWS))
    values = [value for value in found if value is not None]
    if 2 * len(values) < N_DRAWS:
        return None, None
    low, high = np.percentile(values, ENDS)
    return float(low), float(high)
