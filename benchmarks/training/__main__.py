"""Train, export and calibrate the default verifier's network, in one command that can be stopped and run again.

python -m benchmarks.training RECIPE.yaml [--data DIR] [--work DIR] [--to DIR]
"""

from __future__ import annotations

import sys
from pathlib import Path

import torch

from benchmarks import common
from benchmarks.training.calibrate import calibrate
from benchmarks.training.export import export, write_card
from benchmarks.training.recipe import load_recipe
from benchmarks.training.rows import draw_training_rows
from benchmarks.training.train import STATE, TRAINED, Training, estimate, train
from harness.checker_en.network import CARD
from harness.files import write_text
from harness.weights import store


def main() -> None:
    parser = common.make_parser(__doc__)
    parser.add_argument("recipe", type=Path)
    parser.add_argument("--work", type=Path, default=Path("training"), help="checkpoints and rows (default: training)")
    parser.add_argument("--to", type=Path, help="folder of the exported network (default: WORK/network)")
    parser.add_argument("--estimate", action="store_true", help="only say how long it will take")
    given = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    recipe = load_recipe(given.recipe)
    training = Training(recipe, tuple(draw_training_rows(given.data, recipe)), store.path(recipe.backbone), given.work)
    if not (given.work / TRAINED).exists():
        sys.stdout.write(estimate(training) + "\n")
    if given.estimate:
        return
    train(training)
    into = given.to or given.work / "network"
    export(given.work / TRAINED, recipe.backbone, training.backbone, into)
    losses = torch.load(given.work / STATE, weights_only=True)["losses"]
    write_card(into / CARD, recipe, training.rows[: len(losses) * recipe.batch], losses)
    lines = list(calibrate(given.data, into, given.work))
    write_text(given.work / "thresholds.md", "\n".join(lines) + "\n")
    sys.stdout.write("\n".join(lines) + f"\n\n{into}: {_measure_size(into):.1f} MB. Now measure it:\n")
    sys.stdout.write(f"  python -m benchmarks.quality.checker --network {into} --work {given.work}\n")


def _measure_size(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.iterdir()) / 1e6


if __name__ == "__main__":
    main()
