"""The network that is trained: three classes for a pair, and for each token whether it makes the statement false.

A label says that something is wrong in a statement, not where. Where a source tells, or a true version of the statement
does (``differences.py``), the tokens learn it one by one; where nobody tells, that some token is wrong or that none is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits, softplus
from transformers import MPNetForSequenceClassification, PreTrainedTokenizerBase

from benchmarks.training.corpora import Example

CLASSES = ("supported", "contradicted", "absent")
UNSUPPORTED = len(CLASSES)
"""The target of a row that is contradicted or absent, the source does not say which."""
TOKENS = 256
"""A pair of more tokens is cut at its premise's end; passages are shorter, so that next to none is."""
RIGHT, WRONG, NOT_TOLD, OUTSIDE = 0, 1, 2, -1
"""What is known of a token: of the hypothesis; ``OUTSIDE``: it is no token of the hypothesis."""
RARE = -3.0
"""The log-odds of a token's being wrong that training begins from."""
SCALE = 8.0
"""Of a token's state, whose length is about 3, so that the head of tokens learns as fast as the rest."""
SOME_WEIGHT, WORD_WEIGHT = 0.5, 1.0
"""Of the losses of whether any token is wrong, and of which, beside that of the class."""


class Words(nn.Module):
    """A regression from a token's state to the log-odds of its being wrong: no product of matrices, so that it stays
    exact where these are put into eight bits."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(width))
        self.bias = nn.Parameter(torch.empty(1))

    def forward(self, states: Tensor) -> Tensor:
        """[rows, tokens, width] → [rows, tokens]."""
        return (SCALE * states * self.weight).sum(-1) + self.bias

    def begin(self) -> None:
        """As it is before it has learned anything: it doubts all tokens alike."""
        nn.init.zeros_(self.weight)
        nn.init.constant_(self.bias, RARE)


class Reader(MPNetForSequenceClassification):
    """MPNet with a head for the pair and one for each token."""

    def __init__(self, config: Any) -> None:
        super().__init__(config)
        self.words = Words(config.hidden_size)
        self.post_init()  # type: ignore[no-untyped-call]  # transformers leaves it untyped

    def forward(self, input_ids: Tensor, attention_mask: Tensor, **_: Any) -> tuple[Tensor, Tensor]:
        """Logits of the classes, [rows, 3], and of each token's being wrong, [rows, tokens]."""
        states = self.mpnet(input_ids, attention_mask=attention_mask)[0]
        return self.classifier(states), self.words(states)


def encoded(example: Example, tokenizer: PreTrainedTokenizerBase) -> dict[str, Any]:
    """Token ids of a pair, the target of its class, and what is known of each token."""
    ids = tokenizer(
        example.premise, example.hypothesis,
        truncation="only_first", max_length=TOKENS, return_offsets_mapping=True,
    )  # fmt: skip  # one setting a word
    offsets = ids.pop("offset_mapping")
    told = [
        _told(example, *offset) if side == 1 else OUTSIDE
        for side, offset in zip(ids.sequence_ids(), offsets, strict=True)
    ]
    target = UNSUPPORTED if example.label == "unsupported" else CLASSES.index(example.label)
    return {"input_ids": ids["input_ids"], "told": told, "labels": target}


def _told(example: Example, start: int, end: int) -> int:
    if example.label == "supported":
        return RIGHT
    if example.wrong is None:
        return NOT_TOLD
    return WRONG if any(start < last and first < end for first, last in example.wrong) else RIGHT


def collated(rows: Sequence[Mapping[str, Any]], pad: int) -> dict[str, Tensor]:
    """Rows as tensors of one length."""
    longest = max(len(row["input_ids"]) for row in rows)

    def padded(name: str, value: int) -> Tensor:
        return torch.tensor([[*row[name], *[value] * (longest - len(row[name]))] for row in rows])

    mask = torch.tensor([[int(at < len(row["input_ids"])) for at in range(longest)] for row in rows])
    labels = torch.tensor([row["labels"] for row in rows])
    ids, told = padded("input_ids", pad), padded("told", OUTSIDE)
    return {"input_ids": ids, "attention_mask": mask, "told": told, "labels": labels}


def loss(logits: Tensor, words: Tensor, targets: Tensor, told: Tensor) -> Tensor:
    """The sum of three means over rows: of the class, of whether any token is wrong, of which."""
    return (
        class_loss(logits, targets)
        + SOME_WEIGHT * binary_cross_entropy_with_logits(any_wrong(words, told), (targets != 0).float())
        + WORD_WEIGHT * word_loss(words, told)
    )


def class_loss(logits: Tensor, targets: Tensor) -> Tensor:
    """Mean over rows of −log of the probability of all classes that the target allows; ``logits``: [rows, 3]."""
    shares = logits.float().log_softmax(-1)
    either = torch.logsumexp(shares[:, 1:], dim=-1, keepdim=True)
    return -torch.cat([shares, either], dim=-1).gather(1, targets[:, None]).mean()


def any_wrong(words: Tensor, told: Tensor) -> Tensor:
    """Log-odds that some token of the hypothesis is wrong, [rows]: the odds of its tokens, added."""
    return words.float().masked_fill(told == OUTSIDE, -torch.inf).logsumexp(-1)


def word_loss(words: Tensor, told: Tensor) -> Tensor:
    """Of each row whose tokens are told, the mean over the right and that over the wrong ones, each for as much.

    A row of which all is wrong tells no place, and counts as one that nobody told of.
    """
    words = words.float()
    right, wrong = (told == RIGHT).float(), (told == WRONG).float()
    known = right.sum(-1) > 0
    of_right = (softplus(words) * right).sum(-1) / right.sum(-1).clamp(min=1)
    of_wrong = (softplus(-words) * wrong).sum(-1) / wrong.sum(-1).clamp(min=1)
    each = torch.where(wrong.sum(-1) > 0, (of_right + of_wrong) / 2, of_right)
    return (each * known).sum() / known.sum().clamp(min=1)
