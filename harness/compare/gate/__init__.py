"""Check a run against a baseline, and report which rule is broken, by which system, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from xml.etree import ElementTree as Xml

from harness.compare.gate.checks import (
    BASELINE,
    RUN,
    RuleOutcome,
    RunPair,
    Verdict,
    check_contradictions,
    check_essential_facts,
    check_margin,
    check_missing_values,
    find_margins,
)
from harness.compare.gate.rules import LoadedRules, Margin
from harness.compare.report.document import list_causes
from harness.compare.run_differences import (
    RunDifferences,
    compare_manifests,
    list_changed_labels,
    require_same_measures,
)
from harness.compare.stored import StoredRun, find_shared_articles, use_same_judges
from harness.compare.table import merge_sides
from harness.data.validation import suggest_name
from harness.document import format as fmt
from harness.document.blocks import Block, Document, Folded, Item, Listing, Piece, Table, Tone, sentences
from harness.errors import UsageError
from harness.stats import caution
from harness.stats.resampling import Resampler

_SYMBOLS: dict[Verdict, str] = {"held": "✓", "broken": "✗", "undecided": "?", "not checked": "–"}
_NAMES = 8  # maximum number of systems to name; if there are more, only their number is shown
_CAUSES = 30  # maximum number of other changes to list


@dataclass(frozen=True, slots=True)
class GateResult:
    run: str
    baseline: str
    rules: str
    articles: int
    outcomes: tuple[RuleOutcome, ...]
    """Sorted by rule, then by system."""
    strict: bool
    """True if undecided rules fail the gate."""
    differences: RunDifferences
    cautions: tuple[str, ...]
    """Warnings about too few articles or changed labels, and a sentence that says whose verdicts count."""

    @property
    def failures(self) -> tuple[RuleOutcome, ...]:
        """The broken rules, then the undecided ones if ``strict``."""
        return self.of("broken") + (self.of("undecided") if self.strict else ())

    @property
    def passed(self) -> bool:
        return not self.failures

    def of(self, verdict: str) -> tuple[RuleOutcome, ...]:
        return tuple(outcome for outcome in self.outcomes if outcome.verdict == verdict)


def gate(run: StoredRun, baseline: StoredRun, loaded: LoadedRules, allow_different: bool = False) -> GateResult:
    """Check every rule for every system.

    Raises UsageError or DataError if the two runs were measured differently, share no article or lack a system of
    ``only``, and ConfigError if a rule names an unknown metric.
    """
    (baseline, run), people = use_same_judges((baseline, run))
    differences = compare_manifests(baseline, run)
    articles = find_shared_articles([baseline, run])
    if not allow_different:
        # ignore scorers that only one run has: they change no shared metric, and a rule that needs one reports it
        both = {*baseline.manifest.scorers} & {*run.manifest.scorers}
        shared = tuple(each for each in differences.measures if each.kind != "scorers" or each.name.split()[0] in both)
        require_same_measures((baseline, run), [replace(differences, measures=shared)])
    pair = RunPair(run, baseline, articles, Resampler(0))
    margins = find_margins(pair, loaded)
    few = caution.warn_about_comparison(len(articles)) or caution.warn_about_one_system(len(articles))
    return GateResult(
        run=run.name,
        baseline=baseline.name,
        rules=loaded.source,
        articles=len(articles),
        outcomes=tuple(_check(pair, loaded, margins)),
        strict=loaded.rules.undecided == "fail",
        differences=differences,
        cautions=tuple(filter(None, (few, people, *list_changed_labels((run, baseline))))),
    )


def _check(pair: RunPair, loaded: LoadedRules, margins: Sequence[Margin]) -> Iterator[RuleOutcome]:
    rules = loaded.rules
    baseline = [system.name for system in pair.baseline.manifest.systems]
    for name in rules.only:
        if name not in baseline:
            raise UsageError(f"the baseline has no system {name!r}; {suggest_name(name, baseline)}")
    wanted = [name for name in baseline if name in rules.only] if rules.only else baseline
    present = {system.name for system in pair.run.manifest.systems}
    systems = [name for name in wanted if name in present]
    for name in (name for name in wanted if name not in present):
        yield RuleOutcome(
            "systems", name, "broken", "the run lacks this system; to leave it out, name the others with --only"
        )
    counts: tuple[tuple[int | None, Callable[[RunPair, str, int], RuleOutcome]], ...] = (
        (rules.essential_facts_lost, check_essential_facts),
        (rules.contradictions_added, check_contradictions),
        (rules.missing_values_added, check_missing_values),
    )
    for allowed, check in counts:
        if allowed is not None:
            yield from (check(pair, system, allowed) for system in systems)
    metrics = [pair.metrics[name] for name in dict.fromkeys(margin.metric for margin in margins)]
    tables = {RUN: pair.run.tabulate(metrics, pair.articles), BASELINE: pair.baseline.tabulate(metrics, pair.articles)}
    by_system = {name: merge_sides(tables, {side: [(side, name)] for side in tables}) for name in systems}
    for margin in margins:
        yield from (check_margin(pair, margin, by_system[system], system) for system in systems)


# The report -----------------------------------------------------------------------------------------------------------


def document(result: GateResult, every_check: bool) -> Document:
    """Show why the gate closed, and what else changed; with ``every_check`` a row per check, else a line per rule."""
    differences = result.differences
    articles = fmt.plural(result.articles, "article")
    checks = [outcome for outcome in result.outcomes if outcome.verdict != "not checked"]
    counts = [f"{len(found)} {verdict}" for verdict in ("broken", "undecided") if (found := result.of(verdict))]
    counted = ", ".join([fmt.plural(len(checks), "check"), *counts])
    failing = fmt.plural(len({each.system for each in result.failures}), "system")
    return Document(
        f"Gate passed: {counted}" if result.passed else f"Gate closed: {counted}, in {failing}",
        f"{result.run} against {result.baseline} · {articles} · {result.rules}",
        banners=tuple(f"measured differently: {differences.describe(each)}" for each in differences.measures),
        blocks=tuple(_blocks(result, every_check)),
        tone="good" if result.passed else "bad",
    )


def _blocks(result: GateResult, every_check: bool) -> Iterator[Block]:
    reasons = [*_reasons(result.failures, "bad")]
    if not result.strict:
        reasons += _reasons(result.of("undecided"), "warning")
    if reasons:
        yield Listing(tuple(reasons))
    yield from sentences(result.cautions, "quiet")
    if every_check:
        rows = [(_SYMBOLS[each.verdict], each.system, each.rule, each.verdict, each.reason) for each in result.outcomes]
        table = Table.of(("", "system", "rule", "verdict", "reason"), rows, left=frozenset(range(5)))
        yield Folded("All checks", (table,))
    else:
        held: dict[str, list[str]] = {}
        for outcome in result.of("held"):
            held.setdefault(outcome.rule, []).append(outcome.system)
        lines = []
        for rule, names in held.items():
            systems = fmt.join_words(names) if len(names) <= _NAMES else fmt.plural(len(names), "system")
            lines.append(Item(f"{_SYMBOLS['held']} held: {rule}: {systems}", tone="quiet"))
        yield Listing((*lines, *_reasons(result.of("not checked"), "quiet")))
    if result.differences.causes and (every_check or result.failures):
        yield Folded("What else changed", tuple(list_causes(result.differences, _CAUSES)))


def _reasons(outcomes: Sequence[RuleOutcome], tone: Tone) -> Iterator[Item]:
    for outcome in outcomes:
        sign = f"{_SYMBOLS[outcome.verdict]} " + ("not checked: " if outcome.verdict == "not checked" else "")
        text = Piece(_write_reason(outcome), "" if tone == "quiet" else "strong")
        yield Item((Piece(sign), text), outcome.details, tone)


def _write_reason(outcome: RuleOutcome) -> str:
    word = "undecided: " if outcome.verdict == "undecided" else ""
    return f"{outcome.system}, {outcome.rule}: {word}{outcome.reason}"


# JUnit ----------------------------------------------------------------------------------------------------------------


def junit(result: GateResult) -> str:
    """Write JUnit XML for CI systems: a suite per rule, a case per system."""
    failures = frozenset(result.failures)
    root = Xml.Element("testsuites", _counts(result.outcomes, failures) | {"name": "harness gate"})
    for rule in dict.fromkeys(outcome.rule for outcome in result.outcomes):
        outcomes = tuple(outcome for outcome in result.outcomes if outcome.rule == rule)
        suite = Xml.SubElement(root, "testsuite", _counts(outcomes, failures) | {"name": _clean(rule)})
        for outcome in outcomes:
            case = Xml.SubElement(suite, "testcase", {"classname": _clean(outcome.system), "name": _clean(rule)})
            if outcome in failures:
                message = {"type": outcome.verdict, "message": _clean(_write_reason(outcome))}
                failure = Xml.SubElement(case, "failure", message)
                failure.text = "\n".join(map(_clean, (outcome.reason, *outcome.details)))
            elif outcome.verdict in ("not checked", "undecided"):
                Xml.SubElement(case, "skipped", {"message": _clean(outcome.reason)})
    Xml.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{Xml.tostring(root, encoding="unicode")}\n'


def _counts(outcomes: tuple[RuleOutcome, ...], failures: frozenset[RuleOutcome]) -> dict[str, str]:
    failed = sum(outcome in failures for outcome in outcomes)
    skipped = sum(each.verdict in ("not checked", "undecided") for each in outcomes if each not in failures)
    return {"tests": str(len(outcomes)), "failures": str(failed), "skipped": str(skipped), "errors": "0"}


def _clean(text: str) -> str:
    """Write out the characters that XML cannot hold even if escaped: control characters, U+FFFE and U+FFFF."""
    return fmt.visible(text).replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")
