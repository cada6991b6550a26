"""What advertisements cost, as far as their library tells: ranges in words, added up within one currency."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

_NUMBER = re.compile(r"\d[\d ,.']*")
MOST = 10**12  # of one advertisement; what is more is no amount


class Spending:
    """Sums of what was spent. rows: account_ix, payer, currency, spend, n_ads; keys: payer → payer_key."""

    def __init__(self, rows: Iterable[Mapping[str, Any]], keys: Mapping[str, str]):
        self._by_account: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
        self._by_payer: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
        for row in rows:
            self._by_account[row["account_ix"]].append(row)
            if row["payer"]:
                self._by_payer[keys[row["payer"]]].append(row)

    def of(self, *, account_ix: Iterable[int] = (), payer_key: str | None = None) -> dict[str, Any]:
        """Return spent_low, spent_high and currency of advertisers, or of a payer; all None where nothing is told, or amounts
        in several currencies; spent_high None where one range has no end."""
        rows = self._by_payer.get(payer_key, []) if payer_key is not None else []
        rows = [*rows, *(row for ix in account_ix for row in self._by_account.get(ix, ()))]
        told = [(row, amount) for row in rows if (amount := _amount(row["spend"]))]
        currencies = {row["currency"] for row, _ in told}
        if len(currencies) != 1:
            return {"spent_low": None, "spent_high": None, "currency": None}
        highs = [None if high is None else row["n_ads"] * high for row, (_, high) in told]
        return {
            "spent_low": sum(row["n_ads"] * low for row, (low, _) in told),
            "spent_high": None if None in highs else sum(high for high in highs if high is not None),
            "currency": currencies.pop(),
        }


def _amount(text: str) -> tuple[int, int | None] | None:
    """Return the ends of a range of whole amounts; the second None where it is open; None where there is no number.

    >>> _amount('{"lower_bound":"100","upper_bound":"199"}'), _amount("lower_bound: 1,000"), _amount("150"), _amount("little")
    ((100, 199), (1000, None), (150, 150), None)
    """
    found = [int(digits) for one in _NUMBER.findall(text) if (digits := re.sub(r"\D", "", one)) and len(digits) <= 12]
    if not found:
        return None
    low = min(found[0], MOST)
    if len(found) > 1:
        return low, max(low, min(found[1], MOST))
    return (low, None) if "lower" in text or ">" in text or "≥" in text else (low, low)
