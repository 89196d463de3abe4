"""Strategies over a model behind a server of ours, which says what a test has it say."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from asking import answer, answers
from loopback import MODEL, Loopback, Reply, as_json, completion, serving
from rich.console import Console

from harness import config, pipeline
from harness.cli import validate
from harness.errors import ConfigError, ModelError
from harness.models.best_of_n import BestOfN
from harness.models.check_and_revise import CheckAndRevise
from harness.models.map_reduce import MapReduce
from harness.models.openai_api import OpenAIAPI
from harness.models.strategy import Draft
from harness.records import Article, Generation, Item, Message, Request
from harness.verifiers.lexical import Lexical

ARTICLE = "The mayor of Hull resigned on Monday. Nobody knows why she went. The council of Hull will meet on Friday."
TRUE = "The mayor of Hull resigned on Monday."
FALSE = "Spanish fishermen celebrated their victory in Madrid."

Says = Callable[[dict[str, Any], int], str | Reply | None]
"""The request and how many came before → what the model says."""


def request(key: str = "key", article: str = ARTICLE, seed: int = 0) -> Request:
    asked = Message("user", f"Summarise this.\n\n{article}\n\nBe brief.")
    return Request(key, Item(Article("a", article)), "s", (asked,), 0, seed)


def counted(says: Says) -> Callable[[dict[str, Any], int], Reply]:
    """Every answer is charged with 100 prompt tokens and 10 new ones."""

    def behaviour(asked: dict[str, Any], before: int) -> Reply:
        said = says(asked, before)
        if isinstance(said, Reply):
            return said
        choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": said}}
        usage = {"prompt_tokens": 100, "completion_tokens": 10}
        return as_json({"id": "1", "model": MODEL, "choices": [choice], "usage": usage})

    return behaviour


def base(server: Loopback, **options: Any) -> OpenAIAPI:
    price = {"prompt": 1.0, "new": 10.0}
    return OpenAIAPI(model=MODEL, base_url=server.url, retries=0, price_per_million=price, **options)


def script(*said: str | Reply | None) -> Says:
    return lambda _, before: said[before]


def test_as_many_drafts_are_made_at_once_as_the_server_may_be_asked_for(tmp_path: Path) -> None:
    twenty = threading.Barrier(20, timeout=60)

    def slow(*_: Any) -> Reply:
        twenty.wait()
        return completion(TRUE)

    with serving(slow) as server:
        strategy = MapReduce(base=base(server, concurrency=20))
        found = list(strategy.generate([request(str(number), f"{ARTICLE} {number}") for number in range(40)]))
    assert [each.text for each in found] == [TRUE] * 40


def test_a_server_that_fails_again_and_again_ends_a_strategy_too() -> None:
    """Though it asks 16 drafts at a time, and 32 failures in a row are the limit."""
    with serving(lambda *_: as_json({"error": {"message": "out of memory"}}, 500)) as server:
        asked = CheckAndRevise(base=base(server, concurrency=16), verifier=Lexical())
        with pytest.raises(ModelError, match="500: out of memory; that was so 32 times in a row"):
            list(asked.generate([request(str(number), f"{ARTICLE} {number}") for number in range(100)]))
    assert len(server.requests) <= 48


# check_and_revise ----------------------------------------------------------------------------------------------------


def test_a_correction_is_asked_for_and_kept() -> None:
    """The model is told what the article does not support, and its correction is kept."""
    with serving(counted(script(f"{TRUE} {FALSE}", TRUE))) as server:
        made = answer(CheckAndRevise(base=base(server), verifier=Lexical()), request())
    first, second = server.requests
    assert [message["role"] for message in second["messages"]] == ["user", "assistant", "user"]
    assert second["messages"][0] == first["messages"][0]
    assert second["messages"][1]["content"] == f"{TRUE} {FALSE}"
    assert f"\n- {FALSE} (the article does not say so)\n" in second["messages"][2]["content"]
    assert TRUE not in second["messages"][2]["content"]
    assert made.text == TRUE
    assert made.how == (
        "draft: 1 of 2 statements unsupported; revision 1: 0 of 1 statements unsupported; revision 1 is kept"
    )
    assert [(each.name, each.text, each.unsupported) for each in made.steps] == [
        ("draft", f"{TRUE} {FALSE}", (FALSE,)),
        ("revision 1", TRUE, ()),
    ]
    assert (made.prompt_tokens, made.new_tokens) == (200, 20)
    assert made.price == pytest.approx((200 * 1 + 20 * 10) / 1e6)


def test_a_draft_that_is_borne_out_is_asked_for_once() -> None:
    with serving(counted(script(TRUE))) as server:
        made = answer(CheckAndRevise(base=base(server), verifier=Lexical(), rounds=3), request())
    assert len(server.requests) == 1
    assert (made.text, made.how) == (TRUE, "draft: 0 of 1 statements unsupported")


def test_a_correction_for_the_worse_is_not_kept() -> None:
    with serving(counted(script(f"{TRUE} {FALSE}", FALSE))) as server:
        made = answer(CheckAndRevise(base=base(server), verifier=Lexical()), request())
    assert made.text == f"{TRUE} {FALSE}"
    assert (made.how or "").endswith("; the draft is kept")


def test_it_asks_as_often_as_it_may() -> None:
    with serving(counted(lambda *_: f"{TRUE} {FALSE}")) as server:
        made = answer(CheckAndRevise(base=base(server), verifier=Lexical(), rounds=2), request())
    assert len(server.requests) == 3
    assert [each.name for each in made.steps] == ["draft", "revision 1", "revision 2"]
    assert len(server.requests[2]["messages"]) == 5


def test_a_model_that_has_no_correction_leaves_its_draft() -> None:
    with serving(counted(script(f"{TRUE} {FALSE}", ""))) as server:
        made = answer(CheckAndRevise(base=base(server), verifier=Lexical()), request())
    assert made.text == f"{TRUE} {FALSE}"
    assert made.how == "draft: 1 of 2 statements unsupported; revision 1: no text; the draft is kept"


def test_a_draft_that_is_refused_is_the_reason() -> None:
    with serving(counted(script(None))) as server:
        made = answer(CheckAndRevise(base=base(server), verifier=Lexical()), request())
    assert (made.text, made.reason, made.transient) == (None, "the model returned no text", False)


def test_a_failed_correction_is_left_to_the_next_run() -> None:
    """A server that fails at a correction leaves the summary to the next run."""
    with serving(counted(script(f"{TRUE} {FALSE}", as_json({"error": {"message": "busy"}}, 503)))) as server:
        made = answer(CheckAndRevise(base=base(server), verifier=Lexical()), request())
    assert (made.text, made.reason, made.transient) == (None, "the server answered 503: busy", True)
    assert [each.name for each in made.steps] == ["draft"]


def test_many_are_made_together_and_each_has_its_own_corrections() -> None:
    """40 articles, more than are made at once; those of an odd number are wrong at first."""

    def says(asked: dict[str, Any], _: int) -> str:
        number = int(asked["messages"][0]["content"].partition("Number ")[2].partition(" ")[0])
        return f"Number {number} was drawn." + (f" {FALSE}" if number % 2 and len(asked["messages"]) == 1 else "")

    with serving(counted(says)) as server:
        strategy = CheckAndRevise(base=base(server), verifier=Lexical())
        made = answers(strategy, [request(str(n), f"Number {n} was drawn. It rained all day.") for n in range(40)])
    assert {key: each.text for key, each in made.items()} == {str(n): f"Number {n} was drawn." for n in range(40)}
    assert [len(made[str(n)].steps) for n in range(4)] == [1, 2, 1, 2]
    assert len(server.requests) == 60


def test_a_dead_server_keeps_what_needs_no_correction() -> None:
    """What needs no correction is kept when the server goes before the corrections."""

    def says(asked: dict[str, Any], _: int) -> str | Reply:
        if len(asked["messages"]) > 1:
            return as_json({"error": {"message": "no key"}}, 401)
        return TRUE if "Number 1" in asked["messages"][0]["content"] else FALSE

    with serving(counted(says)) as server:
        strategy = CheckAndRevise(base=base(server), verifier=Lexical())
        made = strategy.generate([request(str(n), f"{ARTICLE} Number {n}.") for n in range(2)])
        assert next(iter(made)).request_id == "1"
        with pytest.raises(ModelError, match="401"):
            list(made)


def test_a_server_that_is_down_is_the_base_models_error() -> None:
    with serving(counted(script(TRUE))) as server:
        pass
    with pytest.raises(ModelError, match="start the server"):
        list(CheckAndRevise(base=base(server), verifier=Lexical()).generate([request()]))


def test_how_the_article_was_cut_is_told_of_the_version_that_is_kept() -> None:
    draft = Draft(request(), [Generation("1", FALSE, cut="the last half"), Generation("2", TRUE, cut="a line")])
    assert draft.generation(draft.calls[1], None).cut == "a line"
    assert draft.generation(None, None).cut == "the last half; a line"


def test_its_key_depends_on_the_date_and_the_language_of_the_article() -> None:
    """Its verifier reads both; the model that it asks reads the prompt alone."""
    plain = OpenAIAPI(model=MODEL, base_url="http://127.0.0.1:1/v1")
    checked, asked = CheckAndRevise(base=plain, verifier=Lexical()), request().messages
    item = Item(Article("a", ARTICLE))
    dated = Item(Article("a", ARTICLE, date="2026-03-04"))
    german = Item(Article("a", ARTICLE, language="de"))
    keys = {
        name: [model.request(each, "s", asked).id for each in (item, dated, german)]
        for name, model in (("plain", plain), ("checked", checked))
    }
    assert len(set(keys["plain"])) == 1
    assert len(set(keys["checked"])) == 3


# best_of_n -----------------------------------------------------------------------------------------------------------


def by_seed(texts: list[str]) -> Says:
    """A model that writes by its seed, as one that draws does."""
    return lambda asked, _: texts[asked["seed"] % len(texts)]


def test_the_candidate_is_kept_that_the_article_supports_most() -> None:
    said = [FALSE, f"{TRUE} {FALSE}", TRUE]
    with serving(counted(lambda _, before: said[before])) as server:
        made = answer(BestOfN(base=base(server, temperature=1, concurrency=1), verifier=Lexical(), n=3), request())
    assert made.text == TRUE
    assert [each.name for each in made.steps] == ["candidate 1", "candidate 2", "candidate 3"]
    supports = [each.support or 0.0 for each in made.steps]
    assert supports[0] < supports[1] < supports[2]
    assert made.how == (
        f"the best of 3 by the verifier: supported {supports[2]:.2f}, "
        f"all of them {supports[0]:.2f} to {supports[2]:.2f}"
    )
    assert (made.prompt_tokens, made.new_tokens) == (300, 30)


def test_each_candidate_has_a_seed_of_its_own_the_same_in_every_run() -> None:
    with serving(counted(by_seed([FALSE, TRUE]))) as server:
        strategy = BestOfN(base=base(server, temperature=1), verifier=Lexical(), n=4)
        first, second = answer(strategy, request(seed=7)), answer(strategy, request(seed=7))
        answer(strategy, request(seed=8))
    assert first.text == second.text
    assert first.steps == second.steps
    seeds = [sorted(each["seed"] for each in server.requests[at : at + 4]) for at in (0, 4, 8)]
    assert seeds[0] == seeds[1]
    assert len({*seeds[0], *seeds[2]}) == 8


def test_a_candidate_without_a_text_is_none_and_all_of_them_a_reason() -> None:
    with serving(counted(script("", TRUE))) as server:
        some = answer(BestOfN(base=base(server, temperature=1, concurrency=1), verifier=Lexical(), n=2), request())
    with serving(counted(lambda *_: "")) as server:
        none = answer(BestOfN(base=base(server, temperature=1), verifier=Lexical(), n=2), request())
    assert some.text == TRUE
    assert (none.text, none.reason, none.transient) == (None, "the model returned no text", False)


# map_reduce ----------------------------------------------------------------------------------------------------------

LONG = " ".join(
    f"On day {number} the council of Hull met again, and nothing was decided at all." for number in range(20)
)
"""20 sentences of 15 words."""


def test_a_long_article_is_read_in_parts_and_their_summaries_at_once() -> None:
    def says(asked: dict[str, Any], _: int) -> str:
        content = asked["messages"][0]["content"]
        days = [word for word in content.replace(".", " ").split() if word.isdigit()]
        return f"Days {' '.join(days[:1])} to {' '.join(days[-1:])} are told."

    with serving(counted(says)) as server:
        made = answer(MapReduce(base=base(server, concurrency=1), part_words=110), request(article=LONG))
    contents = [each["messages"][0]["content"] for each in server.requests]
    assert len(contents) == 4
    assert all(content.startswith("Summarise this.\n\n") for content in contents)
    assert all(content.endswith("\n\nBe brief.") for content in contents)
    read = " ".join(content[len("Summarise this.\n\n") : -len("\n\nBe brief.")] for content in contents[:3])
    assert read == LONG
    assert "Days 0 to 6 are told.\n\nDays 7 to" in contents[3]
    assert made.text == "Days 0 to 19 are told."
    assert made.how == "read in 3 parts, whose summaries were read at once"
    assert [each.name for each in made.steps] == ["part 1 of 3", "part 2 of 3", "part 3 of 3"]
    assert made.prompt_tokens == 400


def test_a_part_stands_wherever_the_prompt_gives_the_article() -> None:
    asked = (Message("system", f"Read this: {LONG}"), Message("user", f"{LONG} Summarise this: {LONG}"))
    with serving(counted(lambda *_: TRUE)) as server:
        answer(MapReduce(base=base(server), part_words=110), Request("k", Item(Article("a", LONG)), "s", asked, 0, 0))
    assert len(server.requests) == 4
    assert not any(LONG in message["content"] for each in server.requests for message in each["messages"])


def test_a_short_article_is_read_at_once() -> None:
    with serving(counted(script(TRUE))) as server:
        made = answer(MapReduce(base=base(server)), request())
    assert (made.text, made.how, made.steps) == (TRUE, None, ())
    assert server.requests[0]["messages"][0]["content"] == request().messages[0].content


def test_summaries_that_are_too_long_together_are_summarised_in_their_turn() -> None:
    def says(asked: dict[str, Any], before: int) -> str:
        return " ".join(["It rained in Hull."] * 10) if before < 3 else "It rained."

    with serving(counted(says)) as server:
        made = answer(MapReduce(base=base(server, concurrency=1), part_words=110), request(article=LONG))
    assert made.how == "read in 3 parts, whose summaries were read in 2 parts, and theirs at once"
    assert made.text == "It rained."


def test_a_sentence_that_the_limit_cut_off_is_left_out_of_what_the_next_round_reads() -> None:
    def says(_: dict[str, Any], before: int) -> Reply:
        return completion("It rained. They agreed", finish_reason="length" if before != 1 else "stop")

    with serving(counted(says)) as server:
        made = answer(MapReduce(base=base(server, concurrency=1), part_words=110), request(article=LONG))
    assert [step.text for step in made.steps] == ["It rained.", "It rained. They agreed", "It rained."]
    read = server.requests[3]["messages"][0]["content"]
    assert "\n\nIt rained.\n\nIt rained. They agreed\n\nIt rained.\n\n" in read
    assert (made.text, made.finish) == ("It rained. They agreed", "length")
    assert made.how == (
        "read in 3 parts, whose summaries were read at once; the last sentence of the summaries of 2 parts was cut off "
        "by the token limit and is left out"
    )


def test_summaries_no_shorter_than_what_they_summarise_end_it() -> None:
    with serving(counted(lambda *_: " ".join(["It rained in Hull."] * 50))) as server:
        made = answer(MapReduce(base=base(server), part_words=110), request(article=LONG))
    assert made.text is None
    assert made.reason == "the summaries of its parts are no shorter than the parts; lower the length of a summary"


def test_a_prompt_without_the_article_is_a_reason() -> None:
    asked = Request("k", Item(Article("a", ARTICLE)), "s", (Message("user", "What of Hull?"),), 0, 0)
    with serving(counted(script(TRUE))) as server:
        made = answer(MapReduce(base=base(server)), asked)
    assert (made.text, server.requests) == (None, [])
    assert (made.reason or "").startswith("the prompt does not hold the article as it is")


# In a config ---------------------------------------------------------------------------------------------------------


def write(folder: Path, models: str, url: str = "http://127.0.0.1:1/v1") -> Path:
    (folder / "rows.jsonl").write_text(json.dumps({"id": "a", "text": ARTICLE}) + "\n")
    path = folder / "run.yaml"
    path.write_text(
        "articles: rows.jsonl\nmodels:\n"
        f"  plain: {{kind: openai_api, model: {MODEL}, base_url: '{url}', retries: 0}}\n"
        f"  first: {{kind: lead}}\n{models}"
        "prompts: {short: 'Summarise. {{ article.text }}'}\nverifier: lexical\nscorers: [length]\noutput: run\n"
    )
    return path


@pytest.mark.parametrize(
    ("models", "said"),
    [
        (
            "  m: {kind: check_and_revise, base: plian, verifier: lexical}\n",
            "run.yaml:5: models.m.base: names 'plian', which is no model of this config; did you mean 'plain'?",
        ),
        (
            "  m: {kind: map_reduce, base: n}\n  n: {kind: map_reduce, base: m}\n",
            "run.yaml:5: models.m.base: names 'n', which is made of this one in its turn; name a model that needs no",
        ),
        ("  m: {kind: map_reduce, base: m}\n", "names 'm', which is made of this one in its turn"),
        (
            "  m: {kind: map_reduce, base: {kind: openai_api, model: gpt}}\n",
            "run.yaml:5: models.m.base: is a mapping; write the name of another model of this config",
        ),
        ("  m: {kind: map_reduce}\n", "run.yaml:5: models.m.base: is missing; write it"),
        (
            "  m: {kind: map_reduce, base: first}\n",
            "models.m.base: names 'first', of kind lead, which answers no prompts; name one",
        ),
        ("  m: {kind: check_and_revise, base: plain}\n", "models.m.verifier: is missing; write it"),
        (
            "  m: {kind: check_and_revise, base: plain, verifier: lexicall}\n",
            "models.m.verifier: there is no verifier of kind 'lexicall'; did you mean 'lexical'?",
        ),
        (
            "  m: {kind: check_and_revise, base: plain, verifier: {kind: lexical, thresold: 0.6}}\n",
            "models.m.verifier.thresold: is not a key here; did you mean 'threshold'?",
        ),
        (
            "  m: {kind: check_and_revise, base: plain, verifier: lexical, instruction: Again.}\n",
            "has no place for the statements; write {claims} where they belong",
        ),
        (
            "  m: {kind: best_of_n, base: plain, verifier: lexical}\n",
            "models.m: the base model takes the likeliest token and writes one summary 5 times; set its temperature",
        ),
        (
            "  m: {kind: map_reduce, base: plain, samples: 2}\n",
            "models.m: the base model takes the likeliest token, and makes one summary 2 times; set its temperature",
        ),
    ],
)
def test_a_strategy_that_cannot_be_is_refused_with_what_can(tmp_path: Path, models: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        config.load(write(tmp_path, models))
    assert said in str(caught.value)
    assert len(str(caught.value).split("\n")) <= 2


def test_a_base_model_that_is_wrong_is_said_once_where_it_stands(tmp_path: Path) -> None:
    path = write(tmp_path, "  bad: {kind: hf_causal, modl: x}\n  m: {kind: map_reduce, base: bad}\n")
    with pytest.raises(ConfigError) as caught:
        config.load(path)
    assert "models.m" not in str(caught.value)


def test_strategies_share_the_model_that_they_name_and_one_another(tmp_path: Path) -> None:
    models = (
        "  checked: {kind: check_and_revise, base: long, verifier: {kind: lexical, threshold: 0.6}}\n"
        "  long: {kind: map_reduce, base: plain}\n"
    )
    loaded = config.load(write(tmp_path, models))
    assert list(loaded.models) == ["plain", "first", "checked", "long"]
    checked, long = loaded.models["checked"], loaded.models["long"]
    assert isinstance(checked, CheckAndRevise)
    assert isinstance(long, MapReduce)
    assert checked.base is long
    assert long.base is loaded.models["plain"]
    written = config.resolved(loaded, tmp_path / "run")["models"]
    assert written["checked"]["base"] == "long"
    assert written["checked"]["verifier"]["kind"] == "lexical"
    assert written["checked"]["verifier"]["threshold"] == 0.6
    assert written["long"]["base"] == "plain"


def test_the_signature_depends_on_the_base_the_verifier_and_the_options(tmp_path: Path) -> None:
    plain = OpenAIAPI(model=MODEL, base_url="http://127.0.0.1:1/v1")
    other = OpenAIAPI(model="other", base_url="http://127.0.0.1:1/v1")
    made = [
        CheckAndRevise(base=plain, verifier=Lexical()),
        CheckAndRevise(base=other, verifier=Lexical()),
        CheckAndRevise(base=plain, verifier=Lexical(threshold=0.6)),
        CheckAndRevise(base=plain, verifier=Lexical(), rounds=2),
    ]
    assert len({each.signature() for each in made}) == 4
    assert made[0].signature() == CheckAndRevise(base=plain, verifier=Lexical()).signature()


def test_a_strategy_is_a_system_that_resumes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run has the strategy as a system of its own, and goes on from its records."""
    monkeypatch.setenv("HARNESS_HOME", str(tmp_path / "home"))

    def says(asked: dict[str, Any], _: int) -> str:
        return f"{TRUE} {FALSE}" if len(asked["messages"]) == 1 else TRUE

    with serving(counted(says)) as server:
        path = write(tmp_path, "  checked: {kind: check_and_revise, base: plain, verifier: lexical}\n", server.url)
        first = pipeline.run(config.load(path))
        assert len(server.requests) == 2, "the draft is the summary of the model itself, which is not made twice"
        second = pipeline.run(config.load(path))
        assert len(server.requests) == 2
    texts = {summary.system: summary.text for summary in first.results.summaries}
    assert texts["plain/short"] == f"{TRUE} {FALSE}"
    assert texts["checked/short"] == TRUE
    assert {summary.system: summary.text for summary in second.results.summaries} == texts
    assert "draft: 1 of 2 statements unsupported; revision 1: 0 of 1" in (tmp_path / "run" / "report.html").read_text()
    told = "checked: chosen or corrected by the verifier that judges here, and so better by it than in truth; judge the"
    assert first.results.manifest.notices[0].startswith(told)
    again = pipeline.score(tmp_path / "run", overrides=["verifier={kind: lexical, threshold: 0.6}"]).results.manifest
    assert (again.problems, again.notices) == ((), ())


@pytest.mark.parametrize(
    "before",
    [
        "  checked: {{kind: check_and_revise, base: plain, verifier: lexical}}\n",
        "  twin: {{kind: openai_api, model: {model}, base_url: '{url}', retries: 0}}\n",
    ],
)
def test_what_a_model_before_it_asked_is_not_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: str
) -> None:
    """A strategy that is named before its base, and one model under two names."""
    monkeypatch.setenv("HARNESS_HOME", str(tmp_path / "home"))
    with serving(counted(lambda *_: TRUE)) as server:
        path = write(tmp_path, "", server.url)
        added = before.format(model=MODEL, url=server.url)
        path.write_text(path.read_text().replace("models:\n", f"models:\n{added}"))
        made = pipeline.run(config.load(path, ["prompts.long=Tell it. {{ article.text }}"])).results
    assert {summary.text for summary in made.summaries if not summary.system.startswith("first")} == {TRUE}
    assert len(server.requests) == 2
    [stage] = [stage for stage in made.manifest.stages if stage.name == "generate"]
    assert (stage.made, stage.cached, stage.failed) == (3, 2, 0)


def test_a_run_that_ended_between_two_calls_repeats_neither(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over another strategy too: a part that was read is not read again."""
    monkeypatch.setenv("HARNESS_HOME", str(tmp_path / "home"))
    down = True

    def says(asked: dict[str, Any], _: int) -> str | Reply:
        if down and len(asked["messages"]) > 1:
            return as_json({"error": {"message": "no key"}}, 401)
        return f"{TRUE} {FALSE}" if len(asked["messages"]) == 1 else TRUE

    with serving(counted(says)) as server:
        long = "  long: {kind: map_reduce, base: plain}\n"
        models = f"  checked: {{kind: check_and_revise, base: long, verifier: lexical}}\n{long}"
        path = write(tmp_path, models, server.url)
        broken = pipeline.run(config.load(path, ["only=[checked]"])).results.manifest
        assert "401" in broken.problems[0]
        asked, down = len(server.requests), False
        whole = pipeline.run(config.load(path, ["only=[checked]"])).results
        assert len(server.requests) == asked + 1
    assert [(summary.text, len(summary.generation.steps)) for summary in whole.summaries] == [(TRUE, 2)]


def test_a_plan_says_how_many_calls_a_strategy_takes_at_most(tmp_path: Path) -> None:
    models = (
        "  long: {kind: map_reduce, base: plain, part_words: 110}\n"
        "  checked: {kind: check_and_revise, base: long, verifier: lexical, rounds: 2}\n"
        "  drawn: {kind: openai_api, model: m, base_url: 'http://127.0.0.1:1/v1', temperature: 1}\n"
        "  best: {kind: best_of_n, base: drawn, verifier: lexical, n: 4}\n"
    )
    loaded = config.load(write(tmp_path, models))
    short, long = Item(Article("a", ARTICLE)), Item(Article("b", LONG))
    calls = {name: (model.calls(short), model.calls(long)) for name, model in loaded.models.items()}
    assert calls == {
        "plain": (1, 1),
        "first": (1, 1),
        "long": (1, 4),
        "checked": (3, 12),
        "drawn": (1, 1),
        "best": (4, 4),
    }
    console = Console(width=100, record=True, file=StringIO())
    validate.show_plan(pipeline.plan(loaded), console)
    rows = {line.split()[0]: line.split()[1:] for line in console.export_text().splitlines() if "/short" in line}
    assert rows["checked/short"] == ["check_and_revise", "3", "–", "768"]
    assert rows["plain/short"] == ["openai_api", "1", "28", "256"]
