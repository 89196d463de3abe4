"""The pictures of a report: what they draw, what they say in words and numbers, and that they stand alone."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree as Xml

import judged_run
import pytest

from harness.document.pictures import svg
from harness.document.pictures.picture import Picture
from harness.records import Agreement, Check, Difference, Results, Score, Verdict
from harness.report.report import report

BINS = ((0.1, 0.05, 900), (0.9, 0.8, 100))
AGREEMENT = Agreement("REALSumm", 100, 1000, 0.77, 0.84, 0.03, "a card", "2026-11-25", bins=BINS)
PLAIN = re.compile(r"none|var\(--(ink|muted|line|link|paper)\)")


@pytest.fixture(scope="module")
def pictures(results: Results) -> dict[str, Picture]:
    measured = replace(results, manifest=replace(results.manifest, agreement=AGREEMENT))
    words = replace(results.metrics[3], name="words")
    faithful = replace(results.metrics[1], name="faithfulness", title="Faithfulness")
    scores = [replace(score, metric="faithfulness") for score in results.scores if score.metric == "fact_recall"]
    metrics = (*results.metrics[:3], words, faithful)
    found = report(replace(measured, metrics=metrics, scores=(*results.scores, *scores)))
    return {picture.id: picture for picture in found.pictures()}


def test_the_pictures_are_those_that_the_numbers_allow(pictures: dict[str, Picture], results: Results) -> None:
    assert list(pictures) == [
        "scatter-fact_recall-faithfulness", "scatter-fact_recall-words", "forest-0", "forest-1", "forest-3",
        "facts-by-kind", "reliability",
    ]  # fmt: skip  # a list
    bare = report(replace(results, checks=(), scores=(), metrics=()))
    assert bare.pictures() == ()


def test_each_is_an_image_with_words_and_numbers(pictures: dict[str, Picture]) -> None:
    for picture in pictures.values():
        root = Xml.fromstring(svg.inline(picture))  # noqa: S314  # our own
        title, told = root[0], root[1]
        named = (root.get("role"), root.get("aria-labelledby"), root.get("aria-describedby"))
        assert named == ("group", title.get("id"), told.get("id"))
        assert (title.tag, title.text, told.tag) == ("title", picture.title, "desc")
        assert picture.rows
        assert {len(row) for row in picture.rows} == {len(picture.heads)}


def test_they_draw_in_the_colours_of_the_page_without_styles_and_share_no_id(pictures: dict[str, Picture]) -> None:
    ids: list[str] = []
    for picture in pictures.values():
        for element in Xml.fromstring(svg.inline(picture)).iter():  # noqa: S314  # our own
            assert "style" not in element.attrib
            for name in ("fill", "stroke"):
                assert PLAIN.fullmatch(element.get(name, "none")), element.attrib
            ids += filter(None, [element.get("id")])
    assert len(ids) == len(set(ids))


def test_what_is_drawn_twice_is_the_same_to_the_byte(pictures: dict[str, Picture]) -> None:
    first = [svg.inline(picture) for picture in pictures.values()]
    svg._drawn.cache_clear()
    assert [svg.inline(picture) for picture in pictures.values()] == first


def test_what_is_all_of_one_kind_is_not_drawn_by_kind() -> None:
    """Two facts are events; of the claims that are not supported nobody knows what differs."""
    made = judged_run.run({"one": {"a": ["supported"]}}, claims={"one": {"a": ["absent", "supported"]}})
    assert not {"facts-by-kind", "errors-by-kind"} & {picture.id for picture in report(made).pictures()}


def test_names_are_text_and_long_ones_are_whole_in_the_table(pictures: dict[str, Picture]) -> None:
    picture = pictures["forest-1"]
    drawn = "".join(Xml.fromstring(svg.inline(picture)).itertext())  # noqa: S314  # our own
    assert "smollm2/key-facts" in drawn
    assert "broken/<scr…1)</script>" in drawn
    assert "● broken/<script>alert(1)</script>" in [row[0] for row in picture.rows]


def test_each_thing_that_is_drawn_has_a_name_for_the_pointer_and_the_screen_reader(
    pictures: dict[str, Picture],
) -> None:
    for name, first in (
        ("scatter-fact_recall-faithfulness", "smollm2/key-facts: Faithfulness 0.20, Fact recall 0.20"),
        ("forest-1", "smollm2/key-facts: 0.20"),
        ("facts-by-kind", "smollm2/key-facts, event: 0.50"),
        ("reliability", "0.10 given, 0.05 called supported, 900 labels"),
    ):
        images = [each for each in Xml.fromstring(svg.inline(pictures[name])).iter() if each.get("role") == "img"]  # noqa: S314  # our own
        assert images[0].get("aria-label") == images[0][0].text == first
        assert images[0][0].tag == "title"


def test_where_points_lie_on_one_another_numbers_lead_to_their_names() -> None:
    """Of twelve systems at one place some have no room for their names, and the table has all their numbers."""
    made = judged_run.run({f"system-of-a-long-name-#{at}": {"a": ["supported"]} for at in range(12)})
    scores = [
        Score(system.name, "a", 0, metric.name, 0.5, "s") for system in made.manifest.systems for metric in made.metrics
    ]
    (picture,) = (each for each in report(replace(made, scores=scores)).pictures() if each.id.startswith("scatter"))
    assert picture.keyed
    assert "system-of-a-long-name-#3: Faithfulness 0.50" in svg.inline(picture)
    assert "A number stands for the system with that number in the table." in picture.caption
    assert [row[0] for row in picture.rows] == [f"{at + 1} ● system-of-a-long-name-#{at}" for at in range(12)]


def test_the_numbers_are_those_of_the_leaderboard(pictures: dict[str, Picture]) -> None:
    """smollm2/plain keeps none of 5 and of 2 facts, lead 2 of 5 and 1 of 2: 0.45 on average."""
    rows = {row[0]: row[1:] for row in pictures["forest-1"].rows}
    assert rows["● smollm2/plain"] == ("0.10", "")
    assert rows["■ lead"] == ("0.45", "")


def test_facts_are_counted_by_kind_over_all_samples() -> None:
    made = judged_run.run({"one": {"a": ["supported", "absent", "supported", "contradicted"]}})
    (kinds,) = (picture for picture in report(made).pictures() if picture.id == "facts-by-kind")
    assert (kinds.heads, kinds.rows) == (("System", "event", "number"), (("● one", "2 of 2", "0 of 2"),))


def test_claims_are_counted_by_what_differs_in_them() -> None:
    """Two claims are wrong or not in the article: in one a number and a name differ, in one nothing that is known.

    One is undecided, and counts among all only.
    """
    made = judged_run.run(
        {"one": {"a": ["supported"]}}, claims={"one": {"a": ["contradicted", "absent", "supported", "uncertain"]}}
    )
    checks = [_differing(check) if (check.use, check.target) == ("grounding", "0") else check for check in made.checks]
    (errors,) = (each for each in report(replace(made, checks=checks)).pictures() if each.id == "errors-by-kind")
    assert (errors.heads[1:], errors.rows) == (
        ("number", "name", "other", "claims in all"),
        (("● one", "1", "1", "1", "4"),),
    )


def _differing(check: Check) -> Check:
    verdict: Verdict = check.verdict
    found = (Difference("number", "5", None), Difference("number", "6", None), Difference("name", "Lyd", None))
    return replace(check, verdict=replace(verdict, differences=found))


def test_reliability_is_drawn_where_it_was_measured(pictures: dict[str, Picture]) -> None:
    assert pictures["reliability"].rows == (("0.10", "0.05", "900"), ("0.90", "0.80", "100"))


def test_reliability_on_the_runs_own_articles_counts_what_people_labelled() -> None:
    made = judged_run.run({"one": {"a": [judged_run.Said("supported", 0.96), judged_run.Said("absent", 0.9)]}})
    asked = judged_run.questions(made)
    labels = (
        judged_run.annotation(asked["one", "a", "f0"], "supported"),
        judged_run.annotation(asked["one", "a", "f1"], "absent"),
    )
    drawn = {picture.id: picture for picture in report(replace(made, labels=labels)).pictures()}
    assert drawn["reliability-here"].rows == (("0.05", "0.00", "1"), ("0.96", "1.00", "1"))
    assert "reliability-here" not in {picture.id for picture in report(made).pictures()}


def test_a_picture_without_intervals_says_why(pictures: dict[str, Picture]) -> None:
    told = "Fact recall of each system, without an interval: 2 articles; an interval needs at least 8. "
    assert pictures["forest-1"].caption.startswith(told)
