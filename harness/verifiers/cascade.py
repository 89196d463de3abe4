"""Cheap verifiers first: what one leaves undecided goes to the next, dearer one.

A step settles a pair where it gives a label with a probability of at least ``settle``. Of a pair that no step settles
the last one that has an opinion decides, since it is the dearest: as in a cascade of classifiers (Viola & Jones 2001).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from pydantic import Field, SerializeAsAny

from harness.records import Agreement, Pair, Probabilities, Verdict
from harness.seams import Verifier
from harness.signature import digest
from harness.verifiers import _card
from harness.verifiers._opinion import Opinion, OpinionVerifier
from harness.verifiers.entailment import BLEND, Entailment
from harness.verifiers.lexical import Lexical


def _packaged() -> tuple[Verifier, ...]:
    """The default, with nothing but packaged models."""
    return Lexical(), Entailment()


class Cascade(OpinionVerifier):
    """Verifiers one after the other, each asked only what those before it left undecided."""

    unsigned: ClassVar[frozenset[str]] = OpinionVerifier.unsigned | {"steps"}

    steps: tuple[SerializeAsAny[Verifier], ...] = Field(default_factory=_packaged, min_length=1)
    """Verifiers, the cheapest first: kinds, or mappings with a kind and its options.

    Where it is left out: ``lexical``, then ``entailment``."""
    settle: float = Field(0.9, ge=0.34, le=1)
    """The least probability at which a step's answer is taken without asking the next.

    ``lexical`` settles only what is absent: to it, a statement and its denial are the same words."""

    def check(self) -> Iterable[str]:
        yield from super().check()
        for step in self.steps:
            yield from step.check()

    def depends(self) -> Mapping[str, str]:
        steps = {f"{number}.{step.kind()}": digest(step.signature()) for number, step in enumerate(self.steps, 1)}
        return {**super().depends(), **steps}

    @property
    def together(self) -> int:
        """As few as its most careful step takes."""
        return min(step.together for step in self.steps)

    def measured(self) -> Agreement | None:
        """Known of the default; of other steps, only meta-eval tells."""
        default = Cascade()
        if (self.steps, self.settle) != (default.steps, default.settle):
            return None
        card = json.loads(BLEND.read_text(encoding="utf-8"))["card"]
        return _card.agreement({**card, "out_of_fold": card["cascade"]}, "benchmarks/entailment.md")

    def opinions(self, pairs: Sequence[Pair]) -> list[Opinion]:
        asked: list[list[Verdict]] = [[] for _ in pairs]
        waiting = list(range(len(pairs)))
        for step in self.steps:
            for place, verdict in zip(waiting, step.verify([pairs[at] for at in waiting]), strict=True):
                asked[place].append(verdict)
            waiting = [at for at in waiting if not self._settles(step, asked[at][-1])]
            if not waiting:
                break
        return [self._opinion(verdicts) for verdicts in asked]

    def _settles(self, step: Verifier, verdict: Verdict) -> bool:
        return verdict.label in step.settles and _largest(verdict.probabilities) >= self.settle

    def _opinion(self, verdicts: Sequence[Verdict]) -> Opinion:
        """That of the step which settled it, else of the last one that has an opinion, on a label it can settle."""
        opined = [(step, each) for step, each in zip(self.steps, verdicts, strict=False) if _opines(step, each)]
        if not opined:
            last, transient = verdicts[-1], any(verdict.transient for verdict in verdicts)
            return Opinion(last.probabilities, last.evidence, last.reason, undecidable=True, transient=transient)
        step, found = opined[-1]
        how = f"settled by {step.kind()}" if self._settles(step, found) else f"left to {step.kind()}"
        said = f"{how}: {found.reason}" if found.reason else how
        # What a step itself does not call contradicted, or supported, takes the higher bar here too.
        named, whole = found.label == "contradicted", found.label == "supported"
        return Opinion(
            found.probabilities, found.evidence, said, differences=found.differences, named=named, whole=whole
        )


def _largest(found: Probabilities) -> float:
    return max(found.supported, found.contradicted, found.absent)


def _opines(step: Verifier, verdict: Verdict) -> bool:
    """Whether it says anything that counts: a verifier without an answer gives each label a third."""
    found = verdict.probabilities
    return verdict.label in (*step.settles, "uncertain") and not found.supported == found.contradicted == found.absent
