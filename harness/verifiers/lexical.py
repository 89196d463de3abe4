"""Verify by shared words, fast and without a model: the baseline that other verifiers should beat.

Rare words weigh more. Numbers, dates and names are compared after normalisation; word order and negation count too. Two
logistic regressions turn these features into probabilities, and a third weighs a statement against its false version.
``benchmarks/fit_lexical.py`` fits them; ``benchmarks/lexical.md`` has the results.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar, Self

from rapidfuzz.distance import LCSseq

from harness.checker_en import lists
from harness.checker_en.probabilities import sigmoid, to_probabilities, weigh_against
from harness.checker_en.tokens import Conflict, Slot, Token, find_conflicts, find_slots, tokenize
from harness.records import Agreement, Label, Pair, Probabilities, Span
from harness.signature import file_digest
from harness.text import sentences
from harness.verifiers.prediction import ENGLISH, Prediction, abstain
from harness.verifiers.predictive import PredictiveVerifier, read_card

WEIGHTS = Path(__file__).parent / "lexical_weights.json"
_CAUTION = (
    "It only compares words, so false sentences that use the article's words often pass. The verifier entailment is "
    "right more often."
)
_WORTH_A_SENTENCE = 0.15
"""A second sentence becomes part of the evidence if it adds at least this share of the hypothesis."""
_LONGEST_SWAP = 4
"""Maximum words between two matches that count as replaced; a longer gap is another clause."""
_PREFIX = 5
"""Number of first letters by which similar words are found."""
_SHORT = 100
"""Maximum words of a summary. A longer premise is an article, where more words match by chance."""
_COMPARED = ("verbatim", "bigrams", "in_order", "recall_window", "negated")
_CONFLICTS = {
    "conflict_number": ("number",),
    "conflict_date": ("year", "month", "day", "weekday"),
    "conflict_name": ("name",),
}


class Lexical(PredictiveVerifier):
    """Word overlap, numbers, dates and names, calibrated on human judgements; needs no model."""

    languages: ClassVar[frozenset[str]] = ENGLISH
    conclusive: ClassVar[frozenset[Label]] = frozenset({"absent"})
    """Shared words do not distinguish a statement from its denial, so only ``absent`` is conclusive."""

    def depends(self) -> Mapping[str, str]:
        return {
            **super().depends(),
            "weights": file_digest(WEIGHTS)[:8],
            "lists": lists.checksum("nations"),
            **{name: version(name) for name in ("sentencex", "snowballstemmer", "num2words")},
        }

    def read_agreement(self) -> Agreement | None:
        card = json.loads(WEIGHTS.read_text(encoding="utf-8"))["card"]
        return read_card({**card, "caution": _CAUTION}, "the card in its weights")

    def predict(self, pairs: Sequence[Pair]) -> list[Prediction]:
        return [self._predictor.predict(pair) for pair in pairs]

    @cached_property
    def _predictor(self) -> Predictor:
        return Predictor(Weights.load(WEIGHTS))


@dataclass(frozen=True, slots=True)
class Regression:
    """A logistic regression on features by name."""

    bias: float
    weights: Mapping[str, float]

    def logit(self, features: Mapping[str, float]) -> float:
        return self.bias + sum(weight * features[name] for name, weight in self.weights.items())

    def probability(self, features: Mapping[str, float]) -> float:
        return sigmoid(self.logit(features))


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The weight of each word: its inverse document frequency over the sentences of news articles."""

    words: Mapping[str, float]
    """Key → weight. Names are left out, so a missing word is rare or a name."""
    unknown: float
    """Weight of a missing word, higher than any other."""

    def weight(self, key: str) -> float:
        return self.words.get(key, self.unknown)


@dataclass(frozen=True, slots=True)
class Weights:
    """Everything that ``benchmarks/fit_lexical.py`` fits; the file of weights also has a model card."""

    supported: Regression
    """P(supported)."""
    contradicted: Regression
    """P(contradicted | not supported)."""
    choice: Regression
    """P(the premise states the statement, and not its false version), from the differences of their features."""
    lexicon: Lexicon

    @classmethod
    def load(cls, path: Path) -> Self:
        data: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        parts = {name: Regression(**data[name]) for name in ("supported", "contradicted", "choice")}
        return cls(**parts, lexicon=Lexicon(**data["lexicon"]))

    def probabilities(self, features: Mapping[str, float]) -> Probabilities:
        return to_probabilities(self.supported.probability(features), self.contradicted.probability(features))


class Predictor:
    """Predicts pairs from fitted weights; caches recently read texts."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self.matcher = Matcher(weights.lexicon)

    def predict(self, pair: Pair) -> Prediction:
        """Predict from the best supported wording; a false version takes over part of its probability."""
        wordings = self._match_all(pair.premise, (pair.hypothesis, *pair.accepted))
        if not wordings:
            return abstain("the statement has no content word")
        best = max(wordings, key=lambda match: self.weights.supported.logit(match.features))
        shown, probabilities = best, self.weights.probabilities(best.features)
        if contrasts := self._match_all(pair.premise, pair.contrasts):

            def prefer(contrast: Match) -> float:
                """Return P(the best wording | the premise states it or this false version)."""
                return sigmoid(max(self.weights.choice.logit(self.matcher.versus(each, contrast)) for each in wordings))

            share, contrast = min(((prefer(each), each) for each in contrasts), key=lambda entry: entry[0])
            probabilities = weigh_against(probabilities, self.weights.supported.probability(contrast.features), share)
            if probabilities.contradicted > probabilities.supported and share < 0.5:
                shown = contrast
        if shown is best:
            objection = _explain(probabilities, best)
        else:
            objection = f"the premise is nearer to the false version: {shown.hypothesis.span.text}"
        return Prediction(probabilities, shown.evidence.span if shown.evidence else None, objection=objection)

    def _match_all(self, premise: str, texts: Iterable[str]) -> list[Match]:
        """Match the texts that have a content word."""
        return [self.matcher.match(premise, text) for text in texts if self.matcher.hypothesis(text).whole.content]


def _explain(probabilities: Probabilities, match: Match) -> str | None:
    """Explain what the premise lacks, or which values it has in place of the hypothesis's; None if neither."""
    if match.evidence is None:
        return "no word of the statement is in the premise"
    is_likely = probabilities.contradicted > max(probabilities.supported, probabilities.absent)
    differing = [
        f"the premise says {_quote(conflict.passage, match.evidence)} where the statement says "
        f"{_quote(conflict.hypothesis, match.hypothesis)}"
        for conflict in match.conflicts
        if is_likely or conflict.type != "name"
    ]
    return "; ".join(differing) or None


def _quote(keys: Collection[str], passage: Passage) -> str:
    """Quote the values as the text writes them, in order."""
    return ", ".join({token.key: token.text for token in passage.tokens if token.key in keys}.values())


@dataclass(frozen=True)
class Passage:
    """Part of a text."""

    span: Span
    tokens: tuple[Token, ...]
    slots: frozenset[Slot]
    """The numbers, dates and names among the tokens."""

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The tokens' keys in order, without function words."""
        return tuple(token.key for token in self.tokens if token.kind != "function")

    @cached_property
    def content(self) -> frozenset[str]:
        """``words`` without negators; recall is computed over these."""
        return frozenset(token.key for token in self.tokens if token.kind not in ("function", "negator"))

    @cached_property
    def bigrams(self) -> frozenset[tuple[str, str]]:
        return frozenset(pairwise(self.words))


_NOTHING = Passage(Span(0, 0, ""), (), frozenset())


@dataclass(frozen=True)
class Text:
    """A text, tokenized once for all its matches."""

    source: str
    passages: tuple[Passage, ...]
    """The sentences."""

    @cached_property
    def whole(self) -> Passage:
        all_tokens = tuple(token for passage in self.passages for token in passage.tokens)
        all_slots = frozenset(slot for passage in self.passages for slot in passage.slots)
        return Passage(Span(0, len(self.source), self.source), all_tokens, all_slots)

    @cached_property
    def places(self) -> Mapping[str, list[int]]:
        """The indices of the sentences that have each content key."""
        sentences_of = defaultdict(list)
        for number, passage in enumerate(self.passages):
            for key in passage.content:
                sentences_of[key].append(number)
        return sentences_of

    @cached_property
    def prefixes(self) -> frozenset[str]:
        return frozenset(key[:_PREFIX] for key in self.whole.content)

    @cached_property
    def joined_keys(self) -> str:
        """All keys in order, each between spaces, so that ``in`` finds one text in another."""
        return "".join(f" {token.key}" for token in self.whole.tokens) + " "

    def with_next(self, first: int) -> Passage:
        """Join a sentence with the one after it."""
        one, other = self.passages[first : first + 2]
        start, end = one.span.start, other.span.end
        return Passage(Span(start, end, self.source[start:end]), one.tokens + other.tokens, one.slots | other.slots)


@dataclass(frozen=True, slots=True)
class Match:
    """How well a premise matches a hypothesis."""

    features: Mapping[str, float]
    evidence: Passage | None
    """The one or two sentences that share the most with the hypothesis; None if they share no word."""
    conflicts: tuple[Conflict, ...]
    hypothesis: Passage


class Matcher:
    """Reads and matches texts; caches recently read ones."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self.premise = lru_cache(maxsize=256)(self._read)
        self.hypothesis = lru_cache(maxsize=8192)(self._read)

    def _read(self, source: str) -> Text:
        read = ((span, tokenize(span.text)) for span in sentences(source))
        return Text(source, tuple(Passage(span, of, find_slots(of, self._lexicon.words)) for span, of in read if of))

    def match(self, premise: str, hypothesis: str) -> Match:
        """Match two texts; both need a word, and the hypothesis a content word."""
        premise_text, text = self.premise(premise), self.hypothesis(hypothesis)
        evidence, recalls = self._find_evidence(premise_text, text.whole.content)
        passage = evidence or _NOTHING
        conflicts = find_conflicts(text.whole.slots, passage.slots)
        features = {
            **recalls,
            **self._measure_overlap(premise_text, text),
            **_compare_order(passage, text.whole),
            **_find_missing_values(passage, text.whole),
        }
        for name, types in _CONFLICTS.items():
            features[name] = features["in_order"] * any(conflict.type in types for conflict in conflicts)
        return Match(features, evidence, tuple(conflicts), text.whole)

    def versus(self, statement: Match, contrast: Match) -> dict[str, float]:
        """Measure how much better the premise matches the statement than its false version, by feature.

        Features are squared, so that one more word counts more if both match well: the premise is then about the same
        subject. ``own_words`` compares how many of the words that only the statement has, and how many of those that
        only the false version has, are in the evidence. It is weighted by the share of their common words there.
        """
        keys = frozenset(key for match in (statement, contrast) if match.evidence for key in match.evidence.words)
        mine, theirs = frozenset(statement.hypothesis.words), frozenset(contrast.hypothesis.words)
        common = self.share(mine & theirs & keys, mine & theirs) if mine & theirs else 1.0
        own, others = (self.share(words & keys, words) if words else 0.5 for words in (mine - theirs, theirs - mine))
        squares = {name: statement.features[name] ** 2 - contrast.features[name] ** 2 for name in _COMPARED}
        return {**squares, "own_words": common * (own - others)}

    def share(self, part: Iterable[str], whole: Iterable[str]) -> float:
        """Return the weight of ``part`` as a share of the weight of ``whole``; 0 if ``whole`` weighs nothing."""
        # fsum's result does not depend on the order of a set, which differs between processes
        total = math.fsum(map(self._lexicon.weight, whole))
        return math.fsum(map(self._lexicon.weight, part)) / total if total else 0.0

    def _find_evidence(self, premise: Text, keys: frozenset[str]) -> tuple[Passage | None, dict[str, float]]:
        """Find the sentence whose keys weigh the most, together with the next one if that adds enough weight."""
        carried: dict[int, set[str]] = defaultdict(set)
        for key in keys:
            for number in premise.places.get(key, ()):
                carried[number].add(key)
        if not carried:
            return None, {"recall_sentence": 0.0, "recall_window": 0.0}

        def window(first: int) -> float:
            return self.share(carried[first] | carried.get(first + 1, set()), keys)

        single = max(carried, key=lambda number: (self.share(carried[number], keys), -number))
        first = max(list(carried), key=lambda number: (window(number), number == single, -number))
        recall, wide = self.share(carried[single], keys), window(first)
        features = {"recall_sentence": recall, "recall_window": wide}
        is_worth_it = wide - recall >= _WORTH_A_SENTENCE
        return premise.with_next(first) if is_worth_it else premise.passages[single], features

    def _measure_overlap(self, premise: Text, hypothesis: Text) -> dict[str, float]:
        keys, premise_keys = hypothesis.whole.content, premise.whole.content
        near = {key for key in keys - premise_keys if len(key) >= _PREFIX and key[:_PREFIX] in premise.prefixes}
        ordered = [key for key in hypothesis.whole.words if key in keys]
        plain = len(keys & premise_keys) / len(keys)
        words = len(premise.whole.words)
        short, beyond = math.log(1 + min(words, _SHORT)), math.log(max(words, _SHORT) / _SHORT)
        return {
            "recall_premise": self.share(keys & premise_keys, keys),
            "recall_plain": plain,
            "recall_by_length": plain * short,
            "recall_beyond": plain * beyond,
            "recall_near": self.share(near, keys),
            "first": float(ordered[0] in premise_keys),
            "last": float(ordered[-1] in premise_keys),
            "verbatim": float(hypothesis.joined_keys in premise.joined_keys),
            "log_words": math.log(1 + len(keys)),
            "log_premise": short,
            "log_beyond": beyond,
        }


def _compare_order(passage: Passage, hypothesis: Passage) -> dict[str, float]:
    """Measure how far words keep their order and neighbours, and whether others replace or negate them."""
    blocks = LCSseq.editops(hypothesis.words, passage.words).as_matching_blocks()
    gaps = [
        (hypothesis.words[one.a + one.size : other.a], passage.words[one.b + one.size : other.b])
        for one, other in pairwise(blocks)
    ]
    swapped = any(0 < len(lost) <= _LONGEST_SWAP and 0 < len(put) <= _LONGEST_SWAP for lost, put in gaps)
    negated = any("not" in lost or ("not" in put and len(put) <= _LONGEST_SWAP) for lost, put in gaps)
    in_order = sum(block.size for block in blocks) / len(hypothesis.words)
    shared = len(hypothesis.bigrams & passage.bigrams)
    return {
        "in_order": in_order,
        "bigrams": shared / len(hypothesis.bigrams) if hypothesis.bigrams else in_order,
        "swapped": swapped * in_order,
        "negated": negated * in_order,
    }


def _find_missing_values(passage: Passage, hypothesis: Passage) -> dict[str, float]:
    names = {slot.key for slot in hypothesis.slots if slot.type == "name"}
    values = {slot.key for slot in hypothesis.slots if slot.type != "name"}
    return {
        "names_missing": len(names - passage.content) / len(names) if names else 0.0,
        "values_missing": len(values - passage.content) / len(values) if values else 0.0,
    }
