"""Detect negation by counting negators along the chain of governing words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from harness.checker_en.lists import group
from harness.checker_en.sentence import Sentence

NEGATORS = group("not n't no never nobody none nothing neither nor cannot")
"""Words that negate on their own."""
DENIERS = frozenset({"fail", "refus", "deni", "declin", "unabl", "unlik", "reject", "avoid", "prevent", "ceas", "stop"})
"""Stems of verbs and adjectives that deny what they govern."""
_ADVERBS = (NEGATORS - {"no"}) | {"nt", "hardly"}
_NONE = frozenset({"no", "none", "neither", "nobody", "nothing"})
_OPINIONS = frozenset({"think", "believ", "expect", "suppos", "seem", "appear", "want", "plan", "intend"})
"""Stems of verbs that pass their negation on: "does not think he will" means "thinks he will not"."""
_LIMITS = frozenset({"only", "just", "merely", "simply", "necessarily"})
"""After ``not``, these words are negated instead of the predicate: "not only"."""
_LASTING = frozenset({"longer", "more"})
"""After ``no``: no longer."""
_SINGLE = frozenset({"one", "a", "single", "even"})
_BREAKS = frozenset({",", "and", "but", "-", "(", ";"})
_ARGUMENTS = frozenset({"nsubj", "nsubjpass", "csubj", "dobj", "attr", "dative", "acomp"})
_CONTRASTS = frozenset({("rather", "than"), ("instead", "of"), ("apart", "from"), ("other", "than")})
_MODIFIERS = frozenset({"DET", "ADP", "ADJ", "PRON", "PROPN", "PART", "AUX"})
_MODALS = frozenset({"will", "wo", "'ll", "would", "'d", "can", "ca", "could", "may", "might", "should", "must"})
_RISKS = frozenset({"risk", "threaten", "stand", "fear"})
_DEEP = 5


def negated(sentence: Sentence, index: int) -> bool:
    """True if an odd number of negators applies to a predicate."""
    return len(negators(sentence, index)) % 2 == 1


def negators(sentence: Sentence, index: int, deep: int = _DEEP) -> list[int]:
    """The negators of a word, including those that its governors pass on."""
    word, head = sentence.words[index], sentence.words[sentence.words[index].head]
    negating = list(_direct_negators(sentence, sentence.children[index]))
    if word.head == index or not deep:
        return negating
    if word.dep == "pcomp":
        return [*negating, *_denied_by_preposition(sentence, word.head)]
    if word.dep == "acl" and _is_infinitive(sentence, index):  # no plans to cut; but no one hurt in it died
        return [*negating, *(each for each in sentence.children[word.head] if _is_no(sentence, each))]
    if head.key in DENIERS and word.dep in ("xcomp", "ccomp", "dobj") and word.head < index:
        return [*negating, word.head, *negators(sentence, word.head, deep - 1)]
    if word.dep in ("attr", "acomp"):
        return [*negating, *negators(sentence, word.head, deep - 1)]
    if word.dep in ("xcomp", "oprd") or (word.dep == "ccomp" and head.key in _OPINIONS):
        own = set(_direct_negators(sentence, sentence.dependents(word.head, *_ARGUMENTS)))  # wastes no time calling
        return [*negating, *(each for each in negators(sentence, word.head, deep - 1) if each not in own)]
    return negating


def negation_phrase(sentence: Sentence, index: int) -> range:
    """A predicate with its auxiliaries and negators: ``did not resign``, ``no deal was signed``."""
    places = [index, *sentence.dependents(index, "aux", "auxpass"), *negators(sentence, index)]
    return range(min(places), max(places) + 1)


def exclusion(sentence: Sentence, slot: range) -> int | None:
    """Index of the first word that excludes a slot (``X, not Y``, ``X rather than Y``), or None."""
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


def asserted(sentence: Sentence, index: int) -> bool:
    """False if a predicate is only planned, wanted or conditional."""
    return not _is_infinitive(sentence, index) and not supposed(sentence, index)


def supposed(sentence: Sentence, index: int) -> bool:
    """True if a predicate is part of a condition: ``if there is no deal`` neither asserts nor denies one."""
    place = sentence.words[index].head if sentence.words[index].dep in ("attr", "acomp") else index
    return bool(_conditional_marks(sentence, place))


def condition(sentence: Sentence, index: int) -> Literal["", "if", "unless"]:
    """The kind of condition on which a predicate holds (if, unless), or none."""
    word = sentence.words[index]
    if word.dep == "conj" and any(sentence.words[child].low == "or" for child in sentence.children[word.head]):
        return "unless"
    is_risked = sentence.words[word.head].key in _RISKS and word.dep == "xcomp"
    if not is_risked and not any(sentence.words[child].low in _MODALS for child in sentence.children[index]):
        return ""
    for child in sentence.dependents(index, "prep", "advcl"):
        word = sentence.words[child]
        if word.dep == "prep" and word.low in ("with", "without"):
            return "if" if word.low == "with" else "unless"
        if word.dep == "advcl" and (marks := _conditional_marks(sentence, child)):
            return "unless" if (marks[0] == "unless") != negated(sentence, child) else "if"
    return ""


def _conditional_marks(sentence: Sentence, index: int) -> list[str]:
    marks = [sentence.words[child].low for child in sentence.dependents(index, "mark")]
    return [mark for mark in marks if mark in ("if", "unless")]


def _is_infinitive(sentence: Sentence, index: int) -> bool:
    return any(sentence.words[child].low == "to" for child in sentence.dependents(index, "aux"))


def _denied_by_preposition(sentence: Sentence, preposition: int) -> list[int]:
    """The words that negate a clause: ``without``, or a verb such as prevented before ``from``."""
    word = sentence.words[preposition]
    if word.low == "from" and sentence.words[word.head].key in DENIERS:
        return [word.head, *_direct_negators(sentence, sentence.children[word.head])]
    return [preposition] if word.low == "without" else []


def _direct_negators(sentence: Sentence, children: Iterable[int]) -> Iterator[int]:
    """The negators among a word's children, including the ``no`` of a subject, an object or ``no longer``."""
    for child in children:
        word, after = sentence.words[child], sentence.words[child + 1 : child + 2]
        if word.low == "not" and any(each.low in _LIMITS for each in after):
            continue  # not only
        if word.dep == "neg" or (word.low in _ADVERBS and word.dep in ("advmod", "preconj", "det", *_ARGUMENTS)):
            yield child
        elif word.dep in _ARGUMENTS or word.low in _LASTING:
            yield from [each for each in sentence.children[child] if _is_no(sentence, each)][:1]


def _is_no(sentence: Sentence, index: int) -> bool:
    """True for a ``no`` that is not short for number (``No 3``), and for the ``not`` of ``not one``."""
    word, after = sentence.words[index], sentence.words[index + 1 : index + 2]
    if word.low == "not":
        return any(each.low in _SINGLE for each in after)
    return word.low in _NONE and word.dep != "conj" and not any(each.pos == "NUM" for each in after)
