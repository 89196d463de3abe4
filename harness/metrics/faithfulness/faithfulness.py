"""Faithfulness as a module of the evaluate library: the share of a summary's claims that its source supports."""

from __future__ import annotations

from collections.abc import Sequence

import datasets
import evaluate

from harness.metrics.judging import results
from harness.records import Article, Item
from harness.scorers import faithfulness

_DESCRIPTION = """\
The share of a summary's claims (its sentences) that the source supports, as harness computes it: a verifier says of
each claim whether the source supports it.
"""
_INPUTS = """\
predictions: summaries, a list of texts.
references: for each summary the text that it was made from.
verifier: the kind of the harness verifier that judges; lexical by default, which needs no model.
language: of the texts, as a code.

Gives faithfulness (the mean over the summaries that have a value, None where none has), n and missing (how many have
and lack one), values and reasons (one each), and the signature of the numbers, the verifier's included.

>>> faithful = evaluate.load(harness.metrics.FAITHFULNESS)
>>> faithful.compute(predictions=["The deal was signed."], references=["On Monday the deal was signed in Kyiv."])
"""


class Faithfulness(evaluate.Metric):  # type: ignore[misc]  # evaluate ships no types
    """See the description and the inputs, which evaluate shows its users."""

    def _info(self) -> evaluate.MetricInfo:
        texts = datasets.Value("string")
        return evaluate.MetricInfo(
            description=_DESCRIPTION,
            citation="",
            inputs_description=_INPUTS,
            features=datasets.Features({"predictions": texts, "references": texts}),
        )

    def _compute(
        self, predictions: Sequence[str], references: Sequence[str], verifier: str = "lexical", language: str = "en"
    ) -> dict[str, object]:
        items = [Item(Article(str(at), source, language=language)) for at, source in enumerate(references)]
        return results(faithfulness.Faithfulness(), "grounding", verifier, items, predictions)
