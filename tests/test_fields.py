"""Field by field: every column that a format names is filled from the field that it names, in a record made for it.

The record is that of the format's golden file with more fields. Columns that an adapter makes of several fields are tried in
test_formats.py; here it is enough that some record of that format has one (`made` below).
"""

import copy
import csv
import datetime as dt
import io
import json
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cib import schema, sources
from cib.case import Case
from cib.engines.duckdb import DuckDB
from cib.sources.known import FORMATS
from cib.sources.layouts import FLAGS, PROFILE

sys.path.insert(0, str(Path(__file__).parent.parent / "scripts"))

import fuzz

SAMPLES = fuzz.samples()
KINDS = {
    **dict(zip(schema.names(schema.ACCOUNT), schema.arrow(schema.ACCOUNT), strict=True)),
    **{f.name: f for f in schema.arrow(schema.POST)},
}
KINDS |= {given: schema.arrow(schema.ACCOUNT).field(name) for given, name in PROFILE.items()}
AT = dt.datetime(2024, 3, 1, 10, 0, 5)
# Columns that the record made here cannot show, and why.
THREAD = "paths begin in the comment inside a thread, which the adapter takes out; tried in test_formats.py"
EXPLAINED = {
    "twitter_v2_users": {"collected_at": "an account has no such column: it is kept as seen_at in extra"},
    "youtube_comments": dict.fromkeys(
        (
            "account_id",
            "handle",
            "like_count",
            "post_id",
            "profile_image",
            "reply_count",
            "reply_to",
            "container",
        ),
        THREAD,
    ),
}
CASES = [
    (form, column)
    for form in FORMATS
    if form.name != "generic"
    for column, paths in form.columns.items()
    if column not in (*FLAGS, "extra.object", "platform") and paths[0] not in form.made
]


def value(column):
    """What is written into a field, and what the column should then hold."""
    kind = KINDS[column].type
    if kind == pa.int64():
        return 5, 5
    if kind == pa.bool_():
        return True, True
    if pa.types.is_timestamp(kind):
        return "2024-03-01T10:00:05Z", AT
    if pa.types.is_list(kind):
        return ["https://a.example/x"], ["https://a.example/x"]
    return "x1", "x1"


def put(record, path, found):
    """Write a value at a path into a record, over what stands there."""
    name, _, rest = path.rstrip("!").partition(".")
    is_list, name = name.endswith("[]"), name.split("|")[0].removesuffix("[]")
    if not rest:
        record[name] = found if not is_list or isinstance(found, list) else [found]
        return
    inner = record.get(name)
    if is_list:
        inner = inner if isinstance(inner, list) and inner and isinstance(inner[0], dict) else [{}]
        put(inner[0], rest, found[0] if isinstance(found, list) else found)
    else:
        inner = inner if isinstance(inner, dict) else {}
        put(inner, rest, found)
    record[name] = inner


def holders(document, form):
    """The records inside a document, which are what paths begin in."""
    for path in form.lists:
        found = [document]
        for name in path.split("."):
            found = [one.get(name.removesuffix("[]")) for one in found if isinstance(one, dict)]
            found = [inner for one in found for inner in (one if isinstance(one, list) else [one])]
        if found and all(isinstance(one, dict) for one in found):
            return found
    if isinstance(document, list):
        return [one for one in document if isinstance(one, dict)]
    return [document]


def filled(form):
    """The sample of a format as text, every field that its columns name filled, and the columns that were filled."""
    content = SAMPLES[form.name]
    wanted = {column: form.columns[column][0] for of, column in CASES if of is form}
    if content.lstrip()[0] not in "[{":
        header, row, *_ = csv.reader(io.StringIO(content))
        cells = dict(zip(header, row, strict=False))
        for column, name in wanted.items():
            same = next((given for given in header if given.casefold() == name.casefold()), name)
            cells[same] = value(column)[0] if not isinstance(value(column)[0], list) else json.dumps(value(column)[0])
        out = io.StringIO()
        csv.writer(out).writerows([cells, cells.values()])
        return out.getvalue(), wanted
    documents = copy.deepcopy(fuzz._documents(content))
    for record in (record for document in documents for record in holders(document, form)):
        for column, path in wanted.items():
            if not path.startswith("^"):
                put(record, path, value(column)[0])
    return "\n".join(json.dumps(document) for document in documents), wanted


@pytest.mark.parametrize("form", FORMATS[:-1], ids=lambda form: form.name)
def test_every_field_that_a_format_names_fills_its_column(tmp_path, form):
    content, wanted = filled(form)
    (tmp_path / "file").write_text(content, encoding="utf-8")
    case, engine = Case.create(tmp_path / "case"), DuckDB(threads=1, memory="500MB")
    with case.hold():
        (record,) = sources.ingest(case, [tmp_path / "file"], engine=engine, from_format=form.name)
    engine.close()
    rows = [
        row
        for table in ("post", "account")
        for part in case.parts(table)
        for row in pq.read_table(part, partitioning=None).to_pylist()
    ]
    empty = {
        column
        for column in wanted
        if not any(value(column)[1] in (row.get(column), row.get(PROFILE.get(column, column))) for row in rows)
    }
    assert empty == set(EXPLAINED.get(form.name, {})), record["notes"]


def described(form):
    """The row of the table in docs/formats.md: which columns of a post or an account the format fills, and how."""
    direct, made = [], []
    for column, paths in sorted(form.columns.items()):
        if column not in FLAGS:
            (made if paths[0] in form.made else direct).append(column)
    taken = {name for names in (direct, made) for name in names}
    absent = [name for name in schema.names(schema.POST) if name in POSTS and name not in taken]
    return f"| `{form.name}` | {', '.join(direct) or '–'} | {', '.join(made) or '–'} | {', '.join(absent) or '–'} |"


POSTS = (
    "lang",
    "reply_to",
    "retweet_of",
    "quote_of",
    "urls",
    "hashtags",
    "mentions",
    "media",
    "container",
    "client",
    "like_count",
)
POSTS += ("retweet_count", "reply_count", "view_count", "permalink", "edited_at")


def test_the_documents_tell_of_every_format_field_by_field():
    text = (Path(__file__).parent.parent / "docs" / "formats.md").read_text(encoding="utf-8")
    missing = [form.name for form in FORMATS[:-1] if described(form) not in text]
    assert not missing, "\n".join(described(form) for form in FORMATS[:-1])
