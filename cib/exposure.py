"""How much chance an account had to meet others: who posts when, and who stood around its acts."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from cib.graphdef import GraphDef
from cib.kernels import chance, crowds
from cib.runs import N_SLOTS, SLOT_S, Run

KAPPA = 5.0  # pseudo-posts that pull an account's week towards everybody's


@dataclass(frozen=True)
class Around:
    """Who stood around each account's acts within one window.

    crowd   int64[n_accounts, n_slots]  sum of the crowds around its acts, by the slot in which the others acted
    n_acts  int64[n_accounts]           its acts that met a crowd
    The same by interest, rows of one account together (head: int64[n_accounts + 1]) and by rising interest: interest, slot,
    met (the crowds), acts (the account's acts on the interest, in the first row of the interest, else 0), all int64[n_rows].
    """

    crowd: np.ndarray
    n_acts: np.ndarray
    head: np.ndarray
    interest: np.ndarray
    slot: np.ndarray
    met: np.ndarray
    acts: np.ndarray

    def apart(self, pairs: np.ndarray, favourite: np.ndarray, share: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return float64[n_pairs, 2], int64[n_pairs, 2]: what is due by chance on each pair's favourite (-1: none), and the
        acts on it."""
        out, acts = np.empty((len(pairs), 2)), np.empty((len(pairs), 2), np.int64)
        chance.expected_apart(pairs, favourite, self.head, self.interest, self.slot, self.met, self.acts, share, out, acts)
        return out, acts


Window = Callable[[int, int], Around]


def activity_share(run: Run) -> np.ndarray:
    """Return float64[n_accounts, n_slots]: each account's share of all posting activity in a slot of the week; columns sum to 1.

    w_js = (A_j + 1)(A_js + kappa pi_s) / (A_j + kappa): an account's week, pulled towards everybody's by kappa posts.
    Every post counts, not only this verb's: a campaign that owns a verb's objects would otherwise predict itself.
    """
    rows = run.part("activity")
    posts = np.zeros((run.n_rows["account_code"], N_SLOTS))
    posts[rows["account_ix"].to_numpy(), rows["slot"].to_numpy()] = rows["n_posts"].to_numpy()
    total = posts.sum(axis=1, keepdims=True)
    typical = posts.sum(axis=0) / posts.sum()
    weight = (total + 1.0) * (posts + KAPPA * typical) / (total + KAPPA)
    sums = weight.sum(axis=0)
    return np.divide(weight, sums, out=np.zeros_like(weight), where=sums > 0)


def around(run: Run, graph: GraphDef) -> Window:
    """Return a function of a window (its number, seconds) that tells who stood around each account's acts on `graph`.

    Memory: one row of 48 bytes per act and slot that its window touches.
    """
    return _similar(run, graph) if graph.join == "similar" else _windowed(run, graph)


def _windowed(run: Run, graph: GraphDef) -> Window:
    acts = run.part("act", graph.name)
    item, acted_at = acts["item_ix"].to_numpy(), acts["acted_at"].to_numpy()
    account, fits = acts["account_ix"].to_numpy(), acts["level"].to_numpy()
    interest = acts["interest_ix"].to_numpy() if graph.favourite else np.zeros(len(item), np.int64)
    n_accounts = run.n_rows["account_code"]

    def window(number: int, window_s: int) -> Around:
        grid = (item, acted_at, fits, number, window_s, SLOT_S, N_SLOTS)
        none = np.empty(0, np.int64)
        n = crowds.segments(*grid, none, none, none)
        act, slot, met = np.empty(n, np.int64), np.empty(n, np.int64), np.empty(n, np.int64)
        crowds.segments(*grid, act, slot, met)
        crowd = np.zeros((n_accounts, N_SLOTS), np.int64)
        crowds.add_up(account[act], slot, met, crowd)
        opens = np.append(True, act[1:] != act[:-1])[: len(act)]
        n_acts = np.bincount(account[act[opens]], minlength=n_accounts)
        by = _by_interest(account[act], interest[act], slot=slot, met=met, opens=opens) if graph.favourite else (none,) * 5
        return Around(crowd, n_acts, np.searchsorted(by[0], np.arange(n_accounts + 1)), *by[1:])

    return window


def _by_interest(
    account: np.ndarray, interest: np.ndarray, *, slot: np.ndarray, met: np.ndarray, opens: np.ndarray
) -> tuple[np.ndarray, ...]:
    """Return account, interest, slot, crowds and acts with one row per account, interest and slot, sorted; as `Around` says."""
    order = np.lexsort((slot, interest, account))
    account, interest, slot, met, opens = (column[order] for column in (account, interest, slot, met, opens.astype(np.int64)))
    other = np.append(True, (account[1:] != account[:-1]) | (interest[1:] != interest[:-1]))[: len(account)]
    first = np.flatnonzero(other | np.append(True, slot[1:] != slot[:-1])[: len(account)])
    if not len(first):
        return account, interest, slot, met, opens
    acts = np.zeros(len(first), np.int64)
    begin = np.flatnonzero(other)
    acts[np.searchsorted(first, begin)] = np.add.reduceat(opens, begin)
    return account[first], interest[first], slot[first], np.add.reduceat(met, first), acts


def _similar(run: Run, graph: GraphDef) -> Window:
    """Return the same for posts with similar texts, without interests; who stands around a post is counted in the post's own
    slot."""
    rows = run.read("exposure_similar", run.graph_params(graph))
    account, slot = rows["account_ix"].to_numpy(), rows["slot"].to_numpy()
    n_accounts, none = run.n_rows["account_code"], np.empty(0, np.int64)

    def window(number: int, window_s: int) -> Around:
        crowd = np.zeros((n_accounts, N_SLOTS), np.int64)
        n_acts = np.zeros(n_accounts, np.int64)
        crowd[account, slot] = rows[f"m_w{number}"].fill_null(0).to_numpy()
        np.add.at(n_acts, account, rows[f"n_w{number}"].to_numpy())
        return Around(crowd, n_acts, np.zeros(n_accounts + 1, np.int64), none, none, none, none)

    return window
