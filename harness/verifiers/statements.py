"""Verifiers that read one statement at a time; their base weighs a hypothesis's wordings against its false versions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from harness.checker_en.probabilities import against
from harness.records import Pair
from harness.verifiers.decide import most_likely
from harness.verifiers.prediction import Prediction, PredictiveVerifier


class StatementVerifier(PredictiveVerifier):
    """A verifier that is asked about a hypothesis by itself; ``predict_statements`` is its one method.

    Accepted wordings and false versions of a hypothesis are statements, too: each is read by itself, and ``weighed``
    makes one prediction of them.
    """

    def predict_statements(self, pairs: Sequence[Pair]) -> list[Prediction]:
        """One prediction a pair, in order; each premise has words, and no pair has wordings, false versions or facts.

        To be written by each verifier.
        """
        raise NotImplementedError

    def others(self, pairs: Sequence[Pair], by_statement: Mapping[Pair, Prediction]) -> Iterable[Pair]:
        """The statements that are read beside the hypotheses, which ``by_statement`` has: here all."""
        return (pair.with_hypothesis(text) for pair in pairs for text in (*pair.accepted, *pair.contrasts))

    def predict(self, pairs: Sequence[Pair]) -> list[Prediction]:
        by_statement: dict[Pair, Prediction] = {}
        self._read(by_statement, (pair.with_hypothesis(pair.hypothesis) for pair in pairs))
        self._read(by_statement, self.others(pairs, by_statement))
        return [weighed(pair, by_statement) for pair in pairs]

    def _read(self, by_statement: dict[Pair, Prediction], statements: Iterable[Pair]) -> None:
        """Add the predictions of statements that are not there yet."""
        new = [statement for statement in dict.fromkeys(statements) if statement not in by_statement]
        if new:
            by_statement.update(zip(new, self.predict_statements(new), strict=True))


def weighed(pair: Pair, by_statement: Mapping[Pair, Prediction]) -> Prediction:
    """The best supported wording of a pair, beside the false version that is best supported.

    ``by_statement`` has the hypothesis, and those of the other wordings and false versions that were read.
    """
    wordings = _best_first(pair, (pair.hypothesis, *pair.accepted), by_statement)
    contrasts = _best_first(pair, pair.contrasts, by_statement)
    if not wordings:
        return by_statement[pair.with_hypothesis(pair.hypothesis)]
    wording, contrast = _told_of(pair, wordings[0][1]), next(iter(contrasts), None)
    if contrast is None:
        return wording
    text, false_version = contrast
    probabilities = against(wording.probabilities, false_version.probabilities.supported)
    is_nearer = false_version.probabilities.supported > wording.probabilities.supported
    if not is_nearer or most_likely(probabilities) != "contradicted":
        return replace(wording, probabilities=probabilities)
    return replace(
        wording,
        probabilities=probabilities,
        evidence=false_version.evidence,
        reason=false_version.reason,
        objection=f"the premise is nearer to the false version: {text}",
        differences=next((each.differences for _, each in wordings if each.differences), ()),
    )


def _told_of(pair: Pair, wording: Prediction) -> Prediction:
    """The prediction of a wording without words at issue that the hypothesis itself does not have."""
    told = (each for each in wording.differences if each.kind != "wording" or each.stated in pair.hypothesis)
    return replace(wording, differences=tuple(told))


def _best_first(
    pair: Pair, texts: Iterable[str], by_statement: Mapping[Pair, Prediction]
) -> list[tuple[str, Prediction]]:
    """The texts that a prediction was made for, with it, the best supported one first; of equals in their order."""
    read = ((text, by_statement.get(pair.with_hypothesis(text))) for text in texts)
    predicted = [(text, prediction) for text, prediction in read if prediction and not prediction.abstained]
    return sorted(predicted, key=lambda entry: -entry[1].probabilities.supported)
