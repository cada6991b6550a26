"""The STIX bundle: strict readers take it, it names nobody whom nobody flagged, and it attributes nothing."""

import datetime as dt
import json
import random
import re
from typing import ClassVar

import pyarrow as pa
import pytest
import stix2
from hypothesis import given
from hypothesis import strategies as st

from cib import graphfiles, parquet, schema
from cib.clusters import words
from cib.engines.duckdb import DuckDB
from cib.graphfiles import stix
from cib.graphfiles.bundle import EMPTY
from cib.graphfiles.cuts import Cut
from cib.wording import TECHNIQUES

NOON, LATER = dt.datetime(2024, 3, 1, 12), dt.datetime(2024, 3, 4, 18, 0, 1, 500_000)
ACCUSING = re.compile(r"inauthentic|\bbots?\b|troll|automation|automated|suspicious", re.IGNORECASE)
HOSTILE_POST = "1)![x](https://evil.example/?<script>"
REVIEW = """about,platform,id,run,verdict,note,who,date
account,p,m3,,innocent,Her press office.,E. Ito,2024-03-15
cluster,,C004,001,coordinated,Sure.,E. Ito,2024-03-15
cluster,,C004,001,innocent,Asked them.,E. Ito,2024-03-16
"""


def put(folder, table, rows):
    shape = schema.arrow(table)
    (folder / table).mkdir(parents=True, exist_ok=True)
    full = [{name: row.get(name) for name in shape.names} for row in rows]
    path = folder / table / "all.parquet"
    parquet.write(path, shape, [pa.Table.from_pylist(full, schema=shape)])
    return path


def cluster(name, kind, level, accounts, **more):
    row = {"cluster_id": name, "kind": kind, "claim_level": level, "flagged": level >= 3, "n_accounts": len(accounts)}
    row |= {"n_posts": 40, "first_at": NOON, "last_at": LATER, "graphs": ["co_text", "fast_retweet"]}
    lists = {"reasons": [f"Reason of {name}."], "counter_evidence": ["Against."], "benign": ["A newsroom."]}
    return row | lists | {"disarm": ["T0049.003", "T0084.001"] if level >= 3 else ["T0084.001"]} | more


class Small:
    """C001 flagged, one of it a source, one cleared by a person; C002 for review, at level 1; C003 a crowd; C004 cleared."""

    MEMBERS: ClassVar = {"C001": ["m1", "m2", "m3", "s1"], "C002": ["r1", "r2"], "C003": ["c1", "c2"], "C004": ["i1", "i2"]}

    def __init__(self, root, *, shuffle=None):
        self.root, self.run = root, root / "runs" / "001"
        kinds = {"C001": ("bot_cluster", 3), "C002": ("undetermined", 1), "C003": ("crowd", 2), "C004": ("troll_farm", 4)}
        clusters = [cluster(name, *kinds[name], [a for a in own if a != "s1"]) for name, own in self.MEMBERS.items()]
        members = [
            {"platform": "p", "account_id": a, "handle": f"{a}\u202eevil", "cluster_id": name, "kind": kinds[name][0]}
            | {"role": "source" if a == "s1" else "member", "flagged": kinds[name][1] >= 3, "coordination": 1 - int(a[1]) / 10}
            for name, own in self.MEMBERS.items()
            for a in own
        ]
        pairs = {"C001": [("m1", "m2"), ("m1", "s1"), ("m2", "m3")], "C002": [("r1", "r2")]}
        meets = {"platform_a": "p", "platform_b": "p", "graph": "co_text", "post_platform_a": "p", "post_platform_b": "p"}
        evidence = [
            {**meets, "cluster_id": name, "account_a": a, "account_b": b, "post_a": HOSTILE_POST, "post_b": f"{a}{b}", "gap_s": 7}
            | {"item_bits": 9.5}
            for name, some in pairs.items()
            for a, b in some
        ]
        ends = {"platform_a": "p", "platform_b": "p", "surprise_bits": 30.0, "first_at": NOON, "last_at": LATER}
        ties = [{**ends, "account_a": "m1", "account_b": "m2", "graphs": ["co_text"]}]
        ties += [{**ends, "account_a": "i1", "account_b": "i2", "graphs": ["co_link"]}]
        tables = {"cluster": clusters, "member": members, "evidence": evidence, "tie": ties}
        for table, rows in tables.items():
            put(self.run, table, rows if shuffle is None else random.Random(shuffle).sample(rows, len(rows)))
        (self.run / "manifest.json").write_text("{}", encoding="utf-8")
        (root / "review.csv").write_text(REVIEW, encoding="utf-8")

    def export(self, **cut):
        """Return the bundle as stix2 reads it, what export.json says of it, and its text."""
        engine = DuckDB(threads=1)
        paths = graphfiles.export(self.run, case_parts={}, engine=engine, to="stix", cut=Cut(**cut))
        engine.close()
        text = paths[0].read_text(encoding="utf-8")
        return stix2.parse(text, allow_custom=False), json.loads(paths[1].read_text(encoding="utf-8"))["stix.json"], text


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return Small(tmp_path_factory.mktemp("case"))


def of(bundle, kind):
    return [one for one in bundle.objects if one.type == kind]


def people(bundle):
    return [one.user_id for one in of(bundle, "user-account")]


def test_only_flagged_accounts_that_nobody_cleared_are_named(small):
    bundle, facts, text = small.export()
    assert people(bundle) == ["m1", "m2"]
    assert (facts["clusters"], facts["nodes"], facts["objects"]) == (1, 2, len(bundle.objects))
    told = {"clusters_not_flagged": 2, "clusters_judged_innocent": 1, "sources": 1, "accounts_judged_innocent": 1}
    assert facts["left_out"] == told | {"accounts_below_the_top": 0}
    assert not re.search(r'"(s1|m3|r1|c1|i1)"|Ito|press office', text)


def test_every_reference_leads_somewhere_and_every_object_is_marked(small):
    bundle, _, _ = small.export()
    ids = [one.id for one in bundle.objects]
    assert len(set(ids)) == len(ids)
    for one in bundle.objects:
        refs = [*one.get("object_refs", []), *one.get("object_marking_refs", []), *[one.get("created_by_ref") or ids[0]]]
        assert set(refs) <= set(ids)
        assert one.type == "marking-definition" or one.object_marking_refs == [stix.AMBER["id"]]
    (group,) = of(bundle, "grouping")
    kinds = {"user-account": 2, "attack-pattern": 2, "observed-data": 1, "note": 2}
    assert {kind: sum(ref.startswith(kind) for ref in group.object_refs) for kind in kinds} == kinds


def test_nothing_in_it_names_an_operator(small):
    for cut in ({}, {"clusters": ("C001", "C002", "C003", "C004")}):
        bundle, _, text = small.export(**cut)
        about = {
            "marking-definition",
            "identity",
            "user-account",
            "attack-pattern",
            "observed-data",
            "note",
            "grouping",
            "opinion",
        }
        assert {one.type for one in bundle.objects} <= about
        assert not re.search("threat-actor|intrusion-set|attributed|campaign--", text)
        assert [one.name for one in of(bundle, "identity")] == ["cib"]


@pytest.mark.parametrize("name", ["C002", "C003"])
def test_a_cluster_that_is_not_flagged_comes_only_by_name_and_as_what_it_is(small, name):
    bundle, facts, _ = small.export(clusters=(name,))
    assert people(bundle) == small.MEMBERS[name]
    assert facts["left_out"]["clusters_not_asked_for"] == 3
    (group,) = of(bundle, "grouping")
    assert (group.context, of(bundle, "attack-pattern")) == ("unspecified", [])
    says = [(one.get("name"), one.get("description"), one.get("abstract"), one.get("content")) for one in bundle.objects[2:]]
    assert not ACCUSING.search(str(says))


def test_the_claim_level_is_told_in_words_and_what_speaks_against_it(small):
    bundle, _, _ = small.export()
    pro, contra = of(bundle, "note")
    assert pro.abstract == "C001: signs of automation. Claim level 3 of 4: with indicators of inauthenticity."
    assert all(
        part in pro.content for part in ("Reason of C001.", "T0049.003 Bots Amplify", "3 accounts, 2 of them in this bundle")
    )
    assert all(part in contra.content for part in ("Against.", "A newsroom.", "intent, operator, sponsor"))
    (group,) = of(bundle, "grouping")
    assert (group.name, group.labels, group.context) == ("C001: signs of automation", ["claim-level-3"], "suspicious-activity")
    codes = {one.external_references[0].external_id: one.name for one in of(bundle, "attack-pattern")}
    assert codes == {code: TECHNIQUES[code][0] for code in ("T0049.003", "T0084.001")}


def test_what_adversaries_write_is_no_markup_and_shows_its_tricks(small):
    bundle, _, _ = small.export()
    content = of(bundle, "note")[0].content
    assert "p:1%29%21%5Bx%5D%28https%3A%2F%2Fevil.example%2F%3F%3Cscript%3E and p:m1m2, 7 s apart" in content
    assert "m1s1" not in content  # a meeting with a source
    assert "m2m3" not in content  # with an account that a person cleared
    assert not re.search(r"[<\[]", content)
    assert of(bundle, "user-account")[0].display_name == "m1⟨U+202E⟩evil"


def test_people_who_judged_are_heard_and_stay_unnamed(small):
    bundle, _, text = small.export(clusters=("C004",))
    (group,) = of(bundle, "grouping")
    said = [(one.opinion, one.object_refs, one.created.date().isoformat()) for one in of(bundle, "opinion")]
    assert said == [("agree", [group.id], "2024-03-15"), ("disagree", [group.id], "2024-03-16")]
    assert "Ito" not in text


def test_the_same_run_makes_the_same_bytes_and_no_clock_is_read(small, tmp_path):
    bundle, _, text = small.export()
    assert Small(tmp_path, shuffle=1).export()[2] == text
    data = {stix.time(NOON), stix.time(LATER), stix.time(stix.SINCE), "2017-01-20T00:00:00.000Z"}
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[^\"]*Z", text)) == data
    (seen,) = of(bundle, "observed-data")
    assert (seen.first_observed.isoformat(), seen.number_observed) == ("2024-03-01T12:00:00+00:00", 40)


def test_cuts_hold_here_too(small):
    bundle, facts, _ = small.export(top=1)
    assert (people(bundle), facts["left_out"]["accounts_below_the_top"], facts["max_nodes"]) == (["m1"], 1, 1)
    bundle, facts, _ = small.export(graphs=("co_link",))
    assert (people(bundle), facts["left_out"]["accounts_without_a_tie_in_the_cut"], facts["note"]) == ([], 3, EMPTY)
    assert people(small.export(since=NOON, until=LATER)[0]) == ["m1", "m2"]
    assert people(small.export(since=dt.datetime(2024, 4, 1))[0]) == []


TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)


@given(st.sampled_from(["twitter", "mastodon", ""]), TEXT, st.none() | TEXT)
def test_an_account_has_the_id_that_every_program_gives_it(platform, account_id, handle):
    ours = stix.account(platform, account_id, handle)
    theirs = stix2.v21.UserAccount(user_id=account_id, **({"account_type": platform} if platform else {}))
    assert ours["id"] == theirs.id == stix2.parse(json.dumps(ours)).id
    assert stix.account(platform, account_id, None)["id"] == ours["id"]


def test_every_technique_has_a_name():
    assert set(words.TECHNIQUES.values()) <= set(TECHNIQUES)
