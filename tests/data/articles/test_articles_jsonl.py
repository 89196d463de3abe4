"""Articles from the rows of JSONL files, of one or several documents, and messages for bad lines."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from builders import list_problems, write_jsonl
from resources import labelled_data

import harness
from harness.data import articles
from harness.data.articles.sources import Columns, Table
from harness.data.articles.write import write
from harness.data.objects import read_articles
from harness.records import Fact, Item, Reference, Span

FIRE, COST = "A fire destroyed a warehouse.", "The damage is three million euros.\n\nNobody was hurt."


def rows(folder: Path, *lines: object) -> Path:
    return write_jsonl(folder / "rows.jsonl", *lines)


def faults(path: Path) -> list[str]:
    return [problem.removeprefix(f"{path}:") for problem in list_problems(articles.load, path)]


def test_row_is_an_article(tmp_path: Path) -> None:
    row = {
        "id": 7,
        "text": "The mayor resigned on Monday 😀. ",
        "title": "Mayor",
        "language": "en",
        "date": "2022-02-24",
        "source": "paper",
        "references": ["The mayor is gone.", "She went."],
        "facts": ["The mayor resigned.", {"id": "when", "statement": "It was a Monday.", "evidence": "on Monday"}],
    }
    [item] = articles.load(rows(tmp_path, row))
    article = item.article
    assert (article.id, article.text, article.title, article.date) == ("7", row["text"], "Mayor", "2022-02-24")
    assert item.references == (Reference("r01", "The mayor is gone."), Reference("r02", "She went."))
    assert [(fact.id, fact.evidence) for fact in item.facts] == [("f01", None), ("when", Span(19, 28, "on Monday"))]


def test_published_columns_of_realsumm_work_as_they_are() -> None:
    items = articles.load(labelled_data("realsumm_articles.jsonl"))
    assert items[0].facts[0] == Fact("f01", "Anuradha Koirala has been sleeping outdoors.")
    assert sum(bool(item.references and item.facts) for item in items) == 100


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ('{"id": "a", "text" "Two words."}', "1: is not valid JSON: expected ':' at column 20"),
        ("[1, 2]", "1: must be a JSON object, not a list; write one object per line"),
        ('{"id": "a", "te', "1: is not valid JSON: unterminated string at column 13; write one object per line"),
        ('{"text": "Two words."}', "1: there is no column 'id', only text; name the right one in a config: columns"),
        ("{}", "1: there is no column 'id'; name the right one in a config: columns: {id: COLUMN}"),
        ('{"id": " ", "text": "Two words."}', "1: id: is missing; keys found: text"),
        ('{"id": "a/b", "text": "Two words."}', "1: id: is 'a/b'; replace slashes, backslashes and control characters"),
        ('{"id": "..", "text": "Two words."}', "1: id: "),
        ('{"id": "' + "x" * 300 + '", "text": "Two words."}', "1: id: "),
        ('{"id": "a", "id": "b"}', "1: is not valid JSON: the key 'id' occurs twice; keep one of them"),
        ('{"id": "a", "text": null}', "1: text: the article is empty; put its text here"),
        (
            '{"id": "a", "text": "Two words.", "referenses": []}',
            "1: the column 'referenses' is not a key of an article",
        ),
        ('{"id": "a", "text": "Two words.", "facts": [7]}', '1: facts[0]: must be a mapping such as {"key":'),
        ('{"id": "a", "text": "Two words.", "references": "[\'B.\']"}', "1: references: must be a JSON list"),
        ('{"id": "a", "text": "Two words.", "facts": [{"id": "f"}]}', "1: facts[0].statement: is missing"),
        ('{"id": "a", "text": "Two \\ud800 words."}', "1: holds half of a surrogate pair"),
        ('{"id": ' + "9" * 5000 + "}", "1: is not valid JSON: a number has over 4,300 digits; shorten it"),
        ("[" * 100_000, "1: is nested too deeply"),
        ('{"id": "a", "text": "", "facts": ' + "[" * 700 + "]" * 700 + "}", "1: is nested too deeply"),
        (
            "\n\n".join(['{"id": "a", "text": "Two words."}'] * 2),
            "3: id: 'a' is already the id of the article on line 1",
        ),
        ("", " holds no article; write one row for each article"),
    ],
)
def test_each_fault_is_reported_with_its_line(tmp_path: Path, line: str, fault: str) -> None:
    assert faults(rows(tmp_path, line))[0].startswith(fault)


def test_shared_faults_are_reported_once(tmp_path: Path) -> None:
    wrong: list[dict[str, object]] = [{"id": name, "text": "Two words.", "date": "x"} for name in "ab"]
    (fault,) = faults(rows(tmp_path, *wrong, {"id": "c", "text": "Word"}, {"id": "d", "text": "Two words."}))
    assert fault.startswith("1: date: is 'x'; write a date in the form")
    assert fault.endswith("(and on 1 more line)")


def test_at_most_fifty_faults_are_listed(tmp_path: Path) -> None:
    wrong = ({"id": str(number), "text": "Two words.", "date": f"{number}"} for number in range(60))
    found = faults(rows(tmp_path, *wrong))
    assert len(found) == 51
    assert found[-1] == "and 10 more problems"


@pytest.mark.parametrize("references", ["One.", ["One."], '["One."]', [" ", "One.", None]])
@pytest.mark.parametrize("more", [{}, {"reference": "None."}])
def test_single_value_is_a_list_of_one(tmp_path: Path, references: object, more: dict[str, str]) -> None:
    [item] = articles.load(rows(tmp_path, {"id": "a", "text": "Two words.", **more, "references": references}))
    expected = zip(("r01", "r02"), [*more.values(), "One."], strict=False)
    assert [(each.id, each.text) for each in item.references] == list(expected)


@pytest.mark.parametrize("text", ["[deleted]", "[Music] The mayor left. [Applause]", '["We won," she said.]'])
def test_text_in_brackets_is_not_a_list(tmp_path: Path, text: str) -> None:
    [item] = articles.load(rows(tmp_path, {"id": "a", "text": "Two words.", "reference": text, "facts": text}))
    assert [each.text for each in item.references] == [each.statement for each in item.facts] == [text]


def test_sources_beyond_the_limit_are_not_read(tmp_path: Path) -> None:
    """Otherwise an empty first row of the next source would be an error."""
    path = rows(tmp_path, {"id": "a", "text": "Two words."}, {"id": "b", "text": "Three more words."})
    empty = write_jsonl(tmp_path / "empty.jsonl", {"id": "c", "text": ""})
    assert list(articles.load(path, empty, limit=2).ids) == ["a", "b"]


def list_documents(item: Item) -> list[tuple[str, str]]:
    return [(each.name, item.article.text[each.start : each.end]) for each in item.article.documents]


def test_documents_are_trimmed_joined_named_and_written_again(tmp_path: Path) -> None:
    documents = [f" {FIRE}\n", {"name": "Gazette", "text": f"\n{COST} "}]
    before = articles.load(rows(tmp_path, {"id": "a", "documents": documents}))
    write(before, tmp_path / "copy")
    with (tmp_path / "copy" / "a" / "article.md").open("a", encoding="utf-8") as file:
        file.write("\n")  # as editors do
    write(articles.load(tmp_path / "copy"), tmp_path / "copy.jsonl")
    for item in (*before, *articles.load(tmp_path / "copy"), *articles.load(tmp_path / "copy.jsonl")):
        assert item.article.text.strip() == f"{FIRE}\n\n{COST}"
        assert list_documents(item) == [("document 1", FIRE), ("Gazette", COST)]


def test_evidence_names_its_document() -> None:
    (item,) = read_articles([{"documents": [{"name": "Wire", "text": FIRE}, {"name": "Gazette", "text": COST}]}])
    for passage, names in (
        ("warehouse", "Wire"), ("three million", "Gazette"), ("a warehouse.\n\nThe damage", "Wire and Gazette"),
    ):  # fmt: skip  # a table
        start = item.article.text.index(passage)
        assert item.article.name_documents(Span(start, start + len(passage), passage)) == names
    assert read_articles(FIRE)[0].article.name_documents(Span(0, 6, "A fire")) == ""


def test_list_of_texts_is_an_article_of_several_documents() -> None:
    one, other = read_articles([[FIRE, COST], COST])
    assert list_documents(one) == [("document 1", FIRE), ("document 2", COST)]
    assert list_documents(other) == []


@pytest.mark.parametrize("cell", [json.dumps([FIRE, COST]), f"{FIRE} ||||| {COST} |||||"])
def test_cell_of_a_table_holds_a_list_or_separators(tmp_path: Path, cell: str) -> None:
    path, columns = rows(tmp_path, {"key": "a", "document": cell}), Columns(id="key", documents="document")
    (item,) = articles.load(Table(path=path, columns=columns))
    assert list_documents(item) == [("document 1", FIRE), ("document 2", COST)]


@pytest.mark.parametrize("more", [{}, {"source": "The Gazette"}, {"text": None}])
def test_documents_from_python_are_split_at_separators(more: dict[str, object]) -> None:
    (item,) = read_articles([{"documents": f"{FIRE} ||||| {COST}", **more}])
    assert list_documents(item) == [("document 1", FIRE), ("document 2", COST)]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"documents": [FIRE], "text": COST}, "1: text: is given together with documents"),
        ({"documents": [{"name": "x", "text": FIRE}] * 2}, "documents[1]: repeats the name 'x'; rename one"),
        ({"documents": [{"name": "x"}]}, "1: documents[0].text"),
        ({"documents": []}, "the article is empty; put its text here"),
    ],
)
def test_faults_of_documents_name_them(tmp_path: Path, row: dict[str, object], message: str) -> None:
    assert message in "\n".join(faults(rows(tmp_path, {"id": "a", **row})))


def test_report_and_claims_name_the_document_of_the_evidence(tmp_path: Path) -> None:
    group = {"id": "a", "documents": [{"name": "Wire", "text": FIRE}, {"name": "Gazette & Co", "text": COST}]}
    result = harness.evaluate([group], [f"{FIRE} The damage is three million euros."], verifier="lexical")
    assert list(result.claims["document"]) == ["Wire", "Gazette & Co"]
    page = result.report(tmp_path / "report.html").read_text("utf-8")
    assert ">in <bdi>Gazette &amp; Co</bdi></a>" in page
    assert "<h4><bdi>Gazette &amp; Co</bdi></h4>" in page
