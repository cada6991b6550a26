"""What case.toml says of single inputs: zone, period, how their posts were chosen."""

import pytest

import cib
from cib import origins, terminal
from cib.case import Case
from cib.errors import CaseError

POSTS = "account_id,created_at,text\na,2024-03-01 10:00:00,hello\nb,2024-04-02 10:00:00,world\n"
SAID = '\n[sources."one.csv"]\nsample = "keyword"\nsince = 2024-02-01\nuntil = 2024-03-15\ntimezone = "Europe/Kyiv"\n'


def case_with(folder, said, names=("one.csv", "two.csv")):
    case = Case.create(folder / "case")
    path = folder / "case" / "case.toml"
    path.write_text(path.read_text(encoding="utf-8") + said, encoding="utf-8")
    for name in names:
        (folder / name).write_text(POSTS.replace("hello", f"hello {name}"), encoding="utf-8")
    records = cib.ingest(folder / "case", [folder / name for name in names])["ingest"]
    return case, {record["name"]: record for record in records}


def test_an_input_has_its_own_zone_and_period_and_posts_outside_are_told(tmp_path):
    _, records = case_with(tmp_path, SAID)
    assert records["one.csv"]["timezone"] == "Europe/Kyiv"
    assert records["two.csv"]["timezone"] == "UTC"
    assert records["one.csv"]["notes"][0].startswith(
        "WARNING: its posts reach from 2024-03-01 to 2024-04-02, beyond the period that case.toml states (2024-02-01 …"
    )
    assert not any("period" in note for note in records["two.csv"]["notes"])
    told = cib.status(tmp_path / "case")
    assert [(record["sample"], record["period"]) for record in told["inputs"]] == [
        ("keyword", "2024-02-01 … 2024-03-15"),
        ("", ""),
    ]
    assert "2024-02-01 … 2024-03-15" in terminal.as_text("status", told)


@pytest.mark.parametrize(
    ("said", "sample"),
    [
        ('[sources."one.csv"]\nsample = "keyword"', "keyword"),
        ('[sources."one.csv"]\nsample = "timeline"', "unknown"),
        ('[sources."*.csv"]\nsample = "firehose"', "full"),
        ('[sources."one.csv"]\nsample = "pages"\n[sources."t*"]\nsample = "firehose"', "accounts"),
    ],
)
def test_a_case_is_chosen_as_its_inputs_together_were(tmp_path, said, sample):
    case, _ = case_with(tmp_path, "\n" + said + "\n")
    assert Case.open(case.root).sample == sample
    assert cib.status(case.root)["sample"] == sample


def test_what_is_said_of_the_whole_case_counts_first():
    assert origins.sample({"sample": "full", "sources": {"*": {"sample": "keyword"}}}, ["x"]) == "full"


@pytest.mark.parametrize(
    "said",
    [
        '[sources]\n"x" = 1',
        '[sources.x]\nsampl = "full"',
        '[sources.x]\nsample = "many"',
        '[sources.x]\nsince = "2024-01-01"',
        "[sources.x]\nsince = 2024-02-01\nuntil = 2024-01-01",
        "[sources.x]\ntimezone = 3",
    ],
)
def test_a_mistake_in_what_is_said_is_named_with_its_place(tmp_path, said):
    case = Case.create(tmp_path / "case")
    path = case.root / "case.toml"
    path.write_text(path.read_text(encoding="utf-8") + "\n" + said + "\n", encoding="utf-8")
    with pytest.raises(CaseError, match=r"sources.*x"):
        _ = case.settings
