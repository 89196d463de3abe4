"""Active made passive where the sentence is plain enough for that to be safe."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from harness.english import lists
from harness.english.inflection import inflected, lemma
from harness.english.noun_phrases import as_object, as_subject, phrase
from harness.english.syntax import child, end
from harness.perturbations.edit import Change
from harness.perturbations.source import Source

if TYPE_CHECKING:
    from spacy.tokens import Token

_NEVER_PASSIVE = lists.group(
    "have get want become lack resemble cost weigh fit suit like need mean contain meet be say tell make let help see "
    "hear leave lose enter reach join marry die hope think call give offer show send"
)
_PLAIN = lists.group("nsubj dobj prep punct npadvmod")


def changes(source: Source) -> Iterator[list[Change]]:
    """Each main clause in the simple past with one subject and one object: ``X praised Y`` → ``Y was praised by X``."""
    for verb in source.doc:
        if verb.dep_ == "ROOT" and verb.tag_ == "VBD" and verb.lemma_ not in _NEVER_PASSIVE:
            change = _passive(verb)
            yield from [[change]] if change else []


def _passive(verb: Token) -> Change | None:
    subject, object_ = child(verb, "nsubj"), child(verb, "dobj")
    if subject is None or object_ is None or any(token.dep_ not in _PLAIN for token in verb.children):
        return None
    doer, done = phrase(subject), phrase(object_)
    participle = inflected(lemma(verb), "VBN")
    adjacent = doer is not None and done is not None and doer.end + 1 == verb.idx and end(verb) + 1 == done.start
    bound = any(token.tag_ in ("PRP$", "WP", "PRP") for token in verb.sent) or any(
        token.lower_ == "as" for token in object_.subtree
    )
    if doer is None or done is None or participle is None or not adjacent or bound or subject.tag_ in ("WP", "WDT"):
        return None
    was = "were" if done.plural else "was"
    return Change(doer.start, done.end, f"{as_subject(done)} {was} {participle} by {as_object(doer)}")
