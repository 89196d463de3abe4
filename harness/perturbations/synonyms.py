"""A word replaced by one that means the same, in the same form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from harness.english import lists
from harness.english.syntax import child, end
from harness.perturbations.edit import Change
from harness.perturbations.single_words import entry, in_its_form, replaceable
from harness.perturbations.source import Source


def changes(source: Source) -> Iterator[list[Change]]:
    """Each word that has a synonym which can stand in its place."""
    for token in source.doc:
        if not replaceable(token):
            continue
        kind, word = entry(token)
        if kind == "verb" and child(token, "dobj", "nsubjpass") is None:
            kind = "verb without an object"
        synonym = _synonyms()[kind].get(word)
        written = in_its_form(synonym, token) if synonym else None
        if written:
            yield [Change(token.idx, end(token), written)]


@cache
def _synonyms() -> Mapping[str, Mapping[str, str]]:
    """Word class → word → its synonym."""
    listed = lists.load("synonyms", dict[str, list[tuple[str, str]]])
    return {kind: dict(pairs) for kind, pairs in listed.items()}
