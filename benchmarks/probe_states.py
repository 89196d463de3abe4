"""Reading the statements that the verifier ``probe`` is fitted on with a language model, once; kept in files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from harness import progress
from harness.signature import digest
from harness.verifiers._probe.states import StateReader

PART = 100
"""Premises of a file."""

Question = tuple[str, str]
"""A premise and a statement."""
Known = Mapping[Question, npt.NDArray[np.float16]]
"""Question → the states at the statement's tokens, (tokens, width)."""


def kept(questions: Iterable[Question], folder: Path, reader: StateReader) -> Known:
    """Those of all questions, read where they are not in the folder yet: about 20 statements a second on two cores."""
    asked: dict[str, dict[str, None]] = defaultdict(dict)
    for premise, statement in questions:
        asked[premise][statement] = None
    premises = sorted(asked)
    parts = [
        [(premise, statement) for premise in premises[start : start + PART] for statement in asked[premise]]
        for start in range(0, len(premises), PART)
    ]
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"{digest(part)}.npz" for part in parts]
    missing = [(part, file) for part, file in zip(parts, files, strict=True) if not file.is_file()]
    if missing:
        _read(missing, reader)
    return {
        question: states
        for part, file in zip(parts, files, strict=True)
        for question, states in zip(part, _loaded(file), strict=True)
    }


def _loaded(file: Path) -> list[npt.NDArray[np.float16]]:
    with np.load(file) as part:
        states, lengths = part["states"], part["lengths"]
    return np.split(states, np.cumsum(lengths)[:-1])


def _read(missing: Sequence[tuple[Sequence[Question], Path]], reader: StateReader) -> None:
    with progress.bar("states", sum(len(part) for part, _ in missing)) as advance:
        for part, file in missing:
            found = []
            by_premise: dict[str, list[str]] = defaultdict(list)
            for premise, statement in part:
                by_premise[premise].append(statement)
            for premise, statements in by_premise.items():
                found += reader.read(premise, statements)
                advance(len(statements))
            part_file = file.with_suffix(".part.npz")
            np.savez(part_file, states=np.concatenate(found).astype(np.float16), lengths=[len(each) for each in found])
            part_file.rename(file)
