"""Turn a verifier's prediction into a label. No other code decides that a hypothesis is ``supported``.

The decision has two steps. First, P(supported) alone decides whether the premise supports the hypothesis: from
``Band.high`` up it does, below ``Band.low`` it does not, and in between the verdict is uncertain. Then an unsupported
hypothesis is contradicted if P(contradicted) is at least ``contradicted_share`` of P(contradicted) + P(absent), and
absent otherwise. With a single step, a clearly unsupported hypothesis would be undecided if ``contradicted`` and
``absent`` were about equally likely.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

from harness.records import Difference, Label, Probabilities, Span

Option = Literal["supported", "contradicted", "absent"]
"""The labels that a model chooses from; ``decide`` alone assigns ``uncertain``."""
OPTIONS: tuple[Option, ...] = get_args(Option)


@dataclass(frozen=True, slots=True)
class Prediction:
    """Probabilities and evidence for one pair."""

    probabilities: Probabilities
    """P(label); they sum to 1, and mean nothing if ``abstained`` is set."""
    evidence: Span | None = None
    """The deciding passage of the premise; None if no passage is relevant to the hypothesis."""
    reason: str | None = None
    """A note for the reader; the reason for abstaining if ``abstained`` is set."""
    objection: str | None = None
    """What the premise contradicts or lacks, in words; shown unless the label is ``supported``."""
    abstained: bool = False
    """True if there is no basis for a label, e.g. because no answer arrived."""
    transient: bool = False
    """True if asking again may give an answer (a time-out, a busy server)."""
    differences: tuple[Difference, ...] = ()
    """Values and words in which the hypothesis differs from the premise."""
    of_article: bool = False
    """True if the thresholds for articles apply: the premise is not a summary, and too long to be read whole."""
    decision: Decision | None = None
    """The label that a step of a cascade has decided; None if the verifier's thresholds decide."""


def abstain(reason: str, *, transient: bool = False) -> Prediction:
    """Make a prediction for a verifier that cannot answer; ``transient`` if asking again may help."""
    uninformative = Probabilities(1 / 3, 1 / 3, 1 / 3)
    return Prediction(uninformative, reason=reason, abstained=True, transient=transient)


Preset = Literal["strict", "balanced", "lenient"]


class Band(BaseModel):
    """The range of P(supported) in which a verdict stays uncertain, and the threshold inside it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    low: float = Field(ge=0, le=1)
    """Below it, the hypothesis is not supported."""
    threshold: float = Field(ge=0, le=1)
    """Replaces the band in measures without ``uncertain``: at or above it, the hypothesis counts as supported."""
    high: float = Field(ge=0, le=1)
    """At or above it, the hypothesis is supported."""

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        if not self.low <= self.threshold <= self.high:
            raise ValueError("low, threshold and high must be in ascending order")
        return self

    def label(self, probabilities: Probabilities, contradicted_share: float) -> Label:
        if probabilities.supported >= self.high:
            return "supported"
        if probabilities.supported >= self.low:
            return "uncertain"
        rest = probabilities.contradicted + probabilities.absent
        return "contradicted" if probabilities.contradicted >= contradicted_share * rest > 0 else "absent"


OF_SUMMARIES: Mapping[Preset, Band] = {
    "strict": Band(low=0.5, threshold=0.6, high=0.7),
    "balanced": Band(low=0.4, threshold=0.44, high=0.46),
    "lenient": Band(low=0.3, threshold=0.36, high=0.38),
}
"""Bands for premises that are read whole: summaries and other short texts."""
OF_ARTICLES: Mapping[Preset, Band] = {
    "strict": Band(low=0.65, threshold=0.8, high=0.85),
    "balanced": Band(low=0.55, threshold=0.7, high=0.75),
    "lenient": Band(low=0.45, threshold=0.55, high=0.58),
}
"""Bands for articles, higher because P(supported) is higher there: most claims about articles are true."""


class Thresholds(BaseModel):
    """Options of a verifier that determine how its probabilities become labels."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    summary_bands: ClassVar[Mapping[Preset, Band]] = OF_SUMMARIES
    article_bands: ClassVar[Mapping[Preset, Band]] = OF_ARTICLES
    """The bands of each preset. A verifier with differently distributed probabilities sets its own."""

    decisions: Preset = "balanced"
    """How much evidence ``supported`` requires: ``strict`` lets fewer errors pass, ``lenient`` accepts more
    paraphrases. docs/choosing-a-verifier.md lists the thresholds of each preset."""
    threshold: float | None = Field(None, ge=0, le=1)
    """A single threshold that replaces the preset's band: at or above it, the hypothesis is supported."""
    contradicted_share: float = Field(0.5, gt=0, le=1)
    """An unsupported hypothesis is contradicted if P(contradicted) / (P(contradicted) + P(absent)) is at least this."""

    def band(self, of_article: bool) -> Band:
        """Return the band that these options set, for articles or for texts that are read whole."""
        if self.threshold is not None:
            return Band(low=self.threshold, threshold=self.threshold, high=self.threshold)
        return (self.article_bands if of_article else self.summary_bands)[self.decisions]

    def list_changed(self) -> list[str]:
        """List the names of the options of ``Thresholds`` that differ from their defaults."""
        fields = type(self).model_fields
        return [name for name in Thresholds.model_fields if getattr(self, name) != fields[name].default]


BAND_OPTIONS = ("decisions", "threshold")
"""The options that a calibration replaces with its own band."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A label, with the reason if it is ``uncertain``."""

    label: Label
    reason: str | None = None


def decide(prediction: Prediction, thresholds: Thresholds, band: Band | None = None) -> Decision:
    """Decide the label of a prediction. ``band`` is the calibration's; without one, ``thresholds`` sets it."""
    if prediction.abstained:
        return Decision("uncertain", prediction.reason)
    if prediction.decision:
        return prediction.decision
    band = band or thresholds.band(prediction.of_article)
    label = band.label(prediction.probabilities, thresholds.contradicted_share)
    if label != "uncertain":
        return Decision(label)
    supported = prediction.probabilities.supported
    reason = f"P(supported) is {supported:.2f}; verdicts from {band.low:.2f} to {band.high:.2f} are undecided"
    return Decision(label, reason)


def most_likely(probabilities: Probabilities) -> Label:
    """Return the most likely label; on a tie, the more cautious one."""
    labels: tuple[Label, ...] = ("absent", "contradicted", "supported")
    return max(labels, key=lambda label: getattr(probabilities, label))
