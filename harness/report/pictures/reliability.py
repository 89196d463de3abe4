"""Reliability: of what the verifier gave a probability, how much people called supported."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from harness.document import format as fmt
from harness.document.pictures.drawing import BLUE, LINE, MUTED, plain_axes
from harness.document.pictures.picture import Picture
from harness.document.pictures.reliability import Bins, curve, frame
from harness.records import Agreement, Results
from harness.report import words
from harness.report.trust import CLAIMS_ERROR, OF_FACTS, decided_tasks
from harness.signature import kind_of
from harness.stats import agreement

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, slots=True)
class Reliability:
    """The drawing."""

    bins: Bins

    @property
    def size(self) -> tuple[float, float]:
        return 4.8, 3.6

    def draw(self, figure: Figure) -> None:
        axes = plain_axes(figure, (0.14, 0.14, 0.82, 0.83))
        axes.grid(color=LINE, linewidth=0.8)
        frame(axes, MUTED)
        curve(axes, self.bins, BLUE)


def measured(verifier: str, measurement: Agreement | None) -> Picture | None:
    """The verifier's reliability on other data, from its agreement with people; None where that has no bins."""
    if measurement is None or not measurement.bins:
        return None
    found, of_facts = measurement.out_of_fold, OF_FACTS in measurement.out_of_fold
    errors = None
    if of_facts and measurement.ece is not None and CLAIMS_ERROR in found:
        errors = measurement.ece, found[CLAIMS_ERROR]
    title = f"Reliability of {verifier}{' on facts' if of_facts else ''}"
    what = f"of facts, {measurement.data}" if of_facts else measurement.data
    return _picture("reliability", title, what, measurement.bins, errors)


@lru_cache(maxsize=1)
def on_own_articles(results: Results) -> Picture | None:
    """On what people labelled of this run and the verifier was not fitted to; None where that is nothing.

    Made once, however often the last results are shown.
    """
    decided = decided_tasks(results)
    if not decided:
        return None
    uses = [task.use for _, task in decided]
    truth = np.array([label == "supported" for label, _ in decided])
    scores = np.array([task.checks[0].verdict.probabilities.supported for _, task in decided])
    bins = agreement.filled(agreement.reliability(truth, scores))
    verifier = kind_of(results.manifest.verifier)
    what = f"this run, {uses.count('coverage'):,} of facts and {uses.count('grounding'):,} of claims"
    return _picture("reliability-here", f"Reliability of {verifier} on this run's own articles", what, bins)


def _picture(name: str, title: str, what: str, bins: Bins, errors: tuple[float, float] | None = None) -> Picture:
    return Picture(
        id=name,
        title=title,
        caption=words.reliability(sum(rows for *_, rows in bins), what, errors),
        heads=("Probability", "Called supported", "Labels"),
        rows=tuple((fmt.share(across), fmt.share(up), f"{rows:,}") for across, up, rows in bins),
        drawing=Reliability(bins),
    )
