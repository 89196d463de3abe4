"""Runs on a real local Ray cluster of two nodes, which lose no records if workers or nodes die."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from builders import count_lines, write_config

from harness import config, pipeline
from harness.data.runs.results import RunFolder
from harness.errors import ClusterError

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("empty_home")]

TESTS = Path(__file__).resolve().parents[1]
ARTICLES = 60
MODELS = "{lead: {kind: lead}, slow: {kind: 'plugins_of_others:Slow', note: NOTE}}"


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """A head and a node, with one core each."""
    ray = pytest.importorskip("ray")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        patch.setenv("PYTHONPATH", str(TESTS))  # so that workers can import plugins_of_others
        patch.setenv("RAY_AUTH_MODE", "disabled")  # otherwise Ray writes a token into the user's home
        from ray.cluster_utils import Cluster

        made = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
        made.add_node(num_cpus=1)
        yield made
        ray.shutdown()
        made.shutdown()


def run_config(folder: Path, models: str = MODELS, scorers: str = "[fact_recall, faithfulness, length]") -> Path:
    rows = []
    for n in range(ARTICLES):
        text = f"The council of Town{n} voted to close {n} schools. Parents protested. The mayor said nothing at all."
        rows.append({"id": f"{n:03}", "text": text, "facts": [f"The council of Town{n} closed {n} schools."]})
    return write_config(folder, *rows, models=models.replace("NOTE", f"'{folder / 'note'}'"), scorers=scorers)


def run(path: Path, address: str | None = None, workers: Mapping[str, Mapping[str, int]] | None = None) -> RunFolder:
    """Run without the cache, on the cluster at ``address`` or in this process."""
    engine = f"engine={json.dumps({'kind': 'ray', 'address': address, 'workers': workers or {}})}"
    return RunFolder(pipeline.run(config.load(path, [engine] if address else []), use_cache=False).folder)


def texts(folder: RunFolder) -> list[tuple[str, str, str | None]]:
    return sorted((made.system, made.article_id, made.text) for made in folder.summaries)


def test_cluster_run_equals_local_run(tmp_path: Path, cluster: Any) -> None:
    here = run(run_config(tmp_path / "here"))
    there = run(run_config(tmp_path / "there"), cluster.address, {"slow": {"batch": 4}})
    assert texts(there) == texts(here)
    assert sorted(there.checks.path.read_bytes().splitlines()) == sorted(here.checks.path.read_bytes().splitlines())
    assert there.scores.path.read_bytes() == here.scores.path.read_bytes()
    assert there.manifest.status == "complete"
    assert there.manifest.problems == ()


def test_run_resumes_on_another_engine(tmp_path: Path, cluster: Any) -> None:
    path = run_config(tmp_path / "run")
    folder = run(path)
    whole = texts(folder), folder.scores.path.read_bytes()
    for engine in (cluster.address, None):
        kept = folder.summaries.path.read_bytes()
        folder.summaries.path.write_bytes(kept[: len(kept) * 2 // 3])
        (folder.path / "manifest.json").unlink()
        (tmp_path / "run/note").unlink(missing_ok=True)
        folder = run(path, engine)
        assert (texts(folder), folder.scores.path.read_bytes()) == whole
        assert 0 < folder.manifest.stages[0].made < 2 * ARTICLES


def test_killed_worker_loses_only_its_batches(tmp_path: Path, cluster: Any) -> None:
    killed = tmp_path / "killed"
    dying = f"{{dying: {{kind: 'plugins_of_others:Dying', article: '031', killed: '{killed}', note: NOTE}}}}"
    folder = run(run_config(tmp_path / "run", dying), cluster.address, {"dying": {"batch": 4}})
    assert killed.exists()
    made = {each.article_id for each in folder.summaries if each.text}
    assert (len(folder.summaries), made) == (ARTICLES, {f"{n:03}" for n in range(ARTICLES)})
    asked = Counter((tmp_path / "run/note").read_text("utf-8").split())
    assert sum(asked.values()) - ARTICLES <= 8
    assert folder.manifest.problems == ()


def test_worker_exception_reads_like_a_local_one(tmp_path: Path, cluster: Any) -> None:
    models = f"{{bad: {{kind: 'plugins_of_others:Failing', at: ['{ARTICLES - 1:03}']}}}}"
    scorers = "[{kind: 'plugins_of_others:Careless', word: summary}, length]"
    here = run(run_config(tmp_path / "here", models, scorers))
    there = run(run_config(tmp_path / "there", models, scorers), cluster.address, {"bad": {"batch": ARTICLES}})
    assert there.manifest.problems == here.manifest.problems
    error = "RuntimeError: the model fell over; the next run asks again"
    assert here.manifest.problems[0] == f"bad: 1 of {ARTICLES} summaries not made: {error}"
    assert [each.partition(": ")[0] for each in here.manifest.problems[1:]] == [
        f"scorer plugins_of_others:Careless on {ARTICLES - 1} summaries, the first of them by bad, article 000"
    ]


def test_cluster_without_room_for_a_worker_is_an_error(tmp_path: Path, cluster: Any) -> None:
    with pytest.raises(ClusterError, match=r"no node of the cluster has 1 CPUs and 2 GPUs for a worker of lead"):
        run(run_config(tmp_path / "run"), cluster.address, {"lead": {"gpus": 2}})


def test_killed_node_loses_only_its_batches(tmp_path: Path, cluster: Any) -> None:
    node = cluster.add_node(num_cpus=1)
    cluster.wait_for_nodes()
    path = run_config(tmp_path / "run", MODELS.replace("note:", "seconds: 0.05, note:"))
    summaries = tmp_path / "run/out/summaries.jsonl"

    def kill() -> None:
        while count_lines(summaries) < ARTICLES + 12:
            time.sleep(0.01)
        cluster.remove_node(node, allow_graceful=False)

    killer = threading.Thread(target=kill, daemon=True)
    killer.start()
    folder = run(path, cluster.address, {"slow": {"batch": 4}})
    killer.join()
    assert len(folder.summaries) == len([each for each in folder.summaries if each.text]) == 2 * ARTICLES
    assert folder.manifest.problems == ()
