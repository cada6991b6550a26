"""Texts and handles written by adversaries: markup, formulas, direction marks, control characters. Harmless, and everywhere."""

import numpy as np

from cib.simulator import posts
from cib.simulator.organic import Ground
from cib.simulator.people import People
from cib.simulator.posts import Posts
from cib.simulator.stream import Stream

TEXTS = (
    "</script><script>alert(1)</script> what a lovely evening",
    '=HYPERLINK("https://wheel.example/win","click here to win")',
    "=cmd|' /C calc'!A0 and other things i typed by mistake",
    "@SUM(1+1)*cmd is not a greeting, nor is +1-1",
    "\u202egnp.exe is how this looks from the other side\u202c",
    "a bell \x07 a backspace \x08 an escape \x1b[31mred\x1b[0m and a delete \x7f",
    "line one\r\nline two\u2028line three\ttab, and \"quotes\" 'both' kinds; commas, too",
    "zero\u200bwidth\u200djoiners\ufeff and ｆｕｌｌ ｗｉｄｔｈ ｌｅｔｔｅｒｓ and раураl homoglyphs",
    "👩‍👩‍👧‍👦🏳️‍🌈👍🏽 " * 8,
    "Z̷̢̛a̸̡l̶̨g̵̢o̷̡ ̸̢t̷̡e̶̢x̵̡t̸̢ over and under the line",
    "'; DROP TABLE post; -- said nobody at the dinner table ]]> &amp;lt; %00 ${7*7} {{7*7}}",
    "نص من اليمين إلى اليسار مع english in between and 数字 123",
    "https://user:pass@[::1]:99999/..%2f..%2f?q=<b>#frag and http:// and http://.example./",
    "\ud7ff\ue000\uffff edges of the planes \U0010ffff",
)
HANDLES = (
    "<b>bold</b>",
    "=1+1",
    "\u202elortnoc",
    'a,b;"c"',
    "../../etc",
    "nul_but_not\x01",
    "İstanbulı",
    "tab\there",
    "' OR ''='",
    "🦊fox",
)
REPEAT = 3


def posts_of(stream: Stream, ground: Ground) -> Posts:
    """Return every hostile text, REPEAT times, by ordinary people at any time."""
    rng, people = stream.rng, ground.people
    n = REPEAT * len(TEXTS)
    rows = rng.integers(0, len(people), n)
    t = ground.clock.sample(rng, people.offset_h[rows])
    tags = posts.objects([("<i>tag</i>",) if i % 7 == 0 else () for i in range(n)])
    return posts.make(stream, people.key[rows], t, text=list(TEXTS) * REPEAT, tags=tags, client=people.clients(rng, rows))


def rename(stream: Stream, people: People, *, spared: set[int], taken: set[str]) -> None:
    """Give a few ordinary people, none of the rows in `spared`, hostile handles and bios, in place."""
    free = np.setdiff1d(np.arange(len(people)), list(spared))
    rows = stream.rng.permutation(free)[: len(HANDLES)]
    for row, handle in zip(rows.tolist(), HANDLES, strict=False):
        people.profile.handle[row] = handle
        people.profile.display_name[row] = f"{handle}</title>"
        people.profile.description[row] = TEXTS[row % len(TEXTS)]
        taken.add(handle.lower())
