"""Each kind of edit on sentences written for it, properties of all edits, and the English forms that they need."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from builders import project_item

from harness.suggest.edits import ALL, Kind, make_edits, make_false_versions
from harness.suggest.edits.edit import Change, apply
from harness.suggest.edits.name import is_same
from harness.suggest.english import fix_article, has_vowel_sound
from harness.text import sentences, words

ITEM = project_item()
SENTENCES = [span.text for reference in ITEM.references[:3] for span in sentences(reference.text)]
STATEMENTS = [fact.statement for fact in ITEM.facts]
ARTICLE = (
    "Acme hired 30 people on Monday, its director Ann Bell said in Geneva. Two weeks ago Tom Reed, who leads the rival "
    "firm Borex, said it would cut 45 jobs in Oslo. Mr Reed spoke of hard times. The French government praised Acme. "
    "Borex was founded in 1987. Germany and Norway have protested."
)


def make(text: str, kind: Kind, context: str = "", seeds: int = 12) -> set[str]:
    """Return the edits of one kind, over several seeds."""
    rngs = map(np.random.default_rng, range(seeds))
    return {edit.text for rng in rngs for edit in make_edits(text, rng, [kind], context=context)}


@pytest.mark.parametrize(
    ("kind", "text", "edited"),
    [
        ("negation", "She approved the plan.", "She did not approve the plan."),
        ("negation", "She approves the plan.", "She does not approve the plan."),
        ("negation", "They approve the plan.", "They do not approve the plan."),
        ("negation", "The plan was approved on Monday.", "The plan was not approved on Monday."),
        ("negation", "He can sign it.", "He cannot sign it."),
        ("negation", "He hopes it works.", "He does not hope it works."),
        ("negation", "She did not approve the plan.", "She approved the plan."),
        ("negation", "She didn't win the race.", "She won the race."),
        ("negation", "He did not lie.", "He lied."),
        ("negation", "He cannot sign it.", "He can sign it."),
        ("negation", "He won't sign it.", "He will sign it."),
        ("negation", "The road isn’t open.", "The road is open."),
        ("negation", "The mayor can’t stop the tram.", "The mayor can stop the tram."),
        ("negation", "She has never visited Paris.", "She has visited Paris."),
        ("negation", "The firm no longer pays him.", "The firm still pays him."),
        ("negation", "The two leaders met.", "The two leaders did not meet."),
        ("negation", "Police arrested 11 men.", "Police did not arrest 11 men."),
        ("swap", "Trump challenged Zelensky.", "Zelensky challenged Trump."),
        ("swap", "Keir Starmer assured Zelensky of support.", "Zelensky assured Keir Starmer of support."),
        ("swap", "Ann Bell proposed to Tom Reed.", "Tom Reed proposed to Ann Bell."),
    ],
)
def test_edit_of_a_kind(kind: Kind, text: str, edited: str) -> None:
    assert edited in make(text, kind)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        # they read badly, or the text and its negation may both be true
        ("negation", "Will he sign it?"),
        ("negation", "She not only won but also broke the record."),
        ("negation", "He had better sign it."),
        ("negation", "He did not leave until Monday."),
        ("negation", "She did not sign any of the papers."),
        ("negation", "A new bridge over the river."),
        ("negation", "At least 30 people were hurt."),
        ("negation", "30 people were hurt."),
        ("negation", "Most of the members voted."),
        ("negation", "Both men were jailed."),
        ("negation", "Two of the three men were jailed."),
        ("negation", "Someone left the door open."),
        # mutual verbs, repeated names
        ("swap", "Trump met Zelensky."),
        ("swap", "Ann married Tom."),
        ("swap", "Trump praised his advisers."),
        ("swap", "Ann Bell and Tom Reed left."),
        ("swap", "Donald Trump spoke with Vladimir Putin on Monday."),
        ("swap", "France shares a border with Spain."),
        ("swap", "Ann Bell worked alongside Tom Reed."),
        ("swap", "Trump challenged Zelensky, and Zelensky left."),
        # bounds, dates, scores, codes
        *(("number", f"They hired {bound} 60 people.") for bound in ("more than", "at least", "at most", "up to")),
        ("number", "Borex was founded in 1987."),
        ("number", "It opened in the 1990s."),
        ("number", "They met on 3 May."),
        ("number", "They won 2-1."),
        ("number", "The 5G network failed."),
        ("number", "One left."),
        ("date", "The marches may go on."),
    ],
)
def test_edit_that_reads_badly_or_may_be_true_is_not_made(kind: Kind, text: str) -> None:
    assert make(text, kind) == set()


def test_numbers_keep_unit_and_style() -> None:
    found = make("Acme paid $35 million.", "number")
    assert found
    assert all(text.startswith("Acme paid $") and text.endswith(" million.") for text in found)
    assert make("Twelve people came.", "number") <= {
        f"{number} people came." for number in ("Nine", "Ten", "Eleven", "Thirteen", "Fourteen", "Fifteen")
    }
    assert "Acme hired 45 people." in make("Acme hired 30 people.", "number", ARTICLE)
    assert not any(" 1 " in text for text in make("Acme has 2 plants.", "number"))
    for text in ("He died aged {}.", "Ann Bell, {}, resigned."):
        assert max(len(edit) for edit in make(text.format(87), "number")) == len(text), "nobody is 157"


def test_dates_change_in_each_part() -> None:
    found = make("They met on Monday, 31 January 2022.", "date", seeds=30)
    assert found
    assert not any("31 February" in text or "31 June" in text for text in found)
    assert "He joined in June 2009." in make("He joined in June 2011.", "date", seeds=30)
    assert "It closed in the 1970s." in make("It closed in the 1990s.", "date", seeds=30)


def test_names_are_of_one_type_and_keep_their_form() -> None:
    assert "Tom Reed runs Acme." in make("Ann Bell runs Acme.", "name", ARTICLE)
    both = "President Obama left, and Obama said so."
    assert "President Reed left, and Reed said so." in make(both, "name", ARTICLE)
    assert "He moved to Oslo." in make("He moved to Geneva.", "name", ARTICLE)
    assert {"She left Germany.", "She left Norway."} == make("She left the US.", "name", ARTICLE)


def test_shared_surname_does_not_merge_two_people() -> None:
    found = make("Ann Bell praised Tom Bell, and Bell smiled.", "name", "Mark Reed saw Ann Bell and Tom Bell.")
    assert found == {"Mark Reed praised Tom Bell, and Reed smiled.", "Ann Bell praised Mark Reed, and Reed smiled."}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("US", "United States", True),
        ("Volodymyr Zelensky", "Zelensky", True),
        ("French", "France", True),
        ("New York", "New Delhi", False),
        ("Iran", "Iraq", False),
    ],
)
def test_forms_of_one_name_are_recognised(one: str, other: str, same: bool) -> None:
    assert is_same(one, other) == same


def test_inventions_use_no_word_of_the_article() -> None:
    article = "He spoke in Geneva and Toronto on Tuesday, after a vote, and volunteers helped."
    found = make("He left the house.", "invention", article, seeds=40)
    assert found
    assert not any(word in text for text in found for word in ("Geneva", "Toronto", "Tuesday", "vote", "volunteers"))


def test_articles_and_capitals_agree_with_the_new_word() -> None:
    edits_made = [
        apply("name", "She met an American spy.", [Change(11, 19, "French")]),
        apply("name", "Five men left.", [Change(0, 4, "six")]),
        apply("name", "So The Man left.", [Change(3, 10, "she")]),
    ]
    assert [edit and edit.text for edit in edits_made] == ["She met a French spy.", "Six men left.", "So she left."]
    assert fix_article("It was a hour ago.", 9) == "It was an hour ago."
    assert apply("swap", "He left, then.", [Change(7, 8, ";")]) is None


@pytest.mark.parametrize("text", [*SENTENCES, *STATEMENTS[:10]])
def test_every_edit_changes_words_and_leaves_the_spacing_tidy(text: str) -> None:
    made = make_edits(text, np.random.default_rng(0), context=ITEM.article.text)
    for edit in made:
        assert words(edit.text) != words(text)
        assert "  " not in edit.text
        assert edit.text == edit.text.strip()
    kinds = [edit.kind for edit in made]
    assert kinds == sorted(kinds, key=ALL.index)
    assert all(kinds.count(kind) <= 3 for kind in kinds)


def test_edits_of_a_kind_do_not_depend_on_other_kinds() -> None:
    every = make_edits(SENTENCES[0], np.random.default_rng(5), context=ITEM.article.text)
    assert every == make_edits(SENTENCES[0], np.random.default_rng(5), context=ITEM.article.text)
    names = make_edits(SENTENCES[0], np.random.default_rng(5), ["name"], context=ITEM.article.text)
    assert names == [edit for edit in every if edit.kind == "name"]


def test_each_place_is_edited_once_before_any_is_edited_twice() -> None:
    found = make_edits("On Monday and Tuesday in May they slept.", np.random.default_rng(0), ["date"])
    assert all(sum(word in edit.text for word in ("Monday", "Tuesday", "May")) == 2 for edit in found)
    assert len({word for edit in found for word in ("Monday", "Tuesday", "May") if word not in edit.text}) == 3


def test_false_versions_are_distinct_errors_with_values_first() -> None:
    for statement in STATEMENTS[:25]:
        found = make_false_versions(statement, np.random.default_rng(0), ITEM.article.text)
        kinds = [edit.kind for edit in found]
        assert "invention" not in kinds
        assert len({edit.text for edit in found}) == len(found) <= 8
        values = [kind in ("number", "date", "name") for kind in kinds]
        assert values == sorted(values, reverse=True)
    assert len(make_false_versions(STATEMENTS[1], np.random.default_rng(0), ITEM.article.text, limit=2)) == 2


@pytest.mark.parametrize("text", ["", " ", "…", "Yes.", "12345", "ALL CAPS", "a" * 3000, f"It lost {'9' * 500}."])
def test_odd_texts_give_edits_or_none_and_no_error(text: str) -> None:
    for edit in make_edits(text, np.random.default_rng(0), context=text):
        assert edit.text != text


PROGRAM = """
import sys
from harness.suggest import english
print([token.dep_ for token in english.parse('The mayor resigned.')], 'torch' in sys.modules)
import torch
print(torch.ones(2).sum())
"""


@pytest.mark.slow
def test_parsing_does_not_import_torch() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["['det', 'nsubj', 'ROOT', 'punct'] False", "tensor(2.)"]


VOWEL = "apple hour honest uninjured FBI 8 11 18 80 11,000 NHS urgent SUV"
CONSONANT = "house university unanimous European one-off NATO UK US 110 1 Ukrainian"


@pytest.mark.parametrize(("listed", "vowel"), [(VOWEL, True), (CONSONANT, False)])
def test_vowel_sound_decides_a_or_an(listed: str, vowel: bool) -> None:
    assert [word for word in listed.split() if has_vowel_sound(word) != vowel] == []
