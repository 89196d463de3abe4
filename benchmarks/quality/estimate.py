"""Measure which is closer to people's scores: the mean of P(supported), or the share of supported verdicts.

    python benchmarks/quality/estimate.py [--data DIR] [--work DIR]

Writes ``estimate.md``. The systems are those of REALSumm (facts against summaries) and two of BUMP (faithful summaries,
and the same summaries with an injected error); each development set, whose systems have no names, counts as one system.
Nothing was fitted on these articles. The folder ``--work`` keeps the verdicts, so a stopped run resumes; verdicts that
``checker.py`` left there are reused.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from math import prod
from pathlib import Path
from statistics import fmean

from benchmarks.common import ROOT, add_verifier, make_parser, publish
from benchmarks.quality.checker import Answer, ask
from benchmarks.quality.questions import DEVELOPMENT, Questions, load_questions
from harness import config
from harness.records import Pair

TABLE = Path(__file__).with_name("estimate.md")
HEADS = (
    "| set | systems | judgements | people | bias: count | estimate | error: count | estimate "
    "| order: count | estimate |"
)
MAX_BIAS = 0.05
"""The page names the sets whose estimate has a larger bias."""

Answers = Mapping[Pair, Answer]


@dataclass(frozen=True, slots=True)
class Judgement:
    """A fact or a claim of a system."""

    system: str
    group: str
    people: float
    """1 if people say supported, else 0."""
    counted: float
    """1 if the verdict is supported, else 0."""
    estimated: float
    """P(supported)."""


@dataclass(frozen=True, slots=True)
class Closeness:
    """How close one way of scoring comes to people's scores, over the systems of a set."""

    bias: float
    """Mean score minus the mean of people's scores."""
    error: float
    """Mean distance from people's scores."""
    ordered: float | None
    """Share of the pairs of systems in people's order, ties counting half; None if people order no pair."""


def judge(asked: Questions, answers: Answers) -> dict[str, list[Judgement]]:
    """Return the judgements of each set; a text of several sentences is supported if all its sentences are."""
    sets = {
        name: [
            Judgement(
                question.system,
                question.group,
                float(question.truth == "supported"),
                float(all(answers[pair].label == "supported" for pair in question.pairs)),
                prod(answers[pair].supported for pair in question.pairs),
            )
            for question in asked.sets[name]
        ]
        for name in ("realsumm", *DEVELOPMENT)
    }
    sets["bump"] = [
        Judgement(system, edit.group, float(at not in changed), float(answer.label == "supported"), answer.supported)
        for edit in asked.edited
        for system, pairs, changed in (("faithful", edit.faithful, ()), ("edited", edit.edited, edit.changed))
        for at, answer in enumerate(answers[pair] for pair in pairs)
    ]
    return sets


def score_systems(judgements: Sequence[Judgement], kind: str) -> dict[str, float]:
    """System → the mean over the facts or claims of an article, averaged over articles."""
    by_article: dict[tuple[str, str], list[float]] = defaultdict(list)
    for each in judgements:
        by_article[each.system, each.group].append(getattr(each, kind))
    by_system: dict[str, list[float]] = defaultdict(list)
    for (system, _), values in by_article.items():
        by_system[system].append(fmean(values))
    return {system: fmean(values) for system, values in by_system.items()}


def compare(people: Mapping[str, float], scores: Mapping[str, float]) -> Closeness:
    differences = [scores[system] - people[system] for system in people]
    signs = [
        (people[one] - people[other]) * (scores[one] - scores[other])
        for one, other in combinations(people, 2)
        if people[one] != people[other]
    ]
    ordered = [1.0 if sign > 0 else 0.5 if sign == 0 else 0.0 for sign in signs]
    return Closeness(fmean(differences), fmean(map(abs, differences)), fmean(ordered) if ordered else None)


def render(sets: Mapping[str, Sequence[Judgement]], signature: str) -> str:
    rows, biased, closer, as_ordered, ranked = [], [], 0, 0, 0
    for name, judgements in sets.items():
        people = score_systems(judgements, "people")
        counted, estimated = (compare(people, score_systems(judgements, kind)) for kind in ("counted", "estimated"))
        closer += estimated.error < counted.error
        if abs(estimated.bias) > MAX_BIAS:
            biased.append(f"{name} ({estimated.bias:+.2f})")
        order = "– | –"
        if counted.ordered is not None and estimated.ordered is not None:
            ranked, as_ordered = ranked + 1, as_ordered + (estimated.ordered >= counted.ordered)
            order = f"{counted.ordered:.2f} | {estimated.ordered:.2f}"
        rows.append(
            f"| {name} | {len(people)} | {len(judgements):,} | {fmean(people.values()):.3f} | {counted.bias:+.3f} "
            f"| {estimated.bias:+.3f} | {counted.error:.3f} | {estimated.error:.3f} | {order} |\n"
        )
    warning = (
        f"The estimate's bias exceeds {MAX_BIAS} on: {', '.join(biased)}." if biased else f"No bias exceeds {MAX_BIAS}."
    )
    return f"""# Estimating against counting

Made by `python benchmarks/quality/estimate.py` on {date.today():%Y-%m-%d}. Counting: the share of verdicts that are
`supported`. Estimating: the mean of P(supported), as harness scores. Bias: mean score of the systems minus the
mean of people's scores. Error: mean distance of a system's score from people's. Order: share of the pairs of systems
that are in people's order.

{HEADS}
|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|
{"".join(rows)}
The estimate is closer to people than counting on {closer} of {len(sets)} sets, and orders the systems at least as well
on {as_ordered} of {ranked}. {warning}

Verifier: `{signature}`.
"""


def main() -> None:
    command = make_parser(__doc__)
    command.add_argument("--work", type=Path, default=ROOT / "work" / "checker", help="folder of the verdicts")
    add_verifier(command)
    arguments = command.parse_args()
    verifier = config.load_verifier(arguments.verifier, arguments.options)
    asked = load_questions(arguments.data, ROOT / "references")
    wanted = [pair for name in ("realsumm", *DEVELOPMENT) for each in asked.sets[name] for pair in each.pairs]
    wanted += [pair for edit in asked.edited for pair in (*edit.faithful, *edit.edited)]
    answers = ask(verifier, list(dict.fromkeys(wanted)), arguments.work)
    page = render(judge(asked, answers), verifier.signature())
    publish(page, TABLE)


if __name__ == "__main__":
    main()
