"""Inject errors into a project's own references and facts, and report which errors its verifier notices.

The verifier notices an error if its verdict is not ``supported``. The same verdict on an intact text or on an accepted
wording of a fact is a false alarm. Intervals leave out one article at a time; with too few articles for that, they are
Wilson intervals over the edits and hold for these articles only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import NamedTuple

import numpy as np

from harness import plugins, progress
from harness.config import RunConfig
from harness.document import format as fmt
from harness.document.blocks import Block, Document, Heading, Table, make_paragraphs
from harness.errors import DataError
from harness.records import Fact, Item, Label, Pair, Reference, Use, Verdict
from harness.stats import agreement
from harness.suggest.edits import ALL, make_edits
from harness.text import base_language, sentences

INTACT = "intact"
"""The kind of an unedited text."""
ACCEPTED = "accepted wording"
"""The kind of a wording that a fact lists as accepted."""

_USES: dict[Use, str] = {
    "coverage": "Coverage: a fact against its own edited statement, or an accepted wording",
    "grounding": "Grounding: the edited sentence or statement against the article",
}
_HOW = (
    "An error is noticed if the verdict is not supported (contradicted, absent or uncertain). The same verdict on "
    "an intact text, or on an accepted wording of a fact, is a false alarm."
)


class Probe(NamedTuple):
    """A pair to ask the verifier about."""

    article: str
    use: Use
    kind: str
    pair: Pair


class EditedSentence(NamedTuple):
    kind: str
    before: str
    after: str


class Rate(NamedTuple):
    """A share of ``n`` texts with its 95% interval."""

    n: int
    share: float
    low: float
    high: float
    by_article: bool
    """True for a jackknife over articles, False for Wilson's interval over edits."""


class UseRates(NamedTuple):
    use: Use
    kind: str
    not_supported: Rate
    contradicted: Rate


def run(config: RunConfig, items: Sequence[Item], per_kind: int) -> Document:
    """Test the verifier of a config on its English articles, with the config's seed, and report the results.

    ``per_kind`` is the maximum number of edits of a kind per text. Raises DataError if there is no reference or fact.
    """
    english = [item for item in items if base_language(item.article.language) == "en"]
    if not any(item.references or item.facts for item in english):
        raise DataError(
            f"{config.file}: no English article has a reference or a fact to inject an error into; "
            "add references/*.md to an article's folder, or facts with: harness facts add ARTICLE"
        )
    [rng] = np.random.default_rng(config.seed).spawn(1)
    examples: list[EditedSentence] = []
    probes: list[Probe] = []
    for [item] in progress.batches("edit", english, 1):
        article = item.article
        for reference in item.references:
            edited = list(_edit_reference(item, reference, rng, per_kind))
            intact = [(INTACT, span.text) for span in sentences(reference.text, article.language)]
            for kind, text in [*intact, *((each.kind, each.after) for each in edited)]:
                probes.append(Probe(article.id, "grounding", kind, Pair.of_claim(article, text)))
            examples += edited
        for fact in item.facts:
            probes += _ask_about_fact(item, fact, rng, per_kind)
    verdicts: dict[Pair, Verdict] = {}
    pairs = list(dict.fromkeys(probe.pair for probe in probes))
    for batch in progress.batches("verify", pairs, config.verifier.pairs_per_batch):
        with plugins.blame_plugin(type(config.verifier)):
            verdicts.update(zip(batch, config.verifier.verify_all(batch), strict=True))
    rates = tuple(measure([(probe, verdicts[probe.pair].label) for probe in probes]))
    heading = Heading(f"The verifier {config.verifier.kind()}, on injected errors")
    blocks: list[Block] = [heading, *_show_rates(english, config.seed, rates)]
    if left_out := list(_list_untested(items, english)):
        blocks += (Heading("Not tested"), *make_paragraphs([f"{reason}." for reason in left_out]))
    if first := {example.kind: example for example in reversed(examples)}:
        rows = [first[kind] for kind in ALL if kind in first]
        blocks += (Heading("Examples"), Table.of(("", "before", "after"), rows, left=frozenset({0, 1, 2})))
    return Document(f"Self-test of {config.file}", blocks=tuple(blocks))


def _edit_reference(
    item: Item, reference: Reference, rng: np.random.Generator, per_kind: int
) -> Iterator[EditedSentence]:
    """Yield up to ``per_kind`` edited sentences of each kind."""
    edits = [
        (span.text, edit)
        for span in sentences(reference.text, item.article.language)
        for edit in make_edits(span.text, rng, context=item.article.text, per_kind=per_kind)
    ]
    for kind in ALL:
        of_kind = [(before, edit.text) for before, edit in edits if edit.kind == kind]
        for place in sorted(rng.permutation(len(of_kind))[:per_kind]):
            yield EditedSentence(kind, *of_kind[place])


def _ask_about_fact(item: Item, fact: Fact, rng: np.random.Generator, per_kind: int) -> Iterator[Probe]:
    """Ask whether the article supports a fact and its edits, and whether edits and accepted wordings state the fact."""
    article = item.article
    yield Probe(article.id, "grounding", INTACT, Pair.of_claim(article, fact.statement))
    for wording in fact.accepted:
        yield Probe(article.id, "coverage", ACCEPTED, Pair.of_fact(wording, replace(fact, accepted=()), article))
    for edit in make_edits(fact.statement, rng, context=article.text, per_kind=per_kind):
        yield Probe(article.id, "grounding", edit.kind, Pair.of_claim(article, edit.text))
        if edit.kind != "invention":  # adding an invented detail leaves the fact intact
            yield Probe(article.id, "coverage", edit.kind, Pair.of_fact(edit.text, fact, article))


def measure(answers: Sequence[tuple[Probe, Label]]) -> Iterator[UseRates]:
    """Compute, by use and kind of edit, how often the label is not ``supported``, and how often ``contradicted``."""
    for use, kind in product(_USES, (*ALL, ACCEPTED, INTACT)):
        labels = [(probe.article, label) for probe, label in answers if (probe.use, probe.kind) == (use, kind)]
        if labels:
            not_supported = rate([(article, label != "supported") for article, label in labels])
            contradicted = rate([(article, label == "contradicted") for article, label in labels])
            yield UseRates(use, kind, not_supported, contradicted)


def rate(outcomes: Sequence[tuple[str, bool]]) -> Rate:
    """Compute the share of hits among pairs (article, True for a hit), with its interval."""
    from scipy.stats import binomtest  # takes a second to import

    hits = np.array([hit for _, hit in outcomes])
    groups = agreement.number_groups([article for article, _ in outcomes])
    share = float(hits.mean())
    found = agreement.jackknife(agreement.share(hits, groups), agreement.count_groups(groups))
    if found.low is not None and found.high is not None:
        return Rate(hits.size, share, found.low, found.high, by_article=True)
    wilson = binomtest(int(hits.sum()), hits.size).proportion_ci(method="wilson")
    return Rate(hits.size, share, float(wilson.low), float(wilson.high), by_article=False)


def _list_untested(items: Sequence[Item], english: Sequence[Item]) -> Iterator[str]:
    if len(items) > len(english):
        yield f"{len(items) - len(english)} of {len(items)} articles: not in English"
    if without_references := sum(not item.references for item in english):
        yield f"{without_references} of {len(english)} articles have no reference to edit"
    if without_facts := sum(not item.facts for item in english):
        yield f"{without_facts} of {len(english)} articles have no facts, so coverage is not tested on them"


# The report -----------------------------------------------------------------------------------------------------------


def _show_rates(english: Sequence[Item], seed: int, rates: Sequence[UseRates]) -> Iterator[Block]:
    counts = [
        fmt.plural(len(english), "article"),
        fmt.plural(sum(len(item.references) for item in english), "reference"),
        fmt.plural(sum(len(item.facts) for item in english), "fact"),
    ]
    edited = sum(each.not_supported.n for each in rates if each.use == "grounding" and each.kind != INTACT)
    tested = f"{', '.join(counts)}; {fmt.plural(edited, 'edited sentence')}, seed {seed}."
    if any(each.not_supported.by_article for each in rates):
        intervals = (
            "In brackets: 95% intervals; jackknife over articles where possible, otherwise Wilson over the edits."
        )
    else:
        intervals = "In brackets: 95% intervals (Wilson) over the edits. They say nothing about other articles."
    yield from make_paragraphs([tested, intervals, _HOW])
    for use, title in _USES.items():
        rows = tuple(
            (
                f"{each.kind}: false alarms" if each.kind in (ACCEPTED, INTACT) else each.kind,
                str(each.not_supported.n),
                _show_rate(each.not_supported),
                _show_rate(each.contradicted),
            )
            for each in rates
            if each.use == use
        )
        if rows:
            yield Table.of(("", "n", "not supported", "contradicted"), rows, title=title)


def _show_rate(rate: Rate) -> str:
    """Format ``83% [71, 91]``."""
    return f"{100 * rate.share:.0f}% [{100 * rate.low:.0f}, {100 * rate.high:.0f}]"
