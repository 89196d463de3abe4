"""The labelled rows to train and calibrate the network, without the texts of reports.

Three sources: rows written for this project (``data/written``), sets that people labelled (``data/entailment``), and
the training articles of REALSumm and BUMP. A text is recognised by its opening, because the sets made from XSum and
CNN/DailyMail share articles under different names. In some sets, one text in eight is reserved for calibration.
"""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

from benchmarks.quality.differences import Stretches, find_changes
from benchmarks.quality.questions import (
    DEVELOPMENT,
    read_edits,
    read_lines,
    read_open_set,
    read_realsumm,
    read_set,
    read_threeway,
    select_use,
)
from benchmarks.training.recipe import Recipe
from harness.checker_en.passages import select_passage
from harness.records import Pair
from harness.signature import digest
from harness.text import sentences

Record = dict[str, Any]
"""``premise``, ``hypothesis``, ``label`` and, if known, ``spans``, as in the files of labelled data."""
Split = Literal["train", "dev"]
Target = Literal["supported", "contradicted", "absent", "unsupported"]
"""``unsupported``: contradicted or absent; the source does not say which."""

OPEN_SET_PARTS = {"open_set": (1, 2, 3, 4, 5), **{f"open_set_{part}": (part,) for part in range(6, 16)}}
"""Source → parts of the open set."""
LICENCES = {
    "written": "CC BY 4.0", "lingnli": "none stated (premises of MultiNLI)", "mnli_dev": "MultiNLI's terms",
    "fever": "Wikipedia's terms", "fm2": "Apache-2.0", "cfnli": "Apache-2.0", "healthver": "none stated",
    "wice": "CC BY-SA", "factcheckgpt": "Apache-2.0", "attributionbench": "none stated", "begin": "CC BY 4.0",
    "rose_partial": "BSD-3-Clause", "defacto": "MIT", "xsumfaith": "CC BY 4.0", "entfa": "none stated",
    "fib": "CC BY 4.0", "factcg": "MIT", "realsumm": "CC BY 4.0", "bump_threeway": "MIT", "bump": "MIT",
    "compression": "none stated", "gofigure": "Apache-2.0", "factcc_synth1k": "MIT", "rte": "none stated",
    "falke": "CC BY-SA 4.0", **dict.fromkeys(OPEN_SET_PARTS, "CC BY 4.0"),
}  # fmt: skip  # a table
"""Source of rows → its licence, as the source states it."""
RESERVED_SETS = ("defacto", "xsumfaith", "fib", "factcheckgpt", "wice", "attributionbench", "fever", "lingnli")
"""Sets with some texts reserved for calibration."""
RESERVED = 8
"""One text in this many is reserved."""
OPENING = 100
"""Letters and digits at the start of a text that identify it."""
POOL = 40
"""Number of batches whose rows are sorted by length together, because batches of similar rows need less padding."""
VERSIONS = 5
"""Maximum number of true statements that a false one about the same text is compared with."""
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
    """The words that make the hypothesis unsupported, as [start, end) in characters; None if unknown."""


def draw_training_rows(data: Path, recipe: Recipe) -> list[Row]:
    """Return a recipe's rows in training order. In each source, a stage continues where the previous one stopped."""
    sources = _load_sources(data, recipe)
    used: Counter[str] = Counter()
    ordered: list[Row] = []
    for number, stage in enumerate(recipe.stages):
        records = []
        for name, count in stage.items():
            source = sources[name]
            records += [(name, source[at % len(source)]) for at in range(used[name], used[name] + count)]
            used[name] += count
        rows = [make_row(record, name) for name, record in records]
        draw = random.Random(f"{recipe.seed} {number}")  # noqa: S311  # not for secrets
        draw.shuffle(rows)
        ordered += _batch_by_length(rows, recipe.batch, draw)
    return ordered


def read_written(data: Path, split: Split) -> list[Record]:
    """Return the claims and facts of ``data/written``."""
    files = (data / "written" / f"{name}.jsonl.gz" for name in ("written_claims", "written_facts"))
    return [row for file in files for row in read_lines(file) if row["split"] == split]


def make_row(record: Record, source: str) -> Row:
    """Make a row: cut the premise to the passage, and find the wrong words if nobody marked them."""
    passage = select_passage(record["premise"], record["hypothesis"])
    wrong: Stretches | None = tuple((start, end) for start, end, *_ in record.get("spans") or ()) or None
    if wrong is None and record["label"] != "supported" and "true" in record:
        versions = record["true"] or [each.text for each in sentences(record["premise"])]
        wrong = find_changes(record["hypothesis"], versions)
    return Row(passage, record["hypothesis"], record["label"], source, wrong)


def find_reported_openings(data: Path) -> frozenset[str]:
    """Return the openings of all texts that reports are measured on."""
    texts = [row["premise"] for name in DEVELOPMENT for row in read_set(data, name)]
    for file, key in (("bump_pairs", "premise"), ("realsumm_articles", "text"), ("realsumm_coverage", "premise")):
        texts += [row[key] for row in read_lines(data / f"{file}.jsonl")]
    return frozenset(map(find_opening, texts))


def find_opening(text: str) -> str:
    """Return the first letters and digits of a text in lower case, without spaces and punctuation."""
    return _SQUEEZED.sub("", text[: 4 * OPENING].casefold())[:OPENING]


def is_reserved(name: str, premise: str) -> bool:
    """True if a text is reserved for calibration, in whichever set it occurs."""
    return name in RESERVED_SETS and int(digest(find_opening(premise)), 16) % RESERVED == 0


def _load_sources(data: Path, recipe: Recipe) -> dict[str, list[Record]]:
    """Return each source's records in random order."""
    held = find_reported_openings(data) | {find_opening(row["premise"]) for row in read_written(data, "dev")}
    own: dict[str, Callable[[], list[Record]]] = {
        "written": lambda: read_written(data, "train"),
        "realsumm": lambda: _read_facts(data),
        "bump_threeway": lambda: _read_against_summaries(data),
        "bump": lambda: _read_against_articles(data),
        **{name: partial(_read_parts, data, parts) for name, parts in OPEN_SET_PARTS.items()},
    }
    names = sorted({name for stage in recipe.stages for name in stage})
    sources = {name: own[name]() if name in own else _read_labelled_records(data, name, held) for name in names}
    for name, records in sources.items():
        random.Random(f"{recipe.seed} {name}").shuffle(records)  # noqa: S311  # not for secrets
    return sources


def _read_parts(data: Path, parts: Sequence[int]) -> list[Record]:
    return [row for part in parts for row in read_open_set(data, "train", part)]


def _read_labelled_records(data: Path, name: str, held: frozenset[str]) -> list[Record]:
    """Return a set's rows with true statements about the same text, without reported and reserved texts."""
    found = [
        row
        for row in read_set(data, name)
        if find_opening(row["premise"]) not in held and not is_reserved(name, row["premise"])
    ]
    true: dict[str, list[str]] = defaultdict(list)
    for row in found:
        if row["label"] == "supported" and len(true[row["premise"]]) < VERSIONS:
            true[row["premise"]].append(row["hypothesis"])
    return [{**row, "true": true[row["premise"]]} for row in found]


def _read_facts(data: Path) -> list[Record]:
    """Return the facts of REALSumm, which does not say whether a summary denies or only lacks a fact."""
    return [
        _make_record(question.pairs[0], "supported" if question.truth == "supported" else "unsupported")
        for question in select_use("training", read_realsumm(data))
    ]


def _read_against_summaries(data: Path) -> list[Record]:
    return [_make_record(question.pairs[0], question.truth) for question in select_use("training", read_threeway(data))]


def _read_against_articles(data: Path) -> list[Record]:
    """Return each sentence of BUMP once; those with an error come with the faithful versions."""
    rows = list(select_use("training", read_edits(data)))
    faithful = dict.fromkeys(pair for row in rows for pair in row.faithful)
    wrong = {row.edited[at]: [pair.hypothesis for pair in row.faithful] for row in rows for at in row.changed}
    return [
        *(_make_record(pair, "supported") for pair in faithful),
        *({**_make_record(pair, "contradicted"), "true": true} for pair, true in wrong.items()),
    ]


def _make_record(pair: Pair, label: Target) -> Record:
    return {"premise": pair.premise, "hypothesis": pair.hypothesis, "label": label}


def _batch_by_length(rows: Sequence[Row], size: int, draw: random.Random) -> Iterator[Row]:
    """Yield the rows in batches of similar length; rows that do not fill a batch are left out."""
    batches: list[list[Row]] = []
    for start in range(0, len(rows), size * POOL):
        pool = sorted(rows[start : start + size * POOL], key=lambda row: len(row.premise) + len(row.hypothesis))
        together = [pool[at : at + size] for at in range(0, len(pool), size)]
        draw.shuffle(together)
        batches += together
    for batch in batches:
        if len(batch) == size:
            yield from batch
