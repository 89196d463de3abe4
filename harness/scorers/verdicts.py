"""The verdicts of a case as the scorers read them."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence

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
    return f"{unjudged} of {len(facts)} {what} have no verdict" if unjudged else None


def precision(claims: Mapping[str, Verdict]) -> Measure:
    """Share of a summary's claims, given by number with their verdicts, that the article supports."""
    if not claims:
        return missing("no claim of the summary was checked against the article")
    return Measure(sum(verdict.label == "supported" for verdict in claims.values()) / len(claims))
