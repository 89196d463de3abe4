"""Checkers that write their verdict as a word: each answer counts by the token that it begins with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator

from harness.errors import ModelError

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import BatchEncoding, PreTrainedModel

    from harness.weights.load import Checkpoint


def _told_apart(answers: tuple[str, ...]) -> tuple[str, ...]:
    if len(answers) < 2 or len(set(answers)) < len(answers) or not all(answer.strip() for answer in answers):
        raise ValueError("write a word for each class, as in [no, yes], each another one")
    return answers


Answers = Annotated[tuple[str, ...], AfterValidator(_told_apart)]
"""The words that a model writes for its classes, in the order of these."""


@dataclass(frozen=True, slots=True)
class FirstTokens:
    """What a sequence-to-sequence model may begin its answer with."""

    tokens: tuple[int, ...]
    """The first of each answer."""
    start: int
    """The token that its decoder begins with."""

    def logits(self, model: PreTrainedModel, inputs: BatchEncoding) -> Tensor:
        """(pairs, answers): of the answers' tokens alone, as the authors of MiniCheck read theirs (Tang et al. 2024).

        https://github.com/Liyan06/MiniCheck/blob/main/minicheck/inference.py
        """
        written = inputs["input_ids"].new_full((len(inputs["input_ids"]), 1), self.start)
        logits: Tensor = model(**inputs, decoder_input_ids=written).logits
        return logits[:, 0, list(self.tokens)]


def first_tokens(name: str, checkpoint: Checkpoint, answers: Sequence[str]) -> FirstTokens:
    """The tokens that the answers begin with; ModelError where they do not tell the answers apart."""
    tokenizer, start = checkpoint.tokenizer, getattr(checkpoint.model.config, "decoder_start_token_id", None)
    if start is None:
        raise ModelError(f"the config.json of {name} has no decoder_start_token_id, so that nothing begins its answer")
    begun: dict[int, str] = {}
    for answer in answers:
        token = next(iter(tokenizer(answer, add_special_tokens=False)["input_ids"]), tokenizer.unk_token_id)
        if token == tokenizer.unk_token_id:
            raise ModelError(f"{name} has no token for the answer {answer!r}; look its answers up in its model card")
        if token in begun:
            raise ModelError(
                f"the answers {begun[token]!r} and {answer!r} begin with one token of {name}, by which they cannot be "
                f"told apart; look its answers up in its model card"
            )
        begun[token] = answer
    return FirstTokens(tuple(begun), start)
