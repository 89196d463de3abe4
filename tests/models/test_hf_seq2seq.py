"""``hf_seq2seq`` on tiny real models: T5, BART, PEGASUS and LED."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import tiny_llama
import tiny_seq2seq
import torch
import transformers
from asking import REAL, generate_all, generate_one
from pydantic import ValidationError

from harness.errors import ModelError
from harness.models.hf_seq2seq import HFSeq2Seq
from harness.models.local import Completion, Prompt
from harness.records import Article, Item, Reference, Request

KINDS = ("t5", "bart", "pegasus", "led")
SHORT = "Zelensky met Trump."
MIDDLE = "European leaders have voiced their support for Zelensky."
LONG = " ".join(f"The objective of meeting {number} was to finalize an agreement." for number in range(12))


pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("one_thread")]  # tiny language models are loaded


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return {kind: tiny_seq2seq.save(tmp_path_factory.mktemp(f"tiny-{kind}"), kind) for kind in KINDS}


@pytest.fixture
def bart(tiny: dict[str, Path], tmp_path: Path) -> Path:
    """A copy to change."""
    return Path(shutil.copytree(tiny["bart"], tmp_path / "bart"))


def model(folder: Path, **options: object) -> HFSeq2Seq:
    return HFSeq2Seq.model_validate({"model": str(folder), "max_new_tokens": 12, "device": "cpu", **options})


def make_request(text: str, key: str = "r") -> Request:
    return Request(key, Item(Article("a", text), (Reference("one", "A reference."),)), "s", (), 0, 0)


def generate(folder: Path, text: str, **options: Any) -> list[int]:
    """The tokens that transformers generates for one text."""
    loaded = transformers.AutoModelForSeq2SeqLM.from_pretrained(folder)
    given = dict(transformers.AutoTokenizer.from_pretrained(folder)(text, return_tensors="pt"))
    if loaded.config.model_type == "led":  # the first token attends to the whole text
        given["global_attention_mask"] = torch.zeros_like(given["input_ids"]).index_fill(1, torch.tensor([0]), 1)
    (row,) = loaded.generate(**given, **options).tolist()
    return list(row[1:])  # without the decoder's start


# Decoding --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("options", [{}, {"num_beams": 3, "no_repeat_ngram_size": 2, "length_penalty": 2.0}])
@pytest.mark.parametrize("kind", KINDS)
def test_batch_matches_transformers(tiny: dict[str, Path], kind: str, options: dict[str, Any]) -> None:
    texts = {"short": SHORT, "middle": MIDDLE}
    found = generate_all(model(tiny[kind], **options), [make_request(text, key) for key, text in texts.items()])
    tokenizer = transformers.AutoTokenizer.from_pretrained(tiny[kind])
    for key, text in texts.items():
        tokens = generate(tiny[kind], text, max_new_tokens=12, **options)
        assert found[key].text == str(tokenizer.decode(tokens, skip_special_tokens=True)).strip()


# The model's own defaults ----------------------------------------------------------------------------------------


def write_generation_config(folder: Path, **values: object) -> Path:
    """Write a generation config of the model's authors."""
    file = folder / "generation_config.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | values))
    return folder


def test_default_lengths_and_beams_come_from_the_generation_config(bart: Path) -> None:
    """``max_length`` counts the decoder's start token: 9 allows 8 new tokens."""
    write_generation_config(bart, max_length=9, num_beams=3, no_repeat_ngram_size=2)
    by_default = generate_one(model(bart, max_new_tokens=None), make_request(SHORT))
    assert (by_default.new_tokens, by_default.finish) == (8, "length")
    options = {"max_new_tokens": 8, "num_beams": 3, "no_repeat_ngram_size": 2}
    write_generation_config(bart, max_length=50, num_beams=1, no_repeat_ngram_size=0)
    assert generate_one(model(bart, **options), make_request(SHORT)).text == by_default.text
    assert generate_one(model(bart, max_new_tokens=8), make_request(SHORT)).text != by_default.text


@pytest.mark.parametrize("options", [{"max_new_tokens": 10}, {"max_new_tokens": 80, "min_new_tokens": 0}])
def test_options_override_the_min_length(tiny: dict[str, Path], tmp_path: Path, options: dict[str, int]) -> None:
    """With the authors' minimum, the summary could not end before the token limit."""
    folder = Path(shutil.copytree(tiny["t5"], tmp_path / "t5"))
    tokens = generate(folder, SHORT, max_new_tokens=8)
    end = next(token for place, token in enumerate(tokens) if place > 1 and token not in tokens[:place])
    made = generate_one(
        model(write_generation_config(folder, eos_token_id=end, min_length=56), **options), make_request(SHORT)
    )
    assert (made.finish, made.new_tokens) == ("stop", tokens.index(end) + 1)


def test_sampling_settings_of_the_model_are_ignored(bart: Path) -> None:
    expected = generate_one(model(bart), make_request(SHORT)).text
    changed = write_generation_config(bart, do_sample=True, temperature=5.0, top_p=0.5)
    assert generate_one(model(changed), make_request(SHORT)).text == expected


def test_task_specific_prefix_and_beams_are_used(tiny: dict[str, Path], tmp_path: Path) -> None:
    """T5's config has them."""
    folder = Path(shutil.copytree(tiny["t5"], tmp_path / "t5"))
    file = folder / "config.json"
    task = {"summarization": {"prefix": "summarize: ", "num_beams": 2, "max_length": 10}}
    file.write_text(json.dumps(json.loads(file.read_text()) | {"task_specific_params": task}))
    made = generate_one(model(folder, max_new_tokens=None), make_request(SHORT))
    options = {"prefix": "summarize: ", "num_beams": 2, "max_new_tokens": 9}
    assert made == replace(generate_one(model(tiny["t5"], **options), make_request(SHORT)), seconds=made.seconds)
    without = generate_one(model(tiny["t5"], max_new_tokens=None), make_request(SHORT))
    assert (without.prompt_tokens or 0) < (made.prompt_tokens or 0)
    assert (without.new_tokens or 0) > 20  # transformers' limit for a model without one


# Records ---------------------------------------------------------------------------------------------------------


def test_forced_end_token_has_finish_length(tiny: dict[str, Path]) -> None:
    made = generate_one(model(tiny["bart"], min_new_tokens=12), make_request(SHORT))
    assert (made.finish, made.new_tokens) == ("length", 12)


def test_pegasus_newline_token_becomes_a_line_break(tmp_path: Path) -> None:
    """The weights lack position embeddings, as on the hub, and are changed so that the newline token is likeliest."""
    from safetensors.torch import load_file, save_file

    folder = tiny_seq2seq.save(tmp_path / "pegasus", "pegasus")
    weights = load_file(folder / "model.safetensors")
    weights = {name: tensor for name, tensor in weights.items() if "embed_positions" not in name}
    line_break = transformers.AutoTokenizer.from_pretrained(folder).convert_tokens_to_ids("<n>")
    weights["final_logits_bias"][0, line_break] = 1000.0
    save_file(weights, folder / "model.safetensors", {"format": "pt"})
    made = generate_one(model(folder, max_new_tokens=30, no_repeat_ngram_size=2), make_request(MIDDLE))
    assert len((made.text or "").split("\n")) > 3
    assert "<n>" not in (made.text or "")


def test_sentencepiece_tokenizer_is_loaded(tiny: dict[str, Path], tmp_path: Path) -> None:
    """The hub's PEGASUS has no tokenizer.json."""
    sentencepiece = pytest.importorskip("sentencepiece")

    folder = Path(shutil.copytree(tiny["pegasus"], tmp_path / "pegasus"))
    (folder / "tokenizer.json").unlink()
    named = {"tokenizer_class": "PegasusTokenizer", "model_max_length": tiny_seq2seq.READS}
    (folder / "tokenizer_config.json").write_text(json.dumps(named))
    pieces: dict[str, Any] = {"vocab_size": 250, "pad_id": 0, "eos_id": 1, "unk_id": 2, "bos_id": -1, "minloglevel": 2}
    article, prefix = str(REAL / "article.md"), str(folder / "spiece")
    sentencepiece.SentencePieceTrainer.train(input=article, model_prefix=prefix, **pieces)
    made = generate_one(model(folder), make_request(SHORT))
    assert made.text
    assert made.prompt_tokens == len(sentencepiece.SentencePieceProcessor(f"{prefix}.model").encode(SHORT)) + 1


# Long articles ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_long_article_is_truncated_and_the_cut_is_recorded(tiny: dict[str, Path], kind: str) -> None:
    made = generate_one(model(tiny[kind], max_input=60, prefix="Sum: "), make_request(LONG))
    assert 50 < (made.prompt_tokens or 0) <= 60
    assert (made.cut or "").endswith(f" of {len(LONG):,} characters of the article")


def test_prefix_that_leaves_no_room_is_a_reason(tiny: dict[str, Path]) -> None:
    made = generate_one(model(tiny["t5"], prefix=LONG), make_request(SHORT))
    assert "no room for the article" in (made.reason or "")


def test_out_of_memory_affects_one_article_only(tiny: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    complete = HFSeq2Seq.complete

    def complete_short_texts(self: HFSeq2Seq, prompts: Sequence[Prompt]) -> list[Completion]:
        if any(len(prompt.tokens) > 40 for prompt in prompts):
            raise MemoryError
        return complete(self, prompts)

    monkeypatch.setattr(HFSeq2Seq, "complete", complete_short_texts)
    requests = [make_request(LONG, "long"), make_request(SHORT, "short"), make_request(MIDDLE, "middle")]
    made = generate_all(model(tiny["t5"], max_input=60), requests)
    assert made["long"].transient
    assert "tokens does not fit into memory; lower max_input or num_beams, or set d" in (made["long"].reason or "")
    assert made["short"].text
    assert made["middle"].text


# Bad input -------------------------------------------------------------------------------------------------------


def test_causal_model_is_refused_as_seq2seq(tmp_path: Path) -> None:
    folder = tiny_llama.save(tmp_path / "llama")
    with pytest.raises(ModelError, match=r"llama is not a sequence-to-sequence model.*, or set kind: hf_causal"):
        generate_one(model(folder), make_request(SHORT))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"max_input": 65}, "max_input 65 is above the 64 tokens that bart can read; lower it, or leave it out"),
        ({"max_new_tokens": 64}, "max_new_tokens 64 is above the 63 tokens that bart can write; lower it"),
    ],
)
def test_limit_beyond_the_models_positions_is_an_error(bart: Path, options: dict[str, Any], message: str) -> None:
    with pytest.raises(ModelError, match=message):
        generate_one(model(bart, **options), make_request(SHORT))


def test_min_above_max_new_tokens_is_refused(bart: Path) -> None:
    with pytest.raises(ValidationError, match="min_new_tokens 20 is above max_new_tokens 12"):
        model(bart, min_new_tokens=20)
    write_generation_config(bart, max_length=9)
    with pytest.raises(ModelError, match="min_new_tokens 9 is above the model's limit of 8; set max_new_tokens"):
        generate_one(model(bart, max_new_tokens=None, min_new_tokens=9), make_request(SHORT))
