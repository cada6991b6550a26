"""The power grid: how large, how tight and how hidden a campaign must be to be found, as a fixed design of campaigns."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace

import numpy as np

from cib.errors import CibError
from cib.simulator.campaign import YEAR_D, Campaign

LEVELS: dict[str, tuple] = {
    "size": (5, 10, 25, 100),
    "objects": (5, 20, 80),
    "participation": (0.3, 0.6, 1.0),
    "jitter_s": (0.0, 30.0, 120.0, 600.0, 3_600.0),
    "paraphrase": (0.0, 0.5, 1.0),
    "decoys": (0.0, 1.0, 5.0),
    "rotation": ("all", "alternating", "subset"),
}
REGIMES = ("retweet", "link", "text", "sequence", "reply")
CHANGED = 1 / 3  # of the words of a paraphrase, as in the camouflaged tier
COMMUNITIES = (0, 1, 3, 4)  # English, of 11 to 22 % of the people
SEED, MOST_CELLS, TRIES = 20_241, 2_000, 64


@dataclass(frozen=True)
class Cell:
    """One cell: what METHODS calls size, shared objects, participation, jitter, paraphrase, decoys, rotation; and the verb.

    objects      over the whole period, not per day
    paraphrase   share of the copies that are in other words, a third of them; 0 unless the regime is text
    decoys       innocent acts per coordinated act
    """

    number: int
    regime: str
    size: int
    objects: int
    participation: float
    jitter_s: float
    paraphrase: float
    decoys: float
    rotation: str

    @property
    def name(self) -> str:
        """The campaign's name in the truth table."""
        return f"cell_{self.number:04d}"

    @property
    def acts(self) -> float:
        """Expected posts, decoys among them."""
        on_duty = 0.5 if self.rotation == "alternating" else 1.0
        return self.size * self.objects * self.participation * on_duty * (1 + self.decoys)

    def campaign(self, days: int) -> Campaign:
        """Return the cell as a campaign over `days`, by aged, ordinary accounts: power of pairs and clusters, not of looks."""
        return Campaign(
            self.name, "undetermined", self.regime, size=self.size, objects=self.objects / days,
            participation=self.participation, jitter_s=self.jitter_s, longest_s=int(max(60, 6 * self.jitter_s)),
            paraphrase=CHANGED, exact=1.0 - self.paraphrase, shuffle=0.0, decoys=self.decoys,
            community=COMMUNITIES[self.number % len(COMMUNITIES)], hours="awake", min_age_d=YEAR_D, signs_off=0.0,
            rotation=self.rotation,
        )  # fmt: skip


def cells(n: int = 192, *, seed: int = SEED) -> tuple[Cell, ...]:
    """Return `n` distinct cells: a Latin hypercube over LEVELS, regimes in turn; the same for the same `n` and `seed`.

    Every level of every factor occurs n / levels times, give or take one. Of 64 hypercubes the one is taken whose pairs
    of levels are most even (largest deviation of a count from its due, summed over pairs of factors).

    Source: McKay, Beckman & Conover 1979.
    """
    if not 1 <= n <= MOST_CELLS:
        raise CibError(f"grid: {n} cells; expected 1 to {MOST_CELLS:,}.")
    rng = np.random.Generator(np.random.PCG64([seed, n]))
    designs = [_hypercube(rng, n) for _ in range(TRIES)]
    best = min(designs, key=_unevenness)
    return _distinct(rng, best)


def _sizes() -> list[int]:
    return [len(levels) for levels in LEVELS.values()]


def _hypercube(rng: np.random.Generator, n: int) -> np.ndarray:
    """Return int64[n, factors] level numbers: each factor cut into n strata, each stratum used once."""
    return np.stack([rng.permutation(n) * size // n for size in _sizes()], axis=1)


def _unevenness(design: np.ndarray) -> float:
    n = len(design)
    columns = [np.arange(n) % len(REGIMES), *design.T]
    sizes = [len(REGIMES), *_sizes()]
    worst = 0.0
    for a in range(len(columns)):
        for b in range(a):
            counts = np.bincount(columns[a] * sizes[b] + columns[b], minlength=sizes[a] * sizes[b])
            worst += float(np.abs(counts * (sizes[a] * sizes[b] / n) - 1.0).max())
    return worst


def _cell(number: int, levels: np.ndarray) -> Cell:
    value = {name: LEVELS[name][level] for (name, level) in zip(LEVELS, levels.tolist(), strict=True)}
    cell = Cell(number, REGIMES[number % len(REGIMES)], **value)
    return cell if cell.regime == "text" else replace(cell, paraphrase=0.0)


def _distinct(rng: np.random.Generator, design: np.ndarray) -> tuple[Cell, ...]:
    """Return the design's cells; where two are alike, one swaps a level with another row, which keeps every level's count."""
    made = [_cell(number, levels) for number, levels in enumerate(design)]
    while again := _repeated(made):
        for row in again:
            other, factor = int(rng.integers(len(design))), int(rng.integers(design.shape[1]))
            design[[row, other], factor] = design[[other, row], factor]
            made[row], made[other] = _cell(row, design[row]), _cell(other, design[other])
    return tuple(made)


def _repeated(made: Sequence[Cell]) -> list[int]:
    seen: set[tuple] = set()
    again = []
    for row, cell in enumerate(made):
        value = astuple(cell)[1:]
        if value in seen:
            again.append(row)
        seen.add(value)
    return again


def worlds(chosen: Sequence[Cell], *, per_world: int = 24, days: int = 7) -> list[list[Campaign]]:
    """Return the cells as campaigns, dealt out to worlds of at least `per_world` (all to one where there are fewer).

    The heaviest first, each to the world with the fewest acts so far, so that none is drowned by its campaigns. About 800
    accounts and 50,000 acts per world of the default grid: 20,000 ordinary accounts are a fair background for them.
    """
    n_worlds = max(1, len(chosen) // per_world)
    hands: list[list[Cell]] = [[] for _ in range(n_worlds)]
    load = np.zeros(n_worlds)
    seats = np.array([len(part) for part in np.array_split(np.arange(len(chosen)), n_worlds)])
    for cell in sorted(chosen, key=lambda cell: (-cell.acts, cell.number)):
        world = int(np.argmin(np.where(seats > 0, load, np.inf)))
        hands[world].append(cell)
        load[world] += cell.acts
        seats[world] -= 1
    return [[cell.campaign(days) for cell in sorted(hand, key=lambda cell: cell.number)] for hand in hands]
