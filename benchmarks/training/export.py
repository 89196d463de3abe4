"""Export a trained network as the files that ship: a graph with 8-bit weights, and an adapter to its backbone.

The backbone's own weights are left out of the graph and taken from the packaged model when the network is loaded; what
training changed (heads, norms, biases) stays in the graph.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from statistics import fmean
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from peft import PeftModel
from safetensors.numpy import load_file, save_file

from benchmarks.common import write_json
from benchmarks.training.reader import CLASSES, Reader
from benchmarks.training.recipe import Recipe
from benchmarks.training.rows import LICENCES, Row
from harness.checker_en.network import ABOUT, ADAPTER, CARD, GRAPH, OUTPUTS, WeightOrigin, quantise

TOKENS = 512
"""Token limit of a pair."""
SMALLEST = 16_384
"""Bytes; smaller weights stay in the graph."""
EXACT = tuple(f"encoder.layer.{layer}.output.dense.weight" for layer in (6, 7, 8))
"""Matrices of the backbone that stay in float32. A few of their input features are so large that eight bits erase the
others: quantising these too moves probabilities by .08 on average instead of .03."""
_FACTOR = re.compile(r"mpnet\.(.+)\.lora_([AB])\.default\.weight")
LOSS_EVERY = 100
"""Number of steps that one point of the card's loss curve averages."""


def export(trained: Path, backbone: str, folder: Path, into: Path) -> None:
    """Write graph, adapter and ``about.json``; ``folder`` has the weights of the backbone."""
    into.mkdir(parents=True, exist_ok=True)
    model, learned = _merge_adapter(trained, folder)
    with TemporaryDirectory() as temporary:
        exact, small = Path(temporary) / "exact.onnx", Path(temporary) / "small.onnx"
        _write_graph(model, exact)
        graph, shared = onnx.load(exact), _find_shared_weights(folder, model, learned)
        quantize_dynamic(
            exact, small, ["MatMul", "Gemm"], weight_type=QuantType.QInt8, per_channel=True, reduce_range=True,
            nodes_to_exclude=_find_exact_nodes(graph, shared),
        )  # fmt: skip  # short settings
        graph, origins = _strip_backbone(graph, onnx.load(small), shared)
    save_file(learned, into / ADAPTER)
    onnx.save(_strip_traces(graph), into / GRAPH)
    weights = {name: asdict(origin) for name, origin in origins.items()}
    write_json(into / ABOUT, {"backbone": backbone, "classes": CLASSES, "tokens": TOKENS, "weights": weights})


def load_exported(model: torch.nn.Module, folder: Path) -> None:
    """Copy the adapter and the heads of an exported network into a model with such an adapter (``make_reader``).

    The export rounded two matrices of the heads to 8 bits.
    """
    factors, graph = load_file(folder / ADAPTER), onnx.load(folder / GRAPH, load_external_data=False).graph
    heads = {each.name: numpy_helper.to_array(each) for each in graph.initializer if not each.external_data}
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if not parameter.requires_grad:
                continue
            tensor = name.removeprefix("base_model.model.").replace("modules_to_save.default.", "")
            if factor := _FACTOR.fullmatch(tensor):
                value = factors[f"{factor[1]}.weight.{factor[2]}"]
            elif tensor in heads:
                value = heads[tensor]
            else:
                value = (heads[f"{tensor}_Transposed_quantized"] * heads[f"{tensor}_Transposed_scale"]).T
            parameter.copy_(torch.tensor(value))


def write_card(file: Path, recipe: Recipe, rows: Sequence[Row], losses: Sequence[float]) -> None:
    """Write what the network learned from: rows by source with their licence, the recipe, the loss by rows seen."""
    counts = Counter(row.source for row in rows)
    card: dict[str, Any] = {
        "date": date.today().isoformat(),
        "rows": counts.total(),
        "data": [
            {"name": name, "rows": count, "licence": LICENCES[name]} for name, count in counts.most_common()
        ],
        "recipe": recipe.model_dump(mode="json"),
        "loss": [
            [at * recipe.batch, round(fmean(losses[at - LOSS_EVERY : at]), 3)]
            for at in range(LOSS_EVERY, len(losses) + 1, LOSS_EVERY)
        ],
    }  # fmt: skip  # one entry a line
    if recipe.start:
        card["continued_from"] = json.loads((recipe.start / CARD).read_text(encoding="utf-8"))
    write_json(file, card)


def _merge_adapter(trained: Path, backbone: Path) -> tuple[torch.nn.Module, dict[str, NDArray[np.float16]]]:
    """Merge the adapter into the model. Return the model, and the half-precision factors of each update."""
    model = Reader.from_pretrained(backbone, num_labels=len(CLASSES), dtype="float32")
    adapted = PeftModel.from_pretrained(model, trained)
    learned: dict[str, NDArray[np.float16]] = {}
    for name, module in adapted.named_modules():
        if hasattr(module, "lora_A") and "default" in module.lora_A:
            down = module.lora_A["default"].weight.detach().half()
            up = (module.lora_B["default"].weight.detach() * module.scaling["default"]).half()
            tensor = f"{name.partition('.model.')[2].partition('.')[2]}.weight"
            learned |= {f"{tensor}.A": down.numpy(), f"{tensor}.B": up.numpy()}
    plain = adapted.unload()
    for name, weight in plain.named_parameters():
        tensor = name.partition(".")[2]
        if f"{tensor}.A" in learned:
            down, up = (torch.from_numpy(learned[f"{tensor}.{side}"]).float() for side in "AB")
            weight.data += up @ down
    return plain.eval(), learned


def _find_shared_weights(
    backbone: Path, model: torch.nn.Module, learned: Mapping[str, Any]
) -> dict[str, NDArray[np.float32]]:
    """Return the weights that can be rebuilt from the backbone, by their name there: unchanged or with an adapter."""
    base = load_file(backbone / "model.safetensors")
    weights = {name.partition(".")[2]: weight.detach().numpy() for name, weight in model.named_parameters()}
    return {
        name: weight
        for name, weight in weights.items()
        if name in base and (f"{name}.A" in learned or np.array_equal(weight, base[name]))
    }


def _write_graph(model: torch.nn.Module, file: Path) -> None:
    """Write the network in ONNX, for one pair of any length."""
    names = ("input_ids", "attention_mask")
    shapes = {name: {1: torch.export.Dim("tokens", max=TOKENS)} for name in names}
    ids = torch.ones(1, 16, dtype=torch.int64)
    torch.onnx.export(
        model, (), file, kwargs={"input_ids": ids, "attention_mask": torch.ones_like(ids)}, input_names=names,
        output_names=list(OUTPUTS), dynamic_shapes=shapes, external_data=False, verbose=False,
    )  # fmt: skip  # short settings


def _find_exact_nodes(graph: onnx.ModelProto, shared: Mapping[str, NDArray[np.float32]]) -> list[str]:
    """Return the names of the nodes that multiply by a matrix of ``EXACT``."""
    exact = [shared[name] for name in EXACT if name in shared]
    weights = {each.name: numpy_helper.to_array(each) for each in graph.graph.initializer}
    return [
        node.name
        for node in graph.graph.node
        if node.op_type == "MatMul" and (weight := weights.get(node.input[1])) is not None
        if any(np.array_equal(weight, each.T) for each in exact)
    ]


def _strip_backbone(
    exact: onnx.ModelProto, small: onnx.ModelProto, known: Mapping[str, NDArray[np.float32]]
) -> tuple[onnx.ModelProto, dict[str, WeightOrigin]]:
    """Return the quantised graph without the known weights, and where to find each of them."""
    plain = {each.name: numpy_helper.to_array(each) for each in exact.graph.initializer}
    origins: dict[str, WeightOrigin] = {}
    for initializer in small.graph.initializer:
        value = numpy_helper.to_array(initializer)
        weight = plain.get(initializer.name.removesuffix("_quantized"))
        if value.nbytes < SMALLEST or weight is None:
            continue
        origin = next(_find_origins(weight, known, value.dtype == np.int8), None)
        if origin is None:
            continue
        taken = known[origin.tensor].T if origin.transposed else known[origin.tensor]
        if not np.array_equal(quantise(taken)[0] if origin.quantised else taken, value):
            raise ValueError(f"{initializer.name}: onnxruntime quantises it differently from network.py")
        origins[initializer.name] = origin
        initializer.ClearField("raw_data")
        initializer.data_location = onnx.TensorProto.EXTERNAL
        initializer.external_data.add(key="location", value=origin.tensor)
    return small, origins


def _find_origins(
    weight: NDArray[np.float32], known: Mapping[str, NDArray[np.float32]], is_quantised: bool
) -> Iterator[WeightOrigin]:
    for name, tensor in known.items():
        if tensor.shape == weight.shape and np.array_equal(tensor, weight):
            yield WeightOrigin(name, False, is_quantised)
        elif tensor.T.shape == weight.shape and np.array_equal(tensor.T, weight):
            yield WeightOrigin(name, True, is_quantised)


def _strip_traces(model: onnx.ModelProto) -> onnx.ModelProto:
    """Remove the exporter's notes about each node: lines of code, with paths on this machine."""
    for part in (model, model.graph, *model.graph.node, *model.graph.value_info, *model.graph.initializer):
        del part.metadata_props[:]
    for node in model.graph.node:
        node.doc_string = ""
    return model
