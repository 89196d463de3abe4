"""The verifier that a trained network makes, as a plugin, to be measured before it takes the place of ``entailment``.

    verifier: {kind: "benchmarks.training.candidate:Candidate", network: FOLDER, calibrator: FILE}

One network reads premise and hypothesis together, and what words and values tell is weighed with it. Of a long premise
it reads the sentences nearest to the hypothesis, and ``slots`` names what differs. English; a hypothesis in another
script is supported only where it stands there word for word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version

from benchmarks.training.calibrator import Calibrator
from benchmarks.training.cross_encoder import GRAPH, CrossEncoder, load
from benchmarks.training.passages import Passage, passage
from benchmarks.training.surface import features
from harness.records import Pair, Probabilities, Span
from harness.seams import FilePath
from harness.signature import file_digest
from harness.text import words
from harness.verifiers import slots
from harness.verifiers._entailment.script import is_foreign
from harness.verifiers._slots.findings import Findings
from harness.verifiers.prediction import Prediction, PredictiveVerifier, abstain
from harness.verifiers.verbatim import verbatim

_EPSILON = 1e-9
"""What is left to doubt where two certainties exclude each other."""
_LONGEST = 200
"""Tokens of a hypothesis; a longer one is no statement, and is not judged."""
_FOREIGN = "not in Latin letters: only what stands there word for word is supported; nli and judge take other models"


@dataclass(frozen=True, slots=True)
class Reading:
    """One text held against one premise."""

    probabilities: Probabilities
    """Calibrated."""
    text: str
    passage: Passage
    findings: Findings

    @property
    def evidence(self) -> Span | None:
        """The sentence that shares the most with the text; None where none shares a word."""
        return self.findings.evidence

    @property
    def differences(self) -> str | None:
        return "; ".join(self.findings.differences) or None


class Candidate(PredictiveVerifier):
    """A cross-encoder for entailment in a folder that ``export.py`` wrote."""

    network: FilePath
    """The folder of graph, tokenizer and ``about.json``."""
    calibrator: FilePath
    """The file that ``calibrate.py`` wrote, or is about to write."""

    def depends(self) -> Mapping[str, str]:
        return {**super().depends(), **self.features_depend(), "calibrator": file_digest(self.calibrator)[:8]}

    def features_depend(self) -> Mapping[str, str]:
        """What the features depend on that calibrations are fitted on."""
        libraries = ("onnxruntime", "tokenizers", "sentencex", "snowballstemmer")
        network = {"network": file_digest(self.network / GRAPH)[:8], **{name: version(name) for name in libraries}}
        return {**slots.Slots().depends(), **network}

    def predict(self, pairs: Sequence[Pair]) -> list[Prediction]:
        statements = self.read(pair.bare(pair.hypothesis) for pair in pairs)
        further = [
            pair.bare(text)
            for pair in pairs
            if _matters(statements.get(pair.bare(pair.hypothesis)))
            for text in (*pair.accepted, *pair.contrasts)
        ]
        readings = {**statements, **self.read(further)}
        return [self._prediction(pair, readings) for pair in pairs]

    def read(self, asked: Iterable[Pair]) -> dict[Pair, Reading]:
        """Each pair's hypothesis by itself; those that cannot be read are left out."""
        found = {}
        for pair, part, findings, told in self._examined(asked):
            weighed = self._calibrator.probabilities(told, "part" if part.left_out else "whole")
            guarded = _guarded(weighed, pair.hypothesis, verbatim=bool(told["verbatim"]))
            found[pair] = Reading(guarded, pair.hypothesis, part, findings)
        return found

    def features(self, asked: Iterable[Pair]) -> dict[Pair, dict[str, float]]:
        """What calibrations are fitted on."""
        return {pair: told for pair, _, _, told in self._examined(asked)}

    def _examined(self, asked: Iterable[Pair]) -> Iterator[tuple[Pair, Passage, Findings, dict[str, float]]]:
        pairs = [pair for pair in dict.fromkeys(asked) if self._readable(pair)]
        passages = [passage(pair.premise, pair.hypothesis) for pair in pairs]
        shares = self._network.probabilities(
            [(part.text, pair.hypothesis) for part, pair in zip(passages, pairs, strict=True)]
        )
        for pair, part, row, findings in zip(pairs, passages, shares, slots.findings(pairs), strict=True):
            read = Probabilities(*map(float, row))
            yield pair, part, findings, features(read, findings, part, verbatim(pair.premise, pair.hypothesis))

    def _readable(self, pair: Pair) -> bool:
        return (
            bool(words(pair.premise) and words(pair.hypothesis)) and self._network.length(pair.hypothesis) <= _LONGEST
        )

    @cached_property
    def _network(self) -> CrossEncoder:
        return load(self.network)

    @cached_property
    def _calibrator(self) -> Calibrator:
        return Calibrator.load(self.calibrator)

    def _prediction(self, pair: Pair, readings: Mapping[Pair, Reading]) -> Prediction:
        """The best supported wording counts, against the false version that is best supported."""

        def best(texts: Iterable[str]) -> Reading | None:
            there = [readings[bare] for bare in map(pair.bare, texts) if bare in readings]
            return max(there, key=lambda each: each.probabilities.supported, default=None)

        wording, contrast = best((pair.hypothesis, *pair.accepted)), best(pair.contrasts)
        if wording is None:
            return _unread(pair)
        found = wording.probabilities
        reason = wording.differences
        if contrast is not None and contrast.probabilities.supported > found.supported:
            found, reason = against(found, contrast.probabilities.supported), f"nearer to: {contrast.text}"
        elif contrast is not None:
            found = against(found, contrast.probabilities.supported)
        if is_foreign(pair.hypothesis):
            reason = _FOREIGN
        supported = found.supported > 0.5
        return Prediction(
            found, wording.evidence, None if supported else reason,
            differences=() if supported else wording.findings.values, read_whole=not wording.passage.left_out,
        )  # fmt: skip  # one record


def against(found: Probabilities, contrast: float) -> Probabilities:
    """A statement beside a false version that the premise supports with probability ``contrast``.

    Both cannot be supported: of the four combinations of two independent judgements that one is left out. Where the
    false version alone is supported the statement is contradicted; where neither is, the rest stays as it was.
    """
    supported, contrast = (min(share, 1 - _EPSILON) for share in (found.supported, contrast))
    alone = supported * (1 - contrast)
    denied = contrast * (1 - supported)
    neither = (1 - supported) * (1 - contrast)
    total = alone + denied + neither
    rest = found.contradicted + found.absent
    share = found.contradicted / rest if rest else 0.0
    return Probabilities(alone / total, (denied + neither * share) / total, neither * (1 - share) / total)


def _matters(statement: Reading | None) -> bool:
    """Whether other wordings and false versions can change the verdict: not of what shares next to nothing."""
    return statement is None or statement.probabilities.absent < 0.95


def _guarded(found: Probabilities, text: str, verbatim: bool) -> Probabilities:
    """What the premise says word for word it does not contradict; what is in another script it supports only so."""
    if verbatim:
        return Probabilities(found.supported + found.contradicted, 0.0, found.absent)
    if is_foreign(text):
        lost = found.supported / 4
        return Probabilities(2 * lost, found.contradicted + lost, found.absent + lost)
    return found


def _unread(pair: Pair) -> Prediction:
    if not words(pair.premise):
        return Prediction(Probabilities(0.0, 0.0, 1.0), reason="the premise has no words")
    return abstain(
        "the statement has no words" if not words(pair.hypothesis) else "the statement is too long to be read"
    )
