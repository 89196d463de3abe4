"""Assemble a report for a terminal, as Markdown or as an HTML page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby, islice

from harness.document import format as fmt
from harness.document import html, markdown
from harness.document.blocks import (
    COMMENT,
    PAGE,
    Block,
    Document,
    Folded,
    Heading,
    Item,
    Listing,
    Medium,
    Paragraph,
    Piece,
    Text,
)
from harness.document.labels import MARKS, UNREVIEWED, format_probability, name_label, name_verifier
from harness.records import Results
from harness.report.answer import answer, draw_overview, list_incomplete_summaries, warn_of_missing_verdicts
from harness.report.article import Links, check_anchor, explain, make_anchor
from harness.report.report import Report, build_report
from harness.report.scores import list_cautions
from harness.report.tables import articles_table, leaderboard_table, metrics_table, systems_table
from harness.report.tally import Error, Tally
from harness.trust.estimates import TITLE, show_estimates

_LONGER = 2
"""The report warns if one system's summaries are this many times as long as another's."""
_PASSAGE = 240
"""Maximum number of characters in a quoted passage."""
_CELL_STYLE = """<style>
.harness caption { caption-side: bottom; text-align: left }
.harness th[scope^="row"], .harness .start { text-align: left }
.harness .interval { display: block; font-size: smaller }
</style>"""
"""Style of a notebook cell; it affects nothing outside the cell."""


def build_overview(results: Results) -> Document:
    """Build the start of the report, for a terminal: the answer and the two tables."""
    run_report = build_report(results)
    return _make_document(run_report, [*_systems(run_report), *_leaderboard(run_report)])


def as_fragment(results: Results) -> str:
    """Render the answer and the two tables as HTML for a notebook cell."""
    overview = build_overview(results)
    sentences = [*(Paragraph(each, "warning") for each in overview.banners), *map(Paragraph, overview.answer)]
    return f'<div class="harness">{_CELL_STYLE}{html.render_fragment((*sentences, *overview.blocks))}</div>'


def as_markdown(results: Results) -> str:
    """Render the report for a pull request: the most important parts first, because comments have a size limit."""
    run_report = build_report(results)
    blocks = _list_blocks(run_report, Links(), COMMENT, with_articles=len(run_report.shown) > 1)
    document = _make_document(run_report, [*blocks, *build_appendix(run_report)])
    return markdown.render(document, full="report.html")


def build_front(run_report: Report, links: Links) -> Document:
    """Build the front page without the articles, which the templates add."""
    medium = COMMENT if links.pages else PAGE
    return _make_document(run_report, _list_blocks(run_report, links, medium, with_articles=bool(links.pages)))


def build_appendix(run_report: Report) -> Iterator[Block]:
    """Yield the table of all metrics, and everything needed to repeat the run."""
    yield Heading("All metrics", anchor="metrics", short="Metrics")
    yield Folded("Every metric of every system", (metrics_table(run_report),))
    yield Heading("How it was made", anchor="provenance", short="Provenance")
    for heading, values in run_report.provenance:
        yield Folded(heading, (Listing(tuple(Item(f"{name}: {value}") for name, value in values.items())),))


def _make_document(run_report: Report, blocks: Iterable[Block]) -> Document:
    manifest, index = run_report.manifest, run_report.index
    banners = (warn_of_missing_verdicts(index), run_report.banner, *manifest.problems)
    return Document(
        manifest.name,
        run_report.subtitle,
        tuple(filter(None, banners)),
        (*answer(index), run_report.trust.short),
        blocks=tuple(blocks),
        plot=draw_overview(index),
    )


# The parts ------------------------------------------------------------------------------------------------------------


def _list_blocks(run_report: Report, links: Links, medium: Medium, *, with_articles: bool) -> Iterator[Block]:
    yield from _systems(run_report)
    if errors := list(list_errors(run_report, links, medium)):
        yield Heading("Errors and omissions", anchor="errors", short="Errors")
        yield from errors
    yield from _trust(run_report, links)
    yield from _leaderboard(run_report)
    if with_articles:
        yield Heading("Articles", anchor="articles")
        yield articles_table(run_report, links)


def _systems(run_report: Report) -> Iterator[Block]:
    if run_report.counts.verdicts:
        yield Heading("What each system keeps and gets wrong", anchor="systems", short="Systems")
        yield systems_table(run_report)


def _leaderboard(run_report: Report) -> Iterator[Block]:
    if run_report.board.metrics:
        yield Heading("Leaderboard", anchor="leaderboard")
        yield leaderboard_table(run_report)


def _trust(run_report: Report, links: Links) -> Iterator[Block]:
    """Yield the limits of the answer: few articles, missing or unequal summaries, the verifier's test results."""
    tested = [run_report.counts.tallies[each.name] for each in run_report.systems if each.role == "system"]
    lines = [
        *run_report.manifest.notices,
        *list_cautions(run_report.index),
        *list_incomplete_summaries(tested),
        *_compare_lengths(run_report),
        *run_report.trust.details,
    ]
    articles, shown = len(run_report.index.results.items), len(run_report.shown)
    if shown < articles and not links.judging_url:  # harness view has a page for each article
        lines.append(
            f"The numbers cover all {articles:,} articles; only the first {shown} are shown. "
            "The .jsonl files next to this report hold every summary, verdict and score."
        )
    estimates = show_estimates(run_report.index.results)
    if lines or estimates:
        yield Heading("How far to trust this", anchor="trust", short="Trust")
        yield Listing(tuple(map(Item, lines)))
        if estimates:
            yield Folded(TITLE, estimates)


def _compare_lengths(run_report: Report) -> Iterator[str]:
    means = ((run_report.board.mean(each.name, "words"), each.name) for each in run_report.systems)
    lengths = sorted((size, mean.cell.text, name) for mean, name in means if mean and (size := mean.estimate.mean))
    if lengths and lengths[-1][0] >= _LONGER * lengths[0][0]:
        (_, least, shortest), (_, most, longest) = lengths[0], lengths[-1]
        yield (
            f"Mean lengths range from {least} words ({shortest}) to {most} ({longest}); "
            "a longer summary has room for more facts."
        )


# Errors ---------------------------------------------------------------------------------------------------------------


def list_errors(run_report: Report, links: Links, medium: Medium) -> Iterator[Block]:
    """Yield a collapsed list for each system with errors: claims, then facts, worst first."""
    tallies = [run_report.counts.tallies[system.name] for system in run_report.systems]
    listed = [tally for tally in tallies if tally.errors]
    for tally in listed:
        items: list[Item] = []
        for kind, group in groupby(tally.errors, key=lambda error: error.kind):
            shown = [_describe_error(run_report, links, error) for error in islice(group, medium.errors)]
            rest = tally.error_counts[kind] - len(shown)
            items += [*map(Item, shown), *([Item(fmt.and_more(rest))] if rest else [])]
        summaries = f" ({fmt.plural(tally.summaries, 'summary')})" if tally.several else ""
        title = f"{tally.system.name}{summaries}: {_count_errors(tally, run_report.counts.noun)}"
        listing = Listing(tuple(items), anchor=make_anchor("errors", tally.system.name))
        yield Folded(title, (listing,), open=len(listed) == 1)


def _count_errors(tally: Tally, noun: str) -> str:
    """Count the errors: ``2 claims wrong; 1 claim not in the article; 1 fact contradicted; 3 essential facts lost``."""
    claims = [(tally.error_counts["grounding", label], "claim", mark.claim) for label, mark in MARKS.items()]
    where = " in at least one summary" if tally.several else ""
    facts = [
        (tally.error_counts["coverage", "contradicted"], "fact", f"contradicted{where}"),
        (tally.error_counts["coverage", "absent"], noun, f"lost{where}"),
    ]
    return "; ".join(f"{fmt.plural(number, what)} {how}" for number, what, how in (*claims, *facts) if number)


def _describe_error(run_report: Report, links: Links, error: Error) -> Text:
    check, fact = error.check, error.fact
    shown = len(links.pages or run_report.shown)
    times = f" in {error.times} of {error.samples} summaries" if error.samples > 1 else ""
    pieces = [
        Piece(f"{MARKS[error.label].word(check.use)}{times}:", error.label),
        Piece(" "),
        Piece(
            fact.statement if fact else f"“{check.hypothesis}”",
            href=links.article(error.article, check_anchor(check)) if error.article < shown else "",
        ),
    ]
    pieces += [Piece(f" ({UNREVIEWED})")] if fact and fact.unreviewed else []
    if own := run_report.index.own(check):
        if own.label != check.verdict.label and error.times == 1:
            why = f"{check.verdict.reason}; " if error.label == "uncertain" else ""
            pieces.append(Piece(f" ({why}{name_verifier(own)} alone: {name_label(own, check.use)})"))
    elif error.label == "uncertain":
        pieces.append(Piece(f" ({format_probability(check.verdict, check.use)})"))
    if error.label == "contradicted":
        pieces += [Piece(f" {sentence}", "emphasis") for sentence in _quote_evidence(run_report, error)]
    return tuple(pieces)


def _quote_evidence(run_report: Report, error: Error) -> Iterator[str]:
    """Quote the differences, and the passage of the premise that contradicts the hypothesis."""
    check, item = error.check, run_report.index.results.items[error.article]
    one, other = ("fact", "summary") if check.use == "coverage" else ("summary", "article")
    differences, passage = explain(check, run_report.index.premise(check, item), item.article.language)
    for each in differences:
        if each.found:
            yield f"The {one} says “{each.stated}”, the {other} “{each.found.text}”."
    if doubtful := [f"“{each.stated}”" for each in differences if not each.found]:
        yield f"The verifier doubts {fmt.join_words(doubtful)}."
    if passage and passage.text:
        documents = item.article.name_documents(passage) if check.use == "grounding" else ""
        yield f"The {documents or other}: “{fmt.cut_end(passage.text, _PASSAGE)}”"
