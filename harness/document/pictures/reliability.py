"""The reliability plot: of what a verifier gives a probability, how much people called supported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.document import format as fmt
from harness.document.pictures.drawing import tooltip

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Bins = tuple[tuple[float, float, int], ...]
"""Mean probability, share called supported, labels."""


def frame(axes: Axes, colour: str) -> None:
    """What the axes say, and the line on which a verifier is right as often as its probability says."""
    axes.plot([0, 1], [0, 1], color=colour, linewidth=1, linestyle="--")
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="Probability given to supported", ylabel="Called supported by people")


def curve(axes: Axes, bins: Bins, colour: str | None = None, label: str | None = None) -> None:
    """A verifier's bins; a larger point stands for more labels. Without a ``label`` each point says its numbers."""
    across, up, rows = zip(*bins, strict=True)
    (line,) = axes.plot(across, up, color=colour, linewidth=1.5, label=label)
    for right, high, count in bins:
        tip = f"{fmt.share(right)} given, {fmt.share(high)} called supported, {fmt.plural(count, 'label')}"
        size = 3 + 7 * (count / max(rows)) ** 0.5
        gid = None if label else tooltip(tip)
        axes.plot([right], [high], "o", color=line.get_color(), markersize=size, clip_on=False, gid=gid)
