"""Scorers that read the texts alone: length, and copied and repeated wording."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.metadata import version

from pydantic import Field

from harness.records import Case, Metric
from harness.scorers.measure import Measure, SummaryScorer, missing
from harness.text import sentences, words


class Length(SummaryScorer):
    """Words, sentences and characters (code points, without white space at the ends) of the summary.

    With ``target_words``, ``length_ratio`` is words divided by that target: 1 means that the target was met.
    """

    target_words: int | None = Field(None, ge=1)
    """Number of words that the summaries should have."""

    def depends(self) -> Mapping[str, str]:
        return {"sentencex": version("sentencex")}

    def metrics(self) -> Sequence[Metric]:
        against_target = Metric("length_ratio", "Words over target", better="neither", format="number")
        return (
            Metric("words", "Words", better="neither", format="count", headline=True),
            Metric("sentences", "Sentences", better="neither", format="count"),
            Metric("characters", "Characters", better="neither", format="count"),
            *([against_target] if self.target_words else []),
        )

    def measure(self, case: Case, text: str) -> Mapping[str, Measure]:
        length = len(words(text))
        measures = {
            "words": Measure(length),
            "sentences": Measure(len(sentences(text, case.item.article.language))),
            "characters": Measure(len(text.strip())),
        }
        if self.target_words:
            measures["length_ratio"] = Measure(length / self.target_words)
        return measures


class Repetition(SummaryScorer):
    """Share of the summary's n-grams, and of its sentences, that repeat earlier ones.

    For n-grams this is seq-rep-n of Welleck et al. 2020: 1 - distinct / all. Sentences are compared by their words.
    """

    n: int = Field(3, ge=1, le=10)
    """Length of the n-grams in words."""

    def depends(self) -> Mapping[str, str]:
        return {"sentencex": version("sentencex")}

    def metrics(self) -> Sequence[Metric]:
        return (
            Metric("repetition", f"Repeated {self.n}-grams", better="lower"),
            Metric("repeated_sentences", "Repeated sentences", better="lower"),
        )

    def measure(self, case: Case, text: str) -> Mapping[str, Measure]:
        summary = words(text)
        if not summary:
            return self.nothing("the summary has no words")
        lines = [tuple(words(span.text)) for span in sentences(text, case.item.article.language)]
        return {
            "repetition": _measure_repeats(_list_ngrams(summary, self.n), f"the summary has fewer than {self.n} words"),
            "repeated_sentences": _measure_repeats(list(filter(None, lines)), "no sentence of the summary has words"),
        }


def _measure_repeats(pieces: Sequence[tuple[str, ...]], reason_if_none: str) -> Measure:
    return Measure(1 - len(set(pieces)) / len(pieces)) if pieces else missing(reason_if_none)


class Novelty(SummaryScorer):
    """Share of the summary's n-grams that the article lacks (See, Liu and Manning 2017, section 6.2).

    Distinct n-grams are counted, so a repeated phrase counts once (see ``repetition``).
    """

    n: int = Field(4, ge=1, le=10)
    """Maximum length of n-grams, in words; there is one metric for each length from 1."""

    def metrics(self) -> Sequence[Metric]:
        return [Metric(f"novelty{n}", f"Novel {n}-grams", better="neither") for n in range(1, self.n + 1)]

    def measure(self, case: Case, text: str) -> Mapping[str, Measure]:
        summary, (article, _) = words(text), _index_article(case.item.article.text)
        measures = {}
        for n in range(1, self.n + 1):
            own = set(_list_ngrams(summary, n))
            too_short = f"the summary has fewer than {n} words" if summary else "the summary has no words"
            new = own.difference(_list_ngrams(article, n))
            measures[f"novelty{n}"] = Measure(len(new) / len(own)) if own else missing(too_short)
        return measures


def _list_ngrams(words: Sequence[str], n: int) -> list[tuple[str, ...]]:
    """List all runs of n words in order, repeats included."""
    return list(zip(*(words[start:] for start in range(n)), strict=False))


class Extractiveness(SummaryScorer):
    """Coverage, density and compression of Grusky, Naaman and Artzi 2018 (Newsroom), section 4.

    The summary is split, from left to right, into fragments: the longest word sequences that it shares with the
    article. Coverage is the share of the summary's words that are in a fragment. Density is the mean, over its words,
    of the length of the word's fragment, or 0 outside fragments. Compression is the article's words divided by the
    summary's. Punctuation marks do not count, so values differ a little from those of tools that count them as tokens.
    """

    def metrics(self) -> Sequence[Metric]:
        return (
            Metric("extractive_coverage", "Extractive coverage", better="neither"),
            Metric("extractive_density", "Extractive density", better="neither", format="number"),
            Metric("compression", "Compression", better="neither", format="number"),
        )

    def measure(self, case: Case, text: str) -> Mapping[str, Measure]:
        summary, (article, places) = words(text), _index_article(case.item.article.text)
        if not summary:
            return self.nothing("the summary has no words")
        if not article:
            return self.nothing("the article has no words")
        lengths = _measure_fragments(summary, article, places)
        return {
            "extractive_coverage": Measure(sum(lengths) / len(summary)),
            "extractive_density": Measure(sum(length**2 for length in lengths) / len(summary)),
            "compression": Measure(len(article) / len(summary)),
        }


@lru_cache(maxsize=128)  # all systems of a run summarise the same articles
def _index_article(text: str) -> tuple[list[str], Mapping[str, Sequence[int]]]:
    """Return the article's words, and the positions of each word."""
    article, places = words(text), defaultdict(list)
    for place, word in enumerate(article):
        places[word].append(place)
    return article, dict(places)


def _measure_fragments(
    summary: Sequence[str], article: Sequence[str], places: Mapping[str, Sequence[int]]
) -> list[int]:
    """Return the lengths of the fragments, in the summary's order: F(A, S) of the paper's figure 3."""
    lengths = []
    start = 0
    while start < len(summary):
        best = behind = 0
        for place in places.get(summary[start], ()):
            if place < behind:  # the paper's search continues after a match, not inside it
                continue
            most = min(len(summary) - start, len(article) - place)
            length = next((n for n in range(1, most) if summary[start + n] != article[place + n]), most)
            best, behind = max(best, length), place + length
        if best:
            lengths.append(best)
        start += max(best, 1)
    return lengths
