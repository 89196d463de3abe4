from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest
import stored_runs
from builders import write_jsonl
from command_line import harness
from loopback import MODEL
from stored_runs import Plan

from harness import pipeline
from harness.config.trust import trust_run
from harness.data.ratings import read_ratings
from harness.data.runs.results import RunFolder
from harness.document import markdown
from harness.document.blocks import Table
from harness.errors import UsageError
from harness.records import Score
from harness.stats.agreement import Figure
from harness.trust.ratings import RatingAgreement, document, measure_ratings

SENTENCES = {"long": 4, "middle": 3, "short": 1}
"""System → the number of sentences in its summaries; the judge's score is 1 more."""
ARTICLES = [f"a{number}" for number in range(10)]
SUMMARIES = [(system, name) for system in SENTENCES for name in ARTICLES]


@pytest.fixture(autouse=True)
def project(tmp_path: Path, empty_home: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The working directory, with a run of three systems on ten articles that a judge has rated."""
    monkeypatch.chdir(tmp_path)
    values = {system: {"rubric.coherence": [1.0 + count] * 10} for system, count in SENTENCES.items()}
    texts = {system: [text(system, name) for name in ARTICLES] for system in SENTENCES}
    scorers = [{"kind": "rubric", "model": MODEL, "criteria": ["coherence"]}, {"kind": "completeness"}]
    write_run("out", Plan(values, texts=texts, articles=ARTICLES), scorers)


def write_run(name: str, plan: Plan, scorers: Sequence[object]) -> None:
    config = {"articles": ["../articles.jsonl"], "models": {}, "scorers": scorers}
    trust_run(stored_runs.write(Path(name), plan, config=config, articles={}))


def text(system: str, article: str) -> str:
    return " ".join(f"Sentence {number} about {article}." for number in range(SENTENCES[system]))


def write_ratings(rating: Callable[[str, int], object], articles: int = 10, **more: Any) -> Path:
    """Write the rating of each summary, a function of its system and the number of its article."""
    rows = [
        {"article_id": name, "system": system, "coherence": rating(system, at), **more}
        for at, name in enumerate(ARTICLES[:articles])
        for system in SENTENCES
    ]
    return write_jsonl(Path("ratings.jsonl"), *rows)


def measure(path: Path, run: str = "out") -> RatingAgreement:
    return measure_ratings(pipeline.read(Path(run)), read_ratings(path), "ratings.jsonl", seed=0)


@pytest.mark.parametrize("sign", [1, -1])
def test_same_order_correlates_perfectly_and_the_opposite_order_inversely(sign: int) -> None:
    (column,) = measure(write_ratings(lambda system, _: 3 + sign * SENTENCES[system] / 4)).columns
    (coherence,) = column.metrics
    assert (coherence.metric.name, coherence.summaries) == ("rubric.coherence", 30)
    assert coherence.by_summary.value == coherence.by_system.value == pytest.approx(sign)


def test_correlation_by_summary_is_the_mean_over_articles() -> None:
    """In every other article, people's ranks are 2, 3, 1 and the judge's 3, 2, 1, so ρ is 0.5; in the rest it is 1."""
    swapped = {"long": 3, "middle": 4, "short": 1}
    (column,) = measure(write_ratings(lambda system, at: (swapped if at % 2 else SENTENCES)[system])).columns
    assert column.metrics[0].by_summary.value == pytest.approx(0.75)


def test_means_are_exact_if_every_summary_is_rated() -> None:
    ratings = {"long": [4, 5], "middle": [3, 3], "short": [1, 4]}
    (column,) = measure(write_ratings(lambda system, _: ratings[system])).columns
    assert column.annotators == 2
    for mean in column.means:
        assert mean.shares.automatic.value == pytest.approx(1 + SENTENCES[mean.system])
        assert mean.shares.human.value == mean.shares.combined.value == pytest.approx(fmean(ratings[mean.system]))
        assert (mean.labelled, mean.total) == (10, 10)


def test_ratings_of_a_part_correct_the_judge_of_the_rest() -> None:
    """People rate 4 of 10 articles. The judge's scores of a system are all the same, so people's mean stands."""
    (column,) = measure(write_ratings(lambda system, at: 2 + at % 2, articles=4)).columns
    for mean in column.means:
        assert mean.shares.combined.value == pytest.approx(2.5)
        assert (mean.labelled, mean.total) == (4, 10)


def test_alpha_counts_only_articles_with_several_ratings() -> None:
    """Two people rate the summaries of two articles, and one person those of the other eight."""
    measured = measure(write_ratings(lambda system, at: [2, SENTENCES[system]] if at < 2 else 3))
    alpha = measured.columns[0].alpha
    assert (alpha and alpha.reason) == "an interval needs at least 8 articles, and there are 2"
    assert "(an interval needs at least 8 articles, and there are 2)." in markdown.render(document(measured))


def test_two_systems_have_no_correlation() -> None:
    """Two means always correlate perfectly."""
    (column,) = measure(write_ratings(lambda system, _: None if system == "short" else SENTENCES[system])).columns
    assert column.metrics[0].by_system == Figure(None, reason="fewer than 3 systems have values")


def test_ratings_on_another_scale_are_correlated_but_not_averaged() -> None:
    (column,) = measure(write_ratings(lambda system, _: 20 * SENTENCES[system])).columns
    assert column.metrics[0].by_system.value == pytest.approx(1)
    assert column.means == ()
    assert column.off_scale == (
        "coherence is rated from 20 to 80, and rubric.coherence from 1 to 5, so their means cannot be combined",
    )


def test_each_rubric_has_its_own_means() -> None:
    values = {"long": {"rubric.a.coherence": [2.0] * 10, "rubric.b.coherence": [3.0] * 10}}
    scorers = [{"kind": "rubric", "alias": alias, "model": MODEL, "criteria": ["coherence"]} for alias in "ab"]
    texts = {"long": [text("long", name) for name in ARTICLES]}
    write_run("two", Plan(values, texts=texts, articles=ARTICLES), scorers)
    rows = [{"article_id": name, "system": "long", "coherence": 4} for name in ARTICLES]
    measured = measure(write_jsonl(Path("ratings.jsonl"), *rows), "two")
    (column,) = measured.columns
    assert [(mean.metric.name, mean.shares.automatic.value) for mean in column.means] == [
        ("rubric.a.coherence", 2), ("rubric.b.coherence", 3),
    ]  # fmt: skip  # a table
    titles = [block.title for block in document(measured).blocks if isinstance(block, Table) and block.title]
    assert len(set(titles)) == 2


def test_ratings_of_other_texts_and_systems_are_left_out_and_named() -> None:
    rows = [
        {"article_id": name, "system": system, "summary": f" {text(system, name)}\n", "coherence": 3}
        for system, name in SUMMARIES
    ]
    rows[0]["summary"], rows[1]["system"] = "Another text.", "unheard"
    again = [{"article_id": "a2", "system": "long", "coherence": rating} for rating in (4, None)]
    measured = measure(write_jsonl(Path("ratings.jsonl"), *rows, *again))
    assert measured.cautions == (
        "Left out: 1 rated summary whose text has changed since it was rated (first: long, article a0).",
        "Left out: 1 rated summary that this run does not have (first: unheard, article a1).",
    )
    assert (measured.columns[0].summaries, measured.columns[0].annotators) == (28, 2)


def test_each_of_several_samples_has_its_own_ratings() -> None:
    """The judge gives the samples 1, 2 and 3. The first two have the same text, so they share the rating 4."""
    folder = RunFolder(Path("out"))
    folder.scores.append(Score("long", "a0", sample, "rubric.coherence", sample + 1.0, "s") for sample in (1, 2))
    made = next(iter(folder.summaries))
    texts = (made.text, "Another text.")
    folder.summaries.append(
        replace(made, key=f"k{sample}", sample=sample, generation=replace(made.generation, text=texts[sample - 1]))
        for sample in (1, 2)
    )
    row = {"article_id": "a0", "system": "long"}
    by_text = ({**row, "summary": each, "coherence": rating} for each, rating in zip(texts, (4, 1), strict=True))
    by_number = ({**row, "sample": sample, "coherence": rating} for sample, rating in enumerate((4, 4, 1)))
    for rows in (by_text, by_number):
        (column,) = measure(write_jsonl(Path("ratings.jsonl"), *rows)).columns
        assert (column.summaries, column.annotators) == (3, 1)
        assert column.means[0].shares.human.value == pytest.approx((4 + 4 + 1) / 3)
    with pytest.raises(UsageError, match="which of the 3 samples of long, article a0, it rates; add a column sample"):
        measure(write_jsonl(Path("ratings.jsonl"), {**row, "coherence": 4}))


def test_column_that_rates_no_summary_of_the_run_is_named() -> None:
    rows = [{"article_id": name, "system": "long", "coherence": 3, "fluency": None} for name in ARTICLES]
    other = {"article_id": "a0", "system": "unheard", "coherence": 3, "fluency": 3}
    measured = measure(write_jsonl(Path("ratings.jsonl"), *rows, other))
    assert [column.column for column in measured.columns] == ["coherence"]
    assert measured.cautions[-1].startswith("The column fluency is not used: it rates no summary of this run.")


def test_ratings_of_another_run_are_refused() -> None:
    path = write_jsonl(Path("ratings.jsonl"), {"article_id": "b", "system": "gpt", "coherence": 3})
    with pytest.raises(UsageError, match=r"1 rated summary that this run does not have \(first: gpt, article b\)"):
        measure(path)
    with pytest.raises(UsageError, match="30 rated summaries whose text has changed"):
        measure(write_ratings(lambda *_: 3, summary="Another text."))


def test_command_shows_agreement_and_means() -> None:
    write_ratings(lambda system, at: [SENTENCES[system], SENTENCES[system] + at % 2], articles=8)
    done = harness("agreement", "out", "--ratings", "ratings.jsonl", "-o", "agreement.md")
    assert done.exit_code == 0, done.output
    for words in ("24 summaries rated on coherence", "Krippendorff's α for interval data: 0.", "8 of 10"):
        assert words in done.stdout
    written = Path("agreement.md").read_text("utf-8")
    assert "Coherence (1 to 5): the mean that people would give" in written
    assert "judge alone" in written
    refused = harness("agreement", "out", "--column", "coherence")
    assert refused.exit_code == 2
    assert "--column needs --ratings FILE" in refused.stderr
