"""One summary in full: its text with the marked passages, its sentences and the facts, each with the evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from harness.claims import fragment
from harness.document import format as fmt
from harness.document import labels
from harness.document.labels import MARKS, spread
from harness.document.segments import Excerpt, Segment, excerpt, lines, segments
from harness.records import Check, Fact, Item, Label, Span, Summary, System, Verdict
from harness.report import words
from harness.report.index import Index
from harness.report.matrix import unjudged
from harness.report.tally import LOST

_OPENING = 160
"""Characters of a summary that stand there while it is folded."""


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """A sentence of the summary and what the article says to it."""

    number: int
    text: str
    verdict: Verdict
    evidence: Excerpt | None
    """The passage of the article that decided."""
    own: Verdict | None = None
    """The verifier's own verdict, where people's labels replaced it."""

    @property
    def reason(self) -> str:
        return labels.reason(self.verdict, "grounding")


@dataclass(frozen=True, slots=True)
class FactLine:
    """A fact and what the summary says to it."""

    number: int
    """The fact's number in the matrix."""
    fact: Fact
    verdict: Verdict | None
    evidence: Excerpt | None
    """The passage of the summary that decided."""
    reason: str | None
    own: Verdict | None = None
    """The verifier's own verdict, where people's labels replaced it."""

    @property
    def is_stated(self) -> bool:
        """Whether the summary says something of the fact, or may say something."""
        return self.verdict is not None and self.verdict.label != "absent"


@dataclass(frozen=True, slots=True)
class Card:
    """A summary, or the place where one is missing."""

    system: System
    sample: int
    title: str
    """What tells it from the system's other summaries of the article; empty where there is one only."""
    text: str | None
    reason: str | None
    """Why there is no text."""
    notes: tuple[str, ...] = ()
    """What happened to the text: the prompt was cut, the token limit reached."""
    lines: tuple[tuple[Segment, ...], ...] = ()
    """The text cut by sentences and evidence. A segment's passages: first the claims, then the facts' evidence."""
    claims: tuple[ClaimLine, ...] = ()
    facts: tuple[FactLine, ...] = ()

    @property
    def problems(self) -> tuple[ClaimLine, ...]:
        """The sentences that the article is not known to support."""
        return tuple(claim for claim in self.claims if claim.verdict.label != "supported")

    @property
    def problems_in_words(self) -> str:
        """``1 wrong, 2 not in the article, 1 undecided of 4 claims``."""
        listed = spread(Counter(claim.verdict.label for claim in self.problems), "grounding")
        return f"{listed} of {fmt.plural(len(self.claims), 'claim')}"

    @property
    def opening(self) -> str:
        """The first words of the summary, on one line."""
        return fmt.opening(" ".join((self.text or "").split()), _OPENING)

    @property
    def unsupported(self) -> tuple[ClaimLine, ...]:
        """The sentences that are wrong, then those that are not in the article."""
        return tuple(claim for label in LOST for claim in self.claims if claim.verdict.label == label)

    @property
    def supported(self) -> tuple[ClaimLine, ...]:
        """The sentences that the article supports."""
        return tuple(claim for claim in self.claims if claim.verdict.label == "supported")

    @property
    def stated(self) -> tuple[FactLine, ...]:
        """The facts that the summary says something of, or may say."""
        return tuple(line for line in self.facts if line.is_stated)

    @property
    def stated_in_words(self) -> str:
        """``8 kept, 1 contradicted, 2 undecided``."""
        return spread(Counter(line.verdict.label for line in self.stated if line.verdict), "coverage")

    @property
    def not_stated_in_words(self) -> str:
        """``48 facts lost``."""
        checked = sum(line.verdict is not None for line in self.not_stated)
        return words.facts_of_summary(checked, len(self.not_stated) - checked)

    @property
    def not_stated(self) -> tuple[FactLine, ...]:
        """The facts that it does not have, or that nobody looked for."""
        return tuple(line for line in self.facts if not line.is_stated)

    @property
    def tally(self) -> list[tuple[Label, int]]:
        """How many facts have which verdict, of those that have any."""
        counts = Counter(line.verdict.label for line in self.facts if line.verdict)
        return [(label, counts[label]) for label in MARKS if counts[label]]


def cards(index: Index, item: Item, system: System, facts: Sequence[Fact]) -> tuple[Card, ...]:
    """A card a sample; one that gives the reason where there is no summary. ``facts`` are in the matrix's order."""
    summaries = index.summaries(system.name, item)
    if not summaries:
        return (Card(system, 0, "", None, words.NOTHING_ASKED),)
    return tuple(_card(index, item, system, summary, facts) for summary in summaries)


def _card(index: Index, item: Item, system: System, summary: Summary, facts: Sequence[Fact]) -> Card:
    text = summary.text
    title = _title(summary, several=len(index.summaries(system.name, item)) > 1)
    if text is None:
        return Card(system, summary.sample, title, None, summary.reason)
    claims = [(check, check.claim) for check in index.grounding(summary) if check.claim]
    verdicts = index.coverage(summary)
    fact_lines = [
        _fact(index, summary, number, fact, verdicts.get(fact.id)) for number, fact in enumerate(facts, start=1)
    ]
    spans = [claim for _, claim in claims] + [_passage(line) for line in fact_lines]
    return Card(
        system=system,
        sample=summary.sample,
        title=title,
        text=text,
        reason=None,
        notes=_notes(item, summary),
        lines=tuple(tuple(line) for line in lines(segments(text, spans))),
        claims=tuple(_claim(index, item, number, check) for number, (check, _) in enumerate(claims, start=1)),
        facts=tuple(fact_lines),
    )


def _title(summary: Summary, several: bool) -> str:
    reference = summary.generation.reference_id
    if reference is not None:
        return f"reference {reference}"
    return f"sample {summary.sample + 1}" if several else ""


def _passage(line: FactLine) -> Span:
    evidence = line.verdict.evidence if line.verdict else None
    return evidence or Span(0, 0, "")  # an empty span marks nothing, and keeps the indices in step with the facts


def _notes(item: Item, summary: Summary) -> tuple[str, ...]:
    generation = summary.generation
    notes = [words.prompt_cut(generation.cut)] if generation.cut else []
    if generation.how:
        notes.append(generation.how)
    if generation.finish == "length":
        cut = fragment(generation, item.article.language)
        notes.append(words.STOPPED_IN_SENTENCE if cut else words.STOPPED_AT_LIMIT)
    return tuple(notes)


def _claim(index: Index, item: Item, number: int, check: Check) -> ClaimLine:
    evidence = check.verdict.evidence
    shown = excerpt(item.article.text, evidence) if evidence else None
    return ClaimLine(number, check.hypothesis, check.verdict, shown, index.own(check))


def _fact(index: Index, summary: Summary, number: int, fact: Fact, check: Check | None) -> FactLine:
    if check is None:
        return FactLine(number, fact, None, None, unjudged(summary))
    evidence = check.verdict.evidence
    shown = excerpt(summary.text or "", evidence) if evidence else None
    return FactLine(number, fact, check.verdict, shown, labels.reason(check.verdict, "coverage"), index.own(check))
