"""From pairs to opinions: which statements are read after which premise, and what their likelihoods say."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from harness.records import Pair, Probabilities, Span
from harness.text import words
from harness.verifiers._entailment.script import is_foreign
from harness.verifiers._lexical.tokens import tokens
from harness.verifiers._likelihood.asker import Answers, Asker
from harness.verifiers._likelihood.features import features
from harness.verifiers._likelihood.rivals import Rivals, rivals
from harness.verifiers._no_answer import undecided
from harness.verifiers._opinion import Opinion, most_likely
from harness.verifiers._regressions import Regressions
from harness.verifiers._windows import index


@dataclass(frozen=True, slots=True)
class _Wording:
    """One way to put a hypothesis, and the false versions that it is held against."""

    text: str
    against: Rivals

    @property
    def texts(self) -> tuple[str, ...]:
        return self.text, *self.against.texts

    def features(self, answers: Answers) -> Mapping[str, float] | None:
        """None where the model cannot read it beside the premise, or gives it no finite likelihood."""
        asked = answers.asked.get(self.text)
        if asked is None:
            return None
        read = [answers.asked[text] for text in self.against.texts if text in answers.asked]
        found = features(asked, read, self.against.origin, answers.premise)
        return found if all(map(math.isfinite, found.values())) else None


def judged(asker: Asker, weights: Regressions, pairs: Sequence[Pair], most: int) -> list[Opinion]:
    """One opinion a pair, in order; each premise and hypothesis has words."""
    asked = [[_Wording(text, rivals(pair, text, most)) for text in _wordings(pair)] for pair in pairs]
    found = _answered(asker, pairs, asked)
    return [
        _opinion(pair, wordings, answers, weights) for pair, wordings, answers in zip(pairs, asked, found, strict=True)
    ]


def measured(asker: Asker, pairs: Sequence[Pair], most: int) -> list[Mapping[str, float] | None]:
    """The features of each pair's hypothesis, in order."""
    readable = [pair for pair in pairs if words(pair.premise) and words(pair.hypothesis)]
    asked = [[_Wording(pair.hypothesis, rivals(pair, pair.hypothesis, most))] for pair in readable]
    answers = _answered(asker, readable, asked)
    found = {pair: wording.features(each) for pair, [wording], each in zip(readable, asked, answers, strict=True)}
    return [found.get(pair) for pair in pairs]


def _wordings(pair: Pair) -> Iterator[str]:
    yield pair.hypothesis
    yield from (text for text in pair.accepted if words(text))


def _answered(asker: Asker, pairs: Sequence[Pair], asked: Sequence[Sequence[_Wording]]) -> Iterator[Answers]:
    """Pair by pair, what the model made of all that is asked about its premise, which is read once."""
    texts: dict[str, dict[str, None]] = defaultdict(dict)
    for pair, wordings in zip(pairs, asked, strict=True):
        texts[pair.premise].update(dict.fromkeys(text for wording in wordings for text in wording.texts))
    answers = {premise: asker.ask(premise, found) for premise, found in texts.items()}
    return (answers[pair.premise] for pair in pairs)


def _opinion(pair: Pair, wordings: Sequence[_Wording], answers: Answers, weights: Regressions) -> Opinion:
    """That of the best supported wording."""
    if is_foreign(pair.hypothesis) and not is_foreign(pair.premise):
        return undecided("the statement is in another script than the premise; nli and judge take other models")
    known = [(weights.probabilities(found), wording) for wording in wordings if (found := wording.features(answers))]
    if not known:
        return undecided(answers.unread.get(pair.hypothesis) or "the model gives no finite likelihood")
    probabilities, wording = max(known, key=lambda each: each[0].supported)
    return Opinion(probabilities, evidence(pair.premise, wording.text), _reason(probabilities, wording))


def _reason(probabilities: Probabilities, wording: _Wording) -> str | None:
    if most_likely(probabilities) != "contradicted" or not wording.against.texts:
        return None
    return "a false version of the statement is the likelier one after the premise"


def evidence(premise: str, statement: str) -> Span | None:
    """The sentence of the premise that shares the most with the statement; None where it shares no word that counts."""
    best = index(premise, "sentence").best(statement, 1).windows
    return best[0] if best and _content(best[0].text) & _content(statement) else None


def _content(text: str) -> set[str]:
    return {token.key for token in tokens(text) if token.kind != "function"}
