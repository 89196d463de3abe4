"""Verify by shared words, fast and without a model: the baseline that other verifiers should beat.

Three numbers describe a pair (``measure_overlap``), and logistic regressions turn them into probabilities
(``checker_en/calibrator.py``). ``benchmarks/fit_lexical.py`` fits them, and ``benchmarks/lexical.md`` has the results.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import ClassVar, NamedTuple

from harness.checker_en import number_words
from harness.checker_en.calibrator import Calibrator, classify_length
from harness.checker_en.windows import Granularity, index, stem_lower_case
from harness.records import Agreement, Label, Pair, Span
from harness.signature import file_digest
from harness.text import UNSPACED, is_negator, normalise
from harness.verifiers.decide import Band, Prediction, Preset, abstain
from harness.verifiers.locale_values import fold, load_stop_words
from harness.verifiers.predictive import read_card
from harness.verifiers.statements import StatementVerifier

WEIGHTS = Path(__file__).parent / "lexical_weights.json"
_CAUTION = (
    "It only compares words, so false sentences that use the article's words often pass. The verifier entailment is "
    "right more often."
)
NEGATION = "not"
"""The key that all negators share, so that a premise without a negation lacks a word of a negated statement."""
_TOKEN = re.compile(rf"{number_words.DIGITS}|[{UNSPACED}]|[^\W_{UNSPACED}]+(?:'[^\W_]+)?")


class Lexical(StatementVerifier):
    """The share of a statement's words, numbers and names that the premise has; needs no model."""

    languages: ClassVar[frozenset[str]] = frozenset({"en"})
    conclusive: ClassVar[frozenset[Label]] = frozenset({"absent"})
    """Shared words do not distinguish a statement from its denial, so only ``absent`` is conclusive."""
    summary_bands: ClassVar[Mapping[Preset, Band]] = {
        "strict": Band(low=0.5, threshold=0.55, high=0.6),
        "balanced": Band(low=0.42, threshold=0.48, high=0.5),
        "lenient": Band(low=0.3, threshold=0.35, high=0.38),
    }
    article_bands: ClassVar[Mapping[Preset, Band]] = {
        "strict": Band(low=0.7, threshold=0.74, high=0.77),
        "balanced": Band(low=0.56, threshold=0.6, high=0.64),
        "lenient": Band(low=0.48, threshold=0.52, high=0.54),
    }

    def depends(self) -> Mapping[str, str]:
        libraries = ("num2words", "sentencex", "snowballstemmer", "spacy")  # spacy has the list of stop words
        return {**super().depends(), "weights": file_digest(WEIGHTS)[:8], **{name: version(name) for name in libraries}}

    def read_agreement(self) -> Agreement | None:
        card = json.loads(WEIGHTS.read_text(encoding="utf-8"))["card"]
        return read_card({**card, "caution": _CAUTION}, "the card in its weights")

    def predict_statements(self, pairs: Sequence[Pair]) -> list[Prediction]:
        return [self._predict(pair) for pair in pairs]

    def _predict(self, pair: Pair) -> Prediction:
        if not read_content(pair.hypothesis).words:
            return abstain("the statement has no content word")
        overlap, length = measure_overlap(pair), classify_length(pair)
        probabilities = self._calibrator.calibrate(overlap.features, length)
        return Prediction(probabilities, overlap.evidence, objection=overlap.explain(), of_article=length == "long")

    @cached_property
    def _calibrator(self) -> Calibrator:
        return Calibrator.load(WEIGHTS)


class Overlap(NamedTuple):
    """What a statement shares with a premise."""

    features: Mapping[str, float]
    """``premise`` and ``evidence``: the share of the statement's content words that each has. ``missing``: 1 if the
    premise lacks one of the statement's numbers or names, else 0."""
    evidence: Span | None
    """The one or two sentences that share the most with the statement; None if they share no word."""
    missing: Sequence[str]
    """The numbers and names that the premise lacks."""

    def explain(self) -> str | None:
        """Explain what the premise lacks, or return None if it has every number and name."""
        if self.evidence is None:
            return "no word of the statement is in the premise"
        return f"the premise does not have {', '.join(self.missing)}" if self.missing else None


def measure_overlap(pair: Pair) -> Overlap:
    """Compare a statement that has content words with a premise that has words."""
    stated, known = read_content(pair.hypothesis), read_content(pair.premise).words

    def measure_share(text: str) -> float:
        return len(stated.words & read_content(text).words) / len(stated.words)

    sizes: tuple[Granularity, ...] = ("sentence", "two_sentences")
    nearest = [index(pair.premise, size).best(pair.hypothesis, 1).windows[0] for size in sizes]
    evidence = max(nearest, key=lambda each: measure_share(each.text))  # one sentence, if the next one adds nothing
    missing = [text for key, text in stated.values.items() if key not in known]
    features = {
        "premise": measure_share(pair.premise),
        "evidence": measure_share(evidence.text),
        "missing": float(bool(missing)),
    }
    return Overlap(features, evidence if features["evidence"] else None, missing)


class Content(NamedTuple):
    """The content words of a text, as keys; all spellings of a word have the same key."""

    words: frozenset[str]
    """Stems, and numbers in digits, without stop words."""
    values: Mapping[str, str]
    """Key → spelling in the text, for numbers and names."""


@lru_cache(maxsize=1024)
def read_content(text: str) -> Content:
    """Read the content words of a text. Names are capitalised words, except the text's first word."""
    tokens = _TOKEN.findall(normalise(text))
    lower = [fold(token).removesuffix("'s") for token in tokens]
    words, values, at = set(), {}, 0
    while at < len(tokens):
        key, end = "", at + 1
        if number := number_words.read(lower, at):
            key, end = number_words.format_digits(number[0]), number[1]
        elif is_negator(lower[at]):
            key = NEGATION
        elif lower[at] not in load_stop_words("en"):
            key = stem_lower_case(lower[at])
        if key:
            words.add(key)
        if number or (key not in ("", NEGATION) and at and tokens[at][0].isupper()):
            values[key] = " ".join(tokens[at:end])
        at = end
    return Content(frozenset(words), values)
