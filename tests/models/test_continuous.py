"""Continuous batching against transformers' own generate, on tiny random models of many architectures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pytest
import torch
import transformers

from harness.models._causal_lm import StaticBatching, _way
from harness.models._continuous_batching import BLOCK, Continuous
from harness.models._decoding import Decoding

if TYPE_CHECKING:
    from transformers import PreTrainedModel

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("one_thread")]  # tiny language models are loaded

GREEDY = Decoding(8, 0.0, 1.0, None, 1.0)
DRAWN = Decoding(8, 1.5, 0.95, 40, 1.3)
VOCABULARY = 300
_NO_TOKENS: dict[str, Any] = {"bos_token_id": None, "eos_token_id": None, "pad_token_id": None}
_SHAPE: dict[str, Any] = {
    "vocab_size": VOCABULARY,
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 3,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "head_dim": 8,
    "max_position_embeddings": 2048,
    "initializer_range": 0.5,  # so that its choices are clear-cut
    **_NO_TOKENS,
}
ARCHITECTURES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "llama": ("LlamaForCausalLM", "LlamaConfig", _SHAPE),
    "qwen2": ("Qwen2ForCausalLM", "Qwen2Config", _SHAPE),
    "qwen3": ("Qwen3ForCausalLM", "Qwen3Config", _SHAPE),
    "phi3": ("Phi3ForCausalLM", "Phi3Config", _SHAPE),
    "gpt2": (
        "GPT2LMHeadModel",
        "GPT2Config",
        {"vocab_size": VOCABULARY, "n_positions": 2048, "n_embd": 32, "n_layer": 3, "n_head": 4,
         "initializer_range": 0.5, **_NO_TOKENS},
    ),
    "mistral, which looks 40 tokens back": ("MistralForCausalLM", "MistralConfig", {**_SHAPE, "sliding_window": 40}),
    "gemma3, whose every third layer looks at all": (
        "Gemma3ForCausalLM",
        "Gemma3TextConfig",
        {**_SHAPE, "pad_token_id": 0, "sliding_window": 40,
         "layer_types": ["sliding_attention", "sliding_attention", "full_attention"]},
    ),
}  # fmt: skip  # a table
"""Name → classes of transformers, which are imported where one is made, and the shape."""


def made(name: str = "llama", number: torch.dtype = torch.float32) -> PreTrainedModel:
    architecture, config, shape = ARCHITECTURES[name]
    torch.manual_seed(0)
    shaped = getattr(transformers, config)(**shape)
    model: PreTrainedModel = getattr(transformers, architecture)(shaped).eval().to(number)
    return model


def prompts(*lengths: int, start: int = 0) -> list[list[int]]:
    """Of different random tokens."""
    draw = torch.Generator().manual_seed(start)
    return [torch.randint(20, VOCABULARY, (length,), generator=draw).tolist() for length in lengths]


def texts(
    model: PreTrainedModel,
    asked: Sequence[Sequence[int]],
    decoding: Decoding = GREEDY,
    most: int = 8,
    ends: Sequence[int] = (),
) -> list[list[int] | None]:
    way = _way(model, ends)
    found = {done.row: done.result for done in way.complete(asked, range(len(asked)), decoding, most)}
    assert sorted(found) == list(range(len(asked)))
    return [found[number] for number in range(len(asked))]


def alone(model: PreTrainedModel, prompt: list[int], steps: int = 8) -> list[int]:
    """By transformers' generate."""
    ids = torch.tensor([prompt])
    generate: Any = model.generate
    output = generate(
        ids,
        attention_mask=torch.ones_like(ids),
        max_new_tokens=steps,
        do_sample=False,
        eos_token_id=None,
        pad_token_id=0,
    )
    return list(output[0, len(prompt) :].tolist())


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_every_architecture_writes_what_transformers_has_it_write(name: str) -> None:
    """Prompts of one token, of less than a block, of whole blocks and of more, in fewer slots than prompts."""
    model, asked = made(name), prompts(1, 5, 60, BLOCK, BLOCK + 1, 2 * BLOCK + 30)
    assert isinstance(_way(model, ()), Continuous)
    assert texts(model, asked, most=3) == [alone(model, prompt) for prompt in asked]


def test_a_model_with_a_state_is_run_by_transformers() -> None:
    torch.manual_seed(0)
    config = transformers.MambaConfig(
        vocab_size=VOCABULARY, hidden_size=32, state_size=8, num_hidden_layers=2, **_NO_TOKENS
    )
    model = transformers.MambaForCausalLM(config).eval()
    assert isinstance(_way(model, ()), StaticBatching)
    asked = prompts(9, 9, 9)
    assert texts(model, asked) == [alone(model, prompt) for prompt in asked]


def test_a_text_that_ends_makes_room_for_the_next() -> None:
    model, asked = made(), prompts(40, 30, 20, 10)
    whole = [alone(model, prompt) for prompt in asked]
    ends = [whole[0][2], whole[2][0]]
    expected = [
        tokens[: next((at for at, token in enumerate(tokens) if token in ends), len(tokens)) + 1] for tokens in whole
    ]
    assert texts(model, asked, most=2, ends=ends) == expected
    assert len({len(tokens) for tokens in expected}) > 1


# Sharing ---------------------------------------------------------------------------------------------------------


def read_by(model: PreTrainedModel) -> list[int]:
    """How many tokens each call of the model reads, as they come."""
    found: list[int] = []
    base: Any = model.base_model
    base.register_forward_pre_hook(lambda _, __, given: found.append(given["input_ids"].numel()), with_kwargs=True)
    return found


def family(common: int, *tails: int) -> list[list[int]]:
    """Prompts that begin with the same tokens."""
    (first,) = prompts(common, start=1)
    return [first + tail for tail in prompts(*tails, start=2)]


def test_what_prompts_have_in_common_is_read_once_and_they_write_the_same() -> None:
    asked = family(2 * BLOCK, 10, 20, 30)
    model = made()
    expected = [alone(model, prompt) for prompt in asked]
    reads = read_by(model)
    assert texts(model, [asked[0], *prompts(50), *asked[1:]])[:1] + texts(model, asked)[1:] == expected
    reads.clear()
    texts(model, asked)
    blocks = [tokens for tokens in reads if tokens > len(asked)]
    assert sum(blocks[3:]) == 2 * BLOCK + sum(len(prompt) - 1 - 2 * BLOCK for prompt in asked)  # the first three: trial


def test_a_prompt_shares_with_one_that_is_finished_already() -> None:
    asked = family(BLOCK, 10, 20)
    model = made()
    expected = [alone(model, prompt) for prompt in asked]
    reads = read_by(model)
    assert texts(model, asked, most=1) == expected
    assert sum(tokens == BLOCK for tokens in reads) == 1


def test_prompts_that_differ_within_the_first_block_share_nothing() -> None:
    asked = [[*tail, *common] for tail, common in zip(prompts(3, 3), family(BLOCK, 1, 1), strict=True)]
    model = made()
    expected = [alone(model, prompt) for prompt in asked]
    reads = read_by(model)
    assert texts(model, asked) == expected
    assert sum(tokens == BLOCK for tokens in reads) == 2


@pytest.mark.skipif(torch.cuda.is_available(), reason="what is promised of CPUs")
def test_bfloat16_text_does_not_depend_on_its_batch() -> None:
    """Drawn at a high temperature, where any rounding shows; with ties everywhere, since bfloat16 has few numbers."""
    model = made(number=torch.bfloat16)
    asked = [*family(BLOCK, 10, 20, 30), *prompts(33, 61, 300)]
    together = texts(model, asked, DRAWN)
    assert texts(model, asked, DRAWN, most=1) == together
    assert texts(model, asked, DRAWN, most=3) == together
    way = _way(model, ())
    by_itself = [next(iter(way.complete([prompt], [seed], DRAWN, 1))).result for seed, prompt in enumerate(asked)]
    assert by_itself == together


# Memory ----------------------------------------------------------------------------------------------------------


def test_where_memory_runs_out_fewer_texts_are_written_at_once() -> None:
    model, asked = made(), prompts(20, 21, 22, 23, 24)
    expected = [alone(model, prompt) for prompt in asked]
    most: list[int] = []

    def crowded(_: Any, __: Any, given: dict[str, Any]) -> None:
        rows = len(given["input_ids"])
        if given["input_ids"].shape[1] == 1:
            most.append(rows)
            if rows > 2:
                torch.empty(2**50)

    way = _way(model, ())
    base: Any = model.base_model
    base.register_forward_pre_hook(crowded, with_kwargs=True)
    found = {done.row: done.result for done in way.complete(asked, range(5), GREEDY, 8)}
    assert [found[number] for number in range(5)] == expected
    assert most[:2] == [5, 2]
    most.clear()
    list(way.complete(asked, range(5), GREEDY, 8))
    assert max(most) == 2


def test_a_prompt_that_does_not_fit_alone_has_no_text_and_the_others_do() -> None:
    model, asked = made(), prompts(200, 20, 30)
    expected = [alone(model, prompt) for prompt in asked]

    def crowded(_: Any, __: Any, given: dict[str, Any]) -> None:
        if given["input_ids"].shape[1] > 100:
            torch.empty(2**50)

    base: Any = model.base_model
    base.register_forward_pre_hook(crowded, with_kwargs=True)
    assert texts(model, asked) == [None, *expected[1:]]
