"""The matrix of facts and systems, what was lost, and the result in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from harness.records import Results
from harness.report import markdown
from harness.report.report import PAGES, Lost, Page, report
from harness.report.tally import NAMED

BROKEN = "broken/<script>alert(1)</script>"


def minerals(results: Results) -> Page:
    return report(results).page(0)


def lost(results: Results, system: str) -> Lost:
    return next(found for found in report(results).lost if found.system.name == system)


def only(results: Results, article: str) -> Results:
    items = tuple(item for item in results.items if item.article.id == article)
    return replace(results, items=items)


def test_essential_facts_come_first_and_every_fact_has_a_verdict_of_every_system(results: Results) -> None:
    matrix = minerals(results).matrix
    assert [(importance, [row.fact.id for row in rows]) for importance, rows in matrix.groups] == [
        ("essential", ["deal-unsigned", "ended-early", "called-failure"]),
        ("supporting", ["support-promised"]),
        ("detail", ["on-friday"]),
    ]
    assert [row.number for row in matrix.rows] == [1, 2, 3, 4, 5]
    assert {len(row.cells) for row in matrix.rows} == {len(results.manifest.systems)}


def test_a_cell_counts_the_verdicts_of_all_samples(results: Results) -> None:
    """human on ended-early: supported, absent, uncertain."""
    human = minerals(results).matrix.rows[1].cells[-1]
    assert (human.system.name, dict(human.labels), human.label) == (
        "human",
        {"supported": 1, "absent": 1, "uncertain": 1},
        None,
    )


def test_a_cell_without_a_verdict_has_the_reason(results: Results) -> None:
    matrix = report(results).page(1).matrix
    assert [name for name, _ in matrix.unjudged] == [BROKEN]
    assert matrix.unjudged[0][1].startswith("the model gave nothing but white space")


def test_columns_stand_in_the_order_of_the_leaderboard(results: Results) -> None:
    found = report(results)
    names = [row.system.name for row in found.board.rows]
    assert [system.name for _, systems in found.page(0).matrix.columns for system in systems] == names
    assert [column[0].system.name for column in found.page(0).cards] == names


def test_losses_name_the_contradicted_facts_first(results: Results) -> None:
    found = lost(results, "smollm2/plain")
    assert [(loss.name, loss.label) for loss in found.losses] == [
        ("minerals/deal-unsigned", "contradicted"),
        ("flood/three-metres", "contradicted"),
        ("minerals/ended-early", "uncertain"),
        ("minerals/called-failure", "absent"),
    ]
    assert (found.judged, found.several) == (4, False)


def test_very_many_losses_are_counted_and_the_first_are_named(results: Results) -> None:
    item = results.items[0]
    many = tuple(replace(item, article=replace(item.article, id=f"a{number}")) for number in range(NAMED))
    checks = tuple(
        replace(check, article_id=f"a{number}")
        for number in range(NAMED)
        for check in results.checks
        if check.system == "lead" and check.article_id == item.article.id
    )
    summaries = tuple(
        replace(summary, article_id=f"a{number}")
        for number in range(NAMED)
        for summary in results.summaries
        if summary.system == "lead" and summary.article_id == item.article.id
    )
    run = replace(results, items=many, checks=checks, summaries=summaries, scores=())
    found = lost(run, "lead")
    assert (len(found.losses), found.count, found.judged) == (NAMED, 2 * NAMED, 3 * NAMED)
    assert f"lead**: {2 * NAMED} of {3 * NAMED}\n" in markdown.render(run)
    assert f"and {NAMED:,} more" in markdown.render(run)


def test_a_loss_says_in_how_many_samples(results: Results) -> None:
    found = lost(results, "human")
    assert {loss.name: loss.times for loss in found.losses}["minerals/ended-early"] == " 2/3"
    assert found.several


def test_nothing_is_known_of_a_system_that_was_not_verified(results: Results) -> None:
    checks = tuple(check for check in results.checks if check.system != "lead")
    assert lost(replace(results, checks=checks), "lead").judged == 0


def test_the_answer_counts_essential_facts_and_supported_claims(results: Results) -> None:
    assert report(only(results, "minerals")).answer == (
        (
            "smollm2/key-facts keeps 1 of 3 essential facts and contradicts none of them; "
            "the article is found to support 2 of its 2 claims."
        ),
        (
            f"{BROKEN} keeps none of 3 essential facts and contradicts none of them; "
            "the article is not found to support its one claim."
        ),
        (
            "smollm2/plain keeps none of 3 essential facts and contradicts 1 of them; "
            "the article is found to support none of its 3 claims."
        ),
        "The floor keeps 1 of 3 (lead); the ceiling keeps 1 of 3 (oracle) and 1 of 3 (human).",
        "With one article this ranks these summaries, not the models.",
    )


def test_over_a_few_articles_it_is_said_what_they_cannot_show(results: Results) -> None:
    assert report(results).answer[-1] == (
        "With 2 articles the mean describes these articles. An interval for other articles of their kind needs at "
        "least 8. With 2 shared articles no difference can be significant: the smallest possible p is 0.5. Compare "
        "the facts that each keeps and loses, or add articles."
    )


def test_a_system_without_any_summary_is_in_the_answer_with_the_reason(results: Results) -> None:
    answer = report(only(results, "flood")).answer
    assert next(line for line in answer if line.startswith(BROKEN)).startswith(
        f"{BROKEN} has no summary: the model gave nothing but white space"
    )


def test_of_many_systems_those_are_named_that_keep_most_and_least_and_invent_most(results: Results) -> None:
    systems = tuple(replace(system, kind="replay") for system in results.manifest.systems)
    answer = report(replace(results, manifest=replace(results.manifest, systems=systems))).answer
    assert answer[:3] == (
        "Of 6 systems, lead keeps the largest share, 2 of 4 essential facts, and contradicts none of them.",
        "smollm2/plain keeps the smallest, none of 4 essential facts, and contradicts 2 of them.",
        f"{BROKEN} makes the largest share of claims that the article is not found to support, 1 of 1.",
    )


def test_where_no_fact_is_essential_all_are_counted(results: Results) -> None:
    items = tuple(
        replace(item, facts=tuple(replace(fact, importance="detail") for fact in item.facts)) for item in results.items
    )
    found = report(replace(results, items=items))
    assert found.lost == ()
    assert found.answer[0].startswith("smollm2/key-facts keeps 2 of 7 facts")


def test_without_facts_the_answer_says_so_and_falls_back_on_a_metric(results: Results) -> None:
    items = tuple(replace(item, facts=()) for item in results.items)
    bare = replace(results, items=items, metrics=results.metrics[:1])
    assert report(bare).answer[:2] == (
        "No facts are written for these articles, so this report cannot say what was kept or lost.",
        "By ROUGE-1, smollm2/plain comes first with 0.50.",
    )


def test_without_verdicts_the_answer_says_that_nothing_was_checked(results: Results) -> None:
    assert report(replace(results, checks=())).answer[0].startswith("No fact was checked")


def banners(results: Results, statuses: Sequence[str]) -> list[str | None]:
    manifests = [replace(results.manifest, status=status) for status in statuses]  # type: ignore[arg-type]  # plain strings
    return [report(replace(results, manifest=manifest)).run.banner for manifest in manifests]


def test_a_run_that_is_not_complete_is_called_partial(results: Results) -> None:
    complete, *others = banners(results, ["complete", "interrupted", "failed", "running"])
    assert complete is None
    assert all(banner and banner.startswith("Partial: ") for banner in others)


def test_the_verdicts_are_trusted_no_further_than_the_signature_says(results: Results) -> None:
    assert report(results).run.trust == (
        "Verdicts by lexical. "
        "The verifier lexical has not been compared with people; harness meta-eval / calibrate does."
    )
    trust = report(replace(results, checks=())).run.trust
    assert trust == "No verdicts: no verifier was run, or it could not be asked."


def test_what_it_takes_to_repeat_the_run_is_there(results: Results) -> None:
    provenance = dict(report(results).run.provenance)
    assert provenance["Run"]["seed"] == "7"
    assert provenance["Stages"]["generate"] == "11 made, 4 from the cache, 1 failed; 71.0 s"
    assert provenance["Articles"]["flood"] == f"text {'b' * 16}, references {'d' * 16}, facts {'f' * 16}"
    assert provenance["Models"]["smollm2"] == f"revision 0.1.2, sha256 {'9' * 64}"


def test_a_report_of_very_many_articles_shows_the_first_and_says_so(results: Results) -> None:
    item = results.items[0]
    many = tuple(replace(item, article=replace(item.article, id=f"a{number}")) for number in range(PAGES + 5))
    hashes = {each.article.id: "0" for each in many}
    found = report(replace(results, items=many, manifest=replace(results.manifest, articles=hashes)))
    assert [page.item.article.id for page in found.pages] == [f"a{number}" for number in range(PAGES)]
    assert found.answer[-1].startswith(f"Of 205 articles, which all count, the report shows the first {PAGES}")
    assert dict(found.run.provenance)["Articles"]["and so on"] == "5 more articles in manifest.json"
    assert "shows the first" not in " ".join(report(results).answer)
