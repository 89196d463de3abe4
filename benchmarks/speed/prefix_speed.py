"""One article under eight prompts that put it first: together, the article read once, against one after another.

    python benchmarks/speed/prefix_speed.py [--data DIR] [--runs 5]

Writes ``prefix_speed.md`` beside it. Articles are REALSumm's, another one in each run; SmolLM2-135M, 96 new tokens,
the likeliest token each time, one thread. Both ways are hf_causal's own, in turns (see ``contest.py``); that both write
the same summaries, to the letter, is checked in every run.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import torch

from benchmarks.data_option import parser
from benchmarks.speed.contest import Contender, alternated, ratio, spread, where
from benchmarks.speed.generation_speed import MODEL, NEW_TOKENS, articles
from harness.files import write_text
from harness.models.hf_causal import HFCausal
from harness.records import Article, Item, Message, Request

TABLE = Path(__file__).with_name("prefix_speed.md")
QUESTIONS = (
    "Summarise the article above in three sentences.",
    "Summarise the article above in two sentences. Use only what it says.",
    "What happened, where and when? Answer in three sentences.",
    "Write a headline and one sentence for the article above.",
    "List the three most important facts of the article above.",
    "Who said what in the article above? Answer in three sentences.",
    "Summarise the article above for a reader who knows nothing of it.",
    "Summarise the article above in plain words, without numbers.",
)


def requests(article: Article) -> list[Request]:
    turns = [(Message("user", f"{article.text}\n\n{question}"),) for question in QUESTIONS]
    return [Request(str(number), Item(article), "s", turn, 0, 0) for number, turn in enumerate(turns)]


def together(model: HFCausal, asked: Iterable[Request]) -> dict[str, str | None]:
    return {made.request_id: made.text for made in model.generate(list(asked))}


def one_by_one(model: HFCausal, asked: Iterable[Request]) -> dict[str, str | None]:
    return {made.request_id: made.text for one in asked for made in model.generate([one])}


def identical(results: Mapping[str, object]) -> None:
    first, *others = results.values()
    if any(other != first for other in others):
        raise SystemExit("the two ways write different summaries")


def table(seconds: dict[str, list[float]], number: str) -> str:
    names = list(seconds)
    rows = "\n".join(
        f"| {name} | {spread(times, 1)} | {ratio(seconds[names[0]], times)} |" for name, times in seconds.items()
    )
    return f"""# One article, eight prompts

{len(seconds[names[0]])} runs of one REALSumm article each, under {len(QUESTIONS)} prompts that begin with it;
SmolLM2-135M-Instruct in {number}, {NEW_TOKENS} new tokens, greedy, one thread. Processor seconds of a run, the median
with the least and the most; the summaries were the same to the letter in every run. Target: 2.5 times.

| | s | times as fast as one after another |
|---|---|---|
{rows}

{where("torch", "transformers")} Made by `python benchmarks/speed/prefix_speed.py`.
"""


def main() -> None:
    command = parser(__doc__)
    command.add_argument("--runs", type=int, default=5)
    arguments = command.parse_args()
    torch.set_num_threads(1)
    model = HFCausal(model=MODEL, max_new_tokens=NEW_TOKENS, device="cpu")
    given = articles(arguments.data)
    one_by_one(model, requests(given[-1])[:1])  # the warming up
    contenders = [
        Contender("one after another", lambda run: one_by_one(model, requests(given[run]))),
        Contender("together", lambda run: together(model, requests(given[run]))),
    ]
    seconds = alternated(contenders, arguments.runs, identical)
    shown = table(seconds, str(model._lm.model.dtype).removeprefix("torch."))
    write_text(TABLE, shown)
    sys.stdout.write(shown)


if __name__ == "__main__":
    main()
