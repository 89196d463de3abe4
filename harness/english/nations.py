"""Countries and what is of them, under one key."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

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


@cache
def nations() -> Mapping[str, str]:
    """Folded word → country."""
    listed = {
        form.lower(): country.lower()
        for country, *others in lists.load("nations", list[tuple[str, ...]])
        if " " not in country
        for form in filter(None, (country, *others))
    }
    return listed | {form: country for country, forms in _MORE.items() for form in (country, *forms.split())}


def national(word: str) -> str:
    """The country that a folded word is, or is of; any other word is itself."""
    return nations().get(word, word)
