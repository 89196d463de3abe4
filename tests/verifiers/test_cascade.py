"""The cascade: cheap verifiers first, and who decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from harness import config
from harness.errors import ConfigError
from harness.records import Pair, Probabilities, Span
from harness.verifiers.cascade import Cascade
from harness.verifiers.lexical import Lexical
from harness.verifiers.prediction import Prediction, abstain
from harness.verifiers.predictive import PredictiveVerifier


class Told(PredictiveVerifier):
    """Answers with the probabilities that the hypothesis names, ``0.7 0.2 0.1``; without any it has no answer."""

    name: str = ""

    def predict(self, pairs: Sequence[Pair]) -> list[Prediction]:
        return [self._prediction(pair) for pair in pairs]

    def _prediction(self, pair: Pair) -> Prediction:
        said = [part for part in pair.hypothesis.split(";") if part.strip().startswith(self.name)]
        numbers = said[0].split()[1:] if said else []
        if not numbers:
            return abstain("nothing said")
        return Prediction(Probabilities(*map(float, numbers)), Span(0, 1, pair.premise[0]), f"{self.name} says so")


class Never(PredictiveVerifier):
    """Must not be asked."""

    def predict(self, pairs: Sequence[Pair]) -> list[Prediction]:
        raise AssertionError(f"asked about {len(pairs)} pairs")


def cascade(*steps: PredictiveVerifier, step_threshold: float = 0.9) -> Cascade:
    return Cascade(steps=steps, step_threshold=step_threshold)


class Partly(Told):
    """Reads some of a long premise."""

    def predict(self, pairs: Sequence[Pair]) -> list[Prediction]:
        return [replace(prediction, of_article=True) for prediction in super().predict(pairs)]


A, B = Told(name="a"), Told(name="b")


def test_what_the_first_step_is_sure_of_is_not_asked_of_the_next() -> None:
    (verdict,) = cascade(A, Never()).verify([Pair("p", "a 0.95 0.03 0.02")])
    assert (verdict.label, verdict.reason) == ("supported", f"decided by {Told.kind()}: a says so")
    assert verdict.probabilities == Probabilities(0.95, 0.03, 0.02)


def test_a_step_is_sure_from_the_step_threshold_on() -> None:
    asked = [Pair("p", "a 0.03 0.02 0.95; b 0.97 0.02 0.01")]
    labels = [cascade(A, B, step_threshold=least).verify(asked)[0].label for least in (0.9, 0.96)]
    assert labels == ["absent", "supported"]


def test_only_the_undecided_pairs_go_on_and_each_keeps_its_place() -> None:
    pairs = [
        Pair("p", "a 0.95 0.03 0.02"),
        Pair("p", "a 0.5 0.3 0.2; b 0.01 0.98 0.01"),
        Pair("p", "a 0.02 0.03 0.95"),
    ]
    assert [verdict.label for verdict in cascade(A, B).verify(pairs)] == ["supported", "contradicted", "absent"]


class Words(Told):
    """Sees words alone."""

    conclusive = frozenset({"absent"})


def test_a_label_that_is_not_conclusive_is_asked_of_the_next_however_sure_it_is() -> None:
    steps = cascade(Words(name="a"), B)
    sure = [Pair("p", "a 0.99 0.01 0; b 0.02 0.97 0.01"), Pair("p", "a 0 0.01 0.99; b 0.97 0.02 0.01")]
    assert [verdict.label for verdict in steps.verify(sure)] == ["contradicted", "absent"]


def test_of_what_no_step_is_sure_of_the_last_one_decides() -> None:
    (verdict,) = cascade(A, B).verify([Pair("p", "a 0.5 0.3 0.2; b 0.8 0.1 0.1")])
    assert verdict.probabilities == Probabilities(0.8, 0.1, 0.1)
    assert verdict.reason == f"left to {Told.kind()}: b says so"


class Silent(Told):
    """Gives no reason of its own."""

    def predict(self, pairs: Sequence[Pair]) -> list[Prediction]:
        return [replace(prediction, reason=None) for prediction in super().predict(pairs)]


def test_a_step_without_an_answer_leaves_it_to_the_one_before() -> None:
    (verdict,) = cascade(A, B).verify([Pair("p", "a 0.6 0.3 0.1")])
    assert verdict.probabilities.supported == pytest.approx(0.6)
    assert verdict.reason == f"left to {Told.kind()}: a says so"


def test_where_no_step_has_an_answer_the_verdict_is_uncertain_with_its_reason() -> None:
    (verdict,) = cascade(A, B).verify([Pair("p", "nobody knows")])
    assert (verdict.label, verdict.reason) == ("uncertain", "nothing said")


def test_the_signature_names_the_steps_and_changes_with_their_options() -> None:
    first, other = cascade(Lexical()), cascade(Lexical(threshold=0.7))
    assert "1.lexical:" in first.signature()
    assert first.signature() != other.signature()


def written(tmp_path: Path, verifier: str) -> Path:
    (tmp_path / "articles.jsonl").write_text('{"id": "a", "text": "One sentence."}\n', encoding="utf-8")
    path = tmp_path / "run.yaml"
    path.write_text(
        f"articles: articles.jsonl\nmodels:\n  lead: {{kind: lead}}\nverifier:\n{verifier}scorers: [length]\n",
        encoding="utf-8",
    )
    return path


def test_a_config_makes_the_steps_and_writes_them_back(tmp_path: Path) -> None:
    made = config.load(
        written(tmp_path, "  kind: cascade\n  steps:\n    - lexical\n    - {kind: entailment, threshold: 0.6}\n")
    )
    assert isinstance(made.verifier, Cascade)
    assert [step.kind() for step in made.verifier.steps] == ["lexical", "entailment"]
    steps = config.resolve(made, tmp_path)["verifier"]["steps"]
    assert [(step["kind"], step["threshold"]) for step in steps] == [("lexical", None), ("entailment", 0.6)]


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        (
            "    - lexicle\n",
            "run.yaml:7: verifier.steps[0]: there is no verifier of kind 'lexicle'; did you mean 'lexical'?",
        ),
        (
            "    - {kind: entailment, thresold: 1}\n",
            "verifier.steps[0].thresold: is not a key here; did you mean 'threshold'?",
        ),
        ("    []\n", "verifier.steps"),
    ],
)
def test_a_fault_in_a_step_names_its_place(tmp_path: Path, steps: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        config.load(written(tmp_path, f"  kind: cascade\n  steps:\n{steps}"))
    assert said in str(caught.value)


class Denies(Told):
    """Only what is absent is conclusive."""

    conclusive = frozenset({"absent"})


def test_a_label_that_is_not_conclusive_does_not_count_where_the_next_step_abstains() -> None:
    """``lexical`` may not support by shared words alone what ``entailment`` cannot read."""
    supported, absent = cascade(Denies(name="a"), B).verify(
        [Pair("p", "a 0.85 0.05 0.1"), Pair("p", "a 0.1 0.05 0.85")]
    )
    assert (supported.label, supported.reason) == ("uncertain", "nothing said")
    assert absent.label == "absent"


def test_as_few_pairs_are_taken_at_once_as_its_most_careful_step_takes() -> None:
    class Careful(Told):
        @property
        def together(self) -> int:
            return 4

    assert cascade(A, Careful(name="b")).together == 4


class Down(Told):
    """Is asked over a connection that fails."""

    def predict(self, pairs: Sequence[Pair]) -> list[Prediction]:
        return [abstain("the server timed out", transient=True) for _ in pairs]


def test_where_a_dearer_step_could_not_answer_this_time_the_pair_is_asked_again() -> None:
    (verdict,) = cascade(A, Down()).verify([Pair("p", "a 0.6 0.3 0.1")])
    assert (verdict.label, verdict.transient) == ("supported", True)
    assert verdict.reason == f"left to {Told.kind()}: a says so; {Down.kind()}: the server timed out"
    (silent,) = cascade(A, Down()).verify([Pair("p", "nobody knows")])
    assert (silent.label, silent.transient, silent.reason) == ("uncertain", True, "the server timed out")


def test_what_the_last_step_cannot_say_is_uncertain_with_a_reason() -> None:
    (verdict,) = cascade(Words(name="a")).verify([Pair("p", "a 0.99 0.01 0")])
    assert verdict.label == "uncertain"
    assert verdict.reason == f"{Words.kind()} alone cannot say supported; add a step that can: a says so"
