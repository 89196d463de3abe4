"""Ask every model for every summary of the plan that is not there yet; each is on disk as soon as it is made."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import groupby

from harness import progress
from harness.data.cache import Cache
from harness.data.results import RunFolder, adapter, to_json
from harness.data.texts import article_fault
from harness.errors import HarnessError
from harness.plan import Plan
from harness.records import Generation, Place, Request, Stage, Summary

NOT_MADE = "not made: the run was stopped before it"


class Generate:
    """The stage. ``run`` may be interrupted at any point: what it made by then stays, and ``summaries`` is whole."""

    def __init__(self, plan: Plan, folder: RunFolder, cache: Cache) -> None:
        self._plan, self._folder, self._cache = plan, folder, cache
        self._wanted = {_place(request): request for system in plan.systems for request in plan.requests(system)}
        self._models = {system.name: system.model for system in plan.systems}
        self._done: dict[Place, Summary] = {}
        self._counts = {"made": 0, "cached": 0, "kept": 0}
        self._seconds = 0.0
        self.problems: list[str] = []

    @property
    def summaries(self) -> list[Summary]:
        """One for every request of the plan, in its order; one that is not made says so."""
        return [self._done.get(place) or _unmade(request, NOT_MADE) for place, request in self._wanted.items()]

    @property
    def stage(self) -> Stage:
        failed = sum(summary.text is None for summary in self.summaries)
        return Stage("generate", failed=failed, seconds=self._seconds, **self._counts)

    def run(self, fresh: bool = False) -> None:
        """Make what is missing; ``fresh`` keeps nothing of an earlier run."""
        started = time.monotonic()
        try:
            self._keep(fresh)
            self._pass_over()
            self._take_cached()
            for name, requests in groupby(self._missing(), key=lambda request: self._models[request.system]):
                self._ask(name, list(requests))
        finally:
            self._seconds = time.monotonic() - started

    def _keep(self, fresh: bool) -> None:
        def belongs(summary: Summary) -> bool:
            request = self._wanted.get(summary.place)
            return request is not None and request.id == summary.key and not fresh

        for summary in self._folder.set_aside(self._folder.summaries, belongs):
            if not summary.generation.transient:
                self._done[summary.place] = summary
        self._counts["kept"] = len(self._done)

    def _pass_over(self) -> None:
        """An article that has no text to summarise is asked of nobody: its summaries say why they are missing."""
        faults = {item.article.id: article_fault(item.article.text) for item in self._plan.items}
        self._folder.summaries.append(
            [
                self._placed(request, Generation(request.id, None, fault, finish="none"))
                for request in list(self._missing())
                if (fault := faults[request.item.article.id])
            ]
        )

    def _take_cached(self) -> None:
        missing = list(self._missing())
        found = self._cache.get("generations", [request.id for request in missing])
        taken = [
            self._placed(request, adapter(Generation).validate_json(found[request.id]))
            for request in missing
            if request.id in found
        ]
        self._folder.summaries.append(taken)
        self._counts["cached"] = len(taken)

    def _ask(self, name: str, requests: list[Request]) -> None:
        """Ask one model; if it fails, its remaining requests become records that say why, and the others go on."""
        unanswered: dict[str, list[Request]] = {}
        for request in requests:
            unanswered.setdefault(request.id, []).append(request)
        firsts = [same[0] for same in unanswered.values()]
        try:
            with progress.bar(name, len(requests)) as advance:
                for generation in self._plan.config.models[name].generate(firsts):
                    advance(len(self._record(unanswered.pop(generation.request_id), generation)))
            reason = "the model gave no answer"
        except HarnessError as error:
            reason = str(error)
        except Exception as error:  # noqa: BLE001  # whatever a model does, the other systems go on and the record says why
            reason = f"{type(error).__name__}: {error}"
        failed = [request for same in unanswered.values() for request in same]
        if failed:
            self.problems.append(f"{name}: {len(failed)} of {len(requests)} summaries not made: {reason}")
            unmade = [_unmade(request, reason) for request in failed]
            self._done |= {summary.place: summary for summary in unmade}
            self._folder.summaries.append(unmade)

    def _record(self, requests: list[Request], generation: Generation) -> list[Summary]:
        """Write an answer down, first where other runs find it."""
        if not generation.transient:
            self._cache.put("generations", {generation.request_id: to_json(generation)})
        summaries = [self._placed(request, generation) for request in requests]
        self._folder.summaries.append(summaries)
        self._counts["made"] += len(summaries)
        return summaries

    def _placed(self, request: Request, generation: Generation) -> Summary:
        summary = Summary(request.id, request.system, request.item.article.id, request.sample, generation)
        self._done[summary.place] = summary
        return summary

    def _missing(self) -> Iterator[Request]:
        return (request for place, request in self._wanted.items() if place not in self._done)


def _place(request: Request) -> Place:
    return Place(request.system, request.item.article.id, request.sample)


def _unmade(request: Request, reason: str) -> Summary:
    generation = Generation(request.id, None, reason, finish="none", transient=True)
    return Summary(request.id, request.system, request.item.article.id, request.sample, generation)
