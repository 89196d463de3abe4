"""Fact recall as a module of the evaluate library: the share of given facts that a summary supports."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

import datasets
import evaluate

from harness.errors import DataError
from harness.metrics.judging import results
from harness.records import Article, Fact, Importance, Item
from harness.scorers import fact_recall

_DESCRIPTION = """\
The share of a list of facts that a summary supports, each weighing as much as it matters (the pyramid score of
Nenkova and Passonneau 2004), as harness computes it: a verifier says of each fact whether the summary supports it.
"""
_INPUTS = """\
predictions: summaries, a list of texts.
references: for each summary the facts that it should tell, a list of statements.
importance: for each summary the importance of each fact: essential, supporting or detail; all supporting by default.
verifier: the kind of the harness verifier that judges; lexical by default, which needs no model.
language: of the texts, as a code.

Gives fact_recall (the mean over the summaries that have a value, None where none has), n and missing (how many have
and lack one), values and reasons (one each), and the signature of the numbers, the verifier's included.

>>> recall = evaluate.load(harness.metrics.FACT_RECALL)
>>> recall.compute(predictions=["The deal was signed."], references=[["The deal was signed.", "Rain fell."]])
"""
_CITATION = """\
@inproceedings{nenkova-passonneau-2004-evaluating,
    title = "Evaluating Content Selection in Summarization: The Pyramid Method",
    author = "Nenkova, Ani and Passonneau, Rebecca",
    booktitle = "HLT-NAACL 2004", year = "2004"}
"""
_LEVELS: tuple[Importance, ...] = get_args(Importance)


class FactRecall(evaluate.Metric):  # type: ignore[misc]  # evaluate ships no types
    """See the description and the inputs, which evaluate shows its users."""

    def _info(self) -> evaluate.MetricInfo:
        texts = datasets.Value("string")
        return evaluate.MetricInfo(
            description=_DESCRIPTION,
            citation=_CITATION,
            inputs_description=_INPUTS,
            features=datasets.Features({"predictions": texts, "references": datasets.Sequence(texts)}),
        )

    def _compute(
        self,
        predictions: Sequence[str],
        references: Sequence[Sequence[str]],
        importance: Sequence[Sequence[Importance]] | None = None,
        verifier: str = "lexical",
        language: str = "en",
    ) -> dict[str, object]:
        weights = importance or [["supporting"] * len(facts) for facts in references]
        if len(weights) != len(references):
            raise DataError(f"importance: {len(weights)} given for {len(references)} summaries; give a list for each")
        items = [
            Item(Article(str(at), "", language=language), facts=_facts(at, statements, levels))
            for at, (statements, levels) in enumerate(zip(references, weights, strict=True), start=1)
        ]
        return results(fact_recall.FactRecall(), "coverage", verifier, items, predictions)


def _facts(summary: int, statements: Sequence[str], levels: Sequence[Importance]) -> tuple[Fact, ...]:
    """The facts of a summary, by its number from 1; DataError where their importance is not that of each."""
    if len(levels) != len(statements):
        raise DataError(
            f"importance of summary {summary}: {len(levels)} given for {len(statements)} facts; give one for each: "
            f"{', '.join(_LEVELS)}"
        )
    if unknown := [level for level in levels if level not in _LEVELS]:
        raise DataError(f"importance of summary {summary}: there is no {unknown[0]!r}; allowed: {', '.join(_LEVELS)}")
    return tuple(
        Fact(str(at), statement, level) for at, (statement, level) in enumerate(zip(statements, levels, strict=True))
    )
