"""Going on from an adapter that was exported, and what ships half way between two."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
import transformers
from safetensors.torch import load_file

pytestmark = pytest.mark.slow

HEAD = "base_model.model.classifier"


@pytest.fixture(scope="module")
def backbone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An MPNet of random weights with one layer."""
    folder = tmp_path_factory.mktemp("tiny") / "backbone"
    torch.manual_seed(0)
    shape: dict[str, Any] = {"vocab_size": 9, "hidden_size": 128, "num_attention_heads": 2, "intermediate_size": 256}
    transformers.MPNetModel(
        transformers.MPNetConfig(**shape, num_hidden_layers=1, max_position_embeddings=20)
    ).save_pretrained(folder)
    return folder


@pytest.fixture(autouse=True)
def all_layers_have_an_adapter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.training.train.FROZEN", 0)


def trained(folder: Path, backbone: Path, seed: int) -> dict[str, torch.Tensor]:
    """A folder of a training, with random weights in place of learned ones; gives what is in it."""
    from benchmarks.training.train import network

    model = network(backbone)
    torch.manual_seed(seed)
    with torch.no_grad():
        for weight in model.parameters():
            if weight.requires_grad:
                weight.normal_(std=0.1)
    model.save_pretrained(str(folder / "trained"))
    (folder / "pairs-0-1.0.jsonl").write_text('{"source": "rte"}\n', encoding="utf-8")
    (folder / "trained" / "trainer_state.json").write_text('{"log_history": [], "global_step": 1}', encoding="utf-8")
    return load_file(folder / "trained" / "adapter_model.safetensors")


def test_what_ships_can_lie_half_way_to_the_adapter_that_a_training_went_on_from(
    backbone: Path, tmp_path: Path
) -> None:
    from benchmarks.training.average import averaged
    from benchmarks.training.export import export

    first, last = (trained(tmp_path / name, backbone, seed) for seed, name in enumerate(("first", "last")))
    export(tmp_path / "first", "tiny", backbone, tmp_path / "before")
    averaged(tmp_path / "last" / "trained", tmp_path / "before", backbone, tmp_path / "mean")
    mean = load_file(tmp_path / "mean" / "adapter_model.safetensors")
    assert mean.keys() == first.keys() == last.keys()
    for name, weight in mean.items():
        coarse = name.startswith(HEAD) and name.endswith("weight")  # the head was exported in 8 bits
        assert torch.allclose(weight, (first[name] + last[name]) / 2, atol=5e-3 if coarse else 1e-4), name

    export(tmp_path / "last", "tiny", backbone, tmp_path / "network", before=tmp_path / "before")
    card = json.loads((tmp_path / "network" / "card.json").read_text(encoding="utf-8"))
    assert card["averaged_with_rows"] == 1
