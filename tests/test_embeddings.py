"""Precomputed embeddings: what is near matches, habits meet once, and all of it is bounded and counted."""

import datetime as dt

import naive
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cib
from cib import embeddings, graphdef, parquet, queryfile, runs
from cib.case import Case
from cib.errors import GraphError

VECTORS = st.sampled_from(
    [(1.0, 0.0, 0.0, 0.0, 0.0), (0.0, 1.0, 0.0, 0.0, 2.0), (3.0, 3.0, 1.0, 0.0, 0.0), (3.0, 3.0, 0.0, 1.0, 0.0)]
)
POSTS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 60), VECTORS), max_size=25)


def near(more: str = "") -> graphdef.GraphDef:
    text = (queryfile.folder("graphs") / "near_embedding.toml").read_text(encoding="utf-8")
    keys = {line.split(" = ")[0] for line in more.splitlines()}
    rest = "\n".join(line for line in text.splitlines() if line.split(" = ")[0] not in keys)
    return graphdef.parse(f"{rest}\n{more}\n", "my.toml")


def acts(posts: list) -> embeddings.Acts:
    account, time = (np.array([post[i] for post in posts], np.int64) for i in (0, 1))
    vector = np.array([post[2] for post in posts], float).reshape(len(posts), 5)
    length = np.sqrt(np.square(vector).sum(axis=1, keepdims=True))
    return embeddings.Acts(np.arange(len(posts)) + 7, account, time, vector / length if len(posts) else vector)


def found(posts: list, wanted: graphdef.GraphDef, *, window_s: int) -> tuple[list, list]:
    cut = np.zeros(2, np.int64)
    batches = list(embeddings.similar(acts(posts), wanted, window_s=window_s, cut=cut))
    return [(r["post_a_ix"] - 7, r["post_b_ix"] - 7) for batch in batches for r in batch.to_pylist()], cut.tolist()


@given(POSTS, st.sampled_from([5, 60]), st.integers(1, 3), st.integers(1, 6), st.integers(1, 3))
def test_matches_equal_their_naive_twin_whatever_is_cut(posts, window_s, max_crowd, n_compared, n_own):
    posts = sorted(posts, key=lambda post: post[1])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(embeddings, "N_COMPARED", n_compared)
        patch.setattr(embeddings, "N_OWN", n_own)
        patch.setattr(embeddings, "ROOM", 1)
        mine = found(posts, near(f"max_crowd = {max_crowd}"), window_s=window_s)
    assert mine == naive.vectors_match(posts, window_s, 0.9, n_own, n_compared, 2 * max_crowd + 1)


@pytest.mark.parametrize("given", ["0.6, 0.8", "[3, 4]", "3\x1f4", "(3 4)", "3;4", "3e0|4E0", "3e307 4e307"])
def test_a_vector_is_read_however_it_is_spelt(given):
    assert embeddings.numbers(given).tolist() == pytest.approx([0.6, 0.8])


@pytest.mark.parametrize("given", ["", "[]", "0 0", "1 nan", "inf 1", "1 two", "1," * 5000])
def test_what_spells_no_direction_is_no_vector(given):
    assert embeddings.numbers(given) is None


def test_a_threshold_is_asked_for_and_words_have_none():
    assert near().embedding == "embedding"
    assert near().deed == "text"
    with pytest.raises(GraphError, match="expected more than 0 and at most 1"):
        near("min_similarity = 0")
    with pytest.raises(GraphError, match="min_similarity goes with"):
        near('object = "text_key"')
    with pytest.raises(GraphError, match="go with it"):
        near('verb = "link"')


@pytest.fixture(scope="module", params=["text", "list"])
def case(request, tmp_path_factory):
    """Three hundred people who write what they like, and four accounts that say one thing in ever other words, minutes apart."""
    home = tmp_path_factory.mktemp("embeddings")
    rng = np.random.default_rng(8)
    monday = dt.datetime(2024, 3, 4)
    said = []
    for k in range(30):
        meaning, at = rng.normal(size=16), int(rng.integers(0, 7 * 86_400 - 600))
        said += [(f"z{i}", at + int(rng.integers(0, 300)), meaning + rng.normal(scale=0.05, size=16)) for i in range(4)]
        said += [(f"p{10 * k + i:03d}", int(t), rng.normal(size=16)) for i in range(10) for t in rng.integers(0, 7 * 86_400, 8)]
    rows = [
        {"post_id": f"{n}", "account_id": account, "created_at": monday + dt.timedelta(seconds=t)}
        | {"text": f"unlike any other {n * 7919 % 100_003} words, {n * 104_729 % 99_991} of them"}
        | {"embedding": vector.tolist() if request.param == "list" else str(vector.tolist())}
        for n, (account, t, vector) in enumerate(said)
    ]
    rows[0]["embedding"] = [1.0] if request.param == "list" else "none"
    table = pa.Table.from_pylist(rows)
    parquet.write(home / "posts.parquet", table.schema, [table])
    cib.ingest(home / "case", [home / "posts.parquet"], threads=1)
    cib.detect(home / "case", graphs="near_embedding,near_text", threads=1)
    return home / "case"


def test_accounts_that_say_one_thing_in_other_words_are_tied_and_nobody_else(case):
    folder = Case.open(case).run_folder()
    ties = runs.load(folder, "tie").to_pylist()
    assert {tie[end] for tie in ties for end in ("account_a", "account_b")} == {f"z{i}" for i in range(4)}
    assert len(ties) == 6
    assert all(tie["graphs"] == ["near_embedding"] for tie in ties)
    assert set(runs.load(folder, "match")["compared"].to_pylist()) >= {"extra.embedding in near_embedding"}
    assert runs.manifest(folder)["notes"]["embeddings"]["near_embedding"]["unread"] == 1
    assert runs.manifest(folder)["notes"]["calibration"]["co_action"]["passed"]
    evidence = runs.load(folder, "evidence").to_pylist()
    assert evidence
    assert all("unlike any other" in row["object"] for row in evidence)


def test_a_case_without_embeddings_says_so(world, tmp_path):
    cib.ingest(tmp_path / "case", [world / "posts.parquet"], threads=1)
    result = cib.detect(tmp_path / "case", graphs="near_embedding", threads=1)
    assert result["too_little"]["near_embedding"] == "no post carries extra.embedding"
