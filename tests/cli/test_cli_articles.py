from __future__ import annotations

import json
from pathlib import Path

import pytest
from builders import write_jsonl
from click.testing import Result
from command_line import harness

from harness.data import articles

LONG = "The mayor of Hull resigned on Monday after a vote of the council. Nobody knows why she went so soon. " * 3
FILE = Path("rows.jsonl")
ROWS: tuple[dict[str, object], ...] = (
    {"id": "hull", "text": LONG, "title": "Mayor goes", "date": "2022-02-24", "reference": "The mayor resigned."},
    {"id": "york", "text": "The council of York sits on Friday.", "facts": ["The council sits on Friday."]},
)


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_jsonl(FILE, *ROWS)


def run(*words: str) -> Result:
    return harness("articles", *words)


def test_import_round_trips_between_folders_and_jsonl() -> None:
    result = run("import", "rows.jsonl", "-o", "news")
    assert (result.exit_code, result.output.splitlines()[0]) == (0, "2 articles: news")
    assert Path("news/hull/references/r01.md").is_file()
    assert run("import", "news", "-o", "back.jsonl").exit_code == 0
    before, folders, after = (articles.load(Path(path)) for path in ("rows.jsonl", "news", "back.jsonl"))
    for one, other, last in zip(before, folders, after, strict=True):
        assert one.article.text == other.article.text == last.article.text
        assert (one.article.date, one.references) == (other.article.date, other.references)
        assert (one.references, one.facts) == (last.references, last.facts)
    assert [item.article.title for item in folders] == ["Mayor goes", ""]


def test_import_adds_to_a_folder_of_articles() -> None:
    for row in ROWS:
        write_jsonl(FILE, row)
        assert run("import", "rows.jsonl", "-o", "news").exit_code == 0
    assert [item.article.id for item in articles.load(Path("news"))] == ["hull", "york"]
    Path("news/link").symlink_to("nowhere")
    write_jsonl(FILE, {"id": "bath", "text": LONG}, ROWS[0], {"id": "link", "text": LONG})
    assert run("import", "rows.jsonl", "-o", "news").stderr.count(": already exists") == 2
    assert not Path("news/bath").exists()


def test_import_keeps_unreviewed_facts() -> None:
    suggested = {"id": "vote", "statement": "The mayor resigned.", "unreviewed": True}
    write_jsonl(FILE, {"id": "hull", "text": LONG, "facts": [suggested, "The council of Hull voted."]})
    for source, target in (("rows.jsonl", "news"), ("news", "back.jsonl")):
        assert run("import", source, "-o", target).exit_code == 0
        assert [fact.unreviewed for fact in articles.load(Path(target))[0].facts] == [True, False]
    assert Path("news/hull/facts.yaml").read_text("utf-8").count("unreviewed") == 1


def test_import_reads_a_table_by_config() -> None:
    Path("rows.csv").write_text("key,body\n007,The council sits.\n8,It is raining.\n", "utf-8")
    Path("run.yaml").write_text(
        "articles: {path: rows.csv, columns: {id: key, text: body}, slice: '0:1'}\n"
        "models: {lead: {kind: lead}}\nverifier: lexical\nscorers: [length]\n"
    )
    result = run("import", "run.yaml", "-o", "x.jsonl")
    assert result.output == "1 article: x.jsonl\n"
    assert json.loads(Path("x.jsonl").read_text("utf-8")) == {"id": "007", "text": "The council sits."}


@pytest.mark.parametrize(
    ("row", "place", "message"),
    [
        (ROWS[0], "rows.jsonl", "rows.jsonl: already exists"),
        (ROWS[0], ".", ".: holds other files, but no folder with an article.md; name a new or an empty"),
        (ROWS[0], "new.csv", "new.csv: articles are written as .jsonl or as folders; name FILE.jsonl or a folder"),
        (ROWS[0], "nowhere/x.jsonl", "nowhere/x.jsonl: cannot be written: "),
        (ROWS[0], "rows.jsonl/news", "rows.jsonl/news: cannot be written: "),
        ({"id": "../up", "text": LONG}, "news", "replace slashes"),
        ({"id": ".up", "text": LONG}, "news", "id: '.up' begins with a dot, so its folder is hidden; write a"),
        ({"id": "b", "text": ""}, "news", "the article is empty; put its text here"),
    ],
)
def test_import_overwrites_nothing_and_stays_in_its_folder(row: dict[str, object], place: str, message: str) -> None:
    write_jsonl(FILE, row)
    result = run("import", "rows.jsonl", "-o", place)
    assert result.exit_code == 2
    assert message in result.stderr
    assert not Path("news").exists()


def test_check_finds_empty_broken_and_repeated_articles() -> None:
    write_jsonl(
        FILE,
        *ROWS,
        {"id": "empty", "text": "; ;"},
        {"id": "same", "text": LONG.upper()},
        {"id": "broken", "title": "Fish &amp; chips", "text": "The cafÃ© of the mayor is open \ufffd today."},
        {"id": "foreign", "text": "Der Rat hat den Bau der Brücke am Montag nicht beschlossen."},
    )
    result = run("check", "rows.jsonl")
    lines = [line for line in result.output.splitlines() if not line.startswith("  ")]
    assert result.exit_code == 1
    assert lines == [
        "error: empty: the article has no words, only '; ;'",
        "warning: broken: holds the replacement character '\ufffd'",
        "warning: broken: holds UTF-8 that was decoded as Windows-1252, 'Ã©'",
        "warning: broken: holds the markup '&amp;'",
        "warning: foreign: seems to be in de, but its language is set to en",
        "warning: same: has the same words as hull",
        "note: 5 of 6 articles have no reference (york, empty, same, …)",
        "note: 5 of 6 articles have no fact (hull, empty, same, …)",
        "6 articles: 1 error, 5 warnings, 2 notes",
    ]


def test_check_notes_a_headline_that_is_not_the_title() -> None:
    text = f"Mayor of Hull goes\n\n{LONG}"
    signed = {"id": "signed", "text": f"By Ann Bell in Hull\n\n{LONG}"}
    write_jsonl(FILE, {"id": "bare", "text": text}, signed, {"id": "titled", "text": text, "title": text[:18]})
    output = run("check", "rows.jsonl").output
    assert "signed: seems to begin with a byline, 'By Ann Bell in Hull'\n  remove it" in output
    assert "note: bare: seems to begin with a headline, 'Mayor of Hull goes'\n  copy it into a title" in output
    assert "titled: seems" not in output


def test_check_fails_on_warnings_only_if_strict() -> None:
    assert run("check", "rows.jsonl").exit_code == 0
    write_jsonl(FILE, *ROWS, {"id": "same", "text": LONG})
    assert run("check", "rows.jsonl").exit_code == 0
    assert run("check", "rows.jsonl", "--strict").exit_code == 1


def test_config_is_a_source_with_its_own_limit() -> None:
    server = "{kind: openai_api, model: '${HARNESS_GONE}'}"
    config = f"articles: rows.jsonl\nmodels: {{gpt: {server}}}\nverifier: {server.replace('openai_api', 'judge')}\n"
    Path("run.yaml").write_text(f"{config}scorers: [length]\n", "utf-8")
    assert "1 article: " in run("check", "run.yaml", "-L", "1").output
    with Path("run.yaml").open("a", encoding="utf-8") as file:
        file.write("limit: 1\n")
    assert "1 article: " in run("check", "run.yaml").output
    assert "2 articles: " in run("check", "run.yaml", "-L", "2").output
    assert "gone: does not exist" in run("check", "gone").stderr
    Path("folder").mkdir()
    assert "folder/gone.jsnl: does not exist" in run("check", "folder/gone.jsnl").stderr
