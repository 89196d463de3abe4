"""Train the verifier ``entailment`` on labelled data, and report how it does on groups that it was not trained on.

    python benchmarks/fit_entailment.py [--data DIR] [--work DIR] [--seed N] [--fold K]

Writes ``harness/verifiers/_entailment/network.safetensors`` and ``blend.json``, and ``benchmarks/entailment.md`` (the
numbers). The data are REALSumm (CC BY 4.0) and BUMP (MIT), in the folder that ``--data`` or the environment variable
``HARNESS_LABELLED_DATA`` names. What takes long is kept in ``--work``, and a run that was ended goes on from there;
``--fold K`` trains one fold alone (5: the network that ships), so that several can be trained at once.

Protocol. The groups (source articles) are dealt into five folds. For each fold the network is trained on most of the
other four, a regression is fitted on the rest of them, which the network has not seen, and then the fold is scored.
What is reported comes from these out-of-fold scores alone. What ships is made in the same way from all groups.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
import torch

from benchmarks.data_option import parser
from benchmarks.entailment_accusations import Says, decided
from benchmarks.entailment_blend import (
    Known,
    Question,
    Read,
    Rows,
    Surface,
    Told,
    as_json,
    blend,
    findings,
    probabilities,
    told,
    words,
    words_of,
)  # fmt: skip  # a list
from benchmarks.entailment_data import Block, blocks, synthetic, synthetic_origin, trained_on
from benchmarks.entailment_report import Measured, Numbers, about, measured, sources, table
from benchmarks.entailment_training import Batches, train
from benchmarks.fit_lexical import fit
from benchmarks.labelled import FOLDS, Data, Edit, Row
from harness.checker.meta_eval.edits import Scores
from harness.data.labelled import read
from harness.files import write_text
from harness.records import Pair, Probabilities
from harness.text import sentences
from harness.verifiers._entailment import packed
from harness.verifiers._entailment.blend import Blend
from harness.verifiers._entailment.encoder import encoder
from harness.verifiers._entailment.passages import is_long, joined, passage
from harness.verifiers._entailment.reading import Reader
from harness.verifiers._lexical.judge import Judge
from harness.verifiers._slots.findings import Findings
from harness.verifiers.cascade import Cascade
from harness.verifiers.decide import is_settled, most_likely
from harness.verifiers.entailment import BLEND, NETWORK
from harness.verifiers.lexical import Lexical
from harness.verifiers.prediction import Prediction

ROOT = Path(__file__).resolve().parent.parent
HELD = 0.12
"""The share of the groups trained on that the regression is fitted on instead."""

SETTLED_ON = frozenset({0, 1, 2})
"""The folds that were looked at while blend and decision were settled."""
TABLE = ROOT / "benchmarks" / "entailment.md"


@dataclass(frozen=True)
class Split:
    """Groups by what they are used for; no group is in two."""

    train: frozenset[str]
    blend: frozenset[str]
    test: frozenset[str]


def split(data: Data, fold: int, seed: int) -> Split:
    """Fold ``FOLDS`` is what ships: nothing is left to test on."""
    test = {group for group, its in data.folds.items() if its == fold}
    known = sorted(set(data.folds) - test)
    held = frozenset(
        np.random.default_rng([seed, fold]).choice(known, round(HELD * len(known)), replace=False).tolist()
    )
    return Split(frozenset(known) - held, held, frozenset(test))


@dataclass(frozen=True)
class Work:
    """What takes long, and where it is kept."""

    data: Data
    folder: Path
    kept: Path
    seed: int

    def synthetic(self) -> list[Block]:
        return synthetic(self.data, self.folder, self.kept / "synthetic.jsonl", self.seed)

    def origin(self) -> dict[str, object]:
        """Of the synthetic pairs: what they are, and which perturbations made them."""
        return synthetic_origin(self.kept / "synthetic.jsonl")

    def network(self, fold: int) -> Path:
        """The trained network of a fold."""
        file = self.kept / f"network-{fold}.safetensors"
        if not file.is_file():
            chosen = trained_on(blocks(self.data), self.synthetic(), split(self.data, fold, self.seed).train, self.seed)
            trained = train(Batches(encoder()), chosen, self.seed)
            packed.save(trained, file.with_suffix(".part"))
            file.with_suffix(".part").rename(file)
        return file

    def read(self, fold: int) -> Read:
        """What a fold's network says of all that the regression is fitted on and tested with."""
        file = self.kept / f"read-{fold}.jsonl"
        if not file.is_file():
            groups = split(self.data, fold, self.seed)
            wanted = sorted(set(questions(self.data, groups.blend | groups.test)))
            found = Reader(encoder(), packed.load(self.network(fold))).read(wanted)
            rows = [[*pair, each.supported, each.contradicted, each.absent]
                    for pair, each in zip(wanted, found, strict=True) if each]  # fmt: skip  # one row a line
            file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        with file.open(encoding="utf-8") as lines:
            return {(row[0], row[1]): Probabilities(*row[2:]) for row in map(json.loads, lines)}


def of_edits(edits: Sequence[Edit]) -> Iterator[Question]:
    for edit in edits:
        yield from ((edit.article, span.text) for text in (edit.faithful, edit.edited) for span in sentences(text))


def questions(data: Data, groups: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Every premise, as it is read, and statement of the groups."""
    for block in _of(blocks(data), groups):
        yield from ((block.premise, text) for text, _ in block.statements)
    asked = [(choice.premise, text) for choice in data.choices if choice.group in groups
             for text in (choice.true, choice.false)]  # fmt: skip  # one comprehension
    asked += of_edits([edit for edit in data.edits if edit.group in groups])
    yield from ((joined(passage(premise, text)), text) for premise, text in asked)


def _of(found: Sequence[Block], groups: frozenset[str]) -> Iterator[Block]:
    return (block for block in found if block.group in groups)


@dataclass(frozen=True)
class Fitted:
    """All of a fold's verifier, and what it says of questions of its groups."""

    blend: Blend
    known: Known

    def predict(self, premise: str, statement: str) -> Prediction:
        found = probabilities(self.blend, self.known, (premise, statement))
        unexplained = not self.known.surface.findings[premise, statement].of("conflict")
        return Prediction(found, read_whole=not is_long(premise), unexplained=unexplained)


def fitted(work: Work, fold: int, found: Mapping[Question, Findings]) -> Fitted:
    """Trees on the groups that the network was trained on, regressions on those held back."""
    groups, data = split(work.data, fold, work.seed), work.data
    surface = Surface(words_of(data, groups.train), found)

    def rows(chosen: frozenset[str]) -> Rows:
        found = (told(_rows(data, chosen)), _made_up(work, chosen))
        return Rows(*([row for row in each if surface.readable(row[0])] for each in found))

    learned = words(rows(groups.train), rows(groups.blend), surface)
    choices = [choice for choice in data.choices if choice.group in groups.blend]
    known = Known(learned, surface, work.read(fold))
    return Fitted(blend(told(_rows(data, groups.blend)), choices, known), known)


def _rows(data: Data, groups: frozenset[str]) -> list[Row]:
    return [row for row in data.rows if row.group in groups]


def _made_up(work: Work, groups: frozenset[str]) -> Iterator[Told]:
    for block in _of(work.synthetic(), groups):
        yield from (((block.whole, text), label, False) for text, label in block.statements)  # type: ignore[misc]  # made ones are of the three labels


def every_question(work: Work) -> Iterator[Question]:
    """All that words and slots are ever asked."""
    yield from ((row.premise, row.hypothesis) for row in work.data.rows)
    yield from ((block.whole, text) for block in work.synthetic() for text, _ in block.statements)
    yield from ((choice.premise, text) for choice in work.data.choices for text in (choice.true, choice.false))
    yield from of_edits(work.data.edits)


def by_itself(work: Work, made: Mapping[int, Fitted]) -> Says:
    """What ``made`` says, fold by fold: of each group the one that nothing of it was fitted on."""
    return cache(lambda group, *question: made[work.data.folds[group]].predict(*question))


def after_words(work: Work, then: Says) -> Says:
    """The cascade of ``configs/base.yaml``: what ``lexical`` is sure of is not asked of ``entailment``."""
    judges = {fold: Judge(fit(work.data.without(fold))) for fold in range(FOLDS)}
    threshold = Cascade.model_fields["step_threshold"].default

    def says(group: str, premise: str, statement: str) -> Prediction:
        words = judges[work.data.folds[group]].predict(Pair(premise, statement))
        sure = is_settled(words, most_likely(words.probabilities), Lexical.conclusive, threshold)
        return words if sure else then(group, premise, statement)

    return cache(says)


def out_of_fold(work: Work, says: Says) -> Measured:
    """What fold by fold is said of the groups that nothing of it was fitted on."""

    def of(group: str, premise: str, statement: str) -> Probabilities:
        return says(group, premise, statement).probabilities

    corpora = {
        prefix: read(work.folder / name)
        for prefix, name in (("realsumm", "realsumm_coverage.jsonl"), ("bump", "bump_threeway.jsonl"))
    }
    judgements = {
        prefix: [(row, of(f"{prefix}:{row.group}", row.pair.premise, row.pair.hypothesis)) for row in corpus.judgements]
        for prefix, corpus in corpora.items()
    }
    pairs = read(work.folder / "bump_pairs.jsonl").edits
    scores = [
        Scores(*(
            tuple(of(f"bump:{edit.group}", edit.article, span.text).supported for span in sentences(text))
            for text in (edit.faithful, edit.edited)
        ))
        for edit in pairs
    ]  # fmt: skip  # the two summaries of each
    return measured(judgements["realsumm"], judgements["bump"], (pairs, scores), work.seed)


def numbers(work: Work, says: Says) -> Numbers:
    return Numbers(
        out_of_fold(work, says),
        decided(work.folder, says, lambda group: True),
        decided(work.folder, says, lambda group: work.data.folds[group] not in SETTLED_ON),
    )


def main() -> None:
    command = parser(__doc__)
    command.add_argument("--work", type=Path, default=ROOT / "benchmarks" / ".work" / "entailment")
    command.add_argument("--seed", type=int, default=0)
    command.add_argument("--fold", type=int, choices=range(FOLDS + 1))
    options = command.parse_args()
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "2")))
    options.work.mkdir(parents=True, exist_ok=True)
    work = Work(Data.read(options.data, options.seed), options.data, options.work, options.seed)
    for fold in range(FOLDS + 1) if options.fold is None else [options.fold]:
        work.read(fold)
    if options.fold is None:
        found = findings(every_question(work))
        made = {fold: fitted(work, fold, found) for fold in range(FOLDS + 1)}
        says = by_itself(work, made)
        alone, behind = (numbers(work, each) for each in (says, after_words(work, says)))
        shutil.copy(work.network(FOLDS), NETWORK)
        card = about(sources(work.data, work.folder), work.origin(), options.seed, alone, behind)
        write_text(BLEND, as_json(replace(made[FOLDS].blend, card=card)))
        write_text(TABLE, table(alone, behind, options.seed))


if __name__ == "__main__":
    main()
