"""What is known of a pair: the words that match, the slots that differ, and what the network read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from harness.records import Pair, Probabilities, Span
from harness.verifiers import slots
from harness.verifiers._entailment.passages import joined, passage
from harness.verifiers._entailment.reading import Reader
from harness.verifiers._lexical.match import Match, Matcher
from harness.verifiers._slots.findings import Findings


@dataclass(frozen=True)
class Evidence:
    """All that is known of one premise and one hypothesis."""

    match: Match
    findings: Findings
    read: Probabilities
    passages: tuple[Span, ...]
    """The stretches of the premise that the network read."""

    @cached_property
    def features(self) -> dict[str, float]:
        """Those of words and slots, by name; all names are always there."""
        return surface(self.match, self.findings)

    @property
    def span(self) -> Span | None:
        """Where to look: the sentence, or the two, that carry the most of the hypothesis."""
        return self.match.evidence.span if self.match.evidence else None


def surface(match: Match, findings: Findings) -> dict[str, float]:
    """The features of words and slots, by name."""
    return {**match.features, **{f"slot_{name}": value for name, value in findings.features().items()}}


@dataclass(frozen=True, slots=True)
class Gatherer:
    """Gathers the evidence of many pairs, each text read once."""

    matcher: Matcher
    reader: Reader

    def gather(self, asked: Sequence[Pair]) -> list[Evidence | None]:
        """For each premise and hypothesis; None where one has no word, or the hypothesis is too long."""
        readable = [
            bool(self.matcher.premise(pair.premise).whole.tokens and self.matcher.claim(pair.hypothesis).whole.content)
            for pair in asked
        ]
        pairs = [pair for pair, can in zip(asked, readable, strict=True) if can]
        chosen = [passage(pair.premise, pair.hypothesis) for pair in pairs]
        read = self.reader.read([(joined(spans), pair.hypothesis) for spans, pair in zip(chosen, pairs, strict=True)])
        found = slots.findings(pairs)
        gathered = iter(
            Evidence(self.matcher.match(pair.premise, pair.hypothesis), findings, probabilities, spans)
            if probabilities
            else None
            for pair, findings, probabilities, spans in zip(pairs, found, read, chosen, strict=True)
        )
        return [next(gathered) if can else None for can in readable]
