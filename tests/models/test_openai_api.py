"""The model ``openai_api``, with a loopback server that answers well, badly or not at all."""

from __future__ import annotations

import gzip
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import tiny_llama
from asking import generate_all, generate_one, prompt
from builders import list_problems, write_config
from loopback import MODEL, Behaviour, Loopback, Reply, as_json, completion, serve
from resources import ModelServer, transformers_serve

from harness import config, pipeline
from harness.errors import ModelError
from harness.models.hf_causal import HFCausal
from harness.models.openai_api import OpenAIAPI
from harness.records import Generation

pytestmark = pytest.mark.usefixtures("empty_home")


def model(server: Loopback, **options: Any) -> OpenAIAPI:
    return OpenAIAPI(model=MODEL, base_url=server.url, **{"timeout": 60.0, "retries": 2, **options})


def generate(behaviour: Behaviour, **options: Any) -> Generation:
    with serve(behaviour) as server:
        return generate_one(model(server, **options), prompt("Summarise this.", "key", seed=7))


def reply_with(text: str | None, **choice: Any) -> Behaviour:
    return lambda *_: completion(text, **choice)


def reply_with_usage(usage: object) -> Behaviour:
    return lambda *_: as_json(json.loads(completion("Peace.").body) | {"usage": usage})


# Requests and answers ------------------------------------------------------------------------------------------------


def test_request_has_the_prompt_and_temperature_0(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_KEY", " s3cret\n")  # white space that was copied with the key
    with serve(reply_with("Peace.")) as server:
        generate_one(
            model(server, api_key_env="MY_KEY", extra={"reasoning_effort": "low"}), prompt("Do.", "k", system="Be.")
        )
    messages = [{"role": "system", "content": "Be."}, {"role": "user", "content": "Do."}]
    asked = {"model": MODEL, "messages": messages, "temperature": 0.0, "max_tokens": 256, "reasoning_effort": "low"}
    assert server.requests == [asked]
    assert server.paths == ["/v1/chat/completions"]
    assert server.headers[0]["authorization"] == "Bearer s3cret"


def test_seed_is_sent_only_when_sampling() -> None:
    with serve(reply_with("Peace.")) as server:
        drawing = model(server, temperature=0.7, top_p=0.9, samples=2)
        generate_all(drawing, [prompt("Do.", "a", seed=7), prompt("Do.", "b", seed=2**40 + 8)])
        generate_one(model(server), prompt("Do.", "c", seed=7))
    assert sorted(request["seed"] for request in server.requests[:2]) == [7, 8]
    assert server.requests[0]["top_p"] == 0.9
    assert not {"seed", "top_p"} & server.requests[2].keys()


def test_answer_becomes_a_summary_with_tokens_and_price() -> None:
    usage = {"prompt_tokens": 300, "completion_tokens": 20, "total_tokens": 320}
    made = generate(reply_with_usage(usage), price_per_million={"prompt": 0.5, "new": 2.0})
    assert (made.text, made.finish, made.reason, made.transient) == ("Peace.", "stop", None, False)
    assert (made.prompt_tokens, made.new_tokens) == (300, 20)
    assert made.price == pytest.approx((300 * 0.5 + 20 * 2.0) / 1e6)
    assert generate(reply_with("<think>\nWhat?\n</think>\n\nPeace was", finish_reason="length")).finish == "length"


@pytest.mark.parametrize(
    ("usage", "counted"),
    [
        ({"prompt_tokens": -1, "completion_tokens": 5}, (None, None)),
        ("none", (None, None)),
        ({"prompt_tokens": 10**30, "completion_tokens": 10**30}, (None, None)),
        ({"prompt_tokens": 300, "completion_tokens": 257}, (300, None)),
        ({"prompt_tokens": 300, "completion_tokens": 256}, (300, 256)),
    ],
)
def test_impossible_token_counts_are_unknown(usage: object, counted: tuple[int | None, int | None]) -> None:
    made = generate(reply_with_usage(usage), price_per_million={"prompt": 1, "new": 1})
    assert (made.text, made.prompt_tokens, made.new_tokens) == ("Peace.", *counted)
    assert (made.price is None) == (None in counted)


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        (reply_with(None, message={"refusal": "I can't\nhelp."}), "the model refused: I can't help."),
        (reply_with("Pea", finish_reason="content_filter"), "the server's content filter stopped the summary"),
        (reply_with(""), "the model returned no text"),
        (reply_with(None), "the model returned no text"),
        (reply_with("<think>\nWhat", finish_reason="length"), "the model wrote no summary within max_new_tokens"),
        (
            lambda *_: as_json({"error": {"message": "violence", "code": "content_filter"}}, 400),
            "the server's content filter rejected the prompt: violence",
        ),
    ],
)
def test_refusal_is_a_permanent_reason(behaviour: Behaviour, reason: str) -> None:
    made = generate(behaviour)
    assert (made.text, made.reason, made.finish, made.transient) == (None, reason, "none", False)


def test_refused_fields_are_renamed_or_left_out() -> None:
    """OpenAI's reasoning models require ``max_completion_tokens`` and accept no temperature."""

    def modern(request: dict[str, Any], _: int) -> Reply:
        if refused := {"max_tokens", "seed", "temperature"} & request.keys():
            return as_json({"error": {"message": f"Unsupported parameters: {refused}"}}, 400)
        return completion("Peace.")

    with serve(modern) as server:
        drawing = model(server, temperature=None, concurrency=1)
        made = generate_all(drawing, [prompt("Do.", "a", seed=7), prompt("Do.", "b", seed=8)])
    assert {each.text for each in made.values()} == {"Peace."}
    assert [request.get("max_completion_tokens") for request in server.requests] == [None, 256, 256]


# Failures of the server -----------------------------------------------------------------------------------------------

BOMB = b'{"x": "' + b"a" * 5_000_000 + b'"}'
PACKED = Reply(gzip.compress(completion("Peace.").body), headers={"Content-Encoding": "gzip"})  # may unpack to any size


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (as_json({"error": {"message": "out of\nmemory"}}, 500), "the server answered 500: out of memory"),
        (as_json({"error": {"message": "no worker", "code": 502}}), "the server answered with an error: no worker"),
        (Reply(b'{"model": "wise-1", "cho', missing=500), "the connection to the server was lost on every try"),
        (Reply(b'{"model": "wise-1", "cho'), "the server's answer is not JSON"),
        (Reply(b"<html>Bad gateway</html>", kind="text/html"), "the server's answer is not a chat completion"),
        (Reply(b'{"model": "wise-1", "choices": []}'), "the server's answer is not a chat completion: choices"),
        (completion("Peace", finish_reason="abort"), "the server cut off its answer (finish_reason abort)"),
        (completion("Peace.", model="fool-1"), "'fool-1' answered instead of 'wise-1'"),
        (as_json({"detail": "teapot"}, 418), "the server answered 418: teapot"),
        (as_json({"error": {"message": "context is 2048 tokens"}}, 400), "the server answered 400: context is 2048"),
        (Reply(BOMB), "the server's answer has more than 1,572,864 bytes"),
        (Reply(BOMB, 503), "the server's answer has more than 1,572,864 bytes"),
        (PACKED, "the server compresses answers although the request forbids it; turn off its compression"),
    ],
)
def test_server_failure_is_a_transient_reason(reply: Reply, reason: str) -> None:
    made = generate(lambda *_: reply, retries=0)
    assert made.text is None
    assert (made.reason or "").startswith(reason)
    assert made.transient


def test_slow_answer_ends_at_the_time_limit() -> None:
    start = time.monotonic()
    made = generate(lambda *_: Reply(b"{" * 3000, pause=0.1), timeout=0.2, retries=0)
    assert time.monotonic() - start < 150
    assert (made.reason, made.transient) == ("no complete answer within 0.2 s, retries and pauses included", True)


@pytest.mark.parametrize("retries", [0, 2])
def test_busy_server_is_retried_up_to_the_limit(retries: int) -> None:
    def busy(_: dict[str, Any], before: int) -> Reply:
        if before < 2:
            return as_json({"error": {"message": "slow down"}}, 429, Retry_After="0.1")
        return completion("Peace.")

    with serve(busy) as server:
        start = time.perf_counter()
        made = generate_one(model(server, retries=retries), prompt("Do.", "k"))
    assert (len(server.requests), made.text, made.transient) == ((3, "Peace.", False) if retries else (1, None, True))
    assert (made.seconds or 0.0) + 0.1 * retries < time.perf_counter() - start  # the pauses do not count


@pytest.mark.slow
def test_long_pause_ends_at_the_time_limit_and_names_its_cause() -> None:
    made = generate(lambda *_: as_json({}, 429, Retry_After="30"), timeout=1, retries=1)
    assert made.reason == "no complete answer within 2 s, retries and pauses included; the server's last answer was 429"


def test_pause_that_is_too_long_to_wait_for_is_named() -> None:
    reply = as_json({"error": {"message": "slow down"}}, 429, Retry_After="3600")
    assert "3600" in str(generate(lambda *_: reply).reason)


@pytest.mark.parametrize("to", ["another host", "another port", "the same origin"])
def test_redirect_is_not_followed(to: str) -> None:
    moved = Reply(b"")
    with serve(lambda *_: completion("Peace.")) as other, serve(lambda *_: moved) as server:
        targets = {"another host": other.url.replace("127.0.0.1", "localhost"), "another port": other.url}
        moved = Reply(b"", 307, {"Location": f"{targets.get(to, server.url)}/chat/completions"})
        with pytest.raises(ModelError, match=r"redirects to http://[\w.]+:\d+, but harness follows no redirects"):
            generate_all(model(server), [prompt("Do.", "k")])
    assert other.requests == []
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        (as_json({"error": {"message": "bad key s3cret"}}, 401), r"answered 401: bad key …; put a valid key into"),
        (as_json({"error": {"message": "no model wise-1"}}, 404), "answered 404: no model wise-1; check model, and"),
        (as_json({"error": {"message": "pay", "code": "insufficient_quota"}}, 429, retry_after_ms="1"), "429: pay"),
        (as_json({"error": {"message": "no credit"}}, 402), "402: no credit; check the account, and run this again"),
    ],
)
def test_account_error_ends_the_run_and_hides_keys(reply: Reply, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "s3cret")
    with serve(lambda *_: reply) as server, pytest.raises(ModelError) as caught:
        generate_all(model(server, concurrency=2, retries=0), [prompt("Do.", str(number)) for number in range(1000)])
    assert message in str(caught.value)
    assert "s3cret" not in str(caught.value)
    assert len(server.requests) <= 2


def test_unreachable_server_is_one_error_with_an_instruction() -> None:
    with serve(reply_with("Peace.")) as server:
        pass
    with pytest.raises(ModelError, match=r"cannot reach http://127.*; start the server, or correct base_url"):
        generate_all(model(server, retries=0), [prompt("Do.", str(number)) for number in range(1000)])


def test_ten_identical_failures_in_a_row_end_the_run() -> None:
    """Failures that differ only by a request id count as identical; the next call starts a new count."""

    def failing(_: dict[str, Any], before: int) -> Reply:
        number = f"req_{before:032x} at 12:00:{before % 60:02}"
        return as_json({"error": {"message": f"The server had an error (request ID {number})"}}, 503)

    with serve(failing) as server:
        asked = model(server, retries=0, concurrency=4)
        made: list[Generation] = []
        with pytest.raises(ModelError, match=r"this happened 10 times in a row, so no more requests are sent"):
            made.extend(asked.generate([prompt("Do.", str(number)) for number in range(1000)]))
        assert 10 <= len(made) < 20
        assert all(each.transient for each in made)
        assert len(server.requests) < 20
        assert generate_one(asked, prompt("Do.", "again")).transient


# Model names ---------------------------------------------------------------------------------------------------------


def test_unknown_model_lists_the_servers_models() -> None:
    with serve(lambda *_: as_json({"error": {"message": "no such model"}}, 404)) as server:
        server.models = ["small", "large"]
        with pytest.raises(ModelError, match=r"404: no such model; .*\(the server lists small, large\)"):
            generate_one(model(server), prompt("Do.", "k"))


def test_server_with_another_model_is_an_error() -> None:
    """llama.cpp's server accepts any model name and echoes it in the answer."""
    with serve(reply_with("Peace.")) as server:
        server.models = ["small"]
        with pytest.raises(ModelError, match=r"serves only 'small', not 'wise-1'; set model: small; or, if"):
            generate_one(model(server), prompt("Do.", "k"))
        assert generate_one(model(server, served_as="small"), prompt("Do.", "k")).text == "Peace."
        server.models = [f"{MODEL}-2026-01-01"]
        assert generate_one(model(server), prompt("Do.", "k")).text == "Peace."


@pytest.mark.parametrize("status", [403, 404, 405, 500])
def test_server_without_a_model_list_is_used(status: int) -> None:
    with serve(reply_with("Peace.")) as server:
        server.unlisted = status
        assert generate_one(model(server), prompt("Do.", "k")).text == "Peace."


def test_no_request_is_sent_after_the_key_is_refused() -> None:
    with serve(reply_with("Peace.")) as server:
        server.unlisted = 401
        with pytest.raises(ModelError, match=r"401: .*; put a valid key into the environment variable"):
            generate_one(model(server), prompt("Do.", "k"))
        assert server.requests == []


# The key -------------------------------------------------------------------------------------------------------------

KEY = "s3cret-k3y"


@pytest.mark.parametrize(
    "reply",
    [
        completion(f"You sent Bearer {KEY}."),
        completion("Peace.", **{KEY: KEY}),
        completion("Peace.", model=KEY),
        as_json({"error": {"message": KEY}}, 404),
        Reply(completion("Peace.").body, headers={"Content-Encoding": KEY}),
        Reply(b"", 307, {"Location": f"http://{KEY}.example/v1"}),
        Reply(KEY.encode(), kind="text/plain"),
    ],
)
def test_key_echoed_by_the_server_reaches_no_output(
    reply: Reply, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MY_KEY", KEY)
    with serve(lambda *_: reply) as server:
        server.models = [KEY, "other"]
        outcome = pipeline.run(config.load(run_config(tmp_path, server.url, 2, ", api_key_env: MY_KEY")))
    assert server.headers[0]["authorization"] == f"Bearer {KEY}"
    assert KEY not in repr(outcome)
    assert KEY not in "".join(capfd.readouterr())
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) > 5
    assert not [path for path in files if KEY.encode() in path.read_bytes()]


@pytest.mark.parametrize("key", ["“s3cret-key”", "s3cret-\nkey"])
def test_key_with_invalid_characters_is_refused_without_being_shown(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", key)
    with serve(reply_with("Peace.")) as server, pytest.raises(ModelError) as caught:
        generate_one(model(server), prompt("Do.", "k"))
    assert "the key in OPENAI_API_KEY contains a character that no request can carry" in str(caught.value)
    assert "s3cret" not in str(caught.value)
    assert server.requests == []


# A run ---------------------------------------------------------------------------------------------------------------


def run_config(folder: Path, url: str, articles: int, more: str = "") -> Path:
    rows = ({"id": str(number), "text": f"Article {number}. It is about peace."} for number in range(articles))
    served = f"{{kind: openai_api, model: {MODEL}, base_url: '{url}', retries: 0, concurrency: 4{more}}}"
    return write_config(folder, *rows, models=f"{{served: {served}}}", prompts="{plain: '{{ article.text }}'}")


def test_each_summary_is_written_as_it_is_made(tmp_path: Path) -> None:
    """The file is read while the server holds back the last answer."""
    seen: list[int] = []

    def slow(_: dict[str, Any], before: int) -> Reply:
        if before == 5:
            file, end = tmp_path / "out" / "summaries.jsonl", time.monotonic() + 60
            while file.read_bytes().count(b"\n") < 5 and time.monotonic() < end:
                time.sleep(0.01)
            seen.append(file.read_bytes().count(b"\n"))
        return completion("Peace is here.")

    with serve(slow) as server:
        pipeline.run(config.load(run_config(tmp_path, server.url, 6)), use_cache=False)
    assert seen == [5]


# The config ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("samples: 3", "at temperature 0 all 3 samples are identical; set temperature above 0, or samples: 1"),
        ("extra: {temperature: 1}", "remove temperature from extra"),
        ("extra: {a: [{b: .nan}]}", "models.served.extra: contains an infinite or NaN number"),
        ("price_per_million: {prompt: 1}", "{prompt: 0.15, new: 0.60}"),
        ("price_per_million: {prompt: 1, new: -.1}", "price_per_million.new: must be at least 0, not -0.1"),
        ("api_key_env: NO_SUCH_KEY", "the environment variable NO_SUCH_KEY is not set; put the key into it"),
        ("max_tokens: 5", "did you mean 'max_new_tokens'"),
        ("token: s3cret", "token seems to contain an API key, which does not belong in a config"),
        ("api_key_env: sk-s3cret", "write the variable's name here: api_key_env: OPENAI_API"),
        ("served_as: sk-proj-s3cret789abcdef", "served_as seems to contain an API key"),
        ("extra: {headers: [{x-api-key: s3cret}]}", "extra.headers.0.x-api-key seems to contain an API key"),
    ],
)
def test_invalid_option_is_refused_without_showing_a_key(tmp_path: Path, options: str, message: str) -> None:
    (problem,) = list_problems(config.load, run_config(tmp_path, "http://127.0.0.1:1/v1", 1, f", {options}"))
    assert message in problem
    assert "s3cret" not in problem


def test_signature_includes_the_address_for_a_generic_model_name() -> None:
    here = OpenAIAPI(model="default", base_url="http://localhost:8000/v1")
    there = OpenAIAPI(model="default", base_url="http://localhost:8001/v1")
    assert here.signature() != there.signature()
    assert here.signature() == OpenAIAPI(model="default", base_url="http://localhost:8000/v1/", retries=1).signature()


# Real servers --------------------------------------------------------------------------------------------------------

ASKED = "Summarise the following article in one sentence.\n\nThe mayor of Hull resigned on Monday. Nobody knows why."


def connect(server: ModelServer, **options: object) -> OpenAIAPI:
    return OpenAIAPI.model_validate({"model": server.model, "base_url": server.url, "max_new_tokens": 24, **options})


@pytest.fixture(scope="module")
def transformers_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModelServer]:
    with transformers_serve(tiny_llama.save(tmp_path_factory.mktemp("served"))) as server:
        yield server


@pytest.mark.slow
def test_transformers_serve_matches_hf_causal(transformers_server: ModelServer) -> None:
    there = generate_one(connect(transformers_server), prompt(ASKED, "k"))
    model = HFCausal(model=transformers_server.model, max_new_tokens=24, device="cpu", dtype="float32")
    here = generate_one(model, prompt(ASKED, "k"))
    assert there.text == here.text
    assert (there.finish, there.prompt_tokens) == (here.finish, here.prompt_tokens)


@pytest.mark.slow
def test_llama_cpp_samples_by_seed_and_refuses_a_prompt_over_its_context(llama_cpp_server: ModelServer) -> None:
    drawing = connect(llama_cpp_server, temperature=1.0)
    # The server caches the last prompt; computing it the first time rounds differently from reading the cache.
    generate_one(drawing, prompt(ASKED, "k", seed=0))
    texts = [generate_one(drawing, prompt(ASKED, "k", seed=seed)).text for seed in (1, 1, 2)]
    assert texts[0] == texts[1] != texts[2]
    long = generate_one(drawing, prompt("It rained on. " * 400, "long"))
    assert long.text is None
    assert re.match("the server answered 400.*context", long.reason or "")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["transformers_server", "llama_cpp_server"])
def test_model_that_a_real_server_lacks_is_an_error(name: str, request: pytest.FixtureRequest) -> None:
    asked = OpenAIAPI(model="gpt-7", base_url=request.getfixturevalue(name).url)
    with pytest.raises(ModelError, match="gpt-7"):
        list(asked.generate([prompt(ASKED, str(number)) for number in range(100)]))
