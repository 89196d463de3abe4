"""Reliability: of what the verifier gave a probability, how much people called supported."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.records import Agreement
from harness.reports import format as fmt
from harness.reports.pictures.axes import plain_axes
from harness.reports.pictures.ink import BLUE, LINE, MUTED
from harness.reports.pictures.picture import Picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, slots=True)
class Reliability:
    """The drawing: (mean probability, share called supported, rows) of each bin."""

    bins: tuple[tuple[float, float, int], ...]

    @property
    def size(self) -> tuple[float, float]:
        return 4.8, 3.6

    def draw(self, figure: Figure) -> None:
        axes = plain_axes(figure, (0.11, 0.14, 0.84, 0.83))
        axes.grid(color=LINE, linewidth=0.8)
        axes.plot([0, 1], [0, 1], color=MUTED, linewidth=1, linestyle="--")
        across, up, rows = zip(*self.bins, strict=True)
        axes.plot(across, up, color=BLUE, linewidth=1.5)
        for right, high, count in self.bins:
            axes.plot([right], [high], "o", color=BLUE, markersize=3 + 7 * (count / max(rows)) ** 0.5, clip_on=False)
        axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="Probability given to supported", ylabel="Called supported by people")


def reliability(verifier: str, agreement: Agreement | None) -> Picture | None:
    """How far the verifier's probabilities can be taken at their word; None where nobody has measured it."""
    if agreement is None or not agreement.bins:
        return None
    return Picture(
        id="reliability",
        title=f"Reliability of the verifier {verifier}",
        told=(
            f"Over {agreement.rows:,} labels ({agreement.data}): on the dashed line a probability is right as often as "
            "it says; the larger a point, the more labels it stands for."
        ),
        heads=("Probability", "Called supported", "Labels"),
        rows=tuple((fmt.share(across), fmt.share(up), f"{rows:,}") for across, up, rows in agreement.bins),
        drawing=Reliability(agreement.bins),
    )
