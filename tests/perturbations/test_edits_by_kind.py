"""Each kind of edit, on sentences written for it: what it makes, and what it leaves alone."""

from __future__ import annotations

import numpy as np
import pytest

from harness.perturbations import Kind, edits

ARTICLE = (
    "Acme hired 30 people on Monday, its director Ann Bell said in Geneva. Two weeks ago Tom Reed, who leads the rival "
    "firm Borex, said it would cut 45 jobs in Oslo. Mr Reed spoke of hard times. The French government praised Acme. "
    "Borex was founded in 1987. Germany and Norway have protested."
)


def made(text: str, kind: Kind, context: str = "", seeds: int = 12) -> set[str]:
    """All that a kind makes of a text, over several seeds."""
    return {
        edit.text for seed in range(seeds) for edit in edits(text, np.random.default_rng(seed), [kind], context=context)
    }


@pytest.mark.parametrize(
    ("text", "edited"),
    [
        ("She approved the plan.", "She did not approve the plan."),
        ("She approves the plan.", "She does not approve the plan."),
        ("They approve the plan.", "They do not approve the plan."),
        ("The plan was approved on Monday.", "The plan was not approved on Monday."),
        ("He will sign it.", "He will not sign it."),
        ("He can sign it.", "He cannot sign it."),
        ("She did not approve the plan.", "She approved the plan."),
        ("She didn't win the race.", "She won the race."),
        ("He cannot sign it.", "He can sign it."),
        ("He won't sign it.", "He will sign it."),
        ("The road isn't open.", "The road is open."),
        ("The road isn’t open.", "The road is open."),  # as newspapers set it
        ("The mayor can’t stop the tram.", "The mayor can stop the tram."),
        ("The council didn’t approve the line.", "The council approved the line."),
        ("She has never visited Paris.", "She has visited Paris."),
        ("The firm no longer pays him.", "The firm still pays him."),
        ("He hopes it works.", "He does not hope it works."),
        ("They had a house in Rome.", "They did not have a house in Rome."),
    ],
)
def test_negation_is_put_in_and_taken_out(text: str, edited: str) -> None:
    assert edited in made(text, "negation")


@pytest.mark.parametrize(
    "text",
    [
        "Will he sign it?",
        "She not only won but also broke the record.",
        "He had better sign it.",
        "He did not leave until Monday.",
        "She did not sign any of the papers.",
        "A new bridge over the river.",
    ],
)
def test_negation_leaves_alone_what_would_read_wrong(text: str) -> None:
    assert made(text, "negation") == set()


@pytest.mark.parametrize(
    ("text", "edited"),
    [
        ("Shares rose after the vote.", "Shares fell after the vote."),
        ("Shares rose after the vote.", "Shares rose before the vote."),
        ("The council approves the plan.", "The council rejects the plan."),
        ("They are winning the match.", "They are losing the match."),
        ("Prices were higher in the north.", "Prices were lower in the north."),
        ("It has more fat than the burger.", "It has less fat than the burger."),
        ("More points were scored at home.", "Fewer points were scored at home."),
        ("She denied that she knew him.", "She admitted that she knew him."),
        ("They lost the match.", "They won the match."),
        ("They lost support.", "They gained support."),
    ],
)
def test_antonyms_keep_number_tense_and_degree(text: str, edited: str) -> None:
    assert edited in made(text, "antonym")


@pytest.mark.parametrize(
    "text",
    [
        "The boy was named after his uncle in a letter.",
        "She lives in New York City.",
        "The 19-year-old works here.",
        "Winners win, losers lose.",
    ],
)
def test_antonyms_leave_fixed_phrases_and_names_alone(text: str) -> None:
    found = made(text, "antonym")
    assert not any("named before" in each or "Old York" in each or "year-young" in each for each in found)
    assert not any("losers win" in each for each in found)


def test_actors_change_places() -> None:
    assert made("Trump challenged Zelensky.", "actors") == {"Zelensky challenged Trump."}
    assert made("The dog was bitten by the man.", "actors") == {"The man was bitten by the dog."}
    assert made("He attacked her on Monday.", "actors") == {"She attacked him on Monday."}
    assert made("Keir Starmer assured Zelensky of support.", "actors") == {"Zelensky assured Keir Starmer of support."}
    assert "Tom Reed proposed to Ann Bell." in made("Ann Bell proposed to Tom Reed.", "actors")


def test_actors_stay_where_the_statement_would_still_be_true_or_the_verb_would_not_agree() -> None:
    assert made("Trump met Zelensky.", "actors") == set()
    assert made("Ann married Tom.", "actors") == set()
    assert made("The police are hunting the man.", "actors") == set()
    assert made("Trump praised his advisers.", "actors") == set()
    assert made("Ann Bell and Tom Reed left.", "actors") == set()


@pytest.mark.parametrize(
    "text",
    [
        "Donald Trump spoke with Vladimir Putin on Monday.",
        "Donald Trump held talks with Vladimir Putin in Moscow.",
        "France shares a border with Spain.",
        "France signed a deal with Spain and Portugal.",
        "Ann Bell worked alongside Tom Reed.",
    ],
)
def test_who_does_a_thing_with_another_does_not_change_places_with_him(text: str) -> None:
    assert made(text, "actors") == set()


@pytest.mark.parametrize(
    "text",
    [
        "At least 30 people were hurt.",
        "Fewer than 12 people came.",
        "30 people were hurt.",
        "Most of the members voted.",
        "All of the 12 jurors agreed.",
        "Some members came and voted.",
        "Both men were jailed.",
        "Both of the men were jailed.",
        "Both the mayor and the minister resigned.",
        "Two of the three men were jailed.",
        "Nearly everyone left.",
        "Someone left the door open.",
    ],
)
def test_what_holds_of_some_is_not_denied_of_others(text: str) -> None:
    """Thirty people were hurt, and at least thirty were not: both can be true."""
    assert made(text, "negation") == set()


def test_what_holds_of_those_that_are_named_or_of_all_that_there_are_can_be_denied() -> None:
    assert made("The two leaders met.", "negation") == {"The two leaders did not meet."}
    assert made("The suspect, 34, was arrested.", "negation") == {"The suspect, 34, was not arrested."}
    assert made("The two of them were jailed.", "negation") == {"The two of them were not jailed."}
    assert made("The first half ended in a draw.", "negation") == {"The first half did not end in a draw."}
    assert made("England's first half was poor.", "negation") == {"England's first half was not poor."}
    assert made("2020 was a dry year.", "negation") == {"2020 was not a dry year."}
    assert made("Police arrested 11 men.", "negation") == {"Police did not arrest 11 men."}


def test_a_decade_is_no_number_and_there_are_two_halves_and_semi_finals_and_four_quarters() -> None:
    assert made("It opened in the 1990s.", "number") == set()
    assert made("The first half was goalless.", "number") == {"The second half was goalless."}
    assert made("They won the first semi-final.", "number") == {"They won the second semi-final."}
    assert made("They won the first semifinal.", "number") == {"They won the second semifinal."}
    fourth = made("They won the fourth quarter-final.", "number")
    assert fourth == {"They won the second quarter-final.", "They won the third quarter-final."}
    assert "The fifth man left." in made("The third man left.", "number")


def test_numbers_keep_unit_and_style() -> None:
    assert all(text.startswith("Acme paid $") and text.endswith(" million.") for text in made(
        "Acme paid $35 million.", "number"))  # fmt: skip  # reads as one claim
    assert "Twenty-seven people came." in made("Twenty-one people came.", "number")
    assert all(text.removeprefix("The ").removesuffix("rd man left.") != "1" for text in made(
        "The third man left.", "number"))  # fmt: skip  # reads as one claim


def test_numbers_of_the_article_come_first() -> None:
    assert "Acme hired 45 people." in made("Acme hired 30 people.", "number", ARTICLE)


@pytest.mark.parametrize("bound", ["more than", "at least", "at most", "fewer than", "up to"])
def test_a_number_that_is_a_bound_is_left_alone_as_another_can_hold_beside_it(bound: str) -> None:
    assert made(f"They hired {bound} 60 people.", "number") == set()


@pytest.mark.parametrize(("bound", "opposite"), [("more than", "less than"), ("at least", None), ("at most", None)])
def test_a_bound_becomes_its_opposite_where_both_cannot_hold(bound: str, opposite: str | None) -> None:
    bounds = {
        text.removeprefix("It cost ").removesuffix(" 60 dollars.")
        for text in made(f"It cost {bound} 60 dollars.", "antonym")
    }
    assert bounds == ({opposite} if opposite else set())


def test_no_number_becomes_one_and_years_are_no_numbers() -> None:
    assert not any(" 1 " in text or " one " in text for text in made("Acme has 2 plants and two owners.", "number"))
    assert made("Borex was founded in 1987.", "number") == set()


def test_dates_change_in_each_part() -> None:
    found = made("They met on Monday, 31 January 2022.", "date")
    assert found
    assert not any("31 February" in text or "31 June" in text for text in found)
    assert made("The marches may go on.", "date") == set()
    assert "He joined in June 2009." in made("He joined in June 2011.", "date", seeds=30)
    assert "It closed in the 1970s." in made("It closed in the 1990s.", "date", seeds=30)


def test_names_are_of_one_type_and_keep_their_form() -> None:
    assert "Tom Reed runs Acme." in made("Ann Bell runs Acme.", "name", ARTICLE)
    both = "President Obama left, and Obama said so."
    assert "President Reed left, and Reed said so." in made(both, "name", ARTICLE)
    assert "He moved to Oslo." in made("He moved to Geneva.", "name", ARTICLE)
    assert "A German minister resigned." in made("A French minister resigned.", "name", ARTICLE)


def test_two_full_names_with_one_surname_are_two_people() -> None:
    found = made("Ann Bell praised Tom Bell, and Bell smiled.", "name", "Mark Reed saw Ann Bell and Tom Bell.")
    assert found == {
        "Mark Reed praised Tom Bell, and Reed smiled.",
        "Ann Bell praised Mark Reed, and Reed smiled.",
    }


def test_the_article_of_a_country_follows_its_name() -> None:
    found = made("She left the US.", "name", ARTICLE)
    assert {"She left Germany.", "She left Norway."} == found


def test_a_plural_country_takes_an_apostrophe_alone() -> None:
    article = "They flew from Ukraine to the Netherlands. The Netherlands agreed."
    assert made("Ukraine's minister left.", "name", article) == {"The Netherlands' minister left."}
    assert made("The Netherlands' minister left.", "name", article) == {"Ukraine's minister left."}


def test_a_name_that_the_text_holds_unseen_is_not_put_in_again() -> None:
    article = "Ashley Young scored. Young was praised by Hugo Lloris, and Lloris smiled."
    assert "Young feels he plays under Ashley Young." not in made(
        "Young feels he plays under Louis Gaal.", "name", article
    )


def test_a_name_is_never_replaced_by_another_name_of_the_same() -> None:
    article = (
        "The White House said that America would act. Washington agreed. Acme of the United States sold it to Iran."
    )
    found = made("The US sold it.", "name", article)
    assert found == {"Iran sold it."}


def test_inventions_are_of_words_that_the_article_lacks() -> None:
    article = "He spoke in Geneva and Toronto on Tuesday, after a vote, and volunteers helped."
    found = made("He left the house.", "invention", article, seeds=40)
    assert found
    assert not any(word in text for text in found for word in ("Geneva", "Toronto", "Tuesday", "vote", "volunteers"))


def test_a_detail_in_front_takes_the_capital() -> None:
    assert any(text.endswith(", the man left.") for text in made("The man left.", "invention", seeds=20))
    assert any(text.endswith(", Ann Bell left.") for text in made("Ann Bell left.", "invention", seeds=20))


def test_speakers_are_exchanged_and_replaced() -> None:
    text = "Ann Bell said the plan works, but Tom Reed said it fails."
    assert "Tom Reed said the plan works, but Ann Bell said it fails." in made(text, "attribution", ARTICLE)
    assert "Tom Reed said it works." in made("Ann Bell said it works.", "attribution", ARTICLE)
    assert made("Ann Bell walked home.", "attribution", ARTICLE) == set()


def test_plural_speakers_stay_plural() -> None:
    found = made("Critics say it is late.", "attribution")
    assert found
    assert all(text.split(" say ")[0].endswith("s") for text in found)


@pytest.mark.parametrize(
    ("text", "edited"),
    [
        ("Trump praised Zelensky.", "Zelensky was praised by Trump."),
        ("She did not win.", "She didn't win."),
        ("She won't go.", "She will not go."),
        ("Five men left.", "5 men left."),
        ("They met on May 4, 2015.", "They met on 4 May 2015."),
        ("They met on Monday.", "On Monday, they met."),
        ("Sales rose by 5%.", "Sales rose by 5 percent."),
        ("She moved to the US.", "She moved to the United States."),
        ("He said the plan works.", "He said that the plan works."),
        ("They built a law that bans it.", "They built a law which bans it."),
        ("More than 50 people came.", "Over 50 people came."),
        ("Roy and Wright wore layers.", "Wright and Roy wore layers."),
        ("They purchased a house.", "They bought a house."),
    ],
)
def test_paraphrases_say_the_same(text: str, edited: str) -> None:
    assert edited in made(text, "paraphrase")


@pytest.mark.parametrize(
    ("text", "edited"),
    [
        ("Over 20 towns were flooded.", "More than 20 towns were flooded."),
        ("He spoke for over 30 minutes.", "He spoke for more than 30 minutes."),
        ("Prices fell by about 5%.", "Prices fell by around 5%."),
        ("The fine was over £5m.", "The fine was more than £5m."),
    ],
)
def test_the_size_of_a_number_is_said_otherwise(text: str, edited: str) -> None:
    assert edited in made(text, "paraphrase")


@pytest.mark.parametrize(
    "text",
    [
        "He was jailed over £5m fraud.",
        "Lawmakers argued over 2020 election results.",
        "The film is about 9/11 attacks.",
        "She wrote a book about 1984 strikes.",
        "A row over 12 new homes divided the village.",
        "The plane flew over 20 towns.",
        "Officials warned about 5G masts.",
        "Voters are worried about 2026 tax rises.",
        "Children under 5 were sent home.",
        "Fans waited around 10 gates.",
        "Over 12 months, prices rose.",
    ],
)
def test_a_place_or_a_topic_is_no_size_and_a_code_no_number(text: str) -> None:
    """What a number is over, about or around need not bound it."""
    sizes = {word for word in ("more than", "less than", "over", "under", "about", "around") if word in text.lower()}
    for paraphrase in made(text, "paraphrase"):
        assert {word for word in ("more than", "less than", *sizes) if word in paraphrase.lower()} == sizes
        assert "fiveG" not in paraphrase
        assert not paraphrase.startswith(("Over 2020", "Over 20 towns", "About 5G", "Around 10"))


@pytest.mark.parametrize("text", ["In March 10 people were killed.", "The Olympics took place in London."])
def test_what_only_looks_like_a_date_or_a_deed_keeps_its_words(text: str) -> None:
    assert made(text, "paraphrase") <= {text.replace("10", "ten")}


def test_what_is_quoted_is_not_paraphrased() -> None:
    assert made('He said: "We did not purchase five cars."', "paraphrase") == set()
