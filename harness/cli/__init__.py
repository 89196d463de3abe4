"""The command line: click commands without logic.

A command's file is imported when the command is called. What takes long to import (numpy, rich, the pipeline) is
imported where it is used, so that ``--help`` and what is wrong with the arguments come at once.
"""

from __future__ import annotations

import codecs
import errno
import importlib
import io
import signal
import sys
import threading
from typing import Any

import click

from harness import __version__
from harness.cli.echo import echo
from harness.errors import HarnessError

# Command → (module that holds it, its line in --help). Listing them here lets --help import nothing else.
COMMANDS = {
    "init": ("harness.cli.init", "Write a starter project: a config, an article, references, facts."),
    "run": ("harness.cli.run", "Generate, verify, score and report, as a config says."),
    "validate": ("harness.cli.validate", "Check a config and show its plan, loading no weights."),
    "score": ("harness.cli.score", "Score a run again after facts or scorers changed."),
    "compare": ("harness.cli.compare", "Set runs, systems, prompts or models side by side."),
    "gate": ("harness.cli.gate", "Hold a run against a baseline: exit code 100 on a regression."),
    "verify": ("harness.cli.verify", "Judge premise and hypothesis pairs from a JSONL file."),
    "meta-eval": ("harness.cli.meta_eval", "Measure a verifier against people's labels."),
    "calibrate": ("harness.cli.calibrate", "Fit a verifier's thresholds on people's labels."),
    "label": ("harness.cli.label", "Judge a run's verdicts yourself, one key a label."),
    "agreement": ("harness.cli.agreement", "Say how far people agree with each other and with a run's verdicts."),
    "selftest": ("harness.cli.selftest", "Write errors into your own data and count which are noticed."),
    "view": ("harness.cli.view", "Show runs, articles and facts in the browser."),
    "ls": ("harness.cli.ls", "List the runs in results/."),
    "articles": ("harness.cli.articles", "Import, check and count articles."),
    "facts": ("harness.cli.facts", "List, show, suggest, add, edit, remove and lint facts."),
    "models": ("harness.cli.models", "List, fetch and verify the packaged models."),
    "schema": ("harness.cli.schema", "Write the JSON Schemas of the YAML files."),
    "doctor": ("harness.cli.doctor", "Check this machine, or whether a run is whole."),
}


class Commands(click.Group):
    """A group whose commands are imported when they are called, and whose errors are instructions."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(COMMANDS[cmd_name][0]).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        _end_like_ctrl_c()
        _show_what_can_be_shown()
        try:
            return super().invoke(ctx)
        except HarnessError as error:
            echo(f"harness: {error}", err=True)
            sys.exit(error.exit_code)
        except click.exceptions.NoArgsIsHelpError as error:
            echo(error.format_message(), err=True)
            sys.exit(error.exit_code)
        except click.ClickException as error:
            echo(f"harness: {error.format_message()}", err=True)
            sys.exit(error.exit_code)
        except OSError as error:
            if error.errno == errno.EPIPE:  # whoever reads has enough
                raise
            where = f"{error.filename}: " if error.filename else ""
            echo(f"harness: {where}{error.strerror or error}; check the file, its folder and the disk", err=True)
            sys.exit(1)


def _end_like_ctrl_c() -> None:
    """Let SIGTERM end a command as Ctrl-C does: what was made is kept, judged and reported."""
    if threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGTERM) == signal.SIG_DFL:
        signal.signal(signal.SIGTERM, signal.default_int_handler)


def _show_what_can_be_shown() -> None:
    """Write signs that an output's encoding lacks as escapes: no arrow is worth a report."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and codecs.lookup(stream.encoding).name != "utf-8":
            stream.reconfigure(errors="backslashreplace")


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="harness")
def main() -> None:
    """Which summariser leaves out or invents facts, with the evidence.

    \b
    harness run configs/base.yaml      run the default config on the article
    harness facts add ARTICLE          add a fact to check
    harness score results/base         score the stored summaries again

    Exit code 0: done; 1: something failed; 2: change the command or its input. gate also has 100: a regression.
    """
