"""Fit the verifier ``lexical``, and measure it on articles that the fit does not use.

    python -m benchmarks.fit_lexical [--data DIR]

The rows are among those that calibrate ``entailment`` (``benchmarks/training/calibrate.py``). Writes
``harness/verifiers/lexical_weights.json`` and ``benchmarks/lexical.md``.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict

from benchmarks.data_option import ROOT, describe_machine, parser
from benchmarks.quality import checker
from benchmarks.quality.questions import load_questions
from benchmarks.training.calibrate import CONTRADICTED, FOLDS, Labelled, calibration_rows, table
from benchmarks.training.calibrate import WEIGHTS as SOURCE_WEIGHTS
from benchmarks.training.rows import opening
from harness.checker_en.calibrator import INTERCEPT, Length, Step
from harness.checker_en.verbatim import is_verbatim
from harness.files import write_text
from harness.verifiers.decide import Band, Preset
from harness.verifiers.entailment import length_of
from harness.verifiers.lexical import WEIGHTS, Lexical, measure_overlap, read_content

FEATURES: Mapping[Step, Sequence[str]] = {
    "supported": ("premise", "evidence", "missing"),
    "contradicted": ("premise", "evidence"),
}
PAGE = """# The verifier `lexical`, against human labels

Made by `python -m benchmarks.fit_lexical` on {date}, {machine}.
Measured on the articles of REALSumm and BUMP that the fit does not use, with the default thresholds. `lexical` is a
floor: it cannot see an error that keeps the words.

| | n | `lexical` |
|---|---|---|
{lines}

An earlier version, with 22 features and a weight for each word, had AUC 0.828, balanced accuracy 0.759 and calibration
error 0.057 on these facts, and three-way macro-F1 0.745. Speed: {speed:,.0f} verdicts a second of processor time.

## Thresholds

Share of calibration rows, out of fold, that each preset supports \\| rejects.
{tables}
"""


def fit(rows: Sequence[Labelled], length: Length, step: Step) -> tuple[dict[str, float], np.ndarray]:
    """Fit a step's logistic regression: its weights by feature, and the probability of each row out of fold."""
    overlaps = [measure_overlap(row.pair).features for row in rows]
    values = np.array([[each[name] for name in FEATURES[step]] for each in overlaps])
    truth, weight = np.array([row.label == step for row in rows]), np.array([row.weight for row in rows])
    if step == "contradicted":
        share = CONTRADICTED[length]
        weight *= np.where(truth, share / weight[truth].sum(), (1 - share) / weight[~truth].sum()) * len(rows)
    groups = [opening(row.pair.premise) for row in rows]
    out_of_fold = cross_val_predict(
        LogisticRegression(), values, truth, groups=groups, cv=GroupKFold(FOLDS), method="predict_proba",
        params={"sample_weight": weight},
    )[:, 1]  # fmt: skip  # one call
    model = LogisticRegression().fit(values, truth, weight)
    names = (INTERCEPT, *FEATURES[step])
    return dict(zip(names, np.round([*model.intercept_, *model.coef_[0]], 3).tolist(), strict=True)), out_of_fold


def main() -> None:
    data: Path = parser(__doc__).parse_args().data
    rows = [row for row in calibration_rows(data) if read_content(row.pair.hypothesis).words]
    weights: dict[Length, dict[Step, dict[str, float]]] = {}
    tables: list[str] = []
    bands_of: dict[Length, Mapping[Preset, Band]] = {"short": Lexical.summary_bands, "long": Lexical.article_bands}
    for length, bands in bands_of.items():
        chosen = [row for row in rows if length_of(row.pair) == length]
        read = [row for row in chosen if not is_verbatim(row.pair.premise, row.pair.hypothesis)]
        weighted = [replace(row, weight=row.weight * SOURCE_WEIGHTS.get(row.source, 1.0)) for row in read]
        supported, out_of_fold = fit(weighted, length, "supported")
        known = [row for row in chosen if row.label in ("contradicted", "absent")]
        weights[length] = {"supported": supported, "contradicted": fit(known, length, "contradicted")[0]}
        tables += ["", f"{length.title()} premises:", "", *table(weighted, out_of_fold, bands)]
    write_text(WEIGHTS, json.dumps({"weights": weights}))
    asked, started = load_questions(data, ROOT / "references"), time.process_time()
    with TemporaryDirectory() as work:
        answers = checker.ask(Lexical(), asked.pairs(), Path(work))
    speed = len(answers) / (time.process_time() - started)
    lines = checker.report(asked, answers)
    card = checker.make_card(data, asked, answers, lines)
    write_text(WEIGHTS, json.dumps({"weights": weights, "card": card}, indent=1) + "\n")
    titles = [line.title for line in lines]
    first, last = titles.index("REALSumm: AUC of facts"), titles.index("BUMP: three-way macro-F1 as decided")
    shown = [
        f"| {each.title} | {each.rows or ''} | {each.value:.3f} |" for each in lines[first : last + 1] if each.value
    ]
    page = PAGE.format(
        date=card["date"], machine=describe_machine(), lines="\n".join(shown), speed=speed, tables="\n".join(tables)
    )
    write_text(ROOT / "benchmarks" / "lexical.md", page)
    sys.stdout.write(page)


if __name__ == "__main__":
    main()
