"""Label files lose nothing and follow no link, and each annotator's last label counts."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest
from builders import coverage, verdict
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from harness.data import articles, labels
from harness.data.labels import People
from harness.document.labels import name_annotators
from harness.errors import DataError
from harness.records import Annotation, Article, Item, Label, Shown, Verdict
from harness.signature import digest

to_json = TypeAdapter(Annotation).dump_json


def line(
    id_: str, annotator: str = "ada", label: Label | None = "absent", replaces: str | None = None, says: str = ""
) -> Annotation:
    return Annotation(
        id_, annotator, "2026-11-25T10:00:00+00:00", "a", "coverage", "rain", says or f"It rains {id_}.", "0f", label,
        Shown(True), premise="Dürre — “überall”", replaces=replaces,
    )  # fmt: skip  # one record


label_again = partial(line, says="It rains.")  # another label of the same pair


@settings(max_examples=25)  # each writes to disk for good
@given(rest=st.binary(min_size=1).filter(lambda data: data.strip() and b"\n" not in data))
def test_bad_last_line_is_reported_and_kept(tmp_path_factory: pytest.TempPathFactory, rest: bytes) -> None:
    path = tmp_path_factory.mktemp("labels") / "labels.jsonl"
    before = to_json(line("1")) + b"\n" + rest
    path.write_bytes(before)
    labels.append({path: [line("3")]})
    assert path.read_bytes() == before + b"\n" + to_json(line("3")) + b"\n"
    held, problems = labels.load_labels([Item(Article("a", "text", path=str(path.with_name("article.md"))))])
    assert held == (line("1"), line("3"))
    assert [problem.line for problem in problems] == [2]


def test_labels_are_added_to_all_files_or_none(tmp_path: Path) -> None:
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    labels.append({first: [line("1")]})
    second.mkdir()  # no file can be written there
    with pytest.raises(DataError, match="is a folder"):
        labels.append({first: [line("2")], second: [line("3")]})
    assert labels.read(first) == [line("1")]
    second.rmdir()
    labels.append({first: [line("2")], second: [line("3")]})
    assert [label.id for label in labels.read(first) + labels.read(second)] == ["1", "2", "3"]


def test_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    os.mkfifo(path)
    for use in (labels.read, lambda path: labels.append({path: [line("1")]})):
        with pytest.raises(DataError, match="is a pipe"):
            use(path)


def test_equal_label_of_the_same_annotator_is_not_added_twice(tmp_path: Path) -> None:
    """Otherwise two simultaneous imports of a file would write every label twice."""
    path = tmp_path / "labels.jsonl"
    labels.append({path: [label_again("1"), line("2")]})
    labels.append({path: [label_again("3"), line("4", says="It rains 2."), label_again("5", "bob")]})
    assert [each.id for each in labels.read(path)] == ["1", "2", "5"]


def test_last_line_without_a_line_break_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + to_json(line("1")) + b"\n" + to_json(line("2")))
    assert labels.read(path) == [line("1"), line("2")]
    labels.append({path: [line("3")]})
    assert labels.read(path) == [line("1"), line("2"), line("3")]


def test_bad_lines_are_reported_with_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    wrong = json.loads(to_json(line("2"))) | {"label": "true"}
    path.write_text(f"{to_json(line('1')).decode()}\n\n{json.dumps(wrong)}\n{{\n{to_json(line('4')).decode()}\n")
    with pytest.raises(DataError) as caught:
        labels.read(path)
    first, second = map(str, caught.value.problems)
    assert first.startswith(f"{path}:3: is not a label (label: Input should be")
    assert second.startswith(f"{path}:4: is not a label (Invalid JSON")


# Current labels -----------------------------------------------------------------------------------------------------


def test_missing_file_of_the_config_is_reported(tmp_path: Path) -> None:
    """Its name may be misspelt."""
    items = [Item(Article("a", "text", path="references/a/article.md"))]
    (tmp_path / "ours.jsonl").touch()
    labels_held, [problem] = labels.load_labels(items, tmp_path / "our.jsonl")
    assert labels_held == ()
    assert str(problem).endswith("our.jsonl: does not exist yet, so no labels are used; did you mean ours.jsonl?")


def test_last_label_of_an_annotator_counts_unless_withdrawn() -> None:
    first, other, last = label_again("1"), label_again("2", "bob"), label_again("3", label="supported")
    assert labels.select_current([first, other, last]) == [other, last]
    assert labels.select_current([first, label_again("2", label=None, replaces="1")]) == []


def test_withdrawing_a_change_restores_the_label_before() -> None:
    first, change = label_again("1"), label_again("2", label="supported", replaces="1")
    assert labels.select_current([first, change]) == [change]
    undone = [first, change, label_again("3", label=None, replaces="2")]
    assert labels.select_current(undone) == [first]
    assert labels.select_current([*undone, label_again("4", label=None, replaces="3")]) == [change]


# Where labels are kept ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("folder", ["short", "/".join(["x" * 120] * 2)])
@pytest.mark.parametrize("is_link", [False, True])
def test_labels_are_kept_beside_the_named_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, is_link: bool
) -> None:
    """From any working directory, however long the path is, and even if a JSONL file is a link."""
    place = tmp_path / folder
    (place / "flood").mkdir(parents=True)
    (tmp_path / "store").mkdir()
    row = '{"id": "flood", "text": "The river rose three metres on Friday."}\n'
    (place / "flood" / "article.md").write_text("The river rose on Friday.\n", "utf-8")
    target = tmp_path / "store" / "news.jsonl" if is_link else place / "news.jsonl"
    target.write_text(row, "utf-8")
    if is_link:
        (place / "news.jsonl").symlink_to(target)
    for here in (tmp_path, tmp_path / "store", place):
        monkeypatch.chdir(here)
        for source in (place, place / "news.jsonl", Path(os.path.relpath(place, here)) / "news.jsonl"):
            (item,) = articles.load(source)
            path = labels.find_path(item.article)
            name = "flood/labels.jsonl" if source == place else "news.jsonl.labels.jsonl"
            assert path is not None
            assert path.absolute().resolve() == place / name


def test_data_set_needs_a_labels_file_in_the_config(tmp_path: Path) -> None:
    article, file = Article("a", "", path="owner/name default test"), tmp_path / "ours.jsonl"
    labels.append({labels.require_path(article, file): [line("1")]})
    assert labels.load_labels([Item(article), Item(Article("b", ""))], file) == ((line("1"),), ())
    with pytest.raises(DataError, match=r"labels: FILE\.jsonl in the config and run it again"):
        labels.require_path(article)


# Labels made elsewhere ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "key", "message"),
    [
        ('{"id": "p9", "label": "absent"}\n', "id", "not the id of a pair"),
        ('{"id": "p1"}\n{"id": "p1"}\n', "id", "earlier line"),
        ("\n", "", "is empty"),
    ],
)
def test_bad_imported_line_is_reported(tmp_path: Path, text: str, key: str, message: str) -> None:
    file = tmp_path / "pairs.jsonl"
    file.write_text(text, "utf-8")
    with pytest.raises(DataError) as caught:
        labels.read_imported(file, {"p1"})
    [problem] = caught.value.problems
    assert (problem.key, message in problem.message) == (key, True)


# People's verdicts --------------------------------------------------------------------------------------------------


PREMISE = "The bridge is old."


def label(given: Label, name: str = "ada") -> Annotation:
    return Annotation(name, name, "", "a", "coverage", "f", "statement of f", digest(PREMISE), given, Shown(True))


def apply_labels(given: Sequence[Annotation], premise: str = PREMISE, automatic: Label = "absent") -> Verdict:
    [check] = coverage({"f": verdict(automatic)})
    return People(given).check(check, premise).verdict


def test_label_replaces_the_verdict() -> None:
    overruled = apply_labels([label("supported")])
    assert (overruled.label, overruled.probabilities.supported, name_annotators(overruled)) == ("supported", 1.0, "ada")


def test_label_of_another_text_does_not_apply() -> None:
    assert apply_labels([label("supported")], "The bridge is new.").verifier == "verifier"
    assert not People([])


def test_uncertain_label_leaves_the_verdict() -> None:
    assert apply_labels([label("uncertain")]).verifier == "verifier"
    assert name_annotators(apply_labels([label("uncertain"), label("supported", "ben")])) == "ben"


def test_majority_decides_and_a_tie_is_uncertain() -> None:
    three = [label("supported"), label("contradicted", "ben"), label("supported", "cy")]
    assert (apply_labels(three).label, name_annotators(apply_labels(three))) == ("supported", "ada and ben and cy")
    for automatic in ("absent", "uncertain"):
        two = apply_labels(three[:2], automatic=automatic)
        assert (two.label, two.reason, two.probabilities.supported) == ("uncertain", "people disagree", 0.5)
