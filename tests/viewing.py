"""A small real run with its articles in folders, and the app that serves them."""

from __future__ import annotations

import html
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import httpx2
import pytest
from starlette.testclient import TestClient

from harness import config, pipeline
from harness.data.facts import read as read_facts
from harness.data.runs.results import RunFolder
from harness.view.app import make_app
from harness.view.context import Context
from harness.view.run_index import RunIndex

BRIDGE = (
    "Bridge closed after crack is found\n"
    "The council of Lyd closed the Nord bridge on Monday. Engineers had found a crack of 12 centimetres in a pillar.\n"
    "\n"
    "Mayor Ida Holm said the repair would cost 4 million crowns. Buses will take another way until June. "
    "The bridge was not hit by a ship."
)
FACTS = """\
# The editor's own comment.
facts:
  - id: bridge-closed
    statement: The council of Lyd closed the Nord bridge.
    importance: essential
    kind: event
    evidence: The council of Lyd closed the Nord bridge
    contradictions: [The council of Lyd opened the Nord bridge.]
  - id: crack-size
    statement: The crack was 12 centimetres.
    importance: supporting
    kind: number
    evidence: a crack of 12 centimetres
"""
FLOOD = "The river Alda rose three metres on Friday. Nobody was hurt, the police said. Forty houses were emptied."

CONFIG = """\
articles: ../references
models:
  lead: {kind: lead, sentences: 2}
  oracle: {kind: oracle}
verifier: lexical
scorers: [fact_recall, faithfulness, length]
output: ../results/small
"""


def write_article(references: Path, name: str, text: str, facts: str = "", reference: str = "") -> Path:
    folder = references / name
    (folder / "references").mkdir(parents=True)
    (folder / "article.md").write_text(f"---\ntitle: {name.title()}\n---\n{text}\n", "utf-8")
    (folder / "references" / "short.md").write_text(reference or text.split(".")[0] + ".\n", "utf-8")
    if facts:
        (folder / "facts.yaml").write_text(facts, "utf-8")
    return folder


def make_project(folder: Path) -> Path:
    """Two articles in ``references/``, and the run ``results/small`` of two systems without a model."""
    write_project(folder)
    return run(folder)


def write_project(folder: Path) -> None:
    """The articles ``bridge``, which has facts, and ``flood``; and ``configs/small.yaml``."""
    write_article(folder / "references", "bridge", BRIDGE, FACTS)
    write_article(folder / "references", "flood", FLOOD)
    (folder / "configs").mkdir()
    (folder / "configs" / "small.yaml").write_text(CONFIG, "utf-8")


def run(folder: Path) -> Path:
    """Make ``results/small``: two systems on these articles."""
    pipeline.run(config.load(folder / "configs" / "small.yaml"), use_cache=False)
    return folder


def interrupt(run: RunFolder) -> None:
    """Put a run into the state that it had after its first summary."""
    run.write_manifest(replace(run.manifest, status="running", finished=None))
    with run.summaries.rewrite() as write, run.checks.rewrite():
        write(list(run.summaries)[:1])


@dataclass
class Viewer:
    """The app on a project, and a client that behaves like a browser."""

    project: Path
    context: Context
    client: TestClient

    @property
    def facts(self) -> Path:
        """The facts of the article ``bridge``."""
        return self.project / "references" / "bridge" / "facts.yaml"

    @property
    def run(self) -> Path:
        return self.project / "results" / "small"

    def get(self, path: str, **headers: str) -> httpx2.Response:
        return self.client.get(path, headers=headers)

    def post(self, path: str, **fields: str) -> httpx2.Response:
        """Submit a form as a page of the app does."""
        return self.client.post(path, data=fields, headers={"Origin": "http://127.0.0.1:8421"})


def open_viewer(project: Path, names: tuple[str, ...] = (), references: tuple[Path, ...] = ()) -> Viewer:
    """The app on ``project/results``, and on ``project/references`` or other folders of articles."""
    context = Context(RunIndex(project / "results", references or (project / "references",)), names, patience=60)
    client = TestClient(make_app(context), base_url="http://127.0.0.1:8421", follow_redirects=False)
    client.cookies.set("harness-view-8421", context.login)
    return Viewer(project, context, client)


def read_statements(facts: Path) -> dict[str, bool]:
    """Return statement → True if it is unreviewed, for the facts in a file."""
    return {fact.statement: fact.unreviewed for fact in read_facts(facts, None).require()}


def wait_until(found: Callable[[], bool]) -> None:
    """Wait for work in the background."""
    for _ in range(6000):
        if found():
            return
        time.sleep(0.05)
    pytest.fail("the work in the background did not end")


def read_page(response: httpx2.Response) -> str:
    """The text of a page without its tags, on one line."""
    text = re.sub(r"(?s)<style.*?</style>|<script.*?</script>|<[^>]+>", " ", response.text)
    return " ".join(html.unescape(text).split())
