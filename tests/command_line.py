"""The command line in this process, so that what its commands import is imported once for all tests.

What a process alone can show (what is imported at start, keys typed into a terminal) is tested in one.
"""

from __future__ import annotations

from click.testing import CliRunner, Result

from harness.cli import main


def harness(*arguments: object, given: str | None = None) -> Result:
    """What ``harness ARGUMENTS`` answers to ``given`` on stdin, 120 columns wide; a crash of it is raised."""
    runner = CliRunner(env={"COLUMNS": "120", "HARNESS_ANNOTATOR": ""})
    words = [str(argument) for argument in arguments]
    return runner.invoke(main, words, given, catch_exceptions=False, prog_name="harness")
