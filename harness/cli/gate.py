"""``harness gate RUN --against BASELINE``."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from harness.cli import outputs
from harness.cli.options import PATH, trust_option, trusted

REGRESSION = 100
"""Exit code of a gate that closes."""


@click.command()
@click.argument("run", type=PATH)
@click.option("--against", "baseline", required=True, type=PATH, metavar="RUN", help="The baseline.")
@click.option("--rules", type=PATH, metavar="FILE", help="Rules in YAML, as configs/gate.yaml (default: built in).")
@click.option("--only", multiple=True, metavar="SYSTEM", help="Only this system; as often as needed.")
@click.option("--allow-different", is_flag=True, help="Go on even if the two were measured differently.")
@click.option("--junit", type=PATH, metavar="FILE", help="Write JUnit XML.")
@click.option("--markdown", type=PATH, metavar="FILE", help="Write a summary in Markdown.")
@trust_option
def command(
    run: Path, baseline: Path, rules: Path | None, only: tuple[str, ...], allow_different: bool, junit: Path | None,
    markdown: Path | None, trust: bool,
) -> None:  # fmt: skip  # one signature
    """Hold RUN against a baseline: no essential fact is dropped, no metric is worse by more than a margin, and so on.

    Exit code 0: every rule is held; 100: one is broken, or these articles cannot decide it; 2: the two cannot be
    compared, or the rules are wrong.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # small matrices; set before numpy is imported, which is below

    from harness.cli.console import Console
    from harness.compare import stored
    from harness.compare.gate import gate
    from harness.compare.gate import rules as ruling
    from harness.compare.gate.report import document
    from harness.compare.gate.report import junit as junit_xml
    from harness.document import markdown as markdown_text
    from harness.document import terminal

    trusted([run, baseline], trust)
    for path in filter(None, (junit, markdown)):
        outputs.checked(path, ())
    all_rules = ruling.load(rules)
    candidate, reference = stored.open_all([run, baseline])
    outcome = gate.gate(candidate, reference, all_rules.only(only), allow_different)
    if junit:
        outputs.write(junit, junit_xml(outcome))
    if markdown:
        outputs.write(markdown, markdown_text.render(document(outcome, every_check=True), level=3))
    terminal.show(document(outcome, every_check=False), Console())
    sys.exit(0 if outcome.passed else REGRESSION)
