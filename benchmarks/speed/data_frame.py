"""Time ``harness.evaluate`` on a DataFrame of news articles without facts, from the frame to the report.

    python -m benchmarks.speed.data_frame [--data DIR] > benchmarks/speed/data_frame.md

The 199 CNN/DailyMail articles are REALSumm's and BUMP's. Each has two summaries: one that people wrote, and the
article's first three sentences.
"""

from __future__ import annotations

import resource
import sys
import time
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

import harness
from benchmarks.common import describe_machine, make_parser, require_file
from benchmarks.quality.questions import read_lines
from harness.text import sentences


def read_frame(data: Path) -> pd.DataFrame:
    """Return one row per article, with its text and a summary that people wrote."""
    rows = {row["text"]: row["references"][0] for row in read_lines(data / "realsumm_articles.jsonl")}
    rows |= {row["premise"]: row["supported"] for row in reversed(read_lines(data / "bump_pairs.jsonl"))}
    return pd.DataFrame(list(rows.items()), columns=["article", "person"])


def main() -> None:
    command = make_parser(__doc__)
    data = command.parse_args().data
    require_file(command, data, "realsumm_articles.jsonl")
    frame = read_frame(data)
    frame["lead"] = [" ".join(each.text for each in sentences(text, "en")[:3]) for text in frame.article]
    systems = {name: list(frame[name]) for name in ("person", "lead")}
    started = time.perf_counter()
    result = harness.evaluate(frame[["article"]], systems, facts="suggest")
    with TemporaryDirectory() as folder:
        result.report(Path(folder, "report.html"))
    seconds, memory = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    sys.stdout.write(
        "# From a DataFrame to the report\n\n"
        f"Made by `python -m benchmarks.speed.data_frame` on {date.today()}: {len(frame)} CNN/DailyMail articles, two\n"
        "summaries of each (one that people wrote, and the first three sentences), and facts that harness suggested.\n"
        "The time includes the suggestions and loading the verifier.\n\n"
        "| summaries | claims | checks of facts | minutes | peak memory, GB |\n|---:|---:|---:|---:|---:|\n"
        f"| {len(result.summaries):,} | {len(result.claims):,} | {len(result.facts):,} | {seconds / 60:.1f} "
        f"| {memory:.1f} |\n\n{describe_machine()}.\n"
    )


if __name__ == "__main__":
    main()
