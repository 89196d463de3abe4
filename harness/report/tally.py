"""What each system keeps, loses and invents, counted from the verdicts: the numbers that the report puts in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import fmean

from harness.records import LABELS, Check, Fact, Item, Label, Summary, System
from harness.report.index import Index
from harness.report.matrix import ordered

NAMED = 1000
"""Lost facts of a system that are named; all are counted."""

GRAVE: tuple[Label, ...] = ("contradicted", "uncertain", "absent")
"""The worst first."""


@dataclass(frozen=True, slots=True)
class Loss:
    """An essential fact that a system does not keep in every sample that was judged."""

    name: str
    """The fact's id, after the article's where there are several articles."""
    fact: Fact
    article: int
    """The article's index in the run."""
    number: int
    """The fact's number in the article's matrix."""
    label: Label
    """contradicted where a sample contradicts it; else uncertain where one may; else absent."""
    lost: int
    samples: int

    @property
    def times(self) -> str:
        """In how many of the samples it is lost: `` 2/3``; empty where there is one sample."""
        return f" {self.lost}/{self.samples}" if self.samples > 1 else ""


@dataclass(frozen=True, slots=True)
class Tally:
    """Sums over articles of means over samples, of the articles that have verdicts."""

    system: System
    facts: int
    """The essential facts of these articles; all their facts where the data marks none as essential."""
    kept: float
    contradicted: float
    claims: float
    supported: float
    """Claims that the article is found to support; of the others some are uncertain."""
    several: bool
    """Whether an article has more than one judged sample, so that the numbers are means."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What the verdicts on all articles come to."""

    noun: str
    """What the facts counted are called: essential facts, or all where the data marks none as essential."""
    facts: bool
    """Whether there is any fact."""
    tallies: Mapping[str, Tally]
    """By system, as all that follows."""
    losses: Mapping[str, Sequence[Loss]]
    """The essential facts that were lost, of the first articles where they are very many: those contradicted first,
    then by article and in the matrix's order."""
    lost: Mapping[str, int]
    """How many were lost in all."""
    judged: Mapping[str, int]
    """How many essential facts have a verdict in any summary."""
    without: Mapping[str, Counter[str]]
    """Why summaries have no text, and how many have one (under no reason)."""
    verifiers: frozenset[str]
    """The signatures of those that gave verdicts."""


@lru_cache(maxsize=1)
def counts(index: Index) -> Counts:
    """The counts of all systems, in one pass over the articles; those of the last results are kept."""
    items, systems = index.results.items, index.results.manifest.systems
    essential = any(fact.importance == "essential" for item in items for fact in item.facts)
    tallies = {system.name: Tally(system, 0, 0.0, 0.0, 0.0, 0.0, False) for system in systems}
    losses: dict[str, list[Loss]] = {system.name: [] for system in systems}
    judged, lost, without = Counter[str](), Counter[str](), {system.name: Counter[str]() for system in systems}
    verifiers: set[str] = set()
    facts = False
    for number, item in enumerate(items):
        facts = facts or bool(item.facts)
        for name, known in tallies.items():
            seen = [_Seen.of(index, summary) for summary in index.summaries(name, item)]
            counted = {fact.id for fact in item.facts if fact.importance == "essential" or not essential}
            tallies[name] = _added(known, seen, counted)
            without[name].update("" if one.summary.text is not None else one.summary.reason or "" for one in seen)
            verifiers |= {check.verdict.verifier for one in seen for check in one.checks}
            judged[name] += len({each for one in seen for each in one.coverage} & counted) if essential else 0
            found = list(_losses(index, (number, item), seen))
            lost[name] += len(found)
            losses[name] += found[: NAMED - len(losses[name])]
    for named in losses.values():
        named.sort(key=lambda loss: GRAVE.index(loss.label))
    noun = "essential fact" if essential else "fact"
    return Counts(noun, facts, tallies, losses, lost, judged, without, frozenset(verifiers))


@dataclass(frozen=True, slots=True)
class _Seen:
    """A summary with its verdicts."""

    summary: Summary
    coverage: Mapping[str, Check]
    grounding: Sequence[Check]

    @classmethod
    def of(cls, index: Index, summary: Summary) -> _Seen:
        return cls(summary, index.coverage(summary), index.grounding(summary))

    @property
    def checks(self) -> list[Check]:
        return [*self.coverage.values(), *self.grounding]


def _added(known: Tally, seen: Sequence[_Seen], counted: set[str]) -> Tally:
    """The tally with one more article."""
    judged = [found for one in seen if (found := [one.coverage[each] for each in one.coverage if each in counted])]
    grounded = [one.grounding for one in seen if one.grounding]

    def average(of: Sequence[Sequence[Check]], *labels: Label) -> float:
        return fmean(sum(check.verdict.label in labels for check in checks) for checks in of) if of else 0.0

    return Tally(
        known.system,
        facts=known.facts + len({check.target for checks in judged for check in checks}),
        kept=known.kept + average(judged, "supported"),
        contradicted=known.contradicted + average(judged, "contradicted"),
        claims=known.claims + average(grounded, *LABELS),
        supported=known.supported + average(grounded, "supported"),
        several=known.several or len(judged) > 1 or len(grounded) > 1,
    )


def _losses(index: Index, placed: tuple[int, Item], seen: Sequence[_Seen]) -> Iterator[Loss]:
    """The essential facts of an article, which is the run's so-manieth, that are lost in a sample."""
    article, item = placed
    for number, fact in enumerate(ordered(item.facts), start=1):
        checks = [check for one in seen if (check := one.coverage.get(fact.id))]
        lost = [check.verdict.label for check in checks if check.verdict.label != "supported"]
        if lost and fact.importance == "essential":
            name = f"{item.article.id}/{fact.id}" if len(index.results.items) > 1 else fact.id
            yield Loss(name, fact, article, number, _worst(lost), len(lost), len(checks))


def _worst(labels: Sequence[Label]) -> Label:
    return next(label for label in GRAVE if label in labels)
