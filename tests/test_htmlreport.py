"""The report: nothing that an account wrote gets out of its box, and nothing is claimed that the run does not carry."""

import base64
import hashlib
import json
import math
import random
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cib import htmlreport, parquet, schema, text
from cib.case import Case, dump, write_text
from cib.clusters.measures import MEASURES
from cib.engines.duckdb import DuckDB
from cib.errors import CaseError
from cib.htmlreport import lanes, power, quantiles, show, words
from cib.languages import ENGLISH, Voice

NOON = datetime(2024, 3, 4, 12)
HOSTILE = [
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(2)>",
    "</bdi></p></style><style>*{display:none}",
    "abc\u202egnp.exe\u2066\u200b",
    "line\u2028separator\u2029\x00\x07\x1b[31m",
    "{{1237*1009}}{% raw %}${1237*1009}<%= 1237*1009 %>",
    "\"'><svg/onload=alert(3)>&lt;b&gt;",
    "https://evil.example/a?b=<c> and www.evil.example t.me/evil",
    "RTL ‏שלום‎ \u202b",
    "=cmd|' /C calc'!A0",
]
LINKS = [
    "javascript:alert(1)",
    "data:text/html,<script>1</script>",
    "https://ok.example/p/1",
    "http://a@evil.example/",
    'https://x.example/"><b>',
    " https://ok.example",
]
TEXT_TAGS = [
    "p",
    "b",
    "i",
    "strong",
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
    "div",
    "span",
    "time",
    "bdi",
    "code",
    "blockquote",
    "br",
]
TABLE_TAGS = ["table", "thead", "tbody", "tr", "th", "td", "figure", "figcaption", "details", "summary"]
PAGE_TAGS = ["html", "head", "meta", "title", "style", "body", "a", "main", "header", "nav", "section", "article", "footer"]
ALLOWED = {
    "script",
    *TEXT_TAGS,
    *TABLE_TAGS,
    *PAGE_TAGS,
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "meter",
    "svg",
    "g",
    "path",
    "text",
    "circle",
}
VOID = {"meta", "br"}
ACCUSING = re.compile(r"inauthentic|\bbots?\b|\btroll|bot_cluster|troll_farm", re.IGNORECASE)
GRAPHS = {
    "co_link": {"verb": "link", "says": "Two accounts publish the same addresses.", "misleads": "Share buttons."},
    "co_text": {"verb": "text", "says": "Two accounts publish the same text.", "misleads": "Petitions."},
}
TEXTS = {
    "reasons": ["Its accounts are young (27 days; 98% of 200 matched groups lie above it)."],
    "counter_evidence": ["Its posts are liked (4 likes)."],
}
TEXTS |= {"benign": ["Fans of one account. Ask them.", "A share button. Look for it.", "A union."]}


def put(folder: Path, table: str, rows: list[dict], *, shuffle: int | None = None) -> None:
    """Write `rows` as the table of that name; columns that are not given are NULL."""
    shape = schema.arrow(table)
    path = folder / table / "all.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    full = [{name: row.get(name) for name in shape.names} for row in rows]
    if shuffle is not None:
        full = random.Random(shuffle).sample(full, len(full))
    parquet.write(path, shape, [pa.Table.from_pylist(full, schema=shape)])


class World:
    """A case and a run, made by hand: clusters of accounts that publish hostile texts two by two."""

    def __init__(self, root: Path, clusters: list[dict] | None = None, *, n_members: int = 10, **facts):
        clusters = [{}] if clusters is None else clusters
        self.root, self.facts = root, facts
        self.rows: dict[str, list[dict]] = {
            table: [] for table in ("cluster", "member", "tie", "trait", "evidence", "edge", "post", "account")
        }
        for number, cluster in enumerate(clusters, start=1):
            self._add(f"C{number:03d}", cluster, n_members)
        graphs = [self._graph(name) for name in GRAPHS]
        machine = {"timings_s": {"acts": 123.456}, "peak_memory_mb": 98765, "finished_at": "2031-12-30T01:02:03Z"}
        self.manifest = {
            "name": "001",
            "number": 1,
            "data_version": "",
            "versions": {"cib": "0.1.0"},
            "hashes": {"tie/all.parquet": "ab" * 32},
            "rows": {"tie": len(self.rows["tie"])},
            "parameters": {"fdr": 0.01, "since": None, "until": None, "sample": "unknown", "seed": 0, "graphs": graphs},
            "notes": self._notes(),
            **machine,
        }

    def _graph(self, name: str) -> dict:
        return {"name": name, "object": "x", "windows_s": [10, 60], "max_crowd": 300, "null": "crowd", **GRAPHS[name]}

    def _notes(self) -> dict:
        resolution_s = self.facts.get("resolution_s", 1)
        tested = [w for w in (10, 60) if w >= resolution_s]
        return {
            "tests": {
                "accounts": 2000,
                "pairs": 1_999_000,
                "graphs": 2,
                "effective_accounts": 900.0,
                "too_little": self.facts.get("too_little", {}),
            },
            "windows": {name: {"resolution_s": resolution_s, "tested_s": tested} for name in GRAPHS},
            "expected": {"co_link 10 s": 0.002, "co_link 60 s": 0.01, "co_text 60 s": 0.0},
            "multipliers": {"co_link 10 s": [1.0, 3.0], "co_link 60 s": [1.0, 3.0], "co_text 60 s": [1.0, 1.0]},
            "ties": {"passed": len(self.rows["tie"]), "by_extent": 0, "ties": len(self.rows["tie"]), "single_post_pair": 3},
            "crowds": {"co_link": {"acts": 50, "max_crowd": 300, "left_out_by_window": {"10 s": 0, "60 s": 7}}},
            "clusters": {"sources": 1, "ties_of_sources": 2},
            "evidence": {"meetings_left_out": 4, "pairs_left_out": 5},
            **{section: self.facts[section] for section in ("calibration", "extent") if section in self.facts},
        }

    def _add(self, name: str, cluster: dict, n_members: int) -> None:
        ids = [f"{name}-{i:03d}" for i in range(n_members)]
        kind, flagged = cluster.get("kind", "undetermined"), cluster.get("flagged", False)
        described = {
            "cluster_id": name,
            "found_by": "ties",
            "kind": kind,
            "flagged": flagged,
            "claim_level": 1,
            "n_accounts": n_members - 1,
        }
        described |= {
            "n_posts": 4 * n_members,
            "first_at": NOON,
            "last_at": NOON + timedelta(days=2, seconds=7),
            "graphs": list(GRAPHS),
        }
        described |= {
            **TEXTS,
            "disarm": ["T0049.003", "T0118"],
            "terms": HOSTILE,
            "domains": ["evil.example"],
            "targets": [f"{name}-000"],
        }
        self.rows["cluster"].append({**described, "url_keys": ["https://evil.example/a"], **cluster})
        for i, account in enumerate(ids):
            handle, role = HOSTILE[i % len(HOSTILE)], "source" if i == n_members - 1 else "member"
            self.rows["account"].append({"platform": "twitter", "account_id": account, "handle": handle})
            member = {
                "platform": "twitter",
                "account_id": account,
                "handle": handle,
                "cluster_id": name,
                "role": role,
                "coordination": i / n_members,
            }
            self.rows["member"].append({**member, "kind": kind, "flagged": flagged, "n_ties": 2, "graphs": list(GRAPHS)})
        for i, (a, b) in enumerate(pairwise(ids)):
            pair = {"platform_a": "twitter", "account_a": a, "platform_b": "twitter", "account_b": b}
            self.rows["tie"].append({**pair, "p_value": 1e-9, "q_value": 1e-6, "surprise_bits": 30.0 + i})
            edge = {**pair, "graph": "co_link", "window_s": 60, "n_shared": 5, "expected": 0.01 * (1 + i), "p_value": 1e-9}
            self.rows["edge"].append(edge)
            self._meet(name, pair, i)
        trait = {
            "cluster_id": name,
            "value": 0.9,
            "unit": "share",
            "percentile": 0.97,
            "n_reference": 200,
            "direction": "inauthentic",
        }
        self.rows["trait"].append({**trait, "trait": "handle_digits", "family": "provenance", "log_odds": 1.7})
        missing = {"percentile": None, "log_odds": 0.0, "missing_reason": "too few bots are known"}
        self.rows["trait"].append({**trait, "trait": "reaction", "family": "timing", **missing})

    def _meet(self, name: str, pair: dict, i: int) -> None:
        seconds = {"a": 3600 * (i % 40), "b": 3600 * (i % 40) + 5}
        meeting = {
            "cluster_id": name,
            **pair,
            "graph": "co_link",
            "object": "https://evil.example/a",
            "gap_s": 5,
            "item_bits": 9.0 + i / 1000,
        }
        for side, s in seconds.items():
            at, post = NOON + timedelta(seconds=s), f"{name}-p{i}{side}"
            meeting |= {f"post_platform_{side}": "twitter", f"post_{side}": post, f"acted_at_{side}": at}
            meeting |= {f"source_file_{side}": "C:\\Users\\me\\in.csv", f"source_record_{side}": 17 + i}
            row = {
                "platform": "twitter",
                "post_id": post,
                "account_id": pair[f"account_{side}"],
                "created_at": at,
                "text": HOSTILE[i % len(HOSTILE)],
            }
            self.rows["post"].append(
                {**row, "permalink": LINKS[i % len(LINKS)], "resolution_s": self.facts.get("resolution_s", 1)}
            )
        self.rows["evidence"].append(meeting)

    def write(self, *, shuffle: int | None = None) -> "Page":
        case = Case.create(self.root / "case")
        for table in ("post", "account"):
            put(case.root / "data", table, self.rows[table], shuffle=shuffle)
            case.record["parts"][table] = [f"{table}/all.parquet"]
        read = {
            "rows_read": 90,
            "posts": 80,
            "merged": 4,
            "rejected": 6,
            "sha256": "cd" * 32,
            "format": "generic",
            "naive_times": True,
        }
        case.record["inputs"] = [{"name": "D:/exports/me/<b>posts</b>.csv", **read}]
        case.record["hashes"] = {}
        case.commit()
        write_text(
            case.root / "case.toml",
            self.facts.get("toml", 'sample = "keyword"\ncollected = "by <hand>\\u202e"\nmissing = "much"\n'),
        )
        folder = case.root / "runs" / "001"
        for table in (table for table in self.rows if table not in ("post", "account")):
            put(folder, table, self.rows[table], shuffle=shuffle)
        self.manifest["data_version"] = self.facts.get(
            "data_version", case.data_version if shuffle is None else self.manifest["data_version"]
        )
        if shuffle is not None:
            self.manifest["data_version"] = case.data_version
        write_text(folder / "manifest.json", dump(self.manifest))
        return Page(htmlreport.write(case, folder))


class Page(HTMLParser):
    """The written page: its bytes, its elements with their attributes, and its text outside the style sheet."""

    def __init__(self, path: Path):
        super().__init__(convert_charrefs=True)
        self.path = path
        self.html = path.read_text(encoding="utf-8")
        self.facts = json.loads(path.with_name("report.json").read_text(encoding="utf-8"))
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.unbalanced: list[str] = []
        pieces: list[str] = []
        self.style = ""
        self.scripts: list[str] = []
        self.pieces = pieces
        self.feed(self.html)
        self.close()
        self.text = re.sub(r"\s+", " ", "".join(pieces))
        self.island = json.loads(self.scripts[0]) if self.scripts else None
        self.markup = re.sub(r"<script.*?</script>", "", self.html, flags=re.DOTALL)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.unbalanced.append(tag)

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "style":
            self.style += data
        elif self.open and self.open[-1] == "script":
            self.scripts.append(data)
        else:
            self.pieces.append(data)

    def links(self) -> Iterator[dict[str, str | None]]:
        return (attributes for tag, attributes in self.elements if tag == "a")


FLAGGED = {"kind": "bot_cluster", "flagged": True, "claim_level": 4}
QUIET = [
    {
        "kind": "bot_cluster",
        "flagged": False,
        "claim_level": 2,
        "reasons": ["Its direction is inauthentic, like trolls and bots (3 bots; 9)."],
    },
    {
        "kind": "syndication",
        "claim_level": 1,
        "counter_evidence": ["A bot_cluster it is not."],
        "benign": ["Trolling is not inauthentic."],
    },
    {"kind": "crowd", "claim_level": 1},
]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory) -> Page:
    return World(tmp_path_factory.mktemp("hostile"), [FLAGGED, *QUIET]).write()


def test_hostile_text_makes_no_element_and_no_attribute(hostile):
    assert {tag for tag, _ in hostile.elements} <= ALLOWED
    assert not hostile.unbalanced
    assert not hostile.open
    names = {name for _, attributes in hostile.elements for name in attributes}
    assert not {name for name in names if name.startswith("on") or name in ("style", "src", "srcdoc", "action", "formaction")}
    assert "</script><script>alert(1)</script>" in hostile.text
    assert "{{1237*1009}}{% raw %}${1237*1009}" in hostile.text
    assert "1248133" not in hostile.html


def test_text_of_accounts_stands_in_isolation(hostile):
    for wrote in ("&lt;img src=x onerror", "abc⟨U+202E⟩gnp.exe"):
        for found in re.finditer(re.escape(wrote), hostile.markup):
            assert re.search(r"<bdi[^>]*>[^<]*$", hostile.markup[: found.start()]), hostile.markup[
                found.start() - 80 : found.start() + 40
            ]


def test_invisible_characters_are_written_out(hostile):
    for written in (hostile.html, hostile.path.with_name("report.json").read_text(encoding="utf-8")):
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]", written)
        assert not text.INVISIBLE.search(written)


def test_links_lead_inside_or_to_a_plain_web_page(hostile):
    outward = [a for a in hostile.links() if not (a["href"] or "").startswith("#")]
    assert {a["href"] for a in outward} == {"https://ok.example/p/1"}
    assert {a["rel"] for a in outward} == {"noopener noreferrer"}
    inside = {a["href"] for a in hostile.links()} - {"https://ok.example/p/1"}
    ids = {"#" + attributes["id"] for _, attributes in hostile.elements if "id" in attributes}
    assert inside <= ids


def test_addresses_are_shown_defanged(hostile):
    assert "hxxps://evil[.]example/a" in hostile.text
    for dangerous in ("http://", "https://", "javascript:", "www.evil.example", "t.me/evil"):
        assert dangerous not in hostile.text


def digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_the_policy_allows_our_style_sheet_and_our_script_and_nothing_else(hostile):
    policy = next(a["content"] for tag, a in hostile.elements if tag == "meta" and "Policy" in str(a.get("http-equiv")))
    _, script = hostile.scripts
    expected = (
        f"default-src 'none'; style-src {digest(hostile.style)}; script-src {digest(script)}; img-src data:; base-uri 'none'; "
        "form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )
    assert policy == expected
    assert "url(" not in hostile.style
    assert "@import" not in hostile.style
    assert not {"img", "link", "iframe", "object", "form"} & {tag for tag, _ in hostile.elements}
    kinds = [attributes for tag, attributes in hostile.elements if tag == "script"]
    assert kinds == [{"type": "application/json", "id": "explore-data"}, {}]


def test_below_level_three_nothing_accuses(tmp_path):
    page = World(tmp_path, QUIET).write()
    for written in (page.html, page.path.with_name("report.json").read_text(encoding="utf-8")):
        assert not ACCUSING.search(written), ACCUSING.search(written)
    assert "for review" in page.text
    assert "signs of automation" not in page.text.lower()
    assert "T0049.003" not in page.text
    assert page.facts["finding"]["n_flagged"] == 0


def test_beside_a_flagged_card_the_others_still_do_not_accuse(hostile):
    first, *others = re.findall(r"<article.*?</article>", hostile.html, re.DOTALL)
    assert "indicators of inauthenticity" in first
    assert "signs of automation" in first.lower()
    assert len(others) == 3
    for card in others:
        assert not ACCUSING.search(card), ACCUSING.search(card)


def test_the_finding_counts_what_the_tables_hold(hostile):
    sentence = "4 groups of accounts, 36 accounts together, acted in coordination beyond chance"
    assert f"{sentence}; 1 of these (9 accounts) shows indicators of inauthenticity." in hostile.text
    assert "1 group is flagged, consistent with one kind of operation; 1 group is for review" in hostile.text
    assert "2 groups look like open syndication or an ordinary crowd" in hostile.text


def test_the_first_screen_keeps_its_order(hostile):
    headings = [
        "What was examined",
        "How it was collected",
        "What is missing",
        "What could not be judged",
        "The finding",
        "What this does not show",
        "The strongest evidence against",
        "Expected false alarms",
        "The smallest group that could have been found",
        "leads for human review, not verdicts",
        "All groups at a glance",
    ]
    places = [hostile.text.index(heading) for heading in headings]
    assert places == sorted(places)


def test_what_is_missing_is_said(hostile):
    assert "6 rows of 90 (6.7%) could not be read" in hostile.text
    assert "1 file gave times without a zone" in hostile.text
    assert "by <hand>⟨U+202E⟩" in hostile.text
    assert "much" in hostile.text


def test_false_pairs_are_bounded_not_accounts(hostile):
    assert "at most about 1 pair among the 36 ties that passed by themselves" in hostile.text
    assert "bounds false pairs, not false accounts or clusters" in hostile.text
    assert "Not calibrated on this case" in hostile.text


def test_flagged_cards_come_first_and_contrary_evidence_is_always_there(hostile):
    assert [card["status"] for card in hostile.facts["cards"]] == ["flagged", "review", "explained", "explained"]
    assert hostile.text.count("What raises concern") == hostile.text.count("What speaks against") == 4
    assert hostile.facts["against"] == [{"cluster": "C001", "text": "Its posts are liked.", "detail": "4 likes."}]


def test_sources_are_shown_apart(hostile):
    card = hostile.facts["cards"][0]
    assert [one["id"] for one in card["sources"]] == ["C001-009"]
    assert "C001-009" not in {one["id"] for one in card["members"]}
    assert "Being copied is no coordination" in hostile.text


def test_a_card_says_how_much_of_its_group_would_hold_together_and_the_page_how_many_did_not(tmp_path):
    world = World(tmp_path, [{"stability": 0.879}, {"stability": None}])
    world.manifest["notes"]["clusters"] |= {"unstable": 2, "accounts_of_unstable": 7}
    page = world.write()
    assert page.text.count("87 % of its ties would still hold together") == page.text.count("would still hold together") == 1
    assert [card["stability"] for card in page.facts["cards"]] == [0.879, None]
    assert any(line.startswith("2 groups (7 accounts) hang on too few objects") for line in page.facts["left_out"])


def test_evidence_names_both_posts_file_and_record(hostile):
    meetings = hostile.facts["cards"][0]["evidence"]
    assert len(meetings) == 8
    first, second = meetings[0]["posts"]
    assert first["at"] < second["at"]
    assert (first["file"], first["record"]) == ("in.csv", 25)
    assert meetings[0]["gap"] == "5 s apart"


def test_evidence_is_of_different_objects_and_different_pairs(tmp_path):
    world = World(tmp_path)
    meetings = world.rows["evidence"][:3]
    shared = [{**meeting, "object": f"https://site.example/{n}", "item_bits": 20.0 - n} for meeting in meetings for n in range(6)]
    for number, meeting in enumerate(shared):  # each on posts of its own
        meeting |= {"post_a": f"a{number}", "post_b": f"b{number}"}
    world.rows["evidence"] = shared
    shown = world.write().facts["cards"][0]["evidence"]
    assert len({meeting["object"] for meeting in shown}) >= 4
    assert len({tuple(post["account"] for post in meeting["posts"]) for meeting in shown}) == 3


def test_two_posts_are_shown_once_whatever_they_share(tmp_path):
    world = World(tmp_path)
    meeting = world.rows["evidence"][0]
    world.rows["evidence"] = [{**meeting, "object": f"https://site.example/{n}"} for n in range(6)]
    assert len(world.write().facts["cards"][0]["evidence"]) == 1


def test_a_retweet_bears_the_word_of_its_platform():
    assert [words.retweet(platform) for platform in ("twitter", "mastodon", "telegram", "")] == [
        "retweet",
        "boost",
        "forward",
        "retweet",
    ]


def test_what_joins_leave_out_is_told(tmp_path):
    world = World(tmp_path)
    world.manifest["notes"] |= {
        "giants": {
            "co_domain": {"max_accounts": 40, "objects_left_out": 3},
            "co_link": {"max_accounts": 40, "objects_left_out": 0},
        },
        "similar_accounts": {"alike": {"acts": 9, "max_crowd": 300, "objects_left_out": 1, "acts_left_out": 2}},
        "embeddings": {"near": {"posts": 9, "unread": 1, "cut_comparisons": 2, "cut_matches": 3}},
    }
    text = world.write().text
    assert "co_domain: 3 objects on which more than 40 accounts act took no part." in text
    assert "alike: 1 object of more than 300 accounts took no part, with 2 acts." in text
    assert "near: 1 embedding that could not be read, or not as long as most, took no part." in text
    assert "near: 5 posts had more company than is compared or kept; the latest counted." in text
    assert "co_link: 0 objects" not in text


def test_a_run_in_which_nothing_was_tested_is_no_all_clear(tmp_path):
    world = World(tmp_path, [], too_little={"case": "nothing that was tested."})
    for graph in world.manifest["parameters"]["graphs"]:
        graph["null"] = "none"
    page = world.write()
    assert page.facts["finding"]["sentence"].startswith("Nothing was tested against chance")
    assert "The whole case. Nothing was tested: all chosen graphs describe." in page.text
    assert "Too few accounts" not in page.text
    assert "This is no all-clear" in page.text


def test_too_few_accounts_are_no_all_clear(tmp_path):
    page = World(tmp_path, [], too_little={"case": "the activity of 20 accounts."}).write()
    assert page.facts["finding"]["sentence"].startswith("Too few accounts to judge")
    assert "The whole case. Too few accounts to judge" in page.text
    assert "proves nothing" in page.text
    assert not re.search(r"\bclean\b", page.text)


def test_a_run_without_clusters_has_a_whole_page(tmp_path):
    page = World(tmp_path, []).write()
    assert "No group of accounts was found" in page.text
    assert "This is no all-clear" in page.text
    assert "A group of three accounts of average activity" in page.text
    assert not page.unbalanced


def test_graphs_that_could_not_be_judged_are_named(tmp_path):
    page = World(tmp_path, too_little={"co_text": "no post has a text"}).write()
    assert "co_text. Too little to judge: no post has a text." in page.text


def test_what_no_post_carries_is_missing_and_not_too_little(tmp_path):
    page = World(tmp_path, too_little={"co_text": "no post carries text", "co_link": "no post carries url"}).write()
    assert "Not in these data. No post carries url (co_link), text (co_text)." in page.text
    assert "Too little to judge" not in page.text


def test_the_typical_pair_is_the_median_tie(hostile):
    typical = hostile.facts["cards"][0]["typical"]
    assert typical["text"] == "A typical pair met 5 times within 1 minute on co_link, where 0.04 would be due by chance."
    assert typical["text"] in hostile.text  # 8 ties beside the source's, each stronger than the one before: the fourth


def test_a_card_says_whom_the_group_acts_on_and_what_it_pushes_beyond_others(tmp_path):
    world = World(tmp_path, [{"terms": ["all", "ours"]}])
    by, others = "C001-000", "stranger"
    acts = [{"retweet_of": "x", "retweet_of_account": "C001-001"}] * 2 + [{"reply_to": "C001-p8b"}, {"mentions": ["someone"]}]
    acts += [{"hashtags": ["All", "Ours"]}] * 3 + [{"hashtags": ["all"], "account_id": others}] * 40
    for number, act in enumerate(acts):
        row = {"platform": "twitter", "post_id": f"n{number}", "account_id": by, "created_at": NOON}
        world.rows["post"].append({**row, **act})
    card = world.write().facts["cards"][0]
    whom = {one["what"]: [(a["n_posts"], a["own"]) for a in one["accounts"]] for one in card["whom"]}
    assert whom["Whom it amplifies"] == [(2, "itself a member")]
    assert whom["Whom it answers"] == [(1, "the group's source")]
    assert card["whom"][-1]["accounts"][0]["name"] == "someone"
    tags = [(one["name"], one["n"], one["n_all"], one["common"]) for one in card["pushes"][0]["names"]]
    assert tags == [("#ours", 3, 3, False), ("#all", 3, 43, True)]


def test_groups_with_signs_of_several_operations_are_counted_apart(tmp_path):
    page = World(tmp_path, [FLAGGED, FLAGGED, {**FLAGGED, "claim_level": 3}]).write()
    assert "3 groups are flagged: 2 consistent with one kind of operation, 1 with signs of several." in page.text


def test_simulated_data_are_called_simulated(tmp_path, hostile):
    world = World(tmp_path)
    for row in world.rows["post"]:
        row["platform"] = "simnet"
    assert "simulated demonstration" in world.write().text
    assert "simulated" not in hostile.text


def test_every_trait_has_words():
    assert {measure.name for measure in MEASURES} <= set(words.TRAITS)


def test_nothing_finer_than_the_data_is_printed(tmp_path):
    page = World(tmp_path, resolution_s=60).write()
    assert not re.search(r"\d\d:\d\d:\d\d", page.text)
    assert "in the same minute" in page.text
    assert "known only to the minute" in page.text
    assert "Windows finer than the times in the files were not tested: 10 seconds" in page.text


def test_a_case_that_grew_after_the_run_is_said(tmp_path):
    page = World(tmp_path, data_version="older").write()
    assert "Posts were added to the case after this run" in page.text


def test_same_run_gives_same_bytes_on_any_number_of_threads(tmp_path, monkeypatch):
    pages = []
    for threads in (1, 2, 8):
        monkeypatch.setattr("cib.htmlreport.reading.DuckDB", partial(DuckDB, threads=threads))
        pages.append(World(tmp_path / str(threads), [FLAGGED, *QUIET]).write())
    assert pages[0].html == pages[1].html == pages[2].html
    assert pages[0].facts == pages[1].facts == pages[2].facts


def test_the_order_of_rows_changes_nothing(tmp_path):
    first, second = (World(tmp_path / str(seed), [FLAGGED, *QUIET]).write(shuffle=seed) for seed in (1, 2))
    for page in (first, second):
        page.facts["record"]["data_version"] = ""  # hashes of the parts, which hold the rows in their order
    assert first.facts == second.facts


def test_no_clock_and_no_path_is_on_the_page(hostile):
    for written in (hostile.html, json.dumps(hostile.facts)):
        for told in ("2031", "123.456", "98765", str(hostile.path.parents[3]), "exports/me", "Users"):
            assert told not in written


def test_the_json_holds_the_same_facts_in_sorted_keys(hostile):
    written = hostile.path.with_name("report.json").read_text(encoding="utf-8")
    assert written == dump(json.loads(written))
    assert hostile.facts["finding"]["sentence"] in hostile.text


def test_every_picture_says_what_it_shows(hostile):
    pictures = [a for tag, a in hostile.elements if tag == "svg"]
    assert pictures
    for attributes in pictures:
        assert attributes.get("aria-hidden") == "true" or (
            attributes.get("role") in ("img", "group") and {"aria-label", "aria-labelledby"} & set(attributes)
        )


def test_calendar_dates_are_drawn_into_the_timelines(tmp_path):
    page = World(
        tmp_path,
        n_members=40,
        toml='[[calendar]]\ndate = 2024-03-05\nwhat = "<b>silence"\n[[calendar]]\ndate = 1999-01-01\nwhat = "gone"\n',
    ).write()
    assert [one["date"] for one in page.facts["cards"][0]["timeline"]["calendar"]] == [str(date(2024, 3, 5))]
    assert "<b>silence" in page.text
    assert "gone" not in page.text


def test_a_calendar_date_that_is_none_is_named(tmp_path):
    with pytest.raises(CaseError, match="calendar date 'soon'"):
        World(tmp_path, toml='[[calendar]]\ndate = "soon"\n').write()


def test_timelines_count_every_post_of_the_members_and_of_everybody(hostile):
    for card in hostile.facts["cards"]:
        times = card["timeline"]
        assert sum(times["all"]) + times["all_outside"] == hostile.facts["examined"]["n_posts"] == 72
        assert sum(times["posts"]) + times["outside"] == 17  # 9 meetings of 2 posts, less the one of the source
        assert sum(row["posts"] for row in times["table"]) == sum(times["posts"])
        assert sum(row["all"] for row in times["table"]) == sum(times["all"])


def test_a_wrong_date_far_away_squeezes_no_timeline(tmp_path):
    world = World(tmp_path)
    world.rows["post"].append(
        {"platform": "twitter", "post_id": "x", "account_id": "C001-000", "created_at": datetime(1990, 1, 1)}
    )
    page = world.write()
    times = page.facts["cards"][0]["timeline"]
    assert times["unit"] == "hour"
    assert (times["outside"], times["all_outside"]) == (1, 1)
    assert "Not drawn: 1 post of the group before or after." in page.text


def over_time(world: World, rows: list[tuple], **facts) -> World:
    """Give a world slices of two days, one a day, and rows of `slice`: slice, lineage, event, other, cluster, accounts."""
    names = ("slice_ix", "lineage", "event", "other", "cluster_id", "n_accounts")
    world.rows["slice"] = [dict(zip(names, row, strict=True)) for row in rows]
    noted = {"length_s": 172_800, "step_s": 86_400, "origin_s": 1_709_510_400, "slices": 6}
    world.manifest["notes"]["slices"] = {**noted, "ties_in_no_slice": 0, "finer_than_data": False, **facts}
    return world


LIFE = [
    (0, "L001", "birth", None, "C001", 9),
    (1, "L001", "continuation", None, "C001", 4),
    (2, "L001", "dormancy", None, "C001", 0),
    (4, "L001", "return", None, "C001", 9),
    (5, "L001", "continuation", None, "C001", 9),
    (1, "L002", "split", "L001", None, 3),
    (2, "L002", "end", None, None, 0),
]


def test_groups_over_time_are_drawn_and_told(tmp_path):
    page = over_time(World(tmp_path, [FLAGGED]), LIFE, ties_in_no_slice=2).write()
    told = page.facts["over_time"]
    assert [one["id"] for one in told["lineages"]] == ["L001", "L002"]
    assert [one["told"] for one in told["lineages"]] == [
        ["appeared 2024-03-04", "paused 2024-03-06", "came back 2024-03-08"],
        ["split off from L001 2024-03-05", "ended 2024-03-06"],
    ]
    assert [(one["first"], one["last"], one["ended"]) for one in told["lineages"]] == [
        ("2024-03-04", "2024-03-11", False),
        ("2024-03-05", "2024-03-07", True),
    ]
    for sentence in (
        "cut into 6 slices of 2 days, one every 24 hours",
        "2 ties of the whole period met too rarely to show in any slice.",
        "4 to 9",
        "came back 2024-03-08; there to the end",
    ):
        assert sentence in page.text
    assert "accident of rounding" not in page.text
    drawn = [attributes.get("class") for _, attributes in page.elements]
    assert (drawn.count("stay"), drawn.count("away"), drawn.count("to")) == (2, 1, 1)
    assert {tag for tag, _ in page.elements} <= ALLOWED
    assert not page.unbalanced


def test_a_band_lies_in_the_columns_of_its_slices(tmp_path):
    page = over_time(World(tmp_path), LIFE).write()
    first, second = (attributes["d"] for _, attributes in page.elements if attributes.get("class") == "stay")
    column = (lanes.WIDTH - lanes.LABEL) / 6
    edges = [round(lanes.LABEL + column * i, 1) for i in range(7)]
    assert {float(x) for x in re.findall(r"[HM]([0-9.]+)", first)} == {edges[i] for i in (0, 1, 2, 4, 5, 6)}
    assert {float(x) for x in re.findall(r"[HM]([0-9.]+)", second)} == {edges[1], edges[2]}
    (away,) = (attributes["d"] for _, attributes in page.elements if attributes.get("class") == "away")
    assert [float(x) for x in re.findall(r"[HM]([0-9.]+)", away)] == [edges[2], edges[4]]


def test_a_page_without_slices_says_nothing_of_time_and_one_without_groups_says_so(tmp_path, hostile):
    assert hostile.facts["over_time"] is None
    assert "over time" not in hostile.text.lower()
    page = over_time(World(tmp_path, []), [], slices=0, finer_than_data=True).write()
    assert "No group shows in any slice." in page.text
    assert "accident of rounding" in page.text


def test_of_many_lineages_the_largest_are_drawn_and_the_rest_counted(tmp_path):
    rows = [(0, f"L{i:03d}", "birth", None, None, 3 + i) for i in range(1, 46)]
    page = over_time(World(tmp_path), rows).write()
    assert [one["id"] for one in page.facts["over_time"]["lineages"]] == [f"L{i:03d}" for i in range(6, 46)]
    assert "5 smaller groups are in the run's table slice." in page.text


def test_long_lists_are_cut_and_said(tmp_path):
    page = World(tmp_path, [{}] * 103, n_members=4).write()
    assert len(page.facts["cards"]) == 100
    assert "3 more groups have no card here" in page.text
    many = World(tmp_path / "many", n_members=251).write()
    assert len(many.facts["cards"][0]["members"]) == 200
    assert "50 more accounts are in the run's table member" in many.text


def test_fifty_large_groups_stay_under_seven_megabytes(tmp_path):
    page = World(tmp_path, [FLAGGED] * 50, n_members=201).write()
    assert page.facts["map"]["n_accounts"] + page.facts["map"]["n_sources"] == 5000
    assert page.facts["map"]["n_accounts_left_out"] == 5050
    assert "Left out of the picture:" in page.text
    assert page.path.stat().st_size < 7_000_000


def naive_tail(k: int, mean: float) -> float:
    """P(Poisson(mean) >= k), term by term from k upwards."""
    term = math.exp(-mean + k * math.log(mean) - math.lgamma(k + 1))
    total = 0.0
    while term > total * 1e-17:
        total, term, k = total + term, term * mean / (k + 1), k + 1
    return total


GROUNDS = st.builds(power.Ground, st.floats(1e-5, 5), st.floats(0, 0.02), st.floats(1e-14, 1e-5))


def at_least(k: int, n: int, chance: float) -> float:
    """P(Binomial(n, chance) >= k), summed from below."""
    return 1 - sum(math.comb(n, i) * chance**i * (1 - chance) ** (n - i) for i in range(k))


def naive_meetings(ground, size, joint_acts):
    """Fewest meetings that make a tie, where four in five accounts then have two ties; by the sums themselves."""
    due = ground.expected + ground.own * joint_acts * (size - 1)
    for k in range(2, joint_acts + 1):
        tied = at_least(k, joint_acts, 0.36)
        n_ties = max(tied * size * (size - 1) / 2, 1.0)
        if at_least(2, size - 1, tied) >= 0.8 and naive_tail(k, due) <= ground.p_value * n_ties:
            return k
    return None


@given(GROUNDS, st.integers(3, 40), st.integers(2, 60))
def test_a_group_is_given_away_when_its_accounts_have_two_ties_four_times_in_five(ground, size, joint_acts):
    assert ground.meetings(size, joint_acts) == naive_meetings(ground, size, joint_acts)


@given(GROUNDS)
def test_the_smallest_group_and_the_fewest_acts_are_the_first_that_are_enough(ground):
    sizes = [size for size in range(3, power.LARGEST_GROUP + 1) if ground.meetings(size, 20)]
    assert ground.smallest(20) == (sizes[0] if sizes else None)
    acts = ground.joint_acts(5)
    assert acts is None or (ground.meetings(5, acts) and not ground.meetings(5, acts - 1))


def test_a_larger_group_needs_no_more_meetings_unless_it_is_its_own_crowd():
    notes = {
        "tests": {"pairs": 3_000_000, "graphs": 9, "effective_accounts": 1e9},
        "windows": {"g": {"tested_s": [10, 60, 300, 3600]}},
        "expected": {"g 60 s": 0.2},
        "multipliers": {"g 60 s": [1.0, 2.0, 9.0]},
    }
    (row,) = power.table(notes, fdr=0.01, graphs=["g"])
    meetings = [group["meetings"] for group in row["groups"]]
    assert meetings == sorted(meetings, reverse=True)
    assert meetings[0] > meetings[-1]
    assert power.common([row])["fewest"] == meetings[0]
    assert power.common([]) is None
    notes["tests"]["effective_accounts"] = 300
    (crowded,) = power.table(notes, fdr=0.01, graphs=["g"])
    assert crowded["groups"][-1]["meetings"] > meetings[-1]


def test_the_first_screen_says_what_three_accounts_would_need_and_how_large_a_group_of_few_acts_must_be(tmp_path):
    page = World(tmp_path).write()
    (row,) = (row for row in page.facts["smallest"]["rows"] if row["window_s"] == 60)
    meetings, acts = row["groups"][0]["meetings"], row["groups"][0]["joint_acts"]
    assert f"would have to meet, every two of them, at least {meetings} times within 1 minute" in page.text
    assert f"that takes up to {acts} joint acts" in page.text
    assert f"With 20 joint acts the smallest group to be found has {row['smallest']} accounts." in page.text
    assert "would not be flagged" not in page.text


def test_where_nobody_could_be_flagged_the_smallest_group_says_so_and_graphs_not_judged_are_no_way_to_find_it(tmp_path):
    thin = {"case": "the activity of 20 accounts.", "co_link": "most posts act on one and the same object"}
    page = World(tmp_path, too_little=thin).write()
    assert page.facts["smallest"]["rows"] == []
    assert "what could have been found is not known" in page.text
    assert "Even such a group would not be flagged" in page.text


CALIBRATION = {
    "permutations": 1,
    "exponents": [-k / 2 for k in range(1, 17)],
    "graphs": {
        "co_link": {"tests": 1_999_000, "seen": [9, 7, 5, 3, 2, 1] + [0] * 10, "allowed": [1_264_278] + [4200] * 15},
        "co_text": {"tests": 1_999_000, "seen": [9000] * 7 + [0] * 9, "allowed": [1_264_278] + [4200] * 15},
    },
    "worst": "co_text",
    "failed": ["co_text"],
    "passed": False,
}
NOBODY_ASKED = CALIBRATION | {"graphs": {}, "worst": None, "failed": [], "passed": True}


def test_a_failed_gate_is_told_with_the_graph_its_numbers_and_a_picture(tmp_path):
    page = World(tmp_path, [FLAGGED], calibration={"co_action": CALIBRATION, "timing": NOBODY_ASKED}).write()
    assert "No group is flagged: the check by exchanged authors failed on co_text." in page.text
    assert (
        "On co_text, which came nearest to its bound, 9,000 of 1,999,000 probabilities were 0.001 or less; up to 4,200 may be."
        in page.text
    )
    assert "no ordinary pair whose timing could be asked" in page.text
    pictures = [attributes for tag, attributes in page.elements if attributes.get("class") == "quantiles"]
    assert [picture["role"] for picture in pictures] == ["img"]
    assert {tag for tag, _ in page.elements} <= ALLOWED
    assert [graph["judged"][0]["seen"] for graph in page.facts["calibration"][0]["graphs"]] == [1, 9000]


def test_the_picture_of_perfect_p_values_is_the_diagonal():
    points = [{"exponent": -k, "seen": 10 ** (8 - k), "allowed": 2 * 10 ** (8 - k)} for k in range(1, 9)]
    picture = quantiles.quantiles(
        {"title": "t", "worst": "g", "graphs": [{"name": "g", "tests": 10**8, "points": points}]}, Voice(ENGLISH)
    )
    (line,) = re.findall(r'class="graph worst" d="M([^"]+)"', picture)
    (diagonal,) = re.findall(r'class="due" d="M([^"]+)"', picture)
    (x0, y0), *inner, (x1, y1) = places(line)
    assert places(diagonal) == [(x0, y0), (x1, y1)]
    for x, y in inner:
        assert (x - x0) / (x1 - x0) == pytest.approx((y - y0) / (y1 - y0), abs=0.002)


def places(path):
    return [tuple(float(n) for n in place.split()) for place in path.split("L")]


@pytest.mark.parametrize("closed", [True, False])
def test_where_groups_of_weak_pairs_were_not_looked_for_the_page_says_so(tmp_path, closed):
    page = World(tmp_path, [FLAGGED], extent={"closed": closed}).write()
    assert page.text.count("Groups of weak pairs were not looked for in this run") == 2 * closed


def test_a_group_without_a_post_in_the_picture_has_no_empty_band(tmp_path):
    world = World(tmp_path, [FLAGGED])
    for post in world.rows["post"]:
        post["created_at"] -= timedelta(days=3000)
    page = world.write()
    assert 'class="timeline"' not in page.markup
    assert page.facts["cards"][0]["timeline"] is None


def test_a_run_that_noted_no_gates_is_said_to_be_uncalibrated(tmp_path):
    page = World(tmp_path).write()
    assert "Not calibrated on this case." in page.text
    assert 'id="calibration"' not in page.html


@given(st.text())
def test_what_accounts_wrote_is_shown_without_hidden_characters_and_live_addresses(wrote):
    for shown in (show.body(wrote), show.name(wrote), show.address(wrote)):
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]", shown)
        assert shown == text.visible(shown)
        assert len(shown) <= 12 * show.MAX_TEXT
        assert not re.search(r"https?:/", shown, re.IGNORECASE)
    assert not re.search(r"https?:/", show.body(f"see https://{wrote} or http://{wrote}."), re.IGNORECASE)


@given(st.one_of(st.none(), st.text(), st.sampled_from(LINKS), st.builds("https://{}".format, st.text())))
def test_a_permalink_is_a_plain_web_address_or_nothing(url):
    link = show.permalink(url)
    assert link is None or (
        link == url
        and re.fullmatch(r"https?://[A-Za-z0-9.-]+(:[0-9]+)?([/?#][!-~]*)?", link)
        and not set('"<>\\^`{|}') & set(link)
    )


@given(st.text(), st.integers(1, 2))
def test_careful_sentences_accuse_nobody(sentence, level):
    assert not ACCUSING.search(words.careful(f"{sentence} bots and inauthentic Trolls", level).replace(sentence, ""))
