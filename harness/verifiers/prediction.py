"""A verifier's prediction for a pair, from which the label is decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from harness.records import Difference, Probabilities, Span

Option = Literal["supported", "contradicted", "absent"]
"""The labels that a model chooses from; ``decide`` alone assigns ``uncertain``."""
OPTIONS: tuple[Option, ...] = get_args(Option)
ENGLISH = frozenset({"en"})
"""The languages of a verifier with English rules or training."""


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


def abstain(reason: str, *, transient: bool = False) -> Prediction:
    """Make the prediction of a verifier that cannot answer; ``transient`` if asking again may help."""
    uninformative = Probabilities(1 / 3, 1 / 3, 1 / 3)
    return Prediction(uninformative, reason=reason, abstained=True, transient=transient)
