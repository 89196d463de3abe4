"""The option that benchmarks share: where the labelled data lies."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def parser(description: str | None) -> argparse.ArgumentParser:
    """A parser with ``--data``: the folder that HARNESS_LABELLED_DATA names, else ``labelled-data``."""
    made = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = os.environ.get("HARNESS_LABELLED_DATA", str(ROOT / "labelled-data"))
    made.add_argument("--data", type=_folder, default=default, help="folder of the labelled data")
    return made


def _folder(text: str) -> Path:
    folder = Path(text)
    if not folder.is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder {text}; name that of the labelled data")
    return folder
