"""An article to mark passages in: its sentences, with the evidence of facts shown where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from harness.document.segments import segments
from harness.records import Article, Fact, Span
from harness.text import is_headline, paragraphs, sentences


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a sentence that every passage covers whole or not at all."""

    text: str
    facts: tuple[str, ...]
    """Ids of the facts that have their evidence here."""
    chosen: bool
    """Whether it belongs to the passage that is the evidence now."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with the white space behind it, so that the paragraph's text is verbatim."""

    span: Span
    pieces: tuple[Piece, ...]
    after: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of the article; ``number`` counts from 1."""

    number: int
    before: str
    """What stands before its first sentence: a bullet mark."""
    sentences: tuple[Sentence, ...]
    bare: bool
    """Whether no fact has its evidence here, nor the one that is being written; a headline needs none."""


def marked(article: Article, facts: Sequence[Fact], chosen: Span | None) -> Iterator[Paragraph]:
    """The article by paragraph; joined, each gives its text letter by letter."""
    passages = [(fact.evidence, fact.id) for fact in facts if fact.evidence]
    spans = list(sentences(article.text, article.language))
    at = 0
    for number, paragraph in enumerate(paragraphs(article.text), start=1):
        own = []
        while at < len(spans) and spans[at].start < paragraph.end:
            own.append(spans[at])
            at += 1
        near = [(span, name) for span, name in passages if span.overlaps(paragraph)]
        ends = [*(span.start for span in own[1:]), paragraph.end]
        cut = tuple(
            Sentence(span, tuple(_pieces(span, near, chosen)), article.text[span.end : end])
            for span, end in zip(own, ends, strict=True)
        )
        before = article.text[paragraph.start : own[0].start] if own else paragraph.text
        has_fact = near or (chosen and chosen.overlaps(paragraph))
        bare = not has_fact and not is_headline(paragraph, article.title)
        yield Paragraph(number, before, cut, bare)


def _pieces(sentence: Span, passages: Sequence[tuple[Span, str]], chosen: Span | None) -> Iterator[Piece]:
    here = [(span, name) for span, name in passages if span.overlaps(sentence)]
    spans = [*(span for span, _ in here), *([chosen] if chosen and chosen.overlaps(sentence) else [])]
    moved = [Span(span.start - sentence.start, span.end - sentence.start, span.text) for span in spans]
    for segment in segments(sentence.text, moved):
        covering = [index for index in segment.covering if index < len(here)]
        yield Piece(segment.text, tuple(here[index][1] for index in covering), len(covering) < len(segment.covering))
