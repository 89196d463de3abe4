"""ROUGE-1, -2, -L and -Lsum of two texts, equal to rouge-score's and an order of magnitude faster.

What rouge-score does anew for every pair is done once a text (words, n-grams) or once a word (stems), and the two
longest-common-subsequence metrics run on bits. ``benchmarks/speed/rouge_speed.py`` measures it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import chain, pairwise

from rapidfuzz.distance import LCSseq

from harness.records import Span
from harness.scorers._lcs import Places, matched
from harness.scorers._stems import Reader
from harness.scorers.references import Overlap
from harness.text import sentences


class Text:
    """A text as the four metrics read it; each view is made when it is first asked for."""

    def __init__(self, written: str, read: Reader, language: str) -> None:
        spans = sentences(written, language)
        self.lines = [read(span.text) for span in spans]
        self._whole = _only_spaces_between(written, spans)
        # No word goes across white space, so words need not be read twice but where a bullet mark belongs to no line.
        self.words = list(chain.from_iterable(self.lines)) if self._whole else read(written)

    @cached_property
    def unigrams(self) -> Counter[str]:
        return Counter(self.words)

    @cached_property
    def bigrams(self) -> Counter[str]:
        # One string a pair: 150,000 tuples would have the garbage collector walk them again and again.
        return Counter([f"{one} {two}" for one, two in pairwise(self.words)])

    @cached_property
    def in_lines(self) -> Counter[str]:
        """Word → how often it stands in the lines, which leave out bullet marks."""
        return self.unigrams if self._whole else Counter(chain.from_iterable(self.lines))

    @cached_property
    def places(self) -> Places:
        """Where the words of its lines stand."""
        return Places(self.lines)


@lru_cache(maxsize=1024)
def read_once(written: str, read: Reader, language: str) -> Text:
    """A text with its words as ``read`` gives them and the sentences of ``language``; summaries share references."""
    return Text(written, read, language)


def compare(reference: Text, summary: Text) -> dict[str, Overlap]:
    """ROUGE type → overlap."""
    summary_words, reference_words = len(summary.words), len(reference.words)
    return {
        "rouge1": _overlap(_shared(reference.unigrams, summary.unigrams), summary_words, reference_words),
        "rouge2": _overlap(_shared(reference.bigrams, summary.bigrams), summary_words - 1, reference_words - 1),
        "rougeL": _overlap(LCSseq.similarity(reference.words, summary.words), summary_words, reference_words),
        "rougeLsum": _overlap(_union(reference, summary), summary.in_lines.total(), reference.in_lines.total()),
    }


def _union(reference: Text, summary: Text) -> int:
    """Summary-level LCS (Lin 2004, section 3.2): the reference's words in the union of its lines' subsequences.

    As in ROUGE-1.5.5, a word counts no more often than it stands in the summary.
    """
    taken = 0
    for line in summary.lines:
        taken |= matched(reference.places, line)
    places, in_summary = reference.places.of, summary.in_lines
    return sum(
        [min((places[word] & taken).bit_count(), in_summary[word]) for word in places.keys() & in_summary.keys()]
    )


def _only_spaces_between(written: str, spans: Sequence[Span]) -> bool:
    """Whether white space, and nothing else, parts the spans from each other and from the text's ends."""
    end = 0
    for span in spans:
        gap = written[end : span.start]
        if not (gap.isspace() or (end == span.start == 0)):
            return False
        end = span.end
    return not written[end:].strip()


def _shared(one: Mapping[str, int], other: Mapping[str, int]) -> int:
    return sum([min(one[each], other[each]) for each in one.keys() & other.keys()])


def _overlap(shared: int, in_summary: int, in_reference: int) -> Overlap:
    if not shared:
        return Overlap(0.0, 0.0, 0.0)
    precision, recall = shared / in_summary, shared / in_reference
    return Overlap(precision, recall, 2 * precision * recall / (precision + recall))
