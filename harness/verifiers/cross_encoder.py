"""A model that classifies pairs of texts, for ``nli``: its input, its answers, and the meanings of its classes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from statistics import fmean
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from harness.checker_en.windows import split_to_fit
from harness.errors import ModelError
from harness.records import Pair, Probabilities, Span
from harness.text import normalise, words
from harness.weights.load import require_memory

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

    from harness.weights.load import Checkpoint

Meaning = Literal["entailment", "neutral", "contradiction", "not_entailment"]
"""``not_entailment`` is the second class of models that do not separate neutral from contradiction."""
_SPELLINGS: Mapping[Meaning, str] = {
    "entailment": "entailment entail entails entailed supported support supports consistent",
    "neutral": "neutral notenoughinfo notenoughinformation nei unknown unverified",
    "contradiction": "contradiction contradict contradicts contradicted contradictory refuted refute refutes",
    "not_entailment": "notentailment nonentailment notentailed unsupported notsupported inconsistent",
}
_MEANING: Mapping[str, Meaning] = {name: meaning for meaning, names in _SPELLINGS.items() for name in names.split()}
"""A class's name in lower case without punctuation → its meaning."""
SLOT = re.compile(r"\{(premise|hypothesis)\}")
"""The placeholders in a template for the texts of a pair."""
PROBES = (
    "The treaty was signed in Vienna on Monday.",
    "A man is playing a guitar on the beach.",
    "The company sold its factory last year.",
    "Two children were found in the forest.",
)
"""Each sentence supports itself and none of the others."""


class WindowPair(NamedTuple):
    """A window of the premise, and a hypothesis that it may support."""

    premise: str
    hypothesis: str


class CrossEncoder:
    """A model in memory that reads (window, hypothesis) pairs in batches.

    ``meanings`` lists the meanings of its classes, in order; messages call the model ``name``.
    """

    def __init__(
        self,
        name: str,
        checkpoint: Checkpoint,
        meanings: tuple[Meaning, ...],
        template: str | None,
        max_length: int | None,
    ) -> None:
        self.name, self._model, self._meanings = name, checkpoint.model, meanings
        self._tokenizer = PairTokenizer(name, checkpoint.tokenizer, template)
        own, config = checkpoint.longest, checkpoint.model.config
        # models with relative positions, such as DeBERTa-v3, may read more than they were first trained on
        is_relative = checkpoint.positions is None or not getattr(config, "position_biased_input", True)
        if own is not None and max_length is not None and max_length > own and not is_relative:
            raise ModelError(f"max_length is {max_length:,}, but {name} reads only {own:,} tokens at once; lower it")
        self._longest = max_length or own
        frame = self._tokenizer.frame
        if self._longest is not None and 2 * frame >= self._longest:
            raise ModelError(
                f"the template takes {frame:,} of the {self._longest:,} tokens that {name} reads at once, at least "
                f"half; shorten it, or raise max_length"
            )

    def explain_unreadable(self, hypothesis: str) -> str | None:
        """Explain why the model cannot read a hypothesis, or return None if it can.

        A hypothesis is never truncated, and must leave half of the model's tokens to the window.
        """
        if not words(hypothesis):
            return "the statement has no words"
        tokens = self._tokenizer.count_tokens("", hypothesis)
        if self._longest is None or 2 * tokens <= self._longest:
            return None
        return (
            f"the statement with its template has {tokens:,} tokens, more than half of the {self._longest:,} that "
            f"{self.name} reads at once; split the statement"
        )

    def split(self, window: Span, pair: Pair) -> Sequence[Span]:
        """Split a window into parts that each fit into the model with the hypothesis."""
        if self._longest is None:
            return [window]
        taken = self._tokenizer.count_tokens("", pair.hypothesis)

        def size(text: str) -> int:
            return self._tokenizer.count_tokens(text, pair.hypothesis) - taken

        return split_to_fit(window, size, self._longest - taken, pair.language)

    def read(self, pairs: Iterable[WindowPair], batch_size: int) -> dict[WindowPair, Probabilities]:
        """Return the probabilities of each pair; NaN if the numbers overflow.

        Pairs are sorted and batched by length, longest first, so that the order of ``pairs`` does not matter.
        """
        distinct = sorted(set(pairs))
        rows = self._tokenizer.encode(distinct) if distinct else []
        order = sorted(range(len(rows)), key=lambda at: -len(rows[at]["input_ids"]))
        probabilities: dict[WindowPair, Probabilities] = {}
        for start in range(0, len(order), batch_size):
            batch = order[start : start + batch_size]
            for at, row in zip(batch, self._compute_probabilities([rows[at] for at in batch]), strict=True):
                by_meaning = dict(zip(self._meanings, row, strict=True))
                absent = by_meaning.get("neutral", 0.0) + by_meaning.get("not_entailment", 0.0)
                contradicted = by_meaning.get("contradiction", 0.0)
                probabilities[distinct[at]] = Probabilities(by_meaning["entailment"], contradicted, absent)
        return probabilities

    def _compute_probabilities(self, batch: list[dict[str, list[int]]]) -> list[list[float]]:
        """Return a row per pair with the probability of each class."""
        import torch

        inputs = self._tokenizer.tokenizer.pad(batch, return_tensors="pt").to(self._model.device)
        longest = inputs["input_ids"].shape[1]
        with (
            torch.inference_mode(),
            require_memory(f"{self.name} with {len(batch)} pairs of up to {longest:,} tokens", "lower batch_size"),
        ):
            rows: list[list[float]] = self._model(**inputs).logits.float().softmax(dim=-1).cpu().tolist()
        return rows

    def check_classes(self) -> None:
        """Raise ModelError if sentences do not support themselves: some published models have swapped class names."""
        itself = [WindowPair(text, text) for text in PROBES]
        another = [WindowPair(text, other) for text, other in pairwise((*PROBES, PROBES[0]))]
        answers = self.read([*itself, *another], batch_size=len(PROBES))
        own, others = (fmean(answers[each].supported for each in pairs) for pairs in (itself, another))
        if own <= max(0.5, others):
            raise ModelError(
                f"{self.name} does not find that a sentence supports itself: P(supported) is {own:.2f}, and "
                f"{others:.2f} for an unrelated one. Its classes are not in the assumed order, or it was trained for "
                f"another task; set labels to the order in its model card"
            )


class PairTokenizer:
    """Tokenizes pairs, in a template or in the tokenizer's own format for pairs."""

    def __init__(self, name: str, tokenizer: PreTrainedTokenizerBase, template: str | None) -> None:
        if tokenizer.pad_token is None:
            raise ModelError(f"the tokenizer of {name} has no padding token; save it with one, or use another model")
        self.tokenizer, self._template = tokenizer, template
        self._special = re.compile("|".join(map(re.escape, tokenizer.all_special_tokens)))
        self.frame = self.count_tokens("", "")
        """Number of tokens around and between the texts of a pair."""

    def encode(self, pairs: Sequence[WindowPair]) -> list[dict[str, list[int]]]:
        """Return the model's inputs for each pair, neither truncated nor padded."""
        plain = [WindowPair(*map(self._break_up, pair)) for pair in pairs]
        if self._template is None:
            texts = [[pair.premise for pair in plain], [pair.hypothesis for pair in plain]]
        else:
            texts = [[_fill(self._template, pair) for pair in plain]]
        encoded = self.tokenizer(*texts, verbose=False)
        return [{key: encoded[key][at] for key in encoded} for at in range(len(pairs))]

    def count_tokens(self, window: str, hypothesis: str) -> int:
        return len(self.encode([WindowPair(window, hypothesis)])[0]["input_ids"])

    def _break_up(self, text: str) -> str:
        """Put a space into each special token, so that the tokenizer reads it as text."""
        return self._special.sub(lambda match: f"{match[0][0]} {match[0][1:]}", normalise(text))


def _fill(template: str, pair: WindowPair) -> str:
    """Fill the pair into the template in one step, so that braces in the texts stay unchanged."""
    return SLOT.sub(lambda slot: str(getattr(pair, slot[1])), template)


def read_meanings(model: str, config: Mapping[str, Any], labels: Sequence[Meaning] | None) -> tuple[Meaning, ...]:
    """Return the meanings of a model's classes, from ``labels`` or from the class names in the model's ``config``.

    Raise ModelError if neither works; its message says what to set.
    """
    by_place = {str(place): str(name) for place, name in (config.get("id2label") or {}).items()}
    count = len(by_place) or config.get("num_labels", 2)  # 2 is transformers' own default
    names = [by_place.get(str(place), f"LABEL_{place}") for place in range(count)]
    if labels is not None and len(labels) != len(names):
        raise ModelError(
            f"the option labels lists {len(labels)} classes, but {model} has {len(names)}; give the meaning of each, "
            f"in this order: {', '.join(names)}"
        )
    if len(names) < 2:
        raise ModelError(f"{model} outputs one number, not classes; use a model with an entailment class")
    spelled = ("".join(filter(str.isalpha, name.lower())) for name in names)
    meanings = tuple(labels) if labels is not None else tuple(_MEANING.get(name) for name in spelled)
    known = tuple(meaning for meaning in meanings if meaning is not None)
    if len(set(known)) < len(names) or "entailment" not in known:
        example = "[not_entailment, entailment]" if len(names) == 2 else "[entailment, neutral, contradiction]"
        raise ModelError(
            f"the classes of {model} are called {', '.join(names)}, which does not say which one is entailment; "
            f"look up their meanings in its model card, and list them in the same order, e.g. labels: {example}"
        )
    return known
