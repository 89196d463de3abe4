"""Token vectors of a real encoder with random weights, compared with transformers."""

from __future__ import annotations

from pathlib import Path
from string import ascii_lowercase

import pytest
import torch
import transformers

from harness.errors import ModelError
from harness.scorers.bertscore import Encoder
from harness.weights.load import Checkpoint, load
from harness.weights.source import find_source

SIGNS = ("<s>", "<pad>", "</s>", "<unk>", "<mask>", "Ġ", *ascii_lowercase)
POSITIONS = 20
"""RoBERTa leaves two unused: padding has position 1 and the first token position 2."""


pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("one_thread")]  # torch is imported


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A two-layer RoBERTa whose tokens are letters; its tokenizer names no limit."""
    saved = tmp_path_factory.mktemp("roberta")
    torch.manual_seed(0)
    config = transformers.RobertaConfig(
        vocab_size=len(SIGNS),
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=POSITIONS,
        pad_token_id=1,
        initializer_range=0.5,
    )
    transformers.RobertaModel(config).save_pretrained(saved)
    transformers.RobertaTokenizer(vocab={sign: number for number, sign in enumerate(SIGNS)}, merges=[]).save_pretrained(
        saved
    )
    return saved


def loaded(folder: Path, layers: int | None = None) -> Checkpoint:
    return load(find_source(str(folder)), None, "float32", "cpu", "encoder", layers)


def by_hand(folder: Path, ids: tuple[int, ...], layer: int) -> torch.Tensor:
    model = transformers.RobertaModel.from_pretrained(folder).eval()
    with torch.inference_mode():
        states: torch.Tensor = model(torch.tensor([ids]), output_hidden_states=True).hidden_states[layer][0]
    return states


@pytest.mark.parametrize("layers", [None, 1, 2])
def test_vectors_equal_transformers_for_any_batch_size(folder: Path, layers: int | None) -> None:
    texts = ["a", "abc", "some longer text", "abc"]
    for batch_size in (1, 2, 8):
        encoded = Encoder(loaded(folder, layers), batch_size).encode(texts)
        assert list(encoded) == sorted(set(texts), key=len)
        for read in encoded.values():
            expected = by_hand(folder, read.ids, layers or 2)
            torch.testing.assert_close(read.vectors, expected, atol=1e-5, rtol=1e-4)


def test_first_word_is_tokenized_like_later_words(folder: Path) -> None:
    ids, cut = Encoder(loaded(folder), 1).tokens("a b")
    assert [SIGNS[number] for number in ids] == ["<s>", "Ġ", "a", "Ġ", "b", "</s>"]
    assert not cut


def test_text_beyond_the_positions_is_cut_and_flagged(folder: Path) -> None:
    checkpoint = loaded(folder)
    assert checkpoint.longest == POSITIONS - 2
    read = Encoder(checkpoint, 1).encode(["x" * 50])["x" * 50]
    assert (len(read.ids), read.cut) == (POSITIONS - 2, True)
    with pytest.raises((IndexError, RuntimeError), match="out of"):
        by_hand(folder, (*read.ids, 2), -1)
    checkpoint.tokenizer.model_max_length = 7
    assert checkpoint.longest == 7


def test_layer_beyond_the_model_is_refused(folder: Path) -> None:
    with pytest.raises(ModelError, match="layer is 3, but the model has only 2 layers; lower it"):
        loaded(folder, 3)
