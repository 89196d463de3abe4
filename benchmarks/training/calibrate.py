"""Fit the calibration of an exported network on texts that neither training nor the report uses.

Short premises come with facts of REALSumm, BUMP and ``data/written``. Long premises come with claims: sentences of
BUMP (faithful, with an error, or about another article), judged sentences of models, and claims of ``data/written`` and
of the open set's parts 6 and 8. Of REALSumm and BUMP, two in five articles are for calibration and one in five is for
the report. Of ``data/written``, half of the development texts are for calibration and the rest for the report. Other
sets reserve some texts for calibration. Hypotheses that the premise contains word for word are left out, because the
verifier answers them without the network.
"""

from __future__ import annotations

import json
import random
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import date
from itertools import compress
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from benchmarks.common import write_json
from benchmarks.quality.questions import (
    read_edits,
    read_open_set,
    read_realsumm,
    read_set,
    read_threeway,
    read_written_pairs,
    select_use,
)
from benchmarks.training.rows import Target, find_opening, find_reported_openings, is_reserved
from harness import progress
from harness.checker_en.calibrator import INTERCEPT, Length, classify_length, compute_log_odds
from harness.checker_en.verbatim import is_verbatim
from harness.records import Pair, Probabilities
from harness.signature import digest
from harness.verifiers.decide import OF_ARTICLES, OF_SUMMARIES, Band, Preset
from harness.verifiers.entailment import Entailment

SOUND = 0.7
"""Assumed share of supported claims. People found support for .78 of BUMP's sentences and .83 of the claims in this
project's own run, but systems err more often on harder texts. On BUMP's calibration rows, the calibration error is .061
at .7, .073 at .75."""
CONTRADICTED: Mapping[Length, float] = {"short": 0.2, "long": 0.4}
"""Assumed share of contradicted among unsupported hypotheses: a summary far more often lacks a fact than denies it."""
FACTS = 3_000
"""Number of REALSumm's facts, drawn at random."""
JUDGED: Mapping[str, int] = {
    "defacto": 400, "xsumfaith": 250, "fib": 200, "factcheckgpt": 300, "wice": 250, "attributionbench": 250,
}  # fmt: skip  # a table
"""Maximum number of rows from each set of judged sentences."""
WEIGHTS: Mapping[str, float] = {
    "BUMP facts": 0.0, "written facts": 0.5, "written claims": 0.3, "open set, part 6": 0.3, "open set, part 8": 0.3,
    "BUMP, other article": 0.5,
}  # fmt: skip  # a table
"""Weight of each source when P(supported) is fitted; 1 for the others. Real summaries count most, because the
probabilities are meant for them. BUMP's facts weigh nothing, because only false ones remain: the summary has the true
ones verbatim."""
OPEN_SET_CLAIMS, OPEN_SET_JUDGED = (6, 8), 7
"""Parts of the open set whose development rows calibrate: two with claims, one with judged sentences."""
FOLDS = 5
BATCH = 64


@dataclass(frozen=True, slots=True)
class Labelled:
    """A labelled pair, where it comes from, and how much it weighs."""

    pair: Pair
    label: Target
    source: str
    weight: float = 1.0


class Candidate(Entailment):
    """``entailment`` with an exported network, and the calibrator in the same folder."""

    network: Path

    @property
    def folder(self) -> Path:
        return self.network


def calibrate(data: Path, network: Path, work: Path) -> Iterator[str]:
    """Write ``calibrator.json`` into the network's folder; yield tables of what each preset accepts, out of fold."""
    rows = load_calibration_rows(data)
    answers = measure(rows, Candidate(network=network), work)
    weights: dict[Length, dict[str, dict[str, float]]] = {}
    card: dict[str, object] = {"date": date.today().isoformat()}
    bands_by_length: dict[Length, Mapping[Preset, Band]] = {"short": OF_SUMMARIES, "long": OF_ARTICLES}
    for length, bands in bands_by_length.items():
        chosen = [row for row in rows if row.pair in answers and classify_length(row.pair) == length]
        log_odds = [compute_log_odds(answers[row.pair]) for row in chosen]
        supported = np.array([[each["supported"]] for each in log_odds])
        contradicted = np.array([[each["contradicted"]] for each in log_odds])
        weights[length] = {
            "supported": name_weights(fit_supported(chosen, supported), ["supported"]),
            "contradicted": name_weights(fit_contradicted(chosen, contradicted, length), ["contradicted"]),
        }
        card[length] = {"rows": len(chosen), "sources": sorted({row.source for row in chosen})}
        yield f"\n{length} premises, out of fold: share accepted (at or above the band) | rejected (below it)\n"
        yield from tabulate(chosen, predict_out_of_fold(chosen, supported), bands)
    write_json(network / "calibrator.json", {"weights": weights, "card": card})


def load_calibration_rows(data: Path) -> list[Labelled]:
    """Load the rows to fit; in each set of claims, weights give the supported ones the share ``SOUND``."""
    facts = (Labelled(pair, label, "written facts") for pair, label in read_written_pairs(data, "calibration", "unit"))
    claims = (
        Labelled(pair, label, "written claims") for pair, label in read_written_pairs(data, "calibration", "sentence")
    )
    open_set = (
        [Labelled(pair, label, f"open set, part {part}") for pair, label in _read_part(data, part)]
        for part in OPEN_SET_CLAIMS
    )
    sources = (_read_sentences(data), _read_judged(data), claims, *open_set)
    reweighted = (row for rows in sources for row in reweight(rows))
    rows = [*_read_facts(data), *facts, *reweighted]
    return [row for row in rows if not is_verbatim(row.pair.premise, row.pair.hypothesis)]


def measure(rows: Sequence[Labelled], verifier: Entailment, work: Path) -> dict[Pair, Probabilities]:
    """Return the network's answers on all rows that it can read; ``work`` keeps them, so that a stopped run resumes."""
    file = work / f"read-{digest(json.dumps(verifier.network_depends(), sort_keys=True))}.jsonl"
    kept = dict(map(json.loads, file.read_text("utf-8").splitlines() if file.exists() else ()))
    keys = {row.pair: digest(row.pair.premise, row.pair.hypothesis) for row in rows}
    waiting = [pair for pair, key in keys.items() if key not in kept]
    with file.open("a", encoding="utf-8") as out, progress.bar("calibration", len(waiting)) as advance:
        for start in range(0, len(waiting), BATCH):
            batch = waiting[start : start + BATCH]
            for pair, reading in verifier.read(batch).items():
                kept[keys[pair]] = [*astuple(reading.probabilities)]
                out.write(json.dumps([keys[pair], kept[keys[pair]]]) + "\n")
            out.flush()
            advance(len(batch))
    return {pair: Probabilities(*kept[key]) for pair, key in keys.items() if key in kept}


def fit_supported(rows: Sequence[Labelled], inputs: np.ndarray) -> LogisticRegression:
    """Fit P(supported) on inputs [rows, features]."""
    return _fit([replace(row, weight=row.weight * WEIGHTS.get(row.source, 1.0)) for row in rows], inputs, "supported")


def fit_contradicted(rows: Sequence[Labelled], inputs: np.ndarray, length: Length) -> LogisticRegression:
    """Fit P(contradicted | not supported) on the inputs [rows, features] of contradicted and absent rows."""
    known = np.array([row.label in ("contradicted", "absent") for row in rows])
    unsupported = reweight(compress(rows, known), "contradicted", CONTRADICTED[length])
    return _fit(unsupported, inputs[known], "contradicted")


def name_weights(model: LogisticRegression, features: Sequence[str]) -> dict[str, float]:
    """Return a regression's weights by feature, as in ``calibrator.json``."""
    return dict(zip((INTERCEPT, *features), [*model.intercept_.tolist(), *model.coef_[0].tolist()], strict=True))


def predict_out_of_fold(rows: Sequence[Labelled], inputs: np.ndarray) -> np.ndarray:
    """Predict P(supported) of each row with a fit on the other folds; rows of a text share a fold. Returns [rows]."""
    fold = np.array([zlib.crc32(find_opening(row.pair.premise).encode()) % FOLDS for row in rows])
    found = np.empty(len(rows))
    for each in range(FOLDS):
        model = fit_supported(list(compress(rows, fold != each)), inputs[fold != each])
        found[fold == each] = model.predict_proba(inputs[fold == each])[:, 1]
    return found


def tabulate(rows: Sequence[Labelled], supported: np.ndarray, bands: Mapping[Preset, Band]) -> Iterator[str]:
    """Yield a Markdown table: by source and label, the share of rows that each preset accepts and rejects."""
    yield "| source, label | n | " + " | ".join(bands) + " |"
    yield "|---|---|" + "---|" * len(bands)
    for source, label in sorted({(row.source, row.label) for row in rows}):
        inside = np.array([(row.source, row.label) == (source, label) for row in rows])
        cells = (
            f"{(supported[inside] >= band.high).mean():.2f} \\| {(supported[inside] < band.low).mean():.2f}"
            for band in bands.values()
        )
        yield f"| {source}, {label} | {inside.sum()} | " + " | ".join(cells) + " |"


def _fit(rows: Sequence[Labelled], inputs: np.ndarray, label: Target) -> LogisticRegression:
    truth, weight = [row.label == label for row in rows], [row.weight for row in rows]
    return LogisticRegression(C=np.inf).fit(inputs, truth, weight)


def _read_facts(data: Path) -> Iterator[Labelled]:
    draw = random.Random(0)  # noqa: S311  # not for secrets
    for question in draw.sample(list(select_use("calibration", read_realsumm(data))), FACTS):
        yield Labelled(question.pairs[0], "supported" if question.truth == "supported" else "unsupported", "REALSumm")
    for question in select_use("calibration", read_threeway(data)):
        yield Labelled(question.pairs[0], question.truth, "BUMP facts")


def _read_sentences(data: Path) -> Iterator[Labelled]:
    """Yield sentences of BUMP against their article, and the first faithful one against another article."""
    texts = list(select_use("calibration", read_edits(data)))
    for number, row in enumerate(texts):
        other = next(each for each in [*texts[number:], *texts] if each.group != row.group)
        for pair in row.faithful:
            yield Labelled(pair, "supported", "BUMP")
        for at in row.changed:
            yield Labelled(row.edited[at], "contradicted", "BUMP")
        yield Labelled(Pair(other.faithful[0].premise, row.faithful[0].hypothesis), "absent", "BUMP, other article")


def _read_judged(data: Path) -> Iterator[Labelled]:
    draw, reported = random.Random(0), find_reported_openings(data)  # noqa: S311  # not for secrets
    for name, count in JUDGED.items():
        pairs = [
            (Pair(row["premise"], row["hypothesis"]), row["label"])
            for row in read_set(data, name)
            if is_reserved(name, row["premise"]) and find_opening(row["premise"]) not in reported
        ]
        long = [each for each in pairs if classify_length(each[0]) == "long"]
        for pair, label in draw.sample(long, min(count, len(long))):
            yield Labelled(pair, label, "judged")
    for pair, label in _read_part(data, OPEN_SET_JUDGED):
        yield Labelled(pair, label, "judged")


def _read_part(data: Path, part: int) -> Iterator[tuple[Pair, Target]]:
    for row in read_open_set(data, "dev", part):
        yield Pair(row["premise"], row["hypothesis"]), row["label"]


def reweight(labelled: Iterable[Labelled], label: Target = "supported", share: float = SOUND) -> list[Labelled]:
    """Weight the rows so that ``label`` has this share; ``contradicted`` is a share of the unsupported rows only."""
    rows = list(labelled)
    others = ("absent",) if label == "contradicted" else ("contradicted", "absent", "unsupported")
    total = sum(row.weight for row in rows if row.label == label)
    factor = total * (1 - share) / share / sum(row.weight for row in rows if row.label in others)
    return [replace(row, weight=factor * row.weight) if row.label in others else row for row in rows]
