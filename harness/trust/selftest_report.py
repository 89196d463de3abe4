"""Report in tables which errors the verifier and each metric notice, by kind of error."""

from __future__ import annotations

import json
from collections.abc import Iterator

from pydantic import TypeAdapter

from harness import __version__
from harness.document import format as fmt
from harness.document import markdown, terminal
from harness.document.blocks import Block, Document, Heading, Paragraph, Table, sentences
from harness.signature import kind_of
from harness.suggest.edits import ALL, HARMLESS
from harness.trust.selftest_rates import INTACT, ProbeUse, Rate, Selftest

FORMAT = 2
"""Version of the JSON."""

_USES: dict[ProbeUse, str] = {
    "coverage": "Coverage: a fact against its own edited statement",
    "grounding": "Grounding: the edited sentence or statement against the article",
}
_VERIFIER = (
    "An error is noticed if the verdict is not supported (contradicted, absent or uncertain). The same verdict on "
    "intact or paraphrased text is a false alarm."
)
_SCORERS = (
    "A metric notices an error if it scores the edited reference worse than the intact one; both are compared with the "
    "other references. Overlap metrics also punish harmless paraphrases, so read the AUC: how often an error costs "
    "more than a paraphrase of the same article. Ties count half; chance is 0.5. The drop is the mean loss in standard "
    "deviations of the metric over the intact references."
)


def render(selftest: Selftest, form: str) -> str:
    """Render the self-test as ``terminal``, ``md`` or ``json``; the last two are complete."""
    if form == "json":
        data = TypeAdapter(Selftest).dump_python(selftest, mode="json")
        return json.dumps({"format": FORMAT, "harness": __version__, **data}, ensure_ascii=False, indent=1) + "\n"
    if form == "md":
        return markdown.render(document(selftest, whole=True))
    return terminal.render(document(selftest, whole=False), width=100)


def document(selftest: Selftest, whole: bool) -> Document:
    """Show the verifier, the scorers, and what was not tested; ``whole``: with all metrics and examples."""
    blocks = [*_show_verifier(selftest)]
    if selftest.edits:
        blocks += _show_scorers(selftest, whole)
    if selftest.left_out:
        blocks += (Heading("Not tested"), *sentences([f"{reason}." for reason in selftest.left_out]))
    if whole and selftest.examples:
        first = {example.kind: example for example in reversed(selftest.examples)}
        rows = tuple((kind, first[kind].before, first[kind].after) for kind in ALL if kind in first)
        blocks += (Heading("Examples"), Table.of(("", "before", "after"), rows, left=frozenset({0, 1, 2})))
    return Document(f"Self-test of {selftest.config}", blocks=tuple(blocks))


def _show_verifier(selftest: Selftest) -> Iterator[Block]:
    yield Heading(f"The verifier {kind_of(selftest.verifier)}, on injected errors")
    counts = (
        f"{fmt.plural(selftest.articles, 'article')}, {fmt.plural(selftest.references, 'reference')}, "
        f"{fmt.plural(selftest.facts, 'fact')}; {fmt.plural(sum(selftest.edits.values()), 'edited reference')}, "
        f"seed {selftest.seed}."
    )
    rates = [each.not_supported for each in selftest.use_rates] + [each.errors.noticed for each in selftest.metrics]
    if any(rate.method == "bootstrap over articles" for rate in rates):
        intervals = "In brackets: 95% intervals from resampling articles; if that gives none, Wilson's over the edits."
    else:
        these = "this article" if selftest.articles == 1 else f"these {selftest.articles} articles"
        intervals = f"In brackets: 95% intervals (Wilson) over the edits. They hold for {these} only."
    yield from sentences([counts, intervals, _VERIFIER])
    for use, title in _USES.items():
        rows = tuple(
            (
                f"{each.kind}: false alarms" if each.kind in (*HARMLESS, INTACT) else each.kind,
                str(each.not_supported.n),
                _show_rate(each.not_supported),
                _show_rate(each.contradicted),
            )
            for each in selftest.use_rates
            if each.use == use
        )
        if rows:
            yield Table.of(("", "n", "not supported", "contradicted"), rows, title=title)


def _show_scorers(selftest: Selftest, whole: bool) -> Iterator[Block]:
    shown = [each for each in selftest.metrics if whole or each.metric.headline]
    metrics = [each for each in shown if each.errors.noticed.n]
    yield Heading("The scorers, on edited references")
    yield Paragraph(_SCORERS)
    missing: dict[tuple[str, str], list[str]] = {}
    for each in shown:
        if lacking := each.errors.missing:
            total = lacking + each.errors.noticed.n
            how_many = "any error" if lacking == total else f"{lacking} of {total} errors"
            missing.setdefault((how_many, each.reason or fmt.NO_REASON), []).append(each.metric.name)
    for (how_many, reason), names in missing.items():
        yield Paragraph(f"No value for {how_many}: {', '.join(names)} ({reason})", "warning")
    rows = []
    for each in metrics:
        alarms = next((of_kind.noticed for of_kind in each.kinds if of_kind.kind in HARMLESS), None)
        false_alarms = _show_rate(alarms) if alarms else fmt.MISSING
        errors = each.errors
        rows.append(
            (each.metric.name, _show_rate(errors.noticed), false_alarms, fmt.share(errors.auc), fmt.share(errors.drop))
        )
    yield Table.of(("metric", "errors noticed", "false alarms", "AUC", "drop"), tuple(rows))
    kinds = [kind for kind in ALL if kind in selftest.edits and kind not in HARMLESS]
    if metrics and kinds:
        heads = ("metric", *(f"{kind} ({selftest.edits[kind]})" for kind in kinds))
        cells = [{of_kind.kind: fmt.share(of_kind.auc) for of_kind in each.kinds} for each in metrics]
        table = [
            (each.metric.name, *(row.get(kind, fmt.MISSING) for kind in kinds))
            for each, row in zip(metrics, cells, strict=True)
        ]
        yield Table.of(heads, table, title="AUC by kind of error, with the number of edits")


def _show_rate(rate: Rate) -> str:
    """Format ``83% [71, 91]``."""
    if rate.share is None or rate.low is None or rate.high is None:
        return fmt.MISSING
    return f"{100 * rate.share:.0f}% [{100 * rate.low:.0f}, {100 * rate.high:.0f}]"
