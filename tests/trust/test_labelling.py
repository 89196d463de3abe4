"""The pairs that people are asked about, and the storage of their labels."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from memory_run import WeightedLabel, run

from harness.data import labels
from harness.errors import UsageError
from harness.records import Annotation, Label, Results
from harness.trust.labelling import AnnotationQueue, AnnotationSession
from harness.trust.queue import Task


@pytest.fixture
def results(tmp_path: Path) -> Results:
    """Return a run with ten facts and one summary, whose labels have their own file."""
    made = run({"x": {"a": [WeightedLabel("supported", 0.9)] * 10}})
    return replace(made, labels_file=str(tmp_path / "ours.jsonl"))


def session(run: Results, name: str) -> AnnotationSession:
    return AnnotationSession(AnnotationQueue(run), name)


@pytest.fixture
def ada(results: Results) -> AnnotationSession:
    return session(results, " ada ")


def submit(by: AnnotationSession, task: Task, label: Label = "absent", note: str = "", **shown: bool) -> Annotation:
    [kept] = by.submit([by.annotate(task, label, note, **shown)])
    return kept


def test_answer_is_stored_at_once_with_what_was_shown(ada: AnnotationSession, results: Results) -> None:
    task = ada.list_waiting()[0]
    kept = submit(ada, task, "contradicted", "it says \ud800 two ")
    assert labels.read(Path(results.labels_file)) == [kept]
    assert (kept.annotator, kept.label, kept.note, kept.use) == ("ada", "contradicted", "it says ? two", "coverage")
    assert (kept.hypothesis, kept.premise) == (task.hypothesis, "Summary of a by x.")
    assert (kept.shown.blind, kept.shown.label, kept.shown.system) == (True, None, None)
    assert [span.text for span in kept.shown.evidence] == ["Summary of a by x."]
    seen = submit(ada, task, blind=False, marked=False).shown
    assert (seen.blind, seen.label, seen.system, seen.evidence) == (False, "supported", "x", ())


def test_only_blind_labels_of_drawn_pairs_have_a_probability(ada: AnnotationSession) -> None:
    chosen, drawn, *_ = ada.list_waiting()
    assert submit(ada, chosen).probability is None
    assert submit(ada, drawn).probability is not None
    assert submit(ada, drawn, queued=False).probability is None
    assert submit(ada, drawn, blind=False).probability is None


def test_each_person_has_a_queue_in_which_uncertain_pairs_come_last(ada: AnnotationSession, results: Results) -> None:
    first, second, *_ = ada.list_waiting()
    submit(ada, first, "uncertain")
    submit(ada, second, "uncertain")
    assert ada.list_waiting()[-2:] == [first, second]
    submit(ada, first, "supported")
    assert [label.label for label in ada.list_labels()] == ["uncertain", "supported"]
    assert first not in ada.list_waiting()
    assert session(results, "bob").list_waiting()[0] == first


def test_changed_label_names_the_one_it_replaces_and_can_be_undone(ada: AnnotationSession, results: Results) -> None:
    task = ada.list_waiting()[0]
    first, second = submit(ada, task), submit(ada, task, "supported")
    assert second.replaces == first.id
    ada.withdraw(second)
    assert ada.list_labels() == [first]
    ada.withdraw(first)
    assert ada.list_labels() == []
    assert ada.list_waiting()[0] == task
    assert len(labels.read(Path(results.labels_file))) == 4  # the file keeps every line


def test_labels_given_within_a_second_are_listed_in_order(tmp_path: Path) -> None:
    """Each article has its own file, and the file of the second label comes first."""
    made = run({"x": {name: ["absent"] for name in "ab"}})
    items = tuple(
        replace(item, article=replace(item.article, path=str(tmp_path / f"{item.article.id}.jsonl")))
        for item in made.items
    )
    ada = session(replace(made, items=items), "ada")
    given = [submit(ada, task) for task in reversed(ada.list_waiting())]
    assert ada.list_labels() == given


def test_labels_count_for_another_run_of_the_same_texts(ada: AnnotationSession, results: Results) -> None:
    submit(ada, ada.list_waiting()[0])
    again = run({"x": {"a": [WeightedLabel("absent", 0.7)] * 10}, "y": {"a": ["supported"] * 10}}, verifier="nli")
    other = session(replace(again, labels_file=results.labels_file), "ada")
    assert (len(other.list_labels()), len(other.list_waiting())) == (1, 19)


def test_queue_can_be_limited_to_facts_or_claims() -> None:
    both = run({"x": {"a": ["absent"]}}, claims={"x": {"a": ["supported"] * 2}})
    assert [len(AnnotationQueue(both, use).tasks) for use in (None, "coverage", "grounding")] == [3, 1, 2]


def test_labels_without_a_file_are_refused_before_anybody_judges() -> None:
    with pytest.raises(UsageError, match="its labels need their own file; set labels: FILE"):
        session(run({"x": {"a": ["absent"]}}), "ada")


@pytest.mark.parametrize("name", ["", "  ", "two\nlines", "\x1b[31m", "a" * 81])
def test_invalid_annotator_name_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="annotator's name"):
        session(run({"x": {"a": ["absent"]}}), name)
