"""``harness validate CONFIG``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from harness.cli.echo import echo
from harness.cli.options import PATH, all_overrides, narrowing, set_option
from harness.document import format as fmt
from harness.document.plain import plain
from harness.files import show as shown

if TYPE_CHECKING:
    from rich.console import Console

    from harness.config import RunConfig
    from harness.config.plan import Plan
    from harness.records import System

TOKENS_PER_WORD = 1.35
"""Tokens a word of English news under the byte-pair vocabularies of today's models: for a plan, never for a score."""


@click.command()
@click.argument("config", type=PATH)
@set_option
@narrowing
def command(
    config: Path, overrides: tuple[str, ...], limit: int | None, only: tuple[str, ...], seed: int | None,
    output: str | None,
) -> None:  # fmt: skip  # one signature
    """Check CONFIG and all that it names, and show the plan. No weights are loaded, and no code but harness's own."""
    from harness import config as configs
    from harness import pipeline
    from harness.cli.console import Console
    from harness.stages.language_notices import LanguageNotices

    narrowed = all_overrides(overrides, limit=limit, only=only, seed=seed, output=output)
    checked = configs.load(config, narrowed, imports=False)
    planned = pipeline.plan(checked)
    show_plan(planned, Console())
    languages = LanguageNotices(checked.verifier)
    for item in planned.items:
        languages.see(item.article)
    for warning in (*configs.list_warnings(checked), *_unseen(checked), *_gaps(planned), *languages.lines()):
        echo(f"warning: {warning}", err=True)


def _gaps(plan: Plan) -> Iterator[str]:
    """What is known to be amiss with summaries before they are asked for."""
    for model in dict.fromkeys(system.model for system in plan.systems):
        yield from (f"{model}: {gap}" for gap in plan.config.models[model].gaps(plan.items.ids))


def _unseen(config: RunConfig) -> Iterator[str]:
    """The plugins whose options were not checked."""
    kinds = {plugin.kind() for plugin in (*config.models.values(), config.verifier, *config.scorers)}
    yield from (f"{kind} is not imported here; its options are checked when it runs" for kind in kinds if ":" in kind)


def show_plan(plan: Plan, console: Console) -> None:
    """What a config comes to before it is run, a row a system and then the totals: calls, and estimated work."""
    from rich.table import Table
    from rich.text import Text

    from harness.text import sentences, words

    def say(text: str, indent: int = 0) -> None:
        """A line in which names from outside are shown and never obeyed."""
        console.print(Text(" " * indent + plain(text)))

    config = plan.config
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("system", "kind", "≤ calls", "≈ prompt tokens", "≤ new tokens"):
        table.add_column(heading, justify="left" if heading in ("system", "kind") else "right", overflow="fold")
    summaries = {system.name: sum(1 for _ in plan.places(system, plan.items)) for system in plan.systems}
    for system in plan.systems:
        table.add_row(Text(plain(system.name)), Text(plain(system.kind)), *_work(plan, system))
    console.print(table)
    facts = sum(len(item.facts) for item in plan.items)
    per_article = sum(summaries.values()) / max(1, len(plan.items))
    console.print()
    say(
        f"{fmt.plural(len(plan.systems), 'system')} × {fmt.plural(len(plan.items), 'article')} = "
        f"{fmt.plural(sum(summaries.values()), 'summary')}; {fmt.plural(facts, 'fact')}, so about "
        f"{fmt.plural(round(facts * per_article), 'verdict')} on facts, and one on each sentence of a summary"
    )
    scorers = ", ".join(scorer.name for scorer in config.scorers)
    say(f"verifier {config.verifier.kind()} · scorers {scorers} · seed {config.seed} · output {shown(config.output)}")
    for item in plan.items[:20]:
        article = item.article
        say(
            f"{article.id}: {fmt.plural(len(words(article.text)), 'word')}, "
            f"{fmt.plural(len(sentences(article.text, article.language)), 'sentence')}, "
            f"{fmt.plural(len(item.references), 'reference')}, {fmt.plural(len(item.facts), 'fact')}",
            indent=2,
        )
    if len(plan.items) > 20:
        say(f"… and {len(plan.items) - 20:,} more", indent=2)


def _work(plan: Plan, system: System) -> tuple[str, str, str]:
    """The calls to a system's model, and the estimated prompt tokens and maximum new tokens."""
    from harness.text import words

    model = plan.config.models[system.model]
    summaries = words_read = 0
    for item in plan.items:
        samples = model.samples_for(item, system.variant)
        summaries += samples
        words_read += samples * sum(len(words(message.content)) for message in plan.messages(system, item))
    read = f"{words_read * TOKENS_PER_WORD:,.0f}" if system.prompt is not None else "–"
    limit = getattr(model, "max_new_tokens", None)
    return f"{summaries:,}", read, f"{summaries * limit:,}" if limit and system.prompt is not None else "–"
