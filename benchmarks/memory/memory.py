"""Measure how the memory of a run grows with the number of articles.

    python benchmarks/memory/memory.py [--data DIR] [--articles N ...]

Writes ``memory.md``. The articles are REALSumm's 100 (CC BY 4.0), repeated under new ids; the summaries are those of
one system, replayed. For each number of articles, ``harness run`` starts in a new process without a cache.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.commands import Cost, run_command
from benchmarks.common import describe_machine, make_parser, publish, require_file
from benchmarks.quality.questions import read_lines

TABLE = Path(__file__).with_name("memory.md")
SYSTEM = "abs_bart_out"
CONFIG = """articles: articles.jsonl
models: {theirs: {kind: replay, path: outputs.jsonl}}
verifier: lexical
scorers: [rouge, length, extractiveness]
output: run
"""


def measure(data: Path, count: int) -> Cost:
    """Run ``count`` articles in a new process."""
    outputs = read_lines(data / "realsumm_outputs.jsonl")
    summaries = {output["article_id"]: output["summary"] for output in outputs if output["system"] == SYSTEM}
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "run.yaml").write_text(CONFIG, encoding="utf-8")
        with (folder / "articles.jsonl").open("w") as articles, (folder / "outputs.jsonl").open("w") as replayed:
            for id_, article in repeat_articles(data, count):
                row = {"id": id_, "text": article["text"], "references": article["references"]}
                output = {"article_id": id_, "system": SYSTEM, "summary": summaries[article["id"]]}
                articles.write(json.dumps(row) + "\n")
                replayed.write(json.dumps(output) + "\n")
        return run_command(("run", f"{name}/run.yaml", "--quiet", "--no-cache"), {"HARNESS_HOME": f"{name}/home"})


def repeat_articles(data: Path, count: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Repeat REALSumm's articles up to ``count``, each with a new id."""
    articles = islice(cycle(read_lines(data / "realsumm_articles.jsonl")), count)
    return ((f"{number:06}", article) for number, article in enumerate(articles))


def render(costs: Mapping[int, Cost]) -> str:
    (few, least), *_, (many, most) = costs.items()
    rows = [
        f"| {count:,} | {cost.memory:,.0f} | {cost.memory / least.memory:.2f} | {cost.wall:.0f} |\n"
        for count, cost in costs.items()
    ]
    growth = (most.memory - least.memory) * 1024 / (many - few)  # KB per article
    return f"""# Memory of a run

Made by `python benchmarks/memory/memory.py` on {date.today():%Y-%m-%d}: one replayed system, scorers `rouge`, `length`
and `extractiveness`, verifier `lexical`, nothing cached. An article has 650 words on average.

| articles | peak MB | relative to the first row | seconds |
|---:|---:|---:|---:|
{"".join(rows)}
{many:,} articles take {100 * (most.memory / least.memory - 1):.0f}% more memory than {few:,}: {growth:.1f} KB for each
article's id, scores, and positions in the record files. Articles, summaries, verdicts and scores are on disk; memory
holds a few hundred at a time. In the first row, the memory goes to Python, its libraries, their word lists and the
report, which shows up to 200 articles one by one.

{describe_machine()}.
"""


def main() -> None:
    command = make_parser(__doc__)
    command.add_argument("--articles", type=int, nargs="+", default=[200, 2_000, 20_000], metavar="N")
    arguments = command.parse_args()
    require_file(command, arguments.data, "realsumm_outputs.jsonl")
    if len(set(arguments.articles)) < 2:
        command.error("--articles needs two or more different numbers")
    page = render({count: measure(arguments.data, count) for count in sorted(arguments.articles)})
    publish(page, TABLE)


if __name__ == "__main__":
    main()
