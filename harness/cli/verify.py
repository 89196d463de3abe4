"""``harness verify IN.jsonl -o OUT.jsonl``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import IO, cast

import click

from harness.cli.options import judging, quiet_option
from harness.errors import UsageError
from harness.files import as_text, read_text


@click.command()
@click.argument("source", metavar="IN", type=click.Path(path_type=Path, allow_dash=True))
@click.option("-o", "--output", type=click.Path(allow_dash=True), default="-", help="File to write; - for stdout.")
@judging
@quiet_option
def command(source: Path, output: str, kind: str, options: tuple[str, ...], quiet: bool) -> None:
    """Judge each hypothesis of IN (JSONL; - for stdin) against its premise.

    \b
    reads   {"id", "premise", "hypothesis", "accepted": [], "contrasts": [], "date"}, or "hypotheses": [...]
    writes  {"id", "hypothesis", "label", "probabilities", "evidence", "verifier", "reason"?, "differences",
             "abstained"} for each, in order

    The label is supported, contradicted, absent or uncertain. All of IN is checked, and its first batch is judged,
    before the output is touched; then each line is written as it is made.
    """
    from harness import config, progress
    from harness.data.pairs import unlabelled as pairs
    from harness.stages.verify import verify_pairs

    progress.quiet = quiet
    verifier = config.load_verifier(kind, options)
    hypotheses = pairs.read(_text(source), Path("stdin") if str(source) == "-" else source)
    if output != "-" and source.exists() and Path(output).exists() and source.samefile(output):
        raise UsageError(f"{output} is the input too; choose another file with -o")
    judged = verify_pairs(hypotheses, verifier)
    first = list(islice(judged, 1))  # a verifier that cannot judge leaves the output as it is
    with _writing(output):
        stream = cast(IO[str], click.open_file(output, "w", encoding="utf-8"))
    try:
        for line in chain(first, judged):
            with _writing(output):
                stream.write(f"{line}\n")
                stream.flush()
    finally:
        with _writing(output):
            stream.close()


def _text(source: Path) -> str:

    return as_text(sys.stdin.buffer.read(), "stdin") if str(source) == "-" else read_text(source)


@contextmanager
def _writing(output: str) -> Iterator[None]:

    try:
        yield
    except BrokenPipeError:  # the reader of a pipe has seen enough
        raise
    except OSError as error:
        raise UsageError(f"{output} cannot be written: {error.strerror}; choose another file with -o") from None
