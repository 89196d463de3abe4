"""Training the verifier's network: what is learned from, what is kept out, and going on after a kill."""

from __future__ import annotations

import gzip
import itertools
import json
import os
import random
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from tiny_mpnet import tiny_backbone

from benchmarks.quality.checker_questions import used_for
from benchmarks.training.calibrate import kept
from benchmarks.training.corpora import HELD_BACK, NEWS, SHORT, Example, Share, examples, held_back, opening
from benchmarks.training.made import made
from benchmarks.training.mixture import Scales, batched, mixture

FEW_MADE = Scales(made=0.005, exchanged=0)
"""Pairs that are made of one or two articles, as to read one takes a tenth of a second; none by a language model."""
FOR_TRAINING = next(group for group in map(str, range(20)) if used_for(group) == "training")
ROOT = Path(__file__).resolve().parents[2]
ARTICLE = (
    "The council approved the plan by 16 votes to 15 on Tuesday. Mayor Ann Hale cast the deciding vote after a long "
    "debate. Farmers outside the town hall protested against the new road. The road will cost £23 million and take "
    "four years to build. A spokesman for the county said that work would begin in March."
)


def row(
    number: int, premise: str = "", hypothesis: str = "The plan passed.", label: str = "supported"
) -> dict[str, str]:
    return {"premise": premise or f"{number} members of the council met about plan {number}. {ARTICLE}",
            "hypothesis": hypothesis, "label": label, "group": str(number), "level": "nli"}  # fmt: skip  # a row


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Six rows of every set, and one article of each kind that is reported on."""
    folder = tmp_path / "data"
    (folder / "entailment").mkdir(parents=True)
    for at, name in enumerate([*SHORT, *NEWS, *HELD_BACK]):
        labels = ["supported", "contradicted", "absent", "unsupported"]
        write(folder, name, [row(10 * at + each, label=labels[each % 4]) for each in range(6)])
    reported: dict[str, dict[str, object]] = {
        "bump_pairs": {"premise": "A bump article about a bridge.", "supported": "A", "contradicted": "B"},
        "bump_threeway": {"premise": "A bump summary.", "hypothesis": "A", "label": "absent"},
        "realsumm_articles": {"id": "1", "text": "A REALSumm article about a school.", "facts": []},
        "realsumm_coverage": {"premise": "A summary about a school.", "hypotheses": ["A"], "labels": ["supported"]},
    }
    for name, line in reported.items():
        placed = {"group": FOR_TRAINING, "system": "", **line}
        (folder / f"{name}.jsonl").write_text(json.dumps(placed) + "\n", encoding="utf-8")
    return folder


def write(folder: Path, name: str, rows: list[dict[str, str]]) -> None:
    with gzip.open(folder / "entailment" / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(each) + "\n" for each in rows)


def taken(folder: Path, share: Share) -> list[Example]:
    return examples(folder, "rte", share, held_back(folder), random.Random(0))  # noqa: S311  # no secret is drawn


@pytest.mark.parametrize(
    "premise", ["A bump article about a bridge.", "a REALSUMM  article about a school", "A summary about a school."]
)
def test_what_is_reported_on_is_not_learned_from_however_it_is_written(data: Path, premise: str) -> None:
    write(data, "rte", [row(1), row(2, premise)])
    assert [example.premise[:1] for example in taken(data, Share(9, "MIT"))] == ["1"]


def test_a_row_without_a_text_is_left_out(data: Path) -> None:
    write(data, "rte", [row(1), row(2, hypothesis=" "), {**row(3), "premise": "\n"}])
    assert len(taken(data, Share(9, "MIT"))) == 1


def test_rows_are_capped_by_article_and_in_all_and_a_rare_label_counts_twice(data: Path) -> None:
    write(data, "rte", [row(1, hypothesis=f"Claim {at}.", label="contradicted") for at in range(5)])
    assert len(taken(data, Share(9, "MIT", per_article=2))) == 2
    assert len(taken(data, Share(4, "MIT"))) == 4
    assert len(taken(data, Share(4, "MIT", twice=frozenset({"contradicted"})))) == 8


def test_the_opening_of_an_article_is_known_again_in_lower_case_and_tokenised() -> None:
    assert opening("(CNN) Iraqi forces say they've captured") == opening("( cnn ) iraqi forces say they 've captured")


def test_made_pairs_are_verbatim_or_shorter_false_and_left_out_and_repeat() -> None:
    found = list(made("a", ARTICLE, 0))
    assert found == list(made("a", ARTICLE, 0))
    assert {"supported", "contradicted"} <= {example.label for example in found}
    for example in found:
        if example.label == "supported" and example.hypothesis in ARTICLE:
            assert example.hypothesis in example.premise


def test_batches_hold_every_row_once_and_rows_of_like_length(data: Path) -> None:
    found = mixture(data, 0, FEW_MADE).examples
    assert "made" in {example.source for example in found}
    together = batched(found, 4, 0)
    assert sorted(map(id, (row for batch in together for row in batch))) == sorted(map(id, found))
    assert mixture(data, 0, FEW_MADE).examples == found


def test_spliced_statements_are_learned_from_where_they_are_asked_for_beside_the_others(data: Path) -> None:
    plain, found = (mixture(data, 0, replace(FEW_MADE, spliced=share)).counts() for share in (0, 0.0005))
    kinds = ("spliced", "crossed", "possible", "turned")
    assert {name: count for name, count in found.items() if name not in kinds} == plain
    assert sum(found[kind] for kind in found if kind in kinds) == 4


def test_without_exchanged_pairs_the_others_are_drawn_as_before_there_were_any(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that the commands of trainings that had none make their pairs, in their order."""
    found = mixture(data, 0, FEW_MADE).examples
    monkeypatch.setattr("benchmarks.training.mixture._exchanged", lambda *_: [])
    assert mixture(data, 0, FEW_MADE).examples == found


def test_facts_of_realsumm_and_short_pairs_inside_articles_are_learned_from_where_they_are_asked_for(
    data: Path,
) -> None:
    """And the other pairs are those that there are without them."""
    write(data, "rte", [row(number, f"Bridge {number} closed.") for number in range(6)])
    plain = mixture(data, 0, FEW_MADE)
    found = mixture(data, 0, replace(FEW_MADE, in_domain=1, embedded=0.005))
    added = {name: count for name, count in found.counts().items() if name not in plain.counts()}
    assert added == {"embedded": 6, "realsumm": 1, "bump_threeway": 1, "bump": 3}  # one error, which counts twice
    assert {name: count for name, count in found.counts().items() if name not in added} == plain.counts()


def test_a_premise_that_is_kept_for_calibration_is_not_learned_from(data: Path) -> None:
    premises = [f"Bridge {number} closed." for number in range(40)]
    write(data, "fever", [row(0, premise) for premise in premises])
    held = held_back(data)
    learned = {each.premise for each in examples(data, "fever", SHORT["fever"], held, random.Random(0))}  # noqa: S311  # no secret is drawn
    calibrated = {each["premise"] for each in kept(data, "fever", held)}
    assert learned | calibrated == set(premises)
    assert learned
    assert calibrated
    assert not learned & calibrated


def test_pairs_of_other_shares_are_kept_under_another_name() -> None:
    """Or a training would learn from the pairs of another one in its folder."""
    shares = set(itertools.permutations((0.5, 0.2, 0.1, 0.1)))
    assert len({str(Scales(*each)) for each in shares}) == len(shares)


@pytest.mark.slow
def test_a_training_that_was_killed_goes_on_and_ends_with_the_same_weights(data: Path, tmp_path: Path) -> None:
    backbone = tiny_backbone(tmp_path / "backbone")
    script = str(ROOT / "benchmarks/training/train.py")
    command = [sys.executable, script, "--backbone", str(backbone), "--data", str(data),
               "--made-scale", "0.005", "--exchanged-scale", "0", "--checkpoint-steps", "2",
               "--threads", "1"]  # fmt: skip  # a command
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    for name in ("whole", "killed"):
        run = [*command, "--work", str(tmp_path / name)]
        if name == "killed":
            process = subprocess.Popen(run, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            while process.poll() is None and not (tmp_path / name / "checkpoint-2" / "trainer_state.json").exists():
                time.sleep(0.01)
            process.kill()
            process.wait()
            assert not (tmp_path / name / "trained").exists()
        subprocess.run(run, env=environment, check=True, capture_output=True)
    whole, killed = (load_file(tmp_path / name / "trained/adapter_model.safetensors") for name in ("whole", "killed"))
    assert all(torch.equal(whole[name], killed[name]) for name in whole)
