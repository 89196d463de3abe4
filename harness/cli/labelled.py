"""People's labels by the path that a person types: of a run, or in a file."""

from __future__ import annotations

from pathlib import Path

from harness import pipeline
from harness.checker.labelling import corpus as labelled_run
from harness.data.pairs import labelled
from harness.data.pairs.labelled import Corpus
from harness.files import url


def corpus(path: Path) -> Corpus:
    """The labels of the run in a folder, or of a JSONL file."""
    return labelled_run.corpus(pipeline.read(path)) if is_run(path) else labelled.read(path)


def is_run(path: Path) -> bool:
    """Whether a path is that of a run's folder, here or at a URL, and not of a file."""
    return path.is_dir() or (url(path) is not None and path.suffix != ".jsonl")
