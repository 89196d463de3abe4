"""Make what ships of a network that has been trained: a graph in 8-bit integers, and an adapter to its backbone.

    python benchmarks/training/export.py --work FOLDER --backbone NAME --to FOLDER [--average-with FOLDER]

What the packaged backbone has is left out of the graph and taken from there when the network is loaded; the rest (the
head, norms, biases, and where all layers were trained, these) stands in it. ``--average-with`` takes the adapter that a
training went on from: what ships then lies half way between the two.
"""

from __future__ import annotations

import argparse
import json
import sys
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

from benchmarks.training.average import averaged
from benchmarks.training.corpora import NEWS, SHORT
from benchmarks.training.in_domain import LICENCES
from benchmarks.training.mixture import EXCHANGED_FROM, MADE_FROM, SPLICED_FROM
from benchmarks.training.reader import CLASSES, Reader
from benchmarks.training.train import BATCH, BEFORE
from harness.checker_en.entailment.network import ABOUT, ADAPTER, CARD, GRAPH, OUTPUTS, WeightOrigin, quantised
from harness.weights import store

STATE = "trainer_state.json"
MADE_OF = {
    "made": MADE_FROM, "exchanged": EXCHANGED_FROM, "mispaired": ("fever",), "outcome": (*MADE_FROM, "compression"),
    "embedded": (*SHORT, *MADE_FROM),
    **dict.fromkeys(("spliced", "crossed", "possible", "turned"), (*MADE_FROM, *SPLICED_FROM)),
}  # fmt: skip  # a table
TOKENS = 512
"""Of premise, hypothesis and marks together."""
TOGETHER = 12
"""Entries of a training's log whose mean the card has: 4,800 pairs, a point of a learning curve."""
LEAST = 16_384
"""Bytes of a weight that is left out; smaller ones stand in the graph."""


def export(work: Path, backbone: str, folder: Path, into: Path, before: Path | None = None) -> None:
    """Write graph, adapter, ``about.json`` and the card; ``folder`` is where the backbone of that name lies.

    ``before`` is an adapter, as this wrote it, to go half way to.
    """
    into.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as temporary:
        trained = work / "trained"
        if before is not None:
            trained = averaged(trained, before, folder, Path(temporary) / "averaged")
        model, learned = merged(trained, folder)
        save_file(learned, into / ADAPTER)
        exact, small = Path(temporary) / "exact.onnx", Path(temporary) / "small.onnx"
        as_graph(model, exact)
        quantize_dynamic(
            exact, small, ["MatMul", "Gemm"], weight_type=QuantType.QInt8, per_channel=True, reduce_range=True
        )
        graph, sources = without_backbone(onnx.load(exact), onnx.load(small), tensors(folder, model, learned))
    onnx.save(without_traces(graph), into / GRAPH)
    weights = {name: asdict(source) for name, source in sources.items()}
    write_json(into / ABOUT, {"backbone": backbone, "classes": CLASSES, "tokens": TOKENS, "weights": weights})
    averages = {} if before is None else {"averaged_with_rows": json.loads((before / CARD).read_text("utf-8"))["rows"]}
    write_json(into / CARD, {**card(work), **averages})


def without_traces(model: onnx.ModelProto) -> onnx.ModelProto:
    """The graph without what the exporter notes of each node: the lines of code, by their paths, that it came from."""
    for part in (model, model.graph, *model.graph.node, *model.graph.value_info, *model.graph.initializer):
        del part.metadata_props[:]
    for node in model.graph.node:
        node.doc_string = ""
    return model


def merged(trained: Path, backbone: Path) -> tuple[torch.nn.Module, dict[str, NDArray[np.float16]]]:
    """The model, and of an adapter the two factors of each update in half precision, as the model has them."""
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


def tensors(backbone: Path, model: torch.nn.Module, learned: Mapping[str, Any]) -> dict[str, NDArray[np.float32]]:
    """What can be taken from the backbone, by its name there: what training left as it was, or laid an adapter over."""
    base = load_file(backbone / "model.safetensors")
    weights = {name.partition(".")[2]: weight.detach().numpy() for name, weight in model.named_parameters()}
    return {
        name: weight
        for name, weight in weights.items()
        if name in base and (f"{name}.A" in learned or np.array_equal(weight, base[name]))
    }


def without_backbone(
    exact: onnx.ModelProto, small: onnx.ModelProto, known: Mapping[str, NDArray[np.float32]]
) -> tuple[onnx.ModelProto, dict[str, WeightOrigin]]:
    """The small graph without the weights that are known, and where each of them is to be taken from."""
    plain = {each.name: numpy_helper.to_array(each) for each in exact.graph.initializer}
    sources: dict[str, WeightOrigin] = {}
    for initializer in small.graph.initializer:
        value = numpy_helper.to_array(initializer)
        origin = plain.get(initializer.name.removesuffix("_quantized"))
        if value.nbytes < LEAST or origin is None:
            continue
        source = next(_sources(origin, known, value.dtype == np.int8), None)
        if source is None:
            continue
        taken = known[source.tensor].T if source.transposed else known[source.tensor]
        if not np.array_equal(quantised(taken)[0] if source.quantised else taken, value):
            raise ValueError(f"{initializer.name} is quantised otherwise than harness.verifiers does it")
        sources[initializer.name] = source
        initializer.ClearField("raw_data")
        initializer.data_location = onnx.TensorProto.EXTERNAL
        initializer.external_data.add(key="location", value=source.tensor)
    return small, sources


def _sources(
    weight: NDArray[np.float32], known: Mapping[str, NDArray[np.float32]], is_quantised: bool
) -> Iterator[WeightOrigin]:
    for name, tensor in known.items():
        if tensor.shape == weight.shape and np.array_equal(tensor, weight):
            yield WeightOrigin(name, False, is_quantised)
        elif tensor.T.shape == weight.shape and np.array_equal(tensor.T, weight):
            yield WeightOrigin(name, True, is_quantised)


def card(work: Path) -> dict[str, object]:
    """What was learned from, also by the network that training went on from, with the licence that each source states.

    ``rows`` counts all pairs, ``rows_last`` those of the last training, and ``loss`` lists pairs seen and mean loss.
    """
    (file,) = work.glob("pairs-*.jsonl")
    state = json.loads((work / "trained" / STATE).read_text(encoding="utf-8"))
    seen = file.read_text(encoding="utf-8").splitlines()[: state["global_step"] * BATCH]
    counts = Counter(json.loads(line)["source"] for line in seen)
    losses = means([(entry["step"] * BATCH, float(entry["loss"])) for entry in state["log_history"] if "loss" in entry])
    if (work / BEFORE).exists():
        before = json.loads((work / BEFORE).read_text(encoding="utf-8"))
        losses = [*before["loss"], *((before["rows"] + pairs, loss) for pairs, loss in losses)]
        counts.update({each["name"]: each["rows"] for each in before["data"]})
    licences = {
        **{name: share.licence for name, share in {**SHORT, **NEWS}.items()},
        **{name: f"made of articles and evidence of {', '.join(origin)}" for name, origin in MADE_OF.items()},
        **LICENCES,
    }
    data = [{"name": name, "rows": count, "licence": licences[name]} for name, count in counts.most_common()]
    rows = {"rows": counts.total(), "rows_last": len(seen)}
    return {"date": date.today().isoformat(), "data": data, **rows, "loss": losses}


def means(losses: Sequence[tuple[int, float]]) -> list[tuple[int, float]]:
    """(pairs seen, mean loss since the entry before) of (pairs seen, loss), so many of these together."""
    parts = [losses[at : at + TOGETHER] for at in range(0, len(losses), TOGETHER)]
    return [(part[-1][0], round(fmean(loss for _, loss in part), 3)) for part in parts]


def write_json(file: Path, content: Mapping[str, object]) -> None:
    file.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def as_graph(model: torch.nn.Module, file: Path) -> None:
    """The network in ONNX, for one pair of any length."""
    names = ("input_ids", "attention_mask")
    shapes = {name: {1: torch.export.Dim("tokens", max=TOKENS)} for name in names}
    ids = torch.ones(1, 16, dtype=torch.int64)
    torch.onnx.export(
        model, (), file, kwargs={"input_ids": ids, "attention_mask": torch.ones_like(ids)}, input_names=names,
        output_names=list(OUTPUTS), dynamic_shapes=shapes, external_data=False, verbose=False,
    )  # fmt: skip  # one setting a word


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--work", type=Path, required=True)
    options.add_argument("--backbone", required=True, help="its name among the packaged models")
    options.add_argument("--to", type=Path, required=True)
    options.add_argument("--average-with", type=Path, help="an adapter, as this command wrote it, to go half way to")
    given = options.parse_args()
    export(given.work, given.backbone, store.path(given.backbone), given.to, given.average_with)
    size = sum((given.to / name).stat().st_size for name in (GRAPH, ADAPTER))
    sys.stdout.write(f"{given.to}: {size / 1e6:.1f} MB\n")


if __name__ == "__main__":
    main()
