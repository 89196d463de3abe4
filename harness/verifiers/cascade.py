"""Ask cheap verifiers first; pairs that they leave undecided go to the next, more expensive one.

A step's label is final if its probability reaches ``step_threshold``. If no step is that confident, the last step with
a prediction decides, because it is the most expensive. Each step's own thresholds give its label, unless the cascade
sets thresholds for all steps. Viola & Jones (2001) introduced such cascades of classifiers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pydantic import Field, SerializeAsAny

from harness.records import Pair
from harness.seams import Verifier
from harness.verifiers.decide import Decision, Prediction, decide
from harness.verifiers.predictive import PredictiveVerifier


@dataclass(frozen=True, slots=True)
class _Answer:
    """A step's prediction for a pair, and its label under the thresholds of the step or of the cascade."""

    step: Verifier
    prediction: Prediction
    decision: Decision

    @property
    def counts(self) -> bool:
        """True if the step did not abstain, and its label is ``uncertain`` or one that the step can decide alone."""
        return not self.prediction.abstained and self.decision.label in (*self.step.conclusive, "uncertain")


class Cascade(PredictiveVerifier):
    """A sequence of verifiers; each is asked only about pairs that the earlier ones left undecided."""

    steps: tuple[SerializeAsAny[Verifier], ...] = Field(min_length=1)
    """Verifiers, cheapest first: kinds, or mappings with a kind and its options."""
    step_threshold: float = Field(0.9, ge=0.34, le=1)
    """Minimum probability that makes a step's label final. The verifier ``lexical`` can only make ``absent`` final,
    because it cannot distinguish a statement from its denial."""

    def check(self) -> Iterable[str]:
        yield from super().check()
        for step in self.steps:
            yield from step.check()

    @property
    def languages(self) -> frozenset[str] | None:  # type: ignore[override]  # depends on the steps
        """The languages that at least one step reads, or None if a step reads every language."""
        read = [step.languages for step in self.steps]
        return None if None in read else frozenset().union(*filter(None, read))

    @property
    def reads_dialogues(self) -> bool:  # type: ignore[override]  # depends on the steps
        return any(getattr(step, "reads_dialogues", True) for step in self.steps)

    @property
    def compares_values(self) -> bool:  # type: ignore[override]  # depends on the steps
        return any(getattr(step, "compares_values", False) for step in self.steps)

    @property
    def pairs_per_batch(self) -> int:
        return min(step.pairs_per_batch for step in self.steps)

    def predict(self, pairs: Sequence[Pair]) -> list[Prediction]:
        # Hide facts from the steps: the cascade checks them itself, using the answers of all steps.
        pairs = [replace(pair, facts=(), false_versions=()) for pair in pairs]
        answers: list[list[_Answer]] = [[] for _ in pairs]
        waiting = list(range(len(pairs)))
        for step in self.steps:
            for place, answer in zip(waiting, _ask(step, [pairs[at] for at in waiting]), strict=True):
                answers[place].append(self._apply_thresholds(answer))
            waiting = [at for at in waiting if not self._is_final(answers[at][-1])]
            if not waiting:
                break
        return [self._choose(each) for each in answers]

    def _apply_thresholds(self, answer: _Answer) -> _Answer:
        """Decide the label again with the cascade's thresholds, if any are set."""
        if not self.list_changed():
            return answer
        return replace(answer, decision=decide(replace(answer.prediction, decision=None), self))

    def _is_final(self, answer: _Answer) -> bool:
        is_sure = max(answer.prediction.probabilities.values) >= self.step_threshold
        return answer.decision.label in answer.step.conclusive and is_sure

    def _choose(self, answers: Sequence[_Answer]) -> Prediction:
        """Return the prediction of the last step whose answer counts; if none counts, abstain.

        The prediction is transient if any step failed in a way that a retry may fix.
        """
        counting = [answer for answer in answers if answer.counts]
        answer = counting[-1] if counting else answers[-1]
        silent = [each for each in answers if each.prediction.transient and each is not answer]
        reasons = [answer.prediction.reason, *(f"{each.step.kind()}: {each.prediction.reason}" for each in silent)]
        notes = "; ".join(filter(None, reasons))
        return replace(
            answer.prediction,
            reason=": ".join(filter(None, [self._explain(answer), notes])) or None,
            abstained=not counting,
            decision=answer.decision,
            transient=any(each.prediction.transient for each in answers),
        )

    def _explain(self, answer: _Answer) -> str | None:
        """Explain which step decided; return None if the step abstained, because its own reason says why."""
        if answer.counts:
            return f"decided by {answer.step.kind()}" + ("" if self._is_final(answer) else ", the last step")
        if answer.prediction.abstained:
            return None
        kind, label = answer.step.kind(), answer.decision.label
        return f"{kind} alone cannot decide that a statement is {label}; add a stronger verifier to steps"


def _ask(step: Verifier, pairs: Sequence[Pair]) -> list[_Answer]:
    """Ask a step about pairs, in order; turn its verdicts into predictions if it makes no predictions itself."""
    if isinstance(step, PredictiveVerifier):
        predictions = [step.recalibrate(prediction) for prediction in step.predict_all(pairs)]
        return [_Answer(step, prediction, step.decide(prediction)) for prediction in predictions]
    answers = []
    for each in step.verify_all(pairs):
        prediction = Prediction(
            each.probabilities, each.evidence, each.reason, None, each.abstained, each.transient, each.differences
        )
        answers.append(_Answer(step, prediction, Decision(each.label)))
    return answers
