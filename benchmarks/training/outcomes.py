"""What came of something, in other words and turned into its opposite: in pairs, so that only the meaning tells.

A false version by rule is soon known by its make: whatever was exchanged is false. So here the true statement of each
pair is made as the false one is. A sentence in which a plan is approved gives one in which it is backed, and one in
which it is voted down; one in which A beats B gives that B lost to A, and that A lost to B; what A said is given to A
in another form, and to B. Either may be passive or shortened. ``outcomes.json`` has the scales on which words stand;
of its marks, ``~`` is for what is written and not looked for, ``!`` for what is not made passive either.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.training.corpora import Example, Target
from benchmarks.training.rewording import (
    SUBJECTS,
    behind,
    clause,
    clause_of,
    phrase_of,
    put,
    replaced,
    sentence,
    within,
)
from harness.checker_en import syntax
from harness.checker_en.entailment.passages import passage
from harness.checker_en.forms import inflect, lemma
from harness.text import sentences

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

SHARES = {"speaker": 0.11, "adjective": 0.09, "noun": 0.06, "phrase": 0.09}
"""The most that kinds which are found everywhere may be of all; the others are taken wherever they are found."""
_SENTENCES = 25
"""Sentences of an article that are read."""
_PASSAGE = 0.65
"""How often the premise is what the verifier would read; else it is the sentence, maybe with those beside it."""
_LENGTHS, _WRITTEN = range(6, 46), range(4, 46)
"""Words of a sentence that is taken, and of what is made of it."""
_ACTING = ("PERSON", "ORG", "GPE", "NORP")
_PEOPLE = frozenset(
    {"man", "woman", "boy", "girl", "suspect", "manager", "coach", "player", "officer", "minister", "worker", "driver"}
)
_BE = {"VBZ": "is", "VBP": "are", "VB": "be", "VBG": "being", "VBN": "been"}
_WINS = ("beat", "defeat", "overcome", "thrash", "hammer")
_SAYS = ("say", "claim", "argue", "add", "insist", "explain", "warn", "announce", "believe", "tell", "suggest", "admit")
_MUTUAL = ("meet", "have", "join", "face", "become", "resemble", "marry", "play", "see")
_DOUBTFUL = frozenset({"would", "could", "might", "may", "should", "if", "whether", "unless", "not", "never", "n't"})
_RARELY = ("above", "below", "inside", "outside", "most", "within", "against", "last", "first")
"""Phrases that seldom decide anything: one in ten is taken."""


@dataclass(frozen=True, slots=True)
class Turned:
    """A statement that a sentence bears out, and one that it denies; ``kind``: what was turned."""

    true: str
    false: str
    kind: str


class Outcomes:
    """Pairs made of articles, so many of each kind; the same for the same seed and articles in the same order."""

    def __init__(self, limit: int, seed: int) -> None:
        self.examples: list[Example] = []
        self._limit, self._draw = limit, random.Random(seed)  # noqa: S311  # no secret is drawn
        self._kinds: Counter[str] = Counter()

    @property
    def is_full(self) -> bool:
        return len(self.examples) >= self._limit

    def add(self, article: str) -> None:
        """Take the pairs of one article: at most two of a sentence, one of each kind that is found everywhere."""
        texts = [span.text for span in sentences(article) if len(span.text.split()) in _LENGTHS][:_SENTENCES]
        docs = syntax.parse_all(texts)
        names, taken = speakers(docs), Counter[str]()
        for at, doc in enumerate(docs):
            of_sentence = 0
            for pair in turned(doc, names, self._draw):
                most = self._limit * SHARES.get(pair.kind, 1.0) / 2
                is_common = pair.kind in SHARES
                if self._kinds[pair.kind] < most and of_sentence < 2 and taken[pair.kind] < (1 if is_common else 4):
                    of_sentence += 1
                    taken[pair.kind] += 1
                    self._kinds[pair.kind] += 1
                    self._take(pair, article, texts, at)

    def _take(self, pair: Turned, article: str, texts: Sequence[str], at: int) -> None:
        around = " ".join(texts[max(0, at - self._draw.randint(0, 1)) : at + 1 + self._draw.randint(0, 1)])
        is_read = self._draw.random() < _PASSAGE
        denied: Target = "unsupported" if pair.kind == "speaker" else "contradicted"  # both may have said it
        labelled: tuple[tuple[str, Target], ...] = ((pair.true, "supported"), (pair.false, denied))
        for text, label in labelled:
            premise = passage(article, text).text if is_read else around
            self.examples.append(Example(premise, text, label, "outcome"))


def turned(doc: Doc, names: Sequence[str], draw: random.Random) -> Iterator[Turned]:
    """All that one sentence gives, in an order of chance; ``names``: who else may have said it."""
    pairs = [*_acts(doc, draw), *_moves(doc, draw), *_intended(doc, draw), *_beaten(doc), *_passive(doc)]
    pairs += [*_words(doc, draw), *_phrases(doc, draw), *_said(doc, names, draw)]
    draw.shuffle(pairs)
    for pair in pairs:
        if pair.true != pair.false and all(len(text.split()) in _WRITTEN for text in (pair.true, pair.false)):
            yield pair


def speakers(docs: Sequence[Doc]) -> list[str]:
    """The names of people and organisations that are the subject of something."""
    subjects = (entity for doc in docs for entity in doc.ents if entity.root.dep_ in SUBJECTS)
    names = {" ".join(token.text for token in each) for each in subjects if each.label_ in ("PERSON", "ORG")}
    return sorted(name.removesuffix("'s").removesuffix("’s") for name in names)


# Words that stand on a scale.


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a verb stands: on which scale, and on which of its sides."""

    scale: dict[str, Any]
    side: str

    @property
    def opposite(self) -> _Place:
        return _Place(self.scale, "right" if self.side == "left" else "left")

    def written(self, tag: str, plural: bool, passive: bool, but: str = "") -> list[str]:
        """All that can be written there, in the form of a tag of the Penn Treebank."""
        phrases = [each for each in self.scale[self.side].split() if not (passive and each[0] == "!")]
        forms = [_form(each.lstrip("~!"), tag, plural) for each in phrases if each.lstrip("~!") != but]
        return [form for form in forms if form]


@cache
def _scales() -> dict[str, Any]:
    scales: dict[str, Any] = json.loads(Path(__file__).with_name("outcomes.json").read_text("utf-8"))
    return scales


@cache
def _places(table: str) -> dict[str, list[_Place]]:
    """Verb, with its particle → where it stands."""
    places = defaultdict(list)
    for scale in _scales()[table]:
        for side in ("left", "right"):
            for phrase in scale[side].split():
                if phrase[0] not in "~!":
                    places[phrase].append(_Place(scale, side))
    return places


def _form(phrase: str, tag: str, plural: bool) -> str | None:
    first, *rest = phrase.split("_")
    if first == "be":
        word: str | None = ("were" if plural else "was") if tag == "VBD" else _BE[tag]
    else:
        word = inflect(first, tag)
    return None if word is None else " ".join([word, *rest])


def _key(verb: Token) -> str:
    particle = syntax.child(verb, "prt")
    return lemma(verb) if particle is None else f"{lemma(verb)}_{particle.lower_}"


def _as_written(verb: Token) -> str:
    particle = syntax.child(verb, "prt")
    return str(verb.text) if particle is None else f"{verb.text} {particle.text}"


def _is_plural(noun: Token | None) -> bool:
    return noun is not None and (noun.tag_ in ("NNS", "NNPS") or syntax.child(noun, "cc") is not None)


def _told(doc: Doc) -> Iterator[Token]:
    """The verbs of a sentence that nothing denies, asks or makes conditional."""
    if not {token.lower_ for token in doc} & _DOUBTFUL and "?" not in doc.text:
        yield from (token for token in doc if token.pos_ == "VERB" and syntax.child(token, "neg") is None)


# What happens to the sentence's verbs.


def _acts(doc: Doc, draw: random.Random) -> Iterator[Turned]:
    """Somebody does something to something, active or passive."""
    for verb in _told(doc):
        for place in _places("verb").get(_key(verb), ()):
            is_passive = syntax.child(verb, "auxpass") is not None
            subject = syntax.child(verb, *SUBJECTS)
            target = subject if is_passive else syntax.child(verb, "dobj")
            if subject is None or target is None or not _takes(place.scale, _key(verb), target):
                continue
            shape = draw.choice(("whole", "clause", "passive"))
            if shape == "passive" and not is_passive:
                yield from _made_passive(verb, target, place, draw)
            else:
                yield from _exchanged(verb, place, draw, whole=shape == "whole", kind="act")


def _moves(doc: Doc, draw: random.Random) -> Iterator[Turned]:
    """Something rises, falls, ends or survives."""
    for verb in _told(doc):
        subject = syntax.child(verb, "nsubj")
        is_bare = syntax.child(verb, "dobj", "auxpass", "xcomp", "ccomp") is None
        if not is_bare or subject is None or subject.pos_ not in ("NOUN", "PROPN", "PRON"):
            continue
        for place in _places("moves").get(_key(verb), ()):
            if not place.scale.get("people") or subject.ent_type_ in _ACTING or subject.tag_ == "PRP":
                yield from _exchanged(verb, place, draw, whole=draw.random() < 0.5, kind="move")


def _intended(doc: Doc, draw: random.Random) -> Iterator[Turned]:
    """Somebody agrees, manages or plans to do something."""
    for verb in _told(doc):
        complement = syntax.child(verb, "xcomp")
        to = syntax.child(complement, "aux") if complement is not None else None
        if to is not None and to.i == verb.i + 1 and verb.tag_ in ("VBD", "VBZ", "VBP"):
            for place in _places("to").get(_key(verb), ()):
                yield from _exchanged(verb, place, draw, whole=draw.random() < 0.5, kind="intended")


def _exchanged(verb: Token, place: _Place, draw: random.Random, *, whole: bool, kind: str) -> Iterator[Turned]:
    """The verb in other words, and its opposite: in the whole sentence, or in its clause."""
    is_plural, is_passive = _is_plural(syntax.child(verb, *SUBJECTS)), syntax.child(verb, "auxpass") is not None
    same = place.written(verb.tag_, is_plural, is_passive, but=_key(verb)) or [_as_written(verb)]
    opposite = place.opposite.written(verb.tag_, is_plural, is_passive)
    write = replaced if whole else clause
    if opposite and (true := write(verb, draw.choice(same))) and (false := write(verb, draw.choice(opposite))):
        yield Turned(true, false, kind)


def _made_passive(verb: Token, target: Token, place: _Place, draw: random.Random) -> Iterator[Turned]:
    """What was done to the target, and the opposite."""
    plural = _is_plural(target)
    same, opposite = (each.written("VBN", plural, passive=True) for each in (place, place.opposite))
    if same and opposite and verb.tag_ in ("VBD", "VBN") and target.tag_ != "PRP":
        true, false = (
            sentence([*phrase_of(target), "were" if plural else "was", draw.choice(each), *behind(verb)])
            for each in (same, opposite)
        )
        yield Turned(true, false, "act")


def _takes(scale: dict[str, Any], key: str, target: Token) -> bool:
    """Whether the verb means this of such a target."""
    if scale.get("people"):
        return target.ent_type_ == "PERSON" or target.tag_ == "PRP" or target.lemma_ in _PEOPLE
    if "objects" in scale:
        return bool({lemma(target), target.lemma_.lower()} & set(scale["objects"].split()))
    return target.pos_ in ("NOUN", "PROPN") and key not in scale.get("own", "").split()


def _beaten(doc: Doc) -> Iterator[Turned]:
    """Who beat whom, as told of the other."""
    for verb, subject, object_ in _between_names(doc, ("VBD", "VBN")):
        if lemma(verb) in _WINS:
            one, other, after = phrase_of(subject), phrase_of(object_), behind(verb)
            for lost in ("lost to", "were beaten by"):
                yield Turned(sentence([*other, lost, *one, *after]), sentence([*one, lost, *other, *after]), "beaten")


def _passive(doc: Doc) -> Iterator[Turned]:
    """Who did it to whom: the passive, and the passive of the exchange."""
    for verb, subject, object_ in _between_names(doc, ("VBD",)):
        done = inflect(lemma(verb), "VBN")
        if done is None or lemma(verb) in _MUTUAL:
            continue
        if syntax.child(verb, "aux", "prt", "ccomp", "xcomp", "dative") is None and object_.i > verb.i:
            one, other = phrase_of(subject), phrase_of(object_)
            true, false = (
                sentence([*whom, "were" if _is_plural(head) else "was", done, "by", *within(who), *behind(verb)])
                for whom, head, who in ((other, object_, one), (one, subject, other))
            )
            yield Turned(true, false, "passive")


def _between_names(doc: Doc, tags: tuple[str, ...]) -> Iterator[tuple[Token, Token, Token]]:
    """Verbs that one name is the subject of and another the object, and both."""
    for verb in _told(doc):
        subject, object_ = syntax.child(verb, *SUBJECTS), syntax.child(verb, "dobj")
        if verb.tag_ not in tags or subject is None or object_ is None:
            continue
        if subject.ent_type_ in _ACTING and object_.ent_type_ in _ACTING:
            yield verb, subject, object_


def _said(doc: Doc, names: Sequence[str], draw: random.Random) -> Iterator[Turned]:
    """Who said it."""
    for verb in doc:
        complement, subject = syntax.child(verb, "ccomp"), syntax.child(verb, "nsubj")
        if complement is None or subject is None or lemma(verb) not in _SAYS or complement.i < verb.i:
            continue
        name = " ".join(token.text for token in phrase_of(subject))
        others = [each for each in names if not set(each.lower().split()) & set(name.lower().split())]
        what = [token for token in complement.subtree if token.lower_ != "that" or token.dep_ != "mark"]
        if subject.ent_type_ in ("PERSON", "ORG") and others and what and not re.search('["“]', doc.text):
            shape = draw.choice(("According to {}, {}", "{} said {}", "{} said that {}", "As {} put it, {}"))
            text = sentence(within(what))
            yield Turned(shape.format(name, text), shape.format(draw.choice(others), text), "speaker")


# What happens to other words.


def _words(doc: Doc, draw: random.Random) -> Iterator[Turned]:
    """An adjective or a noun that stands on a scale."""
    if any(token.dep_ == "neg" or token.lower_ in ("no", "not", "without", "than", "if") for token in doc):
        return
    for token in filter(_stands_alone, doc):
        kind = "adjective" if token.pos_ == "ADJ" else "noun"
        base = token.lemma_.lower() if kind == "noun" else token.lower_
        for sides in _scales()[kind]:
            for at, side in enumerate(sides):
                if base in side.split():
                    same = [word for word in side.split() if word != base] or [base]
                    pair = draw.choice(same), draw.choice(sides[1 - at].split())
                    true, false = (inflect(word, token.tag_) if kind == "noun" else word for word in pair)
                    if true and false:
                        tokens = clause_of(token) if draw.random() < 0.5 else None
                        yield Turned(put(token, true, tokens), put(token, false, tokens), kind)


def _stands_alone(token: Token) -> bool:
    """Whether an adjective or noun is in no name, no hyphenated word and no compound."""
    if token.ent_type_ in ("PERSON", "ORG", "EVENT", "WORK_OF_ART") or {"-", "–"} & {
        syntax.beside(token, -1),
        syntax.beside(token, 1),
    }:
        return False
    if token.pos_ == "ADJ":
        return token.dep_ in ("acomp", "amod", "oprd")
    return token.pos_ == "NOUN" and token.dep_ != "compound"


def _phrases(doc: Doc, draw: random.Random) -> Iterator[Turned]:
    """Before or after, more or less than, always or never."""
    text = doc.text
    if re.search(r"\b(not|n't|never|no)\b", text):
        return
    for sides in _scales()["phrase"]:
        for at, side in enumerate(sides):
            for phrase in side:
                for match in re.finditer(rf"(?<![\w-]){re.escape(phrase)}(?![\w-])", text):
                    if _decides(doc, phrase, match.start()) and (phrase not in _RARELY or draw.random() <= 0.1):
                        same = [each for each in side if each != phrase] or [phrase]
                        true, false = (
                            text[: match.start()] + each + text[match.end() :]
                            for each in (draw.choice(same), draw.choice(sides[1 - at]))
                        )
                        yield Turned(true, false, "phrase")


def _decides(doc: Doc, phrase: str, start: int) -> bool:
    """Whether a phrase means there what its scale says: before an event, over a number."""
    if phrase in ("over", "under"):
        return re.match(r"(over|under) [£$€]?\d", doc.text[start:]) is not None
    if phrase in ("before", "after"):
        token = next((each for each in doc if each.idx == start), None)
        return token is not None and token.dep_ == "prep" and syntax.child(token, "pobj") is not None
    return True
