"""The labelled data that benchmarks fit on and report with: REALSumm (CC BY 4.0) and BUMP (MIT), dealt into folds.

They lie in the folder that ``--data`` or the environment variable ``HARNESS_LABELLED_DATA`` names. Groups are source
articles: what is fitted on some is reported on others.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

import numpy as np
from sklearn.model_selection import GroupKFold

from harness.records import Label
from harness.signature import file_digest
from harness.text import sentences

Card = dict[str, object]
"""What a model card says about weights."""
Corpus = Literal["coverage", "threeway", "grounding"]

FOLDS = 5


@dataclass(frozen=True)
class Row:
    """A premise, a hypothesis, and what people said."""

    corpus: Corpus
    group: str
    system: str
    premise: str
    hypothesis: str
    label: Label


@dataclass(frozen=True)
class Edit:
    """A summary that people found faithful, and the same with one injected error."""

    group: str
    article: str
    faithful: str
    edited: str


@dataclass(frozen=True)
class Choice:
    """What the premise says, and a false version of it."""

    group: str
    premise: str
    true: str
    false: str
    in_article: bool


def records(folder: Path, name: str) -> list[Any]:
    with (folder / name).open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def coverage(folder: Path) -> list[Row]:
    return [
        Row("coverage", f"realsumm:{record['group']}", record["system"], record["premise"], hypothesis, label)
        for record in records(folder, "realsumm_coverage.jsonl")
        for hypothesis, label in zip(record["hypotheses"], record["labels"], strict=True)
    ]


def threeway(folder: Path) -> list[Row]:
    return [
        Row("threeway", f"bump:{record['group']}", "", record["premise"], record["hypothesis"], record["label"])
        for record in records(folder, "bump_threeway.jsonl")
    ]


def edits(folder: Path) -> list[Edit]:
    return [
        Edit(f"bump:{record['group']}", record["premise"], record["supported"], record["contradicted"])
        for record in records(folder, "bump_pairs.jsonl")
    ]


def differing(edit: Edit) -> tuple[list[str], list[str]]:
    """The sentences that only the faithful summary has, and those that only the edited one has."""
    faithful, edited = ([span.text for span in sentences(text)] for text in (edit.faithful, edit.edited))
    return [each for each in faithful if each not in edited], [each for each in edited if each not in faithful]


def grounding(pairs: Sequence[Edit], folds: Mapping[str, int]) -> list[Row]:
    """Original and edited sentences against their article, and originals against another article of the fold."""
    articles = {edit.group: edit.article for edit in pairs}
    other: dict[str, str] = {}
    for fold in range(FOLDS):
        groups = [group for group in articles if folds[group] == fold]
        other.update(zip(groups, groups[1:] + groups[:1], strict=True))
    rows = []
    for edit in pairs:
        faithful, edited = differing(edit)
        stranger = articles[other[edit.group]]
        rows += [Row("grounding", edit.group, "", edit.article, text, "supported") for text in faithful]
        rows += [Row("grounding", edit.group, "", edit.article, text, "contradicted") for text in edited]
        rows += [Row("grounding", edit.group, "", stranger, text, "absent") for text in faithful]
    return rows


def choices(pairs: Sequence[Edit]) -> list[Choice]:
    """The edited sentence and its original, against the article and against either summary."""
    found = []
    for edit in pairs:
        faithful, edited = differing(edit)
        if len(faithful) == len(edited) == 1:
            true, false = faithful[0], edited[0]
            found.append(Choice(edit.group, edit.article, true, false, in_article=True))
            found.append(Choice(edit.group, edit.faithful, true, false, in_article=False))
            found.append(Choice(edit.group, edit.edited, false, true, in_article=False))
    return found


@dataclass(frozen=True)
class Data:
    """All labelled data, dealt into folds by group."""

    rows: Sequence[Row]
    choices: Sequence[Choice]
    edits: Sequence[Edit]
    folds: Mapping[str, int]

    @classmethod
    def read(cls, folder: Path, seed: int) -> Data:
        facts, pairs = coverage(folder), edits(folder)
        folds = {**dealt([row.group for row in facts], seed), **dealt([edit.group for edit in pairs], seed)}
        return cls([*facts, *threeway(folder), *grounding(pairs, folds)], choices(pairs), pairs, folds)

    def without(self, fold: int) -> Data:
        """What may be fitted on when ``fold`` is scored."""
        return self._where(lambda group: self.folds[group] != fold)

    def only(self, fold: int) -> Data:
        return self._where(lambda group: self.folds[group] == fold)

    def _where(self, wanted: Callable[[str], bool]) -> Data:
        return Data(
            [row for row in self.rows if wanted(row.group)],
            [choice for choice in self.choices if wanted(choice.group)],
            [edit for edit in self.edits if wanted(edit.group)],
            self.folds,
        )


def dealt(groups: Sequence[str], seed: int) -> dict[str, int]:
    """Group → fold."""
    names = np.array(sorted(set(groups)))
    splits = GroupKFold(FOLDS, shuffle=True, random_state=seed).split(names, groups=names)
    return {str(name): fold for fold, (_, test) in enumerate(splits) for name in names[test]}


def source(folder: Path, file: str, used_as: str, groups: Sequence[str]) -> dict[str, object]:
    """One use of one file: whose it is, which file it was, how many rows of how many groups."""
    name, licence = ("REALSumm", "CC BY 4.0") if file.startswith("realsumm") else ("BUMP task 1", "MIT")
    digest = file_digest(folder / file)
    return {
        "name": name, "licence": licence, "used_as": used_as, "rows": len(groups), "groups": len(set(groups)),
        "file": file, "sha256": digest,
    }  # fmt: skip  # one entry of the card


def card(made_by: str, seed: int, data: Sequence[object], out_of_fold: Mapping[str, object], **more: object) -> Card:
    """How weights were made: the script in benchmarks/, the sources (see ``source``), and how well they do."""
    return {
        "made_by": f"benchmarks/{made_by}",
        "date": date.today().isoformat(),
        "seed": seed,
        "folds": FOLDS,
        **more,
        "data": list(data),
        "out_of_fold": {
            name: round(value, 4) if isinstance(value, float) else value for name, value in out_of_fold.items()
        },
    }
