"""The default: a network that reads premise and hypothesis together, and one calibration for each use.

A cross-encoder over all-mpnet-base-v2 (``checker_en/entailment/network.py``) was trained on pairs that people labelled;
a regression weighs its answer with the words and values that match (``checker_en/entailment/calibrator.py``). Of a long
premise the sentences nearest to the hypothesis are read, and the nearest one by itself; the words that the network
takes to be wrong are told. ``benchmarks/training/`` makes both; ``benchmarks/quality/checker.md`` measures them.
English; what the premise says word for word is never contradicted.
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
from harness.checker_en import findings as slots
from harness.checker_en.entailment import network
from harness.checker_en.entailment.calibrator import Calibrator, features
from harness.checker_en.entailment.network import Network, Reading
from harness.checker_en.entailment.passages import NEAR, is_long, passage
from harness.checker_en.findings import Findings
from harness.checker_en.verbatim import is_verbatim as verbatim
from harness.records import Agreement, Difference, Pair, Probabilities, Span
from harness.signature import file_digest
from harness.text import sentences, words
from harness.verifiers import model_card
from harness.verifiers.decide import most_likely
from harness.verifiers.prediction import ENGLISH, Prediction, abstain
from harness.verifiers.statements import StatementVerifier
from harness.weights import store

FOLDER = Path(checker_en.__file__).parent / "entailment" / "base"
"""The network, its calibrator, and what was measured of them."""
CALIBRATOR = "calibrator.json"
MEASURED = "measured.json"
"""What ``benchmarks/quality/checker.py`` measured of the network and its calibrator."""
LIBRARIES = ("onnxruntime", "tokenizers", "numpy")

_LONGEST = 200
"""Tokens of a hypothesis; a longer one is no statement, and is not judged."""


@dataclass(frozen=True, slots=True)
class _Examined:
    """What is found of a pair."""

    pair: Pair
    findings: Findings
    """By the checks."""
    features: dict[str, float]
    doubted: Sequence[str]
    """The words of the hypothesis that the network takes to be wrong."""


class Entailment(StatementVerifier):
    """A network trained on human judgements, calibrated with words and values; needs only packaged models."""

    languages: ClassVar[frozenset[str]] = ENGLISH

    unrelated_threshold: float = Field(0.6, ge=0, le=1)
    """P(absent) of a statement by itself from which on its other wordings and false versions are not read. On articles
    of calibration, out of fold, two contradicted facts of 273 have .6, 6 in 100 of those that a summary has, and 61 in
    100 of those that it lacks."""

    @property
    def folder(self) -> Path:
        """The folder of the network."""
        return FOLDER

    @property
    def calibrator(self) -> Path:
        """The file of the weights of each use."""
        return self.folder / CALIBRATOR

    @property
    def backbone(self) -> str:
        """The name of the packaged model that the network is built on."""
        return network.backbone(self.folder)

    def depends(self) -> Mapping[str, str]:
        return {**super().depends(), **self.features_depend(), "calibrator": file_digest(self.calibrator)[:8]}

    def features_depend(self) -> Mapping[str, str]:
        """What the features depend on that calibrations are fitted on."""
        return {
            **slots.findings_depend(),
            **{file.partition(".")[0]: file_digest(self.folder / file)[:8] for file in network.FILES},
            "backbone": store.checksum(self.backbone)[:8],
            **{name: version(name) for name in LIBRARIES},
        }

    def measured(self) -> Agreement | None:
        file = self.folder / MEASURED
        if not file.exists():
            return None
        return model_card.agreement(json.loads(file.read_text(encoding="utf-8")), "benchmarks/quality/checker.md")

    def predict_statements(self, pairs: Sequence[Pair]) -> list[Prediction]:
        predicted = {each.pair: self._prediction(each) for each in self._examined(pairs)}
        unread = abstain("the statement has no word that says anything, or is too long to be read")
        return [predicted.get(pair, unread) for pair in pairs]

    def others(self, pairs: Sequence[Pair], by_statement: Mapping[Pair, Prediction]) -> Iterable[Pair]:
        """The accepted wording and the false version of each pair that share the most with the premise, where they can
        change the verdict: not of what is absent by itself, unless the words of one stand in a run in the premise."""
        open_pairs = [
            pair for pair in pairs if self._is_open(pair, by_statement[pair.with_hypothesis(pair.hypothesis)])
        ]
        return _nearest(open_pairs)

    def features(self, pairs: Iterable[Pair]) -> dict[Pair, dict[str, float]]:
        """What calibrations are fitted on, by pair and by name; pairs that cannot be read are left out."""
        return {each.pair: each.features for each in self._examined(pairs)}

    def _examined(self, pairs: Iterable[Pair]) -> Iterator[_Examined]:
        """Each pair that can be read, with what is found of it."""
        pairs = [pair for pair in dict.fromkeys(pairs) if self._readable(pair)]
        texts = [(passage(pair.premise, pair.hypothesis).text, pair.hypothesis) for pair in pairs]
        near = [(passage(pair.premise, pair.hypothesis, NEAR).text, pair.hypothesis) for pair in pairs]
        read = self._readings([*texts, *near])
        for pair, text, text_near, findings in zip(pairs, texts, near, slots.findings(pairs), strict=True):
            if findings.words:
                whole, near_alone = read[text], read[text_near].probabilities
                is_verbatim = verbatim(pair.premise, pair.hypothesis)
                values = features(whole.probabilities, near_alone, findings, is_verbatim)
                yield _Examined(pair, findings, values, whole.doubted(pair.hypothesis))

    def _prediction(self, examined: _Examined) -> Prediction:
        pair, findings = examined.pair, examined.findings
        probabilities = self._calibrator.probabilities(examined.features, "long" if _is_article(pair) else "short")
        if examined.features["verbatim"]:
            probabilities = _not_denied(probabilities)
        return Prediction(
            probabilities,
            _evidence(pair.premise, probabilities, findings),
            objection="; ".join(findings.differences) or None,
            differences=(*findings.values, *_wordings(findings, examined.doubted)),
            of_article=_is_article(pair),
        )

    def _readings(self, texts: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Reading]:
        """What the network says of each hypothesis beside its passage; what is asked twice is read once."""
        distinct = list(dict.fromkeys(texts))
        return dict(zip(distinct, self._network.read(distinct) if distinct else (), strict=True))

    def _is_open(self, pair: Pair, alone: Prediction) -> bool:
        if alone.abstained or alone.probabilities.absent < self.unrelated_threshold:
            return True
        premise = _in_a_run(pair.premise)
        return any(_in_a_run(text) in premise for text in (*pair.accepted, *pair.contrasts))

    def _readable(self, pair: Pair) -> bool:
        return bool(words(pair.hypothesis)) and 0 < self._network.length(pair.hypothesis) <= _LONGEST

    @cached_property
    def _network(self) -> Network:
        return network.load(self.folder)

    @cached_property
    def _calibrator(self) -> Calibrator:
        return Calibrator.load(self.calibrator)


def _not_denied(probabilities: Probabilities) -> Probabilities:
    """Those of what the premise says word for word, which it does not contradict."""
    return Probabilities(probabilities.supported + probabilities.contradicted, 0.0, probabilities.absent)


def _wordings(findings: Findings, doubted: Sequence[str]) -> Iterator[Difference]:
    """The words that conflict by the checks, else those that the network takes to be wrong; no value that conflicts."""
    conflicts = [slot.statement.text for slot in findings.of("conflict") if slot.type in ("negation", "antonym")]
    for text in dict.fromkeys(conflicts or doubted):
        if not any(each.found and (each.stated in text or text in each.stated) for each in findings.values):
            yield Difference("wording", text, None)


def _in_a_run(text: str) -> str:
    """The words of a text, with spaces around: of a part of a text it is a part."""
    return f" {' '.join(words(text))} "


def _is_article(pair: Pair) -> bool:
    """Whether the premise is an article: as long as one, and not known to be a summary."""
    return is_long(pair.premise) and not pair.of_summary


def _evidence(premise: str, probabilities: Probabilities, findings: Findings) -> Span | None:
    """The sentence that shares the most with the statement, or where this is contradicted, that of the value that
    conflicts; None where none shares a word."""
    conflict = next((slot.premise for slot in findings.of("conflict") if slot.premise), None)
    if conflict is None or most_likely(probabilities) != "contradicted":
        return findings.evidence
    around = (each for each in sentences(premise) if each.start <= conflict.start < each.end)
    return next(around, findings.evidence)


def _nearest(pairs: Sequence[Pair]) -> Iterator[Pair]:
    """The accepted wording, and the false version, of each pair that shares the most with the premise."""
    groups = [
        [pair.with_hypothesis(text) for text in texts] for pair in pairs for texts in (pair.accepted, pair.contrasts)
    ]
    distinct = list(dict.fromkeys(alone for group in groups for alone in group))
    alignment = {alone: slot.alignment for alone, slot in zip(distinct, slots.findings(distinct), strict=True)}
    return (max(group, key=alignment.__getitem__) for group in groups if group)
