"""Fit the verifier ``slots`` on labelled data, and report what each of its checks brings.

    python benchmarks/fit_slots.py [--data DIR] [--seed N]

Writes ``harness/checker_en/slots/weights.json`` (weights, with a card of how they were made) and
``benchmarks/slots.md`` (the numbers). The data are REALSumm (CC BY 4.0) and BUMP (MIT), in the folder that
``--data`` or the environment variable ``HARNESS_LABELLED_DATA`` names.

Protocol, as in ``fit_lexical.py``: the groups (source articles) are dealt into five folds; regressions and thresholds
are fitted on four and scored on the fifth; the shipped weights are fitted on all groups. The checks themselves were
developed with an eye on one half of the groups: what they catch and their false alarms are counted on the other half.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
from sklearn.metrics import balanced_accuracy_score, roc_auc_score

from benchmarks.data_option import parser
from benchmarks.fit_lexical import (
    ROOT,
    Scored,
    best_cut,
    calibration_error,
    macro_f1,
    missed,
    summary_level,
    supported,
    system_level,
)
from benchmarks.fitting import halved, regression
from benchmarks.labelled import FOLDS, Data, Edit, Row, card, records, source
from harness.checker_en.slots.findings import TYPES, Findings
from harness.files import write_text
from harness.records import Pair
from harness.suggest.edits import Kind, edits
from harness.text import sentences
from harness.verifiers._regressions import Regressions
from harness.verifiers.decide import most_likely
from harness.verifiers.slots import WEIGHTS, findings

TABLE = ROOT / "benchmarks" / "slots.md"
BATCH = 256
RAREST = 50
"""A feature that fewer rows have gets no weight of its own, as what is learned from a few is chance: three supported
facts with an exchange of roles taught that an exchange speaks for support. ``conflict`` has them all together."""
MADE: tuple[Kind, ...] = ("paraphrase", "swap")
Found = Mapping[tuple[str, str], Findings]
"""Premise and statement → what the checks find."""


def examined(data: Data) -> tuple[Found, float]:
    """Of every row and every sentence of every summary; and rows of REALSumm in a second of processor time."""
    facts = [(row.premise, row.hypothesis) for row in data.rows if row.corpus == "coverage"]
    started = time.process_time()
    found = _found(facts)
    speed = len(facts) / (time.process_time() - started)
    rest = [(row.premise, row.hypothesis) for row in data.rows]
    rest += [
        (edit.article, span.text)
        for edit in data.edits
        for summary in (edit.faithful, edit.edited)
        for span in sentences(summary)
    ]
    return found | _found([each for each in dict.fromkeys(rest) if each not in found]), speed


def _found(asked: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Findings]:
    batches = [asked[start : start + BATCH] for start in range(0, len(asked), BATCH)]
    return {
        each: one
        for batch in batches
        for each, one in zip(batch, findings([Pair(*each) for each in batch]), strict=True)
    }


def fit(rows: Sequence[Row], found: Found) -> Regressions:
    """The two regressions; every row weighs the same in the first, every corpus kind in the second."""
    features = [found[row.premise, row.hypothesis].features() for row in rows]
    names = [name for name in features[0] if _rows_with([row[name] for row in features]) >= RAREST]
    labels = [row.label for row in rows]
    rest = [at for at, label in enumerate(labels) if label != "supported"]
    return Regressions(
        regression(names, features, [label == "supported" for label in labels]),
        regression(
            names,
            [features[at] for at in rest],
            [labels[at] == "contradicted" for at in rest],
            weights=halved([rows[at].corpus == "coverage" for at in rest]),
        ),
    )


def _rows_with(values: Sequence[float]) -> int:
    """How many rows have a feature: those whose value is not the commonest."""
    return len(values) - max(Counter(values).values())


def out_of_fold(data: Data, found: Found) -> tuple[list[Scored], list[tuple[Edit, float, float]]]:
    """Every row, and every edit with the scores of its two summaries, by a fit that had not seen its group."""
    scored: list[Scored] = []
    ranked: list[tuple[Edit, float, float]] = []
    for fold in range(FOLDS):
        known, unseen = data.without(fold), data.only(fold)
        weights = fit(known.rows, found)

        def score(row: Row, weights: Regressions = weights, cut: float = 0.0) -> Scored:
            one = found[row.premise, row.hypothesis]
            return Scored(row, weights.probabilities(one.features()), one.coverage, cut, 0.0)

        facts = [score(row) for row in known.rows if row.corpus == "coverage"]
        cut = best_cut([bool(each) for each in supported(facts)], [each.found.supported for each in facts])
        scored += [score(row, cut=cut) for row in unseen.rows]
        ranked += [
            (edit, mean(weights, found, edit, edit.faithful), mean(weights, found, edit, edit.edited))
            for edit in unseen.edits
        ]
    return scored, ranked


def mean(weights: Regressions, found: Found, edit: Edit, summary: str) -> float:
    """P(supported) by the article, over the sentences of a summary."""
    spans = sentences(summary)
    return float(
        np.mean([weights.probabilities(found[edit.article, span.text].features()).supported for span in spans])
    )


def numbers(scored: Sequence[Scored], ranked: Sequence[tuple[Edit, float, float]]) -> dict[str, float]:
    facts = [each for each in scored if each.row.corpus == "coverage"]
    three = [each for each in scored if each.row.corpus == "threeway"]
    article = [each for each in scored if each.row.corpus == "grounding"]
    truth, ours = supported(facts), np.array([each.found.supported for each in facts])
    faithful = [each for each in article if each.row.label == "supported"]
    pooled = [faithful for _, faithful, _ in ranked] + [edited for _, _, edited in ranked]
    return {
        "fact_auc": float(roc_auc_score(truth, ours)),
        "balanced_accuracy": float(balanced_accuracy_score(truth, ours >= np.array([each.cut for each in facts]))),
        "calibration_error": calibration_error(truth, ours),
        "summary_pearson": summary_level(facts, truth, ours),
        "system_pearson": system_level(facts, truth, ours),
        "called_contradicted": float(np.mean([most_likely(each.found) == "contradicted" for each in facts])),
        "threeway_macro_f1": macro_f1(three),
        "threeway_missed": missed(three),
        "grounding_macro_f1": macro_f1(article),
        "grounding_missed": missed(article),
        "grounding_false_alarm": float(np.mean([most_likely(each.found) == "contradicted" for each in faithful])),
        "consistency": float(np.mean([faithful > edited for _, faithful, edited in ranked])),
        "consistency_auc": float(roc_auc_score([True] * len(ranked) + [False] * len(ranked), pooled)),
    }


# What each check brings ---------------------------------------------------------------------------------------------


def held_out(group: str) -> bool:
    """Whether the checks were developed without an eye on a group."""
    return int(hashlib.md5(group.partition(":")[2].encode(), usedforsecurity=False).hexdigest(), 16) % 2 == 1


def checks(data: Data, found: Found) -> str:
    """A table: for each type of conflict, its false alarms and what it catches, in the held-out half."""

    def share(wanted: Callable[[Row], bool]) -> tuple[int, Counter[str]]:
        rows = [row for row in data.rows if held_out(row.group) and wanted(row)]
        return len(rows), _conflicts(found[row.premise, row.hypothesis] for row in rows)

    columns = [
        share(lambda row: row.corpus == "coverage" and row.label == "supported"),
        share(lambda row: row.corpus == "grounding" and row.label == "supported"),
        share(lambda row: row.corpus == "grounding" and row.label == "contradicted"),
        share(lambda row: row.corpus == "threeway" and row.label == "supported"),
        share(lambda row: row.corpus == "threeway" and row.label == "contradicted"),
    ]
    return _by_conflict(columns)


def made(data: Data, seed: int) -> str:
    """The same table for errors of which BUMP has few: they are written in by rule, and held against the summary."""
    rng = np.random.default_rng(seed)
    written = {
        (edit.faithful, span.text): edit
        for edit in data.edits
        if held_out(edit.group)
        for span in sentences(edit.faithful)
    }
    hypotheses: dict[str, list[Pair]] = {kind: [] for kind in ("unedited", *MADE)}
    for (premise, sentence), edit in written.items():
        hypotheses["unedited"].append(Pair(premise, sentence))
        for each in edits(sentence, rng, MADE, context=edit.article):
            hypotheses[each.kind].append(Pair(premise, each.text))
    return _by_conflict([(len(pairs), _conflicts(findings(pairs))) for pairs in hypotheses.values()])


def _conflicts(examined: Iterable[Findings]) -> Counter[str]:
    """In how many pairs there is a conflict of each type, and one of any."""
    count: Counter[str] = Counter()
    for each in examined:
        conflicts = each.of("conflict")
        count.update({slot.type for slot in conflicts} | ({"any"} if conflicts else set()))
    return count


def _by_conflict(columns: Sequence[tuple[int, Counter[str]]]) -> str:
    """A line a type of conflict, with how many of the rows of each column have it."""
    lines = [f"| rows | {' | '.join(f'{rows:,}' for rows, _ in columns)} |"]
    for kind in (*TYPES, "any"):
        if any(count[kind] for _, count in columns):
            cells = (f"{count[kind]} ({count[kind] / rows:.1%})" if count[kind] else "0" for rows, count in columns)
            lines.append(f"| {kind} | {' | '.join(cells)} |")
    return "\n".join(lines)


def by_kind(ranked: Sequence[tuple[Edit, float, float]], kinds: Mapping[tuple[str, str], str]) -> str:
    """Consistency by kind of error."""
    right: dict[str, list[bool]] = {}
    for edit, faithful, edited in ranked:
        right.setdefault(kinds[edit.article, edit.edited], []).append(faithful > edited)
    return "\n".join(f"| {kind} | {len(each)} | {np.mean(each):.3f} |" for kind, each in sorted(right.items()))


TEMPLATE = """# The verifier `slots`, against human labels

Made by `python benchmarks/fit_slots.py` on {date}, seed {seed}, on {cores} CPU cores ({machine}), no GPU.
The numbers of the first three tables are out of fold: five folds over the source articles, with regressions and
thresholds fitted on the other four. The checks were developed with an eye on one half of the groups.

| REALSumm: is the fact in the summary? (26,400 facts, 100 articles × 25 systems) | slots |
|---|---|
| fact AUC | {fact_auc:.3f} |
| balanced accuracy, threshold fitted on other groups | {balanced_accuracy:.3f} |
| expected calibration error, 10 bins of equal width | {calibration_error:.3f} |
| summary-level Pearson | {summary_pearson:.3f} |
| system-level Pearson | {system_pearson:.3f} |
| facts called contradicted (the labels do not tell them from absent) | {called_contradicted:.3f} |

| BUMP: one error written into a summary (693 pairs, 99 articles) | slots |
|---|---|
| consistency: faithful above edited, the article as premise, ties fail | {consistency:.3f} |
| AUC, all summaries pooled | {consistency_auc:.3f} |
| three-way macro-F1, a summary as premise, no contrasts | {threeway_macro_f1:.3f} |
| three-way macro-F1, an article as premise, no contrasts | {grounding_macro_f1:.3f} |
| edited sentences called supported, by summary and by article | {threeway_missed:.3f}, {grounding_missed:.3f} |
| faithful sentences called contradicted by their article | {grounding_false_alarm:.3f} |

| kind of error | pairs | consistency |
|---|---|---|
{kinds}

What each check brings, by itself and without the regressions: statements in which it finds a conflict, in the half
of the groups that the checks were developed without. Under supported, faithful and verbatim a conflict is a false
alarm, under edited a catch.

| conflict | REALSumm supported | article, faithful | article, edited | summary, verbatim | summary, edited |
|---|---|---|---|---|---|
{checks}

BUMP has few errors in which two change places: subject and object, or two speakers. Here they are written in by rule
(`harness.suggest.edits`), with harmless paraphrases beside them: sentences of faithful summaries in the same half of
the groups, each against its summary. Under unedited and paraphrase a conflict is a false alarm.

| conflict | unedited | paraphrase | actors | attribution |
|---|---|---|---|---|
{made}

Speed: {speed:,.0f} verdicts in a second of processor time on REALSumm, from cold, parsing included.

What it is for: telling which number, date, name, quotation or negation differs, with the passage. What it cannot do:
see that another predicate means another thing, unless the two are listed as opposites; that is what entailment is for.
"""


PROTOCOL = (
    "Groups are source articles, dealt into folds. Regressions and thresholds are fitted on four folds and scored on "
    "the fifth; the shipped weights are fitted on all. The checks were developed with an eye on one half of the "
    "groups, so out_of_fold is a little kind."
)


def main() -> None:
    command = parser(__doc__)
    command.add_argument("--seed", type=int, default=0)
    options = command.parse_args()
    folder = Path(options.data)
    data = Data.read(folder, options.seed)
    found, speed = examined(data)
    scored, ranked = out_of_fold(data, found)
    measured = numbers(scored, ranked)
    about = card("fit_slots.py", options.seed, [
        source(folder, file, used_as, [row.group for row in data.rows if row.corpus == used_as])
        for file, used_as in (
            ("realsumm_coverage.jsonl", "coverage"),
            ("bump_threeway.jsonl", "threeway"),
            ("bump_pairs.jsonl", "grounding"),
        )
    ], measured, protocol=PROTOCOL)  # fmt: skip  # one call
    weights = {"card": about, **asdict(fit(data.rows, found))}
    write_text(WEIGHTS, json.dumps(weights, ensure_ascii=False, indent=1) + "\n")
    kinds = {
        (record["premise"], record["contradicted"]): record["kind"] for record in records(folder, "bump_pairs.jsonl")
    }
    table = TEMPLATE.format(
        date=about["date"],
        seed=options.seed,
        cores=os.cpu_count(),
        machine=platform.machine(),
        kinds=by_kind(ranked, kinds),
        checks=checks(data, found),
        made=made(data, options.seed),
        speed=speed,
        **measured,
    )
    write_text(TABLE, table)
    sys.stdout.write(table)


if __name__ == "__main__":
    main()
