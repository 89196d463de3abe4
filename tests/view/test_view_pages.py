"""The pages that show: runs, a run, comparisons, articles; and what they say when something is wrong."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest
import viewing
from viewing import Viewer, open_viewer, until, words

from harness import config, pipeline
from harness.data.runs.results import RunFolder
from harness.report import report
from harness.view import articles, run_pages


def test_the_list_says_of_each_run_what_it_came_to(viewer: Viewer) -> None:
    text = words(viewer.get("/"))
    assert "small ✓" not in text, "the sign is the style's"
    assert "2 systems × 2 articles" in text
    assert "complete" in text
    assert "lexical: In tests this verifier was right" in text
    [recall] = {
        score.value
        for score in RunFolder(viewer.run).scores.read()
        if score.metric == "fact_recall" and score.system == "lead" and score.value is not None
    }
    assert f"none under test Fact recall ↑ the floor has {recall:.2f} (lead)" in text


def test_a_run_that_cannot_be_read_stands_in_the_list_beside_the_others(viewer: Viewer) -> None:
    for name in ("old", "broken", "newer"):
        shutil.copytree(viewer.run, viewer.run.with_name(name))
    manifest = json.loads((viewer.run / "manifest.json").read_text("utf-8"))
    (viewer.run.with_name("old") / "manifest.json").write_text(json.dumps({**manifest, "format": 0}))
    (viewer.run.with_name("newer") / "manifest.json").write_text(json.dumps({**manifest, "format": 99}))
    (viewer.run.with_name("broken") / "manifest.json").write_text('{"format": ')
    text = words(viewer.get("/"))
    assert "old results/old/manifest.json is of an older format" in text
    assert "newer results/newer/manifest.json has format 99" in text
    assert "broken results/broken/manifest.json cannot be read" in text
    assert "2 systems × 2 articles" in text
    response = viewer.get("/runs/old/")
    assert response.status_code == 409
    assert "run the config again to make it anew" in words(response)


def test_a_score_that_is_no_record_is_named_with_its_line(viewer: Viewer) -> None:
    scores = viewer.run / "scores.jsonl"
    lines = scores.read_text("utf-8").splitlines()
    lines[0] = lines[0][:-20]
    scores.write_text("\n".join(lines) + "\n", "utf-8")
    assert "results/small/scores.jsonl:1: is not a whole record" in words(viewer.get("/"))


@pytest.mark.parametrize("file", ["summaries.jsonl", "verdicts.jsonl"])
def test_a_corrupt_record_is_shown_with_its_file_and_line(viewer: Viewer, file: str) -> None:
    path = viewer.run / file
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([lines[0], '{"half": ', *lines[1:]]) + "\n", "utf-8")
    response = viewer.get("/runs/small/")
    assert response.status_code == 409
    assert f"results/small/{file}:2: is not a whole record" in words(response)


def test_a_file_that_cannot_be_read_is_named(viewer: Viewer) -> None:
    path = viewer.run / "summaries.jsonl"
    path.unlink()
    path.mkdir()
    response = viewer.get("/runs/small/")
    assert response.status_code == 409
    assert "summaries.jsonl: cannot be read (Is a directory)" in words(response)


def test_a_run_is_its_report_with_the_apps_bar(viewer: Viewer) -> None:
    response = viewer.get("/runs/small/")
    text = words(response)
    assert "Leaderboard" in text
    assert "Bridge closed after crack is found" in text
    assert 'href="/articles"' in response.text
    assert "no-referrer" not in response.text, "with it a browser names no origin, and its writes would be refused"


def test_a_page_is_never_older_than_what_lies_on_disk(viewer: Viewer) -> None:
    assert "crack was 13" not in words(viewer.get("/runs/small/articles/bridge"))
    viewer.facts.write_text(viewer.facts.read_text("utf-8").replace("crack was 12", "crack was 13"), "utf-8")
    assert "crack was 13" in words(viewer.get("/runs/small/articles/bridge"))
    assert "crack was 13" in words(viewer.get("/articles/bridge"))


def test_a_fact_file_that_is_no_yaml_is_shown_with_its_line_and_not_touched(viewer: Viewer) -> None:
    broken = viewer.facts.read_text("utf-8") + "  - id: [unclosed\n"
    viewer.facts.write_text(broken, "utf-8")
    for path in ("/runs/small/", "/articles/bridge"):
        assert "references/bridge/facts.yaml:1" in words(viewer.get(path))
    assert "references/bridge/facts.yaml:1" in words(viewer.get("/articles"))
    assert viewer.facts.read_text("utf-8") == broken


def test_an_article_that_changed_since_is_said_to_have_changed(viewer: Viewer) -> None:
    article = viewer.project / "references" / "bridge" / "article.md"
    article.write_text(article.read_text("utf-8").replace("Monday", "Tuesday"), "utf-8")
    response = viewer.get("/runs/small/")
    assert response.status_code == 409
    assert "the articles changed" in words(response)


def test_a_run_that_is_deleted_while_it_is_open_is_not_there(viewer: Viewer) -> None:
    assert viewer.get("/runs/small/").status_code == 200
    shutil.rmtree(viewer.run)
    for path in ("/runs/small/", "/runs/small/articles/bridge", "/compare?run=small"):
        response = viewer.get(path)
        assert response.status_code == 404
        assert "there is no run 'small'" in words(response)
    assert "harness run configs/base.yaml" in words(viewer.get("/"))


@pytest.mark.parametrize("path", ["/runs/small/articles/nothing", "/articles/nothing", "/nothing", "/runs/small"])
def test_what_is_not_there_is_said_not_to_be(viewer: Viewer, path: str) -> None:
    assert viewer.get(path).status_code in (404, 307)


def test_without_a_folder_of_articles_the_list_says_how_to_get_one(viewer: Viewer) -> None:
    shutil.rmtree(viewer.project / "references")
    assert "harness articles import" in words(viewer.get("/articles"))


def test_systems_of_a_run_and_runs_are_compared(viewer: Viewer) -> None:
    shutil.copytree(viewer.run, viewer.run.with_name("again"))
    text = words(viewer.get("/compare?run=small"))
    assert "small, by system" in text
    text = words(viewer.get("/compare?run=small&run=again"))
    assert "small → again" in text
    assert "Choose" not in text
    assert "Runs small again" in words(viewer.get("/compare")) or "Runs again small" in words(viewer.get("/compare"))


def test_what_cannot_be_compared_says_why_under_its_form(viewer: Viewer) -> None:
    other = viewer.run.with_name("other")
    shutil.copytree(viewer.run, other)
    folder = RunFolder(other)
    folder.write_manifest(replace(folder.manifest, verifier="another|code:2"))
    response = viewer.get("/compare?run=small&run=other")
    assert response.status_code == 409
    assert "were not measured as small was" in words(response)
    assert 'name="different"' in response.text
    assert viewer.get("/compare?run=small&run=other&different=on").status_code == 200
    assert viewer.get("/compare?run=small&by=nonsense&against=nobody").status_code == 409


def test_all_articles_of_a_run_can_be_reached_however_many_a_report_shows(
    viewer: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (run_pages, report):
        monkeypatch.setattr(module, "PAGES", 1)
    first, second = (viewer.get(f"/runs/small/?page={page}") for page in (1, 2))
    assert re.findall(r'href="(/runs/small/articles/\w+)#a(\d)"><bdi>', first.text) == [
        ("/runs/small/articles/bridge", "0")
    ]
    assert re.findall(r'href="(/runs/small/articles/\w+)#a(\d)"><bdi>', second.text) == [
        ("/runs/small/articles/flood", "1")
    ]
    assert '<a href="/runs/small/?page=2#articles">2</a>' in first.text
    flood = viewer.get("/runs/small/articles/flood")
    assert "Article 2 of 2" in words(flood)
    assert 'href="/runs/small/articles/bridge#a0" rel="prev"' in flood.text


def once_read(viewer: Viewer, path: str, said: str) -> httpx2.Response:
    """The page, which says so as long as it is being read."""
    answers = [viewer.get(path)]

    def is_read() -> bool:
        answers.append(viewer.get(path))
        return answers[-1].status_code != 202

    until(is_read)
    for answer in answers:
        if answer.status_code == 202:
            assert said in words(answer)
            assert "/static/again.js" in answer.text
    assert "being read" not in words(answers[-1])
    return answers[-1]


def test_what_is_still_being_read_says_so_and_comes_when_it_is_there(viewer: Viewer) -> None:
    impatient = open_viewer(viewer.project, patience=0)
    for path in ("/runs/small/", "/runs/small/articles/flood", "/runs/small/judge?by=ada", "/runs/small/agreement"):
        answer = once_read(impatient, path, "The run is being read")
        assert answer.status_code == 200
    verdicts = viewer.run / "verdicts.jsonl"
    verdicts.write_text("no record\n" + verdicts.read_text("utf-8"), "utf-8")
    answer = once_read(impatient, "/runs/small/", "The run is being read")
    assert "verdicts.jsonl:1: is not a whole record" in words(answer)


ODD = {
    "one sentence": "The council met.",
    "right to left": "ارتفع منسوب النهر ثلاثة أمتار. لم يصب أحد بأذى.\nقالت الشرطة ذلك يوم الجمعة.",
    "chinese": "市长周一辞职。火灾造成14人受伤。\n警方说原因不明。",
    "many words": "The council of Lyd met on Monday. " * 17_000,
}


@pytest.mark.slow
@pytest.mark.parametrize("text", ODD.values(), ids=list(ODD))
def test_odd_articles_are_shown(viewer: Viewer, text: str) -> None:
    """One of 100,000 words too."""
    viewing.write_article(viewer.project / "references", "odd", text, reference=text[:30])
    path = viewer.project / "configs" / "odd.yaml"
    made = viewing.CONFIG.replace("../references", "../references/odd").replace("small", "odd")
    path.write_text(made.replace("  oracle: {kind: oracle}\n", ""), "utf-8")
    pipeline.run(config.load(path), use_cache=False)
    for address in ("/runs/odd/", "/runs/odd/articles/odd", "/articles/odd", "/articles", "/"):
        response = viewer.get(address)
        assert response.status_code == 200
    assert " ".join(text.split())[:200] in words(viewer.get("/articles/odd"))
    assert 'dir="auto"' in viewer.get("/articles/odd").text
    assert text[:7] in words(viewer.get("/articles/odd/facts"))


def test_from_a_run_one_gets_to_the_facts_of_its_articles(viewer: Viewer) -> None:
    assert "/articles?run=small" in viewer.get("/runs/small/").text
    listed = viewer.get("/articles?run=small")
    assert 'href="/articles/bridge/facts?run=small"' in listed.text
    shutil.rmtree(viewer.project / "references" / "flood")
    assert viewer.get("/articles?run=small").headers["location"] == "/articles/bridge/facts?run=small"
    shutil.rmtree(viewer.project / "references" / "bridge")
    assert "None of the run's articles" in words(viewer.get("/articles?run=small"))
    assert viewer.get("/articles?run=nothing").status_code == 404


def test_a_list_of_many_articles_comes_in_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(articles, "PAGE", 3)
    for number in range(5):
        folder = tmp_path / "references" / f"a{number}"
        folder.mkdir(parents=True)
        (folder / "article.md").write_text(f"---\ntitle: Title {number}\n---\nThe council met.\n", "utf-8")
    (tmp_path / "results").mkdir()
    viewer = open_viewer(tmp_path)
    assert "Title 2" in words(viewer.get("/articles"))
    assert "Title 3" not in words(viewer.get("/articles"))
    assert "Title 4" in words(viewer.get("/articles?page=2"))
    for page in ("0", "99", "x", "-1", "9" * 50):
        assert viewer.get(f"/articles?page={page}").status_code == 200


@pytest.mark.parametrize("path", ["/articles", "/review", "/search?q=bridge"])
def test_articles_that_take_long_to_read_are_shown_once_they_are_read(viewer: Viewer, path: str) -> None:
    impatient = open_viewer(viewer.project, patience=0)
    assert once_read(impatient, path, "The articles are being read.").status_code == 200


def test_articles_are_found_by_name_and_sorted_by_any_column(viewer: Viewer) -> None:
    """bridge has two facts and more words; a run's articles stay the run's."""

    def names(address: str) -> list[str]:
        return re.findall(r'<th scope="row"><a href="/articles/(\w+)', viewer.get(address).text)

    assert (
        names("/articles") == names("/articles?sort=-facts") == names("/articles?sort=nonsense") == ["bridge", "flood"]
    )
    assert (
        names("/articles?sort=facts")
        == names("/articles?sort=words")
        == names("/articles?sort=-name")
        == ["flood", "bridge"]
    )
    assert names("/articles?q=FLO&run=small") == ["flood"]
    page = viewer.get("/articles?sort=words&q=d&run=small").text
    assert (
        '<th scope="col" aria-sort="ascending"><a href="/articles?sort=-words&amp;q=d&amp;run=small">Words</a></th>'
        in page
    )
    assert "No article has “nothing”" in words(viewer.get("/articles?q=nothing"))
