"""The labelled rows that the network learns from and is calibrated on, with the texts of every report kept out.

Three sources: rows written for this project (``data/written``), sets that people labelled (``data/entailment``), and
the training articles of REALSumm and BUMP. A text is recognised by its opening, because the sets made of XSum and
CNN/DailyMail share articles under different names. Of some sets one text in eight is reserved for calibration.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from benchmarks.quality.differences import Stretches, find_changes
from benchmarks.quality.questions import DEVELOPMENT, edited, of_use, realsumm, threeway
from benchmarks.training.recipe import Recipe
from harness.checker_en.passages import read_text, select_passage
from harness.records import Pair
from harness.signature import digest
from harness.text import sentences

Target = Literal["supported", "contradicted", "absent", "unsupported"]
"""``unsupported``: contradicted or absent; the source does not say which."""

LICENCES = {
    "written": "CC BY 4.0", "lingnli": "none stated (premises of MultiNLI)", "mnli_dev": "MultiNLI's terms",
    "fever": "Wikipedia's terms", "fm2": "Apache-2.0", "cfnli": "Apache-2.0", "healthver": "none stated",
    "wice": "CC BY-SA", "factcheckgpt": "Apache-2.0", "attributionbench": "none stated", "begin": "CC BY 4.0",
    "rose_partial": "BSD-3-Clause", "defacto": "MIT", "xsumfaith": "CC BY 4.0", "entfa": "none stated",
    "fib": "CC BY 4.0", "factcg": "MIT", "realsumm": "CC BY 4.0", "bump_threeway": "MIT", "bump": "MIT",
}  # fmt: skip  # a table
"""Source of rows → its licence, as the source states it."""
RESERVED_SETS = ("defacto", "xsumfaith", "fib", "factcheckgpt", "wice", "attributionbench", "fever", "lingnli")
"""Sets of which some texts are reserved for calibration."""
RESERVED = 8
"""One text in this many is reserved."""
OPENING = 100
"""Letters and digits at the start of a text that identify it."""
POOL = 40
"""Batches whose rows are sorted by length together: rows of one length cost less."""
_SQUEEZED = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Row:
    """One pair to learn from."""

    premise: str
    """The passage that the verifier would read."""
    hypothesis: str
    label: Target
    source: str
    wrong: Stretches | None = None
    """What makes the hypothesis unsupported, as [start, end) in characters; None if unknown."""


def training_rows(data: Path, recipe: Recipe) -> list[Row]:
    """All rows of a recipe, in the order in which they are seen."""
    draw = random.Random(recipe.seed)  # noqa: S311  # not for secrets
    rows = [to_row(each, "written") for each in written(data, "train", recipe.written)]
    held = reported_openings(data)
    for name, count in recipe.sets.items():
        rows += labelled_rows(data, name, count, held, draw)
    for found, count in ((_facts(data), recipe.realsumm), (_against_summaries(data), recipe.bump_threeway),
                         (_against_articles(data), recipe.bump)):  # fmt: skip  # a table
        rows += draw.sample(found, min(count, len(found)))
    ordered: list[Row] = []
    for _ in range(recipe.passes):
        draw.shuffle(rows)
        ordered += _batched_by_length(rows, recipe.batch, draw)
    return ordered[: recipe.rows]


def written(data: Path, split: Literal["train", "dev"], share: float = 1.0) -> list[dict[str, Any]]:
    """Claims and facts of ``data/written``, of a share of its texts."""
    rows: list[dict[str, Any]] = []
    for name in ("written_claims", "written_facts"):
        with gzip.open(data / "written" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
            rows += [row for row in map(json.loads, file) if row["split"] == split]
    return [row for row in rows if int(digest(row["group"]), 16) % 1000 < 1000 * share]


def to_row(row: dict[str, Any], source: str) -> Row:
    """A row of a file as a row to learn from, its premise cut to the passage."""
    passage = read_text(select_passage(row["premise"], row["hypothesis"]))
    wrong = tuple((start, end) for start, end, *_ in row.get("spans") or ())
    return Row(passage, row["hypothesis"], row["label"], source, wrong or None)


def labelled_set(data: Path, name: str) -> list[dict[str, Any]]:
    """The rows of a set of ``data/entailment`` that have both texts."""
    with gzip.open(data / "entailment" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
        return [row for row in map(json.loads, file) if row["premise"].strip() and row["hypothesis"].strip()]


def labelled_rows(data: Path, name: str, count: int, held: frozenset[str], draw: random.Random) -> list[Row]:
    """At most ``count`` rows of a set, drawn at random from texts that are neither reported on nor reserved."""
    found = [
        row
        for row in labelled_set(data, name)
        if opening(row["premise"]) not in held and not is_reserved(name, row["premise"])
    ]
    true: dict[str, list[str]] = defaultdict(list)
    for row in found:
        if row["label"] == "supported":
            true[row["premise"]].append(row["hypothesis"])
    rows = []
    for row in draw.sample(found, min(count, len(found))):
        if row["label"] != "supported" and not row.get("spans"):
            versions = true[row["premise"]][:5] or [each.text for each in sentences(row["premise"])]
            row = {**row, "spans": find_changes(row["hypothesis"], versions)}
        rows.append(to_row(row, name))
    return rows


def reported_openings(data: Path) -> frozenset[str]:
    """The openings of all texts that a report measures on."""
    texts = [row["premise"] for name in DEVELOPMENT for row in labelled_set(data, name)]
    for file, key in (("bump_pairs", "premise"), ("realsumm_articles", "text"), ("realsumm_coverage", "premise")):
        lines = (data / f"{file}.jsonl").read_text(encoding="utf-8").splitlines()
        texts += [json.loads(line)[key] for line in lines]
    return frozenset(map(opening, texts))


def opening(text: str) -> str:
    """The first letters and digits of a text in lower case, without spaces and punctuation."""
    return _SQUEEZED.sub("", text[: 4 * OPENING].casefold())[:OPENING]


def is_reserved(name: str, premise: str) -> bool:
    """True if a text is reserved for calibration, in whichever set it occurs."""
    return name in RESERVED_SETS and int(digest(opening(premise)), 16) % RESERVED == 0


def _facts(data: Path) -> list[Row]:
    """REALSumm does not say whether a summary denies or only lacks a fact."""
    return [
        _of_pair(question.pairs[0], "supported" if question.truth == "supported" else "unsupported", "realsumm")
        for question in of_use("training", realsumm(data))
    ]


def _against_summaries(data: Path) -> list[Row]:
    return [
        _of_pair(question.pairs[0], question.truth, "bump_threeway") for question in of_use("training", threeway(data))
    ]


def _against_articles(data: Path) -> list[Row]:
    """Sentences of BUMP, each once; those with an error name the words that were changed."""
    rows = list(of_use("training", edited(data)))
    faithful = dict.fromkeys(pair for row in rows for pair in row.faithful)
    wrong = {row.edited[at]: [pair.hypothesis for pair in row.faithful] for row in rows for at in row.changed}
    return [
        *(_of_pair(pair, "supported", "bump") for pair in faithful),
        *(
            _of_pair(pair, "contradicted", "bump", find_changes(pair.hypothesis, true))
            for pair, true in wrong.items()
        ),
    ]  # fmt: skip  # one kind a line


def _of_pair(pair: Pair, label: Target, source: str, wrong: Stretches | None = None) -> Row:
    return Row(read_text(select_passage(pair.premise, pair.hypothesis)), pair.hypothesis, label, source, wrong)


def _batched_by_length(rows: Sequence[Row], size: int, draw: random.Random) -> Iterator[Row]:
    """The rows so that each ``size`` in a row have about one length; what fills no batch is left out."""
    batches: list[list[Row]] = []
    for start in range(0, len(rows), size * POOL):
        pool = sorted(rows[start : start + size * POOL], key=lambda row: len(row.premise) + len(row.hypothesis))
        together = [pool[at : at + size] for at in range(0, len(pool), size)]
        draw.shuffle(together)
        batches += together
    for batch in batches:
        if len(batch) == size:
            yield from batch
