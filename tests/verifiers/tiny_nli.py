"""Real NLI models, small enough for a test to train them until they make no errors.

Their language has sentences of one form, "The SUBJECT is STATE.", with two opposite states, and the sentences that
probe every classifier.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from harness.records import Pair, Verdict
from harness.verifiers.cross_encoder import PROBES
from harness.verifiers.nli import NLI

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import BertForSequenceClassification, BertTokenizer, PreTrainedModel

NEWS = "The door is open. The king is closed. The river is closed."
SUBJECTS = ("door", "king", "river", "market", "bridge")
STATES = ("open", "closed")
THREE = ("contradiction", "entailment", "neutral")
"""The classes in the order of cross-encoder/nli-deberta-v3-small."""
LENGTH = 64
"""The longest input in tokens."""
_MOST_EPOCHS = 120

Row = tuple[str, str, int]
"""Premise, hypothesis, and the index of the right class in THREE."""


class Tiny(NamedTuple):
    """A trained model and its tokenizer."""

    model: Any
    tokenizer: Any

    def save(self, folder: Path) -> Path:
        self.model.save_pretrained(folder)
        self.tokenizer.save_pretrained(folder)
        return folder


def judge(verifier: NLI, hypothesis: str, *contrasts: str, premise: str = NEWS) -> Verdict:
    return verifier.verify([Pair(premise, hypothesis, (), contrasts)])[0]


def label_and_evidence(verdict: Verdict) -> tuple[str, str | None]:
    return verdict.label, verdict.evidence.text if verdict.evidence else None


def rows() -> Iterator[Row]:
    """All pairs of sentences; pairs with one subject come four times, which balances the classes."""
    for (subject, state), (other, its_state) in product(product(SUBJECTS, STATES), repeat=2):
        right, times = (2, 1) if subject != other else (int(state == its_state), 4)
        yield from [(f"The {subject} is {state}.", f"The {other} is {its_state}.", right)] * times
    for premise, hypothesis in product(PROBES, repeat=2):
        same = premise == hypothesis
        yield from [(premise, hypothesis, 1 if same else 2)] * (4 if same else 1)


@cache
def train() -> Tiny:
    """Train a classifier with the classes ``THREE`` from random weights, in a few seconds."""
    premises, hypotheses, right = zip(*rows(), strict=True)
    tokenizer = _tokenizer([*premises, *hypotheses])
    model = _model(len(tokenizer), THREE)
    _fit(model, _pairs(tokenizer), right)
    return Tiny(model, tokenizer)


def two_way(three: Tiny) -> Tiny:
    """Fine-tune it to two classes without names: not entailed, and entailed."""
    model = _model(len(three.tokenizer), ("LABEL_0", "LABEL_1"))
    model.bert.load_state_dict(three.model.bert.state_dict())
    _fit(model, _pairs(three.tokenizer), [int(right == 1) for _, _, right in rows()])
    return Tiny(model, three.tokenizer)


def _model(words: int, classes: Sequence[str]) -> BertForSequenceClassification:
    import torch
    from transformers import BertConfig, BertForSequenceClassification

    torch.manual_seed(0)
    return BertForSequenceClassification(
        BertConfig(
            vocab_size=words,
            hidden_size=48,
            num_hidden_layers=2,
            num_attention_heads=4,
            intermediate_size=96,
            max_position_embeddings=LENGTH,
            id2label=dict(enumerate(classes)),
            label2id={name: number for number, name in enumerate(classes)},
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
            initializer_range=0.12,
        )
    )


def _pairs(tokenizer: BertTokenizer) -> Mapping[str, Tensor]:
    premises, hypotheses, _ = zip(*rows(), strict=True)
    given: Mapping[str, Tensor] = tokenizer(list(premises), list(hypotheses), padding=True, return_tensors="pt")
    return given


def _fit(model: PreTrainedModel, given: Mapping[str, Tensor], right: Sequence[int]) -> None:
    """Train until every pair has its right class at 0.8 or more."""
    import torch

    def logits(some: Tensor) -> Tensor:
        found: Tensor = model(**{name: value[some] for name, value in given.items()}).logits
        return found

    truth = torch.tensor(right)
    order = torch.Generator().manual_seed(0)
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3)
    for _ in range(_MOST_EPOCHS):
        for batch in torch.randperm(len(truth), generator=order).split(32):
            loss = torch.nn.functional.cross_entropy(logits(batch), truth[batch])
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
        with torch.inference_mode():
            chances = logits(torch.arange(len(truth))).softmax(dim=-1)
        if chances.gather(1, truth[:, None]).min() >= 0.8:
            model.eval()
            return
    raise AssertionError("the tiny model did not learn its language")


def _tokenizer(texts: Sequence[str]) -> BertTokenizer:
    """Make a tokenizer whose vocabulary is the words of these texts."""
    from transformers import BertTokenizer

    words = sorted({word for text in texts for word in re.findall(r"\w+|[^\w\s]", text.lower())})
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *words]
    return BertTokenizer(vocab={word: number for number, word in enumerate(vocabulary)}, model_max_length=LENGTH)
