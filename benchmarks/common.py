"""Helpers for the benchmarks: command-line options, a description of the machine, and writing pages."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from harness import manifest
from harness.files import write_text
from harness.seams import DEFAULT_VERIFIER

ROOT = Path(__file__).resolve().parent.parent


def make_parser(description: str | None) -> argparse.ArgumentParser:
    """Make a parser with ``--data``: by default the folder HARNESS_LABELLED_DATA, else ``labelled-data``."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = os.environ.get("HARNESS_LABELLED_DATA", str(ROOT / "labelled-data"))
    parser.add_argument("--data", type=_require_folder, default=default, help="folder of the labelled data")
    return parser


def add_verifier(command: argparse.ArgumentParser) -> None:
    """Add ``--verifier KIND`` and ``--set OPTION=VALUE``, which is stored in ``options``."""
    command.add_argument("--verifier", default=DEFAULT_VERIFIER, help="a kind, or a YAML file as for harness meta-eval")
    command.add_argument("--set", action="append", default=[], dest="options", metavar="OPTION=VALUE")


def require_file(command: argparse.ArgumentParser, folder: Path, name: str) -> None:
    if not (folder / name).is_file():
        command.error(f"{folder} has no {name}; pass the folder of the labelled data with --data")


def describe_machine() -> str:
    machine = manifest.describe_machine()
    return f"{machine['cores']} cores of {machine['processor']} ({machine['system']})"


def write_json(file: Path, content: Mapping[str, object]) -> None:
    file.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def publish(page: str, path: Path) -> None:
    """Write a page to a file, and print it."""
    write_text(path, page)
    sys.stdout.write(page)


def _require_folder(text: str) -> Path:
    folder = Path(text)
    if not folder.is_dir():
        raise argparse.ArgumentTypeError(f"no such folder: {text}; pass the folder of the labelled data")
    return folder
