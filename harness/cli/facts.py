"""``harness facts``: list, suggest, add and lint facts."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from harness.cli.options import PATH, Group, combine_options
from harness.cli.output import echo, echo_json, format_next_steps
from harness.document.format import plain, plural, visible
from harness.errors import ModelError, Problem, UsageError
from harness.records import FactKind, Importance

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.padding import Padding

    from harness.data.articles import Folder
    from harness.data.validation import Issue
    from harness.data.yaml import Key
    from harness.records import Fact, Item
    from harness.suggest import Suggestion
    from harness.suggest.edits import Edit

REFERENCES = Path("references")


def _find_folder(context: click.Context, _argument: click.Parameter, article: str) -> None:
    """Pass the article's folder to the command, as its parameter ``folder``."""
    from harness.data import articles

    context.params["folder"] = articles.find_article(article, context.params.pop("references"))


references_option = click.option(  # eager, because _find_folder reads it
    "--references", type=PATH, default=REFERENCES, show_default=True, is_eager=True,
    help="Folder that holds the articles.",
)  # fmt: skip  # one option
article_options = combine_options(
    click.argument("article", expose_value=False, callback=_find_folder), references_option
)


@click.group(cls=Group)
def facts() -> None:
    """List, suggest, add and lint the facts of an article.

    ARTICLE is the name of a folder in references/, or the path of an article's folder. Its facts are in facts.yaml. To
    change or remove facts, edit this file, or open the article in harness view.
    """


@facts.command("list")
@article_options
@click.option("--json", "as_json", is_flag=True, help="Print JSON, with everything known about each fact.")
def list_(folder: Folder, as_json: bool) -> None:
    """List the facts of ARTICLE."""
    from rich.table import Table
    from rich.text import Text

    from harness.cli.console import Console
    from harness.document.labels import kind as name_kind

    folder.require_article()
    valid = folder.facts.facts
    if as_json:
        echo_json([{**asdict(fact), "line": folder.facts.lines[fact.id]} for fact in valid])
    else:
        table = Table(box=None, pad_edge=False, header_style="bold")
        for heading in ("importance", "kind"):
            table.add_column(heading, no_wrap=True)
        table.add_column("fact", overflow="fold")
        for each in valid:
            statement = Text.assemble(plain(each.statement), "\n", (plain(each.id), "dim"))
            table.add_row(each.importance, name_kind(each), statement)
        Console().print(table)
    folder.facts.require()  # after the list, so that errors in the file do not hide the valid facts
    if not valid and not as_json:
        name = _name_article(folder)
        echo(f"{name} has no facts; add one: harness facts add {name}", err=True)


@facts.command(short_help="Suggest facts, or false versions of one.")
@article_options
@click.argument("fact", required=False)
@click.option(
    "-n", "--limit", type=click.IntRange(1), default=10, show_default=True, metavar="N", help="At most N suggestions."
)
@click.option("--model", metavar="NAME", help="Ask this model of the config (default: use rules, no model).")
@click.option(
    "--config", type=PATH, default="configs/base.yaml", show_default=True,
    help="The config that has the --model and the verifier.",
)  # fmt: skip  # one option
@click.option(
    "--write", is_flag=True, help="Add the suggestions to facts.yaml, unreviewed; review them in harness view."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON, with everything known about each suggestion.")
def suggest(  # noqa: PLR0913  # one parameter per option
    folder: Folder, fact: str | None, limit: int, model: str | None, config: Path, write: bool, as_json: bool
) -> None:
    """Suggest facts that facts.yaml lacks, from ARTICLE and its references, the most important first.

    With a FACT, suggest false versions of that fact instead. harness writes nothing without --write. It drops a model's
    statement unless its evidence is in the article and the config's verifier supports it.
    """
    import numpy as np

    from harness import config as configs
    from harness import suggest as suggesting
    from harness.cli.console import Console
    from harness.records import Item

    if fact is not None and (model or write):
        raise UsageError("leave out FACT, or --model and --write: they do not apply to false versions of a fact")
    item = Item(folder.require_article(), folder.references, folder.facts.require())
    suggested: Sequence[Suggestion | Edit]
    if fact is not None:
        original = folder.facts.fact(fact)
        rng = np.random.default_rng(0)
        suggested = versions = suggesting.suggest_versions(original, item.article, item.facts, rng, limit)
        lines = _render_false_versions(original, versions)
    else:
        if model:
            suggested = statements = _ask_model(model, config, item, limit)
        else:
            suggested = statements = suggesting.suggest_facts(item, configs.load_verifier("lexical").verify, limit)
        lines = _render_suggestions(folder, statements) if statements or not model else iter(())
    if as_json:
        echo_json([asdict(each) for each in suggested])
    else:
        console = Console()
        for line in lines:
            console.print(line)
    if write and (number := suggesting.write_facts(item, statements)):
        written = f"wrote {plural(number, 'suggested fact')} to {folder.facts.file}"
        echo(f"{written}; review them: harness view, then Review", err=True)


def _ask_model(name: str, path: Path, item: Item, limit: int) -> Sequence[Suggestion]:
    """Ask a model for suggestions; print each statement that was dropped, with the reason, to standard error."""
    from harness import config as configs
    from harness.seams import GenerativeModel
    from harness.suggest import ask_model

    if not path.exists():
        raise UsageError(f"--config: {path} does not exist; name the config that has the model {name}")
    config = configs.load(path)
    fault, model = configs.explain_cannot_suggest(config.models, name), config.models.get(name)
    if fault or not isinstance(model, GenerativeModel):
        raise UsageError(f"--model: {fault} (models come from {path}; name another config with --config)")
    (answer,) = ask_model(model, [item], config.verifier.verify, limit, config.seed)
    if answer.reason:
        raise ModelError(f"{name} suggested no facts: {answer.reason}")
    for statement, why in answer.dropped:
        echo(f"dropped: {plain(statement)} ({plain(why)})", err=True)
    if not answer.suggestions:
        echo(f"{name} wrote no statement that harness could keep", err=True)
    return answer.suggestions


def _render_suggestions(folder: Folder, suggestions: Sequence[Suggestion]) -> Iterator[RenderableType]:
    from rich.text import Text

    from harness.text import paragraphs

    text = folder.article.text if folder.article else ""
    if not suggestions:
        yield "Nothing to suggest: the facts already state what the article and its references say."
    for each in suggestions:
        start = each.evidence.start
        number = sum(1 for paragraph in paragraphs(text) if paragraph.start <= start)
        line = folder.first_line + text.count("\n", 0, start)
        yield Text(plain(each.statement), style="bold")
        yield _indent(f"{each.importance} · {each.kind} · {plain(each.reason)}")
        yield _indent(f"evidence, paragraph {number} (article.md:{line}): {visible(each.evidence.text)}", "dim")
        yield from (_indent(f"false: {plain(version)}", "dim") for version in each.contradictions)


def _render_false_versions(fact: Fact, edits: Sequence[Edit]) -> Iterator[RenderableType]:
    """Yield the statement, then each false version with its kind of error."""
    from rich.text import Text

    yield Text(plain(fact.statement), style="bold")
    if not edits:
        yield _indent(
            "Nothing to suggest: the statement is not in English, has nothing to replace, or lists all versions."
        )
    for edit in edits:
        yield _indent(f"{plain(edit.text)} ({edit.kind})")


def _indent(text: str, style: str = "") -> Padding:
    from rich.padding import Padding
    from rich.text import Text

    return Padding(Text(text, style=style), (0, 0, 0, 2))


class OptionPlaces:
    """Names the option of ``harness facts add`` for each problem of a fact."""

    def problem(self, key: Key, message: str) -> Problem:
        return Problem("", None, f"--{str(key[0]).removesuffix('s')}", message)


@facts.command(short_help="Add a fact, from options or by answering questions.")
@article_options
@click.option("--id", metavar="ID", help="Short name, unique in the article (default: made from the statement).")
@click.option("--statement", help="One self-contained sentence.")
@click.option(
    "--importance",
    type=click.Choice(get_args(Importance)),
    help="How much summaries need it (default: supporting).",
)
@click.option("--kind", type=click.Choice(get_args(FactKind)), help="What a summary could get wrong (default: event).")
@click.option("--evidence", help="The passage in the article that states the fact, copied exactly.")
@click.option("--accepted", multiple=True, help="Another wording with the same meaning (repeatable).")
@click.option("--contradiction", "contradictions", multiple=True, help="A plausible false version (repeatable).")
def add(folder: Folder, **options: Any) -> None:
    """Add a fact to ARTICLE. In a terminal, harness asks for the statement, the evidence and other wordings if the
    options leave them out.
    """
    from harness.data.facts import FactEntry, explain_missing_passage
    from harness.data.facts import edit as facts_edit
    from harness.data.facts.wording import find_passage, make_fact_id
    from harness.data.runs import results
    from harness.data.validation import key_error, validate

    article = folder.require_article()
    if sys.stdin.isatty() and sys.stdout.isatty():
        _ask_for_missing(options, folder)
    for key in ("statement", "evidence"):
        if not options[key]:
            raise UsageError(f"--{key} is missing; without a terminal, --statement and --evidence are required")
    values: dict[str, Any] = {
        key: [text.strip() for text in value] if isinstance(value, tuple) else value.strip()
        for key, value in options.items()
        if value
    }
    entry = validate(
        FactEntry, {"id": make_fact_id(values["statement"], folder.facts.places)} | values, (), OptionPlaces()
    )
    if find_passage(values["evidence"], article.text) is None:
        raise key_error(OptionPlaces(), ("evidence",), explain_missing_passage(values["evidence"], article))
    facts_edit.add(folder.facts_path, [entry], article)

    runs = results.find_runs_with(results.list_runs(Path("results")), folder.path)
    rescore, note = ["harness", "run", "configs/base.yaml"], ""
    if runs:
        rescore = ["harness", "score", str(runs[0].path)]
    if len(runs) > 1:
        rescore, note = ["harness", "score", "--stale"], f"    # all {len(runs)} runs that have this article"
    next_steps = format_next_steps(["harness", "facts", "lint", _name_article(folder)], rescore)
    echo(f"added {entry.id} to {folder.facts.file}\n{next_steps}{note}")


def _ask_for_missing(options: dict[str, Any], folder: Folder) -> None:
    from harness.data.facts import explain_missing_passage
    from harness.data.facts.wording import find_passage

    article = folder.require_article()

    def require_in_article(passage: str) -> str:
        if find_passage(passage.strip(), article.text) is None:
            raise click.UsageError(visible(explain_missing_passage(passage.strip(), article)))
        return passage

    def ask_several(question: str) -> tuple[str, ...]:
        return tuple(iter(lambda: click.prompt(f"{question} (empty: no more)", default="", show_default=False), ""))

    options["statement"] = options["statement"] or click.prompt("Statement")
    options["evidence"] = options["evidence"] or click.prompt("Evidence", value_proc=require_in_article)
    options["accepted"] = options["accepted"] or ask_several("Accepted wording")
    options["contradictions"] = options["contradictions"] or ask_several("False version")


@facts.command(short_help="Find weak spots in the facts.")
@click.argument("names", nargs=-1, metavar="[ARTICLE]...")
@references_option
@click.option("--strict", is_flag=True, help="Exit with code 1 on warnings too.")
def lint(names: tuple[str, ...], references: Path, strict: bool) -> None:
    """Find weak spots in the facts of each ARTICLE (default: all). Exit code 1 if there is an error.

    It reports evidence that is not in the article, false versions that the article states, near-duplicates, facts
    with too few wordings or false versions, facts that no reference covers, and paragraphs without a fact.
    """
    from harness import config
    from harness.cli.console import Console, get_exit_code, show_issues
    from harness.data import articles
    from harness.data.lint import lint_facts

    verify = config.load_verifier("lexical").verify
    chosen = [articles.find_article(name, references) for name in names]
    issues: list[Issue] = []
    for folder in chosen or map(articles.read_folder, articles.list_folders(references)):
        found = lint_facts(folder, verify)
        show_issues(found, f"{plain(folder.facts.file)}: {plural(len(folder.facts.facts), 'fact')}", Console())
        issues += found
    sys.exit(get_exit_code(issues, strict))


def _name_article(folder: Folder) -> str:
    """Return the name of an article as the user would type it after ``harness facts add``."""
    return folder.path.name if folder.path.parent == REFERENCES else str(folder.path)
