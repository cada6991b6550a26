"""The calendar of the simulated week, and when people are awake."""

import numpy as np

START = 1_709_510_400  # Monday 2024-03-04 00:00 UTC
HOUR, DAY = 3_600, 86_400
BIN = 900
# Relative activity per local hour, from midnight: a night, a morning, a lunch break, a long evening.
WEEKDAY = np.array([18, 9, 4, 3, 3, 6, 20, 45, 60, 55, 52, 56, 68, 66, 56, 54, 56, 62, 70, 82, 95, 100, 80, 45]) / 100
WEEKEND = np.array([30, 18, 9, 5, 3, 4, 8, 18, 38, 56, 66, 70, 72, 70, 68, 66, 66, 70, 74, 82, 90, 94, 78, 50]) / 100


def _curve(n_days: int) -> np.ndarray:
    """Return float64[n_days * 96]: activity per quarter of an hour of local time, linear between hours."""
    hours = np.concatenate([WEEKEND if day % 7 >= 5 else WEEKDAY for day in range(n_days)])
    return np.interp(np.arange(0, hours.size, BIN / HOUR), np.arange(hours.size), hours, period=hours.size)


class Clock:
    """A period of whole days from START. Times are UTC seconds; an account's offset_h is what its clock adds to them."""

    def __init__(self, n_days: int):
        self.n_days = n_days
        self.length = n_days * DAY
        self.end = START + self.length
        self.curve = _curve(n_days)
        self._cumulated = np.cumsum(self.curve)

    def sample(self, rng: np.random.Generator, offset_h: np.ndarray) -> np.ndarray:
        """Return int64[n] times at which accounts with these offsets are active; the period is closed to a ring."""
        place = rng.random(offset_h.size) * self._cumulated[-1]
        local = np.searchsorted(self._cumulated, place, side="right") * BIN + rng.integers(0, BIN, offset_h.size)
        return START + (local - (offset_h * HOUR).astype(np.int64)) % self.length

    def awake(self, times: np.ndarray, offset_h: np.ndarray) -> np.ndarray:
        """Return float64[n] in (0, 1]: how active an account with this offset is at that time."""
        local = (times - START + (offset_h * HOUR).astype(np.int64)) % self.length
        return self.curve[local // BIN]

    def inside(self, times: np.ndarray) -> np.ndarray:
        """Return bool[n]: which times lie within the period."""
        return (times >= START) & (times < self.end)

    def at(self, day: int, hour: float) -> int:
        """Return the UTC second of `hour` on `day` (from 0); days past the end mean the last one."""
        return START + min(day, self.n_days - 1) * DAY + int(hour * HOUR)
