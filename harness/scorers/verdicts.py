"""Turn the verdicts on a summary into numbers: estimates from probabilities, and counts by label.

An estimate is a weighted mean of P(supported). If probabilities are calibrated, it equals people's counts on average;
counting decided verdicts gives too low a number. People's labels replace probabilities. Abstentions are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from math import fsum

from harness.records import Case, Label, Metric, Use, Verdict
from harness.scorers.measure import Measure


def collect_verdicts(case: Case, use: Use) -> dict[str, Verdict]:
    """Return the verdicts by target: a fact's id, or a claim's number."""
    return {check.target: check.verdict for check in case.checks if check.use == use}


def explain_gap(targets: Collection[str], verdicts: Mapping[str, Verdict], what: str) -> str | None:
    """Explain why the verdicts on these targets give no number; None if they give one. ``what`` names the targets."""
    lacking = sum(target not in verdicts for target in targets)
    if lacking:
        return f"{lacking} of {len(targets)} {what} have no verdict"
    if targets and all(verdicts[target].abstained for target in targets):
        reason = next((verdicts[target].reason for target in targets if verdicts[target].reason), "no reason given")
        return f"the verifier abstained on all {what} ({len(targets)}): {reason}"
    return None


def estimate(metric: str, weights: Mapping[str, float], verdicts: Mapping[str, Verdict]) -> dict[str, Measure]:
    """Return the weighted mean of P(supported) over the targets of ``weights``, and the range of the share by labels.

    ``.at_least`` counts undecided verdicts as not supported, ``.at_most`` as supported. The estimate can lie outside
    this range.
    """
    checked = {target: verdicts[target] for target in weights if not verdicts[target].abstained}
    total = fsum(weights[target] for target in checked)

    def mean(support: Callable[[Verdict], float]) -> Measure:
        return Measure(fsum(weights[target] * support(verdict) for target, verdict in checked.items()) / total)

    return {
        metric: mean(lambda verdict: verdict.probabilities.supported),
        f"{metric}.at_least": mean(lambda verdict: verdict.label == "supported"),
        f"{metric}.at_most": mean(lambda verdict: verdict.label in ("supported", "uncertain")),
    }


def count_metrics(counts: Mapping[str, tuple[str, Label | None]], headline: str = "") -> list[Metric]:
    """Make the metrics of ``count``, from metric → its title and label; the leaderboard shows ``headline``."""
    return [
        Metric(name, title, "higher" if label == "supported" else "lower", "count", headline=name == headline)
        for name, (title, label) in counts.items()
    ]


def count(
    verdicts: Mapping[str, Verdict], label: Label | None, name: Callable[[str], str] = lambda target: target
) -> Measure:
    """Count the verdicts with this label, and name their targets; None counts abstentions."""
    names = [
        name(target) for target, verdict in verdicts.items() if (None if verdict.abstained else verdict.label) == label
    ]
    return Measure(len(names), names=tuple(names))
