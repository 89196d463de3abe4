"""The rows that the verifier ``likelihood`` is fitted on, and what a language model makes of them.

A model reads every row, so a part of the labelled data is drawn, by group; what was read is kept in a cache.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
from labelled import dealt

from harness.data.labelled import Edit, Judgement, read
from harness.records import Label, Pair
from harness.signature import code_version, digest
from harness.text import sentences
from harness.verifiers.likelihood import Likelihood

Corpus = Literal["coverage", "threeway", "grounding"]

COVERAGE_GROUPS, COVERAGE_SYSTEMS = 32, 2
EDIT_GROUPS, EDITS = 30, 3
"""Articles drawn, and of each so many summaries or edited summaries."""
THREEWAY = 20
"""Edited summaries that are themselves taken as premises."""
WRITTEN = "written"
MADE = "made"


@dataclass(frozen=True)
class Row:
    """A pair, and what people said of it."""

    corpus: Corpus
    group: str
    pair: Pair
    label: Label
    edit: int = -1
    """Grounding: which edited summary the statement is a sentence of."""
    kind: str = ""
    """The kind of error written into that summary."""

    @property
    def origin(self) -> str:
        """Where its false versions come from."""
        return WRITTEN if self.pair.contrasts else MADE


Features = Mapping[str, float]


# Reading ------------------------------------------------------------------------------------------------------------


def drawn(names: Iterable[str], count: int, rng: np.random.Generator) -> list[str]:
    known = sorted(set(names))
    return [known[at] for at in rng.permutation(len(known))[:count]]


def coverage(folder: Path, rng: np.random.Generator) -> list[Row]:
    """All facts of some summaries of some articles."""
    by_summary: dict[tuple[str, str], list[Judgement]] = defaultdict(list)
    for row in read(folder / "realsumm_coverage.jsonl").judgements:
        by_summary[row.group, row.system].append(row)
    found = []
    for group in drawn((group for group, _ in by_summary), COVERAGE_GROUPS, rng):
        for system in drawn((system for name, system in by_summary if name == group), COVERAGE_SYSTEMS, rng):
            for row in by_summary[group, system]:
                label: Label = "supported" if row.label == "supported" else "absent"
                found.append(Row("coverage", f"realsumm:{group}", row.pair, label))
    return found


def edits(folder: Path, rng: np.random.Generator) -> list[Edit]:
    """Some edited summaries of some articles."""
    by_group: dict[str, list[Edit]] = defaultdict(list)
    for edit in read(folder / "bump_pairs.jsonl").edits:
        by_group[edit.group].append(edit)
    return [
        replace(by_group[group][at], group=f"bump:{group}")
        for group in drawn(by_group, EDIT_GROUPS, rng)
        for at in rng.permutation(len(by_group[group]))[:EDITS]
    ]


def differing(edit: Edit) -> tuple[list[str], list[str], list[str]]:
    """The sentences that both summaries have, those of the faithful one alone, those of the edited one alone."""
    faithful, edited = ([span.text for span in sentences(text)] for text in (edit.faithful, edit.edited))
    both = [each for each in faithful if each in edited]
    return both, [each for each in faithful if each not in both], [each for each in edited if each not in both]


def grounding(pairs: Sequence[Edit], folds: Mapping[str, int]) -> Iterator[Row]:
    """Sentences against their article, and faithful ones against another article of the fold, each in both ways."""
    for at, edit in enumerate(pairs):
        both, faithful, edited = differing(edit)
        fellows = [each for each in pairs if folds[each.group] == folds[edit.group] and each.group != edit.group]
        other = fellows[at % len(fellows)].article

        def row(article: str, text: str, label: Label, edit: Edit = edit, at: int = at) -> Row:
            return Row("grounding", edit.group, Pair(article, text), label, at, edit.kind)

        yield from (row(edit.article, text, "supported") for text in both)
        yield from told((row(edit.article, text, "supported") for text in faithful), edited)
        yield from told((row(edit.article, text, "contradicted") for text in edited), faithful)
        yield from told((row(other, text, "absent") for text in faithful), edited)


def threeway(pairs: Sequence[Edit]) -> Iterator[Row]:
    """Sentences against the summary that has them, the one that has their other version, and one without either."""
    for at, edit in enumerate(pairs):
        both, faithful, edited = differing(edit)

        def row(premise: str, text: str, label: Label, edit: Edit = edit, at: int = at) -> Row:
            return Row("threeway", edit.group, Pair(premise, text), label, at, edit.kind)

        yield from told((row(edit.faithful, text, "supported") for text in faithful), edited)
        yield from told((row(edit.edited, text, "contradicted") for text in faithful), edited)
        if both:
            yield from told((row(" ".join(both), text, "absent") for text in faithful), edited)


def told(rows: Iterable[Row], contrasts: Sequence[str]) -> Iterator[Row]:
    """Each row without a false version, and where there is a single one, with it."""
    for row in rows:
        yield row
        if len(contrasts) == 1:
            yield replace(row, pair=replace(row.pair, contrasts=tuple(contrasts)))


def rows_of(folder: Path, seed: int) -> tuple[list[Row], list[Edit], dict[str, int]]:
    """What is read, the edited summaries that it comes from, and the fold of each group."""
    rng = np.random.default_rng(seed)
    facts, pairs = coverage(folder, rng), edits(folder, rng)
    folds = {**dealt([row.group for row in facts], seed), **dealt([edit.group for edit in pairs], seed)}
    return [*facts, *threeway(pairs[::EDITS][:THREEWAY]), *grounding(pairs, folds)], pairs, folds


# What the model makes of them ---------------------------------------------------------------------------------------


def features_of(verifier: Likelihood, rows: Sequence[Row], cache: Path) -> list[Features]:
    """The features of each row; a row that was read before is taken from the cache."""
    cache.mkdir(parents=True, exist_ok=True)
    file = cache / f"{_version(verifier)}.jsonl"
    known: dict[str, Features] = {}
    if file.is_file():
        known = dict(json.loads(line) for line in file.read_text(encoding="utf-8").splitlines())
    waiting: dict[str, dict[str, Pair]] = defaultdict(dict)
    for row in rows:
        if key(row.pair) not in known:
            waiting[row.pair.premise][key(row.pair)] = row.pair
    with file.open("a", encoding="utf-8") as out:
        for done, asked in enumerate(waiting.values()):
            for name, found in zip(asked, verifier.features(list(asked.values())), strict=True):
                if found is None:
                    raise SystemExit(f"a row could not be read: {asked[name].hypothesis!r}")
                known[name] = found
                out.write(json.dumps([name, found]) + "\n")
            out.flush()
            sys.stderr.write(f"\r{done + 1} of {len(waiting)} premises read")
    return [known[key(row.pair)] for row in rows]


def _version(verifier: Likelihood) -> str:
    """What the features depend on; the fitted weights are none of it."""
    code = [code_version(f"harness.verifiers._likelihood.{part}") for part in ("asker", "rivals")]
    return digest(verifier.weights, verifier.dtype, verifier.false_versions, code)


def key(pair: Pair) -> str:
    return digest(asdict(pair))
