"""The case folder: one writer at a time, one atomic commit, nothing foreign touched, the same rows the same version."""

import json
import multiprocessing
import os

import pyarrow as pa
import pytest

from cib import case as cases
from cib import parquet, schema
from cib.case import Case, dump, write_text
from cib.engines.duckdb import DuckDB
from cib.errors import CaseError
from cib.graphdef import builtin
from cib.runs import Parameters, Run


@pytest.fixture
def empty(tmp_path):
    return Case.create(tmp_path / "case", sample="full", timezone="Europe/Kyiv")


def add(case: Case, name: str, ids: list[str]) -> None:
    """Write a part with these posts and list it; the caller commits."""
    posts = pa.Table.from_pylist([{"post_id": i, "account_id": "a"} for i in ids], schema=schema.arrow("post"))
    parquet.write(case.root / "data" / "post" / name, posts.schema, [posts])
    case.record["parts"]["post"].append(f"post/{name}")


# Made and opened


def test_a_new_case_has_a_part_of_each_table_and_settings_to_fill_in(empty):
    assert Case.open(empty.root).record == empty.record
    assert (empty.sample, empty.settings["timezone"]) == ("full", "Europe/Kyiv")
    for table in schema.DATA_TABLES:
        (part,) = empty.parts(table)
        assert part.is_file()
    assert {path.name for path in empty.root.iterdir()} == {"case.toml", "case.json", "data", "runs"}


def test_settings_written_beforehand_are_kept(tmp_path):
    (tmp_path / "case").mkdir()
    (tmp_path / "case" / "case.toml").write_text('sample = "keyword"\n', encoding="utf-8")
    assert Case.create(tmp_path / "case", sample="full").sample == "keyword"


def test_making_a_case_that_exists_opens_it(empty):
    assert Case.create(empty.root, sample="full").sample == "full"


def test_a_folder_of_something_else_a_file_and_an_unknown_sample_are_refused(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").touch()
    (tmp_path / "file").touch()
    for place, sample, said in (
        ("mine", "full", "holds other files and no case.json. Give a new or an empty folder."),
        ("file", "full", "is a file; a case is a folder"),
        ("new", "most", "expected one of accounts, keyword, full, unknown"),
    ):
        with pytest.raises(CaseError, match=said):
            Case.create(tmp_path / place, sample=sample)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "mine"]
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["notes.txt"]


def test_no_case_says_how_to_make_one(tmp_path):
    with pytest.raises(CaseError, match=r"is not a case: it has no case\.json\. Make one with: cib ingest"):
        Case.open(tmp_path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sample = ", "is not TOML"),
        ("smaple = 'full'", "unknown key smaple; known are calendar, collected"),
        ("sample = 'most'", "sample = 'most'; expected one of accounts"),
    ],
)
def test_settings_that_make_no_sense_name_the_file_and_the_way_out(empty, text, said):
    (empty.root / "case.toml").write_text(text, encoding="utf-8")
    with pytest.raises(CaseError, match=f"case.toml.*{said}"):
        _ = empty.settings


@pytest.mark.parametrize("zone", ['Europe/"Kyiv"', "Mars/Olympus", "../etc"])
def test_a_zone_that_is_none_is_refused_before_anything_is_written(tmp_path, zone):
    with pytest.raises(CaseError, match="is no zone that is known"):
        Case.create(tmp_path / "case", timezone=zone)
    assert not (tmp_path / "case").exists()


def test_another_sample_type_for_a_known_case_is_not_taken_silently(empty):
    with pytest.raises(CaseError, match="Change it there"):
        Case.create(empty.root, sample="keyword")
    assert Case.create(empty.root).sample == empty.sample


# One writer


def test_the_second_process_is_told_who_holds_the_case(empty):
    with empty.hold():
        assert (empty.root / "lock").read_text(encoding="utf-8") == str(os.getpid())
        with pytest.raises(CaseError, match=f"is held by process {os.getpid()}"), Case.open(empty.root).hold():
            pass
        with pytest.raises(CaseError, match="is held"), Case.open(empty.root).hold():
            pass  # who was refused did not take the lock away
    with Case.open(empty.root).hold():
        pass


@pytest.mark.parametrize("text", ["", "1", "somebody"])
def test_what_a_dead_process_left_in_the_lock_holds_nobody_up(empty, text):
    (empty.root / "lock").write_text(text, encoding="utf-8")
    with empty.hold():
        assert (empty.root / "lock").read_text(encoding="utf-8") == str(os.getpid())


def test_a_failure_inside_gives_the_case_free(empty):
    with pytest.raises(ZeroDivisionError), empty.hold():
        raise ZeroDivisionError
    with Case.open(empty.root).hold():
        pass


def _try(root, won, go):
    go.wait()
    try:
        with Case.open(root).hold():
            won.put(True)
            won.join()
    except CaseError:
        won.put(False)


def test_of_many_that_come_at_once_one_holds_the_case(empty):
    context = multiprocessing.get_context("spawn")
    won, go = context.JoinableQueue(), context.Event()
    crowd = [context.Process(target=_try, args=(empty.root, won, go)) for _ in range(3)]
    for process in crowd:
        process.start()
    go.set()
    assert sorted(won.get(timeout=20) for _ in crowd) == [False, False, True]
    for _ in crowd:
        won.task_done()
    for process in crowd:
        process.join(20)


# One commit


def test_what_no_record_lists_is_swept_by_the_next_writer_and_nothing_else(empty):
    add(empty, "kept.parquet", ["1"])
    empty.commit()
    (empty.root / "data" / "post" / "half-written.parquet").write_bytes(b"PAR1")
    (empty.root / "mine.txt").touch()
    (empty.root / "runs" / "notes.txt").touch()
    with Case.open(empty.root).hold():
        assert sorted(path.name for path in (empty.root / "data" / "post").iterdir()) == ["empty.parquet", "kept.parquet"]
    assert (empty.root / "mine.txt").exists()
    assert (empty.root / "runs" / "notes.txt").exists()


def test_an_unfinished_run_is_swept(empty):
    (empty.root / "runs" / ".001.partial" / "work").mkdir(parents=True)
    with empty.hold():
        assert not (empty.root / "runs" / ".001.partial").exists()


def test_an_interrupted_commit_leaves_the_case_as_it_was(empty, monkeypatch):
    add(empty, "new.parquet", ["1"])

    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(cases.os, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            empty.commit()
    again = Case.open(empty.root)
    assert again.record["parts"]["post"] == ["post/empty.parquet"]
    with again.hold():
        assert not (empty.root / "data" / "post" / "new.parquet").exists()


def test_a_file_is_replaced_whole_with_plain_line_feeds(tmp_path):
    path = tmp_path / "text.txt"
    write_text(path, "a\nb — é\n")
    write_text(path, "c\n")
    assert path.read_bytes() == b"c\n"
    assert [p.name for p in tmp_path.iterdir()] == ["text.txt"]


def test_the_same_facts_have_the_same_bytes():
    assert dump({"b": 1, "a": [1, {"d": "é", "c": None}]}) == dump({"a": [1, {"c": None, "d": "é"}], "b": 1})


def test_the_data_version_is_that_of_the_rows_and_not_of_file_names(tmp_path):
    versions = []
    for name, parts in (("one", ["a", "b"]), ("two", ["b", "a"]), ("three", ["a"]), ("none", [])):
        case = Case.create(tmp_path / name)
        for part in parts:
            add(case, f"{name}-{part}.parquet", [part])
        case.commit()
        versions.append(Case.open(case.root).data_version)
    assert versions[0] == versions[1]
    assert len(set(versions)) == 3


def test_a_part_is_hashed_once(empty, monkeypatch):
    add(empty, "new.parquet", ["1"])
    empty.commit()
    monkeypatch.setattr(cases, "sha256", pytest.fail)
    empty.commit()


# Runs


def finished(case: Case, name: str, number: int) -> None:
    (case.root / "runs" / name).mkdir()
    (case.root / "runs" / name / "manifest.json").write_text(json.dumps({"number": number}), encoding="utf-8")


def test_runs_stand_in_the_order_they_were_made_and_unfinished_ones_are_none(empty):
    for number, name in enumerate(("zulu", "002", "alpha"), start=1):
        finished(empty, name, number)
    finished(empty, ".004.partial", 4)
    (empty.root / "runs" / "LATEST").write_text("alpha\n", encoding="utf-8")
    assert empty.runs() == ["zulu", "002", "alpha"]
    assert empty.run_folder().name == "alpha"
    assert empty.run_folder("zulu").name == "zulu"
    with pytest.raises(CaseError, match=r"has no run 'beta'\. Finished runs: zulu, 002, alpha\."):
        empty.run_folder("beta")


def test_a_run_is_seen_when_it_is_finished_and_not_before(empty):
    engine = DuckDB(threads=1)
    run = Run(empty, Parameters(builtin()), engine)
    run.put("tie", schema.arrow("tie").empty_table())
    run.put("work_of_the_day", pa.table({"n": [1]}))
    assert empty.runs() == []
    home = run.finish()
    assert empty.runs() == ["001"]
    assert sorted(path.relative_to(home).as_posix() for path in home.rglob("*") if path.is_file()) == [
        "datapackage.json",
        "manifest.json",
        "tie/all.parquet",
    ]
    assert Run(empty, Parameters(()), engine).name == "002"
    with pytest.raises(CaseError, match=r"exists and a run is never changed\. Give another --run NAME\."):
        Run(empty, Parameters(()), engine, name="001")


def test_a_run_that_is_given_up_leaves_nothing(empty):
    run = Run(empty, Parameters(()), DuckDB(threads=1))
    run.put("tie", schema.arrow("tie").empty_table())
    run.discard()
    assert list((empty.root / "runs").iterdir()) == []


def test_the_bytes_of_a_table_do_not_depend_on_how_its_rows_arrive(tmp_path):
    rows = pa.table(
        {"n": pa.array(range(3 * parquet.ROW_GROUP // 2)), "s": pa.array(["x", "y", None] * (parquet.ROW_GROUP // 2))}
    )
    for name, size in (("whole", len(rows)), ("small", 10_007), ("uneven", 100_000)):
        n = parquet.write(tmp_path / name, rows.schema, rows.to_batches(max_chunksize=size))
        assert n == len(rows)
    assert len({(tmp_path / name).read_bytes() for name in ("whole", "small", "uneven")}) == 1
