"""The base class of verifiers that predict probabilities, and can therefore be calibrated.

A subclass implements ``predict``. ``verify`` then does the rest:

1. ``predict_all`` answers the pairs that need no model: sentences that the premise says word for word, listed false
   versions of facts, and texts that the verifier cannot read. It calls ``predict`` for the others, and checks claims
   against facts of the article (``facts.py``).
2. ``recalibrate`` applies the file that the option ``calibration`` names (``calibration.py``).
3. ``decide`` chooses the label (``decide.py``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from importlib.metadata import version
from typing import Any, ClassVar

from harness import languages
from harness.checker_en.verbatim import is_verbatim
from harness.checker_en.windows import find_nearest_sentence
from harness.errors import ConfigError
from harness.records import Agreement, Difference, Label, Pair, Probabilities, Span, Verdict
from harness.seams import FilePath, Verifier
from harness.text import base_language, is_dialogue, is_negator, words
from harness.verifiers.calibration import Calibration, load_calibration
from harness.verifiers.decide import BAND_OPTIONS, Decision, Prediction, Thresholds, abstain, decide
from harness.verifiers.facts import check_facts
from harness.verifiers.locale_names import list_tagger_versions
from harness.verifiers.value_conflicts import find_conflict

DIALOGUE = "the text is a dialogue, and this verifier does not track who says what"


class PredictiveVerifier(Thresholds, Verifier):
    """A verifier that predicts probabilities; subclasses implement only ``predict``."""

    unsigned: ClassVar[frozenset[str]] = frozenset({"calibration"})  # the signature has the file's digest, not its path
    reads_dialogues: ClassVar[bool] = False
    """False if the verifier abstains on dialogues."""
    compares_values: ClassVar[bool] = False
    """True if it compares values in languages that it does not read (``value_conflicts.py``)."""

    calibration: FilePath | None = None
    """A file from harness calibrate. It recalibrates probabilities and replaces the options decisions and threshold."""

    def predict(self, pairs: Sequence[Pair]) -> list[Prediction]:
        """Predict each pair, in order and independently of the others; every premise has words."""
        raise NotImplementedError

    def read_agreement(self) -> Agreement | None:
        """Return the uncalibrated verifier's agreement with people, or None if it was not measured."""
        return None

    def verify(self, pairs: Sequence[Pair]) -> list[Verdict]:
        predicted = map(self.recalibrate, self.predict_all(pairs))
        return [self._make_verdict(pair, prediction) for pair, prediction in zip(pairs, predicted, strict=True)]

    def depends(self) -> Mapping[str, str]:
        libraries = ["py3langid"] if self.languages is not None else []
        libraries += ["babel", "num2words", "rapidfuzz", "spacy"] if self.compares_values else []  # spacy: stop words
        taggers = list_tagger_versions() if self.compares_values else {}
        return {**super().depends(), **{name: version(name) for name in libraries}, **taggers}

    def agreement(self) -> Agreement | None:
        agreement, calibration, caution = self.read_agreement(), self._loaded_calibration, ""
        if calibration:
            fitted = {**(agreement.fitted if agreement else {}), **calibration.file.agreement.fitted}
            agreement, caution = replace(calibration.file.agreement, fitted=fitted), calibration.caution
        elif changed := self.list_changed():
            defaults = ", ".join(f"{name} {type(self).model_fields[name].default}" for name in changed)
            caution = f"The published numbers were measured with different thresholds: {defaults}."
        return agreement and replace(agreement, caution=" ".join(filter(None, (agreement.caution, caution))))

    def check(self) -> Iterable[str]:
        try:
            self._loaded_calibration  # noqa: B018  # reading it is the check
        except ConfigError as error:
            return str(error).split("\n")
        return ()

    def signature(self) -> str:
        calibration = self._loaded_calibration
        return self.uncalibrated() + (f"|calibration:{calibration.digest}" if calibration else "")

    def uncalibrated(self) -> str:
        """Return the signature without the calibration; calibration files name their verifier by it."""
        return super().signature()

    def predict_all(self, pairs: Sequence[Pair]) -> list[Prediction]:
        """Predict each pair, in order; ``predict`` gets only the pairs that need it."""
        known = [self._predict_without_model(pair) for pair in pairs]
        asked = [pair for pair, prediction in zip(pairs, known, strict=True) if prediction is None]
        predicted = self.predict(asked) if asked else []
        if "supported" in self.conclusive:  # other verifiers do not distinguish a statement from its denial
            predicted = check_facts(asked, predicted, self)
        answers = iter(predicted)
        return [next(answers) if prediction is None else prediction for prediction in known]

    def recalibrate(self, prediction: Prediction) -> Prediction:
        calibration = self._loaded_calibration
        if calibration is None or prediction.abstained:
            return prediction
        probabilities = calibration.file.recalibration.apply(prediction.probabilities)
        return replace(prediction, probabilities=probabilities, decision=None)

    def decide(self, prediction: Prediction) -> Decision:
        """Decide the label of a recalibrated prediction."""
        calibration = self._loaded_calibration
        return decide(prediction, self, calibration.file.decision if calibration else None)

    def _predict_without_model(self, pair: Pair) -> Prediction | None:
        """Predict a pair that needs no model, or return None if ``predict`` has to."""
        if verbatim := predict_verbatim(pair):
            return replace(verbatim, reason="the premise contains this statement word for word")
        if pair.denied:
            return Prediction(
                Probabilities(0.0, 1.0, 0.0),
                find_nearest_sentence(pair.premise, pair.denied, pair.language),
                objection=f"the claim is a listed false version of a fact of the article: {pair.denied}",
                of_article=True,
            )
        if unreadable := self._explain_unreadable(pair):
            is_comparable = self.compares_values and unreadable != DIALOGUE
            conflict = find_conflict(pair, self.languages or frozenset()) if is_comparable else None
            return conflict or abstain(unreadable)
        if not words(pair.premise):
            return Prediction(Probabilities(0.0, 0.0, 1.0), reason="the premise has no words")
        return None

    def _explain_unreadable(self, pair: Pair) -> str | None:
        """Explain why the verifier cannot read a pair, or return None if it can."""
        if not self.reads_dialogues and is_dialogue(pair.premise):
            return DIALOGUE
        if self.languages is None:
            return None
        reads = f"{self.kind()} reads only {', '.join(sorted(self.languages))}"
        if base_language(pair.language) not in self.languages:
            return f"the texts are in {pair.language!r}, but {reads}"
        for name, text in (("statement", pair.hypothesis), ("text", pair.premise)):
            if code := languages.detect_outside(text, self.languages):
                return f"the {name} seems to be in {code!r}, but {reads}"
        return None

    def _make_verdict(self, pair: Pair, prediction: Prediction) -> Verdict:
        decision = self.decide(prediction)
        reasons = [prediction.reason]
        if not prediction.abstained:
            reasons += [prediction.objection if decision.label != "supported" else None, decision.reason]
        return Verdict(
            decision.label,
            prediction.probabilities,
            prediction.evidence,
            self._signature,
            "; ".join(filter(None, reasons)) or None,
            prediction.transient,
            _choose_differences(pair, prediction, decision.label),
            prediction.abstained,
        )

    @cached_property
    def _signature(self) -> str:
        return self.signature()

    @property
    def changed_band_options(self) -> list[str]:
        """The options that the user has set, but that a calibration would replace."""
        return [name for name in self.list_changed() if name in BAND_OPTIONS]

    @cached_property
    def _loaded_calibration(self) -> Calibration | None:
        if self.calibration is None:
            return None
        for name in self.changed_band_options:
            raise ConfigError(f"calibration replaces {name}; remove one of the two")
        return load_calibration(self.calibration, self.uncalibrated())


def predict_verbatim(pair: Pair) -> Prediction | None:
    """Predict ``supported`` if the premise contains the hypothesis word for word, else return None."""
    if not is_verbatim(pair.premise, pair.hypothesis, pair.language):
        return None
    return Prediction(Probabilities(1.0, 0.0, 0.0), find_nearest_sentence(pair.premise, pair.hypothesis, pair.language))


def _choose_differences(pair: Pair, prediction: Prediction, label: Label) -> tuple[Difference, ...]:
    """Return the differences that a reader of the evidence can see; none if the hypothesis is supported."""
    evidence = prediction.evidence
    if label == "supported":
        return ()
    if evidence is None:
        return prediction.differences
    return tuple(each for each in prediction.differences if _is_visible(each, pair.hypothesis, evidence))


def _is_visible(difference: Difference, hypothesis: str, evidence: Span) -> bool:
    """True if the evidence has the premise's value or, without one, lacks a stated word or differs in negation."""
    if difference.found:
        return difference.found.overlaps(evidence)
    shown = words(evidence.text)
    is_same_polarity = any(map(is_negator, shown)) == any(map(is_negator, words(hypothesis)))
    return not (is_same_polarity and set(words(difference.stated)) <= set(shown))


def read_card(card: Mapping[str, Any], source: str) -> Agreement:
    """Read the agreement with people from a model card in a file of fitted weights; ``source`` says where the card is.

    Each entry of ``card["data"]`` describes a data file. The counts come from the entry with
    ``used_as: coverage``, whose labels say if a fact is in a summary. ``out_of_fold`` has the measures by name.
    """
    coverage = next(entry for entry in card["data"] if entry["used_as"] == "coverage")
    measured = card["out_of_fold"]
    return Agreement(
        data=coverage["name"],
        groups=coverage["groups"],
        rows=coverage["rows"],
        balanced_accuracy=measured["balanced_accuracy"],
        auc=measured["fact_auc"],
        ece=measured["calibration_error"],
        source=source,
        date=card["date"],
        out_of_fold={
            name: value for name, value in measured.items() if name != "reliability" and not name.endswith("_floor")
        },
        fitted={entry["file"]: entry["sha256"] for entry in card["data"]},
        caution=card.get("caution", ""),
    )
