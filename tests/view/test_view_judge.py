"""Judging through the page's forms, and the agreement page."""

from __future__ import annotations

import html
import re

import httpx2
import pytest
from viewing import Viewer, read_page

from harness import pipeline
from harness.data import labels
from harness.records import Annotation, Label
from harness.trust.labelling import AnnotationQueue, AnnotationSession

JUDGE = "/runs/small/judge"
NAME_FIELD = "Your name, as reports will show it"


@pytest.fixture
def ada(viewer: Viewer) -> Viewer:
    """The app, with Ada as the annotator."""
    give_name(viewer, "ada")
    return viewer


def give_name(viewer: Viewer, name: str) -> None:
    assert viewer.post(JUDGE, annotator=name).status_code == 303


def read_labels(viewer: Viewer) -> list[Annotation]:
    """Every line of the label files."""
    files = sorted(viewer.project.glob("references/*/labels.jsonl"))
    return [line for file in files for line in labels.read(file)]


def current_labels(viewer: Viewer) -> list[tuple[str, str | None]]:
    """Annotator and label of each current label."""
    return [(line.annotator, line.label) for line in labels.select_current(read_labels(viewer))]


def pair_of(page: httpx2.Response) -> str:
    found = re.search(r'name="pair" value="(\w+)"', page.text)
    assert found, read_page(page)
    return found[1]


def answer(viewer: Viewer, label: str, query: str = "", **fields: str) -> httpx2.Response:
    """Submit a label and load the next page."""
    sent = viewer.post(JUDGE + query, pair=pair_of(viewer.get(JUDGE + query)), label=label, **fields)
    assert sent.status_code == 303, read_page(sent)
    return viewer.get(sent.headers["location"])


def press_undo(viewer: Viewer, page: httpx2.Response) -> str:
    """Press the undo button of a queue page; returns the redirect."""
    undo = re.search(r'name="undo" value="(\w+)"', page.text)
    assert undo
    return viewer.post(JUDGE, undo=undo[1]).headers["location"]


def test_answer_is_saved_and_the_next_pair_shown(ada: Viewer) -> None:
    first = ada.get(JUDGE)
    after = answer(ada, "absent", note=" not there ")
    [line] = read_labels(ada)
    assert (line.annotator, line.label, line.note, line.shown.blind) == ("ada", "absent", "not there", True)
    assert line.hypothesis in read_page(first)
    assert pair_of(after) != pair_of(first)
    assert "1 of 6 labelled" in read_page(after)


def test_verdict_and_system_are_hidden_unless_asked_for(ada: Viewer) -> None:
    assert not re.search(r"\blead\b|\boracle\b|lexical", ada.get(JUDGE).text.partition("<main")[2])
    page = read_page(ada.get(f"{JUDGE}?show_verdicts=1"))
    assert "lexical" in page
    assert re.search(r"\blead\b|\boracle\b", page)
    answer(ada, "absent", "?show_verdicts=1")
    [line] = read_labels(ada)
    assert not line.shown.blind
    assert line.shown.system in ("lead", "oracle")


def test_only_queued_pairs_have_a_sampling_probability(ada: Viewer) -> None:
    """The queue's second pair is its first random one, drawn with probability 1/6."""
    second = pair_of(ada.get(f"{JUDGE}?skip=1"))
    answer(ada, "absent", f"?pair={second}")
    give_name(ada, "bob")
    answer(ada, "absent", "?skip=1")
    picked, drawn = read_labels(ada)
    assert picked.pair_key == drawn.pair_key
    assert picked.probability is None
    assert drawn.probability == pytest.approx(1 / 6)


@pytest.mark.parametrize("is_picked", [False, True], ids=["drawn", "picked"])
def test_answer_after_undo_keeps_its_sampling_probability(ada: Viewer, is_picked: bool) -> None:
    second = pair_of(ada.get(f"{JUDGE}?skip=1"))
    after = answer(ada, "absent", f"?pair={second}" if is_picked else "?skip=1")
    again = press_undo(ada, after)
    press_undo(ada, after)  # in another window; it does nothing
    answer(ada, "supported", again.removeprefix(JUDGE))
    first, undone, last = read_labels(ada)
    assert (first.label, undone.label, last.label) == ("absent", None, "supported")
    assert first.pair_key == last.pair_key
    assert first.probability == last.probability
    assert (first.probability is None) == is_picked


def test_next_skips_a_pair_without_a_label(ada: Viewer) -> None:
    first, second, seventh = (pair_of(ada.get(f"{JUDGE}?skip={skip}")) for skip in (0, 1, 6))
    assert second != first == seventh
    assert read_labels(ada) == []


def test_queue_can_be_limited_to_facts(ada: Viewer) -> None:
    for name in ("ada", "ADA"):
        give_name(ada, name)
        page = answer(ada, "absent", "?use=coverage")
    assert {(line.annotator, line.use) for line in read_labels(ada)} == {("ada", "coverage")}, "capitals do not matter"
    assert "Every pair of this kind has a label" in read_page(page)


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"label": "absent", "pair": "none"}, 404),
        ({"label": "nonsense"}, 409),
        ({"annotator": " ", "label": "absent"}, 409),
        ({"annotator": "\x1b[31m", "label": "absent"}, 409),
    ],
)
def test_invalid_answer_is_refused(ada: Viewer, fields: dict[str, str], status: int) -> None:
    assert ada.post(JUDGE, **{"pair": pair_of(ada.get(JUDGE)), **fields}).status_code == status
    assert read_labels(ada) == []


def test_pair_removed_from_the_run_returns_404(ada: Viewer) -> None:
    pair = pair_of(ada.get(f"{JUDGE}?use=coverage"))
    ada.facts.write_text("facts: []\n", "utf-8")
    pipeline.score(ada.run)
    assert ada.post(JUDGE, label="absent", pair=pair).status_code == 404


def test_corrupt_label_file_is_named_with_its_line(ada: Viewer) -> None:
    (ada.project / "references" / "bridge" / "labels.jsonl").write_text("{}\n", "utf-8")
    page = ada.get(JUDGE)
    assert page.status_code == 409
    assert "references/bridge/labels.jsonl:1" in read_page(page)


# In the report ----------------------------------------------------------------------------------------------------


def buttons(page: httpx2.Response, name: str, value: str = r"\w+") -> list[tuple[str, str]]:
    """(address, value) of the buttons at the verdicts of a report."""
    found = re.findall(rf'form="judge-here" formaction="([^"]*)" name="{name}" value="({value})"', page.text)
    return [(html.unescape(address), value) for address, value in found]


def press(viewer: Viewer, name: str, value: str = r"\w+") -> httpx2.Response:
    address, value = buttons(viewer.get("/runs/small/"), name, value)[0]
    return viewer.post(address, **{name: value})


def test_verdict_is_corrected_in_the_report(ada: Viewer) -> None:
    sent = press(ada, "label", "contradicted")
    assert re.fullmatch(r"/runs/small/#[cv]-\w+", sent.headers["location"])
    [line] = read_labels(ada)
    assert (line.annotator, line.label, line.shown.blind, line.probability) == ("ada", "contradicted", False, None)
    assert line.shown.label is not None
    assert "judged by ada" in read_page(ada.get("/runs/small/"))


def test_next_pair_after_one_of_the_report_continues_with_the_queue(ada: Viewer) -> None:
    address, _ = buttons(ada.get("/runs/small/"), "label", "absent")[0]
    following = re.search(r'href="([^"]*)" data-key="j"', ada.get(address).text)
    assert following
    queued = html.unescape(following[1])
    sent = ada.post(queued, pair=pair_of(ada.get(queued)), label="absent")
    assert sent.headers["location"].startswith(JUDGE)


def test_correction_is_saved_once_the_name_is_given(viewer: Viewer) -> None:
    asks = press(viewer, "label", "contradicted")
    assert asks.status_code == 200
    assert "Your answer is saved once you give your name" in read_page(asks)
    assert read_labels(viewer) == []
    action = re.search(r'<form method="post" action="([^"]*)"', asks.text)
    assert action
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', asks.text))
    sent = viewer.post(html.unescape(action[1]), **fields, annotator="ada")
    assert sent.headers["location"].startswith("/runs/small/#")
    assert current_labels(viewer) == [("ada", "contradicted")]


def test_undo_in_the_report_restores_the_previous_label(ada: Viewer) -> None:
    for label in ("contradicted", "supported"):
        press(ada, "label", label)
    assert current_labels(ada) == [("ada", "supported")]
    for left in ([("ada", "contradicted")], []):
        assert press(ada, "undo").headers["location"].startswith("/runs/small/#")
        assert current_labels(ada) == left
    assert buttons(ada.get("/runs/small/"), "undo") == []
    assert len(read_labels(ada)) == 4, "the file keeps every line"


def test_label_of_another_annotator_cannot_be_undone(ada: Viewer) -> None:
    press(ada, "label", "absent")
    address, label = buttons(ada.get("/runs/small/"), "undo")[0]
    give_name(ada, "bob")
    assert buttons(ada.get("/runs/small/"), "undo") == []
    ada.post(address, undo=label)
    assert current_labels(ada) == [("ada", "absent")]


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example/runs/", "/runs/other/", "javascript:1"])
def test_answer_redirects_only_within_the_run(ada: Viewer, back: str) -> None:
    sent = ada.post(f"{JUDGE}?back={back}", pair=pair_of(ada.get(JUDGE)), label="absent")
    assert sent.headers["location"] == JUDGE


def test_name_is_asked_first_and_kept_in_a_session_cookie(viewer: Viewer) -> None:
    page = viewer.get(JUDGE)
    assert NAME_FIELD in read_page(page)
    assert 'name="pair"' not in page.text
    cookie = viewer.post(JUDGE, annotator="Åsa").headers["set-cookie"].lower()
    assert not re.search("max-age|expires", cookie)
    viewer.client.cookies.delete("harness-annotator")
    assert NAME_FIELD in read_page(viewer.get(f"{JUDGE}?annotator=mallory")), "no link sets the name"


# Agreement ------------------------------------------------------------------------------------------------------------


def label_everything(viewer: Viewer, name: str, label: Label) -> None:
    session = AnnotationSession(AnnotationQueue(pipeline.read(viewer.run)), name)
    session.submit([session.annotate(task, label) for task in session.list_waiting()])


def test_agreement_of_two_people_and_the_verifier(ada: Viewer) -> None:
    page = ada.get("/runs/small/agreement")
    assert "Nobody has labelled any of the 6 pairs" in read_page(page)
    assert f'href="{JUDGE}"' in page.text
    label_everything(ada, "ada", "supported")
    assert "ada · bob" not in read_page(ada.get("/runs/small/agreement"))
    label_everything(ada, "bob", "absent")
    page = ada.get("/runs/small/agreement")
    for part in ("ada · bob", "ada · lexical", "Krippendorff's α", "In dispute", "Changed since small"):
        assert part in read_page(page), part
    dispute = re.search(r'href="(/runs/small/judge\?[^"]*pair=(\w+))"', page.text)
    assert dispute
    opened = ada.get(html.unescape(dispute[1]))
    assert pair_of(opened) == dispute[2]
    assert 'aria-pressed="true"' in opened.text
