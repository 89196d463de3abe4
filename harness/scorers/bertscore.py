"""BERTScore: similarity to the references, token by token."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from harness.errors import HarnessError
from harness.records import Case, Metric
from harness.scorers.measure import BatchScorer, Measure, Overlap, explain_no_reference, measure_best_and_mean
from harness.weights.load import Checkpoint, require_memory
from harness.weights.plugin import LoadsModel
from harness.weights.source import Head, Named

if TYPE_CHECKING:
    import torch

_BYTE_LEVEL = ("Roberta", "GPT2")
"""Tokenizers that encode a word at the start of a text differently from a word after a space."""


class Bertscore(LoadsModel, BatchScorer):
    """BERTScore (Zhang et al. 2020) with any encoder, by default a small packaged one.

    Each token of the summary is matched with the reference's nearest token in the encoder's space, and vice versa:
    precision and recall are mean cosines. ``bertscore`` is the best F1 over the references. ``bertscore.precision`` and
    ``bertscore.recall`` belong to the same reference; ``bertscore.mean`` is the mean F1. Each score also lists the
    value for every reference, and says which texts were truncated. Cosines of unrelated texts lie well above 0, by an
    amount that depends on the encoder: compare systems, not encoders.

    The numbers equal those of the bert-score package with the same model and ``layer`` (its ``num_layers``), without
    idf weights or rescaling, up to rounding. There are two differences. First, bert-score picks the best reference
    separately for precision and for recall. Second, harness puts a space before the first word for RoBERTa and GPT-2;
    bert-score asks the tokenizer for it, which transformers 5 ignores.
    """

    head: ClassVar[Head] = "encoder"
    unsigned: ClassVar[frozenset[str]] = frozenset({"batch_size", "device"})

    model: Named = "all-minilm-l6-v2"
    """A packaged model's name, a hub id (org/name), or a folder that save_pretrained wrote."""
    layer: int | None = Field(None, ge=1)
    """The layer whose vectors are compared, counted from 1 (default: the last). bert-score uses layer 17 of
    roberta-large."""
    batch_size: int = Field(32, ge=1)
    """Number of texts that the encoder reads at once."""

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
        summaries = [case.summary.text or "" for case in cases]
        references = [each.text for case in cases for each in case.references]
        encoded = encoder.encode([*summaries, *references])
        return [self._measure(case, encoded, encoder.special) for case in cases]

    def _measure(self, case: Case, encoded: Mapping[str, Encoded], special: Collection[int]) -> Mapping[str, Measure]:
        if reason := explain_no_reference(case):
            return self.nothing(reason)
        summary, overlaps = encoded[case.summary.text or ""], {}
        for each in case.references:
            reference = encoded[each.text]
            cut = [what for what, read in (("summary", summary), ("reference", reference)) if read.cut]
            limit = max(len(summary.ids), len(reference.ids))
            if overlap := align(summary, reference, special):
                overlaps[f"{each.id} ({' and '.join(cut)} truncated to {limit} tokens)" if cut else each.id] = overlap
        if overlaps:
            return measure_best_and_mean("bertscore", overlaps)
        return self.nothing("the summary, or every reference, has no tokens to compare")

    @cached_property
    def _encoder(self) -> Encoder:
        return Encoder(self.load("float32", self.layer), self.batch_size)


def align(summary: Encoded, reference: Encoded, special: Collection[int]) -> Overlap | None:
    """Align each token greedily with the most similar token of the other text, by cosine (section 3 of the paper).

    Special tokens, which surround every text, do not count. Return None if a text has no other token.
    """
    import torch
    from torch.nn.functional import normalize

    ours, theirs = (torch.tensor([float(token not in special) for token in text.ids]) for text in (summary, reference))
    if not (ours.any() and theirs.any()):
        return None
    similar = normalize(summary.vectors, dim=-1) @ normalize(reference.vectors, dim=-1).T
    precision = float(similar.amax(dim=1) @ (ours / ours.sum()))
    recall = float(similar.amax(dim=0) @ (theirs / theirs.sum()))
    total = precision + recall
    return Overlap(precision, recall, 2 * precision * recall / total if total else 0.0)


# The encoder ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Encoded:
    ids: tuple[int, ...]
    """The ids of the tokens that the model read."""
    vectors: torch.Tensor
    """Vectors of the last loaded layer (tokens × dimensions), float32, not normalised."""
    cut: bool
    """True if the text was truncated to the model's limit."""


class Encoder:
    """A model and its tokenizer, in memory."""

    def __init__(self, checkpoint: Checkpoint, batch_size: int) -> None:
        self._model, self._tokenizer, self._batch_size = checkpoint.model, checkpoint.tokenizer, batch_size
        self._space = " " if type(self._tokenizer).__name__.startswith(_BYTE_LEVEL) else ""
        self._longest = checkpoint.longest
        self.special = frozenset({self._tokenizer.cls_token_id, self._tokenizer.sep_token_id})
        """The ids of the tokens that surround every text."""

    def _tokenize(self, text: str) -> tuple[tuple[int, ...], bool]:
        """Return the token ids of a text, up to the model's limit, and True if the text was longer."""
        ids = self._tokenizer(self._space + text.strip(), verbose=False)["input_ids"]
        if self._longest is None or len(ids) <= self._longest:
            return tuple(ids), False
        kept = self._tokenizer(self._space + text.strip(), truncation=True, max_length=self._longest)["input_ids"]
        return tuple(kept), True

    def encode(self, texts: Sequence[str]) -> dict[str, Encoded]:
        """Return the encoding of each text. Batches hold texts of similar length, whatever the order of ``texts``."""
        read = sorted(
            ((*self._tokenize(text), text) for text in set(texts)), key=lambda entry: (len(entry[0]), entry[2])
        )
        encoded: dict[str, Encoded] = {}
        for start in range(0, len(read), self._batch_size):
            batch = read[start : start + self._batch_size]
            vectors = self._compute_vectors([ids for ids, _, _ in batch])
            encoded |= {text: Encoded(ids, vectors[at, : len(ids)], cut) for at, (ids, cut, text) in enumerate(batch)}
        return encoded

    def _compute_vectors(self, batch: Sequence[Sequence[int]]) -> torch.Tensor:
        """Return the vectors (texts × longest × dimensions), padded on the right."""
        import torch

        longest = max(map(len, batch))
        pad = self._tokenizer.pad_token_id or 0
        ids = torch.tensor([[*text, *[pad] * (longest - len(text))] for text in batch], device=self._model.device)
        mask = torch.tensor([[1] * len(text) + [0] * (longest - len(text)) for text in batch], device=ids.device)
        what = f"the encoder with {len(batch)} texts of up to {longest:,} tokens"
        with torch.inference_mode(), require_memory(what, f"lower batch_size (now {self._batch_size})"):
            vectors: torch.Tensor = self._model(input_ids=ids, attention_mask=mask).last_hidden_state
        return vectors.float().cpu()
