"""The summaries of an article's parts, joined: what the token limit cut off within the text is no sentence of it."""

from __future__ import annotations

from harness.claims import claims, fragment
from harness.models._completion import Completion
from harness.models._partwise import PartwiseSummary
from harness.records import Article, Generation, Item, Request

WHOLE = "The mayor opened the bridge."
CUT = "It did not cost the town more than"


def joined(*completions: Completion) -> Generation:
    """The record of an article of as many parts."""
    summary = PartwiseSummary(Request("k", Item(Article("a", "…")), "s", (), 0, 0), "…", [[1]] * len(completions))
    for completion in completions:
        summary.add(completion, 0.0)
    return summary.generation()


def test_the_sentence_that_the_limit_cut_off_before_another_part_is_left_out() -> None:
    made = joined(Completion(f"{WHOLE} {CUT}", 12, False), Completion("A second bridge is planned.", 6, True))
    assert made.text == f"{WHOLE}\nA second bridge is planned."
    assert [claim.text for claim in claims(made, "en")] == [WHOLE, "A second bridge is planned."]
    assert made.how == (
        "read in 2 parts, whose summaries follow one another; the last sentence of the summary of 1 part was cut off "
        "by the token limit and is left out"
    )


def test_the_last_part_stays_as_it_is_and_its_fragment_is_no_claim() -> None:
    made = joined(Completion(WHOLE, 6, True), Completion(f"A second bridge is planned. {CUT}", 12, False))
    assert made.text == f"{WHOLE}\nA second bridge is planned. {CUT}"
    assert (cut := fragment(made, "en")) is not None
    assert cut.text == CUT
    assert made.how == "read in 2 parts, whose summaries follow one another"


def test_a_part_that_ends_with_a_sentence_or_is_none_stays_as_it_is() -> None:
    made = joined(Completion(WHOLE, 6, False), Completion(CUT, 8, False), Completion("It is open.", 4, True))
    assert made.text == f"{WHOLE}\n{CUT}\nIt is open."
    assert made.how == "read in 3 parts, whose summaries follow one another"
