"""Token vectors of a real encoder with random weights: as transformers gives them, however texts are batched."""

from __future__ import annotations

from pathlib import Path
from string import ascii_lowercase

import pytest
import torch
import transformers

from harness.errors import ModelError
from harness.weights.encoder import Encoder
from harness.weights.load import Checkpoint, load
from harness.weights.source import source_of

SIGNS = ("<s>", "<pad>", "</s>", "<unk>", "<mask>", "Ġ", *ascii_lowercase)
POSITIONS = 20
"""Two of which RoBERTa leaves unused: a padding token's is 1, and the first word's is the one after it."""


pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A RoBERTa of two layers, whose tokens are letters; its tokenizer names no limit."""
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
    return load(source_of(str(folder)), None, "float32", "cpu", "encoder", layers)


def by_hand(folder: Path, ids: tuple[int, ...], layer: int) -> torch.Tensor:
    model = transformers.RobertaModel.from_pretrained(folder).eval()
    with torch.inference_mode():
        states: torch.Tensor = model(torch.tensor([ids]), output_hidden_states=True).hidden_states[layer][0]
    return states


@pytest.mark.parametrize("layers", [None, 1, 2])
def test_vectors_are_the_models_own_whatever_shares_their_batch(folder: Path, layers: int | None) -> None:
    texts = ["a", "abc", "some longer text", "abc"]
    for batch_size in (1, 2, 8):
        encoded = Encoder(loaded(folder, layers), batch_size).encode(texts)
        assert list(encoded) == sorted(set(texts), key=len)
        for read in encoded.values():
            expected = by_hand(folder, read.ids, layers or 2)
            torch.testing.assert_close(read.vectors, expected, atol=1e-5, rtol=1e-4)


def test_a_word_at_the_start_is_the_same_as_behind_a_space(folder: Path) -> None:
    ids, cut = Encoder(loaded(folder), 1).tokens("a b")
    assert [SIGNS[number] for number in ids] == ["<s>", "Ġ", "a", "Ġ", "b", "</s>"]
    assert not cut


def test_a_text_is_cut_where_the_positions_end_and_that_is_told(folder: Path) -> None:
    checkpoint = loaded(folder)
    assert checkpoint.longest == POSITIONS - 2
    read = Encoder(checkpoint, 1).encode(["x" * 50])["x" * 50]
    assert (len(read.ids), read.cut) == (POSITIONS - 2, True)
    with pytest.raises((IndexError, RuntimeError), match="out of"):
        by_hand(folder, (*read.ids, 2), -1)


def test_a_tokenizers_limit_counts_where_it_names_one(folder: Path) -> None:
    checkpoint = loaded(folder)
    checkpoint.tokenizer.model_max_length = 7
    assert checkpoint.longest == 7


def test_layers_that_are_not_there_are_refused(folder: Path) -> None:
    with pytest.raises(ModelError, match="layer is 3, and the model has 2; set one of those"):
        loaded(folder, 3)
