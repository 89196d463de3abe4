"""Which names may refer to the same person or organisation."""

from __future__ import annotations

import pytest
from english_sentences import analysed

from harness.checker_en.names import matches


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Volodymyr Zelensky left.", "Zelensky left."),
        ("President Zelensky left.", "Volodymyr Zelensky left."),
        ("Erdoğan left.", "Erdogan left."),
        ("Hillary Rodham Clinton left.", "Hillary Clinton left."),
        ("George H. W. Bush left.", "George Bush left."),
        ("J. R. Smith left.", "John Smith left."),
        ("Manchester United won.", "Man Utd won."),
        ("Jordon Ibe scored.", "Jordan Ibe scored."),
        ("The United States agreed.", "The US agreed."),
        ("The European Union agreed.", "The EU agreed."),
        ("The British government agreed.", "Britain agreed."),
        ("The World Health Organization agreed.", "The WHO agreed."),
    ],
)
def test_names_match(one: str, other: str) -> None:
    first, second = analysed(one).names[0], analysed(other).names[0]
    assert matches(first, second)
    assert matches(second, first)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Michelle Obama left.", "Barack Obama left."),
        ("Kelly Davidson left.", "Christine Davidson left."),
        ("Hillary Rodham Clinton left.", "Hillary Rodham Smith left."),
        ("Hillary Rodham Clinton left.", "Chelsea Clinton left."),
        ("The Democratic Unionist Party agreed.", "The Democratic Party agreed."),
        ("France agreed.", "Germany agreed."),
        ("Manchester United won.", "Manchester City won."),
    ],
)
def test_names_do_not_match(one: str, other: str) -> None:
    assert not matches(analysed(one).names[0], analysed(other).names[0])
