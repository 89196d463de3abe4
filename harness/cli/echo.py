"""What a command prints: text from outside never steers the terminal that it is shown on."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

import click

from harness.document.plain import visible, visible_json
from harness.errors import hide_keys


def echo(message: object = "", *, err: bool = False, nl: bool = True) -> None:
    """Print a line with every control character written out, and without what looks like a key."""
    click.echo(shown(str(message)), err=err, nl=nl)


def echo_json(text: str) -> None:
    """Print JSON that stays JSON, whatever control characters its texts hold, and without what looks like a key."""
    click.echo(hide_keys(visible_json(text.removesuffix("\n"))))


def next_steps(*commands: Sequence[str]) -> str:
    """``next:``, and below it the commands as they can be typed, each given by its words."""
    return "\n".join(["next:", *(f"  {shlex.join(words)}" for words in commands)])


def shown(text: str) -> str:
    """A text as a terminal may get it."""
    return hide_keys(visible(text))
