"""How verdicts are counted, and the errors of each system with quotations that support them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import memory_run
import pytest
from memory_run import annotation, pair_keys
from report_page import parse

from harness.document.blocks import COMMENT, PAGE, Folded, Listing
from harness.records import LABELS, Difference, Generation, Importance, Label, Results, Span
from harness.report.article import Links, explain
from harness.report.document import as_markdown, list_errors
from harness.report.index import Index
from harness.report.pages import as_html
from harness.report.report import build_report
from harness.report.tally import Split, count_verdicts


@pytest.mark.parametrize(("essential", "noun"), [(("essential",) * 4, "essential fact"), ((), "fact")])
def test_only_essential_facts_count_if_there_are_any(essential: Sequence[Importance], noun: str) -> None:
    labels = [*LABELS, "absent"] if essential else LABELS
    counts = count_verdicts(Index(memory_run.run({"x": {"a": labels}}, essential)))
    assert (counts.noun, counts.tallies["x"].facts) == (noun, Split(1, 1, 1, 1))


def test_articles_are_summed_and_samples_averaged(results: Results) -> None:
    """Samples by ``human`` keep 2, 1 and 0 of 2 essential facts on minerals, one undecided, and 0 and 2 on flood."""
    human = count_verdicts(Index(results)).tallies["human"]
    assert human.facts.supported == pytest.approx((2 + 1 + 0) / 3 + (0 + 2) / 2)
    assert human.facts.uncertain == pytest.approx(1 / 3)
    assert human.facts.total == pytest.approx(4)
    assert human.several


def test_an_abstention_counts_neither_for_nor_against() -> None:
    results = memory_run.run({"x": {"a": ["supported", "uncertain"]}}, claims={"x": {"a": ["uncertain"]}})
    first, *others = results.checks
    silent = [
        replace(each, verdict=replace(each.verdict, abstained=True, reason="unsupported language")) for each in others
    ]
    results = replace(results, checks=(first, *silent))
    [(card,)] = build_report(results).page(0).cards
    assert card.tally == "facts: 1 kept"
    assert [card.list_flags(piece) for line in card.lines for piece in line] == [[], []], "the claim is not undecided"
    assert "0.33" not in as_html(results), "the probabilities of an abstention mean nothing"
    judged = replace(results, labels=(annotation(pair_keys(results)["x", "a", "f1"], "supported"),))
    assert "the verifier alone (lexical): not checked" in as_html(judged)
    counts = count_verdicts(Index(results))
    assert counts.tallies["x"].facts == Split(supported=1, missing=1)
    assert counts.missing == {"unsupported language": 2}


def test_unverified_facts_and_claims_are_missing_and_the_others_count() -> None:
    """The second of two claims and two of three facts have verdicts; they keep their numbers."""
    results = memory_run.run({"x": {"a": ["supported", "absent", "absent"]}}, claims={"x": {"a": ["supported"]}})
    (summary,) = results.summaries
    longer = replace(summary, generation=Generation("r", "It is old. It has a bridge."))
    f0, f1, _, claim = results.checks
    partial = replace(results, summaries=(longer,), checks=[f0, f1, replace(claim, target="1")])
    counts = count_verdicts(Index(partial))
    assert counts.tallies["x"].facts == Split(supported=1, absent=1, missing=1)
    assert counts.tallies["x"].claims == Split(supported=1, missing=1)
    assert (counts.articles, counts.verdicts, counts.missing.total()) == (1, 5, 2)
    ((_, (_, supported), _, (_, lost)),) = [card.sections for (card,) in build_report(partial).page(0).cards]
    assert [line.number for line in (*supported, *lost)] == [2, 2]


def test_facts_without_verdicts_do_not_hide_an_article_whose_claims_have_some() -> None:
    results = memory_run.run({"x": {"a": ["supported"]}}, claims={"x": {"a": ["supported"]}})
    claims = [check for check in results.checks if check.use == "grounding"]
    assert count_verdicts(Index(replace(results, checks=claims))).articles == 1
    fact = next(check for check in results.checks if check.use == "coverage")
    silent = replace(fact, verdict=replace(fact.verdict, abstained=True))
    assert count_verdicts(Index(replace(results, checks=[silent, *claims]))).articles == 1


def test_an_edited_fact_has_no_verdict_until_it_is_verified_again() -> None:
    results = memory_run.run({"x": {"a": ["supported", "absent"]}})
    (item,) = results.items
    kept, lost = item.facts
    edited = replace(item, facts=(replace(kept, statement="Another fact."), lost))
    page = build_report(replace(results, items=(edited,))).page(0)
    assert [list(row.cells[0].labels) for row in page.rows] == [[], ["absent"]]


def test_a_contradicted_fact_is_an_error_and_a_lost_one_only_if_it_is_essential() -> None:
    facts: list[Label] = ["absent", "contradicted", "absent"]
    tally = count_verdicts(Index(memory_run.run({"x": {"a": facts}}, ("essential", "detail", "detail")))).tallies["x"]
    assert [(error.check.target, error.label) for error in tally.errors] == [("f1", "contradicted"), ("f0", "absent")]


def test_error_counts_only_the_samples_with_its_label(results: Results) -> None:
    """One summary of minerals by ``human`` contradicts f0, one keeps it and one loses it."""
    checks = [
        replace(check, verdict=replace(check.verdict, label="contradicted"))
        if (check.system, check.article_id, check.sample, check.target) == ("human", "minerals", 0, "f0")
        else check
        for check in results.checks
    ]
    worst, *_ = count_verdicts(Index(replace(results, checks=checks))).tallies["human"].errors
    assert (worst.label, worst.times, worst.samples) == ("contradicted", 1, 3)


def test_claims_are_listed_worst_first_and_likely_errors_before_unlikely_ones() -> None:
    claims: list[Label] = ["uncertain", "absent", "supported", "contradicted"]
    tally = count_verdicts(Index(memory_run.run({"x": {"a": ["supported"]}}, claims={"x": {"a": claims}}))).tallies["x"]
    assert [error.check.target for error in tally.errors] == ["3", "1", "0"]
    assert tally.claims == Split(1, 1, 1, 1)


def test_a_long_list_of_undecided_claims_does_not_displace_wrong_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harness.report.tally.MAX_ERRORS", 1)
    claims: memory_run.Verdicts = {"x": {"a": ["uncertain"] * 3, "b": ["contradicted"] * 2}}
    listed = read_lists(memory_run.run({"x": {"a": ["supported"], "b": ["supported"]}}, claims=claims))["x"]
    assert [entry.partition(":")[0] for entry in listed] == ["wrong", "and 1 more", "undecided", "and 2 more"]


def test_a_summary_without_text_counts_as_missing() -> None:
    results = memory_run.run({"x": {"a": ["supported"], "b": ["supported"]}})
    one, other = results.summaries
    failed = replace(other, generation=Generation("r", None, "timeout"))
    found = replace(results, summaries=(one, failed), checks=list(results.checks)[:1])
    tally = count_verdicts(Index(found)).tallies["x"]
    assert (tally.without_text, tally.summaries, tally.articles) == ({"timeout": 1}, 2, 1)
    assert tally.facts.total == 1


@pytest.mark.parametrize(
    ("text", "at_limit", "saved"), [("It is old. It has a", 2, 2), ("It has a", 2, 0), ("It is old.", 0, 0)]
)
def test_summaries_that_end_mid_sentence_are_counted(results: Results, text: str, at_limit: int, saved: int) -> None:
    """Without a recorded token limit, one sentence without an end may be a headline."""
    for made, expected in ((Generation("r", text, finish="length"), at_limit), (Generation("r", text), saved)):
        cut = [replace(each, generation=made) for each in results.summaries]
        tallies = count_verdicts(Index(replace(results, summaries=cut))).tallies
        assert tallies["smollm2/key-facts"].cut_off == expected


ARTICLE = "The vote was 31 to 12. The ferry costs £14.6 million. It sails at noon."


def span(passage: str) -> Span:
    start = ARTICLE.index(passage)
    return Span(start, start + len(passage), passage)


def test_quote_has_the_differing_value_and_unfounded_differences_are_dropped() -> None:
    """The claim has no 18, and the article has other words at the place of ``not_there``."""
    results = memory_run.run({"x": {"a": ["supported"]}}, claims={"x": {"a": ["contradicted"]}})
    claim = replace(list(results.checks)[1], hypothesis="It costs £41.6 million.")
    value, wording = Difference("number", "£41.6 million", span("£14.6 million")), Difference("wording", "costs", None)
    not_stated = Difference("number", "18", span("31"))
    not_there = Difference("number", "£41.6 million", Span(0, 5, "eight"))
    vote = span("The vote was 31 to 12.")
    for given, expected in (
        ((value,), ((value,), span("The ferry costs £14.6 million."))),
        ((not_stated, not_there, wording), ((wording,), vote)),
    ):
        verdict = replace(claim.verdict, differences=given, evidence=vote)
        assert explain(replace(claim, verdict=verdict), ARTICLE, "en") == expected
    german = "Sie wählten am 3. Mai 14 Räte."
    verdict = replace(claim.verdict, differences=(replace(value, found=Span(22, 24, "14")),))
    assert explain(replace(claim, verdict=verdict), german, "de")[1] == Span(0, len(german), german)


def read_lists(results: Results, medium: object = PAGE) -> dict[str, list[str]]:
    """Return the entries of each system's list."""
    found = {}
    for block in list_errors(build_report(results), Links(), medium):  # type: ignore[arg-type]  # a medium
        assert isinstance(block, Folded)
        (listing,) = block.blocks
        assert isinstance(listing, Listing)
        found[block.title.partition(":")[0]] = [
            item.text if isinstance(item.text, str) else "".join(piece.text for piece in item.text)
            for item in listing.items
        ]
    return found


def test_claims_and_facts_are_listed_by_system() -> None:
    results = memory_run.run(
        {"x": {"a": ["absent", "contradicted"]}, "y": {"a": ["supported"] * 2}},
        ("essential",),
        claims={"x": {"a": ["absent"]}, "y": {"a": ["supported"]}},
    )
    listed = read_lists(results)
    assert list(listed) == ["x"]
    assert [entry.partition(":")[0] for entry in listed["x"]] == ["not in the article", "contradicted", "lost"]


def test_comment_counts_the_errors_it_leaves_out() -> None:
    results = memory_run.run({"x": {"a": ["absent"] * 20}}, ("essential",) * 20)
    assert read_lists(results, COMMENT)["x"][-1] == "and 8 more"
    assert len(read_lists(results)["x"]) == 20


def test_verifiers_own_verdict_follows_a_persons_label() -> None:
    results = memory_run.run({"x": {"a": ["supported"]}}, ("essential",), claims={"x": {"a": ["supported"]}})
    judged = memory_run.add_labels(results, {("x", "a", target): "contradicted" for target in ("f0", "0")})
    tied = memory_run.add_labels(judged, {("x", "a", "0"): "supported"}, "ben")
    assert "(people disagree; lexical alone: supported)" in read_lists(tied)["x"][0]
    for entry in read_lists(judged)["x"]:
        assert "(lexical alone: " in entry
        assert "the article says otherwise" not in entry
    page = as_html(judged)
    assert page.count("judged by <bdi>ada</bdi> · the verifier alone (lexical): ") == 2
    heads = [element.text() for element in parse(page).all() if element.tag == "th"]
    assert heads[2:6:2] == ["Essential facts kept (people)", "Claims wrong or invented (people)"]
    assert heads[3:6:2] == ["verifier alone"] * 2
    assert "| verifier alone |" in as_markdown(judged)
