"""The command line, run in this process: imports happen once for all tests, except those of start-up and of keys."""

from __future__ import annotations

import subprocess
import sys

from click.testing import CliRunner, Result

from harness.cli import main


def harness(*arguments: object, given: str | None = None) -> Result:
    """Run ``harness ARGUMENTS`` with ``given`` on stdin, 120 columns wide; exceptions propagate."""
    runner = CliRunner(env={"COLUMNS": "120", "HARNESS_ANNOTATOR": ""})
    words = [str(argument) for argument in arguments]
    return runner.invoke(main, words, given, catch_exceptions=False, prog_name="harness")


def harness_lexical(*arguments: object, given: str | None = None) -> Result:
    """Run a command with the verifier that needs no model, unless the arguments name one."""
    named = () if "--verifier" in arguments else ("--verifier", "lexical")
    return harness(*arguments, *named, given=given)


def list_imports(*words: str) -> tuple[str, set[str]]:
    """Run ``harness WORDS`` in a new process; return its output, and the modules that it imports."""
    script = (
        "import sys, runpy\n"
        f"sys.argv = ['harness', *{words!r}]\n"
        "try: runpy.run_module('harness', run_name='__main__')\n"
        "except SystemExit: pass\n"
        "print(*sys.modules, file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=300, check=True)
    return done.stdout, set(done.stderr.split())
