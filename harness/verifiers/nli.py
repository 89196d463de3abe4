"""Judges by natural language inference: any model that says whether one text entails another."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from importlib.metadata import version
from typing import Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from harness.checker_en.windows import Granularity, index
from harness.errors import ModelError
from harness.files import read_text, show
from harness.records import Pair
from harness.verifiers._nli.answers import Answers, first_tokens
from harness.verifiers._nli.classes import Classes, Meaning, classes, names
from harness.verifiers._nli.classifier import Classifier, check_classes
from harness.verifiers._nli.pairs import Between, PairTokenizer, Template
from harness.verifiers._nli.question import Aggregation, WindowedHypothesis
from harness.verifiers.prediction import Prediction, abstain
from harness.verifiers.statements import StatementVerifier
from harness.weights.plugin import LoadsModel
from harness.weights.source import Head


class NLI(LoadsModel, StatementVerifier):
    """A cross-encoder trained on natural language inference or on fact checking, from the hub or a folder.

    The premise is read in windows, the hypothesis whole beside each. A model of three classes tells contradiction from
    absence; one of two calls absent what it does not find supported, and contradicted only what a false version of the
    hypothesis (``contrasts``) is supported in place of. Probabilities are the model's own, unless a ``calibration``
    mends them. A checker that writes its verdict as a word, such as MiniCheck-Flan-T5, has its ``answers`` for classes.
    """

    head: ClassVar[Head] = "classifier"
    unsigned: ClassVar[frozenset[str]] = frozenset({"batch_size"})

    granularity: Granularity = "two_sentences"
    """How the premise is cut: sentence, two_sentences (each with the next; SummaC), chunk (whole sentences, up to
    chunk_words; MiniCheck, AlignScore) or document. What is too long for the model is cut further, never off."""
    chunk_words: int = Field(350, ge=1)
    """Words in a chunk; a longer sentence is cut too."""
    windows: int | None = Field(8, ge=1)
    """How many windows are read for a hypothesis, those that share the most words with it; null for all."""
    aggregation: Aggregation = "max"
    """max: P(supported) is the highest of any window, and the rest is contradicted or absent as in the window that
    decides most, either way. strongest: the probabilities of that window alone."""
    labels: tuple[Meaning, ...] | None = None
    """What the model's classes mean, in the order of its outputs, where its names for them (LABEL_0) do not say:
    [not_entailment, entailment] for MiniCheck."""
    answers: Answers | None = None
    """The words that a sequence-to-sequence model writes for its classes, in the order of labels: ["0", "1"] for
    MiniCheck-Flan-T5. Each counts by its first token; null for a classifier."""
    between: Between = "pair"
    """What stands between the window and the hypothesis: what the tokenizer puts into a pair, or one end-of-sentence
    token (eos), as MiniCheck's RoBERTa was trained."""
    template: Template | None = None
    """The one text that the model reads of a window and a hypothesis, with {premise} and {hypothesis} in their places,
    for one that was trained so (FactCG, MiniCheck-Flan-T5); null for a pair."""
    max_length: int | None = Field(None, ge=16)
    """Tokens of a window and the hypothesis together, a template included; null for the model's own limit. Only models
    that know positions by their distance (T5, DeBERTa-v3) read more."""
    batch_size: int = Field(16, ge=1)
    """Windows that the model reads at once, each beside a hypothesis."""
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = "auto"
    """Number type of the weights; auto is float32 on the CPU, elsewhere the type that they are stored in."""

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if self.template is not None and self.between != "pair":
            raise ValueError(f"a template says what stands between the texts; leave out between: {self.between}")
        return self

    @property
    def together(self) -> int:
        """Enough for full batches of pairs of like length; of a large model a pair takes seconds on a CPU."""
        return 4 * self.batch_size

    def check(self) -> Iterable[str]:
        return list(super().check()) or self._class_faults()

    def depends(self) -> Mapping[str, str]:
        return {**super().depends(), **{name: version(name) for name in ("sentencex", "snowballstemmer")}}

    def predict_statements(self, pairs: Sequence[Pair]) -> list[Prediction]:
        faults = [self._classifier.fault(pair.hypothesis) for pair in pairs]
        windowed = [self._windowed(pair) for pair, fault in zip(pairs, faults, strict=True) if fault is None]
        asked = (pair for hypothesis in windowed for pair in hypothesis.pairs)
        answers = self._classifier.read(asked, self.batch_size)
        predicted = (hypothesis.predict(answers, self.aggregation) for hypothesis in windowed)
        return [next(predicted) if fault is None else abstain(fault) for fault in faults]

    def _windowed(self, pair: Pair) -> WindowedHypothesis:
        retrieved = index(pair.premise, self.granularity, self.chunk_words).best(pair.hypothesis, self.windows)
        parts = [part for window in retrieved.windows for part in self._classifier.parts(window, pair.hypothesis)]
        return WindowedHypothesis(pair.hypothesis, parts, retrieved.left_out)

    def _class_faults(self) -> list[str]:
        """What is wrong with the classes, as far as it is known without the model: of one on the hub, its answers."""
        file = self.source.path / "config.json"
        try:
            if self.source.kind == "folder":
                self._meanings(json.loads(read_text(file)))
            elif self.answers:
                classes(self.source.name, self.answers, self.labels)
        except json.JSONDecodeError as error:
            return [f"{show(file)} is not JSON ({error}); save the model anew"]
        except ModelError as error:
            return [str(error)]
        return []

    def _meanings(self, config: Mapping[str, Any]) -> Classes:
        """What the classes mean, by the answers or else by the names in the model's configuration."""
        name = self.source.name
        if self.answers and not config.get("is_encoder_decoder"):
            raise ModelError(f"{name} is no sequence-to-sequence model, which alone writes answers; leave out answers")
        if not self.answers and any(
            architecture.endswith("ForConditionalGeneration") for architecture in config.get("architectures") or ()
        ):
            raise ModelError(
                f"{name} writes text and has no classes; if its text is a verdict, name the words of it, in order, as "
                f"answers: [no, yes]"
            )
        return classes(name, self.answers or names(config), self.labels)

    @cached_property
    def _classifier(self) -> Classifier:
        checkpoint = self.load(self.dtype, head="seq2seq" if self.answers else None)
        name, meanings = self.source.name, self._meanings(checkpoint.model.config.to_dict())
        answers = first_tokens(name, checkpoint, self.answers) if self.answers else None
        tokenizer = PairTokenizer(name, checkpoint.tokenizer, self.between, self.template)
        classifier = Classifier(name, checkpoint, meanings, tokenizer, self.max_length, answers)
        check_classes(classifier)
        return classifier
