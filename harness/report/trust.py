"""How far the verdicts of a run can be believed: two sentences that stand beside the answer, and all that was measured.

Of the verifier it is said what becomes of claims that are false, and of the run's own labels how it did on them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from harness.data.labels.people import People, deciding
from harness.document import format as fmt
from harness.records import Agreement, Label, Results
from harness.report import words
from harness.signature import kind_of
from harness.trust.agreement_report import warn_of_fitted_labels
from harness.trust.labelling import find_fitted_articles
from harness.trust.queue import Task, list_tasks

CLAIMS_MEASURED = frozenset(
    {"true_claims", "true_passed", "true_called_wrong", "false_claims", "false_passed", "false_called_wrong"}
)
"""What a verifier's card has where claims against articles were measured: how many, and shares of them."""
CLAIMS_ERROR = "claims_calibration_error"
OF_FACTS = "fact_auc"
"""What a card has where its labels are of facts against summaries; a calibration is measured on labels of any pairs."""


@dataclass(frozen=True, slots=True)
class Trust:
    """How far the verdicts can be believed."""

    short: str
    """Who gave them, and of false claims how many such a verifier passes."""
    details: tuple[str, ...] = ()
    """What else was measured, and on what."""


def trust(results: Results, verifiers: Collection[str], people: int = 0) -> Trust:
    """What is known of those who judged. ``verifiers`` are their signatures.

    ``people``: how many verdicts there are, where people judged every one and the answer rests on no verifier; else 0.
    """
    signatures = sorted(verifiers)
    if not signatures:
        return Trust(words.NO_VERDICTS)
    kinds = {signature: kind_of(signature) for signature in signatures}
    distinct = len(set(kinds.values())) == len(signatures)
    givers = [kinds[each] if distinct else in_words(each) for each in signatures]
    measured = list(measurements(results.manifest.agreement))
    if people:
        annotators = _annotators(results)
        short = words.people_judged_all(people, _made_of(results), annotators)
        for labelled in _labelled(results):
            if labelled.noun == "claim" and labelled.false[0]:
                short += f" {words.verifier_alone(fmt.listed(givers), len(annotators), labelled.false)}"
    else:
        caution = results.manifest.agreement.caution if results.manifest.agreement else ""
        short = " ".join(filter(None, (words.verdicts_by(givers), measured.pop(0), caution)))
    return Trust(short, tuple(filter(None, (*measured, *on_own_labels(results), warn_of_fitted_labels(results)))))


def measurements(agreement: Agreement | None) -> Iterator[str]:
    """What the verifier has been measured at, what matters most first: claims, facts, the data of both."""
    if agreement is None:
        yield words.NEVER_MEASURED
        return
    measured = agreement.out_of_fold
    of_claims = measured.keys() >= CLAIMS_MEASURED
    if of_claims:
        yield words.false_claims_in_tests(_in_100(measured["false_passed"]), _in_100(measured["false_called_wrong"]))
        yield words.true_claims_in_tests(_in_100(measured["true_passed"]), _in_100(measured["true_called_wrong"]))
    of_facts = of_claims or OF_FACTS in measured
    if agreement.balanced_accuracy is not None:
        in_tests = words.facts_in_tests if of_facts else words.pairs_in_tests
        right = in_tests(_in_100(agreement.balanced_accuracy))
        yield right if of_claims else f"{right} {words.CLAIMS_NOT_MEASURED}"
    elif not of_claims:
        yield words.NOTHING_MEASURED
    groups, source = fmt.plural(agreement.groups, "group"), f"{agreement.source}, {agreement.date}"
    claims = (int(measured["true_claims"]), int(measured["false_claims"])) if of_claims else None
    noun = "labels of facts" if of_facts else "labels"
    yield words.tested_on(noun, agreement.rows, agreement.data, groups, source, claims)


def _annotators(results: Results) -> list[str]:
    """Who judged verdicts of this run; labels that lie beside its articles may be of other runs."""
    labels = People.of(results.labels).labels
    return sorted(
        {label.annotator for task in list_tasks([results]) for label in deciding(labels.get(task.question, ()))}
    )


def _in_100(share: float) -> int:
    return round(100 * share)


def _made_of(results: Results) -> str:
    """How many of the verdicts are on facts, and how many on claims."""
    every = list_tasks([results])
    facts = [check for task in every if task.use == "coverage" for check in task.checks]
    claims = [task for task in every if task.use == "grounding"]
    names, summaries = {(each.article_id, each.target) for each in facts}, {each.place for each in facts}
    on_facts = words.verdicts_on_facts(len(facts), len(names), len(summaries)) if facts else ""
    on_claims = words.verdicts_on_claims(sum(len(each.checks) for each in claims), len(claims)) if claims else ""
    return fmt.listed([*filter(None, (on_facts, on_claims))])


@dataclass(frozen=True, slots=True)
class _Labelled:
    """The labelled pairs of one use, each counted as all, supported, rejected and undecided by the verifier."""

    noun: str
    number: int
    false: tuple[int, int, int, int]
    true: tuple[int, int, int, int]


def on_own_labels(results: Results) -> Iterator[str]:
    """What became of the run's own pairs that people call false, and of those that they call true; nothing of none."""
    for labelled in _labelled(results):
        if labelled.false[0]:
            yield words.unsupported_here(labelled.noun, labelled.number, labelled.false)
        if labelled.true[0]:
            yield words.supported_here(labelled.noun, labelled.number, labelled.true)


def decided_tasks(results: Results) -> list[tuple[Label, Task]]:
    """The run's own pairs that people labelled, each with the label that holds.

    Only on articles whose labels the verifier was not fitted to; without those that people left undecided.
    """
    people = People.of(results.labels)
    if not people:
        return []
    learned = find_fitted_articles(results)
    unlearned = [task for task in list_tasks([results]) if task.item.article.id not in learned]
    labelled = [(people.label(task.use, task.hypothesis, task.premise), task) for task in unlearned]
    return [(label, task) for label, task in labelled if label and label != "uncertain"]


def _labelled(results: Results) -> Iterator[_Labelled]:
    """What became of the run's own pairs that people call false, and of those that they call true, use by use."""
    decided = decided_tasks(results)
    for use, noun in (("coverage", "fact"), ("grounding", "claim")):
        pairs = [(label, task.checks[0].verdict.label) for label, task in decided if task.use == use]
        false: Counter[Label] = Counter(own for label, own in pairs if label != "supported")
        true: Counter[Label] = Counter(own for label, own in pairs if label == "supported")
        if pairs:
            yield _Labelled(noun, len(pairs), _split(false), _split(true))


def _split(verdicts: Counter[Label]) -> tuple[int, int, int, int]:
    """All, supported, rejected and undecided."""
    rejected = verdicts["contradicted"] + verdicts["absent"]
    return verdicts.total(), verdicts["supported"], rejected, verdicts["uncertain"]


def in_words(signature: str) -> str:
    """``lexical|threshold:0.5|code:1a2b3c4d`` → ``lexical (threshold 0.5, code 1a2b3c4d)``."""
    kind, *options = signature.split("|")
    if not options:
        return kind
    return f"{kind} ({', '.join(option.replace(':', ' ', 1) for option in options)})"
