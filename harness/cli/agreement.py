"""``harness agreement RUN…``."""

from __future__ import annotations

from pathlib import Path

import click

from harness.cli import outputs
from harness.cli.echo import echo
from harness.cli.options import PATH, trust_option, trusted
from harness.files import show


@click.command()
@click.argument("runs", nargs=-1, required=True, type=PATH, metavar="RUN...")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Seed of the resampling.")
@click.option("-o", "--output", type=PATH, metavar="FILE", help="Write the report to a .md file too.")
@trust_option
def command(runs: tuple[Path, ...], seed: int, output: Path | None, trust: bool) -> None:
    """Say how far people agree with each other and with each verifier: Cohen's kappa and Krippendorff's alpha by kind
    of fact, who said what, which verdicts are in dispute, and what people would find of the whole run.

    Name several runs of the same articles to see their verifiers side by side.
    """
    import numpy as np

    from harness import pipeline
    from harness.cli.console import Console
    from harness.data.labels import faults
    from harness.document import markdown, terminal
    from harness.trust.agreement import estimates_report as estimates
    from harness.trust.agreement import report
    from harness.trust.agreement.agreement import agreement_of
    from harness.trust.labelling.queue import tasks

    if output:
        outputs.checked(output, ("md",))
    trusted(runs, trust)
    results = [pipeline.read(path) for path in runs]
    labels = list({label.id: label for run in results for label in run.labels}.values())
    for problem in dict.fromkeys(problem for run in results for problem in faults(run)):
        echo(f"harness: {problem}", err=True)
    warnings = [warning for run in results if (warning := report.fitted_on_same_labels(run))]
    agreement = agreement_of(tasks(results), labels, np.random.default_rng(seed))
    titles = [f"{estimates.TITLE}: {show(path)}" if len(runs) > 1 else estimates.TITLE for path in runs]
    estimated = [block for run, title in zip(results, titles, strict=True) for block in estimates.blocks(run, title)]
    document = report.document(agreement, warnings, estimated)
    if output:
        outputs.write(output, markdown.render(document))
    terminal.show(document, Console())
