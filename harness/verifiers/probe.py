"""Beside what ``entailment`` weighs, probes of a language model's hidden states while it reads the statement.

The packaged language model reads the premise and then the statement; a small perceptron, trained on human judgements
and on typed perturbations of references, says from its states which words are not borne out. A regression weighs the
probe with the words, the slots and the network of ``entailment``. ``benchmarks/fit_probe.py`` makes both,
``benchmarks/probe.md`` says how well they do. It believes what the model would write itself, and is no judge of that
model's summaries. English; needs no hub, no key and no GPU.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from harness import store
from harness.records import Agreement, Pair, Probabilities
from harness.signature import file_digest
from harness.verifiers import _card
from harness.verifiers._entailment.blend import Blend
from harness.verifiers._entailment.evidence import Evidence
from harness.verifiers._entailment.passages import is_long
from harness.verifiers._no_answer import undecided
from harness.verifiers._opinion import Opinion
from harness.verifiers._probe.head import Heads
from harness.verifiers._probe.prober import Probed, Prober
from harness.verifiers._probe.states import MODEL, StateReader
from harness.verifiers.entailment import Entailment, Weighed, doubted

FOLDER = Path(__file__).parent / "_probe"
HEADS = FOLDER / "heads.safetensors"
REGRESSIONS = FOLDER / "regressions.json"

_LONGEST_WORD = 200
"""Letters of a word; what has longer ones has no words, and thousands of tokens."""


class Probe(Entailment):
    """Probes of a language model's hidden states, with all that ``entailment`` weighs beside them."""

    premises: Literal["articles", "all"] = "articles"
    """Which premises are read: articles alone (of more than 200 words), or summaries as well, at five times the cost.

    Of the others it has no opinion: in a cascade, the step before it decides."""

    def measured(self) -> Agreement | None:
        return _card.agreement(self._blend.card, "benchmarks/probe.md")

    def depends(self) -> Mapping[str, str]:
        return {
            **super().depends(),
            "heads": file_digest(HEADS)[:8],
            "regressions": file_digest(REGRESSIONS)[:8],
            "language_model": store.checksum(MODEL)[:8],
            "transformers": version("transformers"),
        }

    def opinions(self, pairs: Sequence[Pair]) -> list[Opinion]:
        left = [self._left(pair) for pair in pairs]
        asked = [pair for pair, why in zip(pairs, left, strict=True) if why is None]
        found = iter(super().opinions(asked) if asked else ())
        return [next(found) if why is None else undecided(why) for why in left]

    def _left(self, pair: Pair) -> str | None:
        """Why a pair is not read."""
        if self.premises == "articles" and not is_long(pair.premise):
            return "the premise is no article, and premises says that only articles are read"
        if any(len(word) > _LONGEST_WORD for text in (pair.premise, pair.hypothesis) for word in text.split()):
            return f"there is a word of over {_LONGEST_WORD} letters"
        return None

    def _weighed(self, known: Mapping[Pair, Evidence]) -> list[Weighed]:
        return [
            Weighed(self._probabilities(question, evidence, probed), probed.doubted)
            for (question, evidence), probed in zip(known.items(), self._prober.ask(list(known)), strict=True)
        ]

    def _probabilities(self, question: Pair, evidence: Evidence, probed: Probed) -> Probabilities:
        by_article, others = is_long(question.premise), {"probe": probed.logit}
        found = self._blend.probabilities(evidence.features, evidence.read, by_article, others)
        return found if evidence.span else doubted(found)  # what shares no word is not believed for its sound

    @cached_property
    def _blend(self) -> Blend:
        return super()._blend.weighed_by(REGRESSIONS)

    @cached_property
    def _prober(self) -> Prober:
        return Prober(StateReader(), Heads.load(HEADS))
