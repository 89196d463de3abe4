"""Models that need code of their own, and models of another kind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import tiny_llama
import tiny_seq2seq
from asking import prompt

from harness.errors import ModelError
from harness.models.hf_causal import HFCausal

pytestmark = pytest.mark.slow  # tiny language models are loaded

MODELS = Path(__file__).parent

CODE = """
from transformers import LlamaConfig, LlamaForCausalLM

class MineConfig(LlamaConfig):
    model_type = "mine"

class MineForCausalLM(LlamaForCausalLM):
    config_class = MineConfig
"""

ASKING = """
import sys
sys.path[:0] = [{models!r}]
from asking import answer, prompt
from harness.errors import ModelError
from harness.models.hf_causal import HFCausal
for options in {asked!r}:
    try:
        print(repr(answer(HFCausal(max_new_tokens=8, dtype="float32", **options), prompt("Zelensky", "r")).text))
    except ModelError as error:
        print(error)
"""


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The output for a model with its own code, untrusted and trusted, and for the same model without it."""
    folder = tmp_path_factory.mktemp("refusals")
    own = tiny_llama.save(folder / "own")
    config = json.loads((own / "config.json").read_text())
    names = {"AutoConfig": "own_code.MineConfig", "AutoModelForCausalLM": "own_code.MineForCausalLM"}
    (own / "config.json").write_text(json.dumps(config | {"model_type": "mine", "auto_map": names}))
    (own / "own_code.py").write_text(CODE)
    plain = tiny_llama.save(folder / "plain")
    asked = [{"model": str(own)}, {"model": str(own), "trust_remote_code": True}, {"model": str(plain)}]
    environment = {**os.environ, "HF_HOME": str(folder / "home"), "HF_HUB_OFFLINE": "1"}
    command = [sys.executable, "-c", ASKING.format(models=str(MODELS), asked=asked)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=True, timeout=300)
    return done.stdout.splitlines()


def test_model_code_is_not_run_by_default(outputs: list[str]) -> None:
    assert outputs[0].startswith("own needs code that comes with it. Read that code, then set trust_remote_code: true")


def test_model_code_runs_with_trust_remote_code(outputs: list[str]) -> None:
    assert outputs[1] == outputs[2]
    assert "code" not in outputs[1]


def test_seq2seq_model_is_refused_as_causal(tmp_path: Path) -> None:
    """transformers would load BART's decoder alone and generate nonsense without a warning."""
    folder = tiny_seq2seq.save(tmp_path / "bart", "bart")
    with pytest.raises(
        ModelError, match=r"bart is not a causal language model \(.*\); take one that is, or set kind: hf_seq2seq"
    ):
        list(HFCausal(model=str(folder), chat=False).generate([prompt("x", "r")]))
