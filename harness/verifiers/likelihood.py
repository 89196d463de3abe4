"""Judges by how likely a language model finds a statement after the premise, beside false versions of it.

A likelihood ranks two versions of a claim well and thresholds badly: a strange true sentence is less likely than a
common false one. So a statement is held against false versions of itself: those in the pair's ``contrasts``, else some
made by perturbation. Each is read after the premise and without it; what the premise adds is pointwise mutual
information. Two logistic regressions turn what the model says of each token, word and version into probabilities;
``benchmarks/fit_likelihood.py`` fits them and ``benchmarks/likelihood.md`` says how well they do. They are fitted for
the default model: with another one, let ``harness calibrate`` mend them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field

from harness.records import Agreement, Pair
from harness.signature import file_digest
from harness.verifiers import _card
from harness.verifiers._likelihood.asker import Asker
from harness.verifiers._likelihood.judge import judged, measured
from harness.verifiers._long import WindowedVerifier
from harness.verifiers._no_answer import undecided
from harness.verifiers._opinion import Opinion
from harness.verifiers._regressions import Regressions
from harness.weights.plugin import LoadsModel
from harness.weights.source import Head, Named

WEIGHTS = Path(__file__).parent / "_likelihood" / "weights.json"
MODEL = "smollm2-135m-instruct"


class Likelihood(LoadsModel, WindowedVerifier):
    """The likelihood of a statement against that of false versions of it, under a causal language model.

    The premise is read once for all statements that it is asked about. Rounding differs between batches of different
    shapes, in the fifth digit.
    """

    head: ClassVar[Head] = "causal"
    unsigned: ClassVar[frozenset[str]] = frozenset({"batch_tokens"})

    model: Named = MODEL
    """A packaged model's name, a hub id (org/name), a folder that save_pretrained wrote, or a .gguf file."""
    false_versions: int = Field(3, ge=0, le=20)
    """How many false versions are made of a statement that comes with none (``contradictions`` in facts.yaml)."""
    only_written: bool = False
    """Have no opinion on a statement that comes with no false version: by made ones alone it is a weak signal."""
    batch_tokens: int = Field(512, ge=1)
    """Tokens of statements that the model reads at once after a premise; a longer statement is read alone."""
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = "auto"
    """Number type of the weights; auto is float32 on the CPU, elsewhere the type that they are stored in."""

    def depends(self) -> Mapping[str, str]:
        fitted = {"fitted": file_digest(WEIGHTS)[:8]}
        return {**super().depends(), **fitted, **{name: version(name) for name in ("spacy", "snowballstemmer")}}

    def measured(self) -> Agreement | None:
        if self.model != MODEL:
            return None
        card = json.loads(WEIGHTS.read_text(encoding="utf-8"))["card"]
        return _card.agreement(card, "out of fold, from the card in its weights")

    def judged(self, pairs: Sequence[Pair]) -> list[Opinion]:
        weighed = [pair for pair in pairs if pair.contrasts or not self.only_written]
        found = iter(judged(self._asker, self._weights, weighed, self.false_versions) if weighed else ())
        return [
            next(found) if pair.contrasts or not self.only_written else undecided("no false version of it is written")
            for pair in pairs
        ]

    def features(self, pairs: Sequence[Pair]) -> list[Mapping[str, float] | None]:
        """What the probabilities are made of, by name, for each pair's hypothesis.

        The premise is read whole. None where premise or hypothesis has no words, or together they do not fit into
        the model's context.
        """
        return measured(self._asker, pairs, self.false_versions)

    @cached_property
    def _asker(self) -> Asker:
        return Asker(self.source.name, self.load(self.dtype), self.batch_tokens)

    @cached_property
    def _weights(self) -> Regressions:
        return Regressions.load(WEIGHTS)
