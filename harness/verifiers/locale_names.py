"""Find names of people, firms and places in German, French, Spanish and Chinese sentences.

In French and Spanish, a capital inside a sentence marks a name. German capitalises every noun, and Chinese has no
capitals, so HanTa tags German names, and jieba Chinese names of people and firms (both in the extra ``names``).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from harness.records import Span
from harness.text import base_language
from harness.verifiers.locale_values import fold, load_stop_words, stem
from harness.weights.store import home

if TYPE_CHECKING:
    from HanTa.HanoverTagger import HanoverTagger
    from jieba.posseg import POSTokenizer, pair

_TAGGERS = {"de": "HanTa", "zh": "jieba"}
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_LINKS = re.compile(r" (?:(?:de|del|di|da|la|van|von|der|den|zu|y) )*|-")
"""Matches the link between two words of a name, such as "von der" in Ursula von der Leyen."""
_MARGIN = 1.0
"""A one-word name must be this much likelier than a noun (log likelihood ratio in HanTa), because unknown foreign nouns
come close. After a noun, any margin is enough: Firma Goldbeck."""
_UNKNOWN = -25.0
"""HanTa's log likelihood is below this for unknown words. Some are first names: Architektin Mareike Thoma."""
_SIMILAR = 75
"""Minimum similarity (rapidfuzz, 0 to 100) between two spellings of one name, such as Selenskyj and Zelensky."""
_LOCATIVE = re.compile(r"in|im|aus|nach|nahe|bei|à|au|aux|en|dans|vers|depuis|chez|a|desde|hacia|hasta|[在于到赴]")
"""Words before the names of places. Places are not compared, because a text may name the region instead of the town."""
_FIRM = re.compile(r"(?:有限|股份)*(?:公司|集团|银行|大学|医院)$")
"""The end of a Chinese name of a firm or an institution."""
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石"
    "廖贾夏韦方邹孟熊秦邱尹薛闫段雷侯史陶黎贺顾毛郝龚邵钱严戴莫孔汤"
)
"""Common Chinese surnames. jieba may split a rare full name after the surname (余 清波) or elsewhere (高兴 夫)."""
_GIVEN = re.compile(r"n[rgz]?|a|b|j|z|m|nrfg")
"""jieba's tags for the parts of such split names."""
_TOWN = re.compile(r"\b(ville|commune|village|ciudad|municipio|pueblo) (?:de |d['’])$", re.IGNORECASE)
"""A place after such a noun is compared, because it must be a town."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a sentence, with the words before and after it in lower case ("" at the sentence's ends)."""

    span: Span
    before: str
    after: str
    language: str
    is_sure: bool = True
    """False for Chinese names that may be ordinary words."""

    @property
    def is_full(self) -> bool:
        """True for two or more words, such as a first name and a surname, and for Chinese names with ``is_sure``."""
        return self.is_sure if self.language == "zh" else len(_WORD.findall(self.span.text)) > 1

    @property
    def is_firm(self) -> bool:
        return bool(_FIRM.search(self.span.text))

    @property
    def core(self) -> str:
        """The name without 公司, 集团 and the like."""
        return _FIRM.sub("", self.span.text)

    def drop_shared_start(self, other: Name) -> Name:
        """Leave out the first word (Hacienda in "Hacienda Rosa Cano") if both names share it and two words are left."""
        first, *rest = words = list(_WORD.finditer(self.span.text))
        if len(words) < 3 or not other.span.text.startswith(f"{first[0]} "):
            return self
        span = self.span.part(rest[0].start(), len(self.span.text))
        return replace(self, span=span, before=first[0].casefold())

    def replaces(self, other: Name) -> bool:
        """True if both names have the same role: after the same noun or verb, or full names beside the same word."""
        if self.language == "zh" and (self.is_firm != other.is_firm or not set(self.core).isdisjoint(other.core)):
            return False  # names that share a character may be two forms of one name
        is_described = bool(self.before) and self.before not in load_stop_words(self.language)
        if is_described and _is_same_word(self.before, other.before, self.language):
            return self.is_sure or not self.is_firm
        is_place = any(_LOCATIVE.fullmatch(each.before) for each in (self, other))
        is_beside = self.before == other.before or (self.after and self.after == other.after)
        return self.is_full and (other.is_full or other.is_firm) and not is_place and bool(is_beside)

    def is_in(self, text: str) -> bool:
        """True if the text has a word of the name, an inflected form, another spelling or an abbreviation.

        In Chinese, two adjacent characters of the name are enough, or the first character of a person's name.
        """
        if self.language == "zh":
            pairs = {self.core[start : start + 2] for start in range(max(1, len(self.core) - 1))}
            surname = "" if self.is_firm else self.core[:1]
            return any(sign in text for sign in (*pairs, *surname))
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
    names = _find_chinese(sentence) if language == "zh" else _find_spaced(sentence, language)
    return [name for name in names if not any(name.span.overlaps(each) for each in taken)]


def _find_spaced(sentence: Span, language: str) -> Iterator[Name]:
    text = sentence.text
    words, first = list(_WORD.finditer(text)), 0
    while first < len(words):
        last = first
        while last + 1 < len(words) and (following := _find_next(text, words, last)):
            last = following
        before = words[first - 1][0] if first else ""
        if _starts_name(text, words[first : last + 1], before, language):
            if town := _TOWN.search(text[: words[first].start()]):
                before = town[1]
            after = words[last + 1][0] if last + 1 < len(words) else ""
            span = sentence.part(words[first].start(), words[last].end())
            yield Name(span, before.casefold(), after.casefold(), language)
            first = last
        first += 1


def _find_next(text: str, words: list[re.Match[str]], last: int) -> int | None:
    """Return the index of the next capitalised word if only a space, a hyphen or words such as "von der" precede it."""
    for following in range(last + 1, min(last + 4, len(words))):
        if words[following][0][0].isupper():
            is_linked = _LINKS.fullmatch(text[words[last].end() : words[following].start()])
            return following if is_linked else None
    return None


def _starts_name(text: str, words: Sequence[re.Match[str]], before: str, language: str) -> bool:
    """True if these capitalised words are a name; ``before`` is the word before them."""
    first, stop_words = words[0][0], load_stop_words(language)
    if not first[0].isupper() or len(first) < 3 or first.casefold() in stop_words:
        return False
    if language == "de":
        is_described = before[:1].isupper() and before.casefold() not in stop_words
        return _is_german_name([word[0] for word in words], is_described)
    is_first = not re.search(r"[\w,;)]['’]?\s*$", text[: words[0].start()])  # capitalised anyway
    return not (is_first and len(words) == 1)


def _is_german_name(words: Sequence[str], is_described: bool) -> bool:
    first, *others = (dict(_load_hanta().tag_word(word)) for word in words)
    best = max(first, key=first.__getitem__)
    if best == "NE":
        margin = 0 if others or is_described else _MARGIN
        return bool(first["NE"] - first.get("NN", -1e9) >= margin)
    is_before_name = any(max(each, key=each.__getitem__) == "NE" for each in others)
    return is_described and is_before_name and bool(first[best] < _UNKNOWN)


def _find_chinese(sentence: Span) -> Iterator[Name]:
    """Yield names of people, firms and institutions."""
    words, start, first = list(_load_jieba().cut(sentence.text)), 0, 0
    while first < len(words):
        length, is_sure = _measure_person(words, first) or _measure_firm(words, first) or (0, False)
        size = sum(len(each.word) for each in words[first : first + max(1, length)])
        if length:
            before = words[first - 1].word if first else ""
            after = words[first + length].word if first + length < len(words) else ""
            span = sentence.part(start, start + size)
            yield Name(span, before.casefold(), after.casefold(), "zh", is_sure)
        start, first = start + size, first + max(1, length)


def _measure_person(words: Sequence[pair], first: int) -> tuple[int, bool] | None:
    """Return how many words a person's name has (jieba's tags nr, nrt and nrfg), and whether it is certainly a name.

    Words joined by · are one name.
    """
    last = first
    while last + 2 < len(words) and words[last + 1].word == "·":
        last += 2
    is_firm = last + 1 < len(words) and _FIRM.match(words[last + 1].word)
    if words[first].flag.startswith("nr") and (last > first or len(words[first].word) > 1) and not is_firm:
        return last + 1 - first, True
    parts = words[first : first + 2]
    word = "".join(each.word for each in parts)
    is_name = word[0] in _SURNAMES and len(word) in (2, 3) and all(_GIVEN.fullmatch(each.flag) for each in parts)
    is_described = first > 0 and words[first - 1].flag == "n"
    return (2, False) if is_name and is_described and len(parts) == 2 else None


def _measure_firm(words: Sequence[pair], first: int) -> tuple[int, bool] | None:
    """Return how many words a firm's name has (it ends in 公司 or the like), and whether it is certainly a name."""
    if words[first].flag == "nt" and _FIRM.search(words[first].word):  # 华为技术有限公司, but also 上市公司
        return 1, False
    is_sure = False
    for length, each in enumerate(words[first : first + 4]):
        if length and _FIRM.fullmatch(each.word):
            is_counted = first > 0 and words[first - 1].flag in ("m", "q", "r")  # 一家建筑公司
            return None if is_counted else (length + 1, is_sure)
        if not re.fullmatch(r"n[rtz]\w*|n|ns|vn|j", each.flag):
            return None
        is_sure = is_sure or each.flag == "nz" or each.flag.startswith("nr")
    return None


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
