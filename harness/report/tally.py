"""What each system keeps, gets wrong, loses and invents, counted from the verdicts: the report's numbers in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from statistics import fmean

from harness.document import labels
from harness.document.labels import people
from harness.records import LABELS, Check, Fact, Item, Label, Summary, System
from harness.report.index import Index
from harness.report.matrix import ordered

NAMED = 1000
"""Lost facts of a system that are named, and its claims that are wrong; all are counted."""

LOST: tuple[Label, ...] = ("contradicted", "absent")
"""The labels of a fact that is not kept, the worst first. One that is undecided may be kept."""


@dataclass(frozen=True, slots=True)
class Loss:
    """A fact that a sample of a system contradicts, or an essential one that it does not have."""

    name: str
    """The fact's id, after the article's where there are several articles."""
    fact: Fact
    article: int
    """The article's index in the run."""
    number: int
    """The fact's number in the article's matrix."""
    check: Check
    """The worst verdict: contradicted where a sample contradicts the fact, else absent."""
    lost: int
    samples: int

    @property
    def label(self) -> Label:
        return self.check.verdict.label

    @property
    def times(self) -> str:
        """In how many of the samples it is lost: `` 2/3``; empty where there is one sample."""
        return f" {self.lost}/{self.samples}" if self.samples > 1 else ""


@dataclass(frozen=True, slots=True)
class WrongClaim:
    """A claim of a summary that the article contradicts, or does not have."""

    article: int
    """The article's index in the run."""
    number: int
    """The claim's number in its summary, from 1."""
    check: Check

    @property
    def label(self) -> Label:
        return self.check.verdict.label


@dataclass(frozen=True, slots=True)
class Split:
    """How many facts, or claims, have which verdict: sums over articles of means over samples."""

    supported: float = 0.0
    contradicted: float = 0.0
    absent: float = 0.0
    uncertain: float = 0.0

    @property
    def total(self) -> float:
        return self.supported + self.contradicted + self.absent + self.uncertain

    @property
    def share(self) -> float:
        """The share that is supported, with what is undecided counted against it."""
        return self.supported / self.total

    @property
    def at_most(self) -> float:
        """The share that would be supported if all that is undecided was."""
        return (self.supported + self.uncertain) / self.total

    def __add__(self, other: Split) -> Split:
        return Split(*(getattr(self, label) + getattr(other, label) for label in LABELS))


@dataclass(frozen=True, slots=True)
class Tally:
    """The verdicts on one system, over the articles that have any."""

    system: System
    facts: Split = Split()
    """The essential facts of these articles; all their facts where the data marks none as essential."""
    claims: Split = Split()
    several: bool = False
    """Whether an article has more than one judged sample, so that the numbers are means."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What the verdicts on all articles come to."""

    noun: str
    """What the facts counted are called: essential facts, or all where the data marks none as essential."""
    facts: int
    """All facts of the articles."""
    unreviewed: int
    """Those that were suggested and that no person has read."""
    tallies: Mapping[str, Tally]
    """By system, as all that follows."""
    losses: Mapping[str, Sequence[Loss]]
    """All facts that were contradicted and the facts counted that were lost, of the first articles where they are very
    many: those contradicted first, then by article and in the matrix's order."""
    lost: Mapping[str, Counter[Label]]
    """How many there are in all."""
    wrong: Mapping[str, Sequence[WrongClaim]]
    """The claims that are contradicted or not in the article, of the first articles where they are very many: those
    contradicted first, then by article."""
    claims: Mapping[str, Counter[Label]]
    """How many there are in all, by label."""
    without: Mapping[str, Counter[str]]
    """Why summaries have no text, and how many have one (under no reason)."""
    cut_off: Mapping[str, int]
    """How many summaries end where the token limit cut them off."""
    verifiers: frozenset[str]
    """The signatures of the verifiers that gave verdicts, overruled ones too."""
    people: int
    """Verdicts that people gave."""
    judged: int
    """All verdicts."""

    @property
    def marked(self) -> bool:
        """Whether some verdicts are people's and some are not, so that those of people need a mark."""
        return 0 < self.people < self.judged

    @property
    def caution(self) -> str:
        """That facts are unreviewed, for everything that is counted by them; empty where none is."""
        return labels.unreviewed(self.unreviewed, self.facts)


@lru_cache(maxsize=4)
def counts(index: Index) -> Counts:
    """The counts of all systems, in one pass over the articles; those of the last indexes are kept."""
    items, systems = index.results.items, index.results.manifest.systems
    essential = any(fact.importance == "essential" for item in items for fact in item.facts)
    countings = {system.name: _Counting(Tally(system)) for system in systems}
    facts = unreviewed = 0
    for number, item in enumerate(items):
        facts += len(item.facts)
        unreviewed += sum(fact.unreviewed for fact in item.facts)
        for name, counting in countings.items():
            seen = [_SummaryChecks.of(index, summary) for summary in index.summaries(name, item)]
            counting.add(_ArticlePlace(number, item, len(items) > 1), seen, essential)
    return Counts(
        noun="essential fact" if essential else "fact",
        facts=facts,
        unreviewed=unreviewed,
        tallies={name: each.tally for name, each in countings.items()},
        losses={name: sorted(each.losses, key=lambda loss: LOST.index(loss.label)) for name, each in countings.items()},
        lost={name: each.lost for name, each in countings.items()},
        wrong={name: sorted(each.wrong, key=lambda claim: LOST.index(claim.label)) for name, each in countings.items()},
        claims={name: each.claims for name, each in countings.items()},
        without={name: each.without for name, each in countings.items()},
        cut_off={name: each.cut_off for name, each in countings.items()},
        verifiers=frozenset(verifier for each in countings.values() for verifier in each.verifiers),
        people=sum(each.people for each in countings.values()),
        judged=sum(each.judged for each in countings.values()),
    )


@dataclass(frozen=True, slots=True)
class _SummaryChecks:
    """A summary with its verdicts."""

    summary: Summary
    coverage: Mapping[str, Check]
    grounding: Sequence[Check]
    verifiers: frozenset[str]

    @classmethod
    def of(cls, index: Index, summary: Summary) -> _SummaryChecks:
        coverage, grounding = index.coverage(summary), index.grounding(summary)
        every = (*coverage.values(), *grounding)
        return cls(
            summary, coverage, grounding, frozenset((index.own(check) or check.verdict).verifier for check in every)
        )

    @property
    def checks(self) -> list[Check]:
        return [*self.coverage.values(), *self.grounding]


@dataclass(frozen=True, slots=True)
class _ArticlePlace:
    """An article of the run."""

    number: int
    item: Item
    several_articles: bool
    """Whether it is one of several."""


class _Counting:
    """The counts of one system, article by article."""

    def __init__(self, tally: Tally) -> None:
        self.tally = tally
        self.losses: list[Loss] = []
        self.lost: Counter[Label] = Counter()
        self.wrong: list[WrongClaim] = []
        self.claims: Counter[Label] = Counter()
        self.without: Counter[str] = Counter()
        self.cut_off = 0
        self.verifiers: set[str] = set()
        self.people = 0
        self.judged = 0

    def add(self, place: _ArticlePlace, summaries: Sequence[_SummaryChecks], essential: bool) -> None:
        """Count one more article."""
        facts = place.item.facts
        counted = {fact.id for fact in facts if fact.importance == "essential" or not essential}
        judged = [
            checks
            for each in summaries
            if (checks := [check for fact, check in each.coverage.items() if fact in counted])
        ]
        grounded = [each.grounding for each in summaries if each.grounding]
        self.tally = replace(
            self.tally,
            facts=self.tally.facts + _split(judged),
            claims=self.tally.claims + _split(grounded),
            several=self.tally.several or len(judged) > 1 or len(grounded) > 1,
        )
        losses = list(_losses(place, counted, summaries))
        self.lost.update(loss.label for loss in losses)
        self.losses += losses[: NAMED - len(self.losses)]
        wrong = [claim for each in summaries for claim in _wrong(place, each.grounding)]
        self.claims.update(claim.label for claim in wrong)
        self.wrong += wrong[: NAMED - len(self.wrong)]
        self.without.update("" if each.summary.text is not None else each.summary.reason or "" for each in summaries)
        self.cut_off += sum(each.summary.generation.finish == "length" for each in summaries)
        for each in summaries:
            self.verifiers |= each.verifiers
            self.people += sum(bool(people(check.verdict)) for check in each.checks)
            self.judged += len(each.checks)


def _split(samples: Sequence[Sequence[Check]]) -> Split:
    """The mean of the samples."""
    if not samples:
        return Split()
    return Split(*(fmean(sum(check.verdict.label == label for check in of) for of in samples) for label in LABELS))


def _losses(place: _ArticlePlace, counted: set[str], summaries: Sequence[_SummaryChecks]) -> Iterator[Loss]:
    for number, fact in enumerate(ordered(place.item.facts), start=1):
        checks = [check for each in summaries if (check := each.coverage.get(fact.id))]
        lost = [check for check in checks if check.verdict.label in (LOST if fact.id in counted else LOST[:1])]
        if lost:
            name = f"{place.item.article.id}/{fact.id}" if place.several_articles else fact.id
            worst = min(lost, key=lambda check: LOST.index(check.verdict.label))
            yield Loss(name, fact, place.number, number, worst, len(lost), len(checks))


def _wrong(place: _ArticlePlace, grounding: Sequence[Check]) -> Iterator[WrongClaim]:
    placed = [check for check in grounding if check.claim]
    for number, check in enumerate(placed, start=1):
        if check.verdict.label in LOST:
            yield WrongClaim(place.number, number, check)
