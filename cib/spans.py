"""Spans of time as people write them: `7d`, `12h`, `2w`; and what `--slices` asks for in seconds."""

import re

from cib.errors import CaseError

UNITS_S = {"h": 3600, "d": 86_400, "w": 604_800}
MAX_STEPS = 500  # steps in a slice: a meeting is counted in as many slices
_SPAN = re.compile(r"([1-9][0-9]{0,3})([hdw])")
_EXAMPLES = "such as 7d, or 7d/1d for a slice of seven days every day"


def slices(text: str) -> tuple[int, int]:
    """Return length and step of `LENGTH` or `LENGTH/STEP`, seconds; the step is half the length where none is given.

    The length is a whole multiple of the step, so that every moment between the first and the last slices lies in the
    same number of them. Raises CaseError.

    >>> slices("7d"), slices("7d/1d"), slices("36h/12h")
    ((604800, 302400), (604800, 86400), (129600, 43200))
    """
    parts = [_SPAN.fullmatch(part) for part in text.split("/")]
    spans_s = [int(part[1]) * UNITS_S[part[2]] for part in parts if part]
    if len(spans_s) != len(parts) or len(parts) > 2:
        raise CaseError(f"--slices {text!r}: expected LENGTH or LENGTH/STEP in hours, days or weeks (h, d, w), {_EXAMPLES}.")
    length_s, step_s = spans_s[0], spans_s[1] if len(spans_s) == 2 else spans_s[0] // 2
    if length_s % step_s:
        raise CaseError(f"--slices {text!r}: the length is no whole multiple of the step. Give one that is, {_EXAMPLES}.")
    if length_s // step_s > MAX_STEPS:
        raise CaseError(
            f"--slices {text!r}: a slice holds {length_s // step_s:,} steps; expected at most {MAX_STEPS}. Give a longer step."
        )
    return length_s, step_s


def written(seconds: int) -> str:
    """Return a span as `--slices` takes it, in the largest unit that divides it, at least an hour.

    >>> written(604800), written(86400), written(7200), written(5400)
    ('1w', '1d', '2h', '2h')
    """
    unit = next((unit for unit in ("w", "d") if seconds % UNITS_S[unit] == 0), "h")
    return f"{-(-seconds // UNITS_S[unit])}{unit}"


def in_words(seconds: int) -> str:
    """Return a span in words, days from two on.

    >>> in_words(604800), in_words(302400), in_words(86400), in_words(1800)
    ('7 days', '3.5 days', '24 hours', '0.5 hours')
    """
    size, unit = (UNITS_S["d"], "day") if seconds >= 2 * UNITS_S["d"] else (UNITS_S["h"], "hour")
    value = f"{seconds / size:.4g}"
    return f"{value} {unit}{'' if value == '1' else 's'}"
