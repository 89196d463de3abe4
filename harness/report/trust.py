"""How far to trust the verdicts: who gave them, and how often the verifier was right in tests and in this run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from harness.data.labels import People, select_deciding
from harness.document import format as fmt
from harness.records import Agreement, Label, Results, Use
from harness.report.tally import Counts
from harness.signature import kind_of
from harness.trust.labelling import find_fitted_articles, warn_of_fitted_labels
from harness.trust.queue import list_tasks

_OF_CLAIMS = {"true_claims", "true_passed", "true_called_wrong", "false_claims", "false_passed", "false_called_wrong"}
"""Keys of a model card with the results on claims: numbers of claims, and the shares that got each verdict."""
_OF_FACTS = "fact_auc"
"""Key of a model card with the results on facts. A calibration lacks it: its labels may be of either kind."""


@dataclass(frozen=True, slots=True)
class Trust:
    short: str
    details: tuple[str, ...] = ()


def assess(results: Results, counts: Counts) -> Trust:
    """Say who gave the verdicts and how often such verdicts are right."""
    if not counts.verifiers:
        return Trust("There are no verdicts: there was nothing to check, no verifier ran, or it gave no answer.")
    kinds = [kind_of(signature) for signature in sorted(counts.verifiers)]
    verifiers = fmt.join_words(kinds if len(set(kinds)) == len(kinds) else sorted(counts.verifiers))
    agreement = results.manifest.agreement
    first, *measured = describe_tests(agreement)
    first = f"{first} {agreement.caution if agreement else ''}".rstrip()
    if counts.people:
        labels = People(results.labels).labels  # some may belong to other runs of these articles
        own = [labels.get(task.pair_key, ()) for task in list_tasks(results)]
        names = sorted({label.annotator for each in own for label in select_deciding(each)})
        quoted = fmt.join_words([f"“{name}”" for name in names])
        one = f"One person (annotator {quoted})", "that person's"
        who, whose = one if len(names) == 1 else (f"{len(names)} people (annotators {quoted})", "their")
        share = "all" if counts.people == counts.verdicts else f"{counts.people:,} of"
        judged = f"judged {share} {fmt.plural(counts.verdicts, 'verdict')}"
        compared = _compare_with_people(results, verifiers, counts.people)
        short = f"{who} {judged}; the scores use {whose} labels. {compared}"
        measured.insert(0, first)
    else:
        short = f"The verdicts are by the verifier ({verifiers}). {first}"
    return Trust(short, tuple(filter(None, (*measured, warn_of_fitted_labels(results)))))


def _compare_with_people(results: Results, verifiers: str, judged: int) -> str:
    """Compare the verifier's own verdicts with people's. ``judged``: number of verdicts that people gave."""
    # leave out labels given with the verdict visible: people mostly overrule verdicts that are wrong
    blind = [each for each in results.labels if each.shown.blind or each.label is None]
    people, fitted = People(blind), find_fitted_articles(results)
    own: list[tuple[Label, Label, Use]] = []
    for task in list_tasks(results):
        label = people.label(task.use, task.hypothesis, task.premise)
        if label and label != "uncertain" and task.item.article.id not in fitted:
            own.append((label, task.checks[0].verdict.label, task.use))
    false = [given for label, given, use in own if use == "grounding" and label != "supported"]
    if not own and fitted:
        return f"The verifier ({verifiers}) was fitted to these labels, so comparing it with them says nothing."
    if not own and len(blind) < len(results.labels):
        seen = "These labels were given with the verdict visible"
        return f"{seen}, so they do not show how often the verifier ({verifiers}) is right."
    if not own:
        return f"These labels decide no statement, so the verifier ({verifiers}) cannot be compared with them."
    alike = sum(label == given for label, given, _ in own)
    statements = fmt.plural(len(own), "distinct statement" if len(own) < judged else "statement")
    decided_by = " that people decided" if any(each.label == "uncertain" for each in results.labels) else ""
    which = "these labels" if len(blind) == len(results.labels) else "the labels given with its verdict hidden"
    agreed = f"The verifier alone ({verifiers}) agrees with {which} on {alike:,} of {statements}{decided_by}"
    if not false:
        return f"{agreed}."
    found = sum(given in ("contradicted", "absent") for given in false)
    the = "the " if len(false) > 1 else ""
    return f"{agreed}, and finds {found:,} of {the}{fmt.plural(len(false), 'wrong or invented claim')}."


def describe_tests(agreement: Agreement | None) -> Iterator[str]:
    """Say how often the verifier was right in tests, first on claims, then on facts; then name the test data."""
    if agreement is None:
        yield (
            "The verifier's accuracy has not been measured. To measure it, judge some verdicts (harness label), "
            "then run harness meta-eval."
        )
        return
    measured = agreement.out_of_fold
    of_claims = measured.keys() >= _OF_CLAIMS
    if of_claims:
        yield (
            f"In tests, the verifier marked {measured['true_passed']:.0%} of true claims as supported and "
            f"{measured['true_called_wrong']:.0%} as wrong; of false claims, {measured['false_called_wrong']:.0%} as "
            f"wrong and {measured['false_passed']:.0%} as supported. "
            "It left the others undecided or marked them as not in the article."
        )
    of_facts = of_claims or _OF_FACTS in measured
    if agreement.balanced_accuracy is not None:
        what, both = ("facts", "kept and lost") if of_facts else ("statements", "supported and unsupported")
        note = f"{both} {what} count equally; guessing scores 50%"
        unknown = " Its errors on claims were not measured; harness selftest counts them on your articles."
        right = f"In tests, the verifier's balanced accuracy on {what} was {agreement.balanced_accuracy:.0%} ({note})."
        yield f"{right}{'' if of_claims else unknown}"
    pairs = fmt.plural(agreement.rows, "fact" if of_facts else "pair")
    groups = fmt.plural(agreement.groups, "article" if of_facts else "group")
    tested = f"The tests used {pairs} labelled by people ({agreement.data}, {groups})"
    if of_claims:
        true, false = measured["true_claims"], measured["false_claims"]
        tested += f", {true:,.0f} true claims and {false:,.0f} claims with an injected error"
    errors = {" on facts" if of_facts else "": agreement.ece, " on claims": measured.get("claims_calibration_error")}
    if known := [f"{fmt.share(error)}{what}" for what, error in errors.items() if error is not None]:
        tested += f"; the verifier's calibration error was {fmt.join_words(known)}"
    yield (
        f"{tested}. The verifier was never tested on labels that it had been fitted to "
        f"({agreement.source}, {agreement.date})."
    )
