"""Graphs as data: what a file may say, and what is said where it does not make sense."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cib import graphdef, projection
from cib.errors import GraphError

LEAST = 'name = "mine"\nverb = "link"\nobject = "url_keys"\nmisleads = "When a tool posts for many."\n'


def mine(more: str = "", *, without: str = "") -> graphdef.GraphDef:
    text = "\n".join(line for line in LEAST.splitlines() if not without or not line.startswith(without))
    return graphdef.parse(f"{text}\n{more}\n", "mine.toml")


def test_four_keys_are_enough():
    graph = mine()
    assert (graph.per, graph.posts, graph.null, graph.max_crowd, graph.min_shared) == ("all", "all", "crowd", 300, 2)
    assert graph.windows_s == (10, 60, 300, 3600, 21600)
    assert graph.deed == "link"
    assert graph.extra is None


@pytest.mark.parametrize("key", ["name", "verb", "object", "misleads"])
def test_a_missing_key_is_named(key):
    with pytest.raises(GraphError, match=rf"mine\.toml: {key} missing\. Every graph says when it misleads\."):
        mine(without=key)


def test_unknown_keys_are_named_beside_the_known_ones():
    with pytest.raises(
        GraphError, match=r"mine\.toml: unknown key maxcrowd, window; known are default, favourite, join, max_audience, max_crowd"
    ):
        mine("maxcrowd = 5\nwindow = 60")


@pytest.mark.parametrize("line", ["per = 'week'", "posts = 'mine'", "join = 'overlap'", "null = 'hypergeometric'"])
def test_a_word_that_is_no_choice_names_the_choices(line):
    with pytest.raises(GraphError, match=rf"mine\.toml: {line.split()[0]} = .*; expected one of "):
        mine(line)


@pytest.mark.parametrize(
    "windows", ["[]", "[60, 10]", "[10, 10]", "[0, 10]", "[-10]", "[10.5]", "['10']", "[1, 2, 3, 4, 5, 6, 7]"]
)
def test_windows_are_one_to_six_ascending_whole_seconds(windows):
    with pytest.raises(GraphError, match="expected 1 to 6 ascending whole seconds"):
        mine(f"windows_s = {windows}")


@pytest.mark.parametrize("line", ["max_crowd = 0", "min_shared = 1", "max_crowd = -5"])
def test_bounds_are_held(line):
    with pytest.raises(GraphError, match="max_crowd must be at least 1 and min_shared at least 2"):
        mine(line)


@pytest.mark.parametrize(
    "line", ["windows_s = 60", "windows_s = [true, 10]", "max_crowd = 'many'", "max_crowd = 2.5", "multiple = 'no'", "says = 5"]
)
def test_a_value_of_the_wrong_type_is_said_in_a_line(line):
    with pytest.raises(GraphError, match=r"mine\.toml"):
        mine(line)


@pytest.mark.parametrize("name", ["../../outside", "a/b", "", "\\u001b[31m"])
def test_a_name_is_a_plain_word(name):
    with pytest.raises(GraphError, match=r"mine\.toml"):
        mine(f'name = "{name}"', without="name")


def test_text_that_is_no_toml_says_where_to_look():
    with pytest.raises(GraphError, match=r"mine\.toml is not TOML: .* See graphs/co_link\.toml"):
        graphdef.parse("name: mine", "mine.toml")


def test_a_verb_without_a_query_names_the_verbs():
    with pytest.raises(GraphError, match=r"verb 'like' is unknown; known are .*fast_retweet, hashtag"):
        mine('verb = "like"', without="verb")


def test_a_column_of_ones_own_is_a_verb_of_its_own():
    graph = mine('object = "extra.sticker"\n', without="object")
    assert (graph.extra, graph.deed) == ("sticker", "extra.sticker")


def test_a_column_of_ones_own_does_not_pass_for_a_verb():
    own = mine('name = "own"\nobject = "extra.link"', without=("name", "object"))
    assert set(projection._verbs((mine(), own))) == {"link", "extra.link"}


def test_one_verb_read_from_two_kinds_of_posts_is_refused():
    with pytest.raises(GraphError, match=r"read 'link' from different posts\. Run them apart"):
        projection._verbs((mine('posts = "original"'), mine('posts = "retweet"')))


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=6, unique=True), st.sampled_from([1, 60, 86400]))
def test_windows_finer_than_the_data_are_left_out_and_no_other_changes_its_place(windows, resolution_s):
    slots = mine(f"windows_s = {sorted(windows)}").windows(resolution_s)
    assert len(slots) == 6
    for slot, window in zip(slots, [*sorted(windows), *[None] * 6], strict=False):
        assert slot == (window if window and window >= resolution_s else None)


def test_built_in_graphs_come_in_the_order_of_their_names():
    names = [graph.name for graph in graphdef.builtin()]
    assert names == sorted(names)
    assert graphdef.select(None) == graphdef.select("") == graphdef.builtin()


def test_a_graph_on_request_runs_only_when_it_is_named():
    on_request = {graph.name for graph in graphdef.known() if not graph.default}
    assert "co_retweet_cosine" in on_request
    assert not on_request & {graph.name for graph in graphdef.builtin()}
    assert [graph.name for graph in graphdef.select("co_retweet_cosine,co_link")] == ["co_link", "co_retweet_cosine"]


@pytest.mark.parametrize("join", graphdef.SIMILARITIES)
def test_a_timeless_graph_is_never_tested_and_knows_no_window(join):
    graph = mine(f'join = "{join}"\nnull = "none"\nmin_similarity = 1')
    assert (graph.windows_s, graph.tested, graph.timeless, graph.min_similarity) == ((), False, True, 1.0)
    for line in ('null = "crowd"', 'null = "none"\nper = "day"', 'null = "none"\nwindows_s = [10]'):
        with pytest.raises(GraphError, match="knows no time and is not tested"):
            mine(f'join = "{join}"\nmin_similarity = 0.5\n{line}')


@pytest.mark.parametrize("value", ["0", "-0.5", "1.5", "nan"])
def test_a_similarity_is_more_than_nothing_and_at_most_one(value):
    with pytest.raises(GraphError, match="expected more than 0 and at most 1"):
        mine(f'join = "cosine"\nnull = "none"\nmin_similarity = {value}')


@pytest.mark.parametrize("value", ["0", "-0.5", "1.5"])
def test_the_share_of_a_giant_is_more_than_nothing_and_at_most_all(value):
    with pytest.raises(GraphError, match=r"max_share = .*; expected more than 0 and at most 1"):
        mine(f"max_share = {value}")


def test_profiles_are_joined_by_the_join_of_that_name_and_never_tested():
    own = 'verb = "profile"\nobject = "profile"\n'
    assert mine(own + 'join = "profile"\nnull = "none"', without=("verb", "object")).timeless
    with pytest.raises(GraphError, match="knows no time and is not tested"):
        mine(own + 'join = "profile"', without=("verb", "object"))
    with pytest.raises(GraphError, match='join = "profile" and verb = "profile" go together'):
        mine(own, without=("verb", "object"))
    with pytest.raises(GraphError, match='join = "profile" and verb = "profile" go together'):
        mine('join = "profile"\nnull = "none"')


def test_a_similarity_goes_with_no_window():
    with pytest.raises(GraphError, match="min_similarity goes with one of the joins cosine, jaccard, or with embeddings"):
        mine("min_similarity = 0.5")


def test_graphs_are_chosen_by_name_and_by_file_in_one_order(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(LEAST, encoding="utf-8")
    chosen = graphdef.select(f"{path}, co_text ,co_link,")
    assert [graph.name for graph in chosen] == ["co_link", "co_text", "mine"]
    with pytest.raises(GraphError, match=r"There is no graph 'nothere\.toml'"):
        graphdef.select("nothere.toml")


def test_every_verb_with_a_query_has_a_graph():
    tested = (graph.verb for graph in graphdef.known() if graph.extra is None and graph.acts)
    assert graphdef.verbs_known() == set(tested) - {graphdef.ANY}


def test_pooled_acts_need_a_bound_on_who_touches_their_objects():
    pooled = 'name = "mine"\nmisleads = "always"\nverb = "any"\nobject = "any"\n'
    graph = graphdef.parse(f"{pooled}max_audience = 50\n", "mine.toml")
    assert (graph.max_audience, graph.multiple, graph.verbs) == (50, True, graphdef.POOLED)
    for wrong in ("", "max_audience = 1\n", "max_audience = -3\n"):
        with pytest.raises(GraphError, match=r"max_audience = -?\d; expected 2 or more"):
            graphdef.parse(f"{pooled}{wrong}", "mine.toml")
    with pytest.raises(GraphError, match=r'max_audience goes with join = "window"'):
        mine('join = "cosine"\nnull = "none"\nmin_similarity = 0.5\nmax_audience = 9')
