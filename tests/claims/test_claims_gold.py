"""Against sentences taken apart by hand: what is split is split in the right place, and most of what can be."""

from __future__ import annotations

from claims_gold import Agreement, gold, points, wording

from harness.claims import claims


def test_splits_agree_with_those_made_by_hand() -> None:
    sentences = gold()
    found = claims([(each.sentence, "en") for each in sentences], "clauses")
    pairs = [(each, found[each.sentence, "en"]) for each in sentences]

    places = Agreement.of((points(claimed), frozenset(each.points)) for each, claimed in pairs)
    assert places.precision >= 0.98
    assert places.recall >= 0.88

    whole = Agreement.of((wording(claim.text for claim in claimed), wording(each.claims)) for each, claimed in pairs)
    assert whole.precision >= 0.94
    assert whole.recall >= 0.90


def test_what_says_one_thing_stays_whole() -> None:
    single = [each.sentence for each in gold() if not each.points]
    assert len(single) >= 20
    found = claims([(sentence, "en") for sentence in single], "clauses")
    assert [[claim.text for claim in each] for each in found.values()] == [[sentence] for sentence in single]


def test_a_claim_taken_apart_again_is_itself() -> None:
    """Claims that name a cause or an order in time are two statements by intention, and are left out."""
    simple = [
        claim for each in gold() for claim in each.claims if not {"because", "after"} & set(claim.lower().split())
    ]
    found = claims([(claim, "en") for claim in simple], "clauses")
    assert [claim for claim in simple if [each.text for each in found[claim, "en"]] != [claim]] == []
