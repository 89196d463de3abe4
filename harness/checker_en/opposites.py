"""Find words whose opposite is in their place in the premise."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import takewhile

from harness.checker_en import lists
from harness.checker_en.compare import Candidate, Comparison, Finding
from harness.checker_en.negation import asserted, negated
from harness.checker_en.roles import arguments, disagree
from harness.checker_en.sentence import Sentence, Word
from harness.checker_en.spelling import stem

_SURE = 0.6
"""Minimum strength of an opposite."""
_FUNCTION_WORDS = frozenset({"befor", "after", "abov", "below", "insid", "outsid", "up", "down", "with", "without"})
"""Stems of function words that have an opposite."""
_PREFIXES = ("un", "in", "im", "dis", "ir", "il", "non")
_ROOT = 4
"""Letters."""
_ATTRIBUTES = frozenset({"amod", "compound", "nummod", "poss"})


def find(comparison: Comparison) -> Iterator[Finding]:
    """Yield a conflict for each word that the premise lacks and whose opposite is in its place."""
    for index, word in enumerate(comparison.sentence.words):
        if not (word.weight or word.key in _FUNCTION_WORDS) or _is_in_premise(comparison, word):
            continue
        slot = range(index, index + 1)
        options = [
            (candidate.strength(slot, range(place, place + 1)), number, place)
            for number, candidate in enumerate(comparison.candidates)
            for place in range(len(candidate.sentence.words))
            if _is_opposed(comparison.sentence, index, candidate, place)
        ]
        strength, number, place = max(options, default=(0.0, 0, 0))
        if strength >= _SURE:
            spans = comparison.differing_spans(slot, comparison.candidates[number], range(place, place + 1))
            yield Finding("antonym", "conflict", strength, *spans)


def opposite(one: str, other: str) -> bool:
    """True if two stems exclude each other: listed, or one is the other with a negative prefix."""
    if other in _opposites().get(one, ()):
        return True
    short, long = sorted((one, other), key=len)
    return len(short) >= 4 and any(long == prefix + short for prefix in _PREFIXES)


@cache
def antonyms() -> Mapping[str, Mapping[str, list[str]]]:
    """Word class → word → the opposites that can replace it.

    In a list named ``…, one way`` only the second word of a pair replaces the first.
    """
    table: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for name, pairs in lists.load("antonyms", dict[str, list[tuple[str, str]]]).items():
        kind, _, one_way = name.partition(", ")
        for one, other in pairs:
            table[kind][one].append(other)
            if not one_way:
                table[kind][other].append(one)
    return table


@cache
def _opposites() -> Mapping[str, frozenset[str]]:
    """Stem → the stems that exclude it: the antonyms, and more that are only recognised, never written.

    ``either side``: the words left of the bar exclude those right of it; ``one of``: each excludes all others.
    """
    table: dict[str, set[str]] = defaultdict(set)
    more = lists.load("opposites", dict[str, list[str]])
    sides = [(word, other) for by_word in antonyms().values() for word in by_word for other in by_word[word]]
    sides += [(left, right) for line in more["either side"] for left, _, right in [line.partition("|")]]
    for left, right in ([set(map(stem, side.split())) for side in pair] for pair in sides):
        for one in left:
            table[one] |= right
        for one in right:
            table[one] |= left
    for words in (set(map(stem, line.split())) for line in more["one of"]):
        for word in words:
            table[word] |= words
    return {word: frozenset(others - {word}) for word, others in table.items()}


def _is_in_premise(comparison: Comparison, word: Word) -> bool:
    """True if one of the three best candidates has the word, or one of its root: "closure" for "close"."""
    for candidate in comparison.candidates[:3]:
        for other in candidate.sentence.words:
            shared = sum(1 for _ in takewhile(lambda two: two[0] == two[1], zip(word.low, other.low, strict=False)))
            same_root = shared >= max(_ROOT, min(len(word.low), len(other.low)) - 1)
            if word.like(other) or (same_root and not opposite(word.key, other.key)):
                return True
    return False


def _is_opposed(sentence: Sentence, index: int, candidate: Candidate, place: int) -> bool:
    """True if two words exclude each other, have the same polarity and tell the event from the same side."""
    there = candidate.sentence
    one, other = sentence.words[index], there.words[place]
    if not (opposite(one.key, other.key) or opposite(one.other, other.other)):
        return False
    if place in candidate.matched.values():
        return False
    if one.dep in _ATTRIBUTES and not candidate.governed(range(index, index + 1), range(place, place + 1)):
        return False
    if one.key in ("with", "without") and not _go_with_one(sentence, index, there, place):
        return False
    if asserted(sentence, index) and not asserted(there, place):
        return False
    if one.pos == other.pos == "VERB" and disagree(sentence, index, there, place):
        return False
    return negated(sentence, index) == negated(there, place) and not _is_converse(sentence, index, there, place)


def _is_converse(sentence: Sentence, index: int, there: Sentence, place: int) -> bool:
    """True if two opposites tell one event from its two sides: A buys from B, B sells to A."""
    one, other = arguments(sentence, index), arguments(there, place)

    def shared(ones: Iterable[int], others: Iterable[int]) -> int:
        return sum(any(sentence.words[each].like(there.words[what]) for what in others) for each in ones)

    crossed = shared(one.subjects, other.objects), shared(one.objects, other.subjects)
    straight = shared(one.subjects, other.subjects), shared(one.objects, other.objects)
    if sentence.words[index].dep in ("mark", "prep"):
        return all(crossed) and sum(crossed) > sum(straight)
    return (all(crossed) and not all(straight)) or (any(crossed) and not straight[0])


def _go_with_one(sentence: Sentence, index: int, there: Sentence, place: int) -> bool:
    """True if both depend on one predicate and share a dependent: "loses without a deal", "loses with a deal"."""
    one, other = sentence.words[index].head, there.words[place].head
    if not sentence.words[one].like(there.words[other]) or negated(sentence, one) != negated(there, other):
        return False
    return any(
        sentence.words[child].like(there.words[other_child])
        for child in sentence.children[index]
        for other_child in there.children[place]
    )
