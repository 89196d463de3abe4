"""Inject known errors into a project's own references and facts, and see what its verifier and scorers notice."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from harness import progress
from harness.config import RunConfig
from harness.data.facts.wording import LIGHT
from harness.errors import DataError
from harness.records import Check, Fact, Generation, Item, Metric, Pair, Place, Reference, Score, Summary, Verdict
from harness.scorers.judged import JudgedScorer
from harness.seams import AskVerifier, Scorer
from harness.stages import score as scoring
from harness.stages.verify import pending_checks
from harness.suggest.edits import ALL, edits, signature
from harness.text import base_language, sentences, words
from harness.trust.selftest_rates import (
    INTACT,
    Drop,
    Example,
    Probe,
    ScoreShift,
    Selftest,
    measure_metric,
    measure_verifier,
)


@dataclass(frozen=True, slots=True)
class Version:
    item: Item
    reference: Reference
    kind: str
    before: str
    """The sentence that was edited; empty for the intact reference."""
    after: str
    summary: Summary


def run(config: RunConfig, items: Sequence[Item], each: int) -> Selftest:
    """Test the verifier and the scorers of a config on its English articles, with the config's seed.

    ``each`` is the maximum number of edits of one kind per text. Raises DataError if there is no reference and no fact.
    """
    english = [item for item in items if base_language(item.article.language) == "en"]
    if not any(item.references or item.facts for item in english):
        raise DataError(
            f"{config.file}: no English article has a reference or a fact to put an error into; "
            "add references/*.md to an article's folder, or facts with: harness facts add ARTICLE"
        )
    draw, resample = np.random.default_rng(config.seed).spawn(2)
    versions: list[Version] = []
    probes: list[tuple[Probe, Pair]] = []
    for [item] in progress.batches("edit", english, 1):
        versions += [version for reference in item.references for version in make_versions(item, reference, draw, each)]
        probes += [probe for fact in item.facts for probe in _probe_fact(item, fact, draw, each)]
    for version in versions:  # check the edited sentence, or each sentence of the intact reference, against the article
        article = version.item.article
        intact = [span.text for span in sentences(version.reference.text, article.language)]
        for text in [version.after] if version.after else intact:
            probes.append((Probe(article.id, "grounding", version.kind), Pair.of_claim(article, text)))
    verdicts: dict[Pair, Verdict] = {}

    def ask(pairs: Sequence[Pair]) -> list[Verdict]:
        new = [pair for pair in dict.fromkeys(pairs) if pair not in verdicts]
        for batch in progress.batches("verify", new, config.verifier.together):
            verdicts.update(zip(batch, config.verifier.verify(batch), strict=True))
        return [verdicts[pair] for pair in pairs]

    answers = [
        replace(probe, label=verdict.label)
        for (probe, _), verdict in zip(probes, ask([pair for _, pair in probes]), strict=True)
    ]
    checks = _check(config.verifier.signature(), english, versions, ask)
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
        use_rates=measure_verifier(answers, resample),
        metrics=tuple(measure_metric(shift, resample) for shift in _find_shifts(metrics, versions, scores)),
        left_out=tuple(_list_untested(items, english, config.scorers)),
        problems=tuple(scoring.list_problems(faults)),
        examples=tuple(
            Example(each.kind, each.item.article.id, each.reference.id, each.before, each.after)
            for each in versions
            if each.kind != INTACT
        ),
    )


def make_versions(item: Item, reference: Reference, rng: np.random.Generator, each: int) -> Iterator[Version]:
    """Yield the intact reference, then up to ``each`` versions per kind of edit with one sentence edited."""
    made = [
        (span, edit)
        for span in sentences(reference.text, item.article.language)
        for edit in edits(span.text, rng, context=item.article.text)
    ]
    versions: list[tuple[str, str, str, str]] = [(INTACT, "", "", reference.text)]
    for kind in ALL:
        of_kind = [(span, edit.text) for span, edit in made if edit.kind == kind]
        for place in sorted(rng.permutation(len(of_kind))[:each]):
            span, text = of_kind[place]
            whole = reference.text[: span.start] + text + reference.text[span.end :]
            versions.append((kind, span.text, text, whole))
    for number, (name, before, after, whole) in enumerate(versions):
        # naming the reference keeps scorers from comparing a version with the reference it was made from
        generation = Generation(f"{reference.id} {number}", whole, reference_id=reference.id)
        summary = Summary(generation.request_id, f"reference {reference.id}", item.article.id, number, generation)
        yield Version(item, reference, name, before, after, summary)


def _probe_fact(item: Item, fact: Fact, rng: np.random.Generator, each: int) -> Iterator[tuple[Probe, Pair]]:
    """Edit a fact's statement: check it against the article, and look for the fact in it as if it were the summary."""
    article = item.article
    yield Probe(article.id, "grounding", INTACT), Pair.of_claim(article, fact.statement)
    made = edits(fact.statement, rng, context=article.text)
    for edit in (edit for kind in ALL for edit in [edit for edit in made if edit.kind == kind][:each]):
        yield Probe(article.id, "grounding", edit.kind), Pair.of_claim(article, edit.text)
        if edit.kind != "invention":  # adding an invented detail leaves the fact intact
            yield Probe(article.id, "coverage", edit.kind), Pair.of_fact(edit.text, fact, article)


def _check(verifier: str, items: Sequence[Item], versions: Sequence[Version], ask: AskVerifier) -> list[Check]:
    """Check every version. Facts that no edit can affect are checked once, against the intact reference."""
    by_place = {version.summary.place: version for version in versions}
    facts = {(item.article.id, fact.id): fact for item in items for fact in item.facts}
    pending = list(pending_checks(items, [version.summary for version in versions], verifier))
    pairs = []
    for check in pending:
        version = by_place[check.identity.place]
        if check.identity.use == "coverage" and not is_touched(
            version, facts[version.item.article.id, check.identity.target]
        ):
            pairs.append(replace(check.pair, premise=version.reference.text))
        else:
            pairs.append(check.pair)
    return [check.answered(verdict) for check, verdict in zip(pending, ask(pairs), strict=True)]


def is_touched(version: Version, fact: Fact) -> bool:
    """True if the fact shares words with the edited sentence or with the edit, so that its verdict may change."""
    stems: Callable[[str], set[str]] = lambda text: {word[:5] for word in words(text) if word not in LIGHT}  # noqa: E731
    of_fact = stems(" ".join((fact.statement, *fact.accepted, *fact.contradictions)))
    before, after = stems(version.before), stems(version.after)
    return len(of_fact & before) > 1 or bool(of_fact & (before ^ after))


def _find_shifts(
    metrics: Sequence[Metric], versions: Sequence[Version], scores: Sequence[Score]
) -> Iterator[ScoreShift]:
    by_metric: dict[str, dict[Place, Score]] = defaultdict(dict)
    for score in scores:
        by_metric[score.metric][Place(score.system, score.article_id, score.sample)] = score
    for metric in metrics:
        if metric.better == "neither" or not versions:
            continue
        of_metric = by_metric[metric.name]
        intact: dict[tuple[str, str], float | None] = {}
        drops = []
        for version in versions:  # each reference's intact version comes first
            key, value = (version.item.article.id, version.reference.id), of_metric[version.summary.place].value
            if version.kind == INTACT:
                intact[key] = value
                continue
            before = intact[key]
            cost = None if before is None or value is None else before - value
            drops.append(Drop(key[0], version.kind, -cost if cost is not None and metric.better == "lower" else cost))
        values = [value for value in intact.values() if value is not None]
        spread = float(np.std(values, ddof=1)) if len(values) > 1 else 0.0
        reason = next((score.reason for score in of_metric.values() if score.value is None), None)
        yield ScoreShift(metric, spread or None, tuple(drops), reason)


def _list_untested(items: Sequence[Item], english: Sequence[Item], scorers: Sequence[Scorer]) -> Iterator[str]:
    """List what could not be tested, and why."""
    if len(items) > len(english):
        yield f"{len(items) - len(english)} of {len(items)} articles: not in English"
    counts = Counter(len(item.references) for item in english)
    if counts[0]:
        yield f"{counts[0]} of {len(english)} articles have no reference, so no scorer is tested on them"
    if counts[1]:
        yield f"{counts[1]} of {len(english)} articles have only one reference, so none is compared with others there"
    without_facts = sum(not item.facts for item in english)
    if without_facts:
        yield f"{without_facts} of {len(english)} articles have no facts, so coverage is not tested on them"
    yield from (f"scorer {scorer.name}: it asks a server" for scorer in scorers if isinstance(scorer, JudgedScorer))
    neither = [metric.name for metric in scoring.list_metrics(scorers) if metric.better == "neither"]
    if neither:
        yield f"metrics that are neither better high nor better low: {', '.join(neither)}"
