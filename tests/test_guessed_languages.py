"""Posts without a language: guessed where that can be done, and told apart from what the platform says."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cib
from cib.sources import languages

HEADER = "account_id,created_at,text,lang\n"
ROWS = (
    "a,2024-03-01T10:00:00Z,the polls close at eight tonight and every voice counts,\n"
    "a,2024-03-01T10:01:00Z,las urnas cierran a las ocho de la noche y cada voto cuenta,\n"
    "a,2024-03-01T10:02:00Z,ok,\n"
    "a,2024-03-01T10:03:00Z,die wahllokale schliessen heute abend um acht uhr,xx\n"
)


def taken(folder):
    (folder / "posts.csv").write_text(HEADER + ROWS, encoding="utf-8")
    (record,) = cib.ingest(folder / "case", [folder / "posts.csv"])["ingest"]
    found = cib.open(folder / "case").table("post", ["created_at", "lang", "lang_guessed"]).to_pylist()
    return record, [(row["lang"], row["lang_guessed"]) for row in sorted(found, key=lambda row: row["created_at"])]


def test_without_the_extra_no_language_is_guessed_and_many_silent_posts_are_told(tmp_path, monkeypatch):
    monkeypatch.setattr(languages, "guesser", lambda: None)
    monkeypatch.setattr(cib.sources.reading, "FEW_SILENT", 3)
    record, rows = taken(tmp_path)
    assert rows == [(None, None), (None, None), (None, None), ("xx", None)]
    assert record["notes"] == ["3 posts have no language, and none is guessed. To guess offline: pip install 'cib[text]'."]


@pytest.mark.skipif(languages.guesser() is None, reason="the extra 'text' is not installed")
def test_a_guess_is_marked_and_never_stands_before_what_the_platform_says(tmp_path):
    record, rows = taken(tmp_path)
    assert rows == [("en", True), ("es", True), (None, True), ("xx", None)]
    assert record["notes"][0].startswith("2 of 3 posts without a language were given one, guessed from the text (py3langid ")
    (tmp_path / "more.csv").write_text(HEADER + ROWS.replace("counts,", "counts,en-GB"), encoding="utf-8")
    cib.ingest(tmp_path / "case", [tmp_path / "more.csv"])
    found = cib.open(tmp_path / "case").table("post", ["lang", "lang_guessed"]).to_pylist()
    assert ("en-GB", None) in [(row["lang"], row["lang_guessed"]) for row in found]


@pytest.mark.skipif(languages.guesser() is None, reason="the extra 'text' is not installed")
@given(
    st.lists(
        st.text(max_size=60) | st.sampled_from(["the polls close at eight tonight", "ÉTÉ ET HIVER SUR LA COLLINE VERTE"]),
        max_size=4,
    )
)
def test_the_kernel_guesses_as_the_package_does(texts):
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    theirs = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    for found, lang in zip(texts, languages.guess(texts), strict=True):
        said = languages._said(found)
        best, share = theirs.classify(said)
        if sum(map(str.isalpha, said)) < languages.MIN_LETTERS:
            assert lang == "und"
        elif abs(share - languages.MIN_SHARE) > 1e-3:
            assert lang == (best if share > languages.MIN_SHARE else "und")


def test_lists_of_texts_without_a_language_are_left_alone_where_all_have_one():
    langs, guessed = pa.array(["en", "de"]), pa.array([None, False], pa.bool_())
    assert languages.fill(langs, guessed, pa.array(["x", None])) == (langs, guessed)
