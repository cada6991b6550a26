"""Campaigns as data: every knob that a study of the detector's power may want to turn."""

from dataclasses import dataclass, replace

from cib.errors import CibError

TIERS = ("plain", "camouflaged", "adversary")
HOUR, YEAR_D = 3_600, 365
SMALLEST, LARGEST = 25, 60


@dataclass(frozen=True)
class Campaign:
    """One campaign: what its accounts do together, how tightly, and how they look.

    regime          what an object is: amplify (posts to retweet), farm (talking points and targets), launder (own articles),
                    flood (identical posts), copy (another's posts), brigade (posts to reply to); for studies, one verb
                    each: retweet, link, text, sequence (of hashtags), reply
    size            accounts
    objects         shared objects per day
    participation   share of the members, or of the shift on duty, that act on an object; members differ by +- 30 %
    rotation        how members alternate: all (whoever takes part does so at once), alternating (`shifts` take turns, object
                    by object), subset (a rotating subset of exactly participation times size, every pair equally often)
    jitter_s        median delay of an act after its trigger; log-normal with `spread` as sigma, at most `longest_s`
    paraphrase      share of the words changed where a text is not copied exactly; exact: share of exact copies
    shuffle         share of the posts whose hashtags stand in another order
    decoys          innocent acts per coordinated act, made by the processes of ordinary life
    community       number of the audience's community; utc_h: the zone where its people work
    hours           clock: round the clock; office: weekdays 9 to 18 in zone utc_h; awake: as ordinary people of zone utc_h
    birth_days      width of the burst in which accounts were opened; 0: at any time, as ordinary people did
    min_age_d       age in days that every account has at least, when the week begins
    digits          share of handles made of a name and eight digits
    n_clients       posting programs in use; 0: the ordinary mix
    signs_off       chance that a member lacks a sign: the burst, the handle, the program, the hours, the quick reaction
    """

    name: str
    kind: str
    regime: str
    size: int
    objects: float
    participation: float
    jitter_s: float
    spread: float = 0.9
    longest_s: int = 7_200
    paraphrase: float = 0.0
    exact: float = 1.0
    shuffle: float = 0.05
    decoys: float = 0.5
    community: int = 0
    utc_h: float = 0.0
    hours: str = "clock"
    birth_days: float = 0.0
    digits: float = 0.0
    n_clients: int = 0
    signs_off: float = 0.15
    rotation: str = "all"
    shifts: int = 2
    min_age_d: int = 0


PLAIN = (
    Campaign("retweet_bots", "bot_cluster", "amplify", size=40, objects=8, participation=0.75, jitter_s=25, longest_s=120,
             decoys=0.3, birth_days=9, digits=0.95, n_clients=2),
    Campaign("troll_farm", "troll_farm", "farm", size=32, objects=6, participation=0.55, jitter_s=1_500, spread=1.0,
             paraphrase=0.125, exact=0.4, decoys=0.6, utc_h=3.0, hours="office", n_clients=3),
    Campaign("link_launderers", "foreign_interference", "launder", size=35, objects=6, participation=0.5, jitter_s=900,
             spread=1.0, paraphrase=0.2, exact=0.5, decoys=0.7, utc_h=6.5, hours="office", birth_days=25, digits=0.3,
             n_clients=4),
    Campaign("hashtag_flood", "bot_cluster", "flood", size=45, objects=5, participation=0.7, jitter_s=12, longest_s=90,
             decoys=0.4, community=1, birth_days=6, digits=0.9, n_clients=1),
    Campaign("copy_ring", "bot_cluster", "copy", size=28, objects=7, participation=0.6, jitter_s=60, longest_s=900,
             decoys=0.5, community=1, utc_h=2.0, birth_days=60, digits=0.4, n_clients=3),
    Campaign("harassers", "troll_farm", "brigade", size=30, objects=6, participation=0.6, jitter_s=240, longest_s=3_600,
             paraphrase=0.2, exact=0.3, decoys=0.9, utc_h=2.0, digits=0.2),
)  # fmt: skip
NAMES = tuple(campaign.name for campaign in PLAIN)


def camouflage(campaign: Campaign) -> Campaign:
    """Return `campaign` run by careful people: slower, thinner, in other words, from many programs and old accounts."""
    return replace(
        campaign,
        participation=0.7 * campaign.participation,
        jitter_s=max(180.0, 3 * campaign.jitter_s),
        spread=1.2,
        longest_s=5_400,
        paraphrase=1 / 3,
        exact=0.05,
        shuffle=0.25,
        decoys=2.0,
        birth_days=10 * campaign.birth_days,
        digits=0.4 * campaign.digits,
        n_clients=3 * campaign.n_clients,
        signs_off=0.3,
    )


def conceal(campaign: Campaign) -> Campaign:
    """Return `campaign` run by an adversary who keeps every single pair insignificant.

    Fourteen aged accounts on common programs; a quarter of them per object, in rotation; nine in ten delays between 2 and 6
    hours; six in ten words changed, hashtags shuffled; six decoys per act; the hours of the audience.
    """
    return replace(
        campaign,
        size=14,
        participation=0.25,
        rotation="subset",
        jitter_s=3.5 * HOUR,
        spread=0.33,
        longest_s=12 * HOUR,
        paraphrase=0.6,
        exact=0.0,
        shuffle=1.0,
        decoys=6.0,
        utc_h=0.0,
        hours="awake",
        birth_days=0.0,
        min_age_d=YEAR_D,
        digits=0.0,
        n_clients=0,
        signs_off=0.0,
    )


def _in_tier(campaign: Campaign, tier: str) -> Campaign:
    return {"plain": campaign, "camouflaged": camouflage(campaign), "adversary": conceal(campaign)}[tier]


def choose(wanted: str, *, tier: str, accounts: int) -> tuple[Campaign, ...]:
    """Return the campaigns named in `wanted` (all, none, or names with commas), sized for a world of `accounts`.

    An adversary does not copy: word for word, or changed until nothing is left of it.
    """
    if tier not in TIERS:
        raise CibError(f"simulate: tier {tier!r}; expected one of {', '.join(TIERS)}.")
    words = [word.strip() for word in wanted.split(",") if word.strip()]
    known = [plan.name for plan in PLAIN if tier != "adversary" or plan.regime != "copy"]
    names = {"all": known, "none": []}.get(wanted.strip(), words or [""])
    if unknown := sorted(set(names) - set(known)):
        where = "" if tier == "plain" else f" in tier {tier}"
        raise CibError(
            f"simulate: no campaign{where} is named {', '.join(unknown)!r}; known are {', '.join(known)}, or all, or none, "
            "or a file NAME.toml of your own campaigns."
        )
    chosen = [campaign for campaign in PLAIN if campaign.name in names]
    scale = (accounts / 3_000) ** 0.25
    sized = [replace(c, size=min(max(round(c.size * scale), SMALLEST), LARGEST)) for c in chosen]
    return tuple(_in_tier(c, tier) for c in sized)
