"""A model that judges pairs of a window and a hypothesis, in memory and in batches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import fmean

from harness.checker_en.windows import fitted
from harness.errors import ModelError
from harness.records import Probabilities, Span
from harness.text import words
from harness.verifiers._nli.answers import FirstTokens
from harness.verifiers._nli.classes import Classes
from harness.verifiers._nli.pairs import PairTokenizer, WindowPair
from harness.weights.device import require_memory
from harness.weights.load import Checkpoint

SENTENCES = (
    "The treaty was signed in Vienna on Monday.",
    "A man is playing a guitar on the beach.",
    "The company sold its factory last year.",
    "Two children were found in the forest.",
)
"""Each is supported by itself, and not by the others."""


class Classifier:
    """A model, the tokenizer of its pairs, and what its classes mean.

    ``max_length``: tokens of a pair; None for as many as the model names as its limit. ``answers``: what stands for the
    classes in a model that writes its verdict; None for one that has classes.
    """

    def __init__(
        self,
        name: str,
        checkpoint: Checkpoint,
        classes: Classes,
        tokenizer: PairTokenizer,
        max_length: int | None,
        answers: FirstTokens | None,
    ) -> None:
        self.name, self._model, self._classes, self._tokenizer = name, checkpoint.model, classes, tokenizer
        self._answers = answers
        own = checkpoint.longest
        if own is not None and max_length is not None and max_length > own and not _by_distance(checkpoint):
            raise ModelError(f"max_length is {max_length:,}, and {name} reads {own:,} tokens at once; lower it")
        self._longest = max_length or own
        if self._longest is not None and 2 * tokenizer.frame >= self._longest:
            raise ModelError(
                f"the template takes {tokenizer.frame:,} of the {self._longest:,} tokens that {name} reads at once, "
                f"and it may take less than half; shorten it, or raise max_length"
            )

    def fault(self, hypothesis: str) -> str | None:
        """Why a hypothesis cannot be judged: it is never cut, and windows must have at least half of the room."""
        if not words(hypothesis):
            return "the statement has no words"
        tokens = self._tokenizer.size("", hypothesis)
        if self._longest is None or 2 * tokens <= self._longest:
            return None
        return (
            f"the statement has {tokens - self._tokenizer.frame:,} tokens, and {self.name} reads {self._longest:,} of "
            f"it and the premise together, {self._tokenizer.frame:,} of which stand around them; split it"
        )

    def parts(self, window: Span, hypothesis: str) -> Sequence[Span]:
        """The window, in as many parts as it takes for each to be read whole beside the hypothesis."""
        if self._longest is None:
            return [window]
        taken = self._tokenizer.size("", hypothesis)
        return fitted(window, lambda text: self._tokenizer.size(text, hypothesis) - taken, self._longest - taken)

    def read(self, pairs: Iterable[WindowPair], batch_size: int) -> dict[WindowPair, Probabilities]:
        """The probabilities of each pair; NaN where the numbers overflow.

        Pairs of like length share a batch, the longest first; which do depends on the pairs, not on their order.
        """
        distinct = sorted(set(pairs))
        rows = self._tokenizer.encode(distinct) if distinct else []
        order = sorted(range(len(rows)), key=lambda at: -len(rows[at]["input_ids"]))
        probabilities: dict[WindowPair, Probabilities] = {}
        for start in range(0, len(order), batch_size):
            batch = order[start : start + batch_size]
            chances = self._chances([rows[at] for at in batch])
            probabilities |= {
                distinct[at]: self._classes.probabilities(row) for at, row in zip(batch, chances, strict=True)
            }
        return probabilities

    def _chances(self, batch: list[dict[str, list[int]]]) -> list[list[float]]:
        """(pairs, classes): the probability of each class."""
        import torch

        inputs = self._tokenizer.tokenizer.pad(batch, return_tensors="pt").to(self._model.device)
        longest = inputs["input_ids"].shape[1]
        with (
            torch.inference_mode(),
            require_memory(f"{self.name} with {len(batch)} pairs of up to {longest:,} tokens", "lower batch_size"),
        ):
            logits = self._answers.logits(self._model, inputs) if self._answers else self._model(**inputs).logits
        rows: list[list[float]] = logits.float().softmax(dim=-1).cpu().tolist()
        return rows


def _by_distance(checkpoint: Checkpoint) -> bool:
    """Whether the model knows positions by their distance alone, as T5 and DeBERTa-v3 do.

    The limit that such a model names is the length of the texts that it was trained with first: it reads longer ones.
    """
    return checkpoint.positions is None or not getattr(checkpoint.model.config, "position_biased_input", True)


def check_classes(classifier: Classifier) -> None:
    """ModelError where sentences are not supported by themselves, or rather by others: two classes are swapped then.

    Published classifiers have come with their names in another order than their outputs.
    """
    itself = [WindowPair(text, text) for text in SENTENCES]
    another = [WindowPair(text, other) for text, other in pairwise((*SENTENCES, SENTENCES[0]))]
    readings = classifier.read([*itself, *another], batch_size=len(SENTENCES))
    own, others = (fmean(readings[each].supported for each in pairs) for pairs in (itself, another))
    if own <= max(0.5, others):
        raise ModelError(
            f"{classifier.name} does not find sentences supported by themselves (P = {own:.2f}; by unrelated ones "
            f"{others:.2f}): its classes are not in the order that is assumed, or it was trained for something else; "
            f"look the order up in its model card and write it as labels"
        )
