"""``harness compare`` and ``harness gate``: runs side by side, and a run against its baseline."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from harness.cli.options import PATH, seed_option, trust_option
from harness.cli.output import check_output, print_document, warn_of_stale_runs, write_output, write_outputs

DIFFERENT = "Compare only what the runs share, even if they were measured differently."


@click.command()
@click.argument("runs", nargs=-1, required=True, metavar="RUN...", type=PATH)
@click.option(
    "--by", type=click.Choice(["run", "system", "prompt", "model"]),
    help="What to compare (default: runs, or systems if you name one run).",
)  # fmt: skip  # more compact
@click.option("--metric", "metrics", multiple=True, metavar="NAME", help="Only this metric (repeatable).")
@click.option(
    "--against", metavar="NAME",
    help="The reference run, system, prompt or model (default: the first run, or the best system, prompt or model).",
)  # fmt: skip  # more compact
@click.option("--allow-different", is_flag=True, help=DIFFERENT)
@seed_option
@click.option("-o", "--output", multiple=True, type=PATH, help="Write a .md, .html or .json file instead (repeatable).")
@trust_option("runs")
def compare(runs: tuple[Path, ...], output: tuple[Path, ...], **options: Any) -> None:
    """Compare runs, systems, prompts or models: best first, with the significant differences.

    harness compares several runs with the first, system by system, unless you set --by. Their articles, facts, verifier
    and scorers must be the same; if not, harness names the differences and exits with code 2.

    \b
    harness compare results/base results/short
    harness compare results/base --by prompt -o prompts.html
    """
    from harness.compare import comparison, report, stored
    from harness.compare.comparison import ComparisonOptions
    from harness.compare.report.document import document
    from harness.document.blocks import TERMINAL

    for path in output:
        check_output(path, ("md", "html", "json"))
    options["by"] = options["by"] or ("run" if len(runs) > 1 else "system")
    compared = comparison.compare(stored.open_all(runs), ComparisonOptions(**options))
    warn_of_stale_runs(runs)
    if output:
        write_outputs({path: report.render(compared, path.suffix.lower()[1:]) for path in output})
    else:
        print_document(document(compared, TERMINAL))


@click.command()
@click.argument("run", type=PATH)
@click.option("--against", "baseline", required=True, type=PATH, metavar="RUN", help="The baseline.")
@click.option("--rules", type=PATH, metavar="FILE", help="Rules in YAML, like configs/gate.yaml (default: built-in).")
@click.option("--only", multiple=True, metavar="SYSTEM", help="Only this system (repeatable).")
@click.option("--allow-different", is_flag=True, help=DIFFERENT)
@click.option("--junit", type=PATH, metavar="FILE", help="Write the checks to FILE as JUnit XML.")
@click.option("--markdown", type=PATH, metavar="FILE", help="Write the checks to FILE as Markdown.")
@trust_option("run", "baseline")
def gate(  # noqa: PLR0913  # one parameter per option
    run: Path, baseline: Path, rules: Path | None, only: tuple[str, ...], allow_different: bool, junit: Path | None,
    markdown: Path | None,
) -> None:  # fmt: skip  # one signature
    """Check RUN against a baseline, using rules such as: no essential fact is dropped, and no metric gets worse by more
    than its margin.

    Exit code 0: RUN passes every rule; 100: RUN breaks a rule, or has too few articles to decide; 2: the two runs
    cannot be compared, or the rules are invalid.
    """
    from harness.compare import gate as gates
    from harness.compare import stored
    from harness.compare.gate import report
    from harness.compare.gate.rules import load
    from harness.document import markdown as markdown_text

    for path in filter(None, (junit, markdown)):
        check_output(path)
    all_rules = load(rules)
    candidate, reference = stored.open_all([run, baseline])
    outcome = gates.gate(candidate, reference, all_rules.only(only), allow_different)
    warn_of_stale_runs([run, baseline])
    if junit:
        write_output(junit, report.junit(outcome))
    if markdown:
        write_output(markdown, markdown_text.render(report.document(outcome, every_check=True), level=3))
    print_document(report.document(outcome, every_check=False))
    sys.exit(0 if outcome.passed else 100)
