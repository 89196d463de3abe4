"""What people say of a verdict stands beside it."""

from __future__ import annotations

import re
from dataclasses import replace

from report_page import one_page

from harness.records import Annotation, Label, Results, Shown
from harness.report.document import as_markdown
from harness.report.links import Links
from harness.report.report import Report, report
from harness.report.tally import counts
from harness.trust.queue import Task, list_tasks

SCRIPT = "<script>alert(1)</script>"


def labelled(
    results: Results, label: Label, annotator: str = "ada", note: str = "", asked: Task | None = None
) -> Results:
    """The run with a label of a pair; of its first one, which the verifier calls absent, where none is ``asked``."""
    use, hypothesis, premise = (asked or list_tasks([results])[0]).question
    made = Annotation("1", annotator, "", "a", use, "f", hypothesis, premise, label, Shown(True), note=note)
    return replace(results, labels=(made,))


def words(page: str) -> str:
    return " ".join(re.sub(r"(?s)<style.*?</style>|<script.*?</script>|<[^>]+>", " ", page).split())


def test_who_says_otherwise_is_named_with_the_label(results: Results) -> None:
    page = words(one_page(labelled(results, "supported", note="in the first line")))
    assert page.count("ada says ✓ kept in the first line") == 1


def test_who_agrees_is_named(results: Results) -> None:
    assert words(one_page(labelled(results, "absent"))).count("ada agrees") == 1


def test_without_labels_there_is_nothing(results: Results) -> None:
    page = one_page(results)
    assert "agrees" not in words(page)
    assert "judge it yourself" not in page


def test_names_and_notes_are_escaped(results: Results) -> None:
    assert SCRIPT not in one_page(labelled(results, "supported", SCRIPT, SCRIPT))


def test_a_link_leads_to_the_pair_where_something_listens(results: Results) -> None:
    task = list_tasks([results])[0]
    links = Links(judging_url="/runs/base/judge")
    assert links.judging(task.use, task.hypothesis, task.premise) == f"/runs/base/judge?sight=1&pair={task.id}"


def test_a_persons_label_counts_and_the_verifiers_own_is_one_switch_away(results: Results) -> None:
    """lead's first fact of the matrix is absent by the verifier; ada says that it is there: two kept of four."""
    asked = next(task for task in list_tasks([results]) if task.checks[0].system == "lead" and task.fact is not None)
    run = labelled(results, "supported", asked=asked)
    found = report(run)
    assert asked.fact is not None
    assert counts(found.index).tallies["lead"].facts.supported == 2 + (asked.fact.importance == "essential")
    assert found.alone is not None
    assert counts(found.alone.index).tallies["lead"].facts.supported == 2
    assert "People judged 1 of" in " ".join(found.answer)
    assert "By the verifier alone" in one_page(run)
    assert report(results).alone is None


def test_a_verdict_that_a_person_gave_is_marked_in_matrix_card_and_markdown(results: Results) -> None:
    run = labelled(results, "supported")
    page = words(one_page(run))
    assert "judged by ada ; the verifier: lost" in page
    assert "✓ K°" in page
    assert "✓ K°" in as_markdown(run)
    assert "°" not in words(one_page(results))


def test_the_leaderboard_counts_what_people_say_and_the_switch_what_the_verifier_says(results: Results) -> None:
    run = labelled(results, "supported")
    scores = tuple(
        replace(score, value=0.75, automatic=0.25)
        if (score.system, score.article_id, score.metric) == ("lead", "flood", "fact_recall")
        else score
        for score in run.scores
    )
    found = report(replace(run, scores=scores))
    assert found.alone is not None
    assert (_recall(found), _recall(found.alone)) == ((0.4 + 0.75) / 2, (0.4 + 0.25) / 2)


def _recall(found: Report) -> float | None:
    place = [metric.name for metric in found.board.metrics].index("fact_recall")
    return next(row.cells[place].value for row in found.board.rows if row.system.name == "lead")
