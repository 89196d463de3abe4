"""Countries and their adjectives under one key: Kyiv, Ukrainian and Ukraine are ukraine."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

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


class Nation(NamedTuple):
    """A country, its adjective, and its people in the plural (empty if that is the adjective)."""

    country: str
    adjective: str
    people: str


@cache
def countries() -> tuple[Nation, ...]:
    """List the countries, with ``the`` if it belongs to the name."""
    listed = json.loads((Path(__file__).parent / "nations.json").read_text(encoding="utf-8"))
    return tuple(Nation(*each) for each in listed)


@cache
def adjectives() -> Mapping[str, str]:
    """Map each country, without ``the``, to its adjective."""
    return {nation.country.removeprefix("the "): nation.adjective for nation in countries()}


def to_country(word: str) -> str:
    """Return the country of a lower-case word that is a country or its adjective; any other word unchanged."""
    return _countries_by_form().get(word, word)


@cache
def _countries_by_form() -> Mapping[str, str]:
    listed = {
        form.lower(): nation.country.lower()
        for nation in countries()
        if " " not in nation.country
        for form in filter(None, nation)
    }
    more = {form: country for country, forms in _MORE.items() for form in (country, *forms.split())}
    return listed | more | {seat: country for country, seats in _SEATS.items() for seat in seats.split()}
