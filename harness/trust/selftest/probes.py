"""What a self-test reads off the verifier: did it see the error, and did it leave what is right alone?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from harness.perturbations import HARMLESS
from harness.records import Check, Fact, Label, Pair, Place
from harness.seams import AskVerifier
from harness.text import sentences
from harness.trust.selftest.rates import INTACT, ProbeResult, ProbeUse
from harness.trust.selftest.versions import FactEdits, Version, stems

_HARMING_NO_FACT = ("invention", "speakers")
"""After an invented detail the fact still stands; which fact an exchange of speakers touches cannot be read off."""


def coverage(versions: Sequence[Version], checks: Sequence[Check]) -> Iterator[ProbeResult]:
    """Each fact that the changed sentence alone carried and that speaks of all the words that were altered.

    It counts where the verifier found it in the intact reference. A paraphrased or dropped sentence: all its facts.
    """
    labels: dict[tuple[Place, str], Label] = {
        (check.place, check.target): check.verdict.label for check in checks if check.use == "coverage"
    }
    intact = {(version.item.article.id, version.reference.id): version for version in versions if not version.change}
    for version in versions:
        article = version.item.article.id
        whole = intact[article, version.reference.id]
        if version.change is None:
            for name in sorted(frozenset().union(*version.carried.values())):
                yield ProbeResult(article, "coverage", INTACT, labels[version.summary.place, name])
            continue
        for fact in _touched(version):
            if labels[whole.summary.place, fact.id] == "supported":
                yield ProbeResult(article, "coverage", version.kind, labels[version.summary.place, fact.id])


def grounding(versions: Sequence[Version], ask: AskVerifier) -> Iterator[ProbeResult]:
    """Each changed sentence, and each sentence of an intact reference, against the article."""
    claims = [(version, sentence) for version in versions for sentence in _stated(version)]
    verdicts = ask([Pair.of_claim(version.item.article, sentence) for version, sentence in claims])
    for (version, _), verdict in zip(claims, verdicts, strict=True):
        yield ProbeResult(version.item.article.id, "grounding", version.kind, verdict.label)


def of_facts(edits: Sequence[FactEdits], ask: AskVerifier) -> Iterator[ProbeResult]:
    """Each fact against its own statement with an error in it, and that against the article."""
    probes = [probe for each in edits for probe in _of_fact(each)]
    for (article, use, kind, _), verdict in zip(probes, ask([pair for *_, pair in probes]), strict=True):
        yield ProbeResult(article, use, kind, verdict.label)


def _of_fact(edits: FactEdits) -> Iterator[tuple[str, ProbeUse, str, Pair]]:
    article, fact = edits.item.article, edits.fact
    yield article.id, "grounding", INTACT, Pair.of_claim(article, fact.statement)
    for edit in edits.edits:
        yield article.id, "grounding", edit.kind, Pair.of_claim(article, edit.text)
        if edit.kind not in _HARMING_NO_FACT:
            yield article.id, "wording", edit.kind, Pair.of_fact(edit.text, fact, article)


def _stated(version: Version) -> tuple[str, ...]:
    if version.change:
        return version.change.after
    return tuple(span.text for span in sentences(version.reference.text, version.item.article.language))


def _touched(version: Version) -> list[Fact]:
    """The facts that a change of the reference must have made false, or left as they were where it is harmless."""
    change = version.change
    if change is None or change.kind in _HARMING_NO_FACT:
        return []
    facts = [fact for fact in version.item.facts if fact.id in version.lost]
    if change.kind in HARMLESS or not change.after:
        return facts
    altered = stems(change.altered)
    return [fact for fact in facts if altered and altered <= stems(" ".join((fact.statement, *fact.accepted)))]
