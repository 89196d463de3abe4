"""Ask every model for the missing summaries of the plan, shard by shard, and save each one as it arrives."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from operator import attrgetter

from harness import progress
from harness.config.plan import SHARD, Plan
from harness.data.articles.texts import find_text_fault
from harness.data.cache import Cache
from harness.data.runs.results import RunFolder
from harness.engines import Engine, Work
from harness.records import Article, Generation, Item, Manifest, Place, Request, Stage, Summary, System
from harness.servers.answers import join_lines
from harness.stages import RecordStage
from harness.stages.pending import Pending, explain_unwritable
from harness.text import canonical, is_blank

_NOT_MADE = "not made: the run was stopped first"
_REFUSAL = re.compile(
    r"((i'm|i am) (\w+ )?sorry|sorry|i apologi[sz]e|(my )?apologies|unfortunately)?[,.:;!]? ?(but )?"
    r"(as an? (ai|(large )?language model)( language)?( model| assistant)?, )?"
    r"i( can't| can ?not|('m| am) (unable|not able) to| (won't|will not)( be able to)?) "
    r"((help|assist)( you)? with th(at|is)([.!]|$)"
    r"|(help|assist|comply|fulfill?|complete)\b( \w+){0,4} (request|task)\b"
    r"|(help you )?summari[sz]e\b( \w+){0,3} (article|text|content|document)\b"
    r"|(provide|create|generate|write|produce|give)\b( \w+){0,4} (summary|content)\b)"
)
"""The beginning of an English refusal, as ``canonical`` writes it."""
_SUMMARY_FOLLOWS = re.compile(r"\bhere(?:'s| is| are)\b|\bsummary:|\bhowever, (?!i\b|if\b)")


def count_unmade(manifest: Manifest, summaries: Iterable[Summary]) -> int | None:
    """Count the summaries that a stopped run left to the next run; None if it was killed while making them."""
    if not any(stage.name == "generate" for stage in manifest.stages):
        return None
    return sum(summary.reason == _NOT_MADE for summary in summaries)


class Generate(RecordStage[Summary]):
    """The stage that generates summaries."""

    def __init__(self, plan: Plan, folder: RunFolder, cache: Cache, engine: Engine) -> None:
        super().__init__(folder.summaries, cache)
        self._plan, self._engine = plan, engine
        self._tested = {system.name for system in plan.systems if system.role == "system"}
        self._models: dict[str, list[System]] = {}
        for system in plan.systems:
            self._models.setdefault(system.model, []).append(system)
        self._complete: set[int] = set()
        """Numbers of the shards that have all summaries."""
        self._missing: list[Counter[str]] = []
        """For each shard, model → number of requests to make."""
        self._problems: list[str] = []

    @property
    def stage(self) -> Stage:
        return self._describe("generate", self._plan.count_summaries() - sum(self._counts.values()), self._problems)

    def _work(self) -> None:
        self._write_without_models()
        for name in self._models:
            self._ask(name)

    def stop(self) -> None:
        """After an interruption, write a record for every missing summary."""
        for items in self._plan.shards():
            places = {summary.place for summary in self._file.read_articles(_ids(items))}
            requests = self._list_unanswered(items, self._plan.systems)
            self._write(_missing_summary(request, _NOT_MADE) for request in requests if _place(request) not in places)

    def _lines_to_keep(self) -> Iterator[int]:
        """Also record which shards are complete."""
        for shard, items in enumerate(self._plan.shards() if len(self._file) else ()):
            lines = self._file.read_numbered(_ids(items))
            if not lines:
                continue
            wanted = {
                _place(request): request.id
                for system in self._plan.systems
                for request in self._plan.requests(system, items)
            }
            own = [(number, summary) for number, summary in lines if wanted.get(summary.place) == summary.key]
            yield from (number for number, _ in own)
            kept = {summary.place: summary for _, summary in own if not summary.generation.transient}
            self._counts["kept"] += sum(summary.text is not None for summary in kept.values())
            if len(kept) == len(wanted):
                self._complete.add(shard)

    def _write_without_models(self) -> None:
        """Write what needs no model: cached summaries, and a reason for each article without text; count the rest."""
        models = {system.name: system.model for system in self._plan.systems}
        for shard, items in enumerate(self._plan.shards()):
            requests = [] if shard in self._complete else self._list_unanswered(items, self._plan.systems)
            faults = {item.article.id: find_text_fault(item.article.text) for item in items if requests}
            self._write(
                _to_summary(request, Generation(request.id, None, fault, finish="none"))
                for request in requests
                if (fault := faults[request.item.article.id])
            )
            requests = self._take_cached([each for each in requests if not faults[each.item.article.id]])
            self._missing.append(Counter(models[request.system] for request in requests))

    def _take_cached(self, requests: Sequence[Request]) -> list[Request]:
        """Write the summaries that are in the cache; return the other requests."""
        cached = self._cache.get(Generation, [request.id for request in requests])
        taken = [self._read_answer(request, cached[request.id]) for request in requests if request.id in cached]
        self._write(taken)
        self._counts["cached"] += sum(summary.text is not None for summary in taken)
        return [request for request in requests if request.id not in cached]

    def _ask(self, name: str) -> None:
        """Ask one model; if it fails, its remaining requests become records with the reason."""
        if not (missing_count := sum(missing[name] for missing in self._missing)):
            return

        def on_lost(requests: Sequence[Request], reason: str) -> None:
            self._write(_missing_summary(request, reason) for request in requests)

        pending = Pending[Request, Request](attrgetter("id"), on_lost)
        pending.expected = missing_count
        work = Work(name, self._plan.config.models[name])
        with progress.bar(name, missing_count) as advance:
            for batch, answers in pending.batches(self._engine, work, self._collect_requests(name, pending, advance)):
                self._file.sync()  # syncs the previous batch
                with pending.catch_failures(batch):
                    for generation in answers:
                        requests = pending.take(generation.request_id)
                        if generation.transient:
                            pending.reasons[str(generation.reason)] += len(requests)
                        advance(self._record(requests, generation))
        self._problems += pending.list_problems(name, "summaries not made")

    def _collect_requests(
        self, name: str, pending: Pending[Request, Request], advance: progress.Advance
    ) -> Iterator[list[Request]]:
        """Yield the requests to make; requests with the same id are made once.

        The cache may have new answers, if the config lists the same model under two names. Requests of several shards
        are sent together, because one shard alone may have too few requests for a model to keep a server busy.
        """
        waiting: list[Request] = []
        for shard, items in enumerate(self._plan.shards()):
            if self._missing[shard][name]:
                unanswered = self._list_unanswered(items, self._models[name])
                requests = self._take_cached(unanswered)
                taken = len(unanswered) - len(requests)
                pending.expected -= taken
                advance(taken)
                waiting += [request for request in requests if pending.add(request.id, request)]
            if len(waiting) >= SHARD:
                yield waiting
                waiting = []
        yield waiting

    def _record(self, requests: Sequence[Request], generation: Generation) -> int:
        """Write an answer to the run, then to the cache."""
        if fault := explain_unwritable(generation, Generation):
            generation = Generation(generation.request_id, None, fault, "none")
        elif is_blank(generation.text or ""):
            reason = generation.reason or "the model returned no visible text"
            generation = replace(generation, text=None, reason=reason, finish="none")
        summaries = [self._read_answer(request, generation) for request in requests]
        try:
            self._write(summaries)
        finally:  # cache answers even if the folder cannot be written
            if not generation.transient:
                self._cache.put(Generation, {generation.request_id: generation})
        self._counts["made"] += sum(summary.text is not None for summary in summaries)
        return len(summaries)

    def _read_answer(self, request: Request, generation: Generation) -> Summary:
        """Make the record of an answer; a refusal in place of a summary becomes the reason why the text is missing."""
        text = generation.text
        if text and request.system in self._tested and is_refusal(text, request.item.article):
            generation = replace(generation, text=None, reason=f"the model refused: {join_lines(text)}", finish="none")
        return _to_summary(request, generation)

    def _list_unanswered(self, items: Sequence[Item], systems: Iterable[System]) -> list[Request]:
        """Return the requests of these systems without an answer, or with an answer that a retry may improve."""
        done = {summary.place for summary in self._file.read_articles(_ids(items)) if not summary.generation.transient}
        requests = (request for system in systems for request in self._plan.requests(system, items))
        return [request for request in requests if _place(request) not in done]


def is_refusal(text: str, article: Article) -> bool:
    """True if a text of at most 60 words begins with a refusal in English that does not quote the article."""
    said = canonical(text)
    found = None if _SUMMARY_FOLLOWS.search(said) else _REFUSAL.match(said)
    return found is not None and len(text.split()) <= 60 and found[0] not in canonical(article.text)


def _ids(items: Iterable[Item]) -> list[str]:
    return [item.article.id for item in items]


def _place(request: Request) -> Place:
    return Place(request.system, request.item.article.id, request.sample)


def _to_summary(request: Request, generation: Generation) -> Summary:
    return Summary(request.id, request.system, request.item.article.id, request.sample, generation)


def _missing_summary(request: Request, reason: str) -> Summary:
    return _to_summary(request, Generation(request.id, None, reason, finish="none", transient=True))
