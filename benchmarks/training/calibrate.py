"""Fit a network's calibrations, one for each use, on articles that neither training nor reports see.

    python benchmarks/training/calibrate.py --network FOLDER --to FILE --data DIR --work DIR

``--network`` is what ``export.py`` wrote; the calibrator is written to ``--to``. Of REALSumm and BUMP two articles in
five are fitted on; the others are for ``benchmarks/quality/checker.py`` alone. A fact against a summary, which is read
whole: REALSumm's facts and BUMP's three-way pairs. A claim against an article, of which a passage is read: BUMP's
sentences, faithful and with an error written in, and the faithful ones against another article.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.special import logsumexp

from benchmarks.quality.checker_questions import Truth, calibrated_on, edited, realsumm, threeway
from benchmarks.training.calibrator import Reading
from benchmarks.training.candidate import Candidate
from harness import progress
from harness.files import write_text
from harness.records import Pair
from harness.signature import digest

LABELS = ("supported", "contradicted", "absent")
PENALTY = 2.0
"""Of squared weights, the intercepts apart; features are standardised first."""
FACTS = 3_000
"""Of REALSumm's, drawn at random: as many as take some minutes."""
BATCH = 64


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled pair, with how much it weighs."""

    pair: Pair
    truth: Truth
    weight: float


def facts(data: Path) -> Iterator[Row]:
    """Facts against summaries: people's labels of REALSumm, and BUMP's of three kinds."""
    draw = random.Random(0)  # noqa: S311  # no secret is drawn
    for question in draw.sample([each for each in realsumm(data) if calibrated_on(each.group)], FACTS):
        truth: Truth = "supported" if question.truth == "supported" else "unsupported"
        yield Row(question.pairs[0], truth, 1.0)
    for question in threeway(data):
        if calibrated_on(question.group):
            yield Row(question.pairs[0], question.truth, 1.0)


def claims(data: Path) -> Iterator[Row]:
    """Sentences against articles; half of them are taken to be sound."""
    rows = [row for row in edited(data) if calibrated_on(row.group)]
    for row, other in zip(rows, [*rows[1:], *rows[:1]], strict=True):
        for pair in row.faithful:
            yield Row(pair, "supported", 1.0)
        for at in row.changed:
            yield Row(row.edited[at], "contradicted", 2.0)
        yield Row(Pair(other.faithful[0].premise, row.faithful[0].hypothesis), "absent", 0.5)


def fit(rows: Sequence[Row], features: np.ndarray) -> tuple[list[list[float]], float]:
    """Weights for raw features, the intercept first, and the loss; a row of two possible labels counts their sum."""
    mean, scale = features.mean(axis=0), features.std(axis=0)
    scale[scale == 0] = 1.0
    inputs = np.hstack([np.ones((len(rows), 1)), (features - mean) / scale])
    allowed = np.array(
        [
            [label == row.truth or (row.truth == "unsupported" and label != "supported") for label in LABELS]
            for row in rows
        ]
    )
    weight = np.array([row.weight for row in rows])
    shape = (len(LABELS), inputs.shape[1])

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        weights = flat.reshape(shape)
        scores = inputs @ weights.T
        logs = scores - logsumexp(scores, axis=1, keepdims=True)
        right = logsumexp(np.where(allowed, logs, -np.inf), axis=1)
        posterior = np.exp(np.where(allowed, logs, -np.inf) - right[:, None])
        gradient = ((np.exp(logs) - posterior) * weight[:, None]).T @ inputs
        gradient[:, 1:] += PENALTY * weights[:, 1:]
        value = -(weight * right).sum() + PENALTY / 2 * (weights[:, 1:] ** 2).sum()
        return float(value), gradient.ravel()

    found = minimize(loss, np.zeros(shape[0] * shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 2000})
    weights = found.x.reshape(shape)
    plain = weights[:, 1:] / scale
    intercepts = weights[:, 0] - plain @ mean
    return [[float(a), *map(float, row)] for a, row in zip(intercepts, plain, strict=True)], found.fun / weight.sum()


def measured(rows: Sequence[Row], verifier: Candidate, work: Path) -> tuple[tuple[str, ...], np.ndarray]:
    """The features of all rows; kept in ``work`` as they are made."""
    work.mkdir(parents=True, exist_ok=True)
    file = work / f"features-{digest(json.dumps(verifier.features_depend(), sort_keys=True))}.jsonl"
    kept = dict(map(json.loads, file.read_text("utf-8").splitlines() if file.exists() else ()))
    keys = [digest(row.pair.premise, row.pair.hypothesis) for row in rows]
    waiting = [row.pair for row, key in zip(rows, keys, strict=True) if key not in kept]
    with file.open("a", encoding="utf-8") as out, progress.bar("features", len(waiting)) as advance:
        for start in range(0, len(waiting), BATCH):
            batch = waiting[start : start + BATCH]
            for pair, told in verifier.features(batch).items():
                kept[digest(pair.premise, pair.hypothesis)] = told
                out.write(json.dumps([digest(pair.premise, pair.hypothesis), told]) + "\n")
            out.flush()
            advance(len(batch))
    names = tuple(next(iter(kept.values())))
    return names, np.array([[kept[key][name] for name in names] for key in keys])


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--data", type=Path, default=os.environ.get("HARNESS_LABELLED_DATA"))
    options.add_argument("--network", type=Path, required=True)
    options.add_argument("--to", type=Path, required=True)
    options.add_argument("--work", type=Path, required=True)
    given = options.parse_args()
    verifier = Candidate(network=given.network, calibrator=given.to)
    names: tuple[str, ...] = ()
    weights: dict[Reading, list[list[float]]] = {}
    told: dict[str, object] = {}
    readings: dict[Reading, list[Row]] = {"whole": list(facts(given.data)), "part": list(claims(given.data))}
    for reading, rows in readings.items():
        names, features = measured(rows, verifier, given.work)
        weights[reading], loss = fit(rows, features)
        told[reading] = {"rows": len(rows), "loss": round(loss, 4)}
        sys.stdout.write(f"{reading}: {len(rows)} rows, loss {loss:.4f}\n")
    card = {"date": date.today().isoformat(), "fitted_on": told}
    write_text(given.to, json.dumps({"features": names, "weights": weights, "card": card}, indent=1) + "\n")


if __name__ == "__main__":
    main()
