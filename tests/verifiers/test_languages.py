"""Texts in a language that a verifier does not read: nothing is decided but what stands there word for word."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from harness.records import Pair, Probabilities
from harness.seams import Verifier
from harness.stages.notices import unread
from harness.verifiers.cascade import Cascade
from harness.verifiers.judge import Judge
from harness.verifiers.lexical import Lexical
from harness.verifiers.prediction import Prediction, PredictiveVerifier
from harness.verifiers.slots import Slots

PREMISE = "Der Rat hat den Plan angenommen. Er stimmte mit 16 zu 15 Stimmen dafür."


class Polyglot(PredictiveVerifier):
    """Reads everything, and finds nothing."""

    def predict(self, pairs: Sequence[Pair]) -> list[Prediction]:
        return [Prediction(Probabilities(0.0, 0.0, 1.0)) for _ in pairs]


def german(hypothesis: str) -> Pair:
    return Pair(PREMISE, hypothesis, language="de-AT")


@pytest.mark.parametrize("verifier", [Lexical(), Cascade(steps=(Lexical(), Lexical()))], ids=["lexical", "cascade"])
def test_a_denial_in_another_language_is_uncertain_with_the_reason_and_a_verbatim_sentence_is_supported(
    verifier: Verifier,
) -> None:
    denied, kept = verifier.verify(
        [german("Der Rat hat den Plan nicht angenommen."), german("der Rat hat den Plan angenommen")]
    )
    assert (denied.label, denied.abstained, kept.label) == ("uncertain", True, "supported")
    assert denied.reason == f"the texts are in 'de-AT', and {verifier.kind()} reads en"


def test_pairs_of_several_languages_keep_their_places() -> None:
    english = Pair("The council approved the plan.", "The council approved the plan.")
    labels = [verdict.label for verdict in Lexical().verify([german("Nein."), english, german("Nein."), english])]
    assert labels == ["uncertain", "supported", "uncertain", "supported"]


def test_in_a_cascade_the_step_that_reads_the_language_decides() -> None:
    (verdict,) = Cascade(steps=(Lexical(), Polyglot())).verify([german("Der Rat schwieg.")])
    assert (verdict.label, verdict.reason) == ("absent", f"decided by {Polyglot.kind()}")


@pytest.mark.parametrize(
    ("verifier", "languages"),
    [
        (Lexical(), {"en"}),
        (Slots(), {"en"}),
        (Cascade(steps=(Lexical(), Slots())), {"en"}),
        (Polyglot(), None),
        (Cascade(steps=(Lexical(), Polyglot())), None),
        (Judge(base_url="http://localhost:1/v1", model="m"), None),
    ],
)
def test_who_reads_which_languages(verifier: Verifier, languages: set[str] | None) -> None:
    assert verifier.languages == languages


def test_articles_that_the_verifier_does_not_read_are_told_once() -> None:
    (line,) = unread({"en-GB": 3, "de": 2, "fr": 1}, Lexical())
    assert line.startswith(
        "3 of 6 articles are in de, fr, and the verifier lexical reads en: their verdicts are uncertain"
    )
    assert list(unread({"en": 3}, Lexical())) == []
    assert list(unread({"de": 3}, Polyglot())) == []
