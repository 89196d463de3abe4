"""The rules of a gate that count: essential facts lost, facts contradicted, values missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from harness.compare.fact_changes import FactKey, FactVerdicts, share
from harness.compare.gate import words
from harness.compare.gate.pair import Pair
from harness.compare.gate.result import RuleOutcome
from harness.document import format as fmt
from harness.document.labels import MARKS, UNREVIEWED
from harness.records import Label, Score

_REASONS = 3
"""Up to so many reasons are named, the commonest first."""


def essential_facts(pair: Pair, system: str, allowed: int) -> RuleOutcome:
    """The essential facts that the baseline keeps and the run loses, wholly or in more of its samples.

    A fact that the run has no verdict on counts as lost: nobody can say that it is kept.
    """
    rule = "essential_facts_lost"
    before, after = pair.fact_verdicts(system)
    kept = [key for key in before if before[key]["supported"] and _importance(pair, key) == "essential"]
    if not kept:
        return RuleOutcome(rule, system, "not checked", words.NO_ESSENTIAL_FACT)
    lost = [key for key in kept if _supported(after, key) < share(before[key], "supported")]
    details = tuple(f"{_named(pair, key)} ({_became(before, after, key)}): {key.statement}" for key in lost)
    reason = words.essential_facts(len(lost), len(kept), allowed)
    return RuleOutcome(rule, system, "broken" if len(lost) > allowed else "held", reason, details)


def contradictions(pair: Pair, system: str, allowed: int) -> RuleOutcome:
    """Facts contradicted, of those that both have verdicts on; several samples of a summary share in the count."""
    rule = "contradictions_added"
    before, after = pair.fact_verdicts(system)
    shared = [key for key in before if key in after]
    if not shared:
        return RuleOutcome(rule, system, "not checked", words.NO_FACT_IN_BOTH)
    was, now = (sum(share(side[key], "contradicted") for key in shared) for side in (before, after))
    worse = [key for key in shared if share(after[key], "contradicted") > share(before[key], "contradicted")]
    details = tuple(f"{_named(pair, key)} ({_became(before, after, key)}): {key.statement}" for key in worse)
    reason = words.contradicted(fmt.count(now), fmt.count(was), allowed)
    return RuleOutcome(rule, system, "broken" if now - was > allowed + 1e-9 else "held", reason, details)


def missing_values(pair: Pair, system: str, allowed: int) -> RuleOutcome:
    """Values missing of the metrics that both have: a score without a value, and an article without a score."""
    before, after = (_missing(pair, scores.get(system, ())) for scores in pair.scores)
    was, now = before.total(), after.total()
    added = after - before
    why = [reason if count == 1 else f"{reason} ({count})" for reason, count in added.most_common(_REASONS)]
    reason = words.missing(now, was, allowed)
    broken = now - was > allowed
    return RuleOutcome(
        "missing_values_added", system, "broken" if broken else "held", reason, tuple(why) if broken else ()
    )


def _missing(pair: Pair, scores: Iterable[Score]) -> Counter[str]:
    """Why values are missing, and how many."""
    reasons: Counter[str] = Counter()
    seen = set()
    for score in scores:
        if score.metric in pair.metrics:
            seen.add((score.article_id, score.metric))
            if score.value is None:
                reasons[score.reason or words.NO_REASON] += 1
    absent = len(pair.articles) * len(pair.metrics) - len(seen)
    return reasons + Counter({words.NO_SCORE: absent})


def _importance(pair: Pair, key: FactKey) -> str | None:
    fact = pair.facts.get((key.article, key.fact))
    return fact.importance if fact else None


def _supported(side: FactVerdicts, key: FactKey) -> float:
    return share(side[key], "supported") if key in side else 0.0


def _named(pair: Pair, key: FactKey) -> str:
    name = key.fact if len(pair.articles) == 1 else f"{key.article}/{key.fact}"
    fact = pair.facts.get((key.article, key.fact))
    return f"{name} ({UNREVIEWED})" if fact and fact.unreviewed else name


def _became(before: FactVerdicts, after: FactVerdicts, key: FactKey) -> str:
    return f"{_labels(before[key])} → {_labels(after[key]) if key in after else 'no verdict'}"


def _labels(labels: Counter[Label]) -> str:
    if labels.total() == 1:
        return MARKS[next(iter(labels))].fact
    return ", ".join(f"{MARKS[label].fact} {count}/{labels.total()}" for label, count in labels.most_common())
