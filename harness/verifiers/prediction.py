"""The base of verifiers that predict probabilities, and so can be calibrated: ``predict`` is the one method to write.

From a pair to its verdict, as ``verify`` goes:

1. ``predictions`` asks ``predict`` for probabilities and evidence, except of a pair in another language, as it is given
   or as it reads, or without a word in its premise. A claim is held against facts of its article too (``_facts.py``).
2. ``recalibrate`` changes the probabilities by the file that the option ``calibration`` names (``calibration.py``).
3. ``decide`` gives the label, by the thresholds, which are options of the verifier (``decide.py``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import ClassVar, Literal, get_args

from harness import languages
from harness.checker_en.windows import index
from harness.errors import ConfigError
from harness.records import Agreement, Difference, Label, Pair, Probabilities, Span, Verdict
from harness.seams import FilePath, Verifier
from harness.text import base_language, is_ended, normalise, sentences, words
from harness.verifiers._facts import with_facts
from harness.verifiers.calibration import Calibration, load_calibration
from harness.verifiers.decide import BAND_OPTIONS, Decision, Thresholds, changed_thresholds, decide

Option = Literal["supported", "contradicted", "absent"]
"""The labels that a model chooses among; ``uncertain`` is given by ``decide`` alone."""
OPTIONS: tuple[Option, ...] = get_args(Option)
ENGLISH = frozenset({"en"})
"""The languages of a verifier whose rules or training are English."""
_MARK = re.compile(r"[^\w\s]")
_TELLING_CATEGORIES = frozenset({"Sm", "So", "Sc"})
"""Of Unicode: signs of mathematics, of currencies, and others, which no sentence has for its punctuation."""
_TELLING = re.compile(
    r"[?؟%‰]"
    r"|(?<!\w)-(?=[^\w\s]?\d)|(?<!\w)[*#](?=\d)|(?<=\w)[-*#](?![-\w*#])"  # -5, #1, BBB-
    r"|(?<=\d)[^\w\s](?=\d)|(?<![\w.])\.(?=\d)"  # 1.5 and 1:5, .5
    r"|(?<=\d)['\"]|\((?=[^\w\s]*\d[\d.,]*[^\w\s]?\))"  # 6' and 6", and (3.2), which is a loss in accounts
)
"""The punctuation marks that change what a sentence says, where they stand."""
_QUOTED = re.compile(r"(?<!\w)(['\"])(?=\S)(.{0,300}?\S)\1(?!\w)")
_ASKED = re.compile(r"[?؟]\W*$")
_COLON = re.compile(r"[:：]\W*$")


@dataclass(frozen=True, slots=True)
class Prediction:
    """Probabilities and evidence of a verifier for a pair, before a label is decided."""

    probabilities: Probabilities
    """P(label) of the three labels, which sum to 1; without meaning where ``abstained`` is set."""
    evidence: Span | None = None
    """Into the premise; None where nothing in it bears on the hypothesis."""
    reason: str | None = None
    """What a reader should know of it; where ``abstained`` is set, why."""
    objection: str | None = None
    """What of the hypothesis the premise has otherwise, or has not, in words; told unless the label is supported."""
    abstained: bool = False
    """Whether there is nothing to decide by: no answer came, or one that cannot be read."""
    transient: bool = False
    """Whether asking again may give an answer (a time-out, a busy server)."""
    differences: tuple[Difference, ...] = ()
    """Values and words of the hypothesis that are not the premise's, where the verifier tells them."""
    of_article: bool = False
    """Whether the premise was read as an article, of which the sentences nearest to the hypothesis were read alone: a
    text of more than 200 words that is not known to be a summary. Then the thresholds of articles hold."""


def abstain(reason: str, *, transient: bool = False) -> Prediction:
    """No label can be given, for this reason; ``transient``: asking again may give one."""
    uninformative = Probabilities(1 / 3, 1 / 3, 1 / 3)
    return Prediction(uninformative, reason=reason, abstained=True, transient=transient)


class PredictiveVerifier(Thresholds, Verifier):
    """A verifier that predicts probabilities, which a calibration can mend; ``predict`` is the one method to write."""

    unsigned: ClassVar[frozenset[str]] = frozenset({"calibration"})  # its digest is in the signature, not its place

    calibration: FilePath | None = None
    """A file that harness calibrate wrote: it recalibrates the probabilities and replaces the decision preset."""

    def predict(self, pairs: Sequence[Pair]) -> list[Prediction]:
        """One prediction a pair, in order, whatever the other pairs are; each premise has words."""
        raise NotImplementedError

    def measured(self) -> Agreement | None:
        """How well it agrees with people without a calibration; None where nobody has compared them."""
        return None

    # What every verifier has ----------------------------------------------------------------------------------------

    def verify(self, pairs: Sequence[Pair]) -> list[Verdict]:
        """One verdict a pair, in order."""
        return [self._verdict(self.recalibrate(prediction)) for prediction in self.predictions(pairs)]

    def depends(self) -> Mapping[str, str]:
        return {**super().depends(), **({} if self.languages is None else languages.depends())}

    def agreement(self) -> Agreement | None:
        """What the calibration measured where there is one, else what was measured of the verifier without it."""
        measured, calibration = self.measured(), self._loaded_calibration
        if calibration is None:
            moved = changed_thresholds(self) if measured else ""
            return replace(measured, caution=" ".join(filter(None, (measured.caution, moved)))) if measured else None
        own = calibration.file.agreement
        caution = " ".join(filter(None, (own.caution, calibration.caution)))
        return replace(own, fitted={**(measured.fitted if measured else {}), **own.fitted}, caution=caution)

    def check(self) -> Iterable[str]:
        try:
            self._loaded_calibration  # noqa: B018  # reading it is the check
        except ConfigError as error:
            return str(error).split("\n")
        return ()

    def signature(self) -> str:
        """With the digest of the calibration at its end, where there is one."""
        calibration = self._loaded_calibration
        return self.uncalibrated() + (f"|calibration:{calibration.digest}" if calibration else "")

    def uncalibrated(self) -> str:
        """The signature without the calibration: what a calibration is made for."""
        return super().signature()

    # The steps from a pair to its verdict ---------------------------------------------------------------------------

    def predictions(self, pairs: Sequence[Pair]) -> list[Prediction]:
        """One prediction a pair, in order: that of ``predict`` where the pair is in a language that the verifier reads,
        and its premise has words."""
        unasked = [self._unasked(pair) for pair in pairs]
        asked = [pair for pair, prediction in zip(pairs, unasked, strict=True) if prediction is None]
        predicted = iter(self._with_facts(asked, self.predict(asked)) if asked else ())
        return [next(predicted) if prediction is None else prediction for prediction in unasked]

    def recalibrate(self, prediction: Prediction) -> Prediction:
        """The prediction as the calibration mends it, where there is one."""
        calibration = self._loaded_calibration
        if calibration is None or prediction.abstained:
            return prediction
        return replace(prediction, probabilities=calibration.file.recalibration.apply(prediction.probabilities))

    def decide(self, prediction: Prediction) -> Decision:
        """The label of a recalibrated prediction."""
        calibration = self._loaded_calibration
        return decide(prediction, self, calibration.file.decision if calibration else None)

    def _unasked(self, pair: Pair) -> Prediction | None:
        """The prediction of a pair that ``predict`` is not asked about: what an editor denied, and texts in another
        language, of which only what stands in the premise word for word is decided."""
        if pair.denied and not verbatim(pair.premise, pair.hypothesis, pair.language):
            return _denied(pair)
        unread = self._unread(pair)
        if unread is None:
            return None if words(pair.premise) else _NO_WORDS
        if verbatim(pair.premise, pair.hypothesis, pair.language):
            return Prediction(Probabilities(1.0, 0.0, 0.0), reason="stands in the premise word for word")
        return abstain(unread)

    def _unread(self, pair: Pair) -> str | None:
        """Why the verifier does not read the texts of a pair: another language; None where it does."""
        if self.languages is None:
            return None
        reads = f"{self.kind()} reads {', '.join(sorted(self.languages))}"
        if base_language(pair.language) not in self.languages:
            return f"the texts are in {pair.language!r}, and {reads}"
        for name, text in (("statement", pair.hypothesis), ("text", pair.premise)):
            if code := languages.beyond(text, self.languages):
                return f"the {name} reads as {code!r}, and {reads}"
        return None

    def _with_facts(self, pairs: Sequence[Pair], predicted: Sequence[Prediction]) -> list[Prediction]:
        """The predictions, mended where facts of the article contradict the hypothesis or bear it out.

        Only a verifier that can tell a statement from its denial is asked about facts.
        """
        if "supported" not in self.conclusive:
            return list(predicted)
        questions = {
            pair: pair.beside_facts
            for pair, prediction in zip(pairs, predicted, strict=True)
            if pair.facts and not prediction.abstained and not verbatim(pair.premise, pair.hypothesis, pair.language)
        }
        by_facts = self._beside_facts(dict.fromkeys(questions.values()))
        return [
            with_facts(pair, prediction, by_facts[questions[pair]], self)
            if questions.get(pair) in by_facts
            else prediction
            for pair, prediction in zip(pairs, predicted, strict=True)
        ]

    def _beside_facts(self, questions: Iterable[Pair]) -> dict[Pair, Prediction]:
        """The predictions beside facts, without those of a claim that says what the fact says that it would deny."""
        asked = list(questions)
        predicted = dict(zip(asked, self.predictions(asked), strict=True))
        converse = {
            pair: pair.converse(prediction.evidence.text if prediction.evidence else pair.premise)
            for pair, prediction in predicted.items()
            if decide(prediction, self).label == "contradicted"
        }
        distinct = list(dict.fromkeys(converse.values()))
        told = dict(zip(distinct, self.predictions(distinct) if distinct else (), strict=True))
        says_so = {pair for pair, other in converse.items() if decide(told[other], self).label == "supported"}
        unsure = {pair: told[other] for pair, other in converse.items() if told[other].transient}
        return {pair: unsure.get(pair, prediction) for pair, prediction in predicted.items() if pair not in says_so}

    def _verdict(self, prediction: Prediction) -> Verdict:
        decision = self.decide(prediction)
        return Verdict(
            decision.label,
            prediction.probabilities,
            prediction.evidence,
            self._signature,
            _reason(prediction, decision),
            prediction.transient,
            _differences(prediction, decision.label),
            prediction.abstained,
        )

    @cached_property
    def _signature(self) -> str:
        return self.signature()

    @property
    def changed_band_options(self) -> list[str]:
        """The options that a calibration replaces and that differ from their default."""
        fields = type(self).model_fields
        return [name for name in BAND_OPTIONS if getattr(self, name) != fields[name].default]

    @cached_property
    def _loaded_calibration(self) -> Calibration | None:
        if self.calibration is None:
            return None
        for name in self.changed_band_options:
            raise ConfigError(f"calibration replaces {name}; remove one of the two")
        return load_calibration(self.calibration, self.uncalibrated())


def _denied(pair: Pair) -> Prediction:
    """The prediction of a claim that is a false version of a fact, word for word."""
    return Prediction(
        Probabilities(0.0, 1.0, 0.0),
        index(pair.premise, "sentence").best(pair.denied, 1).windows[0],
        objection=f"is a false version, as an editor wrote it, of a fact of the article: {pair.denied}",
        of_article=True,
    )


_NO_WORDS = Prediction(Probabilities(0.0, 0.0, 1.0), reason="the premise has no words")


def _reason(prediction: Prediction, decision: Decision) -> str | None:
    """What a reader should know, and for an undecided verdict, between which limits it fell."""
    if prediction.abstained:
        return prediction.reason
    objection = None if decision.label == "supported" else prediction.objection
    return "; ".join(filter(None, (prediction.reason, objection, decision.reason))) or None


def _differences(prediction: Prediction, label: Label) -> tuple[Difference, ...]:
    """Those that bear on the label: none where it is supported; of what is contradicted, words, and values that have
    another in their place."""
    if label == "supported":
        return ()
    told = prediction.differences
    return tuple(each for each in told if label != "contradicted" or each.found or each.kind == "wording")


def verbatim(premise: str, hypothesis: str, language: str = "en") -> bool:
    """Whether the hypothesis has words, and every sentence of it is one of the premise's, but for case and for marks
    that leave its meaning as it is.

    What answers a question, stands in a list that a colon announces, or goes on with a line that is no sentence, may be
    denied there: it is a sentence of the premise together with that alone.
    """
    return bool(words(hypothesis)) and _sentences(premise, language).issuperset(_in_context(hypothesis, language))


@lru_cache(maxsize=256)
def _sentences(premise: str, language: str) -> frozenset[tuple[str, ...]]:
    return frozenset(_in_context(premise, language))


def _in_context(text: str, language: str) -> Iterator[tuple[str, ...]]:
    """Each sentence, spelled, behind what it cannot be told without: the one before it, or what announces its list."""
    every = sentences(text, language)
    previous = Span(0, 0, "")
    spelled: tuple[str, ...] = ()
    announced: tuple[str, ...] = ()
    for number, sentence in enumerate(every):
        between = text[previous.end : sentence.start]
        line_ends = "\n" in between
        is_headed = number == 1 and sentence.text[:1].isupper()
        goes_on = between.strip(" \t\r") == "\n" and not is_ended(previous.text) and not is_headed
        if line_ends and _COLON.search(previous.text):
            announced = spelled
        elif line_ends and not between.strip() and not goes_on:
            announced = ()
        context = spelled if goes_on or _ASKED.search(previous.text) else announced
        previous, spelled = sentence, _spelled(sentence)
        yield (*context, *spelled)


def _spelled(sentence: Span) -> tuple[str, ...]:
    """The words of a sentence, and between them the marks that change what it says."""
    text = _QUOTED.sub(r" \2 ", normalise(sentence.text).replace("−", "-"))
    tokens: list[str] = []
    at = 0
    for mark in _MARK.finditer(text):
        if unicodedata.category(mark.group()) in _TELLING_CATEGORIES or _TELLING.match(text, mark.start()):
            tokens += [*words(text[at : mark.start()]), mark.group()]
            at = mark.end()
    return (*tokens, *words(text[at:]))
