"""What a sentence denies: negators counted along the words that govern one another."""

from __future__ import annotations

from harness.verifiers._slots.sentence import Sentence

_NEGATORS = frozenset({"not", "n't", "nt", "never", "nobody", "none", "nothing", "neither", "nor", "hardly", "cannot"})
_NONE = frozenset({"no", "none", "neither", "nobody", "nothing"})
# Verbs and adjectives that deny what they govern, by stem.
DENIERS = frozenset({"fail", "refus", "deni", "declin", "unabl", "unlik", "reject", "avoid", "prevent", "ceas", "stop"})
# Verbs whose negation is that of what they govern: who does not think that he will thinks that he will not.
_OPINIONS = frozenset({"think", "believ", "expect", "suppos", "seem", "appear", "want", "plan", "intend"})
# What makes the bearer of a title one who does not hold it.
_PRIVATIVE = frozenset({"former", "ex", "vice", "deputy", "would-be", "acting", "ex-president", "onetime"})
_ARGUMENTS = frozenset({"nsubj", "nsubjpass", "csubj", "dobj", "attr", "dative", "acomp"})
_CONTRASTS = frozenset({("rather", "than"), ("instead", "of"), ("apart", "from"), ("other", "than")})
_MODIFIERS = frozenset({"DET", "ADP", "ADJ", "PRON", "PROPN", "PART", "AUX"})
_DEEP = 5


def negated(sentence: Sentence, index: int) -> bool:
    """Whether an odd number of negators bears on a predicate."""
    return _count(sentence, index, _DEEP) % 2 == 1


def excluded(sentence: Sentence, slot: range) -> bool:
    """Whether what stands in a slot is named as what it is not: ``X, not Y``, ``X rather than Y``."""
    at = slot.start - 1
    while (
        at >= 0
        and sentence.words[at].pos in _MODIFIERS
        and sentence.words[at].text.lower() not in ("not", "than", "of")
    ):
        at -= 1
    if at < 0:
        return False
    low = sentence.words[at].text.lower()
    if low == "not":
        return at == 0 or sentence.words[at - 1].text.lower() in (",", "and", "but", "-", "(", ";")
    return at > 0 and (sentence.words[at - 1].text.lower(), low) in _CONTRASTS


def privative(sentence: Sentence, index: int) -> bool:
    """Whether a title is said to be a former one, or that of a deputy."""
    before = [word.text.lower() for word in sentence.words[max(0, index - 4) : index]]
    children = [sentence.words[child].text.lower() for child in sentence.children[index]]
    return bool(_PRIVATIVE.intersection(children)) or bool(_PRIVATIVE.intersection(before[-2:]))


def asserted(sentence: Sentence, index: int) -> bool:
    """Whether a predicate is said to be so, and not merely to be done, wanted, or the case if something else is."""
    words = [sentence.words[child] for child in sentence.children[index]]
    return not any(
        (word.text.lower() == "to" and word.dep == "aux")
        or (word.text.lower() in ("if", "unless") and word.dep == "mark")
        for word in words
    )


def phrase(sentence: Sentence, index: int) -> range:
    """A predicate with what denies it: ``did not resign``."""
    near = [child for child in sentence.children[index] if sentence.words[child].dep in ("aux", "auxpass", "neg")]
    return range(min(index, *near), max(index, *near) + 1) if near else range(index, index + 1)


def _count(sentence: Sentence, index: int, deep: int) -> int:
    """The negators of a word itself, and of what passes its negation on to it."""
    word, head = sentence.words[index], sentence.words[sentence.words[index].head]
    count = sum(_negates(sentence, child) for child in sentence.children[index])
    if word.head == index or not deep:
        return count
    if word.dep == "pcomp":
        return count + (head.text.lower() == "without")
    if head.key in DENIERS and word.dep in ("xcomp", "ccomp", "dobj") and word.head < index:
        return count + 1 + _count(sentence, word.head, deep - 1)
    if word.dep in ("attr", "acomp"):
        return count + _count(sentence, word.head, deep - 1)
    if word.dep in ("xcomp", "oprd") or (word.dep == "ccomp" and head.key in _OPINIONS):
        own = sum(
            sentence.words[child].dep in _ARGUMENTS and _negates(sentence, child)
            for child in sentence.children[word.head]
        )
        return count + _count(sentence, word.head, deep - 1) - own  # who wastes no time calling calls
    return count


def _negates(sentence: Sentence, child: int) -> bool:
    """A negator, or a subject or object that is none or has ``no`` before it."""
    word = sentence.words[child]
    low = word.text.lower()
    if word.dep == "neg" or (low in _NEGATORS and word.dep in ("advmod", "preconj", "det", *_ARGUMENTS)):
        return True
    return word.dep in _ARGUMENTS and any(
        sentence.words[each].text.lower() in _NONE and not _numbers(sentence, each)
        for each in sentence.children[child]
        if sentence.words[each].dep != "conj"
    )


def _numbers(sentence: Sentence, index: int) -> bool:
    """Whether a no is short for number: ``No 3``."""
    return any(word.pos == "NUM" for word in sentence.words[index + 1 : index + 2])
