"""The annotation queue: which pairs people label, in which order, and which labels form a random sample.

Every second pair is chosen because its label is most informative: its verdict is the least certain (margin sampling:
Scheffer, Decomain & Wrobel 2001), verifiers disagree (query by committee: Dagan & Engelson 1995), or its fact matters
most. The others are drawn at random.

A pair's random number is a hash of its texts (a permanent random number: Ohlsson 1995), so everybody is asked the same
pairs first. People's labels then overlap, and the pairs with the smallest numbers are a simple random sample of every
run that holds them.

The sample ends with the last pair that was labelled because it was drawn. Given that end, every pair was equally likely
to be in it (rank conditioning: Cohen & Kaplan 2007). A few gaps, such as a rerun leaves, are tolerated.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from harness.claims import pair_of
from harness.data.labels.people import PairKey, pair_id, pair_key
from harness.records import LABELS, Annotation, Check, Fact, Item, Pair, Place, Results, Span, Use
from harness.signature import digest
from harness.text import sentences, words

_IMPORTANCE = {"essential": 1.0, "supporting": 0.5, "detail": 0.0}
_CLAIM = 0.5
GAPS = 0.02
"""Maximum share of the sample that nobody was asked about."""


@dataclass(frozen=True)
class Task:
    """A pair that people are asked about once, even if there are several verdicts on it."""

    item: Item
    use: Use
    premise: str
    hypothesis: str
    fact: Fact | None
    """None for a claim, and for a fact that no longer exists."""
    checks: tuple[Check, ...]

    @property
    def part(self) -> str:
        """The kind of the fact, or ``claims``, or ``removed facts``."""
        if self.use == "grounding":
            return "claims"
        return self.fact.kind if self.fact else "removed facts"

    @cached_property
    def question(self) -> PairKey:
        return pair_key(self.use, self.hypothesis, self.premise)

    @cached_property
    def id(self) -> str:
        """The name of the pair in files and pages, the same in every run."""
        return pair_id(self.question)

    @property
    def pair(self) -> Pair:
        if self.use == "grounding":
            return pair_of(self.hypothesis, self.item)
        fact = self.fact or Fact("", self.hypothesis)
        return Pair.of_fact(self.premise, replace(fact, statement=self.hypothesis), self.item.article)

    @cached_property
    def draw(self) -> float:
        """The permanent random number of the pair, in 0..1."""
        return int(digest("draw", self.id), 16) / 16**16

    @cached_property
    def worth(self) -> float:
        """How informative a label would be, in 0..3: uncertainty plus dispute plus importance, each in 0..1."""
        margins = []
        for check in self.checks:
            *_, second, first = sorted(check.verdict.probabilities.values)
            margins.append(first - second)
        votes = Counter({check.verdict.verifier: check.verdict.label for check in self.checks}.values())
        shares = [count / votes.total() for count in votes.values()]
        dispute = sum(-share * math.log(share, len(LABELS)) for share in shares)
        importance = _IMPORTANCE[self.fact.importance] if self.fact else 0.0
        return 1 - min(margins) + dispute + (_CLAIM if self.use == "grounding" else importance)

    @cached_property
    def evidence(self) -> Span | None:
        """The passage to read first: the verifier's evidence, else the sentence with most words of the hypothesis.

        Every pair has a marked passage, because a missing one would reveal the verdict.
        """
        marked = next((check.verdict.evidence for check in self.checks if check.verdict.evidence), None)
        wanted = set(words(self.hypothesis))
        spans = () if marked else sentences(self.premise, self.item.article.language)
        return marked or max(spans, key=lambda span: len(wanted & set(words(span.text))), default=None)


@dataclass(frozen=True, slots=True)
class QueuedTask:
    """A task with its inclusion probability, as queued."""

    task: Task
    probability: float | None
    """See ``Annotation.probability``."""


def list_tasks(runs: Sequence[Results]) -> list[Task]:
    """List the distinct pairs of the runs, in the order of their first verdict.

    Verdicts whose article or summary no longer exists are left out, because nobody could label them.
    """
    return list(_list_cached(runs[0])) if len(runs) == 1 else _list_all(runs)


@lru_cache(maxsize=1)
def _list_cached(run: Results) -> tuple[Task, ...]:
    """List the tasks of one run; cached, because a report needs them four times."""
    return tuple(_list_all([run]))


def _list_all(runs: Sequence[Results]) -> list[Task]:
    by_question: dict[PairKey, Task] = {}
    for run in runs:
        items = {item.article.id: item for item in run.items}
        facts = {(item.article.id, fact.id): fact for item in items.values() for fact in item.facts}
        texts: dict[Place, str | None] = {summary.place: summary.text for summary in run.summaries}
        for check in run.checks:
            item, text = items.get(check.article_id), texts.get(check.place)
            if item is None or text is None:
                continue
            premise = text if check.use == "coverage" else item.article.text
            fact = facts.get((check.article_id, check.target)) if check.use == "coverage" else None
            task = Task(item, check.use, premise, check.hypothesis, fact, (check,))
            earlier = by_question.get(task.question)
            by_question[task.question] = replace(earlier, checks=(*earlier.checks, check)) if earlier else task
    return list(by_question.values())


def order_tasks(tasks: Sequence[Task]) -> list[QueuedTask]:
    by_draw = sorted(tasks, key=lambda task: task.draw)
    place = {task.question: number for number, task in enumerate(by_draw, start=1)}
    chosen = iter(sorted(tasks, key=lambda task: (-task.worth, task.draw)))
    at_random = iter(by_draw)
    queued: dict[PairKey, QueuedTask] = {}
    for turn in range(len(tasks)):
        task = next(task for task in (at_random if turn % 2 else chosen) if task.question not in queued)
        queued[task.question] = QueuedTask(task, place[task.question] / len(tasks) if turn % 2 else None)
    return list(queued.values())


def select_sample(tasks: Sequence[Task], asked: Collection[PairKey], drawn: Collection[PairKey]) -> list[Task]:
    """Select the pairs of the random sample that people were asked about, in the order of their draw.

    The sample ends with the last pair in ``drawn``, the pairs labelled because they were drawn. If people were asked
    about every pair, all belong to it.
    """
    sample: list[Task] = []
    end = 0
    for size, task in enumerate(sorted(tasks, key=lambda task: task.draw), start=1):
        if task.question in asked:
            sample.append(task)
            if task.question in drawn and size - len(sample) <= GAPS * size:
                end = len(sample)
    return sample if len(sample) == len(tasks) else sample[:end]


def find_drawn(labels: Iterable[Annotation]) -> set[PairKey]:
    """Find the pairs that were labelled blind because they were drawn at random."""
    return {label.question for label in labels if label.probability is not None and label.shown.blind}
