"""What the evaluate modules share: texts judged and scored as a run does it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from statistics import fmean

from harness import plugins
from harness.records import Generation, Item, Score, Summary, Use
from harness.seams import Scorer, Verifier
from harness.stages.score import cases
from harness.stages.verify import pending_checks


@dataclass(frozen=True, slots=True)
class Judge:
    """A verifier, by kind, and what it is asked for."""

    verifier: str
    use: Use
    scorer: Scorer

    def results(self, metric: str, items: Iterable[Item], texts: Iterable[str]) -> dict[str, object]:
        """What ``compute`` gives: the mean over the summaries that have a value, how many do, and each one's value."""
        scores = [score for score in self._scores(items, texts) if score.metric == metric]
        values = [score.value for score in scores if score.value is not None]
        return {
            metric: fmean(values) if values else None,
            "n": len(values),
            "missing": len(scores) - len(values),
            "values": [score.value for score in scores],
            "reasons": [score.reason for score in scores],
            "signature": f"{self.scorer.signature()}|verifier:{_verifier(self.verifier).signature()}",
        }

    def _scores(self, items: Iterable[Item], texts: Iterable[str]) -> list[Score]:
        """One summary an item: all scores of the scorer, in the order of the items."""
        all_items = list(items)
        summaries = [
            Summary(item.article.id, "evaluate", item.article.id, 0, Generation(item.article.id, text))
            for item, text in zip(all_items, texts, strict=True)
        ]
        verifier = _verifier(self.verifier)
        every = pending_checks(all_items, summaries, verifier.signature())
        pending = [each for each in every if each.identity.use == self.use]
        verdicts = verifier.verify([each.pair for each in pending])
        checks = [each.answered(verdict) for each, verdict in zip(pending, verdicts, strict=True)]
        return self.scorer.score(cases(all_items, summaries, checks))


@cache
def _verifier(kind: str) -> Verifier:
    return plugins.find(Verifier, kind)()
