"""The network in training: three classes for a pair, and for each token whether it makes the hypothesis unsupported.

Every row has a loss for its class, and one for whether any token is wrong. If the hypothesis is supported, or its wrong
words are marked, each of its tokens also has a loss.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, TaskType, get_peft_model
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits, softplus
from transformers import MPNetForSequenceClassification, PreTrainedTokenizerBase

from benchmarks.training.rows import Row

CLASSES = ("supported", "contradicted", "absent")
UNSUPPORTED = len(CLASSES)
"""Target of a row that is contradicted or absent."""
TOKENS = 256
"""Longer pairs are cut at the end of the premise; passages are shorter than this."""
RIGHT, WRONG, UNKNOWN, OUTSIDE = 0, 1, 2, -1
"""What is known about a token; ``OUTSIDE``: it is not part of the hypothesis."""
INITIAL_LOG_ODDS = -3.0
"""Log odds that a token is wrong, before training."""
SCALE = 8.0
"""Factor on token states, so that the token head learns as fast as the rest."""
SOME_WEIGHT, WORD_WEIGHT = 0.5, 1.0
"""Weights of the losses "is any token wrong" and "which", next to the class loss."""


class TokenHead(nn.Module):
    """A linear map from a token's state to its log-odds of being wrong; no matrix product, so never quantised."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(width))
        self.bias = nn.Parameter(torch.empty(1))

    def forward(self, states: Tensor) -> Tensor:
        """[rows, tokens, width] → [rows, tokens]."""
        return (SCALE * states * self.weight).sum(-1) + self.bias

    def reset(self) -> None:
        """Start with the same low log-odds for every token."""
        nn.init.zeros_(self.weight)
        nn.init.constant_(self.bias, INITIAL_LOG_ODDS)


class Reader(MPNetForSequenceClassification):
    """MPNet with a head for the pair and one for each token."""

    def __init__(self, config: Any) -> None:
        super().__init__(config)
        self.words = TokenHead(config.hidden_size)
        self.post_init()  # type: ignore[no-untyped-call]  # transformers leaves it untyped

    def forward(self, input_ids: Tensor, attention_mask: Tensor, **_: Any) -> tuple[Tensor, Tensor]:
        """Class logits [rows, 3], and each token's log-odds of being wrong [rows, tokens]."""
        states = self.mpnet(input_ids, attention_mask=attention_mask)[0]
        return self.classifier(states), self.words(states)


def make_reader(backbone: Path, rank: int, frozen_layers: int) -> Any:
    """Return the backbone with new heads and an adapter; without dropout, because few rows are seen twice."""
    model = Reader.from_pretrained(
        backbone, num_labels=len(CLASSES), hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0
    )
    model.words.reset()
    adapter = LoraConfig(
        task_type=TaskType.SEQ_CLS, r=rank, lora_alpha=rank,  # a scaling of 1, which export relies on
        lora_dropout=0.0, modules_to_save=["classifier", "words"],
        layers_to_transform=list(range(frozen_layers, model.config.num_hidden_layers)), layers_pattern="layer",
        target_modules=["attn.q", "attn.k", "attn.v", "attn.o", "intermediate.dense", "output.dense"],
    )  # fmt: skip  # short settings
    return get_peft_model(model, adapter)


def encode(row: Row, tokenizer: PreTrainedTokenizerBase) -> dict[str, Any]:
    """Return the token ids, the target class, and what is known about each token."""
    ids = tokenizer(
        row.premise, row.hypothesis, truncation="only_first", max_length=TOKENS, return_offsets_mapping=True
    )
    offsets = ids.pop("offset_mapping")
    known = [
        _label_token(row, *offset) if side == 1 else OUTSIDE
        for side, offset in zip(ids.sequence_ids(), offsets, strict=True)
    ]
    target = UNSUPPORTED if row.label == "unsupported" else CLASSES.index(row.label)
    return {"input_ids": ids["input_ids"], "known": known, "target": target}


def _label_token(row: Row, start: int, end: int) -> int:
    if row.label == "supported":
        return RIGHT
    if row.wrong is None:
        return UNKNOWN
    return WRONG if any(start < last and first < end for first, last in row.wrong) else RIGHT


def collate(rows: Sequence[Mapping[str, Any]], pad: int) -> dict[str, Tensor]:
    """Stack encoded rows into tensors, padded to the longest row."""
    longest = max(len(row["input_ids"]) for row in rows)

    def pad_rows(name: str, value: int) -> Tensor:
        return torch.tensor([[*row[name], *[value] * (longest - len(row[name]))] for row in rows])

    return {
        "input_ids": pad_rows("input_ids", pad),
        "attention_mask": torch.tensor([[int(at < len(row["input_ids"])) for at in range(longest)] for row in rows]),
        "known": pad_rows("known", OUTSIDE),
        "target": torch.tensor([row["target"] for row in rows]),
    }


def compute_loss(logits: Tensor, words: Tensor, target: Tensor, known: Tensor) -> Tensor:
    """Sum of the mean losses of the class, of whether any token is wrong, and of which."""
    any_wrong = words.float().masked_fill(known == OUTSIDE, -torch.inf).logsumexp(-1)
    return (
        compute_class_loss(logits, target)
        + SOME_WEIGHT * binary_cross_entropy_with_logits(any_wrong, (target != 0).float())
        + WORD_WEIGHT * compute_word_loss(words, known)
    )


def compute_class_loss(logits: Tensor, target: Tensor) -> Tensor:
    """Mean negative log of the summed probability of the classes that the target allows; ``logits``: [rows, 3]."""
    logs = logits.float().log_softmax(-1)
    either = torch.logsumexp(logs[:, 1:], dim=-1, keepdim=True)
    return -torch.cat([logs, either], dim=-1).gather(1, target[:, None]).mean()


def compute_word_loss(words: Tensor, known: Tensor) -> Tensor:
    """Mean over the rows with known tokens; in each row, right tokens together weigh as much as wrong ones."""
    words = words.float()
    right, wrong = (known == RIGHT).float(), (known == WRONG).float()
    is_known = right.sum(-1) > 0
    of_right = (softplus(words) * right).sum(-1) / right.sum(-1).clamp(min=1)
    of_wrong = (softplus(-words) * wrong).sum(-1) / wrong.sum(-1).clamp(min=1)
    each = torch.where(wrong.sum(-1) > 0, (of_right + of_wrong) / 2, of_right)
    return (each * is_known).sum() / is_known.sum().clamp(min=1)
