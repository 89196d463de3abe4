"""The default verifier: a network reads premise and hypothesis together, and a calibration turns that into verdicts.

The network (``checker_en/network.py``) is a cross-encoder over all-mpnet-base-v2. It reads the passage of the premise
that covers the hypothesis best and, in a summary, also the nearest sentence alone (``checker_en/passages.py``). Two
regressions calibrate its probabilities (``checker_en/calibrator.py``). The network also marks the words that make a
hypothesis unsupported, and ``checker_en/findings.py`` names the numbers, dates and names that differ. English only.
``benchmarks/training`` trains the network and both regressions, and ``benchmarks/quality/checker.md`` measures them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import ClassVar

from pydantic import Field

from harness import checker_en
from harness.checker_en import findings as checks
from harness.checker_en import network
from harness.checker_en.calibrator import Calibrator, Length, extract_features
from harness.checker_en.findings import Findings
from harness.checker_en.network import Network, Reading
from harness.checker_en.passages import NEAR, WORDS, read_text, select_passage
from harness.checker_en.probabilities import to_probabilities
from harness.checker_en.verbatim import is_verbatim
from harness.records import Agreement, Difference, Pair, Probabilities, Span
from harness.signature import file_digest
from harness.text import sentences, words
from harness.verifiers.decide import most_likely
from harness.verifiers.prediction import ENGLISH, Prediction, abstain
from harness.verifiers.predictive import read_card
from harness.verifiers.statements import StatementVerifier
from harness.weights import store

SUPPORTED_AFTER_SLIP = 0.1
"""Maximum P(supported) if an amount has another scale or currency than in the premise."""
LONGEST_HYPOTHESIS = 200
"""Maximum tokens; the verifier abstains on a longer hypothesis, because it is more than one statement."""


@dataclass(frozen=True, slots=True)
class Examined:
    """The results of the network and of the value checks for a pair."""

    pair: Pair
    findings: Findings
    features: dict[str, float]
    doubted: Sequence[str]
    """Words of the hypothesis that the network takes to be wrong."""


class Entailment(StatementVerifier):
    """A cross-encoder trained on labelled pairs, calibrated for facts and for claims; needs only packaged models."""

    languages: ClassVar[frozenset[str]] = ENGLISH
    compares_values: ClassVar[bool] = True
    reads_dialogues: ClassVar[bool] = True

    unrelated_threshold: float = Field(0.6, ge=0, le=1)
    """If P(absent) of a fact reaches this, its accepted wordings and false versions are not read. This saves time, and
    such a fact is almost never contradicted (2 of 273 on the calibration articles)."""

    @property
    def folder(self) -> Path:
        """The folder with the network, its calibrator and their measured quality."""
        return Path(checker_en.__file__).parent / "weights"

    @property
    def calibrator_file(self) -> Path:
        return self.folder / "calibrator.json"

    @property
    def backbone(self) -> str:
        """The name of the packaged model that the network is built on."""
        return network.backbone(self.folder)

    def depends(self) -> Mapping[str, str]:
        return {**super().depends(), **self.features_depend(), "calibrator": file_digest(self.calibrator_file)[:8]}

    def features_depend(self) -> Mapping[str, str]:
        """Return versions and checksums of everything that a pair's features depend on."""
        return {
            **checks.findings_depend(),
            **{file.partition(".")[0]: file_digest(self.folder / file)[:8] for file in network.FILES},
            "backbone": store.checksum(self.backbone)[:8],
            **{name: version(name) for name in ("onnxruntime", "tokenizers", "numpy")},
        }

    def read_agreement(self) -> Agreement | None:
        file = self.folder / "measured.json"  # benchmarks/quality/checker.py writes it
        if not file.exists():
            return None
        return read_card(json.loads(file.read_text(encoding="utf-8")), "benchmarks/quality/checker.md")

    def predict_statements(self, pairs: Sequence[Pair]) -> list[Prediction]:
        predicted = {each.pair: self._predict(each) for each in self.examine(pairs)}
        unread = abstain("the statement has no words to check, or is too long")
        return [predicted.get(pair, unread) for pair in pairs]

    def choose_others(self, pairs: Sequence[Pair], by_statement: Mapping[Pair, Prediction]) -> Iterable[Pair]:
        """Choose the accepted wording and the false version that share the most words with each premise.

        Facts that are clearly absent are skipped, unless the premise has one of their wordings word for word.
        """
        groups = [
            [pair.with_hypothesis(text) for text in texts]
            for pair in pairs
            if self._is_open(pair, by_statement[pair.with_hypothesis(pair.hypothesis)])
            for texts in (pair.accepted, pair.contrasts)
        ]
        distinct = list(dict.fromkeys(each for group in groups for each in group))
        coverage = {each: found.coverage for each, found in zip(distinct, checks.findings(distinct), strict=True)}
        return (max(group, key=coverage.__getitem__) for group in groups if group)

    def examine(self, pairs: Iterable[Pair]) -> Iterator[Examined]:
        """Yield what the network and the value checks find in each readable pair."""
        readable = [pair for pair in dict.fromkeys(pairs) if self._is_readable(pair)]
        texts = [_read_passage(pair, WORDS) for pair in readable]
        near = [_read_passage(pair, NEAR) if length_of(pair) == "short" else None for pair in readable]
        distinct = list(dict.fromkeys(filter(None, (*texts, *near))))
        read = self._network.read(distinct) if distinct else ()
        readings: dict[tuple[str, str], Reading] = dict(zip(distinct, read, strict=True))
        for pair, text, text_near, findings in zip(readable, texts, near, checks.findings(readable), strict=True):
            if findings.words:
                reading, alone = readings[text], readings[text_near].probabilities if text_near else None
                verbatim = is_verbatim(pair.premise, pair.hypothesis)
                features = extract_features(reading.probabilities, alone, findings.coverage, verbatim)
                yield Examined(pair, findings, features, reading.find_doubted(pair.hypothesis))

    def _predict(self, examined: Examined) -> Prediction:
        pair, findings = examined.pair, examined.findings
        length = length_of(pair)
        probabilities = self._calibrator.probabilities(examined.features, length)
        if examined.features["verbatim"]:  # a premise that says the hypothesis word for word does not contradict it
            probabilities = Probabilities(1 - probabilities.absent, 0.0, probabilities.absent)
        elif findings.slips:  # the digits match, but the currency or scale does not
            probabilities = to_probabilities(
                min(probabilities.supported, SUPPORTED_AFTER_SLIP), 1 - SUPPORTED_AFTER_SLIP
            )
        return Prediction(
            probabilities,
            _find_evidence(pair.premise, probabilities, findings),
            objection="; ".join(findings.differences) or None,
            differences=(*findings.values, *_list_wordings(findings, examined.doubted)),
            of_article=length == "long",
        )

    def _is_open(self, pair: Pair, alone: Prediction) -> bool:
        """True if the fact's other wordings could change the prediction that its statement alone gives."""
        if alone.abstained or alone.probabilities.absent < self.unrelated_threshold:
            return True
        premise = _join_words(pair.premise)
        return any(_join_words(text) in premise for text in (*pair.accepted, *pair.contrasts))

    def _is_readable(self, pair: Pair) -> bool:
        return bool(words(pair.hypothesis)) and 0 < self._network.length(pair.hypothesis) <= LONGEST_HYPOTHESIS

    @cached_property
    def _network(self) -> Network:
        return network.load(self.folder)

    @cached_property
    def _calibrator(self) -> Calibrator:
        return Calibrator.load(self.calibrator_file)


def _read_passage(pair: Pair, limit: int) -> tuple[str, str]:
    """Return the network's input: a passage of about ``limit`` words, and the hypothesis."""
    return read_text(select_passage(pair.premise, pair.hypothesis, limit)), pair.hypothesis


def length_of(pair: Pair) -> Length:
    """Return which calibration a pair needs: ``long`` if the premise is longer than a passage and not a summary."""
    return "long" if len(pair.premise.split()) > WORDS and not pair.of_summary else "short"


def _list_wordings(findings: Findings, doubted: Sequence[str]) -> Iterator[Difference]:
    """Yield the words that the network doubts, without the values that are named already."""
    for text in dict.fromkeys(doubted):
        if not any(each.found and (each.stated in text or text in each.stated) for each in findings.values):
            yield Difference("wording", text, None)


def _join_words(text: str) -> str:
    """Put the words of a text between spaces, so that ``in`` finds whole words only."""
    return f" {' '.join(words(text))} "


def _find_evidence(premise: str, probabilities: Probabilities, findings: Findings) -> Span | None:
    """Return the sentence that matches best or, for an unsupported claim, the one with a conflicting value."""
    conflict = next((slot.premise for slot in findings.of("conflict") if slot.premise), None)
    if conflict is None or most_likely(probabilities) == "supported":
        return findings.evidence
    around = (each for each in sentences(premise) if each.start <= conflict.start < each.end)
    return next(around, findings.evidence)
