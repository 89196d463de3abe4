"""Score the summaries, verdicts and judgements on disk. Scoring needs no model, so each call scores everything."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from harness import progress
from harness.config import RunConfig
from harness.data.labels import People
from harness.errors import HarnessError
from harness.records import Annotation, Case, Check, Item, Judgement, Place, Score, Summary
from harness.seams import Scorer
from harness.stages.notices import Notices
from harness.stages.verify import Shards


def score_run(
    shards: Shards, config: RunConfig, labels: Sequence[Annotation]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Compute all scores of a run and replace the old ones; return the notices and the problems.

    People's labels override verdicts; a score that they change also keeps the verifier's number. The old scores stay on
    disk until the last new score is written.
    """
    scorers, people = config.scorers, People(labels)
    notices, faults = Notices(scorers, config.verifier), list[Fault]()
    with shards.folder.scores.rewrite() as write, progress.bar("score", len(shards.items)) as advance:
        for shard in shards:
            checks, judgements = shards.read_checks(shard), shards.folder.judgements.read_articles(shard.ids)
            if cases := build_cases(shard.items, shard.summaries, checks, people, judgements):
                scores, found = score(scorers, cases)
                scores = add_automatic(scorers, cases, scores)
                write(scores)
                notices.add(cases, scores)
                faults += found
            advance(len(shard.items))
    return tuple(notices.lines()), tuple(list_problems(faults))


@dataclass(frozen=True, slots=True)
class Fault:
    """A scorer's failure on a summary."""

    scorer: str
    reason: str
    place: Place


def build_cases(
    items: Sequence[Item],
    summaries: Sequence[Summary],
    checks: Sequence[Check],
    people: People | None = None,
    judgements: Sequence[Judgement] = (),
) -> list[Case]:
    """Build a case for each summary; people's labels replace the verifier's verdicts."""
    by_id = {item.article.id: item for item in items}
    of_article: dict[str, list[Summary]] = defaultdict(list)
    for summary in summaries:
        of_article[summary.article_id].append(summary)
    by_place: dict[Place, list[Check]] = defaultdict(list)
    for check in checks:
        by_place[check.place].append(check)
    answers: dict[str, dict[str, Judgement]] = defaultdict(dict)
    for judgement in judgements:
        answers[judgement.article_id][judgement.key] = judgement
    built = []
    for summary in summaries:
        article, checked = summary.article_id, tuple(by_place[summary.place])
        others = tuple(each for each in of_article[article] if each.system != summary.system)
        case = Case(by_id[article], summary, checked, others=others, judgements=answers[article])
        if people and summary.text is not None:
            premises = {"coverage": summary.text, "grounding": case.item.article.text}
            judged = tuple(people.check(check, premises[check.use]) for check in case.checks)
            case = case if judged == case.checks else replace(case, checks=judged, automatic=case.checks)
        built.append(case)
    return built


def add_automatic(scorers: Sequence[Scorer], cases: Sequence[Case], scores: Sequence[Score]) -> list[Score]:
    """For each score that people's labels changed, add the value without these labels."""
    changed = [replace(case, checks=case.automatic) for case in cases if case.automatic is not None]
    if not changed:
        return list(scores)
    alone, _ = score(scorers, changed)
    found = {(each.place, each.metric): each for each in alone}
    pairs = [(each, found.get((each.place, each.metric), each)) for each in scores]
    return [
        each if own.value == each.value else replace(each, automatic=own.value, automatic_reason=own.reason)
        for each, own in pairs
    ]


def score(scorers: Sequence[Scorer], cases: Sequence[Case]) -> tuple[list[Score], list[Fault]]:
    """Return a score for every case and metric, and the faults. If a scorer fails, only its own values are missing.

    ``case.scores`` has the scores of earlier scorers that a scorer ``needs``.
    """
    needed = frozenset(name for scorer in scorers for name in scorer.needs)
    known: dict[Place, dict[str, Score]] = {case.summary.place: {} for case in cases}
    cases = [replace(case, scores=known[case.summary.place]) for case in cases] if needed else cases
    scores: list[Score] = []
    faults: list[Fault] = []
    for scorer in scorers:
        found = _score_in_parts(scorer, cases, faults)
        scores += found
        for each in found:
            if each.metric in needed:
                known[each.place][each.metric] = each
    return scores, faults


def _score_in_parts(scorer: Scorer, cases: Sequence[Case], faults: list[Fault]) -> list[Score]:
    """Return a scorer's scores; if it fails, call it again case by case, and add each failure to ``faults``."""
    try:
        return _run_scorer(scorer, cases)
    except HarnessError as error:
        reason = str(error)
    except (Exception, SystemExit) as error:  # noqa: BLE001  # becomes scores with this reason
        reason = f"{type(error).__name__}: {error}"
    if len(cases) > 1:
        return [each for case in cases for each in _score_in_parts(scorer, [case], faults)]
    place, signature = cases[0].summary.place, scorer.signature()
    faults.append(Fault(scorer.name, reason, place))
    return [Score(*place, metric.name, None, signature, reason) for metric in scorer.metrics()]


def _run_scorer(scorer: Scorer, cases: Sequence[Case]) -> list[Score]:
    """Run the scorer; raise HarnessError unless each case and metric gets one score, with a number or a reason."""
    scores, names = list(scorer.score(cases)), [metric.name for metric in scorer.metrics()]
    expected = Counter((case.summary.place, name) for case in cases for name in names)
    given = Counter((each.place, each.metric) for each in scores)
    if wrong := (expected - given) or (given - expected):
        place, name = next(iter(wrong))
        if name not in names:
            raise HarnessError(f"the scorer returned {name}, which metrics() does not list; add it there")
        found = f"returned {name} {given[place, name]} times for a summary, not {expected[place, name]}"
        raise HarnessError(f"the scorer {found}; return each metric of metrics() once for each summary")
    for each in scores:
        if each.value is None and not each.reason:
            raise HarnessError(f"the scorer gave no value and no reason for {each.metric}; set one of them")
        if each.value is not None and not math.isfinite(each.value):
            raise HarnessError(f"the scorer gave {each.value} for {each.metric}; return None and a reason instead")
    return scores


def list_problems(faults: Sequence[Fault]) -> Iterator[str]:
    """Describe the faults, in one line for each scorer and reason."""
    by_reason: dict[tuple[str, str], list[Fault]] = defaultdict(list)
    for fault in faults:
        by_reason[fault.scorer, fault.reason].append(fault)
    for (scorer, reason), together in by_reason.items():
        place = together[0].place
        several = f"{len(together):,} summaries, the first of them by " if len(together) > 1 else ""
        yield f"scorer {scorer} on {several}{place.system}, article {place.article_id}: {reason}"
