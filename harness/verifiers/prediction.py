"""What most verifiers share: they predict probabilities, and ``decide`` makes a prediction a verdict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import ClassVar, Literal, get_args

from harness.errors import ConfigError
from harness.records import Agreement, Difference, Label, Pair, Probabilities, Span, Verdict
from harness.seams import FilePath, Verifier
from harness.text import sentences, words
from harness.verifiers import calibration as calibrations
from harness.verifiers.calibration import Calibration
from harness.verifiers.decide import Decision, Thresholds, decide, most_likely
from harness.verifiers.windows import index

Option = Literal["supported", "contradicted", "absent"]
"""The labels that a model chooses among; ``uncertain`` is given by ``decide`` alone."""
OPTIONS: tuple[Option, ...] = get_args(Option)
ENGLISH = frozenset({"en"})
"""The languages of a verifier whose rules or training are English."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """Probabilities and evidence of a verifier for a pair, before a label is decided."""

    probabilities: Probabilities
    """P(label) of the three labels, which sum to 1; without meaning where ``abstained`` is set."""
    evidence: Span | None = None
    """Into the premise; None where nothing in it bears on the hypothesis."""
    reason: str | None = None
    """What a reader should know of it; where ``abstained`` is set, why."""
    objection: str | None = None
    """What of the hypothesis the premise has otherwise, or has not, in words; told unless the label is supported."""
    abstained: bool = False
    """Whether there is nothing to decide by: no answer came, or one that cannot be read."""
    transient: bool = False
    """Whether asking again may give an answer (a time-out, a busy server)."""
    differences: tuple[Difference, ...] = ()
    """Values of the hypothesis that are not the premise's, where the verifier compares values."""
    read_whole: bool = True
    """False where only the sentences of an article that are nearest to the hypothesis were read: less to go by."""
    unexplained: bool = False
    """Whether the verifier compares numbers, names, negation and the like, and found none that conflicts."""


_NOTHING_SAID = Prediction(Probabilities(0.0, 0.0, 1.0), reason="the premise has no words")


def abstain(reason: str, *, transient: bool = False) -> Prediction:
    """No label can be given, for this reason; ``transient``: asking again may give one."""
    uninformative = Probabilities(1 / 3, 1 / 3, 1 / 3)
    return Prediction(uninformative, reason=reason, abstained=True, transient=transient)


def _reason(prediction: Prediction, decision: Decision) -> str | None:
    """What a reader should know, and where no label is given, which threshold was not reached."""
    if prediction.abstained:
        return prediction.reason
    objection = None if decision.label == "supported" else prediction.objection
    return "; ".join(filter(None, (prediction.reason, objection, decision.reason))) or None


def _differences(prediction: Prediction, label: Label) -> tuple[Difference, ...]:
    """Those that bear on the label: none where it is supported; what is contradicted has another value in its place."""
    if label == "supported":
        return ()
    return tuple(each for each in prediction.differences if label != "contradicted" or each.found is not None)


def _found_in(evidence: Span, differences: Iterable[Difference]) -> Iterator[Difference]:
    """The differences whose value stands in the evidence, too, with its place there."""
    for each in differences:
        at = evidence.text.find(each.found.text) if each.found else -1
        if each.found and at >= 0:
            start = evidence.start + at
            yield replace(each, found=Span(start, start + len(each.found.text), each.found.text))


class PredictiveVerifier(Thresholds, Verifier):
    """A verifier that predicts probabilities, which a calibration can mend; ``predict`` is its one method."""

    unsigned: ClassVar[frozenset[str]] = frozenset({"calibration"})  # its digest is in the signature, not its place

    calibration: FilePath | None = None
    """A file that harness calibrate made: it recalibrates the probabilities, and decides in place of ``threshold`` and
    ``partial_threshold``."""

    def predict(self, pairs: Sequence[Pair]) -> list[Prediction]:
        """One prediction a pair, in order, whatever the other pairs are; each premise has words."""
        raise NotImplementedError

    def measured(self) -> Agreement | None:
        """How well it agrees with people without a calibration; None where nobody has compared them."""
        return None

    def check(self) -> Iterable[str]:
        try:
            self._calibrated  # noqa: B018  # reading it is the check
        except ConfigError as error:
            return str(error).split("\n")
        return ()

    def agreement(self) -> Agreement | None:
        """What the calibration measured where there is one, else what was measured of the verifier without it."""
        measured, calibrated = self.measured(), self._calibrated
        if calibrated is None:
            return measured
        own = calibrated.file.agreement
        caution = " ".join(filter(None, (own.caution, calibrated.caution)))
        return replace(own, fitted={**(measured.fitted if measured else {}), **own.fitted}, caution=caution)

    def signature(self) -> str:
        """With the digest of the calibration at its end, where there is one."""
        calibrated = self._calibrated
        return self.uncalibrated() + (f"|calibration:{calibrated.digest}" if calibrated else "")

    def uncalibrated(self) -> str:
        """The signature without the calibration: what a calibration is made for."""
        return super().signature()

    def verify(self, pairs: Sequence[Pair]) -> list[Verdict]:
        """One verdict a pair, in order."""
        return [self._verdict(self.recalibrate(prediction)) for prediction in self.predictions(pairs)]

    def predictions(self, pairs: Sequence[Pair]) -> list[Prediction]:
        """One prediction a pair, in order: that of ``predict`` where the pair is in a language that the verifier reads,
        and its premise has words."""
        unread = [self._unread(pair) for pair in pairs]
        readable = [pair for pair, closed in zip(pairs, unread, strict=True) if closed is None]
        predicted = iter(self._held_against_facts(readable, self.predict(readable)) if readable else ())
        return [next(predicted) if closed is None else closed for closed in unread]

    def _held_against_facts(self, pairs: Sequence[Pair], predicted: Sequence[Prediction]) -> list[Prediction]:
        """The predictions, mended where facts of the article contradict the hypothesis or bear it out.

        They are short and plain where the article is long. Only a verifier that can tell a statement from its denial
        is asked.
        """
        if "supported" not in self.conclusive:
            return list(predicted)
        beside = {
            pair: pair.beside_facts
            for pair, prediction in zip(pairs, predicted, strict=True)
            if pair.facts and not prediction.abstained and not verbatim(pair.premise, pair.hypothesis, pair.language)
        }
        distinct = list(dict.fromkeys(beside.values()))
        by_facts = dict(zip(distinct, self.predictions(distinct), strict=True))
        return [
            self._mended(pair, prediction, by_facts[beside[pair]]) if pair in beside else prediction
            for pair, prediction in zip(pairs, predicted, strict=True)
        ]

    def _mended(self, pair: Pair, prediction: Prediction, by_facts: Prediction) -> Prediction:
        """The prediction of a pair, where the hypothesis by itself beside its facts has another one."""
        before, after, label = prediction.probabilities, by_facts.probabilities, decide(by_facts, self).label
        if label == "contradicted":
            fact = by_facts.evidence.text if by_facts.evidence else "; ".join(pair.facts)
            evidence = index(pair.premise, "sentence").best(fact, 1).windows[0]
            moved = after.contradicted * before.supported
            return replace(
                prediction,
                probabilities=Probabilities(before.supported - moved, before.contradicted + moved, before.absent),
                evidence=evidence,
                objection=f"contradicts a fact of the article: {fact}",
                differences=tuple(_found_in(evidence, by_facts.differences)),
            )
        is_borne_out = label == "supported" and after.supported >= max(self.fact_threshold, before.supported)
        if is_borne_out and most_likely(before) != "contradicted":
            return replace(prediction, probabilities=after, reason="facts of the article say so", read_whole=True)
        return prediction

    def _unread(self, pair: Pair) -> Prediction | None:
        """The prediction of a pair that ``predict`` is not asked for: of a text in another language only what stands in
        the premise word for word is decided."""
        if self.languages is None or pair.language.partition("-")[0].lower() in self.languages:
            return None if words(pair.premise) else _NOTHING_SAID
        if verbatim(pair.premise, pair.hypothesis, pair.language):
            return Prediction(Probabilities(1.0, 0.0, 0.0), reason="stands in the premise word for word")
        return abstain(
            f"the texts are in {pair.language!r}, and {self.kind()} reads {', '.join(sorted(self.languages or ()))}"
        )

    def recalibrate(self, prediction: Prediction) -> Prediction:
        """The prediction as the calibration mends it, where there is one."""
        calibrated = self._calibrated
        if calibrated is None or prediction.abstained:
            return prediction
        return replace(prediction, probabilities=calibrated.file.recalibration.apply(prediction.probabilities))

    def decide(self, prediction: Prediction) -> Decision:
        """The label of a recalibrated prediction."""
        return decide(prediction, self, self._calibrated.file.decision if self._calibrated else None)

    def _verdict(self, prediction: Prediction) -> Verdict:
        decision = self.decide(prediction)
        return Verdict(
            decision.label,
            prediction.probabilities,
            prediction.evidence,
            self._signature,
            _reason(prediction, decision),
            prediction.transient,
            _differences(prediction, decision.label),
            prediction.abstained,
        )

    @cached_property
    def _signature(self) -> str:
        return self.signature()

    @cached_property
    def _calibrated(self) -> Calibration | None:
        if self.calibration is None:
            return None
        fields = type(self).model_fields
        for name in ("threshold", "partial_threshold"):
            if getattr(self, name) != fields[name].default:
                raise ConfigError(f"{name} and calibration both say what is uncertain; leave one of them out")
        return calibrations.load(self.calibration, self.uncalibrated())


def verbatim(premise: str, hypothesis: str, language: str = "en") -> bool:
    """Whether the hypothesis has words, and every sentence of it is one of the premise's, but for case and marks."""
    claimed = [tuple(words(sentence.text)) for sentence in sentences(hypothesis, language)]
    return any(claimed) and all(sentence in _sentences(premise, language) for sentence in claimed)


@lru_cache(maxsize=256)
def _sentences(premise: str, language: str) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(words(sentence.text)) for sentence in sentences(premise, language))
