"""ROUGE: word overlap with the references, equal to rouge-score's numbers and an order of magnitude faster.

Each text is tokenized once and each word stemmed once. Longest common subsequences are computed with bit vectors.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from importlib.metadata import version
from itertools import chain, pairwise

from pydantic import Field
from rapidfuzz.distance import LCSseq

from harness.records import Case, Metric
from harness.scorers.measure import Measure, Overlap, SummaryScorer, explain_no_reference, measure_best_and_mean
from harness.scorers.stems import ENGLISH, STEMMERS, Tokenizer, make_tokenizer
from harness.text import base_language, sentences

_TITLES = {"rouge1": "ROUGE-1", "rouge2": "ROUGE-2", "rougeL": "ROUGE-L", "rougeLsum": "ROUGE-Lsum"}
_PARTS = {"": "", ".precision": " precision", ".recall": " recall", ".mean": " (mean over references)"}
_OF_ARTICLE = "article"


class Rouge(SummaryScorer):
    """ROUGE-1, -2, -L and -Lsum (Lin 2004), equal to the numbers of the rouge-score package.

    ``rouge1`` is the best F1 over the references, as in ROUGE-1.5.5 -f B and rouge-score's ``score_multi``.
    ``rouge1.precision`` and ``rouge1.recall`` belong to the same reference; ``rouge1.mean`` is the mean F1 over the
    references. Other types may have another best reference. Each score lists the value for every reference
    (``bullets=0.4121``), best first. A reference that is scored like a summary is never compared with itself, so it has
    one reference fewer.

    For Lsum, ``harness.text.sentences`` splits both texts; the other types do not need sentences.
    """

    stemmer: bool = True
    """Compare stems (ROUGE-1.5.5 -m), so that "signs" matches "signed": Porter stems of English words of four letters
    and more, as rouge-score does; Snowball stems of all words of other languages."""
    language: str = Field("en", pattern=f"^([a-z]{{2,3}}|{_OF_ARTICLE})$")
    """Language of the texts. en keeps only digits and the letters a to z, as rouge-score does, so a text without any of
    these has no value. Other codes keep the letters of all scripts; article takes the language of each article."""

    def check(self) -> Iterable[str]:
        if self.language != _OF_ARTICLE and (reason := self._explain_no_stemmer(self.language)):
            yield reason

    def depends(self) -> Mapping[str, str]:
        stemmed = self.stemmer and self.language != ENGLISH
        return {
            **({"snowballstemmer": version("snowballstemmer")} if stemmed else {}),
            "lsum-sentences": f"sentencex {version('sentencex')}",
        }

    def metrics(self) -> Sequence[Metric]:
        return [
            Metric(f"{name}{part}", f"{title}{words}", headline=not part and name in ("rouge2", "rougeL"))
            for name, title in _TITLES.items()
            for part, words in _PARTS.items()
        ]

    def measure(self, case: Case, text: str) -> Mapping[str, Measure]:
        article_language = case.item.article.language
        language = base_language(article_language) if self.language == _OF_ARTICLE else self.language
        if reason := self._explain_no_stemmer(language):
            return self.nothing(reason)
        tokenize = make_tokenizer(language, self.stemmer)
        alphabet = "letters (a to z) or digits" if language == ENGLISH else "letters or digits"
        summary = read_text(text, tokenize, article_language)
        if not summary.words:
            return self.nothing(f"the summary has no {alphabet} for ROUGE to read")
        references = {each.id: read_text(each.text, tokenize, article_language) for each in case.references}
        overlaps = {key: compare(reference, summary) for key, reference in references.items() if reference.words}
        if not overlaps:
            return self.nothing(explain_no_reference(case) or f"no reference has {alphabet} for ROUGE to read")
        measures: dict[str, Measure] = {}
        for rouge in _TITLES:
            measures |= measure_best_and_mean(rouge, {key: by_type[rouge] for key, by_type in overlaps.items()})
        return measures

    def _explain_no_stemmer(self, language: str) -> str | None:
        """Explain why words of a language cannot be stemmed as configured; None if they can, or need not be."""
        if not self.stemmer or language == ENGLISH or language in STEMMERS:
            return None
        stemmed = ", ".join(("en", *STEMMERS))
        return f"no stemmer for language {language!r}; set stemmer: false (languages with a stemmer: {stemmed})"


# Overlap of two texts -------------------------------------------------------------------------------------------------


class Text:
    """A text in the forms that the four metrics need; each form is computed on first use."""

    def __init__(self, text: str, tokenize: Tokenizer, language: str) -> None:
        spans = sentences(text, language)
        self.lines = [tokenize(span.text) for span in spans]
        edges = [0, *(edge for span in spans for edge in (span.start, span.end)), len(text)]
        outside = [text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True)]
        self._lines_cover_text = all(outside[1:-1]) and not "".join(outside).strip()
        """True if only white space separates the lines; False if, e.g., bullet marks do."""
        self.words = list(chain.from_iterable(self.lines)) if self._lines_cover_text else tokenize(text)

    @cached_property
    def unigrams(self) -> Counter[str]:
        return Counter(self.words)

    @cached_property
    def bigrams(self) -> Counter[str]:
        # Strings, not tuples: the garbage collector would scan 150,000 tuples repeatedly.
        return Counter([f"{one} {two}" for one, two in pairwise(self.words)])

    @cached_property
    def line_words(self) -> Counter[str]:
        """Counts of the words in the lines, without bullet marks."""
        return self.unigrams if self._lines_cover_text else Counter(chain.from_iterable(self.lines))

    @cached_property
    def places(self) -> Places:
        return Places(self.lines)


@lru_cache(maxsize=1024)
def read_text(text: str, tokenize: Tokenizer, language: str) -> Text:
    """Split a text into words and sentences; cached, because summaries share references."""
    return Text(text, tokenize, language)


def compare(reference: Text, summary: Text) -> dict[str, Overlap]:
    """Return the overlap by ROUGE type."""
    summary_words, reference_words = len(summary.words), len(reference.words)
    union = _count_union(reference, summary)
    return {
        "rouge1": _score(_count_shared(reference.unigrams, summary.unigrams), summary_words, reference_words),
        "rouge2": _score(_count_shared(reference.bigrams, summary.bigrams), summary_words - 1, reference_words - 1),
        "rougeL": _score(LCSseq.similarity(reference.words, summary.words), summary_words, reference_words),
        "rougeLsum": _score(union, summary.line_words.total(), reference.line_words.total()),
    }


def _score(shared: int, in_summary: int, in_reference: int) -> Overlap:
    if not shared:
        return Overlap(0.0, 0.0, 0.0)
    precision, recall = shared / in_summary, shared / in_reference
    return Overlap(precision, recall, 2 * precision * recall / (precision + recall))


def _count_shared(one: Mapping[str, int], other: Mapping[str, int]) -> int:
    return sum([min(one[each], other[each]) for each in one.keys() & other.keys()])


def _count_union(reference: Text, summary: Text) -> int:
    """Count the reference's words in the union of its lines' LCS with the summary (Lin 2004, section 3.2).

    As in ROUGE-1.5.5, a word counts no more often than it occurs in the summary.
    """
    taken = 0
    for line in summary.lines:
        taken |= match_lines(reference.places, line)
    return sum(
        min((places & taken).bit_count(), summary.line_words[word]) for word, places in reference.places.by_word.items()
    )


# Longest common subsequences --------------------------------------------------------------------------------------


class Places:
    """The positions of words in a text's lines, as bits of an integer.

    An unset bit after each line stops carries, so that one addition handles all lines at once.
    """

    def __init__(self, lines: Iterable[Sequence[str]]) -> None:
        self.by_word: dict[str, int] = {}
        """Word → bits of its positions."""
        self.lines: list[int] = []
        """The bits of each line."""
        bit = 1
        for line in lines:
            first = bit
            for word in line:
                self.by_word[word] = self.by_word.get(word, 0) | bit
                bit <<= 1
            self.lines.append(bit - first)
            bit <<= 1
        self.all = sum(self.lines)


def match_lines(places: Places, other: Iterable[str]) -> int:
    """Return, as bits, the positions in the longest common subsequence (LCS) of each line with ``other``.

    If there are several, this chooses the same one as rouge-score, because the choice changes ROUGE-Lsum. rapidfuzz
    chooses another.
    """
    rows = _list_rows(places, other)
    if not rows:
        return 0
    taken, grown = 0, rows[0][1]
    for line in places.lines:
        if line & grown:
            taken |= _trace_back(line, rows)
    return taken


def _list_rows(places: Places, other: Iterable[str]) -> list[tuple[int, int]]:
    """Return a row of the LCS table for each word in ``other``, the last word first.

    A row has, as bits, the word's positions and the positions where the length of the LCS grows, computed as in Hyyrö
    2004, "Bit-parallel LCS-length computation revisited". Consecutive words that are in no line have equal rows, so
    only one row is kept.
    """
    rows: list[tuple[int, int]] = []
    flat = everywhere = places.all
    find = places.by_word.get
    for word in other:
        mask = find(word, 0)
        if mask:
            step = flat & mask
            flat = ((flat + step) | (flat - step)) & everywhere
            rows.append((mask, everywhere ^ flat))
        elif rows and rows[-1][0]:
            rows.append((0, everywhere ^ flat))
    rows.reverse()
    return rows


def _trace_back(line: int, rows: Iterable[tuple[int, int]]) -> int:
    """Trace back through the table of a line as rouge-score does; return the positions taken, as bits.

    The trace starts at the line's end and skips positions where the length does not grow. If it meets the row's word,
    it takes that position. At the first position where the length grows without the word, it moves to the next of the
    ``rows``, which is the row of the word before.
    """
    taken, left = 0, line
    for mask, growing in rows:
        word, growth = (mask & left).bit_length(), (growing & left).bit_length()
        if word and word >= growth:
            taken |= 1 << word - 1
            left &= (1 << word - 1) - 1
        else:
            left &= (1 << growth) - 1
        if not left:
            break
    return taken
