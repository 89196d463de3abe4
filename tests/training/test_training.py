"""Tests of a training from recipe to adapter: which rows it sees, and that a killed one ends with the same weights."""

from __future__ import annotations

import gzip
import json
import pickle
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from resources import labelled_data
from tiny_mpnet import tiny_backbone

from benchmarks.quality import questions
from benchmarks.quality.questions import find_use, read_written_pairs
from benchmarks.training import rows
from benchmarks.training.recipe import Recipe, load_recipe
from benchmarks.training.rows import Row, Target, draw_training_rows, find_opening, find_reported_openings, read_written

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    """The labelled data; the texts of reports, which every draw leaves out, are read once."""
    folder = labelled_data("realsumm_coverage.jsonl").parent
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rows, "find_reported_openings", cache(find_reported_openings))
        yield folder


def test_recipes_are_valid_and_every_source_has_a_licence() -> None:
    for name in ("recipe", "continue"):
        recipe = load_recipe(ROOT / f"benchmarks/training/{name}.yaml")
        assert {source for stage in recipe.stages for source in stage} <= set(rows.LICENCES)


@pytest.mark.slow
def test_no_training_row_is_about_a_text_that_is_reported_or_calibrated_on(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rows here keep the whole text: a passage may lack the opening, which identifies the text."""

    def keep_text(record: dict[str, Any], name: str) -> Row:
        return Row(record["premise"], record["hypothesis"], record["label"], name)

    monkeypatch.setattr(rows, "make_row", keep_text)
    recipe = Recipe(backbone="b", rounds=[[{"wice": 50, "fever": 50, "factcc_synth1k": 1000}]])
    seen = {find_opening(row.premise) for row in draw_training_rows(data, recipe)}
    assert seen
    assert not seen & find_reported_openings(data)
    assert not seen & {find_opening(row["premise"]) for row in read_written(data, "dev")}
    train = {row["premise"] for row in read_written(data, "train")}
    for use in ("calibration", "report"):
        texts = {pair.premise for level in ("sentence", "unit") for pair, _ in read_written_pairs(data, use, level)}
        assert texts
        assert not texts & train


@pytest.mark.slow
def test_rows_repeat_with_the_seed_and_fill_whole_batches(data: Path) -> None:
    recipe = Recipe(backbone="b", batch=8, rounds=[[{"rte": 30}, {"written": 500, "rte": 30, "wice": 30}]])
    first, again = draw_training_rows(data, recipe), draw_training_rows(data, recipe)
    other = draw_training_rows(data, recipe.model_copy(update={"seed": 1}))
    assert first == again != other
    assert len(first) % 8 == 0


@pytest.mark.slow
def test_later_stage_continues_the_one_before(data: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    row = {"premise": "The mayor won.", "label": "supported", "split": "train"}
    lines = [json.dumps({**row, "hypothesis": f"Mayor {number} won."}) for number in range(40)]
    (tmp_path / "ours-1.jsonl.gz").write_bytes(gzip.compress("\n".join(lines).encode()))
    monkeypatch.setattr(questions, "OPEN_SET", tmp_path)
    recipe = Recipe(backbone="b", batch=8, rounds=[[{"rte": 40}], [{"rte": 16, "open_set": 40}]])
    seen = draw_training_rows(data, recipe)
    assert [row.source for row in seen[:40]] == ["rte"] * 40
    assert Counter(row.source for row in seen[40:]) == {"open_set": 40, "rte": 16}
    assert len({row.hypothesis for row in seen}) == 96


def test_a_used_up_source_starts_again(data: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    row = {"premise": "The mayor won.", "hypothesis": "She won.", "label": "supported", "split": "train"}
    (tmp_path / "ours-1.jsonl.gz").write_bytes(gzip.compress(json.dumps(row).encode()))
    monkeypatch.setattr(questions, "OPEN_SET", tmp_path)
    seen = draw_training_rows(data, Recipe(backbone="b", batch=2, rounds=[[{"open_set": 4}]]))
    assert [row.hypothesis for row in seen] == ["She won."] * 4


def test_the_rate_rises_and_falls_in_each_round() -> None:
    recipe = Recipe(backbone="b", batch=8, rate=0.6, rounds=[[{"rte": 400}, {"fever": 403}], [{"rte": 800}]])
    rates = [recipe.compute_rate(step) for step in range(201)]
    assert rates[0] == pytest.approx(0.6 / 60)
    assert rates[75] == pytest.approx(0.6 * 25 / 100)
    assert rates[99] == pytest.approx(0.6 / 100)
    assert rates[100:200] == rates[:100]
    assert rates[200] == 0


def test_the_network_that_training_starts_from_counts_as_a_round() -> None:
    recipe = Recipe(backbone="b", batch=8, rounds=[[{"rte": 800}], [{"rte": 800}]], averaged_rounds=3)
    assert recipe.averaged_ends == [100, 200]
    assert recipe.model_copy(update={"start": Path("network")}).averaged_ends == [0, 100, 200]


def test_articles_of_realsumm_have_one_use_each() -> None:
    uses = [find_use(str(number)) for number in range(500)]
    assert {use: round(uses.count(use) / 100) for use in set(uses)} == {"training": 2, "calibration": 2, "report": 1}


KILL_AND_RESUME = """
import os, pickle, sys, time
from functools import partial
from torch.multiprocessing.spawn import start_processes
from benchmarks.training import train

train.SAVE_EVERY = 0.0
train.spawn = partial(start_processes, start_method="fork")  # does not import torch again
training = pickle.load(sys.stdin.buffer)
child = os.fork()
if child == 0:
    os.setsid()
    train.train(training)
    os._exit(0)
while not (training.work / "state.pt").exists() and os.waitpid(child, os.WNOHANG) == (0, 0):
    time.sleep(0.001)
os.killpg(child, 9)
os.waitpid(child, 0)
assert not (training.work / "trained").exists()
train.train(training)
"""
"""Kill a training with all its processes at its first checkpoint, and resume it."""


@pytest.mark.slow
def test_a_killed_training_resumes_and_averages_the_same_rounds(tmp_path: Path) -> None:
    import torch
    from safetensors.torch import load_file

    from benchmarks.training.train import Training, train

    tiny_backbone(tmp_path / "backbone")
    labels: tuple[Target, ...] = ("supported", "absent")
    given = tuple(Row(f"mayor {at}", "the mayor won", label, "written") for at in range(40) for label in labels)
    recipe = Recipe(backbone="tiny", rank=2, batch=8, rounds=[[{"written": 40}]] * 2, averaged_rounds=2)
    trainings = [Training(recipe, given, tmp_path / "backbone", tmp_path / name) for name in ("whole", "killed")]
    for training in trainings:
        training.work.mkdir()
    train(trainings[0])
    subprocess.run([sys.executable, "-c", KILL_AND_RESUME], input=pickle.dumps(trainings[1]), cwd=ROOT, check=True)
    whole, killed = (load_file(tmp_path / name / "trained/adapter_model.safetensors") for name in ("whole", "killed"))
    assert all(torch.equal(whole[name], killed[name]) for name in whole)
    ends = [torch.load(tmp_path / "whole" / f"round-{steps}.pt", weights_only=True) for steps in (5, 10)]
    both = sum(float(values.sum()) for end in ends for values in end)
    assert sum(float(values.sum()) for values in whole.values()) == pytest.approx(both / 2, rel=1e-4)


def test_a_row_knows_its_wrong_words() -> None:
    row = rows.make_row({"premise": "A.", "hypothesis": "B c.", "label": "contradicted", "spans": [[2, 3]]}, "written")
    assert row == Row("A.", "B c.", "contradicted", "written", ((2, 3),))
