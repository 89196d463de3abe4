"""Report how far people agree with each other and with the verifiers, in sentences and tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from harness.document import format as fmt
from harness.document.blocks import Block, Cell, Document, Heading, Item, Listing, Paragraph, Piece, Table, Text
from harness.document.labels import MARKS
from harness.document.notes import Notes
from harness.records import LABELS, Results
from harness.stats.agreement import Figure
from harness.trust.agreement import ALL, DRAWN, AnnotatorAgreement, Dispute, Fault
from harness.trust.labelling import find_fitted_articles

_NAMED = 3
_SHOWN = 20  # maximum number of disputes to show
_FAULTS: Mapping[Fault, str] = {
    "people differ": "people differ",
    "false support": "supported by the verifier alone",
    "missed support": "supported by people alone",
    "wrong kind of false": "not supported, labels differ",
}


def document(agreement: AnnotatorAgreement, warnings: Sequence[str] = (), more: Sequence[Block] = ()) -> Document:
    """Show the agreement, then the blocks ``more``, confusions and disputes; without labels, say how to start."""
    title = "Agreement with people"
    if not agreement.people:
        text = f"Nobody has labelled any of the {agreement.pairs:,} pairs of this run yet. To start: harness label"
        return Document(title, answer=(text,))
    tables, confusions = tabulate_agreement(agreement), tabulate_confusions(agreement)
    blocks = (*tables, *more, *confusions, *list_disputes(agreement, _SHOWN))
    return Document(title, answer=tuple(describe(agreement)), cautions=tuple(warnings), blocks=blocks)


def warn_of_fitted_labels(results: Results) -> str:
    """Warn if a run's verifier was fitted to labels of the run's articles; otherwise return an empty string."""
    fitted = sorted(find_fitted_articles(results))
    if not fitted:
        return ""
    named = fmt.join_words(fitted[:_NAMED]) + (" and others" if len(fitted) > _NAMED else "")
    return f"The verifier of {results.manifest.name} was fitted to the labels of {named}, so it looks too good there."


def describe(agreement: AnnotatorAgreement) -> Iterator[str]:
    people = [f"{rater.name} {len(rater.labels):,}" for rater in agreement.people]
    yield f"Labels on these {agreement.pairs:,} pairs: {fmt.join_words(people)}."
    if agreement.unblinded:
        unblinded = fmt.plural(agreement.unblinded, "label")
        yield f"Given with the verdict visible: {unblinded}. Such labels agree with verdicts more often."
    if len(agreement.people) == 1:
        yield "Only one person gave labels. Agreement among people is unknown until a second person labels some."
    if not agreement.sampled:
        yield "The labels contain no random sample of the run yet, so no number here represents all of its verdicts."
    elif agreement.sampled < agreement.labelled:
        yield (
            "The queue also contains pairs picked for their uncertain verdicts. Only the part "
            f"“{DRAWN}” represents all verdicts of the run: {fmt.plural(agreement.sampled, 'pair')}."
        )
    yield "A pair that either rater left undecided does not count. In brackets: 95% intervals over articles."


def tabulate_agreement(agreement: AnnotatorAgreement) -> list[Table]:
    pairs = [
        (f"{each.first.name} · {each.second.name}", each.part, each.pairs, (each.same, each.kappa))
        for each in agreement.between
    ]
    groups = [(fmt.join_words(each.raters), each.part, each.pairs, (each.alpha,)) for each in agreement.among]
    tables = (
        _tabulate(("between", "pairs", "both decided", "same label", "Cohen's κ"), pairs),
        _tabulate(("together", "pairs", "two decided", "Krippendorff's α"), groups),
    )
    return [table for table in tables if table.rows]


def _tabulate(heads: Sequence[str], lines: Sequence[tuple[str, str, int, Sequence[Figure]]]) -> Table:
    """Show one row per part. If all intervals are missing for one reason, the caption gives the reason."""
    notes = Notes(each.reason for *_, numbers in lines for each in numbers if each.value is not None)
    rows: list[list[str | Cell]] = [
        [who if part == ALL else "", part, f"{count:,}", *(notes.estimate(each) for each in numbers)]
        for who, part, count, numbers in lines
    ]
    return Table.of(heads, rows, caption=notes.shared or "", left=frozenset({0, 1}), notes=notes.texts)


def tabulate_confusions(agreement: AnnotatorAgreement) -> Iterator[Block]:
    """Show one rater's labels against the other's, for every two raters, separately for facts and claims."""
    tables = []
    for each in agreement.confusions:
        words = {label: MARKS[label].word(each.use) for label in LABELS}
        labels = [label for label in LABELS if any(each.counts[label].values())]
        rows = [(words[label], *(f"{each.counts[label][other]:,}" for other in LABELS)) for label in labels]
        noun = "facts" if each.use == "coverage" else "claims"
        if rows:
            tables.append(Table.of((f"{noun}: {each.first.name} ↓  {each.second.name} →", *words.values()), rows))
    if tables:
        yield Heading("Who said what", anchor="confusions")
        yield from tables


def list_disputes(
    agreement: AnnotatorAgreement, shown: int, address: Callable[[Dispute], str] = lambda _: ""
) -> Iterator[Block]:
    """List the first disputes by fault and part; ``address`` returns the link of a dispute."""
    disputes = agreement.disputes
    if not disputes:
        return
    yield Heading("In dispute", anchor="disputes")
    counts = Counter((dispute.task.part, dispute.fault) for dispute in disputes)
    faults = [fault for fault in _FAULTS if any(dispute.fault == fault for dispute in disputes)]
    rows = [
        (part, *(f"{counts[part, fault]:,}" for fault in faults), f"{total:,}")
        for part, total in Counter(dispute.task.part for dispute in disputes).most_common()
    ]
    yield Table.of(("kind", *(_FAULTS[fault] for fault in faults), "all"), rows)
    if len(disputes) > shown:
        yield Paragraph(f"The first {shown} of {len(disputes):,} follow.", "quiet")
    several = len({dispute.task.item.article.id for dispute in disputes}) > 1
    for fault, title in _FAULTS.items():
        by_part: dict[str, dict[str, list[Text]]] = {}
        for dispute in disputes[:shown]:
            if dispute.fault == fault:
                statements = by_part.setdefault(dispute.task.part, {})
                statements.setdefault(dispute.task.hypothesis, []).append(_show(dispute, several, address(dispute)))
        if by_part:
            yield Heading(title.capitalize(), level=3)
        for part, statements in by_part.items():
            yield Heading(part.capitalize(), level=4)
            yield Listing(tuple(Item(statement, tuple(summaries)) for statement, summaries in statements.items()))


def _show(dispute: Dispute, several: bool, address: str) -> Text:
    """Say who gave which label, e.g. ``smollm2/plain, human (reference short): Ann lost, entailment kept``."""
    task = dispute.task
    reference = next((each.id for each in task.item.references if each.text == task.premise), "")
    summaries = set()
    for check in task.checks:
        sample = f" (sample {check.sample + 1})" if check.sample else ""
        summaries.add(check.system + (f" (reference {reference})" if reference else sample))
    summary = fmt.join_words(sorted(summaries)) + (f" · {task.item.article.id}" if several else "")
    pieces = [Piece(summary, href=address), Piece(":")]
    for rater, label in dispute.labels.items():
        pieces.append(Piece(f"{', ' if len(pieces) > 2 else ' '}{rater} "))
        pieces.append(Piece(MARKS[label].word(task.use), label))
    return tuple(pieces)
