"""Measure a verifier on human labels that it was not trained on.

    python -m benchmarks.quality.checker --work DIR [--verifier FILE|KIND] [--network DIR] [--card FILE]

Prints the table of ``checker.md``. For comparison, it includes ``lexical``, which only counts shared words. Verdicts
are kept in ``--work`` as they are made, so a stopped run can be resumed. ``--network`` measures a network that
``benchmarks.training`` exported.
"""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from scipy.stats import pearsonr
from sklearn.metrics import balanced_accuracy_score, f1_score, roc_auc_score, roc_curve

from benchmarks.common import ROOT, add_verifier, make_parser
from benchmarks.quality.differences import find_changes
from benchmarks.quality.questions import SMALL, Edited, Question, Questions, load_questions
from harness import config, progress
from harness.files import write_text
from harness.records import Label, Pair
from harness.seams import Verifier
from harness.signature import digest, file_digest

BATCH = 64
FLOOR = "lexical"
BINS = 15
"""Bins of equal width for the calibration error (Guo et al. 2017)."""
MEASURED_ON = (
    ("REALSumm", "CC BY 4.0", "coverage", "realsumm_coverage.jsonl"),
    ("BUMP task 1", "MIT", "threeway", "bump_threeway.jsonl"),
    ("BUMP task 1", "MIT", "grounding", "bump_pairs.jsonl"),
)
"""The data sets on the card: name, licence, use and file."""
TARGETS = {"factcc_human": "≥ .85", "goyal21": "≥ .62", "gofigure_human": "≥ .65"}
"""Balanced accuracy to reach on each small set."""
UNDECIDED_SETS = ("written short claims", "written long claims", "written facts", "own facts", "own false versions")


@dataclass(frozen=True, slots=True)
class Answer:
    """The verdict on one pair."""

    label: Label
    supported: float
    """P(supported)."""
    stated: tuple[str, ...] = ()
    """The words of the hypothesis that differ from the premise, according to the verifier."""


Answers = Mapping[Pair, Answer]


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table."""

    title: str
    value: float | None
    target: str = ""
    rows: int = 0
    name: str = ""
    """Name on the verifier's card; empty if the card leaves it out."""


def ask(verifier: Verifier, pairs: Sequence[Pair], work: Path) -> dict[Pair, Answer]:
    """Verify the pairs and return the answers; reuse the answers of a stopped run."""
    work.mkdir(parents=True, exist_ok=True)
    file = work / f"answers-{digest(verifier.signature())}.jsonl"
    kept: dict[str, Answer] = {}
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True) if file.exists() else []
    if lines and not lines[-1].endswith("\n"):  # a killed run left its last line unfinished
        write_text(file, "".join(lines[:-1]))
        del lines[-1]
    for line in lines:
        key, label, supported, stated = json.loads(line)
        kept[key] = Answer(label, supported, tuple(stated))
    keys = {pair: digest(pair.premise, pair.hypothesis, str(pair.of_summary)) for pair in pairs}
    waiting = sorted((pair for pair in pairs if keys[pair] not in kept), key=lambda pair: pair.premise)
    with file.open("a", encoding="utf-8") as out, progress.bar("verify", len(waiting)) as advance:
        for start in range(0, len(waiting), BATCH):
            batch = waiting[start : start + BATCH]
            for pair, verdict in zip(batch, verifier.verify(batch), strict=True):
                stated = tuple(each.stated for each in verdict.differences)
                kept[keys[pair]] = answer = Answer(verdict.label, verdict.probabilities.supported, stated)
                out.write(json.dumps([keys[pair], answer.label, answer.supported, stated]) + "\n")
            out.flush()
            advance(len(batch))
    return {pair: kept[keys[pair]] for pair in pairs}


def report(asked: Questions, answers: Answers) -> list[Line]:
    """Compute all lines of the table."""
    return [
        *_measure_written(asked.sets, answers),
        *_measure_own(asked.sets, answers),
        *_measure_models(asked.sets["models"], answers),
        *_measure_coverage(asked.sets["realsumm"], answers),
        *_measure_edits(asked.edited, answers),
        *_measure_threeway(asked.sets["threeway"], answers),
        *(line for name in SMALL for line in _measure_small(name, asked.sets[name], answers)),
        *_measure_polytope_and_fever(asked.sets, answers),
        _measure_undecided(asked, answers),
    ]


def _measure_written(sets: Mapping[str, Sequence[Question]], answers: Answers) -> Iterator[Line]:
    every = [row for name, rows in sets.items() if name.startswith("written") for row in rows]
    by_truth = {
        truth: [answers[row.pairs[0]] for row in every if row.truth == truth]
        for truth in ("supported", "contradicted", "absent")
    }
    yield Line("written rows: AUC", roc_auc_score(_truths(every), _scores(every, answers)), "≥ .94", len(every))
    yield Line("true: supported", _share(by_truth["supported"], "supported"), "≥ .85")
    yield Line("false: supported", _share(by_truth["contradicted"], "supported"), "≤ .07")
    yield Line("false: contradicted", _share(by_truth["contradicted"], "contradicted"), "≥ .75")
    yield Line("invented: supported", _share(by_truth["absent"], "supported"), "≤ .08")
    yield Line("invented: contradicted or absent", _share(by_truth["absent"], "contradicted", "absent"), "≥ .80")
    targets_by_kind = {
        "long claims": ("≥ .92", "≥ .80", "≤ .10", "≥ .75"),
        "short claims": ("≥ .95", "≥ .85", "≤ .06", ""),
        "facts": ("≥ .97", "≥ .88", "", ""),
    }
    for kind, targets in targets_by_kind.items():
        rows = sets[f"written {kind}"]
        true = [answers[row.pairs[0]] for row in rows if row.truth == "supported"]
        untrue = [answers[row.pairs[0]] for row in rows if row.truth != "supported"]
        yield Line(f"written {kind}: AUC", roc_auc_score(_truths(rows), _scores(rows, answers)), targets[0], len(rows))
        yield Line("true: supported", _share(true, "supported"), targets[1])
        yield Line("untrue: supported", _share(untrue, "supported"), targets[2])
        yield Line("untrue: contradicted or absent", _share(untrue, "contradicted", "absent"), targets[3])


def _measure_own(sets: Mapping[str, Sequence[Question]], answers: Answers) -> Iterator[Line]:
    def count(rows: Sequence[Question], label: Label) -> float:
        return sum(answers[row.pairs[0]].label == label for row in rows)

    true, false, claims = sets["own facts"], sets["own false versions"], sets["own claims"]
    yield Line("own article: true statements supported", count(true, "supported"), "≥ 53", len(true))
    yield Line("false versions supported", count(false, "supported"), "≤ 4", len(false))
    yield Line("false versions contradicted", count(false, "contradicted"), "≥ 100")
    sound, unsound = _split_by_soundness(claims)
    yield Line("own labels: sound claims supported", count(sound, "supported"), "≥ 41", len(sound))
    yield Line("unsound claims supported", count(unsound, "supported"), "≤ 1", len(unsound))


def _measure_models(rows: Sequence[Question], answers: Answers) -> Iterator[Line]:
    sound, unsound = ([answers[row.pairs[0]] for row in each] for each in _split_by_soundness(rows))
    yield Line("sentences of SmolLM2: AUC", roc_auc_score(_truths(rows), _scores(rows, answers)), "", len(rows))
    yield Line("sound: supported", _share(sound, "supported"), "", len(sound))
    yield Line("unsound: supported", _share(unsound, "supported"), "", len(unsound))
    yield Line("unsound: contradicted or absent", _share(unsound, "contradicted", "absent"))


def _split_by_soundness(rows: Sequence[Question]) -> tuple[list[Question], list[Question]]:
    """Return the supported rows, and the others."""
    sound = [row for row in rows if row.truth == "supported"]
    return sound, [row for row in rows if row.truth != "supported"]


def _measure_coverage(rows: Sequence[Question], answers: Answers) -> Iterator[Line]:
    scores, truths = _scores(rows, answers), _truths(rows)
    yield Line("REALSumm: AUC of facts", roc_auc_score(truths, scores), "≥ .88", len(rows), "fact_auc")
    yield Line(
        "balanced accuracy, threshold from the other half of the articles",
        _cross_accuracy(rows, scores, truths),
        "≥ .81",
    )
    yield Line("balanced accuracy as decided", _verdict_accuracy(rows, answers), name="balanced_accuracy")
    human, machine = _average_by_summary(rows, truths), _average_by_summary(rows, scores)
    articles = sorted({group for group, _ in human})
    per_article = [
        _pearson(*([values[key] for key in human if key[0] == article] for values in (human, machine)))
        for article in articles
    ]
    yield Line("summary-level r", float(np.mean([r for r in per_article if r is not None])), "≥ .64", len(articles))
    systems = sorted({system for _, system in human})
    means = (
        [float(np.mean([values[key] for key in values if key[1] == system])) for system in systems]
        for values in (human, machine)
    )
    yield Line("system-level r", _pearson(*means), "≥ .95", len(systems))
    yield Line("calibration error, facts", _calibration_error(scores, truths), "≤ .03", name="calibration_error")


def _measure_edits(rows: Sequence[Edited], answers: Answers) -> Iterator[Line]:
    def score(pairs: Sequence[Pair], worst: bool) -> float:
        values = [answers[pair].supported for pair in pairs]
        return min(values) if worst else float(np.mean(values))

    means = [(score(row.faithful, False), score(row.edited, False)) for row in rows]
    worst = [score(row.faithful, True) for row in rows] + [score(row.edited, True) for row in rows]
    truths = np.array([1] * len(rows) + [0] * len(rows))
    yield Line(
        "BUMP: consistency, by the mean over sentences", float(np.mean([a > b for a, b in means])), "≥ .90", len(rows)
    )
    yield Line("AUC, by the worst sentence", roc_auc_score(truths, worst), "≥ .78", name="auc_of_worst")
    faithful = [answers[pair] for row in rows for pair in row.faithful]
    wrong = [answers[row.edited[at]] for row in rows for at in row.changed]
    yield Line("faithful sentences supported", _share(faithful, "supported"), "≥ .75", len(faithful), "true_passed")
    yield Line("faithful sentences contradicted", _share(faithful, "contradicted"), name="true_called_wrong")
    yield Line("with an error: supported", _share(wrong, "supported"), "≤ .12", len(wrong), "false_passed")
    yield Line("with an error: contradicted", _share(wrong, "contradicted"), "≥ .60", name="false_called_wrong")
    for kind in sorted({row.kind for row in rows}):
        errors = [answers[row.edited[at]] for row in rows if row.kind == kind for at in row.changed]
        yield Line(f"{kind.lower()}: supported", _share(errors, "supported"), "", len(errors))
    yield from _measure_named_differences(rows, answers)
    scores = np.array([each.supported for each in (*faithful, *wrong)])
    right = np.array([1] * len(faithful) + [0] * len(wrong))
    yield Line("calibration error, claims", _calibration_error(scores, right), "≤ .05", name="claims_calibration_error")


def _measure_named_differences(rows: Sequence[Edited], answers: Answers) -> Iterator[Line]:
    """Yield how often the verifier names a difference in a false sentence that it rejects, and how often correctly."""
    right: list[bool] = []
    rejected = 0
    for pair, true in ((row.edited[at], row.faithful) for row in rows for at in row.changed):
        changes = find_changes(pair.hypothesis, [each.hypothesis for each in true])
        if changes is None or answers[pair].label == "supported":
            continue
        rejected += 1
        if stated := answers[pair].stated:
            places = [(at, at + len(text)) for text in stated if (at := pair.hypothesis.find(text)) >= 0]
            right.append(any(start < last and first < end for start, end in places for first, last in changes))
    yield Line("unsupported errors: a difference is named", len(right) / rejected if rejected else None, "", rejected)
    yield Line("named differences: right", float(np.mean(right)) if right else None, "", len(right))


def _measure_threeway(rows: Sequence[Question], answers: Answers) -> Iterator[Line]:
    predicted = [answers[row.pairs[0]].label for row in rows]
    value = f1_score(
        [row.truth for row in rows], predicted, labels=["supported", "contradicted", "absent"], average="macro"
    )
    yield Line("BUMP: three-way macro-F1 as decided", float(value), "", len(rows), "threeway_macro_f1")


def _measure_small(name: str, rows: Sequence[Question], answers: Answers) -> Iterator[Line]:
    scores, truths = _scores(rows, answers), _truths(rows)
    yield Line(f"{name}: AUC", roc_auc_score(truths, scores), "", len(rows))
    yield Line("balanced accuracy as decided", _verdict_accuracy(rows, answers), TARGETS[name])
    false_positives, true_positives, _ = roc_curve(truths, scores)
    yield Line("at the best threshold", float(np.max((1 + true_positives - false_positives) / 2)))


def _measure_polytope_and_fever(sets: Mapping[str, Sequence[Question]], answers: Answers) -> Iterator[Line]:
    sound = [
        any(answers[pair].label == "contradicted" for pair in row.pairs)
        for row in sets["polytope"]
        if row.truth == "supported"
    ]
    yield Line("polytope: sound summaries with a sentence contradicted", float(np.mean(sound)), "", len(sound))
    rows = sets["fever_symmetric"]
    yield Line("fever_symmetric: AUC", roc_auc_score(_truths(rows), _scores(rows, answers)), "", len(rows))
    yield Line("balanced accuracy as decided", _verdict_accuracy(rows, answers))


def _measure_undecided(asked: Questions, answers: Answers) -> Line:
    given = [answers[row.pairs[0]] for name in UNDECIDED_SETS for row in asked.sets[name]]
    given += [answers[pair] for row in asked.edited for pair in (*row.faithful, *row.edited)]
    return Line("undecided, over written rows, BUMP and own", _share(given, "uncertain"), "≤ .20", len(given))


def _scores(rows: Sequence[Question], answers: Answers) -> np.ndarray:
    """Return P(supported) of each row: the lowest of its sentences."""
    return np.array([min(answers[pair].supported for pair in row.pairs) for row in rows])


def _truths(rows: Sequence[Question]) -> np.ndarray:
    return np.array([row.truth == "supported" for row in rows], dtype=int)


def _verdict_accuracy(rows: Sequence[Question], answers: Answers) -> float:
    predicted = [all(answers[pair].label == "supported" for pair in row.pairs) for row in rows]
    return float(balanced_accuracy_score(_truths(rows), predicted))


def _cross_accuracy(rows: Sequence[Question], scores: np.ndarray, truths: np.ndarray) -> float:
    """Balanced accuracy of each half of the articles at the threshold that is best for the other half."""
    groups = sorted({row.group for row in rows})
    first = np.array([groups.index(row.group) % 2 == 0 for row in rows])
    predicted = np.zeros(len(rows), dtype=int)
    for fitted, reported in ((first, ~first), (~first, first)):
        false_positives, true_positives, thresholds = roc_curve(truths[fitted], scores[fitted])
        predicted[reported] = scores[reported] >= thresholds[np.argmax(true_positives - false_positives)]
    return float(balanced_accuracy_score(truths, predicted))


def _average_by_summary(rows: Sequence[Question], values: Iterable[float]) -> dict[tuple[str, str], float]:
    """Return (article, system) → mean value of the summary's facts."""
    found: dict[tuple[str, str], list[float]] = {}
    for row, value in zip(rows, values, strict=True):
        found.setdefault((row.group, row.system), []).append(value)
    return {key: float(np.mean(each)) for key, each in found.items()}


def _pearson(first: Sequence[float], second: Sequence[float]) -> float | None:
    """Return Pearson's r; None if one side is constant."""
    return None if len(set(first)) < 2 or len(set(second)) < 2 else float(pearsonr(first, second).statistic)


def _calibration_error(scores: np.ndarray, truths: np.ndarray) -> float:
    return sum(abs(mean - share) * count for mean, share, count in _reliability(scores, truths)) / len(scores)


def _reliability(scores: np.ndarray, truths: np.ndarray) -> list[list[float]]:
    """Return each non-empty bin's mean probability, share supported and number of rows."""
    place = np.minimum((scores * BINS).astype(int), BINS - 1)
    inside = [place == at for at in sorted(set(place))]
    return [
        [round(float(scores[each].mean()), 4), round(float(truths[each].mean()), 4), int(each.sum())] for each in inside
    ]


def _share(given: Sequence[Answer], *labels: Label) -> float:
    return float(np.mean([answer.label in labels for answer in given]))


def make_card(data: Path, asked: Questions, answers: Answers, lines: Sequence[Line]) -> dict[str, object]:
    """Return the model card that ``read_card`` (``harness/verifiers/predictive.py``) reads for every report."""
    facts = asked.sets["realsumm"]
    groups = len({fact.group for fact in facts})
    numbers: dict[str, object] = {
        line.name: round(line.value, 4) for line in lines if line.name and line.value is not None
    }
    counts = {"true_passed": "true_claims", "false_passed": "false_claims"}
    numbers |= {counts[line.name]: line.rows for line in lines if line.name in counts}
    numbers["reliability"] = _reliability(_scores(facts, answers), _truths(facts))
    return {
        "date": date.today().isoformat(),
        "data": [
            {"name": name, "licence": licence, "used_as": used_as, "file": file, "sha256": file_digest(data / file),
             **({"groups": groups, "rows": len(facts)} if used_as == "coverage" else {})}
            for name, licence, used_as, file in MEASURED_ON
        ],
        "out_of_fold": numbers,
    }  # fmt: skip  # a table


def main() -> None:
    parser = make_parser(__doc__)
    add_verifier(parser)
    parser.add_argument("--network", type=Path, help="measure entailment with this exported network")
    parser.add_argument("--work", type=Path, required=True, help="folder for the verdicts")
    parser.add_argument("--card", type=Path, help="also write the numbers that reports quote to this file")
    given = parser.parse_args()
    asked = load_questions(given.data, ROOT / "references")
    verifier = _load_verifier(given.verifier, given.options, given.network)
    answers, floor = ask(verifier, asked.pairs(), given.work), config.load_verifier(FLOOR)
    lines, floors = report(asked, answers), report(asked, ask(floor, asked.pairs(), given.work))
    sys.stdout.write(
        f"`{verifier.kind()}`, {date.today().isoformat()}, {platform.machine()}, {os.cpu_count()} cores\n\n"
    )
    sys.stdout.write(f"| | n | `{verifier.kind()}` | `{FLOOR}` | target |\n|---|---|---|---|---|\n")
    for line, other in zip(lines, floors, strict=True):
        values = f"{_format(line.value)} | {_format(other.value)}"
        sys.stdout.write(f"| {line.title} | {line.rows or ''} | {values} | {line.target} |\n")
    if given.card:
        write_text(given.card, json.dumps(make_card(given.data, asked, answers, lines), indent=1) + "\n")


def _load_verifier(kind: str, options: Sequence[str], network: Path | None) -> Verifier:
    if network is None:
        return config.load_verifier(kind, options)
    from benchmarks.training.calibrate import Candidate

    return Candidate(network=network)


def _format(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.3f}" if value < 1.5 and value % 1 else f"{value:g}"


if __name__ == "__main__":
    main()
