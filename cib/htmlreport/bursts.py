"""Who addresses a person, hour by hour, beside the person's own posts: the picture of bursts. SVG like the other pictures."""

import datetime as dt
from typing import Any

from markupsafe import Markup

from cib.htmlreport import show
from cib.htmlreport.pictures import WIDTH, path
from cib.languages import Voice, say

MAX_BINS = 180
PANEL, GUTTER, TOP = 70, 16, 8  # height of the bars on either side, of the strip between them, of the margin
HOUR = dt.timedelta(hours=1)


def picture_data(rows: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Return posts per bin: own (of the person), groups (members of groups that address the person) and others.

    rows  of target_hour, of one person. Bins are whole hours, at most MAX_BINS.
    """
    if not rows:
        return None
    first, last = min(row["hour_at"] for row in rows), max(row["hour_at"] for row in rows)
    n_hours = (last - first) // HOUR + 1
    step = -(-n_hours // MAX_BINS)
    bins = {name: [0] * -(-n_hours // step) for name in ("own", "groups", "others")}
    for row in rows:
        name = "own" if row["what"] == "own" else "groups" if row["cluster_id"] else "others"
        bins[name][(row["hour_at"] - first) // HOUR // step] += row["n_posts"]
    return {
        **bins,
        "unit": say("{n, plural, one {hour} other {# hours}} ## posts per", n=step),
        "first": show.moment(first, 60),
        "last": show.moment(last + HOUR, 60),
    }


def bursts(one: dict[str, Any], voice: Voice) -> Markup:
    """Return the picture of `picture_data`: groups upwards, others downwards, one scale; between them when the person posts.
    Where nobody else addresses the person there is no lower half."""
    data, base, below = one["picture"], TOP + PANEL, TOP + PANEL + GUTTER
    most = max(*data["groups"], *data["others"], 1)
    step = WIDTH / len(data["own"])
    up = "".join(_bar(i, step, base, height=-PANEL * n / most) for i, n in enumerate(data["groups"]) if n)
    down = "".join(_bar(i, step, below, height=PANEL * n / most) for i, n in enumerate(data["others"]) if n)
    own = "".join(f"M{(i + 0.5) * step:.1f} {base + 4}v{GUTTER - 8}" for i, n in enumerate(data["own"]) if n)
    axis = path("axis", f"M0 {base}H{WIDTH}" + (f"M0 {below}H{WIDTH}" if down else ""))
    label = voice(
        "Posts at {person} per {unit}, of groups and of others. The table below holds the sums.",
        person=one["person"],
        unit=data["unit"],
    )
    frame = Markup('<svg class="timeline bursts" viewBox="0 0 {0} {1}" role="img" aria-label="{2}">{3}</svg>')
    drawn = path("own", up) + path("all", down) + axis + path("posted", own)
    return frame.format(WIDTH, below + (PANEL if down else 0) + TOP, label, drawn)


def _bar(number: int, step: float, base: float, *, height: float) -> str:
    return f"M{number * step:.1f} {base}v{height:.1f}h{max(step - 1, 0.8):.1f}v{-height:.1f}z"
