"""The page of an article: a matrix of facts and systems, every summary with its verdicts, and the article's text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from harness.claims import fragment
from harness.document.labels import MARKS, group_by_role, people, reason, spread, verifier
from harness.document.segments import Excerpt, Segment, excerpt, lines, segments
from harness.records import (
    Article,
    Check,
    Difference,
    Fact,
    Item,
    Label,
    Part,
    Role,
    Span,
    Summary,
    System,
    Use,
    Verdict,
)
from harness.report.index import Index
from harness.report.links import (
    article_anchor,
    check_anchor,
    fact_anchor,
    summary_anchor,
    verdict_anchor,
)
from harness.report.scores import NO_SUMMARY_ASKED
from harness.report.tally import order_facts
from harness.signature import digest
from harness.text import sentences


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """The verdicts on one fact in one system's summaries of the article."""

    labels: Counter[Label]
    """The verdicts over the samples; empty if there is none."""
    samples: int
    reason: str | None
    """Why a sample has no verdict."""
    people: str
    """Who judged, and the verifier's own verdict; empty if nobody judged."""
    own: Label | None
    """The verifier's own verdict, if people disagree with it and there is only one sample."""
    anchor: str
    """The link target: the verdict, or else the system's first summary."""

    @property
    def label(self) -> Label | None:
        """The label of all samples; None if they differ or have none."""
        return next(iter(self.labels)) if len(self.labels) == 1 else None

    @property
    def decided(self) -> tuple[tuple[Label, Fraction], ...]:
        """The share of the decided samples that has each label."""
        counts = sorted((label, count) for label, count in self.labels.items() if label != "uncertain")
        total = sum(count for _, count in counts)
        return tuple((label, Fraction(count, total)) for label, count in counts)


@dataclass(frozen=True, slots=True)
class MatrixRow:
    number: int
    """The fact's number within its article, from 1."""
    fact: Fact
    cells: tuple[MatrixCell, ...]
    differs: bool
    """True if the systems under test get different verdicts on this fact, ignoring undecided ones."""
    anchor: str

    @property
    def labels(self) -> set[Label]:
        return {label for cell in self.cells for label in cell.labels}


@dataclass(frozen=True, slots=True)
class Line:
    """A claim or a fact listed under a summary, with its verdict."""

    number: int
    text: str
    use: Use
    anchor: str
    verdict: Verdict | None
    own: Verdict | None = None
    """The verifier's own verdict, if people judged."""
    reason: str = ""
    evidence: Excerpt | None = None
    differences: tuple[Difference, ...] = ()
    fact: Fact | None = None
    passage: Span | None = None
    """A claim's evidence in the article."""
    documents: str = ""
    """Names of the documents that contain a claim's evidence, if the article has several."""

    @property
    def label(self) -> Label:
        return self.verdict.label if self.verdict else "absent"


@dataclass(frozen=True, slots=True)
class Card:
    """A summary, or the reason why there is none."""

    system: System
    title: str
    """``sample 2`` or ``reference r1``; empty if the system has one summary of the article."""
    anchor: str
    text: str | None = None
    reason: str | None = None
    notes: tuple[str, ...] = ()
    lines: tuple[tuple[Segment, ...], ...] = ()
    """The text split at claims and evidence. Passages are numbered: first the claims, then the facts."""
    claims: tuple[Line, ...] = ()
    facts: tuple[Line, ...] = ()

    @property
    def problems(self) -> list[Line]:
        """Claims that are wrong, invented or undecided, worst first."""
        order: tuple[Label, ...] = ("contradicted", "absent", "uncertain")
        return [claim for label in order for claim in self.claims if claim.label == label]

    @property
    def supported(self) -> list[Line]:
        return [claim for claim in self.claims if claim.label == "supported"]

    @property
    def stated(self) -> list[Line]:
        """Facts that the summary states, contradicts or may state."""
        return [line for line in self.facts if line.label != "absent"]

    @property
    def left_out(self) -> list[Line]:
        return [line for line in self.facts if line.label == "absent"]

    @property
    def tally(self) -> str:
        """Its verdicts on one line: ``claims: 4 supported, 1 wrong; facts: …``."""
        claims = spread(Counter(line.label for line in self.claims if line.verdict), "grounding")
        facts = spread(Counter(line.label for line in self.facts if line.verdict), "coverage")
        return "; ".join(f"{what}: {each}" for what, each in (("claims", claims), ("facts", facts)) if each)


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """Everything that the page of an article shows."""

    item: Item
    anchor: str
    columns: tuple[tuple[Role, System], ...]
    rows: tuple[MatrixRow, ...]
    cards: tuple[tuple[Card, ...], ...]
    """Per system, in the order of the columns."""
    texts: tuple[tuple[str, tuple[tuple[Segment, ...], ...]], ...]
    """(document name, lines) of each document, or of the whole text; lines are split where passages begin and end."""
    passages: Mapping[tuple[int, int], int]
    """(start, end) of each passage that is evidence → its index."""

    @property
    def groups(self) -> list[tuple[str, list[MatrixRow]]]:
        """The rows by importance."""
        names = dict.fromkeys(row.fact.importance for row in self.rows)
        return [(name, [row for row in self.rows if row.fact.importance == name]) for name in names]

    @property
    def sampled(self) -> bool:
        return any(cell.samples > 1 for row in self.rows for cell in row.cells)

    @property
    def judged(self) -> bool:
        """True if people judged a verdict of the matrix."""
        return any(cell.people for row in self.rows for cell in row.cells)

    @property
    def unjudged(self) -> list[tuple[str, str]]:
        """(system, reason) of columns in which a verdict is missing."""
        cells = [
            (system.name, cell) for row in self.rows for (_, system), cell in zip(self.columns, row.cells, strict=True)
        ]
        return list(dict.fromkeys((name, cell.reason) for name, cell in cells if cell.reason))

    def passage_anchor(self, evidence: Span | None) -> str:
        """Return the HTML id of the passage with this evidence; empty if there is none."""
        if evidence is None or (evidence.start, evidence.end) not in self.passages:
            return ""
        return f"p-{digest(self.item.article.id, evidence.start, evidence.end)[:10]}"

    def passage_of(self, number: int) -> Span:
        """Return the passage with this index."""
        start, end = next(place for place, index in self.passages.items() if index == number)
        return Span(start, end, self.item.article.text[start:end])

    def rows_of(self, number: int) -> list[MatrixRow]:
        """Return the rows of the facts whose evidence is this passage."""
        span = self.passage_of(number)
        return [
            row
            for row in self.rows
            if row.fact.evidence and (row.fact.evidence.start, row.fact.evidence.end) == (span.start, span.end)
        ]


def article_page(index: Index, item: Item, systems: Sequence[System]) -> ArticlePage:
    """Collect the contents of an article's page. Its columns are the systems by role, in the given order."""
    columns = tuple((role, system) for role, members in group_by_role(systems).items() for system in members)
    facts = order_facts(item.facts)
    cards = tuple(_cards(index, item, system, facts) for _, system in columns)
    evidence = [fact.evidence for fact in facts if fact.evidence]
    evidence += [line.passage for column in cards for card in column for line in card.claims if line.passage]
    spans = list({(span.start, span.end): span for span in evidence}.values())
    return ArticlePage(
        item=item,
        anchor=article_anchor(item.article.id),
        columns=columns,
        rows=tuple(_row(index, item, columns, number, fact) for number, fact in enumerate(facts, start=1)),
        cards=cards,
        texts=tuple(_split_text(item.article, spans)),
        passages={(span.start, span.end): number for number, span in enumerate(spans)},
    )


def _split_text(article: Article, spans: Sequence[Span]) -> Iterator[tuple[str, tuple[tuple[Segment, ...], ...]]]:
    """Yield (name, lines) of each document and of the text between documents, which has no name."""
    at, bounds = 0, list[tuple[str, int, int]]()
    for part in (*article.documents, Part("", len(article.text), len(article.text))):
        if article.text[at : part.start].strip():
            bounds.append(("", at, part.start))
        if part.name:
            bounds.append((part.name, part.start, part.end))
        at = part.end
    for name, start, end in bounds:
        moved = [Span(span.start - start, span.end - start, span.text) for span in spans]
        yield name, tuple(map(tuple, lines(segments(article.text[start:end], moved))))


def explain(check: Check, premise: str) -> tuple[tuple[Difference, ...], Span | None]:
    """Return the differences to show, and the passage of the premise to quote for the verdict.

    Differences that the two texts do not contain word for word are left out. If the evidence lacks the premise's value
    of a difference, the sentence with that value is quoted instead.
    """
    differences = tuple(
        each
        for each in check.verdict.differences
        if each.kind != "wording"
        and each.stated in check.hypothesis
        and (each.found is None or premise[each.found.start : each.found.end] == each.found.text)
    )
    evidence = check.verdict.evidence
    for each in differences:
        if each.found and not (evidence and evidence.start <= each.found.start and each.found.end <= evidence.end):
            return differences, next((span for span in sentences(premise) if span.overlaps(each.found)), each.found)
    return differences, evidence


def _row(index: Index, item: Item, columns: Sequence[tuple[Role, System]], number: int, fact: Fact) -> MatrixRow:
    cells = tuple(_cell(index, item, system, fact) for _, system in columns)
    tested = [cell for (role, _), cell in zip(columns, cells, strict=True) if role == "system"]
    compared = {cell.decided for cell in (tested if len(tested) > 1 else cells) if cell.decided}
    return MatrixRow(number, fact, cells, len(compared) > 1, fact_anchor(item.article.id, fact.id))


def _cell(index: Index, item: Item, system: System, fact: Fact) -> MatrixCell:
    summaries = index.summaries(system.name, item)
    checks = [index.coverage(summary).get(fact.id) for summary in summaries]
    missing = [summary for summary, check in zip(summaries, checks, strict=True) if check is None]
    given = [check for check in checks if check]
    reasons = [*map(_explain_unjudged, missing), *(check.verdict.reason for check in given if check.verdict.abstained)]
    labels = Counter(check.verdict.label for check in given if not check.verdict.abstained)
    judged = [(check, own) for check in given if (own := index.own(check))]
    said = [f"judged by {people(check.verdict)}; {verifier(own)}: {MARKS[own.label].fact}" for check, own in judged]
    differs = (
        judged[0][1].label if len(given) == 1 and judged and judged[0][1].label != judged[0][0].verdict.label else None
    )
    place = (
        verdict_anchor(given[0].place, fact.id) if len(given) == 1 else summary_anchor(system.name, item.article.id, 0)
    )
    reason = next(iter(reasons), None) if summaries else NO_SUMMARY_ASKED
    return MatrixCell(labels, len(summaries), reason, ". ".join(dict.fromkeys(said)), differs, place)


def _explain_unjudged(summary: Summary) -> str:
    return summary.reason or "it was not verified"


def _cards(index: Index, item: Item, system: System, facts: Sequence[Fact]) -> tuple[Card, ...]:
    """Make a card for each sample."""
    summaries = index.summaries(system.name, item)
    if not summaries:
        return (Card(system, "", summary_anchor(system.name, item.article.id, 0), reason=NO_SUMMARY_ASKED),)
    return tuple(_card(index, item, system, summary, facts, len(summaries) > 1) for summary in summaries)


def _card(index: Index, item: Item, system: System, summary: Summary, facts: Sequence[Fact], several: bool) -> Card:
    generation, text = summary.generation, summary.text
    anchor = summary_anchor(system.name, item.article.id, summary.sample)
    title = f"sample {summary.sample + 1}" if several else ""
    title = f"reference {generation.reference_id}" if generation.reference_id is not None else title
    if text is None:
        return Card(system, title, anchor, reason=summary.reason)
    checks = [check for check in index.grounding(summary) if check.claim]
    claims = [_claim(index, item, number, check) for number, check in enumerate(checks, start=1)]
    verdicts = index.coverage(summary)
    lines_of_facts = [
        _fact(index, summary, number, fact, verdicts.get(fact.id)) for number, fact in enumerate(facts, start=1)
    ]
    spans = [check.claim for check in checks if check.claim]
    spans += [(line.verdict.evidence if line.verdict else None) or Span(0, 0, "") for line in lines_of_facts]
    notes = [f"the prompt was truncated to fit the context: {generation.cut}"] if generation.cut else []
    notes += [generation.how] if generation.how else []
    if fragment(generation, item.article.language):
        notes.append("hit its token limit mid-sentence; the unfinished sentence is not checked")
    elif generation.finish == "length":
        notes.append("hit its token limit")
    return Card(
        system=system,
        title=title,
        anchor=anchor,
        text=text,
        notes=tuple(notes),
        lines=tuple(map(tuple, lines(segments(text, spans)))),
        claims=_number_repeated_anchors(claims),
        facts=tuple(lines_of_facts),
    )


def _claim(index: Index, item: Item, number: int, check: Check) -> Line:
    differences, passage = explain(check, item.article.text)
    shown = excerpt(item.article.text, passage) if passage else None
    why = reason(check.verdict, "grounding")
    own = index.own(check)
    return Line(
        number, check.hypothesis, "grounding", check_anchor(check), check.verdict, own, why, shown, differences,
        passage=passage, documents=item.article.name_documents(passage) if passage else "",
    )  # fmt: skip  # one call


def _fact(index: Index, summary: Summary, number: int, fact: Fact, check: Check | None) -> Line:
    if check is None:
        anchor, why = verdict_anchor(summary.place, fact.id), _explain_unjudged(summary)
        return Line(number, fact.statement, "coverage", anchor, None, reason=why, fact=fact)
    differences, passage = explain(check, summary.text or "")
    shown = excerpt(summary.text or "", passage) if passage else None
    why, own = reason(check.verdict, "coverage"), index.own(check)
    return Line(
        number, fact.statement, "coverage", check_anchor(check), check.verdict, own, why, shown, differences, fact
    )


def _number_repeated_anchors(claims: Sequence[Line]) -> tuple[Line, ...]:
    """Number the anchors of repeated sentences, which would otherwise share one id."""
    seen: Counter[str] = Counter()
    unique = []
    for claim in claims:
        seen[claim.anchor] += 1
        again = seen[claim.anchor]
        unique.append(claim if again == 1 else replace(claim, anchor=f"{claim.anchor}-{again}"))
    return tuple(unique)
