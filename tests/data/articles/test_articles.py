"""Articles from folders: verbatim text, parts by paragraph, and every fault of a folder at once, with its line."""

from __future__ import annotations

import os
import tracemalloc
from functools import partial
from pathlib import Path

import pytest
from builders import list_problems
from hypothesis import given
from hypothesis import strategies as st

from harness.data import articles
from harness.data.articles import Articles
from harness.data.lint import lint_articles
from harness.errors import DataError
from harness.records import Article, Item, Part, Reference, Span

ARTICLE = """---
# A comment of the editor.
title: The mayor resigns
language: en-GB
date: 2022-02-24
source: the town's paper
parts:
  - {name: headline, paragraphs: [1, 1]}
  - {name: body, paragraphs: [2, 3]}
---
Mayor resigns

The mayor resigned on Monday.
She gave no reason.
"""
FACTS = """facts:
  - id: mayor-resigned
    statement: The mayor resigned.
    importance: essential
    evidence: The mayor resigned on Monday
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An article's folder with two references and a fact."""
    folder = tmp_path / "references" / "mayor"
    write(folder / "article.md", ARTICLE)
    write(folder / "facts.yaml", FACTS)
    write(folder / "references" / "short.md", "---\nshape: one sentence\nauthor: editor\n---\n\nThe mayor is gone.\n")
    write(folder / "references" / "bullets.md", "- The mayor went.\n- Nobody knows why.\n")
    write(folder / "labels.jsonl", "not read here")
    return folder


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8"))
    return path


faults = partial(list_problems, articles.load)


def test_article_has_its_folders_name_and_its_front_matter(folder: Path) -> None:
    [item] = articles.load(folder)
    article = item.article
    text = "Mayor resigns\n\nThe mayor resigned on Monday.\nShe gave no reason.\n"
    parts = (Part("headline", 0, 13), Part("body", 15, 64))
    matter = ("The mayor resigns", "en-GB", "2022-02-24", "the town's paper")
    assert article == Article("mayor", text, *matter, parts, str(folder / "article.md"))
    assert article.body == "The mayor resigned on Monday.\nShe gave no reason."


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("\nMayor resigns \n\nShe gave no reason.\n", "She gave no reason.\n"),
        ("# Mayor resigns\nShe gave no reason.", "She gave no reason."),
        ("Mayor resigns\n", "Mayor resigns\n"),  # there is nothing else
        ("Mayor resigns on Monday\nShe gave no reason.", "Mayor resigns on Monday\nShe gave no reason."),
    ],
)
def test_body_without_parts_is_the_text_below_the_title(text: str, body: str) -> None:
    assert Article("mayor", text, title="Mayor resigns").body == body


def test_references_are_trimmed_and_sorted_and_evidence_has_offsets(folder: Path) -> None:
    [item] = articles.load(folder)
    assert item.references == (
        Reference("bullets", "- The mayor went.\n- Nobody knows why."),
        Reference("short", "The mayor is gone.", "one sentence", "editor"),
    )
    assert item.facts[0].evidence == Span(15, 43, "The mayor resigned on Monday")


def test_folder_of_folders_is_read_in_order_of_names(folder: Path) -> None:
    write(folder.parent / "budget" / "article.md", "The budget passed.")
    write(folder.parent / ".drafts" / "article.md", "")
    write(folder.parent / "notes" / "todo.txt", "")
    write(folder.parent / "facts.schema.json", "{}")
    assert [item.article.id for item in articles.load(folder.parent)] == ["budget", "mayor"]


def test_front_matter_may_be_empty_and_have_windows_line_endings(tmp_path: Path) -> None:
    write(tmp_path / "a" / "article.md", "---\r\ntitle: T\r\n---\r\nTwo words.\r\n")
    write(tmp_path / "b" / "article.md", "---\n# nothing yet\n---\nTwo words.\n")
    first, second = articles.load(tmp_path)
    assert (first.article.title, first.article.text) == ("T", "Two words.\n")
    assert (second.article.title, second.article.text) == ("", "Two words.\n")
    write(tmp_path / "texts" / "c.txt", "Two words.\r\n")
    assert articles.load(tmp_path / "texts")[0].article.text == "Two words.\n"


def test_article_is_named_after_its_folder(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    link = tmp_path / "linked"
    link.symlink_to(folder)
    assert articles.load(link)[0].article.id == "linked"
    monkeypatch.chdir(folder)
    [item] = articles.load(Path())
    assert (item.article.id, item.article.path) == ("mayor", "article.md")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "article.md:1: the article is empty; put its text here"),
        ("---\ntitle: T\n---\n \n\u200b\n", "article.md:4: the article is empty; put its text here"),
        ("🏛️👋", "article.md:1: the article has no words, only '🏛️👋'; put a text of at least one sentence here"),
        ("Mayor!\n", "article.md:1: the article has one word, 'mayor'; put a text of at least one sentence here"),
        ("---\ntitle: T\nMayor resigns.\n", "article.md:1: opens front matter that is never closed"),
        ("---\ntitle: [T\n---\nMayor.\n", "article.md:3: is not valid YAML: the [ that opens on line 2 is not closed"),
        ("---\ntitel: T\n---\nMayor resigns.\n", "article.md:2: titel: unknown key; did you mean 'title'?"),
        ("---\ndate: Monday\n---\nMayor resigns.\n", "date: is 'Monday'; write a date in the form 2022-02-24"),
        ("---\nlanguage: english\n---\nMayor resigns.\n", "language: is 'english'; write a language tag, e.g. en"),
        ("---\nparts:\n  - {name: body, paragraphs: [1, 3]}\n---\nMayor resigns.\n\nFriday.\n",
         "article.md:3: parts[0].paragraphs: must be [first, last], from 1 to 2 (the last"),
        ("---\nparts:\n  - {name: body, paragraphs: [1]}\n---\nMayor resigns.\n",
         "article.md:3: parts[0].paragraphs: must be [first, last], from 1 to 1 (the last paragraph), not [1]"),
    ],
)  # fmt: skip  # a table
def test_invalid_article_is_reported_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    write(tmp_path / "mayor" / "article.md", text)
    assert any(message in fault for fault in faults(tmp_path / "mayor"))


def test_empty_and_foreign_references_are_reported(folder: Path) -> None:
    write(folder / "references" / "short.md", "---\nshape: one sentence\n---\n \n")
    write(folder / "references" / "long.txt", "The mayor is gone.")
    write(folder / "references" / ".short.md.swp", "an editor's")
    assert faults(folder) == [
        f"{folder}/references/long.txt: is not a .md file; rename it to long.md, or move it away",
        f"{folder}/references/short.md:4: the reference is empty; put its text here, or remove it",
    ]


def test_all_problems_are_reported_at_once(folder: Path) -> None:
    write(folder / "facts.yaml", FACTS.replace("resigned on Monday", "resigned on a Monday"))
    write(folder / "references" / "short.md", "")
    write(folder.parent / "budget" / "article.md", "Word")
    write(folder.parent / "cafe" / "article.md", "").write_bytes(b"The caf\xe9 closed.\n")
    write(folder.parent / "lost" / "facts.yaml", "facts: []\n")
    write(folder.parent / "plain" / "article.txt", "Mayor resigns.")
    utf_8 = "cafe/article.md:1: is not UTF-8 (byte 0xe9)"
    places = ("budget/article.md", utf_8, "lost/article.md", "short.md", "facts.yaml:5", "plain/article.md")
    assert all(place in fault for fault, place in zip(faults(folder.parent), places, strict=True))


def test_missing_path_or_article_is_reported(tmp_path: Path) -> None:
    write(tmp_path / "empty" / "notes.md", "")
    write(tmp_path / ".none.md.swp", "an editor's")
    write(tmp_path / "article.txt", "Mayor resigns.")
    write(tmp_path / "mayor" / "article.txt", "Mayor resigns.")
    write(tmp_path / "mayor" / "facts.yaml", "facts: []\n")
    paths = (tmp_path / name for name in ("none", "empty", "article.txt", "mayor"))
    none, empty, text, mayor = faults(*paths)
    assert mayor == f"{tmp_path}/mayor/article.md: does not exist; did you mean article.txt?"
    assert none == f"{tmp_path}/none: does not exist"
    folder = f"{tmp_path}/empty"
    assert empty == f"{folder}: holds no article; save every article as {folder}/NAME.txt or {folder}/NAME/article.md"
    assert text.startswith(f"{tmp_path}/article.txt: is neither a folder nor a .jsonl, .csv or .parquet file")


def test_folder_of_text_files_has_one_article_per_file(tmp_path: Path) -> None:
    write(tmp_path / "news" / "article.txt", "The council sits.\n")
    write(tmp_path / "news" / "bridge.txt", "The bridge opened on Monday.\n")
    write(tmp_path / "news" / "notes.pdf", "")
    loaded = articles.load(tmp_path / "news")
    assert [(each.article.id, each.article.text) for each in loaded] == [
        ("article", "The council sits.\n"),
        ("bridge", "The bridge opened on Monday.\n"),
    ]
    assert [each.article.id for each in articles.load(tmp_path / "news", limit=1)] == ["article"]
    (tmp_path / "news" / "cafe.txt").write_bytes(b"The caf\xe9 closed.\n")
    (tmp_path / "news" / "link.txt").symlink_to(write(tmp_path / "secret", "A secret of mine.\n"))
    cafe, link = faults(tmp_path / "news")
    assert cafe.startswith(f"{tmp_path}/news/cafe.txt:1: is not UTF-8 (byte 0xe9)")
    assert link.startswith(f"{tmp_path}/news/link.txt: is a link out of its folder")


def test_two_articles_with_one_id_are_refused(folder: Path, tmp_path: Path) -> None:
    write(tmp_path / "rows.jsonl", '{"id": "mayor", "text": "Another mayor resigned."}\n')
    [fault] = faults(folder, tmp_path / "rows.jsonl")
    assert fault.startswith(f"{tmp_path}/rows.jsonl: id: 'mayor' is also the id of an article in {folder}/article.md; ")


def test_article_is_found_by_name_or_path(folder: Path) -> None:
    assert articles.find_article("mayor", folder.parent).path == folder
    assert articles.find_article(str(folder), Path("elsewhere")).path == folder
    with pytest.raises(DataError, match=r"there is no article 'mayr'; did you mean 'mayor'\?"):
        articles.find_article("mayr", folder.parent)
    table = write(folder / "rows.jsonl", '{"id": "mayor", "text": "A mayor resigned."}\n')
    with pytest.raises(
        DataError, match=r"holds no folders of articles; .* harness articles import .*rows\.jsonl -o FOLDER"
    ):
        articles.find_article("mayor", table)


@given(st.text(st.characters(codec="utf-8")))
def test_text_round_trips_below_front_matter(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.getbasetemp() / "article.md"
    write(path, f"---\ntitle: T\n---\n{text}")
    read = articles.read_folder(path.parent)
    assert read.first_line == 4
    assert read.article is None or read.article.text == text


@pytest.mark.skipif(os.name != "posix", reason="names are bytes on Unix alone")
def test_name_that_is_not_utf_8_is_reported(folder: Path) -> None:
    """No record could hold it."""
    (folder / "references" / "short.md").rename(folder / "references" / os.fsdecode(b"\xff.md"))
    (fault,) = faults(folder)
    assert fault.endswith("its name is not UTF-8; rename the file")
    odd = folder.rename(folder.with_name(os.fsdecode(b"may\xf6r")))
    assert any(fault.endswith("the folder's name is not UTF-8; rename the folder") for fault in faults(odd))


@pytest.mark.parametrize("name", ["article.md", "facts.yaml", "references/short.md", "references"])
def test_link_out_of_an_article_folder_is_not_read(folder: Path, tmp_path: Path, name: str) -> None:
    secret = write(tmp_path / "secrets" / "secret.md", "A secret of mine.\n")
    (folder / name).rename(tmp_path / "old")
    (folder / name).symlink_to(secret.parent if name == "references" else secret)
    read = articles.read_folder(folder)
    assert any("is a link out of its folder" in str(problem) for problem in read.problems)
    assert "secret of mine" not in f"{read.article} {read.references} {read.facts.facts}"


@pytest.mark.parametrize("name", ["article.md", "facts.yaml", "references/short.md"])
def test_broken_link_is_an_error(folder: Path, name: str) -> None:
    (folder / name).unlink(missing_ok=True)
    (folder / name).symlink_to("gone")
    [problem] = articles.read_folder(folder).problems
    assert f"{name}: is a broken link; put the file itself there" in str(problem)


def test_articles_are_an_ordered_sequence_and_the_first_with_an_id_counts() -> None:
    given = [Item(Article(name, f"The text of {name}.")) for name in "bacd"]
    kept = Articles.collect([*given, Item(Article("a", "Another."))])
    assert list(kept) == given
    assert (len(kept), kept[0], kept[-1], list(kept.ids)) == (4, given[0], given[3], ["b", "a", "c", "d"])
    some = kept.select(["d", "a"])
    assert (list(kept[1:3]), list(some), list(some[:1])) == (given[1:3], [given[3], given[1]], [given[3]])


def test_search_for_repeated_articles_keeps_no_words_in_memory() -> None:
    """The words of these articles take 1.8 MB."""
    items = Articles.collect(Item(Article(f"{number}", f"{number}. {'It rains. ' * 500}")) for number in range(30))
    lint_articles(items[:1])  # loads what the first check needs
    tracemalloc.start()
    lint_articles(items)
    assert tracemalloc.get_traced_memory()[1] < 500_000
    tracemalloc.stop()
