"""Fit the calibration of an exported network on texts that neither training nor a report uses.

Short premises: facts of REALSumm and BUMP, and written facts. Long ones: sentences of BUMP (faithful, with an error,
and about another article), sentences of models that people judged, and written claims. Both parts are fitted on the
calibration articles of REALSumm and BUMP (two in five; one in five is reported on), on the texts of other sets that are
reserved for it, and on half of the development texts of ``data/written``; the other half is reported on.
"""

from __future__ import annotations

import json
import random
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from benchmarks.quality.questions import edited, labelled_set, of_use, realsumm, threeway, written_pairs
from benchmarks.training.export import write_json
from benchmarks.training.rows import Target, is_reserved, opening, reported_openings
from harness import progress
from harness.checker_en.calibrator import INTERCEPT, Length, Step
from harness.records import Pair
from harness.signature import digest
from harness.verifiers.decide import OF_ARTICLES, OF_SUMMARIES, Band, Preset
from harness.verifiers.entailment import Entailment, length_of

SOUND = 0.7
"""Assumed share of sound claims. People found .77 of BUMP's sentences sound and .83 of this project's own run, but
systems err more often on harder texts. On BUMP's calibration rows, the calibration error is .079 at .7, .074 at .75."""
CONTRADICTED: Mapping[Length, float] = {"short": 0.2, "long": 0.4}
"""Assumed share of contradicted among unsupported hypotheses: a summary far more often lacks a fact than denies it."""
FACTS = 3_000
"""Facts of REALSumm, drawn at random."""
JUDGED: Mapping[str, int] = {
    "defacto": 400, "xsumfaith": 250, "fib": 200, "factcheckgpt": 300, "wice": 250, "attributionbench": 250,
}  # fmt: skip  # a table
"""Rows of each set of judged sentences, at most."""
FEATURES: Mapping[Length, Mapping[Step, Sequence[str]]] = {
    "short": {
        "supported": ("supported", "near_supported", "coverage", "verbatim"),
        "contradicted": ("contradicted", "near_contradicted"),
    },
    "long": {"supported": ("supported", "verbatim"), "contradicted": ("contradicted",)},
}
"""The features that each regression weighs. Word overlap is used for facts only, because an article also contains
the words of claims that it denies."""
PENALTY = 2.0
"""Ridge penalty on the weights of standardised features; the intercept has none."""
FOLDS = 5
BATCH = 64


@dataclass(frozen=True, slots=True)
class Labelled:
    """A labelled pair, where it is from, and how much it weighs."""

    pair: Pair
    label: Target
    source: str
    weight: float = 1.0


class Candidate(Entailment):
    """``entailment`` with an exported network and a calibrator of its own."""

    network: Path
    calibration_weights: Path

    @property
    def folder(self) -> Path:
        return self.network

    @property
    def calibrator_file(self) -> Path:
        return self.calibration_weights


def calibrate(data: Path, network: Path, work: Path) -> Iterator[str]:
    """Write ``calibrator.json`` beside the network; yields the table of what each preset accepts, out of fold."""
    rows = calibration_rows(data)
    verifier = Candidate(network=network, calibration_weights=network / "calibrator.json")
    features = measure(rows, verifier, work)
    weights: dict[Length, dict[Step, dict[str, float]]] = {}
    card: dict[str, object] = {"date": date.today().isoformat()}
    bands_of: dict[Length, Mapping[Preset, Band]] = {"short": OF_SUMMARIES, "long": OF_ARTICLES}
    for length, bands in bands_of.items():
        chosen = [row for row in rows if row.pair in features and length_of(row.pair) == length]
        values = [features[row.pair] for row in chosen]
        unsupported = _reweight(chosen, "contradicted", CONTRADICTED[length])
        weights[length] = {
            "supported": fit(chosen, values, length, "supported"),
            "contradicted": fit(unsupported, values, length, "contradicted"),
        }
        card[length] = {"rows": len(chosen), "sources": sorted({row.source for row in chosen})}
        supported = out_of_fold(chosen, values, length)
        yield f"\n{length} premises, out of fold: share with P(supported) at or above the band | below it\n"
        yield from table(chosen, supported, bands)
    write_json(network / "calibrator.json", {"weights": weights, "card": card})


def calibration_rows(data: Path) -> list[Labelled]:
    """All rows that a calibration is fitted on; claims are weighted so that ``SOUND`` of them are supported."""
    return [
        *_facts(data),
        *(Labelled(pair, label, "written facts") for pair, label in written_pairs(data, "calibration", "unit")),
        *_reweight(_sentences(data)),
        *_reweight(_judged(data)),
        *_reweight(
            Labelled(pair, label, "written claims") for pair, label in written_pairs(data, "calibration", "sentence")
        ),
    ]


def measure(rows: Sequence[Labelled], verifier: Entailment, work: Path) -> dict[Pair, dict[str, float]]:
    """The features of all rows that the verifier can read; kept in ``work``, so that a stopped run continues."""
    file = work / f"features-{digest(json.dumps(verifier.features_depend(), sort_keys=True))}.jsonl"
    kept: dict[str, dict[str, float]] = dict(
        map(json.loads, file.read_text("utf-8").splitlines() if file.exists() else ())
    )
    keys = {row.pair: digest(row.pair.premise, row.pair.hypothesis) for row in rows}
    waiting = [pair for pair, key in keys.items() if key not in kept]
    with file.open("a", encoding="utf-8") as out, progress.bar("features", len(waiting)) as advance:
        for start in range(0, len(waiting), BATCH):
            batch = waiting[start : start + BATCH]
            for examined in verifier.examine(batch):
                kept[keys[examined.pair]] = examined.features
                out.write(json.dumps([keys[examined.pair], examined.features]) + "\n")
            out.flush()
            advance(len(batch))
    return {pair: kept[key] for pair, key in keys.items() if key in kept}


def fit(
    rows: Sequence[Labelled], values: Sequence[Mapping[str, float]], length: Length, step: Step
) -> dict[str, float]:
    """Weights of a step's logistic regression by feature; the second step is fitted on contradicted and absent rows."""
    if step == "contradicted":
        known = [at for at, row in enumerate(rows) if row.label in ("contradicted", "absent")]
        rows, values = [rows[at] for at in known], [values[at] for at in known]
    names = FEATURES[length][step]
    raw = np.array([[each[name] for name in names] for each in values])
    mean, scale = raw.mean(axis=0), raw.std(axis=0)
    scale[scale == 0] = 1.0
    inputs = np.hstack([np.ones((len(rows), 1)), (raw - mean) / scale])
    truth, weight = np.array([row.label == step for row in rows]), np.array([row.weight for row in rows])

    def cost(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = inputs @ weights
        value = (weight * (np.logaddexp(0, scores) - truth * scores)).sum() + PENALTY / 2 * (weights[1:] ** 2).sum()
        gradient = inputs.T @ (weight * (expit(scores) - truth))
        gradient[1:] += PENALTY * weights[1:]
        return float(value), gradient

    found = minimize(cost, np.zeros(inputs.shape[1]), jac=True, method="L-BFGS-B").x
    plain = found[1:] / scale
    return {INTERCEPT: float(found[0] - plain @ mean), **dict(zip(names, map(float, plain), strict=True))}


def out_of_fold(rows: Sequence[Labelled], values: Sequence[Mapping[str, float]], length: Length) -> np.ndarray:
    """P(supported) of each row by a fit on the texts of other folds: [rows]."""
    fold = np.array([zlib.crc32(opening(row.pair.premise).encode()) % FOLDS for row in rows])
    found = np.empty(len(rows))
    for each in range(FOLDS):
        training = [at for at in range(len(rows)) if fold[at] != each]
        weights = fit([rows[at] for at in training], [values[at] for at in training], length, "supported")
        for at in np.flatnonzero(fold == each).tolist():
            score = sum(w * (1.0 if name == INTERCEPT else values[at][name]) for name, w in weights.items())
            found[at] = expit(score)
    return found


def table(rows: Sequence[Labelled], supported: np.ndarray, bands: Mapping[Preset, Band]) -> Iterator[str]:
    """Lines of Markdown: by source and label, the share of rows that each preset accepts and rejects."""
    yield "| source, label | n | " + " | ".join(bands) + " |"
    yield "|---|---|" + "---|" * len(bands)
    for source, label in sorted({(row.source, row.label) for row in rows}):
        inside = np.array([(row.source, row.label) == (source, label) for row in rows])
        cells = (
            f"{(supported[inside] >= band.high).mean():.2f} \\| {(supported[inside] < band.low).mean():.2f}"
            for band in bands.values()
        )
        yield f"| {source}, {label} | {inside.sum()} | " + " | ".join(cells) + " |"


def _facts(data: Path) -> Iterator[Labelled]:
    draw = random.Random(0)  # noqa: S311  # not for secrets
    for question in draw.sample(list(of_use("calibration", realsumm(data))), FACTS):
        yield Labelled(question.pairs[0], "supported" if question.truth == "supported" else "unsupported", "REALSumm")
    for question in of_use("calibration", threeway(data)):
        yield Labelled(question.pairs[0], question.truth, "BUMP facts")


def _sentences(data: Path) -> Iterator[Labelled]:
    """Sentences of BUMP against their article, and faithful ones against the next article."""
    texts = list(of_use("calibration", edited(data)))
    for number, row in enumerate(texts):
        other = next(each for each in [*texts[number:], *texts] if each.group != row.group)
        for pair in row.faithful:
            yield Labelled(pair, "supported", "BUMP")
        for at in row.changed:
            yield Labelled(row.edited[at], "contradicted", "BUMP")
        yield Labelled(
            Pair(other.faithful[0].premise, row.faithful[0].hypothesis), "absent", "BUMP, other article", 0.5
        )


def _judged(data: Path) -> Iterator[Labelled]:
    draw, held = random.Random(0), reported_openings(data)  # noqa: S311  # not for secrets
    for name, count in JUDGED.items():
        pairs = [
            (Pair(row["premise"], row["hypothesis"]), row["label"])
            for row in labelled_set(data, name)
            if is_reserved(name, row["premise"]) and opening(row["premise"]) not in held
        ]
        fresh = [each for each in pairs if length_of(each[0]) == "long"]
        for pair, label in draw.sample(fresh, min(count, len(fresh))):
            yield Labelled(pair, label, "judged")


def _reweight(labelled: Iterable[Labelled], label: Target = "supported", share: float = SOUND) -> list[Labelled]:
    """The rows, weighted so that this label has this share; for contradicted, of contradicted and absent rows."""
    rows = list(labelled)
    others = ("absent",) if label == "contradicted" else ("contradicted", "absent", "unsupported")
    total = sum(row.weight for row in rows if row.label == label)
    factor = total * (1 - share) / share / sum(row.weight for row in rows if row.label in others)
    return [replace(row, weight=factor * row.weight) if row.label in others else row for row in rows]
