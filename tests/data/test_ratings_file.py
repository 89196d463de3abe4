"""Files of people's ratings, as spreadsheets and annotation tools write them."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import write_jsonl

from harness.data.ratings import RatedSummary, Ratings, read_ratings
from harness.errors import DataError

ONE = {"article_id": "a", "system": "s"}
SUMMEVAL = {
    "id": "dm-test-8764",
    "decoded": "paul merson has restarted his row with andros townsend .",
    "expert_annotations": [
        {"coherence": "2", "consistency": 5, "fluency": 5, "relevance": 2},
        {"coherence": 3, "consistency": 5, "fluency": 4, "relevance": 4},
    ],
    "references": ["Andros Townsend scored against Italy."],
    "model_id": "M11",
    "filepath": "cnndm/dailymail/stories/8764.story",
}
"""A line of SummEval's model_annotations.aligned.jsonl, shortened, with a number as text; there are 3 experts."""


def read(folder: Path, *rows: object, columns: tuple[str, ...] = ()) -> Ratings:
    return read_ratings(write_jsonl(folder / "ratings.jsonl", *rows), columns)


def test_number_columns_are_ratings_and_each_row_is_an_annotator(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        {**ONE, "summary": "A deal.", "coherence": [4, "5"], "fluency": "3.5", "note": "fine", "done": True},
        {**ONE, "system": "t", "sample": 1, "coherence": [2, None], "fluency": None},
        {**ONE, "system": "t", "sample": "1", "coherence": ["3", ""], "annotator": "bo"},
    )
    assert found.columns == ("coherence", "fluency")
    assert found.summaries == (
        RatedSummary("s", "a", None, "A deal.", {"coherence": [4.0, 5.0], "fluency": [3.5]}),
        RatedSummary("t", "a", 1, None, {"coherence": [2.0, 3.0]}),
    )


def test_ratings_of_different_texts_are_kept_apart(tmp_path: Path) -> None:
    found = read(tmp_path, *({**ONE, "summary": text, "fluency": 3} for text in ("Old.", "New.", "")))
    assert [each.text for each in found.summaries] == ["Old.", "New.", None]


def test_csv_cells_are_numbers_lists_or_empty(tmp_path: Path) -> None:
    """Ids that look like numbers stay text: 007 is not 7. pandas writes an index, and 1.0 if numbers are missing."""
    path = tmp_path / "ratings.csv"
    path.write_text(',article_id,system,sample,coherence,fluency,note\n0,007,s,1.0,4,"[5, 3]",k\n1,8,s,,,2,\n', "utf-8")
    found = read_ratings(path)
    assert found.columns == ("coherence", "fluency")
    assert found.summaries == (
        RatedSummary("s", "007", 1, None, {"coherence": [4.0], "fluency": [5.0, 3.0]}),
        RatedSummary("s", "8", None, None, {"fluency": [2.0]}),
    )


def test_column_with_numbers_and_words_is_named(tmp_path: Path) -> None:
    found = read(tmp_path, {**ONE, "coherence": 4, "fluency": 3}, {**ONE, "coherence": "n/a", "fluency": 3})
    assert found.columns == ("fluency",)
    assert found.ignored == {"coherence": "'n/a' on line 2"}


@pytest.mark.parametrize(
    ("rows", "columns", "message"),
    [
        ([], (), "ratings.jsonl: has no rows"),
        ([["x"]], (), "ratings.jsonl:1: must be a JSON object, not a list"),
        ([{"system": "s", "fluency": 1}], (), ":1: article_id: is missing; keys found: system, fluency; it must"),
        ([{"article_id": "a", "system": [], "fluency": 1}], (), ":1: system: is a list; it must be the system's name"),
        ([{**ONE, "sample": "one", "fluency": 1}], (), ":1: sample: must be the sample's number, from 0, not 'one'"),
        ([{**ONE, "note": "x"}], (), "has no column of numbers (note)"),
        ([{**ONE, "fluency": 1}], ("fluent",), "has no ratings in a column 'fluent'; did you mean 'fluency'?"),
        ([{**ONE, "fluency": 1, "note": None}], ("note",), "has no ratings in a column 'note'; allowed: fluency"),
        ([{**ONE, "fluency": 1}, {**ONE, "fluency": "good"}], ("fluency",), ":2: fluency: must be a number or a list"),
        ([{**SUMMEVAL, "expert_annotations": [3]}], (), "expert_annotations: must be a list of mappings, such as [{"),
        ([{**SUMMEVAL, "expert_annotations": [{"coherence": "good"}]}], (), "has no column of numbers (coherence)"),
        ([{**SUMMEVAL, "expert_annotations": []}], (), "has no column of numbers; write"),
        ([{**SUMMEVAL, "expert_annotations": [{"coherence": 10**400}]}], (), "has no column of numbers (coherence)"),
        ([{**SUMMEVAL, "id": None}], (), ":1: id: is empty; it must be the article's id"),
        ([{**SUMMEVAL, "model_id": ""}], (), "model_id: is ''; it must be the system's name"),
    ],
)
def test_fault_has_line_and_remedy(tmp_path: Path, rows: list[object], columns: tuple[str, ...], message: str) -> None:
    with pytest.raises(DataError) as refused:
        read(tmp_path, *rows, columns=columns)
    assert message in str(refused.value)


def test_summeval_has_the_ratings_of_its_experts(tmp_path: Path) -> None:
    found = read(tmp_path, SUMMEVAL)
    assert found.columns == ("coherence", "consistency", "fluency", "relevance")
    ratings = {"coherence": [2.0, 3.0], "consistency": [5.0, 5.0], "fluency": [5.0, 4.0], "relevance": [2.0, 4.0]}
    assert found.summaries == (RatedSummary("M11", "dm-test-8764", None, str(SUMMEVAL["decoded"]), ratings),)
    assert found.ignored == {}
    assert read(tmp_path, SUMMEVAL, columns=("coherence",)).columns == ("coherence",)


def test_other_suffixes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"r.xlsx: is neither .jsonl nor .csv; export the ratings"):
        read_ratings(tmp_path / "r.xlsx")
