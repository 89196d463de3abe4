"""The base class of verifiers that read one statement at a time, and weigh wordings against false versions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from harness.records import Pair, Probabilities
from harness.verifiers.decide import Prediction, most_likely
from harness.verifiers.predictive import PredictiveVerifier, predict_verbatim

_NAME = re.compile(r"\b[A-Z]\w+\b(?!\s+[A-Z])")
"""The last word of a name, because a text may leave out first names and titles."""
_EPSILON = 1e-9
"""P(supported) is at most 1 minus this; with 1 for both a statement and its false version, weighing would be 0 / 0."""


class StatementVerifier(PredictiveVerifier):
    """A verifier that reads one statement at a time; subclasses implement only ``predict_statements``.

    Each accepted wording and false version is a separate statement. Statements that the premise contains word for word
    are supported; the verifier reads the others. ``weigh`` combines the predictions.
    """

    def predict_statements(self, pairs: Sequence[Pair]) -> list[Prediction]:
        """Predict distinct pairs, in order. Premises have words; pairs have no wordings, false versions or facts."""
        raise NotImplementedError

    def predict_others(self, pairs: Sequence[Pair]) -> list[Prediction]:
        """Predict accepted wordings and false versions: by default, like hypotheses.

        Their evidence is rarely shown, so a subclass may save time by searching for it less thoroughly.
        """
        return self.predict_statements(pairs)

    def choose_others(self, pairs: Sequence[Pair], by_statement: Mapping[Pair, Prediction]) -> Iterable[Pair]:
        """Choose what to read besides the hypotheses: by default, every accepted wording and false version.

        ``by_statement`` has the predictions of the hypotheses.
        """
        return (pair.with_hypothesis(text) for pair in pairs for text in (*pair.accepted, *pair.contrasts))

    def predict(self, pairs: Sequence[Pair]) -> list[Prediction]:
        hypotheses = (pair.with_hypothesis(pair.hypothesis) for pair in pairs)
        by_statement = _read(hypotheses, self.predict_statements)
        others = [each for each in self.choose_others(pairs, by_statement) if each not in by_statement]
        by_statement |= _read(others, self.predict_others)
        return [weigh(pair, by_statement) for pair in pairs]


def _read(statements: Iterable[Pair], predict: Callable[[Sequence[Pair]], list[Prediction]]) -> dict[Pair, Prediction]:
    """Predict each distinct statement; ``predict`` gets those that the premise does not contain word for word."""
    distinct = dict.fromkeys(statements)
    predicted = {each: verbatim for each in distinct if (verbatim := predict_verbatim(each))}
    if unread := [each for each in distinct if each not in predicted]:
        predicted.update(zip(unread, predict(unread), strict=True))
    return predicted


def weigh(pair: Pair, by_statement: Mapping[Pair, Prediction]) -> Prediction:
    """Weigh a pair's best supported wording against its best supported false version."""
    own = by_statement[pair.with_hypothesis(pair.hypothesis)]
    _, wording = _find_best(pair, (pair.hypothesis, *_list_valid_wordings(pair, own)), by_statement)
    if wording is None:
        return own
    # the reader sees the hypothesis, so leave out words that only an accepted wording has
    visible = (each for each in wording.differences if each.kind != "wording" or each.stated in pair.hypothesis)
    wording = replace(wording, differences=tuple(visible))
    false_version, contrast = _find_best(pair, pair.contrasts, by_statement)
    if contrast is None:
        return wording
    is_nearer = contrast.probabilities.supported > wording.probabilities.supported
    wording = replace(wording, probabilities=weigh_against(wording.probabilities, contrast.probabilities.supported))
    if not is_nearer or most_likely(wording.probabilities) != "contradicted":
        return wording
    return replace(
        wording,
        evidence=contrast.evidence,
        reason=contrast.reason,
        objection=f"the premise is nearer to the false version: {false_version}",
    )


def _list_valid_wordings(pair: Pair, own: Prediction) -> Sequence[str]:
    """List the accepted wordings that count; ``own`` is the prediction of the hypothesis.

    If the hypothesis is contradicted and has a doubtful name that the premise lacks, a wording needs this name, too:
    "The leaders met" is not evidence for "Merz met Starmer" in a text about Macron.
    """
    if own.abstained or most_likely(own.probabilities) != "contradicted":
        return pair.accepted
    doubtful = [name for each in own.differences for name in _NAME.findall(each.stated)]
    wrong = [name for name in doubtful if name not in pair.premise]
    return [text for text in pair.accepted if all(name in text for name in wrong)]


def _find_best(
    pair: Pair, texts: Iterable[str], by_statement: Mapping[Pair, Prediction]
) -> tuple[str, Prediction | None]:
    """Return the best supported of these texts, with its prediction; ("", None) if none has one."""
    predictions = {text: by_statement.get(pair.with_hypothesis(text)) for text in texts}
    known = {text: each for text, each in predictions.items() if each and not each.abstained}
    return max(known.items(), key=lambda item: item[1].probabilities.supported, default=("", None))


def weigh_against(statement: Probabilities, contrast: float) -> Probabilities:
    """Return the probabilities of a statement whose false version has P(supported) = ``contrast``.

    The two predictions count as independent, except that statement and false version cannot both be supported. If only
    the false version is, the statement is contradicted. If neither is, contradicted and absent keep their ratio.
    """
    supported, contrast = (min(probability, 1 - _EPSILON) for probability in (statement.supported, contrast))
    only_statement = supported * (1 - contrast)
    only_contrast = (1 - supported) * contrast
    neither = (1 - supported) * (1 - contrast)
    total = only_statement + only_contrast + neither
    unsupported = statement.contradicted + statement.absent
    share = statement.contradicted / unsupported if unsupported else 0.0
    contradicted = only_contrast + neither * share
    return Probabilities(only_statement / total, contradicted / total, neither * (1 - share) / total)
