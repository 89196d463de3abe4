"""The claims of a summary are its sentences; each is checked against the article.

Markdown is removed first. These are not claims: headings, table rows, labels ("Summary:", "Title: Council approves
tram"), text without a letter (the "2." of an inline list) and a last sentence that the token limit left unfinished.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING

from harness.records import Fact, Generation, Item, Pair, Span
from harness.text import UNSPACED, canonical, is_ended, sentences, words

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_MARKUP = re.compile(r"[#*_`|~\[]")
_NO_PROSE = re.compile(r"\s*(\|.*\|\s*|```.*)")
"""A table row or a code fence."""
_BOLD_LABEL = re.compile(
    r"(?m)^[ \t]*(?:(?:[-*+•]|\d\d?[.)])[ \t]+)?(?P<label>(\*\*|__)[^*_\n]{1,60}(?:[:：]\2|\2[:：]))[ \t]*(?P<rest>.*)$"
)
_MIN_WORDS_AFTER_LABEL = 4
"""A bold label is dropped only if this many words follow it: without "Cost:", "9 million" would say too little."""
_HEADING = re.compile(
    r"(?i)\W*\w+(?:\W+\w+){0,3}\W*:\W*"
    r"|\W*(?:[^.!,:\n]{1,40}[.!,:]\s+){0,2}"
    r"(?:here|hier (?:ist|sind|eine?)|voici|aquí (?:está|tienes?|va)|(?:below|the following) (?:is|are))\b.{0,80}:\W*"
    r"|\W*\w{1,15}：\W*"
)
"""At most four words (in Chinese, 15 characters) and a colon, or "here …:" in four languages or "below is …:", perhaps
after a greeting or two ("Sure!")."""
_ADDRESS = re.compile(r"\]\([^\s)]*")  # the address of a link, after the link's text
_BOLD_LINE = re.compile(r"(\*\*|__)[^*_]+\1")
_MAX_TITLE_WORDS = 2
"""Maximum number of words in a bare title: a line without an end mark, before a blank line."""
_TITLE = re.compile(r"\W*(?:title|subtitle|headline|heading|subject|topic)\W*:.*", re.IGNORECASE)
_MAX_FACTS = 3
"""Maximum number of facts that a claim is checked against."""
_MAX_FALSE_VERSIONS = 2
"""Maximum number of false versions of facts that a claim is checked against."""
_STEM = re.compile(f".{{5}}|[{UNSPACED}]")
"""The first five letters of a word, so that "unanimous" matches "unanimously"; shorter words have no stem. In scripts
without spaces, each character is a stem."""
_MIN_SHARED_WORDS = 2
"""A claim is checked against a fact only if they share at least this many words."""


def find_claims(generation: Generation, language: str) -> list[Span]:
    """Return the claims of a summary in order; ``language`` is an RFC 5646 tag.

    Offsets refer to the summary; the text of a claim has no Markdown.
    """
    text = generation.text or ""
    cut = find_fragment(generation, language)
    return [
        sentence
        for sentence in _split(text, language)
        if any(map(str.isalpha, sentence.text)) and not _is_heading(text, sentence) and sentence != cut
    ]


def find_fragment(generation: Generation, language: str) -> Span | None:
    """Return the last sentence of a summary if the token limit left it unfinished, or None."""
    if generation.finish != "length":
        return None
    spans = _split(generation.text or "", language)
    return spans[-1] if spans and not is_ended(spans[-1].text) else None


def make_pair(claim: str, item: Item) -> Pair:
    """Make the pair that asks whether an article supports a claim, with the editor's facts nearest to the claim."""
    said = canonical(claim)
    denied = (fact.statement for fact in item.facts if any(canonical(text) == said for text in fact.contradictions))
    return replace(
        Pair.of_claim(item.article, claim),
        facts=find_nearest_facts(claim, item.facts),
        denied=next(denied, ""),
        false_versions=find_nearest_false_versions(claim, item.facts),
    )


def find_nearest_facts(claim: str, facts: Iterable[Fact]) -> tuple[str, ...]:
    """Return the facts that share the most words with a claim, nearest first, each in its nearest wording."""
    claim_words = set(words(claim))

    def shared(text: str) -> int:
        return len(claim_words & _list_distinct_words(text))

    wordings = (max((fact.statement, *fact.accepted), key=shared) for fact in facts)
    near = sorted((text for text in wordings if shared(text) >= _MIN_SHARED_WORDS), key=shared, reverse=True)
    return tuple(near[:_MAX_FACTS])


def find_nearest_false_versions(claim: str, facts: Iterable[Fact]) -> tuple[tuple[str, str], ...]:
    """Return the false versions that share the most word stems with a claim, nearest first, each with its fact."""

    def stems(text: str) -> set[str]:
        return {match[0] for match in map(_STEM.match, _list_distinct_words(text)) if match}

    claim_stems = stems(claim)
    shared = {
        (false, fact.statement): len(claim_stems & stems(false)) for fact in facts for false in fact.contradictions
    }
    near = sorted((each for each in shared if shared[each]), key=lambda each: -shared[each])
    return tuple(near[:_MAX_FALSE_VERSIONS])


@lru_cache(maxsize=4096)  # each claim of a summary is compared with the same facts
def _list_distinct_words(text: str) -> frozenset[str]:
    return frozenset(words(text))


@lru_cache(maxsize=4096)
def _split(text: str, language: str) -> tuple[Span, ...]:
    """Split a summary into sentences without Markdown."""
    if not _MARKUP.search(text):
        return sentences(text, language)
    plain = blank_markdown(text)

    def remove_blanks(span: Span) -> Span:
        """Remove the spaces that replaced Markdown."""
        pairs = zip(span.text, text[span.start : span.end], strict=True)
        kept = "".join(own for own, original in pairs if own != " " or original.isspace())
        return span if len(kept) == len(span.text) else Span(span.start, span.end, " ".join(kept.split()))

    return tuple(map(remove_blanks, sentences(plain, language)))


def blank_markdown(text: str) -> str:
    """Replace Markdown, headings, tables and bold labels with spaces, so that offsets stay the same."""
    source = text.replace("\r", " ")
    lines = source.split("\n")
    starts = [0, *accumulate(len(line) + 1 for line in lines)]
    kept = list(re.sub(r"[^\n]", " ", source))
    for start, end in _iter_prose(source, starts):
        kept[start:end] = source[start:end]
    rows = [number for number, line in enumerate(lines) if _NO_PROSE.fullmatch(line)]
    labels = [match for match in _BOLD_LABEL.finditer(source) if len(words(match["rest"])) >= _MIN_WORDS_AFTER_LABEL]
    blanks = [*((starts[row], starts[row + 1] - 1) for row in rows), *(label.span("label") for label in labels)]
    for start, end in blanks:
        kept[start:end] = " " * (end - start)
    return "".join(kept)


def _iter_prose(source: str, starts: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield (start, end) for each piece of text in paragraphs and code fences."""
    block, flat = "", source.replace("\n", " ").replace("\0", "\ufffd")  # the parser replaces these, too
    for token in _parser().parse(source):
        if token.map is None:
            continue
        first, end = starts[token.map[0]], starts[token.map[1]]
        if token.type == "fence":
            yield starts[token.map[0] + 1], end
        elif token.type != "inline":
            block = token.type
        elif block == "paragraph_open":
            for child in token.children or ():
                if child.type == "link_close" and (address := _ADDRESS.search(source, first, end)):
                    first = address.end()
                place = flat.find(child.content.replace("\n", " "), first, end)
                if child.type in ("text", "code_inline") and place >= 0:
                    first = place + len(child.content)
                    yield place, first


@cache
def _parser() -> MarkdownIt:
    """Make a parser that ignores lists and quotes, because ``text.sentences`` handles them."""
    from markdown_it import MarkdownIt

    rules = ["heading", "table", "fence", "emphasis", "strikethrough", "backticks", "link"]
    return MarkdownIt("zero").enable(rules)


def _is_heading(text: str, sentence: Span) -> bool:
    """True if the sentence's line is a title or an announcement ("Here is a summary:")."""
    before, after = text[: sentence.start].rpartition("\n")[2], text[sentence.end :].partition("\n")
    line = f"{before}{text[sentence.start : sentence.end]}{after[0]}".strip()
    if _HEADING.fullmatch(line):
        return True
    if is_ended(line):
        return False
    is_short_title = (
        not before.strip() and len(words(line)) <= _MAX_TITLE_WORDS and re.match(r"[^\S\n]*\n", after[2]) is not None
    )
    return is_short_title or bool(_TITLE.fullmatch(line) or _BOLD_LINE.fullmatch(line))
