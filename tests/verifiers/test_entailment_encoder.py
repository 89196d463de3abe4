"""The encoder of ``entailment`` reads texts as transformers reads them with the same weights."""

from __future__ import annotations

import pytest
import torch

from harness import store
from harness.verifiers._entailment.encoder import LAYERS, MODEL, encoder
from harness.verifiers._entailment.network import FIRST

pytestmark = pytest.mark.slow

TEXTS = [
    "Anna Koval, the mayor of Lviv, opened the new bridge on Tuesday.",
    "It cost £23 million; naïve [SEP] critics said: 市長, no!",
    "",
    "word " * 300,
]


def test_tokens_and_states_are_those_of_transformers() -> None:
    from transformers import AutoModel, AutoTokenizer

    folder = str(store.path(MODEL))
    ids = encoder().ids(TEXTS)
    assert ids == [tuple(row) for row in AutoTokenizer.from_pretrained(folder)(TEXTS, verbose=False)["input_ids"]]

    premises = encoder().premises(ids)
    hypotheses = encoder().hypotheses([(premise, premise) for premise in ids])
    model = AutoModel.from_pretrained(folder)
    assert model.config.num_hidden_layers == LAYERS
    for at, text in enumerate(ids):
        with torch.inference_mode():
            told = model(input_ids=torch.tensor([text]), output_hidden_states=True).hidden_states
        for layer in range(FIRST, LAYERS):
            assert torch.allclose(premises.states[at, layer - FIRST, : len(text)], told[layer][0], atol=1e-4)
        assert torch.allclose(hypotheses.states[at, : len(text)], told[FIRST][0], atol=1e-4)


def test_half_a_surrogate_pair_is_read_as_a_sign_that_is_unknown() -> None:
    assert encoder().ids(["\ud800 cat"]) == encoder().ids(["\ufffd cat"])
