from __future__ import annotations

import json
import math
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
import tiny_seq2seq
import torch
import transformers
from asking import REAL, generate_all, generate_one, prompt
from builders import project_item
from pydantic import ValidationError
from tiny_llama import CHAT, CONTEXT, save

from harness.errors import ModelError
from harness.models.hf_causal import HFCausal, TokenSampler
from harness.records import Generation, Request
from harness.suggest import ask_model
from harness.verifiers.lexical import Lexical
from harness.weights import store

NAME = "smollm2-135m-instruct"
PROMPTS = {
    "short": "Zelensky met Trump.",
    "middle": "European leaders have voiced their support for Zelensky after the meeting in Washington.",
    "long": "The objective of the meeting was to finalize an agreement granting the US access to Ukraine's minerals. "
    * 3,
}


pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("one_thread")]  # tiny language models are loaded


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save(tmp_path_factory.mktemp("tiny-llama"))


@pytest.fixture
def model_copy(tiny: Path, tmp_path: Path) -> Path:
    """A copy to break."""
    return Path(shutil.copytree(tiny, tmp_path / "broken"))


def model(folder: Path, **options: object) -> HFCausal:
    return HFCausal.model_validate(
        {"model": str(folder), "max_new_tokens": 12, "device": "cpu", "dtype": "float32", **options}
    )


def make_requests(seed: int = 0) -> list[Request]:
    return [prompt(text, key, seed) for key, text in PROMPTS.items()]


def texts(made: dict[str, Generation]) -> dict[str, str | None]:
    return {key: generation.text for key, generation in made.items()}


def decode_by_hand(folder: Path, text: str, steps: int) -> list[int]:
    """Greedy decoding without generate(), cache, batch or padding: one full forward pass per token."""
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    llama = transformers.AutoModelForCausalLM.from_pretrained(folder)
    ids = tokenizer(f"<|im_start|>user\n{text}<|im_end|>\n<|im_start|>assistant\n")["input_ids"]
    for _ in range(steps):
        with torch.no_grad():
            ids.append(int(llama(torch.tensor([ids])).logits[0, -1].argmax()))
    return list(ids[-steps:])


def decode(folder: Path, tokens: list[int]) -> str:
    return str(transformers.AutoTokenizer.from_pretrained(folder).decode(tokens, skip_special_tokens=True)).strip()


# Decoding --------------------------------------------------------------------------------------------------------


def test_batching_does_not_change_the_output(tiny: Path) -> None:
    together = texts(generate_all(model(tiny), make_requests()))
    assert together == {key: decode(tiny, decode_by_hand(tiny, text, 12)) for key, text in PROMPTS.items()}
    assert len(set(together.values())) == 3


def test_repetition_penalty_ignores_padding(tiny: Path) -> None:
    penalised = {"repetition_penalty": 1.5, "max_new_tokens": 30}
    alone = texts(generate_all(model(tiny, batch_size=1, **penalised), make_requests()))
    assert texts(generate_all(model(tiny, **penalised), make_requests())) == alone
    assert alone != texts(generate_all(model(tiny, max_new_tokens=30), make_requests()))


def test_sampling_depends_only_on_the_request_seed(tiny: Path) -> None:
    sampling = model(tiny, temperature=1.5, top_p=0.95)
    rows = [prompt(PROMPTS["short"], str(seed), seed) for seed in (2**63 - 1, 1, 2)]
    alone = [generate_one(sampling, row).text for row in rows]
    assert len(set(alone)) == 3
    among = generate_all(sampling, [*make_requests(7), *rows])
    assert [among[row.id].text for row in rows] == alone


def test_sampling_from_one_token_is_greedy(tiny: Path) -> None:
    greedy = texts(generate_all(model(tiny), make_requests()))
    assert texts(generate_all(model(tiny, temperature=2.0, top_k=1), make_requests(3))) == greedy
    assert texts(generate_all(model(tiny, temperature=2.0, top_p=1e-6), make_requests(3))) == greedy


def test_tokens_are_drawn_with_their_probabilities() -> None:
    rows, shares = 4000, [4 / 9, 3 / 9, 2 / 9]
    drawn = TokenSampler(range(rows))(torch.LongTensor([[0]] * rows), torch.FloatTensor(shares).log().repeat(rows, 1))
    counts = Counter(drawn.argmax(dim=-1).tolist())
    for token, share in enumerate(shares):
        sigma = math.sqrt(share * (1 - share) / rows)
        assert counts[token] / rows == pytest.approx(share, abs=4 * sigma)


def test_generation_config_of_the_model_is_ignored(tiny: Path, model_copy: Path) -> None:
    saved = model_copy / "generation_config.json"
    recommended = {"repetition_penalty": 1.8, "temperature": 0.3, "do_sample": True, "no_repeat_ngram_size": 1}
    saved.write_text(json.dumps(json.loads(saved.read_text()) | recommended))
    assert texts(generate_all(model(model_copy), make_requests())) == texts(generate_all(model(tiny), make_requests()))


# Records ---------------------------------------------------------------------------------------------------------


def test_finish_tells_the_token_limit_from_the_models_own_end(tiny: Path, tmp_path: Path) -> None:
    made = generate_one(model(tiny), prompt(PROMPTS["short"], "r"))
    chat = f"<|im_start|>user\n{PROMPTS['short']}<|im_end|>\n<|im_start|>assistant\n"
    assert (made.finish, made.new_tokens, made.cut) == ("length", 12, None)
    assert made.prompt_tokens == len(transformers.AutoTokenizer.from_pretrained(tiny)(chat)["input_ids"])
    assert (made.seconds or 0) > 0
    tokens = decode_by_hand(tiny, PROMPTS["short"], 12)
    end = next(token for place, token in enumerate(tokens) if place > 2 and token not in tokens[:place])
    folder = save(tmp_path / "ends", ends=[end])
    found = generate_all(model(folder), make_requests())["short"]
    assert (found.finish, found.new_tokens) == ("stop", tokens.index(end) + 1)
    assert found.text == decode(folder, tokens[: tokens.index(end)])


def test_empty_output_is_a_reason(tiny: Path, tmp_path: Path) -> None:
    folder = save(tmp_path / "mute", ends=decode_by_hand(tiny, PROMPTS["short"], 1))
    made = generate_one(model(folder), prompt(PROMPTS["short"], "r"))
    assert (made.text, made.reason, made.finish) == (None, "the model returned no text", "none")
    assert made.new_tokens == 1


OPEN_REASONING = f"{CHAT}{{% if add_generation_prompt %}}{{{{ '<think>\n' }}}}{{% endif %}}"
"""A chat template that opens the reasoning block for the model."""


@pytest.mark.parametrize(
    ("chat", "written", "cut", "text"),
    [
        (CHAT, "<think>\nWho met whom?\n</think>\n\nThe two met.", False, "The two met."),
        (OPEN_REASONING, "Who met whom?\n</think>\n\nThe two met.", True, "The two met."),
        (OPEN_REASONING, "Who met whom?", True, None),
    ],
)
def test_reasoning_is_removed_from_the_summary(
    tmp_path: Path, chat: str, written: str, cut: bool, text: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = model(save(tmp_path / "thinking", chat=chat))

    def generate(input_ids: torch.Tensor, **_: object) -> torch.Tensor:
        """The prompt's tokens and those of ``written``, with an end token unless it is cut."""
        tokenizer = asked.checkpoint.tokenizer
        ends = [] if cut else [tokenizer.eos_token_id]
        tokens = [*tokenizer(written, add_special_tokens=False)["input_ids"], *ends]
        return torch.cat([input_ids, torch.tensor([tokens])], dim=1)

    monkeypatch.setattr(asked.checkpoint.model, "generate", generate)
    made = generate_one(asked, prompt(PROMPTS["short"], "r"))
    assert made.text == text
    assert made.reason == (None if text else "the model wrote no summary within max_new_tokens")
    assert made.finish == ("none" if text is None else "length" if cut else "stop")


def test_long_article_is_cut_and_the_cut_is_recorded(tiny: Path) -> None:
    article = (REAL / "article.md").read_text(encoding="utf-8").strip()
    text = f"Summarise this.\n{article}\nIn two sentences."
    for options, context in ((dict[str, int](), CONTEXT), ({"max_context": 60}, 60)):
        made = generate_all(model(tiny, **options), [prompt(text, "long", article=article), prompt("Short.", "short")])
        assert (made["long"].cut or "").endswith(f" of {len(article):,} characters of the article")
        assert context - 12 - 20 < (made["long"].prompt_tokens or 0) <= context - 12
        assert made["short"].cut is None


def test_instruction_longer_than_the_context_is_a_reason(tiny: Path) -> None:
    requests = [prompt(PROMPTS["long"] + "x", "r", article="x"), prompt("Hi.", "ok")]
    made = generate_all(model(tiny, max_context=40), requests)
    assert "no room for the article" in (made["r"].reason or "")
    assert made["ok"].text


# Chat templates --------------------------------------------------------------------------------------------------


def test_missing_chat_template_needs_chat_false(tmp_path: Path) -> None:
    folder = save(tmp_path / "base", chat=None)
    with pytest.raises(ModelError, match="has no chat template; set chat: false"):
        list(model(folder).generate(make_requests()))
    made = generate_one(model(folder, chat=False), prompt("A user.", "r", system="A system."))
    assert made.prompt_tokens == len(
        transformers.AutoTokenizer.from_pretrained(folder)("A system.\n\nA user.")["input_ids"]
    )


def test_prompt_that_the_template_rejects_is_a_reason(tmp_path: Path) -> None:
    refusing = "{% if messages[0].role == 'system' %}{{ raise_exception('no system role') }}{% endif %}Hello"
    folder = save(tmp_path / "strict", chat=refusing)
    made = generate_all(model(folder), [prompt("x", "r", system="You summarise."), prompt("x", "ok")])
    assert made["r"].reason == "the model's chat template refuses the prompt: no system role"
    assert made["ok"].text


@pytest.mark.parametrize(
    ("says", "read"),
    [
        ("{{ strftime_now('%d %b %Y') }}, {{ strftime_now( \"%Y-%m\" ) }}", "01 Jan 2026, 2026-01"),
        ("{{ strftime_now(format='%A, %-d %B') }}", "Thursday, 1 January"),
        ("{% set f = '%d' %}{{ strftime_now(f) }}", "01"),
        ("{% if strftime_now is defined %}{% set day = strftime_now('%F') %}{% endif %}{{ day }}", "2026-01-01"),
    ],
    ids=["in a format", "by name", "in a variable", "where it can"],
)
def test_chat_template_gets_a_fixed_date(tmp_path: Path, says: str, read: str) -> None:
    """Otherwise the prompt behind a cache key would change every day."""
    asked = model(save(tmp_path / "dated", chat=f"\nToday is {says}.\n{CHAT}"), max_new_tokens=4)
    text = str(asked.checkpoint.tokenizer.decode(asked.encode(prompt("Hi.", "r")).tokens))
    assert text.startswith(f"\nToday is {read}.\n<|im_start|>user\nHi.<|im_end|>")


# Weights ---------------------------------------------------------------------------------------------------------


def test_damaged_gguf_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "tiny.gguf").write_bytes(b"GGUF\3\0\0\0")
    with pytest.raises(ModelError, match=r"cannot load tiny\.gguf .*; check that its files are complete"):
        list(model(tmp_path / "tiny.gguf").generate(make_requests()))


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("tokenizer.json", "{", r"^cannot load the tokenizer of broken"),
        ("model.safetensors", "not weights", r"^cannot load broken .*header"),
        ("config.json", '{"model_type": "x", "auto_map": {"AutoConfig": "a.B"}}', "set trust_remote_code: true"),
        (
            "config.json",
            '{"model_type": "qwen99"}',
            r"^broken has the architecture qwen99, which transformers \S+ does not know; install a newer",
        ),
        (
            "config.json",
            '{"model_type": "llama", "vocab_size": 7, "hidden_size": 32, "num_attention_heads": 4}',
            r"^cannot load broken \(the sizes of its weights differ from config.json\)",
        ),
    ],
)
def test_broken_folder_is_an_error(model_copy: Path, name: str, content: str, message: str) -> None:
    (model_copy / name).write_text(content)
    with pytest.raises(ModelError, match=message):
        list(model(model_copy).generate(make_requests()))


def test_missing_weights_are_an_error(model_copy: Path) -> None:
    from safetensors.torch import load_file, save_file

    kept = load_file(model_copy / "model.safetensors")
    del kept["model.layers.1.mlp.up_proj.weight"]
    save_file(kept, model_copy / "model.safetensors", {"format": "pt"})
    with pytest.raises(ModelError, match=r"1 weights are missing, such as model.layers.1.mlp.up_proj.weight"):
        list(model(model_copy).generate(make_requests()))


HUB = """
import sys
from pathlib import Path
sys.path[:0] = [{tests!r}]
from asking import generate_one, prompt
from harness.errors import ModelError
from harness.models.hf_causal import HFCausal
cached = HFCausal(model="org/tiny", max_new_tokens=12, dtype="float32")
print(cached.signature(), HFCausal(model="org/tiny", revision="v1").commit)
print(repr(generate_one(cached, prompt({text!r}, "r")).text))
try:
    list(HFCausal(model="org/other").generate([prompt("x", "r")]))
except ModelError as error:
    print(error)
"""


@pytest.mark.parametrize("offline", ["1", "0"])
def test_without_the_hub_only_cached_models_are_loaded(tiny: Path, tmp_path: Path, offline: str) -> None:
    commits = {"main": "1" * 40, "v1": "2" * 40}
    cache = tmp_path / "models--org--tiny"
    (cache / "refs").mkdir(parents=True)
    for name, commit in commits.items():
        (cache / "refs" / name).write_text(commit)
        shutil.copytree(tiny, cache / "snapshots" / commit)
    script = HUB.format(tests=str(Path(__file__).parent), text=PROMPTS["short"])
    environment = {"HF_HUB_CACHE": str(tmp_path), "HF_HUB_OFFLINE": offline, "PATH": ""}
    environment["HF_ENDPOINT"] = "http://no-such-host.invalid"
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=True, timeout=300)
    signature, text, error = done.stdout.splitlines()
    assert f"|model:org/tiny|revision:{commits['main']}|" in signature
    assert signature.endswith(f" {commits['v1']}")
    assert text == repr(generate_one(model(tiny), prompt(PROMPTS["short"], "r")).text)
    assert error.startswith("cannot reach the hub for org/other, which is not in the local cache (")
    assert "connect once to download it, or write ./org/other if it is a folder" in error


CODE = """
from transformers import LlamaConfig, LlamaForCausalLM

class MineConfig(LlamaConfig):
    model_type = "mine"

class MineForCausalLM(LlamaForCausalLM):
    config_class = MineConfig
"""


def test_code_of_a_model_runs_only_with_trust_remote_code(
    tiny: Path, model_copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("transformers.dynamic_module_utils.HF_MODULES_CACHE", str(tmp_path / "modules"))
    names = {"AutoConfig": "own_code.MineConfig", "AutoModelForCausalLM": "own_code.MineForCausalLM"}
    config = json.loads((model_copy / "config.json").read_text()) | {"model_type": "mine", "auto_map": names}
    (model_copy / "config.json").write_text(json.dumps(config))
    (model_copy / "own_code.py").write_text(CODE)
    with pytest.raises(ModelError, match=r"needs code that comes with it\. Read that code, then set trust_remote_code"):
        list(model(model_copy).generate(make_requests()))
    trusted = texts(generate_all(model(model_copy, trust_remote_code=True), make_requests()))
    assert trusted == texts(generate_all(model(tiny), make_requests()))


def test_seq2seq_model_is_refused_as_causal(tmp_path: Path) -> None:
    """transformers would load BART's decoder alone and generate nonsense without a warning."""
    folder = tiny_seq2seq.save(tmp_path / "bart", "bart")
    with pytest.raises(ModelError, match=r"bart is not a causal language model.*, or set kind: hf_seq2seq"):
        list(model(folder, chat=False).generate(make_requests()))


# Options and signature -------------------------------------------------------------------------------------------


def test_context_without_room_for_a_prompt_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="leaves no room for a prompt"):
        model(tmp_path, max_context=12)


def test_max_new_tokens_beyond_the_context_is_an_error(tiny: Path) -> None:
    with pytest.raises(ModelError, match=r"leaves no room for a prompt: .* has a context of 256 tokens; lower max_new"):
        list(model(tiny, max_new_tokens=256).generate(make_requests()))


def test_asking_for_facts_leaves_room_for_the_article(tmp_path: Path) -> None:
    """30 facts may need 9,000 tokens, which is more than the whole context. The model ends every text at once."""
    folder = save(tmp_path, ends=list(range(400)))
    config = json.loads((folder / "config.json").read_text("utf-8"))
    (folder / "config.json").write_text(json.dumps({**config, "max_position_embeddings": 16_384}), "utf-8")
    (answer,) = ask_model(model(folder, max_context=8192), [project_item()], Lexical().verify, limit=30)
    assert answer.reason == "the model returned no text"


def test_signature_names_the_gpu_that_auto_selects(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise the cache would mix CPU and GPU results."""
    signatures = []
    for kind in (None, "cuda"):
        monkeypatch.setattr("harness.weights.plugin.find_gpu", lambda kind=kind: kind)
        signatures.append(model(tiny, device="auto").signature())
        assert "|gpu:" not in model(tiny, device="cuda").signature()
    assert ["|gpu:cuda" in signature for signature in signatures] == [False, True]


def test_signature_has_the_weights_and_no_path(tiny: Path, tmp_path: Path) -> None:
    moved = Path(shutil.copytree(tiny, tmp_path / tiny.name))
    signature = model(tiny).signature()
    assert model(moved).signature() == signature
    assert f"|model:{tiny.name}|weights:" in signature
    assert str(tiny.parent) not in signature
    assert model(moved, batch_size=2).signature() == signature
    (moved / "model.safetensors").write_bytes(b"other")
    assert model(moved).signature() != signature
    assert model(tiny, max_new_tokens=13).signature() != signature


@pytest.mark.skipif(store.get_state(NAME) != "ready", reason=f"fetch the model: harness models pull {NAME}")
def test_packaged_model_writes_the_same_as_its_gguf_file(capfd: pytest.CaptureFixture[str]) -> None:
    """The packaged model is loaded from an unpacked copy, and here writes both summaries in one batch."""
    article = project_item().article.body[:400]
    requests = [
        prompt(f"Summarise this article in two sentences.\n\n{article}", "two", article=article),
        prompt(f"{article}\n\nWhat was not signed?", "what", article=article, system="Answer in one sentence."),
    ]
    packaged = generate_all(HFCausal(model=NAME, max_new_tokens=20, device="cpu"), requests)
    gguf = generate_all(HFCausal(model=str(store.path(NAME)), max_new_tokens=20, device="cpu", batch_size=1), requests)
    assert texts(packaged) == texts(gguf)
    assert "Zelensky" in (packaged["two"].text or "")
    assert all(made.cut is None and 80 < (made.prompt_tokens or 0) < 200 for made in packaged.values())
    assert capfd.readouterr() == ("", "")
