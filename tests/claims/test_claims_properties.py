"""Whatever the summary: no word of content is lost, each claim stands inside one sentence, the same each time."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from harness.claims import claims
from harness.records import Claim, Span
from harness.text import sentences, words

# No pronouns and no verbs in -ing: these are the words that a claim may have in another form.
NOUNS = ["Mary Keefe", "the council", "two rivers", "a dog", "police", "the 19-year-old", "Leeds", "the old bridge"]
VERBS = ["died", "was sold", "hit Leeds", "said that prices fell", "has won £3m", "met Paul Reed", "lost", "were cut"]
TAILS = ["in May", "on Monday", "for $3.5 million", "'as planned'", "(again)", "without a fight", ""]
ASIDES = [", the mayor of Hull,", ", who won in 2010,", ", known as Ace,", ", whose car broke down,", "", "", ""]
JOINTS = [", and ", " and ", " but ", "; ", " because ", " after ", ", while ", " or ", " if ", " when ", ", "]
DROPPED = {"and", "but", "while", "because", "after", "when", "who", "whose", "that"}

clause = st.builds("{}{} {} {}".format, *(st.sampled_from(each) for each in (NOUNS, ASIDES, VERBS, TAILS)))
predicate = st.builds("{} {}".format, st.sampled_from(VERBS), st.sampled_from(TAILS))
sentence = st.builds(
    lambda first, rest: first + "".join(joint + part for joint, part in rest) + ".",
    clause,
    st.lists(st.tuples(st.sampled_from(JOINTS), clause | predicate), max_size=3),
)
summaries = st.lists(sentence, min_size=1, max_size=3).map(" ".join)


def headless(text: str) -> str:
    """Without headings, which say nothing."""
    return text.replace(":", ";")


def found(summary: str) -> tuple[Claim, ...]:
    return claims([(summary, "en")], "clauses")[summary, "en"]


def telling(summary: str) -> list[Span]:
    """Its sentences, without those that have no letter."""
    return [span for span in sentences(summary) if any(map(str.isalpha, span.text))]


@settings(max_examples=80)
@given(summaries)
def test_no_word_of_content_is_lost(summary: str) -> None:
    said = {word for claim in found(summary) for word in words(claim.text)}
    assert set(words(summary)) - said <= DROPPED


@settings(max_examples=50)
@given(summaries | st.text(max_size=80).map(headless))
def test_each_claim_stands_inside_one_sentence(summary: str) -> None:
    around = telling(summary)
    claimed = found(summary)
    for claim in claimed:
        assert claim.text
        assert claim.span.text == summary[claim.span.start : claim.span.end]
        assert any(span.start <= claim.span.start < claim.span.end <= span.end for span in around)
    assert [claim.index for claim in claimed] == list(range(len(claimed)))
    assert [claim.span.start for claim in claimed] == sorted(claim.span.start for claim in claimed)
    assert all(any(span.start <= claim.span.start < span.end for claim in claimed) for span in around)


@settings(max_examples=10)
@given(summaries, summaries)
def test_a_summary_has_the_same_claims_alone_and_among_others(summary: str, other: str) -> None:
    together = claims([(other, "en"), (summary, "en")], "clauses")
    assert together[summary, "en"] == found(summary)


@settings(max_examples=30)
@given(st.text(alphabet=st.sampled_from("ab ,.;:'\"`“”‘’()[]-–—?!\n\tand0é\u200b"), max_size=60).map(headless))
def test_any_jumble_of_marks_is_read(summary: str) -> None:
    assert len(found(summary)) >= len(telling(summary))
