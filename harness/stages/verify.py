"""Ask the verifier, for every summary, which facts it carries and which of its claims the article supports."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from harness import progress
from harness.claims import claims, denied
from harness.data.cache import Cache, readable
from harness.data.runs.record_file import to_json
from harness.engines import Engine, Work
from harness.errors import HarnessError
from harness.records import Check, Item, Pair, Place, Span, Stage, Summary, Use, Verdict
from harness.seams import Verifier
from harness.signature import digest
from harness.stages import failing
from harness.stages.failing import FailureStreak, mostly
from harness.stages.shards import Shard, Shards

Answered = Iterable[tuple[Sequence[Pair], Iterable[Verdict]]]
"""Batches with their answers, as an engine gives them."""
Identity = tuple[Place, Use, str]
"""What a verdict is the answer to."""


@dataclass(frozen=True, slots=True)
class Question:
    """A pair and the place its verdict belongs to."""

    key: str
    place: Place
    use: Use
    target: str
    claim: Span | None
    pair: Pair

    @property
    def identity(self) -> Identity:
        return self.place, self.use, self.target

    def answered(self, verdict: Verdict) -> Check:
        place = self.place
        return Check(
            self.key, place.system, place.article_id, place.sample, self.use, self.target, self.pair.hypothesis,
            self.claim, verdict,
        )  # fmt: skip  # one call, read as the record's one line


def questions(items: Iterable[Item], summaries: Sequence[Summary], verifier: str) -> Iterator[Question]:
    """Every question of a run, in the order of its summaries; ``verifier`` is the signature that keys depend on."""
    by_id = {item.article.id: item for item in items}
    for summary in summaries:
        if summary.text is not None:
            yield from _coverage(by_id[summary.article_id], summary, summary.text, verifier)
            yield from _grounding(by_id[summary.article_id], summary, verifier)


class Verify:
    """The stage: ``keep``, then ``run``, which may be interrupted at any point: the verdicts given by then stay."""

    def __init__(self, shards: Shards, verifier: Verifier, cache: Cache, engine: Engine) -> None:
        self._shards, self._folder = shards, shards.folder
        self._verifier, self._cache, self._engine = verifier, cache, engine
        self._complete: set[int] = set()
        self._asked = 0
        self._counts = {"made": 0, "cached": 0, "kept": 0}
        self._seconds = 0.0
        self._not_given: Counter[str] = Counter()
        """Why verdicts are uncertain that asking again may give."""
        self._streak = FailureStreak()
        self.problems: list[str] = []

    @property
    def stage(self) -> Stage:
        """``failed`` counts what was come to before an interruption."""
        failed = self._asked - sum(self._counts.values())
        return Stage("verify", failed=failed, seconds=self._seconds, problems=tuple(self.problems), **self._counts)

    def keep(self, fresh: bool = False) -> None:
        """Set aside what does not belong to the run as it is now; ``fresh`` keeps nothing of an earlier run."""
        self._folder.checks.repair()
        self._folder.keep(self._folder.checks, () if fresh else self._belonging())

    def run(self) -> None:
        """Judge what has no verdict yet."""
        started = time.monotonic()
        try:
            self._ask()
            if self._not_given:
                self.problems.append(self._unanswered())
        finally:
            self._seconds = time.monotonic() - started

    def _belonging(self) -> Iterator[int]:
        """The lines that belong to the run; notes the shards that are complete."""
        for number, shard in enumerate(self._shards if len(self._folder.checks) else ()):
            lines = self._folder.checks.numbered(shard.ids)
            if not lines:
                continue
            questions = self._questions(shard)
            kept: set[Identity] = set()
            for line, check in lines:
                question = questions.get(check.identity)
                if question and question.key == check.key and not check.verdict.transient:
                    kept.add(check.identity)
                    yield line
            self._counts["kept"] += len(kept)
            if len(kept) == len(questions):
                self._complete.add(number)
                self._asked += len(questions)

    def _ask(self) -> None:
        waiting: dict[Pair, list[Question]] = {}
        again: list[Pair] = []
        work = Work("verifier", self._verifier, "verify")
        with progress.bar("verify", 1) as advance:
            self._take(self._engine.map(work, self._batches(waiting, advance)), waiting, again, advance)
            singly = ([pair] for pair in again if not self.problems)
            self._take(self._engine.map(work, singly), waiting, again, advance)

    def _take(
        self, answered: Answered, waiting: dict[Pair, list[Question]], again: list[Pair], advance: progress.Advance
    ) -> None:
        """Write down what the verifier answers; batches that an exception ended are added to ``again``."""
        for batch, answers in answered:
            verdicts = self._verdicts(batch, answers)
            if verdicts is None and len(batch) > 1:
                again += batch
                continue
            answered_questions = {pair: waiting.pop(pair) for pair in batch}
            if verdicts:
                count = self._made(answered_questions, verdicts)
                self._counts["made"] += count
                advance(count)
        self._folder.checks.sync()

    def _batches(self, waiting: dict[Pair, list[Question]], advance: progress.Advance) -> Iterator[list[Pair]]:
        """What to ask and is not being asked, those with one answer once; after a failure nothing more is asked."""
        articles = pending = 0
        for number, shard in enumerate(self._shards):
            articles += len(shard.items)
            if number in self._complete:
                continue
            missing = self._take_cached(self._missing(shard))
            pending += len(missing)
            advance(0, total=pending * len(self._shards.items) // articles)
            if self.problems:
                continue
            pairs = [pair for pair in dict.fromkeys(question.pair for question in missing) if pair not in waiting]
            for question in missing:
                waiting.setdefault(question.pair, []).append(question)
            together = self._verifier.together
            yield from (pairs[start : start + together] for start in range(0, len(pairs), together))

    def _questions(self, shard: Shard) -> dict[Identity, Question]:
        """The questions of a shard, in order."""
        all_questions = questions(shard.items, shard.summaries, self._verifier.signature())
        return {question.identity: question for question in all_questions}

    def _missing(self, shard: Shard) -> list[Question]:
        questions = self._questions(shard)
        self._asked += len(questions)
        done = {check.identity for check in self._folder.checks.of(shard.ids)}
        return [question for identity, question in questions.items() if identity not in done]

    def _take_cached(self, missing: Sequence[Question]) -> list[Question]:
        verdicts = readable(Verdict, self._cache.get("verdicts", list({question.key for question in missing})))
        cached = [question for question in missing if question.key in verdicts]
        self._write(question.answered(verdicts[question.key]) for question in cached)
        self._counts["cached"] += len(cached)
        return [question for question in missing if question.key not in verdicts]

    def _verdicts(self, batch: Sequence[Pair], answers: Iterable[Verdict]) -> dict[Pair, Verdict] | None:
        """The verdicts; None where an exception ended several, which may be the fault of one.

        An exception at one pair is that pair's reason; too many in a row, or an error of ours, end the verifying, which
        costs the verdicts still missing and not the run.
        """
        try:
            verdicts = dict(zip(batch, answers, strict=True))
        except HarnessError as error:
            self._fail(str(error))
            return {}
        except Exception as error:  # noqa: BLE001  # whatever a verifier does, scores that need it say why they are missing
            if len(batch) > 1:
                return None
            reason = failing.reason(error)
            self._not_given[reason] += 1
            self._streak.asked = self._asked
            if why := self._streak.add(reason):
                self._fail(why)
            return {}
        self._streak.end()
        faults = {pair: fault for pair, verdict in verdicts.items() if (fault := failing.unwritable(verdict))}
        self._not_given.update(faults.values())
        return {pair: verdict for pair, verdict in verdicts.items() if pair not in faults}

    def _fail(self, reason: str) -> None:
        problem = f"verifier {self._verifier.kind()}: {reason}"
        if problem not in self.problems:
            self.problems.append(problem)

    def _made(self, questions: Mapping[Pair, Sequence[Question]], verdicts: Mapping[Pair, Verdict]) -> int:
        """Write answers down, first where other runs find them."""
        lasting = {
            questions[pair][0].key: to_json(verdict) for pair, verdict in verdicts.items() if not verdict.transient
        }
        self._cache.put("verdicts", lasting)
        for pair, verdict in verdicts.items():
            if verdict.transient:
                self._not_given[verdict.reason or "no answer"] += len(questions[pair])
        return self._write(
            question.answered(verdict) for pair, verdict in verdicts.items() for question in questions[pair]
        )

    def _unanswered(self) -> str:
        counts = f"{self._not_given.total():,} of {self._asked:,} verdicts not given"
        return f"verifier {self._verifier.kind()}: {counts}: {mostly(self._not_given)}; the next run asks again"

    def _write(self, checks: Iterable[Check]) -> int:
        written = list(checks)
        if written:
            self._folder.checks.append(written)
        return len(written)


def _coverage(item: Item, summary: Summary, text: str, verifier: str) -> Iterator[Question]:
    """Does the summary carry the facts?"""
    own = digest(text)
    for fact in item.facts:
        pair = Pair.of_fact(text, fact, item.article)
        key = digest(verifier, own, pair.hypothesis, pair.accepted, pair.contrasts, *_context(item))
        yield Question(key, summary.place, "coverage", fact.id, None, pair)


def _grounding(item: Item, summary: Summary, verifier: str) -> Iterator[Question]:
    """Does the article support the claims?"""
    article = digest(item.article.text)
    for number, claim in enumerate(claims(summary.generation, item.article.language)):
        pair = Pair.of_claim(item.article, claim.text, denied(claim.text, item.facts))
        key = digest(
            verifier, article, pair.hypothesis, *(text for each in pair.denied for text in each), *_context(item)
        )
        yield Question(key, summary.place, "grounding", str(number), claim, pair)


def _context(item: Item) -> tuple[str, ...]:
    """What of the article a verdict depends on beside its text."""
    date, language = item.article.date, item.article.language
    return (*([date] if date else []), *([language] if language != "en" else []))
