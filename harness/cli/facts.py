"""``harness facts``: list, suggest, add and lint facts."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from harness.cli.options import PATH, combine_options
from harness.cli.output import echo, format_next_steps, get_exit_code, is_interactive, print_document, show_issues
from harness.document.format import plain, plural, visible, visible_json
from harness.errors import ModelError, Problem, UsageError, hide_keys
from harness.records import FactKind, Importance

if TYPE_CHECKING:
    from harness.data.articles import Folder
    from harness.data.lint import Issue
    from harness.data.yaml import Key
    from harness.document.blocks import Document
    from harness.records import Item
    from harness.suggest import Suggestion

REFERENCES = Path("references")

references_option = click.option(
    "--references", type=PATH, default=REFERENCES, show_default=True, help="Folder that holds the articles."
)
article_options = combine_options(click.argument("name", metavar="ARTICLE"), references_option)


@click.group()
def facts() -> None:
    """List, suggest, add and lint the facts of an article.

    ARTICLE is the name of a folder in references/, or the path of an article's folder. Its facts are in facts.yaml. To
    change or remove facts, edit this file, or open the article in harness view.
    """


@facts.command("list")
@article_options
def list_(name: str, references: Path) -> None:
    """List the facts of ARTICLE."""
    from harness.data.articles import find_article
    from harness.document import blocks
    from harness.document.labels import format_kind

    folder = find_article(name, references)
    article = folder.require_article()
    entries = [
        blocks.Item(each.statement, (f"{each.importance} · {format_kind(each)} · {each.id}",))
        for each in folder.facts.facts
    ]
    if entries:
        print_document(blocks.Document(article.title or article.id, blocks=(blocks.Listing(tuple(entries)),)))
    if not folder.facts.require():  # after the list, so that errors in the file do not hide the valid facts
        next_step = format_next_steps(["harness", "facts", "add", _name_article(folder)])
        echo(f"{name} has no facts\n{next_step}", err=True)


@facts.command(short_help="Suggest facts.")
@article_options
@click.option(
    "-n", "--limit", type=click.IntRange(1), default=10, show_default=True, metavar="N", help="At most N suggestions."
)
@click.option("--model", metavar="NAME", help="Ask this model from the config (default: use rules instead).")
@click.option(
    "--config", type=PATH,
    help="The config with the model and the verifier, for --model (default: configs/base.yaml).",
)  # fmt: skip  # more compact
@click.option("--write", is_flag=True, help="Add them to facts.yaml, unreviewed; review them in harness view.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON with all fields of each suggestion.")
def suggest(  # noqa: PLR0913  # one parameter per option
    name: str, references: Path, limit: int, model: str | None, config: Path | None, write: bool, as_json: bool
) -> None:
    """Suggest facts that facts.yaml lacks, from ARTICLE and its references, most important first.

    harness writes nothing without --write. It drops a model's statement unless the article contains its evidence and
    the config's verifier supports it.
    """
    from harness import config as configs
    from harness import suggest as suggesting
    from harness.data.articles import find_article
    from harness.records import Item

    if config and not model:
        raise UsageError("--config needs --model NAME; drop --config to suggest facts by rules")
    folder = find_article(name, references)
    item = Item(folder.require_article(), folder.references, folder.facts.require())
    if model:
        suggestions = _ask_model(model, config or Path("configs/base.yaml"), item, limit)
    else:
        suggestions = suggesting.suggest_facts(item, configs.load_verifier("lexical").verify, limit)
    if as_json:
        text = json.dumps([asdict(each) for each in suggestions], ensure_ascii=False, indent=2)
        click.echo(hide_keys(visible_json(text)))
    elif suggestions or not model:
        print_document(_list_suggestions(folder, suggestions))
    if write and (number := suggesting.write_facts(item, suggestions)):
        written = f"wrote {plural(number, 'suggested fact')} to {folder.facts.file}"
        echo(f"{written}; review them: harness view, then Review", err=True)


def _ask_model(name: str, path: Path, item: Item, limit: int) -> Sequence[Suggestion]:
    """Ask a model for suggestions; print each statement that was dropped, with the reason, to standard error."""
    from harness import config as configs
    from harness.config.settings import explain_cannot_suggest
    from harness.seams import GenerativeModel
    from harness.suggest import ask_model

    if not path.exists():
        raise UsageError(f"--config: {path} does not exist; name the config that has the model {name}")
    # other models and scorers may lack API keys
    config = configs.load(path, [f"only={json.dumps([name])}", "facts=null", "scorers=[length]"])
    fault, model = explain_cannot_suggest(config.models, name), config.models.get(name)
    if fault or not isinstance(model, GenerativeModel):
        raise UsageError(f"--model: {fault} (models come from {path}; name another config with --config)")
    (answer,) = ask_model(model, [item], config.verifier.verify_all, limit, config.seed)
    if answer.reason:
        raise ModelError(f"{name} suggested no facts: {answer.reason}")
    for statement, why in answer.dropped:
        echo(f"dropped: {plain(statement)} ({plain(why)})", err=True)
    if not answer.suggestions:
        echo(f"{name} wrote no statement that harness could keep", err=True)
    return answer.suggestions


def _list_suggestions(folder: Folder, suggestions: Sequence[Suggestion]) -> Document:
    from harness.document import blocks
    from harness.suggest.facts import explain_nothing
    from harness.text import paragraphs

    article, entries = folder.require_article(), []
    for each in suggestions:
        start = each.evidence.start
        number = sum(1 for paragraph in paragraphs(article.text) if paragraph.start <= start)
        line = folder.first_line + article.text.count("\n", 0, start)
        details = (
            f"{each.importance} · {each.kind} · {each.reason}",
            f"evidence, paragraph {number} (article.md:{line}): {each.evidence.text}",
            *(f"false: {version}" for version in each.contradictions),
        )
        entries.append(blocks.Item((blocks.Piece(each.statement, "strong"),), details))
    none = "" if suggestions else f"Nothing to suggest: {explain_nothing(article)}."
    title = f"Suggested facts for {article.title or article.id}"
    return blocks.Document(title, none, blocks=(blocks.Listing(tuple(entries)),))


class OptionPlaces:
    """Attributes each problem in a fact to the option of ``harness facts add`` that caused it."""

    def problem(self, key: Key, message: str) -> Problem:
        return Problem("", None, f"--{str(key[0]).removesuffix('s')}", message)


@facts.command(short_help="Add a fact, from options or by answering questions.")
@article_options
@click.option("--id", metavar="ID", help="Short name, unique in the article (default: made from the statement).")
@click.option("--statement", help="One self-contained sentence.")
@click.option(
    "--importance", type=click.Choice(get_args(Importance)), help="How important it is (default: supporting)."
)
@click.option("--kind", type=click.Choice(get_args(FactKind)), help="What kind of detail it is (default: event).")
@click.option("--evidence", help="The passage in the article that states the fact, copied exactly.")
@click.option("--accepted", multiple=True, help="Another wording with the same meaning (repeatable).")
@click.option("--contradiction", "contradictions", multiple=True, help="A plausible false version (repeatable).")
def add(name: str, references: Path, **options: Any) -> None:
    """Add a fact to ARTICLE. In a terminal, harness asks for the statement, the evidence, the importance, other
    wordings and false versions if you leave out their options.
    """
    from harness.data.articles import find_article
    from harness.data.facts import FactEntry, explain_missing_passage
    from harness.data.facts import edit as facts_edit
    from harness.data.facts.wording import find_passage, make_fact_id
    from harness.data.validation import key_error, validate

    folder = find_article(name, references)
    article = folder.require_article()
    if is_interactive():
        _ask_for_missing(options, folder)
    for key in ("statement", "evidence"):
        if not options[key]:
            raise UsageError(f"--{key} is missing; without a terminal, --statement and --evidence are required")
    values = {key: list(each) if isinstance(each, tuple) else each.strip() for key, each in options.items() if each}
    made_id = make_fact_id(options["statement"], folder.facts.places)
    entry = validate(FactEntry, {"id": made_id} | values, (), OptionPlaces())
    if find_passage(options["evidence"], article.text) is None:
        raise key_error(OptionPlaces(), ("evidence",), explain_missing_passage(options["evidence"].strip(), article))
    facts_edit.add(folder.facts_path, [entry], article)
    next_steps = format_next_steps(["harness", "facts", "lint", _name_article(folder)], ["harness", "score", "--stale"])
    echo(f"added {entry.id} to {folder.facts.file}\n{next_steps}")


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
    kinds = click.Choice(get_args(Importance))
    options["importance"] = options["importance"] or click.prompt("Importance", default="supporting", type=kinds)
    options["accepted"] = options["accepted"] or ask_several("Accepted wording")
    options["contradictions"] = options["contradictions"] or ask_several("False version")


@facts.command(short_help="Find errors and weak spots in the facts.")
@click.argument("names", nargs=-1, metavar="[ARTICLE]...")
@references_option
@click.option("--strict", is_flag=True, help="Exit with code 1 on warnings too.")
def lint(names: tuple[str, ...], references: Path, strict: bool) -> None:
    """Find errors and weak spots in the facts of each ARTICLE (default: all). Exits with code 1 on errors.

    harness reports evidence and numbers that the article lacks, false versions that it states, near-duplicates, facts
    with too few wordings or false versions, facts that no reference covers, and paragraphs without a fact.
    """
    from harness import config
    from harness.data import articles
    from harness.data.lint import lint_facts

    verify = config.load_verifier("lexical").verify
    chosen = [articles.find_article(name, references) for name in names]
    issues: list[Issue] = []
    for folder in chosen or map(articles.read_folder, articles.list_folders(references)):
        found = lint_facts(folder, verify)
        show_issues(found, f"{plain(folder.facts.file)}: {plural(len(folder.facts.facts), 'fact')}")
        issues += found
    sys.exit(get_exit_code(issues, strict))


def _name_article(folder: Folder) -> str:
    """Return the name of an article as the user would type it after ``harness facts add``."""
    return folder.path.name if folder.path.parent == REFERENCES else str(folder.path)
