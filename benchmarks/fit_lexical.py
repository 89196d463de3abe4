"""Fit the verifier ``lexical`` on labelled data, and report how it does on groups that it was not fitted on.

    python benchmarks/fit_lexical.py [--data DIR] [--seed N]

Writes ``harness/verifiers/lexical_weights.json`` (weights, with a card of how they were made) and
``benchmarks/lexical.md`` (the numbers). The data are REALSumm (CC BY 4.0) and BUMP (MIT), in the folder that
``--data`` or the environment variable ``HARNESS_LABELLED_DATA`` names.

Protocol. The groups (source articles) are dealt into five folds. For each fold, everything is fitted on the other
four: word weights, regressions and the threshold of the balanced accuracy; then the fold is scored. What is reported
comes from these out-of-fold scores alone. The shipped weights are then fitted on all groups in the same way.
"""

from __future__ import annotations

import json
import math
import os
import platform
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import correlation

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score, f1_score, roc_auc_score, roc_curve
from sklearn.preprocessing import StandardScaler

from benchmarks.data_option import parser
from benchmarks.labelled import FOLDS, Card, Choice, Corpus, Data, Edit, Row, card, source
from harness.checker_en.tokens import tokens
from harness.files import write_text
from harness.records import Label, Pair, Probabilities
from harness.text import sentences
from harness.verifiers.decide import most_likely
from harness.verifiers.lexical import WEIGHTS, Lexicon, Matcher, Predictor, Regression, Weights

Truth = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "benchmarks" / "lexical.md"
LABELS: tuple[Label, ...] = ("supported", "contradicted", "absent")
# Contradiction shows in the evidence, whatever the length of the premise.
IN_EVIDENCE = [
    "recall_window",
    "verbatim",
    "in_order",
    "bigrams",
    "swapped",
    "negated",
    "names_missing",
    "values_missing",
    "conflict_number",
    "conflict_date",
    "conflict_name",
]
FALSE = 0.2
"""Assumed share of false versions among the summaries on a subject; BUMP, which the choice is fitted on, has half."""
# A word of one training sentence alone says no more than one of none.
RAREST = 2


def halved(merged: Sequence[bool]) -> Floats:
    """Row weights that give the rows whose labels merge omitted and contradicted as much as all others, together."""
    share = np.mean(merged)
    return np.where(merged, 0.5 / share, 0.5 / (1 - share))


def regression(
    names: Sequence[str],
    features: Sequence[Mapping[str, float]],
    truth: Sequence[bool],
    *,
    weights: Floats | None = None,
    bias: bool = True,
) -> Regression:
    """A logistic regression with a ridge on standardised features, given back in the features' own units."""
    matrix = np.array([[row[name] for name in names] for row in features])
    scaler = StandardScaler(with_mean=bias).fit(matrix)
    model = LogisticRegression(C=1.0, fit_intercept=bias, max_iter=2000)
    model.fit(scaler.transform(matrix), truth, sample_weight=weights)
    slopes = model.coef_[0] / scaler.scale_
    offset = float(model.intercept_[0] - slopes @ scaler.mean_) if bias else 0.0
    return Regression(
        round(offset, 4), {name: round(float(slope), 4) for name, slope in zip(names, slopes, strict=True)}
    )


# Fitting ------------------------------------------------------------------------------------------------------------


def lexicon(articles: Iterable[str]) -> Lexicon:
    """Inverse document frequencies of what stands in lower case in the sentences of the articles."""
    counts: Counter[str] = Counter()
    total = 0
    for article in articles:
        for span in sentences(article):
            total += 1
            counts.update({token.key for token in tokens(span.text) if token.kind != "function" and not token.capital})
    words = {key: idf(total, count) for key, count in sorted(counts.items()) if count >= RAREST}
    return Lexicon(words, idf(total, 1))


def idf(total: int, count: int) -> float:
    return round(math.log((total + 1) / (count + 0.5)), 2)


def fit(data: Data) -> Weights:
    """Word weights and the three regressions; every row weighs the same."""
    words = lexicon({edit.group: edit.article for edit in data.edits}.values())
    matcher = Matcher(words)
    features = [matcher.match(row.premise, row.hypothesis).features for row in data.rows]
    labels = [row.label for row in data.rows]
    supported = regression(list(features[0]), features, [label == "supported" for label in labels])
    rest = [at for at, label in enumerate(labels) if label != "supported"]
    contradicted = regression(
        IN_EVIDENCE,
        [features[at] for at in rest],
        [labels[at] == "contradicted" for at in rest],
        weights=halved([data.rows[at].corpus == "coverage" for at in rest]),
    )
    return Weights(supported, contradicted, choice_regression(matcher, data.choices), words)


def choice_regression(matcher: Matcher, data: Sequence[Choice]) -> Regression:
    """Each choice is shown from both sides, which makes the odds even; then the odds of real summaries are put in."""
    there = [
        matcher.versus(matcher.match(each.premise, each.true), matcher.match(each.premise, each.false)) for each in data
    ]
    back = [{name: -value for name, value in difference.items()} for difference in there]
    even = regression(list(there[0]), there + back, [True] * len(there) + [False] * len(back), bias=False)
    return Regression(round(math.log((1 - FALSE) / FALSE), 4), even.weights)


# Scoring ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Scored:
    """A row with what was said of it by a fit that had not seen its group."""

    row: Row
    found: Probabilities
    recall: float
    """Content-word recall in the whole premise: the floor."""
    cut: float
    """The threshold on P(supported) of best balanced accuracy in the groups fitted on."""
    recall_cut: float


@dataclass(frozen=True)
class Ranked:
    """How the two summaries of an edit are scored against the article, as the mean over their sentences."""

    faithful: float
    edited: float
    recall_faithful: float
    recall_edited: float


def out_of_fold(data: Data) -> tuple[list[Scored], list[Ranked], list[tuple[Choice, bool]]]:
    scored: list[Scored] = []
    ranked: list[Ranked] = []
    chosen: list[tuple[Choice, bool]] = []
    for fold in range(FOLDS):
        known, unseen = data.without(fold), data.only(fold)
        predictor = Predictor(fit(known))
        facts = [row for row in known.rows if row.corpus == "coverage"]
        truth = [row.label == "supported" for row in facts]
        cut = best_cut(truth, [probabilities(predictor, row).supported for row in facts])
        recall_cut = best_cut(truth, [recall(predictor, row.premise, row.hypothesis) for row in facts])
        scored += [
            Scored(row, probabilities(predictor, row), recall(predictor, row.premise, row.hypothesis), cut, recall_cut)
            for row in unseen.rows
        ]
        ranked += [rank(predictor, edit) for edit in unseen.edits]
        chosen += [(each, prefers(predictor, each)) for each in unseen.choices]
    return scored, ranked, chosen


def probabilities(predictor: Predictor, row: Row) -> Probabilities:
    return predictor.predict(Pair(row.premise, row.hypothesis)).probabilities


def recall(predictor: Predictor, premise: str, hypothesis: str) -> float:
    return predictor.matcher.match(premise, hypothesis).features["recall_plain"]


def best_cut(truth: Sequence[bool], scores: Sequence[float]) -> float:
    """The threshold of best balanced accuracy: Youden's J."""
    false, true, cuts = roc_curve(truth, scores)
    return float(cuts[np.argmax(true - false)])


def rank(predictor: Predictor, edit: Edit) -> Ranked:
    def mean(score: Callable[[str], float], summary: str) -> float:
        return float(np.mean([score(span.text) for span in sentences(summary)]))

    def ours(text: str) -> float:
        return predictor.predict(Pair(edit.article, text)).probabilities.supported

    def floor(text: str) -> float:
        return recall(predictor, edit.article, text)

    return Ranked(
        mean(ours, edit.faithful), mean(ours, edit.edited), mean(floor, edit.faithful), mean(floor, edit.edited)
    )


def prefers(predictor: Predictor, choice: Choice) -> bool:
    """Whether the right version wins, at even odds."""
    true, false = (predictor.matcher.match(choice.premise, text) for text in (choice.true, choice.false))
    return predictor.weights.choice.logit(predictor.matcher.versus(true, false)) > predictor.weights.choice.bias


# Reporting ----------------------------------------------------------------------------------------------------------


def coverage_numbers(scored: Sequence[Scored]) -> dict[str, float]:
    facts = [each for each in scored if each.row.corpus == "coverage"]
    truth = supported(facts)
    ours = np.array([each.found.supported for each in facts])
    floor = np.array([each.recall for each in facts])
    cuts = np.array([each.cut for each in facts])
    floor_cuts = np.array([each.recall_cut for each in facts])
    called = [most_likely(each.found) == "contradicted" for each in facts]
    return {
        "fact_auc": float(roc_auc_score(truth, ours)),
        "fact_auc_floor": float(roc_auc_score(truth, floor)),
        "balanced_accuracy": float(balanced_accuracy_score(truth, ours >= cuts)),
        "balanced_accuracy_floor": float(balanced_accuracy_score(truth, floor >= floor_cuts)),
        "calibration_error": calibration_error(truth, ours),
        "summary_pearson": summary_level(facts, truth, ours),
        "summary_pearson_floor": summary_level(facts, truth, floor),
        "system_pearson": system_level(facts, truth, ours),
        "system_pearson_floor": system_level(facts, truth, floor),
        "called_contradicted": float(np.mean(called)),
    }


def consistency_numbers(
    scored: Sequence[Scored], ranked: Sequence[Ranked], chosen: Sequence[tuple[Choice, bool]]
) -> dict[str, float]:
    three = [each for each in scored if each.row.corpus == "threeway"]
    article = [each for each in scored if each.row.corpus == "grounding"]
    faithful = [each for each in article if each.row.label == "supported"]
    pooled = [True] * len(ranked) + [False] * len(ranked)
    ours = [each.faithful for each in ranked] + [each.edited for each in ranked]
    floor = [each.recall_faithful for each in ranked] + [each.recall_edited for each in ranked]
    return {
        "threeway_macro_f1": macro_f1(three),
        "threeway_calibration_error": calibration_error(
            supported(three), np.array([each.found.supported for each in three])
        ),
        "consistency": float(np.mean([each.faithful > each.edited for each in ranked])),
        "consistency_floor": float(np.mean([each.recall_faithful > each.recall_edited for each in ranked])),
        "consistency_auc": float(roc_auc_score(pooled, ours)),
        "consistency_auc_floor": float(roc_auc_score(pooled, floor)),
        "choice_article": float(np.mean([right for choice, right in chosen if choice.in_article])),
        "choice_summary": float(np.mean([right for choice, right in chosen if not choice.in_article])),
        "grounding_macro_f1": macro_f1(article),
        "threeway_missed": missed(three),
        "grounding_missed": missed(article),
        "grounding_false_alarm": float(np.mean([most_likely(each.found) == "contradicted" for each in faithful])),
    }


def supported(scored: Sequence[Scored]) -> Truth:
    return np.array([each.row.label == "supported" for each in scored])


def missed(scored: Sequence[Scored]) -> float:
    """The share of contradicted rows that are called supported."""
    contradicted = [each for each in scored if each.row.label == "contradicted"]
    return float(np.mean([most_likely(each.found) == "supported" for each in contradicted]))


def macro_f1(scored: Sequence[Scored]) -> float:
    """Macro-F1 of the most likely label over the three labels."""
    found = [most_likely(each.found) for each in scored]
    return float(f1_score([each.row.label for each in scored], found, labels=LABELS, average="macro"))


def calibration_error(truth: Truth, scores: Floats, bins: int = 10) -> float:
    """Expected calibration error over bins of equal width."""
    places = np.minimum((scores * bins).astype(int), bins - 1)
    parts = [places == each for each in set(places)]
    return float(sum(part.mean() * abs(truth[part].mean() - scores[part].mean()) for part in parts))


def summary_level(facts: Sequence[Scored], truth: Truth, scores: Floats) -> float:
    """Mean over articles of the correlation across systems; an article where one side is constant has none."""
    points = by_key(facts, truth, scores, lambda row: (row.group, row.system))
    articles = grouped(points, lambda key: key[0])
    return float(np.mean([pearson(each) for each in articles.values() if np.std(each, axis=0).all()]))


def system_level(facts: Sequence[Scored], truth: Truth, scores: Floats) -> float:
    """The correlation of the systems' means."""
    points = by_key(facts, truth, scores, lambda row: (row.group, row.system))
    systems = grouped(points, lambda key: key[1])
    return pearson([np.mean(each, axis=0) for each in systems.values()])


def by_key(
    facts: Sequence[Scored], truth: Truth, scores: Floats, key: Callable[[Row], tuple[str, str]]
) -> dict[tuple[str, str], Floats]:
    """Key → mean of the human labels and of the scores over its facts."""
    found: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    for each, label, score in zip(facts, truth, scores, strict=True):
        found[key(each.row)].append((float(label), float(score)))
    return {name: np.mean(points, axis=0) for name, points in found.items()}


def grouped(points: Mapping[tuple[str, str], Floats], key: Callable[[tuple[str, str]], str]) -> dict[str, list[Floats]]:
    found: dict[str, list[Floats]] = defaultdict(list)
    for name, point in points.items():
        found[key(name)].append(point)
    return found


def pearson(points: Sequence[Floats]) -> float:
    return correlation([float(point[0]) for point in points], [float(point[1]) for point in points])


def speed(weights: Weights, rows: Sequence[Row]) -> float:
    """Verdicts in a second of processor time, from cold."""
    predictor = Predictor(weights)
    started = time.process_time()
    for row in rows:
        predictor.predict(Pair(row.premise, row.hypothesis))
    return len(rows) / (time.process_time() - started)


def about(data: Data, folder: Path, seed: int, numbers: Mapping[str, float]) -> Card:
    """How the weights were made."""

    def groups(corpus: Corpus) -> list[str]:
        return [row.group for row in data.rows if row.corpus == corpus]

    sources = [
        source(folder, "realsumm_coverage.jsonl", "coverage", groups("coverage")),
        source(folder, "bump_threeway.jsonl", "threeway", groups("threeway")),
        source(folder, "bump_pairs.jsonl", "grounding", groups("grounding")),
        source(folder, "bump_pairs.jsonl", "choices", [choice.group for choice in data.choices]),
    ]
    protocol = (
        "Groups are source articles, dealt into folds. Word weights, regressions and thresholds are fitted on "
        "four folds and scored on the fifth; the shipped weights are fitted on all. The list of features was "
        "settled with an eye on the coverage folds, so out_of_fold is a little kind. The bias of choice is no fit: "
        f"it takes {FALSE:.0%} of the premises that speak of a matter to say the false version."
    )
    return card("fit_lexical.py", seed, sources, numbers, protocol=protocol)


def as_json(weights: Weights, made: Card) -> str:
    parts = {name: asdict(getattr(weights, name)) for name in ("supported", "contradicted", "choice")}
    words = json.dumps(weights.lexicon.words, ensure_ascii=False, sort_keys=True)
    head = json.dumps({"card": made, **parts}, ensure_ascii=False, indent=1)
    return f'{head[:-2]},\n "lexicon": {{"unknown": {weights.lexicon.unknown}, "words": {words}}}\n}}\n'


TEMPLATE = """# The verifier `lexical`, against human labels

Made by `python benchmarks/fit_lexical.py` on {date}, seed {seed}, on {cores} CPU cores ({machine}), no GPU.
Everything is out of fold: five folds over the source articles, with word weights, regressions and thresholds fitted on
the other four. The list of features was settled with an eye on the REALSumm folds, so that part is a little kind.
The floor is plain content-word recall: the share of the statement's content words that the premise has.

| REALSumm: is the fact in the summary? (26,400 facts, 100 articles × 25 systems) | floor | lexical |
|---|---|---|
| fact AUC | {fact_auc_floor:.3f} | {fact_auc:.3f} |
| balanced accuracy, threshold fitted on other groups | {balanced_accuracy_floor:.3f} | {balanced_accuracy:.3f} |
| expected calibration error, 10 bins of equal width | | {calibration_error:.3f} |
| summary-level Pearson | {summary_pearson_floor:.3f} | {summary_pearson:.3f} |
| system-level Pearson | {system_pearson_floor:.3f} | {system_pearson:.3f} |
| facts called contradicted (the labels do not tell them from absent) | | {called_contradicted:.3f} |

| BUMP: one error written into a summary (693 pairs, 99 articles) | floor | lexical |
|---|---|---|
| consistency: faithful above edited, the article as premise, ties fail | {consistency_floor:.3f} | {consistency:.3f} |
| AUC, all summaries pooled | {consistency_auc_floor:.3f} | {consistency_auc:.3f} |
| the right one of two versions, each given as the other's contrast: the article as premise | | {choice_article:.3f} |
| the same: the summary as premise, which has the right one word for word | | {choice_summary:.3f} |
| three-way macro-F1, a summary as premise, no contrasts | | {threeway_macro_f1:.3f} |
| three-way calibration error of P(supported) | | {threeway_calibration_error:.3f} |
| three-way macro-F1, an article as premise, no contrasts | | {grounding_macro_f1:.3f} |
| edited sentences called supported, by summary and by article | | {threeway_missed:.3f}, {grounding_missed:.3f} |
| faithful sentences called contradicted by their article | | {grounding_false_alarm:.3f} |

Speed (processor time, cold): {speed_short:,.0f} verdicts a second on summaries, {speed_long:,.0f} on 700-word articles.

What it is for: a floor that says when a fact's words are there. What it cannot do: see an error that keeps the words.
Where no false version is given, it takes many edited sentences for supported, as every overlap measure does, and a
bare "not" goes unseen. The probabilities are calibrated for summaries of real systems (REALSumm), where
written-in errors are rare. Where false versions are given, one summary in five is taken to say one: an assumption,
since BUMP, which weighs a statement against its false version, is half and half by construction.
"""


def main() -> None:
    command = parser(__doc__)
    command.add_argument("--seed", type=int, default=0)
    options = command.parse_args()
    data = Data.read(Path(options.data), options.seed)
    scored, ranked, chosen = out_of_fold(data)
    numbers = {**coverage_numbers(scored), **consistency_numbers(scored, ranked, chosen)}
    weights = fit(data)
    made = about(data, Path(options.data), options.seed, numbers)
    write_text(WEIGHTS, as_json(weights, made))
    table = TEMPLATE.format(
        date=made["date"],
        seed=options.seed,
        cores=os.cpu_count(),
        machine=platform.machine(),
        speed_short=speed(weights, [row for row in data.rows if row.corpus == "coverage"]),
        speed_long=speed(weights, [row for row in data.rows if row.corpus == "grounding"]),
        **numbers,
    )
    write_text(TABLE, table)
    sys.stdout.write(table)


if __name__ == "__main__":
    main()
