"""How a premise and a hypothesis match: the evidence passage, and features of how well it carries the hypothesis."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from rapidfuzz.distance import LCSseq

from harness.records import Span
from harness.text import sentences
from harness.verifiers._lexical.tokens import Conflict, Slot, Token, conflicts, slots, tokens

# A second sentence belongs to the evidence if it carries at least this share of the hypothesis more than the first.
_WORTH_A_SENTENCE = 0.15
# A longer stretch between two matches is another clause, not a word put in another's place.
_LONGEST_SWAP = 4
_PREFIX = 5
# Words of a summary at the most; a longer premise is an article, where a word found by chance says less.
_SHORT = 100
_COMPARED = ("verbatim", "bigrams", "in_order", "recall_window", "negated")
_CONFLICTS = {
    "conflict_number": ("number",),
    "conflict_date": ("year", "month", "day", "weekday"),
    "conflict_name": ("name",),
}


@dataclass(frozen=True, slots=True)
class Lexicon:
    """How much each word says: inverse document frequency over the sentences of news articles."""

    words: Mapping[str, float]
    """Key → weight. Names are left out, so a word that is missing is rare, or a name."""
    unknown: float
    """Weight of a word that the table lacks: the largest there is."""

    def weight(self, key: str) -> float:
        return self.words.get(key, self.unknown)


@dataclass(frozen=True)
class Passage:
    """A stretch of a text with its tokens, and with the numbers, dates and names among them."""

    span: Span
    tokens: tuple[Token, ...]
    slots: frozenset[Slot]

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The keys that carry meaning, in order; function words are left out."""
        return tuple(token.key for token in self.tokens if token.kind != "function")

    @cached_property
    def content(self) -> frozenset[str]:
        """The keys counted by recall: those of ``words`` but for the negators."""
        return frozenset(token.key for token in self.tokens if token.kind not in ("function", "negator"))

    @cached_property
    def bigrams(self) -> frozenset[tuple[str, str]]:
        return frozenset(pairwise(self.words))


_NOTHING = Passage(Span(0, 0, ""), (), frozenset())


@dataclass(frozen=True)
class Text:
    """A text read once, whatever it is then matched with."""

    source: str
    passages: tuple[Passage, ...]
    """Its sentences."""

    @cached_property
    def whole(self) -> Passage:
        all_tokens = tuple(token for passage in self.passages for token in passage.tokens)
        all_slots = frozenset(slot for passage in self.passages for slot in passage.slots)
        return Passage(Span(0, len(self.source), self.source), all_tokens, all_slots)

    @cached_property
    def places(self) -> Mapping[str, list[int]]:
        """Content key → the sentences that have it."""
        sentences_of = defaultdict(list)
        for number, passage in enumerate(self.passages):
            for key in passage.content:
                sentences_of[key].append(number)
        return sentences_of

    @cached_property
    def prefixes(self) -> frozenset[str]:
        return frozenset(key[:_PREFIX] for key in self.whole.content)

    @cached_property
    def spelled(self) -> str:
        """All keys in order, each between spaces: one text stands in another where its spelling does."""
        return "".join(f" {token.key}" for token in self.whole.tokens) + " "

    def with_next(self, first: int) -> Passage:
        """A sentence and the one after it."""
        one, other = self.passages[first : first + 2]
        start, end = one.span.start, other.span.end
        return Passage(Span(start, end, self.source[start:end]), one.tokens + other.tokens, one.slots | other.slots)


@dataclass(frozen=True, slots=True)
class Match:
    """How well a premise carries a hypothesis: features by name, the evidence, and the values that differ."""

    features: Mapping[str, float]
    evidence: Passage | None
    """The sentence, or the two neighbours, that carry the most; None where no word of the hypothesis is there."""
    conflicts: tuple[Conflict, ...]
    hypothesis: Passage
    """The hypothesis."""


class Matcher:
    """Reads texts, keeps the last ones read, and matches them."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self.premise = lru_cache(maxsize=256)(self._read)
        self.hypothesis = lru_cache(maxsize=8192)(self._read)

    def _read(self, source: str) -> Text:
        read = ((span, tokens(span.text)) for span in sentences(source))
        return Text(source, tuple(Passage(span, of, slots(of, self._lexicon.words)) for span, of in read if of))

    def match(self, premise: str, hypothesis: str) -> Match:
        """Both texts must have a word, and the hypothesis one of content."""
        premise_text, hypothesis_text = self.premise(premise), self.hypothesis(hypothesis)
        evidence, recalls = self._evidence(premise_text, hypothesis_text.whole.content)
        passage = evidence or _NOTHING
        differing = conflicts(hypothesis_text.whole.slots, passage.slots)
        features = {
            **recalls,
            **self._overlap(premise_text, hypothesis_text),
            **_order(passage, hypothesis_text.whole),
            **_slot_features(passage, hypothesis_text.whole),
        }
        for name, types in _CONFLICTS.items():
            features[name] = features["in_order"] * any(conflict.type in types for conflict in differing)
        return Match(features, evidence, tuple(differing), hypothesis_text.whole)

    def versus(self, statement: Match, contrast: Match) -> dict[str, float]:
        """How much better the premise carries the statement than its false version, feature by feature.

        Squares are compared: a word more counts where both match well, since then the premise speaks of the matter.
        ``own_words`` for the same reason counts as far as the words that both have are there: of the words that only
        the one has, the share in the evidence of either; half where it has none.
        """
        premise_keys = frozenset(
            key for match in (statement, contrast) if match.evidence for key in match.evidence.words
        )
        mine, theirs = frozenset(statement.hypothesis.words), frozenset(contrast.hypothesis.words)
        common = self._share_there(mine & theirs, premise_keys, default=1.0)
        own, others = (self._share_there(words, premise_keys, default=0.5) for words in (mine - theirs, theirs - mine))
        squares = {name: statement.features[name] ** 2 - contrast.features[name] ** 2 for name in _COMPARED}
        return {**squares, "own_words": common * (own - others)}

    def _share_there(self, keys: frozenset[str], premise_keys: frozenset[str], default: float) -> float:
        return self.share(keys & premise_keys, keys) if keys else default

    def share(self, part: Iterable[str], whole: Iterable[str]) -> float:
        """The weight of the keys of ``part`` as a share of the weight of ``whole``; 0 where that is nothing."""
        # fsum rounds once, whatever the order that a set gives its keys in: a verdict must not depend on the process.
        total = math.fsum(map(self._lexicon.weight, whole))
        return math.fsum(map(self._lexicon.weight, part)) / total if total else 0.0

    def _evidence(self, premise: Text, hypothesis_keys: frozenset[str]) -> tuple[Passage | None, dict[str, float]]:
        carried: dict[int, set[str]] = defaultdict(set)
        for key in hypothesis_keys:
            for number in premise.places.get(key, ()):
                carried[number].add(key)
        if not carried:
            return None, {"recall_sentence": 0.0, "recall_window": 0.0}
        single = max(carried, key=lambda number: (self.share(carried[number], hypothesis_keys), -number))
        recall = self.share(carried[single], hypothesis_keys)
        first = max(
            carried,
            key=lambda number: (self.share(_window(carried, number), hypothesis_keys), number == single, -number),
        )
        wide = self.share(_window(carried, first), hypothesis_keys)
        worth = wide - recall >= _WORTH_A_SENTENCE
        features = {"recall_sentence": recall, "recall_window": wide}
        return premise.with_next(first) if worth else premise.passages[single], features

    def _overlap(self, premise: Text, hypothesis: Text) -> dict[str, float]:
        hypothesis_keys, premise_keys = hypothesis.whole.content, premise.whole.content
        missing = hypothesis_keys - premise_keys
        near = {key for key in missing if len(key) >= _PREFIX and key[:_PREFIX] in premise.prefixes}
        plain = len(hypothesis_keys & premise_keys) / len(hypothesis_keys)
        words = len(premise.whole.words)
        short, beyond = math.log(1 + min(words, _SHORT)), math.log(max(words, _SHORT) / _SHORT)
        return {
            "recall_premise": self.share(hypothesis_keys & premise_keys, hypothesis_keys),
            "recall_plain": plain,
            "recall_by_length": plain * short,
            "recall_beyond": plain * beyond,
            "recall_near": self.share(near, hypothesis_keys),
            **_ends(hypothesis.whole, premise_keys),
            "verbatim": float(hypothesis.spelled in premise.spelled),
            "log_words": math.log(1 + len(hypothesis.whole.content)),
            "log_premise": short,
            "log_beyond": beyond,
        }


def _window(carried: Mapping[int, set[str]], first: int) -> set[str]:
    return carried[first] | carried.get(first + 1, set())


def _ends(hypothesis: Passage, premise_keys: frozenset[str]) -> dict[str, float]:
    """Whether the first and the last content word are there: who it is about, and what is new of them."""
    ordered = [key for key in hypothesis.words if key in hypothesis.content]
    return {"first": float(ordered[0] in premise_keys), "last": float(ordered[-1] in premise_keys)}


def _order(passage: Passage, hypothesis: Passage) -> dict[str, float]:
    """Whether the words stand in one order and beside each other, and whether others replace or negate them."""
    blocks = LCSseq.editops(hypothesis.words, passage.words).as_matching_blocks()
    gaps = [
        (hypothesis.words[one.a + one.size : other.a], passage.words[one.b + one.size : other.b])
        for one, other in pairwise(blocks)
    ]
    swapped = any(0 < len(lost) <= _LONGEST_SWAP and 0 < len(put) <= _LONGEST_SWAP for lost, put in gaps)
    negated = any("not" in lost or ("not" in put and len(put) <= _LONGEST_SWAP) for lost, put in gaps)
    in_order = sum(block.size for block in blocks) / len(hypothesis.words)
    return {
        "in_order": in_order,
        "bigrams": len(hypothesis.bigrams & passage.bigrams) / len(hypothesis.bigrams)
        if hypothesis.bigrams
        else in_order,
        "swapped": swapped * in_order,
        "negated": negated * in_order,
    }


def _slot_features(passage: Passage, hypothesis: Passage) -> dict[str, float]:
    names = {slot.key for slot in hypothesis.slots if slot.type == "name"}
    values = {slot.key for slot in hypothesis.slots if slot.type != "name"}
    return {
        "names_missing": len(names - passage.content) / len(names) if names else 0.0,
        "values_missing": len(values - passage.content) / len(values) if values else 0.0,
    }
