"""What the probes of the verifier ``probe`` are fitted on: statements about summaries and articles, true and false."""

from __future__ import annotations

import difflib
import json
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from labelled import Data, records
from probe_states import Known, Question
from probe_training import Example

from harness import perturbations, progress
from harness.perturbations import edits, false_versions
from harness.signature import file_digest
from harness.text import sentences
from harness.verifiers._probe.states import StateReader

FALSE_VERSIONS = 8
"""False versions of a reference's sentence, at most."""
TRUE = 2.0
"""What a sentence of a faithful summary counts beside one of an edited summary, of which there are seven to each."""
MADE = 0.3
"""What a version that was made counts."""


@dataclass(frozen=True, slots=True)
class Version:
    """A sentence of an article's reference, or one made of it by perturbation."""

    group: str
    article: str
    text: str
    true: bool
    origin: str
    """The sentence that it was made of; itself, if it was not."""


def versions(data: Data, folder: Path, file: Path, seed: int) -> list[Version]:
    """Of all articles' references, kept in ``file``: making them takes minutes."""
    if not file.is_file():
        references = _references(data, folder)
        with progress.bar("versions", len(references)) as advance, file.with_suffix(".part").open("w") as out:
            for (group, article), texts in references.items():
                for each in _made(group, article, texts, seed):
                    out.write(json.dumps(asdict(each)) + "\n")
                advance(1)
        file.with_suffix(".made_by").write_text(f"harness.perturbations {perturbations.signature()}", encoding="utf-8")
        file.with_suffix(".part").rename(file)
    with file.open(encoding="utf-8") as lines:
        return [Version(**json.loads(line)) for line in lines]


def versions_origin(file: Path) -> dict[str, object]:
    """An entry of the card."""
    return {
        "name": "versions of references",
        "used_as": "training of the probe for articles",
        "sha256": file_digest(file),
        "made_by": file.with_suffix(".made_by").read_text(encoding="utf-8"),
    }


def _references(data: Data, folder: Path) -> Mapping[tuple[str, str], list[str]]:
    """Group and article → the sentences of what people wrote."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for edit in data.edits:
        found.setdefault((edit.group, edit.article), {})[edit.faithful] = None
    for record in records(folder, "realsumm_articles.jsonl"):
        texts = {text if isinstance(text, str) else text["text"]: None for text in record["references"]}
        found[f"realsumm:{record['id']}", record["text"]] = texts
    return {
        place: list(dict.fromkeys(span.text for text in texts for span in sentences(text)))
        for place, texts in found.items()
    }


def _made(group: str, article: str, texts: Sequence[str], seed: int) -> Iterator[Version]:
    draw = random.Random(f"{seed} {group}")  # noqa: S311  # no secret is drawn
    rng = np.random.default_rng(draw.getrandbits(32))
    for text in texts:
        yield Version(group, article, text, True, text)
        false = false_versions(text, rng, context=article, limit=2 * FALSE_VERSIONS)
        for edit in draw.sample(false, min(FALSE_VERSIONS, len(false))):
            yield Version(group, article, edit.text, False, text)
        for edit in edits(text, rng, {"paraphrase"}, context=article)[:1]:
            yield Version(group, article, edit.text, True, text)


def changed(ids: Sequence[int], origin: Sequence[int]) -> list[bool]:
    """Token by token, whether it is new beside the origin; where something is only left out, the next one is."""
    found = [False] * len(ids)
    for kind, _, _, start, end in difflib.SequenceMatcher(None, origin, ids, autojunk=False).get_opcodes():
        if kind == "delete" and start < len(ids):
            found[start] = True
        elif kind in ("replace", "insert"):
            found[start:end] = [True] * (end - start)
    return found


def about_articles(data: Data, made: Sequence[Version], states: Known, reader: StateReader) -> dict[str, list[Example]]:
    """Group → what is said of its article: summaries with and without an error, other articles' sentences, versions."""
    found: dict[str, dict[tuple[str, str], Example]] = defaultdict(dict)

    def add(group: str, question: Question, weight: float, origin: str | None) -> None:
        """``origin``: the true sentence that it stands for; None where nothing is true of it."""
        text = question[1]
        changes = None if origin is None else changed(reader.statement(text).ids, reader.statement(origin).ids)
        false = origin is None or text != origin
        found[group].setdefault(question, Example(states[question], false, weight, changes))

    for edit in data.edits:
        for text in _sentences(edit.faithful):
            add(edit.group, (edit.article, text), TRUE, text)
    for edit in data.edits:
        for text in _sentences(edit.edited):
            add(edit.group, (edit.article, text), 1.0, _nearest(text, _sentences(edit.faithful)))
    for row in data.rows:
        if row.corpus == "grounding" and row.label == "absent":
            add(row.group, (row.premise, row.hypothesis), 1.0, None)
    for each in made:
        add(each.group, (each.article, each.text), MADE, each.text if each.true else each.origin)
    return {group: list(examples.values()) for group, examples in found.items()}


def about_summaries(data: Data, states: Known) -> dict[str, list[Example]]:
    """Group → what people said of facts and summaries."""
    found: dict[str, list[Example]] = defaultdict(list)
    for row in data.rows:
        if row.corpus != "grounding":
            found[row.group].append(Example(states[row.premise, row.hypothesis], row.label != "supported"))
    return found


def _sentences(text: str) -> list[str]:
    return [span.text for span in sentences(text)]


def _nearest(text: str, among: Sequence[str]) -> str:
    return max(among, key=lambda other: difflib.SequenceMatcher(None, other, text, autojunk=False).ratio())
