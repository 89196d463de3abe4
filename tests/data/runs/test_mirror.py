"""Results that lie elsewhere: worked on in a copy, sent at checkpoints, and gone on with from another machine."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import fsspec
import pytest
from command_line import harness

from harness import config, pipeline
from harness.cli import labelled
from harness.compare import stored
from harness.data.runs import mirror, results, trust
from harness.errors import RunFolderError, UsageError

URL = "memory://bucket/results/run"


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[fsspec.AbstractFileSystem]:
    """A store of this test's own; its user's home is a folder of the test."""
    monkeypatch.setenv("HARNESS_HOME", str(tmp_path / "home"))
    memory = fsspec.filesystem("memory")
    rows = [{"id": str(n), "text": f"The council of Town{n} met.", "facts": [f"Town{n} has one."]} for n in range(3)]
    memory.makedirs("/bucket", exist_ok=True)
    memory.pipe("/bucket/news.jsonl", "".join(json.dumps(row) + "\n" for row in rows).encode())
    yield memory
    memory.rm("/bucket", recursive=True)


def run(folder: Path, *overrides: str) -> pipeline.Outcome:
    path = folder / "run.yaml"
    path.write_text(
        "articles: memory://bucket/news.jsonl\nmodels: {lead: {kind: lead}}\nverifier: lexical\n"
        f"scorers: [fact_recall, length]\noutput: {URL}\n",
        encoding="utf-8",
    )
    return pipeline.run(config.load(path, overrides))


def generated(outcome: pipeline.Outcome) -> tuple[int, int]:
    """How many summaries were made, and kept."""
    stage = outcome.results.manifest.stages[0]
    return stage.made, stage.kept


def there(store: fsspec.AbstractFileSystem) -> set[str]:
    return {name.rpartition("/")[2] for name in store.find("/bucket/results/run")}


def test_a_run_lies_where_it_was_asked_for_and_is_read_from_there(
    tmp_path: Path, store: fsspec.AbstractFileSystem
) -> None:
    run(tmp_path)
    records = {"manifest.json", "summaries.jsonl", "verdicts.jsonl", "scores.jsonl", "report.md", "report.html"}
    assert there(store) == {*records, ".sent"}
    shutil.rmtree(tmp_path / "home")
    with pytest.raises(trust.UntrustedError, match=r"asks for memory://bucket/news\.jsonl"):  # as on another machine
        pipeline.read(Path(URL))
    trust.mark(mirror.copied(Path(URL)))
    assert len(list(pipeline.read(Path(URL)).summaries)) == 3
    [opened] = stored.open_all([Path(URL)])
    assert (opened.name, len(opened.scores)) == ("run", 3 * len(opened.metrics))


def test_a_run_that_lies_elsewhere_is_scored_again_where_it_is_stale(
    tmp_path: Path, store: fsspec.AbstractFileSystem
) -> None:
    run(tmp_path)
    assert harness("score", "--stale", URL).stdout == "no run is stale\n"
    rows = store.cat_file("/bucket/news.jsonl").decode().replace("Town1 has one.", "Town1 has a council.")
    store.pipe("/bucket/news.jsonl", rows.encode())
    assert harness("score", "--stale", URL).stdout == f"{URL}: scored again; what changed: facts of 1\n"
    assert b"Town1 has a council." in store.cat_file("/bucket/results/run/verdicts.jsonl")


def test_another_machine_goes_on_and_nothing_is_computed_twice(
    tmp_path: Path, store: fsspec.AbstractFileSystem
) -> None:
    run(tmp_path, "limit=2")
    shutil.move(tmp_path / "home", tmp_path / "first")
    second = run(tmp_path)
    assert generated(second) == (1, 2)
    shutil.rmtree(tmp_path / "home")
    shutil.move(tmp_path / "first", tmp_path / "home")
    assert generated(run(tmp_path)) == (0, 3)


def test_a_run_killed_before_it_was_sent_goes_on_from_its_copy(
    tmp_path: Path, store: fsspec.AbstractFileSystem
) -> None:
    run(tmp_path, "limit=2")
    copy = mirror.copied(Path(URL))
    with (copy / "summaries.jsonl").open("a") as file:
        file.write('{"key": "half a')
    assert mirror.copied(Path(URL)) == copy
    assert (copy / "summaries.jsonl").read_text("utf-8").endswith("half a")
    assert generated(run(tmp_path)) == (1, 2)
    assert b"half a" not in store.cat("/bucket/results/run/summaries.jsonl")


def test_what_another_machine_wrote_meanwhile_is_not_overwritten(
    tmp_path: Path, store: fsspec.AbstractFileSystem
) -> None:
    here = ExitStack()
    folder = here.enter_context(mirror.working(Path(URL)))
    (folder / "manifest.json").write_text("mine")
    store.pipe("/bucket/results/run/.sent", b"another's")
    store.pipe("/bucket/results/run/manifest.json", b"theirs")
    with pytest.raises(RunFolderError, match=rf"{URL} was written by another machine meanwhile"):
        here.close()
    assert store.cat("/bucket/results/run/manifest.json") == b"theirs"
    assert (folder / "manifest.json").read_text() == "mine"


def test_what_was_never_sent_is_moved_beside_the_copy_that_is_fetched_anew(
    tmp_path: Path, store: fsspec.AbstractFileSystem, capsys: pytest.CaptureFixture[str]
) -> None:
    run(tmp_path)
    copy = mirror.copied(Path(URL))
    (copy / "summaries.jsonl").write_text("mine")
    store.pipe("/bucket/results/run/.sent", b"another's")
    store.pipe("/bucket/results/run/summaries.jsonl", b"theirs")
    assert mirror.copied(Path(URL)) == copy
    assert (copy / "summaries.jsonl").read_text() == "theirs"
    [aside] = copy.parent.glob(f"{copy.name}.unsent-*")
    assert (aside / "summaries.jsonl").read_text() == "mine"
    assert f"what was made here and not sent is in {aside}" in capsys.readouterr().err


def test_a_copy_that_was_sent_whole_leaves_nothing_beside_it(tmp_path: Path, store: fsspec.AbstractFileSystem) -> None:
    run(tmp_path)
    store.pipe("/bucket/results/run/.sent", b"another's")
    store.pipe("/bucket/results/run/summaries.jsonl", b"theirs")
    store.rm("/bucket/results/run/scores.jsonl")
    copy = mirror.copied(Path(URL))
    assert (copy / "summaries.jsonl").read_text() == "theirs"
    assert not (copy / "scores.jsonl").exists()
    assert list(copy.parent.iterdir()) == [copy]


def test_a_copy_in_which_a_run_is_at_work_is_not_replaced(tmp_path: Path, store: fsspec.AbstractFileSystem) -> None:
    run(tmp_path)
    copy = mirror.copied(Path(URL))
    with results.locked(copy):
        (copy / "summaries.jsonl").write_text("mine")
        store.pipe("/bucket/results/run/.sent", b"another's")
        assert mirror.copied(Path(URL)) == copy
        assert (copy / "summaries.jsonl").read_text() == "mine"
    assert list(copy.parent.iterdir()) == [copy]


def test_only_what_changed_is_sent_and_what_is_gone_is_removed(
    tmp_path: Path, store: fsspec.AbstractFileSystem
) -> None:
    with mirror.working(Path(URL)) as folder:
        for name in ("a", "b", ".lock"):
            (folder / name).write_text(name)
    assert there(store) == {"a", "b", ".sent"}
    store.pipe("/bucket/results/run/a", b"not sent again")
    with mirror.working(Path(URL)) as folder:
        (folder / "b").unlink()
    assert there(store) == {"a", ".sent"}
    assert store.cat("/bucket/results/run/a") == b"not sent again"


def test_what_others_put_beside_a_run_stays_and_no_run_begins_among_files_of_others(
    tmp_path: Path, store: fsspec.AbstractFileSystem
) -> None:
    """``bucket`` holds the articles; nothing of it is removed, and nothing is written there."""
    with pytest.raises(RunFolderError, match=r"bucket holds files that no run of harness made \(news\.jsonl\); choose"):
        run(tmp_path, "output=memory://bucket")
    assert store.find("/bucket") == ["/bucket/news.jsonl"]
    with mirror.working(Path(URL)) as folder:
        (folder / "a").write_text("a")
    store.pipe("/bucket/results/run/notes.txt", b"ours")
    with mirror.working(Path(URL)) as folder:
        (folder / "a").unlink()
    assert there(store) == {"notes.txt", ".sent"}


def test_a_run_that_was_copied_to_a_url_by_other_means_is_read_and_gone_on_with_there(
    tmp_path: Path, store: fsspec.AbstractFileSystem
) -> None:
    made = run(tmp_path, f"output={tmp_path / 'results/run'}").folder
    store.put(str(made), "/bucket/results/", recursive=True)
    assert (mirror.copied(Path(URL)) / "scores.jsonl").read_bytes() == (made / "scores.jsonl").read_bytes()
    assert generated(run(tmp_path)) == (0, 3)
    assert ".sent" in there(store)


def test_the_report_is_named_where_the_user_asked_for_it(tmp_path: Path) -> None:
    outcome = run(tmp_path)
    assert outcome.report == Path(URL) / "report.html"
    assert (outcome.folder / "report.html").is_file()
    assert pipeline.score(Path(URL)).report == Path(URL) / "report.html"


def test_what_changes_is_sent_though_the_clock_was_set_back(tmp_path: Path, store: fsspec.AbstractFileSystem) -> None:
    with mirror.working(Path(URL)) as folder:
        (folder / "a").write_text("a")
    with mirror.working(Path(URL)) as folder:
        (folder / "a").write_text("b")
        os.utime(folder / "a", (0, 0))
    assert store.cat("/bucket/results/run/a") == b"b"


def test_where_no_run_lies_is_told_by_its_url() -> None:
    with pytest.raises(RunFolderError, match=r"memory://bucket/nothing is not a run: it has no manifest\.json"):
        stored.open_all([Path("memory://bucket/nothing")])


def test_a_folder_of_this_machine_has_a_url_too(tmp_path: Path) -> None:
    run(tmp_path, f"output=file://{tmp_path}/shared/run")
    assert (tmp_path / "shared/run/report.html").is_file()
    assert stored.open_all([Path(f"file://{tmp_path}/shared/run")])[0].name == "run"


def test_people_s_labels_of_a_run_are_read_from_its_url(tmp_path: Path) -> None:
    """Here nobody has labelled any; whatever lies under a name that ends in .jsonl is a file."""
    run(tmp_path)
    with pytest.raises(UsageError, match=f"nobody has labelled a verdict of {URL} yet"):
        labelled.corpus(Path(URL))
    assert not labelled.is_run(Path("memory://bucket/news.jsonl"))


def test_a_place_that_cannot_be_reached_is_told_and_where_the_results_are(tmp_path: Path) -> None:
    with pytest.raises(RunFolderError, match=r"http://127\.0\.0\.1:9/run cannot be written: .*check the address"):
        run(tmp_path, "output=http://127.0.0.1:9/run")
