from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from stored_runs import Plan, open_runs, write

from harness.compare.run_differences import find_causes, find_measurement_differences
from harness.records import Manifest


@pytest.fixture
def manifest(tmp_path: Path) -> Manifest:
    path = write(tmp_path / "run", Plan({"lead": {"words": [1.0, 2.0, 3.0]}}))
    return open_runs(path)[0].manifest


def describe_differences(before: Manifest, after: Manifest) -> list[str]:
    return [origin.describe("old", "new") for origin in find_measurement_differences(before, after)]


def test_runs_measured_alike_have_no_difference(manifest: Manifest) -> None:
    assert find_measurement_differences(manifest, replace(manifest, seed=1)) == ()


def test_missing_and_changed_articles_are_named(manifest: Manifest) -> None:
    other = replace(manifest, articles={"a00": "text of a00", "a01": "changed", "new": "x"})
    found = describe_differences(manifest, other)
    assert found == ["articles a02: only in old", "articles new: only in new", "articles a01: changed"]


@pytest.mark.parametrize(
    ("key", "message"), [("contexts", "languages of articles: changed"), ("labels", "labels: changed")]
)
def test_hash_of_all_articles_is_compared_if_both_runs_have_it(manifest: Manifest, key: str, message: str) -> None:
    before, after, unrecorded = (replace(manifest, **{key: value}) for value in ("1a", "2b", ""))  # type: ignore[arg-type]  # fields of text
    assert describe_differences(before, after) == [message]
    assert describe_differences(before, before) == describe_differences(unrecorded, after) == []
    fewer = replace(after, articles={"a00": manifest.articles["a00"]})
    assert describe_differences(before, fewer) == ["articles a01, a02: only in old"]


def test_added_systems_change_a_preference_among_all_systems(manifest: Manifest) -> None:
    two = (*manifest.systems, replace(manifest.systems[0], name="oracle"))
    names = ("preference", "preference.clear", "preference.short", "preference.calm", "preference.dry")
    for against, listed in (("none", names), ("lead", ())):
        before = replace(manifest, scorers=dict.fromkeys(names, f"preference|against:{against}|code:1"))
        differences = [f"scorer {name}, compared systems: lead → lead, oracle" for name in listed]
        assert describe_differences(before, replace(before, systems=two)) == differences
        assert describe_differences(before, before) == []


def test_differing_parts_of_signatures_are_named(manifest: Manifest) -> None:
    other = replace(
        manifest,
        verifier="lexical|threshold:0.7|code:2",
        scorers={**{kind: text for kind, text in manifest.scorers.items() if kind != "cost"}, "rouge": "rouge|code:1"},
    )
    assert describe_differences(manifest, other) == [
        "verifier threshold: 0.5 → 0.7",
        "verifier code: 1 → 2",
        "scorer cost: only in old",
        "scorer rouge: only in new",
    ]
    assert describe_differences(manifest, replace(manifest, verifier="nli|code:9")) == ["verifier: lexical → nli"]


def test_causes_are_listed_option_by_option(manifest: Manifest) -> None:
    """Models in one run only, such as those that ``only`` dropped, made none of the summaries that are compared."""
    models = {"m": {"kind": "hf", "max_new_tokens": 160}, "gone": {"kind": "lead"}}
    config = {"models": models, "prompts": {"plain": {"template": "Summarise."}}}
    changed = {"models": {"m": {"kind": "hf", "max_new_tokens": 80}}, "prompts": {"plain": {"template": "Sum up."}}}
    versions = {"m": {"revision": "abc"}, "gone": {"sentencex": "1"}}
    before = replace(manifest, config=config, packages={"torch": "2.13"}, models=versions)
    after = replace(
        manifest, config=changed, packages={"torch": "2.14", "rich": "15"}, models={"m": {"revision": "def"}}, seed=3
    )
    assert [origin.describe("old", "new") for origin in find_causes(before, after)] == [
        "prompt plain: Summarise. → Sum up.",
        "model m, max new tokens: 160 → 80",
        "model m, revision: abc → def",
        "seed: 0 → 3",
        "torch: 2.13 → 2.14",
        "rich: 15, only in new",
    ]
