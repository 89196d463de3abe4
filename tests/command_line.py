"""The command line run in this process, so that imports happen once for all tests.

Tests of start-up imports and of terminal keys use a process of their own.
"""

from __future__ import annotations

from click.testing import CliRunner, Result

from harness.cli import main


def harness(*arguments: object, given: str | None = None) -> Result:
    """Run ``harness ARGUMENTS`` with ``given`` on stdin, 120 columns wide; exceptions propagate."""
    runner = CliRunner(env={"COLUMNS": "120", "HARNESS_ANNOTATOR": ""})
    words = [str(argument) for argument in arguments]
    return runner.invoke(main, words, given, catch_exceptions=False, prog_name="harness")
