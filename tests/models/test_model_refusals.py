"""What is said of models that cannot be loaded, and of code that comes with one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

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


class Hub(BaseHTTPRequestHandler):
    """Says of each repository what the hub says of such a one."""

    def do_HEAD(self) -> None:
        owner = self.path.removeprefix("/api/models").split("/")[1]
        status, code = {
            "gated": (403, "GatedRepo"),
            "gone": (404, "RepoNotFound"),
            "moved": (404, "RevisionNotFound"),
        }[owner]
        self.send_response(status)
        self.send_header("X-Error-Code", code)
        self.send_header("X-Error-Message", f"{code} said the hub")
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_HEAD  # noqa: N815  # http.server asks for that name

    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def hub() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What is printed of a gated, an unknown and a moved model, and of one with code of its own, trusted at last."""
    folder = tmp_path_factory.mktemp("refusals")
    own = tiny_llama.save(folder / "own")
    config = json.loads((own / "config.json").read_text())
    names = {"AutoConfig": "code_of_it.MineConfig", "AutoModelForCausalLM": "code_of_it.MineForCausalLM"}
    (own / "config.json").write_text(json.dumps(config | {"model_type": "mine", "auto_map": names}))
    (own / "code_of_it.py").write_text(CODE)
    plain = tiny_llama.save(folder / "plain")
    asked = [
        {"model": "gated/model"},
        {"model": "gone/model"},
        {"model": "moved/model", "revision": "v9"},
        {"model": str(own)},
        {"model": str(own), "trust_remote_code": True},
        {"model": str(plain)},
    ]
    with hub() as endpoint:
        caches = {"HF_HOME": str(folder / "home"), "HF_ENDPOINT": endpoint, "HF_HUB_DISABLE_TELEMETRY": "1"}
        environment = {name: value for name, value in os.environ.items() if not name.startswith("HF_")} | caches
        script = ASKING.format(models=str(MODELS), asked=asked)
        shown = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, env=environment, check=True, timeout=300
        )
    return shown.stdout.splitlines()


def test_a_gated_model_says_where_access_is_asked_for(said: list[str]) -> None:
    assert said[0] == ("gated/model is gated: ask for access on the hub, then log in (hf auth login) or set HF_TOKEN")


def test_an_unknown_model_says_that_the_name_may_be_wrong(said: list[str]) -> None:
    assert said[1].startswith("the hub has no gone/model, or hides it; check the name")


def test_an_unknown_revision_says_so(said: list[str]) -> None:
    assert said[2] == "moved/model has no such revision; set revision to one of its branches, tags or commits"


def test_remote_code_is_refused(said: list[str]) -> None:
    """Code that comes with a model is refused, and the message names the switch."""
    assert said[3].startswith("own needs code that comes with it. Read that code, then set trust_remote_code: true")


def test_trusted_code_is_run(said: list[str]) -> None:
    assert said[4] == said[5]
    assert "code" not in said[4]


def test_a_model_that_reads_one_text_and_writes_another_continues_none(tmp_path: Path) -> None:
    """transformers would take BART's decoder alone, and write nonsense without a word of warning."""
    folder = tiny_seq2seq.save(tmp_path / "bart", "bart")
    with pytest.raises(
        ModelError, match=r"bart is not a causal language model \(.*\); take one that is, or set kind: hf_seq2seq"
    ):
        list(HFCausal(model=str(folder), chat=False).generate([prompt("x", "r")]))


def test_an_encoder_is_neither(tmp_path: Path) -> None:
    from transformers import ViTConfig, ViTModel

    folder = tiny_llama.save(tmp_path / "vit")
    ViTModel(ViTConfig(hidden_size=8, num_hidden_layers=1, num_attention_heads=1, intermediate_size=8)).save_pretrained(
        folder
    )
    with pytest.raises(ModelError, match="vit is not a causal language model"):
        list(HFCausal(model=str(folder)).generate([prompt("x", "r")]))
