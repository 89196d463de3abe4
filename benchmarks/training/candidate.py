"""A network that is not in the product yet, as a verifier of its own kind: ``benchmarks.training.candidate:Candidate``.

It is measured with the same commands as the verifier that it may become.
"""

from __future__ import annotations

from pathlib import Path

from harness.seams import FilePath
from harness.verifiers.entailment import Entailment


class Candidate(Entailment):
    """``entailment`` with a network in a folder that ``export.py`` wrote, and with a calibrator of its own."""

    network: FilePath
    """The folder of the graph, the adapter and ``about.json``."""
    weights: FilePath
    """The calibrator that ``calibrate.py`` wrote, or is about to write."""

    @property
    def folder(self) -> Path:
        return self.network

    @property
    def calibrator(self) -> Path:
        return self.weights
