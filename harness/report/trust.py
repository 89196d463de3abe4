"""Who gave the verdicts of a run, and how well that verifier agrees with people: a sentence or two for every report."""

from __future__ import annotations

from collections.abc import Collection

from harness.checker.agreement.agreement import against_people
from harness.checker.agreement.report import flattered, on_own_articles
from harness.document import format as fmt
from harness.records import Agreement, Results

NOT_COMPARED = "has not been compared with people; harness meta-eval / calibrate does"


def trust(results: Results, verifiers: Collection[str]) -> str:
    """The line that stands beside the numbers of every report; ``verifiers`` are the signatures of who judged."""
    signatures = sorted(verifiers)
    if not signatures:
        return "No verdicts: no verifier was run, or it could not be asked."
    kinds = {signature: signature.partition("|")[0] for signature in signatures}
    alone = len(set(kinds.values())) == len(signatures)
    givers = fmt.listed([kinds[each] if alone else in_words(each) for each in signatures])
    verifier = (results.manifest.verifier or signatures[0]).partition("|")[0]
    said = (compared(verifier, results.manifest.agreement), on_own_articles(against_people(results)))
    return " ".join(filter(None, (f"Verdicts by {givers}.", *said, flattered(results))))


def compared(verifier: str, agreement: Agreement | None) -> str:
    """What the verifier of this name has been measured at, in plain words, as one sentence (two with a caution)."""
    if agreement is None:
        return f"The verifier {verifier} {NOT_COMPARED}."
    groups = fmt.plural(agreement.groups, "group")
    where = f"Against {agreement.rows:,} of people's labels ({agreement.data}, {groups})"
    source = f"({agreement.source}, {agreement.date}; what was fitted was fitted on other groups)"
    caution = f" {agreement.caution}" if agreement.caution else ""
    return f"{where}, {verifier} {_measured(agreement)} {source}.{caution}"


def _measured(agreement: Agreement) -> str:
    found = []
    if agreement.balanced_accuracy is not None:
        found.append(
            f"is right about what is supported and what is not {100 * agreement.balanced_accuracy:.0f} times in 100, "
            "where a coin is 50"
        )
    if agreement.ece is not None:
        found.append(f"its probabilities are off by {fmt.share(agreement.ece)} on average")
    return "; ".join(found) or "gave nothing that could be measured"


def in_words(signature: str) -> str:
    """``lexical|threshold:0.5|code:1a2b3c4d`` → ``lexical (threshold 0.5, code 1a2b3c4d)``."""
    kind, *options = signature.split("|")
    if not options:
        return kind
    return f"{kind} ({', '.join(option.replace(':', ' ', 1) for option in options)})"
