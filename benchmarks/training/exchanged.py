"""False versions as people write them: a word or phrase of a true statement exchanged for another that fits there.

False versions by rule (``harness.suggest.edits``) are soon told by their make. A person who writes an error into a
summary puts another word where one stood, and the sentence reads as well as before. So here: a word gives way to one of
the same form that a language model finds likely after the words before it, of the passage (an error of the kind called
intrinsic) or of other texts (extrinsic: Maynez et al. 2020); a name to another name of its type; a noun phrase to one
of the passage. What means nearly the same, by the cosine of the two sentences, is left out. What comes out is not
supported; whether it is contradicted or absent, nobody said.
"""

from __future__ import annotations

import math
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch.nn.functional import normalize

from benchmarks.training.corpora import Example, Target
from harness import progress
from harness.checker_en import syntax
from harness.weights.encoder import Encoder
from harness.weights.load import load
from harness.weights.source import source_of

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

LANGUAGE_MODEL = "smollm2-135m-instruct"
SENTENCE_ENCODER = "all-minilm-l6-v2"
SAME = 0.96
"""Cosine of two sentences from which they may mean the same."""
_FORMS = frozenset({"NN", "NNS", "NNP", "VB", "VBD", "VBG", "VBN", "VBZ", "VBP", "JJ", "JJR", "CD"})
"""Penn Treebank tags of words that are exchanged."""
_RELATIONS = frozenset({"before", "after", "against", "for", "without", "with", "over", "under", "since", "until"})
"""Prepositions that are exchanged among each other."""
_SEEN = 3
"""How often a word stands in all passages with a form before it counts as a word of that form."""
_LIKELIEST = 5
"""Words of which one is drawn, by how likely they are."""
_TRIED = 4
"""Versions of a statement that are read whole, of which the most natural is taken."""
_BATCH = 16
_WORDS = range(4, 50)
"""Words of a statement that is taken."""


@dataclass(frozen=True, slots=True)
class _Gap:
    """Characters of a statement, and what is put there instead."""

    start: int
    end: int
    filler: str
    gain: float
    """How much likelier its beginning is there than what stood there, in nats."""

    def within(self, text: str) -> str:
        """The text with the filler in the gap."""
        at_beginning = self.start == 0 and text[0].isupper()
        filler = self.filler[0].upper() + self.filler[1:] if at_beginning else self.filler
        return text[: self.start] + filler.strip() + text[self.end :]


class _Expectation:
    """How likely a language model finds each word at each place of a text."""

    def __init__(self, offsets: Sequence[tuple[int, int]], ids: torch.Tensor, shares: torch.Tensor) -> None:
        """``shares``: log-probabilities [tokens, vocabulary] of the token after each."""
        self._ends, self._ids, self._shares = [end for _, end in offsets], ids, shares

    def at(self, start: int) -> tuple[torch.Tensor, float]:
        """The log-probabilities of the token at a character, and that of what stands there; 0 for a text's first."""
        place = next((number for number, end in enumerate(self._ends) if end > start), 0)
        if not place:
            return torch.zeros_like(self._shares[0]), 0.0
        return self._shares[place - 1], float(self._shares[place - 1, self._ids[place]])

    def mean(self) -> float:
        """The mean log-probability of the text's tokens after the first."""
        count = sum(end > 0 for end in self._ends)
        return float(self._shares[: count - 1].gather(1, self._ids[1:count, None]).mean()) if count > 1 else -100.0


class _Writer:
    """A language model that says which words are likely, and the words that it chooses from, by their form."""

    def __init__(self, passages: Sequence[Doc]) -> None:
        checkpoint = load(source_of(LANGUAGE_MODEL), None, "float32", "cpu")
        self._model, self._tokenizer = checkpoint.model, checkpoint.tokenizer
        self._tokenizer.pad_token = self._tokenizer.pad_token or self._tokenizer.eos_token
        self._known: dict[str, Sequence[int]] = {}
        self._lexicon = self._read_lexicon(passages)

    def _read_lexicon(self, passages: Sequence[Doc]) -> Mapping[str, list[tuple[str, int]]]:
        """Form → the words of one token that have it, and their tokens."""
        seen = Counter((token.tag_, token.text) for doc in passages for token in doc if token.is_alpha)
        lexicon: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for (form, word), times in seen.items():
            tokens = self._tokens(word)
            if form in _FORMS and times >= _SEEN and len(tokens) == 1:
                lexicon[form].append((word, tokens[0]))
        return lexicon

    def _tokens(self, word: str) -> Sequence[int]:
        if word not in self._known:
            self._known[word] = self._tokenizer(f" {word}", add_special_tokens=False)["input_ids"]
        return self._known[word]

    def expectations(self, texts: Sequence[str]) -> Iterator[_Expectation]:
        """What the model expects in each text."""
        encoded = self._tokenizer(
            list(texts), padding=True, padding_side="right", return_tensors="pt", return_offsets_mapping=True
        )
        offsets = encoded.pop("offset_mapping").tolist()
        with torch.inference_mode():
            shares = self._model(**encoded).logits.float().log_softmax(-1)
        yield from map(_Expectation, offsets, encoded["input_ids"], shares)

    def likely(self, words: Sequence[str], shares: torch.Tensor) -> list[tuple[str, float]]:
        """The likeliest of some words by the first token of each, with the probability's logarithm."""
        scored = [(word, float(shares[self._tokens(word)[0]])) for word in dict.fromkeys(words)]
        return sorted(scored, key=lambda pair: -pair[1])[:_LIKELIEST]

    def invented(self, form: str, shares: torch.Tensor, without: frozenset[str]) -> list[tuple[str, float]]:
        """The likeliest words of a form among all but some."""
        known = [(word, token) for word, token in self._lexicon.get(form, ()) if word.casefold() not in without]
        if not known:
            return []
        best = shares[torch.tensor([token for _, token in known])].topk(min(_LIKELIEST, len(known)))
        return [(known[at][0], float(value)) for at, value in zip(best.indices.tolist(), best.values, strict=True)]


def exchanged(true: Sequence[Example], limit: int, seed: int) -> list[Example]:
    """At most ``limit`` false versions of supported examples, in random order, each beside the example as it was."""
    draw = random.Random(seed)  # noqa: S311  # no secret is drawn
    chosen = [each for each in true if each.label == "supported" and len(each.hypothesis.split()) in _WORDS]
    chosen = draw.sample(chosen, min(len(chosen), math.ceil(1.2 * limit)))
    if not chosen:
        return []
    passages = syntax.parse_all([each.premise for each in chosen])
    statements = syntax.parse_all([each.hypothesis for each in chosen])
    writer = _Writer(passages)
    versions: list[tuple[Example, str]] = []
    with progress.bar("exchange words", len(chosen)) as advance:
        for start in range(0, len(chosen), _BATCH):
            part = slice(start, start + _BATCH)
            expectations = writer.expectations([each.hypothesis for each in chosen[part]])
            read = zip(chosen[part], statements[part], passages[part], expectations, strict=True)
            for example, statement, passage, expectation in read:
                text = _version(_gaps(statement, passage, expectation, writer, draw), example.hypothesis, writer)
                versions += [(example, text)] if text is not None else []
            advance(len(chosen[part]))
    told_apart = [pair for pair, cosine in zip(versions, _cosines(versions), strict=True) if cosine < SAME]
    return [
        Example(example.premise, statement, label, "exchanged")
        for example, version in told_apart[:limit]
        for statement, label in _labelled(example.hypothesis, version)
    ]


def _labelled(statement: str, version: str) -> tuple[tuple[str, Target], tuple[str, Target]]:
    return (statement, "supported"), (version, "unsupported")


def _version(gaps: Iterable[_Gap], text: str, writer: _Writer) -> str | None:
    """The most natural of the versions whose gaps are filled most likely; None where nothing can be exchanged."""
    best = sorted(gaps, key=lambda gap: -gap.gain)[:_TRIED]
    texts = [gap.within(text) for gap in best]
    means = [expectation.mean() for expectation in writer.expectations(texts)] if texts else []
    return max(zip(means, texts, strict=True))[1] if texts else None


def _gaps(
    statement: Doc, passage: Doc, expectation: _Expectation, writer: _Writer, draw: random.Random
) -> Iterator[_Gap]:
    """What of a statement may be exchanged, and for what: words, names and noun phrases."""
    near = frozenset(word for doc in (statement, passage) for token in doc for word in (token.lower_, token.lemma_))
    for token in statement:
        shares, stood = expectation.at(token.idx)
        if token.lower_ in _RELATIONS and token.pos_ in ("ADP", "SCONJ"):
            relations = writer.likely(sorted(_RELATIONS - {token.lower_}), shares)
            yield from _gap(token.idx, syntax.end(token), relations[:2], stood, draw)
        elif token.tag_ in _FORMS and not token.ent_type_ and token.lemma_ not in ("be", "have", "do"):
            intrinsic = writer.likely(_alike(token, statement, passage), shares)
            extrinsic = writer.invented(token.tag_, shares, near)
            likely = intrinsic if draw.random() < 0.5 else extrinsic
            yield from _gap(token.idx, syntax.end(token), likely, stood, draw)
    for phrase, others in [*_names(statement, passage), *_phrases(statement, passage)]:
        shares, stood = expectation.at(phrase.start_char)
        yield from _gap(phrase.start_char, phrase.end_char, writer.likely(others, shares), stood, draw)


def _names(statement: Doc, passage: Doc) -> Iterator[tuple[Span, list[str]]]:
    """Names of a statement, each with those of its type that the passage has."""
    for name in statement.ents:
        yield name, [other.text for other in passage.ents if other.label_ == name.label_ and _apart(name, other)]


def _phrases(statement: Doc, passage: Doc) -> Iterator[tuple[Span, list[str]]]:
    """Noun phrases of a statement, each with those of the passage whose head has the same form and place."""
    for phrase in statement.noun_chunks:
        alike = [
            other
            for other in passage.noun_chunks
            if other.root.tag_ == phrase.root.tag_ and other.root.dep_ == phrase.root.dep_ and _apart(phrase, other)
        ]
        if phrase.root.pos_ != "PRON":
            yield phrase, [_in_mid_sentence(other) for other in alike]


def _in_mid_sentence(phrase: Span) -> str:
    first = phrase[0]
    return phrase.text if first.pos_ == "PROPN" else first.text[0].lower() + phrase.text[1:]


def _gap(
    start: int, end: int, likely: Sequence[tuple[str, float]], stood: float, draw: random.Random
) -> Iterator[_Gap]:
    """One filler, drawn by how likely it is; no gap where there is none. ``stood``: that of what it replaces."""
    if likely:
        weights = torch.tensor([share for _, share in likely]).softmax(-1).tolist()
        filler, share = draw.choices(likely, weights)[0]
        yield _Gap(start, end, filler, share - stood)


def _alike(token: Token, statement: Doc, passage: Doc) -> list[str]:
    """Words of the passage that have the form of a word, and are not in the statement."""
    stated = {other.lemma_ for other in statement}
    return [
        other.text
        for other in passage
        if other.tag_ == token.tag_ and other.lemma_ not in stated and other.is_alpha == token.is_alpha
    ]


def _apart(one: Span, other: Span) -> bool:
    """Whether two phrases share no word of content."""
    first, second = ({token.lemma_.casefold() for token in each if not token.is_stop} for each in (one, other))
    return bool(first and second) and not first & second


def _cosines(versions: Sequence[tuple[Example, str]]) -> list[float]:
    """The cosine of each statement and its version, by the mean of their tokens' vectors."""
    encoder = Encoder(load(source_of(SENTENCE_ENCODER), None, "float32", "cpu", "encoder"), 32)
    texts = [text for example, version in versions for text in (example.hypothesis, version)]
    encoded = encoder.encode(texts)
    means = {text: normalize(each.vectors.mean(0), dim=0) for text, each in encoded.items()}
    return [float(means[example.hypothesis] @ means[version]) for example, version in versions]
