"""Turn what is on disk into numbers. Pure arithmetic: no model is loaded, so it is done anew each time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from harness import progress
from harness.data.results import RunFolder
from harness.errors import HarnessError
from harness.records import Case, Check, Item, Metric, Place, Score, Summary
from harness.seams import Scorer
from harness.stages.notices import Notices
from harness.stages.shards import Shard, Shards


class Scoring:
    """The stage: the scores of a run, written shard by shard in place of those that were there."""

    def __init__(
        self, shards: Shards, checks: Callable[[Shard], Sequence[Check]], scorers: Sequence[Scorer], folder: RunFolder
    ) -> None:
        self._shards, self._checks, self._scorers, self._folder = shards, checks, scorers, folder
        self._notices = Notices(scorers)
        self.problems: list[str] = []

    @property
    def notices(self) -> tuple[str, ...]:
        """What a reader should be told once, though nothing failed."""
        return self._notices.told()

    def run(self) -> None:
        """Score everything. The old scores stay until the last new one is written."""
        with self._folder.scores.rewriting() as write, progress.bar("score", len(self._shards.items)) as advance:
            for shard in self._at_once() if any(scorer.at_once for scorer in self._scorers) else self._shards:
                found, problems = score(self._scorers, cases(shard.items, shard.summaries, self._checks(shard)))
                write(found)
                self._notices.see(shard, found)
                self.problems += problems
                advance(len(shard.items))

    def _at_once(self) -> Iterator[Shard]:
        shards = list(self._shards)
        yield Shard(
            tuple(item for shard in shards for item in shard.items),
            [summary for shard in shards for summary in shard.summaries],
        )


def cases(items: Sequence[Item], summaries: Sequence[Summary], checks: Sequence[Check]) -> list[Case]:
    """What the scorers read, one case a summary."""
    by_id = {item.article.id: item for item in items}
    by_place: dict[Place, list[Check]] = defaultdict(list)
    for check in checks:
        by_place[check.place].append(check)
    return [Case(by_id[summary.article_id], summary, tuple(by_place.get(summary.place, ()))) for summary in summaries]


def score(scorers: Sequence[Scorer], cases: Sequence[Case]) -> tuple[list[Score], list[str]]:
    """A score for every case and metric, and what went wrong. A scorer that fails costs its own values alone."""
    scores: list[Score] = []
    problems: list[str] = []
    for scorer in scorers:
        try:
            scores += scorer.score(cases)
        except Exception:  # noqa: BLE001  # found out below, case by case
            for case in cases:
                scores += _alone(scorer, case, problems)
    return scores, problems


def metrics(scorers: Sequence[Scorer]) -> tuple[Metric, ...]:
    """All metrics, in the scorers' order."""
    return tuple(metric for scorer in scorers for metric in scorer.metrics())


def _alone(scorer: Scorer, case: Case, problems: list[str]) -> list[Score]:
    try:
        return scorer.score([case])
    except HarnessError as error:
        reason = str(error)
    except Exception as error:  # noqa: BLE001  # becomes a score with this reason
        reason = f"{type(error).__name__}: {error}"
    summary, signature = case.summary, scorer.signature()
    problems.append(f"scorer {scorer.name} on {summary.system}, article {summary.article_id}: {reason}")
    return [
        Score(summary.system, summary.article_id, summary.sample, metric.name, None, signature, reason)
        for metric in scorer.metrics()
    ]
