"""Articles that lie elsewhere, read through fsspec: here in its file system in memory."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from harness import config
from harness.data import articles
from harness.errors import ConfigError, DataError
from harness.records import Item

ROWS = [{"id": "a", "text": "Über uns."}, {"id": "b", "text": "Two."}]
FOLDER = {
    "article.md": "---\ntitle: Talks\n---\nThe talks ended.",
    "references/short.md": "They ended.",
    "facts.yaml": "facts:\n  - id: ended\n    statement: The talks ended.\n    evidence: talks ended\n",
}


@pytest.fixture(autouse=True)
def store() -> Iterator[None]:
    """A store with the same articles in all forms."""
    memory = fsspec.filesystem("memory")
    parquet = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(ROWS), parquet)
    files = {
        "news/rows.jsonl": "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS).encode(),
        "news/rows.csv": b"id,text\na,\xc3\x9cber uns.\nb,Two.\n",
        "news/rows.parquet": parquet.getvalue(),
        "news/broken.jsonl": b'{"id": "a", "text": "One."}\n{"id": "a", "text": "Two."}\n',
        **{f"news/references/talks/{name}": text.encode() for name, text in FOLDER.items()},
    }
    for name, data in files.items():
        memory.makedirs(f"/{name.rpartition('/')[0]}", exist_ok=True)
        memory.pipe(f"/{name}", data)
    yield
    memory.rm("/news", recursive=True)


def written(folder: Path, source: object) -> Path:
    path = folder / "run.yaml"
    text = f"articles: {json.dumps(source)}\nmodels: {{lead: {{kind: lead}}}}\nscorers: [length]\n"
    path.write_text(text, encoding="utf-8")
    return path


def load(folder: Path, source: object) -> Sequence[Item]:
    return articles.load(*config.load(written(folder, source)).articles)


@pytest.mark.parametrize("source", ["memory://news/rows.jsonl", "memory://news/rows.csv", "memory://news/rows.parquet"])
def test_files_are_read_by_their_url(tmp_path: Path, source: str) -> None:
    for given in (source, {"path": source, "slice": ":2"}) if not source.endswith("jsonl") else (source,):
        loaded = load(tmp_path, given)
        assert [(item.article.id, item.article.text) for item in loaded] == [("a", "Über uns."), ("b", "Two.")]
        assert loaded[0].article.path == source


def test_a_folder_of_articles_is_read_by_its_url(tmp_path: Path) -> None:
    [item] = load(tmp_path, "memory://news/references")
    assert (item.article.id, item.article.title, item.article.text) == ("talks", "Talks", "The talks ended.")
    assert [reference.id for reference in item.references] == ["short"]
    assert [fact.id for fact in item.facts] == ["ended"]
    assert item.article.path == "memory://news/references/talks/article.md"


def test_a_config_that_is_written_down_keeps_the_url(tmp_path: Path) -> None:
    path = written(tmp_path, ["memory://news/rows.jsonl", {"path": "memory://news/rows.csv", "slice": ":1"}])
    first, second = config.resolved(config.load(path), tmp_path / "out")["articles"]
    assert (first, second["path"]) == ("memory://news/rows.jsonl", "memory://news/rows.csv")


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("memory://news/gone.jsonl", r"memory://news/gone\.jsonl: there is no such file or folder"),
        ("memory://news/broken.jsonl", r"memory://news/broken\.jsonl:2: id: 'a' is already the id .* on line 1"),
        ("nowhere://news/a.jsonl", r"nowhere://news/a\.jsonl: .*Unsupported filesystem.*; write a path, or a URL"),
        pytest.param(
            "s3://bucket/a.jsonl",
            r"s3://bucket/a\.jsonl: needs a package: pip install 'fact-harness\[s3\]'",
            marks=pytest.mark.skipif(find_spec("s3fs") is not None, reason="the package is installed"),
        ),
        ("http://me:secret@127.0.0.1/a.jsonl", r"http://me:…@127\.0\.0\.1/a\.jsonl: holds a password"),
        ("http://127.0.0.1:9/a.jsonl", r"http://127\.0\.0\.1:9/a\.jsonl: cannot be read: .*check the address"),
    ],
)
def test_what_cannot_be_read_is_told_by_its_url(tmp_path: Path, source: str, problem: str) -> None:
    with pytest.raises((DataError, ConfigError), match=problem):
        load(tmp_path, source)
