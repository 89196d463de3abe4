"""Names: when two are of one bearer, and when another stands in a name's place."""

from __future__ import annotations

import pytest
from english_sentences import conflicts, found


@pytest.mark.parametrize(
    ("premise", "statement", "expected"),
    [
        ("Wayne Rooney insists his side can win.", "Cristiano Ronaldo insists his side can win.", "Wayne Rooney"),
        ("He proposed to his girlfriend in Kyoto.", "He proposed to his girlfriend in Beijing.", "Kyoto"),
        ("They found the passport of a Malaysian mother.", "They found the passport of a Thai mother.", "Malaysian"),
        ("Olaf Scholz is the president of France.", "Emmanuel Macron is the president of France.", "Olaf Scholz"),
        ("They spoke to the trainer, Ann Brown.", "Tom White is the trainer.", "Ann Brown"),
        ("Mark Milley said the plan would fail.", "General Smith said the plan would fail.", "Mark Milley"),
        ("General Smith said the plan would fail.", "Mark Milley said the plan would fail.", "General Smith"),
        ("Hillary Clinton won the nomination.", "Chelsea Clinton won the nomination.", "Hillary Clinton"),
        ("The Bank of England raised interest rates to 5%.", "The ECB raised interest rates to 5%.", "Bank"),
        ("The BoE raised interest rates to 5%.", "The Bank of Japan raised interest rates to 5%.", "BoE"),
        ("The Ministry of Defence said the plane had crashed.", "The FBI said the plane had crashed.", "Ministry"),
        ("The Federal Bureau of Investigation raided his house.", "The CIA raided his house.", "Federal Bureau"),
        ("The Centers for Disease Control and Prevention issued a warning.", "The FDA issued a warning.", "Centers"),
        ("The summit was held in Berlin.", "The summit was held in Paris.", "Berlin"),
        ("The Environment Secretary, Ann Oyelaran, promised aid.", "Helen Marsh promised aid.", "Ann Oyelaran"),
        ("The summit was held in Moscow.", "The summit was held in Germany.", "Moscow"),
        ("The summit was held in Germany.", "The summit was held in New Zealand.", "Germany"),
        ("Jane Brown said the man was dead.", "Inspector John Brown said the man was dead.", "Jane Brown"),
    ],
)
def test_other_name_conflicts(premise: str, statement: str, expected: str) -> None:
    assert {(kind, there) for kind, _, there in conflicts(premise, statement)} == {("name", expected)}


@pytest.mark.parametrize(
    ("premise", "statement"),
    [
        ("The Scot will marry in his home town on Saturday.", "Andy Murray will marry in his home town on Saturday."),
        ("Shiraz Nawaz was hurt. Shiraz evacuated the area.", "Nawaz evacuated the area."),
        ("the pop star tried to enter. Drake was on stage.", "Singer/Bieber tried to enter."),
        ("The United States imposed sanctions on Iran.", "The U.S. imposed sanctions on Iran."),
        ("Keefe, the model for Rosie, died. Rosie was on the cover.", "Keefe was on the cover."),
        ("Trump says the Ukrainian president must express a desire.", "Emmanuel Macron is the president of France."),
        ("Volodymyr Zelensky is the president of Ukraine.", "Emmanuel Macron is the president of France."),
        (
            "The union says it sent the figures to the trust in May, while Rourke says they reached him in August.",
            "Priya Nair said the union had sent the figures to the trust in May.",
        ),
        ("Mark Milley said the plan would fail.", "General Milley said the plan would fail."),
        ("General Milley said the plan would fail.", "Mark Milley said the plan would fail."),
        ("Nancy Pelosi visited Taiwan on Tuesday.", "Rep. Pelosi visited Taiwan on Tuesday."),
        ("Nancy Pelosi said it was over.", "Speaker Pelosi said it was over."),
        ("Antony Blinken flew to Cairo on Friday.", "Secretary Blinken flew to Cairo on Friday."),
        ("Jane Brown said the man was dead.", "Inspector Brown said the man was dead."),
        ("Hillary Clinton won the nomination.", "Hillary Rodham Clinton won the nomination."),
        ("Lt. Col. J. R. Smith-Jones led the regiment.", "John Smith-Jones led the regiment."),
        ("The Bank of England raised interest rates to 5%.", "The BoE raised interest rates to 5%."),
        ("The BoE raised interest rates to 5%.", "The Bank of England raised interest rates to 5%."),
        ("The Ministry of Defence said the plane had crashed.", "The MoD said the plane had crashed."),
        ("The Federal Bureau of Investigation raided his house.", "The FBI raided his house."),
        ("The Organization of the Petroleum Exporting Countries cut output in May.", "OPEC cut output in May."),
        ("The Office for National Statistics said prices rose.", "The ONS said prices rose."),
        ("The Centers for Disease Control and Prevention issued a warning.", "The CDC issued a warning."),
        ("The summit was held in Berlin.", "The summit was held in Germany."),
        ("The summit was held in Germany.", "The summit was held in Berlin."),
        ("He was arrested in Texas.", "He was arrested in the US."),
        ("The meeting was held in Wellington.", "The meeting was held in New Zealand."),
        ("Vice-President JD Vance called on Donald Trump, the president.", "JD Vance is the Vice-President."),
    ],
)
def test_name_that_may_mean_the_same_does_not_conflict(premise: str, statement: str) -> None:
    assert conflicts(premise, statement) == set()


def test_name_is_found_without_capitals() -> None:
    premise = "ben flower does not believe that he deserved it."
    assert [slot.status for slot in found(premise, "Ben Flower does not believe it.", "name")] == ["found"]


def test_excluded_name_conflicts() -> None:
    premise = "It was Trump, not Zelensky, who departed early."
    assert ("name", "Zelensky", "not Zelensky") in conflicts(premise, "Zelensky departed early.")


@pytest.mark.parametrize(
    ("premise", "false"),
    [
        ("Henry VIII married six times.", "Henry VII married six times."),
        ("The Chiefs won Super Bowl LVII.", "The Chiefs won Super Bowl LVI."),
        ("Mike Pompeo visited Jerusalem.", "Mike Pence visited Jerusalem."),
        ("Hillary Clinton visited Jerusalem.", "Bill Clinton visited Jerusalem."),
        ("Martin Lewis visited Jerusalem.", "Mark Lewis visited Jerusalem."),
    ],
)
def test_other_numeral_or_surname_conflicts(premise: str, false: str) -> None:
    assert {kind for kind, *_ in conflicts(premise, false)} == {"name"}
    assert conflicts(premise, premise) == set()


@pytest.mark.parametrize(
    ("premise", "same"),
    [
        ("Mike Pence visited Jerusalem.", "Michael Pence visited Jerusalem."),
        ("Vinícius Júnior won the award.", "Vinicius Jr won the award."),
        ("Henry VIII married six times.", "Henry married six times."),
        ("L. Tyler won the award.", "Liv Tyler won the award."),
    ],
)
def test_short_form_does_not_conflict(premise: str, same: str) -> None:
    assert conflicts(premise, same) == set()
