"""Count each system's verdicts: facts kept, contradicted and lost; claims supported, wrong and invented."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import lru_cache
from itertools import chain
from statistics import fmean
from typing import get_args

from harness.claims import find_claims, find_fragment
from harness.document import format as fmt
from harness.document.labels import name_annotators
from harness.records import LABELS, Check, Fact, Generation, Importance, Item, Label, System, Use
from harness.report.index import Index
from harness.text import is_ended, sentences

ErrorKind = tuple[Use, Label]
MAX_ERRORS = 1000
"""Maximum number of facts, and of claims, listed for each system and label: those of the first articles. The counts
include all errors."""
FACT_ERRORS: tuple[Label, ...] = ("contradicted", "absent")
"""Labels of a fact that is not kept, worst first."""
CLAIM_ERRORS: tuple[Label, ...] = ("contradicted", "absent", "uncertain")
"""Labels of a claim that a reader should check, worst first."""
NOT_VERIFIED = "not verified"
_LONG = 0.9
"""A summary is as long as its article if it has at least this share of the article's length."""


@dataclass(frozen=True, slots=True)
class Split:
    """The number of facts or claims with each label, averaged over an article's samples and summed over articles.

    ``missing`` counts verdicts that the verifier could not give. They count neither for nor against a system.
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
        """Facts contradicted or lost; claims wrong or invented."""
        return self.contradicted + self.absent

    def format(self, count: float) -> str:
        """Write a count of verdicts, or the range that undecided ones leave open: ``7–8``."""
        return fmt.count(count) + (f"–{fmt.count(count + self.uncertain)}" if self.uncertain else "")

    def __add__(self, other: Split) -> Split:
        return Split(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))


@dataclass(frozen=True, slots=True)
class Error:
    """A claim that is wrong, invented or undecided; or a fact that is contradicted, or essential and lost."""

    article: int
    """The article's index in the run."""
    check: Check
    """For a fact, the worst check among the samples."""
    fact: Fact | None = None
    times: int = 1
    """The number of samples with this label, out of ``samples``."""
    samples: int = 1

    @property
    def label(self) -> Label:
        return self.check.verdict.label

    @property
    def kind(self) -> ErrorKind:
        return self.check.use, self.label


@dataclass(slots=True, eq=False)
class Tally:
    """What one system's summaries keep and get wrong, and what is missing."""

    system: System
    facts: Split = Split()
    claims: Split = Split()
    articles: int = 0
    """Articles with a verdict on a counted fact or on a claim."""
    several: bool = False
    """True if an article has several samples with verdicts; then the counts are means."""
    errors: list[Error] = field(default_factory=list)
    """Claims, then facts, each worst first; at most ``MAX_ERRORS`` of each kind."""
    error_counts: Counter[ErrorKind] = field(default_factory=Counter)
    """The number of errors of each kind, including those that are not listed."""
    confirmed: int = 0
    """Number of claims that people called wrong or invented."""
    summaries: int = 0
    without_text: Counter[str] = field(default_factory=Counter)
    """Reason → number of summaries without text."""
    long: int = 0
    """Summaries that are as long as their articles."""
    cut_off: int = 0
    """Summaries that seem to end mid-sentence."""
    verdicts: int = 0
    """All verdicts, including missing ones."""
    missing: Counter[str] = field(default_factory=Counter)
    """Reason → number of missing verdicts."""
    people: int = 0
    """Number of verdicts that people gave."""
    verifiers: set[str] = field(default_factory=set)
    """Signatures of the verifiers that gave verdicts, even if people's labels replace those."""

    @property
    def is_long(self) -> bool:
        """True if most summaries are as long as their articles: a copy is not a summary."""
        return 2 * self.long > self.summaries - self.without_text.total()

    def add(self, index: Index, number: int, item: Item, essential: bool) -> None:
        """Count the article with this index. If ``essential``, count only essential facts."""
        summaries, language = index.summaries(self.system.name, item.article.id), item.article.language
        coverage = [index.coverage(summary) for summary in summaries]
        grounding = [index.grounding(summary) for summary in summaries]
        counted = {fact.id for fact in item.facts if fact.importance == "essential" or not essential}
        sizes = [len(find_claims(summary.generation, language)) for summary in summaries]
        facts = [[checks.get(name) for name in counted] for checks in coverage if counted & checks.keys()]
        claims = [
            [*checks, *[None] * (size - len(checks))] for checks, size in zip(grounding, sizes, strict=True) if checks
        ]
        self.facts += average_counts(facts)
        self.claims += average_counts(claims)
        self.articles += any(check and not check.verdict.abstained for check in chain(*facts, *claims))
        self.several = self.several or len(facts) > 1 or len(claims) > 1
        for error in _find_fact_errors(number, item, counted, coverage):
            self._add_error(error)
        for claim in chain(*grounding):
            if claim.claim and claim.verdict.label in CLAIM_ERRORS and not claim.verdict.abstained:
                self._add_error(Error(number, claim))
                self.confirmed += claim.verdict.label != "uncertain" and bool(name_annotators(claim.verdict))
        self.summaries += len(summaries)
        self.without_text.update(summary.reason or "" for summary in summaries if summary.text is None)
        self.long += sum(len(each.text) >= _LONG * len(item.article.body) for each in summaries if each.text)
        self.cut_off += sum(_is_cut_off(summary.generation, language) for summary in summaries)
        every = [[checks.get(fact.id) for fact in item.facts] for checks in coverage if checks]
        for check in chain(*every, *claims):
            self.verdicts += 1
            if check is None:
                self.missing[NOT_VERIFIED] += 1
                continue
            own = index.own(check)
            self.people += own is not None
            self.verifiers.add((own or check.verdict).verifier)
            if check.verdict.abstained:
                self.missing[check.verdict.reason or fmt.NO_REASON] += 1

    def _add_error(self, error: Error) -> None:
        self.error_counts[error.kind] += 1
        if self.error_counts[error.kind] <= MAX_ERRORS:
            self.errors.append(error)


@dataclass(frozen=True, slots=True)
class Counts:
    """The tallies of all systems, with totals."""

    noun: str
    """``essential fact``, or ``fact`` if no fact is marked essential."""
    facts: int
    unreviewed: int
    """Suggested facts that nobody has reviewed."""
    tallies: Mapping[str, Tally]
    """System → its verdicts. The fields below cover all systems."""
    articles: int
    """The largest ``Tally.articles`` of the systems under test; floors copy, so they are decided in any language."""
    verdicts: int
    missing: Counter[str]
    people: int
    verifiers: frozenset[str]

    @property
    def mostly_suggested(self) -> bool:
        """True if most facts are unreviewed suggestions: like floors, these copy the article's sentences."""
        return 2 * self.unreviewed > self.facts


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
        tally.errors.sort(key=_worst_first)
    every = tallies.values()
    return Counts(
        noun="essential fact" if essential else "fact",
        facts=len(facts),
        unreviewed=sum(fact.unreviewed for fact in facts),
        tallies=tallies,
        articles=max((tally.articles for tally in every if tally.system.role == "system"), default=0),
        verdicts=sum(tally.verdicts for tally in every),
        missing=sum((tally.missing for tally in every), Counter()),
        people=sum(tally.people for tally in every),
        verifiers=frozenset().union(*(tally.verifiers for tally in every)),
    )


def order_facts(facts: Sequence[Fact]) -> list[Fact]:
    return sorted(facts, key=lambda fact: get_args(Importance).index(fact.importance))


def average_counts(samples: Sequence[Sequence[Check | None]]) -> Split:
    """Count the labels of each sample and average the counts; None is a missing verdict."""
    if not samples:
        return Split()
    given = [[check.verdict.label for check in checks if check and not check.verdict.abstained] for checks in samples]
    missing = fmean(len(checks) - len(labels) for checks, labels in zip(samples, given, strict=True))
    return Split(**{label: fmean(labels.count(label) for labels in given) for label in LABELS}, missing=missing)


def _is_cut_off(generation: Generation, language: str) -> bool:
    """True if a summary ends mid-sentence: at the token limit, or without an end mark after a sentence that has one."""
    ended = [is_ended(sentence.text) for sentence in sentences(generation.text or "", language)]
    return find_fragment(generation, language) is not None or ended[-2:] == [True, False]


def _find_fact_errors(
    number: int, item: Item, counted: set[str], coverage: Sequence[Mapping[str, Check]]
) -> Iterator[Error]:
    for fact in order_facts(item.facts):
        checks = [check for checks in coverage if (check := checks.get(fact.id))]
        labels = FACT_ERRORS if fact.id in counted else FACT_ERRORS[:1]
        errors = [check for check in checks if check.verdict.label in labels]
        if errors:
            worst = min(errors, key=lambda check: labels.index(check.verdict.label))
            times = sum(check.verdict.label == worst.verdict.label for check in errors)
            yield Error(number, worst, fact, times, len(checks))


def _worst_first(error: Error) -> tuple[bool, int, float]:
    """Sort key: claims first, then the worst label; among undecided claims, the least likely to be supported."""
    probability = error.check.verdict.probabilities.supported if error.label == "uncertain" else 0.0
    return error.check.use == "coverage", CLAIM_ERRORS.index(error.label), probability
