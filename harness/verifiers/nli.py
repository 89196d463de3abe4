"""Verify by natural language inference, with any model that predicts whether one text entails another.

The premise is read in windows, each with the whole hypothesis. P(supported) is the highest of all windows (SummaC's
zero-shot rule: Laban et al. 2022).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from importlib.metadata import version
from itertools import chain, pairwise
from statistics import fmean
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, NamedTuple, Self

from pydantic import AfterValidator, Field, model_validator

from harness.checker_en.windows import Granularity, Retrieved, index, split_to_fit
from harness.errors import ModelError
from harness.files import read_text, show
from harness.records import Pair, Probabilities, Span
from harness.text import normalise, words
from harness.verifiers.decide import most_likely
from harness.verifiers.prediction import Prediction, abstain
from harness.verifiers.statements import StatementVerifier
from harness.weights.load import require_memory
from harness.weights.plugin import LoadsModel
from harness.weights.source import Head

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

    from harness.weights.load import Checkpoint

Meaning = Literal["entailment", "neutral", "contradiction", "not_entailment"]
"""``not_entailment`` is the second class of models that do not separate neutral from contradiction."""
Between = Literal["pair", "eos"]

_SPELLINGS: Mapping[Meaning, str] = {
    "entailment": "entailment entail entails entailed supported support supports consistent",
    "neutral": "neutral notenoughinfo notenoughinformation nei unknown unverified",
    "contradiction": "contradiction contradict contradicts contradicted contradictory refuted refute refutes",
    "not_entailment": "notentailment nonentailment notentailed unsupported notsupported inconsistent",
}
_MEANING: Mapping[str, Meaning] = {name: meaning for meaning, names in _SPELLINGS.items() for name in names.split()}
"""A class's name in lower case without punctuation → its meaning."""
_SLOT = re.compile(r"\{(premise|hypothesis)\}")
PROBES = (
    "The treaty was signed in Vienna on Monday.",
    "A man is playing a guitar on the beach.",
    "The company sold its factory last year.",
    "Two children were found in the forest.",
)
"""Each sentence supports itself and none of the others."""


def _check_template(template: str) -> str:
    if sorted(_SLOT.findall(template)) != ["hypothesis", "premise"]:
        raise ValueError("write {premise} once and {hypothesis} once, as in 'premise: {premise} claim: {hypothesis}'")
    return template


def _check_answers(answers: tuple[str, ...]) -> tuple[str, ...]:
    if len(answers) < 2 or len(set(answers)) < len(answers) or not all(answer.strip() for answer in answers):
        raise ValueError("write a different word for each class, as in [no, yes]")
    return answers


class NLI(LoadsModel, StatementVerifier):
    """A cross-encoder trained on inference or fact checking, or a model that generates its verdict as a word.

    A three-class model distinguishes contradiction from absence. A two-class model calls everything else absent;
    ``contradicted`` then needs a false version of the hypothesis (``contrasts``) that is better supported.
    """

    head: ClassVar[Head] = "classifier"
    unsigned: ClassVar[frozenset[str]] = frozenset({"batch_size"})

    granularity: Granularity = "two_sentences"
    """How the premise is split: sentence, two_sentences (each with the next; SummaC), chunk (whole sentences, up to
    chunk_words; MiniCheck, AlignScore) or document. Text too long for the model is split further, never dropped."""
    chunk_words: int = Field(350, ge=1)
    """Maximum words of a chunk; longer sentences are split."""
    windows: int | None = Field(8, ge=1)
    """Number of windows to read per hypothesis: those that share the most words with it; null for all."""
    labels: tuple[Meaning, ...] | None = None
    """The meanings of the model's classes, in the order of its outputs. Needed if their names do not say (LABEL_0);
    for MiniCheck: [not_entailment, entailment]."""
    answers: Annotated[tuple[str, ...], AfterValidator(_check_answers)] | None = None
    """The words that a sequence-to-sequence model writes for its classes, in the order of labels: ["0", "1"] for
    MiniCheck-Flan-T5. Only their first tokens are compared. Null for a classifier."""
    between: Between = "pair"
    """The separator of window and hypothesis: the tokenizer's format for pairs (pair), or one end-of-sentence token
    (eos), with which MiniCheck's RoBERTa was trained."""
    template: Annotated[str, AfterValidator(_check_template)] | None = None
    """The input text with {premise} and {hypothesis}, for models trained on such a template (FactCG,
    MiniCheck-Flan-T5). Null for a pair of texts."""
    max_length: int | None = Field(None, ge=16)
    """Maximum tokens of a window, the hypothesis and the template together (default: the model's own limit). Only
    models with relative positions (T5, DeBERTa-v3) accept more than their own limit."""
    batch_size: int = Field(16, ge=1)
    """Window and hypothesis pairs per batch."""
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = "auto"
    """Number type of the weights; auto is float32 on the CPU, and the stored type elsewhere."""

    @model_validator(mode="after")
    def _check_form(self) -> Self:
        if self.template is not None and self.between != "pair":
            raise ValueError(f"template already separates the texts, so remove between: {self.between}")
        return self

    @property
    def together(self) -> int:
        """Enough pairs for batches of similar length; no more, because a CPU may take seconds per pair."""
        return 4 * self.batch_size

    def check(self) -> Iterable[str]:
        if faults := list(super().check()):
            return faults
        file = self.source.path / "config.json"
        try:  # find problems with the classes, as far as they can be found without the weights
            if self.source.kind == "folder":
                self._read_meanings(json.loads(read_text(file)))
            elif self.answers:
                read_meanings(self.source.name, self.answers, self.labels)
        except json.JSONDecodeError as error:
            return [f"{show(file)} is not JSON ({error}); save the model again"]
        except ModelError as error:
            return [str(error)]
        return []

    def depends(self) -> Mapping[str, str]:
        return {**super().depends(), **{name: version(name) for name in ("sentencex", "snowballstemmer")}}

    def predict_statements(self, pairs: Sequence[Pair]) -> list[Prediction]:
        predicted: dict[Pair, Prediction] = {}
        retrieved: dict[Pair, Retrieved] = {}
        for pair in pairs:
            if fault := self._classifier.explain_unreadable(pair.hypothesis):
                predicted[pair] = abstain(fault)
                continue
            best = index(pair.premise, self.granularity, self.chunk_words).best(pair.hypothesis, self.windows)
            parts = [part for window in best.windows for part in self._classifier.split(window, pair.hypothesis)]
            retrieved[pair] = Retrieved(tuple(parts), best.left_out)
        asked = {
            pair: [WindowPair(window.text, pair.hypothesis) for window in best.windows]
            for pair, best in retrieved.items()
        }
        answers = self._classifier.read(chain.from_iterable(asked.values()), self.batch_size)
        for pair, best in retrieved.items():
            predicted[pair] = combine(best, [answers[each] for each in asked[pair]])
        return [predicted[pair] for pair in pairs]

    def _read_meanings(self, config: Mapping[str, Any]) -> tuple[Meaning, ...]:
        name = self.source.name
        if self.answers and not config.get("is_encoder_decoder"):
            raise ModelError(f"{name} is not a sequence-to-sequence model, so it writes no answers; remove answers")
        architectures = config.get("architectures") or ()
        if not self.answers and any(each.endswith("ForConditionalGeneration") for each in architectures):
            raise ModelError(
                f"{name} writes text and has no classes; if it writes verdicts, list their words in order, e.g. "
                f"answers: [no, yes]"
            )
        return read_meanings(name, self.answers or list_class_names(config), self.labels)

    @cached_property
    def _classifier(self) -> Classifier:
        checkpoint = self.load(self.dtype, head="seq2seq" if self.answers else None)
        name = self.source.name
        classifier = Classifier(
            name,
            checkpoint,
            self._read_meanings(checkpoint.model.config.to_dict()),
            PairTokenizer(name, checkpoint.tokenizer, self.between, self.template),
            max_length=self.max_length,
            answers=find_first_tokens(name, checkpoint, self.answers) if self.answers else None,
        )
        classifier.check_classes()
        return classifier


def combine(read: Retrieved, windows: Sequence[Probabilities]) -> Prediction:
    """Combine the probabilities of all windows (at least one) into a prediction.

    P(supported) is the highest of all windows. The rest is split into contradicted and absent as in the window that is
    most decisive either way, because a neutral window is about something else.
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


def list_class_names(config: Mapping[str, object]) -> list[str]:
    """List the names of a model's classes in order; ``LABEL_0`` and so on if they have none."""
    named = config.get("id2label")
    if not isinstance(named, Mapping):
        number = config.get("num_labels", 2)  # transformers' own default
        return [f"LABEL_{place}" for place in range(number if isinstance(number, int) else 2)]
    by_place = {str(place): str(name) for place, name in named.items()}
    return [by_place.get(str(place), f"LABEL_{place}") for place in range(len(by_place))]


def read_meanings(model: str, names: Sequence[str], labels: Sequence[Meaning] | None) -> tuple[Meaning, ...]:
    """Return the meanings of a model's classes, from ``labels`` or their names; ModelError says what to set."""
    if labels is not None and len(labels) != len(names):
        raise ModelError(
            f"labels names {len(labels)} classes, but {model} has {len(names)}; give the meaning of each, in this "
            f"order: {', '.join(names)}"
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


def find_first_tokens(name: str, checkpoint: Checkpoint, answers: Sequence[str]) -> tuple[int, ...]:
    """Return the token with which each answer begins; raise ModelError if two answers begin with the same one."""
    tokenizer = checkpoint.tokenizer
    if getattr(checkpoint.model.config, "decoder_start_token_id", None) is None:
        raise ModelError(
            f"the config.json of {name} lacks decoder_start_token_id, the token that its answers begin with; "
            "save the model with it, or take another model"
        )
    begun: dict[int, str] = {}
    for answer in answers:
        token = next(iter(tokenizer(answer, add_special_tokens=False)["input_ids"]), tokenizer.unk_token_id)
        if token == tokenizer.unk_token_id:
            raise ModelError(f"{name} has no token for the answer {answer!r}; look up its answers in its model card")
        if token in begun:
            raise ModelError(
                f"the answers {begun[token]!r} and {answer!r} begin with the same token of {name}; look up its answers "
                f"in its model card"
            )
        begun[token] = answer
    return tuple(begun)


class WindowPair(NamedTuple):
    """A window of the premise, and a hypothesis that it may support."""

    premise: str
    hypothesis: str


class PairTokenizer:
    """Tokenizes pairs, side by side or in a template."""

    def __init__(
        self, name: str, tokenizer: PreTrainedTokenizerBase, between: Between, template: str | None = None
    ) -> None:
        self.tokenizer = tokenizer
        if tokenizer.pad_token is None:
            raise ModelError(f"the tokenizer of {name} has no padding token; save it with one, or take another model")
        if between == "eos" and tokenizer.eos_token is None:
            raise ModelError(f"the tokenizer of {name} has no end-of-sentence token; set between: pair")
        self._template = f"{{premise}}{tokenizer.eos_token}{{hypothesis}}" if between == "eos" else template
        self._special = re.compile("|".join(map(re.escape, tokenizer.all_special_tokens)))
        self._count_text = lru_cache(maxsize=1 << 16)(
            lambda text: len(tokenizer(self._break_up(text), add_special_tokens=False, verbose=False)["input_ids"])
        )
        self.frame: int = len(self.encode([WindowPair("", "")])[0]["input_ids"])
        """Tokens around and between the texts of a pair."""

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
        if self._template is None:
            return self._count_text(window) + self._count_text(hypothesis) + self.frame
        # in a template, words may be tokenized differently
        return len(self.encode([WindowPair(window, hypothesis)])[0]["input_ids"])

    def _break_up(self, text: str) -> str:
        """Put a space into each special token, so that the tokenizer reads it as text."""
        return self._special.sub(lambda match: f"{match[0][0]} {match[0][1:]}", normalise(text))


def _fill(template: str, pair: WindowPair) -> str:
    """Fill the pair into the template in one step, so that braces in the texts stay unchanged."""
    return _SLOT.sub(lambda slot: str(getattr(pair, slot[1])), template)


class Classifier:
    """A model in memory that reads pairs of window and hypothesis in batches.

    ``answers`` are the first tokens of a sequence-to-sequence model's answers, in the order of ``meanings``.
    """

    def __init__(
        self,
        name: str,
        checkpoint: Checkpoint,
        meanings: tuple[Meaning, ...],
        tokenizer: PairTokenizer,
        *,
        max_length: int | None = None,
        answers: tuple[int, ...] | None = None,
    ) -> None:
        self.name, self._model, self._meanings, self._tokenizer = name, checkpoint.model, meanings, tokenizer
        self._answers = answers
        own, config = checkpoint.longest, checkpoint.model.config
        # T5 and DeBERTa-v3 have relative positions, so their limit is only the length they were first trained on
        is_relative = checkpoint.positions is None or not getattr(config, "position_biased_input", True)
        if own is not None and max_length is not None and max_length > own and not is_relative:
            raise ModelError(f"max_length is {max_length:,}, but {name} reads only {own:,} tokens at once; lower it")
        self._longest = max_length or own
        if self._longest is not None and 2 * tokenizer.frame >= self._longest:
            raise ModelError(
                f"the template takes {tokenizer.frame:,} of the {self._longest:,} tokens that {name} reads at once, "
                f"more than half; shorten it, or raise max_length"
            )

    def explain_unreadable(self, hypothesis: str) -> str | None:
        """Explain why the model cannot read a hypothesis; None if it can.

        A hypothesis is never truncated, and must leave half of the tokens to the window.
        """
        if not words(hypothesis):
            return "the statement has no words"
        tokens = self._tokenizer.count_tokens("", hypothesis)
        if self._longest is None or 2 * tokens <= self._longest:
            return None
        return (
            f"the statement has {tokens - self._tokenizer.frame:,} tokens, more than half of the {self._longest:,} "
            f"that {self.name} reads at once (template included: {self._tokenizer.frame:,}); split the statement"
        )

    def split(self, window: Span, hypothesis: str) -> Sequence[Span]:
        """Split a window into parts that each fit together with the hypothesis."""
        if self._longest is None:
            return [window]
        taken = self._tokenizer.count_tokens("", hypothesis)
        return split_to_fit(
            window, lambda text: self._tokenizer.count_tokens(text, hypothesis) - taken, self._longest - taken
        )

    def read(self, pairs: Iterable[WindowPair], batch_size: int) -> dict[WindowPair, Probabilities]:
        """Return the probabilities of each pair; NaN if the numbers overflow.

        Batches hold pairs of similar length, longest first, so that they do not depend on the order of the pairs.
        """
        distinct = sorted(set(pairs))
        rows = self._tokenizer.encode(distinct) if distinct else []
        order = sorted(range(len(rows)), key=lambda at: -len(rows[at]["input_ids"]))
        probabilities: dict[WindowPair, Probabilities] = {}
        for start in range(0, len(order), batch_size):
            batch = order[start : start + batch_size]
            chances = self._compute_chances([rows[at] for at in batch])
            probabilities |= {distinct[at]: self._convert(row) for at, row in zip(batch, chances, strict=True)}
        return probabilities

    def _compute_chances(self, batch: list[dict[str, list[int]]]) -> list[list[float]]:
        """Return a row per pair with the probability of each class."""
        import torch

        inputs = self._tokenizer.tokenizer.pad(batch, return_tensors="pt").to(self._model.device)
        longest = inputs["input_ids"].shape[1]
        with (
            torch.inference_mode(),
            require_memory(f"{self.name} with {len(batch)} pairs of up to {longest:,} tokens", "lower batch_size"),
        ):
            if self._answers is None:
                logits = self._model(**inputs).logits
            else:  # same as https://github.com/Liyan06/MiniCheck/blob/main/minicheck/inference.py (Tang et al. 2024)
                start = inputs["input_ids"].new_full((len(batch), 1), self._model.config.decoder_start_token_id)
                logits = self._model(**inputs, decoder_input_ids=start).logits[:, 0, list(self._answers)]
        rows: list[list[float]] = logits.float().softmax(dim=-1).cpu().tolist()
        return rows

    def _convert(self, chances: Sequence[float]) -> Probabilities:
        """Turn the probabilities of the classes into those of the labels."""
        by_meaning = dict(zip(self._meanings, chances, strict=True))
        absent = by_meaning.get("neutral", 0.0) + by_meaning.get("not_entailment", 0.0)
        return Probabilities(by_meaning["entailment"], by_meaning.get("contradiction", 0.0), absent)

    def check_classes(self) -> None:
        """Raise ModelError if sentences do not support themselves; published models have come with swapped names."""
        itself = [WindowPair(text, text) for text in PROBES]
        another = [WindowPair(text, other) for text, other in pairwise((*PROBES, PROBES[0]))]
        readings = self.read([*itself, *another], batch_size=len(PROBES))
        own, others = (fmean(readings[each].supported for each in pairs) for pairs in (itself, another))
        if own <= max(0.5, others):
            raise ModelError(
                f"{self.name} gives P(supported) = {own:.2f} for a sentence as its own premise ({others:.2f} for an "
                f"unrelated premise): its classes are not in the assumed order, or it was trained for another task; "
                f"set labels to the order in its model card"
            )
