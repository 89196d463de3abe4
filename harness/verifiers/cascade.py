"""Cheap verifiers first: what one leaves undecided goes to the next, dearer one.

A step's label is taken where its probability reaches ``step_threshold``. Of a pair whose label no step gives so, the
last one that has a prediction decides, since it is the dearest: as in a cascade of classifiers (Viola & Jones 2001).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from pydantic import Field, SerializeAsAny

from harness.records import Pair, Verdict
from harness.seams import Verifier
from harness.signature import digest
from harness.verifiers.decide import Decision
from harness.verifiers.prediction import Prediction, PredictiveVerifier


@dataclass(frozen=True, slots=True)
class _Answer:
    """The prediction and the label of one step for a pair."""

    step: Verifier
    prediction: Prediction
    decision: Decision
    """By the step's own thresholds."""

    @property
    def counts(self) -> bool:
        """Whether it may decide the pair: the step has not abstained, and its label is uncertain or one it may give."""
        return not self.prediction.abstained and self.decision.label in (*self.step.conclusive, "uncertain")


class Cascade(PredictiveVerifier):
    """Verifiers one after the other, each asked only what those before it left undecided."""

    unsigned: ClassVar[frozenset[str]] = PredictiveVerifier.unsigned | {"steps"}

    steps: tuple[SerializeAsAny[Verifier], ...] = Field(min_length=1)
    """Verifiers, the cheapest first: kinds, or mappings with a kind and its options."""
    # A cheap verifier that is this sure is right about as often as a dear one.
    step_threshold: float = Field(0.9, ge=0.34, le=1)
    """The least probability at which a step's label is taken without asking the next.

    Of ``lexical`` only ``absent`` is taken: to it, a statement and its denial are the same words."""

    def check(self) -> Iterable[str]:
        yield from super().check()
        for step in self.steps:
            yield from step.check()

    def depends(self) -> Mapping[str, str]:
        steps = {f"{number}.{step.kind()}": digest(step.signature()) for number, step in enumerate(self.steps, 1)}
        return {**super().depends(), **steps}

    @property
    def languages(self) -> frozenset[str] | None:
        """The languages that any step reads."""
        read = [step.languages for step in self.steps]
        return None if None in read else frozenset().union(*filter(None, read))

    @property
    def together(self) -> int:
        """The smallest number of all steps."""
        return min(step.together for step in self.steps)

    def predict(self, pairs: Sequence[Pair]) -> list[Prediction]:
        pairs = [replace(pair, facts=()) for pair in pairs]  # the cascade as a whole is asked about these
        answers: list[list[_Answer]] = [[] for _ in pairs]
        waiting = list(range(len(pairs)))
        for step in self.steps:
            for place, answer in zip(waiting, _answers(step, [pairs[at] for at in waiting]), strict=True):
                answers[place].append(answer)
            waiting = [at for at in waiting if not self._settles(answers[at][-1])]
            if not waiting:
                break
        return [self._prediction(each) for each in answers]

    def _settles(self, answer: _Answer) -> bool:
        """Whether the step is sure, and of a label that the cascade takes from it without asking further."""
        is_sure = max(answer.prediction.probabilities.values) >= self.step_threshold
        return answer.decision.label in answer.step.conclusive and is_sure

    def _prediction(self, answers: Sequence[_Answer]) -> Prediction:
        """The prediction of the last step whose answer counts; without one, that of the last step, abstaining.

        Where a step has no answer this time, the pair is asked again, whatever the others say.
        """
        counting = [answer for answer in answers if answer.counts]
        answer = counting[-1] if counting else answers[-1]
        silent = [each for each in answers if each.prediction.transient and each is not answer]
        reasons = [answer.prediction.reason, *(f"{each.step.kind()}: {each.prediction.reason}" for each in silent)]
        return replace(
            answer.prediction,
            reason=": ".join(filter(None, [self._how(answer), "; ".join(filter(None, reasons))])) or None,
            abstained=not counting,
            transient=any(each.prediction.transient for each in answers),
        )

    def _how(self, answer: _Answer) -> str | None:
        """How the step's answer became the cascade's; None where the step itself says why there is none."""
        if answer.counts:
            return f"{'decided by' if self._settles(answer) else 'left to'} {answer.step.kind()}"
        if answer.prediction.abstained:
            return None
        return f"{answer.step.kind()} alone cannot say {answer.decision.label}; add a step that can"


def _answers(step: Verifier, pairs: Sequence[Pair]) -> list[_Answer]:
    """The step's answers in order; of a verifier that predicts nothing, its verdicts."""
    if isinstance(step, PredictiveVerifier):
        predictions = [step.recalibrate(prediction) for prediction in step.predictions(pairs)]
        return [_Answer(step, prediction, step.decide(prediction)) for prediction in predictions]
    return [_Answer(step, _of_verdict(verdict), Decision(verdict.label)) for verdict in step.verify(pairs)]


def _of_verdict(verdict: Verdict) -> Prediction:
    return Prediction(
        verdict.probabilities,
        verdict.evidence,
        verdict.reason,
        abstained=verdict.abstained,
        transient=verdict.transient,
        differences=verdict.differences,
    )
