"""How often handles of ordinary people are taken for a protected one, and how often a planted look-alike is found.

CIB_SHARED=../shared python scripts/impersonation.py      # the sets are not part of the project; no handle is printed

Ordinary: all handles of the control sets of ordinary people. Protected: politicians, outlets and leaders of two other sets. An
account that bears a protected handle is that person's and does not count. What is compared is what `impersonation` compares of
handles; copied pictures and profiles need data that these sets do not hold.
"""

import csv
import io
import os
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
from bench import number_bounds

from cib.matching.names import Names

LETTERS = "abcdefghijklmnopqrstuvwxyz"
ALIKE = str.maketrans("aceopxyiAEOPCTHKMB", "асеорхуіАЕОРСТНКМВ")  # Latin, and what looks the same in Cyrillic
DIGITS = str.maketrans("olisOLIS", "01150115")


def ordinary(data: Path) -> set[str]:
    """Return the handles of people in crowds: a debate, a boxing match, conferences."""
    found: set[str] = set()
    with (
        zipfile.ZipFile(data / "controls" / "gop_debate_2015-08.csv.zip") as archive,
        archive.open(archive.namelist()[0]) as file,
    ):
        found |= {row["name"] for row in csv.DictReader(io.TextIOWrapper(file, "utf-8", "replace"))}
    with (data / "controls" / "mayweather_mcgregor_2017-08-26.csv").open(encoding="utf-8", errors="replace") as file:
        found |= {row["screen_name"] for row in csv.DictReader(file)}
    for path in sorted((data / "controls" / "conference").glob("*.parquet")):
        if path.stem != "jandix_intermedia":  # politicians
            found |= {str(name) for name in pq.read_table(path, columns=["screen_name"])["screen_name"].unique().to_pylist()}
    return {name for name in found if name}


def protected(data: Path) -> list[str]:
    """Return handles of politicians, outlets and leaders."""
    found: set[str] = set()
    for file, column in (("timelines_politicians_news", "screen_name"), ("world_leaders", "username")):
        table = pq.read_table(data / "controls" / f"{file}.parquet", columns=[column])
        found |= {str(name).lstrip("@") for name in table[column].unique().to_pylist() if name}
    return sorted(found)


def edits(draw: random.Random) -> dict[str, Callable[[str], str]]:
    """Return the ways in which a handle is made to look like another one."""

    def exchanged(name: str) -> str:
        at = draw.randrange(len(name))
        return name[:at] + draw.choice(LETTERS) + name[at + 1 :]

    def added(name: str) -> str:
        at = draw.randrange(len(name) + 1)
        return name[:at] + draw.choice(LETTERS) + name[at:]

    def left_out(name: str) -> str:
        at = draw.randrange(len(name))
        return name[:at] + name[at + 1 :]

    def swapped(name: str) -> str:
        at = draw.randrange(len(name) - 1)
        return name[:at] + name[at + 1] + name[at] + name[at + 2 :]

    return {
        "one letter exchanged": exchanged,
        "one letter added": added,
        "one letter left out": left_out,
        "two neighbours swapped": swapped,
        "two letters exchanged": lambda name: exchanged(exchanged(name)),
        "letters of another script": lambda name: name.translate(ALIKE),
        "digits for letters (0, 1, 5)": lambda name: name.translate(DIGITS),
        "underscores": lambda name: f"_{name}_",
        "a word after it (_official)": lambda name: f"{name}_official",
        "a word before it (real)": lambda name: f"real{name}",
        "a year after it": lambda name: f"{name}2024",
    }


def main() -> None:
    data = Path(os.environ["CIB_SHARED"]) / "data"
    listed = protected(data)
    known = {name.lower() for name in listed}
    people = sorted(ordinary(data))
    others = [name for name in people if name.lower() not in known]
    print(f"{len(others):,} ordinary handles against {len(listed)} protected ones")
    names = Names(others)
    near, held = set(), set()
    for one in listed:
        near |= {place for place, _ in names.near(one)}
        held |= set(names.holding(one))
    for words, found in (("within a letter or two", near), ("holds it whole", held), ("either", near | held)):
        low, high = (1000 * bound / len(others) for bound in number_bounds(len(found)))
        print(f"    {words:<24}{len(found):>4}: {1000 * len(found) / len(others):.2f} per 1,000 (95 % {low:.2f} to {high:.2f})")
    draw, n_draws = random.Random(1), 5
    print(f"{'planted, ' + str(n_draws) + ' per handle':<34}5-9 letters  10 and more")
    for words, change in edits(draw).items():
        shares = []
        for least, most in ((5, 9), (10, 99)):
            chosen = [name for name in listed if least <= len(name) <= most]
            planted = [(name, change(name)) for name in chosen for _ in range(n_draws)]
            planted = [(name, other) for name, other in planted if other.lower() != name.lower()]
            found = sum(bool(list(Names([other]).near(name)) or list(Names([other]).holding(name))) for name, other in planted)
            shares.append(f"{found / len(planted):>8.1%} of {len(planted):<4}" if planted else "none")
        print(f"    {words:<30}{'  '.join(shares)}")


if __name__ == "__main__":
    main()
