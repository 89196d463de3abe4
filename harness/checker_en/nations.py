"""Countries and what is of them, under one key."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from harness.checker_en import lists

# What the list of countries leaves out: short forms and single people.
_MORE = {
    "usa": "us america american americans",
    "britain": "uk british briton britons",
    "england": "englishman englishmen",
    "scotland": "scot",
    "wales": "welshman",
    "ireland": "irishman",
    "france": "frenchman frenchmen frenchwoman",
    "netherlands": "holland dutch dutchman",
    "eu": "",
    "korea": "korean koreans",
    "saudi": "saudis",
    "europe": "european europeans",
    "spain": "spaniard",
    "sweden": "swede",
    "denmark": "dane",
    "poland": "pole",
    "turkey": "turk",
    "philippines": "philippine filipino filipinos",
    "myanmar": "burma",
}
# Places that stand for the government of their country.
_SEATS = {
    "usa": "washington",
    "france": "paris",
    "ukraine": "kyiv kiev",
    "russia": "moscow kremlin",
    "china": "beijing",
    "iran": "tehran",
}
PHRASES = {
    "united states": "usa",
    "united states of america": "usa",
    "united kingdom": "britain",
    "great britain": "britain",
    "european union": "eu",
    "european commission": "eu",
}
WHOLES = {"england": "britain", "scotland": "britain", "wales": "britain", "brussels": "eu"}
"""A nation → the one that it is in; a place that stands for what has its seat there, and is a place all the same."""


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
    more = {form: country for country, forms in _MORE.items() for form in (country, *forms.split())}
    return listed | more | {seat: country for country, seats in _SEATS.items() for seat in seats.split()}


def of_country(name: str) -> bool:
    """Whether a folded name is a country's, or that of what is of it, and not that of a seat of its government."""
    return name in _written()


@cache
def _written() -> frozenset[str]:
    listed = {form.lower().removeprefix("the ") for nation in countries() for form in filter(None, nation)}
    seats = {seat for names in _SEATS.values() for seat in names.split()}
    return frozenset(listed | nations().keys() | PHRASES.keys()) - seats


def national(word: str) -> str:
    """The country that a folded word is, or is of; any other word is itself."""
    return nations().get(word, word)
