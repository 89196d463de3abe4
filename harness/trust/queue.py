"""The annotation queue: which pairs people label, in which order, and which labels form a random sample.

Every second pair is chosen because its label is the most informative: the verdict is uncertain (margin sampling:
Scheffer, Decomain & Wrobel 2001), or the fact is important. The rest are drawn at random.

The random number of a pair is a hash of its texts (a permanent random number: Ohlsson 1995), so all annotators label
the same pairs first, and their labels overlap. The pairs with the smallest numbers are a simple random sample of every
run that contains them.

In order of random number, the sample ends with the last pair that was labelled because it was drawn, not chosen.
Conditional on where it ends, every pair was equally likely to be in it (rank conditioning: Cohen & Kaplan 2007). The
sample may contain a few unlabelled pairs, because a rerun can add pairs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from harness.claims import make_pair
from harness.data.labels import PairKey, pair_id, pair_key
from harness.records import Annotation, Check, Fact, Item, Pair, Place, Results, Span, Use
from harness.signature import digest
from harness.text import sentences, words

_IMPORTANCE = {"essential": 1.0, "supporting": 0.5, "detail": 0.0}
_CLAIM_IMPORTANCE = 0.5
_MAX_UNASKED = 0.02  # maximum share of pairs in the sample that nobody was asked about


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
    """The verdicts on the pair."""

    @property
    def part(self) -> str:
        """The kind of the fact, or ``claims``, or ``removed facts``."""
        if self.use == "grounding":
            return "claims"
        return self.fact.kind if self.fact else "removed facts"

    @cached_property
    def pair_key(self) -> PairKey:
        return pair_key(self.use, self.hypothesis, self.premise)

    @cached_property
    def id(self) -> str:
        """The id of the pair in files and web addresses, the same in every run."""
        return pair_id(self.pair_key)

    @property
    def pair(self) -> Pair:
        if self.use == "grounding":
            return make_pair(self.hypothesis, self.item)
        fact = self.fact or Fact("", self.hypothesis)
        return Pair.of_fact(self.premise, replace(fact, statement=self.hypothesis), self.item.article)

    @cached_property
    def draw(self) -> float:
        """The pair's permanent random number, in 0..1."""
        return int(digest("draw", self.id), 16) / 16**16

    @cached_property
    def worth(self) -> float:
        """How informative a label would be, in 0..2: uncertainty plus importance, each in 0..1."""
        ranked = [sorted(check.verdict.probabilities.values) for check in self.checks]
        margin = min(values[-1] - values[-2] for values in ranked)
        importance = _IMPORTANCE[self.fact.importance] if self.fact else 0.0
        return 1 - margin + (_CLAIM_IMPORTANCE if self.use == "grounding" else importance)

    @cached_property
    def evidence(self) -> Span | None:
        """The passage to mark: the verifier's evidence, else the sentence with the most words of the hypothesis.

        Every pair gets a marked passage, because a missing mark would reveal the verdict.
        """
        if marked := next((check.verdict.evidence for check in self.checks if check.verdict.evidence), None):
            return marked
        wanted, spans = set(words(self.hypothesis)), sentences(self.premise, self.item.article.language)
        return max(spans, key=lambda span: len(wanted & set(words(span.text))), default=None)


@lru_cache(maxsize=1)  # a report needs the tasks of its run four times
def list_tasks(results: Results) -> tuple[Task, ...]:
    """List the distinct pairs of a run, in the order of their first verdicts.

    Verdicts on an article or a summary that no longer exists are left out, because nobody can label them.
    """
    items = {item.article.id: item for item in results.items}
    facts = {(item.article.id, fact.id): fact for item in items.values() for fact in item.facts}
    texts: dict[Place, str | None] = {summary.place: summary.text for summary in results.summaries}
    by_pair: dict[PairKey, Task] = {}
    for check in results.checks:
        item, text = items.get(check.article_id), texts.get(check.place)
        if item is None or text is None:
            continue
        premise = text if check.use == "coverage" else item.article.text
        fact = facts.get((check.article_id, check.target)) if check.use == "coverage" else None
        task = Task(item, check.use, premise, check.hypothesis, fact, (check,))
        earlier = by_pair.get(task.pair_key)
        by_pair[task.pair_key] = replace(earlier, checks=(*earlier.checks, check)) if earlier else task
    return tuple(by_pair.values())


def order_tasks(tasks: Sequence[Task]) -> list[tuple[Task, float | None]]:
    """Alternate between the task whose label is worth most and the task with the smallest random number.

    Return each task with its ``Annotation.probability``.
    """
    by_draw = sorted(tasks, key=lambda task: task.draw)
    place = {task.pair_key: number for number, task in enumerate(by_draw, start=1)}
    chosen = iter(sorted(tasks, key=lambda task: (-task.worth, task.draw)))
    at_random = iter(by_draw)
    queued: dict[PairKey, tuple[Task, float | None]] = {}
    for turn in range(len(tasks)):
        task = next(task for task in (at_random if turn % 2 else chosen) if task.pair_key not in queued)
        queued[task.pair_key] = (task, place[task.pair_key] / len(tasks) if turn % 2 else None)
    return list(queued.values())


def select_sample(tasks: Sequence[Task], asked: Collection[PairKey], drawn: Collection[PairKey]) -> list[Task]:
    """Select the random sample from ``asked``, the pairs that people labelled; return it sorted by random number.

    ``drawn``: the pairs that were labelled because they were drawn. If every pair was labelled, all are in the sample.
    """
    sample: list[Task] = []
    end = 0
    for size, task in enumerate(sorted(tasks, key=lambda task: task.draw), start=1):
        if task.pair_key in asked:
            sample.append(task)
            if task.pair_key in drawn and size - len(sample) <= _MAX_UNASKED * size:
                end = len(sample)
    return sample if len(sample) == len(tasks) else sample[:end]


def find_drawn(labels: Iterable[Annotation]) -> set[PairKey]:
    """Find the pairs that were drawn at random and labelled blind."""
    return {label.pair_key for label in labels if label.probability is not None and label.shown.blind}
