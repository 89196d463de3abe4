"""Tests of the export: the graph and the adapter answer, over the backbone, as the trained model does."""

from __future__ import annotations

import json
import random
from dataclasses import astuple
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import transformers
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from harness.checker_en.network import ABOUT, ADAPTER, GRAPH, Network, quantise

pytestmark = pytest.mark.slow

WORDS = ["the", "plan", "passed"]
SHAPE: dict[str, Any] = {"vocab_size": 7, "hidden_size": 128, "num_hidden_layers": 1, "num_attention_heads": 2,
         "intermediate_size": 256, "max_position_embeddings": 20}  # fmt: skip  # a table
EXACT = "encoder.layer.0.output.dense.weight"


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, torch.nn.Module]:
    """The backbone, what was exported, and the model: a real MPNet of random weights with a random adapter."""
    from benchmarks.training import export
    from benchmarks.training.reader import make_reader

    folder = tmp_path_factory.mktemp("tiny")
    torch.manual_seed(0)
    transformers.MPNetModel(transformers.MPNetConfig(**SHAPE)).save_pretrained(folder / "backbone")
    tokenizer().save(str(folder / "backbone" / "tokenizer.json"))
    model = make_reader(folder / "backbone", 32, 0)
    with torch.no_grad():
        for weight in model.parameters():
            if weight.requires_grad:
                weight.normal_(std=0.1)
    model.save_pretrained(str(folder / "work" / "trained"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(export, "EXACT", (EXACT,))
        export.export(folder / "work" / "trained", "tiny", folder / "backbone", folder / "network")
    return folder / "backbone", folder / "network", model.eval()


def tokenizer() -> Tokenizer:
    vocabulary = {word: at for at, word in enumerate(["<s>", "<pad>", "</s>", "[UNK]", *WORDS])}
    made = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))  # noqa: S106  # a word of the vocabulary
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    made.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    return made


def test_training_continues_from_an_exported_network(trained: tuple[Path, Path, torch.nn.Module]) -> None:
    from benchmarks.training.export import load_exported
    from benchmarks.training.reader import make_reader

    backbone, folder, model = trained
    again = make_reader(backbone, 32, 0)
    load_exported(again, folder)
    for (name, value), expected in zip(again.named_parameters(), model.parameters(), strict=True):
        if value.requires_grad:  # half precision, or eight bits for the classifier's matrices
            assert torch.allclose(value, expected, atol=0.005 if "classifier" in name else 0.001), name


def test_exported_network_answers_like_the_trained_model(trained: tuple[Path, Path, torch.nn.Module]) -> None:
    backbone, folder, model = trained
    answers = Network.load(folder, backbone).read([("the plan", "plan passed"), ("passed", "the plan passed")])
    found = list(answers.values())
    for reading, ids, words in zip(found, ([0, 4, 5, 2, 5, 6, 2], [0, 6, 2, 4, 5, 6, 2]), (2, 3), strict=True):
        given = torch.tensor([ids])
        with torch.inference_mode():
            logits, wrong = model(input_ids=given, attention_mask=torch.ones_like(given))
        assert astuple(reading.probabilities) == pytest.approx(logits.softmax(-1)[0].tolist(), abs=0.02)
        assert [token.log_odds for token in reading.token_scores] == pytest.approx(
            wrong[0, -1 - words : -1].tolist(), abs=0.3
        )
    assert [(token.start, token.end) for token in found[0].token_scores] == [(0, 4), (5, 11)]


def test_export_leaves_out_the_matrices_of_the_backbone(trained: tuple[Path, Path, torch.nn.Module]) -> None:
    backbone, folder, _ = trained
    about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
    layer = "encoder.layer.0.attention.attn"
    assert {f"{layer}.{name}.weight" for name in "qkv"} <= {source["tensor"] for source in about["weights"].values()}
    sizes = [(folder / name).stat().st_size for name in (GRAPH, ADAPTER)]
    assert sum(sizes) < (backbone / "model.safetensors").stat().st_size / 2


def test_only_the_exact_matrices_of_a_layer_stay_in_float32(trained: tuple[Path, Path, torch.nn.Module]) -> None:
    _, folder, _ = trained
    weights = json.loads((folder / ABOUT).read_text(encoding="utf-8"))["weights"].values()
    layer = {source["tensor"]: source["quantised"] for source in weights if source["tensor"].startswith("encoder")}
    assert [tensor for tensor, quantised in layer.items() if not quantised] == [EXACT]
    assert sum(layer.values()) == 5


def test_long_premise_is_cut_at_its_end(trained: tuple[Path, Path, torch.nn.Module], tmp_path: Path) -> None:
    backbone, folder, _ = trained
    about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
    for name in (GRAPH, ADAPTER):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    (tmp_path / ABOUT).write_text(json.dumps({**about, "tokens": 16}), encoding="utf-8")
    network = Network.load(tmp_path, backbone)
    long, cut = network.read([("plan " * 100, "the plan passed"), ("plan " * 10, "the plan passed")]).values()
    # 16 tokens are three marks, three of the hypothesis and ten of the premise
    assert astuple(long.probabilities) == pytest.approx(astuple(cut.probabilities))
    assert network.count_tokens("the plan") == 2


def test_quantisation_keeps_each_columns_largest_value_and_rounds_the_rest() -> None:
    drawn = random.Random(0)  # noqa: S311  # no secret is drawn
    weight = np.array([[drawn.gauss(0, 1) for _ in range(5)] for _ in range(40)], dtype=np.float32)
    integers, step = quantise(weight)
    assert integers.dtype == np.int8
    assert np.abs(integers).max(axis=0).tolist() == [64] * 5
    assert np.abs(integers * step - weight).max() <= step.max() / 2 + 1e-6


def test_the_card_counts_rows_by_source_and_averages_the_loss(tmp_path: Path) -> None:
    from benchmarks.training.export import write_card
    from benchmarks.training.recipe import Recipe
    from benchmarks.training.rows import Row

    rows = [Row("p", "h", "supported", "written")] * 3 + [Row("p", "h", "absent", "fever")]
    losses = [1.0] * 100 + [0.5] * 150
    write_card(tmp_path / "card.json", Recipe(backbone="b", batch=4, rounds=[]), rows, losses)
    card = json.loads((tmp_path / "card.json").read_text(encoding="utf-8"))
    assert [(each["name"], each["rows"], each["licence"]) for each in card["data"]] == [
        ("written", 3, "CC BY 4.0"),
        ("fever", 1, "Wikipedia's terms"),
    ]
    assert card["loss"] == [[400, 1.0], [800, 0.5]]
