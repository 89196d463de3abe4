"""Reading people's labels: three kinds of line, words for labels, and bad lines named by file and line."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from builders import list_problems, write_jsonl
from resources import labelled_data

from harness.data import pairs
from harness.records import Pair

ONE = {"premise": "p", "hypothesis": "h", "label": "supported", "group": "g"}


def read(folder: Path, *rows: object) -> pairs.Corpus:
    return pairs.read_labelled(write_jsonl(folder / "labels.jsonl", *rows))


problems = partial(list_problems, read)


@pytest.mark.parametrize(
    ("name", "judgements", "edits", "groups"),
    [("realsumm_coverage", 26_400, 0, 100), ("bump_threeway", 2_001, 0, 98), ("bump_pairs", 0, 693, 99)],
)
def test_published_sets_are_read_completely(name: str, judgements: int, edits: int, groups: int) -> None:
    corpus = pairs.read_labelled(labelled_data(f"{name}.jsonl"))
    assert (len(corpus.labelled), len(corpus.edits)) == (judgements, edits)
    assert (len(corpus.groups), corpus.unsure) == (groups, 0)


def test_each_kind_of_line_is_read(tmp_path: Path) -> None:
    corpus = read(
        tmp_path,
        {**ONE, "system": "s", "kind": "k", "accepted": ["a"], "contrasts": ["c"], "language": None, "more": 1},
        {"premise": "p", "hypotheses": ["x", "y"], "labels": ["absent", "contradicted"], "group": 7, "system": "t"},
        {"premise": "article", "supported": "true", "contradicted": "false", "group": "g", "kind": "name"},
    )
    first, second, third = corpus.labelled
    assert (first.pair.accepted, first.pair.contrasts, first.system, first.kind) == (("a",), ("c",), "s", "k")
    assert second == pairs.LabelledPair(Pair("p", "x"), "absent", "7", "t")
    assert third == pairs.LabelledPair(Pair("p", "y"), "contradicted", "7", "t")
    assert corpus.edits == (pairs.EditedPair("article", "true", "false", "g", "name"),)
    assert corpus.groups == ("g", "7")


def test_group_defaults_to_the_premise_and_uncertain_rows_are_left_out(tmp_path: Path) -> None:
    rows = [{"premise": premise, "hypothesis": "h", "label": "absent"} for premise in ("x", "y", "x")]
    corpus = read(tmp_path, *rows, {**ONE, "label": "uncertain"})
    groups = [row.group for row in corpus.labelled]
    assert groups[0] == groups[2] != groups[1]
    assert corpus.unsure == 1


@pytest.mark.parametrize(
    ("said", "label"),
    [
        ("Supported", "supported"), (" entailment ", "supported"), ("neutral", "absent"),
        ("contradiction", "contradicted"), ("not supported", "unsupported"), (True, "supported"),
        (False, "unsupported"),
    ],
)  # fmt: skip  # a table
def test_synonyms_of_labels_are_accepted(tmp_path: Path, said: object, label: str) -> None:
    assert read(tmp_path, {**ONE, "label": said}).labelled[0].label == label


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({**ONE, "label": "maybe"}, ":2: label: is 'maybe'; write supported, contradicted, absent or"),
        ({**ONE, "label": 1}, ":2: label: is 1; write supported"),
        ({**ONE, "group": 1.5}, ":2: group: must be text, not 1.5"),
        ({**ONE, "language": "en_GB"}, ":2: language: is 'en_GB'; write a language tag, e.g. en or pt-BR"),
        ({"premise": "p", "label": "absent"}, ":2: needs either a hypothesis or a list"),
        ({"premise": "p", "hypotheses": ["x"], "labels": ["absent"] * 2}, ":2: labels: must hold one label for each"),
        ({"premise": "p", "hypothesis": "h"}, ':2: has neither "label" nor "labels"'),
        ({"premise": "p", "supported": "x"}, ":2: contradicted: is missing"),
        ({"a": 1}, ":2: has no label; keys found: a; write premise, hypothesis and label"),
    ],
)
def test_bad_line_is_named(tmp_path: Path, row: object, message: str) -> None:
    (problem,) = problems(tmp_path, ONE, row, ONE)
    assert problem.startswith(f"{tmp_path}/labels.jsonl{message}")


def test_every_bad_line_and_an_empty_file_are_reported(tmp_path: Path) -> None:
    assert len(problems(tmp_path, {"a": 1}, {**ONE, "label": "maybe"}, [1])) == 3
    assert problems(tmp_path) == [f"{tmp_path}/labels.jsonl: is empty; write one JSON object per line"]


@pytest.mark.parametrize(
    ("name", "fitted", "is_known"),
    [
        ("realsumm_sample.jsonl", "realsumm_coverage.jsonl", True),
        ("owner/RealSumm default test", "realsumm_coverage.jsonl", True),
        ("realsummary.jsonl", "realsumm_coverage.jsonl", False), ("news.jsonl", "_private.jsonl", False),
        ("private_sample.jsonl", "_private.jsonl", True), ("new_e_labels.jsonl", "e_labels.jsonl", False),
        ("überfall_probe.jsonl", "überfall.jsonl", True), ("labels.jsonl", "a/labels.jsonl", False),
        ("votes_2024.jsonl", "2024_news.jsonl", False),
    ],
)  # fmt: skip  # a table
def test_copy_is_recognised_by_its_checksum_or_a_word_of_its_name(name: str, fitted: str, is_known: bool) -> None:
    assert pairs.Corpus(name, "1").find_overlap({fitted: "0"}) == (fitted if is_known else None)
    assert pairs.Corpus(name, "1").find_overlap({fitted: "0", "copy": "1"}) == "copy"
