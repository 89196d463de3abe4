"""Ask the verifier which facts each summary states, and which of the summary's claims the article supports.

``verify_pairs`` verifies pairs outside a run, for ``harness verify``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import NamedTuple

from harness import plugins, progress
from harness.claims import find_claims, make_pair
from harness.config import plan
from harness.data.cache import Cache
from harness.data.pairs import UnlabelledPair
from harness.data.runs.results import RunFolder
from harness.engines import Engine, Work
from harness.records import Check, CheckId, Item, Pair, Span, Stage, Summary, System, Verdict
from harness.seams import Verifier
from harness.signature import digest
from harness.stages import RecordStage
from harness.stages.pending import Pending, explain_unwritable


class Shard(NamedTuple):
    """Some of the articles, with all their summaries."""

    items: tuple[Item, ...]
    summaries: Sequence[Summary]

    @property
    def ids(self) -> list[str]:
        return [item.article.id for item in self.items]


@dataclass(frozen=True)
class Shards:
    """All shards, in order; each iteration reads them from disk again."""

    items: Sequence[Item]
    systems: Sequence[System]
    folder: RunFolder

    def __iter__(self) -> Iterator[Shard]:
        for items in plan.split_into_shards(self.items, len(self.systems)):
            yield Shard(items, self._read_summaries(items))

    def read_checks(self, shard: Shard) -> list[Check]:
        """Return a shard's verdicts, summary by summary: on facts, in the order of the facts, then on claims."""
        summaries = {summary.place: number for number, summary in enumerate(shard.summaries)}
        facts = {(item.article.id, fact.id): number for item in shard.items for number, fact in enumerate(item.facts)}

        def position(check: Check) -> tuple[int, bool, int]:
            if check.use == "coverage":
                return summaries[check.place], False, facts.get((check.article_id, check.target), -1)
            return summaries[check.place], True, int(check.target)

        return sorted(
            (check for check in self.folder.checks.read_articles(shard.ids) if check.place in summaries), key=position
        )

    def _read_summaries(self, items: Sequence[Item]) -> list[Summary]:
        """Return the summaries of some articles, sorted by system, article and sample."""
        systems = {system.name: number for number, system in enumerate(self.systems)}
        articles = {item.article.id: number for number, item in enumerate(items)}

        def position(summary: Summary) -> tuple[int, int, int]:
            return systems[summary.system], articles[summary.article_id], summary.sample

        summaries = self.folder.summaries.read_articles(articles)
        return sorted((summary for summary in summaries if summary.system in systems), key=position)


@dataclass(frozen=True, slots=True)
class PendingCheck:
    """A pair to verify, and its place in the run."""

    key: str
    identity: CheckId
    claim: Span | None
    """The passage of the summary that is the claim; None for a fact."""
    pair: Pair

    def to_check(self, verdict: Verdict) -> Check:
        place, use, target = self.identity
        return Check(self.key, *place, use, target, self.pair.hypothesis, self.claim, verdict)


def list_pending_checks(items: Iterable[Item], summaries: Sequence[Summary], verifier: str) -> Iterator[PendingCheck]:
    """Yield the pairs to verify for these summaries, in order; ``verifier`` is the verifier's signature."""
    by_id = {item.article.id: item for item in items}
    for summary in summaries:
        if summary.text is None:
            continue
        item, summary_hash = by_id[summary.article_id], digest(summary.text)
        article_hash, context = digest(item.article.text), item.article.context
        for fact in item.facts:
            pair = Pair.of_fact(summary.text, fact, item.article)
            key = digest(verifier, summary_hash, pair.hypothesis, pair.accepted, pair.contrasts, *context)
            yield PendingCheck(key, CheckId(summary.place, "coverage", fact.id), None, pair)
        for number, claim in enumerate(find_claims(summary.generation, item.article.language)):
            pair = make_pair(claim.text, item)
            facts = filter(None, [pair.facts, pair.denied, pair.false_versions])
            key = digest(verifier, article_hash, pair.hypothesis, *facts, *context)
            yield PendingCheck(key, CheckId(summary.place, "grounding", str(number)), claim, pair)


class Verify(RecordStage[Check]):
    """The stage that verifies facts and claims."""

    def __init__(self, shards: Shards, verifier: Verifier, cache: Cache, engine: Engine) -> None:
        super().__init__(shards.folder.checks, cache)
        self._shards, self._verifier, self._engine = shards, verifier, engine
        self._complete: set[int] = set()
        """Numbers of the shards that have all verdicts."""
        self._expected: dict[int, int] = {}
        """Shard → number of its checks."""
        self._pending = Pending[PendingCheck, Pair](lambda pair: pair)

    @property
    def stage(self) -> Stage:
        """The record of the stage. After an interruption, ``failed`` does not count shards that were not reached."""
        problems = self._pending.list_problems(f"verifier {self._verifier.kind()}", "verdicts missing")
        return self._describe("verify", self._pending.expected - sum(self._counts.values()), problems)

    def _lines_to_keep(self) -> Iterator[int]:
        """Also record which shards are complete."""
        for number, shard in enumerate(self._shards if len(self._file) else ()):
            lines = self._file.read_numbered(shard.ids)
            if not lines:
                continue
            pending = self._list_checks(number, shard)
            kept: set[CheckId] = set()
            for line, check in lines:
                expected = pending.get(check.identity)
                if expected and expected.key == check.key and not check.verdict.transient:
                    kept.add(check.identity)
                    yield line
            self._counts["kept"] += len(kept)
            if len(kept) == len(pending):
                self._complete.add(number)

    def _work(self) -> None:
        work = Work("verifier", self._verifier)
        with progress.bar("verify", 0) as advance:
            batches = self._pending.batches(self._engine, work, self._pairs(advance), self._verifier.pairs_per_batch)
            for batch, answers in batches:
                answered: list[tuple[list[PendingCheck], Verdict]] = []
                with self._pending.catch_failures(batch):
                    verdicts = list(answers)
                    answered = [(self._pending.take(pair), each) for pair, each in zip(batch, verdicts, strict=True)]
                advance(self._record(answered))

    def _pairs(self, advance: progress.Advance) -> Iterator[list[Pair]]:
        """Yield the pairs to verify, shard by shard; equal pairs are verified once."""
        articles = asked = 0
        for number, shard in enumerate(self._shards):
            missing = [] if number in self._complete else self._list_missing(number, shard)
            articles += len(shard.items)
            asked += len(missing)
            advance(0, total=asked * len(self._shards.items) // articles)
            yield [each.pair for each in missing if self._pending.add(each.pair, each)]

    def _list_missing(self, number: int, shard: Shard) -> list[PendingCheck]:
        """Return the checks of a shard without a verdict, after writing the verdicts that are in the cache."""
        pending = self._list_checks(number, shard)
        done = {check.identity for check in self._file.read_articles(shard.ids)}
        missing = [each for identity, each in pending.items() if identity not in done]
        verdicts = self._cache.get(Verdict, list({each.key for each in missing}))
        self._counts["cached"] += self._write(
            each.to_check(verdicts[each.key]) for each in missing if each.key in verdicts
        )
        return [each for each in missing if each.key not in verdicts]

    def _list_checks(self, number: int, shard: Shard) -> dict[CheckId, PendingCheck]:
        """Return the checks of a shard, and count them as expected."""
        checks = list_pending_checks(shard.items, shard.summaries, self._verifier.signature())
        by_identity = {each.identity: each for each in checks}
        self._expected[number] = len(by_identity)
        self._pending.expected = sum(self._expected.values())
        return by_identity

    def _record(self, answered: Iterable[tuple[Sequence[PendingCheck], Verdict]]) -> int:
        """Write verdicts to the run, then to the cache."""
        final: dict[str, Verdict] = {}
        checks: list[Check] = []
        for pending, verdict in answered:
            if fault := explain_unwritable(verdict, Verdict):
                self._pending.reasons[fault] += len(pending)
                continue
            checks += [each.to_check(verdict) for each in pending]
            if verdict.transient:
                self._pending.reasons[verdict.reason or "no answer"] += len(pending)
            else:
                final[pending[0].key] = verdict
                self._counts["made"] += len(pending)
        try:
            self._write(checks)
        finally:  # cache verdicts even if the folder cannot be written
            self._cache.put(Verdict, final)
        return len(checks)


def verify_pairs(pairs: Sequence[UnlabelledPair], verifier: Verifier) -> Iterator[str]:
    """Yield a JSON line for each hypothesis, in order, as soon as its batch is verified."""
    for batch in progress.batches("verify", pairs, verifier.pairs_per_batch):
        with plugins.blame_plugin(type(verifier)):
            verdicts = [asdict(verdict) for verdict in verifier.verify_all([pair for _, pair in batch])]
            answers = [
                {"id": name, "hypothesis": pair.hypothesis}
                | {key: value for key, value in verdict.items() if value or key not in ("reason", "transient")}
                for (name, pair), verdict in zip(batch, verdicts, strict=True)
            ]
            lines = [json.dumps(answer, ensure_ascii=False, allow_nan=False) for answer in answers]
        yield from lines
