"""Overlap of meaning with the references, token by token."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from pydantic import Field

from harness.errors import HarnessError
from harness.records import Case, Metric
from harness.scorers.measure import BatchScorer, Measure, Overlap, best_and_mean, explain_no_reference
from harness.signature import digest
from harness.weights.encoder import Encoded, Encoder
from harness.weights.plugin import LoadsModel
from harness.weights.source import Head, Named

if TYPE_CHECKING:
    import torch

_CHUNK = 256  # number of summaries whose vectors are in memory at once


class Bertscore(LoadsModel, BatchScorer):
    """BERTScore (Zhang et al. 2020) under any encoder, by default a small packaged one; it loads a model to score.

    Each token of the summary is matched with the reference's nearest token in the encoder's space, and vice versa:
    precision and recall are mean cosines. ``bertscore`` is F1 against the reference with the best F1, with that
    reference's ``bertscore.precision`` and ``bertscore.recall``; ``bertscore.mean`` is the mean F1. Each score also
    names its value for every reference, and texts that were too long for the encoder. Cosines of unrelated texts lie
    well above 0, by an amount that depends on the encoder: compare systems, not encoders.

    The numbers equal those of the bert-score package with the same model, ``layer`` (its ``num_layers``) and ``idf``,
    unrescaled, up to rounding. There are two differences. bert-score picks the best reference separately for precision
    and for recall. And it asks the tokenizers of RoBERTa and GPT-2 to put a space before the first word. transformers 5
    ignores this, so harness puts the space there itself.
    """

    head: ClassVar[Head] = "encoder"
    unsigned: ClassVar[frozenset[str]] = frozenset({"batch_size", "device"})

    model: Named = "all-minilm-l6-v2"
    """A packaged model's name, a hub id (org/name), or a folder that save_pretrained wrote."""
    layer: int | None = Field(None, ge=1)
    """The layer whose vectors are compared, from 1 (default: the last). bert-score uses layer 17 of roberta-large."""
    idf: bool = False
    """Weight tokens by their inverse document frequency in the references of all scored articles. The numbers then
    depend on the articles of the run, so the signature of each score includes a hash of their references."""
    batch_size: int = Field(32, ge=1)
    """Number of texts that the encoder reads at once."""

    @property
    def at_once(self) -> bool:
        return self.idf

    def signature_over(self, cases: Sequence[Case]) -> str:
        signature = self.signature()
        return f"{signature}|references:{digest(_corpus(cases))[:8]}" if self.idf else signature

    def metrics(self) -> Sequence[Metric]:
        return (
            Metric("bertscore", "BERTScore"),
            Metric("bertscore.precision", "BERTScore precision"),
            Metric("bertscore.recall", "BERTScore recall"),
            Metric("bertscore.mean", "BERTScore (mean over references)"),
        )

    def measure_all(self, cases: Sequence[Case]) -> Iterable[Mapping[str, Measure]]:
        try:
            encoder = self._encoder
        except HarnessError as error:
            return [self.nothing(str(error)) for _ in cases]
        if self.idf:
            weights = Weights.idf([encoder.tokens(text)[0] for text in _corpus(cases)])
        else:
            weights = Weights(dict.fromkeys(encoder.frame, 0.0), 1.0)
        by_article = sorted(range(len(cases)), key=lambda at: cases[at].item.article.id)
        measures: dict[int, Mapping[str, Measure]] = {}
        for start in range(0, len(cases), _CHUNK):
            chunk = by_article[start : start + _CHUNK]
            texts = [
                text
                for at in chunk
                for text in (cases[at].summary.text or "", *(each.text for each in cases[at].references))
            ]
            encoded = encoder.encode(texts)
            measures |= {at: self._measure(cases[at], encoded, weights) for at in chunk}
        return [measures[at] for at in range(len(cases))]

    def _measure(self, case: Case, encoded: Mapping[str, Encoded], weights: Weights) -> Mapping[str, Measure]:
        if reason := explain_no_reference(case):
            return self.nothing(reason)
        summary, overlaps = encoded[case.summary.text or ""], {}
        for each in case.references:
            reference = encoded[each.text]
            if overlap := align(summary, reference, weights):
                overlaps[f"{each.id}{_describe_truncation(summary, reference)}"] = overlap
        if overlaps:
            return best_and_mean("bertscore", overlaps)
        return self.nothing("the summary, or every reference, has no token that counts")

    @cached_property
    def _encoder(self) -> Encoder:
        return Encoder(self.load("float32", self.layer), self.batch_size)


def _corpus(cases: Sequence[Case]) -> list[str]:
    """Return the references of the articles, sorted by article; each article counts once."""
    items = {case.item.article.id: case.item for case in cases}
    return [reference.text for _, item in sorted(items.items()) for reference in item.references]


def _describe_truncation(summary: Encoded, reference: Encoded) -> str:
    texts = [what for what, read in (("summary", summary), ("reference", reference)) if read.cut]
    return f" ({' and '.join(texts)} truncated to {max(len(summary.ids), len(reference.ids))} tokens)" if texts else ""


class Weights(NamedTuple):
    """The weights of tokens, by id."""

    of: Mapping[int, float]
    otherwise: float
    """Weight of all other tokens."""

    @classmethod
    def idf(cls, texts: Iterable[Iterable[int]]) -> Weights:
        """Weight tokens by -log of the share of texts that have them, with add-one smoothing."""
        token_sets = [set(text) for text in texts]
        counts = Counter(token for text in token_sets for token in text)
        total = len(token_sets) + 1
        return cls({token: math.log(total / (count + 1)) for token, count in counts.items()}, math.log(total))

    def over(self, ids: Iterable[int]) -> torch.Tensor:
        """Return the weights of a text's tokens, which sum to 1 or are all 0."""
        import torch

        weights = torch.tensor([self.of.get(token, self.otherwise) for token in ids])
        total = weights.sum()
        return weights / total if total else weights


def align(summary: Encoded, reference: Encoded, weights: Weights) -> Overlap | None:
    """Align each token greedily with the most similar token of the other text, by cosine (section 3 of the paper).

    Return None if all tokens of a text have weight 0.
    """
    from torch.nn.functional import normalize

    ours, theirs = weights.over(summary.ids), weights.over(reference.ids)
    if not (ours.any() and theirs.any()):
        return None
    similar = normalize(summary.vectors, dim=-1) @ normalize(reference.vectors, dim=-1).T
    precision = float(similar.amax(dim=1) @ ours)
    recall = float(similar.amax(dim=0) @ theirs)
    total = precision + recall
    return Overlap(precision, recall, 2 * precision * recall / total if total else 0.0)
