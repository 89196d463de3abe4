from __future__ import annotations

from dataclasses import replace

from memory_run import A, S, add_labels, annotation, pair_keys, run

from harness.document import markdown, terminal
from harness.document.blocks import Cell, Notes
from harness.records import Label, Reference, Results
from harness.stats.agreement import Figure
from harness.trust import agreement as report
from harness.trust import estimates
from harness.trust.agreement import measure_agreement
from harness.trust.queue import list_tasks


def make_labelled_run(*said: Label) -> Results:
    """Label a run of four facts, which the verifier calls supported, absent, supported, absent."""
    places: dict[tuple[str, str, str], Label] = {("x", "a", f"f{at}"): label for at, label in enumerate(said)}
    return add_labels(run({"x": {"a": [S, A, S, A]}}), places, "author")


def render_report(results: Results) -> str:
    found = measure_agreement(results)
    document = report.document(found, estimates.show_estimates(results))
    return f"{terminal.render(document, width=100)}\n{markdown.render(document)}"


def test_report_says_how_to_start_and_what_one_annotator_cannot_show() -> None:
    text = render_report(make_labelled_run())
    assert "Nobody has labelled any of the 4 pairs" in text
    assert "harness label" in text
    text = render_report(make_labelled_run(S, A, A))
    assert "Labels on these 4 pairs: author 3." in text
    assert "Only one person gave labels" in text
    assert "No interval: an interval needs at least 8 articles, and there is 1" in text


def test_report_says_whether_labels_represent_the_run() -> None:
    """The pair with the largest random number is labelled, and then also the two with the smallest."""
    results = run({"x": {"a": [S, A, S, A]}})
    first, second, _, last = (
        annotation(task.pair_key, S) for task in sorted(list_tasks(results), key=lambda task: task.draw)
    )
    assert "The labels contain no random sample of the run yet" in render_report(replace(results, labels=(last,)))
    text = " ".join(render_report(replace(results, labels=(first, second, last))).split())
    assert "“drawn at random” (2 pairs) represent all verdicts of the run." in text


def test_confusions_use_the_words_of_facts_and_claims() -> None:
    results = run({"x": {"a": [S, A]}}, claims={"x": {"a": ["contradicted"]}})
    text = render_report(replace(results, labels=tuple(annotation(each, A) for each in pair_keys(results).values())))
    aligned = "| :--- | ---: | ---: | ---: | ---: |"
    assert f"| kept | contradicted | lost | undecided |\n{aligned}\n| lost | 1 | 0 | 1 | 0 |" in text
    claims = "| supported | wrong | not in the article | undecided |"
    assert f"{claims}\n{aligned}\n| not in the article | 0 | 1 | 0 | 0 |" in text


def test_disputes_are_grouped_by_disagreement_and_kind_of_fact() -> None:
    """The kinds of the facts alternate: event, number, event, number."""
    text = render_report(make_labelled_run(S, S, A, S)).partition("# Agreement")[2].partition("## In dispute")[2]
    assert "| number | 0 | 2 | 2 |\n| event | 1 | 0 | 1 |" in text
    first, second = text.index("### Supported by the verifier alone"), text.index("### Supported by people alone")
    assert first < text.index("#### Event\n\n- Fact 2 of a.\n  - x: author · lost, lexical ✓ kept\n") < second


def test_dispute_names_its_reference_or_sample() -> None:
    made = run({"human": {"a": [S]}, "x": {"a": [A]}})
    reference = Reference("short", next(each.text or "" for each in made.summaries if each.system == "human"))
    items = tuple(replace(item, references=(reference,)) for item in made.items)
    checks = [replace(check, sample=2) if check.system == "x" else check for check in made.checks]
    summaries = [replace(each, sample=2) if each.system == "x" else each for each in made.summaries]
    results = replace(made, items=items, checks=checks, summaries=summaries)
    labels = [annotation(task.pair_key, A if task.checks[0].verdict.label == S else S) for task in list_tasks(results)]
    text = render_report(replace(results, labels=tuple(labels)))
    assert "human (reference short): ada" in text
    assert "x (sample 3): ada" in text


def test_equal_reasons_share_a_note() -> None:
    notes = Notes()
    assert estimates.make_cell(Figure(0.5, 0.25, 0.75), notes) == Cell("0.50", "[0.25, 0.75]")
    assert estimates.make_cell(Figure(0.5, reason="one article"), notes) == Cell("0.50", note=1)
    assert estimates.make_cell(Figure(None, reason="no label"), notes) == Cell("–", note=2)
    assert estimates.make_cell(Figure(0.2, reason="one article"), notes) == Cell("0.20", note=1)
    assert notes.texts == ("one article", "no label")


def test_estimates_without_a_drawn_label_are_left_out() -> None:
    """Only one pair is labelled: in one report, the first to be drawn; in the other, the last."""
    results = run({"x": {"a": [S, A]}, "y": {"a": [S, A]}})
    by_draw = sorted(list_tasks(results), key=lambda task: task.draw)
    first = render_report(replace(results, labels=(annotation(by_draw[0].pair_key, S),)))
    assert [first.count(f"| {name} |") for name in ("x", "y")].count(0) == 1
    assert "Not in the tables: 1 estimate without labels on verdicts drawn at random." in first
    last = render_report(replace(results, labels=(annotation(by_draw[-1].pair_key, S),)))
    assert "no pair that was drawn at random has both a label and a verdict" in last
    assert "verifier alone" not in last
