"""One search finds runs, articles, facts, claims and reasons that hold all its words."""

from __future__ import annotations

import json
import re

import pytest
from viewing import Viewer, words

from harness.data.runs.results import RunFolder


def hits(viewer: Viewer, query: str) -> dict[str, list[str]]:
    """Heading → the addresses below it."""
    sections = re.split(r'<h2 id="group-\d+">', viewer.get(f"/search?q={query}").text)[1:]
    found = {}
    for section in sections:
        heading, _, rest = section.partition("</h2>")
        found[heading] = re.findall(r'<a href="([^"]+)"', rest.partition("</section>")[0])
    return found


def with_reason(viewer: Viewer, reason: str) -> str:
    """Give the first verdict of the run a reason; the address of its article in the run."""
    path = RunFolder(viewer.run).checks.path
    first, *others = path.read_text("utf-8").splitlines()
    check = json.loads(first)
    check["verdict"]["reason"] = reason
    path.write_text("\n".join([json.dumps(check, ensure_ascii=False), *others]) + "\n", "utf-8")
    return f"/runs/small/articles/{check['article_id']}"


def test_each_kind_is_found_by_its_own_words(viewer: Viewer) -> None:
    assert hits(viewer, "oracle")["Runs"] == ["/runs/small/"]
    assert hits(viewer, "emptied+forty")["Articles"] == ["/articles/flood"]
    assert hits(viewer, "crack+CENTIMETRES+was")["Facts"] == ["/articles/bridge/facts/crack-size"]
    claim = next(check for check in RunFolder(viewer.run).checks.read() if check.use == "grounding")
    some = "+".join(re.findall(r"\w+", claim.hypothesis)[:3])
    assert f"/runs/small/articles/{claim.article_id}" in hits(viewer, some)["Claims and reasons"]


def test_a_false_version_leads_to_its_fact(viewer: Viewer) -> None:
    assert hits(viewer, "opened+nord")["Facts"] == ["/articles/bridge/facts/bridge-closed"]


def test_a_reason_is_found(viewer: Viewer) -> None:
    address = with_reason(viewer, "summary: rejected by 16–15 · article: approved")
    assert hits(viewer, "Rejected+16–15")["Claims and reasons"] == [address]


@pytest.mark.parametrize("query", ["%22no+deal%22", "%22NO", "c:%5Ctemp", "%C2%AByes%C2%BB"])
def test_words_in_quotation_marks_are_found(viewer: Viewer, query: str) -> None:
    """A record writes ``\\"`` for ``"``, and two backslashes for one."""
    address = with_reason(viewer, 'summary: "no deal" in C:\\temp · article: «yes»')
    assert hits(viewer, query)["Claims and reasons"] == [address]


def test_nothing_is_said_of_what_is_nowhere_and_nothing_sent_is_obeyed(viewer: Viewer) -> None:
    page = viewer.get("/search?q=<script>alert(1)</script>")
    assert "Nothing has" in words(page)
    assert "<script>alert" not in page.text
    assert "Type one word or more" in words(viewer.get("/search"))


def test_a_half_written_record_hides_no_other(viewer: Viewer) -> None:
    path = RunFolder(viewer.run).checks.path
    path.write_bytes(b'{"half": "bridge\n' + path.read_bytes())
    assert hits(viewer, "bridge")["Claims and reasons"]
