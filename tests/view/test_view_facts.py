"""The facts of an article in the browser's forms: added, edited, removed, checked; nothing overwritten, nothing run."""

from __future__ import annotations

import re

import viewing
from viewing import Viewer, until, words

from harness.data import facts as facts_file
from harness.data.articles import read_folder
from harness.data.facts import FactEntry
from harness.data.facts import edit as facts_edit
from harness.view.rescoring import Scoring

PAGE = "/articles/bridge/facts"
NEW = {
    "statement": "Buses take another way until June.",
    "evidence": "Buses will take another way until June",
    "importance": "detail",
    "kind": "date",
    "do": "save",
}


def ids(viewer: Viewer) -> list[str]:
    return [fact.id for fact in facts_file.read(viewer.facts, None).facts]


def hidden(page: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)">', page)
    return found.group(1) if found else ""


def opened(viewer: Viewer, fact: str = "crack-size") -> dict[str, str]:
    """A fact's form as a browser would send it back unchanged."""
    page = viewer.get(f"{PAGE}/{fact}").text
    form = {name: hidden(page, name) for name in ("fact", "version")}
    entry = facts_edit.opened(viewer.facts, fact).entry
    return {
        **form,
        "id": entry.id,
        "statement": entry.statement,
        "evidence": entry.evidence or "",
        "importance": entry.importance,
        "kind": entry.kind,
        "contradictions": "\r\n".join(entry.contradictions),
        "do": "save",
    }


def ended(viewer: Viewer) -> Scoring:
    """The scoring of the run, once it has ended."""
    job = viewer.context.rescoring.of("small")
    assert job is not None
    until(lambda: job.ended)
    return job


def scored(viewer: Viewer) -> None:
    """Wait until the run is scored again."""
    job = ended(viewer)
    assert (job.state, job.problems) == ("done", ())


def test_the_page_shows_the_article_beside_the_form_and_lists_the_facts(viewer: Viewer) -> None:
    page = viewer.get(PAGE)
    assert page.status_code == 200
    told = words(page)
    assert "Engineers had found a crack of 12 centimetres in a pillar." in told
    assert "The crack was 12 centimetres." in told
    assert "supporting, number ¶ 2 0 of 2" in told
    assert "¶ 2 0 of 2 has 0 contradictions; supporting facts need 2" in told
    assert '<p id="p3" data-number="3" class="bare">' in page.text


def test_a_saved_fact_stands_in_the_file_and_the_run_is_scored_again(viewer: Viewer) -> None:
    answer = viewer.post(PAGE, **NEW, run="small")
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        f"{PAGE}?run=small&saved=buses-take-another-way-until-june",
    )
    assert ids(viewer) == ["bridge-closed", "crack-size", "buses-take-another-way-until-june"]
    assert "# The editor's own comment." in viewer.facts.read_text()
    scored(viewer)
    told = words(viewer.get(answer.headers["location"]))
    assert "small was scored again in" in told
    assert "What it changed System The fact Fact recall ↑ lead · lost 0.61 → 0.50" in told
    assert "Buses take another way until June. detail, date ¶ 3 0 of 2" in told


def test_who_keeps_a_new_fact_is_told(viewer: Viewer) -> None:
    monday = {"statement": "The council of Lyd closed it on Monday.", "evidence": "closed the Nord bridge on Monday"}
    location = viewer.post(PAGE, **{**NEW, **monday}, run="small").headers["location"]
    scored(viewer)
    assert "lead ✓ kept 0.61 → 0.65" in words(viewer.get(location))


def test_without_a_run_nothing_is_scored(viewer: Viewer) -> None:
    answer = viewer.post(PAGE, **NEW, run="-")
    assert answer.headers["location"].startswith(f"{PAGE}?run=-&saved=")
    assert viewer.context.rescoring.of("small") is None
    assert "none was scored again" in words(viewer.get(answer.headers["location"]))


def test_a_run_that_was_removed_meanwhile_is_not_replaced_by_another(viewer: Viewer) -> None:
    viewer.run.rename(viewer.run.with_name("renamed"))
    assert viewer.post(PAGE, **NEW, run="small").headers["location"].startswith(f"{PAGE}?run=-&saved=")
    assert viewer.context.rescoring.of("renamed") is None


def test_what_cannot_be_saved_comes_back_with_what_is_wrong_and_what_was_typed(viewer: Viewer) -> None:
    before = viewer.facts.read_text()
    answer = viewer.post(PAGE, **{**NEW, "evidence": "Buses will take an other way"})
    assert answer.status_code == 409
    assert "is not in the article; the nearest passage is 'Buses will take another way'" in words(answer)
    assert "Buses take another way until June." in answer.text
    assert "data-unsaved" in answer.text, "the script warns whoever leaves the page"
    assert "data-unsaved" not in viewer.get(PAGE).text
    assert "statement: is nothing" in words(viewer.post(PAGE, do="save")) or "is missing" in words(
        viewer.post(PAGE, do="save")
    )
    assert "says the same already" in words(viewer.post(PAGE, **{**NEW, "statement": "the crack was 12 centimetres"}))
    assert viewer.facts.read_text() == before


def test_a_sentence_is_taken_as_evidence_without_a_script(viewer: Viewer) -> None:
    page = viewer.get(PAGE).text
    [place] = re.findall(r'name="mark" value="([0-9-]+)"[^>]*Buses will take', page)
    answer = viewer.post(PAGE, statement="Buses take another way.", mark=place)
    assert "found in paragraph 3" in words(answer)
    assert "<mark>Buses will take another way until June.</mark>" in answer.text
    for odd in ("x-y", "5", "9-1", "0-99999999999999999999", "-1-4"):
        assert viewer.post(PAGE, statement="Buses.", mark=odd).status_code == 200


def test_false_versions_are_suggested_and_taken(viewer: Viewer) -> None:
    answer = viewer.post(PAGE, **{**NEW, "do": "versions"})
    versions = re.findall(r'<button name="add" value="([^"]+)"', answer.text)
    assert any("until" in version and "June" not in version for version in versions)
    taken = viewer.post(PAGE, **{**NEW, "do": "", "add": versions[0]})
    assert re.search(r'<textarea id="contradictions"[^>]*>' + re.escape(versions[0]) + "</textarea>", taken.text)
    assert versions[0] not in re.findall(r'<button name="add" value="([^"]+)"', taken.text)


def test_suggested_facts_are_links_that_fill_the_form(viewer: Viewer) -> None:
    page = viewer.get(f"{PAGE}?run=-&suggest=1")
    assert "no fact mentions" in words(page)
    [query] = [
        link for link in re.findall(r'href="([^"]+suggest=1[^"]*statement=[^"]*)"', page.text) if "4+million" in link
    ]
    filled = viewer.get(query.replace("&amp;", "&").partition("#")[0])
    assert "Mayor Ida Holm said the repair would cost 4 million crowns." in filled.text.partition("<textarea")[2]
    assert "found in paragraph 3" in words(filled)


def test_a_fact_is_edited_and_keeps_its_comments(viewer: Viewer) -> None:
    answer = viewer.post(PAGE, **{**opened(viewer), "importance": "detail"}, run="-")
    assert answer.status_code == 303
    text = viewer.facts.read_text()
    assert text == viewing.FACTS.replace("importance: supporting", "importance: detail")


def test_the_second_of_two_editors_is_told_and_shown_both(viewer: Viewer) -> None:
    first, second = opened(viewer), opened(viewer)
    viewer.post(PAGE, **{**first, "statement": "The crack was twelve centimetres long."}, run="-")
    answer = viewer.post(PAGE, **{**second, "statement": "The crack measured 12 cm."}, run="-")
    assert answer.status_code == 409
    told = words(answer)
    assert "was changed meanwhile; nothing was written" in told
    assert "data-unsaved" in answer.text
    assert "statement The crack was twelve centimetres long. The crack measured 12 cm." in told
    assert "twelve centimetres long" in viewer.facts.read_text()
    again = {**second, "statement": "The crack measured 12 cm.", "version": hidden(answer.text, "version")}
    assert viewer.post(PAGE, **again, run="-").status_code == 303
    assert "The crack measured 12 cm." in viewer.facts.read_text()


def test_a_fact_that_was_removed_meanwhile_can_be_added_anew(viewer: Viewer) -> None:
    form = opened(viewer)
    facts_edit.remove(viewer.facts, ["crack-size"])
    answer = viewer.post(PAGE, **form)
    assert "was removed or renamed meanwhile" in words(answer)
    assert hidden(answer.text, "fact") == ""
    assert viewer.post(PAGE, **{**form, "fact": "", "version": ""}, run="-").status_code == 303
    assert ids(viewer) == ["bridge-closed", "crack-size"]


def test_a_file_broken_by_hand_is_shown_with_its_line_and_not_overwritten(viewer: Viewer) -> None:
    form = opened(viewer)
    broken = viewing.FACTS.replace("kind: number", "kind: number: big")
    viewer.facts.write_text(broken)
    for answer in (viewer.post(PAGE, **form), viewer.post(PAGE, **NEW), viewer.get(PAGE)):
        assert "facts.yaml:12: is not YAML" in words(answer)
    answer = viewer.post(PAGE, **NEW, run="small")
    assert "Nothing was written." in words(answer)
    assert words(answer).count("facts.yaml:12: is not YAML") == 1
    assert "Buses take another way" in answer.text
    assert viewer.facts.read_text() == broken
    assert viewer.get(f"{PAGE}/crack-size").status_code == 409


def test_beside_an_entry_that_is_no_fact_nothing_is_written_and_what_was_typed_comes_back(viewer: Viewer) -> None:
    viewer.facts.write_text("facts:\n  - The flood came.\n")
    answer = viewer.post(PAGE, **NEW)
    assert answer.status_code == 409
    assert "facts.yaml:2: facts[0]: is the text 'The flood came.'; write it as a fact" in words(answer)
    assert "Buses take another way" in answer.text


def test_a_fact_is_removed_only_after_it_was_asked_for(viewer: Viewer) -> None:
    page = viewer.get(f"{PAGE}/crack-size/remove")
    assert "Remove this fact? The crack was 12 centimetres." in words(page)
    assert ids(viewer) == ["bridge-closed", "crack-size"]
    version = hidden(page.text, "version")
    facts_edit.edit(viewer.facts, "crack-size", {"kind": "event"}, read_folder(viewer.facts.parent).require_article())
    assert "was changed meanwhile" in words(viewer.post(f"{PAGE}/crack-size/remove", version=version))
    version = hidden(viewer.get(f"{PAGE}/crack-size/remove").text, "version")
    answer = viewer.post(f"{PAGE}/crack-size/remove", version=version, run="small")
    assert answer.headers["location"] == f"{PAGE}?run=small&removed=crack-size"
    assert ids(viewer) == ["bridge-closed"]
    scored(viewer)
    before = viewer.get(answer.headers["location"])
    assert f'action="{PAGE}/crack-size/undo"' in before.text
    assert (
        viewer.post(f"{PAGE}/crack-size/undo", run="small").headers["location"] == f"{PAGE}?run=small&saved=crack-size"
    )
    assert ids(viewer) == ["bridge-closed", "crack-size"]
    assert "was put back already" in words(viewer.post(f"{PAGE}/crack-size/undo", run="small"))
    assert "/undo" not in viewer.get(answer.headers["location"]).text
    scored(viewer)
    assert "Removed: crack-size" in words(viewer.get(answer.headers["location"]))


def test_an_undo_that_was_refused_can_be_tried_again(viewer: Viewer) -> None:
    version = hidden(viewer.get(f"{PAGE}/crack-size/remove").text, "version")
    viewer.post(f"{PAGE}/crack-size/remove", version=version, run="-")
    article = read_folder(viewer.facts.parent).require_article()
    again = FactEntry.model_validate({"id": "again", "statement": "The crack was 12 centimetres."})
    facts_edit.add(viewer.facts, [again], article)
    assert "says the same already" in words(viewer.post(f"{PAGE}/crack-size/undo", run="-"))
    facts_edit.remove(viewer.facts, ["again"])
    viewer.post(f"{PAGE}/crack-size/undo", run="-")
    assert ids(viewer) == ["bridge-closed", "crack-size"]


def test_a_script_gets_the_remarks_as_data(viewer: Viewer) -> None:
    said = viewer.post_json(
        "/articles/bridge/check", {"statement": "The crack was of 12 centimetres.", "evidence": "a crack"}
    ).json()
    assert said["name"] == "crack-12-centimetres"
    by_key = {remark["key"]: remark for remark in said["remarks"]}
    assert by_key["statement"]["other"] == "crack-size"
    assert by_key["evidence"]["passage"]["text"] == "a crack"
    assert viewer.post_json("/articles/nowhere/check", {}).status_code in (404, 409)


def test_a_passage_with_control_characters_is_taken_as_the_page_writes_it(viewer: Viewer) -> None:
    """The page shows U+2067, which begins a stretch from right to left, as six letters."""
    path = viewing.write_article(
        viewer.project / "references", "isolated", "The mayor, \u2067Layla\u2069, resigned."
    ).joinpath("facts.yaml")
    page = "/articles/isolated/facts"
    assert "The mayor, \\u2067Layla\\u2069, resigned." in words(viewer.get(page))
    marked = {"statement": "The mayor resigned.", "evidence": "mayor, \\u2067Layla\\u2069, resigned"}
    said = viewer.post_json("/articles/isolated/check", marked).json()
    assert "found in paragraph 1" in [remark["message"] for remark in said["remarks"]]
    assert viewer.post(page, **marked, do="save", run="-").status_code == 303
    assert facts_edit.opened(path, "mayor-resigned").entry.evidence == "mayor, \u2067Layla\u2069, resigned"
    wrong = viewer.post_json("/articles/isolated/check", {"statement": "\u202enever", "evidence": "\u202enever"})
    assert not [remark for remark in wrong.json()["remarks"] if "\u202e" in remark["message"]]


def test_the_state_of_a_scoring_is_told(viewer: Viewer) -> None:
    assert viewer.get("/articles/bridge/scoring?run=small").json() == {"ended": True}
    viewer.post(PAGE, **NEW, run="small")
    scored(viewer)
    assert viewer.get("/articles/bridge/scoring?run=small").json()["state"] == "done"


def test_a_scoring_that_fails_says_why(viewer: Viewer) -> None:
    (viewer.project / "references" / "flood" / "article.md").write_text("---\ntitle: Flood\n---\nAnother text now.\n")
    location = viewer.post(PAGE, **NEW, run="small").headers["location"]
    assert ended(viewer).state == "failed"
    assert "the articles changed or went since they were summarised: flood" in words(viewer.get(location))


def test_a_fact_or_an_article_that_there_is_not_is_told(viewer: Viewer) -> None:
    assert viewer.get("/articles/nowhere/facts").status_code == 404
    answer = viewer.get(f"{PAGE}/crack-siz")
    assert (answer.status_code, "did you mean 'crack-size'?" in words(answer)) == (409, True)


HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(1)>{{7*7}}\u202e'


def test_what_people_wrote_is_shown_and_not_run(viewer: Viewer) -> None:
    viewing.write_article(viewer.project / "references", "evil", f"{HOSTILE} struck. {HOSTILE} was seen in 14 towns.")
    form = {"statement": f"{HOSTILE} struck 9 towns.", "evidence": HOSTILE, "contradictions": HOSTILE, "id": "a<b>"}
    pages = [
        viewer.post("/articles/evil/facts", **form),
        viewer.post("/articles/evil/facts", **form, do="versions"),
        viewer.get("/articles/evil/facts?suggest=1"),
        viewer.get("/articles/evil/facts?saved=<script>alert(1)</script>&run=<b>"),
    ]
    viewer.post("/articles/evil/facts", **{**form, "contradictions": ""}, do="save", run="-")
    pages += [
        viewer.get("/articles/evil/facts"),
        viewer.get("/articles/evil/facts/a<b>"),
        viewer.get("/articles/evil/facts/a<b>/remove"),
    ]
    for page in pages:
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
        assert "\u202e" not in page.text
    assert pages[-1].text.count("&lt;script&gt;") >= 1
