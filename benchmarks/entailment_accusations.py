"""What a verifier says as it decides, not as it is likeliest: whom it accuses, and what it lets pass.

A false accusation is a sentence that people wrote as faithful and that is called contradicted by its own article, or a
fact that people found in a summary and that is called contradicted by it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.metrics import f1_score

from harness.data.labelled import read
from harness.records import LABELS, Label
from harness.text import sentences
from harness.verifiers.entailment import Entailment
from harness.verifiers.prediction import Prediction

Says = Callable[[str, str, str], Prediction]
"""What is said of a group's premise and statement."""

SHARES = {
    "accused": "faithful sentences called contradicted by their article",
    "believed": "faithful sentences called supported",
    "caught": "sentences with an error written in called contradicted",
    "missed": "sentences with an error written in called supported",
    "accused_facts": "REALSumm: facts in the summary called contradicted by it",
}


@dataclass(frozen=True)
class Decided:
    """Shares of the labels given."""

    shares: Mapping[str, float]
    """By the names of ``SHARES``."""
    macro_f1: float
    """Of the three-way rows, where an uncertain verdict is a wrong one."""

    def figures(self) -> dict[str, float]:
        return {**self.shares, "decided_macro_f1": self.macro_f1}


def decided(folder: Path, says: Says, wanted: Callable[[str], bool]) -> Decided:
    """With the options that the verifier has when nobody sets them, over the groups that are ``wanted``."""
    judge = Entailment()

    def label(group: str, premise: str, statement: str) -> Label:
        return judge.decide(says(group, premise, statement)).label

    faithful, edited = _sentences(folder)
    of_faithful, of_edited = (
        [label(*question) for question in asked if wanted(question[0])] for asked in (faithful, edited)
    )
    facts = [
        label(f"realsumm:{row.group}", row.pair.premise, row.pair.hypothesis)
        for row in read(folder / "realsumm_coverage.jsonl").judgements
        if row.label == "supported" and wanted(f"realsumm:{row.group}")
    ]
    three = [row for row in read(folder / "bump_threeway.jsonl").judgements if wanted(f"bump:{row.group}")]
    said = [label(f"bump:{row.group}", row.pair.premise, row.pair.hypothesis) for row in three]
    return Decided(
        {
            "accused": _share(of_faithful, "contradicted"),
            "believed": _share(of_faithful, "supported"),
            "caught": _share(of_edited, "contradicted"),
            "missed": _share(of_edited, "supported"),
            "accused_facts": _share(facts, "contradicted"),
        },
        float(f1_score([row.label for row in three], said, labels=LABELS[:3], average="macro")),
    )


def _sentences(folder: Path) -> tuple[list[tuple[str, str, str]], list[tuple[str, str, str]]]:
    """Every sentence of the faithful summaries, and those that only an edited one has, each once for its article."""
    edits = read(folder / "bump_pairs.jsonl").edits

    def of(summaries: Iterator[tuple[str, str, str]]) -> dict[tuple[str, str, str], None]:
        return {(group, article, span.text): None for group, article, text in summaries for span in sentences(text)}

    faithful = of((f"bump:{edit.group}", edit.article, edit.faithful) for edit in edits)
    edited = of((f"bump:{edit.group}", edit.article, edit.edited) for edit in edits)
    return list(faithful), [question for question in edited if question not in faithful]


def _share(labels: Sequence[Label], wanted: Label) -> float:
    return float(np.mean([label == wanted for label in labels]))
