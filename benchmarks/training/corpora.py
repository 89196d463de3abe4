"""The labelled pairs that entailment is learned from: read, cleaned of what is reported on, capped, cut to passages.

A set is a gzipped JSONL file of ``premise``, ``hypothesis``, ``label`` and ``level``. What must stay unseen is kept out
by the opening of the premise: the sets made of XSum and CNN/DailyMail share articles under different names.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

from benchmarks.training.differences import Stretches, differing
from harness.checker_en.entailment.passages import passage
from harness.signature import digest
from harness.text import sentences, words

Target = Literal["supported", "contradicted", "absent", "unsupported"]
"""``unsupported``: contradicted or absent, the source does not say which."""

RESERVED_OF = ("defacto", "xsumfaith", "fib", "factcheckgpt", "wice", "attributionbench")
"""Sets of which some articles are kept for calibration."""
RESERVED_SHORT = ("fever", "lingnli")
"""Sets of short pairs of which some premises are; the largest ones."""
RESERVED = 8
"""One article, or one premise, in so many of these."""
OPENING = 100
"""Letters and digits at the start of a premise by which an article is known again."""
VERSIONS = 5
"""True statements of a premise that a false one is held against, at most."""
_SQUEEZED = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Example:
    """One pair to learn from; the premise is the passage that the verifier would read."""

    premise: str
    hypothesis: str
    label: Target
    source: str
    wrong: Stretches | None = None
    """What makes the hypothesis false; None where nobody told."""


@dataclass(frozen=True, slots=True)
class Share:
    """How many rows of a set are taken, and how they are dealt."""

    rows: int
    """At most; drawn at random."""
    licence: str
    """As the source of the set states it."""
    per_article: int | None = None
    """At most, of one article; None for any number."""
    twice: frozenset[Target] = frozenset()
    """Labels whose rows are taken twice."""


_RARE: frozenset[Target] = frozenset({"contradicted"})

SHORT: Mapping[str, Share] = {
    "lingnli": Share(45_000, "none stated (premises of MultiNLI)"),
    "mnli_dev": Share(9_815, "MultiNLI's terms"),
    "fever": Share(40_000, "Wikipedia's terms"),
    "fm2": Share(2_548, "Apache-2.0"),
    "cfnli": Share(9_000, "Apache-2.0"),
    "snli_devtest": Share(6_000, "CC BY-SA"),
    "healthver": Share(3_413, "none stated"),
    "climatefever": Share(2_000, "none stated"),
    "covidfact": Share(2_000, "none stated"),
    "rte": Share(2_765, "none stated"),
    "falke": Share(580, "CC BY-SA 4.0"),
    "control": Share(1_598, "none stated"),
    "compression": Share(1_500, "none stated"),
}
"""Short pairs, from which the network learns to read."""

NEWS: Mapping[str, Share] = {
    "wice": Share(1_309, "CC BY-SA"),
    "factcheckgpt": Share(3_105, "Apache-2.0", twice=_RARE),
    "attributionbench": Share(2_500, "none stated"),
    "begin": Share(2_000, "CC BY 4.0"),
    "rose_partial": Share(5_000, "BSD-3-Clause"),
    "defacto": Share(4_321, "MIT", twice=_RARE),
    "xsumfaith": Share(1_622, "CC BY 4.0", twice=_RARE),
    "entfa": Share(688, "none stated", twice=_RARE),
    "fib": Share(1_600, "CC BY 4.0", per_article=3, twice=_RARE),
    "gofigure": Share(2_000, "Apache-2.0", per_article=2),
    "factcg": Share(3_102, "MIT"),
    "factcc_synth1k": Share(1_003, "MIT"),
}
"""Facts, sentences and summaries against longer texts."""

HELD_BACK = ("factcc_human", "goyal21", "gofigure_human", "polytope", "fever_symmetric")
"""Sets to develop on; their articles are in no training row."""


def rows(folder: Path, name: str) -> list[dict[str, Any]]:
    """The rows of a set that have both texts and a label."""
    with gzip.open(folder / "entailment" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
        return [row for row in map(json.loads, file) if row["premise"].strip() and row["hypothesis"].strip()]


def held_back(folder: Path) -> frozenset[str]:
    """The openings of all articles that something is reported on."""
    texts = [row["premise"] for name in HELD_BACK for row in rows(folder, name)]
    for file, key in (("bump_pairs.jsonl", "premise"), ("realsumm_articles.jsonl", "text")):
        texts += [json.loads(line)[key] for line in (folder / file).read_text(encoding="utf-8").splitlines()]
    texts += [
        json.loads(line)["premise"]  # the summaries that facts are looked for in
        for line in (folder / "realsumm_coverage.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    return frozenset(map(opening, texts))


def opening(text: str) -> str:
    """The first letters of a text, whatever its case, spaces and marks."""
    return _SQUEEZED.sub("", text[: 4 * OPENING].casefold())[:OPENING]


def reserved(name: str, premise: str) -> bool:
    """Whether an article or a premise is kept for calibration; the same in every set that has it."""
    return name in (*RESERVED_OF, *RESERVED_SHORT) and int(digest(opening(premise)), 16) % RESERVED == 0


def examples(folder: Path, name: str, share: Share, held: frozenset[str], draw: random.Random) -> list[Example]:
    """The rows of a set that are learned from, in random order."""
    found = [row for row in rows(folder, name) if opening(row["premise"]) not in held]
    found = [row for row in found if not reserved(name, row["premise"])]
    draw.shuffle(found)
    wrong = _wrong(found)
    found = list(_capped(_told_first(found, wrong, share.rows), share.per_article))[: share.rows]
    found += [row for row in found if row["label"] in share.twice]
    return [
        Example(
            passage(row["premise"], row["hypothesis"]).text, row["hypothesis"], row["label"], name,
            wrong.get((row["premise"], row["hypothesis"])),
        )
        for row in found
    ]  # fmt: skip  # one line a row


def with_differences(found: Sequence[Example]) -> list[Example]:
    """Examples about one text, with what is wrong in those that a true one or a sentence is nearly the same as."""
    true = [each.hypothesis for each in found if each.label == "supported"]
    return [
        each if each.label == "supported" or each.wrong is not None
        else replace(each, wrong=differing(each.hypothesis, [*true, *_sentences(each.premise)]))
        for each in found
    ]  # fmt: skip  # one case a line


def _sentences(text: str) -> list[str]:
    return [each.text for each in sentences(text)]


def _wrong(found: Sequence[dict[str, Any]]) -> dict[tuple[str, str], Stretches]:
    """What is wrong in hypotheses, by premise and hypothesis, where their source or a true version tells."""
    true = defaultdict(list)
    for row in found:
        if row["label"] == "supported":
            true[row["premise"]].append(row["hypothesis"])
    told: dict[tuple[str, str], Stretches] = {}
    for row in found:
        premise, hypothesis = row["premise"], row["hypothesis"]
        if row["label"] == "supported":
            continue
        if row.get("spans"):
            told[premise, hypothesis] = tuple((start, end) for start, end, *_ in row["spans"])
            continue
        versions = true[premise][:VERSIONS]
        stretches = differing(hypothesis, versions or _sentences(premise))
        if stretches:
            told[premise, hypothesis] = stretches
    return told


def _told_first(
    found: Sequence[dict[str, Any]], wrong: Mapping[tuple[str, str], Stretches], limit: int
) -> list[dict[str, Any]]:
    """Half of a limit of rows whose premise has a hypothesis with something wrong that is told, then the rest."""
    premises = {premise for premise, _ in wrong}
    told = [
        row for row in found
        if row["premise"] in premises
        and (row["label"] == "supported" or (row["premise"], row["hypothesis"]) in wrong)
    ][: limit // 2]  # fmt: skip  # one condition a line
    first = set(map(id, told))
    return [*told, *(row for row in found if id(row) not in first)]


def _capped(found: Iterable[dict[str, Any]], limit: int | None) -> Iterator[dict[str, Any]]:
    taken: dict[str, int] = defaultdict(int)
    for row in found:
        article = opening(row["premise"])
        taken[article] += 1
        if limit is None or taken[article] <= limit:
            yield row


def mispaired(found: Sequence[Example], count: int, draw: random.Random) -> list[Example]:
    """Claims beside the evidence of another claim about the same subject: absent, as FEVER itself has no such rows."""
    by_subject: dict[str, list[Example]] = defaultdict(list)
    for example in found:
        by_subject[" ".join(words(example.hypothesis)[:2])].append(example)
    made: list[Example] = []
    for together in by_subject.values():
        draw.shuffle(together)
        for one, other in pairwise(together):
            content = set(words(one.hypothesis)) - set(words(one.hypothesis)[:2])
            if one.premise != other.premise and len(content & set(words(other.premise))) <= len(content) / 2:
                made.append(Example(other.premise, one.hypothesis, "absent", "mispaired"))
    draw.shuffle(made)
    return made[:count]
