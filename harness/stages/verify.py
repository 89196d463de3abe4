"""Ask the verifier, for every summary, which facts it carries and which of its claims the article supports."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from harness import progress
from harness.claims import Units, claims
from harness.data.cache import Cache
from harness.data.results import RunFolder, adapter, to_json
from harness.errors import HarnessError
from harness.records import Check, Claim, Item, Pair, Place, Span, Stage, Summary, Use, Verdict
from harness.seams import Verifier
from harness.signature import digest

BATCH = 256
"""Pairs judged between two writes: what a killed run may lose."""


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
    def identity(self) -> tuple[Place, Use, str]:
        return self.place, self.use, self.target

    def answered(self, verdict: Verdict) -> Check:
        place = self.place
        return Check(
            self.key, place.system, place.article_id, place.sample, self.use, self.target, self.pair.hypothesis,
            self.claim, verdict,
        )  # fmt: skip  # one call, read as the record's one line


def questions(
    items: Iterable[Item], summaries: Sequence[Summary], verifier: str, units: Units = "sentences"
) -> Iterator[Question]:
    """Every question of a run, in the order of its summaries; ``verifier`` is the signature that keys depend on.

    ``units``: what of a summary is checked one by one.
    """
    by_id = {item.article.id: item for item in items}
    texts = [(by_id[summary.article_id], summary, summary.text) for summary in summaries if summary.text is not None]
    found = claims(((text, item.article.language) for item, _, text in texts), units)
    for item, summary, text in texts:
        yield from _coverage(item, summary, text, verifier)
        yield from _grounding(item, summary, found[text, item.article.language], verifier)


class Verify:
    """The stage. ``run`` may be interrupted at any point: the verdicts given by then stay."""

    def __init__(self, asked: Iterable[Question], verifier: Verifier, folder: RunFolder, cache: Cache) -> None:
        self._verifier, self._folder, self._cache = verifier, folder, cache
        self._questions = {question.identity: question for question in asked}
        self._done: dict[tuple[Place, Use, str], Check] = {}
        self._counts = {"made": 0, "cached": 0, "kept": 0}
        self._seconds = 0.0
        self.problems: list[str] = []

    @property
    def checks(self) -> list[Check]:
        """The verdicts that are there, in the order of their questions."""
        return [self._done[identity] for identity in self._questions if identity in self._done]

    @property
    def stage(self) -> Stage:
        failed = len(self._questions) - len(self._done)
        return Stage("verify", failed=failed, seconds=self._seconds, **self._counts)

    def run(self, fresh: bool = False) -> None:
        """Judge what has no verdict yet; ``fresh`` keeps nothing of an earlier run."""
        started = time.monotonic()
        try:
            self._keep(fresh)
            self._take_cached()
            self._ask()
        finally:
            self._seconds = time.monotonic() - started

    def _keep(self, fresh: bool) -> None:
        def belongs(check: Check) -> bool:
            asked = self._questions.get((check.place, check.use, check.target))
            return asked is not None and asked.key == check.key and not check.verdict.transient and not fresh

        for check in self._folder.set_aside(self._folder.checks, belongs):
            self._done[check.place, check.use, check.target] = check
        self._counts["kept"] = len(self._done)

    def _take_cached(self) -> None:
        missing = self._missing()
        found = self._cache.get("verdicts", list({asked.key for asked in missing}))
        verdicts = {key: adapter(Verdict).validate_json(value) for key, value in found.items()}
        self._counts["cached"] = self._record([asked for asked in missing if asked.key in verdicts], verdicts)

    def _ask(self) -> None:
        by_key: dict[str, list[Question]] = {}
        for asked in self._missing():
            by_key.setdefault(asked.key, []).append(asked)
        keys = list(by_key)
        with progress.bar("verify", sum(map(len, by_key.values()))) as advance:
            for start in range(0, len(keys), BATCH):
                batch = keys[start : start + BATCH]
                verdicts = self._judge([by_key[key][0].pair for key in batch])
                if verdicts is None:
                    return
                given = dict(zip(batch, verdicts, strict=True))
                lasting = {key: to_json(verdict) for key, verdict in given.items() if not verdict.transient}
                self._cache.put("verdicts", lasting)
                made = self._record([asked for key in batch for asked in by_key[key]], given)
                self._counts["made"] += made
                advance(made)

    def _judge(self, pairs: Sequence[Pair]) -> list[Verdict] | None:
        """The verdicts; None where the verifier failed, which costs the verdicts still missing and not the run."""
        try:
            return self._verifier.verify(pairs)
        except HarnessError as error:
            reason = str(error)
        except Exception as error:  # noqa: BLE001  # whatever a verifier does, scores that need it say why they are missing
            reason = f"{type(error).__name__}: {error}"
        self.problems.append(f"verifier {self._verifier.kind()}: {reason}")
        return None

    def _record(self, asked: Sequence[Question], verdicts: dict[str, Verdict]) -> int:
        checks = [question.answered(verdicts[question.key]) for question in asked]
        self._done |= {question.identity: check for question, check in zip(asked, checks, strict=True)}
        self._folder.checks.append(checks)
        return len(checks)

    def _missing(self) -> list[Question]:
        return [asked for identity, asked in self._questions.items() if identity not in self._done]


def _coverage(item: Item, summary: Summary, text: str, verifier: str) -> Iterator[Question]:
    """Does the summary carry the facts?"""
    own = digest(text)
    for fact in item.facts:
        pair = Pair(text, fact.statement, fact.accepted, fact.contradictions, item.article.date)
        key = digest(verifier, own, pair.hypothesis, pair.accepted, pair.contrasts, *_dated(item))
        yield Question(key, summary.place, "coverage", fact.id, None, pair)


def _grounding(item: Item, summary: Summary, stated: Iterable[Claim], verifier: str) -> Iterator[Question]:
    """Does the article support the claims?"""
    article = digest(item.article.text)
    for claim in stated:
        pair = Pair(item.article.text, claim.text, date=item.article.date)
        key = digest(verifier, article, pair.hypothesis, *_dated(item))
        yield Question(key, summary.place, "grounding", str(claim.index), claim.span, pair)


def _dated(item: Item) -> tuple[str, ...]:
    return (item.article.date,) if item.article.date else ()
