"""Inject errors into a project's own references and facts, and report which errors its verifier and scorers notice."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count

import numpy as np
from pydantic import TypeAdapter

from harness import __version__, progress
from harness.config import RunConfig
from harness.data.facts.wording import LIGHT
from harness.document import format as fmt
from harness.document import markdown, terminal
from harness.document.blocks import Block, Document, Heading, Paragraph, Table
from harness.document.blocks import sentences as paragraphs
from harness.errors import DataError
from harness.records import Check, Fact, Generation, Item, Metric, Pair, Place, Reference, Score, Summary, Verdict
from harness.scorers.judged import JudgedScorer
from harness.seams import AskVerifier, Scorer
from harness.signature import kind_of
from harness.stages import score as scoring
from harness.stages.verify import pending_checks
from harness.suggest.edits import ALL, HARMLESS, make_edits, signature
from harness.text import base_language, sentences, words
from harness.trust.selftest_rates import (
    INTACT,
    Drop,
    Example,
    Probe,
    ProbeUse,
    Rate,
    Selftest,
    measure_metric,
    measure_verifier,
)

_FORMAT = 3  # version of the JSON

_USES: dict[ProbeUse, str] = {
    "coverage": "Coverage: a fact against its own edited statement",
    "grounding": "Grounding: the edited sentence or statement against the article",
}
_VERIFIER = (
    "An error is noticed if the verdict is not supported (contradicted, absent or uncertain). The same verdict on "
    "intact or paraphrased text is a false alarm."
)
_SCORERS = (
    "A metric notices an error if it scores the edited reference worse than the intact one; both are compared with the "
    "other references. Overlap metrics also punish harmless paraphrases, so read the AUC: how often an error costs "
    "more than a paraphrase of the same article. Ties count half; chance is 0.5."
)

_Question = tuple[str, ProbeUse, str, Pair]
"""Article, use, kind of edit, and the pair to ask the verifier about."""


@dataclass(frozen=True, slots=True)
class Version:
    """A reference, intact or with one sentence edited, as if a system had written it."""

    item: Item
    reference: Reference
    kind: str
    before: str
    """The sentence before the edit; like ``after``, empty for the intact reference."""
    after: str
    summary: Summary


def run(config: RunConfig, items: Sequence[Item], per_kind: int) -> Selftest:
    """Test the verifier and the scorers of a config on its English articles, with the config's seed.

    ``per_kind`` is the maximum number of edits of a kind per text. Raises DataError without a reference or fact.
    """
    english = [item for item in items if base_language(item.article.language) == "en"]
    if not any(item.references or item.facts for item in english):
        raise DataError(
            f"{config.file}: no English article has a reference or a fact to put an error into; "
            "add references/*.md to an article's folder, or facts with: harness facts add ARTICLE"
        )
    draw, resample = np.random.default_rng(config.seed).spawn(2)
    versions: list[Version] = []
    questions: list[_Question] = []
    for [item] in progress.batches("edit", english, 1):
        versions += [
            version for reference in item.references for version in make_versions(item, reference, draw, per_kind)
        ]
        questions += [question for fact in item.facts for question in _ask_about_fact(item, fact, draw, per_kind)]
    for version in versions:
        article = version.item.article
        intact = [span.text for span in sentences(version.reference.text, article.language)]
        for text in [version.after] if version.after else intact:
            questions.append((article.id, "grounding", version.kind, Pair.of_claim(article, text)))
    verdicts: dict[Pair, Verdict] = {}

    def ask(pairs: Sequence[Pair]) -> list[Verdict]:
        new = [pair for pair in dict.fromkeys(pairs) if pair not in verdicts]
        for batch in progress.batches("verify", new, config.verifier.together):
            verdicts.update(zip(batch, config.verifier.verify(batch), strict=True))
        return [verdicts[pair] for pair in pairs]

    answered = zip(questions, ask([pair for *_, pair in questions]), strict=True)
    probes = [Probe(article, use, kind, verdict.label) for (article, use, kind, _), verdict in answered]
    checks = _check_versions(config.verifier.signature(), english, versions, ask)
    cases = scoring.build_cases(english, [version.summary for version in versions], checks)
    scorers = [scorer for scorer in config.scorers if not isinstance(scorer, JudgedScorer)]
    scores, faults = scoring.score(scorers, cases)
    metrics = scoring.list_metrics(scorers)
    return Selftest(
        config=config.file,
        seed=config.seed,
        maker=signature(),
        verifier=config.verifier.signature(),
        articles=len(english),
        references=sum(len(item.references) for item in english),
        facts=sum(len(item.facts) for item in english),
        edits=Counter(version.kind for version in versions if version.kind != INTACT),
        use_rates=measure_verifier(probes, resample),
        metrics=tuple(measure_metric(*drops, resample) for drops in _find_drops(metrics, versions, scores)),
        left_out=tuple(_list_untested(items, english, config.scorers)),
        problems=tuple(scoring.list_problems(faults)),
        examples=tuple(
            Example(each.kind, each.item.article.id, each.reference.id, each.before, each.after)
            for each in versions
            if each.kind != INTACT
        ),
    )


def make_versions(item: Item, reference: Reference, rng: np.random.Generator, per_kind: int) -> Iterator[Version]:
    """Yield the intact reference, then up to ``per_kind`` versions per kind of edit, each with one edited sentence."""
    numbers = count()

    def make(kind: str, before: str, after: str, whole: str) -> Version:
        number, system = next(numbers), f"reference {reference.id}"
        # reference_id keeps scorers from comparing a version with the reference it was made from
        generation = Generation(f"{reference.id} {number}", whole, reference_id=reference.id)
        summary = Summary(generation.request_id, system, item.article.id, number, generation)
        return Version(item, reference, kind, before, after, summary)

    yield make(INTACT, "", "", reference.text)
    edits = [
        (span, edit)
        for span in sentences(reference.text, item.article.language)
        for edit in make_edits(span.text, rng, context=item.article.text)
    ]
    for kind in ALL:
        of_kind = [(span, edit.text) for span, edit in edits if edit.kind == kind]
        for place in sorted(rng.permutation(len(of_kind))[:per_kind]):
            span, text = of_kind[place]
            yield make(kind, span.text, text, reference.text[: span.start] + text + reference.text[span.end :])


def _ask_about_fact(item: Item, fact: Fact, rng: np.random.Generator, per_kind: int) -> Iterator[_Question]:
    """Ask whether the article supports the fact and its edited statements, and whether each edit states the fact."""
    article = item.article
    yield article.id, "grounding", INTACT, Pair.of_claim(article, fact.statement)
    made = make_edits(fact.statement, rng, context=article.text)
    for edit in (edit for kind in ALL for edit in [edit for edit in made if edit.kind == kind][:per_kind]):
        yield article.id, "grounding", edit.kind, Pair.of_claim(article, edit.text)
        if edit.kind != "invention":  # adding an invented detail leaves the fact intact
            yield article.id, "coverage", edit.kind, Pair.of_fact(edit.text, fact, article)


def _check_versions(verifier: str, items: Sequence[Item], versions: Sequence[Version], ask: AskVerifier) -> list[Check]:
    """Check every version; a fact that an edit cannot affect is checked only once, against the intact reference."""
    by_place = {version.summary.place: version for version in versions}
    facts = {(item.article.id, fact.id): fact for item in items for fact in item.facts}
    pending = list(pending_checks(items, [version.summary for version in versions], verifier))
    pairs = []
    for check in pending:
        version, pair = by_place[check.identity.place], check.pair
        fact = facts.get((version.item.article.id, check.identity.target))
        if check.identity.use == "coverage" and fact and not is_touched(version, fact):
            pair = replace(pair, premise=version.reference.text)
        pairs.append(pair)
    return [check.to_check(verdict) for check, verdict in zip(pending, ask(pairs), strict=True)]


def is_touched(version: Version, fact: Fact) -> bool:
    """True if the edit may change the fact's verdict: the fact shares two words with the sentence, or a changed word.

    Words are compared by their first five letters.
    """
    texts = " ".join((fact.statement, *fact.accepted, *fact.contradictions)), version.before, version.after
    of_fact, before, after = ({word[:5] for word in words(text) if word not in LIGHT} for text in texts)
    return len(of_fact & before) > 1 or bool(of_fact & (before ^ after))


def _find_drops(
    metrics: Sequence[Metric], versions: Sequence[Version], scores: Sequence[Score]
) -> Iterator[tuple[Metric, list[Drop], str | None]]:
    """Yield each metric, how much worse it scores each edited version, and why some versions have no score."""
    by_metric: dict[str, dict[Place, Score]] = defaultdict(dict)
    for score in scores:
        by_metric[score.metric][score.place] = score
    for metric in metrics:
        if metric.better == "neither" or not versions:
            continue
        of_metric = by_metric[metric.name]
        intact: dict[tuple[str, str], float | None] = {}
        drops = []
        for version in versions:  # the intact version of a reference comes before its edited versions
            key, value = (version.item.article.id, version.reference.id), of_metric[version.summary.place].value
            if version.kind == INTACT:
                intact[key] = value
                continue
            before, sign = intact[key], -1 if metric.better == "lower" else 1
            cost = None if before is None or value is None else sign * (before - value)
            drops.append(Drop(key[0], version.kind, cost))
        yield metric, drops, next((score.reason for score in of_metric.values() if score.value is None), None)


def _list_untested(items: Sequence[Item], english: Sequence[Item], scorers: Sequence[Scorer]) -> Iterator[str]:
    if len(items) > len(english):
        yield f"{len(items) - len(english)} of {len(items)} articles: not in English"
    counts = Counter(len(item.references) for item in english)
    if counts[0]:
        yield f"{counts[0]} of {len(english)} articles have no reference, so no scorer is tested on them"
    if counts[1]:
        yield f"{counts[1]} of {len(english)} articles have only one reference, so there is no other to compare it with"
    without_facts = sum(not item.facts for item in english)
    if without_facts:
        yield f"{without_facts} of {len(english)} articles have no facts, so coverage is not tested on them"
    yield from (f"scorer {scorer.name}: it asks a server" for scorer in scorers if isinstance(scorer, JudgedScorer))
    neither = [metric.name for metric in scoring.list_metrics(scorers) if metric.better == "neither"]
    if neither:
        yield f"metrics for which neither higher nor lower is better: {', '.join(neither)}"


# The report -----------------------------------------------------------------------------------------------------------


def render(selftest: Selftest, form: str) -> str:
    """Render the self-test as ``terminal``, ``md`` or ``json``; the last two are complete."""
    if form == "json":
        data = TypeAdapter(Selftest).dump_python(selftest, mode="json")
        return json.dumps({"format": _FORMAT, "harness": __version__, **data}, ensure_ascii=False, indent=1) + "\n"
    if form == "md":
        return markdown.render(document(selftest, whole=True))
    return terminal.render(document(selftest, whole=False), width=100)


def document(selftest: Selftest, whole: bool) -> Document:
    """Show what the verifier and the scorers noticed; ``whole`` adds metrics without a headline, and examples."""
    blocks = [*_show_verifier(selftest)]
    if selftest.edits:
        blocks += _show_scorers(selftest, whole)
    if selftest.left_out:
        blocks += (Heading("Not tested"), *paragraphs([f"{reason}." for reason in selftest.left_out]))
    if whole and selftest.examples:
        first = {example.kind: example for example in reversed(selftest.examples)}
        rows = tuple((kind, first[kind].before, first[kind].after) for kind in ALL if kind in first)
        blocks += (Heading("Examples"), Table.of(("", "before", "after"), rows, left=frozenset({0, 1, 2})))
    return Document(f"Self-test of {selftest.config}", blocks=tuple(blocks))


def _show_verifier(selftest: Selftest) -> Iterator[Block]:
    yield Heading(f"The verifier {kind_of(selftest.verifier)}, on injected errors")
    counts = (
        f"{fmt.plural(selftest.articles, 'article')}, {fmt.plural(selftest.references, 'reference')}, "
        f"{fmt.plural(selftest.facts, 'fact')}; {fmt.plural(sum(selftest.edits.values()), 'edited reference')}, "
        f"seed {selftest.seed}."
    )
    rates = [each.not_supported for each in selftest.use_rates] + [each.errors.noticed for each in selftest.metrics]
    if any(rate.method == "bootstrap over articles" for rate in rates):
        intervals = "In brackets: 95% intervals from resampling articles; if that gives none, Wilson's over the edits."
    else:
        these = "this article" if selftest.articles == 1 else f"these {selftest.articles} articles"
        intervals = f"In brackets: 95% intervals (Wilson) over the edits. They hold for {these} only."
    yield from paragraphs([counts, intervals, _VERIFIER])
    for use, title in _USES.items():
        rows = tuple(
            (
                f"{each.kind}: false alarms" if each.kind in (*HARMLESS, INTACT) else each.kind,
                str(each.not_supported.n),
                _show_rate(each.not_supported),
                _show_rate(each.contradicted),
            )
            for each in selftest.use_rates
            if each.use == use
        )
        if rows:
            yield Table.of(("", "n", "not supported", "contradicted"), rows, title=title)


def _show_scorers(selftest: Selftest, whole: bool) -> Iterator[Block]:
    shown = [each for each in selftest.metrics if whole or each.metric.headline]
    metrics = [each for each in shown if each.errors.noticed.n]
    yield Heading("The scorers, on edited references")
    yield Paragraph(_SCORERS)
    missing: dict[tuple[str, str], list[str]] = {}
    for each in shown:
        if lacking := each.errors.missing:
            total = lacking + each.errors.noticed.n
            how_many = "any error" if lacking == total else f"{lacking} of {total} errors"
            missing.setdefault((how_many, each.reason or fmt.NO_REASON), []).append(each.metric.name)
    for (how_many, reason), names in missing.items():
        yield Paragraph(f"No value for {how_many}: {', '.join(names)} ({reason})", "warning")
    rows = []
    for each in metrics:
        alarms = next((_show_rate(of_kind.noticed) for of_kind in each.kinds if of_kind.kind in HARMLESS), fmt.MISSING)
        rows.append((each.metric.name, _show_rate(each.errors.noticed), alarms, fmt.share(each.errors.auc)))
    yield Table.of(("metric", "errors noticed", "false alarms", "AUC"), rows)
    kinds = [kind for kind in ALL if kind in selftest.edits and kind not in HARMLESS]
    if metrics and kinds:
        heads = ("metric", *(f"{kind} ({selftest.edits[kind]})" for kind in kinds))
        cells = {each.metric.name: {of_kind.kind: fmt.share(of_kind.auc) for of_kind in each.kinds} for each in metrics}
        table = [(name, *(row.get(kind, fmt.MISSING) for kind in kinds)) for name, row in cells.items()]
        yield Table.of(heads, table, title="AUC by kind of error, with the number of edits")


def _show_rate(rate: Rate) -> str:
    """Format ``83% [71, 91]``."""
    if rate.share is None or rate.low is None or rate.high is None:
        return fmt.MISSING
    return f"{100 * rate.share:.0f}% [{100 * rate.low:.0f}, {100 * rate.high:.0f}]"
