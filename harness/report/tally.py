"""What each system keeps, gets wrong, loses and invents, counted from the verdicts: the report's numbers in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from statistics import fmean
from typing import NamedTuple

from harness.claims import claims, fragment
from harness.document import labels
from harness.document.labels import people
from harness.records import LABELS, Check, Fact, Item, Label, System, Use
from harness.report.index import Index
from harness.report.matrix import ordered

NAMED = 1000
"""Lost facts of a system that are named, and its claims that are wrong; all are counted."""

NEAR = 1e-9
"""Two shares that differ by less are one."""

LOST: tuple[Label, ...] = ("contradicted", "absent")
"""The labels of a fact that is not kept, the worst first. One that is undecided may be kept."""
DOUBTFUL: tuple[Label, ...] = (*LOST, "uncertain")
"""The labels of a claim that is not known to be supported, the worst first."""


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
    of_references: bool = False
    """Whether the samples are references that people wrote."""

    @property
    def label(self) -> Label:
        return self.check.verdict.label

    @property
    def times(self) -> str:
        """In how many of the samples it is lost: `` in 2 of 3 summaries``; empty where there is one sample."""
        what = "references" if self.of_references else "summaries"
        return f" in {self.lost} of {self.samples} {what}" if self.samples > 1 else ""


@dataclass(frozen=True, slots=True)
class WrongClaim:
    """A claim of a summary that the article contradicts or does not have, or of which nothing is decided."""

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


@dataclass(slots=True, eq=False)
class Tally:
    """The verdicts on one system, over the articles that have any, counted article by article."""

    system: System
    facts: Split = Split()
    """The essential facts of these articles; all their facts where the data marks none as essential."""
    claims: Split = Split()
    articles: int = 0
    """How many of the articles have a summary with verdicts on all of these facts."""
    several: bool = False
    """Whether an article has more than one judged sample, so that the numbers are means."""
    losses: list[Loss] = field(default_factory=list)
    """All facts that were contradicted and the facts counted that were lost, of the first articles where they are very
    many: those contradicted first, then by article and in the matrix's order."""
    lost: Counter[Label] = field(default_factory=Counter)
    """How many there are in all, by label."""
    wrong: list[WrongClaim] = field(default_factory=list)
    """The claims that are contradicted, not in the article or undecided, of the first articles where they are very
    many: those contradicted first, those undecided last and the likeliest to be wrong of them first."""
    wrong_claims: Counter[Label] = field(default_factory=Counter)
    """How many there are in all, by label."""
    without: Counter[str] = field(default_factory=Counter)
    """Why summaries have no text, and how many have one (under no reason)."""
    cut_off: int = 0
    """How many summaries the token limit cut off within a sentence."""
    stopped: int = 0
    """How many it stopped after a full sentence."""
    verifiers: set[str] = field(default_factory=set)
    """The signatures of the verifiers that gave verdicts, overruled ones too."""
    people: int = 0
    """Verdicts that people gave."""
    judged: Counter[Use] = field(default_factory=Counter)
    """All verdicts, on facts and on claims."""

    def add(self, index: Index, place: _ArticlePlace, essential: bool) -> None:
        """Count one more article; ``essential``: whether only essential facts are counted."""
        summaries = index.summaries(self.system.name, place.item)
        coverage = [index.coverage(summary) for summary in summaries]
        grounding = [index.grounding(summary) for summary in summaries]
        counted = {fact.id for fact in place.item.facts if fact.importance == "essential" or not essential}
        complete = [checks for checks in coverage if counted and counted <= checks.keys()]
        judged = [[check for fact, check in checks.items() if fact in counted] for checks in complete]
        language = place.item.article.language
        stated = [len(claims(summary.generation, language)) for summary in summaries]
        grounded = [checks for checks, count in zip(grounding, stated, strict=True) if checks and len(checks) >= count]
        self.facts += _split(judged)
        self.articles += bool(judged)
        self.claims += _split(grounded)
        self.several = self.several or len(judged) > 1 or len(grounded) > 1
        losses = list(_losses(place, counted, coverage, any(each.generation.reference_id for each in summaries)))
        self.lost.update(loss.label for loss in losses)
        self.losses += losses[: NAMED - len(self.losses)]
        wrong = [claim for checks in grounding for claim in _wrong(place, checks)]
        self.wrong_claims.update(claim.label for claim in wrong)
        self.wrong += wrong[: NAMED - len(self.wrong)]
        self.without.update("" if summary.text is not None else summary.reason or "" for summary in summaries)
        at_limit = [each.generation for each in summaries if each.generation.finish == "length"]
        within = sum(fragment(each, place.item.article.language) is not None for each in at_limit)
        self.cut_off += within
        self.stopped += len(at_limit) - within
        every = [check for checks in (*(of.values() for of in coverage), *grounding) for check in checks]
        self.verifiers.update((index.own(check) or check.verdict).verifier for check in every)
        self.people += sum(bool(people(check.verdict)) for check in every)
        self.judged.update(check.use for check in every)


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
    """By system."""

    @property
    def verifiers(self) -> frozenset[str]:
        """The signatures of the verifiers that gave verdicts, overruled ones too."""
        return frozenset().union(*(each.verifiers for each in self.tallies.values()))

    @property
    def people(self) -> int:
        """Verdicts that people gave."""
        return sum(each.people for each in self.tallies.values())

    @property
    def judged(self) -> int:
        """All verdicts."""
        return self.judged_of("coverage") + self.judged_of("grounding")

    def judged_of(self, use: Use) -> int:
        """All verdicts on facts, or on claims."""
        return sum(each.judged[use] for each in self.tallies.values())

    @property
    def articles(self) -> int:
        """The most articles that a system was judged on."""
        return max((each.articles for each in self.tallies.values()), default=0)

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
    items = index.results.items
    essential = any(fact.importance == "essential" for item in items for fact in item.facts)
    tallies = {system.name: Tally(system) for system in index.results.manifest.systems}
    facts = unreviewed = 0
    for number, item in enumerate(items):
        facts += len(item.facts)
        unreviewed += sum(fact.unreviewed for fact in item.facts)
        for tally in tallies.values():
            tally.add(index, _ArticlePlace(number, item, len(items)), essential)
    for tally in tallies.values():
        tally.losses.sort(key=lambda loss: LOST.index(loss.label))
        tally.wrong.sort(key=_worst_first)
    return Counts("essential fact" if essential else "fact", facts, unreviewed, tallies)


class _ArticlePlace(NamedTuple):
    """An article of the run."""

    number: int
    item: Item
    articles: int
    """How many the run has."""


def _split(samples: Sequence[Sequence[Check]]) -> Split:
    """The mean of the samples."""
    if not samples:
        return Split()
    return Split(*(fmean(sum(check.verdict.label == label for check in of) for of in samples) for label in LABELS))


def _worst_first(claim: WrongClaim) -> tuple[int, float]:
    probability = claim.check.verdict.probabilities.supported if claim.label == "uncertain" else 0.0
    return DOUBTFUL.index(claim.label), probability


def _losses(
    place: _ArticlePlace, counted: set[str], coverage: Sequence[Mapping[str, Check]], of_references: bool
) -> Iterator[Loss]:
    for number, fact in enumerate(ordered(place.item.facts), start=1):
        checks = [check for checks in coverage if (check := checks.get(fact.id))]
        lost = [check for check in checks if check.verdict.label in (LOST if fact.id in counted else LOST[:1])]
        if lost:
            name = labels.fact_name(place.item.article.id, fact.id, place.articles)
            worst = min(lost, key=lambda check: LOST.index(check.verdict.label))
            yield Loss(name, fact, place.number, number, worst, len(lost), len(checks), of_references)


def _wrong(place: _ArticlePlace, grounding: Sequence[Check]) -> Iterator[WrongClaim]:
    placed = [check for check in grounding if check.claim]
    for number, check in enumerate(placed, start=1):
        if check.verdict.label in DOUBTFUL:
            yield WrongClaim(place.number, number, check)
