"""What the evaluate modules share: texts judged and scored as a run does it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from statistics import fmean

from harness import config
from harness.records import Generation, Item, Score, Summary, Use
from harness.seams import Scorer, Verifier
from harness.stages.score import cases
from harness.stages.verify import pending_checks


def results(scorer: Scorer, use: Use, verifier: str, items: Iterable[Item], texts: Iterable[str]) -> dict[str, object]:
    """What ``compute`` gives of texts, one an item, for the first metric of a scorer.

    The mean over the summaries that have a value, how many do, and the value of each. ``verifier``: its kind; ``use``:
    what it is asked for.
    """
    metric = scorer.metrics()[0].name
    judge = _verifier(verifier)
    scores = [score for score in _scores(scorer, use, judge, list(items), texts) if score.metric == metric]
    values = [score.value for score in scores if score.value is not None]
    return {
        metric: fmean(values) if values else None,
        "n": len(values),
        "missing": len(scores) - len(values),
        "values": [score.value for score in scores],
        "reasons": [score.reason for score in scores],
        "signature": f"{scorer.signature()}|verifier:{judge.signature()}",
    }


def _scores(scorer: Scorer, use: Use, verifier: Verifier, items: Sequence[Item], texts: Iterable[str]) -> list[Score]:
    """All scores of the scorer, in the order of the items."""
    summaries = [
        Summary(item.article.id, "evaluate", item.article.id, 0, _generation(item.article.id, text))
        for item, text in zip(items, texts, strict=True)
    ]
    every = pending_checks(items, summaries, verifier.signature())
    pending = [each for each in every if each.identity.use == use]
    verdicts = verifier.verify([each.pair for each in pending])
    checks = [each.answered(verdict) for each, verdict in zip(pending, verdicts, strict=True)]
    return scorer.score(cases(items, summaries, checks))


def _generation(id_: str, text: str) -> Generation:
    """The text as a run has it: an empty one is none."""
    return Generation(id_, text) if text.strip() else Generation(id_, None, "the prediction is empty", finish="none")


@cache
def _verifier(kind: str) -> Verifier:
    return config.load_verifier(kind)
