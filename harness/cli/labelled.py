"""People's labels by the path that a person types: of a run, or in a file."""

from __future__ import annotations

from pathlib import Path

from harness import pipeline
from harness.data.pairs import labelled
from harness.data.pairs.labelled import Corpus
from harness.errors import UsageError
from harness.files import show
from harness.trust.labelling import corpus as labelled_run


def corpus(path: Path) -> Corpus:
    """The labels of the run in a folder, or of a JSONL file; UsageError where a run has none."""
    if not is_run(path):
        return labelled.read(path)
    corpus = labelled_run.corpus(pipeline.read(path))
    if not (corpus.judgements or corpus.unsure):
        raise UsageError(
            f"nobody has labelled a verdict of {show(path)} yet; judge some first: harness label {show(path)}"
        )
    return corpus


def is_run(path: Path) -> bool:
    """Whether a path is that of a run's folder, here or at a URL, and not of a file."""
    return path.is_dir()
