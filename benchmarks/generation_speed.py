"""Summaries by SmolLM2-135M: hf_causal against a loop over transformers' pipeline, and against llama.cpp's server.

    python benchmarks/generation_speed.py [--data DIR] [--articles 16] [--runs 5]

Writes ``benchmarks/generation_speed.md``. Articles are REALSumm's, of like length in each run, from the longest to the
shortest, as hf_causal takes them itself where it is given a hundred; one prompt, 96 new tokens, the likeliest token
each time, one thread each. The contenders take turns (see ``contest.py``). The pipeline and the server work on one
article after another, so that they are given every eighth article of a run, by length, and their time is counted by the
article; hf_causal does all of them. llama-cpp-python's server works on one request at a time: more at once would wait.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from contest import Contender, alternated, ratio, spread, where
from data_option import parser
from llama_server import serving

from harness import store
from harness.files import write_text
from harness.models.hf_causal import HFCausal
from harness.models.openai_api import OpenAIAPI
from harness.records import Article, Item, Message, Request
from harness.seams import GenerativeModel
from harness.weights.checkpoint import load
from harness.weights.source import source

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "benchmarks" / "generation_speed.md"
MODEL = "smollm2-135m-instruct"
NEW_TOKENS = 96
ASK = "Summarise the following article in three sentences.\n\n"
EVERY = 8

Texts = dict[str, str]
"""Article → summary."""


def articles(folder: Path) -> list[Article]:
    lines = (folder / "realsumm_articles.jsonl").read_text(encoding="utf-8").splitlines()
    return [Article(row["id"], row["text"]) for row in map(json.loads, lines)]


def request(article: Article) -> Request:
    return Request(article.id, Item(article), "s", (Message("user", ASK + article.text),), 0, 0)


def some(given: Sequence[Article]) -> list[Article]:
    """Every eighth, by length, from the fourth on: about as long as all of them."""
    return sorted(given, key=lambda article: len(article.text))[EVERY // 2 - 1 :: EVERY]


def by_model(model: GenerativeModel, given: Sequence[Article]) -> Texts:
    made = {one.request_id: one.text for one in model.generate([request(article) for article in given])}
    return {name: text or "" for name, text in made.items()}


def by_pipeline(pipe: Any, given: Sequence[Article]) -> Texts:
    """What a user writes first."""
    found = {}
    for article in given:
        turns = [{"role": "user", "content": ASK + article.text}]
        (made,) = pipe(turns, max_new_tokens=NEW_TOKENS, do_sample=False, return_full_text=False)
        found[article.id] = made["generated_text"]
    return found


def pipeline_of(number: str) -> Any:
    from transformers import TextGenerationPipeline

    loaded = load(source(MODEL), None, number, "cpu")
    return TextGenerationPipeline(model=loaded.model, tokenizer=loaded.tokenizer)


@contextmanager
def contenders(runs: Sequence[Sequence[Article]]) -> Iterator[list[Contender]]:
    """All of them, loaded and warm; their work is one of the ``runs``."""
    here = HFCausal(model=MODEL, max_new_tokens=NEW_TOKENS, device="cpu")
    pipes = {number: pipeline_of(number) for number in ("float32", "bfloat16")}
    with serving(store.path(MODEL), 4096) as (url, process):
        there = OpenAIAPI(base_url=url, model="smollm2", max_new_tokens=NEW_TOKENS, concurrency=1)

        def work(do: Callable[[Sequence[Article]], Texts], few: bool) -> Callable[[int], object]:
            return lambda run: do(some(runs[run]) if few else runs[run])

        found = [Contender("hf_causal", work(lambda given: by_model(here, given), False))]
        for number, pipe in pipes.items():
            name = f"a loop over the pipeline, {number}"
            found.append(Contender(name, work(lambda given, pipe=pipe: by_pipeline(pipe, given), True)))  # type: ignore[misc]  # bound now
        found.append(Contender("llama.cpp's server", work(lambda given: by_model(there, given), True), process))
        for contender in found:
            contender.do(-1)  # the warming up
        yield found


def complete(results: Mapping[str, object]) -> None:
    for name, texts in results.items():
        assert isinstance(texts, dict)  # noqa: S101  # every contender returns texts
        if not texts or not all(texts.values()):
            raise SystemExit(f"{name} left an article without a summary")


def table(seconds: dict[str, list[float]], count: int, prompt_tokens: float) -> str:
    each = {name: count if name == "hf_causal" else count // EVERY for name in seconds}
    per_article = {name: [one / each[name] for one in times] for name, times in seconds.items()}
    ours = per_article["hf_causal"]
    rows = "\n".join(
        f"| {name} | {spread(times, each[name])} | {ratio(per_article[name], ours)} |"
        for name, times in seconds.items()
    )
    runs = len(ours)
    return f"""# Speed of generating

{runs} runs of {count} REALSumm articles (prompts of {prompt_tokens:.0f} tokens on average), one prompt,
SmolLM2-135M-Instruct, {NEW_TOKENS} new tokens, greedy; one thread each. Processor seconds an article, the median with
the least and the most, and how many times as fast hf_causal is, run by run. The runs go from the longest of 100
articles to the shortest, so that the seconds differ. The pipeline and the server, which take one article after another,
did every eighth of them. Targets: 3 times the pipeline, 0.8 times llama.cpp's server.

| | s an article | hf_causal is so many times as fast |
|---|---|---|
{rows}

hf_causal computes in bfloat16 here, since the processor has instructions for it; the pipeline is shown in both types.
llama.cpp reads the same GGUF file in its four bits.
An earlier run with articles in the file's order, so of mixed lengths, under a load of 11, gave 2.34 (2.16–2.64) against
the float32 pipeline: how far batches of like length and how far the load made the difference was not separated.

{where("torch", "transformers", "llama_cpp_python")} Made by `python benchmarks/generation_speed.py`.
"""


def main() -> None:
    command = parser(__doc__)
    command.add_argument("--articles", type=int, default=16, help="articles of a run, a multiple of 8")
    command.add_argument("--runs", type=int, default=5)
    arguments = command.parse_args()
    torch.set_num_threads(1)
    every = sorted(articles(arguments.data), key=lambda article: -len(article.text))
    count, step = arguments.articles, len(every) // arguments.runs
    runs = [every[run * step :][:count] for run in range(arguments.runs)]
    warm = [every[-EVERY // 2 :]]  # what run -1 is
    with contenders([*runs, *warm]) as found:
        seconds = alternated(found, arguments.runs, complete)
    lm = HFCausal(model=MODEL)._lm
    lengths = [len(lm.encode(request(article).messages, True)) for run in runs for article in run]
    shown = table(seconds, count, sum(lengths) / len(lengths))
    write_text(TABLE, shown)
    sys.stdout.write(shown)


if __name__ == "__main__":
    main()
