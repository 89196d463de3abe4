"""Whether verdicts that are undecided could change the order of a leaderboard, in one or two sentences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from harness.document import format as fmt
from harness.records import Metric, System
from harness.report import words

_COUNTED = {"fact_recall": ("fact", "not kept", "kept"), "faithfulness": ("claim", "not supported", "supported")}
"""Metric → what it counts, and as what an undecided one counts at the least and at the most."""
AT_MOST = ".at_most"
"""Ends the name of the metric that counts what is undecided for a system."""
_NAMED = 4
"""Up to so many systems are named that could rise."""
_NEAR = 1e-9


@dataclass(frozen=True, slots=True)
class Bounds:
    """A metric of one system with all that is undecided counted against it, and for it."""

    name: str
    least: float
    most: float


def bounds(
    systems: Sequence[System], mean: Callable[[System, str], float | None], by: Metric
) -> tuple[Bounds, ...] | None:
    """The bounds of the systems that have a value, in their order; None where the metric has none."""
    if by.name not in _COUNTED:
        return None
    pairs = [(system.name, mean(system, by.name), mean(system, f"{by.name}{AT_MOST}")) for system in systems]
    known = [Bounds(name, least, most) for name, least, most in pairs if least is not None and most is not None]
    return tuple(known) or None


def in_words(ordered: Sequence[Bounds], by: Metric) -> str:
    """Why one number is enough to rank by, or which systems could rise; ``ordered`` has the best first."""
    noun, against, kept = _COUNTED[by.name]
    if not any(each.most > each.least + _NEAR for each in ordered):
        return words.nothing_undecided(noun)
    rising = [
        each for place, each in enumerate(ordered) if any(each.most > above.least + _NEAR for above in ordered[:place])
    ]
    if not rising:
        return words.order_stands(noun, against, kept)
    named = [f"{each.name} could reach {fmt.value(each.most, by.format)}" for each in rising[:_NAMED]]
    named += [f"{len(rising) - _NAMED} more could rise too"] if len(rising) > _NAMED else []
    return words.order_could_change(noun, against, kept, named)
