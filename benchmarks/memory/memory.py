"""How much memory a run takes as the number of articles grows.

    python benchmarks/memory/memory.py [--data DIR] [--articles N ...]

Writes ``memory.md`` beside it. The articles are REALSumm's 100 (CC BY 4.0), over and over under new ids, in the folder
that ``--data`` or the environment variable ``HARNESS_LABELLED_DATA`` names; the summaries are those of one system,
replayed. Each number of articles is a process of its own: ``harness run`` with nothing in the cache, its peak resident
memory as the kernel counts it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.data_option import parser
from harness import provenance
from harness.files import write_text

ROOT = Path(__file__).resolve().parents[2]
TABLE = Path(__file__).with_name("memory.md")
SYSTEM = "abs_bart_out"
CONFIG = """articles: articles.jsonl
models: {theirs: {kind: replay, path: outputs.jsonl}}
verifier: lexical
scorers: [rouge, length, extractiveness]
output: run
"""


@dataclass(frozen=True)
class Measured:
    """A run of so many articles."""

    articles: int
    megabytes: float
    """Peak resident memory."""
    seconds: float


def measured(source: Path, count: int) -> Measured:
    """A run of ``count`` articles in a process of its own; SystemExit where it fails."""
    with TemporaryDirectory() as folder:
        written(source, count, Path(folder))
        environment = {**os.environ, "HARNESS_HOME": str(Path(folder) / "home")}
        command = [sys.executable, "-m", "harness", "run", str(Path(folder) / "run.yaml"), "--quiet", "--no-cache"]
        started = time.monotonic()
        process = subprocess.Popen(command, env=environment, cwd=ROOT)  # noqa: S603  # our own command
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - started
    if status:
        raise SystemExit(f"the run of {count:,} articles failed with status {status}")
    kilobytes = usage.ru_maxrss / (1024 if sys.platform == "darwin" else 1)
    return Measured(count, kilobytes / 1024, seconds)


def written(source: Path, count: int, folder: Path) -> None:
    """A config, and its articles and summaries, made of the hundred there are."""
    articles = list(map(json.loads, (source / "realsumm_articles.jsonl").read_text(encoding="utf-8").splitlines()))
    outputs = map(json.loads, (source / "realsumm_outputs.jsonl").read_text(encoding="utf-8").splitlines())
    summaries = {output["article_id"]: output["summary"] for output in outputs if output["system"] == SYSTEM}
    (folder / "run.yaml").write_text(CONFIG, encoding="utf-8")
    with (
        (folder / "articles.jsonl").open("w", encoding="utf-8") as texts,
        (folder / "outputs.jsonl").open("w", encoding="utf-8") as made,
    ):
        for number in range(count):
            article, name = articles[number % len(articles)], f"{number:06}"
            row = {"id": name, "text": article["text"], "references": article["references"]}
            output = {"article_id": name, "system": SYSTEM, "summary": summaries[article["id"]]}
            texts.write(json.dumps(row) + "\n")
            made.write(json.dumps(output) + "\n")


def table(found: Sequence[Measured]) -> str:
    """The page, the first row being what the others are compared with."""
    least = found[0].megabytes
    rows = [
        f"| {each.articles:,} | {each.megabytes:,.0f} | {each.megabytes / least:.2f} | {each.seconds:.0f} |"
        for each in found
    ]
    more = (found[-1].megabytes - found[0].megabytes) * 1024 / max(1, found[-1].articles - found[0].articles)
    most = f"{found[-1].articles:,} articles take {100 * (found[-1].megabytes / least - 1):.0f}% more than"
    machine = provenance.describe_machine()
    return "\n".join(
        [
            "# Memory of a run",
            "",
            f"Made by `python benchmarks/memory/memory.py` on {date.today():%Y-%m-%d}: one replayed system,",
            "scorers `rouge`,",
            "`length` and `extractiveness`, verifier `lexical`, nothing cached. An article has 650 words on average.",
            "",
            "| articles | peak MB | against the first row | seconds |",
            "|---:|---:|---:|---:|",
            *rows,
            "",
            f"{most} {found[0].articles:,}: {more:.1f} KB each, which are",
            "its id, where its records lie, and its scores as numbers. Articles, summaries, verdicts and scores are",
            "on disk, some hundred at a time are in memory. What 200 articles take is Python, its libraries and",
            "their word lists, and the report, which shows up to 200 articles one by one.",
            "",
            f"{machine['cores']} cores of {machine['processor']} ({machine['system']}).",
            "",
        ]
    )


def main() -> None:
    command = parser(__doc__)
    command.add_argument("--articles", type=int, nargs="+", default=[200, 2_000, 20_000], metavar="N")
    arguments = command.parse_args()
    if not (arguments.data / "realsumm_outputs.jsonl").is_file():
        command.error(f"{arguments.data} has no realsumm_outputs.jsonl; name its folder with --data")
    text = table([measured(arguments.data, count) for count in arguments.articles])
    write_text(TABLE, text)
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
