"""Exports to share: no account can be read from them without the key, and everything else is as it was."""

import csv
import shutil
from pathlib import Path

import pytest

import cib
from cib.errors import CibError
from cib.graphfiles import pseudonyms


@pytest.fixture(scope="module")
def shared_case(case, tmp_path_factory):
    folder = tmp_path_factory.mktemp("pseudonyms")
    shutil.copytree(case, folder / "case")
    shutil.rmtree(folder / "case" / "runs" / "001" / "export", ignore_errors=True)
    return folder / "case"


def named(case):
    """Every id and handle of the case that is long enough to be found by chance nowhere."""
    results = cib.open(case)
    ids = {row["account_id"] for row in results.sql("SELECT DISTINCT account_id FROM post").to_pylist()}
    handles = {row["handle"] for row in results.table("account", ["handle"]).to_pylist() if row["handle"]}
    return {name for name in ids | handles if len(name) >= 8}


def rows(path):
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("to", ["gexf", "graphml", "csv", "svg"])
def test_no_id_and_no_handle_is_in_any_exported_byte(shared_case, to):
    key = shared_case.parent / "key"
    files = cib.export(shared_case, to=to, pseudonymise=key)["export"]
    folder = shared_case / "runs" / "001" / "export" / "pseudonymised"
    assert all(path.startswith(str(folder)) for path in files)
    for path in files:
        text = Path(path).read_text(encoding="utf-8")
        assert not [name for name in named(shared_case) if name in text]
        assert key.read_text(encoding="ascii").strip() not in text


def test_the_same_key_gives_the_same_names_and_another_others(shared_case, tmp_path):
    one = pseudonyms.key_of(shared_case.parent / "key", shared_case)
    assert one == pseudonyms.key_of(shared_case.parent / "key", shared_case)
    other = pseudonyms.key_of(tmp_path / "other", shared_case)
    assert pseudonyms.pseudonym(one, "x", "1") == pseudonyms.pseudonym(one, "x", "1") != pseudonyms.pseudonym(other, "x", "1")
    assert pseudonyms.pseudonym(one, "x", "1:a") != pseudonyms.pseudonym(one, "x:1", "a")


def test_nothing_but_the_names_has_changed(shared_case):
    key = pseudonyms.key_of(shared_case.parent / "key", shared_case)
    cib.export(shared_case, to="csv", pseudonymise=shared_case.parent / "key")
    cib.export(shared_case, to="csv")
    export = shared_case / "runs" / "001" / "export"
    for prefix in ("", "retweet_", "reply_"):
        folders = (export, export / "pseudonymised")
        plain, hidden = ({row["Id"]: row for row in rows(folder / f"{prefix}nodes.csv")} for folder in folders)
        names = {i: pseudonyms.pseudonym(key, row["platform"], row["account_id"]) for i, row in plain.items()}
        assert sorted(hidden) == sorted(names.values()) == list(hidden)
        kept = ("platform", "cluster", "kind", "role", "flagged", "coordination", "posts")
        assert all(hidden[names[i]][column] == row[column] for i, row in plain.items() for column in kept)
        assert {row["handle"] for row in hidden.values()} == {""}
        pairs = []
        for folder in folders:
            edges = rows(folder / f"{prefix}edges.csv")
            ends = [tuple(sorted(names.get(edge[end], edge[end]) for end in ("Source", "Target"))) for edge in edges]
            pairs.append(sorted(zip(ends, (edge["Weight"] for edge in edges), strict=True)))
        assert pairs[0] == pairs[1]


def test_a_key_that_would_be_passed_on_or_is_none_is_refused(shared_case, tmp_path):
    with pytest.raises(CibError, match="must not lie in the case"):
        cib.export(shared_case, pseudonymise=shared_case / "key")
    (tmp_path / "short").write_text("abcd\n", encoding="ascii")
    (tmp_path / "words").write_text("my secret\n", encoding="ascii")
    for name in ("short", "words"):
        with pytest.raises(CibError, match="expected"):
            cib.export(shared_case, pseudonymise=tmp_path / name)
    with pytest.raises(CibError, match="no pseudonymised stix"):
        cib.export(shared_case, to="stix", pseudonymise=shared_case.parent / "key")
