"""``did not`` and ``didn't``, ``it is`` and ``it's``: written out or drawn together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from harness.english import lists
from harness.english.syntax import end, neighbour
from harness.perturbations.edit import Change
from harness.perturbations.source import Source

if TYPE_CHECKING:
    from spacy.tokens import Token

_TOGETHER = {"can": "can't", "will": "won't", "shall": "shan't"}
_APART = {"ca": "cannot", "wo": "will not", "sha": "shall not"}
_WITH_NOT = lists.group("do does did is are was were has have had can could will would should must")
_AFTER_PRONOUN = {"is": "'s", "are": "'re", "have": "'ve", "will": "'ll", "am": "'m"}
_WRITTEN_OUT = {"'re": "are", "'ve": "have", "'ll": "will", "'m": "am"}


def changes(source: Source) -> Iterator[list[Change]]:
    """Each place where one form can stand for the other."""
    return ([change] for token in source.doc if (change := _changed(token)))


def _changed(token: Token) -> Change | None:
    before = neighbour(token, -1)
    if before is None:
        return None
    plain = token.lower_.replace("’", "'")
    auxiliary = before.lower_
    if plain == "not" and auxiliary in _WITH_NOT and token.dep_ == "neg":
        return Change(before.idx, end(token), _TOGETHER.get(auxiliary, f"{before.text}n't"))
    if plain == "n't" and auxiliary in _WITH_NOT | set(_APART):
        return Change(before.idx, end(token), _APART.get(auxiliary, f"{before.text} not"))
    if plain in _WRITTEN_OUT and before.pos_ == "PRON":
        return Change(before.idx, end(token), f"{before.text} {_WRITTEN_OUT[plain]}")
    after = neighbour(token, 1)
    if plain in _AFTER_PRONOUN and token.pos_ == "AUX" and before.tag_ == "PRP" and token.dep_ != "ROOT":
        goes_on = after is not None and after.is_alpha and after.lower_ != "not"
        return Change(before.idx, end(token), f"{before.text}{_AFTER_PRONOUN[plain]}") if goes_on else None
    return None
