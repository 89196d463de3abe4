"""Where a prediction becomes a label: the thresholds, and ``decide``, which holds a prediction against them.

``Thresholds`` are options of every verifier that predicts probabilities: ``PredictiveVerifier`` is derived from it.
``threshold_of`` says which of them a label must reach. A calibration puts a ``Band`` on P(supported) in the place of
``threshold`` and ``article_threshold``; the thresholds of ``contradicted`` hold with it as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from harness.records import Label, Probabilities

if TYPE_CHECKING:
    from harness.verifiers.prediction import Prediction


class Thresholds(BaseModel):
    """The least probabilities at which a label is given, all of them options of a verifier."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    threshold: float = Field(0.5, ge=0.34, le=1)
    """The least probability that decides: from a half on, a label is likelier than all others together. Where no label
    reaches its threshold, the verdict is uncertain."""
    contradiction_threshold: float = Field(0.6, ge=0.34, le=1)
    """The least probability of ``contradicted``: to tell a writer that a statement is false takes more than a half."""
    unexplained_threshold: float = Field(0.7, ge=0.34, le=1)
    """The least probability of ``contradicted`` where the verifier compares values and finds none that conflicts."""
    article_threshold: float = Field(0.86, ge=0.34, le=1)
    """The least probability of ``supported`` where the premise is an article: it says much, and only what is nearest to
    the hypothesis was read. Of sentences about articles of calibration, out of fold, .86 passes .54 of the faithful
    ones and .15 of those with an error written in; .88 passes .49 and .12, .84 passes .56 and .17."""
    article_contradiction_threshold: float = Field(0.5, ge=0.34, le=1)
    """The least probability of ``contradicted`` there, in the place of the two thresholds for it: the probabilities
    take three claims in four to be sound, so that a half is much against that. Out of fold .5 calls .04 of the faithful
    ones contradicted and .35 of those with an error."""
    fact_threshold: float = Field(0.9, ge=0.34, le=1)
    """The least probability at which facts of the article, read in its place, are taken to bear a claim out. Of BUMP's
    sentences held against a summary, out of fold, .9 passes .40 of the true ones and .08 of those it contradicts."""


OF_ARTICLES = ("article_threshold", "article_contradiction_threshold")
"""Those that hold where the premise was read as an article."""
REPLACED_BY_BAND = ("threshold", "article_threshold")
"""The thresholds that a calibration decides in place of."""


class Band(BaseModel):
    """Where a calibrated P(supported) decides, and where it does not."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    low: float = Field(ge=0, le=1)
    """Below it the hypothesis is not supported."""
    threshold: float = Field(ge=0, le=1)
    """Where it would be cut if every verdict had to be a label."""
    high: float = Field(ge=0, le=1)
    """From here on it is supported."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.low <= self.threshold <= self.high:
            raise ValueError("low, threshold and high must stand in this order")
        return self

    def label(self, probabilities: Probabilities, contradiction_threshold: float) -> Label:
        """The label; between contradicted and absent the likelier one, of equals absent."""
        if probabilities.supported >= self.high:
            return "supported"
        if probabilities.supported >= self.low:
            return "uncertain"
        if probabilities.contradicted > probabilities.absent:
            return "contradicted" if probabilities.contradicted >= contradiction_threshold else "uncertain"
        return "absent"


@dataclass(frozen=True, slots=True)
class Decision:
    """A label, and why it is ``uncertain`` where it is."""

    label: Label
    reason: str | None = None


def decide(prediction: Prediction, thresholds: Thresholds, band: Band | None = None) -> Decision:
    """The label of a prediction; ``band`` is that of the calibration by which it was recalibrated, if it was."""
    if prediction.abstained:
        return Decision("uncertain", prediction.reason)
    if band is not None:
        return _decide_by_band(prediction.probabilities, band, contradiction_threshold(prediction, thresholds))
    label, probability = most_likely(prediction.probabilities), largest(prediction.probabilities)
    needed = threshold_of(label, prediction, thresholds)
    if probability >= needed:
        return Decision(label)
    return Decision("uncertain", f"the likeliest answer {_lacks(probability, needed)}")


def threshold_of(label: Label, prediction: Prediction, thresholds: Thresholds) -> float:
    """The least probability at which this prediction is given a label, its likeliest one."""
    if label == "contradicted":
        return max(thresholds.threshold, contradiction_threshold(prediction, thresholds))
    if label == "supported" and prediction.of_article:
        return max(thresholds.threshold, thresholds.article_threshold)
    return thresholds.threshold


def contradiction_threshold(prediction: Prediction, thresholds: Thresholds) -> float:
    """The least probability at which this prediction is called contradicted, with a calibration or without."""
    if prediction.of_article:
        return thresholds.article_contradiction_threshold
    least = thresholds.contradiction_threshold
    return max(least, thresholds.unexplained_threshold) if prediction.unexplained else least


def moved_thresholds(thresholds: Thresholds) -> str:
    """That a verifier's numbers were measured with other thresholds than these; empty where they were not."""
    fields = type(thresholds).model_fields
    moved = {name: fields[name].default for name in Thresholds.model_fields}
    named = [f"{name} {default:g}" for name, default in moved.items() if getattr(thresholds, name) != default]
    return f"Measured with other thresholds than this run's: {', '.join(named)}." if named else ""


def most_likely(probabilities: Probabilities) -> Label:
    """The label with the highest probability; of equals, the more careful one."""
    labels: tuple[Label, ...] = ("absent", "contradicted", "supported")
    return max(labels, key=lambda label: getattr(probabilities, label))


def largest(probabilities: Probabilities) -> float:
    """The probability of the likeliest label."""
    return max(probabilities.values)


def _decide_by_band(probabilities: Probabilities, band: Band, contradiction_threshold: float) -> Decision:
    label = band.label(probabilities, contradiction_threshold)
    if label != "uncertain":
        return Decision(label)
    if probabilities.supported < band.low:
        lacks = _lacks(probabilities.contradicted, contradiction_threshold)
        return Decision(label, f"not supported; to be contradicted, it {lacks}")
    limits = f"{band.low:.2f} to {band.high:.2f}"
    reason = f"P(supported) is {probabilities.supported:.2f}; from {limits} people's labels bear out neither answer"
    return Decision(label, reason)


def _lacks(probability: float, needed: float) -> str:
    """What a probability has and needs; it is not rounded up to what it does not reach."""
    return f"has {min(round(probability, 2), needed - 0.01):.2f} and needs {needed:g}"
