"""The learned default: a small network that reads the premise, with the words and the slots that match beside it.

The network (``_entailment/network.py``) is trained over the packaged MiniLM encoder on human judgements and on typed
perturbations of article sentences; boosted trees weigh what ``lexical`` and ``slots`` see, and a regression weighs
both. ``benchmarks/fit_entailment.py`` makes them, ``benchmarks/entailment.md`` says how well they do. English; needs no
hub, no key and no GPU.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.metadata import version
from pathlib import Path

from harness import store
from harness.records import Agreement, Pair, Probabilities
from harness.signature import file_digest
from harness.verifiers import model_card
from harness.verifiers._contrast import against
from harness.verifiers._entailment.blend import Blend
from harness.verifiers._entailment.encoder import MODEL, encoder
from harness.verifiers._entailment.evidence import Evidence, Gatherer
from harness.verifiers._entailment.packed import load
from harness.verifiers._entailment.passages import is_long
from harness.verifiers._entailment.reading import Reader
from harness.verifiers._entailment.script import is_foreign
from harness.verifiers._lexical.match import Matcher
from harness.verifiers._lexical.weights import Weights
from harness.verifiers.lexical import WEIGHTS as LEXICON
from harness.verifiers.prediction import ENGLISH, Prediction, PredictiveVerifier, abstain
from harness.verifiers.verbatim import verbatim

FOLDER = Path(__file__).parent / "_entailment"
NETWORK = FOLDER / "network.safetensors"
BLEND = FOLDER / "blend.json"

_FOREIGN = "not in Latin letters: only what stands there word for word is supported; nli and judge take other models"


class Entailment(PredictiveVerifier):
    """A small network trained on human judgements, with words and slots beside it; needs only packaged models."""

    @property
    def languages(self) -> frozenset[str]:
        return ENGLISH

    def measured(self) -> Agreement | None:
        return model_card.agreement(self._blend.card, "benchmarks/entailment.md")

    def depends(self) -> Mapping[str, str]:
        return {
            **super().depends(),
            "network": file_digest(NETWORK)[:8],
            "blend": file_digest(BLEND)[:8],
            "lexicon": file_digest(LEXICON)[:8],
            "encoder": store.checksum(MODEL)[:8],
            **{name: version(name) for name in ("torch", "tokenizers", "spacy", "sentencex", "snowballstemmer")},
        }

    def predict(self, pairs: Sequence[Pair]) -> list[Prediction]:
        texts = ((pair, text) for pair in pairs for text in (pair.hypothesis, *pair.accepted, *pair.contrasts))
        asked = list(dict.fromkeys(pair.bare(text) for pair, text in texts))
        gathered = zip(asked, self._gatherer.gather(asked), strict=True)
        read = {question: evidence for question, evidence in gathered if evidence}
        judged = {
            question: Judged(_checked(question, self._weighed(question, evidence)), evidence, question)
            for question, evidence in read.items()
        }
        return [self._prediction(pair, judged) for pair in pairs]

    def _weighed(self, question: Pair, evidence: Evidence) -> Probabilities:
        """What the blend makes of the evidence."""
        return self._blend.probabilities(evidence.features, evidence.read, is_long(question.premise))

    @cached_property
    def _blend(self) -> Blend:
        return Blend.load(BLEND)

    @cached_property
    def _gatherer(self) -> Gatherer:
        return Gatherer(Matcher(Weights.load(LEXICON).lexicon), Reader(encoder(), load(NETWORK)))

    def _prediction(self, pair: Pair, judged: Mapping[Pair, Judged]) -> Prediction:
        """The best supported wording counts, weighed against the false version that is best supported.

        Where one wording is denied and another seems supported, the denial counts, unless the other is certainly there:
        in other words a statement looks less denied than it is. Then it takes more to be called contradicted.
        """

        def each(texts: Iterable[str]) -> list[Judged]:
            return [judged[bare] for bare in map(pair.bare, texts) if bare in judged]

        wordings, contrasts = each((pair.hypothesis, *pair.accepted)), each(pair.contrasts)
        if not wordings:
            return _unread(pair)
        best = max(wordings, key=_supported)
        contrast = max(contrasts, key=_supported, default=None)
        denied = next((wording for wording in wordings if wording.denied), None)
        if denied and self.threshold < _supported(best) < self.certain_threshold:
            if contrast is None or _supported(contrast) < self.certain_threshold:
                return replace(denied.predict(denied.probabilities), unexplained=True, read_whole=False)
            best = denied
        return self._against(best, contrast) if contrast else best.predict(best.probabilities)

    def _against(self, best: Judged, contrast: Judged) -> Prediction:
        """The false version takes its share of what the wording and it explain."""
        share = self._blend.share(best.probabilities, contrast.probabilities)
        both = against(best.probabilities, _supported(contrast), share)
        if both.contradicted > both.supported and share < 0.5:
            nearer = f"the premise is nearer to the false version: {contrast.question.hypothesis}"
            return Prediction(both, contrast.evidence.span, nearer, differences=best.evidence.findings.values)
        return replace(best.predict(both), read_whole=True)


@dataclass(frozen=True, slots=True)
class Judged:
    """One text against one premise."""

    probabilities: Probabilities
    evidence: Evidence
    question: Pair

    @property
    def denied(self) -> bool:
        """Whether the premise says the opposite by name: a negation, or who does it to whom the other way round."""
        opposite = any(slot.type in ("negation", "role") for slot in self.evidence.findings.of("conflict"))
        return opposite and self.probabilities.contradicted > self.probabilities.supported

    def predict(self, weighed: Probabilities) -> Prediction:
        """With its evidence, and what differs where the text is not simply supported."""
        if self.evidence.span is None:
            return Prediction(weighed, None, "no word of the statement is in the premise")
        findings = self.evidence.findings
        reason = "; ".join(findings.differences) if weighed.supported <= 0.5 else ""
        reason = _FOREIGN if is_foreign(self.question.hypothesis) else reason
        return Prediction(
            weighed,
            self.evidence.span,
            reason or None,
            differences=findings.values,
            read_whole=not is_long(self.question.premise),
            unexplained=not findings.of("conflict"),
        )


def _supported(judged: Judged) -> float:
    return judged.probabilities.supported


def _checked(question: Pair, found: Probabilities) -> Probabilities:
    """What the premise says word for word, it does not contradict; what is in another script, it supports only so."""
    if verbatim(question.premise, question.hypothesis):
        return Probabilities(found.supported + found.contradicted, 0.0, found.absent)
    return _doubted(found) if is_foreign(question.hypothesis) else found


def _doubted(found: Probabilities) -> Probabilities:
    """Half of what speaks for the statement is dealt to what does not, so that words alone never support it."""
    lost = found.supported / 4
    return Probabilities(2 * lost, found.contradicted + lost, found.absent + lost)


def _unread(pair: Pair) -> Prediction:
    if not pair.premise.strip():
        return Prediction(Probabilities(0.0, 0.0, 1.0), reason="the premise has no words")
    reason = "the premise or the statement has no word that says anything, or is too long to be read"
    return abstain(reason)
