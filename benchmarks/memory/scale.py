"""What a summary costs the one process that writes, and the disk: the figures of ``docs/scale.md``.

    python benchmarks/memory/scale.py [--data DIR] [--articles N]

Writes ``scale.md`` beside it. The articles are REALSumm's 100 (CC BY 4.0), over and over under new ids, with their
facts; one system, ``lead``, which costs next to nothing, so that what is left is the harness's own share: in this
process alone, and with the work handed to a Ray cluster of this machine.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.data_option import parser
from harness import provenance
from harness.files import write_text

ROOT = Path(__file__).resolve().parents[2]
TABLE = Path(__file__).with_name("scale.md")
CONFIG = """articles: articles.jsonl
models: {lead: {kind: lead}}
verifier: lexical
scorers: [fact_recall, faithfulness, rouge, length]
output: run
"""
FILES = ("summaries.jsonl", "verdicts.jsonl", "scores.jsonl")
MEASURED = """
import json, resource, sys
from pathlib import Path
from harness import config, pipeline
loaded = config.load(Path(sys.argv[1]), [f"engine={sys.argv[2]}"])
before = resource.getrusage(resource.RUSAGE_SELF)
pipeline.run(loaded, use_cache=False)
after = resource.getrusage(resource.RUSAGE_SELF)
used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
print(json.dumps(used))
"""


@dataclass(frozen=True)
class Measured:
    """A run by one engine."""

    engine: str
    articles: int
    processor: float
    """Seconds of the process that writes."""
    lines: dict[str, int]
    sizes: dict[str, int]
    """Bytes by file."""


def measured(source: Path, count: int, engine: str) -> Measured:
    """A run of ``count`` articles in a process of its own; CalledProcessError where it fails."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        written(source, count, folder)
        environment = {**os.environ, "HARNESS_HOME": f"{name}/home", "RAY_AUTH_MODE": "disabled"}
        command = [sys.executable, "-c", MEASURED, str(folder / "run.yaml"), engine]
        ended = subprocess.run(  # noqa: S603  # our own command
            command, env=environment, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
        )
        told = json.loads(ended.stdout.splitlines()[-1])
        data = {name: (folder / "run" / name).read_bytes() for name in FILES}
    return Measured(
        engine,
        count,
        float(told),
        {name: text.count(b"\n") for name, text in data.items()},
        {name: len(text) for name, text in data.items()},
    )


def written(source: Path, count: int, folder: Path) -> None:
    """A config, and its articles made of the hundred there are."""
    articles = list(map(json.loads, (source / "realsumm_articles.jsonl").read_text(encoding="utf-8").splitlines()))
    (folder / "run.yaml").write_text(CONFIG, encoding="utf-8")
    with (folder / "articles.jsonl").open("w", encoding="utf-8") as file:
        for number in range(count):
            file.write(json.dumps({**articles[number % len(articles)], "id": f"{number:06}"}) + "\n")


def table(pairs: Sequence[tuple[Measured, Measured]]) -> str:
    """The page: of each engine a run of few articles and one of many, whose difference is free of what a run costs."""
    rows = []
    for few, many in pairs:
        more = many.articles - few.articles
        rows.append(f"| {many.engine} | {1000 * (many.processor - few.processor) / more:.1f} |")
    _, first = pairs[0]
    count, few_ = first.articles, pairs[0][0].articles
    sizes = [
        f"| {name} | {first.lines[name] / count:.1f} | {first.sizes[name] / first.lines[name]:.0f} "
        f"| {first.sizes[name] / count / 1000:.1f} |"
        for name in FILES
    ]
    machine = provenance.describe_machine()
    return "\n".join(
        [
            "# What a summary costs the process that writes",
            "",
            f"Made by `python benchmarks/memory/scale.py --articles {count}` on {date.today():%Y-%m-%d}:",
            "articles of REALSumm",
            "with their facts, one system (`lead`), verifier `lexical`, scorers `fact_recall`, `faithfulness`, `rouge`",
            f"and `length`, nothing cached. Milliseconds that each summary adds from {few_:,} to {count:,} of them;",
            "the processor time is that of the one process that reads articles, hands out work, writes records, scores",
            "and reports, without that of Ray's workers, which shared the two cores with it.",
            "",
            "| engine | ms a summary |",
            "|---|---:|",
            *rows,
            "",
            "| file | lines a summary | bytes a line | kB a summary |",
            "|---|---:|---:|---:|",
            *sizes,
            "",
            f"{machine['cores']} cores of {machine['processor']} ({machine['system']}), which other work shares.",
            "",
        ]
    )


def main() -> None:
    command = parser(__doc__)
    command.add_argument("--articles", type=int, default=4000, metavar="N")
    arguments = command.parse_args()
    if not (arguments.data / "realsumm_articles.jsonl").is_file():
        command.error(f"{arguments.data} has no realsumm_articles.jsonl; name its folder with --data")
    sizes = (arguments.articles // 4, arguments.articles)
    few, many = ([measured(arguments.data, size, engine) for engine in ("local", "ray")] for size in sizes)
    text = table(list(zip(few, many, strict=True)))
    write_text(TABLE, text)
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
