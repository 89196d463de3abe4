"""Fit the verifier ``likelihood`` on labelled data, and report how it does on groups that it was not fitted on.

    python benchmarks/fit_likelihood.py [--data DIR] [--seed N] [--cache DIR] [--dtype bfloat16]

Writes ``harness/verifiers/_likelihood/weights.json`` (weights, with a card of how they were made) and
``benchmarks/likelihood.md`` (the numbers). The data are REALSumm (CC BY 4.0) and BUMP (MIT), in the folder that
``--data`` or the environment variable ``HARNESS_LABELLED_DATA`` names.

A language model reads every row, so a part of the data is drawn, and what was read is kept in ``--cache``: fitting
anew takes seconds. Groups (source articles) are dealt into five folds; what is reported of a fold comes from a fit on
the other four. The shipped weights are then fitted on all that was drawn.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path
from statistics import mean

import numpy as np
from fit_lexical import calibration_error
from fitting import Floats, halved, regression
from labelled import FOLDS, Card, card, source
from likelihood_data import MADE, WRITTEN, Features, Row, differing, features_of, rows_of
from sklearn.metrics import balanced_accuracy_score, f1_score, roc_auc_score

from harness.data.labelled import Edit, read
from harness.files import write_text
from harness.records import LABELS, Pair, Probabilities
from harness.stats.agreement import best_threshold
from harness.verifiers._opinion import most_likely
from harness.verifiers._regressions import Regressions
from harness.verifiers.likelihood import WEIGHTS, Likelihood

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "benchmarks" / "likelihood.md"
NAMES = [
    "given",
    "alone",
    "gain",
    "gain_low",
    "regret",
    "regret_copied",
    "word_low",
    "word_lowest",
    "share_made",
    "rivals_made",
    "share_written",
    "share_gain_written",
    "rivals_written",
]
"""The features that are weighed; with more of them facts are told apart a little better, and edits ranked worse."""


# Fitting ------------------------------------------------------------------------------------------------------------


def fit(rows: Sequence[Row], features: Sequence[Features]) -> Regressions:
    """Both regressions; the rows of REALSumm weigh as much as all others together."""
    supported = regression(
        NAMES,
        features,
        [row.label == "supported" for row in rows],
        weights=halved([row.corpus == "coverage" for row in rows]),
    )
    rest = [at for at, row in enumerate(rows) if row.label != "supported"]
    contradicted = regression(
        NAMES,
        [features[at] for at in rest],
        [rows[at].label == "contradicted" for at in rest],
        weights=halved([rows[at].corpus == "coverage" for at in rest]),
    )
    return Regressions(supported, contradicted)


@dataclass(frozen=True)
class Scored:
    """A row with its features, and what was said of it by a fit that had not seen its group."""

    row: Row
    features: Features
    found: Probabilities
    cut: float
    """The threshold on P(supported) that is best for coverage in the groups fitted on."""


def out_of_fold(rows: Sequence[Row], features: Sequence[Features], folds: Mapping[str, int]) -> list[Scored]:
    scored = []
    for fold in range(FOLDS):
        known = [at for at, row in enumerate(rows) if folds[row.group] != fold]
        weights = fit([rows[at] for at in known], [features[at] for at in known])
        facts = [at for at in known if rows[at].corpus == "coverage"]
        cut = best_threshold(
            np.array([rows[at].label == "supported" for at in facts]),
            np.array([weights.probabilities(features[at]).supported for at in facts]),
        )
        for row, found in zip(rows, features, strict=True):
            if folds[row.group] == fold:
                scored.append(Scored(row, found, weights.probabilities(found), cut))
    return scored


# Reporting ----------------------------------------------------------------------------------------------------------


def coverage_numbers(scored: Sequence[Scored]) -> dict[str, float]:
    facts = [each for each in scored if each.row.corpus == "coverage"]
    truth = np.array([each.row.label == "supported" for each in facts])
    ours = np.array([each.found.supported for each in facts])
    cuts = np.array([each.cut for each in facts])
    return {
        "fact_auc": float(roc_auc_score(truth, ours)),
        "fact_auc_mean": float(roc_auc_score(truth, column(facts, "given"))),
        "fact_auc_gain": float(roc_auc_score(truth, column(facts, "gain"))),
        "balanced_accuracy": float(balanced_accuracy_score(truth, ours >= cuts)),
        "calibration_error": calibration_error(truth, ours),
    }


def column(scored: Sequence[Scored], name: str) -> Floats:
    return np.array([each.features[name] for each in scored])


def three_way_numbers(scored: Sequence[Scored]) -> dict[str, float]:
    """Macro-F1, and the share of false statements called supported, without and with their true version beside them."""
    found = {}
    for corpus, origin in product(("threeway", "grounding"), (MADE, WRITTEN)):
        part = [each for each in scored if (each.row.corpus, each.row.origin) == (corpus, origin)]
        said = [most_likely(each.found) for each in part]
        truth = [each.row.label for each in part]
        false = [call for call, label in zip(said, truth, strict=True) if label == "contradicted"]
        found[f"{corpus}_{origin}_f1"] = float(f1_score(truth, said, labels=LABELS[:3], average="macro"))
        found[f"{corpus}_{origin}_missed"] = mean(call == "supported" for call in false)
    return found


@dataclass(frozen=True)
class Ranked:
    """An edited summary beside the faithful one, each the mean over its sentences."""

    kind: str
    faithful: Mapping[str, float]
    """By what is ranked: ``ours``, or the name of a feature."""
    edited: Mapping[str, float]


def ranked(scored: Sequence[Scored], pairs: Sequence[Edit]) -> list[Ranked]:
    by_edit: dict[int, dict[str, Scored]] = defaultdict(dict)
    for each in scored:
        if each.row.corpus == "grounding" and each.row.origin == MADE and each.row.label != "absent":
            by_edit[each.row.edit][each.row.pair.hypothesis] = each

    def means(known: Mapping[str, Scored], texts: Sequence[str]) -> dict[str, float]:
        read = [known[text] for text in texts]
        by_feature = {name: mean(each.features[name] for each in read) for name in read[0].features}
        return {**by_feature, "ours": mean(each.found.supported for each in read)}

    found = []
    for at, edit in enumerate(pairs):
        both, faithful, edited = differing(edit)
        if faithful and edited:
            known = by_edit[at]
            found.append(Ranked(edit.kind, means(known, [*both, *faithful]), means(known, [*both, *edited])))
    return found


def ranking_numbers(found: Sequence[Ranked]) -> dict[str, float]:
    truth = [True] * len(found) + [False] * len(found)
    numbers = {}
    for name in ("ours", "given", "gain"):
        scores = [each.faithful[name] for each in found] + [each.edited[name] for each in found]
        numbers[f"consistency_{name}"] = mean(each.faithful[name] > each.edited[name] for each in found)
        numbers[f"consistency_auc_{name}"] = float(roc_auc_score(truth, scores))
    return numbers


def kinds(found: Sequence[Ranked]) -> str:
    """Kind of error → consistency of ours, and of how many pairs."""
    right: dict[str, list[bool]] = defaultdict(list)
    for each in found:
        right[each.kind].append(each.faithful["ours"] > each.edited["ours"])
    return ", ".join(f"{kind} {mean(of):.2f} of {len(of)}" for kind, of in sorted(right.items()))


def speed(verifier: Likelihood, folder: Path) -> tuple[float, float]:
    """Verdicts in a second, and in a second of processor time, on the facts of one article in each of its summaries.

    As in a run: the model is loaded, what it has read of the facts themselves stays, and the rest is new.
    """
    judgements = read(folder / "realsumm_coverage.jsonl").judgements
    pairs = [row.pair for row in judgements if row.group == judgements[0].group]
    verifier.verify([Pair("The model is loaded.", "It is.")])
    started, spent = time.perf_counter(), time.process_time()
    verifier.verify(pairs)
    return len(pairs) / (time.perf_counter() - started), len(pairs) / (time.process_time() - spent)


def about(rows: Sequence[Row], folder: Path, verifier: Likelihood, seed: int, numbers: Mapping[str, float]) -> Card:
    """How the weights were made."""
    files = {"coverage": "realsumm_coverage.jsonl", "threeway": "bump_pairs.jsonl", "grounding": "bump_pairs.jsonl"}
    sources = [
        source(folder, file, corpus, [row.group for row in rows if row.corpus == corpus])
        for corpus, file in files.items()
    ]
    model = {
        **{name: value for name, value in verifier.depends().items() if name != "fitted"},
        "dtype": verifier.dtype,
        "false_versions": verifier.false_versions,
    }
    return card("fit_likelihood.py", seed, sources, numbers, model=model, protocol=PROTOCOL)


PROTOCOL = (
    "Groups are source articles, dealt into folds. The regressions and the threshold are fitted on four folds and "
    "scored on the fifth; the shipped weights are fitted on all. Rows were drawn at random by group. The framing and "
    "the list of features were settled with an eye on this data, so out_of_fold is a little kind. Statements of BUMP "
    "count twice, with the other version as a written contrast and without one."
)

TEMPLATE = """# The verifier `likelihood`, against human labels

Made by `python benchmarks/fit_likelihood.py` on {date}, seed {seed}, on {cores} CPU cores ({machine}), no GPU, with
SmolLM2-135M-Instruct in {dtype}. Everything is out of fold: five folds over the source articles, with regressions and
threshold fitted on the other four. A language model reads every row, so a random part of the data was drawn; with so
few articles the numbers have a standard error of one to four points. The plain measures that the regressions start
from stand beside them: the mean log-likelihood of the statement's tokens given the premise, and the pointwise mutual
information of its content words with the premise.

| REALSumm: is the fact in the summary? ({facts:,} facts, {articles} articles) | mean | PMI | likelihood |
|---|---|---|---|
| fact AUC | {fact_auc_mean:.3f} | {fact_auc_gain:.3f} | {fact_auc:.3f} |
| balanced accuracy, threshold fitted on other groups | | | {balanced_accuracy:.3f} |
| expected calibration error, 10 bins of equal width | | | {calibration_error:.3f} |

| BUMP: one error written in ({edits} pairs, {edit_articles} articles), mean over sentences | mean | PMI | likelihood |
|---|---|---|---|
| consistency | {consistency_given:.3f} | {consistency_gain:.3f} | {consistency_ours:.3f} |
| AUC | {consistency_auc_given:.3f} | {consistency_auc_gain:.3f} | {consistency_auc_ours:.3f} |

Consistency: faithful above edited, ties fail. AUC: all summaries pooled. By kind of error, consistency is
{kinds}.

| BUMP: supported, contradicted or absent | macro-F1 | false statements called supported |
|---|---|---|
| a summary as premise, false versions made | {threeway_made_f1:.3f} | {threeway_made_missed:.3f} |
| a summary as premise, the other version given | {threeway_written_f1:.3f} | {threeway_written_missed:.3f} |
| an article as premise, false versions made | {grounding_made_f1:.3f} | {grounding_made_missed:.3f} |
| an article as premise, the other version given | {grounding_written_f1:.3f} | {grounding_written_missed:.3f} |

Speed over the facts of a REALSumm article in each of its 25 summaries, in batches as a run makes them:

- float32: {single[0]:.1f} verdicts a second, {single[1]:.1f} in a second of processor time;
- `dtype: bfloat16`, on a CPU that has instructions for it: {half[0]:.1f} and {half[1]:.1f}.
  Probabilities differ by up to 0.09.

What it is for: telling a statement from its false version, best where one is written (`contradictions` in facts.yaml).
What it cannot do: say whether a summary carries a fact when nothing false stands beside it. There word overlap does
better than any likelihood of so small a model.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default=os.environ.get("HARNESS_LABELLED_DATA", ROOT.parent / "shared" / "data"))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--cache", default=Path(tempfile.gettempdir()) / "harness-likelihood")
    parser.add_argument("--dtype", default="bfloat16", help="number type in which the rows are read")
    options = parser.parse_args()
    folder = Path(options.data)
    verifier = Likelihood(dtype=options.dtype)
    rows, pairs, folds = rows_of(folder, options.seed)
    features = features_of(verifier, rows, Path(options.cache))
    scored = out_of_fold(rows, features, folds)
    order = ranked(scored, pairs)
    numbers = {**coverage_numbers(scored), **three_way_numbers(scored), **ranking_numbers(order)}
    made = about(rows, folder, verifier, options.seed, numbers)
    write_text(WEIGHTS, json.dumps({"card": made, **asdict(fit(rows, features))}, indent=1) + "\n")
    facts = [row for row in rows if row.corpus == "coverage"]
    table = TEMPLATE.format(
        **numbers,
        **made,
        dtype=options.dtype,
        cores=os.cpu_count(),
        machine=platform.machine(),
        facts=len(facts),
        articles=len({row.group for row in facts}),
        edits=len(order),
        edit_articles=len({edit.group for edit in pairs}),
        kinds=kinds(order),
        single=speed(Likelihood(), folder),
        half=speed(Likelihood(dtype="bfloat16"), folder),
    )
    write_text(TABLE, table)
    sys.stdout.write(table)


if __name__ == "__main__":
    main()
