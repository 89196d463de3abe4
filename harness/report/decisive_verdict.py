"""The one verdict that could change the first sentence of the answer: decided, by the verifier, and not certain."""

from __future__ import annotations

from collections.abc import Iterator

from harness.document.labels import people
from harness.records import Verdict
from harness.report.matrix import ordered
from harness.report.report import Report
from harness.report.tally import NEAR, Loss, counts
from harness.stats.caution import is_ranked

_CERTAIN = 0.9


def decisive_verdict(run_report: Report) -> tuple[str, Loss] | None:
    """The system and the least certain such verdict; None where there is none, or where one counts less than a fact.

    What is undecided is left out: the answer says what it could change.
    """
    judged = {name: each for name, each in counts(run_report.index).tallies.items() if each.facts.total}
    most = max((each.articles for each in judged.values()), default=0)
    tallies = {name: each for name, each in judged.items() if is_ranked(each.articles, most)}
    tested = [name for name, each in tallies.items() if each.system.role == "system"]
    floor = [name for name, each in tallies.items() if each.system.role == "floor"]
    if not tested or any(tallies[name].several for name in (*tested, *floor)):
        return None

    def first(moved: str = "", by: int = 0) -> frozenset[str]:
        """Who comes first with a fact more or less of one system: the best systems, or none where a floor is level."""
        shares = {
            name: (tallies[name].facts.supported + by * (name == moved)) / tallies[name].facts.total
            for name in (*tested, *floor)
        }
        best = max(shares[name] for name in tested)
        is_level = any(shares[name] > best - NEAR for name in floor)
        return frozenset(() if is_level else (name for name in tested if shares[name] > best - NEAR))

    turns = {(name, by) for name in (*tested, *floor) for by in (1, -1) if first(name, by) != first()}
    if not turns:
        return None
    doubtful = (each for each in _doubtful(run_report) if (each[0], _by(each[1].check.verdict)) in turns)
    return min(doubtful, key=lambda each: _probability(each[1].check.verdict), default=None)


def _doubtful(run_report: Report) -> Iterator[tuple[str, Loss]]:
    """Every decided verdict on a counted fact that is not certain."""
    essential = counts(run_report.index).noun != "fact"
    for place, item in enumerate(run_report.items):
        for system in run_report.systems:
            for summary in run_report.index.summaries(system.name, item):
                checks = run_report.index.coverage(summary)
                for number, fact in enumerate(ordered(item.facts), start=1):
                    check = checks.get(fact.id) if fact.importance == "essential" or not essential else None
                    if check and not people(check.verdict) and _probability(check.verdict) < _CERTAIN:
                        yield system.name, Loss(fact.id, fact, place, number, check, 1, 1)


def _by(verdict: Verdict) -> int:
    """What the system would keep more of, were the verdict wrong."""
    return {"supported": -1, "uncertain": 0}.get(verdict.label, 1)


def _probability(verdict: Verdict) -> float:
    return 1.0 if verdict.label == "uncertain" else float(getattr(verdict.probabilities, verdict.label))
