"""Ask verifier and scorers of a config about its own articles, with errors put in on purpose: ``harness selftest``."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from harness import perturbations, progress
from harness.config import RunConfig
from harness.errors import DataError
from harness.records import Check, Item, Metric, Pair, Place, Score, Verdict
from harness.seams import AskVerifier, Verifier
from harness.stages import score as scoring
from harness.stages.verify import PendingCheck, pending_checks
from harness.text import base_language, sentences
from harness.trust.selftest import corrupt
from harness.trust.selftest.probes import coverage, grounding, of_facts
from harness.trust.selftest.rates import Drop, Example, ScoreShift, Selftest, of_metric, of_verifier
from harness.trust.selftest.versions import LOOKED_IN, FactEdits, ReferenceEdits, Version, touched, versions

BATCH = 64
"""Pairs judged between two moves of the progress bar."""


def _asking_once(verifier: Verifier, advance: progress.Advance) -> AskVerifier:
    """The verifier, which is asked each question once however often it comes; one verdict a pair, in order."""
    verdicts: dict[Pair, Verdict] = {}

    def ask(pairs: Sequence[Pair]) -> list[Verdict]:
        new = [pair for pair in dict.fromkeys(pairs) if pair not in verdicts]
        for start in range(0, len(new), BATCH):
            batch = new[start : start + BATCH]
            verdicts.update(zip(batch, verifier.verify(batch), strict=True))
            advance(len(batch))
        return [verdicts[pair] for pair in pairs]

    return ask


def run(config: RunConfig, items: Sequence[Item], each: int) -> Selftest:
    """Test verifier and scorers of a config on its articles; DataError where there is nothing to put an error into.

    ``each``: edits of one kind of one text at the most. Whatever is drawn is drawn from the config's seed.
    """
    english = [item for item in items if base_language(item.article.language) == "en"]
    if not any(item.references or item.facts for item in english):
        raise DataError(
            f"{config.file}: there is nothing to put an error into: no English article has a reference or a fact; "
            "add references/*.md to an article's folder, or facts with: harness facts add ARTICLE"
        )
    draw, resample = np.random.default_rng(config.seed).spawn(2)
    reference_edits, fact_edits = _edits(english, draw, each)
    expected = _expected(reference_edits, fact_edits)
    progress.note(f"about {expected:,} verdicts; an edited reference is asked only about facts that its edit may touch")
    with progress.bar("verify", expected) as advance:
        ask = _asking_once(config.verifier, advance)
        edited = [version for edits in reference_edits for version in versions(edits, ask, each)]
        checks = _checks(config, english, edited, ask)
        answers = [*coverage(edited, checks), *grounding(edited, ask), *of_facts(fact_edits, ask)]
    cases = scoring.cases(english, [version.summary for version in edited], checks)
    scores, faults = scoring.score(config.scorers, cases)
    metrics = scoring.metrics(config.scorers)
    return Selftest(
        config=config.file,
        seed=config.seed,
        maker=perturbations.signature(),
        verifier=config.verifier.signature(),
        articles=len(english),
        references=sum(len(item.references) for item in english),
        facts=sum(len(item.facts) for item in english),
        edits=Counter(version.kind for version in edited if version.change),
        use_rates=of_verifier(answers, resample),
        metrics=tuple(of_metric(shift, resample) for shift in _score_shifts(metrics, edited, scores)),
        left_out=tuple(_left_out(items, english, metrics)),
        problems=tuple(scoring.problems(faults)),
        examples=tuple(_examples(edited)),
    )


def _edits(items: Sequence[Item], rng: np.random.Generator, each: int) -> tuple[list[ReferenceEdits], list[FactEdits]]:
    """All edits of references and facts."""
    references = [(item, reference) for item in items for reference in item.references]
    facts = [(item, fact) for item in items for fact in item.facts]
    reference_edits, fact_edits = [], []
    with progress.bar("edit", len(references) + len(facts)) as advance:
        for item, reference in references:
            reference_edits.append(ReferenceEdits(item, reference, corrupt.of_reference(item, reference, rng, each)))
            advance(1)
        for item, fact in facts:
            fact_edits.append(FactEdits(item, fact, corrupt.of_fact(item, fact, rng, each)))
            advance(1)
    return reference_edits, fact_edits


def _expected(reference_edits: Sequence[ReferenceEdits], fact_edits: Sequence[FactEdits]) -> int:
    """How many verdicts will be asked, but for those on references with a dropped fact, which are not known yet."""
    total = sum(1 + 2 * len(edits) for _, _, edits in fact_edits)
    for item, reference, changes in reference_edits:
        total += len(sentences(reference.text)) + (1 + LOOKED_IN) * len(item.facts)
        total += sum(len(touched(item, reference, change)) + len(change.after) for change in changes)
    return total


def _checks(config: RunConfig, items: Sequence[Item], edited: Sequence[Version], ask: AskVerifier) -> list[Check]:
    """The verdicts on every version, as a run would have them."""
    by_place = {version.summary.place: version for version in edited}
    pending = list(pending_checks(items, [version.summary for version in edited], config.verifier.signature()))
    verdicts = ask([_pair(by_place[each.identity.place], each) for each in pending])
    return [each.answered(verdict) for each, verdict in zip(pending, verdicts, strict=True)]


def _pair(version: Version, check: PendingCheck) -> Pair:
    """What a change does not touch is asked of the reference as it is, so once for all its versions."""
    if check.identity.use == "coverage" and check.identity.target not in version.touched:
        return replace(check.pair, premise=version.reference.text)
    return check.pair


def _score_shifts(
    metrics: Sequence[Metric], edited: Sequence[Version], scores: Sequence[Score]
) -> Iterator[ScoreShift]:
    """What every edit cost by every metric that has a better direction."""
    by_metric: dict[str, dict[Place, Score]] = defaultdict(dict)
    for score in scores:
        by_metric[score.metric][Place(score.system, score.article_id, score.sample)] = score
    intact = {(version.item.article.id, version.reference.id): version for version in edited if not version.change}
    for metric in metrics:
        if metric.better == "neither" or not edited:
            continue
        shifts = by_metric[metric.name]
        whole = {key: shifts[version.summary.place] for key, version in intact.items()}
        drops = []
        for version in edited:
            if version.change:
                before = whole[version.item.article.id, version.reference.id]
                cost = _cost(metric, before, shifts[version.summary.place])
                drops.append(Drop(version.item.article.id, version.kind, cost))
        values = [score.value for score in whole.values() if score.value is not None]
        reason = next((score.reason for score in shifts.values() if score.value is None), None)
        yield ScoreShift(metric, _spread(values), tuple(drops), reason)


def _cost(metric: Metric, before: Score, after: Score) -> float | None:
    if before.value is None or after.value is None:
        return None
    return before.value - after.value if metric.better == "higher" else after.value - before.value


def _spread(values: Sequence[float]) -> float | None:
    spread = float(np.std(values, ddof=1)) if len(values) > 1 else 0.0
    return spread if spread > 0 else None


def _examples(edited: Sequence[Version]) -> Iterator[Example]:
    for version in edited:
        if version.change:
            before, after = " ".join(version.change.before), " ".join(version.change.after)
            yield Example(version.kind, version.item.article.id, version.reference.id, before, after)


def _left_out(items: Sequence[Item], english: Sequence[Item], metrics: Sequence[Metric]) -> Iterator[str]:
    """What could not be tested, and what would let it be."""
    foreign, without_reference = len(items) - len(english), sum(not item.references for item in english)
    if foreign:
        yield f"{foreign} of {len(items)} articles are not in English, and errors are put into English only"
    if without_reference:
        yield f"{without_reference} of {len(english)} articles have no reference, so no scorer is tested on them"
    lonely = sum(len(item.references) == 1 for item in english)
    if lonely:
        yield f"{lonely} of {len(english)} articles have one reference only, so nothing is compared with others there"
    factless = sum(not item.facts for item in english)
    if factless:
        yield f"{factless} of {len(english)} articles have no facts, so coverage is not tested on them"
    neither = [metric.name for metric in metrics if metric.better == "neither"]
    if neither:
        yield f"metrics that are better neither high nor low: {', '.join(neither)}"
