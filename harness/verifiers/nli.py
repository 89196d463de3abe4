"""Verify by natural language inference, with any model that predicts whether one text entails another.

The model reads the premise in windows, each with the whole hypothesis. P(supported) is the highest of all windows
(SummaC's zero-shot rule: Laban et al. 2022).
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from importlib.metadata import version
from itertools import chain
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from harness.checker_en.windows import Granularity, Retrieved, index
from harness.errors import ModelError
from harness.files import read_text, show
from harness.records import Pair, Probabilities
from harness.verifiers.cross_encoder import SLOT, CrossEncoder, Meaning, WindowPair, read_meanings
from harness.verifiers.decide import Prediction, abstain, most_likely
from harness.verifiers.statements import StatementVerifier
from harness.weights.plugin import LoadsModel
from harness.weights.source import Head


def _check_template(template: str) -> str:
    if sorted(SLOT.findall(template)) != ["hypothesis", "premise"]:
        raise ValueError("write {premise} once and {hypothesis} once, as in 'premise: {premise} claim: {hypothesis}'")
    return template


class NLI(LoadsModel, StatementVerifier):
    """A cross-encoder trained on inference or fact checking.

    A three-class model distinguishes contradiction from absence. With a two-class model, a contradiction counts as
    absent, unless a false version of the hypothesis is listed (``Pair.contrasts``) and the premise supports it better.
    """

    head: ClassVar[Head] = "classifier"
    unsigned: ClassVar[frozenset[str]] = frozenset({"batch_size"})

    granularity: Granularity = "two_sentences"
    """How the premise is split: sentence, two_sentences (each with the next; SummaC), chunk (whole sentences, up to
    chunk_words; MiniCheck, AlignScore) or document. Text too long for the model is split further, never dropped."""
    chunk_words: int = Field(350, ge=1)
    """Maximum number of words in a chunk; longer sentences are split."""
    windows: int | None = Field(8, ge=1)
    """Number of windows to read per hypothesis: those that share the most words with it; null for all."""
    labels: tuple[Meaning, ...] | None = None
    """The meanings of the model's classes, in the order of its outputs. Needed if the class names say nothing, such as
    LABEL_0. For MiniCheck: [not_entailment, entailment]."""
    template: Annotated[str, AfterValidator(_check_template)] | None = None
    """The input text with {premise} and {hypothesis}, for models trained on such a template (MiniCheck, FactCG). Null
    for the tokenizer's own format for pairs."""
    max_length: int | None = Field(None, ge=16)
    """Maximum tokens of a window, the hypothesis and the template together (default: the model's own limit). Only
    models with relative positions (DeBERTa-v3) accept more than their own limit."""
    batch_size: int = Field(16, ge=1)
    """Window and hypothesis pairs per batch."""
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = "auto"
    """Data type of the weights; auto is float32 on the CPU, and the stored type elsewhere."""

    @property
    def pairs_per_batch(self) -> int:
        """Enough pairs to sort into batches of similar length, but few, because a CPU may take seconds per pair."""
        return 4 * self.batch_size

    def check(self) -> Iterable[str]:
        if (faults := list(super().check())) or self.source.kind != "folder":
            return faults
        file = self.source.path / "config.json"
        try:
            read_meanings(self.source.name, json.loads(read_text(file)), self.labels)
        except json.JSONDecodeError as error:
            return [f"{show(file)} is not JSON ({error}); save the model again"]
        except ModelError as error:
            return [str(error)]
        return []

    def depends(self) -> Mapping[str, str]:
        return {**super().depends(), **{name: version(name) for name in ("sentencex", "snowballstemmer")}}

    def predict_statements(self, pairs: Sequence[Pair]) -> list[Prediction]:
        faults = {pair: fault for pair in pairs if (fault := self._encoder.explain_unreadable(pair.hypothesis))}
        chosen = {pair: self._choose_windows(pair) for pair in pairs if pair not in faults}
        asked = {
            pair: [WindowPair(window.text, pair.hypothesis) for window in read.windows] for pair, read in chosen.items()
        }
        answers = self._encoder.read(chain.from_iterable(asked.values()), self.batch_size)
        return [
            abstain(faults[pair]) if pair in faults else combine(chosen[pair], [answers[each] for each in asked[pair]])
            for pair in pairs
        ]

    def _choose_windows(self, pair: Pair) -> Retrieved:
        indexed = index(pair.premise, self.granularity, self.chunk_words, pair.language)
        best = indexed.best(pair.hypothesis, self.windows)
        parts = [part for window in best.windows for part in self._encoder.split(window, pair)]
        return Retrieved(tuple(parts), best.left_out)

    @cached_property
    def _encoder(self) -> CrossEncoder:
        checkpoint = self.load(self.dtype)
        meanings = read_meanings(self.source.name, checkpoint.model.config.to_dict(), self.labels)
        encoder = CrossEncoder(self.source.name, checkpoint, meanings, self.template, self.max_length)
        encoder.check_classes()
        return encoder


def combine(read: Retrieved, windows: Sequence[Probabilities]) -> Prediction:
    """Combine the probabilities of all windows (at least one) into a prediction.

    P(supported) is the highest of all windows. The rest is split into contradicted and absent in the same ratio as in
    the window with the lowest P(absent), because the other windows are about something else.
    """
    if any(math.isnan(each.supported) for each in windows):
        return abstain("the model's numbers overflow; set dtype: float32")
    supporting = max(range(len(windows)), key=lambda at: windows[at].supported)
    deciding = max(range(len(windows)), key=lambda at: windows[at].supported + windows[at].contradicted)
    supported, decisive = windows[supporting].supported, windows[deciding]
    other = decisive.contradicted + decisive.absent
    contradicted = (1 - supported) * decisive.contradicted / other if other else 0.0
    probabilities = Probabilities(supported, contradicted, max(0.0, 1 - supported - contradicted))
    match most_likely(probabilities):
        case "supported":
            return Prediction(probabilities, read.windows[supporting])
        case "contradicted":
            return Prediction(probabilities, read.windows[deciding])
    every = len(windows) + read.left_out
    note = f"only the {len(windows):,} of {every:,} windows that share the most words with the statement were read"
    return Prediction(probabilities, reason=note if read.left_out else None)
