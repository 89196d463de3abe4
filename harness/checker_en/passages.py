"""Select the part of a long premise that the network reads for a hypothesis.

The network reads a short premise whole. From a longer one, sentences are chosen one by one: each time, the one with the
most BM25 weight in terms that the passage still lacks (maximal marginal relevance: Carbonell and Goldstein 1998). For a
claim that joins two distant sentences, the passage thus has both; BM25 alone often takes two sentences about the same
half. Sentences next to the chosen ones fill the remaining room, because they show who "he" is. For 78% of the supported
training claims of 20 to 36 words, the passage has all words of the claim (with BM25 alone, for only 53%).
"""

from __future__ import annotations

from collections.abc import Sequence

from harness.checker_en.windows import Index, index, list_terms

PASSAGE_WORDS = 110
"""Words in a passage: a whole summary, or about five sentences of an article."""
SENTENCE_WORDS = 60
"""Longer sentences are split into parts."""
REPETITION = 0.15
"""Share of a term's weight that counts even if a chosen sentence already contains the term. It favours sentences with
more of the hypothesis."""
WORD_CHARACTERS = 12
"""Maximum mean length of a word with its space; a premise of longer words, such as Japanese or URLs, is not short."""


def select_passage(premise: str, hypothesis: str, limit: int = PASSAGE_WORDS) -> str:
    """Select sentences of the premise, in order, with about ``limit`` words in all."""
    if len(premise.split()) <= limit and len(premise) <= WORD_CHARACTERS * limit:
        return premise
    indexed = index(premise, "sentence", SENTENCE_WORDS)
    sentences = indexed.windows
    lengths = [len(sentence.text.split()) for sentence in sentences]
    chosen = _choose_sentences(indexed, hypothesis, lengths, limit)
    room = limit - sum(lengths[at] for at in chosen)
    centres = chosen[:3] or [0]  # the first sentence, if none shares a word with the hypothesis
    for at in [near for centre in centres for near in (centre - 1, centre, centre + 1)]:
        if 0 <= at < len(sentences) and at not in chosen and lengths[at] <= room:
            chosen.append(at)
            room -= lengths[at]
    # copy runs of adjacent sentences whole, with the text between them
    firsts = sorted(at for at in chosen if at - 1 not in chosen)
    lasts = sorted(at for at in chosen if at + 1 not in chosen)
    runs = zip(firsts, lasts, strict=True)
    return " ".join(premise[sentences[first].start : sentences[last].end] for first, last in runs)


def _choose_sentences(indexed: Index, hypothesis: str, lengths: Sequence[int], limit: int) -> list[int]:
    """Choose sentences, by how much of the hypothesis each adds, until none fits; the first may have any length."""
    weights: list[dict[str, float]] = [{} for _ in lengths]  # for each sentence, the terms that the hypothesis has too
    for term in sorted(set(list_terms(hypothesis))):  # sorted, because a sum of floats depends on the order
        for at, weight in indexed.postings.get(term, ()):
            weights[at][term] = weight
    covered: dict[str, float] = {}
    chosen: list[int] = []
    room = limit
    while room > 0:
        candidates = [at for at in range(len(lengths)) if at not in chosen and (not chosen or lengths[at] <= room)]
        gains = {at: _gain(weights[at], covered) for at in candidates}
        best = max(gains, key=lambda at: gains[at], default=None)
        if best is None or gains[best] <= 0:
            break
        chosen.append(best)
        room -= lengths[best]
        for term, weight in weights[best].items():
            covered[term] = max(covered.get(term, 0.0), weight)
    return chosen


def _gain(weights: dict[str, float], covered: dict[str, float]) -> float:
    return sum(max(0.0, weight - covered.get(term, 0.0)) + REPETITION * weight for term, weight in weights.items())
