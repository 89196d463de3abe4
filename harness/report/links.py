"""Where the pages of a report lie, and where on them stands what the verdicts say of a system."""

from __future__ import annotations

from dataclasses import dataclass

from harness.data.labels.pair_key import pair_id, pair_key
from harness.records import Use
from harness.report.report import Report
from harness.report.tally import Counts, Loss, Tally, WrongClaim, counts


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses; ``Links()`` is one file with everything in it."""

    front: str = ""
    """The first page; empty on itself."""
    pages: tuple[str, ...] = ()
    """One for each article that is shown; empty where all stand on the first page."""
    judging_url: str = ""
    """Where a reader may overrule a verdict; empty where nothing is listening."""

    def article(self, number: int, place: str = "") -> str:
        """An article, or a place in it: ``f3`` is its third fact."""
        page = self.pages[number] if self.pages else ""
        return f"{page}#a{number}{place}"

    def pair(self, use: Use, hypothesis: str, premise: str) -> str:
        """What a pair is called where it is judged."""
        return pair_id(pair_key(use, hypothesis, premise))

    def judging(self, use: Use, hypothesis: str, premise: str) -> str:
        """Where a pair can be judged with its verdict in sight."""
        return f"{self.judging_url}?sight=1&pair={self.pair(use, hypothesis, premise)}"


@dataclass(frozen=True, slots=True)
class Column:
    """One system in a report, and where what is said of it stands: empty where the report does not show the article."""

    report: Report
    at: int
    """The system's place among those of the report, from 0."""
    links: Links

    @property
    def name(self) -> str:
        return self.report.systems[self.at].name

    @property
    def totals(self) -> Counts:
        """The counts of all systems."""
        return counts(self.report.index)

    @property
    def tally(self) -> Tally:
        """The counts of this system."""
        return self.totals.tallies[self.name]

    @property
    def anchor(self) -> str:
        """The place where what is wrong, made up or lost of the system is listed."""
        return f"wrong-{self.at}"

    def summary(self) -> str:
        """The system's first summary."""
        return self._place(0, f"s{self.at}")

    def facts(self) -> str:
        """The first fact's verdict beside that summary; the summary where the article has no facts."""
        has_facts = any(item.facts for item in self.report.index.results.items[:1])
        return self._place(0, f"s{self.at}k0f1") if has_facts else self.summary()

    def fact(self, loss: Loss) -> str:
        """The fact that is lost, with every system's verdict."""
        return self._place(loss.article, f"f{loss.number}")

    def fact_verdict(self, loss: Loss) -> str:
        """The verdict on that fact, beside the summary."""
        return self._place(loss.article, f"s{self.at}k{loss.check.sample}f{loss.number}")

    def claim(self, claim: WrongClaim) -> str:
        """The claim in its summary."""
        return self._place(claim.article, f"s{self.at}k{claim.check.sample}k{claim.number}")

    def _place(self, article: int, place: str) -> str:
        shown = len(self.links.pages) if self.links.pages else len(self.report.items)
        return self.links.article(article, place) if article < shown else ""
