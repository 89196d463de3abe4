"""Automatic, human and combined estimates of a run, side by side."""

from __future__ import annotations

from collections.abc import Sequence

from harness.analysis.estimates import Estimated, Estimates, estimates
from harness.analysis.ppi import Share
from harness.records import Results
from harness.reports import format as fmt
from harness.reports.accord import flattered
from harness.reports.notes import Notes
from harness.reports.sections import Grid, Section

TITLE = "What people would find"
_FEW = 100
"""Labels of a system below which its estimates are coarse: their standard error is 0.05 at a half."""


def section(results: Results) -> Section | None:
    """The estimates of every system; None where nobody labelled a verdict of the run."""
    made = estimates(results)
    if made is None:
        return None
    metrics = dict.fromkeys(each.metric for each in made.found)
    grids = (_grid([each for each in made.found if each.metric == metric]) for metric in metrics)
    return Section(TITLE, tuple(_sentences(made, flattered(results))), tuple(grids))


def _grid(found: Sequence[Estimated]) -> Grid:
    notes, metric = Notes(), found[0].metric
    rows = tuple(_row(each, notes) for each in found)
    title = f"{metric.title} {fmt.ARROWS[metric.better]}"
    return Grid((title, "verifier alone", "labels alone", "both", "labelled"), rows, notes=notes.lines)


def _row(each: Estimated, notes: Notes) -> tuple[str, ...]:
    shares = (each.found.automatic, each.found.human, each.found.combined)
    counts = f"{each.labelled:,} of {each.verdicts:,}"
    return each.system, *(_share(share, notes) for share in shares), counts


def _share(found: Share, notes: Notes) -> str:
    return notes.estimate(found.value, found.low, found.high, found.reason)


def _sentences(made: Estimates, flattery: str) -> list[str]:
    names, found = fmt.listed(made.people), made.found
    explained = (
        f"By the verdicts alone, whose interval knows nothing of their errors; by the labels of {names} alone; and by "
        "both: the labels moved by what the verdicts say of the rest (prediction-powered inference). Labels count "
        "that are a random sample of a system's verdicts."
    )
    said = [explained, *filter(None, [flattery])]
    if all(each.labelled == each.verdicts for each in found):
        return [*said, "Every verdict is labelled, so the labels say all that there is to say of these summaries."]
    without = [each for each in found if not each.labelled]
    if without:
        count = fmt.plural(len(without), "estimate")
        said.append(f"For {count} no label is part of such a sample yet; harness label asks for them in turn.")
    few = [each for each in found if 0 < each.labelled < min(_FEW, each.verdicts)]
    if few:
        least = min(each.labelled for each in few)
        said.append(
            f"Some rest on no more than {fmt.plural(least, 'label')}: read them as a direction, not as numbers."
        )
    return said
