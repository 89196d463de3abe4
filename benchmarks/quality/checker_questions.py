"""What the checker is asked to show how right it is: labelled pairs that nothing of it was trained on.

REALSumm has facts against summaries, BUMP summaries and the same with an error written in; what is asked of them is
about articles that nothing was fitted on. Five sets are for development; and our own article's facts and labels are
neither trained nor tuned on. A text of several sentences is asked sentence by sentence, as a run asks it.
"""

from __future__ import annotations

import gzip
import json
import random
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
"""What an article of REALSumm or BUMP is used for."""

SMALL = ("factcc_human", "goyal21", "gofigure_human")
Grouped = TypeVar("Grouped", "Question", "Edited")
DEVELOPMENT = (*SMALL, "polytope", "fever_symmetric")


@dataclass(frozen=True, slots=True)
class Question:
    """One labelled text: it is supported if each of its sentences is."""

    group: str
    """Source article: rows of one group are not independent."""
    system: str
    pairs: tuple[Pair, ...]
    truth: Truth


@dataclass(frozen=True, slots=True)
class Edited:
    """A summary that people found faithful, and the same with one error written in."""

    group: str
    faithful: tuple[Pair, ...]
    edited: tuple[Pair, ...]
    changed: tuple[int, ...]
    """Which sentences of ``edited`` are not among the faithful one's."""


@dataclass(frozen=True, slots=True)
class Questions:
    """Everything that is asked, by the name of its set."""

    sets: Mapping[str, Sequence[Question]]
    edited: Sequence[Edited]

    def pairs(self) -> list[Pair]:
        """Each pair once."""
        found = [pair for asked in self.sets.values() for question in asked for pair in question.pairs]
        found += [pair for edit in self.edited for pair in (*edit.faithful, *edit.edited)]
        return list(dict.fromkeys(found))


def questions(data: Path, references: Path, articles_at_most: int | None, seed: int = 0) -> Questions:
    """All questions; with a limit, those of that share of a hundred of REALSumm's articles and of other large sets."""
    draw = random.Random(seed)  # noqa: S311  # no secret is drawn
    share = 1.0 if articles_at_most is None else articles_at_most / 100

    def some(rows: Iterable[Grouped]) -> list[Grouped]:
        rows = list(rows)
        groups = sorted({row.group for row in rows})
        kept = set(draw.sample(groups, max(1, round(share * len(groups)))))
        return [row for row in rows if row.group in kept]

    sets = {
        "realsumm": some(of_use("report", realsumm(data))),
        "threeway": some(of_use("report", threeway(data))),
        **{name: _development(data, name) for name in SMALL},
        **{name: some(_development(data, name)) for name in DEVELOPMENT if name not in SMALL},
        **_own(references),
    }
    return Questions(sets, some(of_use("report", edited(data))))


def used_for(group: str) -> Use:
    """Of five articles two are for training, two for calibrations, and one is reported on."""
    uses: tuple[Use, ...] = ("calibration", "calibration", "report", "training", "training")
    return uses[int(digest(group), 16) % len(uses)]


def of_use(use: Use, rows: Iterable[Grouped]) -> Iterator[Grouped]:
    """The rows of articles that are used for that."""
    return (row for row in rows if used_for(row.group) == use)


def _lines(path: Path) -> list[dict[str, Any]]:
    if path.suffix == ".gz":
        with gzip.open(path, "rt", encoding="utf-8") as file:
            return [json.loads(line) for line in file]
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def realsumm(data: Path) -> Iterator[Question]:
    for row in _lines(data / "realsumm_coverage.jsonl"):
        for fact, label in zip(row["hypotheses"], row["labels"], strict=True):
            yield Question(row["group"], row["system"], (Pair(row["premise"], fact),), label)


def threeway(data: Path) -> Iterator[Question]:
    for row in _lines(data / "bump_threeway.jsonl"):
        yield Question(row["group"], "", (Pair(row["premise"], row["hypothesis"]),), row["label"])


def _development(data: Path, name: str) -> list[Question]:
    return [
        Question(row["group"], row.get("system", ""), by_sentence(row["premise"], row["hypothesis"]), row["label"])
        for row in _lines(data / "entailment" / f"{name}.jsonl.gz")
    ]


def edited(data: Path) -> Iterator[Edited]:
    for row in _lines(data / "bump_pairs.jsonl"):
        faithful, edited = (by_sentence(row["premise"], row[name]) for name in ("supported", "contradicted"))
        changed = tuple(at for at, pair in enumerate(edited) if pair not in faithful)
        yield Edited(row["group"], faithful, edited, changed)


def _own(references: Path) -> dict[str, list[Question]]:
    """Facts without their false versions, and what people said of claims."""
    (item,) = articles.load(references)
    text, group = item.article.text, item.article.id

    def asked(hypothesis: str, truth: Truth) -> Question:
        return Question(group, "", (Pair(text, hypothesis, date=item.article.date),), truth)

    labels = [row for row in _lines(references / group / "labels.jsonl") if row["use"] == "grounding" and row["label"]]
    return {
        "own statements": [asked(fact.statement, "supported") for fact in item.facts],
        "own false versions": [asked(false, "contradicted") for fact in item.facts for false in fact.contradictions],
        "own claims": [asked(row["hypothesis"], row["label"]) for row in labels if row["label"] != "uncertain"],
    }


def by_sentence(premise: str, text: str) -> tuple[Pair, ...]:
    """One pair a sentence of the text."""
    return tuple(Pair(premise, sentence.text) for sentence in sentences(text)) or (Pair(premise, text),)
