"""Cheap verifiers first: what one leaves undecided goes to the next, dearer one.

A step settles a pair where it gives a label with a probability of at least ``settle``. A pair that no step settles gets
the logarithmic opinion pool of all of them (Genest & Zidek 1986): the normalised geometric mean of their probabilities.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from pydantic import Field, SerializeAsAny

from harness.records import Agreement, Pair, Probabilities, Verdict
from harness.seams import Verifier
from harness.signature import digest
from harness.verifiers import _card
from harness.verifiers._entailment.blend import Blend
from harness.verifiers._opinion import Opinion, OpinionVerifier, most_likely
from harness.verifiers.entailment import BLEND, Entailment
from harness.verifiers.lexical import Lexical

_LEAST = 1e-6
"""A probability of 0 would have a veto in the pool."""


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
    """The least probability at which a step's answer is taken without asking the next."""

    def check(self) -> Iterable[str]:
        yield from super().check()
        for step in self.steps:
            yield from step.check()

    def depends(self) -> Mapping[str, str]:
        steps = {f"{number}.{step.kind()}": digest(step.signature()) for number, step in enumerate(self.steps, 1)}
        return {**super().depends(), **steps}

    def measured(self) -> Agreement | None:
        """Known of the default's steps; what other steps do together, only meta-eval tells."""
        default = Cascade()
        if (self.steps, self.settle) != (default.steps, default.settle):
            return None
        card = Blend.load(BLEND).card
        return _card.agreement({**card, "out_of_fold": card["cascade"]}, "benchmarks/entailment.md")

    def opinions(self, pairs: Sequence[Pair]) -> list[Opinion]:
        asked: list[list[Verdict]] = [[] for _ in pairs]
        waiting = list(range(len(pairs)))
        for step in self.steps:
            for place, verdict in zip(waiting, step.verify([pairs[at] for at in waiting]), strict=True):
                asked[place].append(verdict)
            waiting = [at for at in waiting if not self._settles(asked[at][-1])]
            if not waiting:
                break
        return [self._opinion(verdicts) for verdicts in asked]

    def _settles(self, verdict: Verdict) -> bool:
        return verdict.label != "uncertain" and _largest(verdict.probabilities) >= self.settle

    def _opinion(self, verdicts: Sequence[Verdict]) -> Opinion:
        """That of the step which settled it, else the pool of those that have an opinion."""
        last = verdicts[-1]
        if self._settles(last):
            kind = self.steps[len(verdicts) - 1].kind()
            said = _said(f"settled by {kind}", last.reason)
            return Opinion(last.probabilities, last.evidence, said, differences=last.differences)
        opined = [(step.kind(), each) for step, each in zip(self.steps, verdicts, strict=False) if _opines(each)]
        if not opined:
            transient = any(verdict.transient for verdict in verdicts)
            return Opinion(last.probabilities, last.evidence, last.reason, undecidable=True, transient=transient)
        pool = pooled([verdict.probabilities for _, verdict in opined])
        # The evidence of the one that is surest of what they agree on.
        kind, surest = max(opined, key=lambda each: getattr(each[1].probabilities, most_likely(pool)))
        said = _said(f"weighed from {', '.join(dict(opined))}", surest.reason)
        return Opinion(pool, surest.evidence, said, differences=last.differences)


def pooled(opinions: Sequence[Probabilities]) -> Probabilities:
    """The normalised geometric mean."""
    labels = ("supported", "contradicted", "absent")
    logs = [sum(math.log(max(getattr(each, label), _LEAST)) for each in opinions) / len(opinions) for label in labels]
    shares = [math.exp(log) for log in logs]
    return Probabilities(*(share / sum(shares) for share in shares))


def _largest(found: Probabilities) -> float:
    return max(found.supported, found.contradicted, found.absent)


def _opines(verdict: Verdict) -> bool:
    """Whether it says anything: a verifier without an answer gives each label a third."""
    found = verdict.probabilities
    return not found.supported == found.contradicted == found.absent


def _said(how: str, reason: str | None) -> str:
    return f"{how}: {reason}" if reason else how
