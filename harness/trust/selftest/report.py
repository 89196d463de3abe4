"""The self-test in tables: what the verifier and each metric notice, by kind of error."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence

from pydantic import TypeAdapter

from harness import __version__
from harness.document import format as fmt
from harness.document import markdown, terminal
from harness.document.blocks import Block, Document, Heading, Paragraph, Table, sentences
from harness.perturbations import HARMLESS
from harness.signature import kind_of
from harness.trust.selftest.rates import INTACT, KINDS, MetricRates, NoticeRates, ProbeUse, Rate, Selftest, UseRates

FORMAT = 1
"""Version of the JSON."""

Cell = Callable[[NoticeRates | None], str]

_COLUMNS = 5
"""Kinds of error side by side: as many as a terminal of 80 columns has room for."""

_USES: dict[ProbeUse, str] = {
    "coverage": "Coverage: a fact that the edited sentence alone carried, against the edited reference",
    "wording": "Wording: a fact against its own statement, edited",
    "grounding": "Grounding: the edited sentence or statement against the article",
}
_VERIFIER = (
    "An error is noticed if the verdict is not supported (contradicted, absent or uncertain). The same verdict on a "
    "text that is intact, or only told in other words, is a false alarm."
)
_SCORERS = (
    "A metric notices an error if it scores the edited reference worse than the intact one; both are compared with the "
    "other references. Metrics of overlap score harmless paraphrases worse, too. So read the AUC: how often an error "
    "costs more than a paraphrase of the same article. Ties count half, 0.5 is blind. The drop is the mean loss, in "
    "standard deviations of the metric over the intact references."
)


def document(selftest: Selftest, whole: bool) -> Document:
    """The verifier, then the scorers, then what was not tested.

    Kinds of error are shown for the headline metrics; where the document is to be ``whole`` for every metric, and with
    an example of each kind.
    """
    blocks = [*_verifier(selftest)]
    if selftest.edits:
        blocks += _scorers(selftest, whole)
    if selftest.left_out:
        blocks += (Heading("Not tested"), *sentences([f"{reason}." for reason in selftest.left_out]))
    if whole and selftest.examples:
        blocks += _examples(selftest)
    return Document(f"Self-test of {selftest.config}", blocks=tuple(blocks))


def _examples(selftest: Selftest) -> Iterator[Block]:
    """One edit of each kind, so that a reader sees what the numbers are about."""
    first = {example.kind: example for example in reversed(selftest.examples)}
    rows = tuple((kind, first[kind].before, first[kind].after or "(dropped)") for kind in KINDS if kind in first)
    yield Heading("Examples")
    yield Paragraph("One edit of each kind.")
    yield Table.of(("", "before", "after"), rows, left=frozenset({0, 1, 2}))


def render(selftest: Selftest, form: str) -> str:
    """The self-test as text, in the form ``terminal``, ``md`` or ``json``: that is all of it, with counts."""
    if form == "json":
        data = TypeAdapter(Selftest).dump_python(selftest, mode="json")
        return json.dumps({"format": FORMAT, "harness": __version__, **data}, ensure_ascii=False, indent=1) + "\n"
    if form == "md":
        return markdown.render(document(selftest, whole=True))
    return terminal.render(document(selftest, whole=False), width=100)


def _verifier(selftest: Selftest) -> Iterator[Block]:
    kind = kind_of(selftest.verifier)
    tables = [
        _use_table(use, here) for use in _USES if (here := [rates for rates in selftest.use_rates if rates.use == use])
    ]
    yield Heading(f"The verifier {kind}, on errors put in on purpose")
    yield from sentences([_counted(selftest), *([_intervals(selftest)] if tables else []), _VERIFIER])
    yield from tables


def _counted(selftest: Selftest) -> str:
    edits = sum(selftest.edits.values())
    return (
        f"{fmt.plural(selftest.articles, 'article')}, {fmt.plural(selftest.references, 'reference')}, "
        f"{fmt.plural(selftest.facts, 'fact')}; {fmt.plural(edits, 'edited reference')}, seed {selftest.seed}."
    )


def _intervals(selftest: Selftest) -> str:
    rates = [use_rates.not_supported for use_rates in selftest.use_rates] + [
        each.errors.noticed for each in selftest.metrics
    ]
    if any(rate.method == "bootstrap over articles" for rate in rates):
        return "In brackets: 95% intervals by resampling articles; where that gives none, Wilson's over the edits."
    these = "this article" if selftest.articles == 1 else f"these {selftest.articles} articles"
    return f"In brackets: 95% intervals (Wilson) over the edits. They speak of {these} and of no other."


def _use_table(use: ProbeUse, rates: Sequence[UseRates]) -> Table:
    rows = tuple(
        (_named(each.kind), str(each.not_supported.n), _rate(each.not_supported), _rate(each.contradicted))
        for each in rates
    )
    return Table.of(("", "n", "not supported", "contradicted"), rows, title=_USES[use])


def _named(kind: str) -> str:
    return f"{kind}: false alarms" if kind in (*HARMLESS, INTACT) else kind


def _scorers(selftest: Selftest, every_metric: bool) -> Iterator[Block]:
    metrics = [each for each in selftest.metrics if each.errors.noticed.n]
    shown = metrics if every_metric else [each for each in metrics if each.metric.headline]
    kinds = [kind for kind in KINDS if kind in selftest.edits]
    yield Heading("The scorers, on edited references")
    yield Paragraph(_SCORERS)
    yield from (Paragraph(sentence, "warning") for sentence in _missing_values(selftest))
    yield _overview(metrics)
    yield from _by_kind(shown, kinds, selftest, _share, "Noticed, by kind of error")
    errors = [kind for kind in kinds if kind not in HARMLESS]
    yield from _by_kind(shown, errors, selftest, _auc, "AUC against harmless paraphrases, by kind of error")


def _missing_values(selftest: Selftest) -> Iterator[str]:
    """The metrics that lack values, by reason."""
    by_reason: dict[tuple[str, str], list[str]] = {}
    for each in selftest.metrics:
        if each.errors.missing:
            total = each.errors.missing + each.errors.noticed.n
            how_many = "any error" if each.errors.missing == total else f"{each.errors.missing} of {total} errors"
            by_reason.setdefault((how_many, each.reason or ""), []).append(each.metric.name)
    for (how_many, reason), names in by_reason.items():
        yield f"No value for {how_many}: {', '.join(names)} ({reason})"


def _overview(metrics: Sequence[MetricRates]) -> Table:
    rows = tuple(
        (
            each.metric.name,
            _rate(each.errors.noticed),
            _rate(each.false_alarms) if each.false_alarms else fmt.MISSING,
            fmt.share(each.errors.auc),
            fmt.share(each.errors.drop),
        )
        for each in metrics
    )
    return Table.of(("metric", "errors noticed", "false alarms", "AUC", "drop"), rows)


def _by_kind(
    metrics: Sequence[MetricRates], kinds: Sequence[str], selftest: Selftest, cell: Cell, title: str
) -> list[Table]:
    """The kinds in tables of a few columns; none where there is no metric to show."""
    tables = []
    for start in range(0, len(kinds), _COLUMNS):
        part = kinds[start : start + _COLUMNS]
        counts = ("edits", *(str(selftest.edits[kind]) for kind in part))
        rows = tuple((each.metric.name, *(cell(_of(each, kind)) for kind in part)) for each in metrics)
        tables.append(Table.of(("metric", *part), (counts, *rows), title=title))
    return tables if metrics else []


def _of(each: MetricRates, kind: str) -> NoticeRates | None:
    return next((noticed for noticed in each.kinds if noticed.kind == kind), None)


def _share(noticed: NoticeRates | None) -> str:
    share = noticed.noticed.share if noticed else None
    return fmt.MISSING if share is None else _percent(share)


def _auc(noticed: NoticeRates | None) -> str:
    return fmt.share(noticed.auc) if noticed else fmt.MISSING


def _rate(rate: Rate) -> str:
    """``83% [71, 91]``."""
    if rate.share is None or rate.low is None or rate.high is None:
        return fmt.MISSING
    return f"{_percent(rate.share)} [{100 * rate.low:.0f}, {100 * rate.high:.0f}]"


def _percent(share: float) -> str:
    return f"{100 * share:.0f}%"
