"""Summaries by SmolLM2-135M: hf_causal against a loop over transformers' pipeline, and against llama.cpp's server.

    python benchmarks/speed/generation_speed.py [--llama-server PROGRAM] [--data DIR] [--articles 16] [--runs 5]

Writes ``generation_speed.md`` beside it. Articles are REALSumm's, of like length in each run, from the longest to the
shortest, as hf_causal takes them itself where it is given a hundred; one prompt, 96 new tokens, the likeliest token
each time, one thread each. The contenders take turns (see ``contest.py``). The pipeline works on one article after
another, so that it is given every eighth article of a run, by length, and its time is counted by the article.

PROGRAM is llama.cpp's own server (``llama-server`` where it is on the path), which answers several requests at once:
how many is tried on a few articles first, and the best stays. It is asked by the openai client in a pool of threads, as
a user would, and by openai_api; each asks a server of its own, since a server keeps the prompts that it has read.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psutil
import torch

from benchmarks.data_option import parser
from benchmarks.speed.contest import Contender, alternated, ratio, spread, where
from benchmarks.speed.llama_server import NAME, parallel, release
from harness import store
from harness.files import write_text
from harness.models.hf_causal import HFCausal
from harness.models.openai_api import OpenAIAPI
from harness.records import Article, Item, Message, Request
from harness.seams import GenerativeModel
from harness.weights.checkpoint import load
from harness.weights.source import source_of

ROOT = Path(__file__).resolve().parents[2]
TABLE = Path(__file__).with_name("generation_speed.md")
MODEL = "smollm2-135m-instruct"
NEW_TOKENS = 96
ASK = "Summarise the following article in three sentences.\n\n"
EVERY = 8
CONTEXT = 4096
"""Tokens that a slot of the server holds."""
SLOTS = (1, 2, 4, 8)
"""How many requests at once are tried."""
THEIRS, OURS = "llama.cpp's server, asked by the openai client", "llama.cpp's server, asked by openai_api"

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

    loaded = load(source_of(MODEL), None, number, "cpu")
    return TextGenerationPipeline(model=loaded.model, tokenizer=loaded.tokenizer)


def by_client(url: str, slots: int, given: Sequence[Article]) -> Texts:
    """What a user of a server writes first."""
    from openai import OpenAI

    def ask(article: Article) -> str:
        made = client.chat.completions.create(
            model=NAME,
            messages=[{"role": "user", "content": ASK + article.text}],
            max_tokens=NEW_TOKENS,
            temperature=0,
        )
        return made.choices[0].message.content or ""

    with OpenAI(base_url=url, api_key="none") as client, ThreadPoolExecutor(slots) as pool:
        return {article.id: text for article, text in zip(given, pool.map(ask, given), strict=True)}


def best_slots(program: str, given: Sequence[Article]) -> int:
    """The number of requests at once under which the server needs the least processor time."""

    def seconds(slots: int) -> float:
        with parallel(program, store.path(MODEL), CONTEXT, slots) as (url, process):
            by_client(url, slots, given[:1])
            before = psutil.Process(process).cpu_times()
            by_client(url, slots, given[1:])
            after = psutil.Process(process).cpu_times()
            return after.user + after.system - before.user - before.system

    return min(SLOTS, key=seconds)


@contextmanager
def contenders(runs: Sequence[Sequence[Article]], program: str, slots: int) -> Iterator[list[Contender]]:
    """All of them, loaded and warm; their work is one of the ``runs``."""
    here = HFCausal(model=MODEL, max_new_tokens=NEW_TOKENS, device="cpu")
    pipes = {number: pipeline_of(number) for number in ("float32", "bfloat16")}
    with ExitStack() as servers:
        (first, theirs), (second, ours) = (
            servers.enter_context(parallel(program, store.path(MODEL), CONTEXT, slots)) for _ in range(2)
        )
        there = OpenAIAPI(base_url=second, model=NAME, max_new_tokens=NEW_TOKENS, concurrency=slots)
        found = [Contender("hf_causal", lambda run: by_model(here, runs[run]))]
        for number, pipe in pipes.items():
            name = f"a loop over the pipeline, {number}"
            found.append(Contender(name, lambda run, pipe=pipe: by_pipeline(pipe, some(runs[run]))))  # type: ignore[misc]  # bound now
        found.append(Contender(THEIRS, lambda run: by_client(first, slots, runs[run]), theirs))
        found.append(Contender(OURS, lambda run: by_model(there, runs[run]), ours))
        for contender in found:
            contender.do(-1)  # the warming up
        yield found


def complete(results: Mapping[str, object]) -> None:
    for name, texts in results.items():
        assert isinstance(texts, dict)  # noqa: S101  # every contender returns texts
        if not texts or not all(texts.values()):
            raise SystemExit(f"{name} left an article without a summary")


def table(seconds: dict[str, list[float]], count: int, prompt_tokens: float, slots: int, release: str) -> str:
    each = {name: count // EVERY if "pipeline" in name else count for name in seconds}
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
articles to the shortest, so that the seconds differ. The pipeline, which takes one article after another, did every
eighth of them. Targets: 3 times the pipeline, 0.8 times llama.cpp's server.

| | s an article | hf_causal is so many times as fast |
|---|---|---|
{rows}

hf_causal computes in bfloat16 here, since the processor has instructions for it; the pipeline is shown in both types.
llama.cpp reads the same GGUF file in its four bits, {slots} requests at once, of {", ".join(map(str, SLOTS))} the best.
Through openai_api the server is {ratio(per_article[THEIRS], per_article[OURS])} times as fast as asked by the openai
client in a pool of threads; target: 1.0.

{where("torch", "transformers", "openai")} llama.cpp: {release}.
Made by `python benchmarks/speed/generation_speed.py`.
"""


def main() -> None:
    command = parser(__doc__)
    command.add_argument("--llama-server", default=shutil.which("llama-server"), metavar="PROGRAM")
    command.add_argument("--articles", type=int, default=16, help="articles of a run, a multiple of 8")
    command.add_argument("--runs", type=int, default=5)
    arguments = command.parse_args()
    if not arguments.llama_server:
        command.error("llama.cpp's llama-server is not on the path; build it and name it: --llama-server PROGRAM")
    torch.set_num_threads(1)
    every = sorted(articles(arguments.data), key=lambda article: -len(article.text))
    count, step = arguments.articles, len(every) // arguments.runs
    runs = [every[run * step :][:count] for run in range(arguments.runs)]
    warm = [every[-EVERY // 2 :]]  # what run -1 is
    slots = best_slots(arguments.llama_server, every[-2 * EVERY :])
    with contenders([*runs, *warm], arguments.llama_server, slots) as found:
        seconds = alternated(found, arguments.runs, complete)
    lm = HFCausal(model=MODEL)._lm
    lengths = [len(lm.encode(request(article).messages, True)) for run in runs for article in run]
    shown = table(seconds, count, sum(lengths) / len(lengths), slots, release(arguments.llama_server))
    write_text(TABLE, shown)
    sys.stdout.write(shown)


if __name__ == "__main__":
    main()
