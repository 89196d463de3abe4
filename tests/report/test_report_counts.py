"""The matrix of facts and systems, what was lost, and the result in words."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, get_args

import pytest
from judged_run import Said, run

from harness.document.blocks import Cell, Folded, Item, Listing, Paragraph, Text
from harness.document.medium import COMMENT, TERMINAL, Medium
from harness.records import Check, Difference, Label, Probabilities, Results, Role, Span, Status
from harness.report.findings import findings
from harness.report.index import Index
from harness.report.links import Links
from harness.report.report import PAGES, Page, report
from harness.report.tables import outcome_tables
from harness.report.tally import NAMED, Loss, counts
from harness.report.trust import Trust

BROKEN = "broken/<script>alert(1)</script>"


def minerals(results: Results) -> Page:
    return report(results).page(0)


def losses(results: Results, system: str) -> list[Loss]:
    return list(counts(report(results).index).tallies[system].losses)


def table(results: Results, number: int) -> dict[str, list[str]]:
    """System → its counts, of the facts (0) or of the claims (1)."""
    found = list(outcome_tables(report(results)))[number]
    return {
        str(row.cells[0]): [cell if isinstance(cell, str) else cell.text for cell in row.cells[1:]]
        for row in found.rows
        if not row.heads
    }


def said(results: Results, system: str, medium: Medium = COMMENT) -> list[str]:
    """What the findings say of a system, line by line."""
    blocks = findings(report(results), Links(), medium)
    items = [item for block in blocks if isinstance(block, Listing) for item in block.items]
    return [line for item in items if _text(item.text).startswith(f"{system}:") for line in _lines(item)]


def _lines(item: Item) -> list[str]:
    return [_text(item.text), *map(_text, item.details)]


def _text(text: Text) -> str:
    return text if isinstance(text, str) else "".join(piece.text for piece in text)


def only(results: Results, article: str) -> Results:
    items = tuple(item for item in results.items if item.article.id == article)
    return replace(results, items=items)


def judged(results: Results, chosen: Callable[[Check], bool], **verdict: Any) -> Results:
    """The run with these fields of the verdicts that are chosen."""
    checks = [
        replace(check, verdict=replace(check.verdict, **verdict)) if chosen(check) else check
        for check in results.checks
    ]
    return replace(results, checks=checks)


def on(system: str, target: str) -> Callable[[Check], bool]:
    """Chooses what was found on a fact, or on a claim by its number, in a system's summary."""
    return lambda check: (check.system, check.target) == (system, target)


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


def test_losses_name_the_contradicted_facts_first_and_none_that_is_undecided(results: Results) -> None:
    found = losses(results, "smollm2/plain")
    assert [(loss.name, loss.label) for loss in found] == [
        ("minerals/deal-unsigned", "contradicted"),
        ("flood/three-metres", "contradicted"),
        ("minerals/called-failure", "absent"),
    ]


def test_very_many_losses_are_counted_and_the_first_are_shown(results: Results) -> None:
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
    systems = tuple(system for system in results.manifest.systems if system.name == "lead")
    manifest = replace(results.manifest, systems=systems)
    run = replace(results, manifest=manifest, items=many, checks=checks, summaries=summaries, scores=())
    assert len(losses(run, "lead")) == NAMED
    assert said(run, "lead")[0] == f"lead: {2 * NAMED:,} essential facts lost"
    [folded] = [block for block in findings(report(run), Links(), COMMENT) if isinstance(block, Folded)]
    [rest] = [block for block in folded.blocks if isinstance(block, Listing)]
    left_out = f"and {2 * NAMED - COMMENT.sentences - COMMENT.folded:,} more essential facts lost"
    assert (folded.title, len(rest.items), rest.items[-1].text) == ("9 more: lead", COMMENT.folded + 1, left_out)


def test_a_loss_says_in_how_many_samples(results: Results) -> None:
    """human on ended-early: supported, absent, uncertain."""
    assert {loss.name: loss.times for loss in losses(results, "human")}[
        "minerals/ended-early"
    ] == " in 1 of 3 references"


def test_what_is_undecided_is_counted_apart_from_what_is_lost(results: Results) -> None:
    """Kept, contradicted, lost, undecided, all; supported, wrong, not in the article, undecided, all."""
    minerals = only(results, "minerals")
    assert table(minerals, 0)["smollm2/plain"] == ["0", "1", "1", "1", "3"]
    assert table(minerals, 1)["smollm2/plain"] == ["0", "1", "1", "1", "3"]
    assert table(minerals, 0)["human"] == ["1", "0", "1.7", "0.3", "3"]


def test_a_system_without_verdicts_has_no_counts_and_the_reason(results: Results) -> None:
    checks = tuple(check for check in results.checks if check.system != "lead")
    unverified, _ = outcome_tables(report(replace(results, checks=checks)))
    [row] = [row for row in unverified.rows if row.cells[0] == "lead"]
    assert isinstance(row.cells[1], Cell)
    assert unverified.notes[(row.cells[1].note or 0) - 1] == "Its summaries were not verified."
    silent, _ = outcome_tables(report(only(results, "flood")))
    assert silent.notes[0].startswith("It has no summary: the model gave nothing but white space")


def test_what_is_wrong_stands_as_sentences_with_the_passage_beside_what_is_lost(results: Results) -> None:
    found = said(only(results, "minerals"), "smollm2/plain")
    assert found[0] == (
        "smollm2/plain: 1 claim wrong, 1 claim not in the article, 1 claim undecided, 1 essential fact contradicted, "
        "1 essential fact lost"
    )
    assert found[1].startswith("wrong: “The minerals agreement was signed on Friday.” The article: “Talks end")
    assert found[2].startswith("not in the article: “<script>")
    assert found[3].startswith("undecided: “Putin")
    assert found[3].endswith("(supported 0.40, wrong 0.35, not in the article 0.25)")
    assert found[4].startswith("contradicted: The minerals agreement was not signed. The summary: “The minerals")
    assert found[5] == "lost: The Kremlin called it a failure <script>alert(1)</script>."


def test_what_differs_is_named_beside_the_sentence_that_is_wrong(results: Results) -> None:
    """Two values that do not match, one that the article has nothing of, and words that are wrong."""
    article = results.items[0].article.text
    at = article.index("Friday")
    found = (
        Difference("date", "Sunday", Span(at, at + 6, "Friday")),
        Difference("number", "three", None),
        Difference("wording", "called it off", None),
        Difference("wording", "again", None),
    )
    differing = judged(only(results, "minerals"), on("smollm2/plain", "0"), differences=found)
    line = said(differing, "smollm2/plain")[1]
    assert (
        "The summary says “Sunday”, the article “Friday”. "
        "The summary says “three”; the article has nothing in its place. At issue: “called it off”, “again”." in line
    )


def test_a_fact_that_is_not_essential_is_named_where_it_is_contradicted(results: Results) -> None:
    contradicted = judged(only(results, "minerals"), on("lead", "on-friday"), label="contradicted")
    assert [(loss.name, loss.label) for loss in losses(contradicted, "lead")] == [
        ("on-friday", "contradicted"),
        ("deal-unsigned", "absent"),
        ("called-failure", "absent"),
    ]


def test_a_terminal_shows_the_first_sentences_and_counts_the_others(results: Results) -> None:
    found = said(only(results, "minerals"), f"{BROKEN}", TERMINAL)
    assert found[0] == f"{BROKEN}: 1 claim not in the article, 3 essential facts lost"
    assert found[-1] == "and 1 more essential fact lost"


def test_what_every_system_loses_stands_once_above_what_each_loses_beside_it(results: Results) -> None:
    """All three under test lose called-failure and, here, ended-early; plain contradicts deal-unsigned."""
    minerals = judged(only(results, "minerals"), lambda check: check.target == "ended-early", label="absent")
    assert said(minerals, "Every system under test") == [
        "Every system under test: 2 essential facts lost",
        "lost: The talks ended early {{ 7*7 }}.",
        "lost: The Kremlin called it a failure <script>alert(1)</script>.",
    ]
    key_facts = said(minerals, "smollm2/key-facts")
    assert key_facts[0] == "smollm2/key-facts: 3 essential facts lost, 2 of them by every system"
    assert [line for line in key_facts if line.startswith("lost")] == ["lost: The minerals agreement was not signed."]
    assert said(minerals, "smollm2/plain")[0].endswith("2 essential facts lost, as every system does")


def test_the_answer_names_the_system_that_keeps_most_and_floor_and_ceiling(results: Results) -> None:
    """key-facts and lead keep ended-early, one of three."""
    assert report(only(results, "minerals")).answer == (
        "No system keeps more essential facts than sentences picked without a model: lead keeps 1 of 3.",
        (
            "The best system, smollm2/key-facts, keeps 1 of 3. "
            "For comparison: the ceiling (summaries by people, or sentences picked to match them) keeps 1 of 3 "
            "(oracle) and 1 of 3 (human)."
        ),
        "Undecided facts count as not kept. Counting them as kept could change this: smollm2/plain up to 1 of 3.",
        "Essential facts contradicted: smollm2/plain 1 of 3.",
        (
            "Claims wrong or not in the article: lead (floor) 0 of 1; smollm2/key-facts 0 of 2; smollm2/plain 2 of 3, "
            f"1 undecided; {BROKEN} 1 of 1."
        ),
    )
    assert report(only(results, "minerals")).cautions == (
        "The token limit stopped summaries after a full sentence: smollm2/plain 1 of 1.",
        "With one article, this ranks these summaries, not the models.",
    )


def test_what_every_system_loses_is_marked_as_judged_where_people_judged_all_of_it(results: Results) -> None:
    """People judged ended-early of all systems under test, and called-failure of the first alone."""
    by_people = {("ended-early", system) for system in ("smollm2/plain", "smollm2/key-facts", BROKEN)}
    by_people |= {("called-failure", "smollm2/plain")}
    lost = judged(
        only(results, "minerals"), lambda check: check.target in ("ended-early", "called-failure"), label="absent"
    )
    lost = judged(lost, lambda check: (check.target, check.system) in by_people, verifier="people|ada")
    lines = said(lost, "Every system under test")
    assert {line.endswith("°"): "called it a failure" in line for line in lines[1:]} == {True: False, False: True}


def test_summaries_of_very_different_length_are_named(results: Results) -> None:
    """A summary that is twice as long has room for more facts."""

    def lengths(longest: float) -> list[str]:
        scores = [score for score in results.scores if score.metric != "words"]
        scores += [
            replace(score, value=longest if score.system == "oracle" else 40.0)
            for score in results.scores
            if score.metric == "words" and score.system in ("oracle", "lead")
        ]
        metrics = tuple(replace(metric, headline=True) for metric in results.metrics)
        found = report(replace(results, scores=tuple(scores), metrics=metrics))
        return [line for line in found.cautions if "words" in line]

    assert lengths(79) == []
    assert lengths(80) == [
        "Mean lengths range from 40 words (lead) to 80 (oracle); a longer summary has room for more facts."
    ]


def test_claims_that_are_all_undecided_are_no_all_clear(results: Results) -> None:
    undecided = judged(only(results, "minerals"), lambda check: check.use == "grounding", label="uncertain")
    told = report(undecided).answer[-1]
    assert told == "No claim of a system is wrong or missing from the article; claims left undecided: 6."


def test_systems_that_keep_as_much_are_all_named_and_the_floor_where_it_keeps_less(results: Results) -> None:
    systems = tuple(
        replace(system, role="system" if system.name in ("oracle", "lead") else system.role)
        for system in results.manifest.systems
    )
    flood = replace(only(results, "flood"), manifest=replace(results.manifest, systems=systems))
    assert report(flood).answer[0] == "lead keeps the most essential facts: 1 of 1."
    minerals = replace(only(results, "minerals"), manifest=flood.manifest)
    assert report(minerals).answer[0].endswith("keep the most essential facts: 1 of 3 each.")
    assert all(name in report(minerals).answer[0] for name in ("smollm2/key-facts", "lead", "oracle"))


def test_where_nothing_is_kept_no_system_is_the_best(results: Results) -> None:
    checks = [check for check in results.checks if check.use == "coverage" and check.system.startswith("smollm2")]
    lost = judged(replace(only(results, "minerals"), checks=checks), lambda check: True, label="absent")
    assert report(lost).answer[0] == "No system keeps any essential fact."


def test_systems_that_lack_summaries_are_named(results: Results) -> None:
    [missing] = [line for line in report(results).cautions if "missing" in line]
    assert missing == f"Summaries that are missing do not count against a system: {BROKEN} 1 of 2."


def test_systems_that_keep_as_much_are_told_apart_by_what_is_false(results: Results) -> None:
    """oracle and lead keep one of three; here one of lead's claims is wrong, and it contradicts a fact that it lost."""

    def wrong(check: Check) -> bool:
        return check.system == "lead" and (
            check.use == "grounding" or (check.target == "deal-unsigned" and check.verdict.label == "absent")
        )

    systems = tuple(
        replace(system, role="system" if system.name in ("oracle", "lead") else "ceiling")
        for system in results.manifest.systems
    )
    minerals = replace(only(results, "minerals"), manifest=replace(results.manifest, systems=systems))
    run = judged(minerals, wrong, label="contradicted")
    assert report(run).answer[0] == "lead and oracle keep the most essential facts: 1 of 3 each."
    assert (
        "They differ in what they get wrong or add: oracle contradicts 0 essential facts and has 0 of 2 "
        "claims wrong or not in the article; lead 1 and 1 of 1."
    ) in report(run).answer


def test_what_the_token_limit_cut_off_within_a_sentence_is_told_from_what_it_stopped_after_one(
    results: Results,
) -> None:
    """plain and broken are stopped after a full sentence, key-facts within one."""
    summaries = tuple(
        replace(
            summary,
            generation=replace(
                summary.generation,
                finish="length",
                text="The talks ended early. Starmer prom" if summary.system == "smollm2/key-facts" else summary.text,
            ),
        )
        for summary in results.summaries
    )
    within, after, *_ = report(replace(only(results, "minerals"), summaries=summaries)).cautions
    assert within == (
        "The token limit cut summaries off within a sentence: smollm2/key-facts 1 of 1. These unfinished sentences are "
        "not checked; a higher limit lets them end."
    )
    assert after == (f"The token limit stopped summaries after a full sentence: smollm2/plain 1 of 1, {BROKEN} 1 of 1.")


def test_undecided_claims_stand_after_the_wrong_ones_the_likeliest_to_be_wrong_first(results: Results) -> None:
    """Two of plain's three claims are undecided, with 0.8 and 0.4 for supported."""
    likely = Probabilities(0.8, 0.1, 0.1)
    undecided = judged(only(results, "minerals"), on("smollm2/plain", "1"), label="uncertain", probabilities=likely)
    lines = said(undecided, "smollm2/plain")
    assert [line.partition(":")[0] for line in lines[1:4]] == ["wrong", "undecided", "undecided"]
    assert [line.rpartition("(")[2][:14] for line in lines[2:4]] == ["supported 0.40", "supported 0.80"]


def test_the_sign_of_a_persons_verdict_is_explained_where_it_stands(results: Results) -> None:
    """A person judged a fact that is kept, so no line below carries the sign; then one that is lost."""
    minerals = only(results, "minerals")
    for fact, lost in (("ended-early", False), ("called-failure", True)):
        run = judged(minerals, on("smollm2/key-facts", fact), verifier="people|ada")
        assert ("° judged by a person" in str(list(findings(report(run), Links(), TERMINAL)))) is lost


def test_undecided_facts_that_could_change_who_comes_first_are_named(results: Results) -> None:
    """plain keeps none of three, one undecided: as many as the floor, not more. With two undecided it could lead."""
    undecided = judged(only(results, "minerals"), on("smollm2/plain", "called-failure"), label="uncertain")
    assert report(undecided).answer[2] == (
        "Undecided facts count as not kept. Counting them as kept could change this: smollm2/plain up to 2 of 3."
    )


def test_over_a_few_articles_it_is_said_what_they_cannot_show(results: Results) -> None:
    assert report(results).cautions[-1] == (
        "With 2 articles the mean describes these articles. An interval for other articles of their kind needs at "
        "least 8. With 2 shared articles no difference can be significant: the smallest possible p is 0.5. Compare "
        "the facts that each keeps and loses, or add articles."
    )


def test_where_no_fact_is_essential_all_are_counted(results: Results) -> None:
    items = tuple(
        replace(item, facts=tuple(replace(fact, importance="detail") for fact in item.facts)) for item in results.items
    )
    found = report(replace(results, items=items))
    assert "The best system, smollm2/key-facts, keeps 2 of 7." in found.answer[1]


def test_without_facts_the_answer_says_so_and_falls_back_on_a_metric(results: Results) -> None:
    items = tuple(replace(item, facts=()) for item in results.items)
    bare = replace(results, items=items, metrics=results.metrics[:1])
    assert report(bare).answer[:3] == (
        "These articles have no facts, so this report cannot say what was kept or lost.",
        "By ROUGE-1, smollm2/plain and smollm2/key-facts come first with 0.50.",
        (
            "Not ranked, as summaries or verdicts are missing: broken/<script>alert(1)</script> has 0.50 (on 1 of 2 "
            "articles)."
        ),
    )


def test_values_that_are_equal_but_for_rounding_come_first_together(results: Results) -> None:
    items = tuple(replace(item, facts=()) for item in results.items)
    scores = tuple(
        replace(score, value=math.nextafter(score.value, 1.0)) if score.value and "plain" in score.system else score
        for score in results.scores
    )
    bare = replace(results, items=items, metrics=results.metrics[:1], scores=scores)
    assert report(bare).answer[1].startswith("By ROUGE-1, smollm2/plain and smollm2/key-facts come first")


def test_without_verdicts_the_answer_says_that_nothing_was_checked(results: Results) -> None:
    assert report(replace(results, checks=())).answer[0].startswith("No fact was checked")


@pytest.mark.parametrize("status", get_args(Status))
def test_a_run_that_is_not_complete_is_called_partial(results: Results, status: Status) -> None:
    banner = report(replace(results, manifest=replace(results.manifest, status=status))).run.banner
    assert (banner or "").startswith("Partial: ") == (status != "complete")


def test_the_verdicts_are_trusted_no_further_than_the_signature_says(results: Results) -> None:
    assert report(results).run.trust.short == (
        "The verdicts are those of the checker lexical. Nobody has measured how often this verifier is right; harness "
        "meta-eval does, on verdicts that people have judged (harness label)."
    )
    trust = report(replace(results, checks=())).run.trust
    assert trust == Trust("There are no verdicts: no verifier was run, or it could not be asked.")


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
    assert found.cautions[-1].startswith(f"All 205 articles count, and the first {PAGES} are shown.")
    assert dict(found.run.provenance)["Articles"]["and so on"] == "5 more articles in manifest.json"
    assert "are shown" not in " ".join(report(results).cautions)


def test_a_verdict_that_alone_could_turn_the_first_sentence_is_named(results: Results) -> None:
    """key-facts and the floor keep one of three; called-failure of key-facts is lost with 0.6, the rest is certain."""

    def with_probability(lost: float, verifier: str = "lexical|code:1a") -> list[str]:
        certain, doubtful = Probabilities(0.95, 0.95, 0.95), Probabilities(1 - lost, 0.0, lost)
        run = judged(only(results, "minerals"), lambda check: True, verifier=verifier, probabilities=certain)
        run = judged(run, on("smollm2/key-facts", "called-failure"), probabilities=doubtful)
        blocks = findings(report(run), Links(), TERMINAL)
        return [_text(block.text) for block in blocks if isinstance(block, Paragraph)]

    assert with_probability(0.6) == [
        (
            "One verdict could change the first sentence. The least certain: smollm2/key-facts, lost (0.60): "
            "The Kremlin called it a failure <script>alert(1)</script>."
        )
    ]
    assert with_probability(0.95) == []
    assert not any("could turn" in line for line in with_probability(0.6, "people|ada"))


BOTH: Sequence[Label | Said] = ("supported", "supported")


def halves(articles: int) -> dict[str, Sequence[Label | Said]]:
    """Of each article one of two facts."""
    return {f"a{at}": ("supported", "absent") for at in range(articles)}


def test_a_system_that_lacks_summaries_is_not_ranked_by_the_few_that_it_has() -> None:
    told = report(run({"whole": halves(12), "sparse": {"a0": BOTH}}, ["essential"] * 2)).answer
    assert told[0] == "whole keeps 12 of 24 essential facts."
    assert "Not ranked, as summaries or verdicts are missing: sparse keeps 2 of 2 (on 1 of 12 articles)." in told


def test_a_summary_that_was_not_judged_on_all_facts_wins_nothing() -> None:
    """As where a verifier failed half way."""
    found = report(
        run({"good": {"a": [*BOTH, "supported", "absent"]}, "short": {"a": ["supported"]}}, ["essential"] * 4)
    )
    assert found.answer[0] == "good keeps 3 of 4 essential facts."
    assert next(outcome_tables(found, None)).notes == ("None of its summaries has a verdict on each of these facts.",)


def test_claims_of_a_summary_that_was_not_judged_whole_are_not_counted() -> None:
    found = run({"m": {"a": BOTH}}, claims={"m": {"a": ("absent",)}})
    longer = tuple(
        replace(each, generation=replace(each.generation, text="One thing. Another.")) for each in found.summaries
    )
    assert counts(Index(replace(found, summaries=longer))).tallies["m"].claims.total == 0
    assert counts(Index(found)).tallies["m"].claims.total == 1


def test_of_many_systems_that_tie_the_fewest_and_the_most_errors_are_said() -> None:
    facts = {f"s{at}": {"a": BOTH} for at in range(7)}
    claims: dict[str, dict[str, Sequence[Label | Said]]] = {name: {"a": BOTH} for name in facts}
    claims["s3"] = {"a": ("supported", "absent")}
    claims["s5"] = {"a": ()}
    told = report(run(facts, ["essential"] * 2, claims=claims)).answer[1]
    assert told == (
        "They differ in what they get wrong or add: s0 contradicts 0 essential facts and has 0 of 2 claims wrong or "
        "not in the article; s1 0 and 0 of 2; s2 0 and 0 of 2; s4 0 and 0 of 2; s5 0 and no claim; and 2 more."
    )


def test_a_floor_and_a_ceiling_on_few_articles_are_named_apart() -> None:
    found = run({"whole": halves(12), "lead": {"a0": BOTH}, "oracle": {"a0": BOTH}}, ["essential"] * 2)
    roles: tuple[Role, ...] = ("system", "floor", "ceiling")
    systems = tuple(replace(system, role=role) for system, role in zip(found.manifest.systems, roles, strict=True))
    told = report(replace(found, manifest=replace(found.manifest, systems=systems))).answer
    assert told[0] == "whole keeps 12 of 24 essential facts."
    assert told[1] == (
        "Not ranked, as summaries or verdicts are missing: lead keeps 2 of 2 (on 1 of 12 articles) and oracle "
        "keeps 2 of 2 (on 1 of 12 articles)."
    )


def test_the_facts_of_a_system_that_lacks_summaries_say_of_how_many_articles_they_are() -> None:
    found = run({"whole": halves(12), "sparse": {"a0": BOTH}}, ["essential"] * 2)
    facts = next(outcome_tables(report(found)))
    assert facts.notes == ("on 1 of 12 articles",)
    noted = {row.cells[0]: row.cells[-1] for row in facts.rows if not row.heads}
    assert noted == {"whole": Cell("24"), "sparse": Cell("2", note=1)}


def test_a_system_that_lacks_one_summary_of_twenty_is_ranked_and_one_of_nineteen_is_not() -> None:
    def first(articles: int) -> str:
        every = halves(articles)
        better = dict.fromkeys(list(every)[1:], BOTH)
        return report(run({"whole": every, "better": better}, ["essential"] * 2)).answer[0]

    assert first(20) == "better keeps the largest share of the essential facts: 38 of 38."
    assert first(19) == "whole keeps 19 of 38 essential facts."


def test_where_the_floor_alone_was_checked_on_all_articles_no_system_is_ranked() -> None:
    found = run({"slow": {"a0": BOTH}, "lead": halves(4)}, ["essential"] * 2)
    systems = tuple(replace(each, role="floor" if each.name == "lead" else "system") for each in found.manifest.systems)
    first, second, *_ = report(replace(found, manifest=replace(found.manifest, systems=systems))).answer
    assert first == (
        "No system was checked on enough articles to be ranked; "
        "of the essential facts slow keeps 2 of 2 (on 1 of 4 articles)."
    )
    assert second == "For comparison: the floor (sentences picked without a model) keeps 4 of 8 (lead)."


def test_claims_of_several_summaries_of_an_article_are_counted_in_all_of_them_together() -> None:
    once = run({"one": {"a": ["supported"]}}, claims={"one": {"a": ["contradicted", "supported"]}})
    twice = replace(
        once,
        summaries=[replace(each, sample=sample) for each in once.summaries for sample in (0, 1)],
        checks=[replace(each, sample=sample) for each in once.checks for sample in (0, 1)],
    )
    assert said(once, "one")[0] == "one: 1 claim wrong"
    assert said(twice, "one")[0] == "one: 2 claims wrong in all its summaries together"
