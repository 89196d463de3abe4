"""What a config comes to, before it is run: systems × articles, calls, estimated work."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from harness.config.plan import Plan
from harness.document import format as fmt
from harness.document.plain import plain
from harness.files import show as shown
from harness.records import System
from harness.text import sentences, words

TOKENS_PER_WORD = 1.35
"""Of English news under the byte-pair vocabularies of today's models; an estimate for a plan, never a score."""


def show(plan: Plan, console: Console) -> None:
    """A row a system, then the totals."""
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
    _say(
        console,
        f"{fmt.plural(len(plan.systems), 'system')} × {fmt.plural(len(plan.items), 'article')} = "
        f"{fmt.plural(sum(summaries.values()), 'summary')}; {fmt.plural(facts, 'fact')}, so about "
        f"{fmt.plural(round(facts * per_article), 'verdict')} on facts, and one on each sentence of a summary",
    )
    scorers = ", ".join(scorer.name for scorer in config.scorers)
    _say(
        console,
        f"verifier {config.verifier.kind()} · scorers {scorers} · seed {config.seed} · output {shown(config.output)}",
    )
    for item in plan.items[:20]:
        article = item.article
        _say(
            console,
            f"{article.id}: {fmt.plural(len(words(article.text)), 'word')}, "
            f"{fmt.plural(len(sentences(article.text, article.language)), 'sentence')}, "
            f"{fmt.plural(len(item.references), 'reference')}, {fmt.plural(len(item.facts), 'fact')}",
            indent=2,
        )
    if len(plan.items) > 20:
        _say(console, f"… and {len(plan.items) - 20:,} more", indent=2)


def _say(console: Console, text: str, indent: int = 0) -> None:
    """A line in which names from outside are shown and never obeyed."""
    console.print(Text(" " * indent + plain(text)))


def _work(plan: Plan, system: System) -> tuple[str, str, str]:
    """Calls of its model, and tokens that they read and write, as far as that is known before."""
    model = plan.config.models[system.model]
    calls = summaries = words_read = 0
    for item in plan.items:
        samples = model.samples_for(item, system.variant)
        summaries += samples
        calls += samples * model.calls(item)
        words_read += samples * sum(len(words(message.content)) for message in plan.messages(system, item))
    # What a strategy has its model read depends on what that wrote before.
    read = f"{words_read * TOKENS_PER_WORD:,.0f}" if system.prompt is not None and calls == summaries else "–"
    limit = getattr(model, "max_new_tokens", None)
    return f"{calls:,}", read, f"{calls * limit:,}" if limit and system.prompt is not None else "–"
