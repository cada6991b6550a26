"""Writes `topic`: what most accounts publish on against what is passed on most, with and without the members of clusters."""

from cib.runs import Run

MAX_RANK = 200  # topics kept per kind and order


def rank(run: Run) -> None:
    """Write `topic`: hashtags, pages and sites that two accounts or more published or spread, the first MAX_RANK of each kind
    by each order.

    Cost: one pass over tags, addresses and the posts that answer or pass on others, grouped; nothing is compared with each
    other, so the largest topic costs its posts.
    """
    run.write("topic_act")
    run.write("topic", params={"max_rank": MAX_RANK})
