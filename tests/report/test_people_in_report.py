"""What people say of a verdict stands beside it."""

from __future__ import annotations

import re
from dataclasses import replace

from harness.checker.labelling.queue import tasks
from harness.records import Annotation, Label, Results, Shown
from harness.report import html
from harness.report.links import Links

SCRIPT = "<script>alert(1)</script>"


def labelled(results: Results, label: Label, annotator: str = "ada", note: str = "") -> Results:
    """The run with a label of its first pair, which the verifier calls absent."""
    asked = tasks([results])[0]
    assert asked.checks[0].verdict.label == "absent"
    use, hypothesis, premise = asked.question
    made = Annotation("1", annotator, "", "a", use, "f", hypothesis, premise, label, Shown(True), note=note)
    return replace(results, labels=(made,))


def words(page: str) -> str:
    return " ".join(re.sub(r"(?s)<style.*?</style>|<script.*?</script>|<[^>]+>", " ", page).split())


def test_who_says_otherwise_is_named_with_the_label(results: Results) -> None:
    page = words(html.render(labelled(results, "supported", note="in the first line")))
    assert page.count("ada says ✓ supported in the first line") == 1


def test_who_agrees_is_named(results: Results) -> None:
    assert words(html.render(labelled(results, "absent"))).count("ada agrees") == 1


def test_without_labels_there_is_nothing(results: Results) -> None:
    page = html.render(results)
    assert "agrees" not in words(page)
    assert "judge it yourself" not in page


def test_names_and_notes_are_escaped(results: Results) -> None:
    assert SCRIPT not in html.render(labelled(results, "supported", SCRIPT, SCRIPT))


def test_a_link_leads_to_the_pair_where_something_listens(results: Results) -> None:
    task = tasks([results])[0]
    links = Links(judge="/runs/base/judge")
    assert links.judging(task.use, task.hypothesis, task.premise) == f"/runs/base/judge?sight=1&pair={task.id}"
