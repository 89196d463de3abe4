"""The page of an article: a matrix of facts and systems, every summary with its verdicts, and the article's text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from harness.claims import find_fragment
from harness.data.labels import pair_id, pair_key
from harness.document.labels import MARKS, group_by_role, people, reason, spread, verifier
from harness.document.segments import Excerpt, Segment, group_lines, make_excerpt, split_segments
from harness.records import (
    Article,
    Check,
    Difference,
    Fact,
    Item,
    Label,
    Part,
    Place,
    Role,
    Span,
    Summary,
    System,
    Use,
    Verdict,
)
from harness.report.index import Index
from harness.report.scores import NO_SUMMARY_ASKED
from harness.report.tally import CLAIM_ERRORS, order_facts
from harness.signature import digest
from harness.text import sentences


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """The verdicts on one fact in one system's summaries of the article."""

    labels: Counter[Label]
    reason: str | None
    people: str
    """Who judged, and the verifier's own verdict; empty if nobody judged."""
    own: Label | None
    """The verifier's own verdict, if people disagree with it and there is only one sample."""
    anchor: str
    """The link target: the verdict or, if there are several samples, the first summary."""

    @property
    def label(self) -> Label | None:
        """The label that all samples share; None if they differ or have none."""
        return next(iter(self.labels)) if len(self.labels) == 1 else None

    @property
    def decided(self) -> tuple[tuple[Label, Fraction], ...]:
        """Each label's share of the decided samples."""
        counts = sorted((label, count) for label, count in self.labels.items() if label != "uncertain")
        total = sum(count for _, count in counts)
        return tuple((label, Fraction(count, total)) for label, count in counts)


@dataclass(frozen=True, slots=True)
class MatrixRow:
    number: int
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
    """A claim or a fact below a summary, with its verdict."""

    number: int
    text: str
    use: Use
    anchor: str
    verdict: Verdict | None
    own: Verdict | None = None
    """The verifier's own verdict, if people judged."""
    reason: str = ""
    passage: Span | None = None
    """The evidence in the article or the summary."""
    evidence: Excerpt | None = None
    differences: tuple[Difference, ...] = ()
    fact: Fact | None = None

    @property
    def label(self) -> Label:
        return self.verdict.label if self.verdict else "absent"


@dataclass(frozen=True, slots=True)
class Card:
    """A summary, or the reason why it is missing."""

    system: System
    title: str
    """``sample 2`` or ``reference r1``; empty if the system has one summary of the article."""
    anchor: str
    text: str | None = None
    reason: str | None = None
    notes: tuple[str, ...] = ()
    lines: tuple[tuple[Segment, ...], ...] = ()
    """The text, split at claims and at evidence of facts. The indices in a segment count claims, then facts."""
    claims: tuple[Line, ...] = ()
    facts: tuple[Line, ...] = ()

    @property
    def problems(self) -> list[Line]:
        """Claims that are wrong, invented or undecided, worst first."""
        return [claim for label in CLAIM_ERRORS for claim in self.claims if claim.label == label]

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
        """The verdicts on one line: ``claims: 4 supported, 1 wrong; facts: …``."""
        claims = spread(Counter(line.label for line in self.claims if line.verdict), "grounding")
        facts = spread(Counter(line.label for line in self.facts if line.verdict), "coverage")
        return "; ".join([*([f"claims: {claims}"] if claims else []), *([f"facts: {facts}"] if facts else [])])


@dataclass(frozen=True, slots=True)
class ArticlePage:
    item: Item
    anchor: str
    columns: tuple[tuple[Role, System], ...]
    rows: tuple[MatrixRow, ...]
    cards: tuple[tuple[Card, ...], ...]
    """The cards of each system, in the order of the columns."""
    texts: tuple[tuple[str, tuple[tuple[Segment, ...], ...]], ...]
    """(name, lines) of each document or, without documents, of the whole text; the lines are split at ``passages``."""
    passages: tuple[Span, ...]
    """The evidence of facts and claims."""

    @property
    def groups(self) -> list[tuple[str, list[MatrixRow]]]:
        names = dict.fromkeys(row.fact.importance for row in self.rows)
        return [(name, [row for row in self.rows if row.fact.importance == name]) for name in names]

    @property
    def judged(self) -> bool:
        """True if people judged a verdict of the matrix."""
        return any(cell.people for row in self.rows for cell in row.cells)

    @property
    def unjudged(self) -> list[tuple[str, str]]:
        """The systems that lack a verdict, with the reasons."""
        cells = [
            (system.name, cell) for row in self.rows for (_, system), cell in zip(self.columns, row.cells, strict=True)
        ]
        return list(dict.fromkeys((name, cell.reason) for name, cell in cells if cell.reason))

    def passage_anchor(self, evidence: Span) -> str:
        return f"p-{digest(self.item.article.id, evidence.start, evidence.end)[:10]}"

    def rows_of(self, passage: Span) -> list[MatrixRow]:
        """List the rows of the facts whose evidence is this passage."""
        return [row for row in self.rows if row.fact.evidence and _bounds(row.fact.evidence) == _bounds(passage)]


def _bounds(span: Span) -> tuple[int, int]:
    return span.start, span.end


def build_page(index: Index, item: Item, systems: Sequence[System]) -> ArticlePage:
    """Collect the contents of an article's page. Its columns are the systems by role, in the given order."""
    columns = tuple((role, system) for role, members in group_by_role(systems).items() for system in members)
    facts = order_facts(item.facts)
    cards = tuple(_cards(index, item, system, facts) for _, system in columns)
    evidence = [fact.evidence for fact in facts if fact.evidence]
    evidence += [line.passage for column in cards for card in column for line in card.claims if line.passage]
    passages = tuple({_bounds(span): span for span in evidence}.values())
    return ArticlePage(
        item=item,
        anchor=article_anchor(item.article.id),
        columns=columns,
        rows=tuple(_row(index, item, columns, number, fact) for number, fact in enumerate(facts, start=1)),
        cards=cards,
        texts=tuple(_split_text(item.article, passages)),
        passages=passages,
    )


def _split_text(article: Article, spans: Sequence[Span]) -> Iterator[tuple[str, tuple[tuple[Segment, ...], ...]]]:
    """Yield (name, lines) of each document, and of the text between documents with an empty name."""
    at, bounds = 0, list[tuple[str, int, int]]()
    for part in (*article.documents, Part("", len(article.text), len(article.text))):
        if article.text[at : part.start].strip():
            bounds.append(("", at, part.start))
        if part.name:
            bounds.append((part.name, part.start, part.end))
        at = part.end
    for name, start, end in bounds:
        moved = [Span(span.start - start, span.end - start, span.text) for span in spans]
        yield name, tuple(map(tuple, group_lines(split_segments(article.text[start:end], moved))))


def explain(check: Check, premise: str) -> tuple[tuple[Difference, ...], Span | None]:
    """Return the differences to show, and the passage of the premise to quote for the verdict.

    Leave out differences that the two texts do not contain word for word. If a difference quotes a value of the premise
    outside the evidence, return the sentence with that value instead.
    """
    differences = tuple(
        each
        for each in check.verdict.differences
        if each.stated in check.hypothesis
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
    differs, anchor = None, summary_anchor(system.name, item.article.id, 0)
    if len(given) == 1:
        anchor = check_anchor(given[0])
        differs = next((own.label for check, own in judged if own.label != check.verdict.label), None)
    reason = next(iter(reasons), None) if summaries else NO_SUMMARY_ASKED
    return MatrixCell(labels, reason, ". ".join(dict.fromkeys(said)), differs, anchor)


def _explain_unjudged(summary: Summary) -> str:
    return summary.reason or "it was not verified"


def _cards(index: Index, item: Item, system: System, facts: Sequence[Fact]) -> tuple[Card, ...]:
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
    claims = [_line(index, number, check, item.article.text) for number, check in enumerate(checks, start=1)]
    verdicts = index.coverage(summary)
    fact_lines = []
    for number, fact in enumerate(facts, start=1):
        if check := verdicts.get(fact.id):
            fact_lines.append(_line(index, number, check, text, fact))
        else:
            place, why = verdict_anchor(summary.place, fact.id), _explain_unjudged(summary)
            fact_lines.append(Line(number, fact.statement, "coverage", place, None, reason=why, fact=fact))
    spans = [check.claim for check in checks if check.claim]
    spans += [(line.verdict and line.verdict.evidence) or Span(0, 0, "") for line in fact_lines]
    notes = [f"the prompt was truncated to fit the context: {generation.cut}"] if generation.cut else []
    notes += [generation.composition] if generation.composition else []
    if find_fragment(generation, item.article.language):
        notes.append("hit its token limit mid-sentence; the unfinished sentence is not checked")
    elif generation.finish == "length":
        notes.append("hit its token limit")
    return Card(
        system=system,
        title=title,
        anchor=anchor,
        text=text,
        notes=tuple(notes),
        lines=tuple(map(tuple, group_lines(split_segments(text, spans)))),
        claims=_number_repeated_anchors(claims),
        facts=tuple(fact_lines),
    )


def _line(index: Index, number: int, check: Check, premise: str, fact: Fact | None = None) -> Line:
    differences, passage = explain(check, premise)
    return Line(
        number=number,
        text=fact.statement if fact else check.hypothesis,
        use=check.use,
        anchor=check_anchor(check),
        verdict=check.verdict,
        own=index.own(check),
        reason=reason(check.verdict, check.use),
        passage=passage,
        evidence=make_excerpt(premise, passage) if passage else None,
        differences=differences,
        fact=fact,
    )


def _number_repeated_anchors(claims: Sequence[Line]) -> tuple[Line, ...]:
    """Number the anchors of repeated sentences, because an id must be unique."""
    seen: Counter[str] = Counter()
    unique = []
    for claim in claims:
        seen[claim.anchor] += 1
        again = seen[claim.anchor]
        unique.append(claim if again == 1 else replace(claim, anchor=f"{claim.anchor}-{again}"))
    return tuple(unique)


# Links ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses of the pages. Use ``Links()`` if everything is on one page."""

    front: str = ""
    pages: tuple[str, ...] = ()
    """The page of each article; empty if all articles are on the front page."""
    judging_url: str = ""
    """Address for judging verdicts; empty unless ``harness view`` serves the report."""

    def article(self, number: int, anchor: str) -> str:
        """Return the link to an anchor on an article's page, or on the only page."""
        return f"{self.pages[number] if self.pages else ''}#{anchor}"

    def judging(self, use: Use, hypothesis: str, premise: str) -> str:
        """Return the address for judging a pair with its verdict shown."""
        return f"{self.judging_url}?show_verdicts=1&pair={pair_id(pair_key(use, hypothesis, premise))}"


# HTML ids


def article_anchor(article_id: str) -> str:
    return f"a-{digest(article_id)[:10]}"


def summary_anchor(system: str, article_id: str, sample: int) -> str:
    return f"s-{digest(system, article_id, sample)[:10]}"


def fact_anchor(article_id: str, fact_id: str) -> str:
    return f"f-{digest(article_id, fact_id)[:10]}"


def verdict_anchor(place: Place, fact_id: str) -> str:
    return f"v-{digest(place.system, place.article_id, place.sample, fact_id)[:10]}"


def errors_anchor(system: str) -> str:
    return f"errors-{digest(system)[:10]}"


def check_anchor(check: Check) -> str:
    if check.use == "grounding":
        return f"c-{digest(check.system, check.article_id, check.sample, check.hypothesis)[:10]}"
    return verdict_anchor(check.place, check.target)
