"""The default verifier, for English: a network reads premise and hypothesis together, and regressions calibrate it.

1. ``checker_en/passages.py`` selects the passage of the premise that covers the hypothesis best.
2. The network (``checker_en/network.py``), a cross-encoder over all-mpnet-base-v2, reads passage and hypothesis. It
   predicts the three labels and finds the words that make the hypothesis unsupported.
3. Logistic regressions calibrate its probabilities (``checker_en/calibrator.py``).
4. The nearest accepted wording and false version of a fact are read in the same way; ``statements.py`` weighs them.

``benchmarks/training`` trains the network and fits the regressions; ``benchmarks/quality/checker.md`` measures them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import ClassVar

from pydantic import Field

from harness import checker_en
from harness.checker_en import network
from harness.checker_en.calibrator import Calibrator, classify_length, compute_log_odds
from harness.checker_en.network import Network, Reading
from harness.checker_en.passages import select_passage
from harness.checker_en.windows import find_nearest_sentence, index, list_terms
from harness.records import Agreement, Difference, Pair, Span
from harness.signature import cached_digest
from harness.text import words
from harness.verifiers.decide import Prediction, abstain, most_likely
from harness.verifiers.predictive import read_card
from harness.verifiers.statements import StatementVerifier
from harness.weights import store

LONGEST_HYPOTHESIS = 200
"""Maximum number of tokens; the verifier abstains on a longer hypothesis, because it is more than one statement."""
_CALIBRATOR = "calibrator.json"


class Entailment(StatementVerifier):
    """A cross-encoder trained on labelled pairs, calibrated for facts and for claims; needs only packaged models."""

    languages: ClassVar[frozenset[str]] = frozenset({"en"})
    compares_values: ClassVar[bool] = True
    reads_dialogues: ClassVar[bool] = True

    unrelated_threshold: float = Field(0.6, ge=0, le=1)
    """If P(absent) of a fact reaches this, its accepted wordings and false versions are not read. This saves time, and
    such a fact is rarely contradicted (8 of 273 contradicted facts on the calibration articles)."""

    @property
    def folder(self) -> Path:
        """The folder with the network, its calibrator and their measured quality."""
        return Path(checker_en.__file__).parent / "weights"

    @property
    def backbone(self) -> str:
        """The name of the packaged model that the network is built on."""
        return network.read_backbone(self.folder)

    def depends(self) -> Mapping[str, str]:
        calibrator = cached_digest(self.folder / _CALIBRATOR)[:8]
        return {**super().depends(), **self.network_depends(), "calibrator": calibrator}

    def network_depends(self) -> Mapping[str, str]:
        """Return the versions and checksums of everything that the network's answers depend on."""
        return {
            **{file.partition(".")[0]: cached_digest(self.folder / file)[:8] for file in network.FILES},
            "backbone": store.checksum(self.backbone)[:8],
            **{name: version(name) for name in ("onnxruntime", "tokenizers", "numpy", "sentencex", "snowballstemmer")},
        }

    def read_agreement(self) -> Agreement | None:
        file = self.folder / "measured.json"  # benchmarks/quality/checker.py writes it
        if not file.exists():
            return None
        return read_card(json.loads(file.read_text(encoding="utf-8")), "benchmarks/quality/checker.md")

    def predict_statements(self, pairs: Sequence[Pair]) -> list[Prediction]:
        predicted = dict(zip(pairs, self.predict_others(pairs), strict=True))
        contradicted = [pair for pair, each in predicted.items() if most_likely(each.probabilities) == "contradicted"]
        for pair, sentence in self._find_contradicting_sentences(contradicted).items():
            predicted[pair] = replace(predicted[pair], evidence=sentence)
        return list(predicted.values())

    def predict_others(self, pairs: Sequence[Pair]) -> list[Prediction]:
        readings = self.read(pairs)
        unread = abstain("the statement has no words to check, or is too long")
        return [self._predict(pair, readings[pair]) if pair in readings else unread for pair in pairs]

    def choose_others(self, pairs: Sequence[Pair], by_statement: Mapping[Pair, Prediction]) -> Iterable[Pair]:
        """Choose the accepted wording and the false version that share the most words with each premise.

        A fact that is clearly absent is skipped, unless the premise has one of its accepted wordings or false versions
        word for word.
        """
        for pair in pairs:
            if self._may_change(by_statement[pair.with_hypothesis(pair.hypothesis)], pair):
                for texts in filter(None, (pair.accepted, pair.contrasts)):
                    yield max((pair.with_hypothesis(text) for text in texts), key=_measure_overlap)

    def read(self, pairs: Iterable[Pair]) -> dict[Pair, Reading]:
        """Return the network's answers for the pairs whose hypothesis has words and is not too long."""
        worded = [pair for pair in dict.fromkeys(pairs) if words(pair.hypothesis)]
        readable = [pair for pair in worded if 0 < self._network.count_tokens(pair.hypothesis) <= LONGEST_HYPOTHESIS]
        texts = {pair: (select_passage(pair.premise, pair.hypothesis), pair.hypothesis) for pair in readable}
        readings = self._network.read(texts.values())
        return {pair: readings[text] for pair, text in texts.items()}

    def _predict(self, pair: Pair, reading: Reading) -> Prediction:
        length = classify_length(pair)
        phrases = dict.fromkeys(reading.find_doubtful_phrases(pair.hypothesis))
        return Prediction(
            self._calibrator.calibrate(compute_log_odds(reading.probabilities), length),
            find_nearest_sentence(pair.premise, pair.hypothesis, pair.language),
            differences=tuple(Difference("wording", phrase, None) for phrase in phrases),
            of_article=length == "long",
        )

    def _find_contradicting_sentences(self, pairs: Sequence[Pair]) -> dict[Pair, Span]:
        """Find the sentence that contradicts a hypothesis most, among the three that share the most words with it."""
        indices = {pair: index(pair.premise, "sentence", language=pair.language) for pair in pairs}
        nearest = {pair: indexed.best(pair.hypothesis, 3).windows for pair, indexed in indices.items()}
        readings = self._network.read(
            (sentence.text, pair.hypothesis) for pair, sentences in nearest.items() for sentence in sentences
        )
        return {
            pair: max(sentences, key=lambda each: readings[each.text, pair.hypothesis].probabilities.contradicted)
            for pair, sentences in nearest.items()
            if sentences
        }

    def _may_change(self, own: Prediction, pair: Pair) -> bool:
        """True if other wordings or false versions could change the hypothesis's own prediction."""
        if own.abstained or own.probabilities.absent < self.unrelated_threshold:
            return True
        premise = _join_words(pair.premise)
        return any(_join_words(text) in premise for text in (*pair.accepted, *pair.contrasts))

    @cached_property
    def _network(self) -> Network:
        return network.load(self.folder)

    @cached_property
    def _calibrator(self) -> Calibrator:
        return Calibrator.load(self.folder / _CALIBRATOR)


def _measure_overlap(pair: Pair) -> float:
    """Return the share of the hypothesis's word stems that the premise has."""
    stems = set(list_terms(pair.hypothesis))
    return len(stems.intersection(list_terms(pair.premise))) / max(1, len(stems))


def _join_words(text: str) -> str:
    """Put the words of a text between spaces, so that ``in`` finds whole words only."""
    return f" {' '.join(words(text))} "
