"""Articles of several folders: those that the command names and those that the runs name, each with facts to edit."""

from __future__ import annotations

from pathlib import Path

import pytest
import viewing
from viewing import open_viewer, until, words

from harness import config, pipeline

FIRE = "The mill of Ost burnt down on Sunday. Two firemen were hurt."


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The usual project, and a second folder of articles with a run of its own."""
    monkeypatch.chdir(tmp_path)
    viewing.make_project(tmp_path)
    viewing.write_article(tmp_path / "archive", "fire", FIRE)
    text = viewing.CONFIG.replace("../references", "../archive").replace("small", "old")
    (tmp_path / "configs" / "old.yaml").write_text(text, "utf-8")
    pipeline.run(config.load(tmp_path / "configs" / "old.yaml"), use_cache=False)
    return tmp_path


def test_the_articles_of_every_folder_that_a_run_names_are_listed(project: Path) -> None:
    text = words(open_viewer(project).get("/articles"))
    assert "references, archive · 3 articles" in text
    assert "Fire fire" in text


def test_a_fact_is_added_to_an_article_of_another_folder_and_its_run_is_scored(project: Path) -> None:
    viewer = open_viewer(project)
    fields = {"statement": "Two firemen were hurt.", "importance": "essential", "kind": "number", "do": "save"}
    fields["evidence"] = "Two firemen were hurt"
    done = viewer.post("/articles/fire/facts", **fields, run="old")
    assert done.headers["location"].startswith("/articles/fire/facts?run=old&saved=")
    assert "Two firemen were hurt." in (project / "archive" / "fire" / "facts.yaml").read_text("utf-8")
    job = viewer.context.rescoring.of("old")
    assert job is not None
    until(lambda: job.ended)
    assert job.problems == ()


def test_folders_that_the_command_names_stand_beside_them(project: Path) -> None:
    viewing.write_article(project / "drafts", "storm", "A storm came.")
    assert "4 articles" in words(
        open_viewer(project, references=(project / "references", project / "drafts")).get("/articles")
    )


def test_of_two_articles_of_one_name_the_first_is_shown_and_the_other_is_named(project: Path) -> None:
    viewing.write_article(project / "drafts", "flood", "Another flood.")
    page = words(open_viewer(project, references=(project / "references", project / "drafts")).get("/articles"))
    assert "drafts/flood is left out because another article here has the same name" in page
    first = words(open_viewer(project, references=(project / "drafts", project / "references")).get("/articles/flood"))
    assert "Another flood." in first


def test_a_run_of_somebody_else_leads_to_no_folder_outside(
    project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("elsewhere")
    viewing.write_article(outside, "private", "A secret.")
    manifest = project / "results" / "old" / "manifest.json"
    text = manifest.read_text("utf-8")
    assert '"../../archive"' in text
    manifest.write_text(text.replace('"../../archive"', f'"{outside}"'), "utf-8")
    assert "Private" not in words(open_viewer(project).get("/articles"))
