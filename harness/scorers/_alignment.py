"""Greedy alignment of the tokens of two texts (Zhang et al. 2020, BERTScore, section 3)."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.scorers.references import Overlap

if TYPE_CHECKING:
    import torch

    from harness.weights.encoder import Encoded


@dataclass(frozen=True, slots=True)
class Weights:
    """How much a token counts."""

    of: Mapping[int, float]
    """By token id."""
    otherwise: float
    """For a token that ``of`` does not name."""

    @classmethod
    def equal(cls, frame: Iterable[int]) -> Weights:
        """All tokens alike, but for the ids in ``frame``, which count nothing."""
        return cls(dict.fromkeys(frame, 0.0), 1.0)

    @classmethod
    def idf(cls, texts: Iterable[Iterable[int]]) -> Weights:
        """-log of the share of texts that have the token, with one added to either count."""
        token_sets = [set(text) for text in texts]
        counts = Counter(token for text in token_sets for token in text)
        total = len(token_sets) + 1
        return cls({token: math.log(total / (count + 1)) for token, count in counts.items()}, math.log(total))

    def over(self, ids: Iterable[int]) -> torch.Tensor:
        """The weights of a text's tokens; they sum to 1, or are all 0."""
        import torch

        weights = torch.tensor([self.of.get(token, self.otherwise) for token in ids])
        total = weights.sum()
        return weights / total if total else weights


def align(summary: Encoded, reference: Encoded, weights: Weights) -> Overlap | None:
    """Each token meets the other text's most similar one, by the cosine of their vectors.

    None where no token of a text weighs anything.
    """
    ours, theirs = weights.over(summary.ids), weights.over(reference.ids)
    if not (ours.any() and theirs.any()):
        return None
    similar = _directions(summary) @ _directions(reference).T
    precision = float(similar.amax(dim=1) @ ours)
    recall = float(similar.amax(dim=0) @ theirs)
    total = precision + recall
    return Overlap(precision, recall, 2 * precision * recall / total if total else 0.0)


def _directions(encoded: Encoded) -> torch.Tensor:
    """(tokens, dimensions), each of length 1."""
    from torch.nn.functional import normalize

    return normalize(encoded.vectors, dim=-1)
