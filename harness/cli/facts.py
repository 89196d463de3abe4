"""``harness facts``: list, show, suggest, add, edit, remove and lint facts."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import click

from harness.cli.echo import echo, echo_json, next_steps
from harness.cli.options import IMPORTANCES, KINDS, PATH, FactOptions, fact_options, together
from harness.document.plain import plain, visible
from harness.errors import UsageError

if TYPE_CHECKING:
    from harness.data.articles import Folder
    from harness.data.facts import FactEntry
    from harness.data.issues import Issue
    from harness.suggest import Suggestion
    from harness.suggest.edits import Edit


@click.group()
def command() -> None:
    """List, show, suggest, add, edit, remove and lint the facts of an article.

    ARTICLE is the name of a folder in references/, or the path of an article's folder. Its facts are in facts.yaml;
    an edit from here leaves every other line of it, comments too, as it is.
    """


under_references = click.option(
    "--references", type=PATH, default="references", show_default=True,
    help="Folder that the articles are in.",
)  # fmt: skip  # one option
of_article = together(click.argument("article"), under_references)


@command.command("list")
@of_article
@click.option("--importance", type=IMPORTANCES, multiple=True, help="Only facts of this importance.")
@click.option("--kind", type=KINDS, multiple=True, help="Only facts of this kind.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON, with all that is known of each fact.")
def list_(article: str, references: Path, importance: tuple[str, ...], kind: tuple[str, ...], as_json: bool) -> None:
    """List the facts of ARTICLE."""
    from harness.cli import facts_tables
    from harness.cli.console import Console
    from harness.data import articles

    folder = articles.find(article, references)
    folder.require_article()
    facts = [
        fact
        for fact in folder.facts.facts
        if (not importance or fact.importance in importance) and (not kind or fact.kind in kind)
    ]
    if as_json:
        echo_json(facts_tables.as_json(folder, facts))
    else:
        facts_tables.show_list(facts, Console())
    folder.facts.require()


@command.command()
@of_article
@click.argument("fact")
def show(article: str, references: Path, fact: str) -> None:
    """Show a FACT of ARTICLE, its evidence marked in its sentence."""
    from harness.cli import facts_tables
    from harness.cli.console import Console
    from harness.data import articles

    folder = articles.find(article, references)
    folder.require_article()
    facts_tables.show_fact(folder, folder.facts.fact(fact), Console())


@command.command(short_help="Suggest facts, or false versions of one.")
@of_article
@click.argument("fact", required=False)
@click.option("-n", "--limit", type=click.IntRange(1), default=10, show_default=True, help="At most so many.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON, with all that is known of each suggestion.")
def suggest(article: str, references: Path, fact: str | None, limit: int, as_json: bool) -> None:
    """Suggest facts of ARTICLE: what it and its references say and no fact states yet, the most new content first.

    With a FACT, suggest false versions of it instead. Nothing is written; take what is right with add and edit.
    """
    import numpy as np
    from rich.console import Group

    from harness import config
    from harness import suggest as suggesting
    from harness.cli import facts_tables
    from harness.cli.console import Console
    from harness.data import articles
    from harness.records import Item

    folder = articles.find(article, references)
    item = Item(folder.require_article(), folder.references, folder.facts.require())
    suggested: Sequence[Suggestion | Edit]
    if fact is None:
        suggested = statements = suggesting.suggested_facts(item, config.load_verifier("lexical").verify, limit)
        shown = facts_tables.suggested_facts(folder, statements)
    else:
        of = folder.facts.fact(fact)
        rng = np.random.default_rng(0)
        suggested = versions = suggesting.suggested_versions(of, item.article, item.facts, rng, limit)
        shown = facts_tables.suggested_versions(of, versions)
    if as_json:
        echo_json(json.dumps([asdict(each) for each in suggested], ensure_ascii=False, indent=2))
    else:
        Console().print(Group(*shown))


@command.command(short_help="Add a fact, by options or by asking.")
@of_article
@fact_options
def add(article: str, references: Path, **options: Unpack[FactOptions]) -> None:
    """Add a fact to ARTICLE; in a terminal, what the options leave out is asked for."""
    from harness.cli import facts_ask
    from harness.data import articles
    from harness.data.facts import edit as facts_edit

    folder = articles.find(article, references)
    entry = facts_ask.entry(folder, options, asks=_in_terminal())
    facts_edit.add(folder.facts_path, [entry], folder.require_article())
    _done(folder, article, references, f"added {entry.id} to {folder.facts.file}")


@command.command(short_help="Edit a fact, by options or in your editor.")
@of_article
@click.argument("fact")
@fact_options
def edit(article: str, references: Path, fact: str, **options: Unpack[FactOptions]) -> None:
    """Edit a FACT of ARTICLE: by the options of add, or without any in your editor.

    \b
    --importance detail          another value
    --accepted A --accepted B    another list, an item each
    --evidence ""                takes the key away
    """
    from harness.cli import facts_ask
    from harness.data import articles
    from harness.data.facts import edit as facts_edit

    folder = articles.find(article, references)
    gone = ""
    if changes := facts_ask.changes(folder, options, asks=_in_terminal()):
        gone = _gone(facts_edit.opened(folder.facts_path, fact).entry, changes)
        facts_edit.edit(folder.facts_path, fact, {**changes, "unreviewed": None}, folder.require_article())
    elif not facts_ask.edited(folder, fact, asks=_in_terminal()):
        echo("nothing was changed")
        return
    _done(folder, article, references, f"changed {fact} in {folder.facts.file}{gone}")


def _gone(entry: FactEntry, changes: Mapping[str, object]) -> str:
    """Which items of its lists a fact loses, as a list is replaced whole; empty where it loses none."""
    lists = {key: value if isinstance(value, list) else [] for key, value in changes.items()}
    lost = [
        text
        for key in ("accepted", "contradictions")
        if key in lists
        for text in getattr(entry, key)
        if text not in lists[key]
    ]
    return f"; no longer there: {'; '.join(lost)}" if lost else ""


@command.command()
@of_article
@click.argument("facts", nargs=-1, required=True, metavar="FACT...")
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
def rm(article: str, references: Path, facts: tuple[str, ...], yes: bool) -> None:
    """Remove facts from ARTICLE."""
    from harness.data import articles
    from harness.data.facts import edit as facts_edit

    folder, facts = articles.find(article, references), tuple(dict.fromkeys(facts))
    written = [facts_edit.source(folder.facts_path, fact) for fact in facts]
    if not yes:
        if not _in_terminal():
            raise UsageError("without a terminal nobody can be asked; add --yes to remove facts")
        echo(visible("\n".join(written)), err=True)
        click.confirm(
            f"Remove {'this fact' if len(facts) == 1 else f'these {len(facts)} facts'}?", abort=True, err=True
        )
    facts_edit.remove(folder.facts_path, facts)
    _done(folder, article, references, f"removed {', '.join(facts)} from {folder.facts.file}")


@command.command(short_help="Find weak spots in the facts.")
@click.argument("names", nargs=-1, metavar="[ARTICLE]...")
@under_references
@click.option("--strict", is_flag=True, help="Fail on warnings too.")
def lint(names: tuple[str, ...], references: Path, strict: bool) -> None:
    """Find weak spots in the facts of each ARTICLE (default: of all). Exit code 1 where there is an error.

    Evidence that is not in the article, contradictions that the article supports, accepted wordings that it
    contradicts, near-duplicates, missing wordings, facts that no reference covers, paragraphs with no fact.
    """
    from harness import config
    from harness.cli.console import Console
    from harness.cli.issues import exit_code, show_issues
    from harness.data import articles
    from harness.data.facts import lint as fact_lint

    verify = config.load_verifier("lexical").verify
    wanted = [articles.find(name, references) for name in names]
    every: list[Issue] = []
    for folder in wanted or map(articles.read_folder, articles.folders(references)):
        issues = fact_lint.lint(folder, verify)
        show_issues(issues, f"{plain(folder.facts.file)}: {len(folder.facts.facts)} facts", Console())
        every += issues
    sys.exit(exit_code(every, strict))


def _in_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _done(folder: Folder, article: str, references: Path, what: str) -> None:
    """Say what was done, and what to run next: to score the runs that have the article, or to make one."""
    from harness.data.runs import results

    option = [] if references == Path("references") else ["--references", str(references)]
    runs = results.with_article(results.runs(Path("results")), folder.path)
    rescore = ["harness", "score", str(runs[0].path)] if runs else ["harness", "run", "configs/base.yaml"]
    note = ""
    if len(runs) > 1:
        rescore, note = ["harness", "score", "--stale"], f"    # all {len(runs)} runs that have this article"
    echo(f"{what}\n{next_steps(['harness', 'facts', 'lint', article, *option], rescore)}{note}")
