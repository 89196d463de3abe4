"""Labels from data sets of the ``datasets`` library, which are made here and read from disk."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness.data.pairs import data_set as labelled_hub
from harness.data.pairs.data_set import HubSet
from harness.errors import DataError, UsageError

datasets = pytest.importorskip("datasets")

COLUMNS = {"premise": "doc", "hypothesis": "claim", "label": "y", "group": "source"}
ROWS = {"doc": ["d1", "d2"], "claim": ["c1", "c2"], "y": [1, 0], "source": [10, 11]}


def test_columns_and_numbers_are_named_by_the_user(tmp_path: Path) -> None:
    path = tmp_path / "set.csv"
    path.write_text("doc,claim,y,source\nd1,c1,1,10\nd2,c2,0,11\n", "utf-8")
    corpus = labelled_hub.read(HubSet(str(path), "test", COLUMNS, {"1": "supported", "0": "unsupported"}))
    assert [(row.pair.premise, row.pair.hypothesis, row.label, row.group) for row in corpus.judgements] == [
        ("d1", "c1", "supported", "10"),
        ("d2", "c2", "unsupported", "11"),
    ]


def test_names_that_the_data_set_has_for_its_labels_are_read(tmp_path: Path) -> None:
    table = datasets.Dataset.from_dict(ROWS).cast_column(
        "y", datasets.ClassLabel(names=["contradiction", "entailment"])
    )
    datasets.DatasetDict({"test": table}).save_to_disk(str(tmp_path / "set"))
    corpus = labelled_hub.read(HubSet(str(tmp_path / "set"), "test", COLUMNS))
    assert [row.label for row in corpus.judgements] == ["supported", "contradicted"]
    with pytest.raises(UsageError, match=r"\(split 'train'\) cannot be loaded: its splits are test"):
        labelled_hub.read(HubSet(str(tmp_path / "set"), "train", COLUMNS))


def test_what_cannot_be_known_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text(json.dumps({"premise": "p", "hypothesis": "h", "label": 1, "extra": 2}) + "\n", "utf-8")
    with pytest.raises(UsageError, match="name it with --labels"):
        labelled_hub.read(HubSet(str(path), "test"))
    with pytest.raises(UsageError, match="no column 'hypotesis'; did you mean 'hypothesis'"):
        labelled_hub.read(HubSet(str(path), "test", {"hypothesis": "hypotesis"}))
    with pytest.raises(DataError, match=r"set.jsonl row 1: label: is the text 'yes'; write supported"):
        labelled_hub.read(HubSet(str(path), "test", {}, {"1": "yes"}))


def test_a_data_set_that_is_not_there_is_an_instruction(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="give owner/name or owner/name:config of the hub, a folder"):
        labelled_hub.read(HubSet(str(tmp_path / "nothing.csv"), "test"))
