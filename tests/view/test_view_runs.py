"""The list of runs: found, sorted, told which are stale and scored again; named, noted, put away and taken back."""

from __future__ import annotations

import html
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from viewing import Viewer, until, words

from harness.data.runs import results
from harness.data.runs.results import RunFolder
from harness.report.trust import CLAIMS_MEASURED
from harness.view import overview
from harness.view.rescoring import Scoring


@pytest.fixture
def several(viewer: Viewer) -> Viewer:
    """Three runs: small, later, and earliest, by when they were started."""
    for name, started in (("later", "2031-01-01T10:00:00+00:00"), ("earliest", "2001-01-01T10:00:00+00:00")):
        shutil.copytree(viewer.run, viewer.run.with_name(name))
        path = viewer.run.with_name(name) / "manifest.json"
        path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | {"started": started}), "utf-8")
    return viewer


def names(viewer: Viewer, address: str = "/") -> list[str]:
    """The runs of the list, in its order."""
    return re.findall(r'name="run" value="([^"]+)" aria-label="compare', viewer.get(address).text)


def test_the_newest_run_comes_first_and_any_column_sorts(several: Viewer) -> None:
    assert names(several) == ["later", "small", "earliest"]
    assert names(several, "/?sort=started") == ["earliest", "small", "later"]
    assert names(several, "/?sort=name") == ["earliest", "later", "small"]
    assert names(several, "/?sort=-name") == ["small", "later", "earliest"]
    page = several.get("/?sort=name").text
    assert '<th scope="col" aria-sort="ascending"><a href="/?sort=-name">Run</a></th>' in page
    assert '<th scope="col"><a href="/?sort=-score">Score</a></th>' in page
    assert names(several, "/?sort=nonsense") == names(several)


def test_a_run_without_numbers_stands_last_in_either_order(several: Viewer) -> None:
    (several.run.with_name("later") / "manifest.json").write_text("{", "utf-8")
    assert names(several, "/?sort=score")[-1] == names(several, "/?sort=-score")[-1] == "later"


def test_a_floor_that_no_system_beats_stands_beside_the_score(viewer: Viewer) -> None:
    """The oracle and the first sentences keep as much; here those are the floor, and these the system."""
    path = viewer.run / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    for system in manifest["systems"]:
        system["role"] = {"lead": "system", "oracle": "floor"}[system["name"]]
    path.write_text(json.dumps(manifest), "utf-8")
    assert "lead 0.61 Fact recall ↑ the floor has 0.61 (oracle)" in words(viewer.get("/"))


def test_what_a_verifier_lets_pass_stands_first(viewer: Viewer) -> None:
    """Being right about facts says little of claims, so these come first where they were measured."""
    assert "lexical: In tests this verifier was right about 77% of facts" in words(viewer.get("/"))
    path = viewer.run / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    manifest["agreement"]["out_of_fold"] |= dict.fromkeys(CLAIMS_MEASURED, 0.0) | {"false_passed": 0.243}
    path.write_text(json.dumps(manifest), "utf-8")
    assert "lexical: In tests this verifier called 24% of false claims supported, 0% wrong" in words(viewer.get("/"))


def test_runs_are_found_by_name_note_and_system(several: Viewer) -> None:
    several.post("/runs/small/manage", name="small", note="with the <b>new</b> prompt", do="save")
    assert names(several, "/?q=EARL") == ["earliest"]
    assert names(several, "/?q=prompt+new") == ["small"]
    assert len(names(several, "/?q=oracle")) == 3
    assert "No run has “nothing” in its name" in words(several.get("/?q=nothing"))
    assert "with the &lt;b&gt;new&lt;/b&gt; prompt" in several.get("/").text


def test_stale_runs_have_a_badge_and_one_button_scores_them_all(several: Viewer) -> None:
    assert "stale" not in words(several.get("/"))
    several.facts.write_text(several.facts.read_text("utf-8").replace("kind: number", "kind: event"), "utf-8")
    text = words(several.get("/"))
    assert text.count("stale facts of bridge") == 3
    assert "3 runs are stale: what they were scored with has changed. Score them all again" in text
    assert several.post("/stale").status_code == 303
    until(lambda: "scoring" not in words(several.get("/")))
    text = words(several.get("/"))
    assert "stale" not in text
    before, after = (RunFolder(several.run.with_name(name)).manifest.facts for name in ("small", "later"))
    assert before == after


def test_a_run_whose_scoring_ends_while_the_list_is_made_is_asked_about_again(viewer: Viewer) -> None:
    """Else it would stand there as stale until somebody loads the page: it was looked at before the scoring ended."""

    class Ending(Scoring):
        @property
        def ended(self) -> bool:
            first, self.done = self.done == 0, self.done + 1
            return not first

    viewer.facts.write_text(viewer.facts.read_text("utf-8").replace("kind: number", "kind: event"), "utf-8")
    viewer.context.rescoring.start("small", Ending("small"), lambda: None)
    page = viewer.get("/")
    assert "scoring.js" in page.text
    assert "stale" not in words(page)


def test_a_script_is_told_how_far_the_runs_of_its_page_are_scored(several: Viewer) -> None:
    """Those of the list are all runs; a comparison asks about its own."""
    several.context.rescoring.start("small", going := Scoring("small", done=3, total=10), lambda: None)
    until(lambda: going.ended)
    going.state = "running"
    for address in ("/scoring", "/scoring?run=small", "/scoring?run=later&run=small"):
        assert several.get(address).json() == {"busy": True, "runs": {"/runs/small": "3 of 10"}}
    assert several.get("/scoring?run=later").json() == {"busy": False, "runs": {}}
    assert 'scoring <span data-run="/runs/small">3 of 10</span>' in several.get("/").text
    assert 'data-scoring="/scoring?run=small&amp;run=later"' in several.get("/compare?run=small&run=later").text
    going.state = "done"
    assert several.get("/scoring").json() == {"busy": False, "runs": {"/runs/small": "done"}}
    assert several.get("/scoring?run=gone").json() == {"busy": False, "runs": {}}, "the page says that it is gone"


def test_the_folder_is_listed_once_for_the_whole_list(several: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the list takes time with the square of the number of runs."""
    runs, listings = results.runs, []

    def counted(folder: Path) -> list[RunFolder]:
        listings.append(folder)
        return runs(folder)

    monkeypatch.setattr(results, "runs", counted)
    assert len(names(several)) == 3
    assert listings.count(several.project / "results") == 1


def test_a_run_that_goes_while_the_list_is_made_takes_no_other_with_it(
    several: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = overview.line

    def then_gone(run: RunFolder) -> overview.RunRow:
        row = line(run)
        if run.path.name == "later":
            shutil.rmtree(run.path)
            return replace(row, status="running")
        return row

    monkeypatch.setattr(overview, "line", then_gone)
    page = several.get("/")
    assert page.status_code == 200
    assert "small" in words(page)
    assert "earliest" in words(page)


@pytest.mark.parametrize(
    ("address", "chosen"),
    [
        ("/compare", '<option value="">what fits</option>'),
        ("/compare?run=small", '<option value="">what fits</option>'),
        ("/compare?run=small&by=", '<option value="">what fits</option>'),
        ("/compare?run=small&by=model", "<option selected>model</option>"),
    ],
)
def test_a_comparison_is_by_what_fits_until_something_else_is_chosen(viewer: Viewer, address: str, chosen: str) -> None:
    """A form without a selected option sends its first."""
    page = viewer.get(address)
    assert page.status_code == 200
    [select] = re.findall(r'(?s)<select name="by">(.*?)</select>', page.text)
    options = re.findall("<option.*</option>", select)
    assert next((option for option in options if "selected" in option), options[0]) == chosen


def test_a_stale_run_says_so_on_its_own_page_and_is_scored_from_there(viewer: Viewer) -> None:
    notice = "Changed since it was scored: facts of bridge. The leaderboard is as it was. Score it again"
    assert notice not in words(viewer.get("/runs/small/"))
    viewer.facts.write_text(viewer.facts.read_text("utf-8").replace("kind: number", "kind: event"), "utf-8")
    assert notice in words(viewer.get("/runs/small/"))
    assert viewer.post("/stale", only="small", back="/runs/small/").headers["location"] == "/runs/small/"
    until(lambda: "stale" not in words(viewer.get("/")) and "scoring" not in words(viewer.get("/")))
    assert notice not in words(viewer.get("/runs/small/"))


def test_compare_says_what_changed_in_a_fact_and_scores_the_stale_runs_that_are_compared(several: Viewer) -> None:
    """Word by word, with no option of the command line; the run that is not compared stays stale."""
    several.facts.write_text(several.facts.read_text("utf-8").replace("was 12 centimetres", "was 12 cm"), "utf-8")
    address = "/compare?run=small&run=later"
    page = several.get(address)
    assert "The crack was 12 <del>centimetres.</del><ins>cm.</ins>" in page.text.replace("\n", "")
    assert "small : facts of bridge" in words(page)
    only, back = (re.search(f'name="{field}" value="([^"]*)"', page.text) for field in ("only", "back"))
    assert only
    assert back
    assert several.post("/stale", only=only[1], back=html.unescape(back[1])).headers["location"] == address
    until(lambda: "Scoring" not in words(several.get(address)))
    assert "Changed since they were scored" not in words(several.get(address))
    assert "crack-size" in words(several.get("/compare?run=earliest"))


def test_runs_that_were_measured_differently_offer_a_button_and_no_option(several: Viewer) -> None:
    several.facts.write_text(several.facts.read_text("utf-8").replace("was 12 centimetres", "was 12 cm"), "utf-8")
    several.post("/stale", only="small", back="/compare?run=small")
    until(lambda: "Scoring" not in words(several.get("/compare?run=small")))
    refused = several.get("/compare?run=small&run=later")
    assert refused.status_code == 409
    assert "These runs were not measured as small was." in words(refused)
    assert "Score it again" in words(refused)
    assert "--" not in words(refused)


def test_a_run_that_cannot_be_scored_says_why_and_the_others_are(several: Viewer) -> None:
    article = several.project / "references" / "flood" / "article.md"
    article.write_text(article.read_text("utf-8").replace("three metres", "four metres"), "utf-8")
    assert words(several.get("/")).count("stale text of flood") == 3
    several.post("/stale")
    until(lambda: words(several.get("/")).count("make their summaries anew: harness run") == 3)


def test_a_run_gets_another_name(several: Viewer) -> None:
    assert several.post("/runs/small/manage", name="short", note="", do="save").headers["location"] == "/"
    assert names(several) == ["later", "short", "earliest"]
    assert several.get("/runs/small/").status_code == 404
    assert "<h1" in several.get("/runs/short/").text
    refused = several.post("/runs/short/manage", name="later", note="", do="save")
    assert refused.status_code == 409
    assert "later is there already; choose another name" in words(refused)


def test_a_note_that_somebody_wrote_meanwhile_is_kept(several: Viewer) -> None:
    several.post("/runs/small/manage", name="small", before="", note="first\r\nsecond", do="save")
    several.post("/runs/small/manage", name="short", before="", note="", do="save")
    assert "first second" in words(several.get("/runs/short/manage"))
    refused = several.post("/runs/short/manage", name="other", before="", note="mine", do="save")
    assert (refused.status_code, "the note was changed meanwhile" in words(refused)) == (409, True)
    assert several.get("/runs/other/").status_code == 404
    several.post("/runs/short/manage", name="short", before="first\r\nsecond", note="", do="save")
    assert "first second" not in words(several.get("/runs/short/manage"))


def test_a_run_goes_into_the_bin_and_undo_takes_it_back(several: Viewer) -> None:
    gone = several.post("/runs/small/manage", do="put-away").headers["location"]
    assert names(several) == ["later", "earliest"]
    text = words(several.get(gone))
    assert "small is in the bin. Undo" in text
    assert "The bin holds 1 run." in text
    assert "small Put back" in words(several.get("/bin"))
    assert several.post("/bin", run="small").status_code == 303
    assert names(several) == ["later", "small", "earliest"]
    assert "The bin is empty." in words(several.get("/bin"))
    assert several.post("/bin", run="../../etc").status_code == 404


@pytest.mark.parametrize("address", ["/stale", "/bin", "/runs/small/manage"])
def test_nothing_is_changed_without_the_token_of_a_page(several: Viewer, address: str) -> None:
    assert several.client.post(address, data={"do": "put-away", "run": "small"}).status_code == 403
    assert len(names(several)) == 3
