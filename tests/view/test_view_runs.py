from __future__ import annotations

import html
import json
import re
import shutil
from dataclasses import replace

import httpx2
import pytest
from filelock import FileLock
from viewing import Viewer, read_page, wait_until

from harness.data.runs.results import RunFolder


@pytest.fixture
def three_runs(viewer: Viewer) -> Viewer:
    """Three runs, started in the order earliest, small, later."""
    for name, started in (("later", "2031-01-01T10:00:00+00:00"), ("earliest", "2001-01-01T10:00:00+00:00")):
        shutil.copytree(viewer.run, viewer.run.with_name(name))
        path = viewer.run.with_name(name) / "manifest.json"
        path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | {"started": started}), "utf-8")
    return viewer


def change_fact(viewer: Viewer, before: str = "kind: number", after: str = "kind: event") -> None:
    viewer.facts.write_text(viewer.facts.read_text("utf-8").replace(before, after), "utf-8")


def run_names(page: httpx2.Response) -> list[str]:
    return re.findall(r'name="run" value="([^"]+)" aria-label="compare', page.text)


def press_rescore(viewer: Viewer, page: httpx2.Response) -> str:
    """Press the button that rescores stale runs and wait; returns the redirect."""
    fields = {
        name: html.unescape(value) for name, value in re.findall(r'name="(runs|back)" value="([^"]*)"', page.text)
    }
    answer = viewer.post("/rescore", **fields)
    assert answer.status_code == 303
    wait_until(lambda: not viewer.context.rescoring.list_active(fields["runs"].split("/")))
    return answer.headers["location"]


def test_newest_run_comes_first_with_status_systems_articles_and_verifier(three_runs: Viewer) -> None:
    page = three_runs.get("/")
    assert run_names(page) == ["later", "small", "earliest"]
    assert "small complete lead , oracle 2 lexical" in read_page(page)


def test_unreadable_runs_are_listed_with_the_reason_and_an_empty_list_says_how_to_make_a_run(viewer: Viewer) -> None:
    manifest = json.loads((viewer.run / "manifest.json").read_text("utf-8"))
    broken = {"old": json.dumps({**manifest, "format": 0}), "newer": json.dumps({**manifest, "format": 99}), "cut": "{"}
    for name, text in broken.items():
        shutil.copytree(viewer.run, viewer.run.with_name(name))
        (viewer.run.with_name(name) / "manifest.json").write_text(text)
    page = viewer.get("/")
    assert run_names(page)[0] == "small"
    for name in broken:
        assert f"results/{name}/manifest.json" in read_page(page)
        assert viewer.get(f"/runs/{name}/").status_code == 409
    shutil.rmtree(viewer.run.parent)
    assert "harness run configs/base.yaml" in read_page(viewer.get("/"))


def test_one_button_rescores_all_stale_runs(three_runs: Viewer) -> None:
    assert "stale" not in read_page(three_runs.get("/"))
    facts = three_runs.facts.read_text()
    three_runs.facts.write_text("facts: [")
    assert "stale" not in read_page(three_runs.get("/")), "a broken file is not a change"
    three_runs.facts.write_text(facts)
    later = RunFolder(three_runs.run.with_name("later"))
    later.write_manifest(replace(later.manifest, status="interrupted"))
    change_fact(three_runs)
    page = three_runs.get("/")
    assert read_page(page).count("stale changed: facts of bridge") == 2
    assert "stale changed: verdicts (scoring was stopped), facts of bridge" in read_page(page)
    assert press_rescore(three_runs, page) == "/"
    assert "stale" not in read_page(three_runs.get("/"))
    hashes = {
        json.dumps(RunFolder(three_runs.run.with_name(name)).manifest.facts) for name in ("small", "later", "earliest")
    }
    assert len(hashes) == 1


def test_run_is_stale_if_its_scoring_stopped_but_not_while_another_command_scores_it(viewer: Viewer) -> None:
    run = RunFolder(viewer.run)
    run.write_manifest(replace(run.manifest, finished=None))
    with FileLock(run.path / ".lock"):
        assert "stale" not in read_page(viewer.get("/"))
    assert "stale changed: verdicts (scoring was stopped)" in read_page(viewer.get("/"))


@pytest.mark.parametrize(
    ("address", "stale"), [("/runs/small/", ["small"]), ("/compare?run=small&run=later", ["small", "later"])]
)
def test_page_of_stale_runs_rescores_only_these(three_runs: Viewer, address: str, stale: list[str]) -> None:
    assert "Changed since" not in read_page(three_runs.get(address))
    change_fact(three_runs, "was 12 centimetres", "was 12 cm")
    page = three_runs.get(address)
    assert " ".join(f"Changed since {name} was scored: facts of bridge." for name in stale) in read_page(page)
    assert press_rescore(three_runs, page) == address
    assert "Changed since" not in read_page(three_runs.get(address))
    assert read_page(three_runs.get("/")).count("stale changed: facts of bridge") == 3 - len(stale)


def test_failed_rescoring_says_why(viewer: Viewer) -> None:
    article = viewer.project / "references" / "flood" / "article.md"
    article.write_text(article.read_text("utf-8").replace("three metres", "four metres"), "utf-8")
    press_rescore(viewer, viewer.get("/"))
    assert "these articles were changed or removed after they were summarised: flood" in read_page(viewer.get("/"))


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example/", "/articles"])
def test_rescore_redirects_only_to_known_pages(viewer: Viewer, back: str) -> None:
    assert viewer.post("/rescore", runs="small", back=back).headers["location"] == "/"


# Comparing ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["run=later&run=small", "run=small&run=later"])
def test_older_run_is_the_reference_in_any_order_until_swapped(three_runs: Viewer, query: str) -> None:
    page = three_runs.get(f"/compare?{query}&by=run")
    assert "small → later" in read_page(page)
    assert re.search("Reference: small , started .* Compared with it: later ,", read_page(page))
    assert "Differences from small" in read_page(page)
    swap = re.search(r'href="([^"]*reference=later[^"]*)"', page.text)
    assert swap
    swapped = three_runs.get(html.unescape(swap[1]))
    assert "later → small" in read_page(swapped)
    assert "Reference: later" in read_page(swapped)


def test_systems_of_one_run_are_compared_and_unknown_runs_are_not_found(viewer: Viewer) -> None:
    page = viewer.get("/compare?run=small")
    assert "small, by system" in read_page(page)
    assert "by=run" not in page.text, "there is only one run"
    assert "different=1" not in viewer.get("/compare?run=small&by=prompt").text, "no system has a prompt"
    assert viewer.get("/compare").headers["location"] == "/"
    assert viewer.get("/compare?run=small&run=nothing").status_code == 404


def test_incomparable_runs_need_confirmation(three_runs: Viewer) -> None:
    folder = RunFolder(three_runs.run.with_name("later"))
    folder.write_manifest(replace(folder.manifest, verifier="another|code:2"))
    page = three_runs.get("/compare?run=small&run=later")
    assert "were measured differently from small" in read_page(page)
    anyway = re.search(r'href="([^"]*different=1)"', page.text)
    assert anyway
    assert "Side by side" in read_page(three_runs.get(html.unescape(anyway[1])))


# Search ---------------------------------------------------------------------------------------------------------------


def find(viewer: Viewer, query: str) -> dict[str, list[str]]:
    """The addresses under each heading."""
    sections = re.split(r'<h2 id="group-\d+">', viewer.get(f"/search?q={query}").text)[1:]
    parts = [section.partition("</h2>") for section in sections]
    return {title: re.findall(r'<a href="([^"]+)"', rest.partition("</section>")[0]) for title, _, rest in parts}


def test_each_kind_is_found(viewer: Viewer) -> None:
    assert find(viewer, "oracle")["Runs"] == ["/runs/small/"]
    assert find(viewer, "emptied+forty")["Articles"] == ["/articles/flood"]
    assert find(viewer, "crack+CENTIMETRES+was")["Facts"] == ["/articles/bridge/facts/crack-size"]
    assert find(viewer, "opened+nord")["Facts"] == ["/articles/bridge/facts/bridge-closed"], "by a false version"
    claim = next(check for check in RunFolder(viewer.run).checks if check.use == "grounding")
    some = "+".join(re.findall(r"\w+", claim.hypothesis)[:3])
    assert f"/runs/small/articles/{claim.article_id}" in find(viewer, some)["Claims and reasons for verdicts"]


@pytest.mark.parametrize("query", ["%22No+deal%22", "%22NO", "c:%5Ctemp", "%C2%AByes%C2%BB", "16–15"])
def test_reasons_are_found_with_quotation_marks_and_backslashes(viewer: Viewer, query: str) -> None:
    """Records escape quotation marks and backslashes."""
    path = RunFolder(viewer.run).checks.path
    first, *others = path.read_text("utf-8").splitlines()
    check = json.loads(first)
    check["verdict"]["reason"] = 'summary: "no deal" in C:\\temp by 16–15 · article: «yes»'
    path.write_text("\n".join([json.dumps(check, ensure_ascii=False), *others]) + "\n", "utf-8")
    assert find(viewer, query)["Claims and reasons for verdicts"] == [f"/runs/small/articles/{check['article_id']}"]


def test_corrupt_record_does_not_hide_others(viewer: Viewer) -> None:
    path = RunFolder(viewer.run).checks.path
    path.write_bytes(b'{"half": "bridge\n' + path.read_bytes())
    assert find(viewer, "bridge")["Claims and reasons for verdicts"]
