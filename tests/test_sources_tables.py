"""sources: tables as people have them, from spreadsheets, in old encodings, with names of their own."""

import datetime as dt
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cib import sources, terminal, text
from cib.case import Case
from cib.engines.duckdb import DuckDB
from cib.errors import SchemaError
from cib.sources import entities, hints

HEADER = "post_id,account_id,created_at,text\n"
ROW = "1,a,2024-03-01,x\n"


class Desk:
    """A case and its engine, with what tests ask of them."""

    def __init__(self, folder):
        self.folder = folder
        self.case = Case.create(folder / "case")
        self.engine = DuckDB(threads=1, memory="500MB")

    def write(self, name, content):
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def take(self, *paths, **options):
        with self.case.hold():
            return sources.ingest(self.case, paths, engine=self.engine, **options)

    def take_text(self, content, name="posts.csv", **options):
        return self.take(self.write(name, content), **options)[0]

    def rows(self, table="post"):
        return [row for part in self.case.parts(table) for row in pq.read_table(part, partitioning=None).to_pylist()]


@pytest.fixture
def desk(tmp_path):
    made = Desk(tmp_path)
    yield made
    made.engine.close()


# Encodings


def test_a_table_that_is_not_utf8_is_windows_1252_and_names_stay_apart(desk):
    content = HEADER + "1,Müller,2024-03-01,schön\n2,Möller,2024-03-01,naïve “quote”\n"
    record = desk.take_text(content.encode("cp1252"))
    assert {row["account_id"] for row in desk.rows()} == {"Müller", "Möller"}
    assert {row["text"] for row in desk.rows()} == {"schön", "naïve “quote”"}
    assert "not UTF-8: read as Windows-1252" in record["notes"]


def test_a_damaged_byte_in_a_table_of_utf8_costs_its_record_only(desk):
    rows = [f"{i},Müller,2024-03-01,schön {i}\n".encode() for i in range(300)]
    rows[7] = b"7,M\xfcller,2024-03-01,x\n"
    record = desk.take_text(HEADER.encode() + b"".join(rows))
    assert (record["posts"], record["rejected"]) == (299, 1)
    assert {row["account_id"] for row in desk.rows()} == {"Müller"}
    (reject,) = desk.rows("reject")
    assert (reject["record"], "no text" in reject["reason"]) == (8, True)


def test_bytes_that_windows_1252_does_not_have_are_rejected(desk):
    record = desk.take_text(HEADER.encode() + b"1,M\xfcller,2024-03-01,x\n2,\x81,2024-03-01,y\n")
    assert (record["posts"], record["rejected"]) == (1, 1)


def test_a_byte_order_mark_settles_the_encoding(desk):
    record = desk.take_text(
        b"\xef\xbb\xbf" + HEADER.encode() + "1,Müller,2024-03-01,x\n".encode() + b"2,M\xfcller,2024-03-01,x\n"
    )
    assert (record["posts"], record["rejected"]) == (1, 1)


# Times


def test_the_last_date_of_a_file_decides_how_the_first_is_read(desk):
    desk.take_text(HEADER + "1,a,3/4/2024 10:00,x\n2,a,27/4/2024 10:00,y\n")
    assert min(row["created_at"] for row in desk.rows()) == dt.datetime(2024, 4, 3, 10)


def test_a_date_with_two_readings_that_nothing_decides_refuses_the_file(desk):
    with pytest.raises(SchemaError, match=r"posts\.csv.*3/4/2024.*YYYY-MM-DD"):
        desk.take_text(HEADER + "1,a,3/4/2024 10:00,x\n2,a,5/4/2024 10:00,y\n")
    assert desk.rows() == []


def test_dots_and_dashes_are_read_day_first(desk):
    desk.take_text(HEADER + '1,a,"03.04.2024, 10:00",x\n2,a,03-04-2024 10:00,y\n3,a,2024/04/03 10:00,z\n')
    assert {row["created_at"] for row in desk.rows()} == {dt.datetime(2024, 4, 3, 10)}


# Names of columns


def test_names_of_columns_are_known_in_any_case_and_spelling(desk):
    record = desk.take_text("Tweet ID,User_ID,Created At,Message,Links\n1,a,2024-03-01,x,https://a.example/b\n")
    assert record["columns"]["mapped"] == {
        "post_id": ["Tweet ID"],
        "account_id": ["User_ID"],
        "created_at": ["Created At"],
        "text": ["Message"],
        "urls": ["Links"],
    }
    assert (desk.rows()[0]["url_keys"], record["notes"]) == (["https://a.example/b"], [])


def test_the_exact_name_wins_and_a_handle_is_an_account_only_for_want_of_better(desk):
    record = desk.take_text("handle,User ID,text,TEXT,date\nanna,7,x,y,2024-03-01\n")
    assert record["columns"]["mapped"]["account_id"] == ["User ID"]
    assert record["columns"]["mapped"]["text"] == ["text"]
    record = desk.take_text("handle,text,date\nanna,x,2024-03-01\n", name="b.csv")
    assert record["columns"]["mapped"]["account_id"] == ["handle"]


def test_a_missing_column_is_told_with_what_was_understood_and_the_map_to_add(desk):
    with pytest.raises(SchemaError) as error:
        desk.take_text("Message,id,Wer,posted_when,Absender Name\nx,1,a,2024-03-01,a\n")
    for said in (
        "text = Message",
        "Missing: account_id, created_at",
        "--map 'account_id=Absender Name'",
        "--map created_at=posted_when",
    ):
        assert said in str(error.value)


def test_columns_that_only_extra_keeps_are_told_and_addresses_among_them_named(desk):
    content = HEADER.replace("text", "text,shared,mood") + "1,a,2024-03-01,x,https://a.example,glad\n"
    (note,) = desk.take_text(content)["notes"]
    assert note.startswith("Kept but not used: mood, shared.")
    assert "--map urls=shared" in note
    assert desk.take_text(content.replace("1,a", "2,a"), name="b.csv", columns={"urls": "shared"})["notes"] == [
        "Kept but not used: mood."
    ]


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("who,posted_when,msg_text", ["--map created_at=posted_when", "--map text=msg_text"]),
        ("who,date,msg_text", ["--map text=msg_text"]),
    ],
)
def test_posts_whose_columns_are_unknown_do_not_become_accounts(desk, header, told):
    with pytest.raises(SchemaError) as error:
        desk.take_text(header + "\na,2024-03-01,x\n", columns={"account_id": "who"})
    assert all(option in str(error.value) for option in told)


def test_lists_of_accounts_stay_lists_of_accounts(desk):
    header = "account_id,handle,candidate,updated,context,message_count,timezone\n"
    assert desk.take_text(header + "1,anna,x,2024-03-01,c,3,UTC\n")["kind"] == "account"


@pytest.mark.parametrize(("name", "same"), [("User_ID", "user id"), ("createdAt", "Created-At"), ("ID", "id")])
def test_names_that_differ_in_spelling_only_have_one_plain_name(name, same):
    assert hints.plain(name) == hints.plain(same)


# Several files


def test_a_map_counts_for_the_files_that_have_its_column(desk):
    a, b = desk.write("a.csv", HEADER + ROW), desk.write("b.csv", "post_id,who,created_at,text\n2,b,2024-03-01,x\n")
    first, second = desk.take(a, b, columns={"account_id": "who"})
    assert {row["account_id"] for row in desk.rows()} == {"a", "b"}
    assert "'who'" in first["notes"][0]
    assert second["notes"] == []


def test_a_map_that_fits_no_file_or_leaves_one_without_accounts_is_refused(desk):
    a, b = desk.write("a.csv", HEADER + ROW), desk.write("b.csv", "post_id,wer,created_at,text\n2,b,2024-03-01,x\n")
    with pytest.raises(SchemaError, match=r"b\.csv.*Missing: account_id"):
        desk.take(a, b, columns={"account_id": "who"})
    with pytest.raises(SchemaError, match="No file has a column 'typo'"):
        desk.take(a, desk.write("c.csv", HEADER + "3,a,2024-03-01,x\n"), columns={"lang": "typo"})
    assert desk.rows() == []


def workbook(path, member="xl/workbook.bin"):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(member, "<x/>")
    return path


def test_what_is_no_table_is_skipped_in_a_folder_and_told(desk):
    desk.write("in/a.csv", HEADER + ROW)
    desk.write("in/b.pdf", b"%PDF-1.7 and more")
    desk.write("in/c.jpg", b"\xff\xd8\xff\xe0 and more")
    workbook(desk.folder / "in" / "d.xlsb")
    records = desk.take(desk.folder / "in")
    assert [record["format"] for record in records] == ["generic", "skipped", "skipped", "skipped"]
    assert [record["notes"] for record in records[1:]] == [
        ["a PDF: skipped"],
        ["a JPEG image: skipped"],
        ["an Excel workbook: skipped"],
    ]
    assert [record["posts"] for record in records] == [1, 0, 0, 0]
    assert [record["repeated"] for record in desk.take(desk.folder / "in")] == [True] * 4


def test_what_is_no_table_is_refused_where_it_is_all_there_is(desk):
    with pytest.raises(SchemaError, match=r"an Excel workbook.*CSV UTF-8"):
        desk.take(workbook(desk.folder / "posts.xlsb"))
    with pytest.raises(SchemaError, match="a PDF"):
        desk.take(desk.write("x.pdf", b"%PDF-1.7"), desk.write("y.pdf", b"%PDF-1.4"))


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({"columns": {"lang": "text"}}, "no --map"),
        ({"timezone": "Asia/Tokyo"}, "--timezone UTC"),
        ({"from_format": "parler"}, "generic"),
    ],
)
def test_a_file_is_not_read_again_in_another_way(desk, options, word):
    path = desk.write("a.csv", HEADER + ROW)
    desk.take(path)
    with pytest.raises(SchemaError, match=f"{word}.*new case folder"):
        desk.take(path, **options)


def test_a_file_given_again_as_before_adds_nothing(desk):
    path = desk.write("a.csv", HEADER + ROW)
    options = {"columns": {"lang": "text"}, "timezone": "Asia/Tokyo", "from_format": "generic"}
    (record,) = desk.take(path, **options)
    assert record["given"] == {"map": {"lang": "text"}, "timezone": "Asia/Tokyo", "from": "generic"}
    assert desk.take(path, **options)[0]["repeated"]
    assert desk.take(path)[0]["repeated"]


def test_it_is_told_how_many_ids_a_spreadsheet_has_rounded(desk):
    rows = [f"{'9.06E+17' if i < 4 else i},a,2024-03-01,x {i}\n" for i in range(230)]
    assert "4 of 230 ids" in desk.take_text(HEADER + "".join(rows))["notes"][0]


SIGNS = ["@", ".", "-", "/", ":", " ", "\t", "\r\n", "é", "&amp;", '"', "<"]
WORDS = ["RT ", "rt:", "a", "_b", "https://", "WWW.", "www.x", "#Vote", "@anna.b", "word " * 5]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.lists(st.sampled_from(SIGNS + WORDS), max_size=12).map("".join) | st.text(max_size=30) | st.none(), max_size=8)
)
def test_texts_folded_at_once_have_the_keys_they_have_one_by_one(texts):
    assert entities.keys(pa.array(texts, pa.string())).to_pylist() == [text.key(one) for one in texts]


def taken(desk, contents):
    return desk.take(*(desk.write(name, content) for name, content in contents.items()))


def test_many_rejects_are_a_loud_warning_with_reasons_and_an_example(desk):
    rows = "".join(f"{number},a,2024-03-01,x\n" for number in range(30))
    few = taken(desk, {"few.csv": HEADER + rows + "x,a,soon,x\n"})[0]
    many = taken(desk, {"many.csv": HEADER + rows + "x,a,soon,x\n" * 2 + "y,,2024-03-01,x\n"})[0]
    assert not any("WARNING" in note for note in few["notes"])
    assert many["notes"][0].startswith(
        "WARNING: 3 of 33 rows (9.1%) were rejected: 2 × created_at: this time cannot be read, 1 ×"
    )
    assert "record 31 for example" in many["notes"][0]
    assert [(row["field"], row["n_rows"]) for row in many["reasons"]] == [("created_at", 2), ("account_id", 1)]


def test_a_file_of_which_nothing_can_be_read_is_an_error_that_names_the_closest_format(desk):
    with pytest.raises(
        SchemaError, match=r"none of its 2 rows could be read as generic.*2 × created_at: this time cannot be read"
    ):
        taken(desk, {"x.csv": HEADER + "1,a,soon,x\n2,a,later,x\n"})
    shape = "author,account_id,content,publish_date,retweet,language\n"
    with pytest.raises(SchemaError, match="as ira_538, the closest format"):
        taken(desk, {"x.csv": shape + "ANNA,a,good morning,soon,0,English\n"})
    assert desk.case.record["inputs"] == []


def test_a_hostile_row_in_a_warning_or_an_error_cannot_reach_the_terminal(desk):
    hostile = "1,a,soon,\x1b[31mred\u202e\n"
    with pytest.raises(SchemaError) as caught:
        taken(desk, {"x.csv": HEADER + hostile})
    (record,) = taken(desk, {"y.csv": HEADER + ROW + hostile})
    for told in (str(caught.value), record["notes"][0], terminal.as_text("ingest", {"ingest": [record]})):
        assert "red" in told
        assert not {"\x1b", "\u202e"} & set(told)


def test_in_a_folder_such_a_file_stops_nothing(desk):
    records = taken(desk, {"in/bad.csv": HEADER + "1,a,soon,x\n", "in/good.csv": HEADER + ROW})
    assert [(record["posts"], record["rejected"]) for record in records] == [(0, 1), (1, 0)]
    assert records[0]["notes"][0].startswith("WARNING: 1 of 1 rows (100.0%)")


def test_a_file_that_holds_other_bytes_than_before_is_told(desk):
    assert not any("CHANGED" in note for note in taken(desk, {"in/x.csv": HEADER + ROW})[0]["notes"])
    (record,) = taken(desk, {"in/x.csv": HEADER + ROW + ROW.replace("1,a", "2,a")})
    assert record["notes"][0].startswith("CHANGED: when this file was read before it held other bytes")
    assert (record["posts"], record["merged"]) == (1, 1)
    assert not any("CHANGED" in note for note in taken(desk, {"in/y.csv": HEADER + ROW.replace("1,a", "3,a")})[0]["notes"])


def test_a_case_says_per_platform_what_can_be_judged(desk):
    rows = "platform,post_id,account_id,created_at,text,retweet_of,media\n"
    taken(desk, {"x.csv": rows + "x,1,a,2024-03-01,the polls close at eight tonight #Vote,9,\ny,1,a,2024-03-01,hi,,\n"})
    first, second = sources.carries(desk.case, desk.engine)
    assert [first[name] for name in ("platform", "posts", "retweet", "text", "hashtag", "media")] == ["x", 1, 1, 1, 1, 0]
    assert [second[name] for name in ("platform", "posts", "retweet", "text", "hashtag")] == ["y", 1, 0, 0, 0]


# Workbooks

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
DATED = f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="0"/><xf numFmtId="22"/></cellXfs></styleSheet>'


def cell(value):
    if isinstance(value, str):
        return f'<c t="inlineStr"><is><t>{value}</t></is></c>'
    return f'<c s="1"><v>{value[0]}</v></c>' if isinstance(value, tuple) else f"<c><v>{value}</v></c>"


def excel(path, **sheets):
    """A workbook of the least that Excel writes: texts, numbers, and dates as (serial number,)."""
    named, related = "", f'<Relationship Id="s" Type="{LINKS}/styles" Target="styles.xml"/>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        root = f'<Relationship Id="r" Type="{LINKS}/officeDocument" Target="xl/workbook.xml"/>'
        archive.writestr("_rels/.rels", f'<Relationships xmlns="{PACKAGE}">{root}</Relationships>')
        archive.writestr("xl/styles.xml", DATED)
        for number, (name, rows) in enumerate(sheets.items(), start=1):
            named += f'<sheet name="{name}" sheetId="{number}" r:id="r{number}"/>'
            related += f'<Relationship Id="r{number}" Type="{LINKS}/worksheet" Target="worksheets/{number}.xml"/>'
            body = "".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows)
            archive.writestr(
                f"xl/worksheets/{number}.xml", f'<worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData></worksheet>'
            )
        archive.writestr("xl/workbook.xml", f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets>{named}</sheets></workbook>')
        archive.writestr("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{PACKAGE}">{related}</Relationships>')
    return path


COLUMNS = ("post_id", "account_id", "created_at", "text", "like_count")


def test_a_workbook_is_read_with_its_numbers_and_dates(desk):
    rows = [COLUMNS, (7, "anna", (45352 + 36005 / 86400,), "hello", 3), (8, "ben", "2024-03-01 10:00:05", "x", 2.5)]
    (record,) = desk.take(excel(desk.folder / "posts.xlsx", About=[("nothing",)], Posts=rows))
    assert (record["posts"], record["rejected"], record["naive_times"]) == (2, 0, True)
    assert record["notes"][0] == "Only the sheet 'Posts' was read, not: 'About'."
    first, second = sorted(desk.rows(), key=lambda row: row["post_id"])
    assert (first["post_id"], first["account_id"], first["like_count"], first["source_record"]) == ("7", "anna", 3, 1)
    assert first["created_at"] == second["created_at"] == dt.datetime(2024, 3, 1, 10, 0, 5)


def test_ids_that_a_workbook_has_rounded_are_refused(desk):
    rows = [(*COLUMNS, "screen_name"), *((number, 9.06e17 + 1000 * number, "2024-03-01", "x", 1, "anna") for number in range(3))]
    with pytest.raises(SchemaError, match=r"3 of 3 ids in column 'account_id' are rounded.*--map account_id=screen_name"):
        desk.take(excel(desk.folder / "posts.xlsx", Posts=rows))


def test_a_workbook_that_is_damaged_or_empty_is_refused(desk):
    with pytest.raises(SchemaError, match="CSV UTF-8"):
        desk.take(workbook(desk.folder / "a.xlsx", "xl/workbook.xml"))
    with pytest.raises(SchemaError, match="no sheet with a header"):
        desk.take(excel(desk.folder / "b.xlsx", Posts=[COLUMNS]))
