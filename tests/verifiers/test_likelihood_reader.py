"""Reading texts after a prefix: the numbers against a model that can be worked by hand, and against plain reading."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_decider import chatting
from transformers import AutoModelForCausalLM, LlamaConfig, LlamaForCausalLM, PreTrainedModel

from harness.errors import ModelError
from harness.verifiers._likelihood.probe import probe
from harness.verifiers._likelihood.reader import Reader, Reading, context
from harness.verifiers._tree import Tree

# The next token by the one before it, rows the one before.
NEXT = [
    [0.10, 0.60, 0.20, 0.10],
    [0.25, 0.15, 0.35, 0.25],
    [0.05, 0.05, 0.10, 0.80],
    [0.40, 0.30, 0.20, 0.10],
]
TEXTS = st.lists(st.lists(st.integers(4, 90), min_size=1, max_size=6), min_size=1, max_size=6)


pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> PreTrainedModel:
    folder = chatting(tmp_path_factory.mktemp("tiny-causal"))
    model: PreTrainedModel = AutoModelForCausalLM.from_pretrained(folder)
    model.eval()
    return model


def table_model() -> LlamaForCausalLM:
    """A Llama without layers: embeddings are unit vectors, which its norm makes twice as long, so a table decides."""
    model = LlamaForCausalLM(
        LlamaConfig(
            vocab_size=4, hidden_size=4, intermediate_size=4, num_hidden_layers=0, num_attention_heads=1,
            tie_word_embeddings=False, rms_norm_eps=1e-12,
        )
    )  # fmt: skip  # one model
    with torch.no_grad():
        model.model.embed_tokens.weight.copy_(torch.eye(4))
        model.lm_head.weight.copy_(torch.tensor(NEXT).log().T / 2)
    return model


def plain(model: PreTrainedModel, prefix: Sequence[int], text: Sequence[int]) -> list[float]:
    """Log-probabilities of the text's tokens, the whole sequence read at once, without cache or tree."""
    with torch.inference_mode():
        chances = model(torch.tensor([[*prefix, *text]])).logits[0].log_softmax(dim=-1)
    return [float(chances[len(prefix) + at - 1, token]) for at, token in enumerate(text)]


def chances(readings: Sequence[Reading]) -> list[list[float]]:
    return [reading.chance.tolist() for reading in readings]


def test_chance_best_expected_and_spread_are_those_of_the_table() -> None:
    one, other = Reader(table_model(), 512).read([2, 0], [[1, 2, 3], [1, 1]])
    assert one.chance.tolist() == pytest.approx([math.log(0.6), math.log(0.35), math.log(0.8)], abs=1e-5)
    assert other.chance.tolist() == pytest.approx([math.log(0.6), math.log(0.15)], abs=1e-5)
    assert one.best.tolist() == pytest.approx([math.log(0.6), math.log(0.35), math.log(0.8)], abs=1e-5)
    assert one.expected.tolist() == [1, 2, 3]
    assert other.expected.tolist() == [1, 2]
    entropies = [-sum(p * math.log(p) for p in NEXT[row]) for row in (0, 1, 2)]
    assert one.spread.tolist() == pytest.approx(entropies, abs=1e-5)


@settings(max_examples=25)
@given(st.lists(st.integers(4, 90), min_size=1, max_size=30), TEXTS, st.sampled_from([1, 9, 512]))
def test_a_tree_of_texts_gives_what_each_text_gives_alone_without_a_cache(
    tiny: PreTrainedModel, prefix: list[int], texts: list[list[int]], batch_tokens: int
) -> None:
    read = Reader(tiny, batch_tokens).read(prefix, texts)
    for text, reading in zip(texts, read, strict=True):
        assert reading.chance.tolist() == pytest.approx(plain(tiny, prefix, text), abs=1e-4)


def test_the_order_of_the_texts_changes_nothing(tiny: PreTrainedModel) -> None:
    texts = [[5, 6, 7, 8], [5, 6, 9], [5], [40, 41, 42], [5, 6, 7, 8]]
    forward = chances(Reader(tiny, 512).read([10, 11, 12], texts))
    back = chances(Reader(tiny, 512).read([10, 11, 12], texts[::-1]))[::-1]
    for one, other in zip(forward, back, strict=True):
        assert one == pytest.approx(other, abs=1e-5)


def test_many_rows_are_taken_in_parts(tiny: PreTrainedModel) -> None:
    text = np.random.default_rng(0).integers(4, 90, 300).tolist()
    (reading,) = Reader(tiny, 512).read([10, 11], [text])
    assert reading.chance.tolist() == pytest.approx(plain(tiny, [10, 11], text), abs=1e-4)


def test_equal_beginnings_stand_once() -> None:
    tree = Tree([[7, 8, 9], [7, 8, 5], [7], [9]])
    assert tree.tokens == [7, 8, 9, 5, 9]
    assert tree.parents == [0, 1, 2, 2, 0]
    assert tree.paths == [[1, 2, 3], [1, 2, 4], [1], [5]]
    assert tree.depths() == [0, 1, 2, 2, 0]
    assert tree.sees().astype(int).tolist() == [
        [1, 0, 0, 0, 0],
        [1, 1, 0, 0, 0],
        [1, 1, 1, 0, 0],
        [1, 1, 0, 1, 0],
        [0, 0, 0, 0, 1],
    ]


def test_no_text_is_no_reading(tiny: PreTrainedModel) -> None:
    assert Reader(tiny, 512).read([5], []) == []


def test_a_model_that_takes_no_such_mask_is_refused() -> None:
    """ALiBi counts places by the order in memory, so a second text would stand too far from the premise."""
    from transformers import BloomConfig, BloomForCausalLM

    torch.manual_seed(0)
    bloom = BloomForCausalLM(
        BloomConfig(vocab_size=99, hidden_size=32, n_layer=2, n_head=4, initializer_range=0.5)
    ).eval()
    with pytest.raises(ModelError, match=r"bloom does not read several texts after one premise as it reads each alone"):
        probe("bloom", Reader(bloom, 512), list(range(4, 24)))


def test_a_model_that_takes_it_is_not(tiny: PreTrainedModel) -> None:
    probe("tiny", Reader(tiny, 512), list(range(4, 24)))


def test_the_context_is_what_all_layers_see() -> None:
    config = LlamaConfig(vocab_size=8, hidden_size=4, num_hidden_layers=0, num_attention_heads=1)
    config.max_position_embeddings = 64
    assert context(LlamaForCausalLM(config)) == 64
    config.sliding_window = 16
    assert context(LlamaForCausalLM(config)) == 16
