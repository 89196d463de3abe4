"""What a sentence denies: negators counted along the words that govern one another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from harness.checker_en.lists import group
from harness.checker_en.sentence import Sentence

NEGATORS = group("not n't no never nobody none nothing neither nor cannot")
"""Words that deny by themselves."""
_ADVERBS = (NEGATORS - {"no"}) | {"nt", "hardly"}
_NONE = frozenset({"no", "none", "neither", "nobody", "nothing"})
# Verbs and adjectives that deny what they govern, by stem.
DENIERS = frozenset({"fail", "refus", "deni", "declin", "unabl", "unlik", "reject", "avoid", "prevent", "ceas", "stop"})
# Verbs whose negation is that of what they govern: who does not think that he will thinks that he will not.
_OPINIONS = frozenset({"think", "believ", "expect", "suppos", "seem", "appear", "want", "plan", "intend"})
# What makes the bearer of a title one who does not hold it.
_PRIVATIVE = frozenset({"former", "ex", "vice", "deputy", "acting", "onetime"})
_LIMITS = frozenset({"only", "just", "merely", "simply", "necessarily"})
"""What ``not`` denies in the place of the predicate: not only."""
_LASTING = frozenset({"longer", "more"})
"""What ``no`` stands before to deny that something goes on."""
_SINGLE = frozenset({"one", "a", "single", "even"})
_BREAKS = frozenset({",", "and", "but", "-", "(", ";"})
_ARGUMENTS = frozenset({"nsubj", "nsubjpass", "csubj", "dobj", "attr", "dative", "acomp"})
_CONTRASTS = frozenset({("rather", "than"), ("instead", "of"), ("apart", "from"), ("other", "than")})
_MODIFIERS = frozenset({"DET", "ADP", "ADJ", "PRON", "PROPN", "PART", "AUX"})
_MODALS = frozenset({"will", "wo", "'ll", "would", "'d", "can", "ca", "could", "may", "might", "should", "must"})
_RISKS = frozenset({"risk", "threaten", "stand", "fear"})
_DEEP = 5


def negated(sentence: Sentence, index: int) -> bool:
    """Whether an odd number of negators bears on a predicate."""
    return len(negators(sentence, index)) % 2 == 1


def exclusion(sentence: Sentence, slot: range) -> int | None:
    """Where the words begin by which a slot is named as what it is not: ``X, not Y``, ``X rather than Y``."""
    words, at = sentence.words, slot.start - 1
    while at >= 0 and words[at].pos in _MODIFIERS and words[at].low not in ("not", "than", "of"):
        at -= 1
    if at < 0:
        return None
    low = words[at].low
    if low == "not":
        said = any(word.low == "but" for word in words[slot.stop :]) if at == 0 else words[at - 1].low in _BREAKS
        return at if said else None
    return at - 1 if at > 0 and (words[at - 1].low, low) in _CONTRASTS else None


def excluded(sentence: Sentence, slot: range) -> bool:
    """Whether what stands in a slot is named as what it is not."""
    return exclusion(sentence, slot) is not None


def privatives(sentence: Sentence, index: int) -> list[int]:
    """The words by which a title is said to be a former one, or that of a deputy."""
    near = [*sentence.children[index], *range(max(0, index - 2), index)]
    return [each for each in near if sentence.words[each].low in _PRIVATIVE]


def thinks_not(sentence: Sentence, index: int) -> bool:
    """Whether a verb has a denied clause behind it, and would hand its own negation on: who does not think that it is
    so thinks that it is not."""
    clauses = sentence.dependents(index, "ccomp", "xcomp")
    return sentence.words[index].key in _OPINIONS and any(negated(sentence, each) for each in clauses)


def asserted(sentence: Sentence, index: int) -> bool:
    """Whether a predicate is said to be so, and not merely to be done, wanted, or the case if something else is."""
    return not _is_infinitive(sentence, index) and not supposed(sentence, index)


def supposed(sentence: Sentence, index: int) -> bool:
    """Whether a predicate is a condition: ``if there is no deal`` neither says nor denies that there is one."""
    place = sentence.words[index].head if sentence.words[index].dep in ("attr", "acomp") else index
    return bool(_marks(sentence, place))


def condition(sentence: Sentence, index: int) -> Literal["", "if", "unless"]:
    """Under which condition a predicate holds: if something is so, unless it is, or under none."""
    word = sentence.words[index]
    if word.dep == "conj" and any(sentence.words[child].low == "or" for child in sentence.children[word.head]):
        return "unless"
    if not _possible(sentence, index):
        return ""
    for child in sentence.dependents(index, "prep", "advcl"):
        word = sentence.words[child]
        if word.dep == "prep" and word.low in ("with", "without"):
            return "if" if word.low == "with" else "unless"
        if word.dep == "advcl" and (marks := _marks(sentence, child)):
            return "unless" if (marks[0] == "unless") != negated(sentence, child) else "if"
    return ""


def phrase(sentence: Sentence, index: int, more: Iterable[int] = ()) -> range:
    """A predicate with what denies it, and with the words ``more``: ``did not resign``, ``no deal was signed``."""
    places = [index, *sentence.dependents(index, "aux", "auxpass"), *negators(sentence, index), *more]
    return range(min(places), max(places) + 1)


def negators(sentence: Sentence, index: int, deep: int = _DEEP) -> list[int]:
    """The negators of a word itself, and of what passes its negation on to it."""
    word, head = sentence.words[index], sentence.words[sentence.words[index].head]
    negating = list(_negators(sentence, sentence.children[index]))
    if word.head == index or not deep:
        return negating
    if word.dep == "pcomp":
        return [*negating, *_without(sentence, word.head)]
    if word.dep == "acl" and _is_infinitive(sentence, index):  # no plans to cut; but no one hurt in it died
        return [*negating, *(each for each in sentence.children[word.head] if _none(sentence, each))]
    if head.key in DENIERS and word.dep in ("xcomp", "ccomp", "dobj") and word.head < index:
        return [*negating, word.head, *negators(sentence, word.head, deep - 1)]
    if word.dep in ("attr", "acomp"):
        return [*negating, *negators(sentence, word.head, deep - 1)]
    if word.dep in ("xcomp", "oprd") or (word.dep == "ccomp" and head.key in _OPINIONS):
        arguments = sentence.dependents(word.head, *_ARGUMENTS)
        own = set(_negators(sentence, arguments))  # who wastes no time calling calls
        return [*negating, *(each for each in negators(sentence, word.head, deep - 1) if each not in own)]
    return negating


def _is_infinitive(sentence: Sentence, index: int) -> bool:
    return any(sentence.words[child].low == "to" for child in sentence.dependents(index, "aux"))


def _without(sentence: Sentence, preposition: int) -> list[int]:
    """What denies the clause behind a preposition: ``without``, or that somebody is prevented ``from`` it."""
    word = sentence.words[preposition]
    if word.low == "from" and sentence.words[word.head].key in DENIERS:
        return [word.head, *_negators(sentence, sentence.children[word.head])]
    return [preposition] if word.low == "without" else []


def _negators(sentence: Sentence, children: Iterable[int]) -> Iterator[int]:
    """The negators among the words that depend on one, and the ``no`` before a subject, an object or ``longer``."""
    for child in children:
        word, after = sentence.words[child], sentence.words[child + 1 : child + 2]
        if word.low == "not" and any(each.low in _LIMITS for each in after):
            continue  # not only
        if word.dep == "neg" or (word.low in _ADVERBS and word.dep in ("advmod", "preconj", "det", *_ARGUMENTS)):
            yield child
        elif word.dep in _ARGUMENTS or word.low in _LASTING:
            yield from [each for each in sentence.children[child] if _none(sentence, each)][:1]


def _none(sentence: Sentence, index: int) -> bool:
    """Whether a word is a ``no`` that is not short for number: ``No 3``; or the ``not`` of ``not one``."""
    word, after = sentence.words[index], sentence.words[index + 1 : index + 2]
    if word.low == "not":
        return any(each.low in _SINGLE for each in after)
    return word.low in _NONE and word.dep != "conj" and not any(each.pos == "NUM" for each in after)


def _marks(sentence: Sentence, index: int) -> list[str]:
    """The words that make a clause a condition."""
    marks = [sentence.words[child].low for child in sentence.dependents(index, "mark")]
    return [mark for mark in marks if mark in ("if", "unless")]


def _possible(sentence: Sentence, index: int) -> bool:
    """Whether a predicate is what may, will or would be, or is risked."""
    risked = sentence.words[sentence.words[index].head].key in _RISKS and sentence.words[index].dep == "xcomp"
    return risked or any(sentence.words[child].low in _MODALS for child in sentence.children[index])
