"""The page of an article: a matrix of facts and systems, every summary with its verdicts, and the article's text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from harness.claims import find_fragment
from harness.data.labels import pair_id, pair_key
from harness.document.format import NO_REASON
from harness.document.labels import (
    format_counts,
    format_reason,
    group_by_role,
    name_annotators,
    name_label,
    name_verifier,
)
from harness.document.segments import Excerpt, Segment, group_lines, make_excerpt, split_segments
from harness.records import (
    Article,
    Check,
    Difference,
    Fact,
    Generation,
    Item,
    Label,
    Part,
    Place,
    Span,
    Summary,
    System,
    Use,
    Verdict,
)
from harness.report.index import Index
from harness.report.scores import NO_SUMMARY_REQUESTED
from harness.report.tally import CLAIM_ERRORS, NOT_VERIFIED, order_facts
from harness.signature import digest
from harness.text import sentences


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """The verdicts on one fact in one system's summaries of the article."""

    labels: Counter[Label]
    """Label → number of samples; missing verdicts do not count."""
    reason: str | None
    """Why the first sample without a verdict has none; None if all have one."""
    people: str
    """Who judged, and the verifier's own verdict; empty if nobody judged."""
    own: Label | None
    """The verifier's own verdict, if people disagree with it and there is only one sample."""
    anchor: str
    """The link target: the verdict or, if there are several samples, the first summary."""

    @property
    def label(self) -> Label | None:
        """The label that all samples share, or None if they differ or have none."""
        return next(iter(self.labels)) if len(self.labels) == 1 else None

    @property
    def decided(self) -> dict[Label, float]:
        """Each label's share of the decided samples."""
        counts = {label: count for label, count in self.labels.items() if label != "uncertain"}
        return {label: count / sum(counts.values()) for label, count in counts.items()}


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
    """Number of the claim in its summary, or of the fact in its article, from 1."""
    text: str
    use: Use
    anchor: str
    verdict: Verdict | None
    """None if a fact was not verified; ``reason`` then says why."""
    span: Span | None = None
    """The place in the summary: of the claim, or of the evidence for the fact."""
    own: Verdict | None = None
    """The verifier's own verdict, if people judged."""
    reason: str = ""
    passage: Span | None = None
    """The evidence in the article or the summary."""
    evidence: Excerpt | None = None
    differences: tuple[Difference, ...] = ()
    fact: Fact | None = None

    @property
    def label(self) -> Label | None:
        """The verdict's label, or None if there is no verdict, or if the verifier abstained."""
        return self.verdict.label if self.verdict and not self.verdict.abstained else None

    @property
    def states_fact(self) -> bool:
        """True for a fact that the summary states or contradicts."""
        return self.use == "coverage" and self.label in ("supported", "contradicted")


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
    lines: Sequence[Sequence[Segment]] = ()
    """The text, split at claims and at evidence for facts. The indices in a segment count claims, then facts."""
    claims: tuple[Line, ...] = ()
    facts: tuple[Line, ...] = ()

    @property
    def sections(self) -> list[tuple[str, list[Line]]]:
        """The claims and facts to list below the summary, each group with its title; the errors come first."""
        return [
            ("", [claim for label in (*CLAIM_ERRORS, None) for claim in self.claims if claim.label == label]),
            ("Claims that the article supports", [claim for claim in self.claims if claim.label == "supported"]),
            ("Facts kept, contradicted or undecided", [fact for fact in self.facts if fact.label != "absent"]),
            ("Facts lost", [fact for fact in self.facts if fact.label == "absent"]),
        ]

    def list_classes(self, segment: Segment) -> str:
        """List the CSS classes of a segment: one for each checked claim and each decided fact that covers it."""
        covering = [(self.claims + self.facts)[index] for index in segment.covering]
        claims = [f"said-{line.label}" for line in covering if line.use == "grounding" and line.label]
        facts = [f"fact-{line.label}" for line in covering if line.states_fact]
        return " ".join(dict.fromkeys((*claims, *facts)))

    def list_flags(self, segment: Segment) -> list[Line]:
        """List the lines to flag at the end of a segment: unsupported claims, and facts stated or contradicted."""
        ended = [(self.claims + self.facts)[index] for index in segment.closing]
        return [line for line in ended if line.states_fact or (line.use == "grounding" and line.label in CLAIM_ERRORS)]

    @property
    def tally(self) -> str:
        """The verdicts on one line: ``claims: 4 supported, 1 wrong; facts: …``; missing verdicts do not count."""
        claims = format_counts(Counter(line.label for line in self.claims if line.label), "grounding")
        facts = format_counts(Counter(line.label for line in self.facts if line.label), "coverage")
        return "; ".join([*([f"claims: {claims}"] if claims else []), *([f"facts: {facts}"] if facts else [])])


@dataclass(frozen=True, slots=True)
class ArticlePage:
    item: Item
    anchor: str
    columns: tuple[System, ...]
    rows: tuple[MatrixRow, ...]
    cards: tuple[tuple[Card, ...], ...]
    """The cards of each system, in the order of the columns."""
    texts: Sequence[tuple[str, Sequence[Sequence[Segment]]]]
    """(name, lines) of each document or, without documents, of the whole text; the lines are split at ``passages``."""
    passages: tuple[Span, ...]
    """The evidence of facts and claims."""

    @property
    def groups(self) -> list[tuple[str, list[MatrixRow]]]:
        """The rows by importance."""
        names = dict.fromkeys(row.fact.importance for row in self.rows)
        return [(name, [row for row in self.rows if row.fact.importance == name]) for name in names]

    @property
    def is_judged(self) -> bool:
        """True if people judged a verdict in the matrix."""
        return any(cell.people for row in self.rows for cell in row.cells)

    @property
    def missing_verdicts(self) -> list[tuple[str, str]]:
        """(system, reason) for each system that lacks a verdict."""
        pairs = [
            (system.name, cell.reason)
            for row in self.rows
            for system, cell in zip(self.columns, row.cells, strict=True)
        ]
        return list(dict.fromkeys((name, reason) for name, reason in pairs if reason))

    def passage_anchor(self, evidence: Span) -> str:
        return make_anchor("p", self.item.article.id, evidence.start, evidence.end)

    def rows_of(self, passage: Span) -> list[MatrixRow]:
        """List the rows of the facts whose evidence is this passage."""
        return [row for row in self.rows if row.fact.evidence and _bounds(row.fact.evidence) == _bounds(passage)]


def build_page(index: Index, item: Item, systems: Sequence[System]) -> ArticlePage:
    """Collect the contents of an article's page. Its columns are the systems by role, in the given order."""
    columns = tuple(system for members in group_by_role(systems).values() for system in members)
    facts = order_facts(item.facts)
    cards = tuple(tuple(_make_cards(index, item, system, facts)) for system in columns)
    evidence = [fact.evidence for fact in facts if fact.evidence]
    evidence += [line.passage for column in cards for card in column for line in card.claims if line.passage]
    passages = tuple({_bounds(span): span for span in evidence}.values())
    return ArticlePage(
        item=item,
        anchor=make_anchor("a", item.article.id),
        columns=columns,
        rows=tuple(_make_row(index, item, columns, number, fact) for number, fact in enumerate(facts, start=1)),
        cards=cards,
        texts=tuple(_split_text(item.article, passages)),
        passages=passages,
    )


def _bounds(span: Span) -> tuple[int, int]:
    return span.start, span.end


def _split_text(article: Article, spans: Sequence[Span]) -> Iterator[tuple[str, Sequence[Sequence[Segment]]]]:
    """Yield (name, lines) of each document, and of the text between documents, whose name is empty."""
    at, bounds = 0, list[tuple[str, int, int]]()
    for part in (*article.documents, Part("", len(article.text), len(article.text))):
        if article.text[at : part.start].strip():
            bounds.append(("", at, part.start))
        if part.name:
            bounds.append((part.name, part.start, part.end))
        at = part.end
    for name, start, end in bounds:
        yield name, group_lines(split_segments(article.text[start:end], spans, start))


def explain(check: Check, premise: str, language: str) -> tuple[tuple[Difference, ...], Span | None]:
    """Return the differences to show, and the passage of the premise to quote for the verdict.

    Leave out differences that the two texts do not contain word for word. If a difference quotes a value of the premise
    outside the evidence, return the sentence with that value instead of the evidence.
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
            return differences, next(
                (span for span in sentences(premise, language) if span.overlaps(each.found)), each.found
            )
    return differences, evidence


def _make_row(index: Index, item: Item, columns: Sequence[System], number: int, fact: Fact) -> MatrixRow:
    cells = tuple(_make_cell(index, item, system, fact) for system in columns)
    tested = [cell for system, cell in zip(columns, cells, strict=True) if system.role == "system"]
    compared = [cell.decided for cell in (tested if len(tested) > 1 else cells) if cell.decided]
    differs = any(shares != compared[0] for shares in compared)
    return MatrixRow(number, fact, cells, differs, make_anchor("f", item.article.id, fact.id))


def _make_cell(index: Index, item: Item, system: System, fact: Fact) -> MatrixCell:
    summaries = index.summaries(system.name, item.article.id)
    checks = [(summary, index.coverage(summary).get(fact.id)) for summary in summaries]
    given = [check for _, check in checks if check]
    reasons = [summary.reason or NOT_VERIFIED for summary, check in checks if check is None]
    reasons += [check.verdict.reason or NO_REASON for check in given if check.verdict.abstained]
    labels = Counter(check.verdict.label for check in given if not check.verdict.abstained)
    judged = [(check, own) for check in given if (own := index.own(check))]
    said = [
        f"judged by {name_annotators(check.verdict)}; {name_verifier(own)}: {name_label(own, 'coverage')}"
        for check, own in judged
    ]
    differs, anchor = None, make_anchor("s", system.name, item.article.id, 0)
    if len(given) == 1:
        anchor = check_anchor(given[0])
        differs = next(
            (own.label for check, own in judged if not own.abstained and own.label != check.verdict.label), None
        )
    reason = next(iter(reasons), None) if summaries else NO_SUMMARY_REQUESTED
    return MatrixCell(labels, reason, ". ".join(dict.fromkeys(said)), differs, anchor)


def _make_cards(index: Index, item: Item, system: System, facts: Sequence[Fact]) -> Iterator[Card]:
    """Make a card for each of a system's summaries. A system without a summary gets one card with the reason."""
    summaries = index.summaries(system.name, item.article.id)
    if not summaries:
        yield Card(system, "", make_anchor("s", system.name, item.article.id, 0), reason=NO_SUMMARY_REQUESTED)
    for summary in summaries:
        generation, text = summary.generation, summary.text
        anchor = make_anchor("s", system.name, item.article.id, summary.sample)
        title = f"sample {summary.sample + 1}" if len(summaries) > 1 else ""
        title = f"reference {generation.reference_id}" if generation.reference_id is not None else title
        if text is None:
            yield Card(system, title, anchor, reason=summary.reason)
            continue
        claims, fact_lines = _list_claims(index, item, summary), _list_facts(index, item, summary, facts)
        spans = [line.span or Span(0, 0, "") for line in (*claims, *fact_lines)]
        yield Card(
            system=system,
            title=title,
            anchor=anchor,
            text=text,
            notes=tuple(_list_notes(generation, item.article.language)),
            lines=group_lines(split_segments(text, spans)),
            claims=tuple(claims),
            facts=tuple(fact_lines),
        )


def _list_notes(generation: Generation, language: str) -> Iterator[str]:
    if generation.cut:
        yield f"the prompt was truncated to fit the context: {generation.cut}"
    if find_fragment(generation, language):
        yield "hit its token limit mid-sentence; the unfinished sentence is not checked"
    elif generation.finish == "length":
        yield "hit its token limit"


def _list_claims(index: Index, item: Item, summary: Summary) -> list[Line]:
    """List the summary's claims. Anchors of repeated claims are numbered, to keep ids unique."""
    claims: list[Line] = []
    for check in index.grounding(summary):
        line = _make_line(index, item, int(check.target) + 1, check)
        earlier = sum(other.text == line.text for other in claims)
        claims.append(replace(line, anchor=f"{line.anchor}-{earlier + 1}") if earlier else line)
    return claims


def _list_facts(index: Index, item: Item, summary: Summary, facts: Sequence[Fact]) -> list[Line]:
    checks, lines = index.coverage(summary), list[Line]()
    for number, fact in enumerate(facts, start=1):
        if check := checks.get(fact.id):
            lines.append(_make_line(index, item, number, check, fact))
        else:
            anchor, why = verdict_anchor(summary.place, fact.id), summary.reason or NOT_VERIFIED
            lines.append(Line(number, fact.statement, "coverage", anchor, None, reason=why, fact=fact))
    return lines


def _make_line(index: Index, item: Item, number: int, check: Check, fact: Fact | None = None) -> Line:
    premise = index.premise(check, item)
    differences, passage = explain(check, premise, item.article.language)
    return Line(
        number=number,
        text=fact.statement if fact else check.hypothesis,
        use=check.use,
        anchor=check_anchor(check),
        verdict=check.verdict,
        span=check.claim if check.use == "grounding" else check.verdict.evidence,
        own=index.own(check),
        reason=format_reason(check.verdict, check.use),
        passage=passage,
        evidence=make_excerpt(premise, passage) if passage else None,
        differences=differences,
        fact=fact,
    )


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


def make_anchor(kind: str, *parts: object) -> str:
    """Make an HTML id: of an article (a), claim (c), fact (f), passage (p), summary (s), verdict (v) or errors list."""
    return f"{kind}-{digest(*parts)[:10]}"


def verdict_anchor(place: Place, fact_id: str) -> str:
    return make_anchor("v", place.system, place.article_id, place.sample, fact_id)


def check_anchor(check: Check) -> str:
    if check.use == "grounding":
        return make_anchor("c", check.system, check.article_id, check.sample, check.hypothesis)
    return verdict_anchor(check.place, check.target)
