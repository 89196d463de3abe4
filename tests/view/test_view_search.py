"""Search finds runs, articles, facts, claims and reasons that contain all words."""

from __future__ import annotations

import json
import re

import pytest
from viewing import Viewer, read_page

from harness.data.runs.results import RunFolder


def find(viewer: Viewer, query: str) -> dict[str, list[str]]:
    """The addresses under each heading."""
    sections = re.split(r'<h2 id="group-\d+">', viewer.get(f"/search?q={query}").text)[1:]
    parts = [section.partition("</h2>") for section in sections]
    return {title: re.findall(r'<a href="([^"]+)"', rest.partition("</section>")[0]) for title, _, rest in parts}


def give_reason(viewer: Viewer, reason: str) -> str:
    """Give the run's first verdict a reason; returns its article's address in the run."""
    path = RunFolder(viewer.run).checks.path
    first, *others = path.read_text("utf-8").splitlines()
    check = json.loads(first)
    check["verdict"]["reason"] = reason
    path.write_text("\n".join([json.dumps(check, ensure_ascii=False), *others]) + "\n", "utf-8")
    return f"/runs/small/articles/{check['article_id']}"


def test_each_kind_is_found(viewer: Viewer) -> None:
    assert find(viewer, "oracle")["Runs"] == ["/runs/small/"]
    assert find(viewer, "emptied+forty")["Articles"] == ["/articles/flood"]
    assert find(viewer, "crack+CENTIMETRES+was")["Facts"] == ["/articles/bridge/facts/crack-size"]
    assert find(viewer, "opened+nord")["Facts"] == ["/articles/bridge/facts/bridge-closed"], "by a false version"
    claim = next(check for check in RunFolder(viewer.run).checks.read() if check.use == "grounding")
    some = "+".join(re.findall(r"\w+", claim.hypothesis)[:3])
    assert f"/runs/small/articles/{claim.article_id}" in find(viewer, some)["Claims and reasons for verdicts"]


@pytest.mark.parametrize("query", ["%22No+deal%22", "%22NO", "c:%5Ctemp", "%C2%AByes%C2%BB", "16–15"])
def test_reasons_are_found_with_quotation_marks_and_backslashes(viewer: Viewer, query: str) -> None:
    """Records escape quotation marks and backslashes."""
    address = give_reason(viewer, 'summary: "no deal" in C:\\temp by 16–15 · article: «yes»')
    assert find(viewer, query)["Claims and reasons for verdicts"] == [address]


def test_query_is_escaped(viewer: Viewer) -> None:
    page = viewer.get("/search?q=<script>alert(1)</script>")
    assert "Nothing contains" in read_page(page)
    assert "<script>alert" not in page.text


def test_corrupt_record_does_not_hide_others(viewer: Viewer) -> None:
    path = RunFolder(viewer.run).checks.path
    path.write_bytes(b'{"half": "bridge\n' + path.read_bytes())
    assert find(viewer, "bridge")["Claims and reasons for verdicts"]
