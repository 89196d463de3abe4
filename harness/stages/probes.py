"""What a self-test reads off the verifier: did it see the error, and did it leave what is right alone?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import numpy as np

from harness.analysis.selftest import INTACT, Answer
from harness.perturbations import HARMLESS, words
from harness.records import Check, Fact, Item, Label, Pair, Place
from harness.stages import corrupt
from harness.stages.versions import Ask, Version
from harness.text import sentences
from harness.text import words as words_of

_HARMING_NO_FACT = ("invention", "speakers")
"""After an invented detail the fact still stands; which fact an exchange of speakers touches cannot be read off."""
_SMALL = words.group(
    "a an the of to in on at for by with from and or is are was were be been has have had do does did not that this it "
    "its he she they his her their him them who which as"
)


def coverage(versions: Sequence[Version], checks: Sequence[Check]) -> Iterator[Answer]:
    """Each fact that the changed sentence alone carried and that speaks of all the words that were altered.

    It counts where the verifier found it in the intact reference. A paraphrased or dropped sentence: all its facts.
    """
    said: dict[tuple[Place, str], Label] = {
        (check.place, check.target): check.verdict.label for check in checks if check.use == "coverage"
    }
    intact = {(version.item.article.id, version.reference.id): version for version in versions if not version.change}
    for version in versions:
        article = version.item.article.id
        whole = intact[article, version.reference.id]
        if version.change is None:
            for name in sorted(frozenset().union(*version.carried.values())):
                yield Answer(article, "coverage", INTACT, said[version.summary.place, name])
            continue
        for fact in _touched(version):
            if said[whole.summary.place, fact.id] == "supported":
                yield Answer(article, "coverage", version.kind, said[version.summary.place, fact.id])


def grounding(versions: Sequence[Version], ask: Ask) -> Iterator[Answer]:
    """Each changed sentence, and each sentence of an intact reference, against the article."""
    asked = [(version, sentence) for version in versions for sentence in _stated(version)]
    verdicts = ask(
        [Pair(version.item.article.text, sentence, date=version.item.article.date) for version, sentence in asked]
    )
    for (version, _), verdict in zip(asked, verdicts, strict=True):
        yield Answer(version.item.article.id, "grounding", version.kind, verdict.label)


def of_facts(items: Sequence[Item], ask: Ask, rng: np.random.Generator) -> Iterator[Answer]:
    """Each fact against its own statement with an error in it, and that against the article."""
    for item in items:
        article = item.article
        intact = ask([Pair(article.text, fact.statement, date=article.date) for fact in item.facts])
        yield from (Answer(article.id, "grounding", INTACT, verdict.label) for verdict in intact)
        for fact in item.facts:
            edits = corrupt.of_fact(item, fact, rng)
            stated = ask([Pair(article.text, edit.text, date=article.date) for edit in edits])
            for edit, verdict in zip(edits, stated, strict=True):
                yield Answer(article.id, "grounding", edit.kind, verdict.label)
            telling = [edit for edit in edits if edit.kind not in _HARMING_NO_FACT]
            against = ask([_pair(edit.text, fact, article.date) for edit in telling])
            for edit, verdict in zip(telling, against, strict=True):
                yield Answer(article.id, "wording", edit.kind, verdict.label)


def _pair(premise: str, fact: Fact, date: str | None) -> Pair:
    return Pair(premise, fact.statement, fact.accepted, fact.contradictions, date)


def _stated(version: Version) -> tuple[str, ...]:
    if version.change:
        return version.change.after
    return tuple(span.text for span in sentences(version.reference.text, version.item.article.language))


def _touched(version: Version) -> list[Fact]:
    """The facts that a change of the reference must have made false, or left as they were where it is harmless."""
    change = version.change
    if change is None or change.kind in _HARMING_NO_FACT:
        return []
    carried = frozenset().union(*(version.carried.get(sentence, frozenset()) for sentence in change.before))
    facts = [fact for fact in version.item.facts if fact.id in carried]
    if change.kind in HARMLESS or not change.after:
        return facts
    altered = _stems(change.altered)
    return [fact for fact in facts if altered and altered <= _stems(" ".join((fact.statement, *fact.accepted)))]


def _stems(text: str) -> frozenset[str]:
    return frozenset(_stemmer().stemWords([word for word in words_of(text) if word not in _SMALL]))


@cache
def _stemmer() -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer("english")
