"""Links within a report and between its pages. Ids are hashes of names and texts: a new order does not change them."""

from __future__ import annotations

from dataclasses import dataclass

from harness.data.people import pair_id, pair_key
from harness.records import Check, Place, Use
from harness.signature import digest


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses of the pages. Use ``Links()`` if everything is on one page."""

    front: str = ""
    pages: tuple[str, ...] = ()
    """The page of each article; empty if all articles are on the front page."""
    judging_url: str = ""
    """Address for judging verdicts; empty unless ``harness view`` serves the report."""

    def article(self, number: int, anchor: str) -> str:
        """Return the link to an anchor on an article's page, or on the only page."""
        return f"{self.pages[number] if self.pages else ''}#{anchor}"

    def judging(self, use: Use, hypothesis: str, premise: str) -> str:
        """Return the address for judging a pair with its verdict shown."""
        return f"{self.judging_url}?show_verdicts=1&pair={pair_id(pair_key(use, hypothesis, premise))}"


# HTML ids


def article_anchor(article_id: str) -> str:
    return f"a-{digest(article_id)[:10]}"


def summary_anchor(system: str, article_id: str, sample: int) -> str:
    return f"s-{digest(system, article_id, sample)[:10]}"


def fact_anchor(article_id: str, fact_id: str) -> str:
    return f"f-{digest(article_id, fact_id)[:10]}"


def verdict_anchor(place: Place, fact_id: str) -> str:
    return f"v-{digest(place.system, place.article_id, place.sample, fact_id)[:10]}"


def errors_anchor(system: str) -> str:
    return f"errors-{digest(system)[:10]}"


def check_anchor(check: Check) -> str:
    if check.use == "grounding":
        return f"c-{digest(check.system, check.article_id, check.sample, check.hypothesis)[:10]}"
    return verdict_anchor(check.place, check.target)
