"""The reliability campaign: kills, a full disk, mutated files, failing servers, strangers' folders, hostile text.

    python -m benchmarks.reliability.campaign                     all of it, as large as it was planned
    python -m benchmarks.reliability.campaign --seconds 600       what of it fits into so many seconds
    python -m benchmarks.reliability.campaign --only config       the parts whose names hold a word

It needs no network and no GPU. Where it is not run by root, or has no chromium, it says which parts were not run. The
same seed makes the same changes; at which moment a kill falls depends on the machine too.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))  # projects, servers and hostile texts of the tests
sys.path.insert(0, str(Path(__file__).parents[2] / "tests" / "store"))  # and their model

from benchmarks.reliability import full_disk, kills, kills_served, mutations, output, servers, trust
from benchmarks.reliability.tally import Tally
from harness import provenance
from harness.files import write_text

TABLE = Path(__file__).with_suffix(".md")

Made = Callable[[Path, random.Random, float], Tally]
"""Takes a folder of its own, a generator and the moment at which to stop."""


@dataclass(frozen=True)
class Section:
    """A part of the campaign, with its share of the time and how often it is to try."""

    name: str
    share: float
    """Of the time that there is."""
    planned: int
    make: Made


def sections() -> list[Section]:
    """All parts, in order."""
    return [
        Section("kill run", 0.12, 160, lambda folder, rng, until: kills.runs(folder, rng, 160, until)),
        Section("kill score", 0.1, 100, lambda folder, rng, until: kills.scores(folder, rng, 100, until)),
        Section("kill facts", 0.04, 120, lambda folder, rng, until: kills.facts(folder, rng, 120, until)),
        Section("kill labels", 0.04, 120, lambda folder, rng, until: kills.labelling(folder, rng, 120, until)),
        Section("kill view", 0.05, 60, lambda folder, rng, until: kills_served.views(folder, rng, 60, until)),
        Section("kill pull", 0.05, 60, lambda folder, rng, until: kills_served.pulls(folder, rng, 60, until)),
        Section("full disk", 0.03, 60, lambda folder, rng, until: full_disk.campaign(folder, rng, 60, until)),
        Section("config random", 0.1, 14_000, lambda folder, rng, until: mutations.configs(folder, rng, 14_000, until)),
        Section(
            "config types", 0.05, 6_000, lambda folder, rng, until: mutations.wrong_types(folder, rng, 6_000, until)
        ),
        Section("files", 0.06, 5_000, lambda folder, rng, until: mutations.files(folder, rng, 5_000, until)),
        Section("servers", 0.06, 60, lambda folder, _, until: servers.campaign(folder, until)),
        Section("strangers' folders", 0.11, 30, lambda folder, _, until: trust.folders(folder, until)),
        Section("strangers' configs", 0.08, 30, lambda folder, _, until: trust.configs(folder, until)),
        Section("second user", 0.02, 100, lambda folder, _, until: trust.another_user(folder, until)),
        Section("terminal", 0.07, 24, lambda folder, _, until: output.terminal(folder, until)),
        Section("browser", 0.02, 20, lambda folder, _, until: output.browser(folder, until)),
    ]


def table(found: Sequence[tuple[Section, Tally]], seconds: float, seed: int) -> str:
    """The page."""
    machine = provenance.machine()
    rows = [
        f"| {row.what} | {part.planned:,} | {row.tried:,} | {row.survived:,} | {row.lost} | {row.doubled} | "
        f"{row.left} | {row.failed} |"
        for part, row in found
    ]
    notes = [f"- {row.what}: {note}" for _, row in found for note in row.notes]
    return (
        "\n".join(
            [
                "# Reliability",
                "",
                f"Made by `python -m benchmarks.reliability.campaign` on {date.today():%Y-%m-%d}, seed {seed},",
                f"in {seconds:,.0f} seconds on {machine['cores']} shared cores of {machine['processor']}.",
                "",
                "| | planned | tried | survived | lost | doubled | left over | failed |",
                "|:---|---:|---:|---:|---:|---:|---:|---:|",
                *rows,
                "",
                "Planned: what is tried where there is time enough. Lost: records that were acknowledged and are",
                "gone, or that a finished run lacks. Left over: files of killed processes. Failed: tracebacks, hangs,",
                "wrong types that were accepted, code of strangers that was run, requests that were sent, bytes that",
                "steer a terminal.",
                "",
                *notes,
            ]
        ).rstrip()
        + "\n"
    )


def main() -> None:
    command = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    command.add_argument("--seconds", type=float, default=3600.0, help="what there is for all of it (default: an hour)")
    command.add_argument("--seed", type=int, default=1)
    command.add_argument("--only", default="", help="only the parts whose names hold this word")
    arguments = command.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # not at once: what is mounted is unmounted first
    started, found = time.monotonic(), list[tuple[Section, Tally]]()
    for section in (section for section in sections() if arguments.only in section.name):
        with TemporaryDirectory(prefix="harness-campaign-") as name:
            os.environ["HARNESS_HOME"] = str(Path(name) / "home")
            os.chdir(name)
            folder = Path(name) / "work"
            folder.mkdir()
            until = time.monotonic() + section.share * arguments.seconds
            rng = random.Random(f"{arguments.seed} {section.name}")  # noqa: S311  # seeded
            try:
                tally = section.make(folder, rng, until)
            except Exception as error:  # noqa: BLE001  # a part that fell over is told, and the others are run
                tally = Tally(section.name, tried=1)
                tally.fail(f"the part itself failed: {type(error).__name__}: {error}")
            os.chdir("/")
        found.append((section, tally))
        sys.stderr.write(
            f"{section.name}: {tally.tried} of {section.planned}, failed {tally.failed}, lost {tally.lost}\n"
        )
    text = table(found, time.monotonic() - started, arguments.seed)
    if not arguments.only:
        write_text(TABLE, text)
    sys.stdout.write(text)
    sys.exit(1 if any(row.survived < row.tried for _, row in found) else 0)


if __name__ == "__main__":
    main()
