"""How far people agree with each other and with the verifiers, in sentences and tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from harness.document import format as fmt
from harness.document.blocks import Block, Cell, Document, Heading, Item, Listing, Paragraph, Piece, Table, Text
from harness.document.labels import MARKS
from harness.document.notes import Notes
from harness.records import LABELS, Check, Results
from harness.stats.agreement import Figure
from harness.trust.agreement.agreement import ALL, DRAWN, AnnotatorAgreement, Confusion, Dispute, Fault
from harness.trust.labelling.corpus import learned_from
from harness.trust.labelling.queue import Task

_NAMED = 3
_SHOWN = 20
"""Disputes that a terminal and a document show; the page has more."""
_FAULTS: Mapping[Fault, str] = {
    "people differ": "people differ",
    "false support": "supported by the verifier alone",
    "missed support": "supported by people alone",
    "wrong kind of false": "not supported, labels differ",
}
"""What a dispute is called."""


def document(agreement: AnnotatorAgreement, warnings: Sequence[str] = (), more: Sequence[Block] = ()) -> Document:
    """Agreement, confusions and disputes; what to do where there is no label.

    ``warnings``: see ``fitted_on_same_labels``. ``more``: what else the labels say of the run.
    """
    title = "Agreement with people"
    if not agreement.people:
        text = f"Nobody has labelled any of the {agreement.pairs:,} pairs of this run; harness label asks."
        return Document(title, answer=(text,))
    blocks = (*figures(agreement), *more, *confusions(agreement), *disputes(agreement, _SHOWN))
    return Document(title, answer=tuple(in_words(agreement)), cautions=tuple(warnings), blocks=blocks)


def fitted_on_same_labels(results: Results) -> str:
    """That the verifier of a run was fitted to labels of its articles; empty where it was not."""
    learned = sorted(learned_from(results))
    if not learned:
        return ""
    named = fmt.listed(learned[:_NAMED]) + (" and others" if len(learned) > _NAMED else "")
    return f"The verifier of {results.manifest.name} was fitted to the labels of {named}: there it looks too good."


def in_words(agreement: AnnotatorAgreement) -> Iterator[str]:
    """Who labelled what and how, and what cannot be concluded from it."""
    people = [f"{rater.name} {len(rater.labels):,}" for rater in agreement.people]
    yield f"Labels on these {agreement.pairs:,} pairs: {fmt.listed(people)}."
    if agreement.in_sight:
        in_sight = fmt.plural(agreement.in_sight, "label")
        yield f"Given with the verdict in sight: {in_sight}. Such labels agree with it more often than blind ones."
    if len(agreement.people) == 1:
        yield "One person's labels: how far people agree on these pairs is not known; have some labelled by another."
    if not agreement.sampled:
        yield "The labels hold no random sample of the whole run yet, so no agreement stands for all of its verdicts."
    elif agreement.sampled < agreement.labelled:
        yield (
            "Pairs with the least certain verdicts are asked first. What stands for all of the run's verdicts is the "
            f"part “{DRAWN}”: {fmt.plural(agreement.sampled, 'pair')}."
        )
    yield "A pair that one of the two left undecided does not count. In brackets: 95% intervals over articles."


def figures(agreement: AnnotatorAgreement) -> list[Table]:
    """Share of equal labels and Cohen's kappa of every two, Krippendorff's alpha of several, part by part."""
    pairs = [
        (f"{each.first.name} · {each.second.name}", each.part, each.pairs, (each.same, each.kappa))
        for each in agreement.between
    ]
    groups = [(fmt.listed(each.raters), each.part, each.pairs, (each.alpha,)) for each in agreement.among]
    tables = (
        _figures(("between", "pairs", "both decided", "same label", "Cohen's κ"), pairs),
        _figures(("together", "pairs", "two decided", "Krippendorff's α"), groups),
    )
    return [table for table in tables if table.rows]


def _figures(heads: Sequence[str], lines: Sequence[tuple[str, str, int, Sequence[Figure]]]) -> Table:
    """A line a part: who, which pairs, how many, and the figures.

    The reason that all numbers without an interval share stands once, above them; the others are marked.
    """
    notes = Notes(each.reason for *_, numbers in lines for each in numbers if each.value is not None)
    rows: list[list[str | Cell]] = [
        [
            who if part == ALL else "",
            part,
            f"{count:,}",
            *(notes.estimate(each) for each in numbers),
        ]
        for who, part, count, numbers in lines
    ]
    return Table.of(heads, rows, caption=notes.shared or "", left=frozenset({0, 1}), notes=notes.texts)


def confusions(agreement: AnnotatorAgreement) -> Iterator[Block]:
    """What each of two raters said, against what the other said, a table for every two; facts and claims apart."""
    tables = [table for table in map(_confusion, agreement.confusions) if table.rows]
    if tables:
        yield Heading("Who said what", anchor="confusions")
        yield from tables


def _confusion(confusion: Confusion) -> Table:
    words = {label: MARKS[label].word(confusion.use) for label in LABELS}
    labels = [label for label in LABELS if any(confusion.counts[label].values())]
    rows = [(words[label], *(f"{confusion.counts[label][other]:,}" for other in LABELS)) for label in labels]
    noun = "facts" if confusion.use == "coverage" else "claims"
    return Table.of((f"{noun}: {confusion.first.name} ↓  {confusion.second.name} →", *words.values()), rows)


def disputes(
    agreement: AnnotatorAgreement, shown: int, address: Callable[[Dispute], str] = lambda _: ""
) -> Iterator[Block]:
    """The first of what is in dispute, by what went wrong and by kind of fact.

    ``address``: where a pair can be judged.
    """
    if not agreement.disputes:
        return
    yield Heading("In dispute", anchor="disputes")
    yield _counts(agreement.disputes)
    if len(agreement.disputes) > shown:
        yield Paragraph(f"The first {shown} of {len(agreement.disputes):,} follow.", "quiet")
    several = len({dispute.task.item.article.id for dispute in agreement.disputes}) > 1
    for fault, title in _FAULTS.items():
        chosen = [dispute for dispute in agreement.disputes[:shown] if dispute.fault == fault]
        if chosen:
            yield Heading(title.capitalize(), level=3)
            yield from _by_kind([(dispute, _raters(dispute, several, address(dispute))) for dispute in chosen])


def _counts(disputes: Sequence[Dispute]) -> Table:
    """How many went wrong in which way, by kind of fact."""
    counts = Counter((dispute.part, dispute.fault) for dispute in disputes)
    faults = [fault for fault in _FAULTS if any(dispute.fault == fault for dispute in disputes)]
    parts = Counter(dispute.part for dispute in disputes)
    rows = [
        (part, *(f"{counts[part, fault]:,}" for fault in faults), f"{total:,}") for part, total in parts.most_common()
    ]
    return Table.of(("kind", *(_FAULTS[fault] for fault in faults), "all"), rows)


def _by_kind(lines: Sequence[tuple[Dispute, Text]]) -> Iterator[Block]:
    """Each statement with a line a summary, under its kind; those with the surest verdict first."""
    by_part: dict[str, dict[str, list[Text]]] = {}
    for dispute, raters in lines:
        by_part.setdefault(dispute.part, {}).setdefault(dispute.task.hypothesis, []).append(raters)
    for part, statements in by_part.items():
        yield Heading(part.capitalize(), level=4)
        yield Listing(tuple(Item(statement, tuple(summaries)) for statement, summaries in statements.items()))


def _summary(task: Task, check: Check) -> str:
    """``smollm2/plain``, ``human (reference short)``: whose summary it is, and which one where it has several."""
    reference = next((each.id for each in task.item.references if each.text == task.premise), "")
    sample = f" (sample {check.sample + 1})" if check.sample else ""
    return f"{check.system} (reference {reference})" if reference else f"{check.system}{sample}"


def _raters(dispute: Dispute, several: bool, address: str) -> Text:
    """Whose summary it is, of which article where there are ``several``, and who gave which label."""
    summaries = fmt.listed(sorted({_summary(dispute.task, check) for check in dispute.task.checks}))
    summary = f"{summaries} · {dispute.task.item.article.id}" if several else summaries
    pieces = [Piece(summary, href=address), Piece(":")]
    for rater, label in dispute.labels.items():
        pieces += [
            Piece(f"{', ' if len(pieces) > 2 else ' '}{rater} "),
            Piece(MARKS[label].word(dispute.task.use), label),
        ]
    return tuple(pieces)
