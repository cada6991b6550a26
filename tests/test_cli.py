"""The command line as people meet it: one line per error with the next move, exit codes, JSON, answers, hashes that hold."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

import cib
from cib import cli, runs
from cib.case import Case, sha256

ROOT = Path(cib.__file__).parent.parent


def call(*arguments):
    return CliRunner().invoke(cli.cli, [str(a) for a in arguments])


def answer(*arguments):
    """What a command prints as JSON, as strict JSON."""
    result = call(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout, parse_constant=pytest.fail)


def complaint(*arguments) -> str:
    """The one line on stderr of a command that fails, exit code 1, and nothing else said."""
    result = call(*arguments)
    assert result.exit_code == 1, result.output
    assert isinstance(result.exception, SystemExit), repr(result.exception)
    assert result.stdout == ""
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1, result.stderr
    return result.stderr


@pytest.fixture
def own(case, tmp_path):
    """A copy of the case that a test may change."""
    return Path(shutil.copytree(case, tmp_path / "case"))


@pytest.fixture
def posts(tmp_path):
    path = tmp_path / "posts.csv"
    path.write_text(
        "account_id,created_at,text\na,2024-03-04 10:00:00,The polls are open until eight tonight\n", encoding="utf-8"
    )
    return path


# Errors


def test_no_case_says_how_to_make_one(tmp_path):
    for arguments in (["status"], ["verify"], ["detect"], ["report"], ["export"], ["explain", "anna"], ["sql", "SELECT 1"]):
        line = complaint(arguments[0], tmp_path / "none", *arguments[1:])
        assert "is not a case" in line
        assert "cib ingest" in line
    assert not (tmp_path / "none").exists()


def test_a_case_without_a_run_says_how_to_make_one(tmp_path, posts):
    assert call("ingest", tmp_path / "case", posts).exit_code == 0
    for arguments in (["report"], ["export"], ["verify"], ["explain", "a"]):
        line = complaint(arguments[0], tmp_path / "case", *arguments[1:])
        assert f"cib detect {tmp_path / 'case'}" in line
    assert answer("status", tmp_path / "case")["runs"] == []
    assert answer("sql", tmp_path / "case", "SELECT COUNT(*) AS n FROM post")["rows"] == [[1]]


def test_an_unknown_graph_names_the_known_ones(case):
    line = complaint("detect", case, "--graphs", "co_retwet")
    assert "no graph 'co_retwet'" in line
    assert "co_retweet" in line
    assert complaint("graphs", "nope").endswith("or give the path of a TOML file.\n")


@pytest.mark.parametrize("fdr", ["0", "1", "-0.1", "2", "nan", "inf"])
def test_an_error_rate_lies_between_0_and_1(case, fdr):
    assert "expected a number between 0 and 1, such as 0.01" in complaint("detect", case, "--fdr", fdr)


@pytest.mark.parametrize("mapping", ["account_id", "=x", "account_id=", "="])
def test_a_mapping_is_name_equals_column(tmp_path, posts, mapping):
    assert "expected NAME=COLUMN, such as account_id=screen_name" in complaint(
        "ingest", tmp_path / "case", posts, "--map", mapping
    )


def test_a_mapping_to_a_name_that_no_table_has_says_so(tmp_path, posts):
    line = complaint("ingest", tmp_path / "case", posts, "--map", "autor=account_id")
    assert "autor" in line
    assert "account_id" in line


def test_a_zone_that_does_not_exist_is_refused(tmp_path, posts):
    line = complaint("ingest", tmp_path / "case", posts, "--timezone", "Mars/Olympus")
    assert "Mars/Olympus" in line
    assert "Europe/Kyiv" in line


@pytest.mark.parametrize("zone", ["Mars/Olympus", 'Europe/"Kyiv"'])
def test_a_refused_zone_leaves_no_trace(tmp_path, posts, zone):
    complaint("ingest", tmp_path / "case", posts, "--timezone", zone)
    assert call("ingest", tmp_path / "case", posts).exit_code == 0


def test_an_error_makes_hostile_names_visible(tmp_path):
    (tmp_path / "hostile.csv").write_text("account\u202e,when\na,b\n", encoding="utf-8")
    assert "\u202e" not in complaint("ingest", tmp_path / "case", tmp_path / "hostile.csv")


def test_a_graph_writes_nothing_outside_its_run(own, tmp_path):
    graph = 'name = "../../../../outside"\nverb = "retweet"\nobject = "retweet_of"\nmisleads = "Always."\n'
    (tmp_path / "hostile.toml").write_text(graph, encoding="utf-8")
    assert "name" in complaint("detect", own, "--graphs", tmp_path / "hostile.toml")
    assert not list(tmp_path.rglob("outside*"))


def test_a_run_is_never_changed(case):
    assert "001 exists and a run is never changed. Give another --run NAME." in complaint("detect", case, "--run", "001")


@pytest.mark.parametrize("name", ["..", "a/b", "LATEST", ".hidden", "a b", "x" * 65, "\x1b[31m"])
def test_a_run_name_is_a_plain_word(case, name):
    assert "a run is named with letters, digits, dot, dash and underscore" in complaint("detect", case, "--run", name)


def test_an_unknown_run_names_the_known_ones(case):
    for command in (["verify", case], ["report", case], ["sql", case, "SELECT 1"]):
        assert "has no run 'nope'. Finished runs: 001." in complaint(*command, "--run", "nope")


@pytest.mark.parametrize("period", [["--since", "yesterday"], ["--until", "2024-13-01"]])
def test_a_period_is_given_in_times(own, period):
    assert "expected a date or time such as 2024-03-04" in complaint("detect", own, *period)


@pytest.mark.parametrize("slices", ["", "soon", "7d/2d", "0d", "52w/1h", "\x1b[31m7d"])
def test_slices_that_cannot_be_are_refused_before_anything_is_written(own, tmp_path, posts, slices):
    assert complaint("run", tmp_path / "new", posts, "--slices", slices).startswith("Error: --slices ")
    assert not (tmp_path / "new").exists()
    before = sorted((own / "runs").iterdir())
    assert "Give" in (line := complaint("detect", own, "--slices", slices)) or "such as 7d" in line
    assert "\x1b" not in line
    assert sorted((own / "runs").iterdir()) == before


def test_a_period_without_posts_is_said_and_leaves_no_run(own):
    assert "has no post between" in complaint("detect", own, "--since", "2031-01-01")
    assert Case.open(own).runs() == ["001"]
    assert {path.name for path in (own / "runs").iterdir()} == {"001", "LATEST"}


@pytest.mark.parametrize(
    "query",
    [
        "DROP TABLE post",
        "SELECT 1; SELECT 2",
        "CREATE TABLE x (y INTEGER)",
        "SET threads = 1",
        "",
        "COPY post TO 'x.csv'",
        "PRAGMA version",
    ],
)
def test_only_one_select_is_answered(case, query):
    line = complaint("sql", case, query)
    assert "Expected one SELECT and nothing else." in line
    assert "The tables are: post, account, reject" in line


def test_a_select_that_fails_names_the_tables(case):
    result = call("sql", case, "SELECT * FROM tweets")
    assert result.exit_code == 1
    assert "The tables are: post, account, reject, action" in result.stderr


def test_a_select_that_fails_is_one_line(case):
    complaint("sql", case, "SELECT * FROM tweets")


@pytest.mark.parametrize("how", ["'{}'", "read_csv('{}')", "read_text('{}')", "read_blob('{}')", "glob('{}')"])
def test_a_select_reads_no_file_outside_the_case(own, tmp_path, how):
    secret = tmp_path / "secret.csv"
    secret.write_text("word\nsesame\n", encoding="utf-8")
    for path in (secret, own / ".." / "secret.csv"):
        result = call("sql", own, f"SELECT * FROM {how.format(path)}")
        assert "sesame" not in result.output
        assert result.exit_code == 1
        assert isinstance(result.exception, SystemExit)


def test_an_unknown_account_says_where_to_look(case):
    line = complaint("explain", case, "nobody of that name")
    assert "has no account 'nobody of that name'" in line
    assert "SELECT account_id, handle FROM account" in line


def test_three_accounts_are_too_many_to_compare(case):
    assert "takes one account or two; 3 were given" in complaint("explain", case, "a", "b", "c")


def test_an_unknown_kind_of_file_names_the_known_ones(case):
    line = complaint("export", case, "--to", "docx")
    assert "gexf" in line
    assert "csv" in line


def test_a_folder_of_something_else_is_no_case(tmp_path, posts):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work", encoding="utf-8")
    assert "holds other files and no case.json" in complaint("ingest", tmp_path / "mine", posts)
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["thesis.txt"]


def test_a_truth_that_is_not_there_is_said(case, tmp_path):
    assert "truth.parquet" in complaint("evaluate", case, tmp_path / "truth.parquet")


@pytest.mark.parametrize(
    "arguments",
    [
        ["detect"],
        ["detect", "case", "--threads", "0"],
        ["detect", "case", "--fdr", "small"],
        ["ingest", "case"],
        ["ingest", "case", "no-such-file.csv"],
        ["ingest", "case", __file__, "--sample", "some"],
        ["explain", "case"],
        ["tell"],
        ["status", "case", "--colour"],
    ],
)
def test_a_wrong_usage_is_2(arguments):
    result = call(*arguments)
    assert result.exit_code == 2
    assert "Usage:" in result.stderr


def test_a_bug_keeps_its_traceback(case, monkeypatch):
    def broken(folder):
        raise ZeroDivisionError

    monkeypatch.setattr("cib.runs.manifest", broken)
    assert isinstance(call("status", case).exception, ZeroDivisionError)


def python(*arguments):
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    return subprocess.run([sys.executable, "-m", "cib", *map(str, arguments)], capture_output=True, text=True, env=environment)


def test_the_shell_sees_codes_and_no_traceback(tmp_path):
    failed = python("status", tmp_path / "none")
    assert (failed.returncode, failed.stdout, failed.stderr.count("\n")) == (1, "", 1)
    assert python("nonsense").returncode == 2
    done = python("graphs", "co_link", "--json")
    assert done.returncode == 0
    assert done.stderr == ""
    assert json.loads(done.stdout)["graphs"][0]["windows_s"] == [10, 60, 300, 3600, 21600, 86400]


def test_an_interruption_is_130(monkeypatch):
    def interrupted(**_):
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "cli", interrupted)
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    assert stopped.value.code == 130


# Answers


def test_graphs_say_when_they_mislead():
    text = call("graphs").stdout
    assert text.count("Misleads: ") == len(answer("graphs")["graphs"]) >= 9
    assert "Share buttons" in text
    assert [graph["name"] for graph in answer("graphs", "co_text,co_link")["graphs"]] == ["co_link", "co_text"]


def test_formats_are_listed():
    formats = answer("formats")["formats"]
    assert len({entry["name"] for entry in formats}) == len(formats) > 3
    assert all(entry["name"] in call("formats").stdout for entry in formats)


def test_status_tells_the_inputs_the_runs_and_whether_they_are_older_than_the_data(case):
    facts = answer("status", case)
    assert [Path(i["name"]).name for i in facts["inputs"]] == ["posts.parquet", "accounts.parquet"]
    (run,) = facts["runs"]
    assert run["run"] == "001"
    assert run["older_than_data"] is False
    assert run["rows"]["tie"] == runs.load(case / "runs" / "001", "tie").num_rows > 0
    assert "001" in call("status", case).stdout


def test_a_run_is_older_than_data_that_came_later(own, tmp_path, posts):
    assert call("ingest", own, posts).exit_code == 0
    assert answer("status", own)["runs"][0]["older_than_data"] is True


def test_sql_asks_the_tables_of_the_case_and_of_its_newest_run(case):
    found = answer("sql", case, "SELECT kind, SUM(n_accounts) AS n FROM cluster GROUP BY kind ORDER BY kind")
    assert found["columns"] == ["kind", "n"]
    assert {row[0] for row in found["rows"]} <= {
        "undetermined",
        "bot_cluster",
        "troll_farm",
        "foreign_interference",
        "syndication",
        "crowd",
    }
    for table in (
        "post",
        "account",
        "reject",
        *runs.schema.RUN_TABLES[:1],
        "pair",
        "edge",
        "tie",
        "member",
        "cluster",
        "trait",
        "evidence",
    ):
        assert call("sql", case, f"SELECT COUNT(*) FROM {table}").exit_code == 0


def test_sql_shows_at_most_a_thousand_rows_and_says_so(case):
    found = answer("sql", case, "SELECT post_id FROM post")
    assert len(found["rows"]) == 1000
    assert found["cut"] is True
    assert "the rest was cut" in call("sql", case, "SELECT post_id FROM post").stdout
    assert answer("sql", case, "SELECT post_id FROM post LIMIT 1000")["cut"] is False


def test_sql_keeps_two_columns_of_one_name_apart(case):
    pair = (
        "SELECT a.account_id, b.account_id FROM member AS a JOIN member AS b ON b.account_id > a.account_id ORDER BY 1, 2 LIMIT 1"
    )
    lines = call("sql", case, pair).stdout.splitlines()
    assert len(set(lines[2].split())) == 2


def test_json_stays_json_where_a_number_is_none(case):
    answer("sql", case, "SELECT CAST('nan' AS DOUBLE) AS x")


def members(case):
    return runs.load(case / "runs" / "001", "member").to_pylist()


def test_explain_tells_of_a_member_what_speaks_for_and_against(case):
    one = next(m for m in members(case) if m["role"] != "source")
    text = call("explain", case, one["account_id"]).stdout
    assert f"Member of cluster {one['cluster_id']}" in text
    assert "Innocent reading:" in text
    told = answer("explain", case, one["account_id"])
    assert told["accounts"][0]["member"]["cluster_id"] == one["cluster_id"]
    assert told["accounts"][0]["edges"]
    assert told["meetings"] == []


def test_explain_tells_of_a_seeder_how_often_it_came_first(case):
    one = next(m for m in members(case) if m["role"] == "seeder")
    hours = f"{one['n_led']} of {one['n_led'] + one['n_followed']} hours"
    assert f"It acts first: before most others of the cluster that it met in {hours}" in " ".join(
        answer("explain", case, one["account_id"])["accounts"][0]["sentences"]
    )
    page = case / "runs" / "001" / "report" / "index.html"
    assert f"acts first ({hours})" in page.read_text(encoding="utf-8")


def test_explain_shows_where_two_tied_accounts_met(case):
    row = runs.load(case / "runs" / "001", "evidence").to_pylist()[0]
    told = answer("explain", case, row["account_a"], row["account_b"])
    assert len(told["accounts"]) == 2
    assert told["meetings"]
    assert told["meetings"] == answer("explain", case, row["account_b"], row["account_a"])["meetings"]


def test_explain_finds_an_account_by_its_handle(case):
    one = next(m for m in members(case) if m["handle"])
    assert answer("explain", case, one["handle"])["accounts"][0]["account_id"] == one["account_id"]


def test_explain_says_of_an_ordinary_account_why_it_is_in_no_cluster(case):
    known = {m["account_id"] for m in members(case)}
    other = next(
        r[0] for r in answer("sql", case, "SELECT DISTINCT account_id FROM post ORDER BY 1")["rows"] if r[0] not in known
    )
    assert "It is in no cluster." in call("explain", case, other).stdout


def test_a_source_is_told_that_being_copied_is_no_coordination(case):
    source = next((m for m in members(case) if m["role"] == "source"), None)
    if source is None:
        pytest.skip("this world's journalist is tied to nobody")
    assert not source["flagged"]
    assert "Being copied is no coordination" in call("explain", case, source["account_id"]).stdout


def test_verify_counts_the_files_that_are_as_they_were_written(case):
    known, facts = Case.open(case), runs.manifest(case / "runs" / "001")
    assert answer("verify", case)["files"] == len(known.record["hashes"]) + len(facts["hashes"])


@pytest.mark.parametrize("table", ["runs/001/tie", "runs/001/evidence", "data/post"])
def test_verify_notices_one_changed_byte(own, table):
    path = sorted((own / table).glob("*.parquet"))[-1]
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    line = complaint("verify", own)
    assert "1 of " in line
    assert path.name in line


def test_verify_notices_a_file_that_is_gone(own):
    (own / "runs" / "001" / "member" / "all.parquet").unlink()
    assert "member" in complaint("verify", own)


# Runs


def test_a_second_run_has_the_same_tables_on_any_number_of_threads_and_leaves_the_first_alone(own):
    before = {path: (sha256(path), path.stat().st_mtime_ns) for path in (own / "runs" / "001").rglob("*") if path.is_file()}
    assert call("detect", own, "--threads", "1", "--memory", "1GB").exit_code == 0
    first, second = (runs.manifest(own / "runs" / name) for name in ("001", "002"))
    assert first["hashes"] == second["hashes"]
    assert second["names_from"] == "001"  # in which a second run differs, and in its plans: they depend on threads and memory
    own_way = {"names": None, "meetings": None}
    assert first["notes"] | own_way == second["notes"] | own_way
    assert first["rows"] == second["rows"]
    assert before == {
        path: (sha256(path), path.stat().st_mtime_ns) for path in (own / "runs" / "001").rglob("*") if path.is_file()
    }
    assert (own / "runs" / "LATEST").read_text(encoding="utf-8") == "002\n"
    assert {path.name for path in (own / "runs").iterdir()} == {"001", "002", "LATEST"}


def test_the_order_of_the_input_rows_changes_no_tie(world, tmp_path):
    """The same posts, last first: every table but the places in the input file has the same rows."""
    posts = pq.read_table(world / "posts.parquet").slice(0, 9000)
    pq.write_table(posts, tmp_path / "forth.parquet")
    pq.write_table(posts.take(pa.array(range(len(posts) - 1, -1, -1))), tmp_path / "back.parquet")
    for name in ("forth", "back"):
        assert call("ingest", tmp_path / name, tmp_path / f"{name}.parquet", "--sample", "full").exit_code == 0
        assert call("detect", tmp_path / name, "--graphs", "co_retweet,co_hashtag", "--threads", "2").exit_code == 0
    forth, back = (runs.manifest(tmp_path / name / "runs" / "001")["hashes"] for name in ("forth", "back"))
    assert {path for path in forth if forth[path] != back.get(path)} <= {"evidence/all.parquet"}


def test_verify_notices_a_file_that_somebody_added(own):
    folder = own / "runs" / Case.open(own).runs()[-1]
    (folder / "member" / "zz.parquet").write_bytes((folder / "member" / "all.parquet").read_bytes())
    assert "was put into a finished run by somebody else" in complaint("verify", own)
