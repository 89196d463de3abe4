"""Fit a network's calibrations, one for each use, on articles that neither training nor reports see.

    python benchmarks/training/calibrate.py --network FOLDER --to FILE --data DIR --work DIR

``--network`` is what ``export.py`` wrote; the calibrator is written to ``--to``. Of REALSumm and BUMP two articles in
five are fitted on; a network may have learned from two others, and the fifth is for ``benchmarks/quality/checker.py``
alone. Of other sets the articles and premises are taken that are kept for this (``corpora.reserved``). A fact against a
summary, which is short: REALSumm's facts, BUMP's three-way pairs, and short pairs. A claim against an article, which is
long: BUMP's sentences, faithful and with an error written in, the faithful ones against another article, what people
judged of models' sentences, pairs made of BUMP's articles, and short pairs whose premise is put into one of these
articles as a sentence. What reaches each threshold is printed, out of fold: what thresholds were chosen by.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import data_option
from benchmarks.quality.checker_questions import Truth, edited, of_use, realsumm, threeway
from benchmarks.training import out_of_fold
from benchmarks.training.calibration_fit import Row, fit
from benchmarks.training.candidate import Candidate
from benchmarks.training.corpora import RESERVED_SHORT, held_back, opening, reserved, rows
from benchmarks.training.crossed import crossed
from benchmarks.training.embedded import inside, is_sentence
from benchmarks.training.made import made
from benchmarks.training.possible import possible
from benchmarks.training.spliced import nested, spliced
from benchmarks.training.turned import turned
from harness import progress
from harness.checker_en.entailment.calibrator import Length
from harness.checker_en.entailment.passages import is_long
from harness.files import write_text
from harness.records import Pair
from harness.signature import digest

SOUND = 0.75
"""The share of claims that are taken to be sound: people found .77 of the sentences of BUMP's summaries sound, with the
edited ones among them, and .83 of those of this project's own run. A probability is right only for some such share."""
SHORT_PAIRS = 1_500
EMBEDDED = 700
EMBEDDED_WEIGHT = 0.25
"""Of a pair whose premise is put into an article. Without such pairs, claims that are plainly not in the article are
those about another one, words alone tell them, and the network is not believed when it says so."""
MAKERS = (spliced, nested, crossed, possible, turned)
EACH = 2
"""False statements that each of these makes of an article, a true one beside each."""
FACTS = 3_000
"""Of REALSumm's, drawn at random: as many as take some minutes."""
SHARED = frozenset({"alignment", "coverage", "coverage_squared", "order"})
"""Features that count shared words. Of claims they are not weighed: an article has the words of what it denies, too."""
BATCH = 64
JUDGED: Mapping[str, int] = {
    "defacto": 400, "xsumfaith": 250, "fib": 200, "factcheckgpt": 300, "wice": 250, "attributionbench": 250,
}  # fmt: skip  # a table
"""Sets of judged sentences, and how many of each: a model's own errors are not the errors that people write in."""


def facts(data: Path) -> Iterator[Row]:
    """Facts against summaries: people's labels of REALSumm, and BUMP's of three kinds."""
    draw = random.Random(0)  # noqa: S311  # no secret is drawn
    for question in draw.sample(list(of_use("calibration", realsumm(data))), FACTS):
        truth: Truth = "supported" if question.truth == "supported" else "unsupported"
        yield Row(question.pairs[0], truth, 1.0)
    for question in of_use("calibration", threeway(data)):
        yield Row(question.pairs[0], question.truth, 1.0)


def short_pairs(data: Path) -> Iterator[Row]:
    """Pairs of premises that are kept for this, as many of each set: there a negation or a role decides."""
    draw, held = random.Random(0), held_back(data)  # noqa: S311  # no secret is drawn
    for name in RESERVED_SHORT:
        for row in draw.sample(kept(data, name, held), SHORT_PAIRS // len(RESERVED_SHORT)):
            yield Row(Pair(row["premise"], row["hypothesis"]), row["label"], 1.0)


def kept(data: Path, name: str, held: frozenset[str]) -> list[dict[str, Any]]:
    """The rows of a set whose articles or premises neither training nor reports have."""
    every = rows(data, name)
    return [row for row in every if reserved(name, row["premise"]) and opening(row["premise"]) not in held]


def embedded(data: Path, short: Iterable[Row]) -> Iterator[Row]:
    """Short pairs with the premise as a sentence of an article of BUMP."""
    draw = random.Random(0)  # noqa: S311  # no secret is drawn
    articles = sorted({row.faithful[0].premise for row in of_use("calibration", edited(data))})
    for row in draw.sample([row for row in short if is_sentence(row.pair.premise)], EMBEDDED):
        article = inside(draw.choice(articles), row.pair.premise, draw)
        yield Row(Pair(article, row.pair.hypothesis), row.truth, EMBEDDED_WEIGHT)


def as_common(labelled: Iterable[Row], share: float = SOUND) -> list[Row]:
    """The rows, those that are not supported weighed so that ``share`` of all weight is supported."""
    every = list(labelled)
    sound = sum(row.weight for row in every if row.truth == "supported")
    factor = sound * (1 - share) / share / (sum(row.weight for row in every) - sound)
    return [row if row.truth == "supported" else replace(row, weight=factor * row.weight) for row in every]


def claims(data: Path) -> Iterator[Row]:
    """Sentences against articles."""
    texts = list(of_use("calibration", edited(data)))
    for at, row in enumerate(texts):
        other = next(each for each in [*texts[at:], *texts] if each.group != row.group)
        for pair in row.faithful:
            yield Row(pair, "supported", 1.0)
        for at in row.changed:
            yield Row(row.edited[at], "contradicted", 1.0)
        yield Row(Pair(other.faithful[0].premise, row.faithful[0].hypothesis), "absent", 0.5)


def edited_articles(data: Path) -> Iterator[Row]:
    """Sentences of articles, shorter ones, false versions and splices of them, against the whole article."""
    articles = {row.group: row.faithful[0].premise for row in of_use("calibration", edited(data))}
    draw = random.Random(0)  # noqa: S311  # no secret is drawn
    for group, article in articles.items():
        written = [each for maker in MAKERS for each in maker(article, EACH, draw)]
        for example in (*made(group, article, 0), *written):
            if example.label != "absent":  # of these the article lacks a sentence
                yield Row(Pair(article, example.hypothesis), example.label, 1.0)


def judged(data: Path) -> Iterator[Row]:
    """Judged sentences about articles that are kept for this."""
    draw, held = random.Random(0), held_back(data)  # noqa: S311  # no secret is drawn
    for name, count in JUDGED.items():
        fresh = [row for row in kept(data, name, held) if is_long(row["premise"])]
        for row in draw.sample(fresh, min(count, len(fresh))):
            yield Row(Pair(row["premise"], row["hypothesis"]), row["label"], 1.0)


def measured(labelled: Sequence[Row], verifier: Candidate, work: Path) -> list[tuple[Row, dict[str, float]]]:
    """The features of all rows that can be read, by name; kept in ``work`` as they are made."""
    work.mkdir(parents=True, exist_ok=True)
    file = work / f"features-{digest(json.dumps(verifier.features_depend(), sort_keys=True))}.jsonl"
    kept = dict(map(json.loads, file.read_text("utf-8").splitlines() if file.exists() else ()))
    keys = [digest(row.pair.premise, row.pair.hypothesis) for row in labelled]
    waiting = [row.pair for row, key in zip(labelled, keys, strict=True) if key not in kept]
    with file.open("a", encoding="utf-8") as out, progress.bar("features", len(waiting)) as advance:
        for start in range(0, len(waiting), BATCH):
            batch = waiting[start : start + BATCH]
            for pair, told in verifier.features(batch).items():
                kept[digest(pair.premise, pair.hypothesis)] = told
                out.write(json.dumps([digest(pair.premise, pair.hypothesis), told]) + "\n")
            out.flush()
            advance(len(batch))
    return [(row, kept[key]) for row, key in zip(labelled, keys, strict=True) if key in kept]


def main() -> None:
    options = data_option.parser((__doc__ or "").splitlines()[0])
    options.add_argument("--network", type=Path, required=True)
    options.add_argument("--to", type=Path, required=True)
    options.add_argument("--work", type=Path, required=True)
    given = options.parse_args()
    verifier = Candidate(network=given.network, weights=given.to)
    names: dict[Length, list[str]] = {}
    weights: dict[Length, list[list[float]]] = {}
    fitted_on: dict[str, object] = {}
    short = list(short_pairs(given.data))
    by_length: dict[Length, list[Row]] = {
        "short": [*facts(given.data), *short],
        "long": [
            *as_common(claims(given.data)),
            *as_common(judged(given.data)),
            *as_common(edited_articles(given.data)),
            *embedded(given.data, short),
        ],
    }
    for length, labelled in by_length.items():
        found = measured(labelled, verifier, given.work)
        names[length] = [name for name in found[0][1] if length == "short" or name not in SHARED]
        features = np.array([[values[name] for name in names[length]] for _, values in found])
        weights[length], loss = fit([row for row, _ in found], features)
        fitted_on[length] = {"rows": len(found), "loss": round(loss, 4)}
        sys.stdout.write(f"{length}: {len(found)} rows, loss {loss:.4f}\n")
        for line in shown(length, [row for row, _ in found], features, given.data):
            sys.stdout.write(line + "\n")
    card = {"date": date.today().isoformat(), "fitted_on": fitted_on}
    write_text(given.to, json.dumps({"features": names, "weights": weights, "card": card}, indent=1) + "\n")


def shown(length: Length, labelled: Sequence[Row], features: np.ndarray, data: Path) -> Iterator[str]:
    """Of REALSumm's and BUMP's rows of a length, what reaches each threshold, out of fold."""
    chosen = frozenset(row.pair for row in (facts(data) if length == "short" else claims(data)))
    found = out_of_fold.probabilities(labelled, features)
    at = [number for number, row in enumerate(labelled) if row.pair in chosen]
    kinds = out_of_fold.FACTS if length == "short" else out_of_fold.CLAIMS
    return out_of_fold.table([labelled[number].truth for number in at], found[at], kinds)


if __name__ == "__main__":
    main()
