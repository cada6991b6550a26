"""world.json: how a world was made, in plain words, beside all of its parameters."""

import inspect
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from cib.simulator import follows, live, organic, people, talk
from cib.simulator.campaign import Campaign
from cib.simulator.stream import ACCOUNT_SALT
from cib.simulator.tables import ids
from cib.simulator.world import Group, World

FILES = {
    "posts.parquet": "what a collector would have exported; read by ingest",
    "accounts.parquet": "the accounts of these posts and of some that are silent; read by ingest",
    "truth.parquet": "campaigns (role core) and named innocent groups (role ''); others are ordinary; read by evaluation only",
    "world.json": "this file; read by people only",
}
INNOCENT = {
    "wire_service": "twelve outlets of one newsroom, open automation: identical headlines, one program, links to own domains",
    "rss_bots": "self-declared hobby bots that post new articles of the same feeds",
    "petition": "ordinary people who signed one petition on one day: one link, one share-button text",
    "posting_app": "ordinary people whose app posts a horoscope every morning at eight, the same for all of one sign",
    "fandom": "fans who hold a streaming party, retweet their idol within minutes and talk to each other",
    "breaking_news": "strangers of every side and language who pass a sudden story on within minutes",
    "live_event": "viewers who acted three times or more on the TV debate: one hashtag, the same posts, within ninety minutes",
    "volunteers": "supporters of a party who paste its daily messages and answer where they are asked to, from old accounts",
    "press_office": "eight declared desks of one ministry: the same statements in office hours, links to its own site",
    "newcomers": "people who moved in together weeks ago: new, bare accounts that pass one daily question round",
    "diaspora": "people six hours west who share what one paper in exile writes, in two languages",
    "journalist": "one innocent account; the copy_ring campaign repeats its posts word for word",
}


def _note(group: Group) -> str:
    if group.core:
        return "a planted campaign, to be found; its parameters stand under campaigns"
    return f"{INNOCENT[group.name]}; must not be flagged"


ORGANIC = {
    "mean_rate": (
        people.MEAN_RATE,
        "posts of all sorts per ordinary account and day, before sleep and repeats take their part; log-normal",
    ),
    "median_follows": (follows.MEDIAN_FOLLOWS, "accounts that a quiet account reads; busy ones read more"),
    "same_community": (follows.SAME_COMMUNITY, "share of the accounts read that are chosen from the reader's own community"),
    "favour": (follows.FAVOUR, "sigma of the log-normal liking of a reader for an author"),
    "retweet_median_s": (organic.RETWEET_MEDIAN_S, "median delay of an ordinary retweet, seconds"),
    "retweet_sigma": (organic.RETWEET_SIGMA, "sigma of the log-normal delay"),
    "session": (organic.SESSION, "share of own posts that follow the one before within minutes"),
    "answered": (talk.ANSWERED, "share of replies that are answered"),
    "live_event_posts": (live.TAKING_PART, "posts about the debate per ordinary account"),
}


def describe(world: World, plans: Sequence[Campaign], parameters: dict[str, Any]) -> dict[str, Any]:
    """Return everything a person needs to judge a result on this world: parameters, groups, public figures, the event."""
    figures = {name: str(ids(world.people.key[[row]], world.seed, ACCOUNT_SALT)[0]) for name, row in world.figures.items()}
    return {
        "files": FILES,
        "parameters": parameters,
        "organic_parameters": {name: {"value": value, "note": note} for name, (value, note) in ORGANIC.items()},
        "groups": {
            group.name: {"n_accounts": group.keys.size, "kind": group.kind, "role": group.role, "note": _note(group)}
            for group in world.groups
        },
        "campaigns": [asdict(plan) for plan in plans],
        "campaign_parameters": (inspect.getdoc(Campaign) or "").splitlines(),
        "communities": {home.name: int((world.people.community == k).sum()) for k, home in enumerate(people.COMMUNITIES)},
        "public_figures": figures,
        "live_event": f"TV debate, 90 minutes, hashtag {live.TAG}; who posts about it only once or twice is ordinary",
    }
