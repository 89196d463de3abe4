"""Who gave the verdicts of a run, and how well that verifier agrees with people: a sentence or two for every report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from harness.checker.agreement.report import flattered
from harness.checker.labelling.corpus import learned_from
from harness.checker.labelling.queue import tasks
from harness.data.people import People
from harness.document import format as fmt
from harness.records import Agreement, Label, Results

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
    said = (compared(verifier, results.manifest.agreement), on_own_labels(results))
    return " ".join(filter(None, (f"Verdicts by {givers}.", *said, flattered(results))))


def compared(verifier: str, agreement: Agreement | None) -> str:
    """What the verifier of this name has been measured at, in plain words, use by use."""
    if agreement is None:
        return f"The verifier {verifier} {NOT_COMPARED}."
    said = [*_of_facts(agreement), *_of_claims(agreement.out_of_fold)]
    groups = fmt.plural(agreement.groups, "group")
    where = (
        f"The verifier {verifier} was compared with {agreement.rows:,} labels by people that it was not fitted to "
        f"({agreement.data}, {groups})"
    )
    source = f"({agreement.source}, {agreement.date})"
    if not said:
        return f"{where}, and gave nothing that could be measured {source}."
    caution = f" {agreement.caution}" if agreement.caution else ""
    return f"{where}. {'. '.join(said)} {source}.{caution}"


def _of_facts(agreement: Agreement) -> list[str]:
    if agreement.balanced_accuracy is None:
        return []
    right = _in_100(agreement.balanced_accuracy)
    return [f"It tells what is supported from what is not in {right} of 100 cases, where guessing gives 50"]


def _of_claims(measured: Mapping[str, float]) -> list[str]:
    """What becomes of claims that are false, and of claims that are true; nothing where it was not measured."""
    if not {"missed", "caught", "believed", "accused"} <= measured.keys():
        return []
    missed, caught, believed, accused = (measured[name] for name in ("missed", "caught", "believed", "accused"))
    false = f"it passes {_in_100(missed)} as supported, calls {_in_100(caught)} wrong"
    rest = f"leaves {100 - round(100 * missed) - round(100 * caught)} open or calls them absent"
    true = f"Of 100 faithful claims it passes {_in_100(believed)} and calls {_in_100(accused)} wrong"
    return [f"Of 100 claims with one error written in, {false} and {rest}", true]


def _in_100(share: float) -> str:
    return f"{100 * share:.0f}"


def on_own_labels(results: Results) -> str:
    """What became of the run's own pairs that people call true, and of those that they call false, use by use.

    Only on articles whose labels the verifier was not fitted to; empty where nobody labelled a pair of these.
    """
    people = People.of(results.labels)
    learned = learned_from(results) if people else ()
    asked = [task for task in tasks([results]) if task.item.article.id not in learned] if people else []
    said = []
    for use, noun in (("coverage", "fact"), ("grounding", "claim")):
        of_use = [(task, people.label(task.use, task.hypothesis, task.premise)) for task in asked if task.use == use]
        pairs = [(label, task.checks[0].verdict.label) for task, label in of_use if label not in (None, "uncertain")]
        if pairs:
            said.append(f"Of {fmt.plural(len(pairs), f'labelled {noun}')} of this run people call {_split(pairs)}.")
    return " ".join(said)


def _split(pairs: Sequence[tuple[Label | None, Label]]) -> str:
    """``12 false (1 passed as supported, 9 caught, 2 undecided)``; the same of those that are true."""
    false = Counter(own for said, own in pairs if said != "supported")
    true = Counter(own for said, own in pairs if said == "supported")
    caught = false["contradicted"] + false["absent"]
    rejected = true["contradicted"] + true["absent"]
    return (
        f"{false.total():,} false (the verifier passes {false['supported']:,}, catches {caught:,} and leaves "
        f"{false['uncertain']:,} undecided) and {true.total():,} true (it supports {true['supported']:,}, rejects "
        f"{rejected:,} and leaves {true['uncertain']:,} undecided)"
    )


def in_words(signature: str) -> str:
    """``lexical|threshold:0.5|code:1a2b3c4d`` → ``lexical (threshold 0.5, code 1a2b3c4d)``."""
    kind, *options = signature.split("|")
    if not options:
        return kind
    return f"{kind} ({', '.join(option.replace(':', ' ', 1) for option in options)})"
