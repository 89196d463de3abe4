"""The questions that ``harness facts`` asks, and the options that answer them without a terminal."""

from __future__ import annotations

import os
import sys
from typing import Literal

import click

from harness.cli.facts import IMPORTANCES, KINDS, FactOptions
from harness.cli.output import echo
from harness.data.articles import Folder
from harness.data.facts import FactEntry, evidence, not_in_article, one_word
from harness.data.facts import edit as facts_edit
from harness.data.facts.wording import canonical, fact_id, similar
from harness.data.validation import key_error, validate
from harness.data.yaml import Key
from harness.document.plain import plain, visible
from harness.errors import HarnessError, Problem, UsageError
from harness.records import Article


class OptionPlaces:
    """Command-line options as the places of problems."""

    def problem(self, key: Key, message: str) -> Problem:
        """A problem with an option."""
        return Problem("", None, f"--{str(key[0]).removesuffix('s')}", message)


def ask_for_fact(folder: Folder, options: FactOptions, *, asks: bool) -> FactEntry:
    """The fact that the options of ``add`` describe; what they leave out is asked for, or gets its default.

    UsageError if statement or evidence is missing and nobody can be asked.
    """
    article = folder.require_article()
    statement = _require("statement", options, asks=asks)
    _refuse_duplicate(folder, statement, asks=asks)
    passage = _find_in_article(_require("evidence", options, asks=asks), article, asks=asks)
    values = {
        "id": options["id"] or _ask_name(statement, folder, asks=asks),
        "statement": statement,
        "importance": options["importance"] or _ask_choice("Importance", IMPORTANCES, "supporting", asks=asks),
        "kind": options["kind"] or _ask_choice("Kind", KINDS, "event", asks=asks),
        "evidence": passage,
        "accepted": list(options["accepted"]) or _ask_several("Accepted wording", asks=asks),
        "contradictions": list(options["contradiction"]) or _ask_several("False version", asks=asks),
    }
    return validate(FactEntry, values, (), OptionPlaces())


def read_changes(folder: Folder, options: FactOptions, *, asks: bool) -> dict[str, object]:
    """The options of ``edit`` as new values by key; None removes a key (its option was an empty text)."""
    values: dict[str, object] = {}
    for option, value in options.items():
        key = "contradictions" if option == "contradiction" else option
        if isinstance(value, tuple) and value:
            values[key] = [text.strip() for text in value if text.strip()] or None
        elif isinstance(value, str):
            values[key] = value.strip() or None
    if passage := values.get("evidence"):
        values["evidence"] = _find_in_article(str(passage), folder.require_article(), asks=asks)
    return values


def edit_in_editor(folder: Folder, name: str, *, asks: bool) -> bool:
    """Whether the user changed a fact in the editor. An invalid fact goes back to the editor, or is an error.

    UsageError if there is neither a terminal nor an editor.
    """
    before = facts_edit.source(folder.facts_path, name)
    if not (sys.stdin.isatty() or os.environ.get("VISUAL") or os.environ.get("EDITOR")):
        options = ", ".join(f"--{option}" for option in FactOptions.__annotations__)
        raise UsageError(f"cannot open an editor without a terminal; give one or more of {options}")
    text = before
    while True:
        after = click.edit(text, extension=".yaml")
        if after is None or after == before:
            return False
        try:
            facts_edit.rewrite(folder.facts_path, name, before, after, folder.require_article())
        except HarnessError as error:
            if not asks:
                raise
            echo(f"harness: {error}", err=True)
            click.confirm("Edit it again?", default=True, abort=True, err=True)
            text = after
        else:
            return True


def _require(key: Literal["statement", "evidence"], options: FactOptions, *, asks: bool) -> str:
    if not options[key] and not asks:
        raise UsageError(f"--{key} is missing; without a terminal, --statement and --evidence are required")
    value: str = options[key] or click.prompt(key.capitalize())
    return value.strip()


def _refuse_duplicate(folder: Folder, statement: str, *, asks: bool) -> None:
    """Refuse a statement that a fact already makes; show similar ones and ask."""
    near = similar(statement, folder.facts.facts)
    for fact, _ in near:
        if canonical(fact.statement) == canonical(statement):
            message = f"{fact.id!r} already says this; edit that fact, or state something else"
            raise key_error(OptionPlaces(), ("statement",), message)
        echo(f"similar: {plain(fact.id)}: {plain(fact.statement)}", err=True)
    if near and asks:
        click.confirm("Add it anyway?", default=True, abort=True, err=True)


def _find_in_article(passage: str, article: Article, *, asks: bool) -> str:
    """The passage as the article has it, or the nearest one that the user accepts instead."""
    while evidence.locate(passage, article.text) is None:
        message = not_in_article(passage, article)
        if not asks:
            raise key_error(OptionPlaces(), ("evidence",), message)
        near = evidence.nearest(passage, article.text)
        echo("That is not in the article." if near else message, err=True)
        if near and click.confirm(
            f"The nearest passage is:\n  {visible(near.text)}\nUse this instead?", default=True, err=True
        ):
            return near.text
        passage = click.prompt("Evidence").strip()
    return passage


def _ask_name(statement: str, folder: Folder, *, asks: bool) -> str:
    """An id made from the statement, or the one that the user types instead."""

    def check(answer: str) -> str:
        if answer in folder.facts.places:
            raise click.UsageError(f"{answer!r} already exists")
        try:
            return one_word(answer)
        except ValueError as error:
            raise click.UsageError(str(error)) from None

    suggested = fact_id(statement, folder.facts.places)
    name: str = click.prompt("Name", default=suggested, value_proc=check) if asks else suggested
    return name


def _ask_choice(question: str, choices: click.Choice[str], default: str, *, asks: bool) -> str:
    answer: str = click.prompt(question, type=choices, default=default) if asks else default
    return answer


def _ask_several(question: str, *, asks: bool) -> list[str]:
    answers: list[str] = []
    while asks:
        answer = click.prompt(f"{question} {len(answers) + 1} (empty: no more)", default="", show_default=False).strip()
        if not answer:
            break
        answers.append(answer)
    return answers
