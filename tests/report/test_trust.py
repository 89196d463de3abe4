"""Every report says which verifier gave the verdicts, and how well that one agrees with people."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from judged_run import Verdicts, annotation, questions, run
from report_page import in_terminal, one_page

from harness.data.runs.results import RunFolder
from harness.document import labels
from harness.records import Agreement, Label, Probabilities, Results, Use, Verdict
from harness.report.document import as_markdown
from harness.report.trust import measurements, on_own_labels, trust
from harness.trust.queue import list_tasks
from harness.verifiers.lexical import Lexical

AGREEMENT = Agreement("REALSumm", 100, 26_400, 0.774, 0.836, 0.031, "its <card>", "2026-11-25")
CLAIMS = (
    "These tests do not say how many false claims it calls supported; harness selftest counts them on your articles."
)
MEASURED = (
    "In tests this verifier was right about 77% of statements, those that a text supports and others counted alike; "
    "guessing gives 50%. "
    f"{CLAIMS}"
)
BY_LEXICAL = "The verdicts are those of the checker lexical."
NOT_MEASURED = (
    "Nobody has measured how often this verifier is right; harness meta-eval does, on verdicts that people have judged "
    "(harness label)."
)


def known(results: Results, agreement: Agreement | None) -> Results:
    return replace(results, manifest=replace(results.manifest, agreement=agreement))


def test_what_was_measured_stands_before_what_it_was_measured_on() -> None:
    assert list(measurements(AGREEMENT)) == [
        MEASURED,
        (
            "The tests: 26,400 labels by people (REALSumm, 100 groups) that the verifier was not fitted to "
            "(its <card>, 2026-11-25)."
        ),
    ]
    assert list(measurements(None)) == [NOT_MEASURED]


def test_of_claims_it_is_said_how_many_false_ones_pass_and_are_caught() -> None:
    measured = {
        "true_claims": 238.0, "true_passed": 0.54, "true_called_wrong": 0.03,
        "false_claims": 70.0, "false_passed": 0.31, "false_called_wrong": 0.19,
    }  # fmt: skip  # a table
    assert list(measurements(replace(AGREEMENT, out_of_fold=measured))) == [
        (
            "In tests this verifier called 31% of false claims supported, 19% wrong, and 50% undecided or not in the "
            "article."
        ),
        "In tests this verifier called 54% of true claims supported and 3% wrong.",
        (
            "In tests this verifier was right about 77% of facts, those kept and those not counted alike; "
            "guessing gives 50%."
        ),
        (
            "The tests: 26,400 labels of facts by people (REALSumm, 100 groups) that the verifier was not fitted to, "
            "and 238 true claims and 70 with one error written in (its <card>, 2026-11-25)."
        ),
    ]


def test_on_the_runs_own_labels_counts_stand_and_no_coefficient() -> None:
    """Four facts: two that people find supported; of two that they do not, one passes and one is undecided."""
    verdicts: Verdicts = {"x": {"a": ("supported", "uncertain", "supported", "absent")}}
    found = run(verdicts)
    asked = questions(found)
    given: tuple[Label, ...] = ("absent", "contradicted", "supported", "supported")
    labels = tuple(annotation(asked["x", "a", f"f{at}"], label) for at, label in enumerate(given))
    assert list(on_own_labels(replace(found, labels=labels))) == [
        (
            "In this run people call 2 of 4 labelled facts contradicted or lost (a fact counts once for each summary). "
            "Of these the verifier calls 1 kept, 0 contradicted or lost, and leaves 1 undecided."
        ),
        (
            "In this run people call 2 of 4 labelled facts kept. Of these the verifier calls 1 kept, 1 contradicted or "
            "lost, and leaves 0 undecided."
        ),
    ]
    assert list(on_own_labels(found)) == []
    assert list(on_own_labels(replace(found, labels=labels[2:3]))) == [
        (
            "In this run people call 1 of 1 labelled fact kept. Of these the verifier calls 1 kept, 0 contradicted or "
            "lost, and leaves 0 undecided."
        )
    ]


@pytest.mark.parametrize(
    ("use", "told"),
    [
        ("coverage", "the summary says 14 where the fact says 40; the premises stay"),
        ("grounding", "the article says 14 where the claim says 40; the premises stay"),
    ],
)
def test_a_reason_speaks_of_summary_and_article(use: Use, told: str) -> None:
    said = "the premise says 14 where the statement says 40; the premises stay"
    assert labels.reason(Verdict("contradicted", Probabilities(0.1, 0.8, 0.1), None, "entailment", said), use) == told


def test_a_caution_stands_beside_the_number_that_it_is_about(results: Results) -> None:
    outdated = known(results, replace(AGREEMENT, caution="The code has changed."))
    assert trust(outdated, ["lexical|code:1a"]).short == f"{BY_LEXICAL} {MEASURED} The code has changed."


@pytest.mark.parametrize(
    ("annotators", "whose"),
    [
        (("ada",), "one person's (annotator “ada”)"),
        (("bob", "ada"), "people's (annotators “ada” and “bob”)"),
    ],
)
def test_where_people_judged_everything_no_verdict_is_the_verifiers(annotators: Sequence[str], whose: str) -> None:
    judged = run({"x": {"a": ("supported",)}})
    (question,) = questions(judged).values()
    elsewhere = annotation(("coverage", question[1], "another premise"), "absent", annotator="of another run")
    labels = (*(annotation(question, "absent", annotator=name) for name in annotators), elsewhere)
    found = trust(known(replace(judged, labels=labels), AGREEMENT), ["lexical|code:1a"], people=4)
    assert found.short == f"All 4 verdicts are {whose}, not the checker's: 1 on facts."
    assert found.details[0] == MEASURED


def test_where_people_judged_everything_it_is_said_how_the_verifier_alone_does_on_false_claims(
    results: Results,
) -> None:
    """ada finds no claim supported: the verifier passes some, rejects some and leaves one undecided."""
    claims = [task for task in list_tasks([results]) if task.use == "grounding"]
    labels = tuple(annotation(task.question, "absent", annotator="ada") for task in claims)
    found = trust(replace(results, labels=labels), ["lexical|code:1a"], people=4)
    own = Counter(task.checks[0].verdict.label for task in claims)
    assert found.short.endswith(
        f"Alone, lexical passes {own['supported']} of the {len(claims)} claims that this person calls wrong or not in "
        f"the article, rejects {own['contradicted'] + own['absent']}, and leaves {own['uncertain']} undecided."
    )
    assert f" on facts and {sum(len(task.checks) for task in claims)} on claims" in found.short


def test_what_could_not_be_measured_is_left_out() -> None:
    nothing = list(measurements(replace(AGREEMENT, balanced_accuracy=None)))
    assert nothing[0] == "This verifier was measured, but the labels do not show how often it is right."


@pytest.mark.parametrize("agreement", [AGREEMENT, None])
def test_each_format_has_it_beside_the_numbers(results: Results, agreement: Agreement | None) -> None:
    shown = MEASURED if agreement else NOT_MEASURED
    found = known(results, agreement)
    for page in (" ".join(in_terminal(found).split()), as_markdown(found), one_page(found)):
        assert BY_LEXICAL in page
        assert shown in page


def test_two_verifiers_of_one_kind_are_told_apart_by_what_they_depend_on(results: Results) -> None:
    assert trust(results, ["lexical|code:1a", "nli|code:1a"]).short.startswith(
        "The verdicts are those of the checkers lexical and nli. "
    )
    assert trust(results, ["lexical|code:1a", "lexical|threshold:0.5|code:2b"]).short.startswith(
        "The verdicts are those of the checkers lexical (code 1a) and lexical (threshold 0.5, code 2b). "
    )


def test_of_lexical_it_is_said_what_was_measured_and_what_was_not(results: Results) -> None:
    found = trust(known(results, Lexical().agreement()), ["lexical|code:1a"])
    assert found.short == (
        f"{BY_LEXICAL} In tests this verifier was right about 77% of facts, those kept and those not counted alike; "
        f"guessing gives 50%. {CLAIMS} It only "
        "compares words, so false sentences that use the article's words often pass. The verifier entailment is "
        "right more often."
    )
    assert found.details[0].startswith("The tests: 26,400 labels of facts by people (REALSumm, 100 groups) ")


def test_what_stands_in_a_file_is_escaped(results: Results) -> None:
    found = known(results, AGREEMENT)
    assert "its &lt;card&gt;" in one_page(found)
    assert "its &lt;card&gt;" in as_markdown(found)


def test_the_manifest_keeps_it_and_one_from_before_has_none(results: Results, tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    folder.write_manifest(known(results, AGREEMENT).manifest)
    assert folder.manifest.agreement == AGREEMENT
    path = tmp_path / "manifest.json"
    data = json.loads(path.read_text("utf-8"))
    assert data["agreement"] == {**asdict(AGREEMENT), "bins": []}
    del data["agreement"]
    path.write_text(json.dumps(data), "utf-8")
    assert folder.manifest.agreement is None


def test_lexical_has_its_numbers_from_the_card_in_its_weights() -> None:
    """The numbers of benchmarks/lexical.md."""
    found = Lexical().agreement()
    assert found is not None
    assert (found.data, found.groups, found.rows) == ("REALSumm", 100, 26_400)
    assert [found.balanced_accuracy, found.auc, found.ece] == pytest.approx([0.774, 0.836, 0.032], abs=0.0005)
    assert found.out_of_fold["consistency"] == pytest.approx(0.683, abs=0.0006)
    assert all(len(digest) == 64 for digest in found.fitted.values())
