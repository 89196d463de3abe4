"""The reliability plot: of what a verifier gives a probability, how much people called supported."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from harness.document.pictures.reliability import curve, frame
from harness.document.plain import plain
from harness.stats import agreement
from harness.trust.meta_eval.meta_eval import VerifierComparison

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_SIZE = 4.2
"""Inches a side of a panel."""


def draw(comparisons: Sequence[VerifierComparison], path: Path) -> None:
    """A panel a corpus, a line a verifier; the size of a point says how many rows it stands for."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    judged = [each for each in comparisons if any(measured.judged for measured in each.measured)]
    with rc_context({"svg.hashsalt": "harness", "font.size": 9}):  # so that one result is drawn to the same bytes
        figure = Figure(figsize=(_SIZE * max(1, len(judged)), _SIZE), layout="constrained")
        for panel, comparison in zip(figure.subplots(1, max(1, len(judged)), squeeze=False)[0], judged, strict=False):
            _panel(panel, comparison)
        metadata = {"Date": None} if path.suffix.lower() == ".svg" else None
        figure.savefig(path, metadata=metadata, dpi=150)


def _panel(axes: Axes, comparison: VerifierComparison) -> None:
    frame(axes, "0.7")
    for measured in comparison.measured:
        if measured.judged is None:
            continue
        error = measured.judged.two_way.calibration_error.value
        label = f"{measured.title} (error {error:.3f})" if error is not None else measured.title
        curve(axes, agreement.filled(measured.judged.two_way.bins), label=plain(label))
    axes.set(aspect="equal", title=plain(comparison.corpus).replace("$", r"\$"))
    axes.legend(loc="upper left", frameon=False)
