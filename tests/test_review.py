"""review.csv: what people judged is read, checked, shown beside the machine's word, and carried to later runs."""

import json

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cib import parquet, review, schema, terminal
from cib.review import Verdict

HEAD = "about,platform,id,run,verdict,note,who,date\n"


def put(root, run, clusters, flagged=False):
    """A finished run whose clusters are words of accounts; a capital letter is a source."""
    folder = root / "runs" / run
    (folder / "member").mkdir(parents=True)
    (folder / "cluster").mkdir()
    (folder / "manifest.json").write_text(json.dumps({"number": int(run)}))
    members, rows = [], []
    for number, word in enumerate(clusters, start=1):
        name = f"C{number:03d}"
        rows.append(
            {
                "cluster_id": name,
                "kind": "troll_farm" if flagged else "crowd",
                "flagged": flagged,
                "claim_level": 3 if flagged else 1,
            }
        )
        members += [
            {
                "platform": "x",
                "account_id": a,
                "handle": f"H{a}",
                "cluster_id": name,
                "role": "source" if a.isupper() else "member",
            }
            for a in word
        ]
    for table, own in (("member", members), ("cluster", rows)):
        shape = schema.arrow(table)
        full = [{column: row.get(column) for column in shape.names} for row in own]
        parquet.write(folder / table / "all.parquet", shape, [pa.Table.from_pylist(full, schema=shape)])
    return folder


def written(root, *rows, head=HEAD):
    (root / "review.csv").write_text(head + "\n".join(rows) + "\n", encoding="utf-8")
    return root


def test_no_file_is_no_judgement(tmp_path):
    assert review.read(tmp_path) == ((), ())
    held = review.of_run(tmp_path, put(tmp_path, "001", ["abc"]))
    assert (held.accounts, held.clusters, held.bad) == ({}, {}, ())


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("user,x,a,,innocent,,E,2024-03-15", "about is 'user'; expected account or cluster"),
        ("account,x,,,innocent,,E,2024-03-15", "no id"),
        ("account,x,a,,guilty,,E,2024-03-15", "expected one of coordinated, innocent, unclear"),
        ("account,x,a,,innocent,,,2024-03-15", "nobody stands for it"),
        ("account,x,a,,innocent,,E,15.3.2024", "expected one such as 2024-03-15"),
        ("account", "no id"),
        ("cluster,,C001,,innocent,,E,2024-03-15", "expected the run in which"),
        ("cluster,,C001,../..,innocent,,E,2024-03-15", "expected the run in which"),
        ("cluster,,C009,001,innocent,,E,2024-03-15", "has no cluster of this name"),
    ],
)
def test_a_bad_row_is_told_and_the_others_hold(tmp_path, row, why):
    folder = put(tmp_path, "001", ["abc"])
    written(tmp_path, row, "account,x,a,,innocent,Her office.,E. Ito,2024-03-15")
    held = review.of_run(tmp_path, folder)
    assert len(held.bad) == 1
    assert why in held.bad[0]
    assert [v.note for v in held.of("x", "a")] == ["Her office."]


def test_an_account_is_found_by_id_or_handle_and_by_its_platform(tmp_path):
    written(
        tmp_path,
        "account,,@Hanna,,innocent,1,E,2024-03-15",
        "account,x,77,,unclear,2,E,2024-03-14",
        "account,y,77,,unclear,3,E,2024-03-14",
    )
    held = review.of_run(tmp_path, put(tmp_path, "001", []))
    assert [v.note for v in held.of("x", "77", "HANNA")] == ["2", "1"]
    assert [v.note for v in held.of("y", "77", None)] == ["3"]
    assert held.of("x", "78", None) == ()


def test_a_cluster_is_carried_to_the_run_where_most_of_its_accounts_are(tmp_path):
    put(tmp_path, "001", ["abcdS", "xyz"])
    later = put(tmp_path, "002", ["xyw", "abcTe"])
    written(tmp_path, "cluster,,C001,001,innocent,a union,E,2024-03-15", "cluster,,C002,001,coordinated,,E,2024-03-15")
    held = review.of_run(tmp_path, later)
    assert {name: [v.note for v in own] for name, own in held.clusters.items()} == {"C002": ["a union"]}
    assert [v.id for v in held.lost] == ["C002"], "two of four accounts are half, and not more than half"
    assert not held.bad


@given(st.sets(st.sampled_from("abcdefgh"), min_size=1), st.lists(st.integers(0, 3), min_size=8, max_size=8))
def test_at_most_one_cluster_continues_another(before, labels):
    here = {f"C{n}": frozenset(a for a, label in zip("abcdefgh", labels, strict=True) if label == n) for n in range(4)}
    alike = [name for name, own in here.items() if own and 2 * len(own & before) > len(own | before)]
    assert len(alike) <= 1
    assert review._continued(frozenset(before), {k: v for k, v in here.items() if v}) == (alike[0] if alike else None)


def test_judgements_stand_beside_the_machines_word(tmp_path):
    folder = put(tmp_path, "001", ["abcS"], flagged=True)
    written(
        tmp_path,
        *("cluster,,C001,001,innocent,,E,2024-03-15", "account,x,b,,innocent,,E,2024-03-15"),
        *("account,x,S,,unclear,,E,2024-03-15", "account,x,q,,unclear,,E,2024-03-15"),
    )
    rows, bad = review.beside(tmp_path, folder)
    assert not bad
    flagged = "C001: signs of a troll operation, claim level 3 of 4, flagged"
    assert [(row["id"], row["machine"]) for row in rows] == [
        ("C001", flagged),
        ("b", flagged),
        ("q", "in no cluster"),
        ("S", "a source: copied, no member"),
    ]


def test_a_file_of_a_spreadsheet_is_read(tmp_path):
    (tmp_path / "review.csv").write_bytes(
        b"\xef\xbb\xbfAbout;ID;Verdict;Who;Date;Note\r\naccount;'@anna;innocent;J\xc3\xbcrgen;2024-03-15;'=1+1\r\n;;;;;\r\n"
    )
    good, bad = review.read(tmp_path)
    assert good == (Verdict("account", "", "@anna", "", "innocent", "=1+1", "Jürgen", "2024-03-15"),)
    assert bad == ()


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_no_file_breaks_the_reader(tmp_path_factory, data):
    root = tmp_path_factory.mktemp("review")
    for text in (data, HEAD.encode() + data):
        (root / "review.csv").write_bytes(text)
        good, bad = review.read(root)
        assert all(isinstance(row, Verdict) for row in good)
        assert all(isinstance(why, str) for why in bad)


def test_the_terminal_shows_judgements_harmlessly(tmp_path):
    put(tmp_path, "001", ["abc"])
    written(tmp_path, "account,x,a\u202eb,,innocent,\x1b[31mred,E,2024-03-15", "account\x1b,,,,,,,")
    rows, bad = review.beside(tmp_path, tmp_path / "runs" / "001")
    shown = terminal.as_text("status", {"case": "c", "inputs": [], "runs": [], "review": {"rows": rows, "bad": bad}})
    assert "⟨U+202E⟩" in shown
    assert "\x1b" not in shown
    assert "could not be used" in shown
