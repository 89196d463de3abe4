"""The training loop: AdamW over the recipe's rows, in one process on a GPU, or one per CPU core; resumable."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor
from torch.multiprocessing.spawn import spawn
from transformers import AutoTokenizer

from benchmarks.training.export import load_exported
from benchmarks.training.reader import collate, compute_loss, encode, make_reader
from benchmarks.training.recipe import Recipe
from benchmarks.training.rows import Row

SAVE_EVERY = 240.0
"""Seconds between checkpoints."""
REPORT_EVERY = 25
"""Steps between progress lines."""
STATE = "state.pt"
"""Checkpoint: parameters, optimiser, step and losses."""
ROUND = "round-{}.pt"
"""The parameters at the end of a round, by the number of steps done."""
TRAINED = "trained"
"""Folder of the finished adapter."""


@dataclass(frozen=True, slots=True)
class Training:
    """What every process needs; ``rows`` are in training order."""

    recipe: Recipe
    rows: tuple[Row, ...]
    backbone: Path
    work: Path

    @property
    def steps(self) -> int:
        return len(self.rows) // self.recipe.batch


def train(training: Training) -> None:
    """Train to the end, or resume from the last checkpoint; the adapter is in ``work/trained`` afterwards."""
    if (training.work / TRAINED).exists():
        return
    if torch.cuda.is_available():
        _run(0, 1, "", training)
        return
    processes = min(os.cpu_count() or 1, training.recipe.batch)
    with TemporaryDirectory() as folder:  # where the processes find each other
        spawn(_run, (processes, f"file://{folder}/meet", training), nprocs=processes)


def estimate(training: Training) -> str:
    """Estimate how long the training will take, from three steps on rows of medium length."""
    device = _choose_device()
    model, tokenizer = _load_model(training, device), AutoTokenizer.from_pretrained(training.backbone)
    middle = len(training.rows) // 2
    batch = _make_batch(training.rows[middle : middle + training.recipe.batch], tokenizer, device)
    for _ in range(3):
        start = time.monotonic()
        _compute_loss(model, dict(batch)).backward()
        seconds = time.monotonic() - start
    each = training.recipe.batch / seconds
    return (
        f"{len(training.rows)} rows, about {each:.1f} a second on {device.type}: "
        f"{len(training.rows) / each / 3600:.1f} hours"
    )


def _run(rank: int, processes: int, meeting_point: str, training: Training) -> None:
    """Run one process: each takes its share of every batch, and all apply the mean gradient."""
    if processes > 1:
        torch.set_num_threads(1)
        dist.init_process_group("gloo", init_method=meeting_point, rank=rank, world_size=processes)
    torch.manual_seed(training.recipe.seed)
    device, size = _choose_device(), training.recipe.batch
    tokenizer = AutoTokenizer.from_pretrained(training.backbone)
    model = _load_model(training, device)
    parameters = [each for each in model.parameters() if each.requires_grad]
    optimiser = torch.optim.AdamW(parameters, lr=training.recipe.rate, weight_decay=0.01)
    if rank == 0:
        _save_round(training, parameters, 0)
    at, losses = _resume(training.work / STATE, parameters, optimiser)
    saved = started = time.monotonic()
    begun_at = at
    while at < training.steps:
        for group in optimiser.param_groups:
            group["lr"] = training.recipe.compute_rate(at)
        share = training.rows[at * size + rank : (at + 1) * size : processes]
        value = _compute_loss(model, _make_batch(share, tokenizer, device))
        value.backward()
        _average_gradients(parameters, processes)
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        optimiser.zero_grad()
        at += 1
        losses.append(value.item())
        if rank == 0 and at % REPORT_EVERY == 0:
            left = (training.steps - at) * (time.monotonic() - started) / (at - begun_at)
            mean = sum(losses[-100:]) / len(losses[-100:])
            sys.stdout.write(f"{at}/{training.steps} steps, loss {mean:.3f}, {left / 60:.0f} min left\n")
            sys.stdout.flush()
        if rank == 0:
            _save_round(training, parameters, at)
        if rank == 0 and (time.monotonic() - saved > SAVE_EVERY or at == training.steps):
            _save(training.work / STATE, at, losses, parameters, optimiser)
            saved = time.monotonic()
    if rank == 0:
        _load_mean(parameters, [training.work / ROUND.format(end) for end in training.recipe.averaged_ends])
        model.save_pretrained(training.work / TRAINED)
    if processes > 1:
        dist.destroy_process_group()


def _save_round(training: Training, parameters: list[Tensor], at: int) -> None:
    """Save the parameters if this is the end of a round to average."""
    if at in training.recipe.averaged_ends:
        torch.save([each.detach().cpu() for each in parameters], training.work / ROUND.format(at))


def _choose_device() -> torch.device:
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def _load_model(training: Training, device: torch.device) -> Any:
    recipe = training.recipe
    model = make_reader(training.backbone, recipe.rank, recipe.frozen_layers)
    if recipe.start:
        load_exported(model, recipe.start)
    return model.to(device).train()


def _make_batch(rows: tuple[Row, ...], tokenizer: Any, device: torch.device) -> dict[str, Tensor]:
    batch = collate([encode(row, tokenizer) for row in rows], pad=tokenizer.pad_token_id)
    return {name: value.to(device) for name, value in batch.items()}


def _compute_loss(model: Any, batch: dict[str, Tensor]) -> Tensor:
    """Compute the loss in bfloat16, which recent GPUs and CPUs multiply natively."""
    target, known = batch.pop("target"), batch.pop("known")
    with torch.autocast(target.device.type, dtype=torch.bfloat16):
        logits, words = model(**batch)
    return compute_loss(logits, words, target, known)


def _average_gradients(parameters: list[Tensor], processes: int) -> None:
    if processes == 1:
        return
    gradients = [each.grad for each in parameters if each.grad is not None]
    together = torch.cat([each.flatten() for each in gradients])
    dist.all_reduce(together)
    together /= processes
    for gradient, mean in zip(gradients, together.split([each.numel() for each in gradients]), strict=True):
        gradient.copy_(mean.view_as(gradient))


def _load_mean(parameters: list[Tensor], files: list[Path]) -> None:
    rounds = [torch.load(file, weights_only=True) for file in files]
    with torch.no_grad():
        for parameter, values in zip(parameters, zip(*rounds, strict=True), strict=True):
            parameter.copy_(torch.stack(values).mean(0))


def _resume(file: Path, parameters: list[Tensor], optimiser: torch.optim.Optimizer) -> tuple[int, list[float]]:
    if not file.exists():
        return 0, []
    state = torch.load(file, weights_only=True)
    with torch.no_grad():
        for parameter, value in zip(parameters, state["parameters"], strict=True):
            parameter.copy_(value)
    optimiser.load_state_dict(state["optimiser"])
    return state["at"], state["losses"]


def _save(file: Path, at: int, losses: list[float], parameters: list[Tensor], optimiser: torch.optim.Optimizer) -> None:
    part = file.with_suffix(".part")
    values = [each.detach().cpu() for each in parameters]
    torch.save({"at": at, "losses": losses, "parameters": values, "optimiser": optimiser.state_dict()}, part)
    part.replace(file)
