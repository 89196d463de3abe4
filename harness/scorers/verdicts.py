"""The verdicts of a case as the scorers read them."""

from __future__ import annotations

from collections.abc import Container, Sequence

from harness.claims import claims
from harness.records import Case, Fact, Use, Verdict
from harness.scorers.measure import Measure, missing


def verdicts(case: Case, use: Use) -> dict[str, Verdict]:
    """Target (fact id or claim number) → verdict, in the order of the checks."""
    return {check.target: check.verdict for check in case.checks if check.use == use}


def gap(facts: Sequence[Fact], judged: Container[str], what: str = "facts") -> str | None:
    """Why these facts, called ``what``, give no number: there are none, or some have no verdict. None: they do."""
    if not facts:
        return f"the article has no {what}"
    unjudged = sum(fact.id not in judged for fact in facts)
    return _without_verdict(unjudged, len(facts), what) if unjudged else None


def _without_verdict(number: int, of: int, what: str) -> str:
    if of == 1:
        return f"the only one of the {what} has no verdict"
    return f"{number} of {of} {what} {'has' if number == 1 else 'have'} no verdict"


def precision(case: Case) -> Measure:
    """Share of a summary's claims that the article supports."""
    judged = verdicts(case, "grounding")
    if not judged:
        return missing("no claim of the summary was checked against the article")
    stated = len(claims(case.summary.generation, case.item.article.language))
    if len(judged) < stated:
        return missing(_without_verdict(stated - len(judged), stated, "claims"))
    return Measure(sum(verdict.label == "supported" for verdict in judged.values()) / len(judged))
