"""The model ``openai_api`` with two real servers, transformers' and llama.cpp's, and the packaged language model."""

from __future__ import annotations

from difflib import SequenceMatcher
from pathlib import Path

import pytest
from asking import answer, answers, prompt
from real_servers import NAME, Serving

from harness import config, pipeline
from harness.errors import ModelError
from harness.models.hf_causal import HFCausal
from harness.models.openai_api import OpenAIAPI

pytestmark = pytest.mark.slow

ARTICLE = "The mayor of Hull resigned on Monday. Nobody knows why she went. The council of Hull will meet on Friday."
ASKED = f"Summarise the following article in one sentence.\n\n{ARTICLE}"


def model(server: Serving, **options: object) -> OpenAIAPI:
    return OpenAIAPI.model_validate(
        {"model": server.model, "base_url": server.url, "max_new_tokens": 24, "concurrency": 2, **options}
    )


def test_transformers_serve_matches_hf_causal(transformers_server: Serving) -> None:
    there = answer(model(transformers_server), prompt(ASKED, "k"))
    here = answer(HFCausal(model=NAME, max_new_tokens=24, device="cpu", dtype="float32"), prompt(ASKED, "k"))
    assert there.text == here.text
    assert (there.finish, there.prompt_tokens) == (here.finish, here.prompt_tokens)


def test_llama_cpp_output_is_similar_to_hf_causal(llama_cpp_server: Serving) -> None:
    """The weights are the same, but llama.cpp computes with 4 bits and transformers with 32."""
    there = answer(model(llama_cpp_server), prompt(ASKED, "k"))
    here = answer(HFCausal(model=NAME, max_new_tokens=24, device="cpu", dtype="float32"), prompt(ASKED, "k"))
    assert there.prompt_tokens == here.prompt_tokens
    assert there.text is not None
    assert here.text is not None
    assert SequenceMatcher(None, there.text, here.text).ratio() > 0.4
    assert 1 <= (there.new_tokens or 0) <= 24


def test_seed_determines_the_sampled_text(llama_cpp_server: Serving) -> None:
    drawing = model(llama_cpp_server, temperature=1.0)
    texts = [answer(drawing, prompt(ASKED, "k", seed=seed)).text for seed in (1, 1, 2)]
    assert texts[0] == texts[1] != texts[2]


def test_article_over_the_context_is_a_reason(llama_cpp_server: Serving) -> None:
    found = answers(model(llama_cpp_server), [prompt("It rained on. " * 400, "long"), prompt(ASKED, "short")])
    assert found["short"].text
    assert found["long"].text is None
    assert "the server answered 400" in (found["long"].reason or "")
    assert "context" in (found["long"].reason or "")


@pytest.mark.parametrize("name", ["transformers_server", "llama_cpp_server"])
def test_unknown_model_is_an_error(name: str, request: pytest.FixtureRequest) -> None:
    server: Serving = request.getfixturevalue(name)
    asked = OpenAIAPI(model="gpt-7", base_url=server.url)
    requests = [prompt(ASKED, str(number)) for number in range(100)]
    with pytest.raises(ModelError) as caught:
        list(asked.generate(requests))
    assert "gpt-7" in str(caught.value)


def test_second_run_reuses_summaries_and_prices_tokens(
    llama_cpp_server: Serving, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARNESS_HOME", str(tmp_path / "home"))
    (tmp_path / "rows.jsonl").write_text(f'{{"id": "a", "text": "{ARTICLE}"}}\n{{"id": "b", "text": "{ARTICLE}"}}\n')
    (tmp_path / "run.yaml").write_text(
        f"articles: rows.jsonl\nmodels:\n  served:\n    {{kind: openai_api, model: smollm2, "
        f"base_url: '{llama_cpp_server.url}', max_new_tokens: 8, price_per_million: {{prompt: 1, new: 2}}}}\n"
        f"prompts: {{plain: 'Summarise. {{{{ article.text }}}}'}}\nverifier: lexical\n"
        f"scorers: [{{kind: cost, price: true}}]\noutput: run\n"
    )
    loaded = config.load(tmp_path / "run.yaml")
    first, second = pipeline.run(loaded), pipeline.run(loaded)
    assert (first.results.manifest.stages[0].made, second.results.manifest.stages[0].made) == (2, 0)
    prices = [score.value for score in first.results.scores if score.metric == "price_per_1000"]
    tokens = [summary.generation for summary in first.results.summaries]
    assert prices == [pytest.approx(((each.prompt_tokens or 0) + 2 * (each.new_tokens or 0)) / 1000) for each in tokens]
