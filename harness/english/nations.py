"""Countries and what is of them, under one key."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from harness.english import lists

# What the list of countries leaves out: short forms, capitals that stand for a government, single people.
_MORE = {
    "usa": "us america american americans washington",
    "britain": "uk british briton britons",
    "england": "englishman englishmen",
    "scotland": "scot",
    "wales": "welshman",
    "ireland": "irishman",
    "france": "frenchman frenchmen frenchwoman paris",
    "netherlands": "holland dutch dutchman",
    "eu": "",
    "korea": "korean koreans",
    "saudi": "saudis",
    "europe": "european europeans",
    "ukraine": "kyiv",
    "russia": "moscow kremlin",
    "china": "beijing",
    "iran": "tehran",
    "spain": "spaniard",
    "sweden": "swede",
    "denmark": "dane",
    "poland": "pole",
    "turkey": "turk",
    "philippines": "philippine filipino filipinos",
}
PHRASES = {
    "united states": "usa",
    "united states of america": "usa",
    "united kingdom": "britain",
    "great britain": "britain",
    "european union": "eu",
}


class Nation(NamedTuple):
    """A country, its adjective, and its people in the plural (empty where that is the adjective)."""

    country: str
    adjective: str
    people: str


@cache
def countries() -> tuple[Nation, ...]:
    """The countries, with ``the`` where it belongs to the name."""
    return tuple(lists.load("nations", list[Nation]))


@cache
def adjectives() -> Mapping[str, str]:
    """Country without ``the`` → its adjective."""
    return {nation.country.removeprefix("the "): nation.adjective for nation in countries()}


@cache
def nations() -> Mapping[str, str]:
    """Folded word → country."""
    listed = {
        form.lower(): nation.country.lower()
        for nation in countries()
        if " " not in nation.country
        for form in filter(None, nation)
    }
    return listed | {form: country for country, forms in _MORE.items() for form in (country, *forms.split())}


def national(word: str) -> str:
    """The country that a folded word is, or is of; any other word is itself."""
    return nations().get(word, word)
