"""The base class of verifiers that read one statement at a time, and weigh wordings against false versions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from harness.records import Pair, Probabilities
from harness.verifiers.decide import Prediction, most_likely
from harness.verifiers.predictive import PredictiveVerifier

_NAME = re.compile(r"\b[A-Z]\w+\b(?!\s+[A-Z])")
"""The last word of a name, because a text may leave out first names and titles."""
_EPSILON = 1e-9
"""Remaining doubt about a certain statement, needed if the premise surely supports its false version, too."""


class StatementVerifier(PredictiveVerifier):
    """A verifier that reads one statement at a time; subclasses implement only ``predict_statements``.

    The verifier reads each accepted wording and false version as a hypothesis of its own; ``weigh`` combines the
    predictions.
    """

    def predict_statements(self, pairs: Sequence[Pair]) -> list[Prediction]:
        """Predict each pair, in order. Premises have words; pairs have no wordings, false versions or facts."""
        raise NotImplementedError

    def choose_others(self, pairs: Sequence[Pair], by_statement: Mapping[Pair, Prediction]) -> Iterable[Pair]:
        """Choose what to read besides the hypotheses: by default, every accepted wording and false version.

        ``by_statement`` has the predictions of the hypotheses.
        """
        return (pair.with_hypothesis(text) for pair in pairs for text in (*pair.accepted, *pair.contrasts))

    def predict(self, pairs: Sequence[Pair]) -> list[Prediction]:
        by_statement: dict[Pair, Prediction] = {}
        self._read(by_statement, (pair.with_hypothesis(pair.hypothesis) for pair in pairs))
        self._read(by_statement, self.choose_others(pairs, by_statement))
        return [weigh(pair, by_statement) for pair in pairs]

    def _read(self, by_statement: dict[Pair, Prediction], statements: Iterable[Pair]) -> None:
        new = [statement for statement in dict.fromkeys(statements) if statement not in by_statement]
        if new:
            by_statement.update(zip(new, self.predict_statements(new), strict=True))


def weigh(pair: Pair, by_statement: Mapping[Pair, Prediction]) -> Prediction:
    """Weigh a pair's best supported wording against its best supported false version.

    If the hypothesis is contradicted and has a doubtful name that the premise lacks, an accepted wording counts only if
    it has that name, too: "The leaders met" is no evidence for "Merz met Starmer" in a text about Macron.
    """
    own = by_statement[pair.with_hypothesis(pair.hypothesis)]
    accepted: Sequence[str] = pair.accepted
    if not own.abstained and most_likely(own.probabilities) == "contradicted":
        doubted = [name for each in own.differences for name in _NAME.findall(each.stated)]
        wrong_names = [name for name in doubted if name not in pair.premise]
        accepted = [text for text in accepted if all(name in text for name in wrong_names)]
    wordings = _rank(pair, (pair.hypothesis, *accepted), by_statement)
    contrasts = _rank(pair, pair.contrasts, by_statement)
    if not wordings:
        return own
    wording = replace(
        wordings[0],
        # the reader sees the hypothesis, so leave out words that only an accepted wording has
        differences=tuple(
            each for each in wordings[0].differences if each.kind != "wording" or each.stated in pair.hypothesis
        ),
    )
    if not contrasts:
        return wording
    contrast = contrasts[0]
    probabilities = weigh_against(wording.probabilities, contrast.probabilities.supported)
    is_nearer = contrast.probabilities.supported > wording.probabilities.supported
    if not is_nearer or most_likely(probabilities) != "contradicted":
        return replace(wording, probabilities=probabilities)
    false = next(text for text in pair.contrasts if by_statement.get(pair.with_hypothesis(text)) is contrast)
    return replace(
        wording,
        probabilities=probabilities,
        evidence=contrast.evidence,
        reason=contrast.reason,
        objection=f"the premise is nearer to the false version: {false}",
    )


def _rank(pair: Pair, texts: Iterable[str], by_statement: Mapping[Pair, Prediction]) -> list[Prediction]:
    """Sort the predictions of these texts, best supported first; leave out abstentions."""
    read = [by_statement.get(pair.with_hypothesis(text)) for text in texts]
    predicted = [each for each in read if each and not each.abstained]
    return sorted(predicted, key=lambda each: -each.probabilities.supported)


def weigh_against(statement: Probabilities, contrast: float) -> Probabilities:
    """Return the probabilities of a statement whose false version has P(supported) = ``contrast``.

    The two predictions count as independent, except that statement and false version cannot both be supported. If only
    the false version is supported, the statement is contradicted. If neither is, the ratio of contradicted to absent
    stays.
    """
    supported, contrast = (min(probability, 1 - _EPSILON) for probability in (statement.supported, contrast))
    alone = supported * (1 - contrast)
    denied = contrast * (1 - supported)
    neither = (1 - supported) * (1 - contrast)
    total = alone + denied + neither
    rest = statement.contradicted + statement.absent
    kept = statement.contradicted / rest if rest else 0.0
    return Probabilities(alone / total, (denied + neither * kept) / total, neither * (1 - kept) / total)
