"""Articles from CSV, Parquet and data sets: columns by any name, and messages for bad rows."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, time
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from builders import list_problems, manifest, write_config, write_jsonl

from harness import config
from harness.config.resolve import resolve
from harness.data import articles
from harness.errors import MissingDependencyError
from harness.records import Item

datasets = pytest.importorskip("datasets")

NEWS: dict[str, list[Any]] = {
    "id": ["a", "b", "c"],
    "article": ["The mayor resigned on Monday. Nobody knows why.", "The council sits on Friday.", "It is raining."],
    "highlights": ["The mayor resigned.", "The council sits.", "Rain."],
}
COLUMNS = "{id: id, text: article, reference: highlights}"


BAD_FILES = {
    "bad.csv": b'id,text\na,"The council sits.\n',
    "latin.csv": b"id,text\na,The caf\xe9 is open.\n",
    "twice.csv": b"id,text,text\n",
    "cnn.csv": b"id,article\n",
    "headless.csv": b"1," + b"The council sits. " * 99 + b"\n",
    "typo.csv": b"id,text,refrence\n",
    "nameless.csv": b"id,text,,\n",
    "excel.csv": b"id;text\na;It sits.\n",
    "odd.jsonl": b'{"no": 1, "text": "It sits."}\n',
    "bad.parquet": b"PAR?",
}


def parquet(rows: Mapping[str, list[Any]], name: str = "news.parquet") -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table(dict(rows)), name)


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same articles as a Parquet file, a folder with that file and a saved data set; also bad files."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = tmp_path_factory.mktemp("sources")
    (path / "folder").mkdir()
    parquet(NEWS, f"{path}/news.parquet")
    parquet(NEWS, f"{path}/folder/test.parquet")
    datasets.disable_progress_bars()
    table = datasets.Dataset.from_dict(NEWS)
    datasets.DatasetDict({"test": table, "validation": table.select([0])}).save_to_disk(path / "saved")
    whole = (path / "news.parquet").read_bytes()
    (path / "torn.parquet").write_bytes(whole[:4] + b"\xff" * 30 + whole[34:])
    (path / "latin.parquet").write_bytes(whole.replace(b"council", b"c\xff\xff\xffcil", 1))
    pq.write_table(pa.table([["a"], ["It sits."], ["It stands."]], ["id", "text", "text"]), path / "twice.parquet")
    for name, data in BAD_FILES.items():
        (path / name).write_bytes(data)
    return path


@pytest.fixture(autouse=True)
def working_directory(tmp_path: Path, sources: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(sources, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)


def load(entry: str, limit: int | None = None) -> list[Item]:
    """The articles of a config with this value of ``articles:``."""
    return list(articles.load(*config.load(write_config(Path(), articles=entry)).articles, limit=limit))


faults = partial(list_problems, load)


def to_tuples(items: Collection[Item]) -> list[tuple[str, str, list[str]]]:
    return [(item.article.id, item.article.text, [each.text for each in item.references]) for item in items]


EXPECTED = [
    (name, text, [reference])
    for name, text, reference in zip(NEWS["id"], NEWS["article"], NEWS["highlights"], strict=True)
]


def test_parquet_and_data_sets_give_the_same_articles() -> None:
    for source in ("path: news.parquet", "dataset: ./saved", "dataset: ./folder", "dataset: ./folder, streaming: true"):
        assert to_tuples(load(f"{{{source}, columns: {COLUMNS}}}")) == EXPECTED
    assert load(f"[{{dataset: ./saved, columns: {COLUMNS}}}]")[0].article.path == "saved test"


@pytest.mark.parametrize(("source", "package"), [("path: news.parquet", "pyarrow"), ("dataset: ./saved", "datasets")])
def test_missing_package_names_the_extra_to_install(source: str, package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingDependencyError, match=r"pip install 'fact-harness\[datasets\]'"):
        load(f"{{{source}, columns: {COLUMNS}}}")


def test_csv_file_is_read_as_text() -> None:
    """An id keeps its zeros, NA stays text, quoted text may have line breaks, and column names are trimmed."""
    Path("news.csv").write_text('id, text,reference\n007,"NA is\nno number.",\n8,Null is a word.,NA\n', "utf-8-sig")
    assert to_tuples(load("news.csv")) == [("007", "NA is\nno number.", []), ("8", "Null is a word.", ["NA"])]


def test_columns_of_a_jsonl_file_are_named_too() -> None:
    rows = [{"key": n, "body": "It rains.", "refs": ["Rain."], "extra": 3} for n in range(3)]
    write_jsonl(Path("rows.JSONL"), *rows)
    entry = "{path: rows.JSONL, columns: {id: key, text: body, references: refs}, slice: '1:'}"
    assert to_tuples(load(entry)) == [("1", "It rains.", ["Rain."]), ("2", "It rains.", ["Rain."])]
    assert "rows.JSONL:1: there is no column 'id', only key, body, refs, extra; " in faults("rows.JSONL")[0]
    write_jsonl(Path("rows.JSONL"), rows[0], {**rows[1], "refs": "['Rain.']"})
    assert "rows.JSONL:2: refs: must be a JSON list" in faults(entry)[0]


def test_lists_come_from_lists_from_json_and_from_several_columns() -> None:
    facts = [["The mayor resigned."], [{"id": "sits", "statement": "It sits.", "importance": "essential"}], None]
    parquet({**NEWS, "facts": [facts[0], None, None], "more": [["One.", "Two."], [], None]})
    first, second, _ = load("{path: news.parquet, columns: {text: article, references: more, facts: facts}}")
    assert [each.text for each in first.references] == ["One.", "Two."]
    assert (first.facts[0].statement, second.facts, second.references) == ("The mayor resigned.", (), ())
    one, other, third = load("{path: news.parquet, columns: {text: article, references: [highlights, more]}}")
    assert [each.text for each in one.references] == ["The mayor resigned.", "One.", "Two."]
    assert [len(item.references) for item in (other, third)] == [1, 1]
    quoted = json.dumps(facts[1]).replace('"', '""')
    rows = f'a,The council sits.,"{quoted}","[""One."", ""Two.""]"\nb,It rains.,,Three.\n'
    Path("news.csv").write_text(f"id,text,facts,refs\n{rows}", "utf-8")
    first, second = load("{path: news.csv, columns: {id: id, text: text, facts: facts, references: refs}}")
    assert (first.facts[0].id, first.facts[0].importance) == ("sits", "essential")
    assert [each.text for item in (first, second) for each in item.references] == ["One.", "Two.", "Three."]


def test_dates_are_read_as_text_and_times_are_refused() -> None:
    entry = f"{{path: news.parquet, columns: {COLUMNS[:-1]}, date: day}}}}"
    for day in (date(2022, 2, 24), datetime(2022, 2, 24, 6, 30, tzinfo=UTC), None):
        parquet({**NEWS, "day": [day] * 3})
        assert [item.article.date for item in load(entry)] == [day and day.isoformat()] * 3
    parquet({**NEWS, "day": [time(6, 30)] * 3})
    [fault] = faults(entry)
    assert "day: must be text, not a value of type time" in fault


def test_slice_and_limit_select_rows() -> None:
    for source in ("path: news.parquet", "dataset: ./saved", "dataset: ./folder, streaming: true"):
        taken = {
            rows: [item.article.id for item in load(f"[{{{source}, columns: {COLUMNS}, slice: '{rows}'}}]")]
            for rows in ("0:2", "1:", ":1", "2:99")
        }
        assert taken == {"0:2": ["a", "b"], "1:": ["b", "c"], ":1": ["a"], "2:99": ["c"]}
        assert len(load(f"[{{{source}, columns: {COLUMNS}}}]", limit=2)) == 2
        assert "slice 3:9" in faults(f"[{{{source}, columns: {COLUMNS}, slice: '3:9'}}]")[0]


def test_empty_articles_are_refused_only_if_all_are_empty() -> None:
    """An empty article among others stays; a file of empty ones is refused."""
    parquet({**NEWS, "article": ["The mayor resigned.", "", None]})
    assert [item.article.text for item in load(f"{{path: news.parquet, columns: {COLUMNS}}}")][1:] == ["", ""]
    parquet({**NEWS, "article": [None, None, None]})
    assert faults(f"{{path: news.parquet, columns: {COLUMNS}}}") == [
        "news.parquet row 1: article: the article is empty; put its text here (and on 2 more lines)"
    ]


def test_missing_and_repeated_ids_are_named() -> None:
    parquet({**NEWS, "id": ["a", None, "a"]})
    missing, repeated = faults(f"{{path: news.parquet, columns: {COLUMNS}}}")
    assert missing == "news.parquet row 2: id: is missing; keys found: text, references"
    assert repeated.startswith("news.parquet row 3: id: 'a' is already the id of the article in news.parquet row 1;")


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("{path: news.parquet, columns: {text: artcle}}", "columns.text: there is no column 'artcle'; did you mean"),
        ("news.parquet", "news.parquet: there is no column 'text', only "),
        ("[{dataset: ./saved, split: tes}]", "saved tes: cannot be loaded: it has no split 'tes', only test"),
        ("[{dataset: ./folder, split: tst}]", "folder tst: cannot be loaded: "),
        ("[{dataset: ./gone}]", "gone: does not exist"),
        ("{path: gone.csv}", "gone.csv: does not exist"),
        ("{path: bad.parquet}", "bad.parquet: is not a readable Parquet file"),
        ("bad.csv", "bad.csv:2: is not CSV"),
        ("latin.csv", "latin.csv:2: is not UTF-8 (byte 0xe9)"),
        ("cnn.csv", "cnn.csv:1: there is no column 'text', only id, article; name the right one in a config: columns"),
        ("headless.csv", "The council …; name the right one in a config: columns: {id: COLUMN}"),
        ("typo.csv", "the column 'refrence' is not a key of an article; did you mean 'reference'?"),
        ("nameless.csv", "nameless.csv:1: a column has no name"),
        ("twice.csv", "twice.csv:1: has several columns named 'text'"),
        ("excel.csv", "excel.csv:1: separates columns with ';'; export it with commas"),
        ("{path: news.tsv}", "articles[0].path: is 'news.tsv'; must end in .csv"),
        ("{path: odd.jsonl, columns: {id: no, text: txt}}", "odd.jsonl:1: columns.text: there is no column 'txt'; did"),
        (
            "{path: odd.jsonl, columns: {id: no, title: head}}",
            "odd.jsonl:1: columns.title: there is no column 'head'; allowed: no, text; write null if this row has no",
        ),
        ("twice.parquet", "twice.parquet: has several columns named 'text'"),
        ("{path: torn.parquet, columns: {text: article}}", "torn.parquet: is not a readable Parquet file"),
        ("{path: latin.parquet, columns: {text: article}}", "latin.parquet: is not a readable Parquet file"),
        ("{file: news.csv}", "path (.csv, .parquet, .jsonl) or dataset, not a mapping with file"),
        ("[7]", "run.yaml:1: articles[0]: must be a path, or a mapping with path"),
        ("[{dataset: a/b, slice: '9:3'}]", "articles[0].slice: is '9:3'; selects no rows"),
        ("[{dataset: a/b, slice: '10%'}]", "articles[0].slice: is '10%'; write FIRST:LAST"),
    ],
)
def test_unreadable_source_says_what_to_do(entry: str, message: str) -> None:
    first, *others = faults(entry)
    assert message in first
    assert first not in others


@pytest.mark.slow
def test_data_set_that_cannot_be_reached_says_what_to_do() -> None:
    result = subprocess.run(
        [sys.executable, "-m", "harness", "validate", write_config(Path(), articles="[{dataset: owner/absent}]")],
        env={**os.environ, "HF_HUB_OFFLINE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 2
    assert "owner/absent test: cannot be reached and is not in the local cache; go online once" in result.stderr


def test_source_round_trips_through_a_config() -> None:
    """A run's manifest names its articles relative to its folder, and they are found from there."""
    entry = f"[{{dataset: ./saved, columns: {COLUMNS}}}, {{path: news.parquet, slice: ':1'}}]"
    loaded = config.load(write_config(Path(), articles=entry))
    Path("results/run").mkdir(parents=True)
    kept = resolve(loaded, Path("results/run"))
    assert kept["articles"][0]["dataset"] == "../../saved"
    assert kept["articles"][0]["columns"] == {"id": "id", "text": "article", "reference": "highlights"}
    assert kept["articles"][1] == {"path": "../../news.parquet", "slice": ":1"}
    again = config.load_judging(manifest(config=kept), Path("results/run"))
    assert to_tuples(articles.load(again.articles[0])) == EXPECTED
