"""Record files: records are found by article, the last of each identity counts, and old ones move aside."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticSerializationError

from harness.data.runs.record_file import RecordFile
from harness.errors import RunFolderError
from harness.files import open_to_append
from harness.records import Generation, Summary

ROWS = st.lists(st.tuples(st.sampled_from(["a", "ä", "c"]), st.integers(0, 2), st.text(max_size=5)), max_size=12)


def summary(article: str, sample: int, text: str) -> Summary:
    text = text.encode("utf-8", "replace").decode()
    return Summary(f"{article}-{sample}", "lead", article, sample, Generation("r", text))


def records(path: Path) -> RecordFile[Summary]:
    return RecordFile(path / "summaries.jsonl", Summary, lambda summary: summary.place)


def test_failed_move_keeps_the_lines_and_names_the_file(tmp_path: Path) -> None:
    """A limit on the size of a file stands for the full disk."""
    file = records(tmp_path)
    written = [summary("a", number, "text") for number in range(3)]
    file.append(written)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        with pytest.raises(RunFolderError, match=r"summaries\.jsonl: cannot be written \(File too large\)"):
            file.keep([1, 2])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(file) == written
    assert [each.name for each in tmp_path.glob("*.part")] == []


def test_record_is_read_if_ctrl_c_came_just_after_its_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, given = records(tmp_path), summary("a", 0, "text")

    @contextmanager
    def interrupt(path: Path) -> Iterator[BinaryIO]:
        with open_to_append(path) as opened:
            yield opened
        raise KeyboardInterrupt

    assert len(file) == 0
    monkeypatch.setattr("harness.data.runs.record_file.open_to_append", interrupt)
    with pytest.raises(KeyboardInterrupt):
        file.append([given])
    assert file.read_articles(["a"]) == [given]


@given(ROWS, ROWS)
def test_records_are_read_by_article(
    tmp_path_factory: pytest.TempPathFactory, first: list[tuple[str, int, str]], more: list[tuple[str, int, str]]
) -> None:
    """The records of an article are found before and after more are appended."""
    file = records(tmp_path_factory.mktemp("run"))
    written: list[Summary] = []
    for rows in (first, more):
        batch = [summary(*row) for row in rows]
        file.append(batch)
        written += batch
        for article in ("a", "ä", "c", "nobody"):
            last = {each.place: each for each in written if each.article_id == article}
            assert file.read_articles([article]) == list(last.values())
            assert records(file.path.parent).read_articles([article]) == list(last.values())
    assert len(file) == len(written)
    assert {each.place: each for each in file} == {each.place: each for each in written}


@given(ROWS, st.data())
def test_superseded_lines_are_appended_to_another_file(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, int, str]], data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("run")
    file, aside = records(folder), records(folder / "superseded")
    written = [summary(*row) for row in rows]
    file.append(written)
    kept = [data.draw(st.booleans()) for _ in written]
    file.keep(number for number, keeps in enumerate(kept) if keeps)
    for each, is_kept in ((file, True), (aside, False)):
        expected = [row for row, keeps in zip(written, kept, strict=True) if keeps is is_kept]
        assert [row for _, row in each.read_numbered(["a", "ä", "c"])] == expected


def test_old_records_stay_until_rewriting_ends(tmp_path: Path) -> None:
    file = records(tmp_path)
    old, new = summary("a", 0, "old"), summary("a", 0, "new")
    file.append([old])
    with pytest.raises(PydanticSerializationError), file.rewrite() as write:
        write([new, object()])  # type: ignore[list-item]  # the second cannot be written
    assert list(file) == [old]
    assert [path.name for path in tmp_path.iterdir()] == ["summaries.jsonl"]
    with file.rewrite() as write:
        write([new])
        assert file.read_articles(["a"]) == [old]
    assert file.read_articles(["a"]) == [new]


def test_replaced_file_is_read_again(tmp_path: Path) -> None:
    """A page may read a run while it is scored again, which moves the lines."""
    file = records(tmp_path)
    file.append([summary("b", 0, "a text of some length"), summary("a", 0, "old")])
    assert file.read_articles(iter(["a"])) == [summary("a", 0, "old")]
    with records(tmp_path).rewrite() as write:
        write([summary("a", 0, "new"), summary("b", 0, "x")])
    assert file.read_articles(iter(["a"])) == [summary("a", 0, "new")]


def test_bad_line_is_named_and_a_truncated_last_line_skipped(tmp_path: Path) -> None:
    file = records(tmp_path)
    file.append([summary("a", 0, "x")])
    with file.path.open("a") as handle:
        handle.write('{"key": "b", "system": "le')
    assert records(tmp_path).read_articles(["a"]) == [summary("a", 0, "x")]
    with file.path.open("a") as handle:
        handle.write("\n")
    file.append([summary("a", 1, "y")])
    with pytest.raises(RunFolderError, match=r"summaries\.jsonl:2: is not a valid record .* delete the line"):
        records(tmp_path).read_articles(["a"])


@given(st.lists(st.text(max_size=40), min_size=1, max_size=5), st.data())
def test_cut_file_is_repaired(tmp_path_factory: pytest.TempPathFactory, texts: list[str], data: st.DataObject) -> None:
    file = records(tmp_path_factory.mktemp("run"))
    written = [summary("a", number, text) for number, text in enumerate(texts)]
    file.append(written)
    whole = file.path.read_bytes()
    cut = data.draw(st.integers(0, len(whole)))
    file.path.write_bytes(whole[:cut])
    file.repair()
    lines = whole.splitlines(keepends=True)
    ends = [sum(map(len, lines[: number + 1])) for number in range(len(lines))]
    kept = sum(end - 1 <= cut for end in ends)  # the last one may lack its line break
    assert list(file) == written[:kept]
    file.append(written[kept:])
    assert file.path.read_bytes() == whole


@pytest.mark.parametrize("ending", ["\n", "\n\n", " \n\t\n"])
def test_unfinished_line_is_removed_even_if_an_editor_ended_it(tmp_path: Path, ending: str) -> None:
    file = records(tmp_path)
    file.append([summary("a", 0, "x")])
    whole = file.path.read_bytes()
    file.path.write_bytes(whole + b'{"key": "b"' + ending.encode())
    file.repair()
    assert file.path.read_bytes() == whole


def test_damaged_last_line_is_an_error(tmp_path: Path) -> None:
    """Otherwise it would be silently missing from every table."""
    file = records(tmp_path)
    file.append([summary("a", 0, "x"), summary("a", 1, "y")])
    file.path.write_bytes(file.path.read_bytes().replace(b'"y"', b'"\xff"'))
    with pytest.raises(RunFolderError, match=r"summaries\.jsonl:2: is not a valid record"):
        file.read_articles(["a"])


def test_foreign_last_line_is_kept_and_reported(tmp_path: Path) -> None:
    file = records(tmp_path)
    file.append([summary("a", 0, "x")])
    with file.path.open("a") as handle:
        handle.write('{"article_id": "a", "of": "another version"}')
    file.repair()
    with pytest.raises(RunFolderError, match=r"summaries\.jsonl:2: is not a valid record"):
        file.read_articles(["a"])
