"""People's labels in the place of the verifier's verdicts."""

from __future__ import annotations

from collections.abc import Sequence

from builders import coverage, verdict

from harness.data.labels import People
from harness.document.labels import people
from harness.records import Annotation, Label, Shown, Verdict
from harness.signature import digest

PREMISE = "The bridge is old."


def label(said: Label, annotator: str = "ada", premise: str = PREMISE) -> Annotation:
    question = ("coverage", "statement of f", digest(premise))
    return Annotation(annotator, annotator, "", "a", question[0], "f", *question[1:], said, Shown(True))  # type: ignore[arg-type]  # a literal, by way of a tuple


def judged(given: Sequence[Annotation], premise: str = PREMISE) -> Verdict:
    """What becomes of the verdict absent."""
    [check] = coverage({"f": verdict("absent")})
    assert check.hypothesis == "statement of f"
    return People.from_labels(given).check(check, premise).verdict


def test_label_replaces_the_verdict() -> None:
    overruled = judged([label("supported")])
    assert (overruled.label, overruled.probabilities.supported, people(overruled)) == ("supported", 1.0, "ada")


def test_label_of_another_text_does_not_apply() -> None:
    assert judged([label("supported")], "The bridge is new.").verifier == "verifier"
    assert not People.from_labels([])


def test_uncertain_label_leaves_the_verdict() -> None:
    assert judged([label("uncertain")]).verifier == "verifier"
    assert people(judged([label("uncertain"), label("supported", "ben")])) == "ben"


def test_majority_decides_and_a_tie_is_uncertain() -> None:
    three = [label("supported"), label("contradicted", "ben"), label("supported", "cy")]
    assert (judged(three).label, people(judged(three))) == ("supported", "ada and ben and cy")
    two = judged(three[:2])
    assert (two.label, two.reason, two.probabilities.supported) == ("uncertain", "people disagree", 0.5)
