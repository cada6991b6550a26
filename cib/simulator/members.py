"""The accounts of a campaign: how they look, and which of the tell-tale signs each of them carries."""

from dataclasses import dataclass

import numpy as np

from cib.errors import CibError
from cib.simulator import people, profiles
from cib.simulator.campaign import Campaign
from cib.simulator.clock import DAY, START
from cib.simulator.people import COMMUNITIES, People
from cib.simulator.stream import Stream
from cib.simulator.world import World

# Programs that a campaign hands out; each is in use among ordinary people, too.
BOT_TOOLS = ("AutoFlock", "Simnet Web App", "PostPilot", "Cadence", "Relay One", "Deckboard")
HAND_TOOLS = ("Simnet Web App", "Simnet for Android", "Deckboard", "Simnet for iPhone", "PostPilot", "Simnet Lite",
              "Birdsong", "Postwise", "Quillbox", "Chirper Pro", "Simnet for iPad", "Cadence")  # fmt: skip


@dataclass(frozen=True)
class Operation:
    """A campaign at work: its plan, its stream, its members, and bool[n] per sign."""

    plan: Campaign
    world: World
    stream: Stream
    people: People
    on_time: np.ndarray
    quick: np.ndarray

    @property
    def rng(self) -> np.random.Generator:
        return self.stream.rng


def recruit(plan: Campaign, world: World) -> Operation:
    """Return the campaign with its accounts. They start as ordinary people and take on signs, each member some of them."""
    stream = world.stream(plan.name)
    if any(crowd.key[0] >> 32 == stream.number for crowd in world.crowd):
        raise CibError(f"simulate: a part named {plan.name!r} is in this world already; give the campaign another name.")
    rng, n = stream.rng, plan.size
    crowd = people.make(stream, np.full(n, plan.community), taken=world.taken)
    crowd.lang[:] = COMMUNITIES[plan.community].lang
    crowd.offset_h[:] = plan.utc_h + rng.normal(0.0, 0.5, n)
    young, named, tool, on_time, quick = rng.random((5, n)) >= plan.signs_off
    _rename(rng, crowd, named & (rng.random(n) < plan.digits), taken=world.taken)
    if plan.birth_days:
        _newly_opened(rng, crowd, young, plan=plan)
    if plan.min_age_d:
        _aged(rng, crowd, plan=plan)
    if plan.n_clients:
        handed_out = BOT_TOOLS if plan.kind == "bot_cluster" else HAND_TOOLS
        tools = np.array(handed_out[: plan.n_clients], dtype=object)
        crowd.client[tool] = tools[rng.integers(0, tools.size, n)][tool]
        crowd.other_client[tool] = crowd.client[tool]
    world.crowd.append(crowd)
    return Operation(plan, world, stream, crowd, on_time, quick)


def _rename(rng: np.random.Generator, crowd: People, which: np.ndarray, *, taken: set[str]) -> None:
    """Give these members a handle of a name and eight digits, the platform's own suggestion."""
    last = profiles.N_STYLES - 1
    handles, shown = profiles.named(rng, np.full(int(which.sum()), last), taken=taken)
    crowd.profile.handle[which], crowd.profile.display_name[which] = handles, shown


def _aged(rng: np.random.Generator, crowd: People, *, plan: Campaign) -> None:
    """Let members who are younger than the least age be opened at any time before it instead."""
    latest = START - plan.min_age_d * DAY
    young = np.flatnonzero(crowd.profile.created_at > latest)
    crowd.profile.created_at[young] = rng.integers(profiles.OPENED, latest, young.size)


def _newly_opened(rng: np.random.Generator, crowd: People, which: np.ndarray, *, plan: Campaign) -> None:
    """Let these members be opened within the burst, weeks before the week begins, with the small audience of new accounts."""
    n = int(which.sum())
    profile = crowd.profile
    last = START - int(rng.integers(20, 150)) * DAY
    profile.created_at[which] = last - rng.integers(0, int(plan.birth_days * DAY) + 1, n)
    profile.followers[which] = rng.lognormal(2.6, 1.0, n).astype(np.int64)
    profile.posts[which] = rng.lognormal(4.5, 1.0, n).astype(np.int64)
    profile.description[which & (rng.random(len(crowd)) < 0.5)] = None
    profile.profile_image[which & (rng.random(len(crowd)) < 0.25)] = "default.png"
