"""Countries and their adjectives under one key: Kyiv, Ukrainian and Ukraine are ukraine."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from harness.checker_en import lists

# Short forms and nouns for one person, which the list of countries leaves out.
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
# Seats of government that stand for their country.
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
"""A nation → the one it is part of; Brussels stands for the EU and is a place too."""


class Nation(NamedTuple):
    """A country, its adjective, and its people in the plural (empty if that is the adjective)."""

    country: str
    adjective: str
    people: str


@cache
def countries() -> tuple[Nation, ...]:
    """The countries, with ``the`` if it belongs to the name."""
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


def is_national(name: str) -> bool:
    """True for the folded name or adjective of a country, but not for a seat of its government."""
    return name in _national_forms()


@cache
def _national_forms() -> frozenset[str]:
    listed = {form.lower().removeprefix("the ") for nation in countries() for form in filter(None, nation)}
    seats = {seat for names in _SEATS.values() for seat in names.split()}
    return frozenset(listed | nations().keys() | PHRASES.keys()) - seats


def to_country(word: str) -> str:
    """The country of a folded word that is a country or its adjective; any other word unchanged."""
    return nations().get(word, word)
