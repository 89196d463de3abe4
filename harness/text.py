"""Split text into sentences, paragraphs and words, with their offsets."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import cache, lru_cache

from harness.records import Span

_PARAGRAPH = re.compile(r"\S(?:[^\n]*\S)?")
_BULLET = re.compile(r"\s*(?:[-*•–—>]\s+|\(?(?:\d{1,2}|[a-z])\)\s+|(?P<number>\d{1,2})\.\s+)?")
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
    "\u3040-\u30ff\u31f0-\u31ff"  # kana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"  # Han
)
"""Character class of the scripts that are written without spaces between words."""

_END_MARKS = ".!?…。．！？｡।؟۔։።"
_ENDED = re.compile(
    rf"""
    [{_END_MARKS}]
    (?:\s?»)?  # « Oui. »
    ['\"'”’»›)\]}}」』】*_]*
    \s*$
    """,
    re.VERBOSE,
)
"""A sentence's final punctuation, in any script, with the quotes and brackets that close after it."""
_CLOCK_TIME = re.compile(r"\d ?[ap]\.m\.$")
_DAY_OR_ZONE = re.compile(r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|(?:[CEMP][SD]?T|BST|GMT|UTC)\b")
"""What may follow a clock time: "5 p.m. Tuesday", "10 a.m. EST"."""
_SHORT_WORD = re.compile(r"(?<![\w.])[^\W\d_]{1,4}\.$")
_QUOTE = re.compile("[\"'`‘’“”«»„‹›]")
_MARKS_ALONE = re.compile(rf"{_QUOTE.pattern}+")
_QUOTED_END = re.compile(
    rf"""
    (?<![{_END_MARKS}])([{_END_MARKS}]+)  # tries each run of marks once, so that time is linear
    ((?:[ \u00a0\u202f](?=»))?{_QUOTE.pattern}+)  # « Oui. »
    (?=
        (\s+[^\W\d_]|(?<=[“‘«»]),)  # “Yes!” she said; „Ja!“, rief Ann
        |\s
        |$
        |(?<=[”’])[{UNSPACED}]|(?<=[。！？][”’])\d  # Chinese puts no space between sentences
    )
    """,
    re.VERBOSE,
)
"""End marks, and the quotes that close after them."""
_DIGIT_AFTER_END = re.compile(r"(?:(?<=[。！？])|(?<=[。！？][」』]))\d")
_NEGATORS = frozenset(["not", "no", "never", "nobody", "none", "nothing", "neither", "nor", "cannot"])
_SURROGATE = re.compile("[\ud800-\udfff]")
_INVISIBLE = dict.fromkeys([0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF])
_EMPTY_LETTERS = "\u115f\u1160\u2800\u3164\uffa0"  # Hangul fillers and the empty Braille pattern
_PLAIN = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "..."})
_GLUED = re.compile("[¼-¾⅐-⅞²³¹⁰⁴-⁹]")
"""Fractions and superscript digits, which NFKC would join to a digit before them."""


def paragraphs(text: str) -> list[Span]:
    """Split a text into paragraphs: its non-blank lines, without surrounding white space."""
    return [Span(*match.span(), match[0]) for match in _PARAGRAPH.finditer(text)]


def is_headline(paragraph: Span, title: str | None) -> bool:
    """True if a paragraph is the text's headline: its title, or a first line without an end mark."""
    return paragraph.text == title or (paragraph.start == 0 and not is_ended(paragraph.text))


@lru_cache(maxsize=4096)
def sentences(text: str, language: str = "en") -> tuple[Span, ...]:
    """Split a text into sentences, without bullet marks. A line break always ends a sentence.

    sentencex finds the boundaries, with the rules and abbreviations of the language; offsets refer to ``text``.
    """
    from sentencex import get_sentence_boundaries

    language = base_language(language)  # sentencex splits "de-CH" by English rules
    spans: list[Span] = []
    readable = _mask_quotes(replace_surrogates(text))
    for paragraph in paragraphs(text):
        line = readable[paragraph.start : paragraph.end]
        mark = _BULLET.match(line)
        length = mark.end() if mark and not _is_ordinal(mark, line, language) else 0
        start = paragraph.start + length
        for boundary in get_sentence_boundaries(language, line[length:]):
            span = trim(text, start + boundary["start_index"], start + boundary["end_index"])
            if span and spans and spans[-1].start >= start and _is_continued(spans[-1].text, span.text, language):
                span = trim(text, spans.pop().start, span.end)
            if span:
                spans.append(span)
    return tuple(spans)


def _is_continued(before: str, after: str, language: str) -> bool:
    """True if a sentence goes on: with a closing quote, an ordinal sign or a day, or after an initial or title ("M.").

    Few languages' rules know titles, but English rules know those of several languages.
    """
    if _MARKS_ALONE.fullmatch(after) or after[0] in "ºª°":  # la n.º 3, il 1.° maggio
        return True
    if _CLOCK_TIME.search(before) and _DAY_OR_ZONE.match(after):
        return True
    short = _SHORT_WORD.search(before)
    if language == "en" or not short or not short[0][0].isupper():
        return False
    return short.start() == 0 or _find_end(f"{short[0]} {_QUOTE.sub('_', after)}", "en") > len(short[0]) + 1


def _find_end(text: str, language: str) -> int:
    """Return where the first sentence of a text ends, with the space after it."""
    from sentencex import get_sentence_boundaries

    return int(next(iter(get_sentence_boundaries(language, text)))["end_index"])


def _mask_quotes(text: str) -> str:
    """Replace quotation marks with characters that do not affect sentence splitting.

    sentencex takes everything in quotation marks for one sentence, and an apostrophe for the start of a quote; one
    CNN/DailyMail article then had a sentence of 819 words. End marks move behind the quote (``"Go." He`` →
    ``_Go_. He``); before a small letter (``"Go?" he asked``) or a comma they become commas. A digit after a Chinese end
    mark is replaced, too, because sentencex ends no sentence before a digit.
    """

    def swap(match: re.Match[str]) -> str:
        marks, quotes, follows = match[1], match[2], (match[3] or "").strip()
        return "_" * len(quotes) + ("," * len(marks) if follows == "," or follows.islower() else marks)

    return _DIGIT_AFTER_END.sub("_", _QUOTE.sub("_", _QUOTED_END.sub(swap, text)))


def _is_ordinal(mark: re.Match[str], line: str, language: str) -> bool:
    """True if a number with a full stop begins a sentence, not a list item, as in German "12. Mai" (12 May)."""
    return bool(mark["number"]) and language != "en" and _find_end(line, language) > mark.end()


def is_ended(sentence: str) -> bool:
    """True if a sentence has an end mark, possibly before closing quotes and brackets."""
    return bool(_ENDED.search(sentence))


def words(text: str) -> list[str]:
    """Return the words and numbers in lower case: runs of letters and digits, with at most one apostrophe inside.

    Combining marks belong to the letter before them. In scripts without spaces each letter is a word, as is usual for
    ROUGE, and marks are dropped.
    """
    return [match.group().lower() for match in _compile_word().finditer(normalise(text))]


def is_negator(word: str) -> bool:
    """True for English words such as "not", "never" and "won't"."""
    return word in _NEGATORS or word.endswith("n't")


def base_language(tag: str) -> str:
    """Return the language of an RFC 5646 tag: ``en`` for ``EN-GB``."""
    return tag.partition("-")[0].lower()


def is_blank(text: str) -> bool:
    """True if a text has only white space, control and zero-width characters."""
    return not any(
        unicodedata.category(character)[0] in "LNPS" for character in text if character not in _EMPTY_LETTERS
    )


def replace_surrogates(text: str) -> str:
    """Replace each half of a surrogate pair with U+FFFD, so that UTF-8 can encode the text."""
    return _SURROGATE.sub("\ufffd", text)


def normalise(text: str) -> str:
    """Convert to NFKC, without invisible characters and with plain quotes and dashes."""
    separated = _GLUED.sub(lambda sign: convert_to_nfkc(sign.group(), text[sign.start() - 1 : sign.start()]), text)
    return unicodedata.normalize("NFKC", separated).translate(_INVISIBLE).translate(_PLAIN)


@lru_cache(10_000)  # lint compares each fact with all others
def canonical(statement: str) -> str:
    """Normalise a statement: drop case, spacing, typography and the full stop or exclamation mark."""
    return " ".join(normalise(statement).casefold().split()).rstrip(" .!。।۔")


def convert_to_nfkc(sign: str, before: str) -> str:
    """Convert a character to NFKC so that a digit before it keeps its value: ``2½`` → ``2.5``, ``10²`` → ``10 2``."""
    form = unicodedata.normalize("NFKC", sign)
    if not _GLUED.fullmatch(sign) or not before.isdecimal():
        return form.replace("⁄", "/")
    return f"{unicodedata.numeric(sign):.3g}".removeprefix("0") if "⁄" in form else f" {form}"


@cache
def _compile_word() -> re.Pattern[str]:
    r"""Compile the pattern of a word with its combining marks, which ``\w`` does not match."""
    blocks = (*range(0x0300, 0xFE00), *range(0xFE10, 0x20000))  # all with marks, except the variation selectors
    marks = "".join(sign for sign in map(chr, blocks) if unicodedata.category(sign) in ("Mn", "Mc"))
    letter = rf"[^\W_{UNSPACED}]"
    letters = f"{letter}+(?:[{marks}]{letter}*)*"
    return re.compile(rf"{letters}(?:['’]{letters})?|[^\W_]")


def trim(text: str, start: int, end: int) -> Span | None:
    """Return ``text[start:end]`` without surrounding white space, or None if nothing is left."""
    piece = text[start:end].strip()
    begin = text.find(piece, start)
    return Span(begin, begin + len(piece), piece) if piece else None


_TURN = re.compile(
    r"""
    (?:^|(?<=[.!?…)\"'”’]))[^\S\n]*
    (?:[-•*>]\s+)?
    (?:[\[(][^\])\n]{1,20}[\])][^\S\n]*)?  # a time
    [*_]{0,2}
    (?P<speaker>[^\W\d_][\w.'’-]{0,40}(?:[ ][\w.'’\#-]{1,40}){0,3})  # bounded, so that time is linear
    (?:,[ ][^:\n]{1,40}|[ ]?\([^):\n]{1,40}\))?  # a role
    [*_]{0,2}:[*_]{0,2}
    (?:[^\S\n]+\S|(?=\n))
    """,
    re.MULTILINE | re.VERBOSE,
)
"""The start of a speaker's turn, on a new line or after a sentence: ``Anna:``, ``[10:02] ANNA BELL, MAYOR:``."""
_MIN_TURNS = 4
_MAX_WORDS_PER_TURN = 80


def is_dialogue(text: str) -> bool:
    """True if a text is a chat, an interview or a transcript: at least two speakers each speak repeatedly."""
    matches = [match for match in _TURN.finditer(text) if _is_name(match["speaker"])]
    counts = Counter(match["speaker"].casefold() for match in matches)
    recurring = [count for count in counts.values() if count > 1]
    turns = sum(recurring)
    if len(recurring) < 2 or turns < _MIN_TURNS:
        return False
    return matches[0].start() < len(text) / 3 and len(text.split()) <= _MAX_WORDS_PER_TURN * turns


def _is_name(speaker: str) -> bool:
    names = speaker.split()
    return len(names) == 1 or not any(name[0].islower() for name in names)
