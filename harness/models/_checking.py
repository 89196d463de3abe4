"""How much of a summary the article supports, as a verifier sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Annotated, ClassVar

from pydantic import SerializeAsAny, WithJsonSchema

from harness.claims import claims
from harness.models.strategy import Draft, Strategy
from harness.records import Generation, Pair, Step, Verdict
from harness.seams import Verifier
from harness.signature import digest

_REFUTED = ("contradicted", "absent")


@dataclass(frozen=True, slots=True)
class Checked:
    """A claim of a summary and what the article says to it."""

    claim: str
    verdict: Verdict

    @property
    def unsupported(self) -> bool:
        """Whether the verifier says so; what it leaves uncertain is neither supported nor not."""
        return self.verdict.label in _REFUTED


class CheckingStrategy(Strategy):
    """A strategy that has a verifier read what was written."""

    unsigned: ClassVar[frozenset[str]] = frozenset({"verifier"})

    verifier: Annotated[SerializeAsAny[Verifier], WithJsonSchema({"type": ["string", "object"]})]
    """What checks: a kind, or a mapping with a kind and its options. A system that is chosen by the run's own verifier
    looks better by it than it is: judge it by another."""

    def depends(self) -> Mapping[str, str]:
        return {**super().depends(), "verifier": digest(self.verifier.signature())}

    def check_texts(self, written: Sequence[tuple[Draft, Generation]]) -> list[list[Checked]]:
        """The claims of each answer, checked; a draft whose verifier gave no answer fails, to be asked for again."""
        start = perf_counter()
        articles = [draft.request.item.article for draft, _ in written]
        pairs = [
            [Pair.of_claim(article, claim.text) for claim in claims(answer, article.language)]
            for (_, answer), article in zip(written, articles, strict=True)
        ]
        all_pairs = [pair for each in pairs for pair in each]
        verdicts = iter(self.verifier.verify(all_pairs) if all_pairs else ())
        checked = [[Checked(pair.hypothesis, next(verdicts)) for pair in each] for each in pairs]
        seconds = (perf_counter() - start) / max(1, len(written))
        for (draft, _), each in zip(written, checked, strict=True):
            draft.seconds += seconds
            silent = next((one.verdict for one in each if one.verdict.transient), None)
            if silent is not None:
                draft.fail(f"the verifier could not check it: {silent.reason}", transient=True)
        return checked


def step(name: str, text: str, checked: Sequence[Checked]) -> Step:
    """A text in the record, with what was found of it."""
    supported = [each.verdict.probabilities.supported for each in checked]
    return Step(
        name,
        text,
        claims=len(checked),
        unsupported=tuple(each.claim for each in checked if each.unsupported),
        support=sum(supported) / len(supported) if supported else None,
    )


def best(steps: Sequence[Step]) -> int:
    """The place of the text that the verifier supports most, by the mean over its claims; of equals the first."""
    return max(range(len(steps)), key=lambda at: (-1.0 if steps[at].support is None else steps[at].support, -at))
