"""Read numbers, amounts of money, dates, weekdays and countries in German, French, Spanish and Chinese.

Separators, scales (Mio., Md, 万), months, weekdays, countries and currencies come from the Unicode CLDR through Babel,
and the words for 2 to 99 from num2words. This file lists only words that qualify a value, and a few that CLDR lacks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from functools import cache, lru_cache
from importlib.metadata import distribution
from runpy import run_path
from typing import TYPE_CHECKING, Literal

from snowballstemmer import stemmer

from harness.records import Span
from harness.text import base_language

if TYPE_CHECKING:
    from babel import Locale

_PLAIN = str.maketrans("\u00a0\u202f\u2009’０１２３４５６７８９，％", "   '0123456789,%")
"""Each replacement is one character, so that offsets stay valid."""
HAN = "[\u3400-\u4dbf\u4e00-\u9fff]"
_HAN_NUMBER = "[一二两兩三四五六七八九十](?:[〇零一二两兩三四五六七八九十百千万亿萬億]|[点點][〇零一二三四五六七八九])*"
_UNREAD = re.compile("[一二两兩三四五六七八九][〇零一二两兩三四五六七八九]|[点點]")
"""Matches years (二零二一), estimates (三四百, three or four hundred) and decimals (三点五)."""
_DIGITS = r"(?<!\d[.,:])(?<![A-Za-zÀ-ÿ\d-])(?:\d{1,3}(?:[ '.]\d{3})+(?:,\d+)?|\d+(?:[.,]\d+)*)(?![.,:]?\d|\s?[-–]\s?\d)"
"""A number that is not part of a word, a time, a score or a range."""
_CURRENCIES = ("EUR", "USD", "GBP", "CHF", "JPY", "CNY")
_PERCENT = r"%|Prozent|pour\s?cents?|por\s(?:ciento|cien)"
_YEAR = re.compile(
    r"(?i:\b(?:Jahre?s?|seit|Ende|Anfang|Mitte|en|depuis|année|fin|début|desde|año) )((?:1[5-9]|20)\d\d)\b(?![.,]?\d)"
)
_SCALES: Mapping[str, Mapping[str, int]] = {
    "de": {"Mill": 6},
    "fr": {"Mds": 9},
    "es": {},
    "zh": {"千": 3, "百万": 6, "千万": 7},
}
"""Scales that CLDR lacks, as powers of ten. The keys are the languages that this module reads."""
_ONE = ("eine", "ein", "un")
"""Words for 1 before a scale; elsewhere they are articles."""
_QUALIFIERS = (
    r"\b(?:mehr|über|unter|weniger|mindestens|höchstens|knapp|fast|rund|etwa|circa|ca|gut|bis|ab|vor|nach|Nacht|zwischen|je"
    r"|jeder?|noch|plus|minus|zusätzlich|weiteren?|anderen?|moins|près|environ|quelque|presque|jusqu|entre|avant|après|chaque"
    r"|autres|encore|cents?|mille|más|menos|cerca|casi|unos|unas|alrededor|aproximadamente|hasta|antes|después|cada|otr[oa]s"
    r"|(?<!por )cient[oa]s?|mil)\b\W*(?:\w+\W+)?"
    r"|(?:超过?|逾|近|约|大约|至少|至多|最多|最少|多达|不到|不足|高达|[低高少多]于|[每另从由到至第比还又再]).?"
)
"""Words that make the next value a bound, an estimate, a part or a change: "over 50" does not conflict with 57."""
_RANGE = r"\d\s?(?:{scales})?\.?\s?(?:bis|und|oder|zu|à|au|et|ou|y|o|al?|[至到和或–-])?\s?"
_QUALIFIERS_AFTER = re.compile(r"\s(?:oder|bis|ou|à|o|a)\s(?:\d|mehr|plus|más)|[多余餘几至到~—-]")
_PREPOSITIONS = frozenset(["um", "auf", "von", "de", "à", "par", "a", "al", "en", "por"])
"""Numbers conflict only after the same preposition: a rise by 5 does not conflict with a rise to 7."""
_ValueMatch = tuple[Literal["number", "date", "name"], str, tuple[object, ...], tuple[int, int]]
"""The kind, slot and content of a ``Value``, and its start and end in the sentence."""


@dataclass(frozen=True, slots=True)
class Value:
    """A value in a sentence. Only values with the same slot are compared."""

    kind: Literal["number", "date", "name"]
    slot: str
    """What the value measures: date, weekday, country, money, %, the stem of the noun after a number, or scale (for
    numbers such as 3 Mio. without a noun)."""
    content: tuple[object, ...]
    """(amount, currency or None), (year, month, day) with None for missing parts, (weekday,) or (country,). The amount
    is "unread" if it cannot be read."""
    span: Span
    is_qualified: bool = False
    """True for bounds, estimates, ranges, and numbers that cannot be read; such values never conflict."""
    preposition: str = ""

    def agrees(self, other: Value) -> bool:
        """True if both say the same; numbers are compared at the precision of the less precise one."""
        if self.slot != other.slot:
            return False
        first, second = self.content[0], other.content[0]
        if isinstance(first, Decimal) and isinstance(second, Decimal):
            return self.content[1:] == other.content[1:] and (_rounds_to(first, second) or _rounds_to(second, first))
        shared = self._shared(other)
        return bool(shared) and all(mine == theirs for mine, theirs in shared)

    def differs(self, other: Value) -> bool:
        """True if both describe the same thing, with different values, and neither is a bound or an estimate."""
        is_comparable = self.slot == other.slot and self.preposition == other.preposition
        is_exact = is_comparable and not (self.is_qualified or other.is_qualified)
        return is_exact and bool(self._shared(other)) and not self.agrees(other)

    def _shared(self, other: Value) -> list[tuple[object, object]]:
        """Pair the parts that both values have, such as the day and the month of two dates."""
        return [pair for pair in zip(self.content, other.content, strict=False) if None not in pair]


def _rounds_to(exact: Decimal, rounded: Decimal) -> bool:
    digits = max(1, len(rounded.normalize().as_tuple().digits))
    return Context(prec=digits, rounding=ROUND_HALF_UP).plus(exact) == rounded


def can_read(tag: str) -> bool:
    """True if ``read_values`` reads texts in this language (RFC 5646)."""
    return base_language(tag) in _SCALES


def read_values(sentence: Span, tag: str) -> list[Value]:
    """Return the values of a sentence, in order; offsets are into the whole text."""
    return sorted(_load_reader(tag).read(sentence), key=lambda value: value.span.start)


@cache
def _load_reader(tag: str) -> _Reader:
    from babel import Locale, UnknownLocaleError

    try:
        return _Reader(Locale.parse(tag, sep="-"))
    except (UnknownLocaleError, ValueError):  # an unknown region
        return _Reader(Locale.parse(base_language(tag)))


class _Reader:
    """The patterns and names of one locale."""

    def __init__(self, locale: Locale) -> None:
        from babel.numbers import get_currency_name
        from num2words import num2words

        self.locale, self.language = locale, locale.language
        self.is_spaced = self.language != "zh"
        named = _read_scales(locale) | dict(_SCALES[self.language])
        self.scales = {name if len(name) < 4 else name.casefold(): power for name, power in named.items()}
        numbers = range(2, 100) if self.is_spaced else ()  # _read_han reads Chinese numbers
        self.words = {num2words(number, lang=self.language): number for number in numbers}
        self.months = {name.casefold(): number for number, name in locale.months["format"]["wide"].items()}
        self.names = {name.casefold(): ("country", code) for code, name in locale.territories.items() if code.isalpha()}
        for width in ("wide",) if self.is_spaced else ("wide", "abbreviated"):
            for number, name in locale.days["format"][width].items():
                self.names[name.casefold()] = ("weekday", str(number))
        self.money = {"€": "EUR", "us$": "USD", "$": "USD", "£": "GBP"}
        if not self.is_spaced:
            self.money |= {"¥": "CNY", "元": "CNY", "人民币": "CNY"}
        for code in _CURRENCIES:
            for name in (get_currency_name(code, count, locale) for count in (1, 2)):
                word = re.split(r"[\s-]", name)[-1 if self.language == "de" else 0]  # Franken, dollars, dólares
                self.money |= {form.casefold(): code for form in (code, name, word)}
        self.name_pattern = re.compile(self._match_any(self.names))
        self.date_pattern, self.number_pattern = self._compile_dates(), self._compile_numbers()

    def read(self, sentence: Span) -> Iterator[Value]:
        text, taken = sentence.text.translate(_PLAIN), set[int]()
        for find in (self._find_dates, self._find_names, self._find_numbers):
            for kind, slot, content, (start, end) in find(text):
                if taken.isdisjoint(range(start, end)):
                    taken.update(range(start, end))
                    before = re.search(r"(\w+)'?\s*$", text[:start].casefold())
                    preposition = before[1] if before and kind == "number" and before[1] in _PREPOSITIONS else ""
                    is_qualified = content[0] == "unread" or self._is_qualified(text, start, end)
                    yield Value(kind, slot, content, sentence.part(start, end), is_qualified, preposition)

    def _is_qualified(self, text: str, start: int, end: int) -> bool:
        scales = "|".join(map(re.escape, self.scales))
        before = rf"(?i:(?:{_QUALIFIERS}|{_RANGE.format(scales=scales)})$)"
        return bool(re.search(before, text[:start]) or _QUALIFIERS_AFTER.match(text[end:]))

    def _find_dates(self, text: str) -> Iterator[_ValueMatch]:
        from babel.dates import ParseError, parse_date

        for match in re.finditer(r"(?<![\d.,/])\d{1,4}([./-])\d{1,2}\1\d{2,4}(?![\d/])", text):
            with suppress(ParseError, ValueError):
                when = parse_date(match[0], locale=self.locale)
                yield "date", "date", (when.year, when.month, when.day), match.span()
        for match in self.date_pattern.finditer(text):
            year, month, day = (match[name] for name in ("year", "month", "day"))
            if (year or month) and (year or day or not self._is_in_name(text, match)):
                number = self.months.get(month.casefold()) or int(month) if month else None
                yield "date", "date", (year and int(year), number, day and int(day)), match.span()
        for match in _YEAR.finditer(text):
            yield "date", "date", (int(match[1]), None, None), match.span(1)

    def _is_in_name(self, text: str, match: re.Match[str]) -> bool:
        """True for a capitalised word beside another one in French and Spanish: Julio (July) in Julio Revuelta."""
        is_beside = re.match(r" [A-ZÀ-Þ]", text[match.end() :]) or re.search(r"[A-ZÀ-Þ][\w-]+ $", text[: match.start()])
        return self.language in ("fr", "es") and match[0][0].isupper() and bool(is_beside)

    def _find_names(self, text: str) -> Iterator[_ValueMatch]:
        """Yield weekdays and countries."""
        for match in self.name_pattern.finditer(text):
            slot, identity = self.names[match[0].casefold()]
            is_weekday = slot == "weekday" and not self._is_in_name(text, match)
            if is_weekday or (slot == "country" and (match[0][0].isupper() or not self.is_spaced)):
                yield ("date" if is_weekday else "name"), slot, (identity,), match.span()

    def _find_numbers(self, text: str) -> Iterator[_ValueMatch]:
        for match in self.number_pattern.finditer(text):
            amount = self._read_amount(match)
            sign = match["before"] or match["unit"]
            end = match.end("unit") if match["unit"] else max(match.end("number"), match.end("scale"))
            if sign and (sign == "百分之" or re.fullmatch(_PERCENT, sign, re.IGNORECASE)):
                yield "number", "%", (amount, None), (match.start(), end)
            elif sign:
                yield "number", "money", (amount, self.money[sign.casefold()]), (match.start(), end)
            elif noun := self._find_noun(text[end:]):
                yield "number", noun, (amount, None), (match.start(), end)
            elif match["scale"]:
                yield "number", "scale", (amount, None), (match.start(), end)

    def _read_amount(self, match: re.Match[str]) -> Decimal | Literal["unread"]:
        """Read the amount; "unread" for notations of other regions: 1,500 in a German text may be 1500 or 1.5."""
        from babel.numbers import NumberFormatError, get_group_symbol, parse_decimal

        written, scale = match["number"].casefold(), (match["scale"] or "").strip(" .")
        power = self.scales.get(scale) or self.scales.get(scale.casefold(), 0)
        if written in self.words or written in _ONE:
            return Decimal(self.words.get(written, 1)).scaleb(power)
        if not self.is_spaced and re.match(HAN, written):
            return "unread" if _UNREAD.search(written) else _read_han(written)
        plain = re.sub(r"[ ']", "", written)
        if re.fullmatch(r"\d{1,3}[.,]\d{3}", plain) and get_group_symbol(self.locale) not in plain:
            return "unread"
        try:
            return parse_decimal(plain, locale=self.locale, strict=True).scaleb(power)
        except (NumberFormatError, InvalidOperation):  # too many digits for Babel
            return "unread"

    def _find_noun(self, text: str) -> str | None:
        """Return the stem of the noun that a number counts: the first of the next two words that is not a stop word."""
        if not self.is_spaced:
            counted = re.match(rf"[个名位家所座件只条项辆]?{HAN}", text)
            return counted[0] if counted else None
        after = re.match(r"\s(?:d[e']\s?)?([^\W\d_]+)(?:\s([^\W\d_]+))?", text)
        following = [word.casefold() for word in after.groups() if word] if after else []
        stems = (stem(word, self.language) for word in following if word not in load_stop_words(self.language))
        return next(stems, None)

    def _compile_dates(self) -> re.Pattern[str]:
        if not self.is_spaced:
            return re.compile(r"(?:(?P<year>\d{4})年)?(?:(?P<month>1?\d)月)?(?:(?<=月)(?P<day>\d{1,2})[日号號])?")
        day, year = r"(?P<day>\d{1,2})(?:\.|er|º)?\s?(?:de\s)?", r"\s(?:del?\s)?(?P<year>\d{4})"
        return re.compile(rf"(?i:\b(?:{day})?(?P<month>{self._match_any(self.months)})\.?(?:{year})?)(?!\d)")

    def _compile_numbers(self) -> re.Pattern[str]:
        scales = "|".join(
            re.escape(name) if len(name) < 4 else f"(?i:{re.escape(name)})"
            for name in sorted(self.scales, key=len, reverse=True)
        )
        end = r"(?![^\W\d_])" if self.is_spaced else ""
        words = _HAN_NUMBER
        if self.is_spaced:
            words = rf"{self._match_any(self.words)}|\b(?i:{'|'.join(_ONE)})(?=\s(?:{scales}){end})"
        money = "|".join(map(re.escape, sorted(self.money, key=len, reverse=True)))
        return re.compile(
            rf"(?:(?P<before>US\$|[$€£]|百分之)\s?)?(?P<number>{_DIGITS}|{words})(?P<scale>\s?(?:{scales})\.?{end})?"
            rf"(?:\s?(?:de\s|d')?(?P<unit>(?i:{_PERCENT}|{money}){end}))?"
        )

    def _match_any(self, names: Iterable[str]) -> str:
        """Return a pattern for these names in any case, longest first."""
        longest = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
        return rf"(?i:\b(?:{longest})\b)" if self.is_spaced else f"(?:{longest})"


def _read_scales(locale: Locale) -> dict[str, int]:
    """Return the power of ten of each scale. CLDR writes 10,000,000 as "00 Mio.", six digits fewer: Mio. is 10^6."""
    scales = {}
    for forms in locale.compact_decimal_formats.values():
        for plural in forms.values():
            for least, form in plural.items():
                if name := re.sub(r"[0.'\s]+", " ", form.pattern).strip():
                    scales[name] = len(least) - form.pattern.count("0")
    return scales


def _read_han(written: str) -> Decimal:
    """Read a number in Han characters: 三千五百万 is 35000000, and 两万三 is 23000."""
    total = section = digit = 0
    values = [2 if sign == "两" else int(unicodedata.numeric(sign)) for sign in written]
    for value in values:
        if value >= 10_000:
            total, section, digit = (total + section + digit) * value, 0, 0
        elif value >= 10:
            section, digit = section + max(1, digit) * value, 0
        else:
            digit = value
    unit = max(1, values[-2] // 10) if len(values) > 1 else 1  # 三 in 两万三 is 3000
    return Decimal(total + section + digit * unit)


def fold(word: str) -> str:
    """Return a word in lower case without accents: erdogan for Erdoğan."""
    low = word.lower()
    if low.isascii():
        return low
    return "".join(sign for sign in unicodedata.normalize("NFKD", low) if not unicodedata.combining(sign))


@lru_cache(maxsize=1 << 16)
def stem(word: str, language: str) -> str:
    """Return the Snowball stem of a word, in lower case."""
    return str(stemmer({"de": "german", "fr": "french", "es": "spanish"}[language]).stemWord(word.casefold()))


@cache
def load_stop_words(language: str) -> frozenset[str]:
    """Return spaCy's stop words of the language."""
    file = distribution("spacy").locate_file(f"spacy/lang/{language}/stop_words.py")
    return frozenset(run_path(str(file))["STOP_WORDS"])  # importing spacy.lang.fr takes seconds
