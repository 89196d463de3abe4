"""The labelled data that ``fit_lexical.py`` fits and measures with: REALSumm (CC BY 4.0) and BUMP (MIT), in folds.

Groups are source articles. Weights fitted on some groups are reported on other groups.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from sklearn.model_selection import GroupKFold

from benchmarks.quality.questions import read_lines
from harness.records import Label
from harness.text import sentences

Corpus = Literal["coverage", "threeway", "grounding"]

FOLDS = 5


@dataclass(frozen=True)
class Row:
    corpus: Corpus
    group: str
    system: str
    premise: str
    hypothesis: str
    label: Label


@dataclass(frozen=True)
class Edit:
    """A summary that people found faithful, and the same summary with one injected error."""

    group: str
    article: str
    faithful: str
    edited: str


@dataclass(frozen=True)
class Choice:
    """A sentence that the premise supports, and a false version of it."""

    group: str
    premise: str
    true: str
    false: str
    in_article: bool


@dataclass(frozen=True)
class Data:
    """All labelled data, with the fold of each group."""

    rows: Sequence[Row]
    choices: Sequence[Choice]
    edits: Sequence[Edit]
    folds: Mapping[str, int]

    @classmethod
    def read(cls, folder: Path, seed: int) -> Data:
        facts = [
            Row("coverage", f"realsumm:{record['group']}", record["system"], record["premise"], hypothesis, label)
            for record in read_lines(folder / "realsumm_coverage.jsonl")
            for hypothesis, label in zip(record["hypotheses"], record["labels"], strict=True)
        ]
        three = [
            Row("threeway", f"bump:{record['group']}", "", record["premise"], record["hypothesis"], record["label"])
            for record in read_lines(folder / "bump_threeway.jsonl")
        ]
        edits = [
            Edit(f"bump:{record['group']}", record["premise"], record["supported"], record["contradicted"])
            for record in read_lines(folder / "bump_pairs.jsonl")
        ]
        folds = {group: fold for rows in (facts, edits) for group, fold in _assign_folds(rows, seed).items()}
        return cls([*facts, *three, *_pair_with_articles(edits, folds)], _list_choices(edits), edits, folds)

    def split(self, fold: int) -> tuple[Data, Data]:
        """Return the data of all other folds, and the data of this fold."""

        def select(inside: bool) -> Data:
            groups = {group for group, number in self.folds.items() if (number == fold) == inside}
            return Data(
                [row for row in self.rows if row.group in groups],
                [choice for choice in self.choices if choice.group in groups],
                [edit for edit in self.edits if edit.group in groups],
                self.folds,
            )

        return select(inside=False), select(inside=True)


def _assign_folds(rows: Sequence[Row] | Sequence[Edit], seed: int) -> dict[str, int]:
    names = np.array(sorted({row.group for row in rows}))
    splits = GroupKFold(FOLDS, shuffle=True, random_state=seed).split(names, groups=names)
    return {str(name): fold for fold, (_, test) in enumerate(splits) for name in names[test]}


def _pair_with_articles(edits: Sequence[Edit], folds: Mapping[str, int]) -> list[Row]:
    """Pair original and edited sentences with their article, and originals with another article of the fold."""
    articles = {edit.group: edit.article for edit in edits}
    other: dict[str, str] = {}
    for fold in range(FOLDS):
        groups = [group for group in articles if folds[group] == fold]
        other.update(zip(groups, groups[1:] + groups[:1], strict=True))
    rows = []
    for edit in edits:
        faithful, edited = _find_differing(edit)
        stranger = articles[other[edit.group]]
        rows += [Row("grounding", edit.group, "", edit.article, text, "supported") for text in faithful]
        rows += [Row("grounding", edit.group, "", edit.article, text, "contradicted") for text in edited]
        rows += [Row("grounding", edit.group, "", stranger, text, "absent") for text in faithful]
    return rows


def _list_choices(edits: Sequence[Edit]) -> list[Choice]:
    """Pair the edited sentence and its original with the article and with each of the two summaries."""
    choices = []
    for edit in edits:
        faithful, edited = _find_differing(edit)
        if len(faithful) == len(edited) == 1:
            true, false = faithful[0], edited[0]
            choices.append(Choice(edit.group, edit.article, true, false, in_article=True))
            choices.append(Choice(edit.group, edit.faithful, true, false, in_article=False))
            choices.append(Choice(edit.group, edit.edited, false, true, in_article=False))
    return choices


def _find_differing(edit: Edit) -> tuple[list[str], list[str]]:
    """Find the sentences that only the faithful summary has, and those that only the edited summary has."""
    faithful, edited = ([span.text for span in sentences(text)] for text in (edit.faithful, edit.edited))
    return [each for each in faithful if each not in edited], [each for each in edited if each not in faithful]
