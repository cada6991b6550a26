"""The report in the reader's language: no sentence of ours stands outside the catalogues, and no catalogue lacks one."""

import ast
import importlib.util
import json
import re
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment
from test_htmlreport import FLAGGED, HOSTILE, NOON, QUIET, Page, World

import cib
from cib import htmlreport, languages
from cib.case import Case
from cib.errors import CibError
from cib.htmlreport import show, words
from cib.languages import ENGLISH, Language, figure, joined, known, say
from cib.languages.messages import Field, bare, fields, parse
from cib.languages.plurals import categories, category

ROOT = Path(htmlreport.__file__).parents[2]
OTHERS = [code for code in languages.codes() if code != "en"]
TAGS = {"b", "/b", "bdi", "/bdi", "time", "/time", "strong", "/strong"}


def script():
    spec = importlib.util.spec_from_file_location("messages", ROOT / "scripts" / "messages.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


MESSAGES = script().messages()


# Catalogues


@pytest.mark.parametrize("code", OTHERS)
def test_a_catalogue_holds_every_message_and_no_other(code):
    held = languages.load(code).catalogue
    assert sorted(MESSAGES) == sorted(held), "python scripts/messages.py --add"
    assert not [one for one, told in held.items() if not told.strip()]


@pytest.mark.parametrize("code", ["en", *OTHERS])
def test_messages_have_the_same_names_and_a_wording_for_every_plural(code):
    language = languages.load(code)
    for one in MESSAGES:
        asked, told = fields(bare(one)), fields(language.find(one))
        assert asked.keys() == told.keys(), one
        for name, choices in told.items():
            assert not choices or choices == set(categories(code)), f"{one}: {name}"
        assert {tag for text in (one, language.find(one)) for tag in re.findall(r"<([^>]*)>", text)} <= TAGS, one


@pytest.mark.parametrize("code", OTHERS)
def test_what_is_said_in_another_language_is_not_english(code):
    """A catalogue that was filled with English would pass every other test."""
    held = languages.load(code).catalogue
    same = [one for one, told in held.items() if one == told and re.search(r"[a-z]{3}.* .*[a-z]{3}", one)]
    assert same == []


@pytest.mark.parametrize(
    "text", ["{", "{n", "}", "{n, plural, one {x}}", "{n, plural, one {x} other {y}", "{n, select, a {x}}", "{1}"]
)
def test_a_message_that_is_no_message_is_refused(text):
    with pytest.raises(CibError, match="message"):
        parse(text)


@given(st.integers(0, 10**7))
def test_every_count_has_a_wording_in_every_language(n):
    for code in ("en", "de", "fr", "ru", "uk", "pl", "cs", "ro", "sr", "ar", "ja", "xx"):
        assert category(code, n) in categories(code)


def test_a_language_of_other_plurals_needs_a_catalogue_and_nothing_else():
    text = "{n, plural, one {# рахунок} few {# рахунки} many {# рахунків} other {# рахунку}}"
    language = Language("uk", thousands="\u00a0", catalogue={"{n, plural, one {# account} other {# accounts}}": text})
    told = [show.many(n, "account").to(language) for n in (1, 2, 5, 11, 21, 1202)]
    assert told == ["1 рахунок", "2 рахунки", "5 рахунків", "11 рахунків", "21 рахунок", "1\u00a0202 рахунки"]


# What is said


def test_numbers_and_dates_are_written_as_the_language_writes_them():
    de = languages.load("de")
    assert [show.number(1234567).to(de), show.decimal(0.00001).to(de), show.decimal(1.5).to(de)] == [
        "1.234.567",
        "unter 0,001",
        "1,5",
    ]
    assert show.moment(NOON).to(de) == "04.03.2024 12:00:00"
    assert show.duration(5400).to(de) == "1,5 Stunden"
    assert say("{n, plural, one {# post} other {# posts}}", n=1).to(de) == "1 Beitrag"


def test_a_sentence_is_english_text_wherever_it_is_treated_as_text():
    told = joined(", ", [say("{n, plural, one {# post} other {# posts}}", n=2), figure("1.5")])
    assert told == f"{told}" == "2 posts, 1.5"
    assert json.loads(json.dumps([told])) == ["2 posts, 1.5"]
    assert told.to(languages.load("de")) == "2 Beiträge, 1,5"


def test_reasons_of_a_run_are_known_again_with_their_figures():
    reason = (
        "Its accounts are young (27.5 days, 20 to 1,031 with its members drawn anew; 99% of 200 matched groups of other "
        "accounts lie above it)."
    )
    de = languages.load("de")
    assert words.stored(reason) == reason
    assert words.stored(reason).to(de) == (
        "Ihre Konten sind jung (27,5 Tage, 20 bis 1.031, wenn ihre Mitglieder neu gezogen werden; 99\u00a0% von 200 passenden "
        "Gruppen anderer Konten liegen darüber)."
    )
    assert words.split(words.stored(reason))["text"].to(de) == "Ihre Konten sind jung."


@given(st.text(max_size=60), st.integers(0, 3))
def test_what_nobody_translated_stays_as_it_is(text, level):
    de = languages.load("de")
    if text not in de.catalogue and not re.fullmatch(r"[-\d.,e+]*%?", text):
        assert known(text, ()).to(de) == text
    assert known(f"{text} {{", words.PATTERNS).to(de)


@pytest.mark.parametrize("code", ["en", *OTHERS])
def test_below_level_three_no_language_accuses(code):
    language = languages.load(code)
    for text in ("Its bots are inauthentic trolls.", "Ihre Bots sind inauthentische Trolle im Botnetz."):
        assert not re.search(r"bot|troll|inauthenti", words.careful(text, 2).to(language), re.IGNORECASE)


# The page


def pseudo() -> Language:
    """A language in which every message of ours stands in ⟦ ⟧."""

    def marked(one: str) -> str:
        parts = parse(bare(one))
        if len(parts) == 1 and isinstance(parts[0], Field) and parts[0].choices:
            return re.sub(r"\} other \{", "⟧} other {⟦", bare(one).replace("one {", "one {⟦", 1))[:-2] + "⟧}}"
        return f"⟦{bare(one)}⟧"

    return Language("en", catalogue={one: marked(one) for one in MESSAGES})


def outside(text: str) -> str:
    """What is left of a text without all that stands in ⟦ ⟧."""
    before = None
    while before != text:
        before, text = text, re.sub(r"⟦[^⟦⟧]*⟧", " ", text)
    return text


def data_words(world: World) -> set[str]:
    told = json.dumps([world.rows, world.manifest, world.facts], default=str, ensure_ascii=False)
    return set(re.findall(r"[^\W\d_]{3,}", told.replace("\\u", "u").replace("\\n", " ")))


def test_no_text_of_the_page_lies_outside_the_catalogue(tmp_path):
    world = World(tmp_path, [FLAGGED, *QUIET], toml='sample = "keyword"\n', too_little={"co_text": "no post carries a text"})
    for cluster in world.rows["cluster"]:
        cluster |= {"reasons": ["Its accounts are young (2 days; 99% of 200 matched groups of other accounts lie above it)."]}
        cluster |= {"counter_evidence": ["Its accounts rest every day"], "benign": [MESSAGES[20]]}
    world.write()
    case = Case.open(world.root / "case")
    page = Page(htmlreport.write(case, case.run_folder("001"), language=pseudo()))
    allowed = data_words(world) | {
        "UTC",
        "SHA",
        "hxxp",
        "hxxps",
        "evil",
        "example",
        "posts",
        "csv",
        "Bots",
        "Amplify",
        "via",
        "Automated",
    }
    allowed |= {"cd" * 32, "Forwarding", "and", "Reposting", "Existing", "Narrative"}  # names that DISARM gives
    allowed |= {word for text in HOSTILE for word in re.findall(r"[^\W\d_]{3,}", show.body(text))}
    left = set(re.findall(r"[^\W\d_]{3,}", outside(" ".join(page.pieces)))) - allowed
    assert left == set()
    for tag, attributes in page.elements:
        for name in ("aria-label", "title", "alt", "placeholder"):
            if said := attributes.get(name):
                assert said.startswith("⟦"), (tag, name, said)
    ours = [one for key, one in page.island["words"].items() if key != "language"]
    assert all("⟦" in json.dumps(one, ensure_ascii=False) for one in ours)


def test_no_template_holds_words_of_its_own():
    for path in (ROOT / "cib" / "htmlreport").glob("*.j2"):
        data = "".join(text for _, kind, text in Environment().lex(path.read_text(encoding="utf-8")) if kind == "data")
        words_left = re.findall(r"[A-Za-z]{3,}", re.sub(r"<[^>]*>", " ", data))
        assert set(words_left) <= {"UTC", "doctype", "html"}, path.name


@pytest.fixture(scope="module")
def german(case, tmp_path_factory) -> Page:
    own = tmp_path_factory.mktemp("german") / "case"
    shutil.copytree(case, own)
    before = (own / "runs" / "001" / "report" / "report.json").read_bytes()
    page = Page(Path(cib.report(own, language="de")["report"]))
    assert page.path.with_name("report.json").read_bytes() == before
    return page


def test_the_german_page_is_german_and_its_json_english(german):
    assert ("html", {"lang": "de"}) in german.elements
    assert "Was untersucht wurde" in german.text
    assert re.search(r"\d{1,3}\.\d{3} Konten|\d+ Konten", german.text)
    english = {"the", "and", "which", "were", "groups", "than", "with", "meeting", "ties"}
    texts = {word for post in german.island["posts"]["text"] for word in re.findall(r"\w+", post.lower())}
    assert not {word for word in re.findall(r"[a-z]+", german.text.lower()) if word in english - texts}
    assert not re.search(r"\b20\d\d-\d\d-\d\d\b", german.text)
    assert " acted in coordination beyond chance; " in german.facts["finding"]["sentence"]


def test_the_language_of_the_case_is_that_of_its_reports_and_an_unknown_one_is_refused(tmp_path):
    world = World(tmp_path, [FLAGGED], toml='language = "de"\n')
    world.write()
    case = world.root / "case"
    assert '<html lang="de">' in Path(cib.report(case)["report"]).read_text(encoding="utf-8")
    assert '<html lang="en">' in Path(cib.report(case, language="en")["report"]).read_text(encoding="utf-8")
    with pytest.raises(CibError, match="There are: de, en"):
        cib.report(case, language="tlh")
    assert ENGLISH is languages.load("en")


def loose(path: Path) -> list[str]:
    """Words of a module that look like a sentence or a name and are said by nothing."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kept = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Module)) and isinstance(node.body[0], ast.Expr):
            kept.add(id(node.body[0].value))
        elif isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if name in {"say", "message", "voice", "Markup", "ValueError", "compile"}:
                kept |= {id(one) for given in node.args for one in ast.walk(given)}
    constants = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    found = (one.value for one in constants if id(one) not in kept)
    return [one for one in found if re.search(r"[A-Za-z]{2,} [A-Za-z]{2,}|^[A-Z][a-z]+$", one)]


def test_no_module_of_the_report_says_anything_beside_the_catalogue():
    """What no page of a test shows is found here: sentences of sections that only some runs have."""
    technical = {"more sign", "more change", "no post carries ", "hours east", "ties dense", "graph worst"}
    for path in (ROOT / "cib" / "htmlreport").glob("*.py"):
        if path.name != "paper.py":  # its sentences are a policy
            assert set(loose(path)) <= technical, path.name
