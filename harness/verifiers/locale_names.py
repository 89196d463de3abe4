"""Find names of people, firms and places in German, French, Spanish and Chinese sentences.

In French and Spanish, a capital inside a sentence marks a name. German capitalises every noun, and Chinese has no
capitals: there HanTa and jieba (the extra ``names``) tag the names.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from harness.records import Span
from harness.text import base_language
from harness.verifiers.locale_values import fold, load_stop_words, stem
from harness.weights.store import home

if TYPE_CHECKING:
    from HanTa.HanoverTagger import HanoverTagger
    from jieba.posseg import POSTokenizer

_TAGGERS = {"de": "HanTa", "zh": "jieba"}
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_LINKS = re.compile(r" (?:(?:de|del|di|da|la|van|von|der|den|zu|y) )*|-")
"""What may stand between two words of a name: Ursula von der Leyen."""
_MARGIN = 1.0
"""Minimum log likelihood ratio of a one-word name to a noun in HanTa; unknown foreign nouns may come close to it."""
_SIMILAR = 75
"""Minimum similarity (rapidfuzz, 0 to 100) of two spellings of one name, such as Selenskyj and Zelensky."""
_LOCATIVE = re.compile(r"in|im|aus|nach|nahe|bei|à|au|aux|en|dans|vers|depuis|chez|a|desde|hacia|hasta")
"""Words before places. Places are not compared, because a text may name the region instead of the town."""
_TOWN = re.compile(r"\b(ville|commune|village|ciudad|municipio|pueblo) (?:de |d['’])$", re.IGNORECASE)
"""Towns after such a noun are compared, because no region follows it."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a sentence, with the words before and after it in lower case ("" at the sentence's ends)."""

    span: Span
    before: str
    after: str
    language: str

    @property
    def is_full(self) -> bool:
        """True for two or more words, such as a first name and a surname, and for Chinese names of people."""
        return self.language == "zh" or len(_WORD.findall(self.span.text)) > 1

    def drop_shared_start(self, other: Name) -> Name:
        """Leave out the first word if both names have it and two words are left: Hacienda in "Hacienda Rosa Cano"."""
        first, *rest = words = list(_WORD.finditer(self.span.text))
        if len(words) < 3 or not other.span.text.startswith(f"{first[0]} "):
            return self
        start = rest[0].start()
        span = Span(self.span.start + start, self.span.end, self.span.text[start:])
        return Name(span, first[0].casefold(), self.after, self.language)

    def replaces(self, other: Name) -> bool:
        """True if both names follow the same noun or verb, or are full names beside the same word."""
        is_described = bool(self.before) and self.before not in load_stop_words(self.language)
        if is_described and _is_same_word(self.before, other.before, self.language):
            return True
        is_place = any(_LOCATIVE.fullmatch(each.before) for each in (self, other))
        is_beside = self.before == other.before or (self.after and self.after == other.after)
        return self.is_full and other.is_full and not is_place and bool(is_beside)

    def is_in(self, text: str) -> bool:
        """True if the text has a word of the name, an inflected form, another spelling or an abbreviation."""
        if self.language == "zh":
            return any(sign in text for sign in self.span.text)
        capitalised = [word for word in _WORD.findall(self.span.text) if word[0].isupper()]
        if any(word.isupper() for word in capitalised):
            return True  # an abbreviation may stand for any name
        initials = "".join(word[0] for word in capitalised)
        others = {fold(word) for word in re.findall(r"[^\W\d_]+", text) if word[0].isupper()}
        return (len(initials) > 1 and initials in text) or any(
            _is_similar(word, other) for word in fold(self.span.text).replace("-", " ").split() for other in others
        )


def list_tagger_versions() -> dict[str, str]:
    """Return the versions of the installed taggers, for ``Plugin.depends``."""
    return {package.casefold(): _find_version(package) or "none" for package in _TAGGERS.values()}


def read_names(sentence: Span, tag: str, taken: Collection[Span]) -> list[Name]:
    """Return the names of a sentence that do not overlap ``taken``; none if the language's tagger is not installed."""
    language = base_language(tag)
    if language in _TAGGERS and _find_version(_TAGGERS[language]) is None:
        return []
    found = _find_chinese(sentence.text) if language == "zh" else _find_spaced(sentence.text, language)
    names = []
    for start, end, before, after in found:
        span = Span(sentence.start + start, sentence.start + end, sentence.text[start:end])
        if not any(span.overlaps(each) for each in taken):
            names.append(Name(span, before.casefold(), after.casefold(), language))
    return names


def _find_spaced(text: str, language: str) -> Iterator[tuple[int, int, str, str]]:
    words, first = list(_WORD.finditer(text)), 0
    while first < len(words):
        last = first
        while last + 1 < len(words) and (following := _find_next(text, words, last)):
            last = following
        if _starts_name(text, words[first], language, is_alone=first == last):
            town = _TOWN.search(text[: words[first].start()])
            before = town[1] if town else words[first - 1][0] if first else ""
            after = words[last + 1][0] if last + 1 < len(words) else ""
            yield words[first].start(), words[last].end(), before, after
            first = last
        first += 1


def _find_next(text: str, words: list[re.Match[str]], last: int) -> int | None:
    """Return the next capitalised word if only a space, a hyphen or words such as "von der" come before it."""
    for following in range(last + 1, min(last + 4, len(words))):
        if words[following][0][0].isupper():
            is_linked = _LINKS.fullmatch(text[words[last].end() : words[following].start()])
            return following if is_linked else None
    return None


def _starts_name(text: str, word: re.Match[str], language: str, *, is_alone: bool) -> bool:
    if not word[0][0].isupper() or len(word[0]) < 3 or word[0].casefold() in load_stop_words(language):
        return False
    if language == "de":
        scores = dict(_load_hanta().tag_word(word[0]))
        margin = _MARGIN if is_alone else 0
        return max(scores, key=scores.__getitem__) == "NE" and bool(scores["NE"] - scores.get("NN", -1e9) >= margin)
    is_first = not re.search(r"[\w,;)]['’]?\s*$", text[: word.start()])  # capitalised anyway
    return not (is_first and is_alone)


def _find_chinese(text: str) -> Iterator[tuple[int, int, str, str]]:
    """Yield names of people (jieba's tags nr, nrt and nrfg); words joined by · are one name."""
    words, start, first = list(_load_jieba().cut(text)), 0, 0
    while first < len(words):
        last = first
        while last + 2 < len(words) and words[last + 1].word == "·":
            last += 2
        name = "".join(each.word for each in words[first : last + 1])
        if words[first].flag.startswith("nr") and len(name) > 1:
            before = words[first - 1].word if first else ""
            after = words[last + 1].word if last + 1 < len(words) else ""
            yield start, start + len(name), before, after
        start, first = start + len(name), last + 1


def _is_similar(word: str, other: str) -> bool:
    """True for equal words, inflections and compounds (Berlin, Berliner), and two spellings of one name."""
    from rapidfuzz.fuzz import ratio

    shorter, longer = sorted((word, other), key=len)
    return (len(shorter) > 2 and longer.startswith(shorter)) or ratio(word, other) >= _SIMILAR


def _is_same_word(word: str, other: str, language: str) -> bool:
    if language == "zh":  # jieba does not always split a noun from the one before it
        return min(len(word), len(other)) > 1 and (word.endswith(other) or other.endswith(word))
    return stem(word, language) == stem(other, language)


@cache
def _find_version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


@cache
def _load_hanta() -> HanoverTagger:
    from HanTa.HanoverTagger import HanoverTagger

    return HanoverTagger("morphmodel_ger.pgz")


@cache
def _load_jieba() -> POSTokenizer:
    import logging

    import jieba
    from jieba.posseg import POSTokenizer

    jieba.setLogLevel(logging.WARNING)
    home().mkdir(parents=True, exist_ok=True)
    words = jieba.Tokenizer()
    words.tmp_dir = str(home())  # for its cache; by default, it loads one from /tmp, where other users can write
    return POSTokenizer(words)
