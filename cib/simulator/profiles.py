"""What an account shows of itself: handle, name, age, bio, audience. Strings carry no trace of the part that made them."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from cib.simulator.clock import DAY, START

NAMES = """Anna Ben Clara David Elsa Finn Greta Hanno Ida Jonas Karla Leo Mara Nils Olga Paul Rosa Sam Tilda Uwe Vera Willi
    Yara Zoe Alma Bruno Cora Dario Edith Felix Gwen Hugo Iris Jasper Kira Lars Mona Noel Orla Piet"""
THINGS = """Maple River Stone Harbour Kettle Window Lantern Meadow Falcon Pepper Cloud Anchor Willow Copper Pebble Thunder
    Button Marble Comet Basket Ginger Orchard Puffin Ribbon Saddle Timber Velvet Walnut Badger Clover Ember Fern Gable
    Hazel Juniper Linden Otter Poplar Quill Rowan"""
FIRST, NOUN = NAMES.split(), THINGS.split()
BIO = {
    0: ["coffee first", "parent of two", "opinions my own", "runner", "reader of long books", "dog person", "learning every day",
        "football on sundays", "engineer", "teacher", "amateur gardener", "here for the music", "retired and curious"],
    1: ["kaffee zuerst", "vater von zwei kindern", "hier privat", "laeuferin", "lese gern", "hundemensch", "ingenieurin",
        "lehrer", "hobbygaertner", "wegen der musik hier", "im ruhestand und neugierig"],
}  # fmt: skip
PLACE = {-8.0: "West Coast", -5.0: "East Coast", 0.0: "Lakeside", 1.0: "Seestadt", 10.0: "Southport"}
OPENED = START - 15 * 365 * DAY
N_STYLES = 7


@dataclass(frozen=True)
class Profiles:
    """Columns of the account table: created_at int64 UTC seconds, counts int64, verified bool, the rest object[n]."""

    handle: np.ndarray
    display_name: np.ndarray
    created_at: np.ndarray
    description: np.ndarray
    location: np.ndarray
    followers: np.ndarray
    following: np.ndarray
    posts: np.ndarray
    verified: np.ndarray
    profile_image: np.ndarray


def _handle(style: int, first: str, noun: str, *, number: int) -> str:
    return (
        f"{first}{noun}",
        f"{first.lower()}_{noun.lower()}",
        f"{noun}{first}{number % 100:02d}",
        f"{first.lower()}{1950 + number % 60}",
        f"the{noun.lower()}{number % 1000}",
        f"{first[0].lower()}{noun.lower()}",
        f"{first}{noun}"[:7] + f"{number % 10**8:08d}",
    )[style]


def unique(handle: str, taken: set[str], tried: dict[str, int] | None = None) -> str:
    """Return `handle`, with the first free number behind it where somebody has it already, and remember it.

    tried  stem: number up to which all are taken; without it, many equal handles cost the square of their number
    """
    stem = handle[:14].lower()
    tried = {} if tried is None else tried
    candidate, n = handle[:20], tried.get(stem, 1)
    while candidate.lower() in taken:
        n += 1
        candidate = f"{handle[:14]}{n}"
        tried[stem] = n
    taken.add(candidate.lower())
    return candidate


def named(rng: np.random.Generator, style: np.ndarray, *, taken: set[str]) -> tuple[np.ndarray, np.ndarray]:
    """Return handles and display names, object[n] each, in these handle styles (the last: name and eight digits)."""
    n = style.size
    first, noun = rng.integers(0, len(FIRST), n), rng.integers(0, len(NOUN), n)
    number = rng.integers(0, 10**8, n)
    tried: dict[str, int] = {}
    handles = [
        unique(_handle(s, FIRST[f], NOUN[w], number=int(k)), taken, tried)
        for s, f, w, k in zip(style, first, noun, number, strict=True)
    ]
    shown = [FIRST[f] if k % 3 == 0 else f"{FIRST[f]} {NOUN[w]}" for f, w, k in zip(first, noun, number, strict=True)]
    return np.array(handles, dtype=object), np.array(shown, dtype=object)


def _opened(rng: np.random.Generator, n: int) -> np.ndarray:
    """Return creation times: the platform's growth, and a burst of genuine newcomers in the weeks before the vote."""
    grown = OPENED + (START - 60 * DAY - OPENED) * rng.beta(1.6, 1.3, n)
    newcomer = START - rng.exponential(12 * DAY, n)
    return np.where(rng.random(n) < 0.035, np.maximum(newcomer, START - 60 * DAY), grown).astype(np.int64)


def bio(rng: np.random.Generator, lang: int) -> str:
    """Return a bio of one to three everyday phrases."""
    return " | ".join(rng.choice(BIO[lang], rng.integers(1, 4), replace=False))


def ordinary(
    rng: np.random.Generator, lang: np.ndarray, zone_h: np.ndarray, *, popularity: np.ndarray, taken: set[str]
) -> Profiles:
    """Return the profiles of ordinary people: one in eight carries name and digits, one in six no bio, few a badge."""
    n = lang.size
    style = rng.choice(N_STYLES, n, p=[0.24, 0.16, 0.15, 0.12, 0.11, 0.1, 0.12])
    handle, shown = named(rng, style, taken=taken)
    created = _opened(rng, n)
    age = (START - created) / (15 * 365 * DAY)
    bios = [None if skip else bio(rng, int(number)) for skip, number in zip(rng.random(n) < 0.17, lang, strict=True)]
    place = [None if skip else PLACE[z] for skip, z in zip(rng.random(n) < 0.4, zone_h.tolist(), strict=True)]
    pictures = rng.integers(0, 2**62, n)
    images = ["default.png" if d else f"{p:016x}.jpg" for d, p in zip(rng.random(n) < 0.07, pictures, strict=True)]
    return Profiles(
        handle=handle,
        display_name=shown,
        created_at=created,
        description=np.array(bios, dtype=object),
        location=np.array(place, dtype=object),
        followers=(popularity * rng.lognormal(4.4, 0.9, n) * (0.1 + age)).astype(np.int64),
        following=(rng.lognormal(5.0, 1.0, n) * (0.2 + age)).astype(np.int64),
        posts=(rng.lognormal(6.5, 1.5, n) * (0.02 + age)).astype(np.int64),
        verified=rng.random(n) < 0.006,
        profile_image=np.array(images, dtype=object),
    )


def concat(blocks: Sequence[Profiles]) -> Profiles:
    """Return the rows of all `blocks`, one behind the other."""
    return Profiles(**{f.name: np.concatenate([getattr(b, f.name) for b in blocks]) for f in fields(Profiles)})
