"""Paraphrases as newspapers write them do not conflict; similar sentences with another meaning do."""

from __future__ import annotations

import pytest
from english_sentences import conflicts


@pytest.mark.parametrize(
    ("premise", "statement"),
    [
        # nations, regions and parties, and what they belong to
        ("A Texan company won.", "An American company won."),
        ("The Scottish town flooded.", "The British town flooded."),
        ("A Democratic senator resigned.", "A US senator resigned."),
        ("The European Commission denied it.", "Brussels denied it."),
        ("Brussels rejected the plan.", "The EU rejected the plan."),
        ("He lives in Brussels.", "He lives in Belgium."),
        ("He was born in Kiev.", "He was born in Kyiv."),
        # the same event from its other side, or another event
        ("Everton lost 2-1 to Liverpool.", "Liverpool beat Everton 2-1."),
        ("Everton lost 2-1 to Liverpool.", "Liverpool won 2-1."),
        ("The Welsh rugby team lost to Ireland.", "Ireland beat Wales."),
        ("Microsoft bought Activision for $69bn.", "Activision was sold to Microsoft for $69bn."),
        ("Shares rose on Monday.", "Shares fell on Tuesday."),
        # negation
        ("He no longer works for the BBC.", "He does not work for the BBC."),
        ("The fire not only destroyed the roof but also damaged the hall.", "The fire destroyed the roof."),
        ("Not one of the 12 jurors agreed.", "None of the 12 jurors agreed."),
        ("Not a single MP voted against.", "No MP voted against."),
        ("The UN prevented the convoy from entering the city.", "The convoy did not enter the city."),
        ("The company said it has no plans to cut jobs.", "The company was not planning to cut jobs."),
        ("No one injured in the crash has died.", "Some were injured in the crash."),
        # times and numbers
        ("The law was passed in 1994.", "The law was passed in the 1990s."),
        ("In the 1970s and 80s crime rose.", "Crime rose in the 1980s."),
        ("Crime rose in the 1980s.", "Crime rose in 1984."),
        ("World War II ended in 1945.", "The Second World War ended in 1945."),
        ("The suspect is 6ft 2in tall.", "The suspect is 1.88m tall."),
        ("She lost three stone.", "She lost 42lb."),
        ("the deficit was $ 3.2 bn in may .", "the deficit was $ 3.2 billion in may ."),
        ("the company paid # 2.5 m for it .", "the company paid £2.5 million for it ."),
        ("Three-quarters of a million homes lost power.", "Some 750,000 homes lost power."),
        ("The rate rose by 25 basis points.", "The rate rose by 0.25 percentage points."),
        ("The rate rose by half a percentage point to 5.25%.", "The rate rose by 0.5 percentage points to 5.25%."),
        ("it happened at 3 p.m. ( 1400 gmt ) .", "it happened at 14:00 gmt ."),
        ("The train leaves at noon.", "The train leaves at 12pm."),
    ],
)
def test_same_meaning_has_no_conflict(premise: str, statement: str) -> None:
    assert conflicts(premise, statement) == set()


@pytest.mark.parametrize(
    ("premise", "statement", "kind"),
    [
        ("A French senator resigned.", "A German senator resigned.", "name"),
        ("A Scottish man won.", "A Welsh man won.", "name"),
        ("Not Smith but Jones won.", "Smith won.", "name"),
        ("the company paid # 2.5 m for it .", "the company paid £3.5 million for it .", "number"),
        ("The train leaves at noon.", "The train leaves at 2pm.", "number"),
        ("It was built in 1400.", "It was built in 1500.", "date"),
        ("The law was passed in 1994.", "The law was passed in the 1980s.", "date"),
        ("Crime rose in the 1980s.", "Crime rose in the 1990s.", "date"),
        ("World War II ended.", "The First World War ended.", "name"),
        ("The suspect is 6ft 2in tall.", "The suspect is 6ft 4in tall.", "number"),
    ],
)
def test_similar_but_different_meaning_conflicts(premise: str, statement: str, kind: str) -> None:
    assert {found for found, _, _ in conflicts(premise, statement)} == {kind}
