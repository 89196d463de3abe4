"""The labelled pairs that measure the checker, and the split of texts into training, calibration and report.

REALSumm has facts against summaries. BUMP has faithful summaries, and the same summaries with one error.
``data/written`` has claims and facts written for this project. Five sets of human labels are for development. Nothing
is trained or tuned on the facts and labels of the project's own article. A text of several sentences is checked
sentence by sentence, as in a run.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

from harness.data import articles
from harness.records import Pair
from harness.signature import digest
from harness.text import sentences

Truth = Literal["supported", "contradicted", "absent", "unsupported"]
Use = Literal["calibration", "report", "training"]
Kind = Literal["short claims", "long claims", "facts"]
"""Kinds of written rows."""

SMALL = ("factcc_human", "goyal21", "gofigure_human")
DEVELOPMENT = (*SMALL, "polytope", "fever_symmetric")
OPEN_SET = Path(__file__).parents[1] / "training" / "open_set"
MODELS = 4
"""The part of the open set with sentences that a small model wrote."""
Grouped = TypeVar("Grouped", "Question", "Edited")


@dataclass(frozen=True, slots=True)
class Question:
    """One labelled text; it is supported if all its sentences are."""

    group: str
    """Source article; rows of one group are not independent."""
    system: str
    pairs: tuple[Pair, ...]
    truth: Truth


@dataclass(frozen=True, slots=True)
class Edited:
    """A faithful summary and the same summary with one error."""

    group: str
    faithful: tuple[Pair, ...]
    edited: tuple[Pair, ...]
    changed: tuple[int, ...]
    """The indices of the sentences of ``edited`` that the faithful summary does not have."""
    kind: str
    """The kind of error."""


@dataclass(frozen=True, slots=True)
class Questions:
    """The labelled texts of a measurement, by set."""

    sets: Mapping[str, Sequence[Question]]
    edited: Sequence[Edited]

    def pairs(self) -> list[Pair]:
        """List the distinct pairs."""
        found = [pair for asked in self.sets.values() for question in asked for pair in question.pairs]
        found += [pair for edit in self.edited for pair in (*edit.faithful, *edit.edited)]
        return list(dict.fromkeys(found))


def load_questions(data: Path, references: Path) -> Questions:
    """Load all questions that the report measures."""
    return Questions(
        {
            "realsumm": list(select_use("report", read_realsumm(data))),
            "threeway": list(select_use("report", read_threeway(data))),
            **{name: _read_development(data, name) for name in DEVELOPMENT},
            **{f"written {kind}": questions for kind, questions in _read_written(data).items()},
            "models": [
                Question(row["group"], "smollm2", (Pair(row["premise"], row["hypothesis"]),), row["label"])
                for row in read_open_set(data, "dev", MODELS)
            ],
            **_read_own(references),
        },
        list(select_use("report", read_edits(data))),
    )


def find_use(group: str) -> Use:
    """Return the use of an article of REALSumm or BUMP: two in five train, two calibrate, one is for the report."""
    uses: tuple[Use, ...] = ("calibration", "calibration", "report", "training", "training")
    return uses[int(digest(group), 16) % len(uses)]


def select_use(use: Use, rows: Iterable[Grouped]) -> Iterator[Grouped]:
    """Select the rows whose article has this use."""
    return (row for row in rows if find_use(row.group) == use)


def read_realsumm(data: Path) -> Iterator[Question]:
    """Yield each fact of REALSumm against each system's summary."""
    for row in read_lines(data / "realsumm_coverage.jsonl"):
        for fact, label in zip(row["hypotheses"], row["labels"], strict=True):
            yield Question(row["group"], row["system"], (Pair(row["premise"], fact, of_summary=True),), label)


def read_threeway(data: Path) -> Iterator[Question]:
    """Yield BUMP's facts against summaries, with three labels."""
    for row in read_lines(data / "bump_threeway.jsonl"):
        yield Question(row["group"], "", (Pair(row["premise"], row["hypothesis"], of_summary=True),), row["label"])


def read_edits(data: Path) -> Iterator[Edited]:
    """Yield BUMP's pairs of summaries."""
    for row in read_lines(data / "bump_pairs.jsonl"):
        faithful, edited = (split_claims(row["premise"], row[name]) for name in ("supported", "contradicted"))
        changed = tuple(at for at, pair in enumerate(edited) if pair not in faithful)
        yield Edited(row["group"], faithful, edited, changed, row["kind"])


def read_written_pairs(
    data: Path, use: Literal["calibration", "report"], level: Literal["sentence", "unit"]
) -> Iterator[tuple[Pair, Truth]]:
    """Yield development rows of ``data/written``: claims (``sentence``) or facts (``unit``).

    Half of the texts are for calibration, half for the report.
    """
    for row in _read_written_rows(data, use):
        if row["level"] == level:
            yield Pair(row["premise"], row["hypothesis"], of_summary=level == "unit"), row["label"]


def split_claims(premise: str, text: str) -> tuple[Pair, ...]:
    """Pair the premise with each sentence of the text."""
    return tuple(Pair(premise, sentence.text) for sentence in sentences(text)) or (Pair(premise, text),)


def read_lines(path: Path) -> list[dict[str, Any]]:
    """Read a JSONL file, gzipped or not."""
    data = path.read_bytes()
    return [json.loads(line) for line in (gzip.decompress(data) if path.suffix == ".gz" else data).splitlines()]


def read_open_set(data: Path, split: Literal["train", "dev"], part: int) -> list[dict[str, Any]]:
    """Return the rows of one part of the open set (``open_set/README.md``); empty if that part does not exist.

    Rows about news name their text by its digest; the texts are in ``data/entailment`` or in REALSumm.
    """
    rows = [
        row for file in sorted(OPEN_SET.glob(f"*-{part}.jsonl.gz")) for row in read_lines(file) if row["split"] == split
    ]
    sets = sorted({row["set"] for row in rows if "set" in row})
    texts = {digest(text): text for name in sets for text in _read_texts(data, name)}
    return [{**row, "premise": row.get("premise") or texts[row["text"]]} for row in rows]


def read_set(data: Path, name: str) -> list[dict[str, Any]]:
    """Return the rows of a set of ``data/entailment`` whose premise and hypothesis are not blank."""
    rows = read_lines(data / "entailment" / f"{name}.jsonl.gz")
    return [row for row in rows if row["premise"].strip() and row["hypothesis"].strip()]


def _read_texts(data: Path, name: str) -> list[str]:
    if name == "realsumm_articles":
        return [article["text"] for article in read_lines(data / f"{name}.jsonl")]
    return [row["premise"] for row in read_set(data, name)]


def _read_written_rows(data: Path, use: Literal["calibration", "report"]) -> Iterator[dict[str, Any]]:
    for name in ("written_claims", "written_facts"):
        for row in read_lines(data / "written" / f"{name}.jsonl.gz"):
            if row["split"] == "dev" and (int(digest(row["group"]), 16) % 2 == 0) == (use == "calibration"):
                yield row


def _read_written(data: Path) -> dict[Kind, list[Question]]:
    found: dict[Kind, list[Question]] = {"short claims": [], "long claims": [], "facts": []}
    for row in _read_written_rows(data, "report"):
        kind: Kind = "facts" if row["level"] == "unit" else "long claims" if row["kind"][1:] == "l" else "short claims"
        pair = Pair(row["premise"], row["hypothesis"], of_summary=kind == "facts")
        found[kind].append(Question(row["group"], "", (pair,), row["label"]))
    return found


def _read_development(data: Path, name: str) -> list[Question]:
    return [
        Question(row["group"], row.get("system", ""), split_claims(row["premise"], row["hypothesis"]), row["label"])
        for row in read_lines(data / "entailment" / f"{name}.jsonl.gz")
    ]


def _read_own(references: Path) -> dict[str, list[Question]]:
    """Read the project's own article: its facts and false versions as claims, and the claims that people labelled."""
    (item,) = articles.load(references)
    text, group = item.article.text, item.article.id

    def ask(hypothesis: str, truth: Truth) -> Question:
        return Question(group, "", (Pair(text, hypothesis),), truth)

    labels = [
        row for row in read_lines(references / group / "labels.jsonl") if row["use"] == "grounding" and row["label"]
    ]
    return {
        "own facts": [ask(fact.statement, "supported") for fact in item.facts],
        "own false versions": [ask(false, "contradicted") for fact in item.facts for false in fact.contradictions],
        "own claims": [ask(row["hypothesis"], row["label"]) for row in labels if row["label"] != "uncertain"],
    }
