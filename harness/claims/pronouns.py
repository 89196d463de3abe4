"""Pronouns of a summary, and the names that they stand for where that leaves little doubt.

Rules, no neural coreference: "he" and "she" go to the one person of the last sentences who may be meant, "it" to the
one named body, "they" to named people joined by "and". Anyone else who may be meant, named or not
("the driver"), is a doubt; and where there is a doubt the pronoun stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Literal

from harness.claims import gender
from harness.claims.grammar import SUBJECTS, is_plural
from harness.claims.lexicon import EMPTY
from harness.claims.quoted import quoted

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

Kind = Literal["he", "she", "person", "any", "it", "they"]
"""The pronoun that goes with a mention; "person": "he" or "she", which of them is not known; "any": or "it"."""

_FORMS: dict[str, Kind] = {
    "he": "he", "him": "he", "his": "he", "she": "she", "her": "she", "it": "it", "its": "it", "they": "they",
    "them": "they", "their": "they",
}  # fmt: skip  # one table
_BODIES = frozenset({"ORG", "GPE"})
_REACH = 2
"""Sentences that a pronoun looks back over, before its own."""


@dataclass(frozen=True, slots=True)
class Mention:
    """Someone or something that a pronoun may stand for."""

    sentence: int
    place: int
    """Of its last token in the sentence."""
    kind: Kind
    name: str | None
    """None where it has no name to put for the pronoun."""
    subject: bool


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a pronoun stands for: the words to put in its place, and the name alone."""

    text: str
    name: str
    asked: Kind
    """The pronoun's own kind. Who would be both "he" and "she" is two people, and is left alone."""


def resolved(docs: Sequence[Doc]) -> list[dict[int, Resolved]]:
    """For each sentence of a summary, in order: the place of a pronoun → what it stands for."""
    known: dict[str, None] = {}
    mentions: list[Mention] = []
    found: list[dict[int, Resolved]] = []
    for number, doc in enumerate(docs):
        mentions = [mention for mention in mentions if mention.sentence >= number - _REACH]
        mentions += _mentions(doc, number, known)
        # Within quotation marks it is the speaker who points.
        speech = frozenset(chain.from_iterable(quoted(doc)))
        found.append({})
        for token in doc:
            meant = _resolve(token, number, mentions) if token.i not in speech else None
            if meant:
                found[-1][token.i] = meant
                mentions.append(Mention(number, token.i, meant.asked, meant.name, token.dep_ in SUBJECTS))
    both = {each.name for here in found for each in here.values() if each.asked == "he"} & {
        each.name for here in found for each in here.values() if each.asked == "she"
    }
    return [{place: each for place, each in here.items() if each.name not in both} for here in found]


def _resolve(token: Token, number: int, mentions: Sequence[Mention]) -> Resolved | None:
    asked = _FORMS.get(token.lower_)
    if asked is None or token.tag_ not in {"PRP", "PRP$"} or _is_empty(token):
        return None
    earlier = [each for each in mentions if (each.sentence, each.place) < (number, token.i)]
    fitting = [each for each in earlier if _fits(each.kind, asked)]
    near = [each for each in fitting if each.sentence == max(other.sentence for other in fitting)]
    if len({each.name for each in near}) > 1:
        near = [each for each in near if each.subject]
    meant = {each.name for each in near}
    name = meant.pop() if len(meant) == 1 and not _by_chance(near, fitting) else None
    return Resolved(f"{name}'s" if token.tag_ == "PRP$" else name, name, asked) if name else None


def _by_chance(near: Sequence[Mention], fitting: Sequence[Mention]) -> bool:
    """Whether those that stand nearest are neither spoken of first nor sure to fit, and another name would too."""
    sure = any(each.subject or each.kind not in {"person", "any"} for each in near)
    return not sure and len({each.name for each in fitting if each.name}) > 1


def _fits(kind: Kind, asked: Kind) -> bool:
    if asked in {"he", "she"}:
        return kind in {asked, "person", "any"}
    return kind == asked or (asked == "it" and kind == "any")


def _is_empty(token: Token) -> bool:
    """Whether it is the "it" of "it emerged that"."""
    return token.lower_ == "it" and (token.dep_ not in SUBJECTS or token.head.lemma_ in EMPTY)


def _mentions(doc: Doc, number: int, known: dict[str, None]) -> Iterator[Mention]:
    """Those of a sentence; ``known``: the full names of all people so far."""
    named = set()
    for entity in doc.ents:
        root = entity.root
        person = entity.label_ == "PERSON" or _full(entity.text, known) in known
        if person and root.dep_ != "compound":
            named.add(root.i)
            yield _person(entity, number, known)
            if group := _joined(entity, number):
                yield group
        elif entity.label_ in _BODIES and root.dep_ in SUBJECTS:
            named.add(root.i)
            yield Mention(number, root.i, "it", entity.text, subject=True)
    for token in doc:
        if token.i not in named and token.pos_ != "PRON" and (kind := _unnamed(token)):
            yield Mention(number, token.i, kind, None, token.dep_ in SUBJECTS)


def _person(entity: Span, number: int, known: dict[str, None]) -> Mention:
    name = _bare(entity.text)
    full = _full(name, known)
    if " " in name:
        known[name] = None
    title = entity.doc[entity.start - 1].text if entity.start else ""
    kind: Kind = gender.of_noun(title) or gender.of_name(full.split()[0]) or "person"
    # One word that is no known first name may be anything that begins with a capital. Whose thing it is that is done
    # something to ("stole Kim's crown") is not spoken of.
    owner = entity.root.dep_ == "poss" and entity.root.head.dep_ not in SUBJECTS
    sure = (" " in full or kind != "person") and not owner
    return Mention(number, entity.end - 1, kind, full if sure else None, entity.root.dep_ in SUBJECTS)


def _full(name: str, known: Iterable[str]) -> str:
    """The full name that a surname or a first name is short for, where there is one only."""
    bare = _bare(name)
    longer = [full for full in known if full == bare or full.endswith(f" {bare}") or full.startswith(f"{bare} ")]
    return longer[0] if len(longer) == 1 else bare


def _bare(name: str) -> str:
    return name.removesuffix("'s").removesuffix("’s").strip()


def _joined(entity: Span, number: int) -> Mention | None:
    """People joined by "and", where they are the subject."""
    people = [entity.root, *entity.root.conjuncts]
    if len(people) < 2 or people[0].dep_ not in SUBJECTS or any(each.ent_type_ != "PERSON" for each in people):
        return None
    name = entity.doc[entity.start : people[-1].i + 1].text
    return Mention(number, people[-1].i, "they", name, subject=True)


def _unnamed(token: Token) -> Kind | None:
    """The pronoun that a word without a name may take; None for what is no subject and no person for sure."""
    if token.pos_ == "NOUN" and is_plural(token):
        return "they"
    if token.lower_ == "old" and token.i and token.nbor(-1).text == "-" and token.dep_ != "amod":
        return "person"  # the 23-year-old
    person = gender.of_noun(token.lemma_) if token.pos_ == "NOUN" else None
    return person or ("any" if token.dep_ in SUBJECTS and token.dep_ != "expl" else None)
