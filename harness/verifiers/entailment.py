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
from harness.verifiers import _card
from harness.verifiers._entailment.blend import Blend
from harness.verifiers._entailment.encoder import MODEL, encoder
from harness.verifiers._entailment.evidence import Evidence, Gatherer, says
from harness.verifiers._entailment.packed import load
from harness.verifiers._entailment.passages import is_long
from harness.verifiers._entailment.reading import Reader
from harness.verifiers._entailment.script import is_foreign
from harness.verifiers._lexical.match import Matcher
from harness.verifiers._lexical.weights import Weights
from harness.verifiers._opinion import Opinion, OpinionVerifier
from harness.verifiers._rival import against
from harness.verifiers._slots.findings import Findings
from harness.verifiers.lexical import WEIGHTS as LEXICON

FOLDER = Path(__file__).parent / "_entailment"
NETWORK = FOLDER / "network.safetensors"
BLEND = FOLDER / "blend.json"

_READ_WHOLE = 0.7
"""From which probability a short premise, all of which is read, contradicts a statement though no conflict is named."""
_SURELY = 0.9
"""From which probability a wording is there, whatever another one seems to be."""
_FOREIGN = "not in Latin letters: only what stands there word for word is supported; nli and judge take other models"
_THIRD = Probabilities(1 / 3, 1 / 3, 1 / 3)


class Entailment(OpinionVerifier):
    """A small network trained on human judgements, with words and slots beside it; needs only packaged models."""

    def measured(self) -> Agreement | None:
        return _card.agreement(self._blend.card, "benchmarks/entailment.md")

    def depends(self) -> Mapping[str, str]:
        return {
            **super().depends(),
            "network": file_digest(NETWORK)[:8],
            "blend": file_digest(BLEND)[:8],
            "lexicon": file_digest(LEXICON)[:8],
            "encoder": store.checksum(MODEL)[:8],
            **{name: version(name) for name in ("torch", "tokenizers", "spacy", "sentencex", "snowballstemmer")},
        }

    def opinions(self, pairs: Sequence[Pair]) -> list[Opinion]:
        texts = ((pair, text) for pair in pairs for text in (pair.hypothesis, *pair.accepted, *pair.contrasts))
        asked = list(dict.fromkeys(pair.bare(text) for pair, text in texts))
        gathered = zip(asked, self._gatherer.gather(asked), strict=True)
        known = {question: evidence for question, evidence in gathered if evidence}
        found = {
            question: Judged(_checked(question, self._weighed(question, evidence)), evidence, question)
            for question, evidence in known.items()
        }
        return [self._opinion(pair, found) for pair in pairs]

    def _weighed(self, question: Pair, evidence: Evidence) -> Probabilities:
        """What the blend makes of the evidence."""
        return self._blend.probabilities(evidence.features, evidence.read, is_long(question.premise))

    @cached_property
    def _blend(self) -> Blend:
        return Blend.load(BLEND)

    @cached_property
    def _gatherer(self) -> Gatherer:
        return Gatherer(Matcher(Weights.load(LEXICON).lexicon), Reader(encoder(), load(NETWORK)))

    def _opinion(self, pair: Pair, found: Mapping[Pair, Judged]) -> Opinion:
        """The best supported wording counts, weighed against the false version that is best supported.

        Where one wording is denied and another seems supported, the denial counts, unless the other is surely there: in
        other words a statement looks less denied than it is. Then it takes more to accuse.
        """

        def judged(texts: Iterable[str]) -> list[Judged]:
            return [found[bare] for bare in map(pair.bare, texts) if bare in found]

        wordings, rivals = judged((pair.hypothesis, *pair.accepted)), judged(pair.contrasts)
        if not wordings:
            return _unread(pair)
        best = max(wordings, key=lambda each: each.probabilities.supported)
        rival = max(rivals, key=lambda each: each.probabilities.supported, default=None)
        denied = next((each for each in wordings if each.denied), None)
        if denied and 0.5 < best.probabilities.supported < _SURELY:
            if rival is None or rival.probabilities.supported < _SURELY:
                return replace(denied.opinion(denied.probabilities), named=False)
            best = denied
        return self._against(best, rival) if rival else best.opinion(best.probabilities)

    def _against(self, best: Judged, rival: Judged) -> Opinion:
        """The false version takes its share of what the wording and it explain."""
        share = self._blend.share(best.probabilities, rival.probabilities)
        both = against(best.probabilities, rival.probabilities.supported, share)
        if both.contradicted > both.supported and share < 0.5:
            said = f"the premise is nearer to the false version: {rival.question.hypothesis}"
            return Opinion(both, rival.evidence.span, said, differences=best.evidence.findings.values)
        return replace(best.opinion(both), whole=True)


@dataclass(frozen=True, slots=True)
class Judged:
    """One text against one premise."""

    probabilities: Probabilities
    evidence: Evidence
    question: Pair

    @property
    def denied(self) -> bool:
        """Whether the premise says the opposite by name: a negation, or who does it to whom the other way round."""
        said = any(slot.type in ("negation", "role") for slot in self.evidence.findings.of("conflict"))
        return said and self.probabilities.contradicted > self.probabilities.supported

    def opinion(self, weighed: Probabilities) -> Opinion:
        """With its evidence, and what differs where the text is not simply supported."""
        if self.evidence.span is None:
            return Opinion(weighed, None, "no word of the statement is in the premise")
        findings = self.evidence.findings
        told = "; ".join(findings.differences) if weighed.supported <= 0.5 else ""
        told = _FOREIGN if is_foreign(self.question.hypothesis) else told
        named = accuses(self.question.premise, weighed, findings)
        whole = not is_long(self.question.premise)
        return Opinion(weighed, self.evidence.span, told or None, differences=findings.values, named=named, whole=whole)


def _checked(question: Pair, found: Probabilities) -> Probabilities:
    """What the premise says word for word, it does not contradict; what is in another script, it supports only so."""
    if says(question.premise, question.hypothesis):
        return Probabilities(found.supported + found.contradicted, 0.0, found.absent)
    return _doubted(found) if is_foreign(question.hypothesis) else found


def _doubted(found: Probabilities) -> Probabilities:
    """Half of what speaks for the statement is dealt to what does not, so that words alone never support it."""
    lost = found.supported / 4
    return Probabilities(2 * lost, found.contradicted + lost, found.absent + lost)


def accuses(premise: str, found: Probabilities, findings: Findings) -> bool:
    """Whether there is reason enough to accuse: a conflict that is named, or a premise of which all has been read."""
    return bool(findings.of("conflict")) or (not is_long(premise) and found.contradicted >= _READ_WHOLE)


def _unread(pair: Pair) -> Opinion:
    if not pair.premise.strip():
        return Opinion(Probabilities(0.0, 0.0, 1.0), reason="the premise has no words")
    reason = "the premise or the statement has no word that says anything, or is too long to be read"
    return Opinion(_THIRD, reason=reason, undecidable=True)
