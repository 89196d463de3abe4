"""Heatmaps by kind: which kinds of facts each system keeps, and what differs in the claims that the article does not
support."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, get_args

from harness.document import format as fmt
from harness.document.pictures.drawing import BLUE, INK, MUTED, PAPER, named, plain_axes, signed, tooltip
from harness.document.pictures.picture import Picture
from harness.records import Check, DifferenceKind, FactKind, System
from harness.report import words
from harness.report.index import Index

if TYPE_CHECKING:
    from matplotlib.figure import Figure


_OTHER = "other"
_ERRORS: tuple[str, ...] = (*get_args(DifferenceKind), _OTHER)
_ROW = 0.26
"""Inches: the height of a row."""
_COLUMN = 0.4
"""The width of a column."""
_NAMES = 1.72
"""The width of the rows' names."""
_HEADS = 0.65
"""The height of the columns' names, which slant."""
_BEYOND = 0.4
"""How far the last column's name reaches beyond its column."""
_DEEPEST = 0.45
"""How much of the colour the largest value has: text on it stays legible."""


@dataclass(frozen=True, slots=True)
class Kinds:
    """What a system's summaries come to, kind by kind."""

    system: System
    kept: Counter[FactKind] = field(default_factory=Counter)
    facts: Counter[FactKind] = field(default_factory=Counter)
    """Facts judged, each once a summary."""
    claims: Counter[str] = field(default_factory=Counter)
    """Kind of error → claims that have it: one may count under several kinds, and each counts under ``all``."""


def kinds(index: Index, systems: Sequence[System]) -> tuple[Kinds, ...]:
    """The counts of each system over all its summaries."""
    counts = tuple(Kinds(system) for system in systems)
    for item in index.results.items:  # outside, as an article's records are read together
        of = {fact.id: fact.kind for fact in item.facts}
        for counted in counts:
            for summary in index.summaries(counted.system.name, item):
                _count_facts(counted, of, index.coverage(summary))
                _count_claims(counted, index.grounding(summary))
    return counts


def _count_facts(counted: Kinds, of: Mapping[str, FactKind], checks: Mapping[str, Check]) -> None:
    for target, check in checks.items():
        if target in of:
            counted.facts[of[target]] += 1
            counted.kept[of[target]] += check.verdict.label == "supported"


def _count_claims(counted: Kinds, checks: Sequence[Check]) -> None:
    counted.claims["all"] += len(checks)
    counted.claims.update(kind for check in checks for kind in _errors(check))


def _errors(check: Check) -> Iterable[str]:
    if check.verdict.label in ("supported", "uncertain"):
        return ()
    return {difference.kind for difference in check.verdict.differences} or {_OTHER}


def facts_kept(counted: Sequence[Kinds]) -> Picture | None:
    """The share of the facts of each kind that each system keeps; None where there are not two kinds."""
    columns = [kind for kind in get_args(FactKind) if any(each.facts[kind] for each in counted)]
    if len(columns) < 2:
        return None
    shares = [
        [each.kept[kind] / each.facts[kind] if each.facts[kind] else None for kind in columns] for each in counted
    ]
    table = tuple(
        (signed(each.system), *(f"{each.kept[kind]} of {each.facts[kind]}" for kind in columns)) for each in counted
    )
    return Picture(
        id="facts-by-kind",
        title=words.FACTS_BY_KIND_TITLE,
        caption=words.FACTS_BY_KIND,
        heads=("System", *columns),
        rows=table,
        drawing=Heatmap(
            tuple(each.system.name for each in counted),
            tuple(columns),
            tuple(tuple(None if share is None else (fmt.share(share), share) for share in line) for line in shares),
        ),
    )


def errors_made(counted: Sequence[Kinds]) -> Picture | None:
    """How many claims of each system are wrong or not in the article, by what differs; None if unknown."""
    columns = [kind for kind in _ERRORS if any(each.claims[kind] for each in counted)]
    if not set(columns) - {_OTHER}:
        return None
    return Picture(
        id="errors-by-kind",
        title=words.ERRORS_BY_KIND_TITLE,
        caption=words.ERRORS_BY_KIND,
        heads=("System", *columns, "claims in all"),
        rows=tuple(
            (signed(each.system), *(str(each.claims[kind]) for kind in columns), str(each.claims["all"]))
            for each in counted
        ),
        drawing=Heatmap(
            tuple(each.system.name for each in counted),
            tuple(columns),
            tuple(tuple(_share(each, kind) for kind in columns) for each in counted),
        ),
    )


def _share(counted: Kinds, kind: str) -> tuple[str, float] | None:
    number = counted.claims[kind]
    return (str(number), number / counted.claims["all"]) if counted.claims["all"] else None


@dataclass(frozen=True, slots=True)
class Heatmap:
    """The drawing. A cell is its form and, from 0 to 1, how deep its ground is; None where there is no number."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[tuple[str, float] | None, ...], ...]

    @property
    def size(self) -> tuple[float, float]:
        return _NAMES + _COLUMN * len(self.columns) + _BEYOND, _HEADS + _ROW * len(self.rows)

    def draw(self, figure: Figure) -> None:
        from matplotlib.patches import Rectangle

        width, height = self.size
        across, down = _COLUMN * len(self.columns), _ROW * len(self.rows) - 0.02
        axes = plain_axes(figure, (_NAMES / width, 0.02 / height, across / width, down / height))
        for line, cells in enumerate(self.cells):
            for column, cell in enumerate(cells):
                if cell is None:
                    continue
                form, depth = cell
                axes.add_patch(
                    Rectangle(
                        (column, line),
                        1,
                        1,
                        facecolor=BLUE,
                        alpha=_DEEPEST * depth,
                        linewidth=0,
                        gid=tooltip(f"{self.rows[line]}, {self.columns[column]}: {form}"),
                    )
                )
                axes.text(column + 0.5, line + 0.5, form, ha="center", va="center_baseline", color=INK)
        for line in range(1, len(self.rows)):
            axes.axhline(line, color=PAPER, linewidth=1.5)
        axes.set(xlim=(0, len(self.columns)), ylim=(len(self.rows), 0))
        axes.set_yticks([line + 0.5 for line in range(len(self.rows))], [named(name) for name in self.rows])
        axes.xaxis.tick_top()
        axes.set_xticks([column + 0.4 for column in range(len(self.columns))], self.columns, rotation=40, ha="left")
        axes.tick_params(length=0)
        axes.tick_params(axis="y", labelcolor=INK)
        axes.tick_params(axis="x", labelcolor=MUTED)
        for spine in axes.spines.values():
            spine.set_visible(False)
