"""What the network of the verifier ``entailment`` is trained on and tested with: statements about a premise."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from benchmarks.labelled import Data, records
from benchmarks.synthetic_pairs import made
from harness import perturbations, progress
from harness.records import Label
from harness.signature import file_digest
from harness.verifiers._entailment.passages import joined, passage

Source = Literal["coverage", "threeway", "grounding", "synthetic"]
Told = Literal["supported", "contradicted", "absent", "unsupported"]
"""``unsupported``: REALSumm's labels do not tell contradicted from absent."""

SYSTEMS = 6
"""Summaries of each REALSumm article that are trained on: more teach the same facts again."""
SYNTHETIC = 1200
"""Premises of synthetic statements in one training."""


@dataclass(frozen=True, slots=True)
class Block:
    """Statements about one premise, as the network reads them."""

    source: Source
    group: str
    system: str
    whole: str
    """The premise."""
    premise: str
    """What the network is given of it."""
    statements: tuple[tuple[str, Told], ...]


def blocks(data: Data) -> list[Block]:
    """All that people judged. A premise too long to be read whole has one block a statement."""
    gathered: dict[tuple[Source, str, str, str, str], list[tuple[str, Told]]] = defaultdict(list)
    for row in data.rows:
        read = joined(passage(row.premise, row.hypothesis))
        told: Told = "unsupported" if row.corpus == "coverage" and row.label == "absent" else row.label  # type: ignore[assignment]  # none is uncertain
        gathered[row.corpus, row.group, row.system, row.premise, read].append((row.hypothesis, told))
    return [Block(*place, tuple(statements)) for place, statements in gathered.items()]


def synthetic(data: Data, folder: Path, file: Path, seed: int) -> list[Block]:
    """Blocks made of the articles, kept in ``file``: making them takes minutes."""
    if not file.is_file():
        articles = _articles(data, folder)
        with progress.bar("pairs", len(articles)) as advance:
            found = []
            for group, article in articles.items():
                found += [asdict(_block(group, each.premise, each.statements)) for each in made(group, article, seed)]
                advance(1)
        file.write_text("".join(json.dumps(each) + "\n" for each in found), encoding="utf-8")
        file.with_suffix(".made_by").write_text(f"harness.perturbations {perturbations.signature()}", encoding="utf-8")
    with file.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [Block(**{**row, "statements": tuple((text, told) for text, told in row["statements"])}) for row in rows]


def synthetic_origin(file: Path) -> dict[str, object]:
    """An entry of the card."""
    return {
        "name": "synthetic pairs",
        "used_as": "training of the network and of the trees for contradicted",
        "sha256": file_digest(file),
        "made_by": file.with_suffix(".made_by").read_text(encoding="utf-8"),
    }


def _block(group: str, premise: str, statements: Sequence[tuple[str, Label]]) -> Block:
    return Block("synthetic", group, "", premise, premise, tuple(statements))  # type: ignore[arg-type]  # none is uncertain


def _articles(data: Data, folder: Path) -> Mapping[str, str]:
    """Group → article."""
    realsumm = {f"realsumm:{record['id']}": record["text"] for record in records(folder, "realsumm_articles.jsonl")}
    return {**{edit.group: edit.article for edit in data.edits}, **realsumm}


def trained_on(judged: Iterable[Block], invented: Sequence[Block], groups: Iterable[str], seed: int) -> list[Block]:
    """Blocks of ``groups`` alone: some systems of each REALSumm article, BUMP twice, and synthetic ones."""
    allowed = set(groups)
    draw = random.Random(seed)  # noqa: S311  # no secret is drawn
    by_article: dict[str, list[Block]] = defaultdict(list)
    bump = []
    for block in judged:
        if block.group in allowed and block.source == "coverage":
            by_article[block.group].append(block)
        elif block.group in allowed:
            bump.append(block)
    coverage = [block for found in by_article.values() for block in draw.sample(found, min(SYSTEMS, len(found)))]
    made_up = [block for block in invented if block.group in allowed]
    return [*coverage, *bump, *bump, *draw.sample(made_up, min(SYNTHETIC, len(made_up)))]
