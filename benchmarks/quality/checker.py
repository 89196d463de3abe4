"""How right is a verifier? Against people's labels that it was not trained on, one table, the same for each verifier.

    python benchmarks/quality/checker.py [--verifier FILE|KIND] [--set OPTION=VALUE]… [--articles N] [--card FILE]
        --work DIR

Prints what ``checker.md`` beside it keeps; beside the verifier stands what counting shared words comes to. Verdicts are
kept in ``--work`` as they are made, so that a run that was ended goes on. ``--articles N`` asks about N articles in a
hundred of the large sets. The labelled data are in the folder that ``--data`` or the environment variable
``HARNESS_LABELLED_DATA`` names.
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

from benchmarks import data_option
from benchmarks.quality.checker_card import card, reliability
from benchmarks.quality.checker_questions import DEVELOPMENT, Edited, Question, Questions, questions
from benchmarks.training.differences import differing
from harness import config, progress
from harness.files import write_text
from harness.records import Label, Pair
from harness.seams import Verifier
from harness.signature import digest

ROOT = Path(__file__).resolve().parents[2]
BATCH = 64
FLOOR = "lexical"
"""The verifier whose numbers stand beside: it counts words."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the verifier said of one pair."""

    label: Label
    supported: float
    """Its probability."""
    stated: tuple[str, ...] = ()
    """What of the hypothesis it says to differ."""


Answers = Mapping[Pair, Answer]
COUNTS = {"true_passed": "true_claims", "false_passed": "false_claims"}
"""Shares in the card → what the card calls the number of claims that each is of."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table."""

    title: str
    value: float | None
    target: str = ""
    rows: int = 0
    name: str = ""
    """In the card; empty where the card does not have it."""


def ask(verifier: Verifier, asked: Sequence[Pair], work: Path) -> dict[Pair, Answer]:
    """The answers to all pairs; those that are kept from an earlier try are not asked again."""
    work.mkdir(parents=True, exist_ok=True)
    signature = verifier.signature()
    file = work / f"answers-{digest(signature)}.jsonl"
    kept = dict(_kept(file))
    keys = {pair: digest(pair.premise, pair.hypothesis) for pair in asked}
    waiting = [pair for pair in asked if keys[pair] not in kept]
    waiting.sort(key=lambda pair: pair.premise)
    with file.open("a", encoding="utf-8") as out, progress.bar("verify", len(waiting)) as advance:
        for start in range(0, len(waiting), BATCH):
            batch = waiting[start : start + BATCH]
            for pair, verdict in zip(batch, verifier.verify(batch), strict=True):
                stated = tuple(each.stated for each in verdict.differences)
                answer = Answer(verdict.label, verdict.probabilities.supported, stated)
                kept[keys[pair]] = answer
                out.write(json.dumps([keys[pair], answer.label, answer.supported, stated]) + "\n")
            out.flush()
            advance(len(batch))
    return {pair: kept[keys[pair]] for pair in asked}


def _kept(file: Path) -> Iterator[tuple[str, Answer]]:
    for line in file.read_text(encoding="utf-8").splitlines() if file.exists() else ():
        if line.endswith("]"):  # a last line may be cut off
            key, label, supported, stated = json.loads(line)
            yield key, Answer(label, supported, tuple(stated))


def report(asked: Questions, answers: Answers) -> list[Line]:
    """Every line of the table."""
    return [
        *_coverage(asked.sets["realsumm"], answers),
        *_edits(asked.edited, answers),
        *_threeway(asked.sets["threeway"], answers),
        *(line for name in DEVELOPMENT for line in _development(name, asked.sets[name], answers)),
        *_own(asked.sets, answers),
    ]


def _coverage(rows: Sequence[Question], answers: Answers) -> Iterator[Line]:
    scores, truths = _scores(rows, answers), _truths(rows)
    yield Line("REALSumm: AUC of facts", roc_auc_score(truths, scores), ".88", len(rows), name="fact_auc")
    yield Line("balanced accuracy at the threshold of the other half", _balanced_across(rows, scores, truths), ".81")
    yield Line("balanced accuracy as decided", _as_decided(rows, answers), name="balanced_accuracy")
    human, machine = _by_summary(rows, truths), _by_summary(rows, scores)
    articles = sorted({group for group, _ in human})
    per_article = [
        _pearson(
            [human[key] for key in human if key[0] == article], [machine[key] for key in human if key[0] == article]
        )
        for article in articles
    ]
    yield Line("summary-level r", float(np.mean([r for r in per_article if r is not None])), ".62", len(articles))
    systems = sorted({system for _, system in human})
    people, verifier = (
        [float(np.mean([scored[key] for key in scored if key[1] == system])) for system in systems]
        for scored in (human, machine)
    )
    yield Line("system-level r", _pearson(people, verifier), ".95", len(systems))
    yield Line("calibration error, facts", _calibration_error(scores, truths), "≤ .04", name="calibration_error")


def _edits(rows: Sequence[Edited], answers: Answers) -> Iterator[Line]:
    def scored(pairs: Sequence[Pair], worst: bool) -> float:
        values = [answers[pair].supported for pair in pairs]
        return min(values) if worst else float(np.mean(values))

    means = [(scored(row.faithful, False), scored(row.edited, False)) for row in rows]
    worst = [scored(row.faithful, True) for row in rows] + [scored(row.edited, True) for row in rows]
    truths = np.array([1] * len(rows) + [0] * len(rows))
    yield Line(
        "BUMP: consistency, by the mean over sentences", float(np.mean([a > b for a, b in means])), ".92", len(rows)
    )
    yield Line("AUC, by the worst sentence", roc_auc_score(truths, worst), ".72", name="auc_of_worst")
    faithful = [answers[pair] for row in rows for pair in row.faithful]
    wrong = [answers[row.edited[at]] for row in rows for at in row.changed]
    yield Line("faithful sentences supported", _share(faithful, "supported"), ".85", len(faithful), name="true_passed")
    yield Line("faithful sentences contradicted", _share(faithful, "contradicted"), name="true_called_wrong")
    yield Line(
        "sentences with an error written in: supported",
        _share(wrong, "supported"),
        "≤ .15",
        len(wrong),
        name="false_passed",
    )
    yield Line("contradicted", _share(wrong, "contradicted"), ".55", name="false_called_wrong")
    yield from _told(rows, answers)
    sure = np.array([each.supported for each in (*faithful, *wrong)])
    right = np.array([1] * len(faithful) + [0] * len(wrong))
    yield Line("calibration error, claims", _calibration_error(sure, right), "≤ .06", name="claims_calibration_error")


def _told(rows: Sequence[Edited], answers: Answers) -> Iterator[Line]:
    """Of the sentences with an error that pass not, whether it is said what differs, and whether that was changed."""
    right: list[bool] = []
    refused = 0
    for pair, true in ((row.edited[at], row.faithful) for row in rows for at in row.changed):
        changed = differing(pair.hypothesis, [each.hypothesis for each in true])
        if changed is None or answers[pair].label == "supported":
            continue
        refused += 1
        if stated := answers[pair].stated:
            places = [(at, at + len(text)) for text in stated if (at := pair.hypothesis.find(text)) >= 0]
            right.append(any(start < last and first < end for start, end in places for first, last in changed))
    yield Line("of those not supported: what differs is told", len(right) / refused, "", refused)
    yield Line("and is what was changed", float(np.mean(right)) if right else None, "", len(right))


def _threeway(rows: Sequence[Question], answers: Answers) -> Iterator[Line]:
    said = [answers[row.pairs[0]].label for row in rows]
    value = f1_score([row.truth for row in rows], said, labels=["supported", "contradicted", "absent"], average="macro")
    yield Line("BUMP: three-way macro-F1 as decided", float(value), ".90", len(rows), name="threeway_macro_f1")


_AIMS = {"factcc_human": ".80", "goyal21": ".75", "gofigure_human": ".75", "fever_symmetric": ""}


def _development(name: str, rows: Sequence[Question], answers: Answers) -> Iterator[Line]:
    if name == "polytope":
        sound = [
            any(answers[pair].label == "contradicted" for pair in row.pairs) for row in rows if row.truth == "supported"
        ]
        yield Line("polytope: sound summaries with a sentence accused", float(np.mean(sound)), "≤ .05", len(sound))
        return
    scores, truths = _scores(rows, answers), _truths(rows)
    yield Line(f"{name}: AUC", roc_auc_score(truths, scores), "", len(rows))
    yield Line("balanced accuracy as decided", _as_decided(rows, answers), _AIMS[name])
    yield Line("at the best threshold", _best(truths, scores))


def _own(sets: Mapping[str, Sequence[Question]], answers: Answers) -> Iterator[Line]:
    def said(rows: Sequence[Question]) -> list[Answer]:
        return [answers[row.pairs[0]] for row in rows]

    true, false, claims = (sets[f"own {name}"] for name in ("statements", "false versions", "claims"))
    yield Line("own article: true statements supported", _count(said(true), "supported"), "54", len(true))
    yield Line("false versions supported", _count(said(false), "supported"), "≤ 6", len(false))
    yield Line("false versions contradicted", _count(said(false), "contradicted"), "90", len(false))
    sound, unsound = ([row for row in claims if (row.truth == "supported") == right] for right in (True, False))
    yield Line("own labels: sound claims supported", _count(said(sound), "supported"), "93 %", len(sound))
    yield Line("unsound claims supported", _count(said(unsound), "supported"), "0", len(unsound))


def _scores(rows: Sequence[Question], answers: Answers) -> np.ndarray:
    return np.array([min(answers[pair].supported for pair in row.pairs) for row in rows])


def _truths(rows: Sequence[Question]) -> np.ndarray:
    return np.array([row.truth == "supported" for row in rows], dtype=int)


def _as_decided(rows: Sequence[Question], answers: Answers) -> float:
    said = [all(answers[pair].label == "supported" for pair in row.pairs) for row in rows]
    return float(balanced_accuracy_score(_truths(rows), said))


def _best(truths: np.ndarray, scores: np.ndarray) -> float:
    false_positives, true_positives, _ = roc_curve(truths, scores)
    return float(np.max((1 + true_positives - false_positives) / 2))


def _balanced_across(rows: Sequence[Question], scores: np.ndarray, truths: np.ndarray) -> float:
    """Each half of the articles is decided at the threshold that is best for the other half."""
    groups = sorted({row.group for row in rows})
    first = np.array([groups.index(row.group) % 2 == 0 for row in rows])
    said = np.zeros(len(rows), dtype=int)
    for fitted, reported in ((first, ~first), (~first, first)):
        false_positives, true_positives, thresholds = roc_curve(truths[fitted], scores[fitted])
        said[reported] = scores[reported] >= thresholds[np.argmax(true_positives - false_positives)]
    return float(balanced_accuracy_score(truths, said))


def _by_summary(rows: Sequence[Question], values: Iterable[float]) -> dict[tuple[str, str], float]:
    found: dict[tuple[str, str], list[float]] = {}
    for row, value in zip(rows, values, strict=True):
        found.setdefault((row.group, row.system), []).append(value)
    return {key: float(np.mean(each)) for key, each in found.items()}


def _pearson(first: Sequence[float], second: Sequence[float]) -> float | None:
    return None if len(set(first)) < 2 or len(set(second)) < 2 else float(pearsonr(first, second).statistic)


def _calibration_error(scores: np.ndarray, truths: np.ndarray) -> float:
    """Expected calibration error over bins of equal width (Guo et al. 2017)."""
    return sum(abs(mean - share) * count for mean, share, count in reliability(scores, truths)) / len(scores)


def _share(given: Sequence[Answer], label: Label) -> float:
    return float(np.mean([answer.label == label for answer in given]))


def _count(given: Sequence[Answer], label: Label) -> float:
    return sum(answer.label == label for answer in given)


def main() -> None:
    parser = data_option.parser(__doc__)
    parser.add_argument("--verifier", default="entailment", help="a kind, or a YAML file as harness meta-eval takes it")
    parser.add_argument("--set", action="append", default=[], dest="options", metavar="OPTION=VALUE")
    parser.add_argument("--articles", type=int, help="of REALSumm's hundred; all where this is left out")
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--card", type=Path, help="write the numbers that reports quote into this file, too")
    given = parser.parse_args()
    asked = questions(given.data, ROOT / "references", given.articles)
    verifier = config.load_verifier(given.verifier, given.options)
    floor = config.load_verifier(FLOOR)
    answers = ask(verifier, asked.pairs(), given.work)
    lines, floors = report(asked, answers), report(asked, ask(floor, asked.pairs(), given.work))
    sys.stdout.write(
        f"`{verifier.kind()}`, {date.today().isoformat()}, {platform.machine()}, {os.cpu_count()} cores\n\n"
    )
    sys.stdout.write(f"| | n | `{verifier.kind()}` | `{floor.kind()}` | target |\n|---|---|---|---|---|\n")
    for line, other in zip(lines, floors, strict=True):
        values = f"{_shown(line.value)} | {_shown(other.value)}"
        sys.stdout.write(f"| {line.title} | {line.rows or ''} | {values} | {line.target} |\n")
    if given.card:
        facts = asked.sets["realsumm"]
        numbers = {line.name: line.value for line in lines if line.name and line.value is not None}
        numbers |= {COUNTS[line.name]: line.rows for line in lines if line.name in COUNTS}
        bins = reliability(_scores(facts, answers), _truths(facts))
        write_text(given.card, json.dumps(card(given.data, facts, numbers, bins), indent=1) + "\n")


def _shown(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.3f}" if value < 1.5 and value % 1 else f"{value:g}"


if __name__ == "__main__":
    main()
