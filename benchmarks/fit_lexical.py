"""Fit the verifier ``lexical`` on labelled data, and measure it on groups that it was not fitted on.

    python benchmarks/fit_lexical.py [--data DIR] [--seed N]

Writes the weights, with a card that says how they were made, to ``harness/verifiers/lexical_weights.json``, and the
numbers to ``benchmarks/lexical.md``. The data are REALSumm (CC BY 4.0) and BUMP (MIT).

Protocol. The groups (source articles) are dealt into five folds. For each fold, the word weights, the regressions and
the threshold of the balanced accuracy are fitted on the other four folds; then the fold is scored. Only these
out-of-fold scores are reported. The shipped weights are fitted on all groups in the same way.
"""

from __future__ import annotations

import json
import math
import os
import platform
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score, f1_score, roc_auc_score, roc_curve
from sklearn.preprocessing import StandardScaler

from benchmarks.data_option import ROOT, parser
from benchmarks.labelled import FOLDS, Choice, Data, Edit, Row
from harness.checker_en.tokens import tokenize
from harness.files import write_text
from harness.records import Label, Pair, Probabilities
from harness.signature import file_digest
from harness.stats import agreement
from harness.text import sentences
from harness.trust.judgements import average_summaries
from harness.verifiers.decide import most_likely
from harness.verifiers.lexical import WEIGHTS, Lexicon, Matcher, Predictor, Regression, Weights

Truth = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

TABLE = ROOT / "benchmarks" / "lexical.md"
FILES = {
    "coverage": "realsumm_coverage.jsonl",
    "threeway": "bump_threeway.jsonl",
    "grounding": "bump_pairs.jsonl",
}
LABELS: tuple[Label, ...] = ("supported", "contradicted", "absent")
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
"""Features of the evidence, which do not depend on the length of the premise; only they show a contradiction."""
FALSE_SHARE = 0.2
"""Assumed share of summaries that state the false version of a fact. In BUMP, on which the choice is fitted, the share
is one half by construction."""
RAREST = 2  # a word in only one training sentence is treated like an unknown word


def fit_regression(
    names: Sequence[str],
    features: Sequence[Mapping[str, float]],
    truth: Sequence[bool],
    *,
    weights: Floats | None = None,
    bias: bool = True,
) -> Regression:
    """Fit a logistic regression with a ridge on standardised features; return it in the features' own units."""
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


def make_lexicon(articles: Iterable[str]) -> Lexicon:
    """Compute the inverse document frequency of each word in lower case; the documents are sentences."""
    counts: Counter[str] = Counter()
    total = 0
    for article in articles:
        for span in sentences(article):
            total += 1
            counts.update(
                {token.key for token in tokenize(span.text) if token.kind != "function" and not token.capital}
            )

    def weigh(count: int) -> float:
        return round(math.log((total + 1) / (count + 0.5)), 2)

    words = {key: weigh(count) for key, count in sorted(counts.items()) if count >= RAREST}
    return Lexicon(words, weigh(1))


def fit(data: Data) -> Weights:
    """Fit the word weights and the three regressions."""
    words = make_lexicon({edit.group: edit.article for edit in data.edits}.values())
    matcher = Matcher(words)
    features = [matcher.match(row.premise, row.hypothesis).features for row in data.rows]
    labels = [row.label for row in data.rows]
    supported = fit_regression(list(features[0]), features, [label == "supported" for label in labels])
    rest = [at for at, label in enumerate(labels) if label != "supported"]
    # REALSumm's labels do not distinguish contradicted from absent: together, its rows weigh as much as all others
    merged = [data.rows[at].corpus == "coverage" for at in rest]
    share = np.mean(merged)
    contradicted = fit_regression(
        IN_EVIDENCE,
        [features[at] for at in rest],
        [labels[at] == "contradicted" for at in rest],
        weights=np.where(merged, 0.5 / share, 0.5 / (1 - share)),
    )
    return Weights(supported, contradicted, fit_choice(matcher, data.choices), words)


def fit_choice(matcher: Matcher, data: Sequence[Choice]) -> Regression:
    """Fit the choice between two versions at even odds, each in both orders; then set the bias by ``FALSE_SHARE``."""
    forward = [
        matcher.versus(matcher.match(each.premise, each.true), matcher.match(each.premise, each.false)) for each in data
    ]
    backward = [{name: -value for name, value in difference.items()} for difference in forward]
    even = fit_regression(
        list(forward[0]), forward + backward, [True] * len(forward) + [False] * len(backward), bias=False
    )
    return Regression(round(math.log((1 - FALSE_SHARE) / FALSE_SHARE), 4), even.weights)


# Scoring ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Scored:
    """A row with the prediction of a fit that had not seen the row's group."""

    row: Row
    found: Probabilities
    recall: float
    """The floor: content-word recall in the whole premise."""
    threshold: float
    """The threshold on P(supported) with the best balanced accuracy on the groups of the fit."""
    recall_threshold: float
    """The same for ``recall``."""


@dataclass(frozen=True)
class Ranked:
    """The mean scores of the sentences of an edit's two summaries, given the article."""

    faithful: float
    edited: float
    recall_faithful: float
    recall_edited: float


def score_out_of_fold(data: Data) -> tuple[list[Scored], list[Ranked], list[tuple[Choice, bool]]]:
    """Score the rows, the edits and the choices of each fold; for a choice, True if the true version wins."""
    scored: list[Scored] = []
    ranked: list[Ranked] = []
    chosen: list[tuple[Choice, bool]] = []
    for fold in range(FOLDS):
        known, unseen = data.split(fold)
        predictor = Predictor(fit(known))
        facts = [row for row in known.rows if row.corpus == "coverage"]
        truth = [row.label == "supported" for row in facts]
        threshold = find_threshold(truth, [predict(predictor, row.premise, row.hypothesis).supported for row in facts])
        recall_threshold = find_threshold(truth, [recall(predictor, row.premise, row.hypothesis) for row in facts])
        for row in unseen.rows:
            texts = row.premise, row.hypothesis
            scored.append(
                Scored(row, predict(predictor, *texts), recall(predictor, *texts), threshold, recall_threshold)
            )
        ranked += [rank(predictor, edit) for edit in unseen.edits]
        chosen += [(each, prefers(predictor, each)) for each in unseen.choices]
    return scored, ranked, chosen


def predict(predictor: Predictor, premise: str, hypothesis: str) -> Probabilities:
    return predictor.predict(Pair(premise, hypothesis)).probabilities


def recall(predictor: Predictor, premise: str, hypothesis: str) -> float:
    return predictor.matcher.match(premise, hypothesis).features["recall_plain"]


def find_threshold(truth: Sequence[bool], scores: Sequence[float]) -> float:
    """Find the threshold with the best balanced accuracy (Youden's J)."""
    false, true, cuts = roc_curve(truth, scores)
    return float(cuts[np.argmax(true - false)])


def rank(predictor: Predictor, edit: Edit) -> Ranked:
    def mean(score: Callable[[str], float], summary: str) -> float:
        return float(np.mean([score(span.text) for span in sentences(summary)]))

    def ours(text: str) -> float:
        return predict(predictor, edit.article, text).supported

    def floor(text: str) -> float:
        return recall(predictor, edit.article, text)

    return Ranked(
        mean(ours, edit.faithful), mean(ours, edit.edited), mean(floor, edit.faithful), mean(floor, edit.edited)
    )


def prefers(predictor: Predictor, choice: Choice) -> bool:
    """True if the true version wins at even odds."""
    true, false = (predictor.matcher.match(choice.premise, text) for text in (choice.true, choice.false))
    return predictor.weights.choice.logit(predictor.matcher.versus(true, false)) > predictor.weights.choice.bias


# Reporting ----------------------------------------------------------------------------------------------------------


def measure_coverage(scored: Sequence[Scored]) -> dict[str, float]:
    facts = [each for each in scored if each.row.corpus == "coverage"]
    truth = is_supported(facts)
    ours = np.array([each.found.supported for each in facts])
    floor = np.array([each.recall for each in facts])
    thresholds = np.array([each.threshold for each in facts])
    floor_thresholds = np.array([each.recall_threshold for each in facts])
    called = [most_likely(each.found) == "contradicted" for each in facts]
    (summary, system), (summary_floor, system_floor) = (correlate(facts, truth, scores) for scores in (ours, floor))
    return {
        "fact_auc": float(roc_auc_score(truth, ours)),
        "fact_auc_floor": float(roc_auc_score(truth, floor)),
        "balanced_accuracy": float(balanced_accuracy_score(truth, ours >= thresholds)),
        "balanced_accuracy_floor": float(balanced_accuracy_score(truth, floor >= floor_thresholds)),
        "calibration_error": calibration_error(truth, ours),
        "summary_pearson": summary,
        "summary_pearson_floor": summary_floor,
        "system_pearson": system,
        "system_pearson_floor": system_floor,
        "called_contradicted": float(np.mean(called)),
    }


def measure_consistency(
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
            is_supported(three), np.array([each.found.supported for each in three])
        ),
        "consistency": float(np.mean([each.faithful > each.edited for each in ranked])),
        "consistency_floor": float(np.mean([each.recall_faithful > each.recall_edited for each in ranked])),
        "consistency_auc": float(roc_auc_score(pooled, ours)),
        "consistency_auc_floor": float(roc_auc_score(pooled, floor)),
        "choice_article": float(np.mean([right for choice, right in chosen if choice.in_article])),
        "choice_summary": float(np.mean([right for choice, right in chosen if not choice.in_article])),
        "grounding_macro_f1": macro_f1(article),
        "threeway_missed": miss_rate(three),
        "grounding_missed": miss_rate(article),
        "grounding_false_alarm": float(np.mean([most_likely(each.found) == "contradicted" for each in faithful])),
    }


def is_supported(scored: Sequence[Scored]) -> Truth:
    return np.array([each.row.label == "supported" for each in scored])


def miss_rate(scored: Sequence[Scored]) -> float:
    """Compute the share of contradicted rows that are called supported."""
    contradicted = [each for each in scored if each.row.label == "contradicted"]
    return float(np.mean([most_likely(each.found) == "supported" for each in contradicted]))


def macro_f1(scored: Sequence[Scored]) -> float:
    found = [most_likely(each.found) for each in scored]
    return float(f1_score([each.row.label for each in scored], found, labels=LABELS, average="macro"))


def calibration_error(truth: Truth, scores: Floats, bins: int = 10) -> float:
    """Compute the expected calibration error over bins of equal width."""
    places = np.minimum((scores * bins).astype(int), bins - 1)
    parts = [places == each for each in set(places)]
    return float(sum(part.mean() * abs(truth[part].mean() - scores[part].mean()) for part in parts))


def correlate(facts: Sequence[Scored], truth: Truth, scores: Floats) -> tuple[float, float]:
    """Correlate mean scores with people's mean labels: by summary, averaged over articles, and by system."""
    groups, systems = [each.row.group for each in facts], [each.row.system for each in facts]
    table = average_summaries(groups, systems, truth, scores)
    by_summary = float(np.nanmean(agreement.correlations_by_article(table, agreement.pearson)))
    by_system = agreement.value_of(agreement.system_level(table, agreement.pearson), len(table.people))
    return by_summary, by_system or 0.0


def measure_speed(weights: Weights, rows: Sequence[Row]) -> float:
    """Return the verdicts per second of processor time, without a warm-up."""
    predictor = Predictor(weights)
    started = time.process_time()
    for row in rows:
        predictor.predict(Pair(row.premise, row.hypothesis))
    return len(rows) / (time.process_time() - started)


def make_card(data: Data, folder: Path, seed: int, numbers: Mapping[str, float]) -> dict[str, Any]:
    """Describe how the weights were made, on which data, and their results out of fold."""
    uses = {corpus: [row.group for row in data.rows if row.corpus == corpus] for corpus in FILES}
    uses["choices"] = [choice.group for choice in data.choices]
    sources = []
    for use, groups in uses.items():
        file = FILES.get(use, FILES["grounding"])
        name, licence = ("REALSumm", "CC BY 4.0") if file.startswith("realsumm") else ("BUMP task 1", "MIT")
        size = {"rows": len(groups), "groups": len(set(groups))}
        digest = file_digest(folder / file)
        sources.append({"name": name, "licence": licence, "used_as": use, **size, "file": file, "sha256": digest})
    protocol = (
        "Groups are source articles, dealt into folds. Word weights, regressions and thresholds are fitted on "
        "four folds and scored on the fifth; the shipped weights are fitted on all. The features were chosen with the "
        "coverage folds in view, so these numbers out of fold are slightly too good. The bias of choice is not "
        f"fitted: it assumes that {FALSE_SHARE:.0%} of the premises on a subject state the false version."
    )
    return {
        "made_by": "benchmarks/fit_lexical.py",
        "date": date.today().isoformat(),
        "seed": seed,
        "folds": FOLDS,
        "protocol": protocol,
        "data": sources,
        "out_of_fold": {name: round(value, 4) for name, value in numbers.items()},
    }


def as_json(weights: Weights, card: Mapping[str, Any]) -> str:
    parts = {name: asdict(getattr(weights, name)) for name in ("supported", "contradicted", "choice")}
    words = json.dumps(weights.lexicon.words, ensure_ascii=False, sort_keys=True)
    head = json.dumps({"card": card, **parts}, ensure_ascii=False, indent=1)
    return f'{head[:-2]},\n "lexicon": {{"unknown": {weights.lexicon.unknown}, "words": {words}}}\n}}\n'


TEMPLATE = """# The verifier `lexical`, against human labels

Made by `python benchmarks/fit_lexical.py` on {date}, seed {seed}, on {cores} CPU cores ({machine}), no GPU.
All numbers are out of fold: the source articles are dealt into five folds, and word weights, regressions and thresholds
are fitted on the other four. The features were chosen with the REALSumm folds in view, so the numbers on REALSumm are
slightly too good. The floor is content-word recall: the share of the statement's content words that occur in the
premise.

| REALSumm: is the fact in the summary? (26,400 facts, 100 articles × 25 systems) | floor | lexical |
|---|---|---|
| fact AUC | {fact_auc_floor:.3f} | {fact_auc:.3f} |
| balanced accuracy, threshold fitted on other groups | {balanced_accuracy_floor:.3f} | {balanced_accuracy:.3f} |
| expected calibration error, 10 bins of equal width | | {calibration_error:.3f} |
| summary-level Pearson | {summary_pearson_floor:.3f} | {summary_pearson:.3f} |
| system-level Pearson | {system_pearson_floor:.3f} | {system_pearson:.3f} |
| facts called contradicted (the labels do not distinguish contradicted from absent) | | {called_contradicted:.3f} |

| BUMP: one error injected into a summary (693 pairs, 99 articles) | floor | lexical |
|---|---|---|
| consistency: the faithful summary scores higher; ties fail | {consistency_floor:.3f} | {consistency:.3f} |
| AUC over both summaries of all pairs | {consistency_auc_floor:.3f} | {consistency_auc:.3f} |
| choice of the true one of two versions, given the article | | {choice_article:.3f} |
| the same, given the summary, which has the true version word for word | | {choice_summary:.3f} |
| three-way macro-F1, given a summary and no false versions | | {threeway_macro_f1:.3f} |
| three-way calibration error of P(supported) | | {threeway_calibration_error:.3f} |
| three-way macro-F1, given an article and no false versions | | {grounding_macro_f1:.3f} |
| edited sentences called supported, given summary, article | | {threeway_missed:.3f}, {grounding_missed:.3f} |
| faithful sentences called contradicted, given their article | | {grounding_false_alarm:.3f} |

Speed (processor time, cold): {speed_short:,.0f} verdicts a second on summaries, {speed_long:,.0f} on 700-word articles.

`lexical` is a floor: it recognises facts whose words are in the text, and it cannot see an error that keeps the words.
Without false versions, it calls many edited sentences supported, as every measure of overlap does, and overlooks a bare
"not". Its probabilities are calibrated for summaries of real systems (REALSumm), where such errors are rare. With false
versions, it assumes that one summary in five states a false version. BUMP cannot show this share, because half of its
texts are false by construction.
"""


def main() -> None:
    command = parser(__doc__)
    command.add_argument("--seed", type=int, default=0)
    options = command.parse_args()
    data = Data.read(options.data, options.seed)
    scored, ranked, chosen = score_out_of_fold(data)
    numbers = {**measure_coverage(scored), **measure_consistency(scored, ranked, chosen)}
    weights = fit(data)
    card = make_card(data, options.data, options.seed, numbers)
    write_text(WEIGHTS, as_json(weights, card))
    page = TEMPLATE.format(
        date=card["date"],
        seed=options.seed,
        cores=os.cpu_count(),
        machine=platform.machine(),
        speed_short=measure_speed(weights, [row for row in data.rows if row.corpus == "coverage"]),
        speed_long=measure_speed(weights, [row for row in data.rows if row.corpus == "grounding"]),
        **numbers,
    )
    write_text(TABLE, page)
    sys.stdout.write(page)


if __name__ == "__main__":
    main()
