"""Where the time of a run goes: a sampling profile of configs/base.yaml, by stage and by package.

    python benchmarks/speed/run_profile.py [--config configs/base.yaml] [--every 5]

Writes ``run_profile.md`` beside it, and ``profile.folded`` into a temporary folder: stacks that a flame graph is drawn
from (``flamegraph.pl profile.folded > profile.svg``, or drop it on speedscope). The run has a fresh folder and cache.

Protocol. A thread looks at the main thread's stack every few milliseconds and notes the innermost frame that belongs to
the harness, and whether another package is at work below it. What is below is that package's time; what is not, the
harness's own, arithmetic on tensors that it asks torch for by name among it.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from benchmarks.speed.contest import where
from harness import config, pipeline
from harness.files import write_text
from harness.weights import store

ROOT = Path(__file__).resolve().parents[2]
TABLE = Path(__file__).with_name("run_profile.md")
PACKAGE = str(ROOT / "harness") + os.sep
STAGES = {
    "stages/generate.py": "generate",
    "stages/verify.py": "verify",
    "stages/score.py": "score",
    "reports": "report",
}
OWN = "harness"


@dataclass
class Profile:
    """Samples by stage and package, by function of ours, and whole stacks."""

    packages: Counter[tuple[str, str]] = field(default_factory=Counter)
    functions: Counter[str] = field(default_factory=Counter)
    stacks: Counter[str] = field(default_factory=Counter)

    def add(self, frames: Sequence[tuple[str, str]]) -> None:
        """One look: (file, function) of each frame, the outermost first."""
        ours = [number for number, (file, _) in enumerate(frames) if file.startswith(PACKAGE)]
        if not ours:
            return
        stage = next(
            (name for file, _ in frames for part, name in STAGES.items() if file.startswith(PACKAGE + part)), "other"
        )
        below = next((found for file, _ in frames[ours[-1] + 1 :] if (found := _package(file))), OWN)
        self.packages[stage, below] += 1
        if below == OWN:
            file, function = frames[ours[-1]]
            self.functions[f"{file.removeprefix(PACKAGE)}: {function}"] += 1
        self.stacks[";".join(f"{_short(file)}:{function}" for file, function in frames)] += 1


@contextmanager
def sampled(every: float) -> Iterator[Profile]:
    """A profile of the calling thread, filled while the body runs."""
    profile, over, main = Profile(), threading.Event(), threading.get_ident()

    def look() -> None:
        while not over.wait(every):
            frame = sys._current_frames().get(main)
            profile.add(list(_stack(frame))[::-1])

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield profile
    finally:
        over.set()
        watcher.join()


def _stack(frame: FrameType | None) -> Iterator[tuple[str, str]]:
    while frame is not None:
        yield frame.f_code.co_filename, frame.f_code.co_name
        frame = frame.f_back


def _package(file: str) -> str:
    """The installed package that a file belongs to; empty for the standard library."""
    _, found, rest = file.partition(f"site-packages{os.sep}")
    return rest.partition(os.sep)[0].removesuffix(".py") if found else ""


def _short(file: str) -> str:
    return file.removeprefix(str(ROOT) + os.sep).rpartition(f"site-packages{os.sep}")[2]


def table(profile: Profile, seconds: float, name: str) -> str:
    total = sum(profile.packages.values())
    share = {key: 100 * count / total for key, count in profile.packages.items()}
    stages = sorted(
        {stage for stage, _ in share}, key=lambda stage: -sum(v for (s, _), v in share.items() if s == stage)
    )
    rows = []
    for stage in stages:
        found = sorted(((value, package) for (of, package), value in share.items() if of == stage), reverse=True)
        shown = ", ".join(f"{package} {value:.1f}" for value, package in found if value >= 0.5)
        rows.append(f"| {stage} | {sum(value for value, _ in found):.1f} | {shown} |")
    generating = {package: value for (stage, package), value in share.items() if stage == "generate"}
    own = 100 * generating.get(OWN, 0.0) / sum(generating.values())
    functions = "\n".join(
        f"| {function} | {100 * count / total:.2f} |" for function, count in profile.functions.most_common(12)
    )
    return f"""# Where the time of a run goes

`{name}`, {seconds:.0f} s, a fresh folder and a fresh cache, one thread, {total:,} looks at the stack. Per cent of the
wall time.

| stage | % | of which, by package |
|---|---|---|
{chr(10).join(rows)}

Of generating, the harness's own share is **{own:.1f} %** (target < 3 %): {OWN} in the row of generate.

Where the harness's own time goes, in all stages:

| function | % of the run |
|---|---|
{functions}

{where("torch", "transformers")} Made by `python benchmarks/speed/run_profile.py`.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--config", type=Path, default=ROOT / "configs" / "base.yaml")
    parser.add_argument("--every", type=float, default=5.0, help="milliseconds between two looks")
    parser.add_argument("--set", action="append", default=[], dest="overrides", help="key=value, as of harness run")
    arguments = parser.parse_args()
    models = store.home() / "models"
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "home").mkdir()
        (Path(folder) / "home" / "models").symlink_to(models)
        os.environ["HARNESS_HOME"] = str(Path(folder) / "home")
        loaded = config.load(arguments.config, [*arguments.overrides, f"output={folder}/run"])
        started = time.monotonic()
        with sampled(arguments.every / 1000) as profile:
            pipeline.run(loaded)
        seconds = time.monotonic() - started
    stacks = Path(tempfile.mkdtemp()) / "profile.folded"
    write_text(stacks, "".join(f"{stack} {count}\n" for stack, count in profile.stacks.items()))
    shown = table(profile, seconds, f"harness run {arguments.config.name}")
    write_text(TABLE, shown)
    sys.stdout.write(f"{shown}\nstacks: {stacks}\n")


if __name__ == "__main__":
    main()
