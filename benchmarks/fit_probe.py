"""Train the verifier ``probe`` on labelled data, and report how it does on groups that it was not trained on.

    python benchmarks/fit_probe.py [--data DIR] [--work DIR] [--seed N]

Writes ``harness/verifiers/_probe/heads.safetensors`` and ``regressions.json``, and ``benchmarks/probe.md`` (the
numbers). Data, folds and protocol are those of ``fit_entailment.py``, whose networks it takes from ``--work`` or trains
first; the language model's states, which take half an hour on two cores and 2 GB, are kept there too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from data_option import parser
from entailment_accusations import Says
from entailment_blend import Question, blend, findings, told
from fit_entailment import ROOT, Fitted, Work, after_words, by_itself, every_question, fitted, numbers, of_edits, split
from labelled import FOLDS, Data
from probe_data import about_articles, about_summaries, versions, versions_origin
from probe_report import about, as_json, table
from probe_states import Known, kept
from probe_training import Example, train

from harness.files import write_text
from harness.verifiers._entailment.passages import is_long
from harness.verifiers._opinion import Opinion, most_likely
from harness.verifiers._probe.head import Heads
from harness.verifiers._probe.states import StateReader
from harness.verifiers.cascade import Cascade
from harness.verifiers.probe import HEADS, REGRESSIONS

VERSIONS = "versions.jsonl"
TABLE = ROOT / "benchmarks" / "probe.md"
PASSES_OF_ARTICLES, PASSES_OF_SUMMARIES = 12, 2
"""How often the training statements are seen: of articles there are 5,000, of summaries 28,000."""


@dataclass(frozen=True)
class Statements:
    """All statements, as the language model read them."""

    articles: Mapping[str, Sequence[Example]]
    """Group → statements about its article."""
    summaries: Mapping[str, Sequence[Example]]
    asked: Known
    """What the verifier is asked, of both kinds."""

    @classmethod
    def read(cls, work: Work) -> Statements:
        reader, data, folder = StateReader(), work.data, work.kept / "states"
        made = versions(data, work.folder, work.kept / VERSIONS, work.seed)
        sets = (
            ((row.premise, row.hypothesis) for row in data.rows if row.corpus == "coverage"),
            [*of_edits(data.edits), *((row.premise, row.hypothesis) for row in data.rows if row.corpus != "coverage")],
            ((each.article, each.text) for each in made),
            ((each.premise, text) for each in data.choices for text in (each.true, each.false)),
        )
        states: dict[Question, npt.NDArray[np.float16]] = {}
        for each in sets:
            states |= kept([place for place in each if place not in states], folder, reader)
        return cls(about_articles(data, made, states, reader), about_summaries(data, states), states)

    def heads(self, work: Work, fold: int) -> Heads:
        """Those trained on the groups that the fold's network was trained on, kept in the folder of ``work``."""
        file = work.kept / f"heads-{fold}.safetensors"
        if not file.is_file():
            groups = split(work.data, fold, work.seed).train
            summary, article = (
                [each for group in sorted(groups & set(found)) for each in found[group]]
                for found in (self.summaries, self.articles)
            )
            trained = train(summary, PASSES_OF_SUMMARIES, work.seed), train(article, PASSES_OF_ARTICLES, work.seed)
            Heads(*trained).save(file.with_suffix(".part"))
            file.with_suffix(".part").rename(file)
        return Heads.load(file)

    def logits(self, heads: Heads) -> dict[Question, float]:
        found = ((place, heads.of(is_long(place[0])), states) for place, states in self.asked.items())
        return {place: head.logit(head.tokens(states)) for place, head, states in found}


def probed(work: Work, fold: int, without: Fitted, statements: Statements) -> tuple[Fitted, Heads]:
    """Probes trained on the groups that the fold's network was trained on, regressions on those held back."""
    groups = split(work.data, fold, work.seed)
    heads = statements.heads(work, fold)
    known = replace(without.known, probe=statements.logits(heads))
    rows = [row for row in work.data.rows if row.group in groups.blend]
    choices = [choice for choice in work.data.choices if choice.group in groups.blend]
    return Fitted(blend(told(rows), choices, known), known), heads


def before(first: Says, then: Says, *, articles_alone: bool) -> Says:
    """The cascade's second and third step: what the first is sure of is not asked of the other."""
    settle = Cascade.model_fields["settle"].default

    def says(group: str, premise: str, statement: str) -> Opinion:
        found = first(group, premise, statement)
        if articles_alone and not is_long(premise):
            return found
        sure = getattr(found.probabilities, most_likely(found.probabilities)) >= settle
        return found if sure else then(group, premise, statement)

    return cache(says)


def main() -> None:
    command = parser(__doc__)
    command.add_argument("--work", type=Path, default=ROOT / "benchmarks" / ".work" / "entailment")
    command.add_argument("--seed", type=int, default=0)
    options = command.parse_args()
    torch.set_num_threads(2)
    work = Work(Data.read(options.data, options.seed), options.data, options.work, options.seed)
    statements, found = Statements.read(work), findings(every_question(work))
    without = {fold: fitted(work, fold, found) for fold in range(FOLDS + 1)}
    made = {fold: probed(work, fold, each, statements) for fold, each in without.items()}
    says = by_itself(work, {fold: each for fold, (each, _) in made.items()})
    alone = by_itself(work, without)
    reports = {
        "without": numbers(work, after_words(work, alone)),
        "articles": numbers(work, after_words(work, before(alone, says, articles_alone=True))),
        "all": numbers(work, after_words(work, before(alone, says, articles_alone=False))),
        "alone": numbers(work, says),
    }
    shipped, heads = made[FOLDS]
    heads.save(HEADS)
    card = about(work, versions_origin(work.kept / VERSIONS), reports)
    write_text(REGRESSIONS, as_json(replace(shipped.blend, card=card)))
    write_text(TABLE, table(reports, options.seed))


if __name__ == "__main__":
    main()
