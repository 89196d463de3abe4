"""Links within a report and between its pages. Ids are hashes of what they name, so they survive a new ranking."""

from __future__ import annotations

from dataclasses import dataclass

from harness.data.labels.people import pair_id, pair_key
from harness.records import Check, Place, Use
from harness.signature import digest


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses of the pages; ``Links()`` is a single page with everything on it."""

    front: str = ""
    """The first page; empty on itself."""
    pages: tuple[str, ...] = ()
    """The page of each article that is shown; empty if all are on the first page."""
    judging_url: str = ""
    """Where a reader may judge a verdict; empty if nothing is listening."""

    def article(self, number: int, anchor: str) -> str:
        """A place on an article's page, or on the only page."""
        return f"{self.pages[number] if self.pages else ''}#{anchor}"

    def pair(self, use: Use, hypothesis: str, premise: str) -> str:
        """The id of a pair in the annotation queue."""
        return pair_id(pair_key(use, hypothesis, premise))

    def judging(self, use: Use, hypothesis: str, premise: str) -> str:
        """Where a pair can be judged with its verdict in sight."""
        return f"{self.judging_url}?sight=1&pair={self.pair(use, hypothesis, premise)}"


def article_anchor(article_id: str) -> str:
    """The id of an article."""
    return f"a-{digest(article_id)[:10]}"


def summary_anchor(system: str, article_id: str, sample: int) -> str:
    """The id of a summary."""
    return f"s-{digest(system, article_id, sample)[:10]}"


def fact_anchor(article_id: str, fact_id: str) -> str:
    """The id of a fact's row in the matrix of its article."""
    return f"f-{digest(article_id, fact_id)[:10]}"


def verdict_anchor(place: Place, fact_id: str) -> str:
    """The id of the verdict on a fact beside a summary."""
    return f"v-{digest(place.system, place.article_id, place.sample, fact_id)[:10]}"


def claim_anchor(place: Place, text: str) -> str:
    """The id of a claim of a summary."""
    return f"c-{digest(place.system, place.article_id, place.sample, text)[:10]}"


def check_anchor(check: Check) -> str:
    """The id of what a verdict is on."""
    if check.use == "grounding":
        return claim_anchor(check.place, check.hypothesis)
    return verdict_anchor(check.place, check.target)
