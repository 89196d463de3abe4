"""What a reader of a run should be told once, though nothing failed: data without what a scorer needs, say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from harness.data.texts import article_fault
from harness.records import Item, Score, Summary
from harness.seams import Scorer


def notices(
    items: Sequence[Item], summaries: Sequence[Summary], scorers: Sequence[Scorer], scores: Sequence[Score]
) -> tuple[str, ...]:
    """One line for each thing."""
    return (*_without_text(items), *_without_value(summaries, scorers, scores))


def _without_text(items: Sequence[Item]) -> Iterator[str]:
    unfit = [(item.article, fault) for item in items if (fault := article_fault(item.article.text))]
    if unfit:
        article, fault = unfit[0]
        number = f"{len(unfit):,} of {len(items):,} articles {'are' if len(unfit) > 1 else 'is'} not summarised"
        yield f"{number}: {article.id} ({article.path}): {fault}{' (and so on)' if len(unfit) > 1 else ''}"


def _without_value(summaries: Sequence[Summary], scorers: Sequence[Scorer], scores: Sequence[Score]) -> Iterator[str]:
    """Scorers that have no value for any summary that there is, each with its commonest reason."""
    there = any(summary.text is not None for summary in summaries)
    valued = {score.metric for score in scores if score.value is not None}
    reasons: dict[str, Counter[str]] = {}
    for score in scores:
        if score.value is None and score.metric not in valued:
            reasons.setdefault(score.metric, Counter())[score.reason or ""] += 1
    for scorer in scorers if there else ():
        metrics = [metric.name for metric in scorer.metrics()]
        if metrics and not valued.intersection(metrics) and metrics[0] in reasons:
            reason = reasons[metrics[0]].most_common(1)[0][0]
            yield f"{scorer.kind()} has no value for any summary: {reason}"
