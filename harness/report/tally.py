"""Count each system's verdicts: facts kept, contradicted and lost, claims wrong and invented."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import lru_cache
from statistics import fmean

from harness.claims import find_claims, find_fragment
from harness.records import LABELS, Check, Fact, Importance, Item, Label, System, Use
from harness.report.index import Index

NAMED = 1000
"""Maximum number of fact errors, and of claim errors, that are listed for a system. All errors are counted."""
FACT_ERRORS: tuple[Label, ...] = ("contradicted", "absent")
"""Labels of a fact that is not kept, worst first."""
CLAIM_ERRORS: tuple[Label, ...] = ("contradicted", "absent", "uncertain")
"""Labels of a claim that needs reading, worst first."""
_IMPORTANCES: tuple[Importance, ...] = ("essential", "supporting", "detail")


@dataclass(frozen=True, slots=True)
class Split:
    """The number of facts or claims with each label: means over the samples of an article, summed over articles.

    A verdict that the verifier could not give is ``missing`` and counts neither for nor against a system.
    """

    supported: float = 0.0
    contradicted: float = 0.0
    absent: float = 0.0
    uncertain: float = 0.0
    missing: float = 0.0

    @property
    def total(self) -> float:
        """All facts or claims that have a verdict."""
        return self.supported + self.rejected + self.uncertain

    @property
    def rejected(self) -> float:
        """Facts contradicted or left out; claims wrong or invented."""
        return self.contradicted + self.absent

    def __add__(self, other: Split) -> Split:
        return Split(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))


@dataclass(frozen=True, slots=True)
class Error:
    """A claim that is wrong, invented or undecided; or a fact that is contradicted, or essential and lost."""

    article: int
    """The article's index in the run."""
    check: Check
    """The worst verdict among the samples, for a fact."""
    fact: Fact | None = None
    times: int = 1
    samples: int = 1

    @property
    def label(self) -> Label:
        return self.check.verdict.label


@dataclass(slots=True, eq=False)
class Tally:
    system: System
    facts: Split = Split()
    claims: Split = Split()
    articles: int = 0
    """Articles with a complete summary: each of these facts has a verdict or, without facts, each claim has one."""
    several: bool = False
    """True if an article has several samples with verdicts; then the counts are means."""
    fact_errors: list[Error] = field(default_factory=list)
    """Contradicted first; at most ``NAMED``, from the first articles."""
    claim_errors: list[Error] = field(default_factory=list)
    """Wrong first, then invented, then undecided; at most ``NAMED``, from the first articles."""
    fact_labels: Counter[Label] = field(default_factory=Counter)
    """The number of fact errors with each label, including those that are not listed."""
    claim_labels: Counter[Label] = field(default_factory=Counter)
    without_text: Counter[str] = field(default_factory=Counter)
    """Reason → number of summaries without text."""
    summaries: int = 0
    cut_off: int = 0
    """Summaries that the token limit ended mid-sentence."""
    verifiers: set[str] = field(default_factory=set)
    """Signatures of the verifiers that gave verdicts, even if people's labels replace those."""
    missing: Counter[str] = field(default_factory=Counter)
    """Reason → number of missing verdicts."""
    verdicts: Counter[Use] = field(default_factory=Counter)
    """The number of verdicts, including missing ones."""
    people: int = 0

    def add(self, index: Index, number: int, item: Item, essential: bool) -> None:
        """Count one more article; ``number`` is its index in the run."""
        summaries = index.summaries(self.system.name, item)
        coverage = [index.coverage(summary) for summary in summaries]
        grounding = [index.grounding(summary) for summary in summaries]
        counted = {fact.id for fact in item.facts if fact.importance == "essential" or not essential}
        sizes = [len(find_claims(summary.generation, item.article.language)) for summary in summaries]
        facts = [[checks[name] for name in counted] for checks in coverage if counted and counted <= checks.keys()]
        grounded = [checks for checks, size in zip(grounding, sizes, strict=True) if checks and len(checks) >= size]
        self.facts += _split(facts)
        self.claims += _split(grounded)
        self.articles += bool(facts if counted else grounded)
        self.several = self.several or len(facts) > 1 or len(grounded) > 1
        fact_errors = list(_fact_errors(number, item, counted, coverage))
        self.fact_labels.update(error.label for error in fact_errors)
        self.fact_errors += fact_errors[: NAMED - len(self.fact_errors)]
        claim_errors = [
            Error(number, check)
            for checks in grounding
            for check in checks
            if check.claim and check.verdict.label in CLAIM_ERRORS and not check.verdict.abstained
        ]
        self.claim_labels.update(error.label for error in claim_errors)
        self.claim_errors += claim_errors[: NAMED - len(self.claim_errors)]
        self.summaries += len(summaries)
        self.without_text.update(summary.reason or "" for summary in summaries if summary.text is None)
        self.cut_off += sum(
            find_fragment(summary.generation, item.article.language) is not None for summary in summaries
        )
        for check in (check for checks in (*(of.values() for of in coverage), *grounding) for check in checks):
            own = index.own(check)
            self.people += own is not None
            self.verifiers.add((own or check.verdict).verifier)
            self.verdicts[check.use] += 1
            if check.verdict.abstained:
                self.missing[check.verdict.reason or "no reason was given"] += 1


@dataclass(frozen=True, slots=True)
class Counts:
    noun: str
    """``essential fact``, or ``fact`` if the data marks none as essential."""
    facts: int
    unreviewed: int
    """Suggested facts that nobody has reviewed."""
    tallies: Mapping[str, Tally]

    @property
    def verdicts(self) -> int:
        return sum(tally.verdicts.total() for tally in self.tallies.values())

    @property
    def missing(self) -> Counter[str]:
        return sum((tally.missing for tally in self.tallies.values()), Counter())

    @property
    def people(self) -> int:
        return sum(tally.people for tally in self.tallies.values())

    @property
    def verifiers(self) -> frozenset[str]:
        return frozenset().union(*(tally.verifiers for tally in self.tallies.values()))

    @property
    def articles(self) -> int:
        """The largest number of articles of a system."""
        return max((tally.articles for tally in self.tallies.values()), default=0)


@lru_cache(maxsize=4)
def count_verdicts(index: Index) -> Counts:
    """Count the verdicts on all systems in one pass over the articles."""
    items = index.results.items
    facts = [fact for item in items for fact in item.facts]
    essential = any(fact.importance == "essential" for fact in facts)
    tallies = {system.name: Tally(system) for system in index.results.manifest.systems}
    for number, item in enumerate(items):
        for tally in tallies.values():
            tally.add(index, number, item, essential)
    for tally in tallies.values():
        tally.fact_errors.sort(key=lambda error: FACT_ERRORS.index(error.label))
        tally.claim_errors.sort(key=_worst_first)
    unreviewed = sum(fact.unreviewed for fact in facts)
    return Counts("essential fact" if essential else "fact", len(facts), unreviewed, tallies)


def order_facts(facts: Sequence[Fact]) -> list[Fact]:
    return sorted(facts, key=lambda fact: _IMPORTANCES.index(fact.importance))


def _split(samples: Sequence[Sequence[Check]]) -> Split:
    """Count the labels of each sample and average the counts."""
    if not samples:
        return Split()
    given = [[check.verdict.label for check in checks if not check.verdict.abstained] for checks in samples]
    missing = fmean(sum(check.verdict.abstained for check in checks) for checks in samples)
    means = {label: fmean(labels.count(label) for labels in given) for label in LABELS}
    return Split(**means, missing=missing)


def _fact_errors(
    number: int, item: Item, counted: set[str], coverage: Sequence[Mapping[str, Check]]
) -> Iterator[Error]:
    for fact in order_facts(item.facts):
        checks = [check for checks in coverage if (check := checks.get(fact.id))]
        labels = FACT_ERRORS if fact.id in counted else FACT_ERRORS[:1]
        errors = [check for check in checks if check.verdict.label in labels]
        if errors:
            worst = min(errors, key=lambda check: labels.index(check.verdict.label))
            yield Error(number, worst, fact, len(errors), len(checks))


def _worst_first(error: Error) -> tuple[int, float]:
    """Sort key: the worst label first; among undecided claims, the least likely to be supported."""
    probability = error.check.verdict.probabilities.supported if error.label == "uncertain" else 0.0
    return CLAIM_ERRORS.index(error.label), probability
