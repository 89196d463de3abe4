"""The pairs that people are asked about, and the storage of their labels."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from judged_run import Said, run

from harness.data import labels
from harness.errors import UsageError
from harness.records import Results
from harness.trust.labelling import AnnotationQueue, AnnotationSession, SubmittedLabel, check_annotator


@pytest.fixture
def results(tmp_path: Path) -> Results:
    """Return a run with ten facts and one summary, whose labels have their own file."""
    made = run({"x": {"a": [Said("supported", 0.9)] * 10}})
    return replace(made, labels_file=str(tmp_path / "ours.jsonl"))


def session(run: Results, name: str) -> AnnotationSession:
    return AnnotationSession(AnnotationQueue([run]), name)


@pytest.fixture
def ada(results: Results) -> AnnotationSession:
    return session(results, " ada ")


def test_answer_is_stored_at_once_with_what_was_shown(ada: AnnotationSession, results: Results) -> None:
    asked = ada.list_waiting()[0]
    [kept] = ada.submit([SubmittedLabel(asked, "contradicted", "it says two ")])
    assert labels.read(Path(results.labels_file)) == [kept]
    assert (kept.annotator, kept.label, kept.note, kept.use) == ("ada", "contradicted", "it says two", "coverage")
    assert (kept.hypothesis, kept.premise) == (asked.task.hypothesis, "Summary of a by x.")
    assert kept.shown.blind
    assert (kept.shown.label, kept.shown.system) == (None, None)
    assert [span.text for span in kept.shown.evidence] == ["Summary of a by x."]


def test_note_loses_an_unencodable_character(ada: AnnotationSession) -> None:
    ada.submit([SubmittedLabel(ada.list_waiting()[0], "absent", "so \ud800 it is")])
    assert [label.note for label in ada.list_labels()] == ["so ? it is"]


def test_visible_verdict_is_recorded(ada: AnnotationSession) -> None:
    [kept] = ada.submit([SubmittedLabel(ada.list_waiting()[0], "absent", blind=False, marked=False)])
    assert (kept.shown.blind, kept.shown.label, kept.shown.system) == (False, "supported", "x")
    assert kept.shown.evidence == ()


def test_drawn_pair_keeps_its_probability(ada: AnnotationSession) -> None:
    chosen, drawn = ada.submit([SubmittedLabel(asked, "absent") for asked in ada.list_waiting()[:2]])
    assert chosen.probability is None
    assert drawn.probability is not None


def test_picked_or_unblinded_pair_has_no_probability(ada: AnnotationSession) -> None:
    _, drawn, *_ = ada.list_waiting()
    [picked] = ada.submit([SubmittedLabel(drawn, "absent", from_queue=False)])
    [seen] = ada.submit([SubmittedLabel(drawn, "absent", blind=False)])
    assert drawn.probability is not None
    assert (picked.probability, seen.probability) == (None, None)


def test_each_person_has_a_queue_of_their_own(ada: AnnotationSession, results: Results) -> None:
    bob = session(results, "bob")
    first = ada.list_waiting()[0]
    ada.submit([SubmittedLabel(first, "absent")])
    assert first not in ada.list_waiting()
    assert bob.list_waiting()[0] == first


def test_uncertain_pair_is_asked_again_at_the_end(ada: AnnotationSession) -> None:
    first, second, *_ = ada.list_waiting()
    ada.submit([SubmittedLabel(first, "uncertain")])
    assert ada.list_waiting()[0] == second
    assert ada.list_waiting()[-1] == first
    ada.submit([SubmittedLabel(first, "supported")])
    assert [label.label for label in ada.list_labels()] == ["supported"]


def test_changed_label_names_the_one_it_replaces_and_can_be_undone(ada: AnnotationSession, results: Results) -> None:
    asked = ada.list_waiting()[0]
    [first] = ada.submit([SubmittedLabel(asked, "absent")])
    [second] = ada.submit([SubmittedLabel(asked, "supported")])
    assert second.replaces == first.id
    ada.withdraw(second)
    assert ada.list_labels() == [first]
    ada.withdraw(first)
    assert ada.list_labels() == []
    assert ada.list_waiting()[0] == asked
    assert len(labels.read(Path(results.labels_file))) == 4  # the file keeps every line


def test_labels_count_for_another_run_of_the_same_texts(ada: AnnotationSession, results: Results) -> None:
    ada.submit([SubmittedLabel(ada.list_waiting()[0], "absent")])
    again = run({"x": {"a": [Said("absent", 0.7)] * 10}, "y": {"a": ["supported"] * 10}}, verifier="nli")
    other = session(replace(again, labels_file=results.labels_file), "ada")
    assert len(other.list_labels()) == 1
    assert len(other.list_waiting()) == 19


def test_only_facts_or_only_claims() -> None:
    both = run({"x": {"a": ["absent"]}}, claims={"x": {"a": ["supported"] * 2}})
    assert [len(AnnotationQueue([both], use).tasks) for use in (None, "coverage", "grounding")] == [3, 1, 2]


def test_runs_with_different_label_files_are_refused(results: Results, tmp_path: Path) -> None:
    other = replace(results, labels_file=str(tmp_path / "theirs.jsonl"))
    with pytest.raises(
        UsageError, match=r"keep their labels in different places: .*ours\.jsonl.*theirs\.jsonl; label one run at"
    ):
        AnnotationQueue([results, other])
    with pytest.raises(UsageError, match="in files beside its articles"):
        AnnotationQueue([results, replace(results, labels_file="")])
    assert AnnotationQueue([results, results]).tasks
    second = replace(results, manifest=replace(results.manifest, name="second"))
    with pytest.raises(UsageError, match=r"second in .*ours\.jsonl, .* in .*ours\.jsonl, .* in .*theirs\.jsonl; "):
        AnnotationQueue([second, results, other])


def test_last_line_is_the_last_label_despite_the_clock(ada: AnnotationSession, results: Results) -> None:
    first, second, *_ = ada.list_waiting()
    [ahead] = ada.submit([SubmittedLabel(first, "absent")])
    path = Path(results.labels_file)
    path.write_text(path.read_text("utf-8").replace(ahead.time, "2099-01-01T00:00:00+00:00"), "utf-8")
    [last] = ada.submit([SubmittedLabel(second, "absent")])
    assert ada.list_labels()[-1] == last


@pytest.mark.parametrize("name", ["", "  ", "two\nlines", "\x1b[31m", "a" * 81])
def test_invalid_annotator_name_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="annotator's name"):
        check_annotator(name)
