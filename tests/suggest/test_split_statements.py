"""Sentences split into statements, and the kind of a statement."""

from __future__ import annotations

import pytest

from harness.records import Article, FactKind
from harness.suggest.statements import guess_kind, is_skipped, is_unclear, list_statements, split_sentence


@pytest.mark.parametrize(
    ("sentence", "statements"),
    [
        ("Ann Bell, the mayor, quit and left town.", ["Ann Bell, the mayor, quit.", "Ann Bell, the mayor, left town."]),
        (
            "The council raised the rents, sold the mill and closed the library.",
            ["The council raised the rents.", "The council sold the mill.", "The council closed the library."],
        ),
        ("The fire hurt 14 people, and crews were called.", ["The fire hurt 14 people.", "Crews were called."]),
        ("He was arrested and charged with murder.", []),
        ("The man who led the town resigned.", []),
        ("Iran and Russia met on Friday, and both said in a statement that the pact would last.", []),
        ("Police arrested four men and most were released on Sunday.", []),
        ("Children who are not vaccinated and who have had contact with a case must stay at home for 21 days.", []),
        ('Ann Bell, the mayor, said "I resign" and left.', []),
    ],
)
def test_sentence_is_split_at_clauses_that_stand_alone(sentence: str, statements: list[str]) -> None:
    """Without statements, the sentence stays whole."""
    assert split_sentence(sentence) == (statements or [sentence])


@pytest.mark.parametrize("dateline", ["LONDON, April 3 (Reuters) - ", "(CNN) -- ", "( cnn) ", "PARIS -- ", "PARIS - "])
def test_dateline_is_removed(dateline: str) -> None:
    article = Article("a", f"{dateline}Two men were rescued on Monday.")
    [statement] = list_statements(article)
    assert statement.text == "Two men were rescued on Monday."
    evidence = statement.evidence
    assert article.text[evidence.start : evidence.end] == evidence.text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Zelensky Urges Stronger US Support Amid Chaotic Encounter", True),
        ("Read more: the story in full", True),
        ("Scroll down for video.", True),
        ("More: Why the mayor quit.", True),
        ("More from Ghent here.", True),
        ("Share your photos with us here.", True),
        ("Will she return?", True),
        ("…", True),
        ("“Prices will fall.”", True),
        ('"Prices will fall," he said on Monday.', True),
        ("‘The council won’t pay,’ said she.", True),
        ("``Prices will fall,'' they say.", True),
        ("Ann Lee met Jean-Luc O'Neil in the town hall of Ghent.", False),
        ("Reading lost the match.", False),
        ("Share prices fell more than 3 percent.", False),
        ("More than 40 houses were emptied, and more will be.", False),
        ("By a margin of two to one, voters asked for more.", False),
        ("“Prices will fall,” the mayor said, “and rents too.”", False),
        ('"The Godfather" was shown in Ghent.', False),
        ("‘The council won’t pay,’ said Ann Bell's lawyer.", False),
    ],
)
def test_headlines_teasers_questions_and_quotations_without_a_speaker_are_skipped(text: str, expected: bool) -> None:
    assert is_skipped(text) is expected


@pytest.mark.parametrize(("opening", "closing"), ["“”", '""'])
def test_only_the_sentence_that_names_the_speaker_of_a_quotation_is_listed(opening: str, closing: str) -> None:
    """The second quotation never ends, so only its first sentence belongs to it."""
    text = f"{opening}Prices rose. Wages fell. Nobody cared,{closing} said Ann Bell. The council met.\nRents rose."
    text += f" {opening}Rents fell. The mayor left. {opening}The mill closed,{closing} said Tom Reed."
    assert [each.text for each in list_statements(Article("a", text))] == [
        f"{opening}Nobody cared,{closing} said Ann Bell.",
        "The council met.",
        "Rents rose.",
        "The mayor left.",
        f"{opening}The mill closed,{closing} said Tom Reed.",
    ]


def test_bylines_headings_times_fragments_and_corrections_are_not_statements() -> None:
    text = "By our sports staff\n*By Ann Bell, in Ghent*\n## A town is relieved\nUpdated 16:40. The **mill** closed.\n"
    text += "Two weeks.\n4:58 p.m. ET: The mill was sold on Monday\nCorrection: 7 left. An earlier version said 8."
    closed, sold = list_statements(Article("a", text))
    assert (closed.text, closed.evidence.text) == ("The mill closed.", "The **mill** closed.")
    assert sold.text == "The mill was sold on Monday."


def test_unresolved_pronouns_make_a_statement_unclear() -> None:
    unclear = ["She had led the town.", "Police released him.", "That's ingredients and labour."]
    unclear += ["Nobody here knew what we wanted."]
    clear = ["The mayor and her staff left.", "The mayor of Ghent said on Monday that she would resign."]
    clear += ["Both Iran and Russia agreed."]
    assert list(filter(is_unclear, unclear + clear)) == unclear


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('He called it "a complete failure".', "quote"),
        ("The Kremlin accused Ukraine of it.", "attribution"),
        ("The talks failed because nobody came.", "cause"),
        ("The invasion began on February 24, 2022.", "date"),
        ("Ann Lee is the mayor of Ghent.", "name"),
        ("The blaze injured fourteen people.", "number"),
        ("The blaze injured forty people.", "number"),
        ("The deputy of the city left the party.", "event"),
    ],
)
def test_kind_follows_the_form(text: str, kind: FactKind) -> None:
    assert guess_kind(text) == kind
