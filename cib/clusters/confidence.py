"""How often clusters with such signs were planted campaigns in simulated worlds. Never a probability about the world."""

from bisect import bisect_right

# From which sum of independent signs on: the share of campaigns among clusters, isotonic. Fitted by scripts/kinds.py on its
# worlds `--fit`; how it holds on others stands in docs/methods.md.
STEPS = (
    (float("-inf"), 0.1),
    (0.5, 0.216),
    (2.5, 0.934),
)


def of(score: float) -> float:
    """Return the share of planted campaigns among clusters whose signs have this sum (see kinds.score), 0 to 1."""
    return STEPS[bisect_right([least for least, _ in STEPS], score) - 1][1]
