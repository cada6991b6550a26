"""The simulator: an election week with innocent crowds and planted campaigns, and the truth about who was which.

What it writes looks like a collector's export. The detector never reads truth.parquet or world.json.
"""

from pathlib import Path
from typing import Any

from cib.case import dump, write_text
from cib.errors import CibError
from cib.simulator import about, acts, campaign, life, members, negatives, posts, tables, world
from cib.simulator.campaign import Campaign
from cib.simulator.world import Group, World

FEWEST, MOST_ACCOUNT_DAYS = 200, 1_000_000


def simulate(
    out: Path, *, accounts: int = 3000, days: int = 7, seed: int = 1, campaigns: str = "all", tier: str = "plain"
) -> dict[str, Any]:
    """Write posts.parquet, accounts.parquet, truth.parquet and world.json to the folder `out`; return counts per group.

    accounts   ordinary people, at least 200; campaigns, news outlets and feed bots come on top
    days       length of the period, from Monday 4 March 2024, 00:00 UTC
    campaigns  all, none, or names with commas; the organic part is the same whichever are chosen, but for the counts
               of replies and retweets that they add, and a few innocent retweets of the campaigns' posts
    tier       plain; camouflaged: slower, paraphrased, with decoys; adversary: no single pair stands out

    Same arguments, same bytes. Cost: 5 s and 0.5 GB for 20,000 accounts over 7 days; both grow with accounts times days,
    which may be at most a million.
    """
    if accounts < FEWEST or days < 1 or accounts * days > MOST_ACCOUNT_DAYS or seed < 0:
        raise CibError(
            f"simulate: accounts = {accounts}, days = {days}, seed = {seed}; expected at least {FEWEST} accounts and one day, "
            f"at most {MOST_ACCOUNT_DAYS:,} accounts times days, and a seed of 0 or more."
        )
    out = Path(out)
    if out.exists() and not out.is_dir():
        raise CibError(f"simulate: {out} is a file; expected a folder, or a name that is free.")
    plans = campaign.choose(campaigns, tier=tier, accounts=accounts)
    made = world.build(seed, accounts=accounts, days=days)
    negatives.add(made)
    for plan in plans:
        plant(made, plan)
    out.mkdir(parents=True, exist_ok=True)
    n_posts, n_accounts = tables.write(out, made)
    groups = {group.name: int(group.keys.size) for group in made.groups}
    parameters = {"accounts": accounts, "days": days, "seed": seed, "campaigns": campaigns, "tier": tier}
    write_text(out / "world.json", dump(about.describe(made, plans, parameters)))
    return {"accounts": n_accounts, "posts": n_posts, "groups": groups}


def plant(made: World, plan: Campaign) -> None:
    """Add one campaign to the world: its accounts, what they do together, their ordinary life, and the public's reaction."""
    op = members.recruit(plan, made)
    coordinated = posts.concat(acts.REGIMES[plan.regime](op))
    inside = coordinated.take(made.clock.inside(coordinated.t))
    made.blocks += [inside, *life.decoys(op, inside), life.spillover(op, inside)]
    made.groups.append(Group(plan.name, plan.kind, True, op.people.key))
