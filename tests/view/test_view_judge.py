"""The page for judging, by its forms alone."""

from __future__ import annotations

import re
from pathlib import Path

import httpx2
import pytest
from viewing import Viewer, until, words

from harness import pipeline
from harness.data import labels
from harness.records import Annotation, Label, Use
from harness.trust.labelling import AnnotationQueue, AnnotationSession, SubmittedLabel

JUDGE = "/runs/small/judge"


def kept(viewer: Viewer) -> list[Annotation]:
    files = sorted(viewer.project.glob("references/*/labels.jsonl"))
    return [line for file in files for line in labels.read(file)]


def asked(response: httpx2.Response) -> str:
    found = re.search(r'name="asked" value="(\w+)"', response.text)
    assert found, words(response)
    return found[1]


def hidden(html: str) -> dict[str, str]:
    """What forms send along."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', html))


def answer(viewer: Viewer, label: str, query: str = "?by=ada", **fields: str) -> httpx2.Response:
    """Press a button of the page, and load the page that comes next."""
    done = viewer.post(JUDGE, **(hidden(viewer.get(JUDGE + query).text) | {"label": label} | fields))
    assert done.status_code == 303, words(done)
    return viewer.get(done.headers["location"])


def begin(viewer: Viewer, name: str) -> httpx2.Response:
    """Give a name and press Begin."""
    done = viewer.post(JUDGE, by=name, begins="new")
    assert done.status_code == 303, words(done)
    return done


def test_who_judges_is_asked_first(viewer: Viewer) -> None:
    page = viewer.get(JUDGE)
    assert "Your name, as reports will show it" in words(page)
    assert "statement" not in re.findall(r'class="(\w+)"', page.text)


def test_an_answer_is_on_disk_at_once_and_the_next_pair_is_shown(viewer: Viewer) -> None:
    first = viewer.get(f"{JUDGE}?by=ada")
    after = answer(viewer, "absent", note=" not there ")
    [line] = kept(viewer)
    assert (line.annotator, line.label, line.note) == ("ada", "absent", "not there")
    assert line.shown.blind
    assert line.hypothesis in words(first)
    assert asked(after) != asked(first)
    assert "1 of 6 labelled" in words(after)


def test_blind_hides_verdict_system_and_agreement(viewer: Viewer) -> None:
    answer(viewer, "absent")
    page = viewer.get(f"{JUDGE}?by=ada")
    main = page.text.partition("<main")[2]
    assert not re.search(r"\blead\b|\boracle\b|lexical", main)
    assert "agrees with" not in words(page)


def test_in_sight_they_are_shown_and_the_label_says_so(viewer: Viewer) -> None:
    answer(viewer, "absent", "?by=ada&sight=1")
    page = viewer.get(f"{JUDGE}?by=ada&sight=1")
    assert "lexical" in page.text
    assert re.search(r"\blead\b|\boracle\b", words(page))
    assert "the verifier agrees with" in words(page)
    assert not kept(viewer)[0].shown.blind
    assert kept(viewer)[0].shown.system in ("lead", "oracle")


def test_a_pair_that_the_address_names_was_picked_and_not_drawn(viewer: Viewer) -> None:
    """The second of the queue is the first that is drawn at random."""
    second = asked(viewer.get(f"{JUDGE}?by=ada&at=1"))
    answer(viewer, "absent", f"?by=ada&pair={second}")
    answer(viewer, "absent", "?by=bob&at=1")
    picked, drawn = kept(viewer)
    assert picked.question == drawn.question
    assert picked.probability is None
    assert drawn.probability is not None


@pytest.mark.parametrize("picked", [False, True], ids=["drawn", "picked"])
def test_a_new_answer_after_an_undo_is_drawn_or_picked_as_the_first_was(viewer: Viewer, picked: bool) -> None:
    """The second of the queue is the first that is drawn at random: one in six had been drawn by then."""
    second = asked(viewer.get(f"{JUDGE}?by=ada&at=1"))
    after = answer(viewer, "absent", f"?by=ada&pair={second}" if picked else "?by=ada&at=1")
    undo = re.search(r'name="undo" value="(\w+)"', after.text)
    assert undo
    again = viewer.post(JUDGE, by="ada", undo=undo[1]).headers["location"].removeprefix(JUDGE)
    answer(viewer, "supported", again)
    first, _, last = kept(viewer)
    assert first.question == last.question
    assert (first.probability, last.probability) == ((None, None) if picked else (pytest.approx(1 / 6),) * 2)


def test_undo_takes_the_last_back_and_shows_it_again(viewer: Viewer) -> None:
    first = viewer.get(f"{JUDGE}?by=ada")
    after = answer(viewer, "absent")
    undo = re.search(r'name="undo" value="(\w+)"', after.text)
    assert undo
    done = viewer.post(JUDGE, by="ada", undo=undo[1])
    again = viewer.get(done.headers["location"])
    assert asked(again) == asked(first)
    assert [line.label for line in kept(viewer)] == ["absent", None]
    assert viewer.post(JUDGE, by="ada", undo=undo[1]).status_code == 303  # from another window: it is gone already
    assert len(kept(viewer)) == 2


def test_next_leaves_a_pair_without_a_record(viewer: Viewer) -> None:
    first = viewer.get(f"{JUDGE}?by=ada")
    after = viewer.get(f"{JUDGE}?by=ada&at=1")
    assert asked(after) != asked(first)
    assert kept(viewer) == []
    assert asked(viewer.get(f"{JUDGE}?by=ada&at=6")) == asked(first)  # from the start again


def test_a_skipped_pair_comes_again_at_the_end(viewer: Viewer) -> None:
    first = asked(viewer.get(f"{JUDGE}?by=ada"))
    answer(viewer, "uncertain")
    order = [asked(answer(viewer, "absent")) for _ in range(4)]
    assert first not in order
    assert asked(answer(viewer, "absent")) == first
    assert "Nothing waits for ada" in words(answer(viewer, "absent"))


def test_facts_only(viewer: Viewer) -> None:
    answer(viewer, "absent", "?by=ada&use=coverage")
    page = answer(viewer, "absent", "?by=ada&use=coverage")
    assert {line.use for line in kept(viewer)} == {"coverage"}
    assert "Nothing waits for ada here" in words(page)


def test_the_same_pair_in_two_windows_keeps_both_answers_in_order(viewer: Viewer) -> None:
    pair = asked(viewer.get(f"{JUDGE}?by=ada"))
    viewer.post(JUDGE, by="ada", asked=pair, label="absent")
    viewer.post(JUDGE, by="ada", asked=pair, label="supported")
    first, second = kept(viewer)
    assert (second.label, second.replaces) == ("supported", first.id)


def test_a_mark_shows_where_to_look(viewer: Viewer) -> None:
    assert "<mark>" in viewer.get(f"{JUDGE}?by=ada").text


@pytest.mark.parametrize(
    ("fields", "status", "message"),
    [
        ({"by": "ada", "label": "absent", "asked": "none"}, 404, "not part of the run any more"),
        ({"by": "ada", "label": "nonsense"}, 409, "is no label"),
        ({"by": "", "label": "absent"}, 409, "annotator's name"),
        ({"by": "\x1b[31m", "label": "absent"}, 409, "annotator's name"),
    ],
)
def test_what_cannot_be_kept_is_said(viewer: Viewer, fields: dict[str, str], status: int, message: str) -> None:
    done = viewer.post(JUDGE, **fields)
    assert done.status_code == status
    assert message in words(done)
    assert kept(viewer) == []


def test_a_fact_that_was_changed_meanwhile_is_not_judged(viewer: Viewer) -> None:
    pair = asked(viewer.get(f"{JUDGE}?by=ada&use=coverage"))
    viewer.facts.write_text("facts: []\n", "utf-8")
    manifest = viewer.run / "verdicts.jsonl"
    manifest.write_text("", "utf-8")
    assert viewer.post(JUDGE, by="ada", label="absent", asked=pair).status_code == 404


def test_a_bad_line_of_the_labels_is_named(viewer: Viewer) -> None:
    (viewer.project / "references" / "bridge" / "labels.jsonl").write_text("{}\n", "utf-8")
    page = viewer.get(f"{JUDGE}?by=ada")
    assert page.status_code == 409
    assert "references/bridge/labels.jsonl:1" in words(page)


def test_names_and_notes_are_escaped(viewer: Viewer) -> None:
    name = "<script>alert(1)</script>"
    viewer.post(JUDGE, by=name, asked=asked(viewer.get(f"{JUDGE}?by=ada")), label="absent", note="</textarea><script>")
    for path in (JUDGE, f"{JUDGE}?by=%3Cscript%3Ealert(1)%3C/script%3E", "/runs/small/agreement"):
        assert "<script>alert" not in viewer.get(path).text
        assert "</textarea><script>" not in viewer.get(path).text


def test_a_verdict_of_the_report_is_overruled_and_the_label_stands_beside_it(viewer: Viewer) -> None:
    report = viewer.get("/runs/small/")
    found = re.search(r'href="(/runs/small/judge\?[^"]*pair=(\w+)[^"]*)">judge it yourself', report.text)
    assert found
    address = found[1].replace("&amp;", "&")
    assert "Your name, as reports will show it" in words(viewer.get(address))
    shown = viewer.get(f"{address}&by=ada")
    assert asked(shown) == found[2]
    assert "lexical" in words(shown)  # it was in sight in the report, and is here
    done = viewer.post(JUDGE, **(hidden(shown.text) | {"label": "contradicted", "note": "not so"}))
    assert done.headers["location"].startswith("/runs/small/#a")
    assert not kept(viewer)[0].shown.blind
    assert "ada says ✗ wrong not so" in words(viewer.get("/runs/small/"))


def test_a_verdict_is_corrected_where_it_is_seen_and_counts_at_once(viewer: Viewer) -> None:
    """The button beside a verdict keeps a label with what was shown, and leads back to its place in the report."""
    report = viewer.get("/runs/small/")
    value = re.findall(r'form="judge-here" name="here" value="(contradicted \w+ [\w-]+)"', report.text)[0]
    asks = viewer.post(JUDGE, here=value, sight="1", back="/runs/small/")
    assert asks.status_code == 303
    who = viewer.get(asks.headers["location"])
    assert "Your answer, wrong , is saved once you say who you are" in words(who)
    assert kept(viewer) == []

    done = viewer.post(JUDGE, **hidden(who.text), by="ada", begins="new")
    assert done.headers["location"] == f"/runs/small/#{value.split()[2]}"
    [line] = kept(viewer)
    assert (line.annotator, line.label, line.shown.blind) == ("ada", "contradicted", False)
    assert line.shown.label is not None
    assert line.shown.system in ("lead", "oracle")
    page = words(viewer.get("/runs/small/"))
    assert "judged by ada ; the verifier:" in page
    assert "People judged" in page


def undo_of(page: httpx2.Response) -> list[str]:
    """What the buttons send that take back a label of whoever reads the report."""
    return re.findall(r'name="here" value="(undo \w+ [\w-]+)"', page.text)


def holding(viewer: Viewer) -> list[tuple[str, str | None]]:
    """Who says what now."""
    return [(line.annotator, line.label) for line in labels.holding(kept(viewer))]


def test_a_label_is_taken_back_where_it_was_given_and_what_it_replaced_holds_again(viewer: Viewer) -> None:
    answer(viewer, "absent", "?by=ada")
    page = viewer.get("/runs/small/")
    place = undo_of(page)[0].split()[2]
    value = re.findall(rf'name="here" value="(supported \w+ {place})"', page.text)[0]
    viewer.post(JUDGE, here=value, sight="1", back="/runs/small/")
    assert holding(viewer) == [("ada", "supported")]
    undo = undo_of(viewer.get("/runs/small/"))[0]
    for _ in range(2):  # pressed twice it takes back no other label
        done = viewer.post(JUDGE, here=undo, sight="1", back="/runs/small/")
        assert done.headers["location"] == f"/runs/small/#{place}"
        assert holding(viewer) == [("ada", "absent")]
    viewer.post(JUDGE, here=undo_of(viewer.get("/runs/small/"))[0], sight="1", back="/runs/small/")
    assert holding(viewer) == []
    assert undo_of(viewer.get("/runs/small/")) == []
    assert len(kept(viewer)) == 4, "the file keeps every line"


def test_nobody_takes_back_the_label_of_another(viewer: Viewer) -> None:
    answer(viewer, "absent", "?by=ada")
    undo = undo_of(viewer.get("/runs/small/"))[0]
    begin(viewer, "bob")
    assert undo_of(viewer.get("/runs/small/")) == []
    viewer.post(JUDGE, here=undo, sight="1", back="/runs/small/")
    assert holding(viewer) == [("ada", "absent")]


@pytest.mark.parametrize("here", ["perhaps x y", "supported", "supported nobody-asked a0s0k0f1"])
def test_a_button_that_no_page_has_keeps_nothing(viewer: Viewer, here: str) -> None:
    begin(viewer, "ada")
    assert viewer.post(JUDGE, here=here, sight="1", back="/runs/small/").status_code in (404, 409)
    assert kept(viewer) == []


def test_no_name_is_filled_in_and_the_queue_asks_whoever_begins_it(viewer: Viewer) -> None:
    answer(viewer, "absent", "?by=%C3%85sa")
    page = viewer.get(JUDGE)
    assert "Your name, as reports will show it" in words(page)
    assert re.search(r'<input id="by" name="by" required maxlength="80" autocomplete="off">', page.text)
    assert "Labels on these texts: Åsa (1)." in words(page)


def test_a_pair_that_a_report_links_to_asks_who_is_there_once_in_a_browser(viewer: Viewer) -> None:
    begun = begin(viewer, "ada")
    pair = asked(viewer.get(begun.headers["location"]))
    assert "ada ( somebody else )" in words(viewer.get(f"{JUDGE}?pair={pair}"))
    cookie = begun.headers["set-cookie"]
    assert "Max-Age" not in cookie, "it goes with the browser"
    assert "expires" not in cookie.lower()


def test_a_link_makes_nobody_the_annotator(viewer: Viewer) -> None:
    """Who follows an address with a name in it has not said that it is theirs: the browser remembers nothing."""
    page = viewer.get(f"{JUDGE}?by=mallory")
    assert "set-cookie" not in page.headers
    assert "Your name, as reports will show it" in words(viewer.get(f"{JUDGE}?pair={asked(page)}"))
    assert "set-cookie" not in viewer.get(f"{JUDGE}?by=mallory&who=1").headers


def test_a_name_that_has_labels_says_whose_will_be_joined(viewer: Viewer) -> None:
    answer(viewer, "absent", "?by=ada")
    page = viewer.post(JUDGE, by="Ada", begins="new", use="coverage")
    assert "ada has 1 label on these texts. Yours will stand under the same name" in words(page)
    assert "set-cookie" not in page.headers
    assert "statement" not in re.findall(r'class="(\w+)"', page.text)
    form = page.text.partition('<div class="notice"')[2].partition("</form>")[0]
    joined = viewer.post(JUDGE, **hidden(form), begins="joined")
    assert joined.headers["location"] == f"{JUDGE}?by=ada&use=coverage"
    assert "bob ( somebody else )" in words(viewer.get(begin(viewer, "bob").headers["location"]))


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example/runs/small/", "/runs/other/", "javascript:1"]
)
def test_nobody_is_sent_elsewhere(viewer: Viewer, back: str) -> None:
    pair = asked(viewer.get(f"{JUDGE}?by=ada"))
    done = viewer.post(JUDGE, by="ada", asked=pair, label="absent", back=back)
    assert done.headers["location"] == f"{JUDGE}?by=ada"


# Agreement ------------------------------------------------------------------------------------------------------------


def everything(viewer: Viewer, name: str, label: Label, use: Use | None = None) -> None:
    """Label all that waits, as a person would in a while."""
    labelling = AnnotationSession(AnnotationQueue([pipeline.read(viewer.run)], use), name)
    labelling.submit(
        [SubmittedLabel(ask, "absent" if "pillars" in ask.task.hypothesis else label) for ask in labelling.waiting()]
    )


def test_without_labels_agreement_sends_to_the_queue(viewer: Viewer) -> None:
    page = viewer.get("/runs/small/agreement")
    assert "Nobody has labelled any of the 6 pairs" in words(page)
    assert f'href="{JUDGE}"' in page.text


def test_agreement_of_two_people_and_the_verifier(viewer: Viewer) -> None:
    everything(viewer, "ada", "supported")
    everything(viewer, "bob", "absent")
    page = viewer.get("/runs/small/agreement")
    for part in (
        "ada · bob",
        "ada · lexical",
        "Krippendorff's α",
        "labels alone",
        "In dispute",
        "interval needs at least 8",
    ):
        assert part in words(page).replace("&#39;", "'"), part
    dispute = re.search(r'href="(/runs/small/judge\?[^"]*pair=(\w+))"', page.text)
    assert dispute
    opened = viewer.get(dispute[1].replace("&amp;", "&") + "&by=ada")
    assert asked(opened) == dispute[2]
    assert 'aria-pressed="true"' in opened.text  # what she said is shown


def test_agreement_follows_what_is_labelled(viewer: Viewer) -> None:
    everything(viewer, "ada", "supported")
    assert "ada 6." in words(viewer.get("/runs/small/agreement"))
    everything(viewer, "bob", "supported")
    assert "ada 6 and bob 6." in words(viewer.get("/runs/small/agreement"))


def fitted(viewer: Viewer) -> httpx2.Response:
    """Press the button, and wait until it is done."""
    assert viewer.post("/runs/small/calibrate").headers["location"] == "/runs/small/calibrate"
    until(lambda: "Judging the labelled pairs" not in viewer.get("/runs/small/calibrate").text)
    return viewer.get("/runs/small/calibrate")


def test_too_few_labels_to_fit_are_told(viewer: Viewer) -> None:
    assert viewer.get("/runs/small/calibrate").headers["location"] == "/runs/small/agreement"
    assert "nobody has labelled" in words(fitted(viewer))
    everything(viewer, "ada", "supported")
    assert "6 labels of single statements are too few to fit anything" in words(fitted(viewer))
    assert not Path(viewer.run, "calibration.json").exists()


def test_one_click_fits_the_verifier_of_the_run(viewer: Viewer) -> None:
    """30 labels of facts about the bridge, half of them supported."""
    facts = "".join(f"  - {{id: f{at}, statement: {_stated(at)}}}\n" for at in range(30))
    viewer.facts.write_text(f"facts:\n{facts}", "utf-8")
    pipeline.score(viewer.run)
    everything(viewer, "ada", "supported", "coverage")
    page = fitted(viewer)
    assert "lexical on people" in words(page)
    assert re.search(
        r"write this in \S*configs/small.yaml , and .* calibration: \S*/results/small/calibration.json", words(page)
    )
    assert Path(viewer.run, "calibration.json").is_file()


def _stated(at: int) -> str:
    return f"In {1990 + at} the council of Lyd closed the Nord bridge." if at % 2 else f"It has {at} pillars."
