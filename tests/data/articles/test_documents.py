"""Articles that are made of several documents."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import harness
from harness import config, pipeline
from harness.data import articles
from harness.data.articles.sources import Table
from harness.data.articles.write import write
from harness.data.objects import read_articles
from harness.errors import DataError
from harness.records import Item, Span

FIRE, COST = "A fire destroyed a warehouse.", "The damage is three million euros.\n\nNobody was hurt."


def load(path: Path, **columns: str) -> list[Item]:
    return list(articles.load(Table.model_validate({"path": str(path), "columns": columns}) if columns else path))


def rows(folder: Path, *given: object) -> Path:
    path = folder / "rows.jsonl"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in given), "utf-8")
    return path


def documents(item: Item) -> list[tuple[str, str]]:
    return [(each.name, item.article.text[each.start : each.end]) for each in item.article.documents]


@pytest.mark.parametrize("name", ["copy.jsonl", "copy"])
def test_documents_are_joined_verbatim_and_named_and_written_again(tmp_path: Path, name: str) -> None:
    before = load(rows(tmp_path, {"id": "a", "documents": [FIRE, {"name": "Gazette", "text": COST}]}))
    write(before, tmp_path / name)
    for item in (*before, *load(tmp_path / name)):
        assert item.article.text == f"{FIRE}\n\n{COST}"
        assert documents(item) == [("document 1", FIRE), ("Gazette", COST)]


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
    assert documents(one) == [("document 1", FIRE), ("document 2", COST)]
    assert documents(other) == []


@pytest.mark.parametrize("cell", [json.dumps([FIRE, COST]), f"{FIRE} ||||| {COST} |||||"])
def test_cell_of_a_table_holds_a_list_or_separators(tmp_path: Path, cell: str) -> None:
    (item,) = load(rows(tmp_path, {"key": "a", "document": cell}), id="key", documents="document")
    assert documents(item) == [("document 1", FIRE), ("document 2", COST)]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"documents": [FIRE], "text": COST}, "rows.jsonl:1: text: is given together with documents"),
        ({"documents": [{"name": "x", "text": FIRE}] * 2}, "documents[1]: repeats the name 'x'; rename one"),
        ({"documents": [{"name": "x"}]}, "rows.jsonl:1: documents[0].text"),
        ({"documents": []}, "the article is empty; put its text here"),
    ],
)
def test_faults_of_documents_name_them(tmp_path: Path, row: dict[str, object], message: str) -> None:
    with pytest.raises(DataError) as refused:
        load(rows(tmp_path, {"id": "a", **row}))
    assert message in str(refused.value)


def test_report_and_claims_name_the_document_of_the_evidence(tmp_path: Path) -> None:
    group = {"id": "a", "documents": [{"name": "Wire", "text": FIRE}, {"name": "Gazette & Co", "text": COST}]}
    result = harness.evaluate([group], [f"{FIRE} The damage is three million euros."], verifier="lexical")
    assert list(result.claims["document"]) == ["Wire", "Gazette & Co"]
    page = result.report(tmp_path / "report.html").read_text("utf-8")
    assert ">in <bdi>Gazette &amp; Co</bdi></a>" in page
    assert "<h4><bdi>Gazette &amp; Co</bdi></h4>" in page


def test_example_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARNESS_HOME", str(tmp_path / "home"))
    example = Path(__file__).parents[3] / "examples" / "several-documents.yaml"
    outcome = pipeline.run(config.load(example, ["verifier=lexical", f"output={tmp_path / 'out'}"]))
    (item,) = outcome.results.items
    assert [part.name for part in item.article.documents] == ["Coast Wire", "Tallow Gazette", "Harbour Authority"]
    assert "in <bdi>Coast Wire</bdi>" in outcome.report.read_text("utf-8")
