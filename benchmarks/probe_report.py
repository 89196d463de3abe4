"""What ``probe`` says of groups that nothing of it was fitted on, against what people said: table, card and file."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path

from entailment_accusations import SHARES, Decided
from entailment_report import PROTOCOL, TARGETS, Numbers, shown, sources, target, with_interval
from fit_entailment import Work
from labelled import FOLDS, Card, card

from harness.data import articles
from harness.records import Pair
from harness.verifiers._entailment.blend import Blend
from harness.verifiers.cascade import Cascade
from harness.verifiers.probe import Probe

WITHOUT, ARTICLES, ALL, ALONE = "without", "articles", "all", "alone"
"""The cascade of ``lexical`` and ``entailment``; with ``probe`` asked about articles; about summaries as well; and the
verifier ``probe`` by itself."""
CAUTION = "It reads with SmolLM2 and believes what SmolLM2 would write: of summaries by SmolLM2 it is no judge."
LABELS = Path(__file__).parent.parent / "references"


def about(work: Work, versions: Mapping[str, object], reports: Mapping[str, Numbers]) -> Card:
    return card(
        "fit_probe.py", work.seed, sources(work.data, work.folder), reports[ALONE].figures(),
        invented=[work.origin(), versions],
        over="smollm2-135m-instruct (Apache-2.0), frozen; and all that the verifier entailment is made over",
        licence="Apache-2.0",
        limits="English news. REALSumm does not tell contradicted from absent. Numbers: benchmarks/probe.md",
        protocol=PROTOCOL,
        articles=reports[ARTICLES].figures(),
        all=reports[ALL].figures(),
        caution=CAUTION,
    )  # fmt: skip  # one call


def as_json(made: Blend) -> str:
    """As ``Blend.weighed_by`` reads it."""
    parts = {
        "card": made.card,
        "supported": asdict(made.supported),
        "contradicted": asdict(made.contradicted),
        "grounded": asdict(made.grounded),
        "rival": asdict(made.rival),
    }
    return json.dumps(parts, ensure_ascii=False) + "\n"


def table(reports: Mapping[str, Numbers], seed: int) -> str:
    found = {name: report.measured.all() for name, report in reports.items()}
    rows = [
        f"| {title} | {shown(found[WITHOUT][name].value)} | {with_interval(found[ARTICLES][name])} "
        f"| {with_interval(found[ALL][name])} | {target(name)} |"
        for name, (title, _) in TARGETS.items()
    ]
    shares = [
        "| {} | {} |".format(title, " | ".join(f"{each.shares[name]:.3f}" for each in _decided(reports)))
        for name, title in SHARES.items()
    ]
    macro = " | ".join(f"{each.macro_f1:.3f}" for each in _decided(reports))
    before = {pairs.kind: pairs for pairs in reports[WITHOUT].measured.pairs.kinds}
    kinds = [
        f"| {pairs.kind} | {pairs.pairs} | {shown(before[pairs.kind].consistency.value)} "
        f"| {with_interval(pairs.consistency)} | {with_interval(pairs.auc)} |"
        for pairs in reports[ARTICLES].measured.pairs.kinds
    ]
    return TEMPLATE.format(
        date=date.today().isoformat(), seed=seed, machine=platform.machine(), folds=FOLDS, rows="\n".join(rows),
        shares="\n".join(shares), macro=macro, kinds="\n".join(kinds), own=_own(),
    )  # fmt: skip  # one call


def _own() -> str:
    """Of the claims that somebody labelled about the project's own article, how many pass as supported."""
    (item,) = articles.load(LABELS)
    with (LABELS / item.article.id / "labels.jsonl").open(encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if row["use"] == "grounding" and row["label"] != "uncertain"]
    pairs = [Pair(item.article.text, row["hypothesis"], date=item.article.date) for row in rows]
    default = Cascade()
    deeper = Cascade(steps=(*default.steps, Probe()))
    passed = [[verdict.label == "supported" for verdict in each.verify(pairs)] for each in (default, deeper)]
    found = []
    for title, told in (
        ("that the article supports, most by people", True),
        ("that it does not, all by SmolLM2", False),
    ):
        chosen = [at for at, row in enumerate(rows) if (row["label"] == "supported") == told]
        counts = " | ".join(str(sum(each[at] for at in chosen)) for each in passed)
        found.append(f"| {title} | {len(chosen)} | {counts} |")
    return "\n".join(found)


def _decided(reports: Mapping[str, Numbers]) -> list[Decided]:
    return [reports[WITHOUT].decided, reports[ARTICLES].decided, reports[ARTICLES].new, reports[ALL].decided]


TEMPLATE = """# The verifier `probe`, against human labels

Made by `python benchmarks/fit_probe.py` on {date}, seed {seed}, on 2 CPU cores ({machine}), no GPU.
Everything is out of fold, {folds} folds over the source articles, by the protocol of [entailment.md](entailment.md):
probes, network and trees are trained on most groups of four folds, the regressions on the rest of them, and the fifth
is scored. In brackets the 95% interval over articles. The last column of numbers is one configuration,
[configs/verifier-probe.yaml](../configs/verifier-probe.yaml).

| | lexical, entailment: the default | and probe on articles | and probe on all premises | target |
|---|---|---|---|---|
{rows}

As decided, with the bars of entailment.md:

| share of sentences and facts | default | probe on articles | the same, folds 3 and 4 | probe on all |
|---|---|---|---|---|
{shares}
| three-way macro-F1, an uncertain verdict being wrong | {macro} |

| BUMP, by kind of error | pairs | consistency of the default | consistency with probe | AUC with probe |
|---|---|---|---|---|
{kinds}

**It is not the default, since it believes what SmolLM2 would write.** Of the claims about the article that comes with
the project, which somebody labelled and nothing was fitted on, there pass as supported:

| claims | labelled | by the default | with probe |
|---|---|---|---|
{own}

It doubts names that are new to the model, and takes a vague sentence of its own make for a sound one. So it is for
summaries by other models, or for ranking versions of one text.

What it is: the states of SmolLM2-135M-Instruct after blocks 15 and 21, at each token of the statement, which it reads
after the premise; a perceptron of 32 hidden units for articles and one for summaries, trained on people's labels and,
for articles, on false versions of references, of which the changed tokens are known. The choices were made on folds 0
to 2, by consistency and AUC of the scores before any regression: .86 and .66 with both layers and a hidden layer; .84
and .60 without made versions; .86 and .64 with more weight on them; .85 to .88 and .62 to .63 with one layer; .88 and
.65 by two probes together; the likelihood of each token beside its states gained nothing and is a third slower. The
mean likelihood of a statement has .885 and .56: it ranks better yet, and thresholds worse.

Speed, by `harness verify` over 533 facts of 50 summaries, loading included: 15 verdicts a second with probe on all
premises (the target for what reads likelihoods is 10), 69 without; 1.06 GB.

What the targets that are missed would take: for .93 and .72 a larger model to probe (of the published ones none has
both); for .87 and .62 on REALSumm entailment learned from more than 199 articles. Labels of what language models write
would mend what this model prefers.
"""
