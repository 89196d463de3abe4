"""Train a cross-encoder on the mixture of labelled pairs; a run that was ended goes on from its last checkpoint.

    python benchmarks/training/train.py --backbone FOLDER --data DIR --work DIR [--scale S] [--seed N]

What is trained is an adapter (LoRA: Hu et al. 2022) on all-mpnet-base-v2, which reads the premise and the hypothesis
together (``reader.py``). Before it begins, the command says what it will cost; it computes in bfloat16 on a GPU, and on
a CPU that has instructions for it. On a CPU one process a core is a third faster than one for all: ``torchrun
--nproc-per-node 2 benchmarks/training/train.py … --threads 1``. ``--continue-from`` goes on from an adapter that
``export.py`` wrote, with other pairs (``--seed``, ``--short-scale`` and its like).
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import time
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import onnx
import torch
from onnx import numpy_helper
from peft import LoraConfig, TaskType, get_peft_model
from safetensors.torch import load_file
from torch import Tensor
from torch.utils.data import Dataset
from transformers import (
    AutoTokenizer,
    PreTrainedTokenizerBase,
    Trainer,
    TrainingArguments,
)

from benchmarks.training.corpora import Example
from benchmarks.training.mixture import Scales, batched, mixture
from benchmarks.training.reader import CLASSES, Reader, collated, encoded, loss
from harness.checker_en.entailment.network import ADAPTER, CARD, GRAPH

BEFORE = "card-before.json"
"""In the folder of a training: the card of the network that it went on from."""


RATE = 4e-4
BATCH = 16
RANK = 32
FROZEN = 4
"""Layers at the bottom that have no adapter: what they do costs a third of a step otherwise."""


class Rows(Dataset[dict[str, Any]]):
    """Examples as token ids, made when they are asked for."""

    def __init__(self, examples: Sequence[Example], tokenizer: PreTrainedTokenizerBase) -> None:
        self.examples, self.tokenizer = examples, tokenizer

    def __len__(self) -> int:
        return len(self.examples)

    def __getitem__(self, at: int) -> dict[str, Any]:
        return encoded(self.examples[at], self.tokenizer)


class PairTrainer(Trainer):
    """A trainer whose targets may leave open which of two classes is right, and whose rows stay in order."""

    def compute_loss(self, model: Any, inputs: dict[str, Tensor], *args: Any, **kwargs: Any) -> Any:
        targets, told = inputs.pop("labels"), inputs.pop("told")
        logits, wrong = model(**inputs)
        value = loss(logits, wrong, targets, told)
        return (value, (logits, wrong)) if kwargs.get("return_outputs") else value

    def _get_train_sampler(self, *_: Any, **__: Any) -> torch.utils.data.Sampler[int]:
        return torch.utils.data.SequentialSampler(range(len(self.train_dataset)))  # type: ignore[arg-type]  # Rows has a length


def network(backbone: Path) -> Any:
    """The backbone under an adapter to its upper layers, with heads that are drawn at random.

    Each row is seen once, so nothing is dropped out: that would cost a tenth of the time.
    """
    model = Reader.from_pretrained(
        backbone, num_labels=len(CLASSES), hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0
    )
    model.words.begin()
    model.config.id2label = dict(enumerate(CLASSES))
    model.config.label2id = {name: number for number, name in enumerate(CLASSES)}
    adapter = LoraConfig(
        task_type=TaskType.SEQ_CLS, r=RANK, lora_alpha=RANK,  # continue_from counts on a scaling of 1
        lora_dropout=0.0, modules_to_save=["classifier", "words"],
        layers_to_transform=list(range(FROZEN, model.config.num_hidden_layers)), layers_pattern="layer",
        target_modules=["attn.q", "attn.k", "attn.v", "attn.o", "intermediate.dense", "output.dense"],
    )  # fmt: skip  # one setting a word
    return get_peft_model(model, adapter)


def arguments(options: argparse.Namespace) -> TrainingArguments:
    """One pass over the rows, or ``steps`` batches; the rate rises over the first 4 % and then falls to nothing."""
    on_gpu = torch.cuda.is_available()
    return TrainingArguments(
        output_dir=str(options.work), num_train_epochs=1, max_steps=options.steps,
        per_device_train_batch_size=BATCH // processes(), learning_rate=options.rate,
        weight_decay=0.01, warmup_steps=0.04, lr_scheduler_type="linear", max_grad_norm=1.0, seed=options.seed,
        logging_steps=25, save_steps=options.checkpoint_steps, save_total_limit=3, report_to=[],
        dataloader_num_workers=0, remove_unused_columns=False, bf16=on_gpu, use_cpu=not on_gpu,
        ddp_backend="gloo" if processes() > 1 and not on_gpu else None,
    )  # fmt: skip  # one setting a word


def processes() -> int:
    """How many train together; ``torchrun`` says so."""
    return int(os.environ.get("WORLD_SIZE", "1"))


def continue_from(model: Any, folder: Path) -> None:
    """Give the model the adapter and the heads that ``export.py`` wrote; that of classes as exact as its 8 bits are."""
    learned = load_file(folder / ADAPTER)
    graph = onnx.load(folder / GRAPH, load_external_data=False)
    constants = {each.name: numpy_helper.to_array(each) for each in graph.graph.initializer if not each.external_data}
    state = model.state_dict()
    with torch.no_grad():
        for name, tensor in learned.items():
            weight, _, side = name.rpartition(".weight.")
            state[f"base_model.model.mpnet.{weight}.lora_{side}.default.weight"].copy_(tensor)
        for layer in ("dense", "out_proj"):
            quantised = constants[f"classifier.{layer}.weight_Transposed_quantized"].astype("float32")
            step = constants[f"classifier.{layer}.weight_Transposed_scale"]
            head = f"base_model.model.classifier.modules_to_save.default.{layer}"
            state[f"{head}.weight"].copy_(torch.from_numpy((quantised * step).T))
            state[f"{head}.bias"].copy_(torch.from_numpy(constants[f"classifier.{layer}.bias"].copy()))
        for name in ("weight", "bias"):
            state[f"base_model.model.words.modules_to_save.default.{name}"].copy_(
                torch.from_numpy(constants[f"words.{name}"].copy())
            )


def rows(options: argparse.Namespace) -> list[Example]:
    """The examples in order; kept, as making them takes minutes."""
    given = (options.short_scale, options.made_scale, options.exchanged_scale, options.outcome_scale)
    short, made, exchanged, outcomes = (options.scale if each is None else each for each in given)
    others = (options.in_domain_scale, options.embedded_scale, options.spliced_scale)
    scales, seed = Scales(options.scale, short, made, exchanged, outcomes, *others), options.seed
    file = options.work / f"pairs-{seed}-{scales}.jsonl"
    if not file.exists():
        found = mixture(options.data, seed, scales)
        print(json.dumps(found.counts()))  # noqa: T201  # the command's output
        lines = (
            json.dumps(asdict(example)) for together in batched(found.examples, BATCH, seed) for example in together
        )
        part = file.with_suffix(".part")
        part.write_text("\n".join(lines), encoding="utf-8")
        part.replace(file)
    return [Example(**json.loads(line)) for line in file.read_text(encoding="utf-8").splitlines()]


def last_checkpoint(work: Path) -> str | None:
    """The newest checkpoint that is whole, by its state, which is written last; None where there is none."""
    for folder in sorted(work.glob("checkpoint-*"), key=lambda path: -int(path.name.partition("-")[2])):
        try:
            json.loads((folder / "trainer_state.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):  # the training was ended while it was written
            continue
        return str(folder)
    return None


def cost(trainer: PairTrainer, found: Sequence[Example]) -> str:
    """How long a pass will take, from one batch of middling length."""
    at, model, dataset = len(found) // 2, trainer.model, trainer.train_dataset
    if model is None or not isinstance(dataset, Rows):
        raise TypeError("a trainer without its model or rows")
    inputs = trainer.data_collator([dataset[at + each] for each in range(BATCH)])
    inputs = {name: value.to(model.device) for name, value in inputs.items()}
    for _ in range(2):
        start = time.monotonic()
        trainer.compute_loss(model, dict(inputs)).backward()
        seconds = time.monotonic() - start
    model.zero_grad()
    return f"{len(found)} pairs, about {BATCH / seconds:.1f} a second: {len(found) / BATCH * seconds / 3600:.1f} hours"


def main() -> None:
    options = _options().parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(options.threads)
    tokenizer = AutoTokenizer.from_pretrained(options.backbone)
    torch.manual_seed(options.seed)
    found = rows(options)
    model = network(options.backbone)
    (options.work / BEFORE).unlink(missing_ok=True)
    if options.continue_from is not None:
        continue_from(model, options.continue_from)
        shutil.copy(options.continue_from / CARD, options.work / BEFORE)
    trainer = PairTrainer(
        model=model,
        args=arguments(options),
        train_dataset=Rows(found, tokenizer), processing_class=tokenizer,
        data_collator=partial(collated, pad=tokenizer.pad_token_id),
    )  # fmt: skip  # one setting a word
    if processes() == 1:
        print(cost(trainer, found))  # noqa: T201  # the command's output
    trainer.train(resume_from_checkpoint=last_checkpoint(options.work))
    trainer.save_model(str(options.work / "trained"))
    if trainer.is_world_process_zero():
        trainer.state.save_to_json(str(options.work / "trained" / "trainer_state.json"))


def _options() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    found.add_argument("--backbone", type=Path, required=True, help="folder of the model that training begins from")
    found.add_argument("--data", type=Path, default=os.environ.get("HARNESS_LABELLED_DATA"), help="the labelled data")
    found.add_argument("--work", type=Path, required=True, help="where rows and checkpoints are kept")
    found.add_argument("--scale", type=float, default=1.0, help="the share of each set that is taken")
    found.add_argument("--short-scale", type=float, help="that of the short pairs, where it is another")
    found.add_argument("--made-scale", type=float, help="that of the made pairs, where it is another")
    found.add_argument("--exchanged-scale", type=float, help="that of pairs with exchanged words, where it is another")
    found.add_argument("--outcome-scale", type=float, help="that of outcomes in other words, where it is another")
    found.add_argument(
        "--in-domain-scale", type=float, default=0.0, help="that of facts of REALSumm and sentences of BUMP; none else"
    )
    found.add_argument(
        "--embedded-scale", type=float, default=0.0, help="that of short pairs inside articles; none else"
    )
    found.add_argument("--spliced-scale", type=float, default=0.0, help="that of spliced statements; none else")
    found.add_argument("--continue-from", type=Path, help="an adapter to go on from, as export.py wrote it")
    found.add_argument("--rate", type=float, default=RATE, help="the highest learning rate")
    found.add_argument("--steps", type=int, default=-1, help="batches; all rows where this is left out")
    found.add_argument("--seed", type=int, default=0)
    found.add_argument("--checkpoint-steps", type=int, default=100, help="steps between two checkpoints")
    found.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    return found


if __name__ == "__main__":
    main()
