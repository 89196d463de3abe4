"""Ask the language models of judged scorers about the summaries, and save every answer as it arrives.

This process sends the requests, whatever the engine, because the servers do the work.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from harness import progress
from harness.data.cache import Cache
from harness.document import format as fmt
from harness.errors import HarnessError
from harness.records import Judgement, Question, Stage
from harness.scorers.judged import JudgedScorer
from harness.seams import Scorer
from harness.stages import RecordStage
from harness.stages.score import build_cases
from harness.stages.verify import Shard, Shards


@dataclass(slots=True)
class _Tally:
    """Totals over one scorer's answers, including those of earlier runs."""

    asked: int = 0
    answers: int = 0
    unreadable: int = 0
    weighted: int = 0
    """Number of answers with the probabilities of the choices."""
    prompt_tokens: int = 0
    new_tokens: int = 0
    price: float | None = None
    """None if no answer has a price."""
    missing: Counter[str] = field(default_factory=Counter)
    """Reason → number of missing answers that a later run may get."""

    def add(self, judgement: Judgement | None) -> None:
        self.asked += 1
        if judgement is None:
            return
        if judgement.transient:
            self.missing[judgement.reason or fmt.NO_REASON] += 1
            return
        self.answers += 1
        self.unreadable += judgement.choice is None
        self.weighted += bool(judgement.probabilities)
        self.prompt_tokens += judgement.prompt_tokens or 0
        self.new_tokens += judgement.new_tokens or 0
        if judgement.price is not None:
            self.price = (self.price or 0.0) + judgement.price


class Judge(RecordStage[Judgement]):
    """The stage that asks the models of judged scorers."""

    def __init__(self, shards: Shards, scorers: Sequence[Scorer], cache: Cache) -> None:
        super().__init__(shards.folder.judgements, cache)
        self._shards = shards
        self._scorers = {scorer.name: scorer for scorer in scorers if isinstance(scorer, JudgedScorer)}
        self._tallies: dict[str, _Tally] = defaultdict(_Tally)
        self._faults: dict[str, str] = {}

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The record of the stage, with at most one problem per scorer; empty if no scorer asks a model."""
        if not self._scorers:
            return ()
        failed = sum(tally.asked - tally.answers for tally in self._tallies.values())
        problems = [f"scorer {name}: {fault}" for name, fault in self._faults.items()]
        for name, tally in self._tallies.items():
            if tally.missing and name not in self._faults:
                reason = tally.missing.most_common(1)[0][0]
                missing = f"{tally.missing.total():,} of {fmt.plural(tally.asked, 'answer')}"
                problems.append(f"scorer {name}: {missing} missing: {reason}; the next run asks again")
        return (self._describe("judge", failed, problems),)

    @property
    def usage(self) -> dict[str, str]:
        """Scorer → model, answers, tokens and price, in words."""
        usage = {}
        for name, tally in self._tallies.items():
            scorer = self._scorers[name]
            price = "" if tally.price is None else f", {tally.price:,.4f} {scorer.currency}"
            unreadable = f" ({tally.unreadable:,} unreadable)" if tally.unreadable else ""
            usage[name] = (
                f"{fmt.plural(tally.answers, 'answer')}{unreadable} by {scorer.depends()['model']}, "
                f"{tally.weighted:,} with logprobs, {tally.prompt_tokens:,} prompt tokens, "
                f"{tally.new_tokens:,} new tokens{price}"
            )
        return usage

    def _work(self) -> None:
        if not self._scorers:
            return
        with progress.bar("judge", 0) as advance:
            articles = pending = 0
            for shard in self._shards:
                articles += len(shard.items)
                questions = self._list_questions(shard)
                try:
                    missing = self._take_cached(shard, questions)
                    pending += len(missing)
                    advance(0, total=pending * len(self._shards.items) // articles)
                    for scorer in self._scorers.values():
                        self._ask(scorer, [question for asker, question in missing if asker is scorer], advance)
                finally:
                    answers = {each.key: each for each in self._file.read_articles(shard.ids)}
                    for key, (scorer, _) in questions.items():
                        self._tallies[scorer.name].add(answers.get(key))

    def _lines_to_keep(self) -> Iterator[int]:
        for shard in self._shards if len(self._file) else ():
            questions = self._list_questions(shard)
            numbered = self._file.read_numbered(shard.ids)
            yield from (line for line, each in numbered if each.key in questions and not each.transient)

    def _list_questions(self, shard: Shard) -> dict[str, tuple[JudgedScorer, Question]]:
        """Return the questions of a shard by key, each with the first scorer that asks it."""
        questions: dict[str, tuple[JudgedScorer, Question]] = {}
        cases = build_cases(shard.items, shard.summaries, ())
        for scorer in self._scorers.values():
            for case in (case for case in cases if case.summary.text is not None):
                for question in scorer.questions(case):
                    questions.setdefault(question.key, (scorer, question))
        return questions

    def _take_cached(
        self, shard: Shard, questions: dict[str, tuple[JudgedScorer, Question]]
    ) -> list[tuple[JudgedScorer, Question]]:
        """Write the answers that are in the cache; return the questions that neither the run nor the cache answers."""
        known = {each.key for each in self._file.read_articles(shard.ids) if not each.transient} & questions.keys()
        self._counts["kept"] += len(known)
        cached = self._cache.get(Judgement, [key for key in questions if key not in known])
        self._counts["cached"] += len(cached)
        self._write(
            replace(cached[key], scorer=scorer.name, article_id=question.article_id, systems=question.systems)
            for key, (scorer, question) in questions.items()
            if key in cached
        )
        return [each for key, each in questions.items() if key not in known and key not in cached]

    def _ask(self, scorer: JudgedScorer, questions: Sequence[Question], advance: progress.Advance) -> None:
        if not questions or scorer.name in self._faults:
            return
        try:
            for answer in scorer.judge(questions):
                self._file.append([answer])
                if not answer.transient:
                    self._counts["made"] += 1
                    self._cache.put(Judgement, {answer.key: answer})
                advance(1)
        except HarnessError as error:  # no question can be answered
            self._faults[scorer.name] = str(error)
