"""Writes `member_score`: which accounts belong together, how strongly, and how stable that is."""

import numpy as np
import pyarrow as pa

from cib import lineage
from cib.communities import bootstrap, cohesion, leaders, partition
from cib.communities.cohesion import Ties
from cib.kernels import binomial
from cib.runs import Run

MIN_BLOCK = 200  # accounts; smaller communities share one block
MIN_STABILITY = 2 / 3  # what one object holds together is there in 1 - 1/e = 0.632 of all draws, those that contain it
MIN_LED, LED_PERCENT, SOURCE_P = 2, 75, 0.05


def block(run: Run) -> None:
    """Write the work table `block`: coarse communities of accounts by what they act on, whenever they do.

    Found without time, so that acting at the same moment cannot make a block. Communities under 200 accounts, and accounts
    that share
    nothing, are block 0. Cost: linear in the acts on objects of two or more accounts.
    """
    n_accounts = run.n_rows["account_code"]
    links = run.read("community_link")
    account, item = links["account_ix"].to_numpy(), links["object_ix"].to_numpy()
    items, item_row = np.unique(item, return_inverse=True)
    links = np.stack([account, n_accounts + item_row], axis=1)
    label = partition.communities(n_accounts + len(items), links, seed=run.parameters.seed)[:n_accounts]
    size = np.bincount(label, minlength=1)
    large = [int(c) for c in np.argsort(-size, kind="stable") if size[c] >= MIN_BLOCK]
    number = np.zeros(len(size), np.int32)
    number[large] = np.arange(1, len(large) + 1)
    rows = pa.table({"account_ix": pa.array(np.arange(n_accounts, dtype=np.int32)), "block": pa.array(number[label])})
    run.put("block", rows)
    run.note("blocks", sizes=np.bincount(number[label], minlength=len(large) + 1).tolist())


def gather(run: Run) -> None:
    """Write `member_score`: the members of every cluster, its sources, and their place in it; and the work tables `stability`
    and `leader`.

    Sources, accounts that only ever come first, are no vertices: being copied is no coordination. The rest is partitioned as
    `partition.consensus` describes. Clusters of which less than MIN_STABILITY stays together when objects are drawn anew are
    dropped, and so are members who keep two ties in fewer of the draws; both are counted.
    """
    rows = run.part("tie_score")
    pairs = np.stack([rows["account_a_ix"].to_numpy(), rows["account_b_ix"].to_numpy()], axis=1)
    ties = Ties(pairs, rows["surprise_bits"].to_numpy())
    sources = _sources(run.read("precedence", {"min_led": MIN_LED, "led_percent": LED_PERCENT}))
    is_inner = np.logical_not(np.isin(pairs, sources).any(axis=1))
    inner = ties.keep(is_inner)
    accounts, ends = np.unique(inner.pairs, return_inverse=True)
    ends = ends.reshape(-1, 2)
    label, n_partitions = partition.consensus(len(accounts), ends, seed=run.parameters.seed)
    label = _by_size(label)
    kept = bootstrap.replicates(run, pairs)[:, is_inner]
    stability = bootstrap.stability(kept, ends, label, seed=run.parameters.seed)
    firm = bootstrap.membership(kept, ends, label) >= MIN_STABILITY
    n_firm = np.bincount(label[firm & (label != partition.NOWHERE)], minlength=len(stability))
    dropped = (stability < MIN_STABILITY) | (n_firm < partition.MIN_CLUSTER)
    kept_labels = [int(number) for number in np.flatnonzero(~dropped)]
    inside = {number: accounts[firm & (label == number)].tolist() for number in kept_labels}
    names = lineage.keep(run, inside)
    home = {account: names[number] for number, members in inside.items() for account in members}
    members = cohesion.members(inner, home) + cohesion.sources(ties, sources.tolist(), home)
    _put(run, sorted(members))
    leaders.test(run)
    named = pa.array(names.values(), pa.string())
    run.put("stability", pa.table({"cluster_id": named, "stability": stability[~dropped], "number": np.arange(len(names))}))
    run.note(
        "clusters",
        sources=len(sources),
        ties_of_sources=len(ties.bits) - len(inner.bits),
        clusters=len(names),
        partitions=n_partitions,
        replicates=len(kept),
        unstable=int(dropped.sum()),
        accounts_of_unstable=int(np.isin(label, np.flatnonzero(dropped)).sum()),
        loose_members=int(np.count_nonzero(~firm & np.isin(label, np.flatnonzero(~dropped)))),
    )


def _sources(rows: pa.Table) -> np.ndarray:
    """Return the accounts that come first: three of four of their meeting posts, and at least two, precede every post that
    they met of nine in ten accounts, and that is no luck.

    What such an account did would be the same had nobody copied it. A post that met another in the same second (or minute,
    where the data have no finer time) did not come before it; one in ten may, since within a day two texts resemble each other by
    luck. Luck: of those who met on an object each is as likely to be among the first tenth; times the number of all it met and
    itself, who might have been the lucky one, over one in twenty. In a ring of three that met on two objects some member is first
    on both in one case of three, and is none the less one of the ring.
    rows  `precedence`, without the accounts that came first too seldom. Posts count as independent, also those of one hour.
    """
    account, starts = np.unique(rows["account_ix"].to_numpy(), return_index=True)
    if not len(account):
        return account
    n_others = rows["n_others"].to_numpy()
    n_first = np.add.reduceat(rows["is_first"].to_numpy(zero_copy_only=False).astype(np.int64), starts)
    ln_p = np.empty(len(account))
    among_first = (1.0 + n_others // 10) / (1.0 + n_others)
    binomial.ln_upper(np.append(starts, len(n_others)).astype(np.int64), among_first, n_first, ln_p)
    return account[ln_p + np.log(1.0 + rows["n_around"].to_numpy()[starts]) <= np.log(SOURCE_P)]


def _by_size(label: np.ndarray) -> np.ndarray:
    """Return the labels renumbered from 0 by falling size, then by the first account."""
    found, first, row, size = np.unique(label, return_index=True, return_inverse=True, return_counts=True)
    order = [c for c in np.lexsort((first, -size)) if found[c] != partition.NOWHERE]
    number = np.full(len(found), partition.NOWHERE, np.int64)
    number[order] = np.arange(len(order))
    return number[row]


def _put(run: Run, members: list[cohesion.Member]) -> None:
    names = ("account_ix", "cluster_id", "is_source", "n_ties", "bits")
    columns = list(zip(*members, strict=True)) or [()] * len(names)
    kinds = (pa.int32(), pa.string(), pa.bool_(), pa.int64(), pa.float64())
    run.put("member_score", pa.table([pa.array(c, k) for c, k in zip(columns, kinds, strict=True)], names=list(names)))
