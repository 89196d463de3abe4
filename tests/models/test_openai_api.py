"""A model behind a server, against a server of ours that answers well, badly, and not at all."""

from __future__ import annotations

import gzip
import json
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from asking import answer, answers, prompt
from loopback import MODEL, Behaviour, Loopback, Reply, as_json, completion, serving, streamed

from harness import config, pipeline
from harness.data.runs.results import RunFolder
from harness.errors import ConfigError, ModelError
from harness.models.openai_api import OpenAIAPI
from harness.records import Generation

USAGE = {"prompt_tokens": 300, "completion_tokens": 20, "total_tokens": 320}


def model(server: Loopback, **options: Any) -> OpenAIAPI:
    patient = {"try_timeout": 60.0, "timeout": 120.0, "retries": 2}
    return OpenAIAPI(model=MODEL, base_url=server.url, **{**patient, **options})


def made(behaviour: Behaviour, **options: Any) -> Generation:
    with serving(behaviour) as server:
        return answer(model(server, **options), prompt("Summarise this.", "key", seed=7))


def saying(text: str | None, **choice: Any) -> Behaviour:
    return lambda *_: completion(text, **choice)


def error_in_stream(error: object) -> Reply:
    """A stream that has begun, and whose next chunk is an error."""
    chunk = json.dumps({"error": error}).encode()
    return Reply(streamed("Peace ", finish=None).body + b"data: " + chunk + b"\n\n", kind="text/event-stream")


def error_as_json(error: object) -> Reply:
    return as_json({"error": error})


def with_usage(reply: Reply) -> Reply:
    return Reply(reply.body[:-1] + b', "usage": {"prompt_tokens": 300, "completion_tokens": 20}}')


# What is asked, and what comes back ----------------------------------------------------------------------------------


def test_the_request_holds_the_prompt_and_no_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_KEY", "s3cret")
    with serving(saying("Peace.")) as server:
        answer(model(server, api_key_env="MY_KEY", extra={"reasoning_effort": "low"}), prompt("Do.", "k", system="Be."))
    assert server.requests == [
        {
            "reasoning_effort": "low",
            "model": MODEL,
            "messages": [{"role": "system", "content": "Be."}, {"role": "user", "content": "Do."}],
            "temperature": 0.0,
            "max_tokens": 256,
        }
    ]
    assert server.paths == ["/v1/chat/completions"]
    assert server.headers[0]["authorization"] == "Bearer s3cret"


def test_a_model_that_draws_is_handed_each_summarys_seed() -> None:
    with serving(saying("Peace.")) as server:
        asked = model(server, temperature=0.7, top_p=0.9, samples=2)
        answers(asked, [prompt("Do.", "a", seed=7), prompt("Do.", "b", seed=2**40 + 8)])
        answer(model(server, temperature=None, send_seed=False), prompt("Do.", "c", seed=7))
    assert sorted(request["seed"] for request in server.requests[:2]) == [7, 8]
    assert server.requests[0]["top_p"] == 0.9
    assert not {"seed", "temperature", "top_p"} & server.requests[2].keys()


def test_what_the_server_says_is_the_summary_with_its_tokens_and_price() -> None:
    def counting(*_: Any) -> Reply:
        return with_usage(completion(" Peace was made. "))

    found = made(counting, price_per_million={"prompt": 0.5, "new": 2.0})
    assert (found.text, found.finish, found.reason, found.transient) == ("Peace was made.", "stop", None, False)
    assert (found.prompt_tokens, found.new_tokens) == (300, 20)
    assert found.price == pytest.approx((300 * 0.5 + 20 * 2.0) / 1e6)
    assert made(saying("Peace.")).price is None


@pytest.mark.parametrize("usage", [{"prompt_tokens": -1, "completion_tokens": 5}, {"prompt_tokens": "many"}, "none"])
def test_a_count_of_tokens_that_is_none_costs_no_answer(usage: object) -> None:
    def counting(*_: Any) -> Reply:
        return as_json(json.loads(completion("Peace.").body) | {"usage": usage})

    for reply, stream in ((counting, False), (lambda *_: streamed("Peace.", usage=usage), True)):
        found = made(reply, stream=stream)
        assert (found.text, found.prompt_tokens, found.new_tokens) == ("Peace.", None, None)


def test_thoughts_are_no_part_of_the_summary() -> None:
    assert made(saying("<think>\nWhat is it about?\n</think>\n\nPeace.")).text == "Peace."
    assert made(saying("What is it about?\n</think>\n\nPeace.")).text == "Peace.", "begun by the chat template"
    lost = made(saying("<think>\nWhat is it", finish_reason="length"))
    assert (lost.text, lost.reason) == (None, "the model wrote no summary within max_new_tokens")


def test_a_summary_cut_at_its_limit_says_so() -> None:
    assert made(saying("Peace was", finish_reason="length")).finish == "length"


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        (saying(None, message={"refusal": "I can't\nhelp."}), "the model refused: I can't help."),
        (saying("Pea", finish_reason="content_filter"), "the server's content filter stopped the summary"),
        (saying(""), "the model returned no text"),
        (saying(None), "the model returned no text"),
        (
            lambda *_: as_json({"error": {"message": "violence", "code": "content_filter"}}, 400),
            "the server's content filter took no such prompt: violence",
        ),
    ],
)
def test_what_the_model_has_to_say_for_itself_is_a_reason_that_stands(behaviour: Behaviour, reason: str) -> None:
    found = made(behaviour)
    assert (found.text, found.reason, found.finish, found.transient) == (None, reason, "none", False)


def test_a_server_that_names_max_tokens_is_asked_by_the_other_name() -> None:
    """As OpenAI's models that think do; it is asked so from then on."""

    def modern(request: dict[str, Any], _: int) -> Reply:
        if "max_tokens" in request:
            return as_json({"error": {"message": "Unsupported parameter: 'max_tokens'"}}, 400)
        return completion("Peace.")

    with serving(modern) as server:
        asked = model(server, concurrency=1)
        found = answers(asked, [prompt("Do.", "a"), prompt("Do.", "b")])
    assert {each.text for each in found.values()} == {"Peace."}
    assert [request.get("max_completion_tokens") for request in server.requests] == [None, 256, 256]


# Streams ------------------------------------------------------------------------------------------------------------


def test_a_stream_makes_the_same_summary() -> None:
    with serving(lambda *_: streamed("Peace ", "was", " made.", usage=USAGE)) as server:
        found = answer(model(server, stream=True), prompt("Do.", "k"))
    assert (found.text, found.finish, found.prompt_tokens, found.new_tokens) == ("Peace was made.", "stop", 300, 20)
    assert server.requests[0]["stream_options"] == {"include_usage": True}


def test_a_server_that_counts_no_tokens_of_a_stream_is_asked_without() -> None:
    """As transformers' server; it counts them unasked, and another leaves them unknown."""

    def strict(request: dict[str, Any], _: int) -> Reply:
        if "stream_options" in request:
            return as_json({"detail": "Unsupported fields in the request: {'stream_options'}"}, 422)
        return streamed("Peace.")

    found = made(strict, stream=True)
    assert (found.text, found.prompt_tokens) == ("Peace.", None)


@pytest.mark.parametrize(
    "broken",
    [
        streamed("Peace ", finish=None),
        Reply(streamed("Peace ", finish=None).body, kind="text/event-stream", missing=99),
        error_in_stream({"message": "out of memory", "code": 500}),
    ],
    ids=["without an end", "cut off", "an error on its way"],
)
def test_a_stream_that_breaks_off_is_asked_for_again(broken: Reply) -> None:
    def once(_: dict[str, Any], before: int) -> Reply:
        return streamed("Peace was made.") if before else broken

    assert made(once, stream=True).text == "Peace was made."
    never = made(lambda *_: broken, stream=True, retries=0)
    assert never.text is None
    assert never.transient


@pytest.mark.slow
def test_a_slow_stream_is_not_silent_and_a_slow_answer_is() -> None:
    """Three seconds, a few milliseconds a byte, under a limit of silence of two."""
    slow = streamed("Peace.")
    piece = 3 / len(slow.body)
    assert made(lambda *_: Reply(slow.body, kind=slow.kind, pause=piece), stream=True, try_timeout=2.0).text == "Peace."

    given_up = threading.Event()

    def late(*_: Any) -> Reply:
        given_up.wait()
        return completion("Peace.")

    with serving(late) as server:
        found = answer(model(server, try_timeout=0.5, retries=0), prompt("Summarise this.", "key"))
        given_up.set()
    assert (found.reason, found.transient) == ("the server was silent for 0.5 s, at each try", True)


# A hostile server ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (as_json({"error": {"message": "out of\nmemory"}}, 500), "the server answered 500: out of memory"),
        (as_json({"error": {"message": "slow down"}}, 429), "the server answered 429: slow down"),
        (as_json({"error": {"message": "too slow"}}, 408), "the server answered 408: too slow"),
        (as_json({"error": {"message": "not now"}}, 409), "the server answered 409: not now"),
        (Reply(b'{"model": "wise-1", "cho', missing=500), "the connection to the server broke off, at each try"),
        (Reply(b'{"model": "wise-1", "cho'), "the server's answer is not JSON"),
        (Reply(b"<html>Bad gateway</html>", kind="text/html"), "the server's answer is no chat completion"),
        (Reply(b"null"), "the server's answer is no chat completion"),
        (Reply(b'{"model": "wise-1", "choices": []}'), "the server's answer is no chat completion: choices"),
        (Reply(b'{"model": "wise-1", "choices": [{"message": {"content": 3}}]}'), "the server's answer is no chat"),
        (completion("Peace.", model="fool-1"), "'fool-1' answered where 'wise-1' was asked"),
        (as_json({"detail": "teapot"}, 418), "the server answered 418: teapot"),
        (as_json({"error": {"message": "context is 2048 tokens"}}, 400), "the server answered 400: context is 2048"),
    ],
)
def test_server_failures_are_asked_again(reply: Reply, reason: str, stream: bool) -> None:
    """What the server fails at is a reason, and is asked again by the next run."""
    found = made(lambda *_: reply, retries=0, stream=stream)
    assert found.text is None
    assert found.reason is not None
    if not stream or reply.status != 200 or reply.kind == "application/json":  # any other breaks off before its end
        assert found.reason.startswith(reason)
    assert found.transient or reply.status == 418


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("finish", ["error", "abort"])
def test_half_an_answer_is_no_summary(finish: str, stream: bool) -> None:
    """As OpenRouter, vLLM and SGLang say it; it is charged for, so the next run asks again, and this one does not."""
    reply = streamed("Peace", finish=finish) if stream else completion("Peace", finish_reason=finish)
    with serving(lambda *_: reply) as server:
        found = answer(model(server, stream=stream), prompt("Do.", "k"))
    assert (found.text, found.reason) == (None, f"the server broke its answer off (finish_reason {finish})")
    assert found.transient
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("stream", "reply"),
    [(False, error_as_json), (True, error_as_json), (True, error_in_stream)],
    ids=["whole", "JSON in place of a stream", "in a stream"],
)
@pytest.mark.parametrize(
    ("error", "tries", "reason"),
    [
        ({"message": "upstream overloaded", "code": 502}, 3, "the server answered 502: upstream overloaded"),
        ({"message": "slow down", "code": "429"}, 3, "the server answered 429: slow down"),
        ({"message": "no credit", "code": 402}, 1, "the server answered 402: no credit"),
        ({"message": "no worker", "code": None}, 1, "the server answered with an error: no worker"),
        ("no worker", 1, "the server answered with an error: no worker"),
    ],
)
def test_an_error_in_the_place_of_an_answer_is_one(
    error: object, tries: int, reason: str, stream: bool, reply: Callable[[object], Reply],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip  # one signature
    """Gateways pass on what their servers say with status 200; what may pass is asked again."""
    monkeypatch.setattr("harness.servers.connection._backoff", lambda _: 0.01)
    with serving(lambda *_: reply(error)) as server:
        found = answer(model(server, retries=2, stream=stream), prompt("Do.", "k"))
    assert (found.text, found.reason, found.transient) == (None, reason, True)
    assert len(server.requests) == tries


def test_a_server_that_does_not_stream_is_read_all_the_same() -> None:
    assert made(saying("Peace was made."), stream=True).text == "Peace was made."


def test_bytes_that_come_slowly_end_with_the_time_of_an_answer() -> None:
    """Of an answer that would take five minutes."""
    start = time.monotonic()
    found = made(lambda *_: Reply(b"{" * 3000, pause=0.1), timeout=0.5)
    assert time.monotonic() - start < 150
    assert (found.reason, found.transient) == ("the server gave no whole answer within 0.5 s, retries included", True)


@pytest.mark.parametrize("retries", [0, 2, 4])
def test_a_busy_server_gets_no_more_than_retries(retries: int) -> None:
    """A busy server is asked again as often as `retries` says, whatever it says of when."""

    def busy(_: dict[str, Any], before: int) -> Reply:
        if before < 4:
            return as_json({"error": {"message": "slow down"}}, 429, Retry_After="0.05")
        return completion("Peace.")

    with serving(busy) as server:
        found = answer(model(server, retries=retries), prompt("Do.", "k"))
    assert len(server.requests) == retries + 1
    assert (found.text, found.transient) == (("Peace.", False) if retries == 4 else (None, True))


def packed(body: bytes) -> Reply:
    return Reply(gzip.compress(body), headers={"Content-Encoding": "gzip"})


BOMB = b'{"x": "' + b"a" * 50_000_000 + b'"}'


@pytest.mark.parametrize(
    "reply",
    [Reply(BOMB), packed(BOMB), replace(packed(BOMB), status=400), Reply(BOMB, 503)],
    ids=["", "gz", "400", "503"],
)
@pytest.mark.parametrize("stream", [False, True])
def test_an_answer_is_read_no_further_than_its_tokens_can_take(reply: Reply, stream: bool) -> None:
    """256 tokens take 1.5 MB at the most; 50 MB, or 50 kB that unpack to them, are never in memory."""
    found = made(lambda *_: reply, retries=0, stream=stream, max_new_tokens=256)
    assert found.reason == "the server's answer has more than 1,572,864 bytes, more than its limit of tokens can take"


def test_an_answer_that_is_packed_though_it_need_not_be_is_unpacked() -> None:
    assert made(lambda *_: packed(completion("Peace.").body)).text == "Peace."


def test_a_question_is_not_sent_on_to_another_host() -> None:
    with serving(lambda *_: completion("Peace.")) as other:
        there = other.url.replace("127.0.0.1", "localhost")
        said = r"sends its questions on to http://localhost, which is not the host"
        moved = Reply(b"", 307, {"Location": f"{there}/chat/completions"})
        with serving(lambda *_: moved) as server, pytest.raises(ModelError, match=said):
            answers(model(server), [prompt("Do.", "k")])
    assert other.requests == []


def test_a_redirect_on_the_same_host_is_followed() -> None:
    def moved(_: dict[str, Any], before: int) -> Reply:
        return completion("Peace.") if before else Reply(b"", 307, {"Location": "/v1/chat/completions"})

    assert made(moved).text == "Peace."


def test_a_key_that_a_server_repeats_in_its_answer_stands_in_no_summary(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "s3cret-key")
    assert made(lambda *_: completion("You sent Bearer s3cret-key.")).text == "You sent Bearer …."


def test_white_space_that_was_copied_with_a_key_is_no_part_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", " s3cret-key\n")
    with serving(saying("Peace.")) as server:
        assert answer(model(server), prompt("Do.", "k")).text == "Peace."
    assert server.headers[0]["authorization"] == "Bearer s3cret-key"


@pytest.mark.parametrize("key", ["“s3cret-key”", "s3cret-\nkey"])
def test_a_key_that_no_request_can_carry_is_named_and_not_repeated(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", key)
    with serving(saying("Peace.")) as server:
        with pytest.raises(
            ModelError, match="the key in OPENAI_API_KEY holds a character that no request can carry"
        ) as caught:
            answer(model(server), prompt("Do.", "k"))
        assert server.requests == []
    assert "s3cret" not in str(caught.value)


def test_an_answer_that_is_nested_too_deeply_costs_itself_alone() -> None:
    def deep(_: dict[str, Any], before: int) -> Reply:
        return Reply(b"[" * 200_000) if before == 1 else completion("Peace.")

    with serving(deep) as server:
        found = answers(model(server, retries=0, concurrency=1), [prompt("Do.", str(number)) for number in range(3)])
    assert [found[str(number)].text for number in range(3)] == ["Peace.", None, "Peace."]
    assert "nested too deeply" in str(found["1"].reason)


@pytest.mark.parametrize("retries", [0, 2])
def test_a_long_retry_after_ends_the_run(retries: int) -> None:
    """A server that wants to be left alone for long ends the run at once, at the last try too."""
    start = time.monotonic()
    limit = as_json({"error": {"message": "day's limit"}}, 429, Retry_After="3600")
    with pytest.raises(ModelError, match=r"asks to be left alone for 3,600 s, .* run this again then, or raise timeou"):
        made(lambda *_: limit, timeout=300, retries=retries)
    assert time.monotonic() - start < 150


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (as_json({"error": {"message": "bad key s3cret"}}, 401), r"answered 401: bad key …; put a key that it takes"),
        (as_json({"error": {"message": "no model wise-1"}}, 404), "answered 404: no model wise-1; see model, and base"),
        (as_json({"error": {"message": "pay", "code": "insufficient_quota"}}, 429, retry_after_ms="1"), "429: pay"),
        (as_json({"error": {"message": "no credit"}}, 402), "402: no credit; see to the account, and run this again"),
    ],
)
def test_what_no_request_can_pass_is_asked_once_and_said_once(
    reply: Reply, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "s3cret")
    with serving(lambda *_: reply) as server, pytest.raises(ModelError) as caught:
        answers(model(server, concurrency=2, retries=0), [prompt("Do.", str(number)) for number in range(1000)])
    assert said in str(caught.value)
    assert "s3cret" not in str(caught.value)
    assert len(server.requests) <= 2


def test_an_unknown_model_is_told_what_there_is() -> None:
    with serving(lambda *_: as_json({"error": {"message": "no such model"}}, 404)) as server:
        server.models = ["small", "large"]
        with pytest.raises(ModelError, match=r"404: no such model; .*\(the server lists small, large\)"):
            answer(model(server), prompt("Do.", "k"))


def test_a_server_with_one_model_is_not_taken_for_another() -> None:
    """llama.cpp's server answers to every name, and says that it is the one asked for."""
    with serving(saying("Peace.")) as server:
        server.models = ["small"]
        with pytest.raises(ModelError, match=r"has 'small' alone, and 'wise-1' is asked for; write model: small, or"):
            answer(model(server), prompt("Do.", "k"))
        assert answer(model(server, served_as="small"), prompt("Do.", "k")).text == "Peace."
        server.models = [f"{MODEL}-2026-01-01"]
        assert answer(model(server), prompt("Do.", "k")).text == "Peace."


@pytest.mark.parametrize("status", [403, 404, 405, 500])
def test_a_server_that_does_not_list_its_models_is_asked_all_the_same(status: int) -> None:
    """A gateway may let a key ask, and not list."""
    with serving(saying("Peace.")) as server:
        server.unlisted = status
        assert answer(model(server), prompt("Do.", "k")).text == "Peace."


def test_a_server_that_takes_no_such_key_is_asked_nothing() -> None:
    with serving(saying("Peace.")) as server:
        server.unlisted = 401
        with pytest.raises(ModelError, match=r"401: .*; put a key that it takes into the environment variable"):
            answer(model(server), prompt("Do.", "k"))
        assert server.requests == []


def test_no_server_is_one_error_with_an_instruction() -> None:
    with serving(saying("Peace.")) as server:
        pass
    with pytest.raises(ModelError, match=r"nothing can be asked at http://127.*; start the server, or set base_url"):
        answers(model(server), [prompt("Do.", str(number)) for number in range(1000)])


def test_a_server_that_gives_an_empty_name_does_not_say_who_answered() -> None:
    assert made(lambda *_: completion("Peace.", model="")).text == "Peace."


def test_failures_are_counted_from_call_to_call_and_anew_once_they_ended_one() -> None:
    """A strategy asks few questions with each call; 10 failures are the limit."""
    with serving(lambda *_: as_json({"error": {"message": "overloaded"}}, 503)) as server:
        asked = model(server, retries=0, concurrency=1)
        for number in range(9):
            assert answer(asked, prompt("Do.", str(number))).transient
        with pytest.raises(ModelError, match="that was so 10 times in a row"):
            answers(asked, [prompt("Do.", "9")])
        assert answer(asked, prompt("Do.", "10")).transient


def test_a_server_that_fails_in_one_way_again_and_again_is_given_up() -> None:
    with serving(lambda *_: as_json({"error": {"message": "overloaded"}}, 503)) as server:
        asked = model(server, retries=0, concurrency=4)
        requests = [prompt("Do.", str(number)) for number in range(1000)]
        found: list[Generation] = []
        with pytest.raises(ModelError, match=r"503: overloaded; that was so 10 times in a row, and the rest is not"):
            found.extend(asked.generate(requests))
    assert 10 <= len(found) < 20
    assert all(each.transient for each in found)
    assert len(server.requests) < 20


def test_failures_that_differ_by_a_request_id_alone_are_one_kind() -> None:
    def failing(_: dict[str, Any], before: int) -> Reply:
        number = f"req_{before:032x} at 12:00:{before:02}"
        return as_json({"error": {"message": f"The server had an error (request ID {number})"}}, 500)

    with serving(failing) as server:
        asked = model(server, retries=0, concurrency=1)
        with pytest.raises(ModelError, match=r"that was so 10 times in a row, and the rest is not asked"):
            answers(asked, [prompt("Do.", str(number)) for number in range(100)])
    assert len(server.requests) == 10


def test_failures_of_many_kinds_or_between_answers_end_nothing() -> None:
    def moody(_: dict[str, Any], before: int) -> Reply:
        return completion("Peace.") if before % 9 == 8 else as_json({"error": {"message": "busy"}}, 503)

    with serving(moody) as server:
        found = answers(model(server, retries=0, concurrency=1), [prompt("Do.", str(number)) for number in range(45)])
    assert sum(each.text == "Peace." for each in found.values()) == 5


# Time ----------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_clock_that_jumps_changes_no_time_limit_and_no_duration(monkeypatch: pytest.MonkeyPatch) -> None:
    real, started = time.time, time.monotonic()
    monkeypatch.setattr(time, "time", lambda: real() - 1e6 * (time.monotonic() - started))  # runs back, ever faster

    def busy(_: dict[str, Any], before: int) -> Reply:
        return completion("Peace.") if before else as_json({}, 429, Retry_After="1")

    found = made(busy, retries=1)
    assert found.text == "Peace."
    assert found.seconds is not None
    assert 0.9 < found.seconds < time.monotonic() - started


def test_seconds_are_shares_of_the_time_that_passed() -> None:
    four = threading.Barrier(4, timeout=60)

    def slow(*_: Any) -> Reply:
        four.wait()
        time.sleep(0.2)
        return completion("Peace.")

    with serving(slow) as server:
        start = time.perf_counter()
        found = answers(model(server, concurrency=4), [prompt("Do.", str(number)) for number in range(8)])
        passed = time.perf_counter() - start
    assert server.busiest == 4
    taken = sum(each.seconds or 0 for each in found.values())
    assert 0.4 <= taken <= passed


# A run ---------------------------------------------------------------------------------------------------------------


def run_config(folder: Path, url: str, articles: int, more: str = "") -> Path:
    rows = "".join(
        f'{{"id": "{number}", "text": "Article {number}. It is about peace."}}\n' for number in range(articles)
    )
    (folder / "rows.jsonl").write_text(rows, "utf-8")
    path = folder / "run.yaml"
    path.write_text(
        f"articles: rows.jsonl\nmodels:\n  served: {{kind: openai_api, model: {MODEL}, base_url: '{url}', "
        f"retries: 0, concurrency: 4{more}}}\nprompts: {{plain: '{{{{ article.text }}}}'}}\n"
        f"scorers: [length]\nverifier: lexical\noutput: run\n"
    )
    return path


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARNESS_HOME", str(tmp_path / "home"))


def dying_after(number: int) -> tuple[Behaviour, Callable[[], None]]:
    """A server that answers so many and then takes no more; and what makes it well again."""
    well = threading.Event()

    def behaviour(_: dict[str, Any], before: int) -> Reply:
        if before >= number and not well.is_set():
            return as_json({"error": {"message": "the machine is going down"}}, 503)
        return completion("Peace is here.")

    return behaviour, well.set


@pytest.mark.slow
def test_a_dying_server_costs_what_is_left(tmp_path: Path) -> None:
    """What came is kept, one line says why the rest is not, and nothing is made twice."""
    behaviour, mend = dying_after(40)
    with serving(behaviour) as server:
        loaded = config.load(run_config(tmp_path, server.url, 80))
        outcome = pipeline.run(loaded)
        (problem,) = outcome.results.manifest.problems
        assert "503: the machine is going down; that was so 10 times in a row, and the rest is not asked" in problem
        texts = [summary.text for summary in outcome.results.summaries]
        assert texts.count("Peace is here.") == texts.count(None) == 40
        asked = len(server.requests)
        assert asked <= 40 + 20
        mend()
        again = pipeline.run(loaded)
        assert again.results.manifest.problems == ()
        assert len(server.requests) == asked + 40
    summaries = {summary.place: summary.text for summary in RunFolder(tmp_path / "run").summaries.read()}
    assert len(summaries) == 80
    assert set(summaries.values()) == {"Peace is here."}


def test_each_summary_is_on_disk_before_the_next_is_awaited(tmp_path: Path) -> None:
    """Read from the file while the server still holds the last answer back."""
    seen: list[int] = []

    def slow(_: dict[str, Any], before: int) -> Reply:
        if before == 5:
            file, end = tmp_path / "run" / "summaries.jsonl", time.monotonic() + 60
            while file.read_bytes().count(b"\n") < 5 and time.monotonic() < end:
                time.sleep(0.01)
            seen.append(file.read_bytes().count(b"\n"))
        return completion("Peace is here.")

    with serving(slow) as server:
        pipeline.run(config.load(run_config(tmp_path, server.url, 6)), use_cache=False)
    assert seen == [5]


def test_a_server_among_many_systems_is_asked_as_much_at_once_as_it_may_be(tmp_path: Path) -> None:
    """64 systems have shards of 7 articles; all the same 12 questions are under way at once."""
    twelve = threading.Barrier(12, timeout=60)

    def slow(*_: Any) -> Reply:
        twelve.wait()
        return completion("Peace.")

    with serving(slow) as server:
        path = run_config(tmp_path, server.url, 24, ", try_timeout: 90")
        leads = "".join(f"  lead{number}: {{kind: lead, sentences: {number}}}\n" for number in range(1, 64))
        path.write_text(path.read_text("utf-8").replace("prompts:", f"{leads}prompts:"), "utf-8")
        outcome = pipeline.run(config.load(path, ["models.served.concurrency=12"]))
    assert outcome.results.manifest.problems == ()
    assert server.busiest == 12


# The config ----------------------------------------------------------------------------------------------------------


def problems(tmp_path: Path, options: str) -> str:
    path = run_config(tmp_path, "http://127.0.0.1:1/v1", 1, f", {options}")
    with pytest.raises(ConfigError) as caught:
        config.load(path)
    return str(caught.value)


@pytest.mark.parametrize(
    "written", ["api_key: sk-12345", "token: sk-12345", "api_key_env: sk-12345", "api_key_env: sk-123456789012345678"]
)
def test_a_key_in_a_config_is_refused_and_not_repeated(tmp_path: Path, written: str) -> None:
    said = problems(tmp_path, written)
    assert "holds what may be a key, and no key stands in a config: put the key into an environment variable" in said
    assert "api_key_env: OPENAI_API_KEY" in said
    assert "sk-12345" not in said


def test_a_key_in_an_override_is_not_repeated_either(tmp_path: Path) -> None:
    path = run_config(tmp_path, "http://127.0.0.1:1/v1", 1, "")
    override = "models.other={kind: openai_api, base_url: http://127.0.0.1:1/v1, model: m, api_key: sk-12345}"
    with pytest.raises(ConfigError, match=r"--set models\.other: .*holds what may be a key") as caught:
        config.load(path, [override])
    assert "sk-12345" not in str(caught.value)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("samples: 3", "temperature 0 makes one summary 3 times; set temperature, or samples: 1"),
        ("extra: {temperature: 1}", "temperature has an option of its own, or none; take it out of extra"),
        ("extra: {a: [{b: .nan}]}", "models.served.extra: holds a number that is not finite, which no request can"),
        ("extra: {Authorization: x}", "extra.Authorization holds what may be a key, and no key stands in a config"),
        ("extra: {headers: [{x-api-key: x}]}", "extra.headers.0.x-api-key holds what may be a key"),
        ("openai_api_key: x", "openai_api_key holds what may be a key"),
        ("served_as: sk-proj-0123456789abcdef", "served_as holds what may be a key"),
        ("price_per_million: {prompt: 1}", "write both: {prompt: 0.15, new: 0.60}"),
        ("api_key_env: NO_SUCH_KEY", "put it into the environment variable NO_SUCH_KEY, which is not set"),
        ("max_tokens: 5", "is not a key here; did you mean 'max_new_tokens'"),
    ],
)
def test_an_option_that_cannot_be_is_refused_with_what_can(tmp_path: Path, options: str, said: str) -> None:
    assert said in problems(tmp_path, options)


def test_an_address_that_is_none_is_refused(tmp_path: Path) -> None:
    for url, said in (
        ("localhost:8000", "base_url is 'localhost:8000'"),
        ("http://h:99999/v1", "base_url is no address; write it as http:"),
    ):
        with pytest.raises(ConfigError, match=said):
            config.load(run_config(tmp_path, url, 1))


ACCOUNT = "0123456789abcdef" * 2


def test_the_id_of_an_account_in_an_address_is_no_key(tmp_path: Path) -> None:
    """As Cloudflare's gateway has one; what stands last, or begins like a key, may be one."""
    url = f"https://api.example.org/accounts/{ACCOUNT}/ai/v1"
    config.load(run_config(tmp_path, url, 1))
    for path in (f"v1/{ACCOUNT}", f"sk-{ACCOUNT}/v1", f"{ACCOUNT}00/v1", f"v1?key={ACCOUNT}"):
        with pytest.raises(ConfigError, match="base_url holds what may be a key"):
            config.load(run_config(tmp_path, f"https://api.example.org/{path}", 1))


def test_openai_itself_needs_a_key_before_anything_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    path = run_config(tmp_path, "https://api.openai.com/v1", 1)
    with pytest.raises(ConfigError, match="needs a key: put it into the environment variable OPENAI_API_KEY, which is"):
        config.load(path)


def test_the_key_reaches_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_KEY", "s3cret-k3y")

    def telling(request: dict[str, Any], before: int) -> Reply:
        return completion("Peace.") if before else as_json({"error": {"message": "s3cret-k3y is out of credit"}}, 503)

    with serving(telling) as server:
        pipeline.run(config.load(run_config(tmp_path, server.url, 2, ", api_key_env: MY_KEY")))
        assert server.headers[0]["authorization"] == "Bearer s3cret-k3y"
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) > 5
    assert not [path for path in files if b"s3cret" in path.read_bytes()]


def test_two_servers_that_call_a_model_by_one_name_share_no_answers() -> None:
    here = OpenAIAPI(model="default", base_url="http://localhost:8000/v1")
    there = OpenAIAPI(model="default", base_url="http://localhost:8001/v1")
    assert here.signature() != there.signature()
    assert here.signature() == OpenAIAPI(model="default", base_url="http://localhost:8000/v1/", stream=True).signature()
